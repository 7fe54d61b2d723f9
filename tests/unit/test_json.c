/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/world.h"
#include "tests/unit/memory_kit.h"

static void
members(void **state)
{
	json_t *o = json_object();

	(void)state;
	json_put_str(o, "s", "word");
	json_put_int(o, "i", INT64_C(1) << 40);
	json_put_num(o, "d", 1.5);
	json_put_num(o, "nan", (double)NAN);
	json_put_flag(o, "f", true);
	json_put_bytes(o, "b", "a\xff", 2);
	json_put_bytes(o, "z", "a\0b", 3);
	json_put_bytes(o, "e", NULL, 0);
	assert_string_equal(json_str(o, "s"), "word");
	assert_string_equal(json_str(o, "i"), "");
	assert_string_equal(json_str(o, "none"), "");
	assert_string_equal(json_str(NULL, "none"), "");
	assert_string_equal(json_str(o, "b"), "a\\xff");
	assert_string_equal(json_str(o, "z"), "a\\x00b");
	assert_string_equal(json_str(o, "e"), "");
	assert_true(json_int(o, "i", 0) == INT64_C(1) << 40);
	assert_int_equal(json_int(o, "s", -7), -7);
	assert_true(json_num(o, "d", 0) > 1.4);
	assert_true(json_num(o, "s", 2.5) > 2.4);
	assert_true(json_is_null(json_object_get(o, "nan")));
	assert_true(json_flag(o, "f"));
	assert_false(json_flag(o, "s"));
	json_decref(o);
}

/* What a value is said to weigh is about what it takes. */
static void
weights(void **state)
{
	json_t *values[] = { json_null(), json_integer(7), json_string("word"),
		json_array(), json_object(),
		json_pack("{s:s, s:{s:s, s:i}}", "key", "dns-stray", "args",
		    "addr", "2001:db8::1", "port", 53),
		json_pack("[s, s, {s:[]}]", "one", "two", "three") };

	(void)state;
	assert_int_equal(json_weight(NULL), 0);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		size_t before = test_allocated(), took;
		json_t *copies[100];

		for (size_t k = 0; k < 100; k++)
			copies[k] = json_deep_copy(values[i]);
		took = (test_allocated() - before) / 100;
		if (json_weight(values[i]) < took ||
		    json_weight(values[i]) > 2 * took + 64)
			fail_msg("value %zu: %zu bytes, weight %zu", i, took,
			    json_weight(values[i]));
		for (size_t k = 0; k < 100; k++)
			json_decref(copies[k]);
		json_decref(values[i]);
	}
}

static void
net_errors(void **state)
{
	struct net_error e, back;
	struct addr sender;
	json_t *o;

	(void)state;
	addr_parse(&sender, "2001:db8::1");
	net_error_icmp(&e, 6, 1, 1, &sender, EACCES);
	o = json_net_error(&e);
	assert_string_equal(json_str(o, "cause"), "prohibited");
	assert_string_equal(json_str(o, "errno"), "EACCES");
	assert_string_equal(json_str(o, "sender"), "2001:db8::1");
	json_net_error_parse(o, &back);
	assert_int_equal(back.cause, e.cause);
	assert_int_equal(back.err, EACCES);
	assert_int_equal(back.icmp_type, 1);
	assert_int_equal(back.icmp_code, 1);
	assert_true(addr_equal(&back.sender, &sender));
	json_decref(o);
	net_error_init(&e, NET_TIMEOUT);
	o = json_net_error(&e);
	assert_int_equal(json_object_size(o), 1);
	json_net_error_parse(o, &back);
	assert_int_equal(back.cause, NET_TIMEOUT);
	assert_int_equal(back.icmp_type, -1);
	assert_int_equal(back.sender.family, 0);
	json_decref(o);
	json_net_error_parse(NULL, &back);
	assert_int_equal(back.cause, NET_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members),
		cmocka_unit_test(weights),
		cmocka_unit_test(net_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
