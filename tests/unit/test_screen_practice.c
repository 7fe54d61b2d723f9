/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru practice on a pseudo-terminal of 80 columns and 24 rows: ticket,
 * guide, causes right and wrong, hint, fix, re-test, what is kept of it; and
 * the first part of the lesson.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "tests/unit/pty_kit.h"
#include "ui/practice.h"
#include "ui/strings.h"

#define LONG	20000	/* ms */
#define RUN(...) ((const char *const []){ __VA_ARGS__, NULL })
#define NEW	{ .program = "tadoru", .rows = 24, .cols = 80 }

static char dir[] = "/tmp/tadoru-screen-practice-XXXXXX";
static bool here;

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	setenv("XDG_STATE_HOME", dir, 1);
	setenv("XDG_CONFIG_HOME", dir, 1);
	here = screen_here();
	return 0;
}

static int
tear_down(void **state)
{
	char *command = xasprintf("rm -rf %s", dir);

	(void)state;
	if (system(command) != 0)
		print_message("%s is left\n", dir);
	free(command);
	return 0;
}

static void
must_wait(struct pty *c, const char *text)
{
	if (!pty_wait(c, text, LONG))
		fail_msg("no \"%s\" in %s", text, buf_str(&c->out));
}

static void
must_show(struct pty *c, const char *text)
{
	if (!pty_shows(c, text, LONG))
		fail_msg("no \"%s\" on\n%s", text, screen_text(&c->screen));
}

/* Type it at the prompt; what was written before is forgotten. */
static void
answer(struct pty *c, const char *keys)
{
	buf_drop(&c->out, c->out.len);
	c->answered = 0;
	pty_say(c, keys);
}

/* The beginning of a text, which no line end can part. */
static const char *
must_wait_head(struct pty *c, const char *text)
{
	char *head = xstrndup(text, text_fit(text, 20, 1));
	const char *at;

	must_wait(c, head);
	at = strstr(buf_str(&c->out), head);
	free(head);
	return at;
}

/* The number in front of that cause, as the list shows it. */
static int
number_of(struct pty *c, const char *cause)
{
	const char *at = must_wait_head(c, cause);
	int n;

	assert_true(at - buf_str(&c->out) > 3);
	n = at[-3] - '0';
	if (n < 1 || n > 9)
		fail_msg("no number before %s in %s", cause,
		    buf_str(&c->out));
	return n;
}

static void
choose_cause(struct pty *c, const char *cause, const char *said)
{
	char keys[16];

	answer(c, "2\n");
	must_wait(c, S("practice.which"));
	snprintf(keys, sizeof keys, "%d\n", number_of(c, cause));
	answer(c, keys);
	must_wait_head(c, said);
	must_wait(c, "\n> ");
}

static void
ticket_and_guide(struct pty *c, const char *says)
{
	must_wait(c, S("practice.ticket"));
	must_wait(c, S("practice.begin"));
	pty_say(c, "\n");
	must_show(c, "✘ @ http 2001:db8:41::80");
	pty_say(c, "n");
	must_show(c, says);
	pty_say(c, "G");
	must_show(c, "✔ 12 ");
}

static void
from_ticket_to_fix(void **state)
{
	struct exercise *e = practice_load("aaaa-refused");
	const char *lang = *state;
	struct pty c = NEW;

	if (!here)
		skip();
	strings_choose(lang);
	pty_run(&c, "vt100", RUN("practice", "aaaa-refused", "--lang", lang));
	ticket_and_guide(&c, strcmp(lang, "ja") == 0 ? "への接続を拒否し" :
	    "refuses connections");
	answer(&c, "q");
	must_wait(&c, S("practice.menu.cause"));
	must_wait(&c, "> ");
	choose_cause(&c, practice_say(e, EXERCISE_WRONG, 0),
	    S("practice.wrong"));
	answer(&c, "1\n");
	must_wait(&c, "\n> ");
	choose_cause(&c, practice_say(e, EXERCISE_RIGHT, 0),
	    S("practice.right"));
	must_wait(&c, S("practice.fix"));
	answer(&c, "5\n");
	must_wait(&c, S("practice.retest"));
	must_wait(&c, "✔ kissa.example");
	answer(&c, "q\n");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_assert_restored(&c, "practice");
	pty_end(&c);
	exercise_free(e);
}

