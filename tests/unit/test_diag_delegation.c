/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses of the step delegation: names that are not there, what the
 * parent says and what the zone says, glue, name servers of other zones; and
 * the delegation object, exact.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "tests/unit/diag_kit.h"

/* The zone lies at two servers of another zone. */
#define FOREIGN \
	"delegate {d} {n1}.{other} ; {n2}.{other}\n" \
	"server {n1}.{other} {x1.4} {x1.6} zones {d}\n" \
	"server {n2}.{other} {x2.4} {x2.6} zones {d}\n" \
	"delegate {other} {n3}.{other} {x3.4} {x3.6}\n" \
	"server {n3}.{other} {x3.4} {x3.6}\n" \
	"zone {other}\n" \
	"record {other} {n1} A {x1.4}\n" \
	"record {other} {n1} AAAA {x1.6}\n" \
	"record {other} {n2} A {x2.4}\n" \
	"record {other} {n2} AAAA {x2.6}\n"
/* The zone's addresses of its servers, whatever the glue says. */
#define NS_ADDRESSES \
	"record {d} {ns1}. A {ns1.4}\n" \
	"record {d} {ns1}. AAAA {ns1.6}\n" \
	"record {d} {ns2}. A {ns2.4}\n" \
	"record {d} {ns2}. AAAA {ns2.6}\n"
/* A zone below the domain, at servers of its own. */
#define DEEP \
	"delegate {n1}.{d} {n2}.{n1}.{d} {x1.4} {x1.6} ; " \
	    "{n3}.{n1}.{d} {x2.4} {x2.6}\n" \
	"server {n2}.{n1}.{d} {x1.4} {x1.6}\n" \
	"server {n3}.{n1}.{d} {x2.4} {x2.6}\n" \
	DEEP_ZONE
#define DEEP_ZONE \
	"zone {n1}.{d}\n" \
	"record {n1}.{d} @ A {web1.4}\n" \
	"record {n1}.{d} @ AAAA {web1.6}\n" \
	"record {n1}.{d} {n4} A {web1.4}\n" \
	"record {n1}.{d} {n4} AAAA {web1.6}\n" \
	"web {n1}.{d} {web1.4} {web1.6}\n" \
	"web {n4}.{n1}.{d} {web1.4} {web1.6}\n"

