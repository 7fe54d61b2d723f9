/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses of the steps here and servers: a family that is not here,
 * and every way in which an address of a name server fails.
 */
#include "tests/unit/diag_kit.h"

/* A second IPv4 and IPv6 address of the first name server. */
#define TWO_ADDRESSES \
	"delegate {d} {ns1} {ns1.4} {x1.4} {ns1.6} {x1.6} ; " \
	    "{ns2} {ns2.4} {ns2.6}\n" \
	"server {ns1} {x1.4} {x1.6}\n"
/* www is delegated further, to a load balancer. */
#define BALANCER \
	"! record {d} www\n" \
	"delegate {www} {n1}.{d} {x1.4} {x1.6}\n" \
	"server {n1}.{d} {x1.4} {x1.6}\n" \
	"zone {www}\n" \
	"record {www} @ A {web1.4}\n" \
	"record {www} @ AAAA {web1.6}\n"
/* www is an alias of a name in another zone. */
#define ALIAS \
	"! record {d} www\n" \
	"record {d} www CNAME {n2}.{other}.\n" \
	"delegate {other} {n1}.{other} {x1.4} {x1.6}\n" \
	"server {n1}.{other} {x1.4} {x1.6}\n" \
	"zone {other}\n" \
	"record {other} {n2} A {web1.4}\n" \
	"record {other} {n2} AAAA {web1.6}\n"

