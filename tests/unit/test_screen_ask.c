/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions in the guide: a row that takes no key, Tab to the line that
 * answers, unanswered is no, consent is a typed word. And the password of the
 * account is nowhere: not on the screen, in no event, in no report.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "tests/unit/screen_kit.h"
#include "ui/report.h"
#include "ui/strings.h"
#include "ui/tui_ask.h"

#define SECRET	"hunter-vier-4"
#define ACCOUNT \
	"record {d} mail A {x1.4}\n" \
	"record {d} mail AAAA {x1.6}\n" \
	"submission mail.{d} {x1.4} {x1.6}\n" \
	"imap mail.{d} {x1.4} {x1.6} tls auth PLAIN\n" \
	"account taro@{d} " SECRET "\n" \
	"@ mailbox taro@{d}\n" \
	"@ password " SECRET "\n"
#define LAST_ROW	29

static struct buf heard;

static void
keep(void *ctx, const struct session *s, const struct event *ev)
{
	char *line = record_line(ev);

	buf_printf(&heard, "%s\n", line);
	free(line);
	if (ctx != NULL)
		tui_event(ctx, s, ev);
}

static void
stop_here(void *ctx)
{
	loop_stop(ctx);
}

static void
begin(struct kit_run *r, struct screen *k, const char *text, const char *lang,
    int cols)
{
	if (!screen_here())
		skip();
	kit_start(r, text, 7);
	engine_free(r->engine);
	r->opts.asks = (1u << ASK_COUNT) - 1;
	r->opts.stay = true;
	r->engine = engine_new(r->loop, &r->subject, &r->opts);
	screen_open(k, r->loop, r->engine, engine_session(r->engine), 30,
	    cols, lang, 1, true, true);
	buf_init(&heard, 0);
	engine_sink(r->engine, keep, k->tui);
	engine_start(r->engine);
	loop_timer(r->loop, 10 * NSEC_PER_MSEC, stop_here, r->loop);
	loop_run(r->loop);
	screen_draw(k);
}

static void
to_end(struct kit_run *r, struct screen *k)
{
	while (!engine_ended(r->engine)) {
		loop_timer(r->loop, NSEC_PER_SEC / 3, stop_here, r->loop);
		loop_run(r->loop);
		screen_draw(k);
		screen_check(k, "while it runs");
		assert_false(screen_shows(k, SECRET));
	}
}

static void
end(struct kit_run *r, struct screen *k)
{
	struct out o = { .ambiguous = 1 };
	char *text = NULL;
	size_t size;

	assert_null(strstr(buf_str(&heard), SECRET));
	o.file = open_memstream(&text, &size);
	report_write(&o, engine_session(r->engine));
	fclose(o.file);
	assert_null(strstr(text, SECRET));
	free(text);
	screen_close(k);
	buf_free(&heard);
	buf_free(&r->events);
	kit_free(r);
}

/* Tab until it is reached: the panes, then the question. */
static void
go(struct screen *k)
{
	int i;

	for (i = 0; i < 4 && k->tui->line == NULL; i++)
		screen_keys(k, "Tab");
	assert_non_null(k->tui->line);
}

/* The row is whole on the narrowest usual terminal, in both languages. */
static void
row_fits(void **state)
{
	static const char *const langs[] = { "en", "ja" };
	struct kit_run r;
	struct screen k;
	char *row;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin(&r, &k, ACCOUNT, langs[i], 80);
		assert_int_equal(ask_open(k.tui), ASK_SYMPTOM);
		row = screen_row(&k, head_lines(k.tui) - 1);
		if (strstr(row, strings_get("ask.symptom.row")) == NULL)
			fail_msg("cut: %s", row);
		free(row);
		screen_check(&k, langs[i]);
		screen_size(&k, 15, 60);
		screen_check(&k, "60x15");
		screen_size(&k, 30, 80);
		end(&r, &k);
	}
}