static const struct kit_case cases[] = {
	/* the domain */
	{ "domain missing",
	    "@ subject {n1}.{tld}\n"
	    "> error domain-missing {n1}.{tld} - -\n"
	    "= error\n" },
	{ "domain missing, two labels deep",
	    "@ subject {n1}.{n2}.{tld}\n"
	    "> error domain-missing {n1}.{n2}.{tld} - -\n"
	    "= error\n" },
	{ "domain missing, and no such TLD",
	    "@ subject {n1}.{n2}\n"
	    "> error domain-missing {n1}.{n2} - -\n"
	    "= error\n" },
	{ "host missing in a zone",
	    "@ subject {n1}.{d}\n"
	    "> error domain-missing {n1}.{d} - -\n"
	    "= error\n" },
	{ "domain missing, seen without v6",
	    "vantage v4\n"
	    "@ subject {n1}.{tld}\n"
	    "> error domain-missing {n1}.{tld} - -\n"
	    "= error\n" },
	{ "not delegated: only TXT",
	    "record {tld} {n1} TXT reserved\n"
	    "@ subject {n1}.{tld}\n"
	    "> error domain-not-delegated {n1}.{tld} - -\n"
	    "= error\n" },
	{ "not delegated: an empty non-terminal",
	    "record {tld} {n2}.{n1} A {web1.4}\n"
	    "@ subject {n1}.{tld}\n"
	    "> error domain-not-delegated {n1}.{tld} - -\n"
	    "= error\n" },
	{ "not delegated: an empty non-terminal in a zone",
	    "record {d} {n2}.{n1} A {web1.4}\n"
	    "@ subject {n1}.{d}\n"
	    "> error domain-not-delegated {n1}.{d} - -\n"
	    "= error\n" },

	/* subjects */
	{ "a host is the subject",
	    "@ subject {www}\n"
	    "~ domain-not-delegated\n"
	    "= ok\n" },
	{ "a host two labels below its zone is the subject",
	    "record {d} {n2}.{n1} A {web1.4}\n"
	    "record {d} {n2}.{n1} AAAA {web1.6}\n"
	    "web {n2}.{n1}.{d} {web1.4} {web1.6}\n"
	    "@ subject {n2}.{n1}.{d}\n"
	    "= ok\n" },
	{ "a host with mail only is the subject",
	    "record {d} {n1} MX 10 {mx1}.\n"
	    "@ subject {n1}.{d}\n"
	    "~ domain-not-delegated\n"
	    "= ok\n" },
	{ "an alias is the subject",
	    "record {d} {n1} CNAME {www}.\n"
	    "web {n1}.{d} {web1.4} {web2.4} {web1.6} {web2.6}\n"
	    "@ subject {n1}.{d}\n"
	    "~ domain-not-delegated\n"
	    "~ cname-at-apex\n"
	    "= ok\n" },
	{ "a mail address is the subject",
	    "@ subject someone@{d}\n"
	    "= ok\n" },
	{ "a URL is the subject",
	    "@ subject https://{www}/\n"
	    "= ok\n" },
	{ "the host of a URL: its zone's server is silent",
	    "@ subject https://{www}/\n"
	    "fault dns {ns1.6} silent\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "= error\n" },
	{ "a mail address: lame server of its domain",
	    "@ subject someone@{d}\n"
	    "fault dns {ns2.4} rcode refused\n"
	    "> error dns-lame {ns2} {ns2.4} dns masked\n"
	    "= error\n" },

	/* deeper zones */
	{ "a deeper zone",
	    DEEP
	    "@ subject {n1}.{d}\n"
	    "> fact mx-missing {n1}.{d} - -\n"
	    "= ok\n" },
	{ "a host of a deeper zone",
	    DEEP
	    "@ subject {n4}.{n1}.{d}\n"
	    "= ok\n" },
	{ "a deeper zone: server silent, parent server silent",
	    DEEP
	    "@ subject {n1}.{d}\n"
	    "fault dns {x2.6} silent\n"
	    "fault dns {ns2.4} silent\n"
	    "> error dns-timeout {n3}.{n1}.{d} {x2.6} dns masked\n"
	    "> notice parent-silent {ns2} {ns2.4} dns\n"
	    "= error\n" },
	{ "a deeper zone: missing glue",
	    DEEP
	    "delegate {n1}.{d} {n2}.{n1}.{d} {x1.4} {x1.6} ; "
	    "{n3}.{n1}.{d}\n"
	    "record {n1}.{d} {n3} A {x2.4}\n"
	    "record {n1}.{d} {n3} AAAA {x2.6}\n"
	    "@ subject {n4}.{n1}.{d}\n"
	    "> error glue-missing {n3}.{n1}.{d} - -\n"
	    "= error\n" },
	{ "a hidden cut",
	    "delegate {n1}.{d} {ns1} ; {ns2}\n"
	    DEEP_ZONE
	    "@ subject {n1}.{d}\n"
	    "= ok\n" },
	{ "a host below a hidden cut",
	    "delegate {n1}.{d} {ns1} ; {ns2}\n"
	    DEEP_ZONE
	    "@ subject {n4}.{n1}.{d}\n"
	    "= ok\n" },
	{ "a hidden cut: v6 of one server silent",
	    "delegate {n1}.{d} {ns1} ; {ns2}\n"
	    DEEP_ZONE
	    "@ subject {n1}.{d}\n"
	    "fault dns {ns1.6} silent\n"
	    "> notice parent-silent {ns1} {ns1.6} dns\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "= error\n" },

	/* the parent's servers */
	{ "one address of the parent silent",
	    "fault dns {tld2.6} silent\n"
	    "> notice parent-silent {tld2} {tld2.6} dns\n"
	    "= notice\n" },
	{ "one server of the parent refuses",
	    "fault dns {tld1} udp refuse-port\n"
	    "> notice parent-silent {tld1} {tld1.4} dns\n"
	    "> notice parent-silent {tld1} {tld1.6} dns\n"
	    "= notice\n" },
	{ "the parent silent over v6",
	    "fault dns {tld1.6} silent\n"
	    "fault dns {tld2.6} silent\n"
	    "> warning parent-silent {tld1} {tld1.6} dns\n"
	    "> warning parent-silent {tld2} {tld2.6} dns\n"
	    "~ v6only-walk-fails\n"
	    "= warning\n" },
	{ "the parent silent over v4",
	    "fault dns {tld1.4} silent\n"
	    "fault dns {tld2.4} silent\n"
	    "> warning parent-silent {tld1} {tld1.4} dns\n"
	    "> warning parent-silent {tld2} {tld2.4} dns\n"
	    "~ v4only-walk-fails\n"
	    "= warning\n" },

	/* the NS sets */
	{ "the zone names one server more",
	    "record {d} @ NS {ns1}.\n"
	    "record {d} @ NS {ns2}.\n"
	    "record {d} @ NS {n1}.{d}.\n"
	    "record {d} {n1} A {x1.4}\n"
	    "record {d} {n1} AAAA {x1.6}\n"
	    "server {n1}.{d} {x1.4} {x1.6}\n"
	    "> warning ns-set-differs {d} - -\n"
	    "= warning\n" },
	{ "the zone names one server less",
	    "record {d} @ NS {ns1}.\n"
	    NS_ADDRESSES
	    "> warning ns-set-differs {d} - -\n"
	    "= warning\n" },
	{ "the zone names a server that is dead",
	    "record {d} @ NS {ns1}.\n"
	    "record {d} @ NS {n1}.{d}.\n"
	    "record {d} {n1} A {x1.4}\n"
	    "record {d} {n1} AAAA {x1.6}\n"
	    NS_ADDRESSES
	    "> warning ns-set-differs {d} - -\n"
	    "> error dns-timeout {n1}.{d} {x1.4} dns masked\n"
	    "> error dns-timeout {n1}.{d} {x1.6} dns masked\n"
	    "= error\n" },
	{ "the zone names a server without address",
	    "record {d} @ NS {ns1}.\n"
	    "record {d} @ NS {ns2}.\n"
	    "record {d} @ NS {n1}.{d}.\n"
	    NS_ADDRESSES
	    "> warning ns-set-differs {d} - -\n"
	    "> error ns-unresolvable {n1}.{d} - -\n"
	    "= error\n" },

	/* name servers of another zone */
	{ "servers of another zone",
	    FOREIGN
	    "~ glue-missing\n"
	    "~ ns-no-v6\n"
	    "= ok\n" },
	{ "an NS name that does not exist",
	    FOREIGN
	    "delegate {d} {n1}.{other} ; {n4}.{other}\n"
	    "> error ns-unresolvable {n4}.{other} - -\n"
	    "= error\n" },
	{ "an NS name in a domain that does not exist",
	    FOREIGN
	    "delegate {d} {n1}.{other} ; {n4}.{n5}.{tld}\n"
	    "> error ns-unresolvable {n4}.{n5}.{tld} - -\n"
	    "= error\n" },
	{ "an NS name without addresses",
	    FOREIGN
	    "delegate {d} {n1}.{other} ; {n4}.{other}\n"
	    "record {other} {n4} TXT nothing\n"
	    "> error ns-unresolvable {n4}.{other} - -\n"
	    "= error\n" },
	{ "an in-domain NS name without addresses anywhere",
	    "delegate {d} {ns1} {ns1.4} {ns1.6} ; {n1}.{d}\n"
	    "! server {ns2}\n"
	    "> error ns-unresolvable {n1}.{d} - -\n"
	    "~ glue-missing\n"
	    "= error\n" },
	{ "no NS name resolves",
	    FOREIGN
	    "@ no-resolver\n"
	    "delegate {d} {n4}.{other} ; {n5}.{other}\n"
	    "> error ns-unresolvable {n4}.{other} - -\n"
	    "> error ns-unresolvable {n5}.{other} - -\n"
	    "= error\n" },
	{ "the zone of the servers is silent over v6",
	    FOREIGN
	    "fault dns {x3.6} silent\n"
	    "> error v6only-walk-fails {d} - - masked\n"
	    "~ dns-timeout\n"
	    "= error\n" },
	{ "the zone of the servers has no v6 glue",
	    FOREIGN
	    "delegate {other} {n3}.{other} {x3.4}\n"
	    "record {other} {n3} A {x3.4}\n"
	    "record {other} {n3} AAAA {x3.6}\n"
	    "> error v6only-walk-fails {d} - - masked\n"
	    "~ ns-no-v6\n"
	    "~ glue-missing-v6\n"
	    "= error\n" },
	{ "the zone of the servers is silent over v4",
	    FOREIGN
	    "fault dns {x3.4} silent\n"
	    "> error v4only-walk-fails {d} - - masked\n"
	    "= error\n" },
	{ "the zone of one of the servers is silent over v6",
	    FOREIGN
	    "delegate {d} {n1}.{other} ; {ns2} {ns2.4} {ns2.6}\n"
	    "fault dns {x3.6} silent\n"
	    "~ v6only-walk-fails\n"
	    "= ok\n" },

	/* families */
	{ "servers without v6, web with it",
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4}\n"
	    "> warning ns-no-v6 {d} - -\n"
	    "~ v6only-walk-fails\n"
	    "= warning\n" },
	{ "servers without v6, mail alone has it",
	    "! record {d} @ AAAA\n"
	    "! record {d} www AAAA\n"
	    "! record {d} {mx2}. AAAA\n"
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4}\n"
	    "> warning ns-no-v6 {d} - -\n"
	    "= warning\n" },
	{ "one of two servers without v6",
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4} {ns2.6}\n"
	    "~ ns-no-v6\n"
	    "= ok\n" },
	{ "servers without v4",
	    "delegate {d} {ns1} {ns1.6} ; {ns2} {ns2.6}\n"
	    "> error ns-no-v4 {d} - -\n"
	    "~ v4only-walk-fails\n"
	    "= error\n" },
	{ "servers of another zone without v6",
	    FOREIGN
	    "remove {other} {n1} AAAA\n"
	    "remove {other} {n2} AAAA\n"
	    "> warning ns-no-v6 {d} - -\n"
	    "~ v6only-walk-fails\n"
	    "= warning\n" },

	/* glue */
	{ "glue missing",
	    "delegate {d} {ns1} ; {ns2} {ns2.4} {ns2.6}\n"
	    NS_ADDRESSES
	    "> error glue-missing {ns1} - -\n"
	    "= error\n" },
	{ "v6 glue missing at one",
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4} {ns2.6}\n"
	    NS_ADDRESSES
	    "> warning glue-missing-v6 {ns1} - -\n"
	    "~ v6only-walk-fails\n"
	    "= warning\n" },
	{ "v6 glue missing at both",
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4}\n"
	    NS_ADDRESSES
	    "> warning glue-missing-v6 {ns1} - -\n"
	    "> warning glue-missing-v6 {ns2} - -\n"
	    "> error v6only-walk-fails {d} - - masked\n"
	    "~ ns-no-v6\n"
	    "= error\n" },
	{ "v6 glue and record alike missing at one",
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4} {ns2.6}\n"
	    "record {d} {ns1}. A {ns1.4}\n"
	    "~ glue-missing-v6\n"
	    "= ok\n" },
	{ "v4 glue missing at both",
	    "delegate {d} {ns1} {ns1.6} ; {ns2} {ns2.6}\n"
	    NS_ADDRESSES
	    "> error v4only-walk-fails {d} - - masked\n"
	    "~ ns-no-v4\n"
	    "= error\n" },
	{ "glue differs, both answer",
	    "delegate {d} {ns1} {x1.4} {ns1.6} ; {ns2} {ns2.4} {ns2.6}\n"
	    "server {ns1} {x1.4}\n"
	    NS_ADDRESSES
	    "> warning glue-differs {ns1} - -\n"
	    "= warning\n" },
	{ "v6 glue differs, both answer",
	    "delegate {d} {ns1} {ns1.4} {ns1.6} ; {ns2} {ns2.4} {x1.6}\n"
	    "server {ns2} {x1.6}\n"
	    NS_ADDRESSES
	    "> warning glue-differs {ns2} - -\n"
	    "= warning\n" },
	{ "one glue address more, all answer",
	    "delegate {d} {ns1} {ns1.4} {x1.4} {ns1.6} ; "
	    "{ns2} {ns2.4} {ns2.6}\n"
	    "server {ns1} {x1.4}\n"
	    NS_ADDRESSES
	    "> warning glue-differs {ns1} - -\n"
	    "= warning\n" },
	{ "v6 glue differs and is dead",
	    "delegate {d} {ns1} {ns1.4} {x1.6} ; {ns2} {ns2.4} {ns2.6}\n"
	    NS_ADDRESSES
	    "> error glue-differs {ns1} - -\n"
	    "> error dns-timeout {ns1} {x1.6} dns masked partial\n"
	    "= error\n" },
	{ "v4 glue differs and is another's server",
	    "delegate {d} {ns1} {x1.4} {ns1.6} ; {ns2} {ns2.4} {ns2.6}\n"
	    "zone {other}\n"
	    "delegate {other} {n1}.{other} {x1.4}\n"
	    "server {n1}.{other} {x1.4} zones {other}\n"
	    NS_ADDRESSES
	    "> error glue-differs {ns1} - -\n"
	    "> error dns-lame {ns1} {x1.4} dns masked partial\n"
	    "= error\n" },
	{ "all v6 glue differs and is dead",
	    "delegate {d} {ns1} {ns1.4} {x1.6} ; {ns2} {ns2.4} {x2.6}\n"
	    NS_ADDRESSES
	    "> error glue-differs {ns1} - -\n"
	    "> error glue-differs {ns2} - -\n"
	    "> error dns-timeout {ns1} {x1.6} dns masked partial\n"
	    "> error dns-timeout {ns2} {x2.6} dns masked partial\n"
	    "> error v6only-walk-fails {d} - - masked\n"
	    "= error\n" },
	{ "the zone's address is dead, the glue answers",
	    "record {d} {ns1}. A {ns1.4}\n"
	    "record {d} {ns1}. AAAA {x1.6}\n"
	    "> warning glue-differs {ns1} - -\n"
	    "> error dns-timeout {ns1} {x1.6} dns masked partial\n"
	    "~ v6only-walk-fails\n"
	    "= error\n" },
};

