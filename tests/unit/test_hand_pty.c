/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru repl on a real pseudo-terminal, against peers on loopback in a
 * network of this test's own: what is typed blind is never drawn, whatever
 * key or signal comes; the terminal is given back on every way out; nothing a
 * server offers is put raw into the line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "config.h"
#include "tests/unit/net_kit.h"
#include "tests/unit/pty_kit.h"

#define SECRET "hunter2"

static const struct net_rule mild[] = {
	{ "EHLO", "250-mx.example.jp\r\n250-AUTH PLAIN LOGIN\r\n"
	    "250 8BITMIME\r\n" },
	{ "AUTH PLAIN", "334 \r\n" },
	{ "AGJvYgBodW50ZXIy", "235 2.7.0 it is the one\r\n" },	/* bob, SECRET */
	{ "QUIT", "221 bye\r\n" },
	{ NULL, NULL } };
/* A bidirectional override and a C1 control in the only word offered. */
static const struct net_rule evil[] = {
	{ "EHLO", "250-mx.example.jp\r\n250-AUTH \342\200\256NIALP\302\233"
	    "31m\r\n250 8BITMIME\r\n" },
	{ "QUIT", "221 bye\r\n" },
	{ NULL, NULL } };

static bool
at_prompt_in(struct pty *c, const char *url, bool job, const char *locale)
{
	const char *const argv[] = { "repl", "--lang", "en", url, NULL };

	memset(c, 0, sizeof *c);
	c->program = "tadoru";
	c->job = job;
	c->locale = locale;
	pty_run(c, "screen", argv);
	return pty_wait(c, "greeted> ", 20000);
}

static bool
at_prompt(struct pty *c, const char *url, bool job)
{
	return at_prompt_in(c, url, job, NULL);
}

/* Begin anew: only what comes from now on is looked at. */
static void
forget(struct pty *c)
{
	buf_drop(&c->out, c->out.len);
	c->answered = 0;
}

static void
says(struct pty *c, const char *text)
{
	if (!pty_wait(c, text, 20000))
		fail_msg("no \"%s\" in:\n%s", text, buf_str(&c->out));
}

static void
never(struct pty *c, const char *text)
{
	if (strstr(buf_str(&c->out), text) != NULL)
		fail_msg("\"%s\" in:\n%s", text, buf_str(&c->out));
}

static void
asked_for_password(struct pty *c, bool job)
{
	assert_true(at_prompt(c, "smtp://[::1]:25/", job));
	pty_say(c, "EHLO x\r");
	says(c, "ready> ");
	pty_say(c, ":login clear bob\r");
	says(c, "password (not shown)");
}

/* Ctrl-C within a password: it is gone, from the screen, the line and the
   history, and never sent. */
static void
interrupted_password(void **state)
{
	struct pty c;

	(void)state;
	asked_for_password(&c, false);
	pty_type(&c, SECRET);
	forget(&c);
	pty_say(&c, "\003");
	says(&c, "ready> ");
	pty_type(&c, "\r");
	pty_say(&c, "NOOP\r");
	says(&c, "heard \"NOOP\"");
	/* Between lines, too, no echo: it is given back at the end only. */
	never(&c, "\033[?2004l");
	pty_say(&c, "\033[A\033[A\033[A\033[A\005RSET");
	says(&c, "RSET");
	never(&c, SECRET);
	pty_end(&c);
}

/* Whatever kills within a password, Ctrl-Y does not bring it back; what was
   killed before it, it does. */
static void
killed_password(void **state)
{
	static const char *const kills[] = { "\025", "\027", "\001\013",
		"\001\033d", "\033\177", "\033\010", "\0331\060\010",
		"\001\0331\060\004", "\033\\\030\177", "\000" };
	struct pty c;
	int n = 0;

	(void)state;
	asked_for_password(&c, false);
	for (; *kills[n] != '\0'; n++) {
		forget(&c);
		pty_type(&c, SECRET);
		pty_say(&c, kills[n]);
		pty_say(&c, "\003");
		says(&c, "ready> ");
		forget(&c);
		pty_say(&c, "NOOP \031\033y\033y.\r");
		says(&c, ".\"");
		if (strstr(buf_str(&c.out), "hunt") != NULL)
			fail_msg("kill %d: %s", n, buf_str(&c.out));
		pty_say(&c, ":login clear bob\r");
		says(&c, "password (not shown)");
	}
	forget(&c);
	pty_say(&c, "\003");
	says(&c, "ready> ");
	pty_say(&c, "killed\025NOOP \031\r");
	says(&c, "heard \"NOOP killed\"");
	pty_end(&c);
}

/* Ctrl-C leaves the prompt in the middle of a key's bytes, too: the kernel
   throws away what was not read of them. */
