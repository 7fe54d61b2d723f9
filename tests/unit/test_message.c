/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS messages by table: what is built is read again, every record of every
 * section, messages broken at every offset, names and types in odd forms.
 */
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
#include "dns/message.h"
#include "tests/unit/wire_kit.h"

static const char *const section_words[] = { "an", "au", "ad" };

/* A message as one line, to compare with what a table expects. */
static char *
shown(const struct dns_msg *m)
{
	struct buf b;
	char word[16], text[ADDR_STRLEN];

	buf_init(&b, 0);
	buf_printf(&b, "%s%s%s%s%s%s%s%s", message_rcode_word(m->rcode, word),
	    m->qr ? " qr" : "", m->aa ? " aa" : "", m->tc ? " tc" : "",
	    m->rd ? " rd" : "", m->ra ? " ra" : "", m->ad ? " ad" : "",
	    m->cd ? " cd" : "");
	if (m->edns)
		buf_printf(&b, " edns=%u", m->udp_size);
	if (m->qname != NULL)
		buf_printf(&b, " ?%s,%s", m->qname, message_type_word(m->qtype,
		    word));
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct dns_rr *r = &m->rrs[i];

		buf_printf(&b, "|%s %s %u %s %s", section_words[r->section],
		    r->owner, r->ttl, message_type_word(r->type, word),
		    r->text);
		if (r->target != NULL)
			buf_printf(&b, " ->%s", r->target);
		if (r->type == DNS_MX)
			buf_printf(&b, " pref=%u", r->pref);
		if (r->type == DNS_SOA)
			buf_printf(&b, " serial=%u", r->serial);
		if (r->addr.family != 0)
			buf_printf(&b, " %s", addr_print(&r->addr, text));
	}
	if (m->broken != NULL)
		buf_printf(&b, "|broken %s", m->broken);
	if (m->trailing > 0)
		buf_printf(&b, "|trailing %zu", m->trailing);
	return buf_steal(&b);
}

static const struct {
	const char *text, *shown;
} messages[] = {
	{ "?a.test,A", "NOERROR ?a.test,A" },
	{ "qr aa tc rd ra ad cd NXDOMAIN ?A.TEST,AAAA",
	    "NXDOMAIN qr aa tc rd ra ad cd ?a.test,AAAA" },
	{ "qr", "NOERROR qr" },
	{ "qr FORMERR", "FORMERR qr" },
	{ "qr edns REFUSED ?.,NS", "REFUSED qr edns=1232 ?.,NS|ad . 0 OPT " },
	{ "qr aa ?a.test,A|an A.test. 60 IN A 192.0.2.1"
	    "|an a.test. 60 IN A 192.0.2.2|ad a.test. 1 IN AAAA 2001:db8::1",
	    "NOERROR qr aa ?a.test,A|an a.test 60 A 192.0.2.1 192.0.2.1"
	    "|an a.test 60 A 192.0.2.2 192.0.2.2"
	    "|ad a.test 1 AAAA 2001:db8::1 2001:db8::1" },
	{ "qr ?a.test,NS|au a.test. 9 IN NS NS1.a.Test."
	    "|au a.test. 9 IN NS .",
	    "NOERROR qr ?a.test,NS|au a.test 9 NS NS1.a.test. ->ns1.a.test"
	    "|au a.test 9 NS . ->." },
	{ "qr aa ?a.test,MX|an a.test. 9 IN MX 0 ."
	    "|an a.test. 9 IN MX 65535 MX.a.test.",
	    "NOERROR qr aa ?a.test,MX|an a.test 9 MX 0 . ->. pref=0"
	    "|an a.test 9 MX 65535 MX.a.test. ->mx.a.test pref=65535" },
	{ "qr aa ?a.test,SOA|an a.test. 9 IN SOA ns.a.test. h.a.test. "
	    "4294967295 1 2 3 4",
	    "NOERROR qr aa ?a.test,SOA|an a.test 9 SOA ns.a.test. h.a.test. "
	    "4294967295 1 2 3 4 serial=4294967295" },
	{ "qr aa ?a.test,A|an a.test. 9 IN CNAME b.test.",
	    "NOERROR qr aa ?a.test,A|an a.test 9 CNAME b.test. ->b.test" },
	{ "qr ?1.2.0.192.in-addr.arpa,PTR"
	    "|an 1.2.0.192.in-addr.arpa. 9 IN PTR h.test.",
	    "NOERROR qr ?1.2.0.192.in-addr.arpa,PTR"
	    "|an 1.2.0.192.in-addr.arpa 9 PTR h.test. ->h.test" },
	{ "qr ?a.test,TXT|an a.test. 9 IN TXT \"v=spf1 -all\" \"x\"",
	    "NOERROR qr ?a.test,TXT"
	    "|an a.test 9 TXT \"v=spf1 -all\" \"x\"" },
	{ "qr ?a.test,TYPE65281|an a.test. 9 IN TYPE65281 \\# 2 abcd",
	    "NOERROR qr ?a.test,TYPE65281|an a.test 9 TYPE65281 "
	    "\\\\# 2 abcd" },
	{ "qr ?a.test,TXT|an a.test. 9 IN TXT \"\\027[31m\"",
	    "NOERROR qr ?a.test,TXT|an a.test 9 TXT \"\\\\027[31m\"" },
};

