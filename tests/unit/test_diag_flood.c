/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses while a peer sends far more than was asked: what is told,
 * kept and recorded of it stays small, and the domain is judged as without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "practice/memory.h"
#include "tests/unit/diag_kit.h"

#define STRAYS	500

/* The listeners of UDP of the scenario's world, each with strays before it. */
static struct mem_peer behind[256];

static void
stray_first(void *ctx, struct world *w, const struct sockname *from,
    const struct sockname *to, const void *data, size_t n)
{
	const struct mem_peer *peer = ctx;

	for (int i = 0; i < STRAYS; i++)
		memory_reply(w, to, from, "x", 1, 0);
	peer->datagram(peer->ctx, w, from, to, data, n);
}

static void
stray_everywhere(struct world *w)
{
	struct mem_world *m = memory_of(w);

	assert_true(m->nlisteners <= sizeof behind / sizeof *behind);
	for (size_t i = 0; i < m->nlisteners; i++) {
		behind[i] = m->listeners[i].peer;
		if (m->listeners[i].tcp)
			continue;
		m->listeners[i].peer.datagram = stray_first;
		m->listeners[i].peer.ctx = &behind[i];
	}
}

static size_t
count(const struct sprobe *p, const char *key)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nlines; i++)
		n += strcmp(json_str(p->lines[i].body, "key"), key) == 0;
	return n;
}

static void
looks_at_strays(const struct session *s)
{
	size_t asked = 0;

	for (size_t i = 0; i < s->nprobes; i++) {
		const struct sprobe *p = s->probes[i];
		const struct sfact *f = probe_fact(p, "exchange", 0);

		if (f == NULL || p->reply == NULL ||
		    json_int(f->value, "strays", 0) == 0)
			continue;
		asked++;
		assert_int_equal(json_int(f->value, "strays", 0), STRAYS);
		assert_int_equal(count(p, "dns-stray"), LIMIT_STRAYS);
		assert_int_equal(count(p, "dns-strays"), 1);
		assert_int_equal(p->dropped, 0);
	}
	assert_true(asked > 50);
}

/* Every answer comes behind hundreds of datagrams that are none. */
static void
strays(void **state)
{
	struct kit_run usual, r;

	(void)state;
	kit_run(&usual, "@ no-resolver\n", 0);
	kit_start(&r, "@ no-resolver\n", 0);
	stray_everywhere(r.world);
	kit_finish(&r);
	print_message("%zu KiB of events, %zu without strays\n",
	    r.log_len / 1024, usual.log_len / 1024);
	assert_string_equal(json_str(engine_session(r.engine)->end,
	    "verdict"), "ok");
	looks_at_strays(engine_session(r.engine));
	assert_true(r.log_len < 8 * usual.log_len);
	kit_free(&r);
	kit_free(&usual);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strays),
	};

	print_message("seed %llu\n", (unsigned long long)kit_seed());
	return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
