/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/readline_leave.h"

#include <stdio.h>

#include <readline/readline.h>

/* Outside of its reader readline's clean-up thinks that nothing is on, and it
   ends one thing at a time. */
void
readline_leave(void)
{
	static const unsigned long on = RL_STATE_ISEARCH | RL_STATE_NSEARCH |
	    RL_STATE_VIMOTION | RL_STATE_NUMERICARG | RL_STATE_MULTIKEY |
	    RL_STATE_CHARSEARCH;
	int i;

	rl_free_line_state();
	for (i = 0; i < 4; i++) {
		RL_SETSTATE(RL_STATE_CALLBACK);
		rl_callback_sigcleanup();
	}
	rl_readline_state &= ~(on | RL_STATE_CALLBACK);
}
