/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The far end of the practice link. Packets of real programs become datagrams
 * and connections of the memory world, so that every declared fault meets
 * them too; what the world does with them goes back as packets. Nothing here
 * touches the system: bytes in, bytes out, virtual time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/wire_inside.h"

struct wire *
wire_new(struct world *w, bool sums, void (*out)(void *, const void *,
    size_t), void *ctx)
{
	struct wire	*wi = xcalloc(1, sizeof *wi);

	wi->w = w;
	wi->sums = sums;
	wi->out = out;
	wi->ctx = ctx;
	return (wi);
}

void
wire_free(struct wire *wi)
{
	size_t	i;

	if (wi == NULL)
		return;
	for (i = 0; i < wi->nports; i++)
		wi->w->ops->close(wi->w, wi->ports[i].handle);
	for (i = 0; i < wi->nstreams; i++)
		stream_free(wi, wi->streams[i]);
	free(wi->echoes);
	free(wi->ports);
	free(wi->streams);
	free(wi->polls);
	free(wi);
}

void
wire_input(struct wire *wi, const void *packet, size_t len)
{
	struct wire_packet	p;

	if (wire_parse(&p, packet, len, wi->sums) == -1)
		return;
	if (p.proto == WIRE_UDP)
		wire_udp_input(wi, &p);
	else if (p.proto == WIRE_TCP)
		stream_input(wi, &p);
	else
		wire_icmp_input(wi, &p);
}

static size_t
fill_polls(struct wire *wi)
{
	size_t	n = wi->nports + wi->nstreams, i;

	if (n > wi->cap) {
		wi->cap = n * 2;
		wi->polls = xreallocarray(wi->polls, wi->cap,
		    sizeof *wi->polls);
	}
	for (i = 0; i < wi->nports; i++)
		wi->polls[i] = (struct world_poll){ wi->ports[i].handle,
		    WORLD_IN, 0 };
	for (; i < n; i++)
		wi->polls[i] = (struct world_poll){
		    wi->streams[i - wi->nports]->handle,
		    stream_wants(wi->streams[i - wi->nports]), 0 };
	return (n);
}

/* Nothing that is served here adds or removes a port or a stream. */
static void
serve(struct wire *wi)
{
	size_t	i;

	for (i = 0; i < wi->nports; i++)
		if (wi->polls[i].got != 0)
			wire_udp_ready(wi, &wi->ports[i]);
	for (i = 0; i < wi->nstreams; i++)
		if (wi->polls[wi->nports + i].got != 0)
			stream_ready(wi, wi->streams[i]);
}

static int64_t
next_timer(const struct wire *wi)
{
	int64_t	a = stream_next(wi), b = wire_icmp_next(wi);

	return (a < b ? a : b);
}

int64_t
wire_run(struct wire *wi, int64_t until)
{
	int64_t	next, now;
	size_t	n;
	int	ready;

	do {
		n = fill_polls(wi);
		next = next_timer(wi);
		ready = wi->w->ops->wait(wi->w, wi->polls, n,
		    next < until ? next : until);
		if (ready > 0)
			serve(wi);
		now = wi->w->ops->now(wi->w);
		wire_udp_expire(wi, now);
		stream_turn(wi, now);
		wire_icmp_turn(wi, now);
	} while (ready > 0 || now < until);
	next = next_timer(wi);
	until = memory_next(wi->w);
	return (next < until ? next : until);
}
