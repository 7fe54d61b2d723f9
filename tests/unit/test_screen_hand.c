/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By hand inside the guide: taking over, typing, leaving. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "tests/unit/screen_kit.h"

static void
wake(void *ctx)
{
	loop_stop(ctx);
}

static void
wait_ms(struct kit_run *r, struct screen *k, int ms)
{
	loop_timer(r->loop, ms * NSEC_PER_MSEC, wake, r->loop);
	loop_run(r->loop);
	screen_draw(k);
}

static void
speaks_smtp(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	if (!screen_here())
		skip();
	kit_stay = true;
	kit_start(&r, "", 7);
	screen_open(&k, r.loop, r.engine, engine_session(r.engine), 40, 120,
	    "en", 1, true, true);
	engine_sink(r.engine, tui_event, k.tui);
	engine_start(r.engine);
	while (!engine_ended(r.engine))
		loop_run(r.loop);
	screen_draw(&k);
	screen_keys(&k, ":");
	screen_type(&k, "goto mail-in\r");
	screen_keys(&k, "Right Down !");
	assert_non_null(k.tui->hand);
	assert_non_null(k.tui->line);
	wait_ms(&r, &k, 2000);
	screen_type(&k, "EHLO me.exam");
	assert_true(screen_shows(&k, "smtp greeted> EHLO me.exam"));
	screen_type(&k, "ple.jp\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> EHLO me.example.jp"));
	assert_true(screen_shows(&k, "smtp ready>"));
	screen_check(&k, "by hand");
	screen_type(&k, "NOOP\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> NOOP"));
	screen_type(&k, "AUTH PLAIN c2VjcmV0LXRva2Vu");
	assert_true(screen_shows(&k, "AUTH PLAIN ****"));
	assert_false(screen_shows(&k, "c2VjcmV0LXRva2Vu"));
	screen_check(&k, "a secret being typed");
	screen_type(&k, "\r");
	wait_ms(&r, &k, 2000);
	assert_false(screen_shows(&k, "c2VjcmV0LXRva2Vu"));
	screen_keys(&k, "Up");
	assert_false(screen_shows(&k, "c2VjcmV0LXRva2Vu"));
	screen_keys(&k, "Esc");
	assert_null(k.tui->hand);
	assert_null(k.tui->line);
	assert_null(strstr(buf_str(&r.events), "c2VjcmV0LXRva2Vu"));
	screen_close(&k);
	buf_free(&r.events);
	kit_free(&r);
}

#define SLOW_MX	"@ tries 1\nfault smtp {mx1.4} at banner delay 5000\n"
#define SLOW_SUBMISSION "@ tries 1\n" \
	"submission {mx1} {mx1.4} auth-early\n" \
	"fault smtp {mx1.4} port 587 at banner delay 5000\n"

/* The guide while a server lets us wait for its banner; skips without the
   terminal that shows it. */
static void
mid_dialogue(struct kit_run *r, struct screen *k, const char *lang,
    const char *text, const char *step)
{
	if (!screen_here())
		skip();
	kit_stay = true;
	kit_start(r, text, 7);
	screen_open(k, r->loop, r->engine, engine_session(r->engine), 40, 120,
	    lang, 1, true, true);
	engine_sink(r->engine, tui_event, k->tui);
	engine_start(r->engine);
	wait_ms(r, k, 3000);
	screen_keys(k, ":");
	screen_type(k, "goto ");
	screen_type(k, step);
	screen_type(k, "\r");
	screen_keys(k, "Right Down");
	assert_true(screen_shows(k, "=== "));
}

static void
end(struct kit_run *r, struct screen *k)
{
	screen_close(k);
	buf_free(&r->events);
	kit_free(r);
}

