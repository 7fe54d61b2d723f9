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

#include <string.h>

#include "base/json.h"
#include "diag/model.h"
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

static const enum step_id alone[] = { STEP_WEB, STEP_MAIL_IN };
static const char *const alone_text[] = { ONLY_WEB, ONLY_MAIL };
#define ALONE	(sizeof alone / sizeof *alone)

/* A step that ended has no probe that begins or runs. */
static void
no_probe_after(struct kit_run *r, const struct session *s,
    const struct event *ev)
{
	enum step_id step = *(enum step_id *)r->watcher;
	const char *id = step_rows[step].id;

	(void)ev;
	if (s->steps[step] != STEP_ENDED)
		return;
	for (size_t i = 0; i < s->nprobes; i++)
		if (s->probes[i]->state == PROBE_RUNNING &&
		    strncmp(s->probes[i]->key, id, strlen(id)) == 0)
			fail_msg("%s runs after the end", s->probes[i]->key);
}

static void
ends_after_its_probes(void **state)
{
	struct kit_run r;

	(void)state;
	for (size_t i = 0; i < ALONE; i++) {
		enum step_id step = alone[i];

		kit_start(&r, alone_text[i], 0);
		r.watch = no_probe_after;
		r.watcher = &step;
		kit_finish(&r);
		assert_int_equal(engine_session(r.engine)->steps[step],
		    STEP_ENDED);
		kit_free(&r);
	}
}

static void
cancel(void *ctx)
{
	struct kit_run *r = ctx;

	engine_cancel(r->engine);
}

/* Stopped while others are still asked for its sake, in whatever moment. */
static void
stopped_before_it_began(void **state)
{
	struct kit_run r;

	(void)state;
	for (size_t i = 0; i < ALONE; i++)
		for (int ms = 0; ms <= 200; ms += 10) {
			kit_start(&r, alone_text[i], 0);
			loop_timer(r.loop, ms * (NSEC_PER_SEC / 1000), cancel,
			    &r);
			kit_finish(&r);
			assert_string_equal(json_str(
			    engine_session(r.engine)->end, "verdict"),
			    "unknown");
			kit_free(&r);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_after_its_probes),
		cmocka_unit_test(stopped_before_it_began),
	};

	return kit_group("only", cases, sizeof cases / sizeof cases[0]) +
	    cmocka_run_group_tests_name("only: the end", tests, NULL, NULL);
}
