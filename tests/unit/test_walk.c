/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk over a table of replies: where each question ends, which zones are
 * found on the way, what is asked and of whom, and that loops end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "dns/walk.h"
#include "tests/unit/wire_kit.h"

#define MS	NSEC_PER_MSEC

/* "SERVER QNAME TYPE" (SERVER an address, * any of these three) and what is
   known: a message (wire_kit.h), "asked MS" or "silent". */
struct reply {
	const char	*question, *known;
};

#define SOA(zone) "au " zone " 60 IN SOA ns. h. 1 2 3 4 5"
#define GLUE2 "|ad ns.a.test. 60 IN A 192.0.2.3|" \
	"ad ns.a.test. 60 IN AAAA 2001:db8::3"

/* The ground all rows stand on; a row's own come first. */
static const struct reply ground[] = {
	{ "192.0.2.1 * *", "qr ?x,A|au test. 60 IN NS t1.test."
	    "|au test. 60 IN NS t2.test.|ad t1.test. 60 IN A 192.0.2.2"
	    "|ad t1.test. 60 IN AAAA 2001:db8::2|ad t2.test. 60 IN A "
	    "192.0.2.12" },
	{ "2001:db8::1 * *", "qr ?x,A|au test. 60 IN NS t1.test."
	    "|au test. 60 IN NS t2.test.|ad t1.test. 60 IN A 192.0.2.2"
	    "|ad t1.test. 60 IN AAAA 2001:db8::2|ad t2.test. 60 IN A "
	    "192.0.2.12" },
	{ "192.0.2.2 a.test NS", "qr ?a.test,NS|au a.test. 60 IN NS ns.a.test."
	    GLUE2 },
	{ "192.0.2.2 * *", "qr ?x,A|au a.test. 60 IN NS ns.a.test." GLUE2 },
	{ "2001:db8::2 * *", "qr ?x,A|au a.test. 60 IN NS ns.a.test." GLUE2 },
	{ "192.0.2.12 * *", "qr ?x,A|au a.test. 60 IN NS ns.a.test." GLUE2 },
	{ "* www.a.test A", "qr aa ?x,A|an www.a.test. 60 IN A 192.0.2.99" },
	{ "* a.test SOA", "qr aa ?x,A|an a.test. 60 IN SOA ns. h. 1 2 3 4 5" },
	{ "* www.a.test AAAA", "qr aa ?x,A|" SOA("a.test.") },
	{ "* none.a.test A", "qr aa NXDOMAIN ?x,A|" SOA("a.test.") },
	{ "* al.a.test A", "qr aa ?x,A|an al.a.test. 60 IN CNAME www.a.test." },
	{ "* out.a.test A", "qr aa ?x,A|an out.a.test. 60 IN CNAME w.b.test." },
	{ "* dead.a.test A", "qr aa NXDOMAIN ?x,A|an dead.a.test. 60 IN CNAME "
	    "none.a.test.|" SOA("a.test.") },
	{ "* self.a.test A", "qr aa ?x,A|an self.a.test. 60 IN CNAME "
	    "self.a.test." },
	{ "* l1.a.test A", "qr aa ?x,A|an l1.a.test. 60 IN CNAME l2.a.test." },
	{ "* l2.a.test A", "qr aa ?x,A|an l2.a.test. 60 IN CNAME l1.a.test." },
};

#define V4 1u
#define V6 2u

