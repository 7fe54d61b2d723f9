/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Practice name servers and resolvers, asked in raw messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "peer_kit.h"

#define NS1 "192.0.2.53"
#define NS1_V6 "2001:db8:3::53"
#define NS2 "203.0.113.53"
#define ROOT "192.0.2.1"
#define TLD "2001:db8:2::1"
#define RESOLVER "192.0.2.200"

static const char	more[] =
	"zone example.jp {\n"
	"*.wild A 192.0.2.90\n"
	"a.b.deep TXT \"x\"\n"
	"alias CNAME other\n"
	"other CNAME www\n"
	"away CNAME www.example.net.\n"
	"gone CNAME nothing\n"
	"loop CNAME loop\n"
	"txt TXT \"one\" \"two\"\n"
	"_sip._tcp SRV 1 2 5060 www\n"
	"sub NS ns.sub\n"
	"ns.sub A 192.0.2.54\n"
	"}\n"
	"tld net a.net.example 192.0.2.13\n"
	"delegate example.net ns1.example.jp ; ns2.example.jp\n"
	"zone example.net\n"
	"record example.net www 300 A 192.0.2.82\n";

struct dns_case {
	const char	*at, *name, *type;
	int		 rcode, aa;
	const char	*answer, *authority, *additional;
};

#define WWW_A "www.example.jp A 192.0.2.80\nwww.example.jp A 192.0.2.81"
#define SOA "example.jp SOA ns1.example.jp. hostmaster.example.jp. " \
	"2026112401 7200 3600 1209600 3600"
#define NS "example.jp NS ns1.example.jp.\nexample.jp NS ns2.example.jp."
#define GLUE "ns1.example.jp A 192.0.2.53\n" \
	"ns1.example.jp AAAA 2001:db8:3::53\n" \
	"ns2.example.jp A 203.0.113.53\n" \
	"ns2.example.jp AAAA 2001:db8:4::53"

static const struct dns_case	cases[] = {
	{ ROOT, "www.example.jp", "A", 0, 0, "",
	    "jp NS a.dns.jp.\njp NS b.dns.jp.",
	    "a.dns.jp A 192.0.2.11\na.dns.jp AAAA 2001:db8:2::1\n"
	    "b.dns.jp A 192.0.2.12\nb.dns.jp AAAA 2001:db8:2::2" },
	{ ROOT, ".", "NS", 0, 1,
	    ". NS a.root.example.\n. NS b.root.example.", "",
	    "a.root.example A 192.0.2.1\na.root.example AAAA 2001:db8:1::1\n"
	    "b.root.example A 192.0.2.2\nb.root.example AAAA 2001:db8:1::2" },
	{ ROOT, "nowhere", "A", 3, 1, "", NULL, "" },
	{ TLD, "www.example.jp", "AAAA", 0, 0, "", NS, GLUE },
	{ TLD, "ns1.example.jp", "A", 0, 0, "", NS, GLUE },
	{ TLD, "example.jp", "DS", 0, 1, "", NULL, "" },
	{ TLD, "missing.jp", "NS", 3, 1, "", NULL, "" },
	{ TLD, "example.net", "NS", 5, 0, "", "", "" },
	{ NS1, "www.example.jp", "A", 0, 1, WWW_A, NS, GLUE },
	{ NS1_V6, "www.example.jp", "A", 0, 1, WWW_A, NS, GLUE },
	{ NS1, "example.jp", "SOA", 0, 1, SOA, NS, GLUE },
	{ NS1, "example.jp", "NS", 0, 1, NS, "", GLUE },
	{ NS1, "www.example.jp", "MX", 0, 1, "", SOA, "" },
	{ NS1, "b.deep.example.jp", "A", 0, 1, "", SOA, "" },
	{ NS1, "nothing.example.jp", "A", 3, 1, "", SOA, "" },
	{ NS1, "x.y.wild.example.jp", "A", 0, 1,
	    "x.y.wild.example.jp A 192.0.2.90", NS, GLUE },
	{ NS1, "x.wild.example.jp", "AAAA", 0, 1, "", SOA, "" },
	{ NS1, "alias.example.jp", "A", 0, 1,
	    "alias.example.jp CNAME other.example.jp.\n"
	    "other.example.jp CNAME www.example.jp.\n" WWW_A, NS, GLUE },
	{ NS1, "alias.example.jp", "CNAME", 0, 1,
	    "alias.example.jp CNAME other.example.jp.", NS, GLUE },
	{ NS1, "away.example.jp", "A", 0, 1,
	    "away.example.jp CNAME www.example.net.", NS, GLUE },
	{ NS1, "gone.example.jp", "A", 3, 1,
	    "gone.example.jp CNAME nothing.example.jp.", SOA, "" },
	{ NS1, "loop.example.jp", "A", 0, 1,
	    "loop.example.jp CNAME loop.example.jp.", NS, GLUE },
	{ NS1, "x.sub.example.jp", "A", 0, 0, "",
	    "sub.example.jp NS ns.sub.example.jp.",
	    "ns.sub.example.jp A 192.0.2.54" },
	{ NS1, "_sip._tcp.example.jp", "SRV", 0, 1,
	    "_sip._tcp.example.jp SRV 1 2 5060 www.example.jp.", NS, NULL },
	{ NS1, "www.example.net", "A", 0, 1, "www.example.net A 192.0.2.82",
	    NULL, NULL },
	{ NS1, "example.org", "A", 5, 0, "", "", "" },
	{ NS1, "example.jp", "AXFR", 5, 0, "", "", "" },
	{ ROOT, "25.2.0.192.in-addr.arpa", "PTR", 0, 1,
	    "25.2.0.192.in-addr.arpa PTR mx1.example.jp.", NULL, NULL },
};

