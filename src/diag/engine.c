/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine: whenever something ended it builds the model, lets the judge
 * look, emits what changed, and starts what is wanted now, within limits.
 * When nothing runs and nothing is wanted the diagnosis has ended.
 */
#include "diag/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/engine_probe.h"
#include "diag/judge.h"
#include "diag/summary.h"

#define STARTS_A_TURN	50
#define UNANSWERED	1000000	/* us */

void
engine_emit(struct engine *e, struct event *ev)
{
	ev->seq = ++e->seq;
	ev->us = engine_now(e);
	session_fold(e->session, ev);
	for (size_t i = 0; i < e->nsinks; i++)
		e->sinks[i].take(e->sinks[i].ctx, e->session, ev);
}

int64_t
engine_now(const struct engine *e)
{
	return (loop_now(e->loop) - e->began) / 1000;
}

static void
emit_body(struct engine *e, enum event_kind kind, json_t *body)
{
	struct event ev;

	memset(&ev, 0, sizeof ev);
	ev.kind = kind;
	ev.body = body;
	engine_emit(e, &ev);
	json_decref(body);
}

static void
emit_step(struct engine *e, enum step_id step, const char *state,
    const char *why)
{
	json_t *o = json_object();

	json_put_str(o, "step", step_rows[step].id);
	json_put_str(o, "state", state);
	if (why != NULL)
		json_put_str(o, "why", why);
	emit_body(e, EV_STEP, o);
}

static void
emit_finding(struct engine *e, const struct finding *f, const char *state)
{
	json_t *o = finding_json(f);

	json_put_str(o, "state", state);
	emit_body(e, EV_FINDING, o);
}

static bool
unchanged(const struct finding *a, const struct finding *b)
{
	return a->level == b->level && a->side == b->side &&
	    a->flags == b->flags && json_equal(a->args, b->args) == 1;
}

/* Emit the difference between what stood and what holds now. */
static void
emit_difference(struct engine *e, const struct judge *j)
{
	struct session *s = e->session;

	for (size_t i = s->nfindings; i-- > 0;) {
		size_t k = 0;

		while (k < j->n && !finding_same(s->findings[i], j->list[k]))
			k++;
		if (k == j->n)
			emit_finding(e, s->findings[i], "gone");
	}
	for (size_t k = 0; k < j->n; k++) {
		size_t i = 0;

		while (i < s->nfindings &&
		    !finding_same(s->findings[i], j->list[k]))
			i++;
		if (i == s->nfindings)
			emit_finding(e, j->list[k], "new");
		else if (!unchanged(s->findings[i], j->list[k]))
			emit_finding(e, j->list[k], "changed");
	}
}

static void
skip_probe(struct engine *e, const struct want *w, const char *why)
{
	json_t *o = json_object();
	struct event ev;

	json_put_str(o, "state", "skipped");
	json_put_str(o, "outcome", why);
	json_put(o, "endpoint", endpoint_json(&w->ep));
	memset(&ev, 0, sizeof ev);
	ev.kind = EV_PROBE;
	ev.probe = w->key;
	ev.attempt = 1;
	ev.body = o;
	engine_emit(e, &ev);
	json_decref(o);
}

static bool
connects(const struct want *w)
{
	return w->kind == WANT_DNS ? model_is_tcp(w->transport) :
	    w->kind != WANT_ARES;
}

/* One established connection at a time to an address and port. One that is
   still unanswered after a second is not established: others need not wait
   (but DNS over TCP: if the first one fails the others are not wanted). */
static bool
busy(const struct engine *e, const struct want *w)
{
	for (const struct probe *p = e->running; p != NULL; p = p->next)
		if (connects(&p->want) && p->want.ep.port == w->ep.port &&
		    addr_equal(&p->want.ep.addr, &w->ep.addr) &&
		    (p->connected || p->want.kind == WANT_DNS ||
		    engine_now(e) - p->began < UNANSWERED))
			return true;
	return false;
}

/* Logins of one account, one after the other. */
static bool
overlaps(const struct engine *e, const struct want *w)
{
	for (const struct probe *p = e->running; p != NULL; p = p->next)
		if (w->use != USE_NOTHING && p->want.use != USE_NOTHING)
			return true;
	return false;
}

/* The step's row shows that it began when its first probe does. */
static void
step_began(struct engine *e, enum step_id step)
{
	if (e->session->steps[step] == STEP_WAITING)
		emit_step(e, step, "began", NULL);
}

