/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fatal signals, and the end of memory, while the terminal is in our hands, in
 * the guide and at the prompt alike. All that is done then is prepared
 * beforehand: these bytes are written, the terminal's modes set, and a signal
 * happens again.
 */
#include "ui/restore.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

#define LONGEST	256

static char bytes[LONGEST];
static size_t len;
static struct termios modes;
static bool have_modes, begun;
static int where = -1;

/* Faults of our own first, then what is sent from outside. */
static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT,
	SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2,
#ifdef SIGTRAP
	SIGTRAP,
#endif
#ifdef SIGXCPU
	SIGXCPU,
#endif
#ifdef SIGXFSZ
	SIGXFSZ,
#endif
#ifdef SIGSYS
	SIGSYS,
#endif
#ifdef SIGVTALRM
	SIGVTALRM,
#endif
#ifdef SIGPROF
	SIGPROF,
#endif
#ifdef SIGPWR
	SIGPWR,
#endif
#ifdef SIGSTKFLT
	SIGSTKFLT,
#endif
#ifdef SIGPOLL
	SIGPOLL,
#endif
};
#define FATAL	(sizeof(fatal) / sizeof(fatal[0]))
#define FAULTS	5
static struct sigaction before[FATAL];

static void
give_back(void)
{
	if (where < 0)
		return;
	if (write(where, bytes, len) < 0)
		len = 0;
	if (have_modes)
		tcsetattr(where, TCSANOW, &modes);
}

static void
on_fatal(int number)
{
	give_back();
	for (size_t i = 0; i < FATAL; i++)
		if (fatal[i] == number)
			sigaction(number, &before[i], NULL);
	raise(number);
}

static void
catch_all(void)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_fatal;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < FATAL; i++)
		if (sigaction(fatal[i], NULL, &before[i]) == 0 &&
		    (i < FAULTS || before[i].sa_handler == SIG_DFL))
			sigaction(fatal[i], &act, NULL);
	begun = true;
}

void
restore_begin(int fd, const char *text, size_t n, const struct termios *t)
{
	len = n < LONGEST ? n : 0;
	memcpy(bytes, text, len);
	have_modes = t != NULL;
	if (t != NULL)
		modes = *t;
	where = fd;
	xalloc_hook(give_back);
	if (!begun)
		catch_all();
}

void
restore_end(void)
{
	where = -1;
	xalloc_hook(NULL);
	if (!begun)
		return;
	begun = false;
	for (size_t i = 0; i < FATAL; i++)
		if (i < FAULTS || before[i].sa_handler == SIG_DFL)
			sigaction(fatal[i], &before[i], NULL);
}
