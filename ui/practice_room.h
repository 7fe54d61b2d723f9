/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a practice shell finds around it: files, environment, greeting. */
#ifndef UI_PRACTICE_ROOM_H
#define UI_PRACTICE_ROOM_H

#include "base/buf.h"
#include "base/world.h"
#include "practice/exercise.h"
#include "ui/out.h"

struct room {
	char	*dir;		/* of its files; NULL: not made */
	char	*check;		/* the command line of the diagnosis */
	bool	 resolv;	/* resolv.conf is that of the world */
};

/* In a mount namespace of our own: the files of this world, seen here only.
   0, or -1 with errno. */
int	 room_make(struct room *, const struct world *,
	    const struct exercise *);
/* In process 1: its own /proc and environment. */
void	 room_inside(const struct room *);
void	 room_greet(const struct room *, struct out *,
	    const struct exercise *);
void	 room_end(struct room *);

#endif
