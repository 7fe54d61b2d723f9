/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open question: a row under the head, and the line that answers it. */
#ifndef UI_TUI_ASK_H
#define UI_TUI_ASK_H

#include <stdbool.h>

struct tui;

/* An ask_id, -1: none is open. */
int	 ask_open(const struct tui *);
void	 ask_draw(struct tui *, int y);
/* Go to it: its line at the bottom. false: none is open. */
bool	 ask_go(struct tui *);

#endif