static void
test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		size_t len;
		unsigned char *wire = wire_build(messages[i].text, &len);
		struct dns_msg m;
		char *s;

		assert_int_equal(message_parse(&m, wire, len), 0);
		assert_int_equal(m.size, len);
		s = shown(&m);
		assert_string_equal(s, messages[i].shown);
		free(s);
		message_free(&m);
		free(wire);
	}
}

/* Cut at each offset: the records before the cut are all there. */
static void
test_cut(void **state)
{
	static const char text[] = "qr aa ?www.a.test,A"
	    "|an www.a.test. 60 IN CNAME b.a.test.|an b.a.test. 60 IN A "
	    "192.0.2.1|au a.test. 60 IN NS ns.a.test.|ad ns.a.test. 60 IN "
	    "AAAA 2001:db8::1";
	size_t len, before = 0;
	unsigned char *wire = wire_build(text, &len);

	(void)state;
	for (size_t n = 0; n <= len; n++) {
		unsigned char *cut = xmalloc(n + 1);
		struct dns_msg m;
		int rc;

		memcpy(cut, wire, n);
		cut = xrealloc(cut, n > 0 ? n : 1);
		rc = message_parse(&m, cut, n);
		assert_int_equal(rc, n < 12 ? -1 : 0);
		if (rc == 0) {
			assert_true(m.nrrs >= before && m.nrrs <= 4);
			before = m.nrrs;
			assert_int_equal(m.broken == NULL, n == len);
			assert_true(m.broken == NULL || m.broken_at <= n);
		}
		message_free(&m);
		free(cut);
	}
	assert_int_equal(before, 4);
	free(wire);
}

/* Each byte of a message changed to all values: no read outside, an end. */
static void
test_mutated(void **state)
{
	size_t len;
	unsigned char *wire = wire_build("qr edns ?a.test,MX|an a.test. 9 IN "
	    "MX 5 m.a.test.|ad m.a.test. 9 IN A 192.0.2.1", &len);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		unsigned char was = wire[i];

		for (unsigned v = 0; v < 256; v++) {
			struct dns_msg m;

			wire[i] = (unsigned char)v;
			assert_int_equal(message_parse(&m, wire, len), 0);
			for (size_t k = 0; k < m.nrrs; k++)
				assert_non_null(m.rrs[k].owner);
			message_free(&m);
		}
		wire[i] = was;
	}
	free(wire);
}

#define HEADER(qd, an) \
	"\x12\x34\x84\x00\x00" qd "\x00" an "\x00\x00\x00\x00"
