/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a line of a scenario or of a practice file was refused: where it
 * stands, what was found, what was expected instead. It is no sentence: what
 * is expected are words of the grammar (tadoru-practice(5)), the same in every
 * language, or one of the keys of refusal.def.
 */
#ifndef PRACTICE_REFUSAL_H
#define PRACTICE_REFUSAL_H

#include <stdbool.h>

enum refusal_key {
#define REFUSAL(name, key) REFUSAL_##name,
#include "practice/refusal.def"
#undef REFUSAL
	REFUSAL_KEYS
};

struct refusal {
	char			*file;	/* NULL: of the text itself */
	unsigned		 line;	/* from 1; 0: none */
	char			*found;	/* raw; NULL: the line ended */
	bool			 file_end;	/* then: so did the file */
	enum refusal_key	 key;
	char			*words;	/* of the grammar; NULL: none */
	const char		*usage;	/* of the line, static; or NULL */
};

/* The key of a text, as refusal.def has it. */
const char	*refusal_key(enum refusal_key);
/* Fill one that is empty or full, all is copied; file, found, usage and words
   may be NULL. usage must last. */
void		 refusal_place(struct refusal *, const char *file,
		    unsigned line);
void		 refusal_expected(struct refusal *, const char *found,
		    const char *usage, enum refusal_key, const char *words);
/* Free what is in it; it is empty then. */
void		 refusal_free(struct refusal *);

#endif