static const struct kit_case cases[] = {
	/* here */
	{ "no v6 here, AAAA there",
	    "vantage v4\n"
	    "> unknown here-no-v6 - - -\n"
	    "= unknown\n" },
	{ "no v6 here, no AAAA anywhere",
	    "vantage v4\n"
	    "! AAAA\n"
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4}\n"
	    "> notice no-aaaa {www} - -\n"
	    "> notice ns-no-v6 {d} - -\n"
	    "~ here-no-v6\n"
	    "= notice\n" },
	{ "no v6 here, a glue AAAA only",
	    "vantage v4\n"
	    "! AAAA\n"
	    "> unknown here-no-v6 - - -\n"
	    "= unknown\n" },
	{ "no v4 here",
	    "vantage v6\n"
	    "@ no-resolver\n"
	    "> unknown here-no-v4 - - -\n"
	    "~ here-no-v6\n"
	    "= unknown\n" },
	{ "v6 switched off is not asked",
	    "@ no-v6\n"
	    "~ here-no-v6\n"
	    "= ok\n" },
	{ "v4 switched off is not asked",
	    "@ no-v4\n"
	    "~ here-no-v4\n"
	    "= ok\n" },
	{ "an error is seen without v6 too",
	    "vantage v4\n"
	    "fault dns {ns1.4} silent\n"
	    "> unknown here-no-v6 - - -\n"
	    "> error dns-timeout {ns1} {ns1.4} dns\n"
	    "= error\n" },

	/* silence */
	{ "v4 of one server silent",
	    "fault dns {ns2.4} silent\n"
	    "> error dns-timeout {ns2} {ns2.4} dns masked\n"
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "one server silent",
	    "fault dns {ns1} silent\n"
	    "> error dns-timeout {ns1} {ns1.4} dns masked\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "all v6 silent",
	    "fault dns {ns1.6} silent\n"
	    "fault dns {ns2.6} silent\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "> error dns-timeout {ns2} {ns2.6} dns masked\n"
	    "> error v6only-walk-fails {d} - - masked\n"
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "all v4 silent",
	    "fault dns {ns1.4} silent\n"
	    "fault dns {ns2.4} silent\n"
	    "> error dns-timeout {ns1} {ns1.4} dns masked\n"
	    "> error dns-timeout {ns2} {ns2.4} dns masked\n"
	    "> error v4only-walk-fails {d} - - masked\n"
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "all silent",
	    "@ no-resolver\n"
	    "fault dns {ns1} silent\n"
	    "fault dns {ns2} silent\n"
	    "> error dns-timeout {ns1} {ns1.4} dns\n"
	    "> error dns-timeout {ns1} {ns1.6} dns\n"
	    "> error dns-timeout {ns2} {ns2.4} dns\n"
	    "> error dns-timeout {ns2} {ns2.6} dns\n"
	    "> error v6only-walk-fails {d} - -\n"
	    "> error v4only-walk-fails {d} - -\n"
	    "= error\n" },
	{ "one of two v6 addresses silent",
	    TWO_ADDRESSES
	    "fault dns {x1.6} silent\n"
	    "> error dns-timeout {ns1} {x1.6} dns masked partial\n"
	    "= error\n" },
	{ "one of two v4 addresses silent, no v6",
	    "! AAAA\n"
	    "delegate {d} {ns1} {ns1.4} {x1.4} ; {ns2} {ns2.4}\n"
	    "server {ns1} {x1.4}\n"
	    "fault dns {ns1.4} silent\n"
	    "> error dns-timeout {ns1} {ns1.4} dns partial\n"
	    "= error\n" },
	{ "silent for SOA at both v6, lame at one v4",
	    "fault dns {ns1.6} silent\n"
	    "fault dns {ns2.6} silent\n"
	    "fault dns {ns1.4} rcode refused\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "> error dns-timeout {ns2} {ns2.6} dns masked\n"
	    "> error dns-lame {ns1} {ns1.4} dns\n"
	    "> error v6only-walk-fails {d} - - masked\n"
	    "= error\n" },

	/* the port, ICMP */
	{ "v6 port refused",
	    "fault dns {ns1.6} udp refuse-port\n"
	    "> error dns-refused-port {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "v4 port refused, udp and tcp, one of two",
	    TWO_ADDRESSES
	    "fault dns {ns1.4} refuse-port\n"
	    "> error dns-refused-port {ns1} {ns1.4} dns masked partial\n"
	    "= error\n" },
	{ "no route to v6, a router says so",
	    "fault dns {ns2.6} icmp 1/0 {x9.6}\n"
	    "> error dns-unreachable {ns2} {ns2.6} dns masked\n"
	    "= error\n" },
	{ "address unreachable over v6, its own host says so",
	    "fault dns {ns2.6} icmp 1/3\n"
	    "> error dns-unreachable {ns2} {ns2.6} dns masked\n"
	    "= error\n" },
	{ "prohibited over v6",
	    "fault dns {ns1.6} icmp 1/1 {x9.6}\n"
	    "> error dns-unreachable {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "host unreachable over v4",
	    "fault dns {ns1.4} icmp 3/1 {x9.4}\n"
	    "> error dns-unreachable {ns1} {ns1.4} dns masked\n"
	    "= error\n" },
	{ "prohibited over v4",
	    "fault dns {ns1.4} icmp 3/13 {x8.4}\n"
	    "> error dns-unreachable {ns1} {ns1.4} dns masked\n"
	    "= error\n" },

	/* lame */
	{ "lame over v6: REFUSED",
	    "fault dns {ns1.6} rcode refused\n"
	    "> error dns-lame {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "lame over v4: SERVFAIL",
	    "fault dns {ns2.4} rcode servfail\n"
	    "> error dns-lame {ns2} {ns2.4} dns masked\n"
	    "= error\n" },
	{ "lame: no AA",
	    "fault dns {ns1} no-aa\n"
	    "> error dns-lame {ns1} {ns1.4} dns masked\n"
	    "> error dns-lame {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "lame: upward referral",
	    "fault dns {ns2} upward\n"
	    "> error dns-lame {ns2} {ns2.4} dns masked\n"
	    "> error dns-lame {ns2} {ns2.6} dns masked\n"
	    "= error\n" },
	{ "lame: a server that was never told of the zone",
	    "! server {ns2}\n"
	    "server {ns2} {ns2.4} {ns2.6} zones {tld}\n"
	    "> error dns-lame {ns2} {ns2.4} dns masked\n"
	    "> error dns-lame {ns2} {ns2.6} dns masked\n"
	    "= error\n" },
	{ "one of two addresses lame",
	    TWO_ADDRESSES
	    "fault dns {ns1.4} rcode servfail\n"
	    "> error dns-lame {ns1} {ns1.4} dns masked partial\n"
	    "= error\n" },
	{ "all lame",
	    "@ no-resolver\n"
	    "fault dns {ns1} rcode refused\n"
	    "fault dns {ns2} rcode servfail\n"
	    "> error dns-lame {ns1} {ns1.4} dns\n"
	    "> error dns-lame {ns1} {ns1.6} dns\n"
	    "> error dns-lame {ns2} {ns2.4} dns\n"
	    "> error dns-lame {ns2} {ns2.6} dns\n"
	    "> error v6only-walk-fails {d} - -\n"
	    "> error v4only-walk-fails {d} - -\n"
	    "= error\n" },
	{ "wrong source",
	    "fault dns {ns1.4} udp wrong-source {x1.4}\n"
	    "> error dns-wrong-source {ns1} {ns1.4} dns masked\n"
	    "= error\n" },

	/* losses */
	{ "one datagram lost of seven",
	    "fault dns {ns1.4} udp no-edns type SOA attempt 1 silent\n"
	    "> notice dns-intermittent {ns1} {ns1.4} dns intermittent\n"
	    "= notice\n" },
	{ "two datagrams lost of seven",
	    "fault dns {ns1.6} udp no-edns type SOA attempt 1-2 silent\n"
	    "> error dns-intermittent {ns1} {ns1.6} dns intermittent\n"
	    "= error\n" },
	{ "a datagram lost, later another",
	    "fault dns {ns2.4} udp no-edns type SOA attempt 1 silent\n"
	    "fault dns {ns2.4} udp no-edns type SOA attempt 5 silent\n"
	    "> error dns-intermittent {ns2} {ns2.4} dns intermittent\n"
	    "= error\n" },

	/* TCP */
	{ "tcp refused",
	    "fault dns {ns1.4} tcp refuse-port\n"
	    "> error dns-tcp-closed {ns1} {ns1.4} dns masked\n"
	    "= error\n" },
	{ "tcp reset once",
	    "fault tcp {ns1.4} port 53 attempt 1 refused\n"
	    "> notice dns-intermittent {ns1} {ns1.4} dns intermittent\n"
	    "~ dns-tcp-closed\n"
	    "= notice\n" },
	{ "tcp closed before the reply, once and again",
	    "fault dns {ns1.6} tcp type SOA attempt 1 close\n"
	    "fault dns {ns1.6} tcp type SOA attempt 3 close\n"
	    "> error dns-intermittent {ns1} {ns1.6} dns intermittent\n"
	    "~ dns-tcp-closed\n"
	    "= error\n" },
	{ "tcp reset, then dropped",
	    "fault tcp {ns2.4} port 53 attempt 1 refused\n"
	    "fault tcp {ns2.4} port 53 attempt 2-99 silent\n"
	    "> error dns-tcp-timeout {ns2} {ns2.4} dns masked\n"
	    "~ dns-intermittent\n"
	    "= error\n" },
	{ "truncated, and tcp reset once",
	    "fault dns {ns1} udp name {www} type A truncate\n"
	    "fault dns {ns1.4} tcp name {www} attempt 1 close\n"
	    "> notice dns-intermittent {ns1} {ns1.4} dns intermittent\n"
	    "= notice\n" },
	{ "tcp closed before the reply",
	    "fault dns {ns1.6} tcp close\n"
	    "> error dns-tcp-closed {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "tcp closed within the reply",
	    "fault dns {ns2.6} tcp half\n"
	    "> error dns-tcp-closed {ns2} {ns2.6} dns masked\n"
	    "= error\n" },
	{ "tcp dropped",
	    "fault dns {ns2.4} tcp silent\n"
	    "> error dns-tcp-timeout {ns2} {ns2.4} dns masked\n"
	    "= error\n" },
	{ "tcp without a reply, everywhere",
	    "fault dns {ns1} tcp type SOA silent\n"
	    "fault dns {ns2} tcp type SOA silent\n"
	    "> error dns-tcp-timeout {ns1} {ns1.4} dns\n"
	    "> error dns-tcp-timeout {ns1} {ns1.6} dns\n"
	    "> error dns-tcp-timeout {ns2} {ns2.4} dns\n"
	    "> error dns-tcp-timeout {ns2} {ns2.6} dns\n"
	    "= error\n" },
	{ "tcp stalls within the reply at one of two",
	    TWO_ADDRESSES
	    "fault tcp {x1.4} port 53 stall-after 20\n"
	    "> error dns-tcp-timeout {ns1} {x1.4} dns masked partial\n"
	    "= error\n" },
	{ "no tcp where udp is silent is one finding",
	    "fault dns {ns1.6} silent\n"
	    "~ dns-tcp-timeout\n"
	    "~ aaaa-timeout\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "truncated, complete over tcp",
	    "fault dns {ns1} udp name {www} truncate\n"
	    "fault dns {ns2} udp type MX truncate\n"
	    "= ok\n" },
	{ "all truncated, complete over tcp",
	    "fault dns {ns1} udp truncate\n"
	    "~ dns-lame\n"
	    "= ok\n" },
	{ "truncated, and no tcp",
	    "fault dns {ns1.4} udp name {www} truncate\n"
	    "fault dns {ns1.4} tcp silent\n"
	    "> error dns-tcp-timeout {ns1} {ns1.4} dns masked\n"
	    "= error\n" },
	{ "all truncated, and tcp refused",
	    "fault dns {ns1.6} udp truncate\n"
	    "fault dns {ns1.6} tcp refuse-port\n"
	    "> error dns-tcp-closed {ns1} {ns1.6} dns masked\n"
	    "~ dns-lame\n"
	    "= error\n" },

	/* AAAA */
	{ "AAAA silent over both families of one server",
	    "fault dns {ns1} name {www} type AAAA silent\n"
	    "> error aaaa-timeout {ns1} {ns1.4} dns masked qname={www}\n"
	    "> error aaaa-timeout {ns1} {ns1.6} dns masked qname={www}\n"
	    "= error\n" },
	{ "AAAA silent at all servers",
	    "@ no-resolver\n"
	    "fault dns {ns1} name {www} type AAAA silent\n"
	    "fault dns {ns2} name {www} type AAAA silent\n"
	    "> error aaaa-timeout {ns1} {ns1.4} dns qname={www}\n"
	    "> error aaaa-timeout {ns1} {ns1.6} dns qname={www}\n"
	    "> error aaaa-timeout {ns2} {ns2.4} dns qname={www}\n"
	    "> error aaaa-timeout {ns2} {ns2.6} dns qname={www}\n"
	    "~ no-aaaa\n"
	    "= error\n" },
	{ "AAAA of the apex silent at one of two addresses",
	    TWO_ADDRESSES
	    "fault dns {x1.4} name {d} type AAAA silent\n"
	    "> error aaaa-timeout {ns1} {x1.4} dns masked partial qname={d}\n"
	    "= error\n" },
	{ "AAAA NXDOMAIN at one server",
	    "fault dns {ns2} name {www} type AAAA nxdomain\n"
	    "> error aaaa-nxdomain {ns2} {ns2.4} dns masked qname={www}\n"
	    "> error aaaa-nxdomain {ns2} {ns2.6} dns masked qname={www}\n"
	    "= error\n" },
	{ "AAAA NXDOMAIN everywhere",
	    "@ no-resolver\n"
	    "fault dns {ns1} name {www} type AAAA nxdomain\n"
	    "fault dns {ns2} name {www} type AAAA nxdomain\n"
	    "> error aaaa-nxdomain {ns1} {ns1.4} dns qname={www}\n"
	    "> error aaaa-nxdomain {ns1} {ns1.6} dns qname={www}\n"
	    "> error aaaa-nxdomain {ns2} {ns2.4} dns qname={www}\n"
	    "> error aaaa-nxdomain {ns2} {ns2.6} dns qname={www}\n"
	    "~ no-aaaa\n"
	    "= error\n" },
	{ "AAAA NXDOMAIN where there is no AAAA",
	    "! record {d} www AAAA\n"
	    "fault dns {ns1.4} name {www} type AAAA nxdomain\n"
	    "> error aaaa-nxdomain {ns1} {ns1.4} dns masked qname={www}\n"
	    "= error\n" },
	{ "AAAA SERVFAIL at one address",
	    "fault dns {ns1.6} name {mx1} type AAAA rcode servfail\n"
	    "> error aaaa-rcode {ns1} {ns1.6} dns masked qname={mx1}\n"
	    "= error\n" },
	{ "AAAA NOTIMP at one address",
	    "fault dns {ns2.4} name {www} type AAAA rcode notimp\n"
	    "> error aaaa-rcode {ns2} {ns2.4} dns masked qname={www}\n"
	    "= error\n" },
	{ "AAAA FORMERR at one server",
	    "fault dns {ns1} name {d} type AAAA rcode formerr\n"
	    "> error aaaa-rcode {ns1} {ns1.4} dns masked qname={d}\n"
	    "> error aaaa-rcode {ns1} {ns1.6} dns masked qname={d}\n"
	    "= error\n" },
	{ "AAAA REFUSED everywhere",
	    "@ no-resolver\n"
	    "fault dns {ns1} name {www} type AAAA rcode refused\n"
	    "fault dns {ns2} name {www} type AAAA rcode refused\n"
	    "> error aaaa-rcode {ns1} {ns1.4} dns qname={www}\n"
	    "> error aaaa-rcode {ns1} {ns1.6} dns qname={www}\n"
	    "> error aaaa-rcode {ns2} {ns2.4} dns qname={www}\n"
	    "> error aaaa-rcode {ns2} {ns2.6} dns qname={www}\n"
	    "= error\n" },
	{ "AAAA answered with A records",
	    "fault dns {ns1.4} name {www} type AAAA broken other-type\n"
	    "> error aaaa-broken {ns1} {ns1.4} dns masked qname={www}\n"
	    "= error\n" },
	{ "AAAA without AA at one server",
	    "fault dns {ns1} name {www} type AAAA no-aa\n"
	    "> error aaaa-lame {ns1} {ns1.4} dns masked qname={www}\n"
	    "> error aaaa-lame {ns1} {ns1.6} dns masked qname={www}\n"
	    "= error\n" },
	{ "AAAA refers upward at one of two addresses",
	    TWO_ADDRESSES
	    "fault dns {x1.4} name {www} type AAAA upward\n"
	    "> error aaaa-lame {ns1} {x1.4} dns masked partial qname={www}\n"
	    "= error\n" },
	{ "AAAA refers upward everywhere",
	    "@ no-resolver\n"
	    "fault dns {ns1} name {www} type AAAA upward\n"
	    "fault dns {ns2} name {www} type AAAA upward\n"
	    "> error aaaa-lame {ns1} {ns1.4} dns qname={www}\n"
	    "> error aaaa-lame {ns1} {ns1.6} dns qname={www}\n"
	    "> error aaaa-lame {ns2} {ns2.4} dns qname={www}\n"
	    "> error aaaa-lame {ns2} {ns2.6} dns qname={www}\n"
	    "= error\n" },
	{ "AAAA empty, neither AA nor SOA",
	    "fault dns {ns2.4} name {www} type AAAA empty\n"
	    "> error aaaa-empty-nonauth {ns2} {ns2.4} dns masked "
	    "qname={www}\n"
	    "= error\n" },

	/* recursion */
	{ "a resolver in the place of a name server",
	    "! server {ns2}\n"
	    "resolver {ns2.4} {ns2.6} hidden\n"
	    "> error dns-lame {ns2} {ns2.4} dns masked\n"
	    "> error dns-lame {ns2} {ns2.6} dns masked\n"
	    "> notice open-recursion {ns2} {ns2.4} dns qname={root1}\n"
	    "> notice open-recursion {ns2} {ns2.6} dns qname={root1}\n"
	    "= error\n" },

	{ "A fails like AAAA: not about AAAA",
	    "@ no-resolver\n"
	    "fault dns {ns1.4} name {www} type A,AAAA rcode servfail\n"
	    "~ aaaa-rcode\n"
	    "= ok\n" },
	{ "a balancer is sound",
	    BALANCER
	    "= ok\n" },
	{ "AAAA silent at a balancer",
	    "@ no-resolver\n"
	    BALANCER
	    "fault dns {n1}.{d} type AAAA silent\n"
	    "> error aaaa-timeout {n1}.{d} {x1.4} dns qname={www}\n"
	    "> error aaaa-timeout {n1}.{d} {x1.6} dns qname={www}\n"
	    "= error\n" },
	{ "AAAA NXDOMAIN at a balancer over v4",
	    BALANCER
	    "fault dns {x1.4} type AAAA nxdomain\n"
	    "> error aaaa-nxdomain {n1}.{d} {x1.4} dns masked qname={www}\n"
	    "= error\n" },
	{ "AAAA NOTIMP at a balancer",
	    "@ no-resolver\n"
	    BALANCER
	    "fault dns {n1}.{d} type AAAA rcode notimp\n"
	    "> error aaaa-rcode {n1}.{d} {x1.4} dns qname={www}\n"
	    "> error aaaa-rcode {n1}.{d} {x1.6} dns qname={www}\n"
	    "= error\n" },
	{ "an alias is sound",
	    ALIAS
	    "= ok\n" },
	{ "AAAA silent at the alias's target",
	    "@ no-resolver\n"
	    ALIAS
	    "fault dns {n1}.{other} type AAAA silent\n"
	    "> error aaaa-timeout {n1}.{other} {x1.4} dns "
	    "qname={n2}.{other}\n"
	    "> error aaaa-timeout {n1}.{other} {x1.6} dns "
	    "qname={n2}.{other}\n"
	    "= error\n" },
	{ "AAAA SERVFAIL at the alias's target over v6",
	    ALIAS
	    "fault dns {x1.6} name {n2}.{other} type AAAA rcode servfail\n"
	    "> error aaaa-rcode {n1}.{other} {x1.6} dns masked "
	    "qname={n2}.{other}\n"
	    "= error\n" },

	/* messages */
	{ "broken: RDLENGTH beyond the end",
	    "fault dns {ns1.4} udp name {www} type A broken rdlength\n"
	    "> error dns-broken-message {ns1} {ns1.4} dns masked "
	    "qname={www}\n"
	    "= error\n" },
	{ "broken: short AAAA",
	    "fault dns {ns2.6} udp name {www} type AAAA broken short-rdata\n"
	    "> error aaaa-broken {ns2} {ns2.6} dns masked qname={www}\n"
	    "~ dns-broken-message\n"
	    "= error\n" },
	{ "broken: a loop of pointers",
	    "fault dns {ns1.6} udp name {d} type MX broken loop\n"
	    "> error dns-broken-message {ns1} {ns1.6} dns masked qname={d}\n"
	    "= error\n" },
	{ "broken: fewer records than promised",
	    "fault dns {ns1.6} udp name {mx1} type A broken count\n"
	    "> error dns-broken-message {ns1} {ns1.6} dns masked "
	    "qname={mx1}\n"
	    "= error\n" },

	{ "broken: SOA, the first answer of all",
	    "fault dns {ns2.4} udp type SOA broken rdlength\n"
	    "> error dns-broken-message {ns2} {ns2.4} dns masked qname={d}\n"
	    "~ dns-lame\n"
	    "= error\n" },
	{ "broken: A and AAAA of one name, at one of two",
	    TWO_ADDRESSES
	    "fault dns {x1.4} udp name {www} broken loop\n"
	    "> error dns-broken-message {ns1} {x1.4} dns masked partial "
	    "qname={www}\n"
	    "= error\n" },
	{ "broken everywhere",
	    "@ no-resolver\n"
	    "fault dns {ns1} name {www} type AAAA broken short-rdata\n"
	    "fault dns {ns2} name {www} type AAAA broken short-rdata\n"
	    "> error aaaa-broken {ns1} {ns1.4} dns qname={www}\n"
	    "> error aaaa-broken {ns1} {ns1.6} dns qname={www}\n"
	    "> error aaaa-broken {ns2} {ns2.4} dns qname={www}\n"
	    "> error aaaa-broken {ns2} {ns2.6} dns qname={www}\n"
	    "= error\n" },
	{ "another question in every reply is silence",
	    "fault dns {ns1.4} udp wrong-question\n"
	    "> error dns-timeout {ns1} {ns1.4} dns masked\n"
	    "= error\n" },
	{ "another id in every reply is silence",
	    "fault dns {ns1.6} udp wrong-id\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "a reply twice is no fault",
	    "fault dns {ns1} twice\n"
	    "= ok\n" },

	/* serials */
	{ "serials differ, data agree",
	    "serial {ns2} {d} 2026112400\n"
	    "> notice serial-differs {d} - -\n"
	    "= notice\n" },
	{ "serials differ, and data",
	    "serial {ns2} {d} 2026112400\n"
	    "server-remove {ns2} {d} www A\n"
	    "server-record {ns2} {d} www A {web1.4}\n"
	    "> warning serial-differs {d} - -\n"
	    "= warning\n" },
	{ "serials differ between the families of one server",
	    "serial {ns1.6} {d} 7\n"
	    "> notice serial-differs {d} - -\n"
	    "= notice\n" },
	{ "serials differ, and data, of two providers",
	    "! delegate {d}\n"
	    "! server {ns2}\n"
	    "delegate {d} {ns1} {ns1.4} {ns1.6} ; {n1}.{other}\n"
	    "delegate {other} {n1}.{other} {x1.4} {x1.6}\n"
	    "zone {other}\n"
	    "server {n1}.{other} {x1.4} {x1.6} zones {d} {other}\n"
	    "serial {x1.4} {d} 1\n"
	    "serial {x1.6} {d} 1\n"
	    "server-record {x1.4} {d} www A {web1.4}\n"
	    "server-record {x1.6} {d} www A {web1.4}\n"
	    "> notice serial-differs {d} - -\n"
	    "= notice\n" },
};

int
main(void)
{
	return kit_group("servers", cases, sizeof cases / sizeof cases[0]);
}
