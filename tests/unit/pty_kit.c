/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See pty_kit.h. */
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
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tests/unit/pty_kit.h"

int64_t
pty_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static char *
built(const char *name)
{
	const char *build = getenv("BUILDDIR");

	return xasprintf("%s/check/%s", build == NULL ? "." : build, name);
}

char *
pty_program(void)
{
	return built("tests/screen/guide_memory");
}

/* The leader of the terminal, as a shell is: the program runs in a process
   group of its own and may stop; a line typed then lets it go on. */
static void
lead(void)
{
	static const char mark[] = "[stopped]\n";
	struct pollfd typed = { 0, POLLIN, 0 };
	pid_t child = fork();
	char line[64];
	int status;

	if (child == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		return;
	}
	signal(SIGTTOU, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	setpgid(child, child);
	while (waitpid(child, &status, WUNTRACED) == child) {
		if (!WIFSTOPPED(status))
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
		tcsetpgrp(0, getpid());
		/* Stopped unawares it left a read that does not wait. */
		if (write(1, mark, sizeof mark - 1) < 0 ||
		    poll(&typed, 1, -1) < 0 || read(0, line, sizeof line) < 0)
			_exit(97);
		tcsetpgrp(0, child);
		kill(-child, SIGCONT);
	}
	_exit(96);
}

/* As on a terminal, whatever this test was started with: what runs in the
   background of a script has SIGINT and SIGQUIT ignored. */
static void
default_signals(void)
{
	static const int numbers[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM,
		SIGTSTP, SIGPIPE };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], SIG_DFL);
}

static void
be_child(struct pty *c, bool piped, const char *const *argv)
{
	char *name = c->program == NULL ? pty_program() : built(c->program);
	char *tty = ptsname(c->master);
	const char *all[32] = { name };
	int fd, ends[2];
	size_t i;

	setsid();
	default_signals();
	fd = open(tty, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (piped && pipe(ends) == 0)
		dup2(ends[0], 0);
	close(c->master);
	if (c->job)
		lead();
	for (i = 0; argv[i] != NULL && i < 30; i++)
		all[i + 1] = argv[i];
	setenv("TERM", c->term, 1);
	setenv("LC_ALL", c->locale == NULL ? "C.UTF-8" : c->locale, 1);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	setenv("INPUTRC", "/dev/null", 1);
	if (!c->no_color)
		unsetenv("NO_COLOR");
	execv(name, (char *const *)(uintptr_t)all);
	_exit(99);
}

static void
start(struct pty *c, bool piped, const char *const *argv)
{
	struct winsize w = { (unsigned short)c->rows,
		(unsigned short)c->cols, 0, 0 };

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
	fcntl(c->master, F_SETFD, FD_CLOEXEC);
	fcntl(c->slave, F_SETFD, FD_CLOEXEC);
	if ((c->pid = fork()) == 0)
		be_child(c, piped, argv);
}

void
pty_begin(struct pty *c, bool piped, const char *arg)
{
	const char *argv[2] = { arg, NULL };

	memset(c, 0, sizeof *c);
	c->rows = PTY_ROWS;
	c->cols = PTY_COLS;
	c->term = "xterm-256color";
	start(c, piped, argv);
}

void
pty_run(struct pty *c, const char *term, const char *const *argv)
{
	struct pty set = { .job = c->job, .no_color = c->no_color,
		.program = c->program, .locale = c->locale };

	set.rows = c->rows > 0 ? c->rows : PTY_ROWS;
	set.cols = c->cols > 0 ? c->cols : PTY_COLS;
	*c = set;
	c->term = term;
	screen_terminal(&c->screen, c->rows, c->cols);
	start(c, false, argv);
}

/* Read what the program writes until text came, or ms went by. */
bool
pty_wait(struct pty *c, const char *text, int ms)
{
	struct pollfd p = { c->master, POLLIN, 0 };
	int64_t end = pty_ms() + ms;
	char part[4096], answer[32];
	const char *ask;
	ssize_t n;

	while (pty_ms() < end) {
		if (text != NULL && strstr(buf_str(&c->out), text) != NULL)
			return true;
		if (poll(&p, 1, 20) <= 0)
			continue;
		if ((n = read(c->master, part, sizeof part)) <= 0)
			return false;
		buf_add(&c->out, part, (size_t)n);
		screen_feed(&c->screen, part, (size_t)n);
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

/*
 * Take what a program that has ended wrote before: the kernel hands it over
 * later, but in order, so that a mark written behind it comes last.
 */
static void
drain(struct pty *c)
{
	static const char mark[] = "\001";
	size_t at;

	do
		at = c->out.len;
	while (pty_wait(c, NULL, 1) && c->out.len > at);
	assert_int_equal(write(c->slave, mark, 1), 1);
	assert_true(pty_wait(c, mark, 20000));
	c->out.len--;
	c->out.data[c->out.len] = '\0';
}

/* Its exit status within ms; -1: it still runs. */
int
pty_end_status(struct pty *c, int ms)
{
	int64_t end = pty_ms() + ms;
	int status;

	while (pty_ms() < end) {
		if (c->master >= 0)
			pty_wait(c, "\001", 30);
		else
			poll(NULL, 0, 30);
		if (waitpid(c->pid, &status, WNOHANG) == c->pid) {
			c->pid = 0;
			if (c->master >= 0)
				drain(c);
			return status;
		}
	}
	return -1;
}

void
pty_end(struct pty *c)
{
	if (c->pid > 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	if (c->master >= 0)
		close(c->master);
	close(c->slave);
	buf_free(&c->out);
	screen_terminal_end(&c->screen);
}

void
pty_assert_restored(struct pty *c, const char *how)
{
	struct termios after;
	const char *out = buf_str(&c->out);

	if (strncmp(c->term, "xterm", 5) == 0 &&
	    (strstr(out, "\033[?1049h") == NULL ||
	    strstr(out, "\033[?1049l") == NULL))
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

void
pty_say(struct pty *c, const char *keys)
{
	assert_int_equal(write(c->master, keys, strlen(keys)),
	    (ssize_t)strlen(keys));
}


bool
pty_until(struct pty *c, bool (*is)(struct pty *, const void *),
    const void *arg, int ms)
{
	int64_t end = pty_ms() + ms;

	do
		if (is(c, arg))
			return true;
	while (pty_ms() < end && (pty_wait(c, "\001", 20) ||
	    c->master >= 0));
	return is(c, arg);
}

static bool
shows(struct pty *c, const void *text)
{
	return screen_shows(&c->screen, text);
}

bool
pty_shows(struct pty *c, const char *text, int ms)
{
	return pty_until(c, shows, text, ms);
}

static bool
cooked(struct pty *c, const void *yes)
{
	struct termios t;

	assert_int_equal(tcgetattr(c->slave, &t), 0);
	return ((t.c_lflag & ECHO) != 0) == *(const bool *)yes &&
	    ((t.c_lflag & ICANON) != 0) == *(const bool *)yes;
}

bool
pty_cooked(struct pty *c, bool yes, int ms)
{
	return pty_until(c, cooked, &yes, ms);
}

static bool
all_read(struct pty *c, const void *arg)
{
	int n;

	(void)arg;
	assert_int_equal(ioctl(c->slave, FIONREAD, &n), 0);
	return n == 0;
}

void
pty_type(struct pty *c, const char *keys)
{
	pty_say(c, keys);
	pty_wait(c, "\001", 20);	/* the kernel hands them on later */
	assert_true(pty_until(c, all_read, NULL, 20000));
}