static void
section_is(const struct peer_answer *a, enum dns_section s, const char *want)
{
	char	*text = peer_section(a, s);

	if (want != NULL)
		assert_string_equal(text, want);
	free(text);
}

static void
servers_answer_by_the_book(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound, more);
	struct world		*w = peer_world(s);
	struct peer_answer	*a;
	size_t			 i;
	unsigned		 tcp;

	(void)state;
	for (i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
		const struct dns_case	*c = &cases[i / 2];

		tcp = i % 2 != 0 ? PEER_TCP : 0;
		a = peer_ask(w, c->at, c->name, c->type, tcp);
		assert_int_equal(a->parsed, 0);
		assert_null(a->msg.broken);
		assert_int_equal(a->msg.trailing, 0);
		assert_int_equal(a->msg.rcode, c->rcode);
		assert_int_equal(a->msg.aa, c->aa);
		assert_true(a->msg.qr && a->msg.edns && !a->msg.ra);
		assert_false(a->msg.tc);
		assert_int_equal(a->msg.id, 0x1234);
		section_is(a, DNS_ANSWER, c->answer);
		section_is(a, DNS_AUTHORITY, c->authority);
		section_is(a, DNS_ADDITIONAL, c->additional);
		assert_int_equal(a->ms, tcp != 0 ? 1040 : 40);
		peer_answer_free(a);
	}
	world_free(w);
	scenario_free(s);
}

static void
the_question_keeps_its_case(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound, NULL);
	struct world		*w = peer_world(s);
	static const unsigned char query[] = "\0\7\0\0\0\1\0\0\0\0\0\0"
	    "\3wWw\7ExAmple\2jP\0\0\1\0\1";
	struct sockname		 to = { .port = 53 };
	struct world_poll	 p = { 0, WORLD_IN, 0 };
	unsigned char		 out[600];

	(void)state;
	assert_int_equal(addr_parse(&to.addr, NS1), 0);
	p.handle = w->ops->open(w, 4, false);
	w->ops->send(w, p.handle, query, sizeof query - 1, &to);
	assert_int_equal(w->ops->wait(w, &p, 1, WORLD_NEVER), 1);
	assert_true(w->ops->recv(w, p.handle, out, 600, NULL) > 40);
	assert_memory_equal(out + 12, query + 12, sizeof query - 13);
	assert_int_equal(out[1], 7);
	world_free(w);
	scenario_free(s);
}

