/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The test mail of a round trip (RFC 5322): small, honest about what it is,
 * and bearing a token by which it is found again and deleted.
 */
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "talk/smtp_mail.h"

static void
date(struct talk *t)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	    "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
	    "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct world *w = loop_world(t->loop);
	time_t now = (time_t)(w->ops->wall(w) / NSEC_PER_SEC);
	struct tm tm;
	char *line;

	if (gmtime_r(&now, &tm) == NULL)
		return;
	line = xasprintf("Date: %s, %d %s %d %02d:%02d:%02d +0000",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	dialog_say(t, line);
	free(line);
}

static void
field(struct talk *t, const char *before, const char *value,
    const char *after)
{
	char *line = xasprintf("%s%s%s", before, value, after);

	dialog_say(t, line);
	free(line);
}

void
smtp_mail_say(struct talk *t)
{
	const struct talk_params *p = &t->params;

	date(t);
	field(t, "From: <", p->mail_from, ">");
	field(t, "To: <", p->rcpt, ">");
	field(t, "Message-ID: <", p->token, ".tadoru@invalid>");
	field(t, "Subject: tadoru ", p->token, "");
	field(t, "X-Tadoru-Token: ", p->token, "");
	field(t, "Auto-Submitted: auto-generated", "", "");
	field(t, "MIME-Version: 1.0", "", "");
	field(t, "Content-Type: text/plain; charset=us-ascii", "", "");
	field(t, "", "", "");
	field(t, "tadoru ", p->token, "");
}

void
smtp_mail_fact(struct talk *t, const struct smtp_reply *r)
{
	json_t *fact = json_object();

	json_put_str(fact, "token", t->params.token == NULL ? "" :
	    t->params.token);
	json_put_int(fact, "code", r->code);
	json_put_str(fact, "reply", r->text);
	dialog_fact(t, "sent", fact);
}