static void
interrupted_key(void **state)
{
	static const char *const starts[] = { "\033", "\0331", "\0331\060",
		"\030", "\033[", "\033[2", "\033\033", "\022",
		"\022x", "\033[200~x", "\035", NULL };
	struct pty c;

	(void)state;
	asked_for_password(&c, false);
	for (int n = 0; starts[n] != NULL; n++) {
		forget(&c);
		pty_type(&c, SECRET);
		pty_type(&c, starts[n]);
		pty_say(&c, "\003");
		if (!pty_wait(&c, "ready> ", 20000))
			fail_msg("start %d: %s", n, buf_str(&c.out));
		forget(&c);
		pty_type(&c, "NOOP .");
		pty_say(&c, "\r");
		says(&c, "heard \"NOOP .\"");
		pty_say(&c, ":login clear bob\r");
		says(&c, "password (not shown)");
		never(&c, "hunt");
	}
	pty_end(&c);
}

/* Type a Q and wait until it is on the line: what was before is over. */
static void
typed_q(struct pty *c)
{
	forget(c);
	pty_say(c, "Q");
	says(c, "Q");
	forget(c);
}

/* A paste comes in as many reads as the kernel likes: it is one line all the
   same, and Ctrl-C within leaves nothing of it behind. */
static void
paste_in_parts(void **state)
{
	static const char paste[] = "\033[200~NOOP one two\033[201~";
	struct pty c;

	(void)state;
	assert_true(at_prompt(&c, "smtp://[::1]:25/", false));
	for (size_t i = 1; i < sizeof paste - 1; i++) {
		char first[sizeof paste];

		snprintf(first, sizeof first, "%.*s", (int)i, paste);
		typed_q(&c);
		pty_type(&c, first);
		pty_say(&c, paste + i);
		pty_say(&c, ".\r");
		says(&c, "heard \"QNOOP one two.\"");
		typed_q(&c);
		pty_type(&c, first);
		pty_say(&c, "\003");
		says(&c, "\b \b");	/* the line is empty again */
		pty_type(&c, "NOOP");
		pty_say(&c, " .\r");
		says(&c, "heard \"NOOP .\"");
	}
	pty_end(&c);
}

/* One that is larger than is taken is thrown away whole: no line of it is
   typed by accident. */
static void
paste_too_large(void **state)
{
	struct pty c;
	char part[3001];

	(void)state;
	memset(part, 'x', sizeof part - 1);
	part[0] = '\r';
	part[sizeof part - 1] = '\0';
	assert_true(at_prompt(&c, "smtp://[::1]:25/", false));
	forget(&c);
	pty_say(&c, "\033[200~");
	for (int i = 0; i < 90; i++)
		pty_type(&c, part);
	says(&c, "is longer than is taken");
	never(&c, "xxx");
	pty_say(&c, "\033[201~NOOP z\r");
	says(&c, "heard \"NOOP z\"");
	never(&c, "xxx");
	pty_end(&c);
}

/* What is left of the keys there: a password is typed, moved about in, taken
   back, pasted and sent. */
static void
edited_password(void **state)
{
	struct pty c;

	(void)state;
	asked_for_password(&c, false);
	pty_say(&c, "zzz\025unteX\177r\001h\005\033[200~2\033[201~\r");
	says(&c, "it is the one");
	never(&c, SECRET);
	pty_end(&c);
}

/* Ctrl-Z there: stopped the terminal is as a shell wants it, and afterwards
   nothing is echoed, whatever the shell made of it; nor after a stop that
   nobody saw coming. */
static void
stopped_by(bool key)
{
	struct pty c;
	struct termios t;

	asked_for_password(&c, true);
	pty_type(&c, "hun");
	forget(&c);
	if (key)
		pty_say(&c, "\032");
	else
		assert_int_equal(kill(-tcgetpgrp(c.master), SIGSTOP), 0);
	says(&c, "[stopped]");
	if (key)
		assert_true(pty_cooked(&c, true, 20000));
	assert_int_equal(tcgetattr(c.slave, &t), 0);
	t.c_lflag |= ECHO | ICANON;
	assert_int_equal(tcsetattr(c.slave, TCSANOW, &t), 0);
	forget(&c);
	pty_say(&c, "\n");
	says(&c, "password (not shown)");
	assert_true(pty_cooked(&c, false, 20000));
	forget(&c);
	pty_say(&c, "ter2\r");
	says(&c, "AUTH PLAIN");
	says(&c, "ready> ");
	never(&c, "ter2");
	pty_end(&c);
}

static void
stopped_password(void **state)
{
	(void)state;
	stopped_by(true);
	stopped_by(false);
}

/* The first thing pasted is known as pasted, and a secret in any line of it
   is not readable while it waits for Enter. */
