/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP over the practice link (RFC 9293): the server's end of a connection
 * whose other side is a connection of the memory world. The link loses next
 * to nothing, so what is out of order is asked for again, and what is not
 * acknowledged is sent again from there; no options but the MSS.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/segment.h"

#define OUT_MAX		65536u
#define LINGER		NSEC_PER_SEC

static void
finished(struct wire *wi, struct stream *t)
{
	if (t->fin_in && t->fin_acked)
		stream_gone(wi, t);
}

static struct stream *
find(struct wire *wi, const struct sockname *client,
    const struct sockname *server)
{
	struct stream	*t;
	size_t		 i;

	for (i = 0; i < wi->nstreams; i++) {
		t = wi->streams[i];
		if (t->state != STREAM_GONE &&
		    t->client.port == client->port &&
		    t->server.port == server->port &&
		    addr_equal(&t->client.addr, &client->addr) &&
		    addr_equal(&t->server.addr, &server->addr))
			return (t);
	}
	return (NULL);
}

static int
connect_world(struct wire *wi, struct stream *t)
{
	const struct world_ops	*ops = wi->w->ops;

	t->handle = ops->open(wi->w, t->client.addr.family, true);
	if (t->handle == -1)
		return (-1);
	if (ops->bind(wi->w, t->handle, &t->client) == 0) {
		ops->clamp(wi->w, t->handle, (unsigned)t->mss);
		if (ops->connect(wi->w, t->handle, &t->server) == 0)
			return (0);
	}
	ops->close(wi->w, t->handle);
	return (-1);
}

static void
new_stream(struct wire *wi, const struct stream *tuple,
    const struct segment *s)
{
	size_t		 widest = tuple->client.addr.family == 4 ?
			    WIRE_MTU - 40 : WIRE_MTU - 60;
	struct stream	*t;

	if (wi->nstreams == WIRE_FLOWS)
		return;
	t = xcalloc(1, sizeof *t);
	*t = *tuple;
	t->mss = s->mss < 64 ? 64 : s->mss > widest ? widest : s->mss;
	if (connect_world(wi, t) == -1) {
		free(t);
		return;
	}
	buf_init(&t->out, 0);
	t->irs = s->seq;
	t->rcv = s->seq + 1;
	wi->w->ops->random(wi->w, &t->iss, sizeof t->iss);
	t->una = t->next = t->max = t->iss + 1;
	t->window = s->window;
	t->timer = t->linger = WORLD_NEVER;
	t->touched = wi->w->ops->now(wi->w);
	wi->streams = xreallocarray(wi->streams, wi->nstreams + 1,
	    sizeof(struct stream *));
	wi->streams[wi->nstreams++] = t;
}

/* The connection failed in the world: say so as the network would. */
static void
reject(struct wire *wi, struct stream *t)
{
	unsigned char	first[8];

	if (t->error.icmp_type < 0) {
		segment_emit(wi, t, RST | ACK, 0, NULL, 0);
		stream_gone(wi, t);
		return;
	}
	wire_put16(first, t->client.port);
	wire_put16(first + 2, t->server.port);
	wire_put32(first + 4, t->irs);
	wire_icmp_error(wi, &t->error, &t->client, &t->server, WIRE_TCP,
	    first);
}

/* A segment that belongs to no connection. */
static void
stray(struct wire *wi, struct stream *tuple, const struct segment *s)
{
	if ((s->flags & RST) != 0)
		return;
	if ((s->flags & (SYN | ACK)) == SYN) {
		new_stream(wi, tuple, s);
		return;
	}
	tuple->rcv = s->seq + (uint32_t)s->len +
	    ((s->flags & (SYN | FIN)) != 0);
	segment_emit(wi, tuple, (s->flags & ACK) != 0 ? RST : RST | ACK,
	    (s->flags & ACK) != 0 ? s->ack : 0, NULL, 0);
}

/* False: the acknowledgment is for what was never sent. */
static bool
take_ack(struct wire *wi, struct stream *t, const struct segment *s)
{
	uint32_t	acked = s->ack - t->una;
	size_t		n;

	if ((s->flags & ACK) == 0)
		return (false);
	if (segment_before(t->max, s->ack))
		return (false);
	if (!segment_before(s->ack, t->una)) {
		if (t->window == 0 && s->window > 0)
			t->next = s->ack;	/* the probe was dropped */
		t->window = s->window;
	}
	if (!segment_before(t->una, s->ack))
		return (true);
	n = acked < t->out.len ? acked : t->out.len;
	buf_drop(&t->out, n);
	t->fin_acked = t->fin_acked || acked > n;
	t->una = s->ack;
	if (segment_before(t->next, t->una))
		t->next = t->una;
	t->tries = 0;
	t->timer = WORLD_NEVER;
	if (t->next != t->una)
		stream_arm(wi, t);
	return (true);
}

