/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * c-ares over the world: its sockets go through our own functions, its
 * deadlines are ours (it reads the real clock), nothing is freed in its
 * callbacks. Only what is listed in tools/ares-allowed is used of it.
 */
#include "dns/resolver.h"

#define CARES_NO_DEPRECATED 1
#include <sys/select.h>
#include <sys/socket.h>
#include <ares.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "dns/message.h"

#define MAX_SOCKETS	16
#define TICK		(500 * NSEC_PER_MSEC)

struct rsock {
	int		 handle;
	bool		 used, tcp;
	struct sockname	 peer;
	struct watch	*watch;
	struct resolver_query *query;
};

struct resolver_query {
	struct loop	*loop;
	ares_channel	 channel;
	struct rsock	 socks[MAX_SOCKETS];
	struct timer	*tick, *deadline, *finish;
	int64_t		 began, took;
	void		(*done)(void *, const struct resolver_result *);
	void		*ctx;
	const char	*word;
	struct addr	*addrs;
	size_t		 naddrs;
	char		*canon;
	bool		 answered;
	int		 rcode;		/* of the last datagram */
};

static struct rsock *
find_sock(struct resolver_query *q, int handle)
{
	for (int i = 0; i < MAX_SOCKETS; i++)
		if (q->socks[i].used && q->socks[i].handle == handle)
			return &q->socks[i];
	return NULL;
}

static void
ready(void *ctx, unsigned got)
{
	struct rsock *s = ctx;
	ares_socket_t h = s->handle;

	ares_process_fd(s->query->channel,
	    (got & (WORLD_IN | WORLD_ERR)) != 0 ? h : ARES_SOCKET_BAD,
	    (got & WORLD_OUT) != 0 ? h : ARES_SOCKET_BAD);
}

static ares_socket_t
sock_open(int af, int type, int protocol, void *ctx)
{
	struct resolver_query *q = ctx;
	struct world *w = loop_world(q->loop);

	(void)protocol;
	for (int i = 0; i < MAX_SOCKETS; i++) {
		struct rsock *s = &q->socks[i];

		if (s->used)
			continue;
		memset(s, 0, sizeof *s);
		s->tcp = type == SOCK_STREAM;
		s->handle = w->ops->open(w, af == AF_INET6 ? 6 : 4, s->tcp);
		if (s->handle == -1)
			return ARES_SOCKET_BAD;
		s->used = true;
		s->query = q;
		return s->handle;
	}
	errno = EMFILE;
	return ARES_SOCKET_BAD;
}

static int
sock_close(ares_socket_t h, void *ctx)
{
	struct resolver_query *q = ctx;
	struct rsock *s = find_sock(q, h);

	if (s == NULL)
		return -1;
	watch_free(s->watch);
	loop_world(q->loop)->ops->close(loop_world(q->loop), h);
	s->used = false;
	return 0;
}

static int
sock_connect(ares_socket_t h, const struct sockaddr *sa, ares_socklen_t len,
    void *ctx)
{
	struct resolver_query *q = ctx;
	struct rsock *s = find_sock(q, h);
	struct world *w = loop_world(q->loop);

	(void)len;
	if (s == NULL)
		return -1;
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof in6);
		addr_from_bytes(&s->peer.addr, &in6.sin6_addr, 16);
		s->peer.port = ntohs(in6.sin6_port);
	} else {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof in);
		addr_from_bytes(&s->peer.addr, &in.sin_addr, 4);
		s->peer.port = ntohs(in.sin_port);
	}
	if (!s->tcp)
		return 0;
	if (w->ops->connect(w, h, &s->peer) == -1)
		return -1;
	errno = EINPROGRESS;
	return -1;
}

static ares_ssize_t
sock_recv(ares_socket_t h, void *data, size_t n, int flags,
    struct sockaddr *sa, ares_socklen_t *len, void *ctx)
{
	struct resolver_query *q = ctx;
	struct rsock *s = find_sock(q, h);
	struct world *w = loop_world(q->loop);
	struct sockname from;
	struct net_error e;
	ssize_t got;

