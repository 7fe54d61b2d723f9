/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connection attempts. The first round begins a try every connect_gap until
 * one is established: its connection is spoken on. A mixed result is worth a
 * second round after a pause, connections only: is the loss there again?
 */
#include <stdlib.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "talk/dialog.h"

#define AGAIN_TRIES	4
#define AGAIN_PAUSE	(3 * NSEC_PER_SEC)
#define AGAIN_GAP	NSEC_PER_SEC

static double
seconds(int64_t ns)
{
	return (double)(ns / NSEC_PER_MSEC) / 1000.0;
}

static void
ended(struct talk *t, int attempt)
{
	if (!t->dead && t->hooks.attempt != NULL)
		t->hooks.attempt(t->hooks.ctx, attempt, true);
}

/* Close a connection and forget its try. */
void
dialog_close(struct talk *t, struct dialog_try *y)
{
	struct dialog_try **at = &t->tries;
	int attempt = y->attempt;

	while (*at != y)
		at = &(*at)->next;
	*at = y->next;
	if (t->main == y)
		t->main = NULL;
	conn_free(y->conn);
	free(y);
	ended(t, attempt);
}

static json_t *
icmp_args(const struct net_error *e, int family)
{
	json_t *args = json_object();
	char text[ADDR_STRLEN];

	json_put_str(args, "icmp", e->icmp_type < 0 ? "" :
	    net_icmp_word(family, e->icmp_type, e->icmp_code));
	json_put_str(args, "sender", e->sender.family == 0 ? "" :
	    addr_print(&e->sender, text));
	return args;
}

void
dialog_failure(struct talk *t, int attempt, const struct conn_event *ev,
    int64_t waited)
{
	const struct net_error *e = &ev->error;
	const char *key = net_cause_word(e->cause);
	enum talk_dir dir = TALK_INFO;
	json_t *args = json_object();

	switch (e->cause) {
	case NET_TIMEOUT:
	case NET_STALLED:
		key = "timeout";
		json_put_num(args, "s", seconds(waited));
		break;
	case NET_REFUSED:
		if (e->icmp_type < 0)
			break;
		/* FALLTHROUGH */
	case NET_UNREACHABLE:
	case NET_PROHIBITED:
		json_decref(args);
		args = icmp_args(e, t->params.to.addr.family);
		break;
	case NET_LOCAL:
	case NET_NO_FAMILY: {
		json_t *err = json_net_error(e);

		dir = TALK_OURS;
		json_put_str(args, "error", json_str(err, "errno"));
		json_decref(err);
		break;
	}
	case NET_OK:
	case NET_INTERRUPTED:
		json_decref(args);
		return;
	default:
		break;
	}
	dialog_info(t, attempt, dir, key, args);
}

static void
connect_fact(struct talk *t, struct dialog_try *y, const struct net_error *e,
    int64_t at)
{
	json_t *fact = e == NULL ? json_object() : json_net_error(e);
	struct world_tcp_info info;
	struct sockname local;
	char text[ADDR_STRLEN];

	json_put_flag(fact, "ok", e == NULL);
	json_put_int(fact, "round", t->round);
	json_put_num(fact, "start", seconds(y->begun - t->begun));
	json_put_num(fact, "ms", (double)((at - y->begun) / 1000) / 1000.0);
	if (conn_local(y->conn, &local) == 0 && local.addr.family != 0)
		json_put_str(fact, "local", addr_print(&local.addr, text));
	if (conn_tcp_info(y->conn, &info) == 0) {
		json_put_int(fact, "retransmits", info.retransmits);
		if (e == NULL && info.retransmits > 0) {
			json_t *args = json_object();

			json_put_int(args, "n", info.retransmits);
			dialog_info(t, y->attempt, TALK_INFO, "lost", args);
		}
	}
	dialog_fact_of(t, y->attempt, "connect", fact);
}

static void
lost(struct talk *t, struct dialog_try *y, enum net_cause cause)
{
	struct conn_event ev = { .ev = CONN_ERROR };
	int64_t now = loop_now(t->loop);

	net_error_init(&ev.error, cause);
	if (cause == NET_TIMEOUT)
		t->failed++;
	dialog_failure(t, y->attempt, &ev, now - y->begun);
	connect_fact(t, y, &ev.error, now);
}

/* Close all connections but one. Tries that began before it and are still
   pending were lost; younger ones, and interrupted ones, say nothing. */
void
dialog_drop_tries(struct talk *t, const struct dialog_try *but,
    bool interrupted)
{
	struct dialog_try *y, *next;

	for (y = t->tries; y != NULL; y = next) {
		next = y->next;
		if (y == but)
			continue;
		if (!y->up)
			lost(t, y, !interrupted && but != NULL &&
			    y->begun < but->begun ? NET_TIMEOUT :
			    NET_INTERRUPTED);
		dialog_close(t, y);
	}
}

static void	on_conn(void *, struct conn *, const struct conn_event *);

