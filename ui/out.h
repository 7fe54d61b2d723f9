/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one writer of stdout and of report files, and the one of stderr. */
#ifndef UI_OUT_H
#define UI_OUT_H

#include <stdbool.h>
#include <stdio.h>

#define OUT_WIDTH 80

struct out {
	FILE		*file;
	const char	*name;		/* NULL: stdout */
	bool		 color;
	int		 ambiguous;	/* width of ambiguous characters */
	int		 error;		/* errno of the first failed write */
};

enum out_color { OUT_PLAIN, OUT_BOLD, OUT_RED, OUT_GREEN, OUT_YELLOW,
	OUT_CYAN, OUT_DIM };

/* stdout; colour only on a terminal, without NO_COLOR and if allowed. */
void	 out_stdout(struct out *, bool color, int ambiguous);
/* A file, made anew: 0, or -1 with errno. name is borrowed. */
int	 out_file(struct out *, const char *name, int ambiguous);
/* The same, but of a file that is there nothing is lost: EEXIST. */
int	 out_new_file(struct out *, const char *name, int ambiguous);
void	 out_put(struct out *, const char *);
void	 out_printf(struct out *, const char *, ...)
	     __attribute__((format(printf, 2, 3)));
/* Text in a colour, if there is any. */
void	 out_color(struct out *, enum out_color, const char *);
/* Text broken into lines of OUT_WIDTH, the first after first, the others
   after rest (both indents count). A line feed in the text breaks too. */
void	 out_wrap(struct out *, const char *first, const char *rest,
	     const char *text);
/* s, then blanks up to columns. */
void	 out_pad(struct out *, const char *s, int columns);
void	 out_flush(struct out *);
/* Flush and close: 0, or -1 after one line on stderr that says why. */
int	 out_close(struct out *);

/* One line on stderr: "tadoru: " and the text of key filled with name,
   value pairs, NULL at the end; values are escaped. */
void	 out_say(const char *key, ...);
/* What out_say says next is about that line of that file (borrowed); NULL
   ends it. */
void	 out_place(const char *file, size_t line);
/* The same with a place in front: "tadoru: FILE:LINE: "; line 0: none. */
void	 out_say_at(const char *file, size_t line, const char *text);

#endif
