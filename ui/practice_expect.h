/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a practice file expects, compared with what a diagnosis found. */
#ifndef UI_PRACTICE_EXPECT_H
#define UI_PRACTICE_EXPECT_H

#include "diag/session.h"
#include "practice/exercise.h"

struct practice_expect {
	const char	*text;		/* as written; borrowed */
	char		*id, *name, *qname;	/* NULL: any */
	int		 level, side;	/* -1: any */
	struct endpoint	 ep;		/* addr, port, proto; empty: any */
	unsigned	 flags;
	size_t		 matched;	/* findings that are it */
};

struct practice_expects {
	struct practice_expect	*list;
	size_t			 n;
};

/* Read the expectations: 0, or -1 and why. An id that tadoru does not
   have is an error unless the file says not-yet. */
int	 practice_expects(struct practice_expects *, const struct exercise *,
	    struct refusal *why);
void	 practice_expects_free(struct practice_expects *);
/* Compare: the matched of each, and the findings worse than notice that
   nobody expected, in *beside (malloc'd list of n). True if all of the
   former came and none of the latter. */
bool	 practice_compare(struct practice_expects *, const struct session *,
	    const struct finding ***beside, size_t *n);
/* A finding in the words of expect, malloc'd. */
char	*practice_words(const struct finding *);

#endif
