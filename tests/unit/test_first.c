/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes first: the endpoint of a ticket, the steps of a symptom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "tests/unit/diag_kit.h"

struct seen {
	char	first[256];	/* key of the first dialogue that began */
	bool	ended, other;	/* it ended; another began before that */
	char	ticket[256];	/* key of the probe of the ticket, or "" */
	char	symptom[16];
};

static bool
is_dialogue(const struct sprobe *p)
{
	return p->qname == NULL && p->ep.addr.family != 0;
}

static void
take(void *ctx, const struct session *s, const struct event *ev)
{
	struct seen *seen = ctx;
	const struct sprobe *p;

	if (ev->kind == EV_ANSWER)
		snprintf(seen->symptom, sizeof seen->symptom, "%s",
		    s->symptom);
	if (ev->kind != EV_PROBE || (p = session_probe(s, ev->probe)) == NULL)
		return;
	if (strcmp(p->what, "ticket") == 0)
		snprintf(seen->ticket, sizeof seen->ticket, "%s", p->key);
	if (!is_dialogue(p) && p->ep.port != 53)
		return;
	if (seen->first[0] == '\0' && is_dialogue(p))
		snprintf(seen->first, sizeof seen->first, "%s", p->key);
	if (strcmp(p->key, seen->first) == 0)
		seen->ended = p->state == PROBE_ENDED;
	else if (is_dialogue(p) && !seen->ended)
		seen->other = true;
}

/* Run the case anew with a first endpoint "NAME ADDR PORT PROTO" (variables
   by name, "-" left out) or a symptom. */
static void
run(struct kit_run *r, struct seen *seen, const char *text, const char *name,
    const char *addr, unsigned port, const char *proto, const char *symptom)
{
	struct endpoint ep = { (char *)(uintptr_t)"", { 0, { 0 } },
		(uint16_t)port, "", -1 };

	memset(seen, 0, sizeof *seen);
	kit_start(r, text, 0);
	engine_free(r->engine);
	if (name != NULL)
		ep.name = (char *)(uintptr_t)kit_var(r, name);
	if (addr != NULL)
		assert_int_equal(addr_parse(&ep.addr, kit_var(r, addr)), 0);
	strcpy(ep.proto, proto);
	if (port != 0)
		r->opts.first = &ep;
	r->opts.symptom = symptom;
	r->engine = engine_new(r->loop, &r->subject, &r->opts);
	engine_sink(r->engine, take, seen);
	kit_finish(r);
	r->opts.first = NULL;
}

static const char *
verdict(const struct kit_run *r)
{
	return json_str(engine_session(r->engine)->end, "verdict");
}

static bool
has(const char *key, const char *part, const char *more)
{
	return strstr(key, part) != NULL && strstr(key, more) != NULL;
}

static void
test_first(void **state)
{
	static const struct { const char *name, *addr; unsigned port;
		const char *proto; } rows[] = {
		{ "mx2", "mx2.6", 25, "smtp" }, { "mx1", "mx1.4", 25, "smtp" },
		{ "www", "web2.6", 443, "https" }, { NULL, "mx2.4", 25, "" },
		{ "www", NULL, 80, "http" },
	};
	struct kit_run r;
	struct seen seen;
	char port[8];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		run(&r, &seen, "", rows[i].name, rows[i].addr, rows[i].port,
		    rows[i].proto, NULL);
		snprintf(port, sizeof port, "/%u", rows[i].port);
		if (!has(seen.first, rows[i].addr != NULL ?
		    kit_var(&r, rows[i].addr) : kit_var(&r, rows[i].name),
		    port))
			fail_msg("row %zu: first is %s", i, seen.first);
		if (seen.other && rows[i].addr != NULL)
			fail_msg("row %zu: another began before its end", i);
		assert_string_equal(seen.ticket, "");
		assert_string_equal(verdict(&r), "ok");
		kit_free(&r);
	}
}

/* A first that is silent is waited for, but not for ever. */
static void
test_silent(void **state)
{
	struct kit_run r;
	struct seen seen;

	(void)state;
	run(&r, &seen, "fault tcp {mx2.6} port 25 silent\n", "mx2", "mx2.6", 25, "smtp", NULL);
	assert_true(has(seen.first, kit_var(&r, "mx2.6"), "/25"));
	kit_free(&r);
}

/* An address that the zone does not hold is spoken to and not judged. */
static void
test_ticket(void **state)
{
	static const struct { const char *name, *addr; unsigned port;
		const char *proto, *key; } rows[] = {
		{ "mx1", "x1.6", 25, "smtp", "mail-in/smtp/" },
		{ "www", "x2.4", 443, "https", "web/https/" },
		{ NULL, "x3.6", 80, "http", "web/http/" },
		{ NULL, "x4.6", 53, "dns", "servers/dns//" },
		{ "other", "x5.4", 25, "smtp", "mail-in/smtp/" },
	};
	struct kit_run r;
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		run(&r, &seen, "smtp {mx1} {x1.6}\n", rows[i].name,
		    rows[i].addr, rows[i].port, rows[i].proto, NULL);
		if (!has(seen.ticket, kit_var(&r, rows[i].addr), rows[i].key))
			fail_msg("row %zu: ticket is %s", i, seen.ticket);
		assert_string_equal(verdict(&r), "ok");
		kit_free(&r);
	}
	run(&r, &seen, "@ no-v6 -\n", "mx1", "x1.6", 25, "smtp", NULL);
	assert_string_equal(seen.ticket, "");
	kit_free(&r);
	run(&r, &seen, "@ skip web\n", "www", "x1.6", 443, "https", NULL);
	assert_string_equal(seen.ticket, "");
	kit_free(&r);
}

static void
test_symptom(void **state)
{
	static const struct { const char *word, *step; } rows[] = {
		{ "web", "web/" }, { "slow", "web/" },
		{ "receive", "mail-in/" }, { "send", "mail-in/" },
	};
	struct kit_run r;
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		run(&r, &seen, "", NULL, NULL, 0, "", rows[i].word);
		assert_string_equal(json_str(json_object_get(
		    engine_session(r.engine)->head, "options"), "symptom"),
		    rows[i].word);
		assert_string_equal(verdict(&r), "ok");
		kit_free(&r);
	}
	assert_int_equal(model_symptom("slow"), 0);
	assert_int_equal(model_symptom("zzz"), -1);
}

/* The wants of a session in the order of the symptom. */
static void
test_order(void **state)
{
	struct kit_run r;
	struct seen seen;

	(void)state;
	kit_start(&r, "", 0);
	memset(&seen, 0, sizeof seen);
	engine_sink(r.engine, take, &seen);
	engine_start(r.engine);
	engine_symptom(r.engine, "read");
	loop_run(r.loop);
	assert_string_equal(seen.symptom, "read");
	free(buf_steal(&r.events));
	kit_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_ticket),
		cmocka_unit_test(test_symptom),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