/* The delegation object: a case, and every pair expected in it. */
static const struct kit_case objects[] = {
	{ "object: sound",
	    "" },
	{ "object: no glue, seen from the zone",
	    "delegate {d} {ns1} ; {ns2} {ns2.4}\n"
	    NS_ADDRESSES },
	{ "object: servers of another zone, one unresolvable",
	    FOREIGN
	    "delegate {d} {n1}.{other} ; {n4}.{other}\n" },
	{ "object: NS sets differ, glue differs",
	    "delegate {d} {ns1} {x1.4} {ns1.6} ; {ns2} {ns2.4} {ns2.6}\n"
	    "server {ns1} {x1.4}\n"
	    "record {d} @ NS {ns1}.\n"
	    "record {d} @ NS {n1}.{d}.\n"
	    "record {d} {n1} A {x2.4}\n"
	    "server {n1}.{d} {x2.4}\n"
	    NS_ADDRESSES },
	{ "object: a deeper zone behind a hidden cut",
	    "delegate {n1}.{d} {ns1} ; {ns2}\n"
	    DEEP_ZONE
	    "@ subject {n4}.{n1}.{d}\n" },
	{ "object: seen without v6",
	    "vantage v4\n" },
	{ "object: no domain, no pairs",
	    "@ subject {n1}.{tld}\n" },
};

