/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers with more records than are kept of a message: what was cut off by
 * ourselves is not taken for all there is. Whole diagnoses in the memory
 * world over TCP, and rules by what is known; each beside a twin that is
 * short, and at fault.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "diag/summary.h"
#include "tests/unit/diag_kit.h"
#include "tests/unit/session_kit.h"

#define MANY	(LIMIT_RECORDS + 44)

/* A line for each number, in hexadecimal between the two parts, up or down. */
static void
lines(struct buf *b, const char *before, const char *after, int first,
    int last)
{
	int step = first < last ? 1 : -1;

	for (int i = first; i != last + step; i += step)
		buf_printf(b, "%s%x%s", before, (unsigned)i, after);
}

/* The words of what was cut off by ourselves, a blank before each. */
static const char *words_expected;

static void
look(const struct kit_run *r, const struct kit_case *c, struct buf *out)
{
	const json_t *end = engine_session(r->engine)->end, *word;
	struct buf said;
	size_t i;

	(void)c;
	buf_init(&said, 0);
	json_array_foreach(json_object_get(json_object_get(end, "summary"),
	    "limits"), i, word)
		buf_printf(&said, " %s", json_string_value(word));
	if (strcmp(buf_str(&said), words_expected) != 0)
		buf_printf(out, "  left out: \"%s\" instead of \"%s\"\n",
		    buf_str(&said), words_expected);
	buf_free(&said);
}

static void
check(const char *name, struct buf *text, const char *words)
{
	struct kit_case c = { name, buf_str(text) };

	words_expected = words;
	kit_after = look;
	kit_check(&c);
	kit_after = NULL;
	buf_free(text);
}

/* www has n addresses at one server; at the other those from first to last,
   and a serial of its own. */
static void
addresses(struct buf *b, int n, int first, int last)
{
	buf_init(b, 0);
	buf_adds(b, "! record {d} www AAAA\n! web {www}\n");
	lines(b, "record {d} www AAAA 2001:db8:77::", "\n", 1, n);
	lines(b, "server-record {ns2.4} {d} www AAAA 2001:db8:77::", "\n",
	    first, last);
	buf_adds(b, "serial {ns2.4} {d} 2026112402\nweb {www} {web1.4} "
	    "{web2.4}");
	lines(b, " 2001:db8:77::", "", 1, n > last ? n : last);
	buf_adds(b, "\n");
}

static void
addresses_test(void **state)
{
	struct buf b;

	(void)state;
	addresses(&b, MANY, MANY, 1);
	buf_adds(&b, "> notice serial-differs {d} - -\n= unknown\n");
	check("many addresses, in another order", &b, " addrs records");
	addresses(&b, MANY, 1, MANY - 1);
	buf_adds(&b, "> warning serial-differs {d} - -\n= warning\n");
	check("many addresses, one less", &b, " addrs records");
	addresses(&b, LIMIT_RECORDS, LIMIT_RECORDS, 1);
	buf_adds(&b, "> notice serial-differs {d} - -\n= unknown\n");
	check("as many as are kept, in another order", &b, " addrs");
	addresses(&b, LIMIT_RECORDS, 2, LIMIT_RECORDS + 1);
	buf_adds(&b, "> warning serial-differs {d} - -\n= warning\n");
	check("as many as are kept, one is another", &b, " addrs");
}

static void
mx_test(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	for (int i = 1; i <= MANY; i++)
		buf_printf(&b, "record {d} @ MX %d {mx1}.\n", 100 + i);
	for (int i = MANY; i >= 1; i--)
		buf_printf(&b, "server-record {ns2.4} {d} @ MX %d {mx2}.\n",
		    100 + i);
	buf_adds(&b, "= ok\n");
	check("many MX", &b, " records");
}

