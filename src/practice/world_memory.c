/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memory world: handles, datagrams, virtual time. Waiting runs the queue
 * of events up to the moment a handle is ready; nothing else moves time.
 * memory_net.c decides what the network does with a packet, memory_conn.c is
 * TCP. Handles are never used twice, so a late event for a closed one is
 * recognised and dropped.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/memory.h"

static uint64_t
draw(struct mem_world *m)
{
	uint64_t	z;

	m->rng += UINT64_C(0x9e3779b97f4a7c15);
	z = m->rng;
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31));
}

struct mem_sock *
memory_sock(struct world *w, int handle)
{
	struct mem_world	*m = memory_of(w);
	size_t			 i;

	if (handle < MEMORY_HANDLE)
		return (NULL);
	i = (size_t)(handle - MEMORY_HANDLE);
	return (i < m->nsocks ? m->socks[i] : NULL);
}

static bool
before(const struct mem_event *a, const struct mem_event *b)
{
	return (a->at < b->at || (a->at == b->at && a->seq < b->seq));
}

void
memory_event(struct world *w, const struct mem_event *e)
{
	struct mem_world	*m = memory_of(w);
	struct mem_event	 ev = *e;
	size_t			 i, up;

	if (m->nheap == m->cap) {
		m->cap = m->cap == 0 ? 64 : m->cap * 2;
		m->heap = xreallocarray(m->heap, m->cap, sizeof *m->heap);
	}
	if (ev.at < m->now)
		ev.at = m->now;
	ev.seq = m->seq++;
	if (ev.conn != NULL)
		ev.conn->refs++;
	for (i = m->nheap++; i > 0; i = up) {
		up = (i - 1) / 2;
		if (!before(&ev, &m->heap[up]))
			break;
		m->heap[i] = m->heap[up];
	}
	m->heap[i] = ev;
}

static struct mem_event
take(struct mem_world *m)
{
	struct mem_event	top = m->heap[0], last = m->heap[--m->nheap];
	size_t			i = 0, child;

	while ((child = 2 * i + 1) < m->nheap) {
		if (child + 1 < m->nheap &&
		    before(&m->heap[child + 1], &m->heap[child]))
			child++;
		if (!before(&m->heap[child], &last))
			break;
		m->heap[i] = m->heap[child];
		i = child;
	}
	m->heap[i] = last;
	return (top);
}

static void
run_event(struct world *w, struct mem_event *e)
{
	switch (e->kind) {
	case MEM_EV_CALL:
		e->call(e->ctx);
		break;
	case MEM_EV_DATAGRAM:
		memory_udp_deliver(w, e);
		break;
	case MEM_EV_PACKET:
		memory_udp_arrives(w, e);
		break;
	default:
		memory_conn_event(w, e);
		break;
	}
	free(e->packet);
	if (e->conn != NULL)
		memory_conn_unref(e->conn);
}

/* Does another open socket of its kind have its port? */
static bool
port_taken(const struct mem_world *m, const struct mem_sock *s)
{
	const struct mem_sock	*other;
	size_t			 i;

	for (i = 0; i < m->nsocks; i++) {
		other = m->socks[i];
		if (other != NULL && other != s && other->tcp == s->tcp &&
		    other->family == s->family &&
		    other->local.port == s->local.port)
			return (true);
	}
	return (false);
}

void
memory_local(struct world *w, struct mem_sock *s)
{
	struct mem_world	*m = memory_of(w);
	size_t			 i;

	if (s->local.port == 0) {
		do
			s->local.port = (uint16_t)(32768 + draw(m) % 28232);
		while (port_taken(m, s));
	}
	if (s->local.addr.family != 0)
		return;
	for (i = 0; i < m->nsources; i++)
		if (m->sources[i].family == s->family) {
			s->local.addr = m->sources[i];
			return;
		}
}

void
memory_told(struct world *w, const char *what, const struct sockname *to,
    const void *data, size_t len)
{
	struct mem_world	*m = memory_of(w);

	if (m->trace != NULL)
		m->trace(m->trace_ctx, what, to, data, len);
}

static int
op_open(struct world *w, int family, bool tcp)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sock		*s;

	if (family != 4 && family != 6) {
		errno = EAFNOSUPPORT;
		return (-1);
	}
	s = xcalloc(1, sizeof *s);
	s->family = family;
	s->tcp = tcp;
	s->in_end = &s->in;
	s->errors_end = &s->errors;
	m->socks = xreallocarray(m->socks, m->nsocks + 1, sizeof *m->socks);
	m->socks[m->nsocks] = s;
	if (++m->open > m->stats.open_max)
		m->stats.open_max = (unsigned)m->open;
	return (MEMORY_HANDLE + (int)m->nsocks++);
}

