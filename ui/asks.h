/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions and choices as text on a terminal: --plain; and what a typed
   answer means, also for the guide. */
#ifndef UI_ASKS_H
#define UI_ASKS_H

#include "diag/engine.h"
#include "ui/options.h"
#include "ui/out.h"

#define ASKS_TYPED 128

/* May the plain output ask? Only the guide's own ways in, on a terminal. */
bool		 asks_wanted(const struct options *);
/* What is typed as the answer that engine_answer takes: a number of the list
   as its word, without blanks around; in is changed. */
const char	*asks_value(enum ask_id, char *in);
/* The question in words; the caller frees. how: "row" (one line), "prompt". */
char		*asks_text(const struct session *, enum ask_id,
		    const char *how);
/* Ask all open questions of the session, one after the other. */
void		 asks_all(struct engine *, struct out *);
/* The choices at the end, until the operator has none left. true: diagnose
   again. */
bool		 asks_next(const struct session *, const struct options *,
		    struct out *);

#endif
