/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A refused line of a practice file in the language chosen. */
#ifndef UI_PRACTICE_REFUSE_H
#define UI_PRACTICE_REFUSE_H

#include "practice/refusal.h"

/* What was found and what was expected, malloc'd, escaped; without place. */
char	*practice_refuse_text(const struct refusal *);
/* One line on stderr with file and line; frees what is in it. */
void	 practice_refuse(struct refusal *);

#endif