/* One of each kind too many, and as many as are examined. */
static void
limits_test(void **state)
{
	struct buf b;

	(void)state;
	for (int over = 0; over <= 1; over++) {
		buf_init(&b, 0);
		buf_adds(&b, "! record {d} @ MX\n");
		for (int i = 1; i <= LIMIT_NS + over; i++)
			buf_printf(&b, "record {d} @ MX 10 m%d\n"
			    "record {d} m%d A {mx1.4}\n"
			    "record {d} m%d AAAA {mx1.6}\n", i, i, i);
		buf_adds(&b, "* no-mail\n= unknown\n");
		check("mail exchangers", &b, over ? " questions mx" :
		    " questions");

		buf_init(&b, 0);
		buf_adds(&b, "! record {d} www AAAA\n! web {www}\n"
		    "web {www} {web1.4} {web2.4}");
		lines(&b, " 2001:db8:77::", "", 1, LIMIT_ADDRS + over);
		buf_adds(&b, "\n");
		lines(&b, "record {d} www AAAA 2001:db8:77::", "\n", 1,
		    LIMIT_ADDRS + over);
		buf_adds(&b, over ? "= unknown\n" : "= ok\n");
		check("addresses", &b, over ? " addrs" : "");
	}
}

/* Each name has the addresses of the two servers; the parent's order is one
   server's, the other has it the other way round. */
static void
name_servers(struct buf *b, int n, int child)
{
	buf_init(b, 0);
	buf_adds(b, "! delegate {d}\n! server {ns\ndelegate {d}");
	for (int i = 1; i <= n; i++)
		buf_printf(b, "%s n%d.{d} {ns%d.4} {ns%d.6}", i == 1 ? "" :
		    " ;", i, 1 + i % 2, 1 + i % 2);
	buf_adds(b, "\n");
	for (int k = 1; k <= child; k++)
		buf_printf(b, "record {d} @ NS n%d\n", k);
	for (int k = child; k >= 1; k--)
		buf_printf(b, "server-record {ns2.4} {d} @ NS n%d\n", k);
	for (int k = 1; k <= child; k++)
		buf_printf(b, "record {d} n%d A {ns%d.4}\n"
		    "record {d} n%d AAAA {ns%d.6}\n", k, 1 + k % 2, k,
		    1 + k % 2);
	buf_adds(b, "server {ns1} {ns1.4} {ns1.6} zones {d}\n"
	    "server {ns2} {ns2.4} {ns2.6} zones {d}\n");
}

static void
name_servers_test(void **state)
{
	struct buf b;

	(void)state;
	name_servers(&b, MANY, MANY);
	buf_adds(&b, "~ ns-set-differs\n~ glue-missing\n~ glue-differs\n"
	    "= unknown\n");
	check("many name servers", &b, " questions ns records");
	name_servers(&b, LIMIT_NS + 8, LIMIT_NS + 8);
	buf_adds(&b, "~ ns-set-differs\n= unknown\n");
	check("more name servers than are examined", &b, " questions ns");
	name_servers(&b, 3, 4);
	buf_adds(&b, "> warning ns-set-differs {d} - -\n= warning\n");
	check("one name server that the parent does not have", &b, "");
	name_servers(&b, 3, MANY);
	buf_adds(&b, "> warning ns-set-differs {d} - -\n= warning\n");
	check("many name servers that the parent does not have", &b,
	    " questions ns records");
}

static bool
has(const struct session *s, enum finding_id id)
{
	for (size_t i = 0; i < s->nfindings; i++)
		if (s->findings[i]->id == id)
			return true;
	return false;
}

