/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses in the memory world: the sound domain and the plainest
 * faults of name servers.
 */
#include "tests/unit/diag_kit.h"

static const struct kit_case cases[] = {
	{ "sound", "= ok\n" },
	{ "ns v6 silent",
	    "fault dns {ns1.6} silent\n"
	    "> error dns-timeout {ns1} {ns1.6} dns masked\n"
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "aaaa silent",
	    "fault dns {ns1.4} name {www} type AAAA silent\n"
	    "> error aaaa-timeout {ns1} {ns1.4} dns masked qname={www}\n"
	    "= error\n" },
	{ "web v6 refused",
	    "fault tcp {web1.6} refused\n"
	    "> error connect-refused {www} {web1.6} https masked partial\n"
	    "> error connect-refused {www} {web1.6} http masked partial\n"
	    "> error connect-refused {d} {web1.6} https masked partial\n"
	    "> error connect-refused {d} {web1.6} http masked partial\n"
	    "> error connect-partial {www} - https\n"
	    "> error connect-partial {www} - http\n"
	    "> error connect-partial {d} - https\n"
	    "> error connect-partial {d} - http\n"
	    "= error\n" },
};

int
main(void)
{
	return kit_group("first", cases, sizeof cases / sizeof cases[0]);
}