static const struct row {
	const char	*name;
	struct reply	 own[8];
	unsigned	 families;
	char		 op;		/* a ask, l lookup, z zone */
	const char	*qname;
	uint16_t	 type;
	const char	*expected;	/* STATE zone name [server] */
	const char	*asked;		/* new questions, or NULL */
} rows[] = {
	{ "answer", { { 0 } }, V4 | V6, 'a', "www.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	{ "nodata", { { 0 } }, V4 | V6, 'a', "www.a.test", DNS_AAAA,
	    "nodata a.test www.a.test 192.0.2.3", "" },
	{ "nxdomain", { { 0 } }, V4 | V6, 'a', "none.a.test", DNS_A,
	    "nxdomain a.test none.a.test 192.0.2.3", "" },
	{ "alias not followed", { { 0 } }, V4, 'a', "al.a.test", DNS_A,
	    "alias a.test www.a.test 192.0.2.3", "" },
	{ "alias followed", { { 0 } }, V4, 'l', "al.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	{ "alias within the reply", { { "192.0.2.3 al.a.test A", "qr aa ?x,A"
	    "|an al.a.test. 60 IN CNAME www.a.test."
	    "|an www.a.test. 60 IN A 192.0.2.7" },
	    { "192.0.2.3 www.a.test A", "silent" } }, V4, 'l', "al.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	{ "a foreign target's records do not count", { { "192.0.2.3 al.a.test A",
	    "qr aa ?x,A|an al.a.test. 60 IN CNAME www.b.test."
	    "|an www.b.test. 60 IN A 192.0.2.7" }, { "192.0.2.2 www.b.test A",
	    "qr NXDOMAIN aa ?x,A|" SOA("test.") } }, V4, 'l', "al.a.test",
	    DNS_A, "nxdomain test www.b.test 192.0.2.2", NULL },
	{ "alias to nowhere", { { 0 } }, V4, 'l', "dead.a.test", DNS_A,
	    "nxdomain a.test none.a.test 192.0.2.3", "" },
	{ "alias to itself", { { 0 } }, V4, 'l', "self.a.test", DNS_A,
	    "alias a.test self.a.test 192.0.2.3", "" },
	{ "two aliases in a ring", { { 0 } }, V4, 'l', "l1.a.test", DNS_A,
	    "alias a.test l2.a.test 192.0.2.3", "" },
	{ "the cut", { { 0 } }, V4 | V6, 'z', "a.test", DNS_NS,
	    "answer a.test a.test 192.0.2.2", "" },
	{ "the enclosing zone", { { "192.0.2.3 www.a.test NS", "qr aa ?x,NS|"
	    SOA("a.test.") } }, V4, 'z', "www.a.test", DNS_NS,
	    "nodata a.test www.a.test 192.0.2.3", "" },
	{ "not registered", { { "192.0.2.2 b.test NS", "qr aa NXDOMAIN ?x,NS|"
	    SOA("test.") }, { "192.0.2.12 b.test NS", "silent" } }, V4, 'z',
	    "b.test", DNS_NS, "nxdomain test b.test 192.0.2.2", "" },
	/* one server for parent and child: no referral, but its SOA tells */
	{ "hidden cut", { { "192.0.2.3 h.a.test NS", "qr aa ?x,NS|"
	    "an h.a.test. 60 IN NS ns.a.test." GLUE2 },
	    { "192.0.2.3 w.h.a.test A", "qr aa ?x,A|" SOA("h.a.test.") } }, V4, 'a',
	    "w.h.a.test", DNS_A, "nodata h.a.test w.h.a.test 192.0.2.3", "" },
	{ "hidden cut still to be asked", { { "192.0.2.3 w.h.a.test A", "qr aa ?x,A|"
	    SOA("h.a.test.") } }, V4, 'a', "w.h.a.test", DNS_A,
	    "pending a.test w.h.a.test 192.0.2.3",
	    "192.0.2.3 h.a.test NS" },
	{ "own NS at the same servers", { { "192.0.2.2 a.test NS",
	    "qr aa ?x,NS|an a.test. 60 IN NS ns.a.test." GLUE2 } }, V4, 'z',
	    "a.test", DNS_NS, "answer a.test a.test 192.0.2.2", "" },
	/* lame in every way: the next server of the family is asked */
	{ "REFUSED is skipped", { { "192.0.2.2 * *", "qr REFUSED ?x,A" },
	    { "192.0.2.2 a.test NS", "qr REFUSED ?x,A" } }, V4, 'a',
	    "www.a.test", DNS_A, "answer a.test www.a.test 192.0.2.3", "" },
	{ "SERVFAIL is skipped", { { "192.0.2.2 * *", "qr SERVFAIL ?x,A" } },
	    V4, 'a', "www.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	{ "an upward referral is skipped", { { "192.0.2.2 * *", "qr ?x,A"
	    "|au . 60 IN NS a.root." } }, V4, 'a', "www.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	{ "a referral to itself is skipped", { { "192.0.2.2 * *", "qr ?x,A"
	    "|au test. 60 IN NS t1.test." } }, V4, 'a', "www.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	{ "a referral sideways is skipped", { { "192.0.2.2 * *", "qr ?x,A"
	    "|au b.test. 60 IN NS ns.b.test." } }, V4, 'a', "www.a.test",
	    DNS_A, "answer a.test www.a.test 192.0.2.3", "" },
	{ "nothing without AA is skipped", { { "192.0.2.2 * *", "qr ?x,A" } },
	    V4, 'a', "www.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	{ "silence is skipped", { { "192.0.2.2 * *", "silent" } }, V4, 'a',
	    "www.a.test", DNS_A, "answer a.test www.a.test 192.0.2.3", "" },
	{ "all fail", { { "192.0.2.2 * *", "silent" }, { "192.0.2.12 * *",
	    "qr REFUSED ?x,A" } }, V4, 'a', "www.a.test", DNS_A,
	    "failed test www.a.test", "" },
	{ "the zone's own fail", { { "192.0.2.3 * *", "silent" } }, V4, 'a',
	    "www.a.test", DNS_A, "failed a.test www.a.test", "" },
	/* one server of each family at once, the next after the hedge */
	{ "both families at once", { { "192.0.2.1 * *", "new" },
	    { "2001:db8::1 * *", "new" } }, V4 | V6, 'a', "www.a.test", DNS_A,
	    "pending . www.a.test",
	    "192.0.2.1 www.a.test A;2001:db8::1 www.a.test A" },
	{ "not yet hedged", { { "192.0.2.2 * *", "asked 399" },
	    { "192.0.2.12 * *", "new" } }, V4, 'a', "www.a.test", DNS_A,
	    "pending test www.a.test", "" },
	{ "hedged", { { "192.0.2.2 * *", "asked 400" },
	    { "192.0.2.12 * *", "new" } }, V4, 'a', "www.a.test", DNS_A,
	    "pending test www.a.test", "192.0.2.12 www.a.test A" },
	{ "the hedge won", { { "192.0.2.2 * *", "asked 900" } }, V4, 'a',
	    "www.a.test", DNS_A, "answer a.test www.a.test 192.0.2.3", "" },
	{ "one is enough while another waits", { { "2001:db8::2 * *",
	    "asked 100" } }, V4 | V6, 'a', "www.a.test", DNS_A,
	    "answer a.test www.a.test 192.0.2.3", "" },
	/* walks that may use one family only */
	{ "v6 only", { { 0 } }, V6, 'a', "www.a.test", DNS_A,
	    "answer a.test www.a.test 2001:db8::3", "" },
	{ "v6 only without glue", { { "2001:db8::2 * *", "qr ?x,A"
	    "|au a.test. 60 IN NS ns.a.test.|ad ns.a.test. 60 IN A "
	    "192.0.2.3" } }, V6, 'a', "www.a.test", DNS_A,
	    "failed a.test www.a.test", "" },
	{ "v6 only, TLD has none", { { "2001:db8::1 * *", "qr ?x,A"
	    "|au test. 60 IN NS t1.test.|ad t1.test. 60 IN A 192.0.2.2" } },
	    V6, 'a', "www.a.test", DNS_A, "failed test www.a.test", "" },
	{ "no family", { { 0 } }, 0, 'a', "www.a.test", DNS_A,
	    "failed . www.a.test", "" },
	/* servers elsewhere are resolved first */
	{ "foreign server", { { "* f.test NS", "qr ?x,NS"
	    "|au f.test. 60 IN NS www.a.test." }, { "192.0.2.2 w.f.test A",
	    "qr ?x,A|au f.test. 60 IN NS www.a.test." },
	    { "192.0.2.99 w.f.test A",
	    "qr aa ?x,A|an w.f.test. 60 IN A 192.0.2.8" } }, V4, 'a',
	    "w.f.test", DNS_A, "answer f.test w.f.test 192.0.2.99", "" },
	{ "foreign server to be found", { { "192.0.2.2 w.f.test A",
	    "qr ?x,A|au f.test. 60 IN NS other.a.test." } }, V4, 'a',
	    "w.f.test", DNS_A, "pending f.test w.f.test",
	    "192.0.2.3 other.a.test A;192.0.2.3 other.a.test AAAA" },
	{ "glue of a foreign name does not count", { { "192.0.2.2 w.f.test A",
	    "qr ?x,A|au f.test. 60 IN NS ns.example.|"
	    "ad ns.example. 60 IN A 192.0.2.66" }, { "192.0.2.1 ns.example A",
	    "qr aa NXDOMAIN ?x,A|" SOA(".") }, { "192.0.2.1 ns.example AAAA",
	    "qr aa NXDOMAIN ?x,A|" SOA(".") } }, V4, 'a', "w.f.test", DNS_A,
	    "failed f.test w.f.test", "" },
	{ "two zones that live in each other", { { "192.0.2.2 w.f.test A",
	    "qr ?x,A|au f.test. 60 IN NS ns.g.test." },
	    { "192.0.2.2 ns.f.test *", "qr ?x,A|au f.test. 60 IN NS "
	    "ns.g.test." }, { "192.0.2.2 ns.g.test *",
	    "qr ?x,A|au g.test. 60 IN NS ns.f.test." } }, V4, 'a', "w.f.test",
	    DNS_A, "failed f.test w.f.test", NULL },
	{ "in-domain without glue", { { "192.0.2.2 w.f.test A",
	    "qr ?x,A|au f.test. 60 IN NS ns.f.test." } }, V4, 'a', "w.f.test",
	    DNS_A, "failed f.test w.f.test", "" },
	{ "DNAME-like NXDOMAIN with an alias", { { "192.0.2.3 dn.a.test A",
	    "qr aa NXDOMAIN ?x,A|an dn.a.test. 60 IN CNAME none.a.test." } },
	    V4, 'a', "dn.a.test", DNS_A,
	    "alias a.test none.a.test 192.0.2.3", "" },
};