static int
op_clamp(struct world *w, int handle, unsigned mss)
{
	struct mem_sock	*s = memory_sock(w, handle);

	if (s == NULL || !s->tcp || s->state != MEM_IDLE) {
		errno = s == NULL ? EBADF : EINVAL;
		return (-1);
	}
	s->mss = mss;
	return (0);
}

static int
op_bind(struct world *w, int handle, const struct sockname *at)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sock		*s = memory_sock(w, handle);
	size_t			 i;

	if (s == NULL) {
		errno = EBADF;
		return (-1);
	}
	s->local.port = at->port;
	if (at->addr.family == 0)
		return (0);
	for (i = 0; i < m->nsources; i++)
		if (at->addr.family == s->family &&
		    addr_equal(&m->sources[i], &at->addr)) {
			s->local.addr = at->addr;
			return (0);
		}
	errno = EADDRNOTAVAIL;
	return (-1);
}

bool
memory_routed(struct world *w, int family)
{
	return (family == 4 ? memory_of(w)->has4 : memory_of(w)->has6);
}

static int
op_connect(struct world *w, int handle, const struct sockname *to)
{
	struct mem_sock	*s = memory_sock(w, handle);

	if (s == NULL || !s->tcp || to->addr.family != s->family) {
		errno = s == NULL ? EBADF : EAFNOSUPPORT;
		return (-1);
	}
	if (!memory_routed(w, s->family)) {
		errno = ENETUNREACH;
		return (-1);
	}
	return (memory_conn_connect(w, handle, to));
}

static ssize_t
op_send(struct world *w, int handle, const void *data, size_t len,
    const struct sockname *to)
{
	struct mem_sock	*s = memory_sock(w, handle);

	if (s == NULL) {
		errno = EBADF;
		return (-1);
	}
	if (s->tcp)
		return (memory_conn_send(w, handle, data, len));
	return (memory_udp_send(w, handle, data, len, to));
}

static ssize_t
op_recv(struct world *w, int handle, void *out, size_t size,
    struct sockname *from)
{
	struct mem_sock	*s = memory_sock(w, handle);

	if (s == NULL) {
		errno = EBADF;
		return (-1);
	}
	if (!s->tcp)
		return (memory_udp_recv(s, out, size, from));
	if (from != NULL)
		*from = s->peer;
	return (memory_conn_recv(w, handle, out, size));
}

static int
op_error(struct world *w, int handle, struct net_error *e, struct sockname *to)
{
	struct mem_sock	*s = memory_sock(w, handle);

	if (s == NULL)
		return (0);
	if (s->tcp) {
		if (s->state != MEM_FAILED || s->error_taken)
			return (0);
		s->error_taken = true;
		*e = s->error;
		if (to != NULL)
			*to = s->peer;
		return (1);
	}
	return (memory_udp_error(s, e, to));
}

static int
op_tcp_info(struct world *w, int handle, struct world_tcp_info *info)
{
	struct mem_sock	*s = memory_sock(w, handle);

	if (s == NULL || !s->tcp || s->conn == NULL)
		return (-1);
	memset(info, 0, sizeof *info);
	info->rtt_us = (unsigned)(s->conn->rtt / 1000);
	info->mtu = 1500;
	return (0);
}

static int
op_local(struct world *w, int handle, struct sockname *at)
{
	struct mem_sock	*s = memory_sock(w, handle);

	if (s == NULL)
		return (-1);
	*at = s->local;
	return (0);
}

static void
sock_free(struct mem_sock *s)
{
	memory_packets_free(s->in);
	memory_packets_free(s->errors);
	buf_free(&s->bytes);
	free(s);
}

static void
op_close(struct world *w, int handle)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sock		*s = memory_sock(w, handle);

	if (s == NULL)
		return;
	m->socks[handle - MEMORY_HANDLE] = NULL;
	m->open--;
	memory_conn_close(w, s);
	sock_free(s);
}

static unsigned
ready(const struct mem_sock *s, unsigned want)
{
	unsigned	got = 0;

	if (s == NULL)
		return (WORLD_ERR);
	if (!s->tcp) {
		got = (s->in != NULL ? WORLD_IN : 0) | WORLD_OUT;
		return ((got & want) | (s->errors != NULL ? WORLD_ERR : 0));
	}
	if (s->state == MEM_FAILED)
		return (WORLD_ERR | (want & (WORLD_IN | WORLD_OUT)));
	if (s->state != MEM_OPEN)
		return (0);
	if (s->eof || s->bytes.len > s->read)
		got |= WORLD_IN;
	return ((got | WORLD_OUT) & want);
}

static int
ready_all(struct world *w, struct world_poll *polls, size_t n)
{
	size_t	i;
	int	count = 0;

	for (i = 0; i < n; i++) {
		polls[i].got = 0;
		if (polls[i].handle < MEMORY_HANDLE)
			continue;
		polls[i].got = ready(memory_sock(w, polls[i].handle),
		    polls[i].want);
		count += polls[i].got != 0;
	}
	return (count);
}

