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
	screen_type(&k, "EHLO me.example.jp\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> EHLO me.example.jp"));
	screen_check(&k, "by hand");
	screen_type(&k, "NOOP\r");
	wait_ms(&r, &k, 2000);
	assert_true(screen_shows(&k, "+> NOOP"));
	screen_type(&k, "AUTH PLAIN c2VjcmV0LXRva2Vu\r");
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(speaks_smtp),
	};

	return cmocka_run_group_tests_name("by hand in the guide", tests,
	    NULL, NULL);
}
