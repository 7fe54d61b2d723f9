/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogue with a mail server: replies are read, told as facts, given to
 * the tracker, and the script says what comes next.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/login.h"
#include "talk/smtp.h"
#include "talk/smtp_mail.h"
#include "talk/smtp_script.h"

struct smtp_talk {
	struct smtp_track	 track;
	struct smtp_reply	 reply;
	json_t			*caps;
	struct smtp_script	 script;
	struct login		 login;
	bool			 unasked;	/* told once */
};

static void
await(struct talk *t, struct smtp_talk *s, int64_t limit)
{
	smtp_reply_free(&s->reply);
	smtp_reply_init(&s->reply);
	dialog_await(t, limit);
}

/* The row's line goes out: what answers a challenge unseen. */
static void
say(struct talk *t, struct smtp_talk *s, const struct smtp_row *r)
{
	bool secret = s->track.state == SMTP_SECRET;
	char *line = secret ? login_answer(t, &s->login) :
	    smtp_script_line(&s->script, r, &t->params);

	if (s->track.state == SMTP_CONTENT)
		smtp_mail_say(t);
	smtp_track_sent(&s->track, line, strlen(line));
	if (s->track.pending == SMTP_EHLO) {
		json_decref(s->caps);
		s->caps = json_array();
	}
	if (secret)
		dialog_say_secret(t, line, 0);
	else
		dialog_say(t, line);
	auth_free(line);
}

static void
choose(struct talk *t, struct smtp_talk *s)
{
	login_choose(t, &s->login, s->track.methods);
	s->script.method = s->login.method;
	s->script.in = s->login.in;
	s->script.stop = s->script.stop || s->login.refused;
}

static void
speak(struct talk *t, struct smtp_talk *s)
{
	const struct smtp_row *r;

	if (dialog_hold(t))
		return;
	choose(t, s);
	r = smtp_script_next(&s->script, &s->track, &t->params);
	if (r == NULL) {
		dialog_over(t, "ok");
		return;
	}
	if (r->last)
		login_left(t, &s->login, s->track.methods);
	say(t, s, r);
	await(t, s, r->last ? t->params.timeouts->quit :
	    t->params.timeouts->reply);
}

static void
smtp_begin(struct talk *t)
{
	struct smtp_talk *s = t->state;

	smtp_track_init(&s->track);
	memset(&s->script, 0, sizeof(s->script));
	login_clear(&s->login);
	if (t->params.tls == TALK_IMPLICIT)
		dialog_tls(t);
	else
		await(t, s, t->params.timeouts->banner);
}

static json_t *
verb_fact(const struct smtp_talk *s)
{
	json_t *fact = json_object();

	json_put_str(fact, "verb", smtp_track_verb(s->track.pending));
	return fact;
}

static void
reply_fact(struct talk *t, struct smtp_talk *s, int64_t at)
{
	const struct smtp_reply *r = &s->reply;
	json_t *fact = verb_fact(s);

	json_put_flag(fact, "tls", s->track.tls);
	json_put_int(fact, "code", r->code);
	json_put_str(fact, "enhanced", r->enhanced);
	json_put_str(fact, "text", r->text);
	json_put_str(fact, "all", buf_str(&r->all));
	json_put_int(fact, "lines", (int64_t)r->lines);
	json_put_num(fact, "ms", dialog_waited(t, at));
	dialog_fact(t, "reply", fact);
}

static void
caps_fact(struct talk *t, struct smtp_talk *s)
{
	json_t *fact = json_object();

	json_put_flag(fact, "tls", s->track.tls);
	json_put(fact, "list", s->caps);
	s->caps = NULL;
	dialog_fact(t, "caps", fact);
}

/* The next line of ours, unless the peer has more to say already. */
static void
go_on(struct talk *t, struct smtp_talk *s)
{
	if (conn_buffered(t->main->conn) == 0)
		speak(t, s);
}

static void
login_told(struct talk *t, struct smtp_talk *s)
{
	const struct smtp_reply *r = &s->reply;
	char *code = xasprintf("%d%s%s", r->code, *r->enhanced == '\0' ? "" :
	    " ", r->enhanced);

	login_fact(t, &s->login, r->code < 400, code, r->text);
	free(code);
}

