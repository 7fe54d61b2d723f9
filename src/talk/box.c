/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The course of a dialogue with a mailbox server: lines are told and given to
 * the protocol, silence and ends are told, the login's part common to both.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/box.h"

static void
choose(struct talk *t, struct box *b)
{
	login_choose(t, &b->login, b->ops->methods(t));
	b->run.method = b->login.method;
	b->run.stop = b->login.refused;
	b->run.in = b->login.in;
}

/* The next line, to be edited: nothing of it is a secret. */
char *
box_peek(struct talk *t, bool spent)
{
	struct box *b = t->state;
	const struct script_row *r;
	struct script_run peek;
	size_t shown = SIZE_MAX;
	char *line;

	choose(t, b);
	peek = b->run;
	r = script_next(b->ops->script, &peek, t->track, &t->params);
	if (r == NULL || r->again)
		return NULL;
	line = b->ops->text(t, r, &shown);
	if (shown != SIZE_MAX) {
		auth_free(line);
		return NULL;
	}
	if (spent)
		b->run = peek;
	return line;
}

static void
say(struct talk *t, struct box *b, const struct script_row *r)
{
	size_t shown = SIZE_MAX;
	char *line = b->ops->text(t, r, &shown);

	b->leaving = r->last;
	if (shown == SIZE_MAX)
		dialog_say(t, line);
	else
		dialog_say_secret(t, line, shown);
	auth_free(line);
	b->ops->ready(t);
}

static void
speak(struct talk *t, struct box *b)
{
	const struct script_row *r;

	if (dialog_hold(t))
		return;
	choose(t, b);
	r = script_next(b->ops->script, &b->run, t->track, &t->params);
	if (r == NULL) {
		dialog_over(t, "ok");
		return;
	}
	if (r->last)
		login_left(t, &b->login, b->ops->methods(t));
	say(t, b, r);
	dialog_await(t, b->leaving ? t->params.timeouts->quit :
	    t->params.timeouts->reply);
}

void
box_go_on(struct talk *t)
{
	if (t->main != NULL && conn_buffered(t->main->conn) == 0)
		speak(t, t->state);
}

const char *
box_resume(struct talk *t)
{
	dialog_released(t);
	box_go_on(t);
	return NULL;
}

void
box_begin(struct talk *t)
{
	struct box *b = t->state;

	b->leaving = false;
	memset(&b->run, 0, sizeof(b->run));
	login_clear(&b->login);
	b->ops->ready(t);
	if (t->params.tls == TALK_IMPLICIT)
		dialog_tls(t);
	else
		dialog_await(t, t->params.timeouts->banner);
}

static json_t *
verb_fact(const struct talk *t)
{
	const struct box *b = t->state;
	json_t *fact = json_object();

	json_put_str(fact, "verb", b->verb);
	return fact;
}

void
box_reply_fact(struct talk *t, const char *how, const char *code,
    const char *text, size_t lines, int64_t at)
{
	json_t *fact = verb_fact(t);

	json_put_flag(fact, "tls", t->tls);
	json_put_str(fact, "status", how);
	json_put_str(fact, "code", code);
	json_put_str(fact, "text", text == NULL ? "" : text);
	json_put_int(fact, "lines", (int64_t)lines);
	json_put_num(fact, "ms", dialog_waited(t, at));
	dialog_fact(t, "reply", fact);
}

void
box_caps_fact(struct talk *t, json_t *list)
{
	json_t *fact = json_object();

	json_put_flag(fact, "tls", t->tls);
	json_put(fact, "list", list);
	dialog_fact(t, "caps", fact);
}

void
box_bye(struct talk *t, const char *text, const char *code)
{
	json_t *fact = json_object();

	json_put_str(fact, "text", text == NULL ? "" : text);
	json_put_str(fact, "code", code);
	dialog_fact(t, "bye", fact);
	dialog_over(t, "closed");
}

static void
garbled(struct talk *t, const char *why)
{
	json_t *fact = verb_fact(t);

	json_put_str(fact, "why", why);
	dialog_fact(t, "garbled", fact);
}

/* True if it is not the protocol, rather than too much of it. */
static bool
bad_reply(struct talk *t, struct box *b, bool ended)
{
	struct box_bad bad;

	b->ops->bad(t, &bad);
	if (!bad.limited)
		garbled(t, bad.why);
	else if (!ended && bad.bytes > LIMIT_REPLY_BYTES)
		dialog_limit(t, "reply", bad.bytes);
	else if (!ended)
		dialog_limit(t, "lines", bad.lines);
	return !bad.limited;
}

