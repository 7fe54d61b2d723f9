/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First words of lines, and tables of verbs. Private to src/talk. */
#ifndef TALK_VERB_H
#define TALK_VERB_H

#include <stdbool.h>
#include <stddef.h>

struct verb {
	const char	*word;
	int		 id, kind;	/* of the protocol */
};

/* Bytes of the first word. */
size_t	 verb_len(const char *, size_t);
/* Blanks and tabs in front. */
size_t	 verb_skip(const char *, size_t);
/* Is the first word this one, case ignored? */
bool	 verb_is(const char *, size_t, const char *word);
/* The row of the first word, NULL for others; the first row of a table is for
   the greeting, which nobody says. */
const struct verb *verb_find(const struct verb *, size_t rows, const char *,
	     size_t);
/* The word of an id; "" for others. */
const char *verb_word(const struct verb *, size_t rows, int id);

#endif
