/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/addr.h"

#define COUNT(t) (sizeof(t) / sizeof(t)[0])

static void
reads_and_prints(void **state)
{
	static const char *const rows[][2] = {
		{"192.0.2.1", "192.0.2.1"}, {"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"::", "::"}, {"::1", "::1"}, {"1::", "1::"},
		{"2001:DB8::A", "2001:db8::a"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
		{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
		{"1:2:3:4:5:6:192.0.2.33", "1:2:3:4:5:6:c000:221"},
		{"0001:0002:0003:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
	};
	char text[ADDR_STRLEN];
	struct addr a, b;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		assert_int_equal(addr_parse(&a, rows[i][0]), 0);
		assert_string_equal(addr_print(&a, text), rows[i][1]);
		assert_int_equal(addr_parse(&b, text), 0);
		assert_true(addr_equal(&a, &b));
	}
	memset(&a, 0, sizeof a);
	assert_string_equal(addr_print(&a, text), "");
}

static void
refuses(void **state)
{
	static const char *const rows[] = {
		"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4",
		"1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "1..3.4", "1.2.3.",
		"0x1.2.3.4", "1.2.3.0004", ":", ":::", "::1::", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::",
		"fe80::1%eth0", "[::1]", "::1/64", "1:2:3:4:5:6:7:192.0.2.1",
		"::192.0.2", "::192.0.2.1:1", ":1::", "1:", "::1:",
		"::01.2.3.4",
	};
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_int_equal(addr_parse(&a, rows[i]), -1);
}

static void
orders(void **state)
{
	struct addr a, b, c;

	(void)state;
	addr_parse(&a, "192.0.2.1");
	addr_parse(&b, "192.0.2.2");
	addr_parse(&c, "::");
	assert_true(addr_cmp(&a, &b) < 0);
	assert_true(addr_cmp(&c, &b) > 0);
	assert_true(addr_cmp(&a, &c) < 0);
	assert_int_equal(addr_from_bytes(&b, "\xc0\x00\x02\x01", 4), 0);
	assert_true(addr_equal(&a, &b));
	assert_int_equal(addr_from_bytes(&b, "\xc0\x00\x02\x01\x00", 5), -1);
	assert_int_equal(b.family, 0);
}

static void
reverses(void **state)
{
	char name[80];
	struct addr a;

	(void)state;
	addr_parse(&a, "192.0.2.1");
	addr_reverse(&a, name, sizeof name);
	assert_string_equal(name, "1.2.0.192.in-addr.arpa");
	addr_parse(&a, "2001:db8::567:89ab");
	addr_reverse(&a, name, sizeof name);
	assert_string_equal(name, "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0."
	    "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

static void
prefixes(void **state)
{
	static const char *const bad[] = {
		"192.0.2.0", "192.0.2.0/", "192.0.2.0/33", "192.0.2.1/24",
		"192.0.2.0/024", "::/129", "::1/127", "/8", "::/-1", "::/1 ",
		"2001:db8::/32/1", "1.0.0.0/8.0.0.0",
	};
	static const struct {
		const char *prefix, *addr;
		bool in;
	} rows[] = {
		{"192.0.2.0/24", "192.0.2.255", true},
		{"192.0.2.0/24", "192.0.3.0", false},
		{"192.0.2.0/25", "192.0.2.128", false},
		{"0.0.0.0/0", "8.8.8.8", true}, {"0.0.0.0/0", "::1", false},
		{"192.0.2.1/32", "192.0.2.1", true},
		{"2001:db8::/33", "2001:db8:8000::", false},
		{"2001:db8::/33", "2001:db8:7fff::", true},
		{"::1/128", "::1", true}, {"::1/128", "::3", false},
	};
	struct prefix p;
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(prefix_parse(&p, bad[i]), -1);
	for (i = 0; i < COUNT(rows); i++) {
		assert_int_equal(prefix_parse(&p, rows[i].prefix), 0);
		assert_int_equal(addr_parse(&a, rows[i].addr), 0);
		assert_int_equal(prefix_match(&p, &a), rows[i].in);
	}
}

static void
classifies(void **state)
{
	static const struct {
		const char *addr, *id;
		int level;
	} rows[] = {
		{"8.8.8.8", "global", 0}, {"0.1.2.3", "this-network", 2},
		{"10.1.2.3", "private", 2}, {"172.31.0.1", "private", 2},
		{"172.32.0.1", "global", 0}, {"192.168.1.1", "private", 2},
		{"100.64.0.1", "shared", 2}, {"100.128.0.1", "global", 0},
		{"127.0.0.1", "loopback", 2}, {"169.254.1.1", "link-local", 2},
		{"192.0.0.1", "ipv4-continuity", 2},
		{"192.0.0.100", "ietf-protocol", 2},
		{"192.0.0.8", "ipv4-dummy", 2}, {"192.0.0.9", "pcp-anycast", 1},
		{"192.0.0.10", "turn-anycast", 1},
		{"192.0.0.170", "nat64-discovery", 2},
		{"192.0.2.1", "documentation", 2},
		{"203.0.113.9", "documentation", 2},
		{"198.19.0.1", "benchmarking", 2}, {"192.31.196.1", "as112", 1},
		{"192.52.193.1", "amt", 1}, {"192.88.99.1", "6to4-relay", 1},
		{"192.88.99.2", "6a44-relay", 1}, {"224.0.0.1", "multicast", 2},
		{"250.0.0.1", "reserved", 2},
		{"255.255.255.255", "broadcast", 2},
		{"::", "unspecified", 2}, {"::1", "loopback", 2},
		{"::192.0.2.1", "v4-compatible", 2},
		{"::ffff:192.0.2.1", "v4-mapped", 2},
		{"::ffff:0:192.0.2.1", "v4-translated", 2},
		{"64:ff9b::1", "nat64", 2}, {"64:ff9b:1::1", "nat64-local", 2},
		{"100::1", "discard", 2}, {"100:0:0:1::1", "dummy-prefix", 2},
		{"100:0:0:2::1", "outside-2000", 2}, {"201::1", "nsap", 2},
		{"2001::1", "teredo", 2}, {"2001:1::1", "pcp-anycast", 1},
		{"2001:1::4", "ietf-protocol", 2},
		{"2001:1::3", "dns-sd-anycast", 1},
		{"2001:2::1", "benchmarking", 2},
		{"2001:2:1::1", "ietf-protocol", 2}, {"2001:3::1", "amt", 1},
		{"2001:4:112::1", "as112", 1}, {"2001:10::1", "orchid", 2},
		{"2001:20::1", "orchid2", 1}, {"2001:30::1", "drone-id", 1},
		{"2001:200::1", "global", 0},
		{"2001:db8::1", "documentation", 2}, {"2002::1", "6to4", 1},
		{"2620:4f:8000::1", "as112", 1}, {"3ffe::1", "6bone", 2},
		{"3fff:0:1::1", "documentation", 2},
		{"3fff:1000::", "global", 0},
		{"5f00::1", "srv6", 2}, {"fd00::1", "ula", 2},
		{"fe80::1", "link-local", 2}, {"fec0::1", "site-local", 2},
		{"ff02::1", "multicast", 2}, {"4000::1", "outside-2000", 2},
		{"2a00:1450:4001::1", "global", 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const struct addr_class *c;
		struct addr a;

		assert_int_equal(addr_parse(&a, rows[i].addr), 0);
		c = addr_classify(&a);
		assert_string_equal(c->id, rows[i].id);
		assert_int_equal(c->level, rows[i].level);
		assert_int_equal(c->rfc[0] != '\0', c->level != 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_prints),
		cmocka_unit_test(refuses),
		cmocka_unit_test(orders),
		cmocka_unit_test(reverses),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(classifies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