/* Thirteen servers with addresses do not fit 512 octets. */
static void
what_does_not_fit_is_truncated(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound, NULL);
	struct world		*w;
	struct peer_answer	*a;
	char			 line[120];
	int			 i;

	(void)state;
	for (i = 0; i < 30; i++) {
		snprintf(line, sizeof line, "record example.jp long TXT "
		    "\"%d-0123456789012345678901234567890123456789\"", i);
		assert_int_equal(scenario_add(s, line, NULL), 0);
	}
	w = peer_world(s);
	a = peer_ask(w, NS1, "long.example.jp", "TXT", PEER_NO_EDNS);
	assert_true(a->msg.tc && a->len <= 512 && !a->msg.edns);
	peer_answer_free(a);
	a = peer_ask(w, NS1, "long.example.jp", "TXT", 0);
	assert_true(a->msg.tc && a->len <= 1232 && a->len > 512);
	peer_answer_free(a);
	a = peer_ask(w, NS1, "long.example.jp", "TXT", PEER_TCP);
	assert_false(a->msg.tc);
	assert_true(a->len > 1500);
	peer_answer_free(a);
	world_free(w);
	scenario_free(s);
}

struct fault_case {
	const char	*line, *at, *type;
	unsigned	 flags;
	int		 came;		/* a reply */
	int		 rcode, aa;
	const char	*broken;	/* message.broken is set: "?" any */
	const char	*answer;
};

static const struct fault_case	faults[] = {
	{ "silent", NS1, "A", 0, 0, 0, 0, NULL, NULL },
	{ "type AAAA silent", NS1, "AAAA", 0, 0, 0, 0, NULL, NULL },
	{ "type AAAA silent", NS1, "A", 0, 1, 0, 1, NULL, WWW_A },
	{ "type AAAA silent", NS2, "AAAA", 0, 1, 0, 1, NULL, NULL },
	{ "name mx1.example.jp silent", NS1, "A", 0, 1, 0, 1, NULL, WWW_A },
	{ "udp silent", NS1, "A", PEER_TCP, 1, 0, 1, NULL, WWW_A },
	{ "tcp silent", NS1, "A", PEER_TCP, 0, 0, 0, NULL, NULL },
	{ "tcp type A silent", NS1, "A", PEER_TCP, 0, 0, 0, NULL, NULL },
	{ "tcp close", NS1, "A", PEER_TCP, 0, 0, 0, NULL, NULL },
	{ "tcp refuse-port", NS1, "A", PEER_TCP, 0, 0, 0, NULL, NULL },
	{ "tcp half", NS1, "A", PEER_TCP, 1, 0, 1, "?", NULL },
	{ "edns silent", NS1, "A", 0, 0, 0, 0, NULL, NULL },
	{ "edns silent", NS1, "A", PEER_NO_EDNS, 1, 0, 1, NULL, WWW_A },
	{ "size 100 silent", NS1, "A", 0, 0, 0, 0, NULL, NULL },
	{ "size 1000 silent", NS1, "A", 0, 1, 0, 1, NULL, WWW_A },
	{ "rcode servfail", NS1, "A", 0, 1, 2, 0, NULL, "" },
	{ "rcode notimp", NS1, "A", 0, 1, 4, 0, NULL, "" },
	{ "nxdomain", NS1, "A", 0, 1, 3, 1, NULL, "" },
	{ "nodata", NS1, "A", 0, 1, 0, 1, NULL, "" },
	{ "no-soa", NS1, "A", 0, 1, 0, 1, NULL, "" },
	{ "empty", NS1, "A", 0, 1, 0, 0, NULL, "" },
	{ "no-aa", NS1, "A", 0, 1, 0, 0, NULL, WWW_A },
	{ "lame", NS1, "A", 0, 1, 5, 0, NULL, "" },
	{ "upward", NS1, "A", 0, 1, 0, 0, NULL, "" },
	{ "no-question", NS1, "A", 0, 1, 1, 0, NULL, "" },
	{ "broken short-rdata", NS1, "A", 0, 1, 0, 1, "?", NULL },
	{ "broken loop", NS1, "A", 0, 1, 0, 1, "?", NULL },
	{ "broken rdlength", NS1, "A", 0, 1, 0, 1, "?", NULL },
	{ "broken count", NS1, "A", 0, 1, 0, 1, "?", NULL },
	{ "broken label", NS1, "A", 0, 1, 0, 1, "?", NULL },
	{ "broken cut", NS1, "A", 0, 1, 0, 1, "?", NULL },
	{ "broken other-type", NS1, "AAAA", 0, 1, 0, 1, NULL,
	    "www.example.jp A 192.0.2.1" },
	{ "pick 1", NS1, "A", 0, 1, 0, 1, NULL, "www.example.jp A 192.0.2.80" },
	{ "twice", NS1, "A", 0, 1, 0, 1, NULL, WWW_A },
	{ "attempt 2 silent", NS1, "A", 0, 1, 0, 1, NULL, WWW_A },
	{ "type A attempt 1-3 silent", NS1, "A", 0, 0, 0, 0, NULL, NULL },
};

