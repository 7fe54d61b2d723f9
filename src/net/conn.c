/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One TCP connection, plain or in TLS, as seven events. Deadlines count whole
 * waits, lines have limits, a turn takes its share and gives the loop back.
 */
#include "net/conn_io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"


static void on_ready(void *, unsigned);
static void on_kick(void *);

struct conn *
conn_new(struct loop *l, const struct sockname *to, conn_cb *call, void *ctx)
{
	struct conn *c = xcalloc(1, sizeof *c);

	c->loop = l;
	c->world = loop_world(l);
	c->to = *to;
	c->call = call;
	c->ctx = ctx;
	c->handle = -1;
	c->want = TLS_READ;
	buf_init(&c->in, 0);
	buf_init(&c->line, LIMIT_LINE);
	buf_init(&c->out, 0);
	net_error_init(&c->hard, NET_OK);
	return c;
}

/* What is to be watched now. */
static void
set_watch(struct conn *c)
{
	unsigned events = 0;

	if (c->watch == NULL)
		return;
	if (c->state == CONN_OPENING)
		events = WORLD_OUT;
	else if (c->state == CONN_HANDSHAKE)
		events = c->plain > 0 || c->want == TLS_WRITE ? WORLD_OUT :
		    WORLD_IN;
	else if (c->state == CONN_OPEN) {
		if (!c->paused && !c->eof && c->pos == c->in.len)
			events |= WORLD_IN;
		if (c->out.len > 0 && !c->held && !c->write_reads)
			events |= WORLD_OUT;
	}
	watch_events(c->watch, events);
}

/* Leave a handler: free what was to be freed in it. */
static void
leave(struct conn *c)
{
	c->busy = false;
	if (!c->dead) {
		set_watch(c);
		return;
	}
	buf_free(&c->in);
	buf_free(&c->line);
	buf_free(&c->out);
	json_decref(c->fact);
	free(c);
}

void
conn_kick(struct conn *c)
{
	if (c->kick == NULL)
		c->kick = loop_timer(c->loop, 0, on_kick, c);
}

void
conn_emit(struct conn *c, struct conn_event *e)
{
	e->at = e->at == 0 ? loop_now(c->loop) : e->at;
	if (e->ev < CONN_CLOSED)
		net_error_init(&e->error, NET_OK);
	if (!c->dead)
		c->call(c->ctx, c, e);
}

/* The last event. */
static void
end(struct conn *c, enum conn_ev ev, const struct net_error *error)
{
	struct conn_event e = {.ev = ev, .error = *error};

	if (c->dead || c->state == CONN_ENDED)
		return;
	if (c->state == CONN_HANDSHAKE && c->tls != NULL) {
		json_decref(c->fact);
		c->fact = tls_fact(c->tls);
		e.tls = c->fact;
	}
	e.data = (const unsigned char *)buf_str(&c->line);
	e.len = c->line.len;
	e.full = c->full;
	c->state = CONN_ENDED;
	watch_free(c->watch);
	c->watch = NULL;
	timer_cancel(&c->limit);
	timer_cancel(&c->deadline);
	timer_cancel(&c->kick);
	conn_emit(c, &e);
}

void
conn_end(struct conn *c, enum conn_ev ev, enum net_cause cause, int err)
{
	struct net_error error;

	net_error_init(&error, cause);
	error.err = err;
	end(c, ev, &error);
}

/* Take everything off the error queue; 1 and *first: something was there.
   An ICMP message is preferred, it tells most. */
static int
drain_errors(struct conn *c, struct net_error *first)
{
	struct net_error e;
	int n = 0;

	while (n < 64 && c->world->ops->error(c->world, c->handle, &e,
	    NULL) == 1) {
		if (n++ == 0 || (first->icmp_type < 0 && e.icmp_type >= 0))
			*first = e;
		if (e.icmp_type < 0 && !net_errno_soft(e.err))
			c->hard = e;
	}
	return n > 0;
}

static void
on_limit(void *ctx)
{
	struct conn *c = ctx;

	c->limit = NULL;
	c->busy = true;
	conn_end(c, CONN_TIMEOUT,
	    c->state == CONN_OPENING ? NET_TIMEOUT : NET_STALLED, 0);
	leave(c);
}

static void
on_deadline(void *ctx)
{
	struct conn *c = ctx;

	c->deadline = NULL;
	c->busy = true;
	conn_end(c, CONN_TIMEOUT,
	    c->state == CONN_OPENING ? NET_TIMEOUT : NET_STALLED, 0);
	leave(c);
}

void
conn_connect(struct conn *c, int64_t limit)
{
	struct world *w = c->world;
	int err;

	if (c->state != CONN_NEW)
		return;
	c->state = CONN_OPENING;
	c->handle = world_open(w, c->to.addr.family, true);
	if (c->handle < 0 || w->ops->connect(w, c->handle, &c->to) != 0) {
		err = errno;
		net_error_errno(&c->hard, err == 0 ? EINVAL : err);
		world_no_family(c->world, &c->to.addr, &c->hard);
		conn_kick(c);
		return;
	}
	c->watch = loop_watch(c->loop, c->handle, WORLD_OUT, on_ready, c);
	if (limit > 0)
		c->limit = loop_timer(c->loop, limit, on_limit, c);
}

