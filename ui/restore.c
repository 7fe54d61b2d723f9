/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fatal signals, and the end of memory, while the terminal is in our hands, in
 * the guide and at the prompt alike. All that is done then is prepared
 * beforehand: these bytes are written, the terminal's modes set, and a signal
 * happens again. Where the stack is full, too: the handler has one of its own.
 */
#include "ui/restore.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

#define LONGEST	256
#define STACK	65536	/* bytes; the kernel alone may put 12 KiB there */

static char bytes[LONGEST];
static size_t len;
static struct termios modes;
static bool have_modes, begun, standing;
static char stack[STACK];
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

/* A sanitizer has one already, of the size that its reports want. */
static void
stand_aside(void)
{
	stack_t ours, now;

	memset(&ours, 0, sizeof(ours));
	ours.ss_sp = stack;
	ours.ss_size = sizeof(stack);
	standing = sigaltstack(NULL, &now) == 0 &&
	    (now.ss_flags & SS_DISABLE) != 0 && sigaltstack(&ours, NULL) == 0;
}

static void
stand_back(void)
{
	stack_t none;

	memset(&none, 0, sizeof(none));
	none.ss_flags = SS_DISABLE;
	none.ss_size = sizeof(stack);	/* some systems look at it even so */
	if (standing)
		sigaltstack(&none, NULL);
	standing = false;
}

static void
catch_all(void)
{
	struct sigaction act;

	stand_aside();
	memset(&act, 0, sizeof(act));
	act.sa_handler = on_fatal;
	act.sa_flags = SA_ONSTACK;
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
	stand_back();
}
