/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Poor vantages, whole diagnoses in the memory world: what cannot be seen
 * from here is unknown or "your side", never an error of the domain; what is
 * wrong with the domain is still found.
 */
#include "tests/unit/diag_kit.h"

#define ALL(verdict, family) \
    "+ " verdict " all dns " family "\n+ " verdict " all http " family "\n" \
    "+ " verdict " all https " family "\n+ " verdict " all smtp " family "\n"
#define NOT_ASKED "not-asked"

static const struct kit_case cases[] = {
	{ "no IPv6 here",
	    "vantage v4\n"
	    "> unknown here-no-v6 - - -\n~ here-v6-unproven\n~ here-no-v4\n"
	    "~ half-done-v6\n"
	    ALL("ok", "v4") ALL("unknown", "v6") "= unknown\n" },
	{ "no IPv4 here",
	    "vantage v6\n! resolver\nresolver {res.6}\n"
	    "> unknown here-no-v4 - - -\n~ here-v6-unproven\n~ here-no-v6\n"
	    ALL("ok", "v6") ALL("unknown", "v4") "= unknown\n" },
	{ "no IPv6 here, web refused over IPv4",
	    "vantage v4\n"
	    "fault tcp {web1.4} port 443 refused\n"
	    "> unknown here-no-v6 - - -\n"
	    "> error connect-refused {www} {web1.4} https partial\n"
	    "> error connect-refused {d} {web1.4} https partial\n"
	    "> error connect-partial {www} - https\n"
	    "> error connect-partial {d} - https\n"
	    "+ error {www} {web1.4} https\n+ unknown {www} {web1.6} https\n"
	    "+ unknown all dns v6\n= error\n" },
	{ "no IPv6 here, AAAA silent",
	    "vantage v4\n"
	    "fault dns {ns1.4} name {www} type AAAA silent\n"
	    "> unknown here-no-v6 - - -\n"
	    "> error aaaa-timeout {ns1} {ns1.4} dns qname={www}\n"
	    "= error\n" },
	{ "no IPv6 here, what is wrong there is not seen",
	    "vantage v4\n"
	    "fault dns {ns1.6} silent\nfault tcp {web1.6} refused\n"
	    "> unknown here-no-v6 - - -\n"
	    ALL("ok", "v4") ALL("unknown", "v6") "= unknown\n" },
	{ "no IPv6 here, a name server address is lame",
	    "vantage v4\nfault dns {ns2.4} lame\n"
	    "> unknown here-no-v6 - - -\n"
	    "> error dns-lame {ns2} {ns2.4} dns\n"
	    "+ error {ns2} {ns2.4} dns\n+ ok {ns1} {ns1.4} dns\n"
	    "+ unknown {ns2} {ns2.6} dns\n= error\n" },
	{ "no IPv6 here, glue missing",
	    "vantage v4\n! delegate {d}\n"
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4} {ns2.6}\n"
	    "record {d} {ns1}. AAAA {ns1.6}\n"
	    "> unknown here-no-v6 - - -\n"
	    "> warning glue-missing-v6 {ns1} - -\n"
	    "= warning\n" },
	{ "no IPv6 here, v6-only web",
	    "vantage v4\n! {d} @ A \n! {d} www A \n"
	    "> unknown here-no-v6 - - -\n"
	    "+ unknown {www} {web1.6} https\n"
	    "= unknown\n" },
	{ "closed IPv6: silent",
	    "closed v6 silent\n"
	    "> unknown here-v6-unproven - - -\n~ here-no-v6\n"
	    "~ half-done-v6\n"
	    ALL("ok", "v4") ALL("unknown", "v6") "= unknown\n" },
	{ "closed IPv6: refused",
	    "closed v6 refused\n"
	    "> unknown here-v6-unproven - - -\n~ half-done-v6\n"
	    ALL("ok", "v4") ALL("unknown", "v6") "= unknown\n" },
	{ "closed IPv6: prohibited by one router",
	    "closed v6 icmp 1/1 2001:db8:ffff::1\n"
	    "> unknown here-v6-unproven - - -\n"
	    ALL("ok", "v4") ALL("unknown", "v6") "= unknown\n" },
	{ "closed IPv6: no route at a router",
	    "closed v6 icmp 1/0 2001:db8:ffff::1\n"
	    "> unknown here-v6-unproven - - -\n"
	    ALL("ok", "v4") ALL("unknown", "v6") "= unknown\n" },
	{ "closed IPv6, web refused over IPv4",
	    "closed v6 silent\nfault tcp {web2.4} port 80 refused\n"
	    "> unknown here-v6-unproven - - -\n"
	    "> error connect-refused {www} {web2.4} http partial\n"
	    "> error connect-refused {d} {web2.4} http partial\n"
	    "> error connect-partial {www} - http\n"
	    "> error connect-partial {d} - http\n"
	    "= error\n" },
	{ "closed IPv6, IPv4-only domain",
	    "closed v6 silent\n"
	    "! AAAA\n! delegate {d}\n! server {ns1}\n! server {ns2}\n"
	    "! smtp {mx1}\n! smtp {mx2}\n"
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4}\n"
	    "server {ns1} {ns1.4}\nserver {ns2} {ns2.4}\n"
	    "smtp {mx1} {mx1.4}\nsmtp {mx2} {mx2.4}\n"
	    "> unknown here-v6-unproven - - -\n"
	    "> notice no-aaaa {d} - -\n> notice ns-no-v6 {d} - -\n"
	    "+ ok all https v4\n+ ok all dns v4\n+ ok all smtp v4\n"
	    "= notice\n" },
	{ "closed IPv4: silent",
	    "closed v4 silent\n! resolver\nresolver {res.6}\n"
	    ALL("ok", "v6") ALL("unknown", "v4") "= unknown\n" },
	{ "port 25 blocked",
	    "block port 25\n"
	    "> unknown here-port25-blocked - - -\n~ half-done-v6\n"
	    "+ unknown all smtp v4\n+ unknown all smtp v6\n"
	    "+ ok all dns v4\n+ ok all dns v6\n+ ok all https v6\n"
	    "= unknown\n" },
	{ "port 25 blocked, with a recipient",
	    "block port 25\n@ rcpt {n1}@{d}\n"
	    "> unknown here-port25-blocked - - -\n"
	    "+ unknown all smtp v4\n+ unknown all smtp v6\n= unknown\n" },
	{ "port 25 blocked, the mail host refuses elsewhere",
	    "block port 25 v4\nfault tcp {mx1.6} port 25 refused\n"
	    "> error connect-refused {mx1} {mx1.6} smtp\n"
	    "~ here-port25-blocked\n= error\n"
	    "> error connect-timeout {mx1} {mx1.4} smtp\n"
	    "> error connect-timeout {mx2} {mx2.4} smtp masked\n" },
	{ "port 25 blocked, no IPv6 here",
	    "vantage v4\nblock port 25\n"
	    "> unknown here-port25-blocked - - -\n"
	    "> unknown here-no-v6 - - -\n"
	    "+ unknown all smtp v4\n+ unknown all smtp v6\n"
	    "+ ok all https v4\n= unknown\n" },
	{ "port 25 blocked, web dropped over IPv6",
	    "block port 25\nfault tcp {web1.6} silent\n"
	    "fault tcp {web2.6} silent\n"
	    "> unknown here-port25-blocked - - -\n"
	    "> error connect-timeout {www} {web1.6} https masked\n"
	    "> error connect-timeout {www} {web2.6} https masked\n"
	    "> error connect-timeout {www} {web1.6} http masked\n"
	    "> error connect-timeout {www} {web2.6} http masked\n"
	    "> error connect-timeout {d} {web1.6} https masked\n"
	    "> error connect-timeout {d} {web2.6} https masked\n"
	    "> error connect-timeout {d} {web1.6} http masked\n"
	    "> error connect-timeout {d} {web2.6} http masked\n"
	    "> fact half-done-v6 {d} - -\n"
	    "+ unknown all smtp v4\n+ unknown all smtp v6\n= error\n" },
	{ "port 53 intercepted",
	    "intercept\n"
	    "> unknown here-dns-intercepted - - -\n~ here-dns-blocked\n"
	    "+ ok all https v4\n+ ok all https v6\n+ ok all smtp v4\n"
	    "= unknown\n" },
	{ "port 53 intercepted, no IPv6 here",
	    "vantage v4\nintercept\n"
	    "> unknown here-dns-intercepted - - -\n"
	    "> unknown here-no-v6 - - -\n"
	    "+ ok all https v4\n= unknown\n" },
	{ "port 53 intercepted, a web address refuses",
	    "intercept\nfault tcp {web1.4} port 443 refused\n"
	    "> unknown here-dns-intercepted - - -\n"
	    "> error connect-refused {www} {web1.4} https masked partial\n"
	    "> error connect-refused {d} {web1.4} https masked partial\n"
	    "> error connect-partial {www} - https\n"
	    "> error connect-partial {d} - https\n"
	    "= error\n" },
	{ "port 53 blocked",
	    "block port 53\n"
	    "> unknown here-dns-blocked - - -\n~ domain-missing\n"
	    "~ here-dns-intercepted\n= unknown\n" },
	{ "port 53 blocked, no resolver",
	    "block port 53\n@ no-resolver\n"
	    "> unknown here-dns-blocked - - -\n= unknown\n" },
	{ "port 53 blocked, no IPv6 here",
	    "vantage v4\nblock port 53\n> unknown here-no-v6 - - -\n"
	    "> unknown here-dns-blocked - - -\n= unknown\n" },
	{ "port 53 blocked but for our resolver",
	    "block port 53\n"
	    "> unknown here-dns-blocked - - -\n"
	    "+ ok all https v4\n+ ok all https v6\n+ ok all smtp v4\n"
	    "= unknown\n" },
	{ "port 53 blocked but for our resolver, a web address refuses",
	    "block port 53\n"
	    "fault tcp {web1.6} port 443 refused\n"
	    "> unknown here-dns-blocked - - -\n"
	    "+ ok {www} {web2.6} https\n= unknown\n" },
	{ "IPv6 blocked at port 53 alone",
	    "block port 53 v6\n"
	    "> unknown here-v6-unproven - - -\n"
	    "+ unknown all dns v6\n+ ok all dns v4\n+ ok all https v4\n"
	    "= unknown\n" },
	{ "no resolver", "@ no-resolver\n" ALL("ok", "v4") ALL("ok", "v6")
	    "~ resolver-servfail\n= ok\n" },
	{ "no resolver, a lame server",
	    "@ no-resolver\nfault dns {ns1.6} rcode REFUSED\n"
	    "> error dns-lame {ns1} {ns1.6} dns masked\n= error\n" },
	{ "dead resolver",
	    "fault net {res.4} silent\n" ALL("ok", "v4") ALL("ok", "v6")
	    "~ resolver-servfail\n= ok\n" },
	{ "resolver without a process",
	    "fault net {res.4} refused\n" ALL("ok", "v4") ALL("ok", "v6")
	    "= ok\n" },
	{ "dead resolver, web refused over IPv6",
	    "fault net {res.4} silent\n"
	    "fault tcp {web1.6} port 443 refused\n"
	    "fault tcp {web2.6} port 443 refused\n"
	    "> error connect-refused {www} {web1.6} https masked\n"
	    "> error connect-refused {www} {web2.6} https masked\n"
	    "> error connect-refused {d} {web1.6} https masked\n"
	    "> error connect-refused {d} {web2.6} https masked\n"
	    "= error\n" },
	{ "resolver says SERVFAIL for all",
	    "fault dns {res.4} rcode SERVFAIL\n"
	    "> error resolver-servfail - {res.4} dns qname={d}\n"
	    "> error resolver-servfail - {res.4} dns qname={www}\n"
	    "> error resolver-servfail - {res.4} dns qname={mx1}\n"
	    "> error resolver-servfail - {res.4} dns qname={mx2}\n"
	    ALL("ok", "v4") ALL("ok", "v6") "= ok\n" },
	{ "only IPv4 asked",
	    "@ no-v6\n"
	    "~ here-no-v6\n~ here-v6-unproven\n"
	    ALL("ok", "v4") ALL(NOT_ASKED, "v6") "= ok\n" },
	{ "only IPv6 asked",
	    "@ no-v4\n! resolver\nresolver {res.6}\n"
	    "~ here-no-v4\n"
	    ALL("ok", "v6") ALL(NOT_ASKED, "v4") "= ok\n" },
	{ "only IPv4 asked, its fault is found",
	    "@ no-v6\nfault dns {ns1.4} silent\n"
	    "> error dns-timeout {ns1} {ns1.4} dns\n"
	    "+ error {ns1} {ns1.4} dns\n+ not-asked {ns1} {ns1.6} dns\n"
	    "= error\n" },
	{ "only IPv6 asked, its fault is found",
	    "@ no-v4\n! resolver\nresolver {res.6}\n"
	    "fault tcp {mx1.6} port 25 refused\n"
	    "> error connect-refused {mx1} {mx1.6} smtp\n"
	    "= error\n" },
	{ "only IPv4 asked, no IPv6 here either",
	    "vantage v4\n@ no-v6\n~ here-no-v6\n"
	    ALL("ok", "v4") ALL(NOT_ASKED, "v6") "= ok\n" },
	{ "only IPv6 asked, and there is none",
	    "vantage v4\n@ no-v4\n> unknown here-no-v6 - - -\n"
	    "= unknown\n" },
	{ "web not asked",
	    "@ skip web\nfault tcp {web1.6} refused\n+ not-asked all https v4\n"
	    "+ not-asked all https v6\n= ok\n" },
	{ "mail not asked",
	    "@ skip mail-in\nblock port 25\n~ here-port25-blocked\n+ not-asked all smtp v4\n"
	    "+ not-asked all smtp v6\n= ok\n" },
	{ "mail not asked, web refuses",
	    "@ skip mail-in\nblock port 25\n"
	    "fault tcp {web1.6} port 443 refused\n"
	    "> error connect-refused {www} {web1.6} https masked partial\n"
	    "> error connect-refused {d} {web1.6} https masked partial\n"
	    "> error connect-partial {www} - https\n"
	    "> error connect-partial {d} - https\n"
	    "= error\n" },
	{ "resolver not asked",
	    "@ skip resolver\nfault dns {res.4} rcode SERVFAIL\n"
	    "~ resolver-servfail\n= ok\n" },
	{ "addresses not asked",
	    "@ skip addresses\n! ptr\n~ ptr-missing\n= ok\n" },
};

int
main(void)
{
	return kit_group("vantage", cases, sizeof cases / sizeof cases[0]);
}
