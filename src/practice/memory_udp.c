/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams of the memory world, and the ICMP errors about them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/memory.h"

struct mem_packet *
memory_packet(const void *data, size_t len)
{
	struct mem_packet	*p = xcalloc(1, sizeof *p + len);

	if (len > 0)
		memcpy(p->data, data, len);
	p->len = len;
	return (p);
}

void
memory_packets_free(struct mem_packet *p)
{
	struct mem_packet	*next;

	for (; p != NULL; p = next) {
		next = p->next;
		free(p);
	}
}

/* A packet of either kind arrives at the client's UDP socket. */
void
memory_udp_arrives(struct world *w, struct mem_event *e)
{
	struct mem_sock		*s = memory_sock(w, e->handle);
	struct mem_packet	*p = e->packet;
	struct mem_packet	***end;

	if (s == NULL)
		return;
	end = p->icmp ? &s->errors_end : &s->in_end;
	if (!p->icmp)
		memory_of(w)->stats.bytes_in += p->len;
	**end = p;
	*end = &p->next;
	e->packet = NULL;
}

void
memory_udp_deliver(struct world *w, struct mem_event *e)
{
	struct mem_packet	*p = e->packet;
	struct mem_peer		 peer;

	peer = memory_of(w)->listeners[e->listener].peer;
	if (peer.datagram != NULL)
		peer.datagram(peer.ctx, w, &p->from, &p->to, p->data, p->len);
}

static void
send_error(struct world *w, int handle, const struct mem_sock *s,
    const struct sockname *to, const struct mem_fate *fate)
{
	struct mem_event	e = { .kind = MEM_EV_PACKET };

	e.at = memory_of(w)->now + memory_of(w)->rtt + fate->delay;
	e.handle = handle;
	e.packet = memory_packet(NULL, 0);
	e.packet->icmp = true;
	e.packet->error = fate->error;
	e.packet->from = s->local;
	e.packet->to = *to;
	memory_event(w, &e);
}

ssize_t
memory_udp_send(struct world *w, int handle, const void *data, size_t len,
    const struct sockname *to)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sock		*s = memory_sock(w, handle);
	struct mem_event	 e = { .kind = MEM_EV_DATAGRAM };
	struct mem_fate		 fate;

	if (to == NULL || to->addr.family != s->family || len > 65507 ||
	    !memory_routed(w, s->family)) {
		errno = to == NULL ? EDESTADDRREQ : len > 65507 ? EMSGSIZE :
		    to->addr.family != s->family ? EAFNOSUPPORT : ENETUNREACH;
		return (-1);
	}
	memory_local(w, s);
	m->stats.datagrams++;
	m->stats.bytes_out += len;
	memory_count_sent(w, to, data, len);
	memory_told(w, "udp", to, data, len);
	memory_fate(w, to, false, &fate);
	if (fate.what == FATE_ERROR)
		send_error(w, handle, s, to, &fate);
	if (fate.what != FATE_DELIVER)
		return ((ssize_t)len);
	e.at = m->now + m->rtt / 2 + fate.delay;
	e.packet = memory_packet(data, len);
	e.packet->from = s->local;
	e.packet->to = *to;
	e.listener = fate.listener;
	memory_event(w, &e);
	return ((ssize_t)len);
}

static struct mem_packet *
packet_take(struct mem_packet **list, struct mem_packet ***end)
{
	struct mem_packet	*p = *list;

	if (p != NULL && (*list = p->next) == NULL)
		*end = list;
	return (p);
}

ssize_t
memory_udp_recv(struct mem_sock *s, void *out, size_t size, struct sockname *from)
{
	struct mem_packet	*p;
	size_t			 len;

	if ((p = packet_take(&s->in, &s->in_end)) != NULL) {
		len = p->len < size ? p->len : size;
		if (len > 0)
			memcpy(out, p->data, len);
		if (from != NULL)
			*from = p->from;
		free(p);
		return ((ssize_t)len);
	}
	errno = EAGAIN;
	if ((p = packet_take(&s->errors, &s->errors_end)) != NULL) {
		errno = p->error.err;
		free(p);
	}
	return (-1);
}

void
memory_reply(struct world *w, const struct sockname *from,
    const struct sockname *to, const void *data, size_t len, int64_t delay)
{
	struct mem_event	e = { .kind = MEM_EV_PACKET };

	if ((e.handle = memory_handle(w, to)) == -1)
		return;
	e.at = memory_of(w)->now + memory_of(w)->rtt / 2 + delay;
	e.packet = memory_packet(data, len);
	e.packet->from = *from;
	e.packet->to = *to;
	memory_event(w, &e);
}

void
memory_icmp(struct world *w, const struct sockname *to,
    const struct sockname *about, int type, int code,
    const struct addr *sender, int64_t delay)
{
	struct mem_event	e = { .kind = MEM_EV_PACKET };

	if ((e.handle = memory_handle(w, to)) == -1)
		return;
	e.at = memory_of(w)->now + memory_of(w)->rtt / 2 + delay;
	e.packet = memory_packet(NULL, 0);
	e.packet->icmp = true;
	memory_icmp_error(&e.packet->error, about->addr.family, type, code,
	    sender);
	e.packet->from = *to;
	e.packet->to = *about;
	memory_event(w, &e);
}

int
memory_udp_error(struct mem_sock *s, struct net_error *e, struct sockname *to)
{
	struct mem_packet	*p = packet_take(&s->errors, &s->errors_end);

	if (p == NULL)
		return (0);
	*e = p->error;
	if (to != NULL)
		*to = p->to;
	free(p);
	return (1);
}
