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
	const char	*text, *said;	/* as peer_refusal says it */
} bad[] = {
	{ "frob", "1: \"frob\": clock|rtt|" },
	{ "wep a.jp 192.0.2.1", "1: \"wep\": web (web NAME " },
	{ "\n\nrtt x", "3: \"x\": 0..60000 (rtt MS [ADDR...])" },
	{ "rtt", "1: $: 0..60000" },
	{ "rtt 5 192.0.2.1", "1: \"5\": <rtt-least 40> (rtt MS" },
	{ "rtt 50 192.0.2.999", "1: \"192.0.2.999\": ADDR" },
	{ "clock 2026-13-01T00:00:00Z", ": YYYY-MM-DDThh:mm:ssZ" },
	{ "clock", "1: $: YYYY-MM-DDThh:mm:ssZ (clock" },
	{ "vantage v5", "\"v5\": <nothing-more>" },
	{ "closed v5 silent", "\"v5\": v4|v6" },
	{ "closed v6 sleepy", "\"sleepy\": silent|refused|icmp" },
	{ "closed v6", "$: NET-ACTION" },
	{ "block 25", "\"25\": port" },
	{ "global x", "\"x\": PREFIX" },
	{ "root a.root", "$: ADDR" },
	{ "root a..b 192.0.2.1", "\"a..b\": NAME" },
	{ "tld jp a.dns.jp", ": ADDR" },
	{ "zone", ": NAME" },
	{ "zone x.jp {\nwww A 1.2.3\n}", "2: \"www A 1.2.3\": LINE|}" },
	{ "zone x.jp {\nwww A 192.0.2.1", "3: EOF: }" },
	{ "record nowhere.jp www A 192.0.2.1", "1: \"nowhere.jp\": "
	    "<zone-above> (record ZONE LINE)" },
	{ "record example.jp www A x", "1: \"www A x\": LINE (" },
	{ "record example.jp", "1: $: LINE (record ZONE LINE)" },
	{ "remove example.jp", "1: $: NAME (remove ZONE NAME [TYPE])" },
	{ "remove example.jp a..b", "1: \"a..b\": NAME (" },
	{ "remove example.jp www FROB", "\"FROB\": TYPE" },
	{ "delegate example.jp", ": NAME" },
	{ "delegate . ns1.x.jp", "1: \".\": <below-root> (delegate ZONE" },
	{ "tld . ns1.x.jp 192.0.2.1", "1: \".\": <below-root> (tld LABEL" },
	{ "delegate example.jp ns1.example.jp ;", ": NAME" },
	{ "delegate x.jp ns1.x.jp 192.0.2.1 2001:db8:::1",
	    "\"2001:db8:::1\": GLUE|;" },
	{ "tld jp a.dns.jp 192.0.2.1 192.0.2.999",
	    "\"192.0.2.999\": ADDR|;" },
	{ "server", "1: $: NAME (server NAME" },
	{ "server ns9.example.jp", ": ADDR" },
	{ "server ns9.example.jp 192.0.2.9 zones", "1: $: NAME (server" },
	{ "\nserver ns9.example.jp 192.0.2.9 zones example.jp nowhere.jp",
	    "2: \"nowhere.jp\": <zone-above> (server NAME ADDR..." },
	{ "server ns9.example.jp 192.0.2.9 zones minimal",
	    "1: \"minimal\": <zone-above>" },
	{ "transfer all nowhere.jp", "1: \"nowhere.jp\": <zone-above>" },
	{ "serial ns9.example.jp example.jp 7", "1: \"ns9.example.jp\": "
	    "<who-above> (serial WHO ZONE N)" },
	{ "serial ns1.example.jp example.jp -1", "\"-1\": 0.." },
	{ "serial ns1.example.jp/v5 example.jp 1", "NAME/v4|NAME/v6" },
	{ "resolver", ": ADDR" },
	{ "cache 192.0.2.1 x A 192.0.2.1", "\"192.0.2.1\": "
	    "<resolver-above> (cache" },
	{ "cache 192.0.2.200 none x.jp", "1: $: TYPE (cache" },
	{ "cache 192.0.2.200 none x.jp A maybe 5", "nxdomain|nodata" },
	{ "ptr 192.0.2.1", ": NAME" },
	{ "web a.jp", ": ADDR" },
	{ "web a.jp 192.0.2.1 status x", "\"x\": 100..999" },
	{ "web a.jp 192.0.2.1 cert rotten", "\"rotten\": ok|expired" },
	{ "web a.jp 192.0.2.1 frob", "\"frob\": http|https" },
	{ "smtp a.jp 192.0.2.1 banner", ": TEXT" },
	{ "smtp a.jp 192.0.2.1 frob", "\"frob\": port|tls" },
	{ "smtp a.jp 192.0.2.1 banner \"220", "1: $: \"" },
	{ "smtp a.jp 192.0.2.1 banner \"220\\", "1: \"\\\\\": \\n|\\r|" },
	{ "smtp a.jp 192.0.2.1 banner \"\\q\"", "1: \"\\\\q\": \\n|\\r|\\t|"
	    "\\e|\\\"|\\\\|\\xHH" },
	{ "smtp a.jp 192.0.2.1 banner \"\\x0g\"", "1: \"\\\\x\": \\n|" },
	{ "fault", "1: $: dns|tcp|udp|net|http|smtp" },
	{ "fault dns", ": WHO" },
	{ "fault dns 192.0.2.53", "1: $: silent|refuse-port|icmp" },
	{ "fault dns 192.0.2.53 type A,A,A,A,A,A,A,A,A silent",
	    "\"A,A,A,A,A,A,A,A,A\": <at-most 8 TYPE> (" },
	{ "global 192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 "
	    "192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 "
	    "192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 "
	    "192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 192.0.2.0/24 "
	    "192.0.2.1/32", "\"192.0.2.1/32\": <at-most 16 PREFIX> (" },
	{ "fault dns 192.0.2.53 type FROB silent", "\"FROB\": TYPE" },
	{ "fault dns 192.0.2.53 attempt 0 silent", "\"0\": A[-B]" },
	{ "fault dns 192.0.2.53 attempt 3-2 silent", ": A[-B]" },
	{ "fault dns 192.0.2.53 time 3-3 silent", ": A[-B]" },
	{ "fault dns 192.0.2.53 time -1 silent", ": A[-B]" },
	{ "fault tcp 192.0.2.53 time x silent", "\"x\": A[-B]" },
	{ "fault dns 192.0.2.53 rcode frob", ": noerror|formerr" },
	{ "fault dns 192.0.2.53 broken frob", ": short-rdata|loop" },
	{ "fault dns 192.0.2.53 icmp 3", "\"3\": TYPE/CODE" },
	{ "fault dns 192.0.2.53 silent x", "\"x\": <nothing-more>" },
	{ "fault tcp 192.0.2.53 port 0 silent", ": 1..65535" },
	{ "fault http www.example.jp inject", ": status|reply" },
	{ "fault http mx.example.jp close", "<who-above>" },
	{ "fault smtp mx.example.jp status 5", ": reply|stall" },
	{ "fault smtp mx.example.jp at", ": TEXT" },
	{ "\033[31m", "1: \"\\x1b[31m\": clock|rtt|" },
};

