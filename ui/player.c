/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plays a tape into a session: events come at the time they came when it was
 * recorded, divided by the speed. One timer stands for the next event; what is
 * due together comes together, but never so much that keys have to wait.
 */
#include "ui/player.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define A_TURN	200	/* events */

static const struct {
	const char	*word;
	double		 factor;	/* 0: without waiting */
} speeds[] = {
	{ "1/4", 0.25 }, { "1/2", 0.5 }, { "1", 1 }, { "2", 2 }, { "4", 4 },
	{ "8", 8 }, { "16", 16 }, { "64", 64 }, { "max", 0 },
};
#define SPEEDS	((int)(sizeof(speeds) / sizeof(speeds[0])))
#define LIVE	2

struct player {
	struct loop		*loop;
	const struct tape	*tape;
	struct session		*session;
	void			(*sink)(void *, const struct session *,
				    const struct event *);
	void			*ctx;
	size_t			 at;		/* the next event */
	struct event		 next;
	bool			 have, paused;
	int			 speed;
	int64_t			 base_ns, base_us; /* when it last went on */
	struct timer		*timer;
};

struct player *
player_new(struct loop *loop, const struct tape *tape, void (*sink)(void *,
    const struct session *, const struct event *), void *ctx)
{
	struct player *p = xcalloc(1, sizeof(*p));

	p->loop = loop;
	p->tape = tape;
	p->session = session_new();
	p->sink = sink;
	p->ctx = ctx;
	p->speed = LIVE;
	p->paused = true;
	p->have = tape_event(tape, 0, &p->next) == 0;
	return p;
}

void
player_free(struct player *p)
{
	if (p == NULL)
		return;
	timer_cancel(&p->timer);
	if (p->have)
		event_clear(&p->next);
	session_free(p->session);
	free(p);
}

const struct tape *
player_tape(const struct player *p)
{
	return p->tape;
}

const struct session *
player_session(const struct player *p)
{
	return p->session;
}

int64_t
player_us(const struct player *p)
{
	int64_t us;

	if (!p->have || p->paused || speeds[p->speed].factor <= 0)
		return p->session->us;
	us = p->base_us + (int64_t)((double)(loop_now(p->loop) - p->base_ns) /
	    1000 * speeds[p->speed].factor);
	return us < p->session->us ? p->session->us : us > p->next.us ?
	    p->next.us : us;
}

static void
show_next(struct player *p)
{
	struct event ev = p->next;

	p->have = tape_event(p->tape, ++p->at, &p->next) == 0;
	if (session_fold(p->session, &ev) == 0)
		p->sink(p->ctx, p->session, &ev);
	event_clear(&ev);
}

/* When the next event is due: ns from now. */
static int64_t
wait_of(const struct player *p)
{
	double factor = speeds[p->speed].factor;
	int64_t due;

	if (factor <= 0)
		return 0;
	due = p->base_ns + (int64_t)((double)(p->next.us - p->base_us) *
	    1000 / factor);
	return due - loop_now(p->loop);
}

static void	arm(struct player *);

static void
on_time(void *ctx)
{
	struct player *p = ctx;
	int n = 0;

	p->timer = NULL;
	while (p->have && !p->paused && n++ < A_TURN && wait_of(p) <= 0)
		show_next(p);
	arm(p);
}

static void
arm(struct player *p)
{
	int64_t wait;

	timer_cancel(&p->timer);
	if (!p->have || p->paused)
		return;
	wait = wait_of(p);
	p->timer = loop_timer(p->loop, wait < 0 ? 0 : wait, on_time, p);
}

/* The clock goes on from what was shown last. */
static void
go_on(struct player *p)
{
	p->base_us = p->session->us;
	p->base_ns = loop_now(p->loop);
	arm(p);
}

void
player_start(struct player *p, bool paused)
{
	p->paused = paused;
	if (p->have)
		show_next(p);
	go_on(p);
}

void
player_pause(struct player *p, bool paused)
{
	p->paused = paused;
	go_on(p);
}

bool
player_paused(const struct player *p)
{
	return p->have && p->paused;
}

long
player_step(struct player *p, bool (*matters)(void *, const struct event *),
    void *ctx)
{
	bool yes = false;

	p->paused = true;
	timer_cancel(&p->timer);
	while (p->have && !yes) {
		yes = matters(ctx, &p->next);
		show_next(p);
	}
	return yes ? (long)p->at - 1 : -1;
}

void
player_rest(struct player *p)
{
	timer_cancel(&p->timer);
	while (p->have)
		show_next(p);
}

int
player_faster(struct player *p, int by)
{
	int to = p->speed + by;

	if (to < 0 || to >= SPEEDS)
		return -1;
	p->base_us = player_us(p);
	p->base_ns = loop_now(p->loop);
	p->speed = to;
	arm(p);
	return 0;
}

const char *
player_speed(const struct player *p)
{
	return speeds[p->speed].word;
}

double
player_factor(const struct player *p)
{
	double f = speeds[p->speed].factor;

	return f <= 0 ? 64 : f < 1 ? 1 : f;
}

bool
player_over(const struct player *p)
{
	return !p->have;
}
