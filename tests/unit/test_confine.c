/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run can still open behind the sandbox, each case in a child. */
#if defined __linux__ && !defined _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#endif

#include "base/sandbox.h"
#include "base/xalloc.h"
#include "ui/confine.h"

static char base[] = "/tmp/tadoru-confine-XXXXXX";
static bool able;	/* can this system confine files at all? */

static char *
path(const char *name)
{
	return xasprintf("%s/%s", base, name);
}

static bool
opens(const char *name, int flags)
{
	char *whole = path(name);
	int fd = open(whole, flags, 0600);

	free(whole);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Nothing of ours may be read, where that can be had. */
static bool
shut(void)
{
	return opens("secret", O_RDONLY) != able;
}

/* The status of a function that ran in a child: 0 if it returned true. */
static int
in_child(bool (*f)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(f() ? 0 : 1);
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static bool
can_confine(void)
{
	static const char *const none[] = { NULL };

	return sandbox_enter(none, none, none) == 1;
}

static void
put(const char *name)
{
	char *whole = path(name);
	int fd = open(whole, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	close(fd);
	free(whole);
}

static void
put_dir(const char *name)
{
	char *whole = path(name);

	assert_int_equal(mkdir(whole, 0700), 0);
	free(whole);
}

static void
put_link(const char *to, const char *name)
{
	char *from = path(name), *there = path(to);

	assert_int_equal(symlink(there, from), 0);
	free(there);
	free(from);
}

static int
setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(base));
	put("secret");
	put_dir("one");
	put("one/file");
	put_dir("two");
	put("two/file");
	put_dir("links");
	put_dir("home");
	put_dir("etc");
	put_dir("run");
	put("run/resolv.conf");
	put("run/new");
	put_link("two/file", "links/out");
	put_link("run/resolv.conf", "etc/resolv.conf");
	able = in_child(can_confine) == 0;
	return 0;
}

static int
teardown(void **state)
{
	char *command = xasprintf("rm -rf %s", base);
	int rc = system(command);

	(void)state;
	free(command);
	return rc;
}

/* A check that leaves nothing behind but what it is told to. */
static void
check_into(const char *output)
{
	struct options o;
	char *out = output == NULL ? NULL : path(output);

	memset(&o, 0, sizeof o);
	o.command = CMD_CHECK;
	o.given[OPT_NO_RECORD] = true;
	o.output = out;
	confine(&o);
	free(out);
}

static bool
linked(void)
{
	check_into("links/out");
	return shut() && opens("links/out", O_WRONLY | O_TRUNC) &&
	    opens("links/new", O_WRONLY | O_CREAT);
}

static void
output_through_a_link(void **state)
{
	(void)state;
	assert_int_equal(in_child(linked), 0);
}

static bool
listed(const char *variable)
{
	char *value = xasprintf("%s/one::%s/two", base, base);

	setenv(variable, value, 1);
	free(value);
	check_into(NULL);
	return shut() && opens("one/file", O_RDONLY) &&
	    opens("two/file", O_RDONLY) &&
	    opens("two/file", O_WRONLY) != able;
}

static bool
terminals(void)
{
	return listed("TERMINFO_DIRS");
}

static bool
certificates(void)
{
	return listed("SSL_CERT_DIR");
}

static void
lists_of_directories(void **state)
{
	(void)state;
	assert_int_equal(in_child(terminals), 0);
	assert_int_equal(in_child(certificates), 0);
}

/* Where something may be saved, nothing is read. */
static bool
saves(void)
{
	struct options o;
	char *here = path("two");

	memset(&o, 0, sizeof o);
	o.command = CMD_SUBJECT;
	o.given[OPT_NO_RECORD] = true;
	if (chdir(here) != 0)
		return false;
	free(here);
	confine(&o);
	return shut() && opens("two/saved", O_WRONLY | O_CREAT | O_EXCL) &&
	    opens("two/file", O_RDONLY) != able &&
	    opens("one/saved", O_WRONLY | O_CREAT | O_EXCL) != able;
}

static void
saved_here_and_not_read(void **state)
{
	(void)state;
	assert_int_equal(in_child(saves), 0);
}

static bool
homeless(void)
{
	setenv("HOME", "/dev/null", 1);
	unsetenv("XDG_STATE_HOME");
	check_into(NULL);
	return shut();
}

static void
home_is_no_directory(void **state)
{
	(void)state;
	assert_int_equal(in_child(homeless), 0);
}

static bool
piped(void)
{
	struct options o;
	char name[32];
	int fd[2];

	memset(&o, 0, sizeof o);
	if (pipe(fd) != 0)
		return false;
	snprintf(name, sizeof name, "/dev/fd/%d", fd[0]);
	o.command = CMD_DIFF;
	o.noperands = 1;
	o.operand[0] = name;
	confine(&o);
	return shut() && open(name, O_RDONLY | O_NONBLOCK) >= 0;
}

static void
recording_from_a_pipe(void **state)
{
	(void)state;
	assert_int_equal(in_child(piped), 0);
}

static bool
no_trace(void)
{
	char *home = path("home");

	setenv("HOME", home, 1);
	free(home);
	unsetenv("XDG_STATE_HOME");
	check_into(NULL);
	return true;
}

static void
nothing_kept_makes_no_directory(void **state)
{
	char *made = path("home/.local");

	(void)state;
	assert_int_equal(in_child(no_trace), 0);
	assert_int_equal(access(made, F_OK), -1);
	free(made);
}

#ifdef __linux__
/* An /etc of our own, where that can be had. */
static bool
other_etc(void)
{
	char *etc = path("etc");
	bool done = unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
	    mount(etc, "/etc", NULL, MS_BIND, NULL) == 0;

	free(etc);
	return done;
}

/* What a daemon puts in place of the file has been another one before. */
static bool
renewed(void)
{
	if (!other_etc())
		return true;
	check_into(NULL);
	return shut() && opens("run/new", O_RDONLY);
}

static void
resolvers_that_change(void **state)
{
	(void)state;
	assert_int_equal(in_child(renewed), 0);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_through_a_link),
		cmocka_unit_test(lists_of_directories),
		cmocka_unit_test(saved_here_and_not_read),
		cmocka_unit_test(home_is_no_directory),
		cmocka_unit_test(recording_from_a_pipe),
		cmocka_unit_test(nothing_kept_makes_no_directory),
#ifdef __linux__
		cmocka_unit_test(resolvers_that_change),
#endif
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
