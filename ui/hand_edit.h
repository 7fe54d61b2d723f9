/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line editor of by-hand: readline's callback interface fed through a
 * queue of bytes, so that it serves a curses window and a plain terminal
 * alike. There is one at a time (readline's state is global).
 */
#ifndef UI_HAND_EDIT_H
#define UI_HAND_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct hand;

struct hand_edit_hooks {
	void	*ctx;
	/* Something to draw changed (window mode; plain: NULL). */
	void	(*redraw)(void *);
	/* Completions to show, each of n words. */
	void	(*choices)(void *, char **, size_t n);
};

/* window: readline draws nothing itself, hooks.redraw does; else it draws on
   stdout. */
void	 hand_edit_begin(struct hand *, bool window,
	     const struct hand_edit_hooks *);
void	 hand_edit_end(void);
/* Bytes of keys (curses key codes as keybound(code, 0) gives them). */
void	 hand_edit_keys(const char *, size_t);
/* Text of a bracketed paste. */
void	 hand_edit_paste(const char *);
/* Ctrl-C: throw the line away, and wipe it. */
void	 hand_edit_cancel(void);
/* Plain mode: give the terminal back before a stop; take it (again), whatever
   was done to it meanwhile, and draw the line. */
void	 hand_edit_leave(void);
void	 hand_edit_enter(void);
/* The terminal has another size. */
void	 hand_edit_resize(void);
/* Put a line to be edited (e). */
void	 hand_edit_put(const char *);
/* The prompt changed, or a question began or ended. */
void	 hand_edit_prompt(void);
/* What to draw: UTF-8; a secret answer is drawn as nothing. */
const char *hand_edit_shown_prompt(void);
const char *hand_edit_text(void);
size_t	 hand_edit_point(void);		/* in bytes of the text */
/* Plain mode: take the line off the screen to print, and put it back. */
void	 hand_edit_hide(void);
void	 hand_edit_show(void);

#endif
