/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes of a connection: what is queued goes out, what comes in is given out
 * as lines with a limit or as it is, a turn's share at a time.
 */
#include "net/conn_io.h"

#include <errno.h>
#include <string.h>

#define CHUNK		(16u * 1024)
#define TURN_LINES	64
#define TURN_BYTES	(64u * 1024)

/* Send n bytes of out past TLS: bytes sent, or -1 and *want. */
static ssize_t
send_plain(struct conn *c, size_t n, enum tls_want *want)
{
	ssize_t sent = c->world->ops->send(c->world, c->handle, c->out.data,
	    n, NULL);

	*want = sent < 0 && errno != EAGAIN && !net_errno_soft(errno) ?
	    TLS_ERROR : TLS_WRITE;
	return sent;
}

int
conn_io_flush(struct conn *c)
{
	enum tls_want want;

	c->write_reads = false;
	while (c->out.len > 0 && !c->held) {
		ssize_t sent;

		if (c->plain > 0)
			sent = send_plain(c, c->plain, &want);
		else if (c->state == CONN_HANDSHAKE)
			return 0;
		else if (c->tls != NULL)
			sent = tls_write(c->tls, c->out.data, c->out.len,
			    &want);
		else
			sent = send_plain(c, c->out.len, &want);
		if (sent < 0) {
			c->write_reads = want == TLS_READ;
			return want == TLS_ERROR || want == TLS_CLOSED ?
			    -1 : 0;
		}
		buf_drop(&c->out, (size_t)sent);
		if (c->plain > 0)
			c->plain -= (size_t)sent;
	}
	return 0;
}

/* The peer closed or reset an open connection, or the kernel gave up. */
static void
end_closed(struct conn *c)
{
	int err = c->hard.err;

	if (err == ETIMEDOUT)
		conn_end(c, CONN_TIMEOUT, NET_STALLED, err);
	else
		conn_end(c, CONN_CLOSED, NET_CLOSED, err);
}

/* One read into in, which is empty: bytes, 0 = nothing now; sets eof. */
static size_t
fill(struct conn *c)
{
	unsigned char chunk[CHUNK];
	enum tls_want want = TLS_READ;
	ssize_t got;

	if (c->tls != NULL)
		got = tls_read(c->tls, chunk, sizeof chunk, &want);
	else {
		got = c->world->ops->recv(c->world, c->handle, chunk,
		    sizeof chunk, NULL);
		if (got < 0 && errno != EAGAIN && !net_errno_soft(errno)) {
			net_error_errno(&c->hard, errno);
			want = TLS_ERROR;
		}
	}
	if (got > 0) {
		buf_drop(&c->in, c->in.len);
		c->pos = 0;
		buf_add(&c->in, chunk, (size_t)got);
		c->read_at = loop_now(c->loop);
		return (size_t)got;
	}
	if (got == 0 || want == TLS_CLOSED || want == TLS_ERROR) {
		c->eof = true;
		if (c->tls != NULL && tls_errno(c->tls) != 0)
			net_error_errno(&c->hard, tls_errno(c->tls));
		else if (c->tls != NULL && want == TLS_ERROR)
			net_error_errno(&c->hard, EPROTO);
	}
	return 0;
}

static void
give_line(struct conn *c)
{
	struct conn_event e = {.ev = CONN_LINE, .at = c->read_at};

	e.bare_lf = c->full == 0 || c->last != '\r';
	e.full = c->full - !e.bare_lf;
	e.len = c->line.len > e.full ? e.full : c->line.len;
	e.data = (const unsigned char *)buf_str(&c->line);
	c->line.len = 0;
	c->line.over = false;
	c->full = 0;
	conn_emit(c, &e);
}

/* Take one line, or a part of one, from in: true if a line was given. */
static bool
take_line(struct conn *c)
{
	const unsigned char *from = c->in.data + c->pos, *lf;
	size_t left = c->in.len - c->pos, n;

	lf = memchr(from, '\n', left);
	n = lf == NULL ? left : (size_t)(lf - from);
	buf_add(&c->line, from, n);
	c->full += n;
	if (n > 0)
		c->last = from[n - 1];
	c->pos += n + (lf != NULL);
	if (lf == NULL)
		return false;
	give_line(c);
	return true;
}

static void
give_data(struct conn *c)
{
	struct conn_event e = {.ev = CONN_DATA, .at = c->read_at};

	if (c->full > 0) {	/* a line was begun before raw mode */
		e.data = c->line.data;
		e.len = c->line.len;
		c->line.len = c->full = 0;
		conn_emit(c, &e);
		return;
	}
	e.data = c->in.data + c->pos;
	e.len = c->in.len - c->pos;
	c->pos = c->in.len;
	conn_emit(c, &e);
}

static bool
readable(const struct conn *c)
{
	return !c->dead && c->state == CONN_OPEN && !c->paused;
}

void
conn_io_receive(struct conn *c)
{
	size_t lines = 0, bytes = 0, got;

	while (readable(c)) {
		if (lines >= TURN_LINES || bytes >= TURN_BYTES) {
			conn_kick(c);
			return;
		}
		if (c->raw && (c->full > 0 || c->pos < c->in.len))
			give_data(c);
		else if (c->pos < c->in.len)
			lines += take_line(c);
		else if (c->eof) {
			end_closed(c);
			return;
		} else if ((got = fill(c)) > 0)
			bytes += got;
		else if (!c->eof)
			return;
	}
}
