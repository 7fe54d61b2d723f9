/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One step alone is wanted (--only, --skip): what it needs of the others is
 * asked all the same, and what could not be tested for their faults is
 * unknown, never ok.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/diag_kit.h"

#define ONLY_WEB "@ skip here\n@ skip delegation\n@ skip servers\n" \
    "@ skip zone\n@ skip resolver\n@ skip addresses\n@ skip mail-in\n" \
    "@ skip mailbox\n"
#define ONLY_MAIL "@ skip here\n@ skip delegation\n@ skip servers\n" \
    "@ skip zone\n@ skip resolver\n@ skip addresses\n@ skip web\n" \
    "@ skip mailbox\n"
/* Servers of the parent zone answer for the domain too, and name others. */
#define PARENTS_SERVE "! tld\n! delegate {d}\n! server {ns1}\n" \
    "! server {ns2}\n" \
    "record {d} @ NS {tld1}.\nrecord {d} @ NS {tld2}.\n" \
    "delegate {tld} {tld1} {tld1.4} {tld1.6} ; {tld2} {tld2.4} {tld2.6}\n" \
    "zone {tld}\nserver {tld1} {tld1.4} {tld1.6}\n" \
    "server {tld2} {tld2.4} {tld2.6}\n"
#define BUT_NAME(ns) "server-record {tld1} {d} @ NS " ns "\n" \
    "server-record {tld2} {d} @ NS " ns "\n"

static const struct kit_case cases[] = {
	{ "web", ONLY_WEB "+ ok all https v4\n= ok\n" },
	{ "mail", ONLY_MAIL "+ ok all smtp v6\n= ok\n" },
	{ "web: the parent's servers are the domain's", ONLY_WEB PARENTS_SERVE
	    "+ ok all https v4\n= ok\n" },
	{ "web: name servers without an address", ONLY_WEB PARENTS_SERVE
	    BUT_NAME("{n1}") "= unknown\n" },
	{ "mail: name servers without an address", ONLY_MAIL PARENTS_SERVE
	    BUT_NAME("{n1}") "= unknown\n" },
	{ "all: name servers without an address", PARENTS_SERVE
	    BUT_NAME("{n1}") "= unknown\n" },
	{ "web: name servers of another domain without an address", ONLY_WEB
	    "! delegate {d}\n! server {ns1}\n! server {ns2}\n"
	    "delegate {d} {n1}.{other} ; {n2}.{other}\n"
	    "delegate {other} {n3}.{other} {x1.4} {x1.6}\n"
	    "zone {other}\nserver {n3}.{other} {x1.4} {x1.6}\n"
	    "> error ns-unresolvable {n1}.{other} - -\n"
	    "> error ns-unresolvable {n2}.{other} - -\n= error\n" },
	{ "web: name servers without glue", ONLY_WEB
	    "! delegate {d}\ndelegate {d} {ns1} ; {ns2}\n"
	    "> error glue-missing {ns1} - -\n"
	    "> error glue-missing {ns2} - -\n= error\n" },
};

int
main(void)
{
	return kit_group("only", cases, sizeof cases / sizeof cases[0]);
}
