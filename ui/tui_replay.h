/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys that move a recording. */
#ifndef UI_TUI_REPLAY_H
#define UI_TUI_REPLAY_H

#include <stdbool.h>

struct tui;

void	 replay_pause(struct tui *);
/* Show what comes up to the next event that matters. */
void	 replay_step(struct tui *);
/* The same for Enter: only while the cursor follows. false: not now. */
bool	 replay_enter(struct tui *);

#endif
