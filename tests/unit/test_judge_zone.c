/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of the steps zone, resolver and addresses by table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/session_kit.h"

#define SOA	"|au d.test. 60 IN SOA n. h. 7 2 3 4 5"
#define NODATA(what) "*:" what " => qr aa" SOA "\n"
#define NONE(what) "*:" what " => qr aa NXDOMAIN" SOA "\n"
#define ON(what, records) "servers/*:" what " => qr aa" records "\n"
#define MX(records) ON("d.test:MX", records)
#define RES	"head options.resolvers ['192.0.2.53']\n"
#define RES_AT	" - 192.0.2.53 dns"

static const struct session_row zone[] = {
	{ "CNAME at the apex", ON("d.test:A", "|an d.test. 60 IN CNAME "
	    "www.d.test.|an www.d.test. 60 IN A 192.0.2.11"),
	    "error cname-at-apex d.test -\n" },
	{ "CNAME at the apex, with the SOA question", "servers/*udp:d.test:"
	    "SOA => qr aa|an d.test. 60 IN CNAME www.d.test.\n",
	    "error cname-at-apex d.test -\n" },
	{ "CNAME of another name", ON("www.d.test:A", "|an www.d.test. 60 IN "
	    "CNAME d.test.|an d.test. 60 IN A 192.0.2.11"), "" },
	{ "CNAME at the apex in a resolver's answer alone", RES
	    "resolver/*:d.test:A => qr ra|an d.test. 60 IN CNAME x.test.|"
	    "an x.test. 60 IN A 192.0.2.11\n", "" },
	{ "MX is an alias", "*:mx.d.test:A => qr aa|an mx.d.test. 60 IN CNAME "
	    "m2.d.test.|an m2.d.test. 60 IN A 192.0.2.21\n"
	    "*:mx.d.test:AAAA => qr aa|an mx.d.test. 60 IN CNAME m2.d.test.|"
	    "an m2.d.test. 60 IN AAAA 2001:db8:1::21\n",
	    "warning mx-alias mx.d.test -\n" },
	{ "MX is an alias to nowhere", "*:mx.d.test:A* => qr aa NXDOMAIN|"
	    "an mx.d.test. 60 IN CNAME m2.d.test." SOA "\n"
	    "*:m2.d.test:* => qr aa NXDOMAIN" SOA "\n",
	    "error mx-no-address mx.d.test -\n"
	    "warning mx-alias mx.d.test -\n" },
	{ "www is an alias: no matter", ON("www.d.test:A", "|an www.d.test. "
	    "60 IN CNAME d.test.|an d.test. 60 IN A 192.0.2.11"), "" },
	{ "MX does not exist", NONE("mx.d.test:A*"),
	    "error mx-no-address mx.d.test -\n" },
	{ "MX has no address", NODATA("mx.d.test:A*"),
	    "error mx-no-address mx.d.test -\n" },
	{ "MX has AAAA only", NODATA("mx.d.test:A"), "" },
	{ "MX addresses still asked", "servers/*/2*:mx.d.test:A => running\n"
	    "servers/*/1*:mx.d.test:A* => running\n"
	    "servers/*/2*:mx.d.test:AAAA => running\n", "" },
	{ "one of two MX has no address", MX("|an d.test. 60 IN MX 10 "
	    "mx.d.test.|an d.test. 60 IN MX 20 no.d.test."),
	    "error mx-no-address no.d.test -\n" },
	{ "no MX", MX(SOA), "fact mx-missing d.test -\n" },
	{ "no MX known", "servers/*:d.test:MX => timeout\n", "" },
	{ "no MX, said by one", "servers/dns/ns1.d.test/192.0.2.1/*:d.test:MX "
	    "=> qr aa" SOA "\n", "" },
	{ "null MX", MX("|an d.test. 60 IN MX 0 ."),
	    "fact mx-null d.test -\n" },
	{ "null MX beside another", MX("|an d.test. 60 IN MX 0 .|an d.test. "
	    "60 IN MX 10 mx.d.test."), "fact mx-null d.test -\n" },
	{ "no AAAA of www", ON("www.d.test:AAAA", SOA),
	    "notice no-aaaa www.d.test -\n" },
	{ "no AAAA of the mail host", ON("mx.d.test:AAAA", SOA),
	    "notice no-aaaa mx.d.test -\n" },
	{ "AAAA at one server is AAAA", "servers/dns/ns1.d.test/192.0.2.1/*:"
	    "www.d.test:AAAA => qr aa" SOA "\n", "" },
	{ "no AAAA of a name server is not this", ON("ns1.d.test:AAAA", SOA)
	    "*/t?.test/* => qr|au d.test. 60 IN NS ns1.d.test.|au d.test. 60 "
	    "IN NS ns2.d.test.|ad ns1.d.test. 60 IN A 192.0.2.1|"
	    "ad ns2.d.test. 60 IN A 192.0.2.2|ad ns2.d.test. 60 IN AAAA "
	    "2001:db8:1::2\n", "" },
	{ "no AAAA: the fault of the servers, not a choice",
	    "servers/*:www.d.test:AAAA => qr REFUSED\n",
	    "error aaaa-rcode ns1.d.test 192.0.2.1 dns qname=www.d.test\n"
	    "error aaaa-rcode ns1.d.test 2001:db8:1::1 dns qname=www.d.test\n"
	    "error aaaa-rcode ns2.d.test 192.0.2.2 dns qname=www.d.test\n"
	    "error aaaa-rcode ns2.d.test 2001:db8:1::2 dns qname=www.d.test\n"
	    },
	{ "no AAAA of a wildcard's www", ON("www.d.test:AAAA", SOA)
	    NODATA("xq.d.test:AAAA") "*:xq.d.test:A => qr aa|an xq.d.test. 60 "
	    "IN A 192.0.2.11|an xq.d.test. 60 IN A 192.0.2.12\n", "" },
	{ "no AAAA of --host", "head options.hosts ['h.d.test']\n"
	    "*:h.d.test:A => qr aa|an h.d.test. 60 IN A 192.0.2.11\n"
	    "*:h.d.test:AAAA => qr aa" SOA "\n",
	    "notice no-aaaa h.d.test -\n" },
};

