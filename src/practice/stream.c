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
#define RETRY		(200 * NSEC_PER_MSEC)
#define RETRY_MAX	(5 * NSEC_PER_SEC)
#define TRIES		10
#define LINGER		NSEC_PER_SEC
#define IDLE_HALF	(180 * NSEC_PER_SEC)	/* nothing ever answered */
#define IDLE_OPEN	(7200 * NSEC_PER_SEC)

static bool
before(uint32_t a, uint32_t b)
{
	return ((int32_t)(a - b) < 0);
}

static void
acknowledge(struct wire *wi, const struct stream *t)
{
	segment_emit(wi, t, ACK, t->next, NULL, 0);
}

static void
hang_up(struct wire *wi, struct stream *t)
{
	if (t->handle != -1)
		wi->w->ops->close(wi->w, t->handle);
	t->handle = -1;
	t->linger = WORLD_NEVER;
}

static void
gone(struct wire *wi, struct stream *t)
{
	hang_up(wi, t);
	t->state = STREAM_GONE;
	t->timer = WORLD_NEVER;
}

static void
reset(struct wire *wi, struct stream *t)
{
	segment_emit(wi, t, RST | ACK, t->next, NULL, 0);
	gone(wi, t);
}

static void
arm(struct wire *wi, struct stream *t)
{
	int64_t	wait = RETRY << (t->tries < 6 ? t->tries : 6);

	t->timer = wi->w->ops->now(wi->w) +
	    (wait < RETRY_MAX ? wait : RETRY_MAX);
}

static void
finished(struct wire *wi, struct stream *t)
{
	if (t->fin_in && t->fin_acked)
		gone(wi, t);
}

/* Send what the client's window has room for, the FIN behind it. */
static void
output(struct wire *wi, struct stream *t)
{
	size_t	at, n;

	for (;;) {
		at = t->next - t->una;
		if (at >= t->out.len || at >= t->window)
			break;
		n = t->out.len - at;
		n = n < t->mss ? n : t->mss;
		n = n < t->window - at ? n : t->window - at;
		segment_emit(wi, t, ACK | (at + n == t->out.len ? PSH : 0), t->next,
		    t->out.data + at, n);
		t->next += (uint32_t)n;
	}
	if (t->eof && !t->fin_acked && at == t->out.len) {
		segment_emit(wi, t, FIN | ACK, t->next, NULL, 0);
		t->next++;
	}
	if (before(t->max, t->next))
		t->max = t->next;
	if (t->next == t->una && t->out.len == 0)
		t->timer = WORLD_NEVER;
	else if (t->timer == WORLD_NEVER)
		arm(wi, t);
}

