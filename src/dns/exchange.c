/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One question to one server address. Over UDP the socket stays unconnected
 * and every datagram has its own id: a reply from a wrong address, a stray and
 * the datagram that was answered can all be told. Over TCP one message with
 * its length prefix (RFC 7766) on a connection of its own.
 */
#include "dns/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "net/conn.h"

#define MAX_TRIES	8
#define MAX_MESSAGE	65535
#define READS_A_TURN	32

struct exchange {
	struct exchange_params	 p;
	struct exchange_hooks	 hooks;
	struct exchange_result	 result;
	unsigned		 foreign; /* ICMP about other hosts */
	char			*qname;
	unsigned char		*wire;
	size_t			 len;
	uint16_t		 ids[MAX_TRIES];
	int64_t			 sent_at[MAX_TRIES];
	int			 handle;
	struct watch		*watch;
	struct timer		*retry, *deadline;
	struct conn		*conn;
	struct buf		 in;		/* TCP */
};

static struct world *
world_of(const struct exchange *x)
{
	return loop_world(x->p.loop);
}

void
exchange_free(struct exchange *x)
{
	if (x == NULL)
		return;
	timer_cancel(&x->retry);
	timer_cancel(&x->deadline);
	watch_free(x->watch);
	if (x->handle != -1)
		world_of(x)->ops->close(world_of(x), x->handle);
	if (x->conn != NULL)
		conn_free(x->conn);
	buf_free(&x->in);
	free(x->wire);
	free(x->qname);
	free(x);
}

static void
note(struct exchange *x, enum exchange_note what, const void *data, size_t len,
    const struct sockname *from, const struct net_error *e)
{
	if (x->hooks.note != NULL)
		x->hooks.note(x->hooks.ctx, what, data, len, from, e);
}

/* Counted, and told unless there were many: anybody may send them. */
static void
stray(struct exchange *x, const void *data, size_t len,
    const struct sockname *from)
{
	if (x->result.strays++ < LIMIT_STRAYS)
		note(x, EXCHANGE_STRAY, data, len, from, NULL);
}

static void
finish(struct exchange *x)
{
	x->hooks.done(x->hooks.ctx, &x->result);
	exchange_free(x);
}

static void
fail(struct exchange *x, const struct net_error *e)
{
	x->result.error = *e;
	world_no_family(world_of(x), &x->p.to.addr, &x->result.error);
	finish(x);
}

/* Which of our datagrams this id belongs to, from 1; 0 = none. */
static int
by_id(const struct exchange *x, unsigned id)
{
	for (int i = x->result.sent; i > 0; i--)
		if (x->ids[i - 1] == id)
			return i;
	return 0;
}

/* Does it answer our question? An error reply may lack the question. */
static bool
answers(const struct exchange *x, const struct dns_msg *m)
{
	if (!m->qr)
		return false;
	if (m->qname == NULL)
		return m->rcode != DNS_NOERROR || m->broken != NULL;
	return strcmp(m->qname, x->qname) == 0 &&
	    m->qtype == x->p.query.type;
}

static void
accept_reply(struct exchange *x, int which, const void *wire, size_t len)
{
	int64_t now = loop_now(x->p.loop);

	net_error_init(&x->result.error, NET_OK);
	x->result.answered = which;
	x->result.rtt = now - x->sent_at[which - 1];
	x->result.wire = wire;
	x->result.len = len;
	note(x, EXCHANGE_RECEIVED, wire, len, &x->p.to, NULL);
	finish(x);
}

/* A datagram came: true when it ended the exchange. */
static bool
datagram(struct exchange *x, const unsigned char *p, size_t n,
    const struct sockname *from)
{
	struct dns_msg m;
	int which;
	bool ours, right_peer = addr_equal(&from->addr, &x->p.to.addr) &&
	    from->port == x->p.to.port;

	if (message_parse(&m, p, n) == -1) {
		stray(x, p, n, from);
		return false;
	}
	which = by_id(x, m.id);
	ours = which > 0 && answers(x, &m);
	message_free(&m);
	if (ours && right_peer) {
		accept_reply(x, which, p, n);
		return true;
	}
	if (ours && !addr_equal(&from->addr, &x->p.to.addr))
		x->result.wrong_source = from->addr;
	stray(x, p, n, from);
	return false;
}

static bool
take_errors(struct exchange *x)
{
	struct net_error e;
	struct sockname to;

	memset(&to, 0, sizeof to);
	while (world_of(x)->ops->error(world_of(x), x->handle, &e, &to) == 1) {
		bool ours = to.addr.family == 0 ||
		    addr_equal(&to.addr, &x->p.to.addr);

		if (ours || x->foreign++ < LIMIT_STRAYS)
			note(x, EXCHANGE_ICMP, NULL, 0, &to, &e);
		if (!ours)
			continue;
		fail(x, &e);
		return true;
	}
	return false;
}

