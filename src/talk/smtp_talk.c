/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogue with a mail server: what its replies tell, and which of them
 * leave nothing but to say goodbye.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/smtp.h"
#include "talk/smtp_mail.h"
#include "talk/smtp_track.h"
#include "talk/visit.h"

struct smtp_talk {
	struct visit		 visit;
	struct smtp_reply	 reply;
	enum smtp_verb		 verb;		/* it is the reply to */
	json_t			*caps;
};

static const struct smtp_track *
track(const struct talk *t)
{
	return smtp_track_of(t->track);
}

static const char *
smtp_pending(const struct talk *t)
{
	return smtp_track_verb(track(t)->pending);
}

static unsigned
smtp_methods(const struct talk *t)
{
	return track(t)->methods;
}

static char *
smtp_text(struct talk *t, const struct script_row *r, size_t *shown)
{
	struct visit *v = t->state;
	const struct talk_params *p = &t->params;

	switch (r->say) {
	case SAY_METHOD:
		return xasprintf("%s%s", r->text, auth_word(v->login.method));
	case SAY_ANSWER:
		*shown = 0;
		return login_answer(t, &v->login);
	case SAY_HELO:
		return xasprintf("%s%s", r->text, p->helo);
	case SAY_FROM:
		return xasprintf("%s<%s>", r->text, p->mail_from);
	case SAY_RCPT:
		return xasprintf("%s<%s>", r->text, p->rcpt);
	case SAY_CONTENT:
		smtp_mail_say(t);
		return xstrdup(r->text);
	default:
		return xstrdup(r->text);
	}
}

static void
smtp_ready(struct talk *t)
{
	struct smtp_talk *s = t->state;

	smtp_reply_free(&s->reply);
	smtp_reply_init(&s->reply);
	json_decref(s->caps);
	s->caps = json_array();
}

static void
reply_fact(struct talk *t, const struct smtp_reply *r, int64_t at)
{
	json_t *fact = visit_fact(t);

	json_put_flag(fact, "tls", t->tls);
	json_put_int(fact, "code", r->code);
	json_put_str(fact, "enhanced", r->enhanced);
	json_put_str(fact, "text", r->text);
	json_put_str(fact, "all", buf_str(&r->all));
	json_put_int(fact, "lines", (int64_t)r->lines);
	json_put_num(fact, "ms", dialog_waited(t, at));
	dialog_fact(t, "reply", fact);
}

static void
login_told(struct talk *t, struct smtp_talk *s)
{
	const struct smtp_reply *r = &s->reply;
	char *code = xasprintf("%d%s%s", r->code, *r->enhanced == '\0' ? "" :
	    " ", r->enhanced);

	login_fact(t, &s->visit.login, r->code < 400, code, r->text);
	free(code);
}

/* Nothing but goodbye is left to say. */
static bool
hopeless(const struct talk *t, enum smtp_verb verb, int code)
{
	return (code >= 400 && (verb == SMTP_BANNER || verb == SMTP_HELO ||
	    verb == SMTP_STARTTLS)) || (verb == SMTP_EHLO && code >= 400 &&
	    (code < 500 || t->tls));
}

static void
smtp_reply(struct talk *t, int64_t at)
{
	struct smtp_talk *s = t->state;
	struct script_run *run = &s->visit.run;
	int code = s->reply.code;

	reply_fact(t, &s->reply, at);
	if (s->verb == SMTP_AUTH && code != 334)
		login_told(t, s);
	if (s->verb == SMTP_END)
		smtp_mail_fact(t, &s->reply);
	if (s->verb == SMTP_EHLO && code < 400) {
		visit_caps_fact(t, s->caps);
		s->caps = NULL;
	}
	run->refused = s->verb == SMTP_EHLO && code >= 500;
	run->stop = run->stop || hopeless(t, s->verb, code);
	if (s->verb == SMTP_QUIT)
		dialog_over(t, "ok");
	else if (code == 421)
		dialog_over(t, "closed");
	else if (track(t)->state == SMTP_TLS)
		dialog_start_tls(t);
	else
		visit_go_on(t);
}

static void
smtp_bad(const struct talk *t, struct visit_bad *bad)
{
	const struct smtp_reply *r = &((struct smtp_talk *)t->state)->reply;

	*bad = (struct visit_bad){ r->bad, r->limited, r->bytes, r->lines };
}

/* 421 may come at any time (RFC 5321 3.8). */
static bool
smtp_bye(struct talk *t, const struct conn_event *ev)
{
	struct smtp_talk *s = t->state;

	if (ev->len < 3 || memcmp(ev->data, "421", 3) != 0)
		return false;
	smtp_ready(t);
	smtp_reply_parse(&s->reply, ev->data, ev->len);
	reply_fact(t, &s->reply, ev->at);
	dialog_over(t, "closed");
	return true;
}

static void
take_cap(struct smtp_talk *s, const struct conn_event *ev)
{
	const char *line = (const char *)ev->data;

	char *cap;

	if (s->verb != SMTP_EHLO || s->reply.lines < 2 ||
	    s->reply.code >= 400 || ev->len <= 4)
		return;
	cap = text_escaped(line + 4, ev->len - 4);
	json_array_append_new(s->caps, json_string(cap));
	free(cap);
}

static int
smtp_line(struct talk *t, const struct conn_event *ev,
    const struct conn_event *raw)
{
	struct smtp_talk *s = t->state;
	int rc;

	s->verb = track(t)->pending;
	if (s->verb == SMTP_AUTH && raw->len > 4 &&
	    memcmp(raw->data, "334 ", 4) == 0)
		login_challenge(&s->visit.login, raw->data + 4, raw->len - 4);
	if (ev->full > ev->len)
		s->reply.bytes += ev->full - ev->len;
	rc = smtp_reply_parse(&s->reply, ev->data, ev->len);
	if (rc >= 0)
		take_cap(s, ev);
	return rc;
}

/* A mail that goes to somebody nobody consented to. */
static const char *
smtp_hinders(const struct talk *t)
{
	return t->params.token == NULL || t->params.rcpt == NULL ||
	    smtp_track_only(track(t), t->params.rcpt) ? NULL : "recipient";
}

static void
smtp_free(struct talk *t)
{
	struct smtp_talk *s = t->state;

	smtp_reply_free(&s->reply);
	login_clear(&s->visit.login);
	json_decref(s->caps);
	free(s);
}

/* Never before the banner: that is a trap. */
static const struct visit_ops visit_ops = {
	.script = &smtp_script,
	.pending = smtp_pending,
	.methods = smtp_methods,
	.text = smtp_text,
	.ready = smtp_ready,
	.line = smtp_line,
	.bad = smtp_bad,
	.reply = smtp_reply,
	.bye = smtp_bye,
	.hinders = smtp_hinders,
	.mute = SMTP_CONNECTED | SMTP_GONE | SMTP_TLS | SMTP_CONTENT |
	    SMTP_SECRET,
};

static const struct dialog_ops smtp_ops = {
	VISIT_OPS,
	.quit = visit_quit,
	.free = smtp_free,
	.proto = TRACK_SMTP,
};

struct talk *
smtp_start(const struct talk_params *params, const struct talk_hooks *hooks)
{
	struct smtp_talk *s = xcalloc(1, sizeof(*s));

	s->visit.ops = &visit_ops;
	smtp_reply_init(&s->reply);
	return dialog_new(params, hooks, &smtp_ops, s);
}
