/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of the step servers by table: what one address of one name server
 * does, which findings and flags follow, exactly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/session_kit.h"

#define AT1	"servers/dns/ns1.d.test/192.0.2.1/53/"
#define AT2	"servers/dns/ns2.d.test/192.0.2.2/53/"
#define ON1	" ns1.d.test 192.0.2.1 dns"
#define NSOA	"an d.test. 60 IN SOA n. h. "
#define SOA	"|au d.test. 60 IN SOA n. h. 7 2 3 4 5"
/* A second v4 address of ns1. */
#define TWO	"*:ns1.d.test:A => qr aa|an ns1.d.test. 60 IN A 192.0.2.1|" \
	"an ns1.d.test. 60 IN A 192.0.2.3\n" \
	"*/t?.test/* => qr|au d.test. 60 IN NS ns1.d.test.|" \
	"au d.test. 60 IN NS ns2.d.test.|ad ns1.d.test. 60 IN A 192.0.2.1|" \
	"ad ns1.d.test. 60 IN A 192.0.2.3|ad ns2.d.test. 60 IN A 192.0.2.2|" \
	"ad ns1.d.test. 60 IN AAAA 2001:db8:1::1|" \
	"ad ns2.d.test. 60 IN AAAA 2001:db8:1::2\n"
/* Only IPv4 is asked: nothing masks. */
#define V4	"head options.v6 false\n"

static const struct session_row reach[] = {
	{ "silent", AT1 "* => timeout\n", "error dns-timeout" ON1 " masked\n" },
	{ "silent, one of two addresses", TWO AT1 "* => timeout\n",
	    "error dns-timeout" ON1 " masked partial\n" },
	{ "silent, and nothing else is asked", V4 AT1 "* => timeout\n" AT2
	    "* => timeout\n", "error dns-timeout" ON1 "\n"
	    "error dns-timeout ns2.d.test 192.0.2.2 dns\n"
	    "error v4only-walk-fails d.test -\n" },
	{ "silent, the other server of the family answers", V4 AT1
	    "* => timeout\n", "error dns-timeout" ON1 "\n" },
	{ "silent at first: lossy, not dead", AT1 "udp:d.test:SOA => timeout "
	    "{'sent':3}\n", "error dns-intermittent" ON1 " intermittent\n" },
	{ "still waiting", AT1 "udp:d.test:SOA => running\n", "" },
	{ "one datagram of seven lost", AT1 "udp:d.test:SOA => qr sent=2 aa|"
	    NSOA "7 2 3 4 5\n", "notice dns-intermittent" ON1
	    " intermittent\n" },
	{ "two of seven lost", AT1 "udp:d.test:SOA => qr sent=3 aa|" NSOA
	    "7 2 3 4 5\n", "error dns-intermittent" ON1 " intermittent\n" },
	{ "one lost, and one again", AT1 "udp:d.test:SOA => qr sent=2 aa|"
	    NSOA "7 2 3 4 5\n" AT1 "again2:* => timeout\n",
	    "error dns-intermittent" ON1 " intermittent\n" },
	{ "one lost, the second round still runs", AT1 "udp:d.test:SOA => "
	    "qr sent=2 aa|" NSOA "7 2 3 4 5\n" AT1 "again:* => running\n",
	    "" },
	{ "nothing lost", AT1 "udp:d.test:SOA => qr sent=1 aa|" NSOA
	    "7 2 3 4 5\n", "" },
	{ "port unreachable", AT1 "* => refused {'cause':'refused','icmp':"
	    "[3,3],'sent':1}\n", "error dns-refused-port" ON1 " masked\n" },
	{ "port unreachable, one of two", TWO AT1 "* => refused {'cause':"
	    "'refused','sent':1}\n", "error dns-refused-port" ON1
	    " masked partial\n" },
	{ "REFUSED is not a refused port", AT1 "*:d.test:SOA => qr REFUSED\n",
	    "error dns-lame" ON1 " masked\n" },
	{ "host unreachable", AT1 "* => unreachable {'cause':'unreachable',"
	    "'icmp':[3,1],'sender':'198.51.100.99','sent':1}\n",
	    "error dns-unreachable" ON1 " masked\n" },
	{ "prohibited", AT1 "* => prohibited {'cause':'prohibited','icmp':"
	    "[3,13],'sender':'198.51.100.99','sent':1}\n",
	    "error dns-unreachable" ON1 " masked\n" },
	{ "no route of ours says nothing of the server", AT1 "* => no-family "
	    "{'cause':'no-family','sent':1}\n", "" },
	{ "no socket of ours either", AT1 "* => local {'cause':'local',"
	    "'sent':0}\n", "" },
	{ "interrupted says nothing", AT1 "* => interrupted {'cause':"
	    "'interrupted','sent':1}\n", "" },
	{ "another address answers", AT1 "* => timeout {'sent':3,"
	    "'wrong_source':'192.0.2.99'}\n", "error dns-wrong-source" ON1
	    " masked\n" },
	{ "another address answers, one of two", TWO AT1 "* => timeout {"
	    "'sent':3,'wrong_source':'192.0.2.99'}\n",
	    "error dns-wrong-source" ON1 " masked partial\n" },
	{ "strays, but an answer", AT1 "udp:d.test:SOA => qr aa|" NSOA
	    "7 2 3 4 5\n", "" },
};