/* Bytes of the client in order; a FIN behind them. */
static void
take_data(struct wire *wi, struct stream *t, const struct segment *s)
{
	uint32_t	old = t->rcv - s->seq;
	size_t		len = s->len, skip;

	if (segment_before(t->rcv, s->seq) || old > len + 1) {
		stream_acknowledge(wi, t);
		return;
	}
	skip = old < len ? old : len;
	len -= skip;
	if (len > 0 && !t->fin_in) {
		t->rcv += (uint32_t)len;
		if (t->handle != -1 && wi->w->ops->send(wi->w, t->handle,
		    s->data + skip, len, NULL) == -1) {
			stream_reset(wi, t);
			return;
		}
	}
	if ((s->flags & FIN) != 0 && !t->fin_in && old <= s->len) {
		t->rcv++;
		t->fin_in = true;
		t->linger = wi->w->ops->now(wi->w) + LINGER;
	}
	if (s->len > 0 || (s->flags & FIN) != 0 || old != 0)
		stream_acknowledge(wi, t);
}

static void
open_input(struct wire *wi, struct stream *t, const struct segment *s)
{
	if ((s->flags & RST) != 0) {
		if (s->seq == t->rcv)
			stream_gone(wi, t);
		else if (segment_before(t->rcv, s->seq) &&
		    s->seq - t->rcv < WINDOW)
			stream_acknowledge(wi, t);
		return;
	}
	if ((s->flags & SYN) != 0 || !take_ack(wi, t, s)) {
		stream_acknowledge(wi, t);
		return;
	}
	take_data(wi, t, s);
	if (t->state == STREAM_OPEN) {
		stream_output(wi, t);
		finished(wi, t);
	}
}

static void
handshake_input(struct wire *wi, struct stream *t, const struct segment *s)
{
	if ((s->flags & RST) != 0) {
		if (s->seq == t->rcv)
			stream_gone(wi, t);
	} else if ((s->flags & SYN) != 0 && s->seq == t->irs)
		segment_emit(wi, t, SYN | ACK, t->iss, NULL, 0);
	else if ((s->flags & ACK) != 0 && s->ack != t->una) {
		segment_emit(wi, t, RST, s->ack, NULL, 0);
	} else if ((s->flags & ACK) != 0) {
		t->state = STREAM_OPEN;
		t->tries = 0;
		t->timer = WORLD_NEVER;
		open_input(wi, t, s);
	}
}

/* The client began anew with the same ports. */
static bool
reopened(const struct stream *t, const struct segment *s)
{
	return ((s->flags & (SYN | ACK | RST)) == SYN && s->seq != t->irs &&
	    (t->state <= STREAM_REJECTED || t->fin_in));
}

void
stream_input(struct wire *wi, const struct wire_packet *p)
{
	struct stream	 tuple = { .client = { p->from, 0 },
			    .server = { p->to, 0 }, .handle = -1 };
	struct stream	*t;
	struct segment	 s;

	if (segment_parse(&s, p) == -1)
		return;
	tuple.client.port = (uint16_t)wire_get16(p->data);
	tuple.server.port = (uint16_t)wire_get16(p->data + 2);
	if (tuple.client.port == 0 || tuple.server.port == 0)
		return;
	t = find(wi, &tuple.client, &tuple.server);
	if (t != NULL && reopened(t, &s)) {
		stream_gone(wi, t);
		t = NULL;
	}
	if (t == NULL) {
		stray(wi, &tuple, &s);
		return;
	}
	t->touched = wi->w->ops->now(wi->w);
	if (t->state == STREAM_OPEN)
		open_input(wi, t, &s);
	else if (t->state == STREAM_SYN_RECEIVED)
		handshake_input(wi, t, &s);
	else if ((s.flags & RST) != 0)
		stream_gone(wi, t);
	else if (t->state == STREAM_REJECTED && (s.flags & SYN) != 0)
		reject(wi, t);
}

unsigned
stream_wants(const struct stream *t)
{
	if (t->state == STREAM_CONNECTING)
		return (WORLD_OUT);
	return (!t->eof && t->out.len < OUT_MAX ? WORLD_IN : 0);
}

static void
connected(struct wire *wi, struct stream *t)
{
	if (wi->w->ops->error(wi->w, t->handle, &t->error, NULL) == 1) {
		stream_hang_up(wi, t);
		t->state = STREAM_REJECTED;
		reject(wi, t);
		return;
	}
	t->state = STREAM_SYN_RECEIVED;
	segment_emit(wi, t, SYN | ACK, t->iss, NULL, 0);
	stream_arm(wi, t);
}

void
stream_ready(struct wire *wi, struct stream *t)
{
	static unsigned char	in[OUT_MAX];
	ssize_t			n;

	if (t->state == STREAM_CONNECTING) {
		connected(wi, t);
		return;
	}
	if (t->handle == -1 || t->out.len >= OUT_MAX)
		return;
	n = wi->w->ops->recv(wi->w, t->handle, in, OUT_MAX - t->out.len, NULL);
	if (n == -1) {
		if (errno != EAGAIN)
			stream_reset(wi, t);
		return;
	}
	if (n == 0)
		t->eof = true;
	else
		buf_add(&t->out, in, (size_t)n);
	if (t->linger != WORLD_NEVER)
		t->linger = wi->w->ops->now(wi->w) + LINGER;
	if (t->state == STREAM_OPEN)
		stream_output(wi, t);
}
