/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include "base/world.h"

struct loop;
struct watch;
struct timer;

/* One thread: watches and timers over a world. I/O before timers in each
   turn; callbacks may add, change and free any watch or timer. */
struct loop	*loop_new(struct world *);
void		 loop_free(struct loop *);
struct world	*loop_world(struct loop *);
/* Monotonic time in ns, read from the world now. */
int64_t		 loop_now(struct loop *);

struct watch	*loop_watch(struct loop *, int handle, unsigned events,
		    void (*)(void *, unsigned got), void *);
void		 watch_events(struct watch *, unsigned events);
/* Stop watching; safe inside any callback; w may be NULL. */
void		 watch_free(struct watch *);

/* One shot after delay ns (0: at the end of this turn). The pointer is dead
   once it fired: the callback must forget it. */
struct timer	*loop_timer(struct loop *, int64_t delay, void (*)(void *),
		    void *);
/* Cancel and set to NULL; *t may be NULL. */
void		 timer_cancel(struct timer **t);

/* Run until loop_stop() or until there is nothing to wait for. */
void		 loop_run(struct loop *);
void		 loop_stop(struct loop *);
/* Called when a turn came over 1 s later than its timer (suspended host). */
void		 loop_on_late(struct loop *, void (*)(void *, int64_t late),
		    void *);

#endif