struct table {
	const struct row	*row;
	struct dns_msg		 msgs[8 + sizeof ground / sizeof ground[0]];
	bool			 read[8 + sizeof ground / sizeof ground[0]];
	struct buf		 asked;
	unsigned		 calls;
};

static bool
matches(const char *pattern, const char *server, const char *qname,
    const char *type)
{
	const char *parts[3] = { server, qname, type };

	for (int i = 0; i < 3; i++) {
		size_t n = strcspn(pattern, " ");

		if (!(n == 1 && *pattern == '*') &&
		    (strlen(parts[i]) != n || memcmp(pattern, parts[i], n)))
			return false;
		pattern += n + (pattern[n] == ' ');
	}
	return true;
}

static const struct reply *
find(const struct table *t, const char *server, const char *qname,
    const char *type, size_t *at)
{
	for (size_t i = 0; i < 8 && t->row->own[i].question != NULL; i++)
		if (matches(t->row->own[i].question, server, qname, type)) {
			*at = i;
			return &t->row->own[i];
		}
	for (size_t i = 0; i < sizeof ground / sizeof ground[0]; i++)
		if (matches(ground[i].question, server, qname, type)) {
			*at = 8 + i;
			return &ground[i];
		}
	return NULL;
}

static void
ask(void *ctx, const char *ns, const struct addr *a, const char *qname,
    uint16_t type, bool start, struct walk_answer *out)
{
	struct table *t = ctx;
	char server[ADDR_STRLEN], word[16];
	const struct reply *r;
	unsigned char *wire;
	size_t at, len;

	assert_non_null(ns);
	if (++t->calls > 100000)
		fail_msg("%s: no end", t->row->name);
	addr_print(a, server);
	r = find(t, server, qname, message_type_word(type, word), &at);
	out->known = WALK_NEW;
	if (r == NULL || strcmp(r->known, "new") == 0) {
		if (!start)
			return;
		out->known = WALK_ASKED;
		buf_printf(&t->asked, "%s%s %s %s", t->asked.len > 0 ? ";" :
		    "", server, qname, message_type_word(type, word));
	} else if (strcmp(r->known, "silent") == 0) {
		out->known = WALK_SILENT;
	} else if (strncmp(r->known, "asked ", 6) == 0) {
		out->known = WALK_ASKED;
		out->waiting = atoi(r->known + 6) * MS;
	} else {
		if (!t->read[at]) {
			wire = wire_build(r->known, &len);
			assert_int_equal(message_parse(&t->msgs[at], wire,
			    len), 0);
			assert_null(t->msgs[at].broken);
			t->read[at] = true;
			free(wire);
		}
		out->known = WALK_REPLIED;
		out->msg = &t->msgs[at];
	}
}

