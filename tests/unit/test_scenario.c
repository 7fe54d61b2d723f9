/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a scenario: good lines, bad lines, and what they build. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "peer_kit.h"

static const char	few[] =
	"root a.root.example 192.0.2.1\n"
	"tld jp a.dns.jp 192.0.2.11\n"
	"zone example.jp\n"
	"server ns1.example.jp 192.0.2.53\n"
	"web www.example.jp 192.0.2.80\n"
	"smtp mx.example.jp 192.0.2.25\n"
	"resolver 192.0.2.200\n";

static const char *const	good[] = {
	"", "# nothing", "   ", "clock 2030-02-28T23:59:59Z", "rtt 5",
	"rtt 90 192.0.2.1 2001:db8::1", "vantage", "vantage v4",
	"vantage v4 v6", "source 198.51.100.9", "closed v6 silent",
	"closed v6 icmp 1/0 2001:db8::1", "closed v4 refused",
	"block port 25", "block port 53 v6", "intercept", "global none",
	"global 192.0.2.0/24 2001:db8::/32", "record example.jp www A 192.0.2.7",
	"record example.jp @ 60 TXT \"\\\"two words\\\"\"",
	"remove example.jp www", "remove example.jp www A",
	"zone other.jp {\n; none\n\nwww A 192.0.2.1\n  AAAA 2001:db8::1\n}", "server ns3.example.jp 192.0.2.54 minimal",
	"server ns3.example.jp 192.0.2.54 zones jp example.jp minimal",
	"server-record ns1.example.jp example.jp www A 192.0.2.9",
	"server-remove 192.0.2.53 example.jp www AAAA",
	"serial ns1.example.jp/v4 example.jp 7",
	"resolver 192.0.2.201 only v6", "resolver 192.0.2.201 hidden",
	"cache 192.0.2.200 www.example.jp. 86400 A 192.0.2.66",
	"cache 192.0.2.200 none new.example.jp A nxdomain 900",
	"ptr 2001:db8::25 mx.example.jp", "host 192.0.2.99",
	"web a.example.jp 192.0.2.80 http status 503",
	"web a.example.jp 192.0.2.80 redirect https://b.example.jp/",
	"web a.example.jp 2001:db8::80 https cert name other.example.jp",
	"web a.example.jp 192.0.2.80 body \"<p>\\\"x\\\" \\e[31m\\x07</p>\"",
	"web a.example.jp 192.0.2.80 cert soon 3 sni-only to-https",
	"smtp a.example.jp 192.0.2.26 port 587 delay 10 greylist 300",
	"smtp a.example.jp 192.0.2.26 banner \"554 no\" no-starttls tls",
	"smtp a.example.jp 192.0.2.26 rcpt \"550 5.1.1 x\" mail \"451 x\"",
	"smtp a.example.jp 192.0.2.26 ext CHUNKING cert expired",
	"fault dns ns1.example.jp silent", "fault dns all refuse-port",
	"fault dns ns1.example.jp/v4 udp type AAAA,MX attempt 1-2 silent",
	"fault dns ns1.example.jp/v4 time 0-3 rcode refused",
	"fault tcp www.example.jp port 443 time 5 refused",
	"fault http www.example.jp time 0-86400 status 500",
	"fault smtp mx.example.jp time 1-2 at ehlo reply \"421 x\"",
	"fault dns 192.0.2.53 name www.example.jp rcode servfail",
	"fault dns 192.0.2.53 tcp size 512 edns close",
	"fault dns 192.0.2.53 icmp 3/13 192.0.2.254",
	"fault dns 192.0.2.53 type AAAA icmp 3/13",
	"fault dns 192.0.2.53 type AAAA refuse-port",
	"fault dns 192.0.2.53 wrong-source 192.0.2.99",
	"fault dns 192.0.2.53 broken loop", "fault dns 192.0.2.53 huge 60000",
	"fault tcp www.example.jp port 443 attempt 2 idle 30 refused",
	"fault udp 192.0.2.53 delay 300", "fault net all/v4 silent",
	"fault tcp 192.0.2.80 reset-after 100",
	"fault http www.example.jp port 80 status 500",
	"fault http www.example.jp attempt 1 endless-headers",
	"fault http www.example.jp reply \"HTTP/1.0 200 OK\\r\\n\\r\\n\"",
	"fault smtp mx.example.jp at starttls reply \"454 4.7.0 x\"",
	"fault smtp mx.example.jp at banner delay 5000",
	"fault smtp mx.example.jp drip",
};

