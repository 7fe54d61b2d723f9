/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A whole dialogue in the memory world. First byte: protocol and TLS mode;
 * then what the peer says, parted by 0xff: one part a turn of ours, the first
 * unasked. Whatever it says, the talk ends in time.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "net/tls.h"
#include "practice/world_memory.h"
#include "talk/talk.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct peer {
	const uint8_t *data;
	size_t n;
};

struct run {
	struct loop *loop;
	struct talk *talk;
	bool done;
};

static void
speak(struct peer *p, struct mem_conn *c)
{
	const uint8_t *end = p->n == 0 ? NULL : memchr(p->data, 0xff, p->n);
	size_t n = end == NULL ? p->n : (size_t)(end - p->data);

	if (p->n == 0) {
		mem_conn_close(c, 0);
		return;
	}
	if (n > 0)
		mem_conn_send(c, p->data, n, 0);
	n += end != NULL;
	p->data += n;
	p->n -= n;
}

static void *
peer_accept(void *ctx, struct mem_conn *c)
{
	speak(ctx, c);
	return ctx;
}

static void
peer_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	(void)data;
	(void)n;
	speak(ctx, c);
}

static void
peer_closed(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	(void)c;
}

static void
on_line(void *ctx, int attempt, const struct talk_line *l)
{
	(void)ctx;
	if (attempt < 1 || l->len > LIMIT_LINE || l->full < l->len ||
	    (l->key == NULL && l->data == NULL && l->len > 0))
		abort();
}

static void
on_fact(void *ctx, int attempt, const char *key, json_t *value)
{
	(void)ctx;
	if (attempt < 1 || key == NULL || !json_is_object(value))
		abort();
	json_decref(value);
}

static void
on_attempt(void *ctx, int attempt, bool ended)
{
	(void)ctx;
	if (attempt < 1 + !ended)
		abort();
}

static void
on_done(void *ctx, const char *word)
{
	struct run *r = ctx;

	if (word == NULL || r->done)
		abort();
	r->done = true;
	talk_free(r->talk);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct peer said = { data + 1, n - 1 };
	struct mem_peer peer = { .ctx = &said, .accept = peer_accept,
	    .data = peer_data, .closed = peer_closed };
	struct talk_params p = { .name = "a.example", .tries = 2,
	    .agent = "x", .helo = "b.example", .mail_from = "",
	    .rcpt = "c@a.example" };
	struct run r = { NULL, NULL, false };
	struct talk_hooks hooks = { &r, on_line, on_fact, on_attempt,
	    on_done };
	struct timeouts timeouts;
	struct world *w;
	int64_t begun;

	if (n == 0)
		return 0;
	w = memory_new(1, 1795000000);
	memory_rtt(w, 10 * NSEC_PER_MSEC);
	timeouts_init(&timeouts, 1.0);
	p.loop = r.loop = loop_new(w);
	p.timeouts = &timeouts;
	p.tls = (enum talk_tls)(data[0] / 2 % 3);
	addr_parse(&p.to.addr, "192.0.2.1");
	p.to.port = data[0] % 2 == 0 ? 25 : 80;
	memory_listen(w, &p.to, true, &peer);
	begun = loop_now(r.loop);
	r.talk = data[0] % 2 == 0 ? smtp_start(&p, &hooks) :
	    http_start(&p, &hooks);
	loop_run(r.loop);
	if (!r.done || loop_now(r.loop) - begun > timeouts.probe +
	    NSEC_PER_SEC)
		abort();
	loop_free(r.loop);
	tls_cleanup();
	world_free(w);
	return 0;
}
