/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What readline gets of keys and pastes, however they are cut into reads: the
 * same bytes, and never the beginning of a paste without its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "ui/key_queue.h"

#define P	"\033[200~"
#define E	"\033[201~"

/* Add a read and take what may be taken; once a paste is begun there, its end
   must be there, too. */
static void
feed(struct key_queue *q, const char *s, size_t n, struct buf *out)
{
	assert_true(key_queue_add(q, s, n));
	while (key_queue_ready(q)) {
		int c = key_queue_take(q);

		assert_in_range(c, 1, 255);
		buf_addc(out, (char)c);
		if (out->len >= 6 && memcmp(out->data + out->len - 6, P,
		    6) == 0)
			assert_non_null(strstr(buf_str(&q->bytes) + q->at,
			    E));
	}
}

static void
any_cut(void **state)
{
	static const char *const texts[] = {
		"", "x", "\033", "\033[A", "\033\033[A", "\033O", "a\033[2~b",
		P E, P "a" E, "a" P "b" E "c", "\033" P "x" E, P "a" P "b" E,
		P "a" E P "b\033[201" E "\033", P "\033\033[201~z", E "q",
		"\033[20\033[200~y" E, NULL };

	(void)state;
	for (int i = 0; texts[i] != NULL; i++) {
		size_t n = strlen(texts[i]);

		for (size_t a = 0; a <= n; a++)
			for (size_t b = a; b <= n; b++) {
				struct key_queue q;
				struct buf out;

				key_queue_init(&q);
				buf_init(&out, 0);
				feed(&q, texts[i], a, &out);
				feed(&q, texts[i] + a, b - a, &out);
				feed(&q, texts[i] + b, n - b, &out);
				if (strcmp(buf_str(&out), texts[i]) != 0)
					fail_msg("text %d, cut at %zu, %zu: "
					    "%s", i, a, b, buf_str(&out));
				assert_int_equal(key_queue_take(&q), -1);
				buf_free(&out);
				key_queue_free(&q);
			}
	}
}

/* An escape, and what is only like a mark, are keys at once or with the next
   key. */
static void
keys_do_not_wait(void **state)
{
	struct key_queue q;
	struct buf out;

	(void)state;
	key_queue_init(&q);
	buf_init(&out, 0);
	feed(&q, "\033", 1, &out);
	assert_string_equal(buf_str(&out), "\033");
	feed(&q, "[", 1, &out);
	assert_string_equal(buf_str(&out), "\033");
	feed(&q, "A", 1, &out);
	assert_string_equal(buf_str(&out), "\033[A");
	feed(&q, P "abc", 9, &out);
	assert_string_equal(buf_str(&out), "\033[A");
	key_queue_clear(&q);
	feed(&q, "d", 1, &out);
	assert_string_equal(buf_str(&out), "\033[Ad");
	buf_free(&out);
	key_queue_free(&q);
}

/* As much as is taken, in reads of n; and more, of which nothing is, wherever
   its end is cut. */
static void
too_long(void **state)
{
	static char text[KEY_QUEUE_MAX + 4096];
	struct key_queue q;
	struct buf out;
	int refused;

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t cut = 0; cut <= 6; cut++) {
		key_queue_init(&q);
		buf_init(&out, 0);
		feed(&q, P, 6, &out);
		refused = 0;
		for (size_t i = 0; i < sizeof text; i += 4096)
			refused += !key_queue_add(&q, text + i, 4096);
		assert_int_equal(refused, 1);
		assert_true(q.bytes.len - q.at < 6);
		feed(&q, E, cut, &out);
		feed(&q, E "NOOP" + cut, 10 - cut, &out);
		assert_string_equal(buf_str(&out), "NOOP");
		buf_free(&out);
		buf_init(&out, 0);
		feed(&q, P, 6, &out);
		feed(&q, text, KEY_QUEUE_MAX - 6, &out);
		assert_int_equal(out.len, 0);
		feed(&q, E, 6, &out);
		assert_int_equal(out.len, KEY_QUEUE_MAX + 6);
		buf_free(&out);
		key_queue_free(&q);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_cut),
		cmocka_unit_test(keys_do_not_wait),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
