/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal is given back when memory is gone, and not when it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "ui/restore.h"

/* What a child writes that runs out of memory; its terminal is a pipe. */
static size_t
told(bool ours, char *got, size_t size)
{
	int ends[2], status = -1;
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	if ((child = fork()) == 0) {
		restore_begin(ends[1], "back", 4, NULL);
		if (!ours)
			restore_end();
		close(ends[0]);
		xalloc_give_up();
	}
	assert_true(child > 0);
	close(ends[1]);
	n = read(ends[0], got, size);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_true(n >= 0);
	return (size_t)n;
}

static void
no_memory(void **state)
{
	char got[16];

	(void)state;
	assert_int_equal(told(true, got, sizeof got), 4);
	assert_memory_equal(got, "back", 4);
	assert_int_equal(told(false, got, sizeof got), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
