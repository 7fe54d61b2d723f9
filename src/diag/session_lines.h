/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session keeps of lines. Only session*.c include this. */
#ifndef DIAG_SESSION_LINES_H
#define DIAG_SESSION_LINES_H

#include "diag/session.h"

/* Keep a line of this probe within the limits of its dialogue and of the
   session, or count it as dropped. */
void	 session_line(struct session *, struct sprobe *, const struct event *);
void	 session_lines_free(struct sprobe *);
/* Bytes of memory that a fact of this body counts for. */
size_t	 session_fact_cost(const json_t *body);

#endif
