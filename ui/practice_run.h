/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A diagnosis in the world of a practice file. */
#ifndef UI_PRACTICE_RUN_H
#define UI_PRACTICE_RUN_H

#include "diag/engine.h"
#include "practice/exercise.h"
#include "ui/options.h"

struct practice_run {
	struct options		 opts;		/* of the file */
	struct subject		 subject;
	struct scenario		*scenario;
	struct world		*world;
	struct loop		*loop;		/* NULL: not begun */
	struct engine		*engine;
};

/* Build the world of a file, mended or not: 0, or -1 after one line on
   stderr; practice_run_free in both cases. */
int	 practice_build(struct practice_run *, const struct exercise *,
	    bool repaired);
/* Diagnose in it at full speed, to the end; sink may be NULL. */
void	 practice_diagnose(struct practice_run *, void (*sink)(void *,
	    const struct session *, const struct event *), void *ctx);
/* What was found: of practice_diagnose. */
const struct session *practice_session(const struct practice_run *);
void	 practice_run_free(struct practice_run *);

#endif