static void
takes_no_key(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	begin(&r, &k, "", "en", 100);
	assert_true(screen_shows(&k, "What is felt?"));
	assert_null(k.tui->line);
	assert_int_equal(k.tui->focus, PANE_STEPS);
	/* Digits and Enter mean what they always mean. */
	screen_keys(&k, "1 Enter");
	assert_int_equal(engine_session(r.engine)->asks[ASK_SYMPTOM],
	    ASK_OPEN);
	screen_keys(&k, "m");
	assert_int_equal(k.tui->view, VIEW_MATRIX);
	screen_keys(&k, "m");
	/* Tab leads there from anywhere, Tab and Esc lead away, it stays
	   open; Tab goes on through the panes, and round to it again. */
	screen_keys(&k, "Tab");
	assert_non_null(k.tui->line);
	assert_int_equal(k.tui->cursor_y, LAST_ROW);
	screen_check(&k, "answering");
	screen_keys(&k, "Esc");
	assert_null(k.tui->line);
	assert_int_equal(k.tui->focus, PANE_STEPS);
	screen_keys(&k, "Tab");
	assert_non_null(k.tui->line);
	screen_keys(&k, "Tab");
	assert_null(k.tui->line);
	assert_int_equal(k.tui->focus, PANE_LIVE);
	screen_keys(&k, "Tab Tab");
	assert_null(k.tui->line);
	assert_int_equal(k.tui->focus, PANE_STEPS);
	screen_keys(&k, "Tab");
	assert_non_null(k.tui->line);
	screen_keys(&k, "Esc BackTab");
	assert_non_null(k.tui->line);
	screen_keys(&k, "Esc");
	assert_null(k.tui->line);
	assert_true(screen_shows(&k, "What is felt?"));
	/* Unanswered, it goes with the diagnosis. */
	to_end(&r, &k);
	assert_false(screen_shows(&k, "What is felt?"));
	assert_null(strstr(buf_str(&heard), "\"ev\":\"answer\""));
	end(&r, &k);
}

static void
orders_the_steps(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	begin(&r, &k, "", "en", 100);
	go(&k);
	screen_type(&k, "8\r");
	assert_true(screen_shows(&k, "no answer to it"));
	go(&k);
	screen_type(&k, " 5 \r");
	assert_string_equal(engine_session(r.engine)->symptom, "web");
	assert_true(screen_shows(&k, "web comes first"));
	assert_false(screen_shows(&k, "What is felt?"));
	to_end(&r, &k);
	end(&r, &k);
	/* Enter leaves it. */
	begin(&r, &k, "", "en", 100);
	go(&k);
	screen_type(&k, "\r");
	assert_int_equal(engine_session(r.engine)->asks[ASK_SYMPTOM],
	    ASK_DONE);
	assert_string_equal(engine_session(r.engine)->symptom, "");
	to_end(&r, &k);
	end(&r, &k);
}

static void
leave_symptom(struct screen *k)
{
	go(k);
	screen_type(k, "\r");
}

static void
consent_is_a_word(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	begin(&r, &k, ACCOUNT, "en", 100);
	leave_symptom(&k);
	assert_true(screen_shows(&k, "Send marked test mail to taro@"));
	go(&k);
	screen_type(&k, "y\r");
	assert_true(screen_shows(&k, "no mail is sent"));
	assert_false(engine_session(r.engine)->consent);
	to_end(&r, &k);
	assert_null(strstr(buf_str(&heard), "\"text\":\"DATA"));
	end(&r, &k);
	begin(&r, &k, ACCOUNT, "en", 100);
	leave_symptom(&k);
	go(&k);
	screen_type(&k, "send\r");
	assert_true(screen_shows(&k, "consent given"));
	to_end(&r, &k);
	assert_non_null(strstr(buf_str(&heard), "\"text\":\"DATA"));
	assert_non_null(strstr(buf_str(&heard), "\"id\":\"delivered\""));
	end(&r, &k);
}

/* It is not one of the lines that Up brings back. */
static void
not_in_the_history(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	begin(&r, &k, ACCOUNT, "en", 100);
	go(&k);
	screen_type(&k, "send\r");
	assert_string_equal(engine_session(r.engine)->symptom, "send");
	go(&k);
	screen_keys(&k, "Up");
	screen_type(&k, "\r");
	assert_false(engine_session(r.engine)->consent);
	to_end(&r, &k);
	end(&r, &k);
}

static void
waits_for_greylisting(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	begin(&r, &k, "smtp {mx1}.{d} {mx1.4} greylist 300\n"
	    "@ rcpt taro@{d}\n", "en", 100);
	leave_symptom(&k);
	to_end(&r, &k);
	assert_true(screen_shows(&k, "greylists us. Come back later?"));
	go(&k);
	screen_type(&k, "400\r");
	assert_true(screen_shows(&k, "back after 400 s"));
	assert_false(engine_ended(r.engine));
	to_end(&r, &k);
	assert_true(engine_session(r.engine)->us > 400000000);
	assert_false(screen_shows(&k, "greylisted"));
	end(&r, &k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(row_fits),
		cmocka_unit_test(takes_no_key),
		cmocka_unit_test(orders_the_steps),
		cmocka_unit_test(consent_is_a_word),
		cmocka_unit_test(not_in_the_history),
		cmocka_unit_test(waits_for_greylisting),
	};

	return cmocka_run_group_tests_name("questions in the guide", tests,
	    NULL, NULL);
}