static void
again(struct wire *wi, struct stream *t)
{
	if (t->state == STREAM_OPEN && t->window == 0 && t->out.len > 0) {
		segment_emit(wi, t, ACK, t->una, t->out.data, 1);
		if (before(t->max, t->una + 1))
			t->max = t->una + 1;
		t->next = t->max;
		t->tries += t->tries < 6;
		arm(wi, t);
		return;
	}
	if (++t->tries > TRIES) {
		reset(wi, t);
		return;
	}
	t->timer = WORLD_NEVER;
	if (t->state == STREAM_SYN_RECEIVED) {
		segment_emit(wi, t, SYN | ACK, t->iss, NULL, 0);
		arm(wi, t);
		return;
	}
	t->next = t->una;
	output(wi, t);
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

void
stream_free(struct wire *wi, struct stream *t)
{
	hang_up(wi, t);
	buf_free(&t->out);
	free(t);
}

/* The connection failed in the world: say so as the network would. */
static void
reject(struct wire *wi, struct stream *t)
{
	unsigned char	first[8];

	if (t->error.icmp_type < 0) {
		segment_emit(wi, t, RST | ACK, 0, NULL, 0);
		gone(wi, t);
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
	if (before(t->max, s->ack))
		return (false);
	if (!before(s->ack, t->una))
		t->window = s->window;
	if (!before(t->una, s->ack))
		return (true);
	n = acked < t->out.len ? acked : t->out.len;
	buf_drop(&t->out, n);
	t->fin_acked = t->fin_acked || acked > n;
	t->una = s->ack;
	if (before(t->next, t->una))
		t->next = t->una;
	t->tries = 0;
	t->timer = WORLD_NEVER;
	if (t->next != t->una)
		arm(wi, t);
	return (true);
}

/* Bytes of the client in order; a FIN behind them. */
static void
take_data(struct wire *wi, struct stream *t, const struct segment *s)
{
	uint32_t	old = t->rcv - s->seq;
	size_t		len = s->len, skip;

	if (before(t->rcv, s->seq) || old > len + 1) {
		acknowledge(wi, t);
		return;
	}
	skip = old < len ? old : len;
	len -= skip;
	if (len > 0 && !t->fin_in) {
		t->rcv += (uint32_t)len;
		if (t->handle != -1 && wi->w->ops->send(wi->w, t->handle,
		    s->data + skip, len, NULL) == -1) {
			reset(wi, t);
			return;
		}
	}
	if ((s->flags & FIN) != 0 && !t->fin_in && old <= s->len) {
		t->rcv++;
		t->fin_in = true;
		t->linger = wi->w->ops->now(wi->w) + LINGER;
	}
	if (s->len > 0 || (s->flags & FIN) != 0 || old != 0)
		acknowledge(wi, t);
}

static void
open_input(struct wire *wi, struct stream *t, const struct segment *s)
{
	if ((s->flags & RST) != 0) {
		if (s->seq == t->rcv)
			gone(wi, t);
		else if (before(t->rcv, s->seq) && s->seq - t->rcv < WINDOW)
			acknowledge(wi, t);
		return;
	}
	if ((s->flags & SYN) != 0 || !take_ack(wi, t, s)) {
		acknowledge(wi, t);
		return;
	}
	take_data(wi, t, s);
	if (t->state == STREAM_OPEN) {
		output(wi, t);
		finished(wi, t);
	}
}

static void
handshake_input(struct wire *wi, struct stream *t, const struct segment *s)
{
	if ((s->flags & RST) != 0) {
		if (s->seq == t->rcv)
			gone(wi, t);
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
		gone(wi, t);
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
		gone(wi, t);
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
		hang_up(wi, t);
		t->state = STREAM_REJECTED;
		reject(wi, t);
		return;
	}
	t->state = STREAM_SYN_RECEIVED;
	segment_emit(wi, t, SYN | ACK, t->iss, NULL, 0);
	arm(wi, t);
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
			reset(wi, t);
		return;
	}
	if (n == 0)
		t->eof = true;
	else
		buf_add(&t->out, in, (size_t)n);
	if (t->linger != WORLD_NEVER)
		t->linger = wi->w->ops->now(wi->w) + LINGER;
	if (t->state == STREAM_OPEN)
		output(wi, t);
}

static void
due(struct wire *wi, struct stream *t, int64_t now)
{
	if (t->linger <= now) {		/* the client ended long ago */
		hang_up(wi, t);
		t->eof = true;
		output(wi, t);
	}
	if (t->timer <= now && t->state != STREAM_GONE)
		again(wi, t);
	if (now - t->touched >= (t->state == STREAM_OPEN ? IDLE_OPEN :
	    IDLE_HALF))
		gone(wi, t);
}

void
stream_turn(struct wire *wi, int64_t now)
{
	size_t	i;

	for (i = wi->nstreams; i-- > 0;) {
		due(wi, wi->streams[i], now);
		if (wi->streams[i]->state == STREAM_GONE) {
			stream_free(wi, wi->streams[i]);
			wi->streams[i] = wi->streams[--wi->nstreams];
		}
	}
}

int64_t
stream_next(const struct wire *wi)
{
	int64_t	next = WORLD_NEVER;
	size_t	i;

	for (i = 0; i < wi->nstreams; i++) {
		if (wi->streams[i]->timer < next)
			next = wi->streams[i]->timer;
		if (wi->streams[i]->linger < next)
			next = wi->streams[i]->linger;
	}
	return (next);
}