static void
faults_do_what_they_say(void **state)
{
	struct peer_answer	*a;
	struct scenario		*s;
	struct world		*w;
	char			 line[120];
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof faults / sizeof *faults; i++) {
		const struct fault_case	*f = &faults[i];

		snprintf(line, sizeof line, "fault dns ns1.example.jp %s",
		    f->line);
		s = peer_scenario(peer_sound, line);
		w = peer_world(s);
		a = peer_ask(w, f->at, "www.example.jp", f->type, f->flags);
		if ((a->len > 0) != f->came)
			fail_msg("%s: came %zu", f->line, a->len);
		if (f->came) {
			assert_int_equal(a->parsed, 0);
			assert_int_equal(a->msg.rcode, f->rcode);
			assert_int_equal(a->msg.aa, f->aa);
			if ((a->msg.broken != NULL) != (f->broken != NULL))
				fail_msg("%s: broken %s", f->line,
				    a->msg.broken);
			section_is(a, DNS_ANSWER, f->answer);
		}
		peer_answer_free(a);
		world_free(w);
		scenario_free(s);
	}
}

/* The same question under one fault: what came, each time. */
static struct peer_answer *
under(const char *fault, const char *at, unsigned flags)
{
	struct scenario		*s = peer_scenario(peer_sound, fault);
	struct world		*w = peer_world(s);
	struct peer_answer	*a = peer_ask(w, at, "www.example.jp", "A",
				    flags);

	world_free(w);
	scenario_free(s);
	return (a);
}

static void
odd_faults(void **state)
{
	struct peer_answer	*a;
	char			 text[ADDR_STRLEN];

	(void)state;
	a = under("fault dns ns1.example.jp wrong-source 192.0.2.99", NS1, 0);
	assert_string_equal(addr_print(&a->from.addr, text), "192.0.2.99");
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp wrong-id", NS1, 0);
	assert_int_not_equal(a->msg.id, 0x1234);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp wrong-question", NS1, 0);
	assert_string_not_equal(a->msg.qname, "www.example.jp");
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp broken trailing", NS1, 0);
	assert_int_equal(a->msg.trailing, 14);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp truncate", NS1, 0);
	assert_true(a->msg.tc && a->msg.nrrs <= 1);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp truncate", NS1, PEER_TCP);
	assert_false(a->msg.tc);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp huge 60000", NS1, PEER_TCP);
	assert_true(a->len > 59000);
	assert_null(a->msg.broken);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp type A,AAAA delay 300", NS1, 0);
	assert_int_equal(a->ms, 340);
	peer_answer_free(a);
	a = under("fault dns a.dns.jp many-ns 500", TLD, PEER_TCP);
	assert_true(a->msg.nrrs + a->msg.nmore >= 502);
	assert_null(a->msg.broken);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp broken nothing", NS1, 0);
	assert_int_equal(a->len, 0);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp broken garbage", NS1, 0);
	assert_int_equal(a->len, 63);
	peer_answer_free(a);
	a = under("fault dns ns1.example.jp ra", NS1, 0);
	assert_true(a->msg.ra);
	peer_answer_free(a);
}

