/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program guide_memory on a pseudo-terminal of its own, whose bytes are
 * kept, and shown by libvterm where it is there.
 */
#ifndef PTY_KIT_H
#define PTY_KIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include "base/buf.h"
#include "tests/unit/screen_kit.h"

#define PTY_ROWS 30
#define PTY_COLS 100

struct pty {
	pid_t		 pid;
	int		 master, slave;
	struct termios	 before;
	struct buf	 out;
	int		 column;	/* answer to a cursor report; 0 none */
	size_t		 answered;
	const char	*term;
	const char	*locale;	/* LC_ALL; NULL: C.UTF-8 */
	const char	*program;	/* in check/; NULL: guide_memory */
	int		 rows, cols;	/* 0: PTY_ROWS, PTY_COLS */
	bool		 no_color;	/* NO_COLOR of our own stays */
	bool		 job;		/* it may stop: "[stopped]", then any
					   line lets it go on */
	struct screen	 screen;	/* its terminal alone; pty_run */
};

int64_t	 pty_ms(void);
/* Path of the program guide_memory; the caller frees. */
char	*pty_program(void);
/* With one argument or none (NULL); piped: its stdin is a pipe. */
void	 pty_begin(struct pty *, bool piped, const char *arg);
/* With arguments, NULL at the end, and a screen; no_color, job, program,
   locale, rows and cols are set before. */
void	 pty_run(struct pty *, const char *term, const char *const *argv);
/* Read what it writes until text came among the bytes, or ms went by. */
bool	 pty_wait(struct pty *, const char *text, int ms);
/* The same, until text is on the screen. */
bool	 pty_shows(struct pty *, const char *text, int ms);
/* The same, until is(pty, arg) holds: one picture comes in many reads, so
   that what shows one part of it says nothing about the rest. */
bool	 pty_until(struct pty *, bool (*is)(struct pty *, const void *arg),
	    const void *arg, int ms);
/* The same, until the terminal echoes and edits lines, or does neither. */
bool	 pty_cooked(struct pty *, bool, int ms);
/* Type it, until the program has read it. */
void	 pty_type(struct pty *, const char *keys);
/* Its exit status within ms; -1: it still runs. */
int	 pty_end_status(struct pty *, int ms);
void	 pty_end(struct pty *);
/* The other screen was left, the modes are as before. */
void	 pty_assert_restored(struct pty *, const char *how);
void	 pty_say(struct pty *, const char *keys);

#endif