	(void)flags;
	if (s == NULL)
		return -1;
	got = w->ops->recv(w, h, data, n, &from);
	if (got == -1 && w->ops->error(w, h, &e, NULL) == 1) {
		errno = e.err != 0 ? e.err : ECONNREFUSED;
		return -1;
	}
	if (!s->tcp && got > 3)
		q->rcode = ((const unsigned char *)data)[3] & 15;
	if (got == -1 || sa == NULL || len == NULL)
		return got;
	if (s->peer.addr.family == 6) {
		struct sockaddr_in6 in6;

		memset(&in6, 0, sizeof in6);
		in6.sin6_family = AF_INET6;
		in6.sin6_port = htons(from.port);
		memcpy(&in6.sin6_addr, from.addr.b, 16);
		memcpy(sa, &in6, sizeof in6);
		*len = sizeof in6;
	} else {
		struct sockaddr_in in;

		memset(&in, 0, sizeof in);
		in.sin_family = AF_INET;
		in.sin_port = htons(from.port);
		memcpy(&in.sin_addr, from.addr.b, 4);
		memcpy(sa, &in, sizeof in);
		*len = sizeof in;
	}
	return got;
}

static ares_ssize_t
sock_send(ares_socket_t h, const struct iovec *iov, int n, void *ctx)
{
	struct resolver_query *q = ctx;
	struct rsock *s = find_sock(q, h);
	struct world *w = loop_world(q->loop);
	struct buf b;
	ssize_t sent;

	if (s == NULL)
		return -1;
	buf_init(&b, 0);
	for (int i = 0; i < n; i++)
		buf_add(&b, iov[i].iov_base, iov[i].iov_len);
	sent = w->ops->send(w, h, b.data, b.len, s->tcp ? NULL : &s->peer);
	buf_free(&b);
	return sent;
}

static const struct ares_socket_functions functions = {
	sock_open, sock_close, sock_connect, sock_recv, sock_send
};

static void
sock_state(void *ctx, ares_socket_t h, int readable, int writable)
{
	struct resolver_query *q = ctx;
	struct rsock *s = find_sock(q, h);
	unsigned events = WORLD_ERR;

	if (s == NULL)
		return;
	events |= readable ? WORLD_IN : 0;
	events |= writable ? WORLD_OUT : 0;
	if (!readable && !writable) {
		watch_free(s->watch);
		s->watch = NULL;
	} else if (s->watch == NULL) {
		s->watch = loop_watch(q->loop, h, events, ready, s);
	} else {
		watch_events(s->watch, events);
	}
}

/* When every server says SERVFAIL or REFUSED, c-ares says that none could be
   reached. */
static const char *
status_word(int status, int rcode)
{
	if (status == ARES_ECONNREFUSED && rcode == DNS_SERVFAIL)
		return "servfail";
	if (status == ARES_ECONNREFUSED && rcode == DNS_REFUSED)
		return "refused";
	switch (status) {
	case ARES_SUCCESS: return "ok";
	case ARES_ENODATA: return "nodata";
	case ARES_ENOTFOUND: return "notfound";
	case ARES_ESERVFAIL: return "servfail";
	case ARES_EREFUSED: return "refused";
	case ARES_ETIMEOUT: case ARES_ECANCELLED: return "timeout";
	case ARES_ECONNREFUSED: return "unreachable";
	case ARES_EBADRESP: case ARES_EFORMERR: return "broken";
	default: return "failed";
	}
}

static void
report(void *ctx)
{
	struct resolver_query *q = ctx;
	struct resolver_result r = { q->word, q->addrs, q->naddrs, q->canon,
		q->took };

	q->finish = NULL;
	q->done(q->ctx, &r);
	resolver_free(q);
}

static void
take_nodes(struct resolver_query *q, const struct ares_addrinfo *ai)
{
	for (const struct ares_addrinfo_node *n = ai->nodes; n != NULL &&
	    q->naddrs < LIMIT_RECORDS; n = n->ai_next) {
		struct addr a;
		struct sockaddr_in6 in6;
		struct sockaddr_in in;

		if (n->ai_family == AF_INET6) {
			memcpy(&in6, n->ai_addr, sizeof in6);
			addr_from_bytes(&a, &in6.sin6_addr, 16);
		} else {
			memcpy(&in, n->ai_addr, sizeof in);
			addr_from_bytes(&a, &in.sin_addr, 4);
		}
		q->addrs = xreallocarray(q->addrs, q->naddrs + 1,
		    sizeof *q->addrs);
		q->addrs[q->naddrs++] = a;
	}
	if (ai->cnames != NULL && ai->cnames->name != NULL)
		q->canon = xstrdup(ai->cnames->name);
}