static void
icmp_of_a_server(void **state)
{
	static const struct { const char *fault, *at; int cause, type, code; }
	icmp[] = {
		{ "refuse-port", NS1, NET_REFUSED, 3, 3 },
		{ "type A refuse-port", NS1_V6, NET_REFUSED, 1, 4 },
		{ "type A icmp 1/1 2001:db8::fe", NS1_V6, NET_PROHIBITED, 1, 1 },
		{ "icmp 3/1 192.0.2.254", NS1, NET_UNREACHABLE, 3, 1 },
	};
	struct peer_answer	*a;
	char			 line[120];
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof icmp / sizeof *icmp; i++) {
		snprintf(line, sizeof line, "fault dns ns1.example.jp %s",
		    icmp[i].fault);
		a = under(line, icmp[i].at, 0);
		assert_int_equal(a->error.cause, icmp[i].cause);
		assert_int_equal(a->error.icmp_type, icmp[i].type);
		assert_int_equal(a->error.icmp_code, icmp[i].code);
		peer_answer_free(a);
	}
}

static void
servers_have_their_own_versions(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound,
	    "server-record ns2.example.jp example.jp www A 192.0.2.99\n"
	    "server-record ns2.example.jp example.jp www A 192.0.2.98\n"
	    "server-remove ns2.example.jp/v6 example.jp mx1 AAAA\n"
	    "serial ns2.example.jp example.jp 5\n");
	struct world		*w = peer_world(s);
	struct peer_answer	*a;

	(void)state;
	a = peer_ask(w, NS2, "www.example.jp", "A", 0);
	section_is(a, DNS_ANSWER, "www.example.jp A 192.0.2.98\n"
	    "www.example.jp A 192.0.2.99");
	peer_answer_free(a);
	a = peer_ask(w, NS1, "www.example.jp", "A", 0);
	section_is(a, DNS_ANSWER, WWW_A);
	peer_answer_free(a);
	a = peer_ask(w, NS2, "example.jp", "SOA", 0);
	assert_int_equal(a->msg.rrs[0].serial, 5);
	peer_answer_free(a);
	a = peer_ask(w, NS2, "mx1.example.jp", "AAAA", 0);
	section_is(a, DNS_ANSWER, "mx1.example.jp AAAA 2001:db8:3::25");
	peer_answer_free(a);
	a = peer_ask(w, "2001:db8:4::53", "mx1.example.jp", "AAAA", 0);
	section_is(a, DNS_ANSWER, "");
	peer_answer_free(a);
	world_free(w);
	scenario_free(s);
}

static void
rates_and_picks_count(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound,
	    "rtt 0\nfault dns ns1.example.jp rate 5\n"
	    "fault dns ns2.example.jp pick 1\n");
	struct world		*w = peer_world(s);
	struct peer_answer	*a;
	int			 i;

	(void)state;
	for (i = 0; i < 7; i++) {
		a = peer_ask(w, NS1, "www.example.jp", "A", 0);
		assert_int_equal(a->len > 0, i != 5);
		peer_answer_free(a);
	}
	for (i = 0; i < 4; i++) {
		a = peer_ask(w, NS2, "www.example.jp", "A", 0);
		section_is(a, DNS_ANSWER, i % 2 == 0 ?
		    "www.example.jp A 192.0.2.80" :
		    "www.example.jp A 192.0.2.81");
		peer_answer_free(a);
	}
	world_free(w);
	scenario_free(s);
}