static const struct session_row lame[] = {
	{ "REFUSED", AT1 "* => qr REFUSED\n", "error dns-lame" ON1
	    " masked\n" },
	{ "SERVFAIL", AT1 "* => qr SERVFAIL\n", "error dns-lame" ON1
	    " masked\n" },
	{ "no AA", AT1 "udp:d.test:SOA => qr ra|" NSOA "7 2 3 4 5\n",
	    "error dns-lame" ON1 " masked\n" },
	{ "upward referral", AT1 "* => qr|au . 60 IN NS a.root.\n",
	    "error dns-lame" ON1 " masked\n" },
	{ "no SOA", AT1 "udp:d.test:SOA => qr aa\n", "error dns-lame" ON1
	    " masked\n" },
	{ "one of two", TWO AT1 "* => qr REFUSED\n", "error dns-lame" ON1
	    " masked partial\n" },
	{ "AA, minimal", AT1 "udp:d.test:SOA => qr aa|" NSOA "7 2 3 4 5\n",
	    "" },
	{ "AA with RA", AT1 "udp:d.test:SOA => qr aa ra|" NSOA "7 2 3 4 5\n",
	    "" },
	{ "a name delegated further is no lame server", AT1 "udp:www.d.test:A "
	    "=> qr|au www.d.test. 60 IN NS t1.test.\n*:www.d.test:A => qr aa|"
	    "an www.d.test. 60 IN A 192.0.2.11|an www.d.test. 60 IN A "
	    "192.0.2.12\n*/t1.test/*/*:www.d.test:AAAA => qr aa|"
	    "an www.d.test. 60 IN AAAA 2001:db8:1::11\n", "" },
};