/* true: something of this plan has to wait for the next turn. */
static bool
start_wants(struct engine *e, struct model *m)
{
	int started = 0;
	bool more = false;

	for (size_t i = 0; i < m->nwants && e->cancelled == 0; i++) {
		struct want *w = &m->wants[i];
		bool dns = w->kind == WANT_DNS || w->kind == WANT_ARES;

		if (!engine_lets(e, m, w->step))
			continue;
		if (w->not_before > m->now) {
			model_wake(m, w->not_before);
			continue;
		}
		if (dns && e->questions >= LIMIT_QUESTIONS) {
			skip_probe(e, w, "limit");
			continue;
		}
		if (connects(w) && (busy(e, w) || (!dns && overlaps(e, w)))) {
			model_wake(m, m->now + UNANSWERED / 2);
			continue;
		}
		if (e->sockets >= LIMIT_SOCKETS - 8)
			continue;
		if (started++ >= STARTS_A_TURN) {
			more = true;
			continue;
		}
		step_began(e, w->step);
		if (e->cancelled != 0)
			break;
		e->questions += dns;
		probe_start(e, w, m);
	}
	return more;
}

static bool
any_running(const struct engine *e, enum step_id step)
{
	for (const struct probe *p = e->running; p != NULL; p = p->next)
		if (p->want.step == step && !p->by_hand)
			return true;
	return false;
}

static bool
any_wanted(const struct engine *e, const struct model *m, enum step_id step)
{
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].step == step &&
		    model_want_due(e->session, &m->wants[i]))
			return true;
	return false;
}

#define FED_BY(step)	(1u << STEP_##step)

/* Which steps may still make a step want something. */
static const unsigned feeders[STEP_COUNT] = {
	[STEP_HERE] = 0,
	[STEP_DELEGATION] = 0,
	[STEP_SERVERS] = FED_BY(DELEGATION),
	[STEP_ZONE] = FED_BY(DELEGATION) | FED_BY(SERVERS),
	[STEP_RESOLVER] = FED_BY(ZONE),
	[STEP_ADDRESSES] = FED_BY(ZONE) | FED_BY(RESOLVER),
	[STEP_WEB] = FED_BY(ZONE) | FED_BY(RESOLVER),
	[STEP_MAIL_IN] = FED_BY(HERE) | FED_BY(ZONE) | FED_BY(RESOLVER),
	[STEP_MAILBOX] = FED_BY(HERE) | FED_BY(ZONE) | FED_BY(RESOLVER) |
	    FED_BY(MAIL_IN),
};

static bool still_feeds(const struct engine *, const struct model *,
	    enum step_id);

static bool
fed(const struct engine *e, const struct model *m, enum step_id step)
{
	for (int i = 0; i < STEP_COUNT; i++)
		if ((feeders[step] & 1u << i) != 0 &&
		    still_feeds(e, m, (enum step_id)i))
			return true;
	return false;
}

/* One that is left out by option asks what the others need all the same, and
   never ends. */
static bool
still_feeds(const struct engine *e, const struct model *m, enum step_id step)
{
	if (e->session->steps[step] == STEP_NOT_ASKED)
		return any_running(e, step) || any_wanted(e, m, step) ||
		    fed(e, m, step);
	return e->session->steps[step] != STEP_ENDED;
}

/* A step ends when its feeders ended and nothing of it runs or is wanted. */
static void
end_steps(struct engine *e, const struct model *m)
{
	for (int i = 0; i < STEP_SUMMARY; i++) {
		enum step_id step = (enum step_id)i;
		enum step_state st = e->session->steps[i];

		if (st == STEP_NOT_ASKED || st == STEP_ENDED ||
		    fed(e, m, step) || any_running(e, step) ||
		    any_wanted(e, m, step) || m->zstate == ZONE_PENDING ||
		    (step == STEP_MAILBOX && model_mail_pending(m)))
			continue;
		emit_step(e, step, "ended", NULL);
	}
}

static void plan(void *);

/* The end follows from all that was said, the last findings too: the model it
   is made of is built after them. */
static void
finish(struct engine *e)
{
	struct model *m;

	emit_step(e, STEP_SUMMARY, "began", NULL);
	emit_step(e, STEP_SUMMARY, "ended", NULL);
	m = model_build(e->session, engine_now(e));
	emit_body(e, EV_END, summary_end(m));
	model_free(m);
	e->ended = true;
	timer_cancel(&e->wake);
	if (!e->opts.stay)
		loop_stop(e->loop);
}

/* Does a script run? What is done by hand need not end first. */
static bool
scripts_run(const struct engine *e)
{
	for (const struct probe *p = e->running; p != NULL; p = p->next)
		if (!p->by_hand)
			return true;
	return false;
}

/* Paused, or a step waits for the operator: not the end. */
static bool
waits(const struct engine *e, const struct model *m)
{
	if (!e->paused && !e->stepping)
		return false;
	if (e->again != NULL)
		return true;
	for (size_t i = 0; i < m->nwants; i++)
		if (model_want_due(e->session, &m->wants[i]))
			return true;
	return false;
}

