/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The practice shell on a real pseudo-terminal: whatever a program in it did
 * to the terminal is undone when the shell is taken away from under it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/pty_kit.h"

/* It did not do what was asked: only because it cannot here. */
static void
needs_namespaces(struct pty *c)
{
	const char *out = buf_str(&c->out);

	if (strstr(out, "--shell needs") == NULL &&
	    strstr(out, "--shell could not have") == NULL)
		fail_msg("%s", out);
	print_message("SKIP namespaces: %s\n", out);
	pty_end(c);
	skip();
}

static void
leaves_by_signal(void **state)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGQUIT };
	static const char *const argv[] = { "practice", "sound", "--shell",
		"--", "sh", "-c", "stty raw -echo; echo re''ady; sleep 60",
		NULL };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct pty c = { .program = "tadoru" };

		pty_run(&c, "dumb", argv);
		if (!pty_wait(&c, "ready", 20000))
			needs_namespaces(&c);
		assert_int_equal(kill(c.pid, numbers[i]), 0);
		assert_int_not_equal(pty_end_status(&c, 20000), -1);
		pty_assert_restored(&c, "signal");
		pty_end(&c);
	}
}

static void
leaves_by_itself(void **state)
{
	static const char *const argv[] = { "practice", "sound", "--shell",
		"--", "sh", "-c", "stty raw -echo; exit 3", NULL };
	struct pty c = { .program = "tadoru" };
	int status;

	(void)state;
	pty_run(&c, "dumb", argv);
	status = pty_end_status(&c, 20000);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 3)
		needs_namespaces(&c);
	pty_assert_restored(&c, "exit");
	pty_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_by_signal),
		cmocka_unit_test(leaves_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
