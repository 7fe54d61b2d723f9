/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals for a loop: a handler writes the signal's number into a pipe of our
 * own, the loop reads it when nothing else is happening. What reads blind and
 * without a loop (account.c) has its own way.
 */
#include "ui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static int ends[2] = { -1, -1 };

static const struct {
	int		number;
	unsigned	kind;
} known[] = {
	{ SIGINT, SIGNALS_END }, { SIGTERM, SIGNALS_END },
	{ SIGHUP, SIGNALS_END }, { SIGQUIT, SIGNALS_QUIT },
	{ SIGWINCH, SIGNALS_SCREEN }, { SIGCONT, SIGNALS_SCREEN },
	{ SIGTSTP, SIGNALS_STOP } };
#define KNOWN	(sizeof(known) / sizeof(known[0]))
#define STOP	(KNOWN - 1)
static struct sigaction before[KNOWN];
static bool caught[KNOWN];

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
set(size_t i, void (*handler)(int), struct sigaction *old)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = handler;
	sigemptyset(&act.sa_mask);
	act.sa_flags = SA_RESTART;
	sigaction(known[i].number, &act, old);
}

static void
close_ends(void)
{
	for (size_t i = 0; i < 2; i++) {
		if (ends[i] >= 0)
			close(ends[i]);
		ends[i] = -1;
	}
}

/* Where there is no job control SIGTSTP is ignored, and stays so. */
static bool
wanted(size_t i, unsigned kinds)
{
	if ((known[i].kind & kinds) == 0)
		return false;
	return i != STOP || (sigaction(SIGTSTP, NULL, &before[i]) == 0 &&
	    before[i].sa_handler == SIG_DFL);
}

int
signals_begin(unsigned kinds)
{
	size_t i;

	if (pipe(ends) != 0)
		return -1;
	for (i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	}
	for (i = 0; i < KNOWN; i++)
		if ((caught[i] = wanted(i, kinds)))
			set(i, on_signal, &before[i]);
	return ends[0];
}

int
signals_next(void)
{
	char byte;

	return ends[0] >= 0 && read(ends[0], &byte, 1) == 1 ? byte : 0;
}

void
signals_stop(void)
{
	if (!caught[STOP])
		return;
	sigaction(SIGTSTP, &before[STOP], NULL);
	raise(SIGTSTP);
	set(STOP, on_signal, NULL);
}

void
signals_leave(void (*handler)(int))
{
	for (size_t i = 0; i < KNOWN; i++) {
		if (caught[i])
			set(i, handler, NULL);
		caught[i] = false;
	}
	close_ends();
}

void
signals_end(void)
{
	for (size_t i = 0; i < KNOWN; i++) {
		if (caught[i])
			sigaction(known[i].number, &before[i], NULL);
		caught[i] = false;
	}
	close_ends();
}