static const struct session_row tcp[] = {
	{ "TCP dropped", AT1 "tcp:d.test:SOA => timeout\n",
	    "error dns-tcp-timeout" ON1 " masked\n" },
	{ "TCP stalled", AT1 "tcp:d.test:SOA => stalled\n",
	    "error dns-tcp-timeout" ON1 " masked\n" },
	{ "TCP reset", AT1 "tcp*:d.test:SOA => refused\n",
	    "error dns-tcp-closed" ON1 " masked\n" },
	{ "TCP closed early", AT1 "tcp*:d.test:SOA => closed\n",
	    "error dns-tcp-closed" ON1 " masked\n" },
	{ "TCP reset once", AT1 "tcp:d.test:SOA => refused\n",
	    "notice dns-intermittent" ON1 " intermittent\n" },
	{ "TCP closed early once, and once more", AT1 "tcp:d.test:SOA => "
	    "closed\n" AT1 "tcp3:d.test:SOA => closed\n",
	    "error dns-intermittent" ON1 " intermittent\n" },
	{ "TCP reset twice, then an answer", AT1 "tcp:d.test:SOA => refused\n"
	    AT1 "tcp2:d.test:SOA => refused\n",
	    "error dns-intermittent" ON1 " intermittent\n" },
	{ "TCP reset, then dropped", AT1 "tcp:d.test:SOA => refused\n"
	    AT1 "tcp2:d.test:SOA => timeout\n",
	    "error dns-tcp-timeout" ON1 " masked\n" },
	{ "TCP reset, the second try still runs", AT1 "tcp:d.test:SOA => "
	    "refused\n" AT1 "tcp2:d.test:SOA => running\n", "" },
	{ "TCP reset, the second try is interrupted", AT1 "tcp:d.test:SOA => "
	    "refused\n" AT1 "tcp2:d.test:SOA => interrupted\n", "" },
	{ "one datagram of seven lost, and TCP reset once", AT1
	    "udp:d.test:SOA => qr sent=2 aa|" NSOA "7 2 3 4 5\n" AT1
	    "tcp:d.test:SOA => refused\n",
	    "error dns-intermittent" ON1 " intermittent\n" },
	{ "TCP behind a truncated answer reset once", AT1 "udp:www.d.test:A "
	    "=> qr aa tc\n" AT1 "tcp:www.d.test:A => refused\n",
	    "notice dns-intermittent" ON1 " intermittent\n" },
	{ "TCP of one of two", TWO AT1 "tcp*:d.test:SOA => closed\n",
	    "error dns-tcp-closed" ON1 " masked partial\n" },
	{ "TCP dropped by all of v4, v6 not asked", V4 "servers/dns/*/tcp:* "
	    "=> timeout\n", "error dns-tcp-timeout" ON1 "\n"
	    "error dns-tcp-timeout ns2.d.test 192.0.2.2 dns\n" },
	{ "TCP: our own fault", AT1 "tcp:d.test:SOA => local\n", "" },
	{ "TCP still runs", AT1 "tcp:d.test:SOA => running\n", "" },
	{ "TCP not judged where UDP is dead", AT1 "* => timeout\n",
	    "error dns-timeout" ON1 " masked\n" },
	{ "TCP not judged where UDP is lame", AT1 "udp:d.test:SOA => qr "
	    "REFUSED\n" AT1 "tcp:d.test:SOA => timeout\n",
	    "error dns-lame" ON1 " masked\n" },
};

#define W	" qname=www.d.test\n"