static void
good_lines_are_taken(void **state)
{
	struct scenario	*s;
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
	assert_int_equal(scenario_add(s, few, NULL), 0);
	scenario_free(s);
}

static void
bad_lines_say_what_was_expected(void **state)
{
	struct scenario	*s;
	struct refusal	 why;
	char		*said;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		s = peer_scenario(few, NULL);
		if (scenario_add(s, bad[i].text, &why) != -1)
			fail_msg("taken: %s", bad[i].text);
		said = peer_refusal(&why);
		if (strstr(said, bad[i].said) == NULL)
			fail_msg("%s: %s", bad[i].text, said);
		/* what is said in no language has no blanks between words */
		if (why.key == REFUSAL_WORDS && strchr(why.words, ' ') != NULL)
			fail_msg("%s: a sentence: %s", bad[i].text, said);
		free(said);
		refusal_free(&why);
		scenario_free(s);
	}
}

/* A delegation whose parent is declared nowhere is in the root. */
static void
no_zone_above(void **state)
{
	struct scenario	*s = peer_scenario("delegate a.jp ns.a.jp 192.0.2.1",
			    NULL);
	struct world	*w = peer_world(s);

	(void)state;
	world_free(w);
	scenario_free(s);
}

/* More words than a line may have. */
static void
a_line_too_long(void **state)
{
	struct scenario	*s = scenario_new(1);
	struct refusal	 why;
	struct buf	 b;
	char		*said;
	int		 i;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "host");
	for (i = 0; i < 4096; i++)
		buf_adds(&b, " 192.0.2.1");
	assert_int_equal(scenario_add(s, buf_str(&b), &why), -1);
	said = peer_refusal(&why);
	assert_string_equal(said, "1: \"192.0.2.1\": <at-most 4096 WORD>");
	free(said);
	refusal_free(&why);
	buf_free(&b);
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
		cmocka_unit_test(a_line_too_long),
		cmocka_unit_test(no_zone_above),
		cmocka_unit_test(the_world_is_furnished),
		cmocka_unit_test(worlds_begin_anew),
		cmocka_unit_test(faults_of_a_time),
		cmocka_unit_test(vantage_words),
		cmocka_unit_test(intercepted),
	};

	return (cmocka_run_group_tests_name("scenario", tests, NULL, NULL));
}
