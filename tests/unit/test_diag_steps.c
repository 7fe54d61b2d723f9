/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The word of each step at the end: never ok for a step in which nothing
 * answered, whatever the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "tests/unit/diag_kit.h"

/* Of these steps "STEP WORD" must hold; others may say anything. */
static const struct {
	const char *name, *text, *want[10];
} cases[] = {
	{ "sound", "", { "here ok", "delegation ok", "servers ok", "zone ok",
	    "resolver ok", "addresses ok", "web ok", "mail-in ok",
	    "mailbox not-offered", NULL } },
	{ "imap", "record {d} mail A {x1.4}\nimap mail.{d} {x1.4} tls\n",
	    { "mailbox ok", NULL } },
	{ "no such domain", "! delegate {d}\n", { "delegation error",
	    "servers not-asked", "zone not-asked", "addresses not-asked",
	    "web not-asked", "mail-in not-asked", "mailbox not-asked",
	    NULL } },
	{ "every server silent", "fault dns {ns1} silent\n"
	    "fault dns {ns2} silent\n", { "servers error", "zone unknown",
	    "web not-asked", "mail-in not-asked", NULL } },
	{ "no resolver", "@ no-resolver\n", { "resolver not-asked", "zone ok",
	    NULL } },
	{ "left out", "@ skip web\n", { "web not-asked", "mail-in ok", NULL } },
	{ "no mail by MX 0 .", "remove {d} @ MX\nrecord {d} @ MX 0 .\n",
	    { "mail-in not-asked", NULL } },
	{ "no web anywhere", "fault tcp {web1.4} refused\n"
	    "fault tcp {web1.6} refused\nfault tcp {web2.4} refused\n"
	    "fault tcp {web2.6} refused\n", { "web error", NULL } },
	{ "no IPv6 here", "vantage v4\n", { "servers unknown", "web unknown",
	    "mail-in unknown", NULL } },
	{ "no IPv6 wanted", "@ no-v6\n", { "servers ok", "web ok", "mail-in ok",
	    NULL } },
	{ "port 25 blocked", "block port 25\n", { "mail-in unknown",
	    "web ok", NULL } },
	{ "a masked fault", "fault tcp {web1.6} port 443 refused\n",
	    { "web error", "servers ok", NULL } },
};

static void
steps_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kit_run r;
		const json_t *steps;

		kit_run(&r, cases[i].text, 0);
		steps = json_object_get(engine_session(r.engine)->end,
		    "steps");
		for (size_t k = 0; cases[i].want[k] != NULL; k++) {
			const char *want = cases[i].want[k];
			size_t n = strcspn(want, " ");
			char step[24] = "";

			memcpy(step, want, n);
			if (strcmp(json_str(steps, step), want + n + 1) != 0)
				fail_msg("seed %llu: %s: %s is %s, not %s",
				    (unsigned long long)kit_seed(),
				    cases[i].name, step, json_str(steps,
				    step), want + n + 1);
		}
		kit_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
