/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording shown at its own pace, faster, or step by step. */
#ifndef UI_PLAYER_H
#define UI_PLAYER_H

#include "base/loop.h"
#include "diag/session.h"
#include "ui/tape.h"

struct player;

/* loop and tape are borrowed; sink sees each event after the session took it
   in. */
struct player	*player_new(struct loop *, const struct tape *,
		    void (*sink)(void *, const struct session *,
		    const struct event *), void *);
void		 player_free(struct player *);
const struct tape *player_tape(const struct player *);
const struct session *player_session(const struct player *);
/* The first event now; the others at their time, unless it is paused. */
void		 player_start(struct player *, bool paused);
void		 player_pause(struct player *, bool);
bool		 player_paused(const struct player *);
/* Pause, and show what comes up to the next event that matters: that one's
   number from 0, or -1 when nothing is left (all of it has been shown). */
long		 player_step(struct player *, bool (*matters)(void *,
		    const struct event *), void *);
/* All that is left, at once. */
void		 player_rest(struct player *);
/* The next speed above or below: 0, or -1 when there is none. */
int		 player_faster(struct player *, int by);
/* Its word: "1", "1/2", "16", "max". */
const char	*player_speed(const struct player *);
/* How much shorter a second is, at least 1. */
double		 player_factor(const struct player *);
/* Microseconds of the session shown so far. */
int64_t		 player_us(const struct player *);
/* Has everything been shown? */
bool		 player_over(const struct player *);

#endif