static void
connected(struct conn *c, unsigned got)
{
	struct conn_event e = {.ev = CONN_CONNECTED};
	struct net_error error;

	if (c->hard.err != 0)
		error = c->hard;
	else if (!drain_errors(c, &error)) {
		if ((got & WORLD_OUT) == 0)
			return;
		timer_cancel(&c->limit);
		c->state = CONN_OPEN;
		net_error_init(&c->hard, NET_OK);
		conn_emit(c, &e);
		return;
	}
	if (error.cause == NET_CLOSED)
		error.cause = NET_REFUSED;
	world_no_family(c->world, &c->to.addr, &error);
	end(c, error.cause == NET_TIMEOUT ? CONN_TIMEOUT : CONN_ERROR, &error);
}

static void
handshake_done(struct conn *c)
{
	struct conn_event e = {.ev = CONN_TLS};

	timer_cancel(&c->limit);
	c->state = CONN_OPEN;
	json_decref(c->fact);
	c->fact = tls_fact(c->tls);
	e.tls = c->fact;
	conn_emit(c, &e);
	if (!c->dead && c->state == CONN_OPEN)
		conn_kick(c);	/* bytes may wait inside TLS */
}

static void
handshake(struct conn *c)
{
	int err;

	if (conn_io_flush(c) != 0) {
		conn_end(c, CONN_ERROR, NET_CLOSED, errno);
		return;
	}
	if (c->plain > 0)
		return;
	c->want = tls_handshake(c->tls);
	switch (c->want) {
	case TLS_DONE:
		handshake_done(c);
		break;
	case TLS_CLOSED:
		err = tls_errno(c->tls);
		conn_end(c, CONN_ERROR, NET_CLOSED,
		    err == 0 ? c->hard.err : err);
		break;
	case TLS_ERROR:
		conn_end(c, CONN_ERROR, NET_OK, 0);
		break;
	case TLS_READ:
	case TLS_WRITE:
		break;
	}
}

static void
progress(struct conn *c, unsigned got)
{
	struct net_error e;

	if (c->state == CONN_OPENING) {
		connected(c, got);
		return;
	}
	if ((got & WORLD_ERR) != 0 && c->handle >= 0) {
		drain_errors(c, &e);
		c->held = c->paused || c->hard.err != 0;
	}
	if (c->state == CONN_HANDSHAKE)
		handshake(c);
	else if (c->state == CONN_OPEN) {
		if (conn_io_flush(c) != 0)
			c->held = true;	/* read on: the reason may follow */
		conn_io_receive(c);
	}
}

static void
on_ready(void *ctx, unsigned got)
{
	struct conn *c = ctx;

	c->busy = true;
	progress(c, got);
	leave(c);
}

static void
on_kick(void *ctx)
{
	struct conn *c = ctx;

	c->kick = NULL;
	c->busy = true;
	progress(c, 0);
	leave(c);
}

void
conn_send(struct conn *c, const void *data, size_t n)
{
	if (c->handle < 0)
		return;
	buf_add(&c->out, data, n);
	if (c->state == CONN_OPEN)
		conn_kick(c);
}

void
conn_raw(struct conn *c, bool raw)
{
	c->raw = raw;
}

size_t
conn_buffered(const struct conn *c)
{
	return c->in.len - c->pos + c->full;
}

size_t
conn_starttls(struct conn *c, const struct tls_params *p, int64_t limit)
{
	size_t dropped = conn_buffered(c);

	if (c->state != CONN_OPEN || c->tls != NULL)
		return 0;
	c->pos = c->in.len;
	c->line.len = c->full = 0;
	c->plain = c->out.len;
	c->tls = tls_new(c->world, c->handle, p);
	c->want = TLS_READ;
	c->state = CONN_HANDSHAKE;
	if (limit > 0)
		c->limit = loop_timer(c->loop, limit, on_limit, c);
	conn_kick(c);
	return dropped;
}

void
conn_deadline(struct conn *c, int64_t delay)
{
	timer_cancel(&c->deadline);
	if (delay > 0 && c->state != CONN_ENDED)
		c->deadline = loop_timer(c->loop, delay, on_deadline, c);
}

void
conn_pause(struct conn *c, bool paused)
{
	c->paused = paused;
	if (!paused && c->hard.err == 0)
		c->held = false;
	if (!paused && c->state == CONN_OPEN)
		conn_kick(c);
	if (!c->busy)
		set_watch(c);
}

int
conn_tcp_info(struct conn *c, struct world_tcp_info *info)
{
	return c->handle < 0 ? -1 :
	    c->world->ops->tcp_info(c->world, c->handle, info);
}

int
conn_local(struct conn *c, struct sockname *s)
{
	return c->handle < 0 ? -1 :
	    c->world->ops->local(c->world, c->handle, s);
}

void
conn_free(struct conn *c)
{
	if (c == NULL || c->dead)
		return;
	c->dead = true;
	if (c->handle >= 0 && c->state != CONN_OPENING &&
	    c->state != CONN_HANDSHAKE) {
		conn_io_flush(c);
		if (c->tls != NULL)
			tls_shutdown(c->tls);
	}
	watch_free(c->watch);
	c->watch = NULL;
	timer_cancel(&c->limit);
	timer_cancel(&c->deadline);
	timer_cancel(&c->kick);
	tls_free(c->tls);
	c->tls = NULL;
	if (c->handle >= 0)
		c->world->ops->close(c->world, c->handle);
	c->handle = -1;
	if (!c->busy)
		leave(c);
}