static void
pasted_secret(void **state)
{
	struct pty c;

	(void)state;
	assert_true(at_prompt(&c, "smtp://[::1]:25/", false));
	says(&c, "\033[?2004h");
	pty_say(&c, "\033[200~NOOP\nPASS " SECRET "\033[201~");
	says(&c, "PASS ***");
	never(&c, SECRET);
	forget(&c);
	pty_say(&c, "\r");
	says(&c, "2 lines pasted");
	pty_say(&c, "n\r");
	says(&c, "nothing was sent");
	forget(&c);
	pty_say(&c, "\033[200~:login clear bob\n" SECRET "\nNOOP\033[201~");
	says(&c, "***");
	pty_say(&c, "\r");
	says(&c, "3 lines pasted");
	never(&c, SECRET);
	pty_end(&c);
}

/* The shell gets its terminal back from every signal. */
static void
leaves_by_signal(void **state)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGQUIT, SIGSEGV,
		SIGABRT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGTRAP };
	struct pty c;
	char how[32];

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		snprintf(how, sizeof how, "signal %d", numbers[i]);
		assert_true(at_prompt(&c, "smtp://[::1]:25/", false));
		assert_true(pty_cooked(&c, false, 20000));
		if (numbers[i] == SIGQUIT)
			pty_say(&c, "\034");
		else
			kill(c.pid, numbers[i]);
		if (pty_end_status(&c, 20000) == -1)
			fail_msg("%s: it runs on", how);
		pty_assert_restored(&c, how);
		says(&c, "\033[?2004l");
		pty_end(&c);
	}
}

/* UTF-8 is typed, and taken back, on a host that has no such locale. */
static void
locale_not_here(void **state)
{
	static const char *const here[] = { "C.UTF-8", "xx_XX.UTF-8" };
	struct pty c;

	(void)state;
	for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
		assert_true(at_prompt_in(&c, "smtp://[::1]:25/", false,
		    here[i]));
		pty_say(&c, "\346\227\245\346\234\254\350\252\236"
		    "\177\177x\r");
		says(&c, "heard \"\346\227\245x\"");
		pty_end(&c);
	}
}

/* The newest line comes first, and each protocol has its own. */
static void
history_by_protocol(void **state)
{
	struct pty c;

	(void)state;
	assert_true(at_prompt(&c, "smtp://[::1]:25/", false));
	pty_say(&c, "NOOP one\r");
	says(&c, "heard \"NOOP one\"");
	pty_say(&c, "NOOP two\r");
	says(&c, "heard \"NOOP two\"");
	pty_say(&c, ":open tcp:[::1]:26\r");
	says(&c, "220 mx");
	says(&c, "tcp> ");
	forget(&c);
	pty_say(&c, "\033[A");
	pty_say(&c, ":explain 450\r");
	says(&c, "450  ");
	never(&c, "NOOP");
	pty_say(&c, ":open\r");
	says(&c, "220 mx");
	pty_say(&c, ":open smtp:[::1]:25\r");
	says(&c, "greeted> ");
	forget(&c);
	pty_say(&c, "\033[A\033[A\r");
	says(&c, "heard \"NOOP two\"");
	pty_say(&c, "\033[A\033[A\033[A\033[A\r");
	says(&c, "heard \"NOOP one\"");
	pty_end(&c);
}

/* TAB: only words of printable ASCII, and all of them are listed. */
static void
offered_words(void **state)
{
	struct pty c;

	(void)state;
	assert_true(at_prompt(&c, "smtp://[::1]:26/", false));
	pty_say(&c, "EHLO x\r");
	says(&c, "ready> ");
	pty_say(&c, "AUTH \t\t");
	pty_type(&c, "\t");
	pty_say(&c, "Q\r");
	says(&c, "heard \"AUTH Q\"");
	never(&c, "\342\200\256");
	never(&c, "\302\233");
	pty_end(&c);
	assert_true(at_prompt(&c, "smtp://[::1]:25/", false));
	pty_say(&c, "EHLO x\r");
	says(&c, "ready> ");
	forget(&c);
	pty_say(&c, "AUTH \t");
	says(&c, "AUTH LOGIN");
	says(&c, "AUTH PLAIN");
	pty_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupted_password),
		cmocka_unit_test(killed_password),
		cmocka_unit_test(interrupted_key),
		cmocka_unit_test(paste_in_parts),
		cmocka_unit_test(paste_too_large),
		cmocka_unit_test(edited_password),
		cmocka_unit_test(stopped_password),
		cmocka_unit_test(pasted_secret),
		cmocka_unit_test(leaves_by_signal),
		cmocka_unit_test(locale_not_here),
		cmocka_unit_test(history_by_protocol),
		cmocka_unit_test(offered_words),
	};
	pid_t one, two;
	int failed;

	if (net_alone() != 0) {
		printf("SKIP namespaces: no network namespace of our own\n");
		return 0;
	}
	one = net_serve(25, "220 mx.example.jp ESMTP\r\n", mild);
	two = net_serve(26, "220 mx.example.jp ESMTP\r\n", evil);
	failed = cmocka_run_group_tests_name("by hand on a terminal", tests,
	    NULL, NULL);
	kill(one, SIGKILL);
	kill(two, SIGKILL);
	waitpid(one, NULL, 0);
	waitpid(two, NULL, 0);
	return failed;
}
