/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that the operator gives: hints, trust anchor, CA, plan. */
#ifndef UI_GIVEN_H
#define UI_GIVEN_H

#include <stddef.h>

#include "base/world.h"
#include "ui/options.h"

/* A text file of at most 4 MiB, NUL-terminated; the caller frees. NULL after
   one line on stderr if it cannot be read or is not text. */
char	*given_read(const char *name);
/* Put what the options give into the world: 0, or -1 after one line on
   stderr (file, line, what was expected). */
int	 given_load(const struct options *, struct world *);

/* Check a file's text: 0, or -1, *line set and *expected a string key. */
int	 given_anchor_parse(const char *text, size_t *line,
	     const char **expected);
int	 given_ca_parse(const char *text, size_t *line,
	     const char **expected);
int	 plan_parse(const char *text, size_t *line, const char **expected);

#endif