#define BYTES(s) s, sizeof(s) - 1
/* a.test, then a record of owner pointer 0xc00c */
#define QUESTION "\1a\4test\0\0\1\0\1"
#define RR(type, rdlen) "\xc0\x0c\0" type "\0\1\0\0\0\x3c\0" rdlen

static const struct {
	const char *wire;
	size_t len;
	const char *shown;
} odd[] = {
	/* the question points at itself; at a later name; past the end */
	{ BYTES(HEADER("\1", "\0") "\xc0\x0c\0\1\0\1"),
	    "NOERROR qr aa|broken question" },
	{ BYTES(HEADER("\1", "\0") "\1a\xc0\x0c\0\1\0\1"),
	    "NOERROR qr aa|broken question" },
	{ BYTES(HEADER("\1", "\0") "\xc0\xff\0\1\0\1"),
	    "NOERROR qr aa|broken question" },
	{ BYTES(HEADER("\1", "\0") "\1a\4te"),
	    "NOERROR qr aa|broken question" },
	/* label types 01 and 10 */
	{ BYTES(HEADER("\1", "\0") "\x41x\0\0\1\0\1"),
	    "NOERROR qr aa|broken question" },
	/* the owner of a record is a loop */
	{ BYTES(HEADER("\1", "\1") QUESTION "\xc0\x18\0\1\0\1\0\0\0\x3c\0\4"
	    "\300\0\2\1"), "NOERROR qr aa ?a.test,A|broken record" },
	/* no byte of the record; three of four; one too many */
	{ BYTES(HEADER("\1", "\1") QUESTION),
	    "NOERROR qr aa ?a.test,A|broken cut-off" },
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\1", "\3") "\300\0\2"),
	    "NOERROR qr aa ?a.test,A|broken record" },
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\1", "\4") "\300\0\2"),
	    "NOERROR qr aa ?a.test,A|broken record" },
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\1", "\5") "\300\0\2\1\1"),
	    "NOERROR qr aa ?a.test,A|broken record" },
	/* nothing where an address, a name, a preference should be */
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\1", "\0")),
	    "NOERROR qr aa ?a.test,A|broken record" },
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\2", "\0")),
	    "NOERROR qr aa ?a.test,A|broken record" },
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\17", "\2") "\0\5"),
	    "NOERROR qr aa ?a.test,A|broken record" },
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\6", "\0")),
	    "NOERROR qr aa ?a.test,A|broken record" },
	/* sound, then bytes that belong to nothing */
	{ BYTES(HEADER("\1", "\1") QUESTION RR("\1", "\4") "\300\0\2\1xyz"),
	    "NOERROR qr aa ?a.test,A|an a.test 60 A 192.0.2.1 192.0.2.1"
	    "|trailing 3" },
	/* two questions: the first counts */
	{ BYTES(HEADER("\2", "\0") QUESTION "\1b\0\0\x1c\0\1"),
	    "NOERROR qr aa ?a.test,A" },
	/* a dot, a quote, a zero and an escape inside labels */
	{ BYTES(HEADER("\1", "\0") "\3a.b\4te\0\33\0\0\1\0\1"),
	    "NOERROR qr aa ?a\\.b.te\\000\\027,A" },
	/* OPT: extended rcode 1 over header rcode 0 is 16, BADVERS */
	{ BYTES("\0\1\x80\0\0\0\0\0\0\0\0\1" "\0\0\x29\x04\xd0\1\0\0\0\0\0"),
	    "BADVERS qr edns=1232|ad . 16777216 OPT " },
};

static void
test_odd(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		unsigned char *copy = xmalloc(odd[i].len);
		struct dns_msg m;
		char *s;

		memcpy(copy, odd[i].wire, odd[i].len);
		assert_int_equal(message_parse(&m, copy, odd[i].len), 0);
		s = shown(&m);
		if (strcmp(s, odd[i].shown) != 0)
			print_error("row %zu\n", i);
		assert_string_equal(s, odd[i].shown);
		free(s);
		message_free(&m);
		free(copy);
	}
}

