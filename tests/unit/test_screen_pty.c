/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide as a program on a real pseudo-terminal: it gives the terminal
 * back on every way out, ends when the terminal goes away, takes its keys
 * from the controlling terminal, follows the size, measures widths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tests/unit/pty_kit.h"

#define LONG	20000	/* ms */

static void
leaves_by_key(void **state)
{
	struct pty c;

	(void)state;
	pty_begin(&c, false, NULL);
	assert_true(pty_wait(&c, "steps", LONG));
	pty_say(&c, "Q");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_assert_restored(&c, "Q");
	/* The summary stays. */
	assert_non_null(strstr(strstr(buf_str(&c.out), "\033[?1049l"),
	    "Verdict"));
	pty_end(&c);
}

static void
leaves_by_signal(void **state)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGSEGV,
		SIGABRT, SIGBUS, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGTRAP,
		SIGXCPU, SIGXFSZ, SIGSYS, SIGVTALRM };
	struct pty c;
	char how[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		snprintf(how, sizeof how, "signal %d", numbers[i]);
		pty_begin(&c, false, NULL);
		if (!pty_wait(&c, "steps", LONG))
			fail_msg("%s: no picture: %s", how,
			    buf_str(&c.out));
		kill(c.pid, numbers[i]);
		if (pty_end_status(&c, LONG) == -1)
			fail_msg("%s: it runs on", how);
		pty_assert_restored(&c, how);
		pty_end(&c);
	}
}

/* Nothing is left to stand on: a handler needs a stack of its own. */
static void
leaves_by_full_stack(void **state)
{
	struct pty c;

	(void)state;
	pty_begin(&c, false, "-O");
	assert_true(pty_wait(&c, "steps", LONG));
	assert_int_not_equal(pty_end_status(&c, LONG), -1);
	pty_assert_restored(&c, "stack overflow");
	pty_end(&c);
}

/* The window is closed: no spinning, an end within a second. */
static void
ends_without_terminal(void **state)
{
	struct pty c;
	int64_t begun;

	(void)state;
	pty_begin(&c, false, NULL);
	assert_true(pty_wait(&c, "steps", LONG));
	close(c.master);
	close(c.slave);
	c.master = -1;
	begun = pty_ms();
	assert_true(pty_end_status(&c, LONG) != -1);
	assert_true(pty_ms() - begun < 1500);
	c.slave = open("/dev/null", O_RDWR);
	pty_end(&c);
}

static void
keys_from_the_controlling_terminal(void **state)
{
	struct pty c;

	(void)state;
	pty_begin(&c, true, NULL);
	assert_true(pty_wait(&c, "steps", LONG));
	pty_say(&c, "Q");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_assert_restored(&c, "stdin is a pipe");
	pty_end(&c);
}

static void
follows_the_size(void **state)
{
	struct winsize w = { 5, 20, 0, 0 };
	struct pty c;

	(void)state;
	pty_begin(&c, false, NULL);
	assert_true(pty_wait(&c, "steps", LONG));
	ioctl(c.master, TIOCSWINSZ, &w);
	assert_true(pty_wait(&c, "too small", LONG));
	buf_drop(&c.out, c.out.len);
	c.answered = 0;
	w.ws_row = 40;
	w.ws_col = 120;
	ioctl(c.master, TIOCSWINSZ, &w);
	assert_true(pty_wait(&c, "what this means", LONG));
	pty_say(&c, "Q");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_end(&c);
}

static void
measures_widths(void **state)
{
	struct pty c;

	(void)state;
	pty_begin(&c, false, NULL);
	c.column = 9;
	assert_true(pty_wait(&c, "+ ", LONG));
	assert_true(pty_wait(&c, "steps", LONG));
	pty_say(&c, "Q");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	assert_null(strstr(buf_str(&c.out), "\342\224\200"));
	pty_end(&c);
	/* A terminal that does not answer is waited for briefly. */
	pty_begin(&c, false, NULL);
	c.column = 0;
	assert_true(pty_wait(&c, "\342\224\200", LONG));
	pty_say(&c, "Q");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_end(&c);
}

static bool
hides(struct pty *c, const void *text)
{
	return !screen_shows(&c->screen, text);
}

/* Nothing of the answer line is open. */
static bool
answered(struct pty *c, const void *arg)
{
	char *row = screen_row(&c->screen, 1);
	bool yes = strstr(row, "DNS v4") != NULL &&
	    strstr(row, "\342\200\246") == NULL;

	(void)arg;
	free(row);
	return yes;
}

/* Special keys and a lone Esc as a terminal sends them; Ctrl-C ends what
   runs first. */
static void
real_keys(void **state)
{
	static const char *const none[] = { NULL };
	struct pty c = { .job = false };

	(void)state;
	if (!screen_here())
		skip();
	pty_run(&c, "xterm-256color", none);
	assert_true(pty_shows(&c, "steps", LONG));
	pty_say(&c, "m");
	assert_true(pty_shows(&c, "every address", LONG));
	pty_say(&c, "\033");
	assert_true(pty_until(&c, hides, "every address", LONG));
	pty_say(&c, "\033OP");
	assert_true(pty_shows(&c, "manual", LONG));
	pty_say(&c, "\033[6~\033[5~\033OB\033OA\033");
	assert_true(pty_until(&c, hides, "manual", LONG));
	pty_say(&c, "\003");
	assert_true(pty_shows(&c, "stopping what runs", LONG));
	assert_true(pty_until(&c, answered, NULL, LONG));
	pty_say(&c, "\003");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_by_key),
		cmocka_unit_test(leaves_by_signal),
		cmocka_unit_test(leaves_by_full_stack),
		cmocka_unit_test(ends_without_terminal),
		cmocka_unit_test(keys_from_the_controlling_terminal),
		cmocka_unit_test(follows_the_size),
		cmocka_unit_test(measures_widths),
		cmocka_unit_test(real_keys),
	};
	char *name = pty_program();

	if (access(name, X_OK) != 0) {
		printf("SKIP pty: %s was not built\n", name);
		free(name);
		return 0;
	}
	free(name);
	return cmocka_run_group_tests_name("the guide on a terminal", tests,
	    NULL, NULL);
}
