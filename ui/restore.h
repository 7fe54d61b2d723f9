/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gives a terminal back when a signal kills us, or memory is gone. */
#ifndef UI_RESTORE_H
#define UI_RESTORE_H

#include <stddef.h>
#include <termios.h>

/* Bytes to be written to fd on a fatal signal or when memory is gone (copied;
   what is too long is left out) and the modes to be set there (NULL: as they
   are), from now on; signals that are ignored or handled already stay so, but
   for faults. */
void	 restore_begin(int fd, const char *bytes, size_t n,
	     const struct termios *);
/* The terminal was given back: such signals are as before. */
void	 restore_end(void);

#endif
