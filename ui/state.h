/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every run is kept in the user's state directory, bounded. */
#ifndef UI_STATE_H
#define UI_STATE_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"
#include "diag/session.h"

#define STATE_FILES	200		/* runs kept */
#define STATE_BYTES	(256ll << 20)	/* of all of them together */
#define STATE_ONE	(64ll << 20)	/* of one: lines of dialogues */
#define STATE_REST	(8ll << 20)	/* what else it says meanwhile */

/* $XDG_STATE_HOME/tadoru, else ~/.local/state/tadoru; the caller frees. NULL:
   there is no home. */
char	*state_dir(void);

/* The same, made if need be (ours alone); NULL: there is none, and it cannot
   be made. */
char	*state_make(void);

struct state;

/* A run to be kept in dir (NULL: state_dir). It never fails: what cannot be
   written is said once and left. */
struct state	*state_open(const char *dir);
/* The next event, and its line of the recording, n bytes with its line feed;
   the first is the session event, which names the file. Past STATE_ONE lines
   of dialogues are left out, which is said there; past STATE_REST behind it
   all but the end. */
void		 state_line(struct state *, const struct session *,
		    const struct event *, const char *line, size_t n);
/* Close, and remove the oldest beyond the bounds. */
void		 state_close(struct state *);

/* What the newest run of that name in dir (NULL: state_dir) said: {"date",
   "epoch","verdict","worst":finding}; a new reference, NULL if none. */
json_t	*state_last(const char *dir, const char *name);
/* "last run 3 d ago: same", of the session's member "last" and what is known
   now; nothing is added if there was none. */
void	 state_said(struct buf *, const struct session *);

#endif
