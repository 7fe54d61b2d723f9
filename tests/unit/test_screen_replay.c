/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recording in the guide: events come at their time, faster, or one by one;
 * at the end everything is as it was live; what needs an engine is refused in
 * words.
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
#include "tests/unit/screen_kit.h"
#include "ui/player.h"
#include "ui/strings.h"
#include "ui/tape.h"

static const char faults[] =
    "fault net {ns1.6} silent\n"
    "fault net {web2.6} silent\n";

static struct kit_run run;
static struct tape *tape;
static bool here;

/* A recording on a screen: nothing is sent, only the clock of a world. */
struct show {
	struct player	*player;
	struct screen	 k;
	struct loop	*loop;
	size_t		 events;
	int64_t		 last_ns;	/* when the last event came */
};

static void
take(void *ctx, const struct session *s, const struct event *ev)
{
	struct tape *t = ctx;

	(void)s;
	tape_add(t, ev);
}

static int
set_up(void **state)
{
	(void)state;
	if (!(here = screen_here()))
		return 0;
	tape = tape_new();
	kit_start(&run, faults, 7);
	engine_sink(run.engine, take, tape);
	kit_finish(&run);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (here) {
		tape_free(tape);
		kit_free(&run);
	}
	return 0;
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct show *w = ctx;

	w->events++;
	w->last_ns = loop_now(w->loop);
	if (w->k.tui != NULL)
		tui_event(w->k.tui, s, ev);
}

static void
stop_here(void *ctx)
{
	loop_stop(ctx);
}

static void
show_open(struct show *w, bool stepping)
{
	memset(w, 0, sizeof *w);
	w->loop = loop_new(run.world);
	w->player = player_new(w->loop, tape, on_event, w);
	screen_open(&w->k, w->loop, NULL, player_session(w->player), 30, 100,
	    "en", 1, true, true);
	w->k.tui->opts.player = w->player;
	player_start(w->player, stepping);
	screen_draw(&w->k);
}

static void
show_close(struct show *w)
{
	screen_close(&w->k);
	player_free(w->player);
	loop_free(w->loop);
}

static void
let(struct show *w, int64_t ns)
{
	loop_timer(w->loop, ns, stop_here, w->loop);
	loop_run(w->loop);
}

static int64_t
length_us(void)
{
	return engine_session(run.engine)->us;
}

/* The end that the recording says is what its own events come to. */
static void
assert_whole(struct show *w)
{
	assert_true(player_over(w->player));
	assert_int_equal(w->events, tape_count(tape));
	assert_true(json_equal(player_session(w->player)->end,
	    engine_session(run.engine)->end));
}

static void
as_it_was_live(void **state)
{
	struct show w;
	int64_t began;

	(void)state;
	if (!here)
		skip();
	show_open(&w, false);
	began = loop_now(w.loop);
	let(&w, length_us() / 2 * 1000);
	assert_false(player_over(w.player));
	assert_true(w.events > 10);
	assert_in_range(player_us(w.player), length_us() / 2 - 2000,
	    length_us() / 2 + 2000);
	assert_true(player_session(w.player)->us <= length_us() / 2 + 2000);
	screen_draw(&w.k);
	assert_true(screen_shows(&w.k, "recording"));
	screen_check(&w.k, "half of a recording");
	let(&w, length_us() / 2 * 1000 + NSEC_PER_MSEC * 10);
	assert_whole(&w);
	assert_in_range((w.last_ns - began) / 1000, length_us() - 5000,
	    length_us() + 5000);
	screen_draw(&w.k);
	screen_check(&w.k, "the end of a recording");
	show_close(&w);
}

static void
faster_slower_paused(void **state)
{
	struct show w;
	int64_t at;
	size_t n;

	(void)state;
	if (!here)
		skip();
	show_open(&w, false);
	screen_keys(&w.k, "Space");
	assert_true(screen_shows(&w.k, "paused"));
	n = w.events;
	at = player_us(w.player);
	let(&w, NSEC_PER_SEC);
	assert_int_equal(w.events, n);
	assert_int_equal(player_us(w.player), at);
	screen_keys(&w.k, "> >");
	assert_true(screen_shows(&w.k, "x4"));
	screen_keys(&w.k, "Space");
	let(&w, NSEC_PER_SEC / 2);
	assert_in_range(player_us(w.player), at + 1990000, at + 2010000);
	screen_keys(&w.k, "< < < <");
	at = player_us(w.player);
	let(&w, NSEC_PER_SEC);
	assert_in_range(player_us(w.player), at + 240000, at + 260000);
	screen_keys(&w.k, "<");
	assert_true(screen_shows(&w.k, "cannot go slower"));
	screen_keys(&w.k, "> > > > > > > >");
	assert_true(screen_shows(&w.k, "xmax"));
	let(&w, NSEC_PER_MSEC);
	assert_whole(&w);
	screen_keys(&w.k, ">");
	assert_true(screen_shows(&w.k, "cannot go faster"));
	screen_keys(&w.k, "Space");
	assert_true(screen_shows(&w.k, "at its end"));
	show_close(&w);
}