static void
readable(void *ctx, unsigned got)
{
	static unsigned char packet[MAX_MESSAGE];
	struct exchange *x = ctx;
	struct sockname from;
	struct net_error e;
	ssize_t n;

	if ((got & WORLD_ERR) != 0 && take_errors(x))
		return;
	for (int i = 0; i < READS_A_TURN; i++) {
		n = world_of(x)->ops->recv(world_of(x), x->handle, packet,
		    sizeof packet, &from);
		if (n >= 0) {
			if (datagram(x, packet, (size_t)n, &from))
				return;
			continue;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
			return;
		if (take_errors(x))
			return;
		net_error_errno(&e, errno);
		fail(x, &e);
		return;
	}
}

static void send_next(void *);

static int
send_datagram(struct exchange *x)
{
	int i = x->result.sent;
	uint16_t id;

	world_of(x)->ops->random(world_of(x), &id, sizeof id);
	x->ids[i] = id;
	x->wire[0] = (unsigned char)(id >> 8);
	x->wire[1] = (unsigned char)id;
	x->sent_at[i] = loop_now(x->p.loop);
	x->result.sent++;
	note(x, EXCHANGE_SENT, x->wire, x->len, &x->p.to, NULL);
	return world_of(x)->ops->send(world_of(x), x->handle, x->wire, x->len,
	    &x->p.to) == -1 ? -1 : 0;
}

static void
send_next(void *ctx)
{
	struct exchange *x = ctx;
	struct net_error e;

	x->retry = NULL;
	if (send_datagram(x) == -1 && errno != EAGAIN) {
		net_error_errno(&e, errno);
		if (!take_errors(x))
			fail(x, &e);
		return;
	}
	if (x->result.sent < x->p.tries)
		x->retry = loop_timer(x->p.loop, x->p.timeouts->udp_interval,
		    send_next, x);
}

static void
timed_out(void *ctx)
{
	struct exchange *x = ctx;
	struct net_error e;

	x->deadline = NULL;
	net_error_init(&e, NET_TIMEOUT);
	fail(x, &e);
}

static void
failed_to_start(void *ctx)
{
	struct exchange *x = ctx;

	x->deadline = NULL;
	finish(x);
}

static int
start_udp(struct exchange *x)
{
	x->handle = world_open(world_of(x), x->p.to.addr.family, false);
	if (x->handle == -1)
		return -1;
	x->watch = loop_watch(x->p.loop, x->handle, WORLD_IN | WORLD_ERR,
	    readable, x);
	x->retry = loop_timer(x->p.loop, 0, send_next, x);
	x->deadline = loop_timer(x->p.loop, x->p.total, timed_out, x);
	return 0;
}

/* The whole message is there: check it like a datagram. */
static void
stream_message(struct exchange *x, const unsigned char *p, size_t n)
{
	struct dns_msg m;
	bool ok = message_parse(&m, p, n) == 0 && m.id == x->ids[0] &&
	    answers(x, &m);
	struct net_error e;

	message_free(&m);
	if (ok) {
		accept_reply(x, 1, p, n);
		return;
	}
	stray(x, p, n, &x->p.to);
	net_error_init(&e, NET_CLOSED);
	fail(x, &e);
}

static void
stream_data(struct exchange *x, const struct conn_event *ev)
{
	size_t need;

	buf_add(&x->in, ev->data, ev->len);
	if (x->in.len < 2)
		return;
	need = (size_t)x->in.data[0] << 8 | x->in.data[1];
	if (x->in.len >= need + 2)
		stream_message(x, x->in.data + 2, need);
}

static void
stream_connected(struct exchange *x)
{
	unsigned char prefix[2] = { (unsigned char)(x->len >> 8),
		(unsigned char)x->len };
	struct buf b;

	note(x, EXCHANGE_CONNECTED, NULL, 0, &x->p.to, NULL);
	buf_init(&b, 0);
	buf_add(&b, prefix, 2);
	buf_add(&b, x->wire, x->len);
	x->result.sent = 1;
	x->sent_at[0] = loop_now(x->p.loop);
	note(x, EXCHANGE_SENT, x->wire, x->len, &x->p.to, NULL);
	conn_raw(x->conn, true);
	conn_send(x->conn, b.data, b.len);
	conn_deadline(x->conn, x->p.timeouts->tcp_reply);
	buf_free(&b);
}

static void
stream_event(void *ctx, struct conn *c, const struct conn_event *ev)
{
	struct exchange *x = ctx;

	(void)c;
	switch (ev->ev) {
	case CONN_CONNECTED:
		stream_connected(x);
		break;
	case CONN_DATA:
		stream_data(x, ev);
		break;
	case CONN_CLOSED: case CONN_TIMEOUT: case CONN_ERROR:
		note(x, EXCHANGE_ICMP, NULL, 0, &x->p.to, &ev->error);
		fail(x, &ev->error);
		break;
	case CONN_TLS: case CONN_LINE:
		break;
	}
}

static int
start_tcp(struct exchange *x)
{
	world_of(x)->ops->random(world_of(x), &x->ids[0], sizeof x->ids[0]);
	x->wire[0] = (unsigned char)(x->ids[0] >> 8);
	x->wire[1] = (unsigned char)x->ids[0];
	note(x, EXCHANGE_TRYING, NULL, 0, &x->p.to, NULL);
	x->conn = conn_new(x->p.loop, &x->p.to, stream_event, x);
	conn_connect(x->conn, x->p.timeouts->connect);
	return 0;
}

struct exchange *
exchange_start(const struct exchange_params *p, const struct exchange_hooks *h)
{
	struct exchange *x = xcalloc(1, sizeof *x);

	x->p = *p;
	x->hooks = *h;
	x->handle = -1;
	buf_init(&x->in, MAX_MESSAGE + 2);
	if (x->p.tries == 0)
		x->p.tries = p->timeouts->udp_tries;
	if (x->p.tries > MAX_TRIES)
		x->p.tries = MAX_TRIES;
	if (x->p.total == 0)
		x->p.total = p->timeouts->udp_total;
	x->qname = message_name(p->query.name);
	if (x->qname == NULL ||
	    message_query(&p->query, &x->wire, &x->len) == -1) {
		net_error_init(&x->result.error, NET_LOCAL);
		x->deadline = loop_timer(p->loop, 0, failed_to_start, x);
	} else if ((p->tcp ? start_tcp(x) : start_udp(x)) == -1) {
		net_error_errno(&x->result.error, errno);
		x->deadline = loop_timer(p->loop, 0, failed_to_start, x);
	}
	return x;
}
