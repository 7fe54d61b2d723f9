/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses of the steps zone, resolver and addresses.
 */
#include "tests/unit/diag_kit.h"

/* A second zone with servers of its own. */
#define OTHER \
	"delegate {other} {n1}.{other} {x1.4} {x1.6}\n" \
	"server {n1}.{other} {x1.4} {x1.6}\n" \
	"zone {other}\n"
/* www is an alias of a name in the other zone. */
#define ALIAS \
	OTHER \
	"! record {d} www\n" \
	"record {d} www CNAME {n2}.{other}.\n" \
	"record {other} {n2} A {web1.4}\n" \
	"record {other} {n2} AAAA {web1.6}\n"

static const struct kit_case cases[] = {
	/* zone */
	{ "CNAME at the apex",
	    OTHER
	    "! record {d} @\n"
	    "record {d} @ CNAME {n2}.{other}.\n"
	    "record {other} {n2} A {web1.4}\n"
	    "record {other} {n2} AAAA {web1.6}\n"
	    "> error cname-at-apex {d} - -\n"
	    "~ dns-lame\n"
	    "= error\n" },
	{ "CNAME at the apex, within the zone",
	    "! record {d} @ A\n"
	    "record {d} @ CNAME www\n"
	    "> error cname-at-apex {d} - -\n"
	    "= error\n" },
	{ "CNAME at the apex of one server's copy",
	    "server-remove {ns2.4} {d} @ A\n"
	    "server-remove {ns2.4} {d} @ AAAA\n"
	    "server-record {ns2.4} {d} @ CNAME www\n"
	    "> error cname-at-apex {d} - -\n"
	    "= error\n" },
	{ "MX is an alias",
	    "! record {d} {mx1}.\n"
	    "record {d} {mx1}. CNAME {n1}\n"
	    "record {d} {n1} A {mx1.4}\n"
	    "record {d} {n1} AAAA {mx1.6}\n"
	    "> warning mx-alias {mx1} - -\n"
	    "= warning\n" },
	{ "MX is an alias into another zone",
	    OTHER
	    "! record {d} {mx2}.\n"
	    "record {d} {mx2}. CNAME {n2}.{other}.\n"
	    "record {other} {n2} A {mx2.4}\n"
	    "record {other} {n2} AAAA {mx2.6}\n"
	    "> warning mx-alias {mx2} - -\n"
	    "= warning\n" },
	{ "MX does not exist",
	    "record {d} @ MX 30 {n1}.{d}.\n"
	    "> error mx-no-address {n1}.{d} - -\n"
	    "= error\n" },
	{ "MX without addresses",
	    "record {d} @ MX 5 {n1}.{d}.\n"
	    "record {d} {n1} TXT nothing\n"
	    "> error mx-no-address {n1}.{d} - -\n"
	    "= error\n" },
	{ "MX in another zone does not exist",
	    OTHER
	    "record {d} @ MX 30 {n2}.{other}.\n"
	    "> error mx-no-address {n2}.{other} - -\n"
	    "= error\n" },
	{ "MX in a domain that does not exist",
	    "record {d} @ MX 30 {n2}.{n1}.{tld}.\n"
	    "> error mx-no-address {n2}.{n1}.{tld} - -\n"
	    "= error\n" },
	{ "MX in a zone that fails",
	    OTHER
	    "fault dns {n1}.{other} rcode refused\n"
	    "record {d} @ MX 30 {n2}.{other}.\n"
	    "> error mx-no-address {n2}.{other} - -\n"
	    "> error resolver-servfail - {res.4} dns side=domain "
	    "qname={n2}.{other}\n"
	    "= error\n" },
	{ "no MX",
	    "! record {d} @ MX\n"
	    "> fact mx-missing {d} - -\n"
	    "~ mx-null\n"
	    "= ok\n" },
	{ "null MX",
	    "! record {d} @ MX\n"
	    "record {d} @ MX 0 .\n"
	    "> fact mx-null {d} - -\n"
	    "~ mx-missing\n"
	    "~ mx-no-address\n"
	    "= ok\n" },
	{ "www without AAAA",
	    "! record {d} www AAAA\n"
	    "> notice no-aaaa {www} - -\n"
	    "= notice\n" },
	{ "the apex without AAAA",
	    "! record {d} @ AAAA\n"
	    "> notice no-aaaa {d} - -\n"
	    "= notice\n" },
	{ "a mail host without AAAA",
	    "! record {d} {mx2}. AAAA\n"
	    "> notice no-aaaa {mx2} - -\n"
	    "= notice\n" },
	{ "an alias's target without AAAA",
	    ALIAS
	    "remove {other} {n2} AAAA\n"
	    "> notice no-aaaa {www} - -\n"
	    "= notice\n" },
	{ "a given host without AAAA",
	    "@ host {n1}.{d}\n"
	    "record {d} {n1} A {web1.4}\n"
	    "web {n1}.{d} {web1.4}\n"
	    "> notice no-aaaa {n1}.{d} - -\n"
	    "= notice\n" },
	{ "a name server's name without AAAA is no matter of the zone",
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4} {ns2.6}\n"
	    "~ no-aaaa\n"
	    "= ok\n" },
	{ "no www at all",
	    "! record {d} www\n"
	    "~ no-aaaa\n"
	    "= ok\n" },

	/* resolver */
	{ "the resolver fails for AAAA of a sound name",
	    "cache {res.4} none {www} AAAA servfail 300\n"
	    "> error resolver-servfail - {res.4} dns qname={www}\n"
	    "= ok\n" },
	{ "the resolver fails for MX",
	    "cache {res.4} none {d} MX servfail 300\n"
	    "> error resolver-servfail - {res.4} dns qname={d}\n"
	    "= ok\n" },
	{ "the resolver fails for both types of a name",
	    "cache {res.4} none {mx1} A servfail 300\n"
	    "cache {res.4} none {mx1} AAAA servfail 300\n"
	    "> error resolver-servfail - {res.4} dns qname={mx1}\n"
	    "= ok\n" },
	{ "one of two resolvers fails",
	    "resolver {x9.4}\n"
	    "cache {x9.4} none {www} A servfail 300\n"
	    "> error resolver-servfail - {x9.4} dns qname={www}\n"
	    "= ok\n" },
	{ "the resolver fails: the domain's servers do for AAAA",
	    "fault dns {ns1} name {www} type AAAA rcode servfail\n"
	    "fault dns {ns2} name {www} type AAAA rcode servfail\n"
	    "> error aaaa-rcode {ns1} {ns1.4} dns qname={www}\n"
	    "> error aaaa-rcode {ns1} {ns1.6} dns qname={www}\n"
	    "> error aaaa-rcode {ns2} {ns2.4} dns qname={www}\n"
	    "> error aaaa-rcode {ns2} {ns2.6} dns qname={www}\n"
	    "> error resolver-servfail - {res.4} dns side=domain "
	    "qname={www}\n"
	    "= error\n" },
	{ "the resolver fails: the servers of the alias's target do",
	    ALIAS
	    "fault dns {n1}.{other} type AAAA rcode notimp\n"
	    "> error aaaa-rcode {n1}.{other} {x1.4} dns "
	    "qname={n2}.{other}\n"
	    "> error aaaa-rcode {n1}.{other} {x1.6} dns "
	    "qname={n2}.{other}\n"
	    "> error resolver-servfail - {res.4} dns side=domain "
	    "qname={www}\n"
	    "= error\n" },
	{ "the resolver fails: all servers are lame",
	    "fault dns {ns1} rcode refused\n"
	    "fault dns {ns2} rcode refused\n"
	    "> error dns-lame {ns1} {ns1.4} dns\n"
	    "> error dns-lame {ns1} {ns1.6} dns\n"
	    "> error dns-lame {ns2} {ns2.4} dns\n"
	    "> error dns-lame {ns2} {ns2.6} dns\n"
	    "> error v6only-walk-fails {d} - -\n"
	    "> error v4only-walk-fails {d} - -\n"
	    "> error resolver-servfail - {res.4} dns side=domain qname={d}\n"
	    "> error resolver-servfail - {res.4} dns side=domain "
	    "qname={www}\n"
	    "= error\n" },
	{ "the resolver fails for another name than the domain",
	    "fault dns {ns1.4} name {www} type AAAA rcode servfail\n"
	    "cache {res.4} none {mx1} A servfail 300\n"
	    "> error aaaa-rcode {ns1} {ns1.4} dns masked qname={www}\n"
	    "> error resolver-servfail - {res.4} dns qname={mx1}\n"
	    "= error\n" },
	{ "the resolver fails for a sound name, an MX has no address",
	    "record {d} @ MX 30 {n1}.{d}.\n"
	    "cache {res.4} none {www} A servfail 300\n"
	    "> error mx-no-address {n1}.{d} - -\n"
	    "> error resolver-servfail - {res.4} dns qname={www}\n"
	    "= error\n" },
	{ "the resolver knows IPv4 only",
	    "! resolver\n"
	    "resolver {res.4} only v4\n"
	    "~ resolver-servfail\n"
	    "= ok\n" },

	/* addresses */
	{ "ULA in AAAA of www",
	    "record {d} www AAAA fd00:1:2::80\n"
	    "> error address-special {www} fd00:1:2::80 -\n"
	    "~ connect-timeout\n"
	    "= error\n" },
	{ "private A of the apex",
	    "record {d} @ A 10.1.2.3\n"
	    "> error address-special {d} 10.1.2.3 -\n"
	    "= error\n" },
	{ "private A of a mail host",
	    "record {d} {mx1}. A 192.168.3.4\n"
	    "> error address-special {mx1} 192.168.3.4 -\n"
	    "= error\n" },
	{ "nothing but a loopback address",
	    "! record {d} www\n"
	    "record {d} www A 127.0.0.1\n"
	    "> error address-special {www} 127.0.0.1 -\n"
	    "= error\n" },
	{ "link-local, mapped and NAT64 addresses",
	    "record {d} www AAAA fe80::1\n"
	    "record {d} www AAAA ::ffff:192.0.2.1\n"
	    "record {d} www AAAA 64:ff9b::c000:201\n"
	    "record {d} www AAAA 4000::1\n"
	    "> error address-special {www} fe80::1 -\n"
	    "> error address-special {www} ::ffff:192.0.2.1 -\n"
	    "> error address-special {www} 64:ff9b::c000:201 -\n"
	    "> error address-special {www} 4000::1 -\n"
	    "= error\n" },
	{ "shared, link-local and multicast addresses",
	    "record {d} www A 100.64.0.1\n"
	    "record {d} www A 169.254.7.8\n"
	    "record {d} www A 239.1.2.3\n"
	    "> error address-special {www} 100.64.0.1 -\n"
	    "> error address-special {www} 169.254.7.8 -\n"
	    "> error address-special {www} 239.1.2.3 -\n"
	    "= error\n" },
	{ "ULA in glue",
	    "delegate {d} {ns1} {ns1.4} fd00::53 ; {ns2} {ns2.4} {ns2.6}\n"
	    "> error address-special {ns1} fd00::53 -\n"
	    "~ dns-timeout\n"
	    "~ v6only-walk-fails\n"
	    "= error\n" },
	{ "ULA in all v6 glue",
	    "delegate {d} {ns1} {ns1.4} fd00::53 ; {ns2} {ns2.4} fd00::54\n"
	    "> error address-special {ns1} fd00::53 -\n"
	    "> error address-special {ns2} fd00::54 -\n"
	    "> error v6only-walk-fails {d} - - masked\n"
	    "= error\n" },
	{ "private glue",
	    "delegate {d} {ns1} {ns1.4} {ns1.6} ; {ns2} 172.20.1.1 {ns2.6}\n"
	    "> error address-special {ns2} 172.20.1.1 -\n"
	    "= error\n" },
	{ "a documentation address",
	    "global 192.0.2.0/24 203.0.113.0/24 2001:db8::/32\n"
	    "record {d} www A 198.51.100.7\n"
	    "> error address-special {www} 198.51.100.7 -\n"
	    "= error\n" },
	{ "seen without v6: a special AAAA is one all the same",
	    "vantage v4\n"
	    "record {d} www AAAA fd00::80\n"
	    "> unknown here-no-v6 - - -\n"
	    "> error address-special {www} fd00::80 -\n"
	    "= error\n" },
	{ "6to4 in AAAA of www",
	    "record {d} www AAAA 2002:c000:201::80\n"
	    "web {www} 2002:c000:201::80\n"
	    "> warning address-transition {www} 2002:c000:201::80 -\n"
	    "~ address-special\n"
	    "= warning\n" },
	{ "6to4 in AAAA of a mail host",
	    "record {d} {mx1}. AAAA 2002:c000:201::25\n"
	    "smtp {mx1} 2002:c000:201::25\n"
	    "> warning address-transition {mx1} 2002:c000:201::25 -\n"
	    "= warning\n" },
	{ "6to4 in glue",
	    "delegate {d} {ns1} {ns1.4} 2002:c000:201::53 ; "
	    "{ns2} {ns2.4} {ns2.6}\n"
	    "server {ns1} 2002:c000:201::53\n"
	    "> warning address-transition {ns1} 2002:c000:201::53 -\n"
	    "= warning\n" },
	{ "the 6to4 relay's prefix in A",
	    "record {d} @ A 192.88.99.1\n"
	    "web {d} 192.88.99.1\n"
	    "> warning address-transition {d} 192.88.99.1 -\n"
	    "= warning\n" },
	{ "what a resolver makes up does not count",
	    "! record {d} www AAAA\n"
	    "cache {res.4} {www}. 300 IN AAAA 64:ff9b::c000:201\n"
	    "> notice no-aaaa {www} - -\n"
	    "~ address-special\n"
	    "= notice\n" },
	{ "no PTR of a mail host",
	    "! ptr {mx1.4} {mx1}\n"
	    "> fact ptr-missing {mx1} {mx1.4} -\n"
	    "= ok\n" },
	{ "no PTR over v6",
	    "! ptr {mx2.6} {mx2}\n"
	    "> fact ptr-missing {mx2} {mx2.6} -\n"
	    "= ok\n" },
	{ "PTR to another host",
	    "! ptr {mx1.4} {mx1}\n"
	    "ptr {mx1.4} {mx2}\n"
	    "> fact ptr-mismatch {mx1} {mx1.4} -\n"
	    "= ok\n" },
	{ "PTR to a name that does not exist",
	    "! ptr {mx2.6} {mx2}\n"
	    "ptr {mx2.6} {n1}.{d}\n"
	    "> fact ptr-mismatch {mx2} {mx2.6} -\n"
	    "~ address-special\n"
	    "= ok\n" },
	{ "PTR to a name of the other family",
	    "! ptr {mx1.6} {mx1}\n"
	    "ptr {mx1.6} {n1}.{d}\n"
	    "record {d} {n1} A {mx1.4}\n"
	    "> fact ptr-mismatch {mx1} {mx1.6} -\n"
	    "= ok\n" },
};

int
main(void)
{
	return kit_group("zone", cases, sizeof cases / sizeof cases[0]);
}