static void
on_reply(struct talk *t, struct smtp_talk *s, int64_t at)
{
	enum smtp_verb verb = s->track.pending;
	int code = s->reply.code;

	reply_fact(t, s, at);
	smtp_track_reply(&s->track, code);
	if (verb == SMTP_AUTH && code != 334)
		login_told(t, s);
	if (verb == SMTP_END)
		smtp_mail_fact(t, &s->reply);
	if (verb == SMTP_EHLO && code < 400)
		caps_fact(t, s);
	s->script.refused = verb == SMTP_EHLO && code >= 500;
	if ((code >= 400 && (verb == SMTP_BANNER || verb == SMTP_HELO ||
	    verb == SMTP_STARTTLS || (verb == SMTP_EHLO && code < 500))) ||
	    (s->track.tls && s->script.refused))
		s->script.stop = true;
	if (verb == SMTP_QUIT)
		dialog_over(t, "ok");
	else if (code == 421)
		dialog_over(t, "closed");
	else if (s->track.state == SMTP_TLS)
		dialog_start_tls(t);
	else
		go_on(t, s);
}

static void
garbled(struct talk *t, struct smtp_talk *s, const char *why)
{
	json_t *fact = verb_fact(s);

	json_put_str(fact, "why", why);
	dialog_fact(t, "garbled", fact);
}

static void
on_bad(struct talk *t, struct smtp_talk *s)
{
	const struct smtp_reply *r = &s->reply;

	if (!r->limited) {
		garbled(t, s, r->bad);
		dialog_over(t, "garbled");
		return;
	}
	if (r->bytes > LIMIT_REPLY_BYTES)
		dialog_limit(t, "reply", r->bytes);
	else
		dialog_limit(t, "lines", r->lines);
	dialog_over(t, "garbled");
}

/* A line nobody asked for: shown, told once, and let pass; 421 ends. */
static void
on_unasked(struct talk *t, struct smtp_talk *s, const struct conn_event *ev)
{
	dialog_line(t, TALK_UNEXPECTED, ev->data, ev->len, ev->full, ev->at);
	if (ev->len >= 3 && memcmp(ev->data, "421", 3) == 0) {
		smtp_reply_free(&s->reply);
		smtp_reply_init(&s->reply);
		smtp_reply_parse(&s->reply, ev->data, ev->len);
		reply_fact(t, s, ev->at);
		dialog_over(t, "closed");
		return;
	}
	if (!s->unasked)
		garbled(t, s, "unasked");
	s->unasked = true;
	if (!dialog_unasked(t, ev))
		go_on(t, s);
}

static void
take_cap(struct smtp_talk *s, const struct conn_event *ev)
{
	const char *line = (const char *)ev->data;

	if (s->track.pending != SMTP_EHLO || s->reply.lines < 2 ||
	    s->reply.code >= 400 || ev->len <= 4)
		return;
	smtp_track_cap(&s->track, line + 4, ev->len - 4);
	if (s->caps != NULL) {
		char *cap = text_escaped(line + 4, ev->len - 4);

		json_array_append_new(s->caps, json_string(cap));
		free(cap);
	}
}

static void
take_line(struct talk *t, struct smtp_talk *s, const struct conn_event *ev)
{
	int rc;

	if (s->track.pending == SMTP_NOTHING) {
		on_unasked(t, s, ev);
		return;
	}
	if (ev->full > ev->len) {
		s->reply.bytes += ev->full - ev->len;
		if (s->reply.bytes + ev->len <= LIMIT_REPLY_BYTES)
			dialog_limit(t, "line", ev->full);
	}
	rc = smtp_reply_parse(&s->reply, ev->data, ev->len);
	dialog_line(t, rc < 0 ? TALK_UNEXPECTED : TALK_RECEIVED, ev->data,
	    ev->len, ev->full, ev->at);
	if (rc >= 0)
		take_cap(s, ev);
	if (t->phase == DIALOG_CANCEL) {
		if (rc > 0 && s->reply.code != 221)
			await(t, s, 0);
		else if (rc != 0)
			dialog_over(t, "interrupted");
		return;
	}
	if (rc < 0)
		on_bad(t, s);
	else if (rc > 0)
		on_reply(t, s, ev->at);
}

static void
on_line(struct talk *t, struct smtp_talk *s, const struct conn_event *raw)
{
	struct conn_event copy;
	char *held;

	if (s->track.pending == SMTP_AUTH && raw->len > 4 &&
	    memcmp(raw->data, "334 ", 4) == 0)
		login_challenge(&s->login, raw->data + 4, raw->len - 4);
	take_line(t, s, dialog_scrub(t, raw, &copy, &held));
	free(held);
}

/* The beginning of a line that never ended: true if it is no SMTP. */
static bool
leftover_of(struct talk *t, struct smtp_talk *s, const struct conn_event *ev)
{
	size_t n = ev->len;

	if (n == 0)
		return false;
	dialog_line(t, TALK_UNEXPECTED, ev->data, n, ev->full, ev->at);
	if (s->track.pending == SMTP_NOTHING ||
	    smtp_reply_parse(&s->reply, ev->data, n) >= 0 || s->reply.limited)
		return false;
	garbled(t, s, s->reply.bad);
	return true;
}

