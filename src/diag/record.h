/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording: one event a line, appended as it happens; and its reader. */
#ifndef DIAG_RECORD_H
#define DIAG_RECORD_H

#include <stdio.h>

#include "diag/event.h"

/* The line of an event without newline (ASCII only); caller frees. */
char	*record_line(const struct event *);
/* One line back to an event (event_clear it). 0, or -1 and *why a word:
   "json" "version" "kind" "member". */
int	 record_parse(const char *, size_t, struct event *, const char **why);

#endif