static const char *const pairs[] = {
	/* sound */
	"parent {tld1} {tld1.4}\n"
	"parent {tld1} {tld1.6}\n"
	"parent {tld2} {tld2.4}\n"
	"parent {tld2} {tld2.6}\n"
	"delegation {ns1} {ns1.4}\n"
	"delegation {ns1} {ns1.6}\n"
	"delegation {ns2} {ns2.4}\n"
	"delegation {ns2} {ns2.6}\n"
	"zone {ns1} {ns1.4}\n"
	"zone {ns1} {ns1.6}\n"
	"zone {ns2} {ns2.4}\n"
	"zone {ns2} {ns2.6}\n",
	/* no glue */
	"parent {tld1} {tld1.4}\n"
	"parent {tld1} {tld1.6}\n"
	"parent {tld2} {tld2.4}\n"
	"parent {tld2} {tld2.6}\n"
	"delegation {ns1} {ns1.4}\n"
	"delegation {ns1} {ns1.6}\n"
	"delegation {ns2} {ns2.4}\n"
	"zone {ns1} {ns1.4}\n"
	"zone {ns1} {ns1.6}\n"
	"zone {ns2} {ns2.4}\n"
	"zone {ns2} {ns2.6}\n",
	/* another zone */
	"parent {tld1} {tld1.4}\n"
	"parent {tld1} {tld1.6}\n"
	"parent {tld2} {tld2.4}\n"
	"parent {tld2} {tld2.6}\n"
	"delegation {n1}.{other} {x1.4}\n"
	"delegation {n1}.{other} {x1.6}\n"
	"delegation {n4}.{other} null\n"
	"zone {n1}.{other} {x1.4}\n"
	"zone {n1}.{other} {x1.6}\n"
	"zone {n4}.{other} null\n",
	/* differing */
	"parent {tld1} {tld1.4}\n"
	"parent {tld1} {tld1.6}\n"
	"parent {tld2} {tld2.4}\n"
	"parent {tld2} {tld2.6}\n"
	"delegation {ns1} {x1.4}\n"
	"delegation {ns1} {ns1.6}\n"
	"delegation {ns2} {ns2.4}\n"
	"delegation {ns2} {ns2.6}\n"
	"zone {ns1} {ns1.4}\n"
	"zone {ns1} {ns1.6}\n"
	"zone {n1}.{d} {x2.4}\n",
	/* a hidden cut */
	"parent {ns1} {ns1.4}\n"
	"parent {ns1} {ns1.6}\n"
	"parent {ns2} {ns2.4}\n"
	"parent {ns2} {ns2.6}\n"
	"delegation {ns1} {ns1.4}\n"
	"delegation {ns1} {ns1.6}\n"
	"delegation {ns2} {ns2.4}\n"
	"delegation {ns2} {ns2.6}\n"
	"zone {ns1} {ns1.4}\n"
	"zone {ns1} {ns1.6}\n"
	"zone {ns2} {ns2.4}\n"
	"zone {ns2} {ns2.6}\n",
	/* without v6 */
	"parent {tld1} {tld1.4}\n"
	"parent {tld1} {tld1.6}\n"
	"parent {tld2} {tld2.4}\n"
	"parent {tld2} {tld2.6}\n"
	"delegation {ns1} {ns1.4}\n"
	"delegation {ns1} {ns1.6}\n"
	"delegation {ns2} {ns2.4}\n"
	"delegation {ns2} {ns2.6}\n"
	"zone {ns1} {ns1.4}\n"
	"zone {ns1} {ns1.6}\n"
	"zone {ns2} {ns2.4}\n"
	"zone {ns2} {ns2.6}\n",
	/* nothing */
	"",
};

