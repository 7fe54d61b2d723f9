/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line editor of tadoru repl: readline's callback interface fed through a
 * queue of bytes. There is one at a time (readline's state is global).
 */
#ifndef UI_HAND_EDIT_H
#define UI_HAND_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct hand;

struct hand_edit_hooks {
	void	*ctx;
	/* Completions to show, each of n words. */
	void	(*choices)(void *, char **, size_t n);
};

/* It draws on stdout. */
void	 hand_edit_begin(struct hand *, const struct hand_edit_hooks *);
void	 hand_edit_end(void);
/* Bytes that were typed. */
void	 hand_edit_keys(const char *, size_t);
/* Ctrl-C: throw the line away, and wipe it. */
void	 hand_edit_cancel(void);
/* Give the terminal back before a stop; take it (again), whatever
   was done to it meanwhile, and draw the line. */
void	 hand_edit_leave(void);
void	 hand_edit_enter(void);
/* The terminal has another size. */
void	 hand_edit_resize(void);
/* The prompt changed, or a question began or ended. */
void	 hand_edit_prompt(void);
/* Take the line off the screen to print, and put it back. */
void	 hand_edit_hide(void);
void	 hand_edit_show(void);

#endif
