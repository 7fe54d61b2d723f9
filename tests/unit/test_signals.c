/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals become events of a loop: the module alone, and tadoru check, which
 * one signal ends politely and a second at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/pty_kit.h"
#include "ui/signals.h"

#define LONG	20000	/* ms */

/* A directory of our own for what runs keep. */
static char dir[] = "/tmp/tadoru-signals-XXXXXX";

static bool
readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 1;
}

static void
told_in_order(void **state)
{
	int fd = signals_begin(SIGNALS_END | SIGNALS_SCREEN);

	(void)state;
	assert_true(fd >= 0);
	assert_false(readable(fd));
	raise(SIGTERM);
	raise(SIGWINCH);
	raise(SIGINT);
	assert_true(readable(fd));
	assert_int_equal(signals_next(), SIGTERM);
	assert_int_equal(signals_next(), SIGWINCH);
	assert_int_equal(signals_next(), SIGINT);
	assert_int_equal(signals_next(), 0);
	signals_end();
	assert_int_equal(signals_next(), 0);
}

static void (*
handler_of(int number))(int)
{
	struct sigaction act;

	assert_int_equal(sigaction(number, NULL, &act), 0);
	return act.sa_handler;
}

/* Nothing but what was asked for, and all as before at the end. */
static void
as_before(void **state)
{
	(void)state;
	signal(SIGINT, SIG_DFL);	/* in the background of a script */
	signal(SIGQUIT, SIG_DFL);	/* both are ignored */
	signal(SIGHUP, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	assert_true(signals_begin(SIGNALS_END | SIGNALS_STOP) >= 0);
	assert_true(handler_of(SIGHUP) != SIG_IGN);
	assert_true(handler_of(SIGTSTP) == SIG_IGN);
	assert_true(handler_of(SIGQUIT) == SIG_DFL);
	signals_stop();		/* here it would never go on */
	signals_end();
	assert_true(handler_of(SIGHUP) == SIG_IGN);
	assert_true(handler_of(SIGINT) == SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTSTP, SIG_DFL);
	assert_true(signals_begin(SIGNALS_QUIT | SIGNALS_STOP) >= 0);
	assert_true(handler_of(SIGTSTP) != SIG_DFL);
	assert_true(handler_of(SIGQUIT) != SIG_DFL);
	assert_true(handler_of(SIGINT) == SIG_DFL);
	signals_end();
	assert_true(handler_of(SIGTSTP) == SIG_DFL);
	signals_end();
}

/* A child that goes its own way tells the parent nothing. */
static void
child_leaves(void **state)
{
	int fd = signals_begin(SIGNALS_END), status;
	pid_t child;

	(void)state;
	if ((child = fork()) == 0) {
		signals_leave(SIG_IGN);
		raise(SIGINT);
		signal(SIGINT, SIG_DFL);
		raise(SIGINT);
		_exit(9);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_false(readable(fd));
	raise(SIGINT);
	assert_int_equal(signals_next(), SIGINT);
	signals_end();
}

/* A check of a domain whose mail servers never greet, and these signals. */
static void
interrupted(int number, int times, const char *world)
{
	const char *const argv[] = { "-f", world, "-r", "check", "--plain",
		"--only", "mail-in", "{d}", NULL };
	struct pty c = { .job = false };

	pty_run(&c, "dumb", argv);
	if (!pty_wait(&c, "Connected", LONG))
		fail_msg("no connection in %s", buf_str(&c.out));
	while (times-- > 0)
		assert_int_equal(kill(c.pid, number), 0);
	assert_int_equal(pty_end_status(&c, LONG), 3 << 8);
	if (strstr(buf_str(&c.out), "stopped by the operator") == NULL)
		fail_msg("not said at the end of %s", buf_str(&c.out) +
		    (c.out.len > 800 ? c.out.len - 800 : 0));
	pty_assert_restored(&c, "check");
	pty_end(&c);
}

static void
check_ends(void **state)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	char world[sizeof dir + 16];
	FILE *f;

	(void)state;
	snprintf(world, sizeof world, "%s/world", dir);
	assert_non_null(f = fopen(world, "w"));
	fputs("! smtp {mx1}\nsmtp {mx1} {mx1.4} {mx1.6} delay 50\n", f);
	fclose(f);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		interrupted(numbers[i], 1, world);
		interrupted(numbers[i], 2, world);
	}
}

static int
begin(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	setenv("XDG_STATE_HOME", dir, 1);
	return 0;
}

static int
end(void **state)
{
	char command[sizeof dir + 16];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_in_order),
		cmocka_unit_test(as_before),
		cmocka_unit_test(child_leaves),
		cmocka_unit_test(check_ends),
	};

	return cmocka_run_group_tests_name("signals", tests, begin, end);
}
