/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP in the memory world. A connect takes one round trip, the peer accepts
 * half a round trip later, bytes arrive in order half a round trip after they
 * were sent. The peer's end (struct mem_conn) outlives the client's handle
 * until the peer has been told that it is over.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/memory.h"

static void
schedule(struct mem_conn *c, enum mem_event_kind kind, int64_t at,
    struct mem_packet *packet)
{
	struct mem_event	e = { .kind = kind };

	e.at = at;
	e.handle = c->handle;
	e.conn = c;
	e.packet = packet;
	memory_event(c->world, &e);
}

static void
connect_failed(struct world *w, int handle, const struct mem_fate *fate)
{
	struct mem_event	e = { .kind = MEM_EV_FAILED };

	e.at = memory_of(w)->now + memory_of(w)->rtt + fate->delay;
	e.handle = handle;
	memory_sock(w, handle)->error = fate->error;
	memory_event(w, &e);
}

int
memory_conn_connect(struct world *w, int handle, const struct sockname *to)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sock		*s = memory_sock(w, handle);
	struct mem_conn		*c;
	struct mem_fate		 fate;

	if (s->state != MEM_IDLE) {
		errno = EISCONN;
		return (-1);
	}
	memory_local(w, s);
	s->peer = *to;
	s->state = MEM_CONNECTING;
	m->stats.connects++;
	memory_told(w, "connect", to, NULL, 0);
	memory_fate(w, to, true, &fate);
	if (fate.what == FATE_ERROR)
		connect_failed(w, handle, &fate);
	if (fate.what != FATE_DELIVER)
		return (0);
	c = s->conn = xcalloc(1, sizeof *c);
	c->refs = 1;
	c->world = w;
	c->handle = handle;
	c->number = fate.number;
	c->from = s->local;
	c->to = *to;
	c->peer = m->listeners[fate.listener].peer;
	c->rtt = m->rtt + fate.delay;
	c->cut = fate.cut;
	c->cut_after = fate.cut_after;
	c->cut_kind = fate.cut_kind;
	c->lost_over = fate.lost_over;
	c->mss = to->addr.family == 4 ? 1460 : 1440;
	if (s->mss != 0 && s->mss < c->mss)
		c->mss = s->mss;
	schedule(c, MEM_EV_CONNECTED, m->now + c->rtt, NULL);
	schedule(c, MEM_EV_ACCEPT, m->now + c->rtt + c->rtt / 2, NULL);
	return (0);
}

ssize_t
memory_conn_send(struct world *w, int handle, const void *data, size_t len)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sock		*s = memory_sock(w, handle);
	int64_t			 at;

	if (s->state != MEM_OPEN) {
		errno = s->state == MEM_CONNECTING ? EAGAIN : EPIPE;
		return (-1);
	}
	if (len == 0)
		return (0);
	m->stats.bytes_out += len;
	memory_told(w, "tcp", &s->peer, data, len);
	at = m->now + s->conn->rtt / 2;
	if (at < s->conn->last_out)
		at = s->conn->last_out;
	s->conn->last_out = at;
	schedule(s->conn, MEM_EV_TO_PEER, at, memory_packet(data, len));
	return ((ssize_t)len);
}

ssize_t
memory_conn_recv(struct world *w, int handle, void *out, size_t size)
{
	struct mem_sock	*s = memory_sock(w, handle);
	size_t		 n = s->bytes.len - s->read;

	if (n > 0) {
		n = n < size ? n : size;
		memcpy(out, s->bytes.data + s->read, n);
		s->read += n;
		s->conn->unread -= n;
		if (s->read == s->bytes.len)
			s->read = s->bytes.len = 0;
		return ((ssize_t)n);
	}
	if (s->state == MEM_FAILED) {
		errno = s->error.err;
		return (-1);
	}
	if (s->eof)
		return (0);
	errno = s->state == MEM_IDLE ? ENOTCONN : EAGAIN;
	return (-1);
}

static void
count_open(struct mem_conn *c, bool opened)
{
	struct mem_dest		*d = memory_dest(c->world, &c->to, true);
	struct memory_stats	*stats = &memory_of(c->world)->stats;

	if (!opened) {
		d->open--;
		return;
	}
	if (++d->open > stats->same_open_max)
		stats->same_open_max = d->open;
}

void
memory_conn_close(struct world *w, struct mem_sock *s)
{
	struct mem_conn	*c = s->conn;
	int64_t		 at;

	if (c == NULL)
		return;
	if (s->state == MEM_OPEN || s->state == MEM_FAILED)
		count_open(c, false);
	at = memory_of(w)->now + c->rtt / 2;
	schedule(c, MEM_EV_CLOSED, at > c->last_out ? at : c->last_out, NULL);
	s->conn = NULL;
	memory_conn_unref(c);
}

void
memory_conn_unref(struct mem_conn *c)
{
	if (--c->refs == 0)
		free(c);
}

void
memory_conn_end(struct mem_conn *c)
{
	if (c->over)
		return;
	c->over = true;
	if (c->accepted && c->peer.closed != NULL)
		c->peer.closed(c->ctx, c);
}

