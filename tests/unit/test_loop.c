/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop over a small world of its own: handles are bits, time is ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/loop.h"

static struct {
	int64_t		 now, oversleep;
	unsigned	 ready;		/* bit of handle: readable */
	int		 interrupts;
} fake;

static struct loop *loop;
static struct buf seen;
static struct watch *watches[4];
static struct timer *timers[4];

static int64_t
fake_now(struct world *w)
{
	(void)w;
	return fake.now;
}

static int
fake_wait(struct world *w, struct world_poll *polls, size_t n, int64_t until)
{
	int count = 0;
	size_t i;

	(void)w;
	if (fake.interrupts > 0) {
		fake.interrupts--;
		errno = EINTR;
		return -1;
	}
	for (i = 0; i < n; i++) {
		polls[i].got = (fake.ready >> polls[i].handle & 1) != 0 ?
		    WORLD_IN : 0;
		count += polls[i].got != 0;
	}
	if (count == 0 && until != WORLD_NEVER && until > fake.now)
		fake.now = until + fake.oversleep;
	return count;
}

static const struct world_ops fake_ops = {
	.wait = fake_wait,
	.now = fake_now,
};
static struct world fake_world = {.ops = &fake_ops};

static int
begin(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof fake);
	memset(watches, 0, sizeof watches);
	memset(timers, 0, sizeof timers);
	fake.now = 1000;
	buf_init(&seen, 0);
	loop = loop_new(&fake_world);
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	loop_free(loop);
	buf_free(&seen);
	return 0;
}

static void
note(void *ctx)
{
	buf_adds(&seen, ctx);
}

static void
in_order(void **state)
{
	struct timer *t;
	int i;

	(void)state;
	loop_timer(loop, 30, note, "c");
	loop_timer(loop, 10, note, "a");
	loop_timer(loop, 20, note, "b");
	t = loop_timer(loop, 15, note, "x");
	loop_timer(loop, 10, note, "A");
	timer_cancel(&t);
	assert_null(t);
	timer_cancel(&t);
	for (i = 0; i < 50; i++)
		loop_timer(loop, 100 - i, note, i == 49 ? "1" : "");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "aAbc1");
	assert_int_equal(fake.now, 1100);
	assert_int_equal(loop_now(loop), 1100);
	assert_ptr_equal(loop_world(loop), &fake_world);
}

static void
cancel_other(void *ctx)
{
	note(ctx);
	timer_cancel(&timers[1]);
	loop_timer(loop, 0, note, "next ");
}

static void
cancels_inside(void **state)
{
	(void)state;
	timers[0] = loop_timer(loop, 5, cancel_other, "first ");
	timers[1] = loop_timer(loop, 5, note, "never ");
	timers[2] = loop_timer(loop, 5, note, "third ");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "first third next ");
}

static void
on_a(void *ctx, unsigned got)
{
	(void)ctx;
	assert_int_equal(got, WORLD_IN);
	buf_adds(&seen, "A");
	watch_free(watches[1]);		/* also ready in this turn */
	watch_free(watches[0]);		/* itself */
	watches[3] = loop_watch(loop, 3, WORLD_IN, on_a, NULL);
	watch_free(watches[3]);
	loop_timer(loop, 0, note, "t");
}

static void
on_b(void *ctx, unsigned got)
{
	(void)got;
	buf_adds(&seen, ctx);
	watch_events(watches[2], 0);
}

static void
frees_inside(void **state)
{
	(void)state;
	fake.ready = 1 | 2 | 4 | 8;
	loop_timer(loop, 0, note, "T");
	watches[0] = loop_watch(loop, 0, WORLD_IN, on_a, NULL);
	watches[1] = loop_watch(loop, 1, WORLD_IN, on_b, "dead");
	watches[2] = loop_watch(loop, 2, WORLD_IN, on_b, "B");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "ABTt");
	watch_free(NULL);
	watch_free(watches[2]);
}

static void
stop(void *ctx)
{
	note(ctx);
	loop_stop(loop);
}

static void
stops(void **state)
{
	(void)state;
	fake.interrupts = 3;
	loop_timer(loop, 5, stop, "s");
	loop_timer(loop, 6, note, "later");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "s");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "slater");
	/* A watch that can never be ready is nothing to wait for. */
	watches[0] = loop_watch(loop, 0, WORLD_IN, on_b, "never");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "slater");
}

static void
on_late(void *ctx, int64_t late)
{
	assert_true(late >= 2 * NSEC_PER_SEC);
	note(ctx);
}

static void
tells_lateness(void **state)
{
	(void)state;
	loop_on_late(loop, on_late, "late ");
	fake.oversleep = NSEC_PER_SEC / 2;
	loop_timer(loop, 5, note, "one ");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "one ");
	fake.oversleep = 2 * NSEC_PER_SEC;
	loop_timer(loop, 5, note, "two ");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "one late two ");
}

static void
far_away(void **state)
{
	(void)state;
	timers[0] = loop_timer(loop, INT64_MAX, note, "end");
	loop_timer(loop, -5, note, "now");
	loop_timer(loop, 1, stop, "!");
	loop_run(loop);
	assert_string_equal(buf_str(&seen), "now!");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, finish)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_order),
		TEST(cancels_inside),
		TEST(frees_inside),
		TEST(stops),
		TEST(tells_lateness),
		TEST(far_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
