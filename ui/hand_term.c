/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal under the prompt of tadoru repl: whatever signal comes, what is
 * typed blind stays blind, and the shell gets its terminal back.
 */
#include "ui/hand_term.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ui/hand.h"
#include "ui/hand_edit.h"
#include "ui/restore.h"
#include "ui/signals.h"

bool
hand_term_signal(struct hand *h, int number)
{
	switch (number) {
	case SIGINT:
		hand_interrupt(h);
		hand_edit_cancel();
		return true;
	case SIGTSTP:
		hand_edit_leave();
		signals_stop();
		hand_edit_enter();
		return true;
	case SIGCONT:
		hand_edit_enter();
		return true;
	case SIGWINCH:
		hand_edit_resize();
		return true;
	default:
		return false;
	}
}

void
hand_term_begin(void)
{
	static const char bytes[] = "\033[?2004l\n";
	const char *type = getenv("TERM");
	bool dumb = type == NULL || strcmp(type, "dumb") == 0;
	size_t skip = dumb ? sizeof(bytes) - 2 : 0;
	struct termios was;

	if (tcgetattr(STDIN_FILENO, &was) == 0)
		restore_begin(STDOUT_FILENO, bytes + skip,
		    sizeof(bytes) - 1 - skip, &was);
}

void
hand_term_end(void)
{
	restore_end();
}
