/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru's own command line on a pseudo-terminal, in the memory world: what
 * it asks and what not, alerts that open the guide where they point, the last
 * run, recordings, suspending, colours, the mouse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tests/unit/pty_kit.h"
#include "ui/strings.h"

#define SECRET	"hunter-sechs-6"
#define LONG	20000	/* ms */

static char dir[] = "/tmp/tadoru-run-XXXXXX";
static char *mail_file, *rec_file;
static bool here;

static const char mail_world[] =
    "record {d} mail A {x1.4}\n"
    "record {d} mail AAAA {x1.6}\n"
    "submission mail.{d} {x1.4} {x1.6}\n"
    "imap mail.{d} {x1.4} {x1.6} tls auth PLAIN\n"
    "account taro@{d} " SECRET "\n";

static int
set_up(void **state)
{
	FILE *f;

	(void)state;
	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return -1;
	setenv("XDG_STATE_HOME", dir, 1);
	setenv("XDG_CONFIG_HOME", dir, 1);
	mail_file = xasprintf("%s/mail.world", dir);
	rec_file = xasprintf("%s/rec.jsonl", dir);
	if ((f = fopen(mail_file, "w")) == NULL)
		return -1;
	fputs(mail_world, f);
	fclose(f);
	here = screen_here();
	return 0;
}

static int
tear_down(void **state)
{
	char *command = xasprintf("rm -rf %s", dir);

	(void)state;
	if (chdir("/") != 0 || system(command) != 0)
		print_message("%s is left\n", dir);
	free(command);
	free(mail_file);
	free(rec_file);
	return 0;
}

static void
forget_runs(void)
{
	char *command = xasprintf("rm -rf %s/tadoru", dir);

	assert_int_equal(system(command), 0);
	free(command);
}

/* Does any file of ours, the runs kept too, have that text? */
static bool
kept(const char *text)
{
	char *command = xasprintf("grep -rqF -e '%s' --exclude=mail.world %s",
	    text, dir);
	bool yes = system(command) == 0;

	free(command);
	return yes;
}

#define RUN(...) ((const char *const []){ __VA_ARGS__, NULL })

static void
must_wait(struct pty *c, const char *text)
{
	if (!pty_wait(c, text, LONG))
		fail_msg("no \"%s\" in %s", text, buf_str(&c->out));
}

static void
must_show(struct pty *c, const char *text)
{
	char *all;

	if (pty_shows(c, text, LONG))
		return;
	all = screen_text(&c->screen);
	fail_msg("no \"%s\" on\n%s", text, all);
}

/* --plain on a terminal: numbers in, the same session as by keys. */
static void
plain_asks(void **state)
{
	struct pty c = { .job = false };

	(void)state;
	forget_runs();
	pty_run(&c, "xterm-256color", RUN("-r", "--plain", "{d}"));
	must_wait(&c, "what is felt?");
	pty_say(&c, "9\n");
	must_wait(&c, "no answer to it");
	pty_say(&c, "3\n");
	must_wait(&c, "What next?");
	assert_true(kept("\"value\":\"receive\""));
	pty_say(&c, "1\n");
	must_wait(&c, "Who feels it");
	pty_say(&c, "2\ncert-expired\n");
	must_wait(&c, "Usual verdict");
	pty_say(&c, "5\nmy.txt\n");
	must_wait(&c, "saved as my.txt");
	assert_int_equal(access("my.txt", F_OK), 0);
	pty_say(&c, "5\nmy.txt\n");
	must_wait(&c, "File exists");
	pty_say(&c, "7\n");
	must_wait(&c, "from 1 to 6");
	buf_drop(&c.out, c.out.len);
	pty_say(&c, "4\n");
	must_wait(&c, "what is felt?");
	pty_say(&c, "\n");
	must_wait(&c, "last run");
	must_wait(&c, "What next?");
	pty_say(&c, "6\n");
	assert_int_equal(pty_end_status(&c, LONG), 2 << 8);
	assert_null(strstr(buf_str(&c.out), "\033[?1049h"));
	pty_end(&c);
}