static bool
leftover(struct talk *t, struct smtp_talk *s, const struct conn_event *raw)
{
	struct conn_event copy;
	char *held;
	bool bad = leftover_of(t, s, dialog_scrub(t, raw, &copy, &held));

	free(held);
	return bad;
}

static void
on_closed(struct talk *t, struct smtp_talk *s, const struct conn_event *ev)
{
	bool bad = leftover(t, s, ev);

	dialog_info(t, dialog_attempt(t), TALK_INFO, "closed", NULL);
	if (s->track.pending == SMTP_QUIT || bad) {
		dialog_over(t, bad ? "garbled" : "ok");
		return;
	}
	dialog_fact(t, "closed", verb_fact(s));
	dialog_over(t, ev->error.cause == NET_OK ? "closed" :
	    net_cause_word(ev->error.cause));
}

static void
on_silent(struct talk *t, struct smtp_talk *s, const struct conn_event *ev)
{
	bool bad = leftover(t, s, ev);
	json_t *fact;

	dialog_failure(t, dialog_attempt(t), ev, ev->at - t->asked);
	if (s->track.pending == SMTP_QUIT || bad) {
		dialog_over(t, bad ? "garbled" : "ok");
		return;
	}
	fact = verb_fact(s);
	json_put_num(fact, "ms", dialog_waited(t, ev->at));
	dialog_fact(t, "silent", fact);
	dialog_over(t, net_cause_word(ev->error.cause));
}

static void
on_tls(struct talk *t, struct smtp_talk *s)
{
	smtp_track_tls(&s->track);
	if (t->params.tls == TALK_IMPLICIT && !t->lax) {
		await(t, s, t->params.timeouts->banner);
		return;
	}
	s->script.stop = t->lax;
	if (t->params.tls == TALK_IMPLICIT)
		dialog_over(t, "ok");
	else
		speak(t, s);
}

static void
smtp_event(struct talk *t, const struct conn_event *ev)
{
	struct smtp_talk *s = t->state;

	switch (ev->ev) {
	case CONN_TLS:
		on_tls(t, s);
		break;
	case CONN_LINE:
	case CONN_DATA:
		on_line(t, s, ev);
		break;
	case CONN_TIMEOUT:
		on_silent(t, s, ev);
		break;
	case CONN_CLOSED:
	case CONN_ERROR:
		on_closed(t, s, ev);
		break;
	default:
		break;
	}
}

/* Never before the banner (a pregreet trap), never twice. */
static bool
smtp_quit(struct talk *t)
{
	struct smtp_talk *s = t->state;

	if (s->track.state == SMTP_CONNECTED || s->track.state == SMTP_GONE ||
	    s->track.state == SMTP_TLS || s->track.state == SMTP_CONTENT ||
	    s->track.state == SMTP_SECRET)
		return false;
	if (s->track.pending != SMTP_QUIT)
		dialog_say(t, "QUIT");
	conn_deadline(t->main->conn, 0);
	return true;
}

static const char *
smtp_resume(struct talk *t)
{
	struct smtp_talk *s = t->state;
	const struct smtp_track *k = smtp_track_of(t->track);
	struct smtp_script peek = s->script;

	if (smtp_script_next(&peek, k, &t->params) == NULL)
		return "state";
	s->track = *k;
	dialog_released(t);
	speak(t, s);
	return NULL;
}

static char *
smtp_next(struct talk *t, bool spent)
{
	struct smtp_talk *s = t->state;
	struct smtp_script peek;
	const struct smtp_row *r;

	choose(t, s);
	peek = s->script;
	r = smtp_script_next(&peek, &s->track, &t->params);
	if (r == NULL || r->again || s->track.state == SMTP_CONTENT)
		return NULL;
	if (spent)
		s->script = peek;
	return smtp_script_line(&s->script, r, &t->params);
}

static bool
smtp_last(const struct talk *t)
{
	const struct smtp_talk *s = t->state;

	return s->track.pending == SMTP_QUIT;
}

static void
smtp_free(struct talk *t)
{
	struct smtp_talk *s = t->state;

	smtp_reply_free(&s->reply);
	login_clear(&s->login);
	json_decref(s->caps);
	free(s);
}

static const struct dialog_ops smtp_ops = {
	.begin = smtp_begin,
	.event = smtp_event,
	.quit = smtp_quit,
	.free = smtp_free,
	.resume = smtp_resume,
	.next = smtp_next,
	.last = smtp_last,
	.proto = TRACK_SMTP,
	.lax_gap = NSEC_PER_SEC,
};

struct talk *
smtp_start(const struct talk_params *params, const struct talk_hooks *hooks)
{
	struct smtp_talk *s = xcalloc(1, sizeof(*s));

	smtp_reply_init(&s->reply);
	return dialog_new(params, hooks, &smtp_ops, s);
}
