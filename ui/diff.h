/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of tadoru diff. */
#ifndef UI_DIFF_H
#define UI_DIFF_H

#include "diag/session.h"
#include "ui/out.h"

struct diff_side {
	const char	*file;
	struct session	*s;
	json_t		*end;		/* own reference */
};

#define DIFF_PLACES	3

/* The members of "delegation". */
extern const char *const diff_places[DIFF_PLACES];

/* The domain of a session, "" if it has none. */
const char	*diff_name(const struct diff_side *);
/* The difference, as the object of tadoru-json(5), in words; sides: old and
   new. */
void		 diff_text(struct out *, const struct diff_side sides[2],
		    const json_t *difference);

#endif