/* The end of the terminal's input is no answer to anything. */
static void
plain_without_answers(void **state)
{
	struct pty c = { .job = false };

	(void)state;
	forget_runs();
	pty_run(&c, "xterm-256color", RUN("-r", "--plain", "{d}"));
	must_wait(&c, "what is felt?");
	pty_say(&c, "\004");
	must_wait(&c, "What next?");
	assert_true(kept("\"ask\":\"symptom\",\"value\":\"\""));
	pty_say(&c, "\004");
	assert_int_equal(pty_end_status(&c, LONG), 2 << 8);
	pty_end(&c);
}

/* The terminal does not echo. */
static bool
silent(struct pty *c, const void *arg)
{
	struct termios t;

	(void)arg;
	assert_int_equal(tcgetattr(c->slave, &t), 0);
	return (t.c_lflag & ECHO) == 0;
}

static void
password_and_consent(struct pty *c, const char *word)
{
	pty_run(c, "xterm-256color", RUN("-f", mail_file, "-r", "--plain",
	    "--symptom", "read", "--record", rec_file, "--mailbox",
	    "taro@{d}", "{d}"));
	must_wait(c, "not shown");
	assert_true(pty_until(c, silent, NULL, LONG));
	pty_say(c, SECRET "\n");
	must_wait(c, "to consent");
	assert_null(strstr(buf_str(&c->out), "what is felt"));
	pty_say(c, word);
	pty_say(c, "\n");
	must_wait(c, "What next?");
	pty_say(c, "6\n");
	assert_true(pty_end_status(c, LONG) != -1);
	if (strstr(buf_str(&c->out), SECRET) != NULL)
		fail_msg("the password is on the terminal");
	assert_false(kept(SECRET));
}

static void
secrets_and_consent(void **state)
{
	struct pty c = { .job = false };

	(void)state;
	forget_runs();
	password_and_consent(&c, "yes");
	assert_true(kept("\"login\""));
	assert_false(kept("\"text\":\"DATA"));
	pty_end(&c);
	unlink(rec_file);
	forget_runs();
	password_and_consent(&c, "send");
	assert_true(kept("\"text\":\"DATA"));
	assert_true(kept("\"id\":\"delivered\""));
	pty_end(&c);
	unlink(rec_file);
}

/* Ctrl-C at the password: the echo comes back. */
static void
password_interrupted(void **state)
{
	struct termios now;
	struct pty c = { .job = true };

	(void)state;
	pty_run(&c, "xterm-256color", RUN("-f", mail_file, "-r",
	    "--mailbox", "taro@{d}", "{d}"));
	must_wait(&c, "not shown");
	assert_true(pty_until(&c, silent, NULL, LONG));
	pty_say(&c, "\003");
	assert_int_equal(pty_end_status(&c, LONG), 98 << 8);
	assert_int_equal(tcgetattr(c.slave, &now), 0);
	assert_int_equal(now.c_lflag, c.before.c_lflag);
	pty_end(&c);
}

/* check asks nothing, whoever sits there. */
static void
check_never_asks(void **state)
{
	struct pty c = { .job = false };
	const char *out;

	(void)state;
	forget_runs();
	pty_run(&c, "xterm-256color", RUN("-f", mail_file, "-r", "check",
	    "--mailbox", "taro@{d}", "{d}"));
	assert_true(pty_end_status(&c, LONG) != -1);
	out = buf_str(&c.out);
	assert_non_null(strstr(out, "no password"));
	assert_null(strstr(out, "not shown"));
	assert_null(strstr(out, "felt"));
	assert_null(strstr(out, "What next"));
	assert_false(kept("\"ev\":\"ask\""));
	pty_end(&c);
}

