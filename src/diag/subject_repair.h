/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What subject.c needs of subject_repair.c. */
#ifndef DIAG_SUBJECT_REPAIR_H
#define DIAG_SUBJECT_REPAIR_H

#include "base/buf.h"

/* A copy of valid UTF-8 with everything repaired that can be, each kind of
   repair named in repairs; the caller frees. */
char	*subject_repair(struct buf *repairs, const char *);
/* Name a repair, once. */
void	 subject_repaired(struct buf *repairs, const char *word);
/* Take bytes off the front and the back, in place. */
void	 subject_cut(char *, size_t front, size_t back);

#endif
