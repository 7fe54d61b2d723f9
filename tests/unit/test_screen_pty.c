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

#include "base/buf.h"
#include "base/xalloc.h"

struct child {
	pid_t		 pid;
	int		 master, slave;
	struct termios	 before;
	struct buf	 out;
	int		 column;	/* answer to a cursor report; 0 none */
	size_t		 answered;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static char *
program(void)
{
	const char *build = getenv("BUILDDIR");

	return xasprintf("%s/check/tests/screen/guide_memory", build == NULL ?
	    "." : build);
}

static void
be_child(struct child *c, bool piped, const char *arg)
{
	char *name = program(), *tty = ptsname(c->master);
	int fd, ends[2];

	setsid();
	fd = open(tty, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (piped && pipe(ends) == 0)
		dup2(ends[0], 0);
	close(c->master);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	unsetenv("NO_COLOR");
	execl(name, name, arg, (char *)NULL);
	_exit(99);
}

static void
begin(struct child *c, bool piped, const char *arg)
{
	struct winsize w = { 30, 100, 0, 0 };

	memset(c, 0, sizeof *c);
	buf_init(&c->out, 0);
	c->column = 5;
	c->master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(c->master >= 0);
	assert_int_equal(grantpt(c->master), 0);
	assert_int_equal(unlockpt(c->master), 0);
	ioctl(c->master, TIOCSWINSZ, &w);
	c->slave = open(ptsname(c->master), O_RDWR | O_NOCTTY);
	assert_true(c->slave >= 0);
	tcgetattr(c->slave, &c->before);
	if ((c->pid = fork()) == 0)
		be_child(c, piped, arg);
}

/* Read what the program writes until text came, or ms went by. */
static bool
wait_text(struct child *c, const char *text, int ms)
{
	struct pollfd p = { c->master, POLLIN, 0 };
	int64_t end = now_ms() + ms;
	char part[4096], answer[32];
	const char *ask;
	ssize_t n;

	while (now_ms() < end) {
		if (text != NULL && strstr(buf_str(&c->out), text) != NULL)
			return true;
		if (poll(&p, 1, 20) <= 0)
			continue;
		if ((n = read(c->master, part, sizeof part)) <= 0)
			return false;
		buf_add(&c->out, part, (size_t)n);
		ask = strstr(buf_str(&c->out) + c->answered, "\033[6n");
		if (ask != NULL && c->column > 0) {
			c->answered = (size_t)(ask - buf_str(&c->out)) + 4;
			snprintf(answer, sizeof answer, "\033[1;%dR",
			    c->column);
			assert_true(write(c->master, answer,
			    strlen(answer)) > 0);
		}
	}
	return text == NULL;
}

/* Its exit status within ms; -1: it still runs. */
static int
wait_end(struct child *c, int ms)
{
	int64_t end = now_ms() + ms;
	int status;

	while (now_ms() < end) {
		if (c->master >= 0)
			wait_text(c, "\001", 30);
		else
			poll(NULL, 0, 30);
		if (waitpid(c->pid, &status, WNOHANG) == c->pid) {
			c->pid = 0;
			return status;
		}
	}
	return -1;
}

static void
end(struct child *c)
{
	if (c->pid > 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	if (c->master >= 0)
		close(c->master);
	close(c->slave);
	buf_free(&c->out);
}

static void
assert_restored(struct child *c, const char *how)
{
	struct termios after;
	const char *out = buf_str(&c->out);

	if (strstr(out, "\033[?1049h") == NULL ||
	    strstr(out, "\033[?1049l") == NULL)
		fail_msg("%s: the other screen was not left", how);
	if (tcgetattr(c->slave, &after) != 0)
		fail_msg("%s: no modes", how);
	if (after.c_lflag != c->before.c_lflag ||
	    after.c_iflag != c->before.c_iflag ||
	    after.c_oflag != c->before.c_oflag)
		fail_msg("%s: modes %x %x %x, not %x %x %x", how,
		    after.c_lflag, after.c_iflag, after.c_oflag,
		    c->before.c_lflag, c->before.c_iflag, c->before.c_oflag);
}

static void
say(struct child *c, const char *keys)
{
	assert_int_equal(write(c->master, keys, strlen(keys)),
	    (ssize_t)strlen(keys));
}

static void
leaves_by_key(void **state)
{
	struct child c;

	(void)state;
	begin(&c, false, NULL);
	assert_true(wait_text(&c, "steps", 20000));
	say(&c, "Q");
	assert_int_equal(wait_end(&c, 10000), 0);
	assert_restored(&c, "Q");
	/* The summary stays. */
	assert_non_null(strstr(strstr(buf_str(&c.out), "\033[?1049l"),
	    "Verdict"));
	end(&c);
}

static void
leaves_by_signal(void **state)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGSEGV,
		SIGABRT, SIGBUS };
	struct child c;
	char how[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		snprintf(how, sizeof how, "signal %d", numbers[i]);
		begin(&c, false, NULL);
		if (!wait_text(&c, "steps", 20000))
			fail_msg("%s: no picture: %s", how,
			    buf_str(&c.out));
		kill(c.pid, numbers[i]);
		if (wait_end(&c, 10000) == -1)
			fail_msg("%s: it runs on", how);
		assert_restored(&c, how);
		end(&c);
	}
}

/* The window is closed: no spinning, an end within a second. */
static void
ends_without_terminal(void **state)
{
	struct child c;
	int64_t begun;

	(void)state;
	begin(&c, false, NULL);
	assert_true(wait_text(&c, "steps", 20000));
	close(c.master);
	close(c.slave);
	c.master = -1;
	begun = now_ms();
	assert_true(wait_end(&c, 5000) != -1);
	assert_true(now_ms() - begun < 1500);
	c.slave = open("/dev/null", O_RDWR);
	end(&c);
}

static void
keys_from_the_controlling_terminal(void **state)
{
	struct child c;

	(void)state;
	begin(&c, true, NULL);
	assert_true(wait_text(&c, "steps", 20000));
	say(&c, "Q");
	assert_int_equal(wait_end(&c, 10000), 0);
	assert_restored(&c, "stdin is a pipe");
	end(&c);
}

static void
follows_the_size(void **state)
{
	struct winsize w = { 5, 20, 0, 0 };
	struct child c;

	(void)state;
	begin(&c, false, NULL);
	assert_true(wait_text(&c, "steps", 20000));
	ioctl(c.master, TIOCSWINSZ, &w);
	assert_true(wait_text(&c, "too small", 5000));
	buf_drop(&c.out, c.out.len);
	c.answered = 0;
	w.ws_row = 40;
	w.ws_col = 120;
	ioctl(c.master, TIOCSWINSZ, &w);
	assert_true(wait_text(&c, "what this means", 5000));
	say(&c, "Q");
	assert_int_equal(wait_end(&c, 10000), 0);
	end(&c);
}

static void
measures_widths(void **state)
{
	struct child c;

	(void)state;
	begin(&c, false, NULL);
	c.column = 9;
	assert_true(wait_text(&c, "+ ", 20000));
	assert_true(wait_text(&c, "steps", 5000));
	say(&c, "Q");
	assert_int_equal(wait_end(&c, 10000), 0);
	assert_null(strstr(buf_str(&c.out), "\342\224\200"));
	end(&c);
	/* A terminal that does not answer is waited for briefly. */
	begin(&c, false, NULL);
	c.column = 0;
	assert_true(wait_text(&c, "\342\224\200", 20000));
	say(&c, "Q");
	assert_int_equal(wait_end(&c, 10000), 0);
	end(&c);
}

/* Special keys and a lone Esc as a terminal sends them; Ctrl-C ends what
   runs first. */
static void
real_keys(void **state)
{
	struct child c;

	(void)state;
	begin(&c, false, NULL);
	assert_true(wait_text(&c, "steps", 20000));
	say(&c, "m");
	assert_true(wait_text(&c, "every address", 5000));
	say(&c, "\033");
	wait_text(&c, NULL, 300);
	buf_drop(&c.out, c.out.len);
	c.answered = 0;
	say(&c, "\033OP");
	assert_true(wait_text(&c, "manual", 5000));
	say(&c, "\033[6~\033[5~\033OB\033OA\033");
	wait_text(&c, NULL, 300);
	say(&c, "\003");
	wait_text(&c, NULL, 2500);
	say(&c, "\003");
	assert_int_equal(wait_end(&c, 10000), 0);
	end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_by_key),
		cmocka_unit_test(leaves_by_signal),
		cmocka_unit_test(ends_without_terminal),
		cmocka_unit_test(keys_from_the_controlling_terminal),
		cmocka_unit_test(follows_the_size),
		cmocka_unit_test(measures_widths),
		cmocka_unit_test(real_keys),
	};
	char *name = program();

	if (access(name, X_OK) != 0) {
		printf("SKIP pty: %s was not built\n", name);
		free(name);
		return 0;
	}
	free(name);
	return cmocka_run_group_tests_name("the guide on a terminal", tests,
	    NULL, NULL);
}