static const struct root_hint *
hints(size_t *n)
{
	static struct root_hint list[2];

	list[0].name = list[1].name = (char *)(uintptr_t)"a.root";
	addr_parse(&list[0].addr, "192.0.2.1");
	addr_parse(&list[1].addr, "2001:db8::1");
	*n = 2;
	return list;
}

static struct walk *
open_walk(struct table *t, const struct row *row)
{
	struct walk_env env = { .ctx = t, .ask = ask, .hedge = 400 * MS,
	    .v4 = (row->families & V4) != 0, .v6 = (row->families & V6) != 0 };

	memset(t, 0, sizeof *t);
	t->row = row;
	buf_init(&t->asked, 0);
	env.hints = hints(&env.nhints);
	return walk_new(&env);
}

static void
close_walk(struct table *t, struct walk *w)
{
	walk_free(w);
	for (size_t i = 0; i < sizeof t->read / sizeof t->read[0]; i++)
		if (t->read[i])
			message_free(&t->msgs[i]);
	buf_free(&t->asked);
}

static void
test_rows(void **state)
{
	static const char *const words[] = { "pending", "answer", "nodata",
		"nxdomain", "alias", "referral", "failed" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct walk_result r;
		struct table t;
		struct walk *w = open_walk(&t, row);
		struct buf b;
		char text[ADDR_STRLEN];

		r = row->op == 'a' ? walk_ask(w, row->qname, row->type) :
		    row->op == 'l' ? walk_lookup(w, row->qname, row->type) :
		    walk_zone(w, row->qname);
		buf_init(&b, 0);
		assert_non_null(r.zone);
		buf_printf(&b, "%s %s %s", words[r.state], r.zone->name,
		    r.name == NULL ? "-" : r.name);
		if (r.server != NULL)
			buf_printf(&b, " %s", addr_print(&r.server->addr,
			    text));
		assert_true((r.msg == NULL) == (r.server == NULL));
		if (strcmp(buf_str(&b), row->expected) != 0 ||
		    (row->asked != NULL &&
		    strcmp(buf_str(&t.asked), row->asked) != 0))
			fail_msg("%s: %s, asked %s", row->name, buf_str(&b),
			    buf_str(&t.asked));
		buf_free(&b);
		close_walk(&t, w);
	}
}

