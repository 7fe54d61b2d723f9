/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording in memory, read and checked as a whole. */
#ifndef UI_TAPE_H
#define UI_TAPE_H

#include <stddef.h>

#include "diag/event.h"

struct tape;

/* Read a recording: NULL after one line on stderr that says what is wrong
   with it, and in which line. */
struct tape	*tape_load(const char *name);
/* Events given one by one (a recording that never was a file). */
struct tape	*tape_new(void);
void		 tape_add(struct tape *, const struct event *);
void		 tape_free(struct tape *);
size_t		 tape_count(const struct tape *);
/* The n-th event, anew each time; event_clear it. 0, or -1: there is none. */
int		 tape_event(const struct tape *, size_t n, struct event *);

#endif