static char *
fill_in(const struct kit_run *r, const char *text)
{
	struct buf b;

	buf_init(&b, 0);
	while (*text != '\0') {
		size_t n = strcspn(text, "{");
		char *name;

		buf_add(&b, text, n);
		text += n;
		if (*text == '\0')
			break;
		n = strcspn(text, "}");
		name = xstrndup(text + 1, n - 1);
		buf_adds(&b, kit_var(r, name));
		free(name);
		text += n + 1;
	}
	return buf_steal(&b);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of a text, sorted; the text is cut to pieces. */
static char *
sort_lines(char *text)
{
	char *lines[64], *rest = text, *line;
	struct buf b;
	size_t n = 0;

	buf_init(&b, 0);
	while (n < 64 && (line = strtok_r(rest, "\n", &rest)) != NULL)
		lines[n++] = line;
	qsort(lines, n, sizeof lines[0], by_text);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\n", lines[i]);
	free(text);
	return buf_steal(&b);
}

static char *
object_text(const json_t *end)
{
	static const char *const parts[] = { "parent", "delegation", "zone" };
	const json_t *o = json_object_get(end, "delegation"), *item;
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	assert_true(json_object_size(o) == 3);
	for (int k = 0; k < 3; k++)
		json_array_foreach(json_object_get(o, parts[k]), i, item) {
			const json_t *addr = json_object_get(item, "addr");

			assert_true(json_object_size(item) == 2);
			assert_true(json_is_null(addr) ||
			    json_is_string(addr));
			buf_printf(&b, "%s %s %s\n", parts[k], json_str(item,
			    "ns"), json_is_null(addr) ? "null" :
			    json_string_value(addr));
		}
	return buf_steal(&b);
}

static void
object(void **state)
{
	const struct kit_case *c = *state;
	struct kit_run r;
	char *want, *got;

	kit_run(&r, c->text, 0);
	want = sort_lines(fill_in(&r, pairs[c - objects]));
	got = sort_lines(object_text(engine_session(r.engine)->end));
	assert_string_equal(got, want);
	free(want);
	free(got);
	kit_free(&r);
}

/* Within each part: by name, then by address, IPv4 first. */
static void
object_sorted(void **state)
{
	static const char *const parts[] = { "parent", "delegation", "zone" };
	struct kit_run r;

	(void)state;
	kit_run(&r, "", 0);
	for (int k = 0; k < 3; k++) {
		const json_t *a = json_object_get(json_object_get(
		    engine_session(r.engine)->end, "delegation"), parts[k]);

		for (size_t i = 1; i < json_array_size(a); i++) {
			const json_t *x = json_array_get(a, i - 1);
			const json_t *y = json_array_get(a, i);
			int order = strcmp(json_str(x, "ns"), json_str(y,
			    "ns"));
			struct addr one, two;

			assert_int_equal(addr_parse(&one, json_str(x,
			    "addr")), 0);
			assert_int_equal(addr_parse(&two, json_str(y,
			    "addr")), 0);
			assert_true(order < 0 || (order == 0 &&
			    addr_cmp(&one, &two) < 0));
		}
	}
	kit_free(&r);
}

/* The value of an argument of the only finding of this id. */
static void
argument(const char *text, enum finding_id id, const char *key,
    const char *want)
{
	const char *got = NULL;
	struct kit_run r;
	char *value;

	kit_run(&r, text, 0);
	for (size_t i = 0; i < engine_session(r.engine)->nfindings; i++) {
		const struct finding *f =
		    engine_session(r.engine)->findings[i];

		if (f->id == id) {
			assert_null(got);
			got = json_str(f->args, key);
		}
	}
	value = fill_in(&r, want);
	assert_non_null(got);
	assert_string_equal(got, value);
	free(value);
	kit_free(&r);
}

static void
arguments(void **state)
{
	(void)state;
	argument(FOREIGN "fault dns {x3.6} silent\n", F_V6ONLY_WALK_FAILS,
	    "zone", "{other}");
	argument("fault dns {ns1.6} silent\nfault dns {ns2.6} silent\n",
	    F_V6ONLY_WALK_FAILS, "zone", "{d}");
	argument("@ subject {n1}.{n2}.{tld}\n", F_DOMAIN_MISSING, "zone",
	    "{tld}");
	argument("@ subject {n1}.{d}\n", F_DOMAIN_MISSING, "zone", "{d}");
	argument("@ subject {n1}.{n2}\n", F_DOMAIN_MISSING, "zone", ".");
	argument("delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4} {ns2.6}\n"
	    NS_ADDRESSES, F_GLUE_MISSING_V6, "record",
	    "{ns1}. AAAA {ns1.6}");
	argument("fault dns {ns1.6} icmp 1/1 {x9.6}\n", F_DNS_UNREACHABLE,
	    "sender", "{x9.6}");
	argument("fault dns {ns1.4} upward\n", F_DNS_LAME, "how",
	    "upward-referral");
	argument("fault dns {ns1.4} no-aa\n", F_DNS_LAME, "how", "no-AA");
	argument("fault dns {ns1.4} udp wrong-source {x1.4}\n",
	    F_DNS_WRONG_SOURCE, "source", "{x1.4}");
}

int
main(void)
{
	const size_t n = sizeof objects / sizeof objects[0];
	struct CMUnitTest tests[sizeof objects / sizeof objects[0] + 2] = {
		cmocka_unit_test(object_sorted), cmocka_unit_test(arguments) };
	int failed = kit_group("delegation", cases, sizeof cases /
	    sizeof cases[0]);

	for (size_t i = 0; i < n; i++) {
		tests[i + 2].name = objects[i].name;
		tests[i + 2].test_func = object;
		tests[i + 2].initial_state = (void *)(uintptr_t)&objects[i];
	}
	return failed + _cmocka_run_group_tests("delegation object", tests,
	    n + 2, NULL, NULL);
}
