/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/xalloc.h"

static void
grows(void **state)
{
	struct buf b;
	char *s;
	int i;

	(void)state;
	buf_init(&b, 0);
	assert_string_equal(buf_str(&b), "");
	for (i = 0; i < 1000; i++)
		assert_int_equal(buf_addc(&b, 'x'), 0);
	assert_int_equal(b.len, 1000);
	assert_int_equal(strlen(buf_str(&b)), 1000);
	buf_drop(&b, 999);
	assert_string_equal(buf_str(&b), "x");
	buf_drop(&b, 50);
	assert_int_equal(buf_printf(&b, "%d %s", 7, "seven"), 0);
	s = buf_steal(&b);
	assert_string_equal(s, "7 seven");
	free(s);
	assert_string_equal(buf_str(&b), "");
	s = buf_steal(&b);
	assert_string_equal(s, "");
	free(s);
	buf_drop(&b, 1);
	buf_free(&b);
}

static void
keeps_limit(void **state)
{
	char many[1000];
	struct buf b;

	(void)state;
	memset(many, 'a', sizeof many);
	buf_init(&b, 10);
	assert_int_equal(buf_adds(&b, "12345"), 0);
	assert_false(b.over);
	assert_int_equal(buf_adds(&b, "67890X"), -1);
	assert_true(b.over);
	assert_string_equal(buf_str(&b), "1234567890");
	assert_int_equal(buf_addc(&b, 'y'), -1);
	assert_int_equal(buf_add(&b, "", 0), 0);
	buf_free(&b);
	buf_init(&b, 900);
	assert_int_equal(buf_printf(&b, "%.*s", 1000, many), -1);
	assert_int_equal(b.len, 900);
	buf_free(&b);
}

static void
allocates(void **state)
{
	char *s, **array;

	(void)state;
	s = xasprintf("%s-%d", "abc", 12);
	assert_string_equal(s, "abc-12");
	free(s);
	s = xstrndup("abcdef", 3);
	assert_string_equal(s, "abc");
	free(s);
	s = xcalloc(3, 5);
	assert_int_equal(s[14], 0);
	free(s);
	free(xcalloc(0, 5));
	array = xreallocarray(NULL, 10, sizeof *array);
	array = xreallocarray(array, 100, sizeof *array);
	free(array);
}

static void
scales(void **state)
{
	struct timeouts t;

	(void)state;
	timeouts_init(&t, 1.0);
	assert_int_equal(t.connect, 4 * NSEC_PER_SEC);
	assert_int_equal(t.udp_tries * t.udp_interval, t.udp_total);
	timeouts_init(&t, 0.5);
	assert_int_equal(t.banner, 30 * NSEC_PER_SEC);
	assert_int_equal(t.udp_tries, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(keeps_limit),
		cmocka_unit_test(allocates),
		cmocka_unit_test(scales),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