/* Asked again with what became known, the same walk gives the same. */
static void
test_again(void **state)
{
	struct table t;
	struct walk *w = open_walk(&t, &rows[0]);
	struct walk_result a = walk_ask(w, "www.a.test", DNS_A);
	struct walk_result b = walk_ask(w, "www.a.test", DNS_A);
	unsigned calls = t.calls;

	(void)state;
	assert_ptr_equal(a.zone, b.zone);
	assert_ptr_equal(a.msg, b.msg);
	/* The zone is known: the root is not asked again. */
	walk_ask(w, "www.a.test", DNS_A);
	assert_true(t.calls - calls <= 2);
	assert_string_equal(a.zone->parent->name, "test");
	assert_string_equal(a.zone->parent->parent->name, ".");
	assert_null(a.zone->parent->parent->parent);
	assert_int_equal(a.zone->nns, 1);
	assert_int_equal(a.zone->nservers, 2);
	assert_true(a.zone->servers[0].glue);
	close_walk(&t, w);
}

static void
test_addrs(void **state)
{
	static const struct row own = { "addrs", { { "192.0.2.3 www.a.test AAAA",
	    "qr aa ?x,AAAA|an www.a.test. 60 IN AAAA 2001:db8::99" },
	    { "192.0.2.3 none.a.test AAAA", "qr aa NXDOMAIN ?x,A|" SOA("a.test.") },
	    { "192.0.2.3 four.a.test A", "qr aa ?x,A|an four.a.test. 60 IN A 192.0.2.4"
	    "|an four.a.test. 60 IN A 192.0.2.4" },
	    { "192.0.2.3 four.a.test AAAA", "qr SERVFAIL ?x,A" },
	    { "192.0.2.3 slow.a.test A", "asked 10" },
	    { "192.0.2.3 slow.a.test AAAA", "asked 10" } }, V4, 'a', "", 0, "", "" };
	static const struct {
		const char *name;
		enum walk_state state;
		size_t n;
	} expected[] = {
		{ "www.a.test", WALK_ANSWER, 2 },
		{ "none.a.test", WALK_NXDOMAIN, 0 },
		{ "four.a.test", WALK_ANSWER, 1 },
		{ "slow.a.test", WALK_PENDING, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		struct addr *list = NULL;
		struct walk_zone *broke = NULL;
		struct table t;
		struct walk *w = open_walk(&t, &own);
		size_t n = 0;

		assert_int_equal(walk_addrs(w, expected[i].name, &list, &n,
		    &broke), expected[i].state);
		assert_int_equal(n, expected[i].n);
		assert_string_equal(broke->name, "a.test");
		free(list);
		close_walk(&t, w);
	}
}

/* More name servers than a sane zone has: the list is cut, and says so. */
static void
test_many(void **state)
{
	struct row own = { "many", { { "192.0.2.2 * *", NULL } }, V4, 'a',
	    "w.m.test", DNS_A, "", "" };
	struct walk_result r;
	struct table t;
	struct walk *w;
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "qr ?x,A");
	for (int i = 0; i < 60; i++)
		buf_printf(&b, "|au m.test. 60 IN NS n%d.m.test.", i);
	for (int i = 0; i < 60; i++)
		buf_printf(&b, "|ad n%d.m.test. 60 IN A 192.0.2.%d", i, 100 +
		    i);
	own.own[0].known = buf_str(&b);
	w = open_walk(&t, &own);
	r = walk_ask(w, "w.m.test", DNS_A);
	assert_int_equal(r.state, WALK_PENDING);
	assert_int_equal(r.zone->nns, LIMIT_NS);
	assert_true(r.zone->ns_cut);
	assert_true(r.zone->nservers <= 2 * LIMIT_NS);
	close_walk(&t, w);
	buf_free(&b);
}

