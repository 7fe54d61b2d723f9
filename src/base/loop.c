/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event loop: one thread, watches and a heap of timers over a world. The
 * order of everything is that of time and, at the same time, of asking.
 */
#include "base/loop.h"

#include <errno.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define LATE NSEC_PER_SEC

struct watch {
	struct loop	*loop;
	int		 handle;
	unsigned	 events;
	bool		 dead;
	void		(*call)(void *, unsigned);
	void		*ctx;
};

struct timer {
	struct loop	*loop;
	int64_t		 when;
	uint64_t	 number;	/* order of timers due at once */
	size_t		 index;		/* in the heap */
	bool		 fired;
	void		(*call)(void *);
	void		*ctx;
};

struct loop {
	struct world	 *world;
	struct watch	**watches;
	size_t		  nwatches, cap_watches;
	struct world_poll *polls;
	struct watch	**polled;	/* watch of each poll */
	size_t		  cap_polls;
	struct timer	**heap;
	size_t		  ntimers, cap_timers;
	uint64_t	  count;
	bool		  in_turn, stop, dead_watches;
	void		(*late)(void *, int64_t);
	void		 *late_ctx;
};

struct loop *
loop_new(struct world *w)
{
	struct loop *l = xcalloc(1, sizeof *l);

	l->world = w;
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	while (l->nwatches > 0)
		free(l->watches[--l->nwatches]);
	while (l->ntimers > 0)
		free(l->heap[--l->ntimers]);
	free(l->watches);
	free(l->polls);
	free(l->polled);
	free(l->heap);
	free(l);
}

struct world *
loop_world(struct loop *l)
{
	return l->world;
}

int64_t
loop_now(struct loop *l)
{
	return l->world->ops->now(l->world);
}

struct watch *
loop_watch(struct loop *l, int handle, unsigned events,
    void (*call)(void *, unsigned), void *ctx)
{
	struct watch *w = xcalloc(1, sizeof *w);

	w->loop = l;
	w->handle = handle;
	w->events = events;
	w->call = call;
	w->ctx = ctx;
	if (l->nwatches == l->cap_watches) {
		l->cap_watches = l->cap_watches == 0 ? 16 :
		    l->cap_watches * 2;
		l->watches = xreallocarray(l->watches, l->cap_watches,
		    sizeof(struct watch *));
	}
	l->watches[l->nwatches++] = w;
	return w;
}

void
watch_events(struct watch *w, unsigned events)
{
	w->events = events;
}

static void
sweep(struct loop *l)
{
	size_t i, kept = 0;

	for (i = 0; i < l->nwatches; i++) {
		if (l->watches[i]->dead)
			free(l->watches[i]);
		else
			l->watches[kept++] = l->watches[i];
	}
	l->nwatches = kept;
	l->dead_watches = false;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	w->dead = true;
	w->loop->dead_watches = true;
	if (!w->loop->in_turn)
		sweep(w->loop);
}

static bool
before(const struct timer *a, const struct timer *b)
{
	return a->when != b->when ? a->when < b->when :
	    a->number < b->number;
}

static void
place(struct loop *l, struct timer *t, size_t i)
{
	l->heap[i] = t;
	t->index = i;
}

static void
sift(struct loop *l, struct timer *t, size_t i)
{
	while (i > 0 && before(t, l->heap[(i - 1) / 2])) {
		place(l, l->heap[(i - 1) / 2], i);
		i = (i - 1) / 2;
	}
	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < l->ntimers &&
		    before(l->heap[child + 1], l->heap[child]))
			child++;
		if (child >= l->ntimers || before(t, l->heap[child]))
			break;
		place(l, l->heap[child], i);
		i = child;
	}
	place(l, t, i);
}

static void
heap_remove(struct loop *l, struct timer *t)
{
	struct timer *last = l->heap[--l->ntimers];

	if (last != t)
		sift(l, last, t->index);
}

struct timer *
loop_timer(struct loop *l, int64_t delay, void (*call)(void *), void *ctx)
{
	struct timer *t = xcalloc(1, sizeof *t);
	int64_t now = loop_now(l);

	t->loop = l;
	t->when = delay <= 0 ? now : delay > INT64_MAX - now - 1 ?
	    INT64_MAX - 1 : now + delay;
	t->number = l->count++;
	t->call = call;
	t->ctx = ctx;
	if (l->ntimers == l->cap_timers) {
		l->cap_timers = l->cap_timers == 0 ? 16 : l->cap_timers * 2;
		l->heap = xreallocarray(l->heap, l->cap_timers,
		    sizeof(struct timer *));
	}
	sift(l, t, l->ntimers++);
	return t;
}

void
timer_cancel(struct timer **t)
{
	if (*t != NULL && !(*t)->fired) {
		heap_remove((*t)->loop, *t);
		free(*t);
	}
	*t = NULL;
}

/* What to poll in this turn; the number of entries. */
static size_t
gather(struct loop *l)
{
	size_t i, n = 0;

	if (l->cap_polls < l->nwatches) {
		l->cap_polls = l->cap_watches;
		l->polls = xreallocarray(l->polls, l->cap_polls,
		    sizeof *l->polls);
		l->polled = xreallocarray(l->polled, l->cap_polls,
		    sizeof(struct watch *));
	}
	for (i = 0; i < l->nwatches; i++) {
		if (l->watches[i]->events == 0)
			continue;
		l->polls[n].handle = l->watches[i]->handle;
		l->polls[n].want = l->watches[i]->events;
		l->polls[n].got = 0;
		l->polled[n++] = l->watches[i];
	}
	return n;
}

static void
tell_late(struct loop *l, int64_t since)
{
	int64_t now = loop_now(l);

	if (l->late != NULL && since != WORLD_NEVER && now - since > LATE)
		l->late(l->late_ctx, now - since);
}

static void
run_watches(struct loop *l, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct watch *w = l->polled[i];
		unsigned got = l->polls[i].got & (w->events | WORLD_ERR);

		if (!w->dead && w->events != 0 && got != 0)
			w->call(w->ctx, got);
	}
}

/* Timers that are due and were asked for before this point of the turn. */
static void
run_timers(struct loop *l)
{
	int64_t now = loop_now(l);
	uint64_t end = l->count;

	while (l->ntimers > 0 && l->heap[0]->when <= now &&
	    l->heap[0]->number < end) {
		struct timer *t = l->heap[0];

		heap_remove(l, t);
		t->fired = true;
		t->call(t->ctx);
		free(t);
	}
}

/* One turn: 0, or -1 when nothing can come any more. */
static int
turn(struct loop *l)
{
	int64_t began = loop_now(l), until = WORLD_NEVER;
	size_t n = gather(l);
	int ready;

	if (l->ntimers > 0)
		until = l->heap[0]->when < began ? began : l->heap[0]->when;
	if (n == 0 && until == WORLD_NEVER)
		return -1;
	ready = l->world->ops->wait(l->world, l->polls, n, until);
	if (ready < 0 && errno != EINTR)
		return -1;
	if (ready == 0 && until == WORLD_NEVER)
		return -1;
	l->in_turn = true;
	tell_late(l, until);
	if (ready > 0)
		run_watches(l, n);
	run_timers(l);
	l->in_turn = false;
	if (l->dead_watches)
		sweep(l);
	return 0;
}

void
loop_run(struct loop *l)
{
	l->stop = false;
	while (!l->stop && turn(l) == 0)
		;
}

void
loop_stop(struct loop *l)
{
	l->stop = true;
}

void
loop_on_late(struct loop *l, void (*call)(void *, int64_t), void *ctx)
{
	l->late = call;
	l->late_ctx = ctx;
}