/* Called by c-ares, also from within ares_destroy. */
static void
answered(void *ctx, int status, int timeouts, struct ares_addrinfo *ai)
{
	struct resolver_query *q = ctx;

	(void)timeouts;
	if (q->answered || status == ARES_EDESTRUCTION) {
		if (ai != NULL)
			ares_freeaddrinfo(ai);
		return;
	}
	q->answered = true;
	q->word = status_word(status, q->rcode);
	q->took = loop_now(q->loop) - q->began;
	if (ai != NULL) {
		take_nodes(q, ai);
		ares_freeaddrinfo(ai);
	}
	q->finish = loop_timer(q->loop, 0, report, q);
}

static void
tick(void *ctx)
{
	struct resolver_query *q = ctx;

	q->tick = loop_timer(q->loop, TICK, tick, q);
	ares_process_fd(q->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static void
too_late(void *ctx)
{
	struct resolver_query *q = ctx;

	q->deadline = NULL;
	ares_cancel(q->channel);
}

static int
open_channel(struct resolver_query *q, const struct timeouts *t)
{
	static bool initialised;
	struct ares_options o;
	char files[] = "b";
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
	    ARES_OPT_SOCK_STATE_CB;

	if (!initialised && ares_library_init(ARES_LIB_INIT_ALL) != 0)
		return -1;
	initialised = true;
	memset(&o, 0, sizeof o);
	o.flags = ARES_FLAG_NOSEARCH;
	o.timeout = (int)(t->resolver / 3 / NSEC_PER_MSEC);
	o.tries = 2;
	o.sock_state_cb = sock_state;
	o.sock_state_cb_data = q;
	if (loop_world(q->loop)->isolated) {
		o.lookups = files;
		mask |= ARES_OPT_LOOKUPS;
	}
	if (ares_init_options(&q->channel, &o, mask) != ARES_SUCCESS)
		return -1;
	ares_set_socket_functions(q->channel, &functions, q);
	return 0;
}

static int
set_servers(struct resolver_query *q, const struct addr *list, size_t n)
{
	struct ares_addr_port_node nodes[WORLD_RESOLVERS];

	memset(nodes, 0, sizeof nodes);
	for (size_t i = 0; i < n; i++) {
		nodes[i].next = i + 1 < n ? &nodes[i + 1] : NULL;
		nodes[i].family = list[i].family == 6 ? AF_INET6 : AF_INET;
		memcpy(&nodes[i].addr, list[i].b, list[i].family == 6 ? 16 : 4);
		nodes[i].udp_port = nodes[i].tcp_port = 53;
	}
	return ares_set_servers_ports(q->channel, n > 0 ? nodes : NULL) ==
	    ARES_SUCCESS ? 0 : -1;
}

struct resolver_query *
resolver_start(struct loop *loop, const struct timeouts *t,
    const struct addr *server, const char *name,
    void (*done)(void *, const struct resolver_result *), void *ctx)
{
	struct resolver_query *q = xcalloc(1, sizeof *q);
	struct world *w = loop_world(loop);
	struct ares_addrinfo_hints hints;

	q->loop = loop;
	q->done = done;
	q->ctx = ctx;
	q->began = loop_now(loop);
	q->word = "failed";
	if ((server == NULL && w->nresolvers == 0) ||
	    open_channel(q, t) == -1 || set_servers(q,
	    server != NULL ? server : w->resolvers,
	    server != NULL ? 1 : w->nresolvers) == -1) {
		q->finish = loop_timer(loop, 0, report, q);
		return q;
	}
	q->deadline = loop_timer(loop, t->resolver, too_late, q);
	q->tick = loop_timer(loop, TICK, tick, q);
	memset(&hints, 0, sizeof hints);
	hints.ai_family = AF_UNSPEC;
	hints.ai_flags = ARES_AI_NOSORT | ARES_AI_CANONNAME;
	ares_getaddrinfo(q->channel, name, NULL, &hints, answered, q);
	return q;
}

void
resolver_free(struct resolver_query *q)
{
	if (q == NULL)
		return;
	timer_cancel(&q->tick);
	timer_cancel(&q->deadline);
	timer_cancel(&q->finish);
	q->answered = true;
	if (q->channel != NULL)
		ares_destroy(q->channel);
	for (int i = 0; i < MAX_SOCKETS; i++)
		if (q->socks[i].used)
			sock_close(q->socks[i].handle, q);
	free(q->addrs);
	free(q->canon);
	free(q);
}