/* e: the line that comes next is edited at the bottom and goes out so. */
static void
edits_a_line(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	mid_dialogue(&r, &k, "en", SLOW_MX, "mail-in");
	screen_keys(&k, "e");
	assert_non_null(k.tui->hand);
	assert_null(k.tui->line);
	assert_true(screen_shows(&k, "waiting for the next line"));
	wait_ms(&r, &k, 4000);
	assert_non_null(k.tui->line);
	assert_true(screen_shows(&k, "edit smtp greeted> EHLO "));
	screen_check(&k, "a line to be edited");
	wait_ms(&r, &k, 200000);
	assert_non_null(k.tui->line);
	screen_keys(&k, "Ctrl-A Ctrl-K");
	screen_type(&k, "HELO edited.example\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> HELO edited.example"));
	assert_true(screen_shows(&k, " -> QUIT"));
	assert_null(k.tui->hand);
	assert_null(k.tui->line);
	screen_check(&k, "an edited line");
	assert_true(engine_ended(r.engine));
	end(&r, &k);
}

/* Esc, while it waits or while the line stands there: the script's own. */
static void
leaves_a_line(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct kit_run r;
		struct screen k;

		mid_dialogue(&r, &k, "en", SLOW_MX, "mail-in");
		screen_keys(&k, "e");
		if (i == 1) {
			wait_ms(&r, &k, 4000);
			assert_non_null(k.tui->line);
			screen_type(&k, "xyz");
		}
		screen_keys(&k, "Esc");
		assert_null(k.tui->hand);
		assert_null(k.tui->line);
		wait_ms(&r, &k, 8000);
		assert_true(screen_shows(&k, " -> STARTTLS"));
		assert_false(screen_shows(&k, "+> "));
		assert_true(engine_ended(r.engine));
		/* Over: it says so. */
		screen_keys(&k, "e");
		assert_null(k.tui->hand);
		assert_true(screen_shows(&k, "says nothing more"));
		end(&r, &k);
	}
}

/* Where the script cannot go on, here within a login, the operator does. */
static void
keeps_a_line(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	mid_dialogue(&r, &k, "ja", SLOW_SUBMISSION, "mailbox");
	screen_keys(&k, "e");
	wait_ms(&r, &k, 4000);
	assert_true(screen_shows(&k, "編集 submission greeted> EHLO "));
	screen_type(&k, "\r");
	assert_null(k.tui->hand);
	screen_keys(&k, "e");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "編集 submission ready> STARTTLS"));
	screen_keys(&k, "Ctrl-A Ctrl-K");
	screen_type(&k, "AUTH PLAIN\r");
	wait_ms(&r, &k, 2000);
	assert_non_null(k.tui->hand);
	assert_true(screen_shows(&k, "submission secret>"));
	assert_false(screen_shows(&k, "編集 submission"));
	screen_check(&k, "a login by hand");
	screen_type(&k, "*\r");
	wait_ms(&r, &k, 2000);
	screen_keys(&k, "Ctrl-]");
	wait_ms(&r, &k, 4000);
	assert_null(k.tui->hand);
	assert_true(screen_shows(&k, " -> QUIT"));
	end(&r, &k);
}

#define HIDDEN "hunter2-zwei"

/* To the submission server, by hand, behind its EHLO. */
static void
at_submission(struct kit_run *r, struct screen *k)
{
	mid_dialogue(r, k, "en", SLOW_SUBMISSION, "mailbox");
	screen_keys(k, "!");
	wait_ms(r, k, 6000);
	screen_type(k, "EHLO me.example.jp\r");
	wait_ms(r, k, 2000);
	assert_true(screen_shows(k, "<-  250"));
}

/* :open alone: the same server again. */
static void
opens_again(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	at_submission(&r, &k);
	screen_type(&k, ":close\r");
	assert_true(screen_shows(&k, "submission> "));
	screen_type(&k, ":open\r");
	wait_ms(&r, &k, 6000);
	assert_true(screen_shows(&k, "submission greeted> "));
	screen_type(&k, "NOOP again\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> NOOP again"));
	end(&r, &k);
}