static bool
silenced(const struct mem_conn *c)
{
	return (c->over || c->peer_closed || c->stalled);
}

/* The client's bytes arrive at the peer. */
static void
to_peer(struct mem_conn *c, const struct mem_packet *p)
{
	int64_t	now = memory_of(c->world)->now;

	if (c->over || c->stalled)
		return;
	if (c->peer_closed && now >= c->closed_at)
		schedule(c, MEM_EV_RESET, now + c->rtt / 2, NULL);
	else if (!c->peer_closed && c->peer.data != NULL)
		c->peer.data(c->ctx, c, p->data, p->len);
}

static void
fail(struct mem_sock *s, int err)
{
	if (s->state == MEM_FAILED)
		return;
	net_error_errno(&s->error, err);
	s->state = MEM_FAILED;
}

static void
to_client(struct world *w, struct mem_sock *s, const struct mem_packet *p)
{
	if (s->read > 65536 || s->read == s->bytes.len) {
		buf_drop(&s->bytes, s->read);
		s->read = 0;
	}
	buf_add(&s->bytes, p->data, p->len);
	memory_of(w)->stats.bytes_in += p->len;
}

static void
client_event(struct world *w, struct mem_event *e)
{
	struct mem_sock	*s = memory_sock(w, e->handle);

	if (s == NULL)
		return;
	switch (e->kind) {
	case MEM_EV_CONNECTED:
		s->state = MEM_OPEN;
		count_open(e->conn, true);
		break;
	case MEM_EV_FAILED:
		s->state = MEM_FAILED;
		break;
	case MEM_EV_TO_CLIENT:
		if (s->state == MEM_OPEN)
			to_client(w, s, e->packet);
		break;
	case MEM_EV_EOF:
		s->eof = true;
		break;
	case MEM_EV_RESET:
		fail(s, ECONNRESET);
		break;
	default:
		break;
	}
}

void
memory_conn_event(struct world *w, struct mem_event *e)
{
	struct mem_conn	*c = e->conn;

	switch (e->kind) {
	case MEM_EV_ACCEPT:
		if (c->over)
			break;
		c->accepted = true;
		if (c->peer.accept != NULL)
			c->ctx = c->peer.accept(c->peer.ctx, c);
		break;
	case MEM_EV_TO_PEER:
		to_peer(c, e->packet);
		break;
	case MEM_EV_CONN_CALL:
		if (!silenced(c))
			e->call(c->ctx);
		break;
	case MEM_EV_CLOSED:
		memory_conn_end(c);
		break;
	default:
		client_event(w, e);
		break;
	}
}

/* In-order arrival: nothing overtakes what was sent before. */
static int64_t
arrival(struct mem_conn *c, int64_t delay)
{
	int64_t	at = memory_of(c->world)->now + delay + c->rtt / 2;

	if (at < c->last_in)
		at = c->last_in;
	c->last_in = at;
	return (at);
}

static void
finish(struct mem_conn *c, enum mem_event_kind kind, int64_t delay)
{
	int64_t	at = arrival(c, delay);

	schedule(c, kind, at, NULL);
	c->closed_at = at - c->rtt / 2;
	c->peer_closed = true;
}

void
mem_conn_send(struct mem_conn *c, const void *data, size_t len, int64_t delay)
{
	bool	cut = c->cut && c->sent + len >= c->cut_after;

	if (silenced(c))
		return;
	if (c->lost_over != 0 && len > c->lost_over &&
	    c->mss > c->lost_over) {
		c->stalled = true;	/* the first segment is too long */
		return;
	}
	if (cut)
		len = c->cut_after - c->sent;
	if (len > 0)
		schedule(c, MEM_EV_TO_CLIENT, arrival(c, delay),
		    memory_packet(data, len));
	c->sent += len;
	c->unread += len;
	if (cut && c->cut_kind == MEM_RESET)
		finish(c, MEM_EV_RESET, delay);
	else if (cut)
		c->stalled = true;
}

void
mem_conn_close(struct mem_conn *c, int64_t delay)
{
	if (!silenced(c))
		finish(c, MEM_EV_EOF, delay);
}

void
mem_conn_reset(struct mem_conn *c, int64_t delay)
{
	if (!silenced(c))
		finish(c, MEM_EV_RESET, delay);
}

void
mem_conn_after(struct mem_conn *c, int64_t delay, void (*call)(void *))
{
	struct mem_event	e = { .kind = MEM_EV_CONN_CALL };

	e.at = memory_of(c->world)->now + delay;
	e.handle = c->handle;
	e.conn = c;
	e.call = call;
	memory_event(c->world, &e);
}

size_t
mem_conn_pending(const struct mem_conn *c)
{
	return (c->unread);
}

struct world *
mem_conn_world(struct mem_conn *c)
{
	return (c->world);
}

const struct sockname *
mem_conn_to(struct mem_conn *c)
{
	return (&c->to);
}

const struct sockname *
mem_conn_from(struct mem_conn *c)
{
	return (&c->from);
}

unsigned
mem_conn_number(struct mem_conn *c)
{
	return (c->number);
}