static void
delegations_can_be_half_done(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound,
	    "delegate example.jp ns1.example.jp 192.0.2.53 2001:db8:9::1 ;"
	    " ns2.example.jp\n"
	    "zone example.jp {\nns1 A 192.0.2.53\nns1 AAAA 2001:db8:3::53\n"
	    "ns2 A 203.0.113.53\n}\n");
	struct world		*w = peer_world(s);
	struct peer_answer	*a;

	(void)state;
	a = peer_ask(w, TLD, "example.jp", "NS", 0);
	section_is(a, DNS_ADDITIONAL, "ns1.example.jp A 192.0.2.53\n"
	    "ns1.example.jp AAAA 2001:db8:9::1");
	peer_answer_free(a);
	a = peer_ask(w, NS1, "ns1.example.jp", "AAAA", 0);
	section_is(a, DNS_ANSWER, "ns1.example.jp AAAA 2001:db8:3::53");
	peer_answer_free(a);
	a = peer_ask(w, NS1, "ns2.example.jp", "AAAA", 0);
	section_is(a, DNS_ANSWER, "");
	peer_answer_free(a);
	world_free(w);
	scenario_free(s);
}

struct resolver_case {
	const char	*fault, *name, *type;
	int		 rcode;
	int64_t		 min, max;	/* ms */
	const char	*answer;
};

static const struct resolver_case	resolved[] = {
	{ "", "www.example.jp", "A", 0, 40, 40, WWW_A },
	{ "", "alias.example.jp", "A", 0, 40, 40,
	    "alias.example.jp CNAME other.example.jp.\n"
	    "other.example.jp CNAME www.example.jp.\n" WWW_A },
	{ "", "away.example.jp", "A", 0, 40, 40,
	    "away.example.jp CNAME www.example.net.\n"
	    "www.example.net A 192.0.2.82" },
	{ "", "gone.example.jp", "A", 3, 40, 40,
	    "gone.example.jp CNAME nothing.example.jp." },
	{ "", "loop.example.jp", "A", 2, 40, 40, NULL },
	{ "", "nothing.example.jp", "A", 3, 40, 40, "" },
	{ "", "www.example.jp", "TXT", 0, 40, 40, "" },
	{ "", "x.sub.example.jp", "A", 2, 500, 5000, "" },
	{ "", "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.0.0.0.8.b.d.0.1.0.0.2"
	    ".ip6.arpa", "PTR", 0, 40, 40, NULL },
	{ "fault dns ns1.example.jp silent", "www.example.jp", "A", 0,
	    1040, 1040, WWW_A },
	{ "fault dns ns1.example.jp lame", "www.example.jp", "A", 0, 40, 40,
	    WWW_A },
	{ "fault dns all silent", "www.example.jp", "A", 2, 2000, 5000, "" },
	{ "fault dns ns1.example.jp type AAAA silent\n"
	    "fault dns ns2.example.jp type AAAA silent",
	    "www.example.jp", "AAAA", 2, 1000, 5000, "" },
	{ "fault dns ns1.example.jp rcode servfail\n"
	    "fault dns ns2.example.jp rcode servfail",
	    "www.example.jp", "A", 2, 40, 40, "" },
	{ "fault dns all truncate", "www.example.jp", "A", 0, 40, 40, WWW_A },
	{ "fault dns ns1.example.jp broken loop\n"
	    "fault dns ns2.example.jp wrong-id", "www.example.jp", "A", 2,
	    1000, 5000, "" },
	{ "fault dns 192.0.2.200 type AAAA nodata", "www.example.jp", "AAAA",
	    0, 40, 40, "" },
	{ "fault dns 192.0.2.200 name www.example.jp rcode servfail",
	    "www.example.jp", "A", 2, 40, 40, "" },
	{ "cache 192.0.2.200 www.example.jp. 900 A 192.0.2.66",
	    "www.example.jp", "A", 0, 40, 40, "www.example.jp A 192.0.2.66" },
	{ "cache 192.0.2.200 none www.example.jp A nxdomain 900",
	    "www.example.jp", "A", 3, 40, 40, "" },
	{ "vantage v4\nclosed v6 silent", "www.example.jp", "AAAA", 0, 40, 40,
	    NULL },
};