static void
sleep_until(struct engine *e, int64_t us)
{
	int64_t delay = (us - engine_now(e)) * 1000;

	timer_cancel(&e->wake);
	e->wake = loop_timer(e->loop, delay > 0 ? delay : 0, plan, e);
}

static void
plan(void *ctx)
{
	struct engine *e = ctx;
	struct model *m;
	struct judge j;
	bool more = false;

	timer_cancel(&e->planned);
	timer_cancel(&e->wake);
	if (e->ended || e->by_hand)
		return;
	m = model_build(e->session, engine_now(e));
	judge_run(&j, m);
	emit_difference(e, &j);
	judge_free(&j);
	engine_ask_later(e);
	if (e->cancelled == 0 && !e->paused)
		more = start_wants(e, m);
	end_steps(e, m);
	engine_again(e, m);
	if (more)
		engine_replan(e);
	else if (!scripts_run(e) && (e->cancelled != 0 ||
	    (m->wake == 0 && !waits(e, m))))
		finish(e);
	else if (m->wake != 0 && e->cancelled == 0)
		sleep_until(e, m->wake);
	model_free(m);
}

static void
planned(void *ctx)
{
	struct engine *e = ctx;

	e->planned = NULL;
	plan(e);
}

void
engine_replan(struct engine *e)
{
	if (e->planned == NULL && !e->ended)
		e->planned = loop_timer(e->loop, 0, planned, e);
}

static void
woke(void *ctx, int64_t late)
{
	struct engine *e = ctx;

	(void)late;
	for (struct probe *p = e->running, *next; p != NULL; p = next) {
		next = p->next;
		probe_restart(p);
	}
}

struct engine *
engine_new(struct loop *loop, const struct subject *subject,
    const struct engine_opts *opts)
{
	struct engine *e = xcalloc(1, sizeof *e);

	e->loop = loop;
	e->world = loop_world(loop);
	e->subject = subject;
	e->opts = *opts;
	if (e->opts.tries < 1)
		e->opts.tries = 3;
	if (e->opts.scale <= 0)
		e->opts.scale = 1;
	e->rcpt = opts->rcpt != NULL ? opts->rcpt : subject->mailbox;
	if (opts->read_only)
		e->rcpt = NULL;
	timeouts_init(&e->timeouts, e->opts.scale);
	e->session = session_new();
	return e;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	while (e->running != NULL)
		probe_drop(e->running);
	timer_cancel(&e->planned);
	timer_cancel(&e->wake);
	timer_cancel(&e->hurry);
	engine_again_free(e);
	engine_ask_free(e);
	secrets_free(&e->secrets);
	session_free(e->session);
	free(e->sinks);
	free(e);
}

void
engine_sink(struct engine *e, void (*take)(void *, const struct session *,
    const struct event *), void *ctx)
{
	e->sinks = xreallocarray(e->sinks, e->nsinks + 1, sizeof *e->sinks);
	e->sinks[e->nsinks].take = take;
	e->sinks[e->nsinks++].ctx = ctx;
}

void
engine_start(struct engine *e)
{
	e->began = loop_now(e->loop);
	emit_body(e, EV_SESSION, engine_session_json(e));
	for (int i = 0; i < STEP_COUNT; i++)
		if (!step_rows[i].built || e->opts.skip[i])
			emit_step(e, (enum step_id)i, "not-asked",
			    e->opts.skip[i] ? "option" : "not-built");
	loop_on_late(e->loop, woke, e);
	engine_ask_first(e);
	engine_replan(e);
}

void
engine_start_by_hand(struct engine *e)
{
	e->began = loop_now(e->loop);
	e->by_hand = true;
	emit_body(e, EV_SESSION, engine_session_json(e));
	for (int i = 0; i < STEP_COUNT; i++)
		emit_step(e, (enum step_id)i, "not-asked", "by-hand");
	loop_on_late(e->loop, woke, e);
}

static void
drop_all(void *ctx)
{
	struct engine *e = ctx;

	e->hurry = NULL;
	while (e->running != NULL)
		probe_abandon(e->running);
	engine_replan(e);
}

/* Whoever takes an event may call it, the probe that tells the event is not
   through then: it is dropped from the loop, never from here. */
void
engine_cancel(struct engine *e)
{
	if (e->ended)
		return;
	engine_again_stop(e);
	timer_cancel(&e->hurry);
	e->hurry = loop_timer(e->loop, e->pressed == 0 ? NSEC_PER_SEC : 0,
	    drop_all, e);
	e->cancelled++;
	if (e->pressed++ == 0)
		for (struct probe *p = e->running; p != NULL; p = p->next)
			if (p->talk != NULL)
				talk_cancel(p->talk);
	engine_replan(e);
}

bool
engine_ended(const struct engine *e)
{
	return e->ended;
}

const struct session *
engine_session(const struct engine *e)
{
	return e->session;
}
