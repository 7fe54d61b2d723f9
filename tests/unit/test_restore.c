/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal is given back when memory is gone or the stack is full, and not
 * when it was given back before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tests/unit/fault_kit.h"
#include "ui/restore.h"

static void
no_memory_left(void *ctx)
{
	(void)ctx;
	xalloc_give_up();
}

/* What a child writes that dies of this; its terminal is a pipe. */
static size_t
told(bool ours, void (*dies)(void *), char *got, size_t size, int *status)
{
	int ends[2];
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	if ((child = fork()) == 0) {
		restore_begin(ends[1], "back", 4, NULL);
		if (!ours)
			restore_end();
		close(ends[0]);
		dies(NULL);
		_exit(0);
	}
	assert_true(child > 0);
	close(ends[1]);
	n = read(ends[0], got, size);
	close(ends[0]);
	assert_int_equal(waitpid(child, status, 0), child);
	assert_true(n >= 0);
	return (size_t)n;
}

static void
no_memory(void **state)
{
	char got[16];

	int status;

	(void)state;
	for (int ours = 0; ours < 2; ours++) {
		assert_int_equal(told(ours, no_memory_left, got, sizeof got,
		    &status), ours ? 4 : 0);
		assert_memory_equal(got, "back", ours ? 4 : 0);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 3);
	}
}

/* It dies all the same, by the signal or as a sanitizer lets it die. */
static void
no_stack(void **state)
{
	char got[16];
	int status;

	(void)state;
	for (int ours = 0; ours < 2; ours++) {
		assert_int_equal(told(ours, fault_stack, got, sizeof got,
		    &status), ours ? 4 : 0);
		assert_memory_equal(got, "back", ours ? 4 : 0);
		if (WIFSIGNALED(status))
			assert_int_equal(WTERMSIG(status), SIGSEGV);
		else
			assert_int_not_equal(WEXITSTATUS(status), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory),
		cmocka_unit_test(no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
