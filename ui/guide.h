/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tadoru SUBJECT on a terminal: a diagnosis in the full screen. */
#ifndef UI_GUIDE_H
#define UI_GUIDE_H

#include "ui/run.h"

struct subject;

/* Do the options and the terminal ask for the full screen? */
bool	 guide_wanted(const struct options *);
/* Diagnose in it: the exit status, -1 if the terminal cannot do it and
   nothing was begun. */
int	 guide_check(const struct options *, struct out *, struct world *,
	     const struct subject *);

/* The same with a recording. */
struct tape;
int	 guide_replay(const struct options *, struct out *,
	     const struct tape *);

#endif