static const struct session_row resolver[] = {
	{ "SERVFAIL", RES "resolver/*:www.d.test:A => qr ra SERVFAIL\n",
	    "error resolver-servfail" RES_AT " qname=www.d.test\n" },
	{ "SERVFAIL of both types", RES "resolver/*:www.d.test:A* => qr ra "
	    "SERVFAIL\n", "error resolver-servfail" RES_AT
	    " qname=www.d.test\n" },
	{ "SERVFAIL because the domain fails", RES "resolver/*:www.d.test:AAAA"
	    " => qr ra SERVFAIL\nservers/*:www.d.test:AAAA => qr REFUSED\n",
	    "error aaaa-rcode ns1.d.test 192.0.2.1 dns qname=www.d.test\n"
	    "error aaaa-rcode ns1.d.test 2001:db8:1::1 dns qname=www.d.test\n"
	    "error aaaa-rcode ns2.d.test 192.0.2.2 dns qname=www.d.test\n"
	    "error aaaa-rcode ns2.d.test 2001:db8:1::2 dns qname=www.d.test\n"
	    "error resolver-servfail" RES_AT " side=domain qname=www.d.test\n"
	    },
	{ "SERVFAIL of another name than what fails", RES "resolver/*:d.test:"
	    "MX => qr ra SERVFAIL\nservers/dns/ns1*192*:www.d.test:AAAA => "
	    "qr REFUSED\n", "error aaaa-rcode ns1.d.test 192.0.2.1 dns masked "
	    "qname=www.d.test\nerror resolver-servfail" RES_AT
	    " qname=d.test\n" },
	{ "NXDOMAIN is no SERVFAIL", RES "resolver/*:www.d.test:* => qr ra "
	    "NXDOMAIN\n", "" },
	{ "REFUSED is no SERVFAIL", RES "resolver/* => qr REFUSED\n"
	    "resolver/*/ares => ok\n", "" },
	{ "an authority's SERVFAIL is not the resolver's", RES
	    "servers/dns/ns1.d.test/192*:www.d.test:A => qr SERVFAIL\n", "" },
};

