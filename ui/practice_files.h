/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice files compiled in by tools/mkpractice, and those of a user. */
#ifndef UI_PRACTICE_FILES_H
#define UI_PRACTICE_FILES_H

#include <stddef.h>

#include "practice/exercise.h"

struct practice_file {
	const char		*name;
	const char *const	*lines;		/* NULL after the last */
};

/* Sorted by name; one all-NULL row at the end. */
extern const struct practice_file practice_files[];
extern const size_t practice_file_count;

/* The text of a file compiled in (malloc'd), or NULL. */
char		*practice_text(const char *name);
/* Read what NAME or FILE says; NULL after one line on stderr. */
struct exercise	*practice_load(const char *name);
/* All that are compiled in and are no base, by level, then in the order of
   the field guide; an array of n, malloc'd like each. */
struct exercise	**practice_all(size_t *n);
void		 practice_all_free(struct exercise **, size_t n);

#endif