/* Everything due at one moment happens before anybody looks. */
static void
run_moment(struct world *w, int64_t at)
{
	struct mem_world	*m = memory_of(w);
	struct mem_event	 e;

	if (at > m->now)
		m->now = at;
	while (m->nheap > 0 && m->heap[0].at <= m->now) {
		e = take(m);
		run_event(w, &e);
	}
}

static int
op_wait(struct world *w, struct world_poll *polls, size_t n, int64_t until)
{
	struct mem_world	*m = memory_of(w);
	int			 count;

	run_moment(w, m->now);
	for (;;) {
		if ((count = ready_all(w, polls, n)) > 0)
			return (count);
		if (until <= m->now)
			return (0);
		if (m->nheap > 0 && m->heap[0].at <= until) {
			run_moment(w, m->heap[0].at);
			continue;
		}
		if (until == WORLD_NEVER) {
			errno = EDEADLK;
			return (-1);
		}
		m->now = until;
		return (0);
	}
}

static int64_t
op_now(struct world *w)
{
	return (memory_of(w)->now);
}

static int64_t
op_wall(struct world *w)
{
	struct mem_world	*m = memory_of(w);

	return (m->wall + (m->now - MEMORY_START));
}

static void
op_random(struct world *w, void *out, size_t len)
{
	unsigned char	*p = out;
	uint64_t	 r = 0;
	size_t		 i;

	for (i = 0; i < len; i++, r >>= 8) {
		if (i % 8 == 0)
			r = draw(memory_of(w));
		p[i] = (unsigned char)r;
	}
}

static int
op_source(struct world *w, const struct addr *dst, struct addr *src)
{
	struct mem_world	*m = memory_of(w);
	size_t			 i;

	if (!memory_routed(w, dst->family))
		return (-1);
	for (i = 0; i < m->nsources; i++)
		if (m->sources[i].family == dst->family) {
			*src = m->sources[i];
			return (0);
		}
	return (-1);
}

static void
end_connections(struct mem_world *m)
{
	size_t	i;

	for (i = 0; i < m->nheap; i++)
		if (m->heap[i].conn != NULL)
			memory_conn_end(m->heap[i].conn);
	for (i = 0; i < m->nsocks; i++)
		if (m->socks[i] != NULL && m->socks[i]->conn != NULL)
			memory_conn_end(m->socks[i]->conn);
}

static void
op_free(struct world *w)
{
	struct mem_world	*m = memory_of(w);
	struct mem_event	 e;
	size_t			 i;

	end_connections(m);
	while (m->nheap > 0) {
		e = take(m);
		free(e.packet);
		if (e.conn != NULL)
			memory_conn_unref(e.conn);
	}
	for (i = 0; i < m->nsocks; i++) {
		if (m->socks[i] == NULL)
			continue;
		if (m->socks[i]->conn != NULL)
			memory_conn_unref(m->socks[i]->conn);
		sock_free(m->socks[i]);
	}
	free(m->socks);
	free(m->heap);
	free(m->hosts);
	free(m->listeners);
	free(m->faults);
	free(m->dests);
	free(m->sent);
	free(m);
}

static const struct world_ops memory_ops = {
	.open = op_open, .clamp = op_clamp, .bind = op_bind,
	.connect = op_connect,
	.send = op_send, .recv = op_recv, .error = op_error,
	.tcp_info = op_tcp_info, .local = op_local, .close = op_close,
	.wait = op_wait, .now = op_now, .wall = op_wall,
	.random = op_random, .source = op_source, .free = op_free
};

int
memory_first_handle(void)
{
	return (MEMORY_HANDLE);
}

struct world *
memory_new(uint64_t seed, int64_t wall)
{
	struct mem_world	*m = xcalloc(1, sizeof *m);
	struct addr		 a;

	m->w.ops = &memory_ops;
	m->w.isolated = true;
	m->rng = seed;
	m->now = MEMORY_START;
	m->wall = wall * NSEC_PER_SEC;
	m->rtt = 40 * NSEC_PER_MSEC;
	m->has4 = m->has6 = true;
	if (addr_parse(&a, "198.51.100.10") == 0)
		memory_source(&m->w, &a);
	if (addr_parse(&a, "2001:db8:ffff::10") == 0)
		memory_source(&m->w, &a);
	return (&m->w);
}

int64_t
memory_next(struct world *w)
{
	struct mem_world	*m = memory_of(w);

	return (m->nheap > 0 ? m->heap[0].at : WORLD_NEVER);
}

void
memory_after(struct world *w, int64_t delay, void (*call)(void *), void *ctx)
{
	struct mem_event	e = { .kind = MEM_EV_CALL };

	e.at = memory_of(w)->now + delay;
	e.call = call;
	e.ctx = ctx;
	memory_event(w, &e);
}