static const struct {
	const char	*text, *cause;
} bad[] = {
	{ "frob", "line 1: \"frob\": expected clock|rtt|" },
	{ "wep a.jp 192.0.2.1", "line 1: \"wep\": expected web (web NAME " },
	{ "\n\nrtt x", "line 3: \"x\": expected 0..60000 (rtt MS [ADDR...])" },
	{ "rtt", "line 1: end of line: expected 0..60000" },
	{ "rtt 5 192.0.2.1", "expected MS not below rtt" },
	{ "rtt 50 192.0.2.999", "line 1: \"192.0.2.999\": expected ADDR" },
	{ "clock 2026-13-01T00:00:00Z", "expected YYYY-MM-DDThh:mm:ssZ" },
	{ "clock", "expected YYYY-MM-DDThh:mm:ssZ" },
	{ "vantage v5", "\"v5\": expected nothing more" },
	{ "closed v5 silent", "\"v5\": expected v4|v6" },
	{ "closed v6 sleepy", "\"sleepy\": expected silent|refused|icmp" },
	{ "closed v6", "end of line: expected NET-ACTION" },
	{ "block 25", "\"25\": expected port" },
	{ "global x", "\"x\": expected PREFIX" },
	{ "root a.root", "end of line: expected ADDR" },
	{ "root a..b 192.0.2.1", "\"a..b\": expected NAME" },
	{ "tld jp a.dns.jp", "expected ADDR" },
	{ "zone", "expected NAME" },
	{ "zone x.jp {\nwww A 1.2.3\n}", "line 2: \"www A 1.2.3\": expected a "
	    "record or }" },
	{ "zone x.jp {\nwww A 192.0.2.1", "expected }" },
	{ "record nowhere.jp www A 192.0.2.1", "expected ZONE declared above" },
	{ "record example.jp www A x", "expected LINE" },
	{ "remove example.jp www FROB", "\"FROB\": expected TYPE" },
	{ "delegate example.jp", "expected NAME" },
	{ "delegate example.jp ns1.example.jp ;", "expected NAME" },
	{ "delegate x.jp ns1.x.jp 192.0.2.1 2001:db8:::1",
	    "\"2001:db8:::1\": expected GLUE or ;" },
	{ "tld jp a.dns.jp 192.0.2.1 192.0.2.999",
	    "\"192.0.2.999\": expected ADDR or ;" },
	{ "server ns9.example.jp", "expected ADDR" },
	{ "server ns9.example.jp 192.0.2.9 zones", "expected NAME" },
	{ "serial ns9.example.jp example.jp 7", "a NAME declared above" },
	{ "serial ns1.example.jp example.jp -1", "\"-1\": expected 0.." },
	{ "serial ns1.example.jp/v5 example.jp 1", "NAME/v4|NAME/v6" },
	{ "resolver", "expected ADDR" },
	{ "cache 192.0.2.1 x A 192.0.2.1", "ADDR of a resolver" },
	{ "cache 192.0.2.200 none x.jp A maybe 5", "nxdomain|nodata" },
	{ "ptr 192.0.2.1", "expected NAME" },
	{ "web a.jp", "expected ADDR" },
	{ "web a.jp 192.0.2.1 status x", "\"x\": expected 100..999" },
	{ "web a.jp 192.0.2.1 cert rotten", "\"rotten\": expected ok|expired" },
	{ "web a.jp 192.0.2.1 frob", "\"frob\": expected http|https" },
	{ "smtp a.jp 192.0.2.1 banner", "expected TEXT" },
	{ "smtp a.jp 192.0.2.1 frob", "\"frob\": expected port|tls" },
	{ "smtp a.jp 192.0.2.1 banner \"220", "line 1: expected \"" },
	{ "smtp a.jp 192.0.2.1 banner \"\\q\"", "line 1: expected \"" },
	{ "fault", "expected dns|tcp|udp|net|http|smtp" },
	{ "fault dns", "expected WHO" },
	{ "fault dns 192.0.2.53", "expected silent|refuse-port|icmp" },
	{ "fault dns 192.0.2.53 type FROB silent", "\"FROB\": expected TYPE" },
	{ "fault dns 192.0.2.53 attempt 0 silent", "\"0\": expected A[-B]" },
	{ "fault dns 192.0.2.53 attempt 3-2 silent", "expected A[-B]" },
	{ "fault dns 192.0.2.53 time 3-3 silent", "expected A[-B]" },
	{ "fault dns 192.0.2.53 time -1 silent", "expected A[-B]" },
	{ "fault tcp 192.0.2.53 time x silent", "\"x\": expected A[-B]" },
	{ "fault dns 192.0.2.53 rcode frob", "expected noerror|formerr" },
	{ "fault dns 192.0.2.53 broken frob", "expected short-rdata|loop" },
	{ "fault dns 192.0.2.53 icmp 3", "\"3\": expected TYPE/CODE" },
	{ "fault dns 192.0.2.53 silent x", "\"x\": expected nothing more" },
	{ "fault tcp 192.0.2.53 port 0 silent", "expected 1..65535" },
	{ "fault http www.example.jp inject", "expected status|reply" },
	{ "fault http mx.example.jp close", "a NAME declared above" },
	{ "fault smtp mx.example.jp status 5", "expected reply|stall" },
	{ "fault smtp mx.example.jp at", "expected TEXT" },
	{ "\033[31m", "\"\\x1b[31m\": expected" },
};