static const struct {
	const char *name, *normal;
} names[] = {
	{ "A.Example.", "a.example" }, { ".", "." }, { "a", "a" },
	{ "a\\.b.test", "a\\.b.test" }, { "\\065.test", "a.test" },
	{ "a\\032b.test", "a\\032b.test" }, { "x\\..", "x\\." },
	{ "x\\\\.", "x\\\\" }, { "_dmarc.a", "_dmarc.a" },
	{ "*.a", "*.a" }, { "", NULL }, { "a..b", NULL }, { ".a", NULL },
	{ "0123456789012345678901234567890123456789012345678901234567890123",
	    NULL },
	{ "012345678901234567890123456789012345678901234567890123456789012.b",
	  "012345678901234567890123456789012345678901234567890123456789012.b" },
};

/* Of thousands of records the first of each section are kept, and OPT; what
   comes behind is read all the same. */
static void
test_many(void **state)
{
	static const char *const marks[] = { "an", "au", "ad" };
	struct dns_msg m;
	unsigned char *wire;
	struct buf b;
	size_t len;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "qr aa edns ?a.test,A");
	for (int s = 0; s < 3; s++)
		for (unsigned i = 0; i < LIMIT_RECORDS + 10; i++)
			buf_printf(&b, "|%s a.test. 60 IN A 192.0.2.%u",
			    marks[s], i % 250);
	wire = wire_build(buf_str(&b), &len);
	assert_int_equal(message_parse(&m, wire, len), 0);
	assert_null(m.broken);
	assert_true(m.edns);
	assert_int_equal(m.nmore, 30 + (m.nrrs < 3 * LIMIT_RECORDS + 1));
	assert_true(m.nrrs + m.nmore == 3 * (LIMIT_RECORDS + 10) + 1);
	assert_int_equal(m.rrs[LIMIT_RECORDS].section, DNS_AUTHORITY);
	message_free(&m);
	assert_int_equal(message_parse(&m, wire, len - 2), 0);
	assert_non_null(m.broken);
	message_free(&m);
	free(wire);
	buf_free(&b);
}

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *s = message_name(names[i].name);

		if (names[i].normal == NULL) {
			assert_null(s);
			continue;
		}
		assert_non_null(s);
		assert_string_equal(s, names[i].normal);
		free(s);
	}
}

