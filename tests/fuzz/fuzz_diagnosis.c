/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses in the memory world. Any server knows an answer to every
 * question; the input spoils it. Four bytes a question: how, where, which
 * byte; then, for TCP, what web and mail servers say, parted by 0xff. Whatever
 * they do, the diagnosis ends, in bounds, and no byte leaves unescaped.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "diag/engine.h"
#include "diag/record.h"
#include "net/tls.h"
#include "practice/world_memory.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define LONGEST	(200 * NSEC_PER_SEC)

enum how { ASIS = 4, PATCH, CUT, SILENT, RAW, TRUNCATED, HOWS };

struct input {
	const uint8_t	*data;
	size_t		 n;
	struct world	*world;
};

static uint8_t
take(struct input *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->data++;
}

static void
put(struct buf *b, const void *data, size_t n)
{
	buf_add(b, data, n);
}

/* A record of the question's name. */
static void
record(struct buf *b, unsigned type, const void *rdata, size_t n)
{
	unsigned char head[12] = { 0xc0, 12, (unsigned char)(type >> 8),
		(unsigned char)type, 0, 1, 0, 0, 0, 60, 0, (unsigned char)n };

	put(b, head, sizeof head);
	put(b, rdata, n);
}

/* An answer to anything: two name servers, two addresses, one mail host. */
static size_t
answers(struct buf *b, unsigned type)
{
	switch (type) {
	case DNS_A:
		record(b, type, "\300\0\2\12", 4);
		record(b, type, "\300\0\2\13", 4);
		return 2;
	case DNS_AAAA:
		record(b, type, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
		return 1;
	case DNS_NS:
		record(b, type, "\3ns1\1d\4test\0", 12);
		record(b, type, "\3ns2\1e\4test\0", 12);
		return 2;
	case DNS_MX:
		record(b, type, "\0\12\2mx\1d\4test\0", 13);
		return 1;
	case DNS_SOA:
		record(b, type, "\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5",
		    22);
		return 1;
	default:
		return 0;
	}
}

static void
reply_to(struct input *in, const unsigned char *q, size_t n, struct buf *b)
{
	unsigned char head[12] = { q[0], q[1], 0x84, 0, 0, 1 };
	size_t end = 12, at;
	unsigned how = take(in) % HOWS, where, value;

	where = take(in);
	where = where << 8 | take(in);
	value = take(in);
	if (how == SILENT)
		return;
	while (end < n && q[end] != 0)
		end += 1u + q[end];
	end += 5;
	if (end > n)
		abort();
	put(b, head, 12);
	put(b, q + 12, end - 12);
	at = answers(b, (unsigned)q[end - 4] << 8 | q[end - 3]);
	b->data[7] = (unsigned char)at;
	if (how == PATCH)
		b->data[2 + where % (b->len - 2)] = (unsigned char)value;
	else if (how == CUT)
		b->len = where % (b->len + 1);
	else if (how == TRUNCATED)
		b->data[2] |= 2;
	else if (how == RAW) {
		size_t raw = where % 512 < in->n ? where % 512 : in->n;

		b->len = 2;
		put(b, in->data, raw);
		in->data += raw;
		in->n -= raw;
	}
}

static void
on_datagram(void *ctx, struct world *w, const struct sockname *from,
    const struct sockname *to, const void *data, size_t n)
{
	struct buf b;

	buf_init(&b, 0);
	if (n >= 17)
		reply_to(ctx, data, n, &b);
	if (b.len > 0)
		memory_reply(w, to, from, b.data, b.len, 0);
	buf_free(&b);
}

/* The next part of the input, unasked or after each of our turns. */
static void
speak(struct input *in, struct mem_conn *c)
{
	const uint8_t *end = in->n == 0 ? NULL : memchr(in->data, 0xff, in->n);
	size_t n = end == NULL ? in->n : (size_t)(end - in->data);

	if (in->n == 0) {
		mem_conn_close(c, 0);
		return;
	}
	if (n > 0)
		mem_conn_send(c, in->data, n, 0);
	n += end != NULL;
	in->data += n;
	in->n -= n;
}

static void *
on_accept(void *ctx, struct mem_conn *c)
{
	if (mem_conn_to(c)->port == 25)
		speak(ctx, c);
	return c;
}

static struct input *current;

static void
on_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	struct buf b;
	unsigned char prefix[2];

	(void)ctx;
	if (mem_conn_to(c)->port != 53) {
		speak(current, c);
		return;
	}
	buf_init(&b, 0);
	if (n >= 19)
		reply_to(current, (const unsigned char *)data + 2, n - 2, &b);
	prefix[0] = (unsigned char)(b.len >> 8);
	prefix[1] = (unsigned char)b.len;
	mem_conn_send(c, prefix, 2, 0);
	if (b.len > 0)
		mem_conn_send(c, b.data, b.len, 0);
	mem_conn_close(c, 0);
	buf_free(&b);
}

static void
on_closed(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	(void)c;
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	char *line = record_line(ev);

	(void)ctx;
	(void)s;
	for (const char *p = line; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			abort();
	free(line);
}

static struct world *
open_world(struct input *in)
{
	static const uint16_t ports[] = { 53, 80, 443, 25 };
	struct mem_peer peer = { .ctx = in, .datagram = on_datagram,
	    .accept = on_accept, .data = on_data, .closed = on_closed };
	struct world *w = memory_new(1, 1795000000);
	struct sockname at;
	char *cause = NULL;

	memset(&at, 0, sizeof at);
	memory_rtt(w, 20 * NSEC_PER_MSEC);
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
		at.port = ports[i];
		memory_listen(w, &at, true, &peer);
		if (ports[i] == 53)
			memory_listen(w, &at, false, &peer);
	}
	if (world_hints_parse(w, ". NS a.root.\n. NS b.root.\n"
	    "a.root. A 198.51.100.1\na.root. AAAA 2001:db8:1::1\n"
	    "b.root. A 198.51.100.2\n", &cause) == -1)
		abort();
	prefix_parse(&w->global[w->nglobal++], "192.0.2.0/24");
	prefix_parse(&w->global[w->nglobal++], "198.51.100.0/24");
	prefix_parse(&w->global[w->nglobal++], "2001:db8::/32");
	addr_parse(&w->resolvers[w->nresolvers++], "198.51.100.53");
	return w;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct input in = { data, n, NULL };
	struct engine_opts opts;
	struct memory_stats stats;
	struct subject subject;
	struct engine *e;
	struct loop *loop;
	const char *why;
	char *hint = NULL;
	int64_t began;

	current = &in;
	memset(&opts, 0, sizeof opts);
	opts.tries = 1;
	opts.scale = 1;
	opts.version = "0";
	opts.rcpt = "a@d.test";
	if (subject_parse(&subject, "d.test", &why, &hint) == -1)
		abort();
	in.world = open_world(&in);
	loop = loop_new(in.world);
	e = engine_new(loop, &subject, &opts);
	engine_sink(e, on_event, NULL);
	began = loop_now(loop);
	engine_start(e);
	loop_run(loop);
	memory_stats(in.world, &stats);
	if (!engine_ended(e) || loop_now(loop) - began > LONGEST ||
	    engine_session(e)->bytes > LIMIT_SESSION ||
	    stats.open_max > LIMIT_SOCKETS)
		abort();
	engine_free(e);
	loop_free(loop);
	world_free(in.world);
	subject_free(&subject);
	free(hint);
	tls_cleanup();
	return 0;
}
