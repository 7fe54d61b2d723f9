/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sending half of a connection of the practice link (RFC 9293 3.8): what
 * the client's window has room for, again after a while without an
 * acknowledgment, a probe while the window is closed; and the end of it all.
 */
#include <stdlib.h>

#include "practice/segment.h"

#define RETRY		(200 * NSEC_PER_MSEC)
#define RETRY_MAX	(5 * NSEC_PER_SEC)
#define TRIES		10
#define IDLE_HALF	(180 * NSEC_PER_SEC)	/* nothing ever answered */
#define IDLE_OPEN	(7200 * NSEC_PER_SEC)

void
stream_acknowledge(struct wire *wi, const struct stream *t)
{
	segment_emit(wi, t, ACK, t->next, NULL, 0);
}

void
stream_hang_up(struct wire *wi, struct stream *t)
{
	if (t->handle != -1)
		wi->w->ops->close(wi->w, t->handle);
	t->handle = -1;
	t->linger = WORLD_NEVER;
}

void
stream_gone(struct wire *wi, struct stream *t)
{
	stream_hang_up(wi, t);
	t->state = STREAM_GONE;
	t->timer = WORLD_NEVER;
}

void
stream_reset(struct wire *wi, struct stream *t)
{
	segment_emit(wi, t, RST | ACK, t->next, NULL, 0);
	stream_gone(wi, t);
}

void
stream_arm(struct wire *wi, struct stream *t)
{
	int64_t	wait = RETRY << (t->tries < 6 ? t->tries : 6);

	t->timer = wi->w->ops->now(wi->w) +
	    (wait < RETRY_MAX ? wait : RETRY_MAX);
}

/* Send what the client's window has room for, the FIN behind it. */
void
stream_output(struct wire *wi, struct stream *t)
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
	if (segment_before(t->max, t->next))
		t->max = t->next;
	if (t->next == t->una && t->out.len == 0)
		t->timer = WORLD_NEVER;
	else if (t->timer == WORLD_NEVER)
		stream_arm(wi, t);
}

static void
again(struct wire *wi, struct stream *t)
{
	if (t->state == STREAM_OPEN && t->window == 0 && t->out.len > 0) {
		segment_emit(wi, t, ACK, t->una, t->out.data, 1);
		if (segment_before(t->max, t->una + 1))
			t->max = t->una + 1;
		t->next = t->max;
		t->tries += t->tries < 6;
		stream_arm(wi, t);
		return;
	}
	if (++t->tries > TRIES) {
		stream_reset(wi, t);
		return;
	}
	t->timer = WORLD_NEVER;
	if (t->state == STREAM_SYN_RECEIVED) {
		segment_emit(wi, t, SYN | ACK, t->iss, NULL, 0);
		stream_arm(wi, t);
		return;
	}
	t->next = t->una;
	stream_output(wi, t);
}

void
stream_free(struct wire *wi, struct stream *t)
{
	stream_hang_up(wi, t);
	buf_free(&t->out);
	free(t);
}

static void
due(struct wire *wi, struct stream *t, int64_t now)
{
	if (t->linger <= now) {		/* the client ended long ago */
		stream_hang_up(wi, t);
		t->eof = true;
		stream_output(wi, t);
	}
	if (t->timer <= now && t->state != STREAM_GONE)
		again(wi, t);
	if (now - t->touched >= (t->state == STREAM_OPEN ? IDLE_OPEN :
	    IDLE_HALF))
		stream_gone(wi, t);
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
