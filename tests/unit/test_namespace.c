/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which setting forbids namespaces: by files that stand for those of /proc.
 * What the namespaces themselves do is tried by tests/lab/practice.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/namespace.h"
#include "base/xalloc.h"
#include "config.h"

static const char *const	dirs[] = { "proc", "proc/sys",
	"proc/sys/kernel", "proc/sys/user", "proc/self" };

static const struct {
	const char	*file, *text, *word;
} rows[] = {
	{ NULL, NULL, NULL },
	{ "proc/sys/kernel/unprivileged_userns_clone", "0\n",
	    "kernel.unprivileged_userns_clone" },
	{ "proc/sys/kernel/unprivileged_userns_clone", "1\n", NULL },
	{ "proc/sys/user/max_user_namespaces", "0\n",
	    "user.max_user_namespaces" },
	{ "proc/sys/user/max_user_namespaces", "15000\n", NULL },
	{ "proc/sys/user/max_net_namespaces", "0\n",
	    "user.max_net_namespaces" },
	{ "proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n",
	    "kernel.apparmor_restrict_unprivileged_userns" },
	{ "proc/sys/kernel/apparmor_restrict_unprivileged_userns", "0\n",
	    NULL },
	{ "proc/self/status", "Name:\tx\nSeccomp:\t2\n", "seccomp" },
	{ "proc/self/status", "Name:\tx\nSeccomp:\t0\n", NULL },
};

static void
put(const char *root, const char *file, const char *text)
{
	char	*name = xasprintf("%s/%s", root, file);
	FILE	*f = fopen(name, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(name);
}

static void
take(const char *root, const char *file, int (*how)(const char *))
{
	char	*name = xasprintf("%s/%s", root, file);

	assert_int_equal(how(name), 0);
	free(name);
}

static void
test_forbids(void **state)
{
	char		 root[] = "/tmp/tadoru-namespace-XXXXXX", *name;
	const char	*want;
	size_t		 i;

	(void)state;
	assert_non_null(mkdtemp(root));
	for (i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		name = xasprintf("%s/%s", root, dirs[i]);
		assert_int_equal(mkdir(name, 0700), 0);
		free(name);
	}
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].file != NULL)
			put(root, rows[i].file, rows[i].text);
#ifdef TADORU_LINUX
		want = rows[i].word;
#else
		want = "linux";
#endif
		if (want == NULL)
			assert_null(namespace_forbids(root));
		else
			assert_string_equal(namespace_forbids(root), want);
		if (rows[i].file != NULL)
			take(root, rows[i].file, unlink);
	}
	for (i = sizeof dirs / sizeof *dirs; i-- > 0;)
		take(root, dirs[i], rmdir);
	assert_int_equal(rmdir(root), 0);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_forbids),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