static const struct session_row aaaa[] = {
	{ "AAAA silent", AT1 "udp:www.d.test:AAAA => timeout\n",
	    "error aaaa-timeout" ON1 " masked" W },
	{ "AAAA silent of one of two", TWO AT1 "udp:www.d.test:AAAA => "
	    "timeout\n", "error aaaa-timeout" ON1 " masked partial" W },
	{ "AAAA silent at all of v4, v6 not asked", V4 "servers/*/udp:"
	    "www.d.test:AAAA => timeout\n", "error aaaa-timeout" ON1 W
	    "error aaaa-timeout ns2.d.test 192.0.2.2 dns" W },
	{ "AAAA silent, and then A too: a dead server, not this", AT1
	    "udp:www.d.test:AAAA => timeout\n" AT1 "again:www.d.test:A => "
	    "timeout\n", "" },
	{ "A silent too", AT1 "udp:www.d.test:A* => timeout\n", "" },
	{ "AAAA still waiting", AT1 "udp:www.d.test:AAAA => running\n", "" },
	{ "AAAA unreachable is no silence", AT1 "udp:www.d.test:AAAA => "
	    "unreachable\n", "" },
	{ "AAAA NXDOMAIN", AT1 "udp:www.d.test:AAAA => qr aa NXDOMAIN" SOA
	    "\n", "error aaaa-nxdomain" ON1 " masked" W },
	{ "AAAA NXDOMAIN everywhere", "servers/*:www.d.test:AAAA => qr aa "
	    "NXDOMAIN" SOA "\n", "error aaaa-nxdomain" ON1 W
	    "error aaaa-nxdomain ns1.d.test 2001:db8:1::1 dns" W
	    "error aaaa-nxdomain ns2.d.test 192.0.2.2 dns" W
	    "error aaaa-nxdomain ns2.d.test 2001:db8:1::2 dns" W },
	{ "A NXDOMAIN too", "servers/*:www.d.test:A* => qr aa NXDOMAIN" SOA
	    "\n", "" },
	{ "AAAA NODATA", "servers/*:www.d.test:AAAA => qr aa" SOA "\n",
	    "notice no-aaaa www.d.test -\n" },
	{ "AAAA REFUSED", AT1 "udp:www.d.test:AAAA => qr REFUSED\n",
	    "error aaaa-rcode" ON1 " masked" W },
	{ "AAAA SERVFAIL", AT1 "udp:www.d.test:AAAA => qr SERVFAIL\n",
	    "error aaaa-rcode" ON1 " masked" W },
	{ "AAAA NOTIMP of the apex", AT1 "udp:d.test:AAAA => qr NOTIMP\n",
	    "error aaaa-rcode" ON1 " masked qname=d.test\n" },
	{ "A and AAAA REFUSED", AT1 "udp:www.d.test:A* => qr REFUSED\n", "" },
	{ "an alias for A counts as right", "servers/*:www.d.test:A => qr aa|"
	    "an www.d.test. 60 IN CNAME d.test.|an d.test. 60 IN A 192.0.2.11"
	    "\n" AT1 "udp:www.d.test:AAAA => qr aa NXDOMAIN" SOA "\n",
	    "error aaaa-nxdomain" ON1 " masked" W },
	{ "AAAA broken", AT1 "udp:www.d.test:AAAA => qr broken aa\n",
	    "error aaaa-broken" ON1 " masked" W },
	{ "A records in the answer for AAAA", AT1 "udp:www.d.test:AAAA => qr "
	    "aa|an www.d.test. 60 IN A 192.0.2.11\n",
	    "error aaaa-broken" ON1 " masked" W },
	{ "A and AAAA broken", AT1 "udp:www.d.test:A* => qr broken aa\n",
	    "error dns-broken-message" ON1 " masked" W },
	{ "A broken behind its record, AAAA too", AT1 "udp:www.d.test:A => qr "
	    "broken aa|an www.d.test. 60 IN A 192.0.2.11\n" AT1
	    "udp:www.d.test:AAAA => qr broken aa\n",
	    "error dns-broken-message" ON1 " masked" W },
	{ "AAAA without AA", AT1 "udp:www.d.test:AAAA => qr|an www.d.test. "
	    "60 IN AAAA 2001:db8:1::11|an www.d.test. 60 IN AAAA "
	    "2001:db8:1::12\n", "error aaaa-lame" ON1 " masked" W },
	{ "AAAA refers upward, one of two", TWO AT1 "udp:www.d.test:AAAA => "
	    "qr|au test. 60 IN NS t1.test.\n", "error aaaa-lame" ON1
	    " masked partial" W },
	{ "AAAA refers upward everywhere", "servers/*:www.d.test:AAAA => "
	    "qr|au . 60 IN NS a.root.\n", "error aaaa-lame" ON1 W
	    "error aaaa-lame ns1.d.test 2001:db8:1::1 dns" W
	    "error aaaa-lame ns2.d.test 192.0.2.2 dns" W
	    "error aaaa-lame ns2.d.test 2001:db8:1::2 dns" W },
	{ "AAAA empty without AA", AT1 "udp:www.d.test:AAAA => qr\n",
	    "error aaaa-empty-nonauth" ON1 " masked" W },
	{ "AAAA empty without AA, but recursing", AT1 "udp:www.d.test:AAAA => "
	    "qr ra\n", "" },
	{ "neither A nor AAAA with AA", AT1 "udp:www.d.test:A => qr|an "
	    "www.d.test. 60 IN A 192.0.2.11|an www.d.test. 60 IN A "
	    "192.0.2.12\n" AT1 "udp:www.d.test:AAAA => qr\n", "" },
	{ "no A: nothing to compare with", "servers/*:www.d.test:A => qr aa"
	    SOA "\nservers/*:www.d.test:AAAA => qr REFUSED\n", "" },
};

