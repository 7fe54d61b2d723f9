/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses while a peer sends far more than was asked: what is told,
 * kept and recorded of it stays small, and the domain is judged as without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/xalloc.h"
#include "diag/engine_hand.h"
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

static void *
empty_lines(void *ctx, struct mem_conn *c)
{
	size_t n = LIMIT_HAND;
	char *lines = xmalloc(n);

	(void)ctx;
	for (size_t i = 0; i < n; i++)
		lines[i] = "\r\n"[i % 2];
	mem_conn_send(c, lines, n, 0);
	free(lines);
	return NULL;
}

static void
no_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	(void)ctx;
	(void)c;
	(void)data;
	(void)n;
}

static void
until_over(struct kit_run *r, const struct session *s, const struct event *ev)
{
	(void)s;
	if (ev->kind == EV_PROBE &&
	    strcmp(json_str(ev->body, "state"), "ended") == 0)
		loop_stop(r->loop);
}

/* By hand nothing is asked for: lines of nothing come to an end too. */
static void
by_hand(void **state)
{
	const struct mem_peer peer = { .accept = empty_lines,
		.data = no_data };
	struct hand_target to = { "tcp", "", { 0, { 0 } }, 4000, TALK_PLAIN };
	const struct sprobe *p;
	struct sockname at;
	struct kit_run r;

	(void)state;
	kit_start(&r, "@ no-resolver\n", 0);
	r.watch = until_over;
	assert_int_equal(addr_parse(&to.addr, kit_var(&r, "x1.4")), 0);
	memset(&at, 0, sizeof at);
	at.addr = to.addr;
	at.port = to.port;
	memory_listen(r.world, &at, true, &peer);
	engine_start_by_hand(r.engine);
	assert_non_null(engine_open(r.engine, &to));
	loop_run(r.loop);
	p = engine_session(r.engine)->probes[0];
	assert_int_equal(p->state, PROBE_ENDED);
	print_message("%zu lines, %zu KiB of events\n", p->nlines +
	    p->dropped, r.events.len / 1024);
	assert_true(p->nlines + p->dropped > LIMIT_HAND_LINES);
	assert_true(p->nlines + p->dropped < LIMIT_HAND_LINES + 16);
	assert_int_equal(json_int(probe_fact(p, "limit", 0)->value, "at", 0),
	    2 * (LIMIT_HAND_LINES + 1));
	kit_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strays),
		cmocka_unit_test(by_hand),
	};

	print_message("seed %llu\n", (unsigned long long)kit_seed());
	return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
