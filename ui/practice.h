/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tadoru practice: parts shared by practice*.c. */
#ifndef UI_PRACTICE_H
#define UI_PRACTICE_H

#include "ui/practice_expect.h"
#include "ui/practice_files.h"
#include "ui/practice_refuse.h"
#include "ui/practice_run.h"
#include "ui/run.h"

/* One text of the language chosen, else English, else any; NULL: none. */
const char	*practice_say(const struct exercise *, enum exercise_part,
		    size_t n);
/* The name, the level and that this is the practice Internet. */
void		 practice_title(struct out *, const struct exercise *);
/* A heading and that text below; nothing if there is none. */
void		 practice_part(struct out *, const struct exercise *,
		    const char *heading, enum exercise_part);
/* Fault, proof and fix. */
void		 practice_answer(struct out *, const struct exercise *);
/* All scenarios by level, those done marked. */
void		 practice_list(struct out *, struct exercise **, size_t n);

/* One at full speed, all of it written: the exit status. */
int		 practice_unattended(const struct options *, struct out *,
		    const struct exercise *);
/* Every one at full speed, a line each: the exit status. */
int		 practice_every(struct out *);
/* Re-test with the repair: one line, with what is left below it; true if
   nothing is worse than notice but what the world itself is. */
bool		 practice_retest(struct out *, const struct exercise *);

/* The dialogue on a terminal, the guide in the middle: the exit status. */
int		 practice_talk(const struct options *, struct out *,
		    const struct exercise *);
/* A line of the operator's without blanks around; false at the end. */
bool		 practice_ask(struct out *, const char *prompt, char *line,
		    size_t size);
/* Choose from the list, then practice_talk, until the operator leaves. */
int		 practice_choose(const struct options *, struct out *);
/* The same in the order of a lesson. */
int		 practice_lesson(const struct options *, struct out *,
		    const char *lesson);

/* A shell in its world, or o->shell_command: the exit status of that. */
int		 practice_shell(const struct options *, struct out *,
		    const struct exercise *);

/* Was it solved, and with how many hints; kept in the state directory. The
   first time counts. */
bool		 practice_done(const char *name, size_t *hints);
void		 practice_set_done(const char *name, size_t hints);
void		 practice_forget(void);	/* what was read of it */

#endif
