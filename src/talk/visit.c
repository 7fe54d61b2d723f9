/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The course of a dialogue by lines: the script's rows go out, lines are told
 * and given to the protocol and the tracker, silence and ends are told.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/visit.h"

static void
choose(struct talk *t, struct visit *v)
{
	login_choose(t, &v->login, v->ops->methods(t));
	v->run.method = v->login.method;
	v->run.stop = v->run.stop || v->login.refused;
	v->run.in = v->login.in;
}

/* The next line, to be edited: nothing of it is a secret. */
char *
visit_peek(struct talk *t, bool spent)
{
	struct visit *v = t->state;
	const struct script_row *r;
	struct script_run peek;
	size_t shown = SIZE_MAX;
	char *line;

	choose(t, v);
	peek = v->run;
	r = script_next(v->ops->script, &peek, t->track, &t->params);
	if (r == NULL || r->again || r->say == SAY_CONTENT)
		return NULL;
	line = v->ops->text(t, r, &shown);
	if (shown != SIZE_MAX) {
		auth_free(line);
		return NULL;
	}
	if (spent)
		v->run = peek;
	return line;
}

static void
say(struct talk *t, struct visit *v, const struct script_row *r)
{
	size_t shown = SIZE_MAX;
	char *line = v->ops->text(t, r, &shown);

	v->leaving = r->last;
	if (shown == SIZE_MAX)
		dialog_say(t, line);
	else
		dialog_say_secret(t, line, shown);
	auth_free(line);
	v->ops->ready(t);
}

static void
speak(struct talk *t, struct visit *v)
{
	const struct script_row *r;

	if (dialog_hold(t))
		return;
	choose(t, v);
	r = script_next(v->ops->script, &v->run, t->track, &t->params);
	if (r == NULL) {
		dialog_over(t, "ok");
		return;
	}
	if (r->last)
		login_left(t, &v->login, v->ops->methods(t));
	say(t, v, r);
	dialog_await(t, v->leaving ? t->params.timeouts->quit :
	    t->params.timeouts->reply);
}

void
visit_go_on(struct talk *t)
{
	if (t->main != NULL && conn_buffered(t->main->conn) == 0)
		speak(t, t->state);
}

const char *
visit_resume(struct talk *t)
{
	struct visit *v = t->state;
	struct script_run peek;
	const char *why = v->ops->hinders == NULL ? NULL :
	    v->ops->hinders(t);

	if (why != NULL)
		return why;
	choose(t, v);
	peek = v->run;
	if (script_next(v->ops->script, &peek, t->track, &t->params) == NULL)
		return "state";
	dialog_released(t);
	visit_go_on(t);
	return NULL;
}

/* Numbers found before are those of another mailbox, maybe; and whose login
   it is now nobody knows. */
void
visit_touched(struct talk *t, bool login)
{
	struct visit *v = t->state;

	script_anew(v->ops->script, &v->run);
	if (login)
		v->login.in = false;
	if (v->ops->forget != NULL)
		v->ops->forget(t);
}

void
visit_begin(struct talk *t)
{
	struct visit *v = t->state;

	v->leaving = false;
	memset(&v->run, 0, sizeof(v->run));
	login_clear(&v->login);
	v->ops->ready(t);
	if (t->params.tls == TALK_IMPLICIT)
		dialog_tls(t);
	else
		dialog_await(t, t->params.timeouts->banner);
}

json_t *
visit_fact(const struct talk *t)
{
	const struct visit *v = t->state;
	json_t *fact = json_object();

	json_put_str(fact, "verb", v->verb);
	return fact;
}

void
visit_caps_fact(struct talk *t, json_t *list)
{
	json_t *fact = json_object();

	json_put_flag(fact, "tls", t->tls);
	json_put(fact, "list", list);
	dialog_fact(t, "caps", fact);
}

static void
garbled(struct talk *t, const char *why)
{
	json_t *fact = visit_fact(t);

	json_put_str(fact, "why", why);
	dialog_fact(t, "garbled", fact);
}

/* True if it is not the protocol, rather than too much of it. */
static bool
bad_reply(struct talk *t, struct visit *v, bool ended)
{
	struct visit_bad bad;

	v->ops->bad(t, &bad);
	if (!bad.limited)
		garbled(t, bad.why);
	else if (!ended && bad.bytes > LIMIT_REPLY_BYTES)
		dialog_limit(t, "reply", bad.bytes);
	else if (!ended)
		dialog_limit(t, "lines", bad.lines);
	return !bad.limited;
}

/* A line nobody asked for: shown, told once unless the protocol knows such,
   and let pass. */