/* What the command line says of the diagnosis counts more than the file:
   without IPv6 nothing is refused. */
static void
bent(void **state)
{
	struct pty c = NEW;

	(void)state;
	if (!here)
		skip();
	strings_choose("en");
	pty_run(&c, "vt100", RUN("practice", "aaaa-refused", "-4", "--lang",
	    "en"));
	must_wait(&c, S("practice.begin"));
	pty_say(&c, "\n");
	must_show(&c, "web v4 ✔ v6 –");
	must_show(&c, S("tui.no-findings"));
	answer(&c, "Q");
	must_wait(&c, "> ");
	answer(&c, "q\n");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_end(&c);
}

static void
the_list_shows_it(void **state)
{
	struct pty c = NEW;
	const char *row;

	(void)state;
	if (!here)
		skip();
	pty_run(&c, "vt100", RUN("practice", "--lang", "en"));
	must_wait(&c, "Which one?");
	row = strstr(buf_str(&c.out), "aaaa-refused");
	assert_non_null(row);
	row = strstr(row, "[hints: 1]");
	assert_non_null(row);
	assert_null(strstr(row + 1, "[hints:"));
	answer(&c, "no-such\n");
	must_wait(&c, "no scenario or file no-such");
	answer(&c, "q\n");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_end(&c);
}

/* The text first, then its domain step by step; what is well has no cause to
   name and nothing to mend. */
static void
lesson(void **state)
{
	const char *lang = *state;
	struct pty c = NEW;

	if (!here)
		skip();
	strings_choose(lang);
	pty_run(&c, "vt100", RUN("practice", "--lesson", "beginner", "--lang",
	    lang));
	must_wait(&c, "$ dig example.jp NS @198.51.100.11 +norec");
	must_wait(&c, S("practice.begin"));
	answer(&c, "\n");
	must_show(&c, "$ dig @198.51.100.1 . NS");
	pty_say(&c, "s");
	must_show(&c, "▶  2 ");
	pty_say(&c, "s");
	must_show(&c, "▶  3 ");
	/* The command of the part, by hand: dig's columns stay apart. */
	pty_say(&c, "!");
	must_show(&c, "> ");
	pty_say(&c, "dig example.jp NS @198.51.100.11 +norec\n");
	must_show(&c, "MSG SIZE");
	assert_true(screen_shows(&c.screen, "3600 IN A"));
	pty_say(&c, "\033");
	must_show(&c, S("tui.hand-left"));
	answer(&c, "Q");
	must_wait(&c, S("practice.menu.remark"));
	must_wait(&c, "> ");
	assert_null(strstr(buf_str(&c.out), S("practice.menu.cause")));
	assert_null(strstr(buf_str(&c.out), S("practice.menu.fix")));
	answer(&c, "q\n");
	must_wait(&c, S("practice.next"));
	answer(&c, "\n");
	must_wait(&c, "glue-stale");
	must_wait(&c, S("practice.begin"));
	answer(&c, "q\n");
	must_wait(&c, S("practice.next"));
	answer(&c, "q\n");
	assert_int_equal(pty_end_status(&c, LONG), 0);
	pty_assert_restored(&c, "lesson");
	pty_end(&c);
}

int
main(void)
{
	static char en[] = "en", ja[] = "ja";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(from_ticket_to_fix, en),
		cmocka_unit_test(the_list_shows_it),
		cmocka_unit_test(bent),
		cmocka_unit_test_prestate(from_ticket_to_fix, ja),
		cmocka_unit_test_prestate(lesson, en),
		cmocka_unit_test_prestate(lesson, ja),
	};
	const char *build = getenv("BUILDDIR");
	char *name = xasprintf("%s/check/tadoru", build == NULL ? "." :
	    build);

	if (access(name, X_OK) != 0) {
		printf("SKIP pty: %s was not built\n", name);
		free(name);
		return 0;
	}
	free(name);
	return cmocka_run_group_tests_name("practice on a terminal", tests,
	    set_up, tear_down);
}