static void
good_lines_are_taken(void **state)
{
	struct scenario	*s;
	char		*cause;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof *good; i++) {
		s = peer_scenario(few, good[i]);
		world_free(peer_world(s));
		scenario_free(s);
	}
	s = scenario_new(1);
	for (i = 0; i < sizeof good / sizeof *good; i++)
		(void)scenario_add(s, good[i], NULL);
	assert_int_equal(scenario_add(s, few, &cause), 0);
	scenario_free(s);
}

static void
bad_lines_say_what_was_expected(void **state)
{
	struct scenario	*s;
	char		*cause;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		s = peer_scenario(few, NULL);
		cause = NULL;
		if (scenario_add(s, bad[i].text, &cause) != -1)
			fail_msg("taken: %s", bad[i].text);
		if (cause == NULL || strstr(cause, bad[i].cause) == NULL)
			fail_msg("%s: %s", bad[i].text, cause);
		free(cause);
		scenario_free(s);
	}
}

static void
no_zone_above(void **state)
{
	struct scenario	*s = peer_scenario("zone a.jp", NULL);
	struct world	*w;
	char		*cause = NULL;

	(void)state;
	assert_int_equal(scenario_add(s, "delegate . x.jp", NULL), 0);
	assert_null(scenario_world(s, &cause));
	assert_string_equal(cause, "delegate: expected a zone above it");
	free(cause);
	scenario_free(s);
	s = peer_scenario("delegate a.jp ns.a.jp 192.0.2.1", NULL);
	w = peer_world(s);
	world_free(w);
	scenario_free(s);
}

static void
the_world_is_furnished(void **state)
{
	struct scenario	*s = peer_scenario(peer_sound, "source 198.51.100.7");
	struct world	*w = peer_world(s);
	struct addr	 a;

	(void)state;
	assert_int_equal(w->nhints, 4);
	assert_string_equal(w->hints[0].name, "a.root.example");
	assert_int_equal(w->nresolvers, 1);
	assert_int_equal(w->nglobal, 4);
	assert_non_null(strstr(w->ca_pem, "BEGIN CERTIFICATE"));
	assert_int_equal(w->ops->wall(w) / NSEC_PER_SEC, 1795478400);
	assert_int_equal(addr_parse(&a, "192.0.2.1"), 0);
	assert_int_equal(addr_cmp(&w->hints[0].addr, &a), 0);
	world_free(w);
	scenario_free(s);
}