/* A chain of zones each a label deeper does not go on for ever. */
static void
deep_ask(void *ctx, const char *ns, const struct addr *a, const char *qname,
    uint16_t type, bool start, struct walk_answer *out)
{
	static struct dns_msg msgs[128];
	int *count = ctx;
	const char *cut = qname;
	unsigned labels = qname == NULL ? 0 : message_name_labels(qname);
	unsigned char *wire;
	char text[600];
	size_t len;

	(void)ns;
	(void)a;
	(void)type;
	(void)start;
	if (qname == NULL) {
		for (int i = 0; i < *count; i++)
			message_free(&msgs[i]);
		return;
	}
	for (unsigned i = (unsigned)*count + 1; i < labels; i++)
		cut = message_name_parent(cut);
	snprintf(text, sizeof text, "qr ?x,A|au %s. 60 IN NS n.%s."
	    "|ad n.%s. 60 IN A 192.0.2.1", cut, cut, cut);
	wire = wire_build(text, &len);
	assert_true(*count < 127);
	message_parse(&msgs[*count], wire, len);
	free(wire);
	out->known = WALK_REPLIED;
	out->msg = &msgs[(*count)++];
}

static void
test_deep(void **state)
{
	int count = 0;
	struct walk_env env = { .ctx = &count, .ask = deep_ask, .v4 = true,
	    .hedge = 400 * MS };
	struct walk_result r;
	struct walk *w;
	char name[256] = "";

	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(name, "a.");
	strcat(name, "a");
	env.hints = hints(&env.nhints);
	w = walk_new(&env);
	r = walk_ask(w, name, DNS_A);
	assert_int_equal(r.state, WALK_FAILED);
	assert_true(count <= 40);
	walk_free(w);
	deep_ask(&count, NULL, NULL, NULL, 0, false, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_addrs),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