/* Nobody sits there: no question at all. */
static void
pipe_never_asks(void **state)
{
	char *name = pty_program(), *command = xasprintf("%s -f %s -r --plain"
	    " --mailbox 'taro@{d}' '{d}' </dev/null >%s/out 2>&1", name,
	    mail_file, dir);

	(void)state;
	forget_runs();
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	if (system(command) == -1)
		fail();
	unsetenv("ASAN_OPTIONS");
	assert_true(kept("Verdict"));
	assert_false(kept("felt?"));
	assert_false(kept("What next"));
	assert_false(kept("\"ev\":\"ask\""));
	free(command);
	free(name);
}

/* What the last run said: in check, --plain and the guide. */
static void
last_run_everywhere(void **state)
{
	struct pty c = { .job = false };

	(void)state;
	if (!here)
		skip();
	forget_runs();
	pty_run(&c, "xterm-256color", RUN("-r", "check", "{d}"));
	assert_true(pty_end_status(&c, LONG) != -1);
	assert_null(strstr(buf_str(&c.out), "last run"));
	pty_end(&c);
	pty_run(&c, "xterm-256color", RUN("-r", "check", "{d}"));
	assert_true(pty_end_status(&c, LONG) != -1);
	assert_non_null(strstr(buf_str(&c.out), "ago: same"));
	pty_end(&c);
	pty_run(&c, "xterm-256color", RUN("-r", "--symptom", "web", "--plain",
	    "{d}"));
	must_wait(&c, "ago: same");
	pty_end(&c);
	pty_run(&c, "vt100", RUN("-r", "--symptom", "web", "{d}"));
	must_show(&c, "last run");
	must_show(&c, "ago: same");
	pty_say(&c, "Q");
	assert_int_equal(pty_end_status(&c, LONG), 2 << 8);
	pty_end(&c);
	/* Another world: what was is said, not "same". */
	pty_run(&c, "xterm-256color", RUN("-f", mail_file, "-r", "check",
	    "{d}"));
	assert_true(pty_end_status(&c, LONG) != -1);
	assert_non_null(strstr(buf_str(&c.out), "last run"));
	assert_null(strstr(buf_str(&c.out), "ago: same"));
	pty_end(&c);
}

static const struct {
	const char	*text, *title;	/* in the frame of the dialogue */
	const char	*step;
} alerts[] = {
	{ "postfix/smtp: connect to {mx1}[{mx1.6}]:25: Connection refused",
	    "smtp {mx1}  {mx1.6}", "8 mail in" },
	{ "curl: (7) Failed to connect to {d} port 443: Connection refused",
	    "https {d}", "7 web" },
};

static char *
drawn(const char *in)
{
	struct kit_run r;
	struct buf b;

	kit_start(&r, "", 7);
	buf_init(&b, 0);
	while (*in != '\0') {
		const char *end = *in == '{' ? strchr(in, '}') : NULL;
		char *name = end == NULL ? NULL : xstrndup(in + 1,
		    (size_t)(end - in) - 1);

		if (name == NULL)
			buf_addc(&b, *in++);
		else {
			buf_adds(&b, kit_var(&r, name));
			in = end + 1;
		}
		free(name);
	}
	buf_free(&r.events);
	kit_free(&r);
	return buf_steal(&b);
}

/* The step whose rows the cursor is in. */
static bool
cursor_in(struct pty *c, const void *step)
{
	int y, x;
	bool yes = false, other = false;
	char *row;

	screen_cursor(&c->screen, &y, &x);
	for (; y >= 0 && !yes && !other; y--) {
		row = screen_row(&c->screen, y);
		yes = strstr(row, step) != NULL;
		other = !yes && strlen(row) > 12 && strstr(row, "steps") !=
		    NULL;
		free(row);
	}
	return yes;
}

