/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals as bytes on a descriptor, for a loop; of one user at a time. */
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

/* Which: the wish to end (SIGINT, SIGTERM, SIGHUP), that and SIGQUIT, what a
   terminal tells (SIGWINCH, SIGCONT), SIGTSTP. */
enum signals_kind { SIGNALS_END = 1, SIGNALS_QUIT = 2, SIGNALS_SCREEN = 4,
	SIGNALS_STOP = 8 };

/* Catch those of a set of kinds; SIGTSTP, which then waits for signals_stop,
   only where it would stop us. The descriptor to watch, or -1 with errno. */
int	 signals_begin(unsigned kinds);
/* The next signal that came, or 0. */
int	 signals_next(void);
/* Stop as SIGTSTP would have; returns when it goes on. */
void	 signals_stop(void);
/* In a child: what is caught is SIG_DFL or SIG_IGN from now on, and no longer
   told to the parent. */
void	 signals_leave(void (*handler)(int));
/* All are as before signals_begin; no harm without it. */
void	 signals_end(void);

#endif