static void
resolvers_find_their_way(void **state)
{
	struct peer_answer	*a;
	struct scenario		*s;
	struct world		*w;
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof resolved / sizeof *resolved; i++) {
		const struct resolver_case	*c = &resolved[i];

		s = peer_scenario(peer_sound, more);
		assert_int_equal(scenario_add(s, c->fault, NULL), 0);
		w = peer_world(s);
		a = peer_ask(w, RESOLVER, c->name, c->type, PEER_RD);
		if (a->len == 0 || a->msg.rcode != c->rcode ||
		    a->ms < c->min || a->ms > c->max)
			fail_msg("%s %s: rcode %d after %d ms", c->fault,
			    c->name, a->msg.rcode, (int)a->ms);
		assert_true(a->msg.ra && a->msg.rd && !a->msg.aa);
		section_is(a, DNS_ANSWER, c->answer);
		peer_answer_free(a);
		world_free(w);
		scenario_free(s);
	}
}

static void
caches_count_down(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound, NULL);
	struct world		*w = peer_world(s);
	struct peer_answer	*a;
	uint32_t		 ttl;

	(void)state;
	a = peer_ask(w, RESOLVER, "www.example.jp", "A", 0);
	assert_int_equal(a->msg.rcode, DNS_REFUSED);
	peer_answer_free(a);
	a = peer_ask(w, RESOLVER, "www.example.jp", "A", PEER_RD);
	ttl = a->msg.rrs[0].ttl;
	assert_int_equal(ttl, 3600);
	peer_answer_free(a);
	w->ops->wait(w, NULL, 0, w->ops->now(w) + 100 * NSEC_PER_SEC);
	a = peer_ask(w, RESOLVER, "www.example.jp", "A", 0);
	assert_int_equal(a->msg.rcode, 0);
	assert_in_range(a->msg.rrs[0].ttl, 3498, 3500);
	peer_answer_free(a);
	world_free(w);
	scenario_free(s);
}

/* One family only: the walk of a resolver without the other. */
static void
resolvers_of_one_family(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound,
	    "resolver 192.0.2.201 only v6\nresolver 192.0.2.202 only v4\n"
	    "fault net ns1.example.jp/v6 silent\n"
	    "fault net ns2.example.jp/v6 silent\n");
	struct world		*w = peer_world(s);
	struct peer_answer	*a;

	(void)state;
	a = peer_ask(w, "192.0.2.201", "www.example.jp", "A", PEER_RD);
	assert_int_equal(a->msg.rcode, DNS_SERVFAIL);
	peer_answer_free(a);
	a = peer_ask(w, "192.0.2.202", "www.example.jp", "A", PEER_RD);
	assert_int_equal(a->msg.rcode, DNS_NOERROR);
	peer_answer_free(a);
	world_free(w);
	scenario_free(s);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(servers_answer_by_the_book),
		cmocka_unit_test(the_question_keeps_its_case),
		cmocka_unit_test(what_does_not_fit_is_truncated),
		cmocka_unit_test(faults_do_what_they_say),
		cmocka_unit_test(odd_faults),
		cmocka_unit_test(icmp_of_a_server),
		cmocka_unit_test(servers_have_their_own_versions),
		cmocka_unit_test(rates_and_picks_count),
		cmocka_unit_test(delegations_can_be_half_done),
		cmocka_unit_test(resolvers_find_their_way),
		cmocka_unit_test(caches_count_down),
		cmocka_unit_test(resolvers_of_one_family),
	};

	return (cmocka_run_group_tests_name("peer_dns", tests, NULL, NULL));
}