/* Each press shows one event that matters, and where it happened. */
static void
step_by_step(void **state)
{
	struct show w;
	struct event ev;
	size_t i, want = 0, pressed = 0, before;
	char *row;

	(void)state;
	if (!here)
		skip();
	for (i = 1; i < tape_count(tape); i++) {
		assert_int_equal(tape_event(tape, i, &ev), 0);
		want += (ev.kind == EV_STEP && strcmp(json_str(ev.body,
		    "state"), "not-asked") != 0) || ev.kind == EV_FINDING ||
		    ev.kind == EV_END;
		event_clear(&ev);
	}
	show_open(&w, true);
	let(&w, NSEC_PER_SEC);
	assert_int_equal(w.events, 1);
	while (!player_over(w.player)) {
		before = w.events;
		screen_keys(&w.k, pressed % 2 == 0 ? "s" : "Enter");
		pressed++;
		assert_true(w.events > before);
		assert_int_equal(tape_event(tape, w.events - 1, &ev), 0);
		if (ev.kind == EV_STEP)
			assert_int_equal(select_step(w.k.tui,
			    page_id(&w.k.tui->pane[PANE_STEPS].page)),
			    step_parse(json_str(ev.body, "step")));
		if (ev.kind == EV_FINDING) {
			row = select_of_finding(w.k.tui, ev.body);
			assert_string_equal(row, page_id(
			    &w.k.tui->pane[PANE_STEPS].page));
			free(row);
		}
		event_clear(&ev);
		screen_check(&w.k, "step by step");
	}
	assert_int_equal(pressed, want);
	assert_whole(&w);
	screen_keys(&w.k, "s");
	assert_true(screen_shows(&w.k, "at its end"));
	show_close(&w);
}

/* A probe of the web step that has connected and goes on. */
static const struct sprobe *
in_the_midst(const struct session *s)
{
	size_t i;

	for (i = 0; i < s->nprobes; i++)
		if (s->probes[i]->step == STEP_WEB && s->probes[i]->state ==
		    PROBE_RUNNING && s->probes[i]->nlines == 2)
			return s->probes[i];
	return NULL;
}

/* On an endpoint that the operator went to, s goes line by line, and Enter
   opens as ever. */
static void
line_by_line(void **state)
{
	const struct sprobe *p;
	struct show w;
	struct event ev;
	char *id;
	size_t i;
	int lines = 0;

	(void)state;
	if (!here)
		skip();
	show_open(&w, false);
	while ((p = in_the_midst(player_session(w.player))) == NULL) {
		assert_false(player_over(w.player));
		let(&w, NSEC_PER_MSEC / 5);
	}
	screen_keys(&w.k, "Space");
	id = select_of_probe(p);
	select_go(w.k.tui, id);
	screen_draw(&w.k);
	assert_string_equal(page_id(&w.k.tui->pane[PANE_STEPS].page), id);
	for (i = 0; i < 40 && !player_over(w.player); i++) {
		screen_keys(&w.k, "s");
		assert_string_equal(page_id(
		    &w.k.tui->pane[PANE_STEPS].page), id);
		assert_int_equal(tape_event(tape, w.events - 1, &ev), 0);
		assert_true(ev.kind != EV_FACT);
		if (ev.kind == EV_LINE) {
			assert_memory_equal(ev.probe, id + 3, strlen(id + 3));
			lines++;
		}
		event_clear(&ev);
	}
	assert_true(lines > 5);
	i = w.events;
	screen_keys(&w.k, "Enter");
	assert_int_equal(w.events, i);
	free(id);
	show_close(&w);
}

/* Every view on half a recording and on all of it. */
static void
all_views(void **state)
{
	static const char *const keys[] = { "m", "d", "c", "f", "t", "x", "H",
		"?", "F1", "n", "Esc" };
	struct show w;
	size_t i;
	int half;

	(void)state;
	if (!here)
		skip();
	show_open(&w, false);
	for (half = 0; half < 2; half++) {
		let(&w, half == 0 ? length_us() / 2 * 1000 : length_us() *
		    1000);
		for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
			screen_keys(&w.k, keys[i]);
			screen_check(&w.k, keys[i]);
			screen_keys(&w.k, "Esc");
		}
	}
	assert_whole(&w);
	show_close(&w);
}

static void
needs_an_engine(void **state)
{
	static const char *const keys[] = { "r", "R", "X", "!", "e" };
	struct show w;
	size_t i;

	(void)state;
	if (!here)
		skip();
	show_open(&w, true);
	for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		screen_keys(&w.k, keys[i]);
		if (!screen_shows(&w.k, "nothing can be sent"))
			fail_msg("%s is silent", keys[i]);
	}
	screen_keys(&w.k, ":");
	screen_type(&w.k, "again 3\r");
	assert_true(screen_shows(&w.k, "nothing can be sent"));
	screen_keys(&w.k, ":");
	screen_type(&w.k, "save\r");
	assert_non_null(w.k.tui->line);
	screen_keys(&w.k, "Esc");
	/* Nothing runs: Ctrl-C quits; playing, it pauses first. */
	screen_keys(&w.k, "Space Ctrl-C");
	assert_false(w.k.tui->quit);
	assert_true(player_paused(w.player));
	screen_keys(&w.k, "Ctrl-C");
	assert_true(w.k.tui->quit);
	show_close(&w);
}

static void
only_a_recording_has_a_pace(void **state)
{
	struct screen k;

	(void)state;
	if (!here)
		skip();
	screen_open(&k, run.loop, run.engine, engine_session(run.engine), 30,
	    100, "en", 1, true, true);
	screen_draw(&k);
	screen_keys(&k, ">");
	assert_true(screen_shows(&k, "only a recording"));
	screen_close(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_it_was_live),
		cmocka_unit_test(faster_slower_paused),
		cmocka_unit_test(step_by_step),
		cmocka_unit_test(line_by_line),
		cmocka_unit_test(all_views),
		cmocka_unit_test(needs_an_engine),
		cmocka_unit_test(only_a_recording_has_a_pace),
	};

	return cmocka_run_group_tests_name("a recording in the guide", tests,
	    set_up, tear_down);
}