static void
on_unasked(struct talk *t, struct visit *v, const struct conn_event *ev)
{
	bool news = v->ops->news != NULL && v->ops->news(t, ev);

	dialog_line(t, news ? TALK_RECEIVED : TALK_UNEXPECTED, ev->data,
	    ev->len, ev->full, ev->at);
	if (v->ops->bye != NULL && v->ops->bye(t, ev))
		return;
	if (!news && !v->unasked) {
		garbled(t, "unasked");
		v->unasked = true;
	}
	if (!dialog_unasked(t, ev))
		visit_go_on(t);
}

/* A line of the reply awaited. */
static void
on_asked(struct talk *t, struct visit *v, const struct conn_event *ev,
    const struct conn_event *raw)
{
	int rc = v->ops->line(t, ev, raw);

	if (ev->full > ev->len && rc >= 0)
		dialog_limit(t, "line", ev->full);
	dialog_line(t, rc < 0 ? TALK_UNEXPECTED : TALK_RECEIVED, ev->data,
	    ev->len, ev->full, ev->at);
	if (t->phase == DIALOG_CANCEL) {
		if (rc > 0 && !track_gone(t->track))
			v->ops->ready(t);	/* not yet to our goodbye */
		else if (rc != 0)
			dialog_over(t, "interrupted");
	} else if (rc < 0) {
		bad_reply(t, v, false);
		dialog_over(t, "garbled");
	} else if (rc > 0)
		v->ops->reply(t, ev->at);
}

static void
on_line(struct talk *t, struct visit *v, const struct conn_event *raw)
{
	struct conn_event copy;
	const struct conn_event *ev;
	char *held;

	ev = dialog_scrub(t, raw, &copy, &held);
	v->verb = v->ops->pending(t);
	if (*v->verb == '\0')
		on_unasked(t, v, ev);
	else
		on_asked(t, v, ev, raw);
	free(held);
}

/* The beginning of a line that never ended: true if it is not the protocol. */
static bool
leftover(struct talk *t, struct visit *v, const struct conn_event *raw)
{
	struct conn_event copy;
	const struct conn_event *ev;
	char *held;
	bool bad;

	v->verb = v->ops->pending(t);
	if (raw->len == 0)
		return false;
	ev = dialog_scrub(t, raw, &copy, &held);
	bad = *v->verb != '\0' && v->ops->line(t, ev, ev) < 0;
	dialog_line(t, TALK_UNEXPECTED, ev->data, ev->len, ev->full, ev->at);
	bad = bad && bad_reply(t, v, true);
	free(held);
	return bad;
}

static void
on_closed(struct talk *t, struct visit *v, const struct conn_event *ev)
{
	bool bad = leftover(t, v, ev);

	dialog_info(t, dialog_attempt(t), TALK_INFO, "closed", NULL);
	if (v->leaving || bad) {
		dialog_over(t, bad ? "garbled" : "ok");
		return;
	}
	dialog_fact(t, "closed", visit_fact(t));
	dialog_over(t, ev->error.cause == NET_OK ? "closed" :
	    net_cause_word(ev->error.cause));
}

static void
on_silent(struct talk *t, struct visit *v, const struct conn_event *ev)
{
	bool bad = leftover(t, v, ev);
	json_t *fact;

	dialog_failure(t, dialog_attempt(t), ev, ev->at - t->asked);
	if (v->leaving || bad) {
		dialog_over(t, bad ? "garbled" : "ok");
		return;
	}
	fact = visit_fact(t);
	json_put_num(fact, "ms", dialog_waited(t, ev->at));
	dialog_fact(t, "silent", fact);
	dialog_over(t, net_cause_word(ev->error.cause));
}

static void
on_tls(struct talk *t, struct visit *v)
{
	v->ops->ready(t);
	v->run.stop = v->run.stop || t->lax;
	if (t->params.tls != TALK_IMPLICIT)
		speak(t, v);
	else if (t->lax)
		dialog_over(t, "ok");
	else
		dialog_await(t, t->params.timeouts->banner);
}

void
visit_event(struct talk *t, const struct conn_event *ev)
{
	struct visit *v = t->state;

	switch (ev->ev) {
	case CONN_TLS:
		on_tls(t, v);
		break;
	case CONN_LINE:
	case CONN_DATA:
		on_line(t, v, ev);
		break;
	case CONN_TIMEOUT:
		on_silent(t, v, ev);
		break;
	case CONN_CLOSED:
	case CONN_ERROR:
		on_closed(t, v, ev);
		break;
	default:
		break;
	}
}

bool
visit_quit(struct talk *t)
{
	struct visit *v = t->state;
	char *line = NULL;

	if ((track_at(t->track) & v->ops->mute) != 0 || (!v->leaving &&
	    (line = track_goodbye(t->track)) == NULL))
		return false;
	if (line != NULL)
		dialog_say(t, line);
	free(line);
	v->leaving = true;
	conn_deadline(t->main->conn, 0);
	return true;
}

bool
visit_last(const struct talk *t)
{
	return ((const struct visit *)t->state)->leaving;
}
