/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice file: the story of a broken domain (ticket, hints, causes to
 * choose from, fault, fix) and the small Internet it happens in. The words
 * are in exercise.c.
 */
#ifndef PRACTICE_EXERCISE_H
#define PRACTICE_EXERCISE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "practice/scenario.h"

/* Where something stands in which file. */
struct exercise_place {
	char		*file;
	unsigned	 line;
};

struct exercise_line {
	struct exercise_place	 at;
	char			*text;
};

struct exercise_lines {
	struct exercise_line	*list;
	size_t			 n;
};

enum exercise_part { EXERCISE_TICKET, EXERCISE_HINT, EXERCISE_RIGHT,
	EXERCISE_WRONG, EXERCISE_FAULT, EXERCISE_FIX, EXERCISE_PARTS };

/* A text in one language; several hints and wrong causes in their order. */
struct exercise_text {
	enum exercise_part	 part;
	char			 lang[8];
	char			*text;
};

/* A scenario; a set-up that only looks odd; or a world to include. */
enum exercise_kind { EXERCISE_SCENARIO, EXERCISE_QUIET, EXERCISE_BASE };

struct exercise {
	char			*file, *name, *domain;
	int			 level;		/* 1..4; 0: not said */
	enum exercise_kind	 kind;
	bool			 not_yet;	/* no step finds it today */
	char			**options;	/* of the command line */
	size_t			 noptions;
	struct exercise_text	*texts;
	size_t			 ntexts;
	struct exercise_lines	 expects;	/* what follows the word */
	char			*prove;
	struct exercise_lines	 world, repair;	/* as written */
};

/* What an include names: its text (malloc'd), or NULL. */
typedef char *exercise_fetch(void *ctx, const char *name);

/* Read a practice file's text; NULL and why (refusal_free). file is the name
   said there. */
struct exercise	*exercise_read(const char *file, const char *text,
		    exercise_fetch *, void *ctx, struct refusal *why);
void		 exercise_free(struct exercise *);
/* The n-th text of that part and language, from 0; NULL if there is none. */
const char	*exercise_say(const struct exercise *, const char *lang,
		    enum exercise_part, size_t n);
/* Add a line of a text written by hand: on a new line if it or the one before
   it begins with a blank or is empty, else behind that, without a blank
   beside a wide character. verbatim: of the line before, false at first. */
void		 exercise_join(struct buf *, const char *line, bool *verbatim);
/* The scenario it declares, with the repair if repaired; NULL and why. */
struct scenario	*exercise_scenario(const struct exercise *, bool repaired,
		    uint64_t seed, struct refusal *why);

#endif