static void
test_within(void **state)
{
	static const struct {
		const char *name, *zone;
		bool within;
	} rows[] = {
		{ "a.test", "a.test", true }, { "b.a.test", "a.test", true },
		{ "ba.test", "a.test", false }, { "test", "a.test", false },
		{ "b\\.a.test", "a.test", false }, { "a.test", ".", true },
		{ ".", ".", true }, { ".", "test", false },
		{ "a.test", "", false },
		/* an escaped backslash, then a true dot */
		{ "b\\\\.a.test", "a.test", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (message_name_within(rows[i].name, rows[i].zone) !=
		    rows[i].within)
			fail_msg("%s in %s", rows[i].name, rows[i].zone);
}

static void
test_parents(void **state)
{
	static const struct {
		const char *name, *parent;
		unsigned labels;
	} rows[] = {
		{ ".", NULL, 0 }, { "test", ".", 1 }, { "a.test", "test", 2 },
		{ "a\\.b.test", "test", 2 }, { "a\\\\.b", "b", 2 },
		{ "a\\046b", ".", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *p = message_name_parent(rows[i].name);

		assert_int_equal(message_name_labels(rows[i].name),
		    rows[i].labels);
		if (rows[i].parent == NULL)
			assert_null(p);
		else
			assert_string_equal(p, rows[i].parent);
	}
}

static void
test_words(void **state)
{
	char word[16];

	(void)state;
	for (int n = 0; n < 65536; n++) {
		const char *s = message_type_word((uint16_t)n, word);

		assert_int_equal(message_type_parse(s), n);
	}
	assert_int_equal(message_type_parse("aaaa"), DNS_AAAA);
	assert_int_equal(message_type_parse("type28"), DNS_AAAA);
	assert_int_equal(message_type_parse("TYPE65536"), -1);
	assert_int_equal(message_type_parse("TYPE"), -1);
	assert_int_equal(message_type_parse("TYPE-1"), -1);
	assert_int_equal(message_type_parse(""), -1);
	assert_int_equal(message_type_parse("AA"), -1);
	assert_string_equal(message_rcode_word(3, word), "NXDOMAIN");
	assert_string_equal(message_rcode_word(16, word), "BADVERS");
	assert_string_equal(message_rcode_word(11, word), "RCODE11");
	assert_string_equal(message_rcode_word(4095, word), "RCODE4095");
	assert_string_equal(message_rcode_word(-1, word), "RCODE-1");
}

static const struct {
	struct message_query q;
	const char *shown;	/* NULL: impossible */
	unsigned edns_flags;	/* of the OPT TTL */
} queries[] = {
	{ { .name = "a.test", .type = DNS_A, .id = 7 },
	    "NOERROR ?a.test,A", 0 },
	{ { .name = "A.Test.", .type = DNS_AAAA, .rd = true, .cd = true },
	    "NOERROR rd cd ?a.test,AAAA", 0 },
	{ { .name = ".", .type = DNS_NS, .edns = 1232 },
	    "NOERROR edns=1232 ?.,NS|ad . 0 OPT ", 0 },
	{ { .name = "a.test", .type = DNS_SOA, .edns = 4096, .dnssec = true },
	    "NOERROR edns=4096 ?a.test,SOA|ad . 32768 OPT ", 0x8000 },
	{ { .name = "a.test", .type = 65281, .edns = 512 },
	    "NOERROR edns=512 ?a.test,TYPE65281|ad . 0 OPT ", 0 },
	{ { .name = "a..test", .type = DNS_A }, NULL, 0 },
	{ { .name = "", .type = DNS_A }, NULL, 0 },
};

static void
test_queries(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
		unsigned char *wire = NULL;
		struct dns_msg m;
		size_t len;
		char *s;

		if (queries[i].shown == NULL) {
			assert_int_equal(message_query(&queries[i].q, &wire,
			    &len), -1);
			continue;
		}
		assert_int_equal(message_query(&queries[i].q, &wire, &len), 0);
		assert_int_equal(message_parse(&m, wire, len), 0);
		assert_int_equal(m.id, queries[i].q.id);
		s = shown(&m);
		assert_string_equal(s, queries[i].shown);
		if (m.edns)
			assert_int_equal(m.rrs[m.nrrs - 1].ttl,
			    queries[i].edns_flags);
		free(s);
		message_free(&m);
		free(wire);
	}
}

/* NSID asked for: option 3, empty (RFC 5001 2.1), at the end. */
static void
test_nsid(void **state)
{
	struct message_query q = { .name = "a.test", .type = DNS_SOA,
	    .edns = 1232, .nsid = true };
	unsigned char *wire;
	size_t len;

	(void)state;
	assert_int_equal(message_query(&q, &wire, &len), 0);
	assert_memory_equal(wire + len - 6, "\0\4\0\3\0\0", 6);
	free(wire);
}

/* RFC 6840 5.7: a query with AD says that it understands AD in the reply. */
static void
test_ad(void **state)
{
	struct message_query q = { .name = "a.test", .type = DNS_SOA,
	    .rd = true, .ad = true };
	unsigned char *wire;
	size_t len;

	(void)state;
	assert_int_equal(message_query(&q, &wire, &len), 0);
	assert_int_equal(wire[2], 0x01);
	assert_int_equal(wire[3], 0x20);
	free(wire);
	q.ad = false;
	assert_int_equal(message_query(&q, &wire, &len), 0);
	assert_int_equal(wire[3], 0);
	free(wire);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_within),
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_nsid),
		cmocka_unit_test(test_ad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
