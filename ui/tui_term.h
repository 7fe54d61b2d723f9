/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: taken with curses, given back on every way out that a program
 * can catch.
 */
#ifndef UI_TUI_TERM_H
#define UI_TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct terminal {
	int	 in, out;		/* descriptors; -1: none */
	FILE	*fin, *fout;
	bool	 utf8, own_in;
	void	*screen, *input;	/* SCREEN, WINDOW that is read */
};

/* Take the terminal of this process: 0, or -1 and nothing was changed. */
int	 term_open(struct terminal *, bool color);
/* Take streams as a terminal of that type and size (tests). */
int	 term_open_at(struct terminal *, const char *type, FILE *in, FILE *out,
	     int rows, int cols, bool color);
/* Give it back; no harm if it is not in our hands. */
void	 term_close(struct terminal *);
/* Give it back for a while, and take it again. */
void	 term_leave(struct terminal *);
void	 term_enter(struct terminal *);
/* Columns that this terminal gives to ambiguous characters: 1 or 2, or 0 if
   it does not say within a tenth of a second, or says both. */
int	 term_measure(struct terminal *);
/* The size the kernel knows: 0, or -1. */
int	 term_size(const struct terminal *, int *rows, int *cols);
/* The next key as keys.h has it, or -1 if there is none now. */
int	 term_read(struct terminal *);
/* Bytes past curses (OSC 52). */
void	 term_write(struct terminal *, const char *, size_t);
void	 term_mouse(struct terminal *, bool on);

/* Set LC_CTYPE alone, to UTF-8 wherever the environment says so, be that very
   locale here or not: is it UTF-8? */
bool	 term_locale(void);

/* Columns of ambiguous characters as curses shall count them. false: this
   system does not let us say so; only narrow signs are drawn then. */
bool	 width_set(int ambiguous);

#endif
