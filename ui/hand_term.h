/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal under the prompt of tadoru repl, for hand_repl.c. */
#ifndef UI_HAND_TERM_H
#define UI_HAND_TERM_H

#include <stdbool.h>

struct hand;

/* Before readline takes it: every way out gives it back as it is now. */
void	 hand_term_begin(void);
/* It was given back. */
void	 hand_term_end(void);
/* A signal of signals_next, for the line being typed; false: it means the
   end. */
bool	 hand_term_signal(struct hand *, int number);

#endif