static void
try_new(struct talk *t, int64_t limit)
{
	struct dialog_try *y = xcalloc(1, sizeof(*y)), **at = &t->tries;
	json_t *args = json_object();
	char text[ADDR_STRLEN];

	while (*at != NULL)
		at = &(*at)->next;
	*at = y;
	y->talk = t;
	y->attempt = ++t->attempts;
	y->begun = loop_now(t->loop);
	y->conn = conn_new(t->loop, &t->params.to, on_conn, y);
	if (y->attempt > 1 && !t->dead && t->hooks.attempt != NULL)
		t->hooks.attempt(t->hooks.ctx, y->attempt, false);
	json_put_str(args, "addr", addr_print(&t->params.to.addr, text));
	json_put_int(args, "port", t->params.to.port);
	dialog_info(t, y->attempt, TALK_INFO, "trying", args);
	conn_connect(y->conn, limit);
}

static int64_t
repeat_limit(const struct talk *t)
{
	return 2 * t->params.timeouts->connect_gap;
}

static void
next_try(void *ctx)
{
	struct talk *t = ctx;

	dialog_enter(t);
	t->next = NULL;
	if (t->phase == DIALOG_CONNECT)
		dialog_connect(t);
	else if (t->phase == DIALOG_AGAIN) {
		t->round = 2;
		if (--t->again > 0)
			t->next = loop_timer(t->loop, AGAIN_GAP, next_try, t);
		try_new(t, repeat_limit(t));
	} else if (t->phase == DIALOG_SPEAK)	/* lax */
		try_new(t, t->params.timeouts->connect);
	dialog_leave(t);
}

/* Begin one more try of the first round, and set the time of the next. */
void
dialog_connect(struct talk *t)
{
	const struct timeouts *to = t->params.timeouts;
	int64_t left = to->connect - (loop_now(t->loop) - t->begun);

	t->round = 1;
	timer_cancel(&t->next);
	if (t->attempts >= t->params.tries || left <= 0)
		return;
	if (t->attempts + 1 < t->params.tries)
		t->next = loop_timer(t->loop, to->connect_gap, next_try, t);
	try_new(t, left);
}

void
dialog_connect_lax(struct talk *t)
{
	t->lax = true;
	t->next = loop_timer(t->loop, t->ops->lax_gap, next_try, t);
}

/* After the dialogue: the next connection that is wanted, or the end. */
void
dialog_repeat(struct talk *t)
{
	t->lax = false;
	if (t->ops->repeats && t->attempts < t->params.tries) {
		t->phase = DIALOG_REPEAT;
		try_new(t, repeat_limit(t));
	} else if (t->failed > 0 && t->worked > 0) {
		t->phase = DIALOG_AGAIN;
		t->again = AGAIN_TRIES;
		t->next = loop_timer(t->loop, AGAIN_PAUSE, next_try, t);
	} else
		dialog_finish(t, "ok");
}

static void
go_on(struct talk *t)
{
	if (t->phase == DIALOG_REPEAT)
		dialog_repeat(t);
	else if (t->phase == DIALOG_AGAIN && t->again == 0 && t->tries == NULL)
		dialog_finish(t, "ok");
}

static void
established(struct talk *t, struct dialog_try *y, const struct conn_event *ev)
{
	json_t *args = json_object();

	y->up = true;
	t->worked++;
	json_put_num(args, "ms",
	    (double)((ev->at - y->begun) / 1000) / 1000.0);
	dialog_info(t, y->attempt, TALK_INFO, "connected", args);
	connect_fact(t, y, NULL, ev->at);
	if (t->phase == DIALOG_CONNECT || t->phase == DIALOG_SPEAK) {
		timer_cancel(&t->next);
		dialog_drop_tries(t, y, false);
		t->phase = DIALOG_SPEAK;
		t->main = y;
		track_free(t->track);
		t->track = track_new(t->ops->proto);
		t->ops->begin(t);
		return;
	}
	dialog_close(t, y);
	go_on(t);
}

static void
not_established(struct talk *t, struct dialog_try *y,
    const struct conn_event *ev)
{
	enum net_cause cause = ev->error.cause;
	const char *word = net_cause_word(cause);
	bool ours = cause == NET_LOCAL || cause == NET_NO_FAMILY ||
	    cause == NET_INTERRUPTED;

	if (!ours)
		t->failed++;
	dialog_failure(t, y->attempt, ev, ev->at - y->begun);
	connect_fact(t, y, &ev->error, ev->at);
	dialog_close(t, y);
	if (ours || (t->phase == DIALOG_SPEAK && t->word == NULL))
		dialog_finish(t, word);
	else if (t->phase == DIALOG_SPEAK)
		dialog_repeat(t);
	else if (t->phase == DIALOG_CONNECT) {
		if (cause != NET_TIMEOUT)
			dialog_connect(t);
		if (t->tries == NULL && t->next == NULL)
			dialog_finish(t, word);
	} else
		go_on(t);
}

static void
event(struct talk *t, const struct conn_event *ev)
{
	t->raw = ev;
	if (t->held)
		dialog_hand_event(t, ev);
	else
		t->ops->event(t, ev);
	t->raw = NULL;
}

static void
on_conn(void *ctx, struct conn *c, const struct conn_event *ev)
{
	struct dialog_try *y = ctx;
	struct talk *t = y->talk;

	(void)c;
	dialog_enter(t);
	if (t->dead || t->phase == DIALOG_OVER)
		;
	else if (y->up && t->shaking) {
		if (dialog_tls_event(t, ev))
			event(t, ev);
	} else if (y->up)
		event(t, ev);
	else if (ev->ev == CONN_CONNECTED)
		established(t, y, ev);
	else
		not_established(t, y, ev);
	dialog_leave(t);
}