/* A line nobody asked for: shown, told once, and let pass. */
static void
on_unasked(struct talk *t, struct box *b, const struct conn_event *ev)
{
	dialog_line(t, TALK_UNEXPECTED, ev->data, ev->len, ev->full, ev->at);
	if (b->ops->bye != NULL && track_gone(t->track)) {
		b->ops->bye(t, ev);
		return;
	}
	if (!b->unasked)
		garbled(t, "unasked");
	b->unasked = true;
	box_go_on(t);
}

/* A line of the reply awaited. */
static void
on_asked(struct talk *t, struct box *b, const struct conn_event *ev,
    const struct conn_event *raw)
{
	int rc = b->ops->line(t, ev, raw);

	dialog_line(t, rc < 0 ? TALK_UNEXPECTED : TALK_RECEIVED, ev->data,
	    ev->len, ev->full, ev->at);
	if (ev->full > ev->len && rc >= 0)
		dialog_limit(t, "line", ev->full);
	if (t->phase == DIALOG_CANCEL) {
		if (rc != 0)
			dialog_over(t, "interrupted");
	} else if (rc < 0) {
		bad_reply(t, b, false);
		dialog_over(t, "garbled");
	} else if (rc > 0)
		b->ops->reply(t, ev->at);
}

static void
on_line(struct talk *t, struct box *b, const struct conn_event *raw)
{
	struct conn_event copy;
	const struct conn_event *ev;
	char *held;

	ev = dialog_scrub(t, raw, &copy, &held);
	b->verb = b->ops->pending(t);
	if (*b->verb == '\0')
		on_unasked(t, b, ev);
	else
		on_asked(t, b, ev, raw);
	free(held);
}

/* The beginning of a line that never ended: true if it is not the protocol. */
static bool
leftover(struct talk *t, struct box *b, const struct conn_event *raw)
{
	struct conn_event copy;
	const struct conn_event *ev;
	char *held;
	bool bad;

	b->verb = b->ops->pending(t);
	if (raw->len == 0)
		return false;
	ev = dialog_scrub(t, raw, &copy, &held);
	bad = *b->verb != '\0' && b->ops->line(t, ev, ev) < 0;
	dialog_line(t, TALK_UNEXPECTED, ev->data, ev->len, ev->full, ev->at);
	bad = bad && bad_reply(t, b, true);
	free(held);
	return bad;
}

static void
on_closed(struct talk *t, struct box *b, const struct conn_event *ev)
{
	bool bad = leftover(t, b, ev);

	dialog_info(t, dialog_attempt(t), TALK_INFO, "closed", NULL);
	if (b->leaving || bad) {
		dialog_over(t, bad ? "garbled" : "ok");
		return;
	}
	dialog_fact(t, "closed", verb_fact(t));
	dialog_over(t, ev->error.cause == NET_OK ? "closed" :
	    net_cause_word(ev->error.cause));
}

static void
on_silent(struct talk *t, struct box *b, const struct conn_event *ev)
{
	bool bad = leftover(t, b, ev);
	json_t *fact;

	dialog_failure(t, dialog_attempt(t), ev, ev->at - t->asked);
	if (b->leaving || bad) {
		dialog_over(t, bad ? "garbled" : "ok");
		return;
	}
	fact = verb_fact(t);
	json_put_num(fact, "ms", dialog_waited(t, ev->at));
	dialog_fact(t, "silent", fact);
	dialog_over(t, net_cause_word(ev->error.cause));
}

static void
on_tls(struct talk *t, struct box *b)
{
	b->ops->ready(t);
	if (t->lax)
		dialog_over(t, "ok");
	else if (t->params.tls == TALK_IMPLICIT)
		dialog_await(t, t->params.timeouts->banner);
	else
		speak(t, b);
}

void
box_event(struct talk *t, const struct conn_event *ev)
{
	struct box *b = t->state;

	switch (ev->ev) {
	case CONN_TLS:
		on_tls(t, b);
		break;
	case CONN_LINE:
	case CONN_DATA:
		on_line(t, b, ev);
		break;
	case CONN_TIMEOUT:
		on_silent(t, b, ev);
		break;
	case CONN_CLOSED:
	case CONN_ERROR:
		on_closed(t, b, ev);
		break;
	default:
		break;
	}
}

bool
box_quit(struct talk *t, unsigned mute)
{
	struct box *b = t->state;
	char *line = NULL;

	if ((track_at(t->track) & mute) != 0 || (!b->leaving &&
	    (line = track_goodbye(t->track)) == NULL))
		return false;
	if (line != NULL)
		dialog_say(t, line);
	free(line);
	b->leaving = true;
	conn_deadline(t->main->conn, 0);
	return true;
}

bool
box_last(const struct talk *t)
{
	const struct box *b = t->state;

	return b->leaving;
}

void
box_clear(struct box *b)
{
	login_clear(&b->login);
	json_decref(b->header.route);
}