/* Glue behind that of other names: not seen is not missing. */
static void
glue_test(void **state)
{
	(void)state;
	for (int n = 2; n <= MANY; n += MANY - 2) {
		struct session *s;
		struct buf b;

		buf_init(&b, 0);
		buf_adds(&b, "*/t?.test/* => qr|au d.test. 60 IN NS "
		    "ns1.d.test.|au d.test. 60 IN NS ns2.d.test.|"
		    "ad ns1.d.test. 60 IN A 192.0.2.1");
		lines(&b, "|ad x", ".test. 60 IN A 192.0.2.9", 1, n);
		buf_adds(&b, n == 2 ? "\n" : "|ad ns1.d.test. 60 IN AAAA "
		    "2001:db8:1::1|ad ns2.d.test. 60 IN A 192.0.2.2|"
		    "ad ns2.d.test. 60 IN AAAA 2001:db8:1::2\n");
		s = session_of("glue", buf_str(&b));
		assert_true(has(s, F_GLUE_MISSING) == (n == 2));
		assert_true(has(s, F_GLUE_MISSING_V6) == (n == 2));
		assert_false(has(s, F_GLUE_DIFFERS));
		assert_false(has(s, F_V6ONLY_WALK_FAILS) && n > 2);
		session_free(s);
		buf_free(&b);
	}
}

/* The address is among n of its name, at the end or not at all. */
static void
pointer_test(void **state)
{
	static const struct { int n; bool there, mismatch; } rows[] = {
		{ MANY, true, false }, { MANY, false, false },
		{ LIMIT_RECORDS - 1, true, false },
		{ LIMIT_RECORDS - 1, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct session *s;
		struct buf b;

		buf_init(&b, 0);
		buf_adds(&b, "head options.resolvers ['192.0.2.53']\n"
		    "*/*:21.2.0.192.in-addr.arpa:PTR => qr ra|"
		    "an 21.2.0.192.in-addr.arpa. 60 IN PTR x.test.\n"
		    "*:x.test:A => qr ra");
		lines(&b, "|an x.test. 60 IN A 198.51.1", "0.1", 1, 9);
		for (int k = 10; k <= rows[i].n; k++)
			buf_printf(&b, "|an x.test. 60 IN A 198.51.%d.%d",
			    k / 100, k % 100);
		buf_adds(&b, rows[i].there ? "|an x.test. 60 IN A "
		    "192.0.2.21\n" : "\n");
		s = session_of("pointer", buf_str(&b));
		if (has(s, F_PTR_MISMATCH) != rows[i].mismatch)
			fail_msg("row %zu", i);
		session_free(s);
		buf_free(&b);
	}
}

/* Two names of a wildcard, n addresses each time in another order; or a name
   of its own. */
static void
wildcard_test(void **state)
{
	static const struct { int n; bool own, wildcard; } rows[] = {
		{ MANY, false, true }, { MANY, true, false },
		{ 20, false, true }, { 20, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct session *s;
		struct model *m;
		struct buf b;

		buf_init(&b, 0);
		buf_adds(&b, "*:www.d.test:AAAA => qr aa");
		lines(&b, rows[i].own ? "|an www.d.test. 60 IN AAAA "
		    "2001:db8:8::" : "|an www.d.test. 60 IN AAAA "
		    "2001:db8:7::", "", 1, rows[i].n);
		buf_adds(&b, "\n*:www.d.test:A => qr aa\n*:xq.d.test:A => qr "
		    "aa\n*:xq.d.test:AAAA => qr aa");
		lines(&b, "|an xq.d.test. 60 IN AAAA 2001:db8:7::", "",
		    rows[i].n, 1);
		buf_adds(&b, "\n");
		s = session_of("wildcard", buf_str(&b));
		m = model_build(s, s->us);
		assert_true(model_name(m, "www.d.test")->wildcard ==
		    rows[i].wildcard);
		model_free(m);
		session_free(s);
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_test),
		cmocka_unit_test(mx_test),
		cmocka_unit_test(limits_test),
		cmocka_unit_test(name_servers_test),
		cmocka_unit_test(glue_test),
		cmocka_unit_test(pointer_test),
		cmocka_unit_test(wildcard_test),
	};

	print_message("seed %llu\n", (unsigned long long)kit_seed());
	return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
