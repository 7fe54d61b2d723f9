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
speak(struct talk *t, struct box *b)
{
	size_t shown = SIZE_MAX;
	char *line;

	if (dialog_hold(t))
		return;
	line = b->ops->next(t, &shown);
	if (line == NULL) {
		dialog_over(t, "ok");
		return;
	}
	if (shown == SIZE_MAX)
		dialog_say(t, line);
	else
		dialog_say_secret(t, line, shown);
	auth_free(line);
	dialog_await(t, b->leaving ? t->params.timeouts->quit :
	    t->params.timeouts->reply);
}

void
box_go_on(struct talk *t)
{
	if (t->main != NULL && conn_buffered(t->main->conn) == 0)
		speak(t, t->state);
}

void
box_begin(struct talk *t)
{
	struct box *b = t->state;

	b->leaving = false;
	login_clear(&b->login);
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

	json_put_str(fact, "verb", b->ops->pending(t));
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

static void
garbled(struct talk *t, const char *why)
{
	json_t *fact = verb_fact(t);

	json_put_str(fact, "why", why);
	dialog_fact(t, "garbled", fact);
}

static void
on_bad(struct talk *t, struct box *b)
{
	const char *limit = "", *why;
	size_t at = 0;

	why = b->ops->bad(t, &limit, &at);
	if (*limit != '\0')
		dialog_limit(t, limit, at);
	else
		garbled(t, why);
	dialog_over(t, "garbled");
}

/* A line nobody asked for: shown, told once, and let pass. */
static void
on_unasked(struct talk *t, struct box *b, const struct conn_event *ev)
{
	dialog_line(t, TALK_UNEXPECTED, ev->data, ev->len, ev->full, ev->at);
	if (!b->unasked)
		garbled(t, "unasked");
	b->unasked = true;
	if (!dialog_unasked(t, ev))
		box_go_on(t);
}

static void
on_line(struct talk *t, struct box *b, const struct conn_event *raw)
{
	struct conn_event copy;
	const struct conn_event *ev;
	char *held;
	int rc;

	ev = dialog_scrub(t, raw, &copy, &held);
	if (*b->ops->pending(t) == '\0') {
		on_unasked(t, b, ev);
		free(held);
		return;
	}
	rc = b->ops->line(t, ev, raw);
	dialog_line(t, rc < 0 ? TALK_UNEXPECTED : TALK_RECEIVED, ev->data,
	    ev->len, ev->full, ev->at);
	if (ev->full > ev->len && rc >= 0)
		dialog_limit(t, "line", ev->full);
	if (t->phase == DIALOG_CANCEL) {
		if (rc != 0)
			dialog_over(t, "interrupted");
	} else if (rc < 0)
		on_bad(t, b);
	else if (rc > 0)
		b->ops->reply(t, ev->at);
	free(held);
}

/* The beginning of a line that never ended: true if it is not the protocol. */
static bool
leftover(struct talk *t, struct box *b, const struct conn_event *raw)
{
	struct conn_event copy;
	const struct conn_event *ev;
	char *held;
	const char *limit = "", *why;
	size_t at;
	bool bad = false;

	if (raw->len == 0)
		return false;
	ev = dialog_scrub(t, raw, &copy, &held);
	dialog_line(t, TALK_UNEXPECTED, ev->data, ev->len, ev->full, ev->at);
	if (*b->ops->pending(t) != '\0' && b->ops->line(t, ev, ev) < 0) {
		why = b->ops->bad(t, &limit, &at);
		bad = *limit == '\0';
		if (bad)
			garbled(t, why);
	}
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
	b->ops->tls(t);
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
box_quit(struct talk *t, const char *line)
{
	struct box *b = t->state;

	if (!b->leaving)
		dialog_say(t, line);
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
}