/* Each protocol has its own history. */
static void
remembers_by_protocol(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	at_submission(&r, &k);
	screen_type(&k, "NOOP of-mail\r");
	wait_ms(&r, &k, 2000);
	screen_type(&k, ":open tcp:[2001:db8::99]:7\r");
	wait_ms(&r, &k, 6000);
	assert_true(screen_shows(&k, "tcp> "));
	screen_keys(&k, "Up");
	assert_false(screen_shows(&k, "tcp> NOOP"));
	assert_false(screen_shows(&k, "tcp> EHLO"));
	assert_false(screen_shows(&k, "tcp> :open"));
	screen_type(&k, ":explain 450\r");
	screen_keys(&k, "Up");
	assert_true(screen_shows(&k, "tcp> :explain 450"));
	screen_keys(&k, "Ctrl-A Ctrl-K");
	screen_type(&k, ":open submission:[2001:db8::99]\r");
	wait_ms(&r, &k, 6000);
	screen_keys(&k, "Up Up");
	assert_true(screen_shows(&k, "submission> NOOP of-mail"));
	screen_keys(&k, "Esc : Up");
	assert_true(screen_shows(&k, ":goto mailbox"));
	end(&r, &k);
}

/* TAB puts in what all have in common, and lists them all. */
static void
completes(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	at_submission(&r, &k);
	screen_type(&k, "au\t");
	assert_true(screen_shows(&k, "> AUTH "));
	assert_true(screen_shows(&k, "AUTH LOGIN"));
	assert_true(screen_shows(&k, "AUTH PLAIN"));
	screen_type(&k, "P\t");
	assert_true(screen_shows(&k, "> AUTH PLAIN"));
	assert_false(screen_shows(&k, "AUTH LOGIN"));
	end(&r, &k);
}

/* A pasted :login takes the next line as its password. */
static void
pastes_a_login(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	at_submission(&r, &k);
	line_paste(k.tui, ":login clear bob\n" HIDDEN "\nNOOP\n");
	screen_draw(&k);
	assert_true(screen_shows(&k, "3 lines pasted"));
	screen_type(&k, "y\r");
	wait_ms(&r, &k, 4000);
	assert_true(screen_shows(&k, "+> AUTH "));
	assert_true(screen_shows(&k, "+> NOOP"));
	assert_false(screen_shows(&k, "password (not shown)"));
	screen_type(&k, "RSET\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> RSET"));
	assert_false(screen_shows(&k, HIDDEN));
	assert_null(strstr(buf_str(&r.events), HIDDEN));
	end(&r, &k);
}

/* Ctrl-C at the password: the next line is an ordinary one. */
static void
interrupts_a_login(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	at_submission(&r, &k);
	screen_type(&k, ":login clear bob\r");
	assert_true(screen_shows(&k, "password (not shown)"));
	screen_type(&k, HIDDEN);
	screen_keys(&k, "Ctrl-W");
	screen_type(&k, HIDDEN);
	screen_keys(&k, "Ctrl-C");
	assert_false(screen_shows(&k, "password (not shown)"));
	assert_false(screen_shows(&k, HIDDEN));
	screen_keys(&k, "Ctrl-Y");
	assert_false(screen_shows(&k, HIDDEN));
	screen_keys(&k, "Ctrl-A Ctrl-K");
	screen_type(&k, "NOOP\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> NOOP"));
	assert_null(strstr(buf_str(&r.events), HIDDEN));
	end(&r, &k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_again),
		cmocka_unit_test(remembers_by_protocol),
		cmocka_unit_test(completes),
		cmocka_unit_test(pastes_a_login),
		cmocka_unit_test(interrupts_a_login),
		cmocka_unit_test(speaks_smtp),
		cmocka_unit_test(edits_a_line),
		cmocka_unit_test(leaves_a_line),
		cmocka_unit_test(keeps_a_line),
	};

	return cmocka_run_group_tests_name("by hand in the guide", tests,
	    NULL, NULL);
}