/* An address besides the good ones. */
#define WWW(extra) ON("www.d.test:A", "|an www.d.test. 60 IN A 192.0.2.11" \
	"|an www.d.test. 60 IN A 192.0.2.12|an www.d.test. 60 IN A " extra)
#define WWW6(extra) ON("www.d.test:AAAA", "|an www.d.test. 60 IN AAAA " \
	"2001:db8:1::11|an www.d.test. 60 IN AAAA " extra)
#define REV(records) RES "addresses/*:11.2.0.192.in-addr.arpa:PTR => qr ra" \
	records "\n"

static const struct session_row addresses[] = {
	{ "private", WWW("10.0.0.1"),
	    "error address-special www.d.test 10.0.0.1\n" },
	{ "loopback", WWW("127.0.0.1"),
	    "error address-special www.d.test 127.0.0.1\n" },
	{ "ULA", WWW6("fd00::1"),
	    "error address-special www.d.test fd00::1\n" },
	{ "link-local", WWW6("fe80::1"),
	    "error address-special www.d.test fe80::1\n" },
	{ "a global one", WWW("8.8.8.8"), "" },
	{ "documentation, declared global", WWW("203.0.113.9"), "" },
	{ "documentation, not declared", "head options.global ['192.0.2.0/24',"
	    "'198.51.100.0/24','2001:db8::/32']\n" WWW("203.0.113.9"),
	    "error address-special www.d.test 203.0.113.9\n" },
	{ "only in a resolver's answer", RES "resolver/*:www.d.test:A => qr ra"
	    "|an www.d.test. 60 IN A 10.0.0.1\n", "" },
	{ "6to4", WWW6("2002:c000:201::1"),
	    "warning address-transition www.d.test 2002:c000:201::1\n" },
	{ "Teredo", WWW6("2001:0:1::1"),
	    "error address-special www.d.test 2001:0:1::1\n" },
	{ "next to Teredo", WWW6("2001:1000::1"), "" },
	{ "step left out", "head options.skip ['addresses','mailbox']\n"
	    WWW("10.0.0.1"), "" },
	{ "no reverse name", REV(" NXDOMAIN"),
	    "fact ptr-missing d.test 192.0.2.11\n"
	    "fact ptr-missing www.d.test 192.0.2.11\n" },
	{ "a reverse name that leads back", REV("|an "
	    "11.2.0.192.in-addr.arpa. 60 IN PTR www.d.test."), "" },
	{ "a reverse name that leads elsewhere", REV("|an "
	    "11.2.0.192.in-addr.arpa. 60 IN PTR x.test.") "*:x.test:A => qr "
	    "ra|an x.test. 60 IN A 192.0.2.66\n",
	    "fact ptr-mismatch d.test 192.0.2.11\n"
	    "fact ptr-mismatch www.d.test 192.0.2.11\n" },
	{ "a reverse name that leads nowhere", REV("|an "
	    "11.2.0.192.in-addr.arpa. 60 IN PTR x.test.") "*:x.test:A => qr "
	    "ra NXDOMAIN\n", "fact ptr-mismatch d.test 192.0.2.11\n"
	    "fact ptr-mismatch www.d.test 192.0.2.11\n" },
	{ "a reverse name of which nothing is known", REV("|an "
	    "11.2.0.192.in-addr.arpa. 60 IN PTR x.test.") "*:x.test:A => "
	    "timeout\n", "" },
	{ "reverse by alias (RFC 2317)", REV("|an 11.2.0.192.in-addr.arpa. 60 "
	    "IN CNAME 11.x.arpa.|an 11.x.arpa. 60 IN PTR www.d.test."), "" },
	{ "the reverse question failed", RES "addresses/*:PTR => qr SERVFAIL"
	    "\n", "" },
};

#define TEST(table) \
static void \
test_##table(void **state) \
{ \
	(void)state; \
	session_rows(table, sizeof table / sizeof table[0]); \
}

TEST(zone)
TEST(resolver)
TEST(addresses)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_resolver),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
