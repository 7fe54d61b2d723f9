/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of the steps here and delegation by table: what is known, which
 * findings follow, exactly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/session_kit.h"

#define SOA(zone) "au " zone " 60 IN SOA n. h. 7 2 3 4 5"
#define NS(owner, ns) "|au " owner " 60 IN NS " ns
#define A(owner, addr) "|ad " owner " 60 IN A " addr
#define AAAA(owner, addr) "|ad " owner " 60 IN AAAA " addr
#define N1 NS("d.test.", "ns1.d.test.")
#define N2 NS("d.test.", "ns2.d.test.")
#define A1 A("ns1.d.test.", "192.0.2.1")
#define A2 A("ns2.d.test.", "192.0.2.2")
#define Q1 AAAA("ns1.d.test.", "2001:db8:1::1")
#define Q2 AAAA("ns2.d.test.", "2001:db8:1::2")
/* What every server of the parent says; what every server of the zone says. */
#define PARENT(sections) "*/t?.test/* => qr" sections "\n"
#define CHILD_NS(records) "servers/dns/*:d.test:NS => qr aa" records "\n"
#define AN_NS(ns) "|an d.test. 60 IN NS " ns
#define NODATA(what) "*:" what " => qr aa|" SOA("d.test.") "\n"
#define V6_SERVICES(cause) "web/*/2001:* => " cause "; connect {'ok':false," \
	"'cause':'" cause "'}\nmail-in/*/2001:* => " cause "; connect {" \
	"'ok':false,'cause':'" cause "'}\n"
#define NO_AAAA NODATA("d.test:AAAA") NODATA("www.d.test:AAAA") \
	NODATA("mx.d.test:AAAA")

static const struct session_row here[] = {
	{ "sound", "", "" },
	{ "no v4", "head vantage {'v6':'2001:db8:9::9'}\n",
	    "unknown here-no-v4 - -\n" },
	{ "no v4, and switched off", "head vantage {'v6':'2001:db8:9::9'}\n"
	    "head options.v4 false\n", "" },
	{ "no v4, but nothing has any", "head vantage {'v6':'2001:db8:9::9'}\n"
	    PARENT(N1 N2 Q1 Q2) NODATA("d.test:A") NODATA("www.d.test:A")
	    NODATA("mx.d.test:A") NODATA("ns1.d.test:A") NODATA("ns2.d.test:A"),
	    "error ns-no-v4 d.test -\n" },
	{ "no v6", "head vantage {'v4':'192.0.2.200'}\n",
	    "unknown here-no-v6 - -\n" },
	{ "no v6, and switched off", "head vantage {'v4':'192.0.2.200'}\n"
	    "head options.v6 false\n", "" },
	{ "no v6, but nothing has any", "head vantage {'v4':'192.0.2.200'}\n"
	    PARENT(N1 N2 A1 A2) NO_AAAA NODATA("ns1.d.test:AAAA")
	    NODATA("ns2.d.test:AAAA"),
	    "notice no-aaaa d.test -\nnotice no-aaaa mx.d.test -\n"
	    "notice no-aaaa www.d.test -\nnotice ns-no-v6 d.test -\n" },
	{ "v6 silent everywhere", "*/dns/*/2001:* => timeout\n"
	    V6_SERVICES("timeout"), "unknown here-v6-unproven - -\n" },
	{ "v6 refused everywhere alike", "*/dns/*/2001:* => refused {'cause':"
	    "'refused','sent':1}\n" V6_SERVICES("refused"),
	    "unknown here-v6-unproven - -\n" },
	{ "v6: one root alone answers", "*/dns/b.root/2001:* => timeout\n"
	    "*/dns/t?.test/2001:* => timeout\n*/dns/ns*/2001:* => timeout\n"
	    V6_SERVICES("timeout"), "unknown here-v6-unproven - -\n" },
	{ "v6: one root is silent", "*/dns/a.root/2001:* => timeout\n", "" },
	{ "a root with RA", "*/*.root/*:.:NS => qr aa ra|an . 60 IN NS "
	    "a.root.\n", "unknown here-dns-intercepted - -\n" },
	{ "a root without AA", "*/*.root/*:.:NS => qr|an . 60 IN NS a.root.\n",
	    "unknown here-dns-intercepted - -\n" },
	{ "answers from a cache for all", "*/dns/* => qr ra NXDOMAIN\n",
	    "unknown here-dns-intercepted - -\n" },
	{ "a root that refuses is no interception", "here/*a.root/198*:.:NS "
	    "=> qr REFUSED\n", "" },
	{ "every root silent", "*/dns/*.root/* => timeout\n",
	    "unknown here-dns-blocked - -\n" },
	{ "every root silent, v4 alone wanted", "*/dns/*.root/* => timeout\n"
	    "head options.v6 false\n", "unknown here-dns-blocked - -\n" },
	{ "one root answers", "*/dns/a.root/* => timeout\n", "" },
};

