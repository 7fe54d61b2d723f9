/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <cmocka.h>

#include "base/world.h"

#define COUNT(t) (sizeof(t) / sizeof(t)[0])

static void
errnos(void **state)
{
	static const struct {
		int err;
		enum net_cause cause;
		const char *word;
		bool soft;
	} rows[] = {
		{0, NET_OK, "", false},
		{ECONNREFUSED, NET_REFUSED, "ECONNREFUSED", true},
		{ETIMEDOUT, NET_TIMEOUT, "ETIMEDOUT", false},
		{EHOSTUNREACH, NET_UNREACHABLE, "EHOSTUNREACH", true},
		{ENETUNREACH, NET_UNREACHABLE, "ENETUNREACH", true},
		{EACCES, NET_PROHIBITED, "EACCES", true},
		{ECONNRESET, NET_CLOSED, "ECONNRESET", false},
		{EPIPE, NET_CLOSED, "EPIPE", false},
		{EAFNOSUPPORT, NET_NO_FAMILY, "EAFNOSUPPORT", false},
		{EMFILE, NET_LOCAL, "EMFILE", false},
		{EPERM, NET_LOCAL, "EPERM", false},
		{EADDRNOTAVAIL, NET_LOCAL, "EADDRNOTAVAIL", false},
		{9999, NET_LOCAL, "E9999", false},
	};
	struct net_error e;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		net_error_errno(&e, rows[i].err);
		assert_int_equal(e.cause, rows[i].cause);
		assert_int_equal(e.err, rows[i].err);
		assert_int_equal(e.icmp_type, -1);
		assert_string_equal(net_errno_word(rows[i].err), rows[i].word);
		assert_int_equal(net_errno_parse(rows[i].word), rows[i].err);
		assert_int_equal(net_errno_soft(rows[i].err), rows[i].soft);
	}
}

static void
icmp(void **state)
{
	static const struct {
		int family, type, code;
		enum net_cause cause;
		const char *word;
	} rows[] = {
		{4, 3, 0, NET_UNREACHABLE, "ICMP 3/0 net unreachable"},
		{4, 3, 1, NET_UNREACHABLE, "ICMP 3/1 host unreachable"},
		{4, 3, 3, NET_REFUSED, "ICMP 3/3 port unreachable"},
		{4, 3, 9, NET_PROHIBITED, "ICMP 3/9 net prohibited"},
		{4, 3, 10, NET_PROHIBITED, "ICMP 3/10 host prohibited"},
		{4, 3, 13, NET_PROHIBITED, "ICMP 3/13 admin prohibited"},
		{4, 3, 99, NET_UNREACHABLE, ""},
		{6, 1, 0, NET_UNREACHABLE, "ICMPv6 1/0 no route"},
		{6, 1, 1, NET_PROHIBITED, "ICMPv6 1/1 admin prohibited"},
		{6, 1, 3, NET_UNREACHABLE, "ICMPv6 1/3 address unreachable"},
		{6, 1, 4, NET_REFUSED, "ICMPv6 1/4 port unreachable"},
		{6, 1, 5, NET_PROHIBITED, "ICMPv6 1/5 source address policy"},
		{6, 1, 6, NET_PROHIBITED, "ICMPv6 1/6 reject route"},
		{6, 2, 0, NET_UNREACHABLE, "ICMPv6 2/0 packet too big"},
	};
	struct net_error e;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		net_error_icmp(&e, rows[i].family, rows[i].type, rows[i].code,
		    NULL, EHOSTUNREACH);
		assert_int_equal(e.cause, rows[i].cause);
		assert_int_equal(e.icmp_type, rows[i].type);
		assert_int_equal(e.icmp_code, rows[i].code);
		assert_int_equal(e.err, EHOSTUNREACH);
		assert_int_equal(e.sender.family, 0);
		assert_string_equal(net_icmp_word(rows[i].family,
		    rows[i].type, rows[i].code), rows[i].word);
	}
}

static void
causes(void **state)
{
	enum net_cause c, back;

	(void)state;
	for (c = NET_OK; c <= NET_INTERRUPTED; c++) {
		assert_int_equal(net_cause_parse(net_cause_word(c), &back), 0);
		assert_int_equal(back, c);
	}
	assert_int_equal(net_cause_parse("broken", &back), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errnos),
		cmocka_unit_test(icmp),
		cmocka_unit_test(causes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
