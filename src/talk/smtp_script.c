/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The script of a visit to a mail server that leaves nothing behind. Rows are
 * chosen by the tracker's state, so the same table goes on after anybody else
 * has spoken. Content goes out by consent only: params.token.
 */
#include <string.h>

#include "base/xalloc.h"
#include "talk/smtp_script.h"

/* What a row waits for, beside the state. */
enum { IF_ALWAYS, IF_REFUSED, IF_OFFERED, IF_RCPT, IF_TLS, IF_LOGIN,
	IF_CONTENT };

static const struct smtp_row script[] = {
	{ SMTP_GREETED, IF_ALWAYS, "EHLO ",
	    offsetof(struct talk_params, helo), "", false, false },
	{ SMTP_GREETED, IF_REFUSED, "HELO ",
	    offsetof(struct talk_params, helo), "", false, false },
	{ SMTP_READY, IF_OFFERED, "STARTTLS", 0, "", false, false },
	{ SMTP_GREETED, IF_TLS, "EHLO ",
	    offsetof(struct talk_params, helo), "", false, false },
	{ SMTP_READY, IF_LOGIN, "AUTH ", 0, "", false, false },
	{ SMTP_SECRET, IF_ALWAYS, "", 0, "", false, true },
	{ SMTP_READY, IF_RCPT, "MAIL FROM:<",
	    offsetof(struct talk_params, mail_from), ">", false, false },
	{ SMTP_MAIL, IF_RCPT, "RCPT TO:<",
	    offsetof(struct talk_params, rcpt), ">", false, false },
	{ SMTP_RCPT, IF_CONTENT, "DATA", 0, "", false, false },
	{ SMTP_CONTENT, IF_ALWAYS, ".", 0, "", false, false },
	{ SMTP_MAIL | SMTP_RCPT, IF_ALWAYS, "RSET", 0, "", false, false },
	{ ~(unsigned)(SMTP_GONE | SMTP_TLS | SMTP_CONTENT | SMTP_SECRET),
	    IF_ALWAYS, "QUIT", 0, "", true, false },
};
#define NROWS (sizeof(script) / sizeof(script[0]))

static bool
holds(const struct smtp_script *s, const struct smtp_track *k,
    const struct talk_params *p, int cond)
{
	switch (cond) {
	case IF_REFUSED:
		return s->refused;
	case IF_OFFERED:
		return p->tls == TALK_STARTTLS && k->starttls && !k->tls;
	case IF_RCPT:
		return p->mail_from != NULL && p->rcpt != NULL &&
		    (p->password == NULL || s->in);
	case IF_LOGIN:
		return s->method != 0;
	case IF_CONTENT:
		return p->token != NULL;
	case IF_TLS:
		return k->tls && p->tls == TALK_STARTTLS;
	default:
		return true;
	}
}

const struct smtp_row *
smtp_script_next(struct smtp_script *s, const struct smtp_track *k,
    const struct talk_params *p)
{
	for (size_t i = 0; i < NROWS; i++) {
		const struct smtp_row *r = &script[i];

		if (((s->rows & 1u << i) != 0 && !r->again) ||
		    (s->stop && !r->last) ||
		    (r->need & k->state) == 0 || !holds(s, k, p, r->cond))
			continue;
		s->rows |= 1u << i;
		return r;
	}
	return NULL;
}

char *
smtp_script_line(const struct smtp_script *s, const struct smtp_row *r,
    const struct talk_params *p)
{
	const char *arg = NULL;

	if (r->need == SMTP_READY && strcmp(r->text, "AUTH ") == 0)
		return xasprintf("%s%s", r->text, auth_word(s->method));
	if (r->arg != 0)
		memcpy(&arg, (const char *)p + r->arg, sizeof(arg));
	return xasprintf("%s%s%s", r->text, arg == NULL ? "" : arg, r->close);
}
