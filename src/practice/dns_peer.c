/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS service on the memory network: datagrams and TCP messages with their
 * two octets of length (RFC 7766 8) go to an answerer, and what it decided is
 * carried out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/dns_peer.h"

#define DNS_PORT 53

struct dns_session {		/* one TCP connection */
	struct dns_service	*service;
	struct buf		 in;
};

static bool
ask(struct dns_service *s, struct world *w, const struct sockname *from,
    const struct addr *at, bool tcp, const void *wire, size_t len,
    struct dns_outcome *out)
{
	struct dns_query	q;
	struct dns_ask		a = { .query = &q, .at = at, .tcp = tcp,
		.counted = true, .from = from,
		.now = w->ops->now(w) };

	dns_outcome_init(out);
	if (dns_query_read(&q, wire, len) == -1)
		return (false);
	dns_reply_init(&out->reply, &q);
	s->answer(s->ctx, w, &a, out);
	return (true);
}

static void
datagram(void *ctx, struct world *w, const struct sockname *from,
    const struct sockname *to, const void *wire, size_t len)
{
	struct dns_outcome	out;
	struct sockname		source = *to;

	if (!ask(ctx, w, from, &to->addr, false, wire, len, &out) ||
	    out.silent || out.close)
		goto done;
	if (out.icmp) {
		memory_icmp(w, from, to, out.icmp_type, out.icmp_code,
		    out.sender.family != 0 ? &out.sender : &to->addr, 0);
		goto done;
	}
	if (out.source.family != 0)
		source.addr = out.source;
	memory_reply(w, &source, from, out.wire.data, out.wire.len, out.delay);
	if (out.twice)
		memory_reply(w, &source, from, out.wire.data, out.wire.len,
		    out.delay);
done:
	dns_outcome_free(&out);
}

static void *
session_accept(void *ctx, struct mem_conn *c)
{
	struct dns_session	*s = xcalloc(1, sizeof *s);

	(void)c;
	s->service = ctx;
	buf_init(&s->in, 1u << 17);
	return (s);
}

/* One byte a second. */
static void
drip(struct mem_conn *c, const void *wire, size_t len, int64_t delay)
{
	size_t	i;

	for (i = 0; i < len; i++)
		mem_conn_send(c, (const char *)wire + i, 1,
		    delay + (int64_t)(i + 1) * NSEC_PER_SEC);
}

static void
session_answer(struct dns_session *s, struct mem_conn *c, const void *wire,
    size_t len)
{
	struct dns_outcome	out;
	unsigned char		size[2];
	size_t			n;

	if (!ask(s->service, mem_conn_world(c), mem_conn_from(c),
	    &mem_conn_to(c)->addr, true, wire, len, &out) || out.close || out.icmp)
		mem_conn_close(c, 0);
	else if (!out.silent) {
		n = out.wire.len;
		size[0] = (unsigned char)(n >> 8);
		size[1] = (unsigned char)n;
		mem_conn_send(c, size, sizeof size, out.delay);
		if (out.drip)
			drip(c, out.wire.data, n, out.delay);
		else
			mem_conn_send(c, out.wire.data, out.half ? n / 2 : n,
			    out.delay);
		if (out.half)
			mem_conn_close(c, out.delay);
	}
	dns_outcome_free(&out);
}

static void
session_data(void *conn_ctx, struct mem_conn *c, const void *data, size_t len)
{
	struct dns_session	*s = conn_ctx;
	size_t			 n;

	buf_add(&s->in, data, len);
	while (s->in.len >= 2) {
		n = (size_t)s->in.data[0] << 8 | s->in.data[1];
		if (s->in.len < n + 2)
			break;
		session_answer(s, c, s->in.data + 2, n);
		buf_drop(&s->in, n + 2);
	}
}

static void
session_closed(void *conn_ctx, struct mem_conn *c)
{
	struct dns_session	*s = conn_ctx;

	(void)c;
	buf_free(&s->in);
	free(s);
}

void
dns_peer_listen(struct world *w, const struct addr *at,
    struct dns_service *service)
{
	struct mem_peer	peer = { .ctx = service, .datagram = datagram,
		.accept = session_accept, .data = session_data,
		.closed = session_closed };
	struct sockname	to = { *at, DNS_PORT };

	memory_listen(w, &to, false, &peer);
	memory_listen(w, &to, true, &peer);
}