/* Two worlds of one scenario see the same things happen. */
static void
worlds_begin_anew(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound,
	    "fault dns ns1.example.jp type AAAA attempt 1 silent\n"
	    "fault udp 192.0.2.53 attempt 2 silent");
	struct peer_answer	*a;
	struct world		*w;
	int			 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		w = peer_world(s);
		a = peer_ask(w, "192.0.2.53", "example.jp", "AAAA", 0);
		assert_int_equal(a->len, 0);
		peer_answer_free(a);
		a = peer_ask(w, "192.0.2.53", "example.jp", "AAAA", 0);
		assert_int_equal(a->len, 0);
		peer_answer_free(a);
		a = peer_ask(w, "192.0.2.53", "example.jp", "AAAA", 0);
		assert_true(a->len > 0);
		peer_answer_free(a);
		world_free(w);
	}
	scenario_free(s);
}

/* A fault that begins and ends: of a reply, and of the network. */
static void
faults_of_a_time(void **state)
{
	static const struct { int at; size_t dns, net; } rows[] = {
		{ 0, 1, 1 }, { 1, 1, 1 }, { 2, 0, 1 }, { 3, 0, 0 },
		{ 4, 1, 0 }, { 60, 1, 0 },
	};
	struct scenario		*s = peer_scenario(peer_sound,
	    "fault dns ns1.example.jp/v4 type AAAA time 2-4 silent\n"
	    "fault udp 203.0.113.53 time 3 silent");
	struct world		*w;
	struct peer_answer	*a;
	size_t			 i, k;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		for (k = 0; k < 2; k++) {
			w = peer_world(s);
			assert_int_equal(w->ops->wait(w, NULL, 0,
			    w->ops->now(w) + rows[i].at * NSEC_PER_SEC), 0);
			a = peer_ask(w, k == 0 ? "192.0.2.53" : "203.0.113.53",
			    "www.example.jp", "AAAA", 0);
			assert_int_equal(a->len > 0, k == 0 ? rows[i].dns :
			    rows[i].net);
			peer_answer_free(a);
			world_free(w);
		}
	scenario_free(s);
}

static void
vantage_words(void **state)
{
	static const struct { const char *line; const char *to; int cause; }
	cases[] = {
		{ "vantage v4 v6", "2001:db8:1::1", NET_OK },
		{ "closed v6 icmp 1/0 2001:db8:ffff::1", "2001:db8:1::1",
		    NET_UNREACHABLE },
		{ "closed v6 refused", "2001:db8:3::53", NET_REFUSED },
		{ "closed v6 refused", "192.0.2.53", NET_OK },
		{ "closed v4 silent", "192.0.2.53", NET_TIMEOUT },
		{ "block port 53", "192.0.2.53", NET_TIMEOUT },
		{ "block port 53", "192.0.2.200", NET_OK },
		{ "block port 53 v6", "192.0.2.53", NET_OK },
		{ "host 192.0.2.77", "192.0.2.77", NET_REFUSED },
	};
	struct peer_answer	*a;
	struct scenario		*s;
	struct world		*w;
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		s = peer_scenario(peer_sound, cases[i].line);
		w = peer_world(s);
		a = peer_ask(w, cases[i].to, "example.jp", "SOA", PEER_RD);
		assert_int_equal(a->len > 0, cases[i].cause == NET_OK);
		if (cases[i].cause != NET_TIMEOUT)
			assert_int_equal(a->error.cause, cases[i].cause);
		peer_answer_free(a);
		world_free(w);
		scenario_free(s);
	}
}

static void
intercepted(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound, "intercept");
	struct world		*w = peer_world(s);
	struct peer_answer	*a = peer_ask(w, "192.0.2.1", "www.example.jp",
				    "A", PEER_RD);
	char			*text;

	(void)state;
	assert_true(a->msg.ra);
	assert_false(a->msg.aa);
	assert_int_equal(a->from.addr.b[3], 1);
	text = peer_section(a, DNS_ANSWER);
	assert_string_equal(text, "www.example.jp A 192.0.2.80\n"
	    "www.example.jp A 192.0.2.81");
	free(text);
	peer_answer_free(a);
	world_free(w);
	scenario_free(s);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(good_lines_are_taken),
		cmocka_unit_test(bad_lines_say_what_was_expected),
		cmocka_unit_test(no_zone_above),
		cmocka_unit_test(the_world_is_furnished),
		cmocka_unit_test(worlds_begin_anew),
		cmocka_unit_test(faults_of_a_time),
		cmocka_unit_test(vantage_words),
		cmocka_unit_test(intercepted),
	};

	return (cmocka_run_group_tests_name("scenario", tests, NULL, NULL));
}