/* The guide that an alert opens stands on what the alert is about. */
static void
alert_opens_there(void **state)
{
	struct pty c = { .job = false };
	char *title;
	size_t i;

	(void)state;
	if (!here)
		skip();
	for (i = 0; i < sizeof alerts / sizeof alerts[0]; i++) {
		pty_run(&c, "vt100", RUN("-r", "alert", alerts[i].text));
		title = drawn(alerts[i].title);
		must_show(&c, title);
		assert_false(pty_shows(&c, "What is felt?", 100));
		if (!pty_until(&c, cursor_in, alerts[i].step, LONG))
			fail_msg("%s: the cursor is not in %s of\n%s",
			    alerts[i].text, alerts[i].step,
			    screen_text(&c.screen));
		free(title);
		pty_say(&c, "Q");
		assert_true(pty_end_status(&c, LONG) != -1);
		pty_assert_restored(&c, alerts[i].text);
		pty_end(&c);
	}
}

/* A recording in the full screen, to its end and to its exit status. */
static void
replay_on_a_terminal(void **state)
{
	struct pty c = { .job = false };

	(void)state;
	if (!here)
		skip();
	pty_run(&c, "xterm-256color", RUN("-r", "check", "--record", rec_file,
	    "{d}"));
	assert_int_equal(pty_end_status(&c, LONG), 2 << 8);
	pty_end(&c);
	pty_run(&c, "vt100", RUN("-r", "replay", "-s", rec_file));
	must_show(&c, "next event that matters");
	must_show(&c, "recording");
	pty_say(&c, "s");
	must_show(&c, "begins");
	pty_say(&c, "!");
	must_show(&c, "nothing can be sent");
	pty_say(&c, " >>>>>>>");
	must_show(&c, "worst:");
	pty_say(&c, "Q");
	assert_int_equal(pty_end_status(&c, LONG), 2 << 8);
	pty_assert_restored(&c, "replay");
	assert_non_null(strstr(buf_str(&c.out), "Verdict"));
	pty_end(&c);
	/* One that is broken is said before any screen. */
	pty_run(&c, "vt100", RUN("-r", "replay", mail_file));
	assert_int_equal(pty_end_status(&c, LONG), 64 << 8);
	assert_non_null(strstr(buf_str(&c.out), "mail.world:1: not an event"));
	pty_end(&c);
	unlink(rec_file);
}

/* A row and the columns from .. to - 1; rows and columns from 0. */
struct place {
	int	y, from, to;
};

static bool
cursor_at(struct pty *c, const void *arg)
{
	const struct place *p = arg;
	int y, x;

	screen_cursor(&c->screen, &y, &x);
	return y == p->y && x >= p->from && x < p->to;
}

/* The cursor comes there, and stays there: it passes many while a picture
   is drawn. */
static void
must_stand(struct pty *c, struct place p)
{
	int y, x;

	if (pty_until(c, cursor_at, &p, LONG)) {
		pty_wait(c, NULL, 100);
		if (pty_until(c, cursor_at, &p, LONG))
			return;
	}
	screen_cursor(&c->screen, &y, &x);
	fail_msg("not at %d,%d-%d but %d,%d of\n%s", p.y, p.from, p.to, y, x,
	    screen_text(&c->screen));
}

/* Ctrl-Z gives the terminal back, fg takes it again, at the same place. */
static void
stops_and_goes_on(void **state)
{
	struct termios stopped;
	struct pty c = { .job = true };
	const struct place fourth = { 7, 2, 3 };

	(void)state;
	if (!here)
		skip();
	pty_run(&c, "vt100", RUN("-s", "-a", "1"));
	must_show(&c, "Nothing is sent until");
	pty_say(&c, "jjj");
	must_stand(&c, fourth);
	pty_say(&c, "\032");
	must_wait(&c, "[stopped]");
	assert_int_equal(tcgetattr(c.slave, &stopped), 0);
	assert_int_equal(stopped.c_lflag, c.before.c_lflag);
	assert_int_equal(stopped.c_iflag, c.before.c_iflag);
	buf_drop(&c.out, c.out.len);
	c.answered = 0;
	pty_say(&c, "fg\n");
	must_show(&c, "what this means");
	must_stand(&c, fourth);
	assert_int_equal(tcgetattr(c.slave, &stopped), 0);
	assert_int_equal(stopped.c_lflag & (ECHO | ICANON), 0);
	pty_say(&c, "qq");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_end(&c);
}

