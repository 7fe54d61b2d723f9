/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of exercise*.c: a file being read. */
#ifndef PRACTICE_EXERCISE_INSIDE_H
#define PRACTICE_EXERCISE_INSIDE_H

#include "practice/exercise.h"

struct reading {
	struct exercise		*e;
	const char		*file, *at;	/* at: the text left */
	unsigned		 line;		/* the last one read */
	const char		*word, *usage;
	int			 part;
	int			 depth;		/* of includes */
	exercise_fetch		*fetch;
	void			*ctx;
	struct refusal		*why;
};

typedef int exercise_word(struct reading *, char *rest);
exercise_word exercise_word_name, exercise_word_level, exercise_word_domain,
    exercise_word_options, exercise_word_include, exercise_word_kind,
    exercise_word_block, exercise_word_text, exercise_word_expect,
    exercise_word_prove, exercise_word_world;

/* Say what was expected instead of found, words of the grammar or a key;
   where found is empty, at the end of the line, or of the file without
   r->usage. Always -1. */
int	 exercise_expected(struct reading *, const char *found,
	    const char *words);
int	 exercise_refuse(struct reading *, const char *found,
	    enum refusal_key);
/* The next line (malloc'd), or NULL at the end. */
char	*exercise_next_line(struct reading *);
/* Read a text into e: false after exercise_expected. */
bool	 exercise_read_into(struct exercise *e, struct reading *);
/* Does a declaration end in a word {? */
bool	 exercise_opens(const char *line);
/* How a line with that word looks. */
const char	*exercise_usage(const char *word);
/* Does the line, unindented, open a block that stands for itself? */
bool	 exercise_opens_block(const char *line);
/* Has the file all it needs? 0, or -1. */
int	 exercise_whole(struct reading *);

#endif
