/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals for the loop: a handler writes the signal's number into a pipe of
 * our own, the loop reads it when nothing else is happening.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "ui/tui_term.h"

static int ends[2] = { -1, -1 };

static const int caught[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGCONT,
	SIGTSTP };
#define CAUGHT (sizeof(caught) / sizeof(caught[0]))
#define STOP (CAUGHT - 1)
static struct sigaction before[CAUGHT];
static bool stops;

static void
on_signal(int number)
{
	int was = errno;
	char byte = (char)number;

	if (write(ends[1], &byte, 1) < 0)
		errno = 0;
	errno = was;
}

static void
catch_one(size_t i)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	sigemptyset(&act.sa_mask);
	act.sa_flags = SA_RESTART;
	sigaction(caught[i], &act, &before[i]);
}

int
term_signals(bool stop)
{
	size_t i;

	if (pipe(ends) != 0)
		return -1;
	for (i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	}
	for (i = 0; i < STOP; i++)
		catch_one(i);
	/* Where there is no job control it is ignored, and stays so. */
	stops = stop && sigaction(SIGTSTP, NULL, &before[STOP]) == 0 &&
	    before[STOP].sa_handler == SIG_DFL;
	if (stops)
		catch_one(STOP);
	return ends[0];
}

void
term_stop(void)
{
	if (!stops)
		return;
	sigaction(SIGTSTP, &before[STOP], NULL);
	raise(SIGTSTP);
	catch_one(STOP);
}

int
term_signal(void)
{
	char byte;

	return ends[0] >= 0 && read(ends[0], &byte, 1) == 1 ? byte : 0;
}

void
term_signals_end(void)
{
	size_t i;

	if (ends[0] < 0)
		return;
	for (i = 0; i < STOP + stops; i++)
		sigaction(caught[i], &before[i], NULL);
	stops = false;
	for (i = 0; i < 2; i++) {
		close(ends[i]);
		ends[i] = -1;
	}
}