static const struct session_row delegation[] = {
	{ "missing", "*/t?.test/*:d.test:NS => qr aa NXDOMAIN|" SOA("test.")
	    "\n", "error domain-missing d.test -\n" },
	{ "missing already at the root", "*/*.root/*:d.test:NS => qr aa "
	    "NXDOMAIN|" SOA(".") "\n", "error domain-missing d.test -\n" },
	{ "the parent fails: not missing", "*/t?.test/* => qr SERVFAIL\n",
	    "" },
	{ "not delegated", "*/t?.test/* => qr aa|" SOA("test.") "\n",
	    "error domain-not-delegated d.test -\n" },
	{ "not delegated: nothing, wherever asked", "*/t?.test/*:d.test:* => "
	    "qr aa|" SOA("test.") "\nhead options.v6 false\n",
	    "error domain-not-delegated d.test -\n" },
	{ "a host of the zone", "head subject {'name':'w.d.test','kind':"
	    "'domain'}\n*:w.d.test:A => qr aa|an w.d.test. 60 IN A 192.0.2.11"
	    "\n*:w.d.test:AAAA => qr aa|an w.d.test. 60 IN AAAA 2001:db8:1::11"
	    "\n*:w.d.test:* => qr aa|" SOA("d.test.") "\n", "" },
	{ "a parent server silent", "*/t1.test/198.51.100.11/* => timeout\n",
	    "notice parent-silent t1.test 198.51.100.11 dns\n" },
	{ "a parent's family silent", "*/t?.test/198.51.100.* => timeout\n",
	    "warning parent-silent t1.test 198.51.100.11 dns\n"
	    "warning parent-silent t2.test 198.51.100.12 dns\n" },
	{ "a parent server that refuses is not silent",
	    "*/t1.test/198.51.100.11/* => qr REFUSED\n", "" },
	{ "a parent silent over a family not here", "head options.v6 false\n"
	    "*/t1.test/2001:* => timeout\n", "" },
	{ "sets: the child lacks one", CHILD_NS(AN_NS("ns1.d.test.")),
	    "warning ns-set-differs d.test -\n" },
	{ "sets: the child has one more", CHILD_NS(AN_NS("ns1.d.test.")
	    AN_NS("ns2.d.test.") AN_NS("ns3.d.test."))
	    "*:ns3.d.test:A => qr aa|an ns3.d.test. 60 IN A 192.0.2.3\n"
	    "*:ns3.d.test:AAAA => qr aa|an ns3.d.test. 60 IN AAAA "
	    "2001:db8:1::3\n", "warning ns-set-differs d.test -\n" },
	{ "sets: in another order", CHILD_NS(AN_NS("NS2.d.test.")
	    AN_NS("ns1.D.test.")), "" },
	{ "sets: the child says nothing", "servers/dns/*:d.test:NS => timeout"
	    "\n", "" },
	{ "unresolvable: no such name", "*/t?.test/*:ns9.test:* => qr aa "
	    "NXDOMAIN|" SOA("test.") "\n" PARENT(N1 NS("d.test.",
	    "ns9.test.") A1 Q1)
	    CHILD_NS(AN_NS("ns1.d.test.") AN_NS("ns9.test.")),
	    "error ns-unresolvable ns9.test -\n" },
	{ "unresolvable: no address", "*:ns9.test:* => qr aa|" SOA("test.")
	    "\n" PARENT(N1 NS("d.test.", "ns9.test.") A1 Q1)
	    CHILD_NS(AN_NS("ns1.d.test.") AN_NS("ns9.test.")),
	    "error ns-unresolvable ns9.test -\n" },
	{ "a foreign server that resolves", "*:ns9.test:A => qr aa|"
	    "an ns9.test. 60 IN A 192.0.2.3\n*:ns9.test:AAAA => qr aa|"
	    "an ns9.test. 60 IN AAAA 2001:db8:1::3\n"
	    PARENT(N1 NS("d.test.", "ns9.test.") A1 Q1)
	    CHILD_NS(AN_NS("ns1.d.test.") AN_NS("ns9.test.")), "" },
	{ "still being resolved", "*:ns9.test:A => running\n"
	    PARENT(N1 NS("d.test.", "ns9.test.") A1 Q1)
	    CHILD_NS(AN_NS("ns1.d.test.") AN_NS("ns9.test.")), "" },
	{ "no v4 server", PARENT(N1 N2 Q1 Q2) NODATA("ns1.d.test:A")
	    NODATA("ns2.d.test:A"), "error ns-no-v4 d.test -\n" },
	{ "one v4 server is enough", PARENT(N1 N2 Q1 Q2 A2)
	    NODATA("ns1.d.test:A"), "" },
	{ "no v6 server, and services have AAAA", PARENT(N1 N2 A1 A2)
	    NODATA("ns1.d.test:AAAA") NODATA("ns2.d.test:AAAA"),
	    "warning ns-no-v6 d.test -\n" },
	{ "no v6 server, nor AAAA", PARENT(N1 N2 A1 A2) NO_AAAA
	    NODATA("ns1.d.test:AAAA") NODATA("ns2.d.test:AAAA"),
	    "notice no-aaaa d.test -\nnotice no-aaaa mx.d.test -\n"
	    "notice no-aaaa www.d.test -\nnotice ns-no-v6 d.test -\n" },
	{ "one v6 server is enough", PARENT(N1 N2 A1 A2 Q1)
	    NODATA("ns2.d.test:AAAA"), "" },
	{ "no glue for one", PARENT(N1 N2 A1 Q1),
	    "error glue-missing ns2.d.test -\n" },
	{ "no v6 glue for one", PARENT(N1 N2 A1 A2 Q2),
	    "warning glue-missing-v6 ns1.d.test -\n" },
	{ "no v6 glue, and no AAAA", PARENT(N1 N2 A1 A2 Q2)
	    NODATA("ns1.d.test:AAAA"), "" },
	{ "no v6 glue at all", PARENT(N1 N2 A1 A2),
	    "error v6only-walk-fails d.test - masked\n"
	    "warning glue-missing-v6 ns1.d.test -\n"
	    "warning glue-missing-v6 ns2.d.test -\n" },
	{ "stale glue that answers", PARENT(N1 N2 A("ns1.d.test.",
	    "192.0.2.9") A2 Q1 Q2), "warning glue-differs ns1.d.test -\n" },
	{ "stale glue that is dead", PARENT(N1 N2 A("ns1.d.test.",
	    "192.0.2.9") A2 Q1 Q2) "servers/*192.0.2.9/* => timeout\n",
	    "error dns-timeout ns1.d.test 192.0.2.9 dns masked partial\n"
	    "error glue-differs ns1.d.test -\n" },
	{ "stale v6 glue that is somebody else's", PARENT(N1 N2 A1 A2 Q2
	    AAAA("ns1.d.test.", "2001:db8:1::9"))
	    "servers/*2001:db8:1::9/* => qr REFUSED\n",
	    "error dns-lame ns1.d.test 2001:db8:1::9 dns masked partial\n"
	    "error glue-differs ns1.d.test -\n" },
	{ "glue is a part of the zone's", "*:ns1.d.test:A => qr aa|"
	    "an ns1.d.test. 60 IN A 192.0.2.1|an ns1.d.test. 60 IN A "
	    "192.0.2.9\n", "warning glue-differs ns1.d.test -\n" },
	{ "v6 of all servers silent", "servers/*/2001:* => timeout\n",
	    "error dns-timeout ns1.d.test 2001:db8:1::1 dns masked\n"
	    "error dns-timeout ns2.d.test 2001:db8:1::2 dns masked\n"
	    "error v6only-walk-fails d.test - masked\n"
	    "fact half-done-v6 d.test -\n" },
	{ "v6 of one server silent", "servers/*/2001:db8:1::1/* => timeout\n",
	    "error dns-timeout ns1.d.test 2001:db8:1::1 dns masked\n"
	    "fact half-done-v6 d.test -\n" },
	{ "v4 of all servers silent", "servers/*/192.0.2.* => timeout\n",
	    "error dns-timeout ns1.d.test 192.0.2.1 dns masked\n"
	    "error dns-timeout ns2.d.test 192.0.2.2 dns masked\n"
	    "error v4only-walk-fails d.test - masked\n" },
	{ "v6 switched off: its walk is not asked", "head options.v6 false\n"
	    "servers/*/2001:* => timeout\n", "" },
	{ "v6 dead, and v6 unproven here", "servers/*/2001:* => timeout\n"
	    "*/dns/*/2001:* => timeout\n" V6_SERVICES("timeout"),
	    "unknown here-v6-unproven - -\n" },
};

static void
test_here(void **state)
{
	(void)state;
	session_rows(here, sizeof here / sizeof here[0]);
}

static void
test_delegation(void **state)
{
	(void)state;
	session_rows(delegation, sizeof delegation / sizeof delegation[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_here),
		cmocka_unit_test(test_delegation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
