/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines typed before, for the arrow keys: one history a kind of line. */
#ifndef UI_HISTORIES_H
#define UI_HISTORIES_H

/* Readline's history is the one of this name from now on, at its end; the one
   that was is kept. The name is copied, its first 31 bytes count. */
void	 histories_choose(const char *name);

#endif
