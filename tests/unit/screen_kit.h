/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide on a terminal that is a program: curses writes into a file, the
 * bytes go to libvterm, its cells are compared. No terminal, no child, no
 * waiting; a diagnosis in the memory world feeds it.
 */
#ifndef SCREEN_KIT_H
#define SCREEN_KIT_H

#include "tests/unit/diag_kit.h"
#include "ui/tui.h"

struct screen {
	struct tui	*tui;
	struct keys	 keys;
	struct loop	*loop;		/* own, when there is none yet */
	FILE		*in, *out;
	int		 rows, cols, amb;
	bool		 utf8;
	void		*vt;		/* VTerm */
	char		*bytes;		/* all that was written lately */
	size_t		 nbytes;
	size_t		 total;
};

/* "SKIP vterm: ..." is printed and false returned without libvterm. */
bool	 screen_here(void);
/* A guide on a session, with engine or without. lang "en" or "ja". */
void	 screen_open(struct screen *, struct loop *, struct engine *,
	     const struct session *, int rows, int cols, const char *lang,
	     int ambiguous, bool utf8, bool color);
void	 screen_close(struct screen *);
/* A terminal alone, for bytes of another program; with these only
   screen_text, screen_row, screen_shows, screen_cursor. */
void	 screen_terminal(struct screen *, int rows, int cols);
void	 screen_feed(struct screen *, const char *, size_t);
void	 screen_terminal_end(struct screen *);
/* Where the hardware cursor is. */
void	 screen_cursor(struct screen *, int *row, int *col);
/* Draw now, and let the terminal take it in. */
void	 screen_draw(struct screen *);
/* Keys by name, parted by blanks: "Down Enter m"; the picture follows. */
void	 screen_keys(struct screen *, const char *names);
/* Characters typed into the line. */
void	 screen_type(struct screen *, const char *text);
void	 screen_size(struct screen *, int rows, int cols);
/* The picture as text, rows ended by line feeds; the caller frees. */
char	*screen_text(struct screen *);
/* One row of it. */
char	*screen_row(struct screen *, int row);
bool	 screen_shows(struct screen *, const char *text);
/* Invariants: the terminal shows what curses believes; no row is wider than
   the screen; no raw control byte reached the terminal but those of its
   sequences. Fails the test. */
void	 screen_check(struct screen *, const char *what);
/* Compare with tests/screen/golden/NAME; TADORU_GOLDEN=write makes it. */
void	 screen_golden(struct screen *, const char *name);

#endif