/* Colour codes that were written: foreground, background. */
static void
count_colors(const char *s, int *fg, int *bg)
{
	*fg = *bg = 0;
	while ((s = strstr(s, "\033[")) != NULL) {
		size_t n = strspn(s += 2, "0123456789;");

		if (s[n] != 'm')
			continue;
		while (n > 0) {
			size_t k = strcspn(s, ";m");

			*fg += k == 2 && *s == '3' && s[1] < '8';
			*bg += k == 2 && *s == '4' && s[1] < '8';
			s += k;
			if (*s != ';')
				break;
			s++;
		}
	}
}

/* The terminal's own background always, so that light and dark both do;
   colours only where they are wanted and there. */
static void
colors(void **state)
{
	static const struct { const char *term; bool no_color; bool fg; }
	rows[] = { { "xterm-256color", false, true },
		{ "xterm-256color", true, false },
		{ "linux", false, true }, { "vt100", false, false },
		{ "xterm-mono", false, false } };
	struct pty c;
	size_t i;
	int fg, bg;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(&c, 0, sizeof c);
		if ((c.no_color = rows[i].no_color))
			setenv("NO_COLOR", "1", 1);
		pty_run(&c, rows[i].term, RUN("-r", "{d}"));
		unsetenv("NO_COLOR");
		must_wait(&c, "worst:");
		pty_say(&c, "Q");
		assert_true(pty_end_status(&c, LONG) != -1);
		count_colors(buf_str(&c.out), &fg, &bg);
		if ((fg > 0) != rows[i].fg)
			fail_msg("%s: %d colours", rows[i].term, fg);
		if (bg > 0)
			fail_msg("%s: %d backgrounds", rows[i].term, bg);
		pty_end(&c);
	}
}

/* The mouse is the terminal's until M; then a click goes where it points. */
static void
mouse(void **state)
{
	struct pty c = { .job = false };

	(void)state;
	if (!here)
		skip();
	pty_run(&c, "xterm-256color", RUN("-s", "-a", "1"));
	must_show(&c, "Nothing is sent until");
	assert_null(strstr(buf_str(&c.out), "1000h"));
	pty_say(&c, "M");
	must_show(&c, "mouse on");
	must_wait(&c, "1000h");
	pty_say(&c, "\033[<0;10;9M\033[<0;10;9m");
	must_stand(&c, (struct place){ 8, 0, 36 });
	/* Into the dialogue: that has the focus then. */
	pty_say(&c, "\033[<0;60;7M\033[<0;60;7m");
	must_stand(&c, (struct place){ 6, 36, PTY_COLS });
	pty_say(&c, "M");
	must_show(&c, "mouse off");
	pty_say(&c, "qq");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	assert_non_null(strstr(buf_str(&c.out), "1000l"));
	pty_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_asks),
		cmocka_unit_test(plain_without_answers),
		cmocka_unit_test(secrets_and_consent),
		cmocka_unit_test(password_interrupted),
		cmocka_unit_test(check_never_asks),
		cmocka_unit_test(pipe_never_asks),
		cmocka_unit_test(last_run_everywhere),
		cmocka_unit_test(alert_opens_there),
		cmocka_unit_test(replay_on_a_terminal),
		cmocka_unit_test(stops_and_goes_on),
		cmocka_unit_test(colors),
		cmocka_unit_test(mouse),
	};
	char *name = pty_program();

	if (access(name, X_OK) != 0) {
		printf("SKIP pty: %s was not built\n", name);
		free(name);
		return 0;
	}
	free(name);
	return cmocka_run_group_tests_name("the commands on a terminal",
	    tests, set_up, tear_down);
}
