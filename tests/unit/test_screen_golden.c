/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Golden screens: every view at 80x24 and 140x40, in both languages, for both
 * widths of ambiguous characters and outside UTF-8, of one diagnosis in the
 * memory world with faults of several kinds.
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
#include "ui/signs.h"
#include "ui/strings.h"

#define SEED 7

/* One dead name server address, one dead web address, a differing AAAA. */
static const char faults[] =
    "fault net {ns1.6} silent\n"
    "fault net {web2.6} silent\n"
    "fault net {mx1.6} refused\n";

static struct kit_run run;
static bool here;

static int
set_up(void **state)
{
	(void)state;
	if ((here = screen_here()))
		kit_run(&run, faults, SEED);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (here)
		kit_free(&run);
	return 0;
}

static const struct {
	const char	*name, *keys;
} views[] = {
	{ "main", "g" }, { "steps", "g Down Down Right" },
	{ "dialogue", "n" }, { "matrix", "m Down" }, { "map", "d" },
	{ "clients", "c" }, { "findings", "f" }, { "tls", "t" },
	{ "hex", "n Tab x" }, { "sides", "n H" }, { "help", "?" },
	{ "manual", "F1" },
};

static void
one(size_t v, int rows, int cols, const char *lang, int amb, bool utf8)
{
	struct screen k;
	char *name;

	screen_open(&k, run.loop, run.engine, engine_session(run.engine),
	    rows, cols, lang, amb, utf8, false);
	screen_draw(&k);
	screen_keys(&k, views[v].keys);
	name = xasprintf("%s-%dx%d-%s-%s", views[v].name, cols, rows, lang,
	    !utf8 ? "ascii" : amb == 2 ? "wide" : "narrow");
	screen_golden(&k, name);
	free(name);
	screen_close(&k);
}

static void
all(int rows, int cols)
{
	size_t v;

	for (v = 0; v < sizeof views / sizeof views[0]; v++) {
		one(v, rows, cols, "en", 1, true);
		one(v, rows, cols, "en", 2, true);
		one(v, rows, cols, "ja", 1, true);
		one(v, rows, cols, "ja", 2, true);
	}
}

static void
at_80_by_24(void **state)
{
	(void)state;
	if (!here)
		skip();
	all(24, 80);
}

static void
at_140_by_40(void **state)
{
	(void)state;
	if (!here)
		skip();
	all(40, 140);
}

static void
outside_utf8(void **state)
{
	size_t v;

	(void)state;
	if (!here)
		skip();
	for (v = 0; v < 6; v++)
		one(v, 24, 80, "en", 1, false);
}

/* Each sign of the tree and the matrix is the session's. */
static void
signs_are_the_sessions(void **state)
{
	const json_t *steps, *matrix;
	struct screen k;
	json_t *cell;
	size_t i;
	int s;

	(void)state;
	if (!here)
		skip();
	screen_open(&k, run.loop, run.engine, engine_session(run.engine), 60,
	    140, "en", 1, true, false);
	screen_draw(&k);
	screen_keys(&k, "g");
	steps = json_object_get(engine_session(run.engine)->end, "steps");
	for (s = 0; s < STEP_COUNT; s++) {
		char *want = xasprintf("%s %2d %s", signs_verdict(
		    verdict_parse(json_str(steps, step_rows[s].id))), s + 1,
		    strcmp(step_rows[s].id, "mail-in") == 0 ? "mail in" :
		    strcmp(step_rows[s].id, "mail-out") == 0 ? "mail out" :
		    step_rows[s].id);

		if (!screen_shows(&k, want))
			fail_msg("not on the screen: %s", want);
		free(want);
	}
	screen_keys(&k, "m");
	matrix = json_object_get(engine_session(run.engine)->end, "matrix");
	json_array_foreach(matrix, i, cell) {
		const json_t *ep = json_object_get(cell, "endpoint");
		const char *addr = json_str(ep, "addr");
		char *all_rows, *at;
		const char *sign = signs_verdict(verdict_parse(json_str(cell,
		    "verdict")));

		all_rows = screen_text(&k);
		at = strstr(all_rows, "every address");
		at = at == NULL ? NULL : strstr(at, addr);
		if (at == NULL)
			fail_msg("%s is not in the matrix", addr);
		at[strcspn(at, "\n")] = '\0';
		if (strstr(at, sign) == NULL)
			fail_msg("%s: no %s in %s", addr, sign, at);
		free(all_rows);
	}
	screen_close(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_80_by_24),
		cmocka_unit_test(at_140_by_40),
		cmocka_unit_test(outside_utf8),
		cmocka_unit_test(signs_are_the_sessions),
	};

	return cmocka_run_group_tests_name("golden screens", tests, set_up,
	    tear_down);
}