static const struct session_row data[] = {
	{ "broken", AT1 "udp:d.test:MX => qr broken aa|an d.test. 60 IN MX 10 "
	    "mx.d.test.\n", "error dns-broken-message" ON1
	    " masked qname=d.test\n" },
	{ "broken at another name", AT1 "udp:www.d.test:A => qr broken aa|"
	    "an www.d.test. 60 IN A 192.0.2.11|an www.d.test. 60 IN A "
	    "192.0.2.12\n", "error dns-broken-message" ON1
	    " masked qname=www.d.test\n" },
	{ "broken because truncated", AT1 "udp:d.test:MX => qr broken tc aa|"
	    "an d.test. 60 IN MX 10 mx.d.test.\n", "" },
	{ "serials differ, data too", AT1 "*:SOA => qr aa|" NSOA "8 2 3 4 5\n"
	    AT1 "*:www.d.test:A => qr aa|an www.d.test. 60 IN A 192.0.2.11\n",
	    "warning serial-differs d.test -\n" },
	{ "serials differ, the first is behind", AT1 "*:SOA => qr aa|" NSOA
	    "1 2 3 4 5\n", "notice serial-differs d.test -\n" },
	{ "serials differ, data agree", AT1 "*:SOA => qr aa|" NSOA
	    "8 2 3 4 5\n", "notice serial-differs d.test -\n" },
	{ "serials alike, data differ", AT1 "*:www.d.test:A => qr aa|"
	    "an www.d.test. 60 IN A 192.0.2.11\n", "" },
	{ "serials: one is not known", AT1 "*:SOA => timeout\n",
	    "error dns-timeout" ON1 " masked\n" },
};

#define ROOT	"rd:a.root:A => qr "
#define ROOT_A	"|an a.root. 60 IN A 198.51.100.1\n"

static const struct session_row recursion[] = {
	{ "recursion", AT1 ROOT "ra" ROOT_A, "notice open-recursion" ON1
	    " qname=a.root\n" },
	{ "recursion refused", AT1 ROOT "REFUSED\n", "" },
	{ "recursion that finds nothing", AT1 ROOT "ra SERVFAIL\n", "" },
	{ "RA alone", AT1 ROOT "ra\n", "" },
	{ "an answer from its cache, RA not set", AT1 ROOT ROOT_A, "" },
	{ "its own name, with authority", AT1 ROOT "aa ra" ROOT_A, "" },
	{ "a resolver in the place of a server", AT1 ROOT "ra" ROOT_A
	    AT1 "* => qr ra REFUSED\n", "error dns-lame" ON1 " masked\n"
	    "notice open-recursion" ON1 " qname=a.root\n" },
};

#define TEST(table) \
static void \
test_##table(void **state) \
{ \
	(void)state; \
	session_rows(table, sizeof table / sizeof table[0]); \
}

TEST(reach)
TEST(lame)
TEST(tcp)
TEST(aaaa)
TEST(data)
TEST(recursion)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_lame),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_aaaa),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_recursion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
