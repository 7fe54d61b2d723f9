/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page: the rows of one pane, made anew whenever something changed, and
 * the place in it, which is kept by what a row stands for.
 */
#ifndef UI_TUI_PAGE_H
#define UI_TUI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Marks inside a row's text that switch the style; text of a peer cannot
   contain them, as it is escaped. They take no column. */
#define ST_NORMAL	"\001"
#define ST_BOLD		"\002"
#define ST_DIM		"\003"
#define ST_GREEN	"\004"
#define ST_CYAN		"\005"
#define ST_YELLOW	"\006"
#define ST_RED		"\007"
#define ST_LAST		7

/* A part of a row with an id of its own (a field of the matrix). */
struct row_cell {
	int		 x, w;
	char		*id;
};

struct row {
	char		*text;		/* UTF-8 with marks */
	char		*id;		/* what it stands for; may be NULL */
	bool		 more;		/* goes on the row before */
	struct row_cell	*cells;
	size_t		 ncells;
};

struct page {
	struct row	*rows;
	size_t		 n, cap;
	size_t		 cursor, top;
	int		 left;		/* columns scrolled away */
	int		 cell;		/* of the row under the cursor */
	bool		 stick;		/* to the last row */
	/* the place while the rows are made anew */
	char		*keep;
	size_t		 keep_nth;
};

void	 page_free(struct page *);
/* Drop the rows; the place is remembered. */
void	 page_begin(struct page *);
/* Find the place again in a pane of that many rows. */
void	 page_end(struct page *, int height);
/* Add a row; id may be NULL. */
struct row *page_add(struct page *, const char *id, const char *text);
void	 row_cell(struct row *, int x, int w, const char *id);
/* Add text, broken into rows of width columns when wrap is set. */
void	 page_text(struct page *, const char *id, const char *first,
	    const char *rest, const char *text, int width, bool wrap,
	    int ambiguous);
/* Add prose: lines of a paragraph are joined and broken anew, indented ones
   stay as they are. */
void	 page_prose(struct page *, const char *first, const char *text,
	    int width, int ambiguous);
/* Move the cursor by rows, or to a row; keeps it in sight. */
void	 page_move(struct page *, long by, int height);
void	 page_to(struct page *, size_t row, int height);
void	 page_show(struct page *, int height);
/* The row with that id: its index, or n. */
size_t	 page_find_id(const struct page *, const char *id);
/* The id under the cursor (of its cell if it has any); "" if none. */
const char *page_id(const struct page *);
/* The next row from the cursor that contains text (ASCII case ignored),
   dir 1 or -1, around the end: its index, or n. */
size_t	 page_search(const struct page *, const char *text, int dir);
/* The text of a row without marks; the caller frees. */
char	*row_plain(const struct row *);

#endif
