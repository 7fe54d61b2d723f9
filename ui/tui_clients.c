/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long each kind of client waits and whether it gets there, given what
 * the addresses of both families do. Numbers: 250 ms of Happy Eyeballs (RFC
 * 8305), 50 ms for an AAAA that does not come, 21, 75 and 127 s of TCP without
 * it, 5 s of a stub resolver, 30 s of a mail server per address.
 */
#include "ui/tui_clients.h"

#include <string.h>

#define EYEBALLS	0.25
#define OLD_LEAST	21.0
#define OLD_MOST	127.0
#define MTA_WAIT	30.0
#define RESOLUTION	0.05
#define STUB_WAIT	5.0

static bool
published(const struct client_side *s)
{
	return s->good + s->silent + s->refused > 0 || s->wrong;
}

/* One family alone, dead addresses costing least to most seconds each. */
static struct client_life
alone(const struct client_side *s, double least, double most)
{
	struct client_life l;

	memset(&l, 0, sizeof(l));
	l.works = s->good > 0 && !s->wrong;
	l.unknown = !l.works && s->unknown;
	l.sometimes = s->good > 0 && s->silent > 0;
	l.speaks = s->good > 0 ? s->s : 0;
	if (s->silent > 0) {
		l.waits = s->good > 0 ? 0 : least * s->silent;
		l.waits_most = most * s->silent;
	}
	return l;
}

/* IPv6 first, then IPv4; a dead address costs least to most seconds. */
static struct client_life
both(const struct client_side *v4, const struct client_side *v6, double least,
    double most)
{
	struct client_life l;

	if (!published(v6))
		return alone(v4, least, most);
	if (v6->wrong || v6->good > 0) {
		l = alone(v6, least, most);
		if (v6->silent > 0)
			l.waits_most = most * v6->silent;
		return l;
	}
	l = alone(v4, least, most);
	l.waits += least * v6->silent;
	l.waits_most += most * v6->silent;
	return l;
}

struct client_life
client_life(enum client_kind kind, const struct client_side *v4,
    const struct client_side *v6, bool resolver_v6)
{
	struct client_life l;

	switch (kind) {
	case CLIENT_V4:
		return alone(v4, OLD_LEAST, OLD_MOST);
	case CLIENT_OLD:
		return both(v4, v6, OLD_LEAST, OLD_MOST);
	case CLIENT_NAT64:
		/* A name with AAAA is not synthesised. */
		return alone(published(v6) ? v6 : v4, OLD_LEAST, OLD_MOST);
	case CLIENT_MTA:
		return both(v4, v6, MTA_WAIT, MTA_WAIT);
	case CLIENT_V6_RESOLVER:
		l = both(v4, v6, EYEBALLS, EYEBALLS);
		if (!resolver_v6)
			memset(&l, 0, sizeof(l));
		return l;
	default:
		return both(v4, v6, EYEBALLS, EYEBALLS);
	}
}

static void
delayed(struct client_life *l, double least, double most, bool some)
{
	if (!some)
		l->waits += least;
	l->waits_most += most;
	l->sometimes = l->sometimes || some;
}

/* glibc waits 5 s for the missing answer and asks twice; who follows RFC 8305
   waits 50 ms; without an answer DNS64 cannot know whether to synthesise. */
static void
no_reply(struct client_life *l, enum client_kind kind, bool some)
{
	switch (kind) {
	case CLIENT_V4:
		break;
	case CLIENT_HE:
	case CLIENT_V6_RESOLVER:
		delayed(l, RESOLUTION, RESOLUTION, some);
		break;
	case CLIENT_OLD:
		delayed(l, STUB_WAIT, 3 * STUB_WAIT, some);
		break;
	default:
		delayed(l, STUB_WAIT, STUB_WAIT, some);
	}
}

void
client_looks_up(struct client_life *l, enum client_kind kind,
    const struct client_dns *d)
{
	if (!l->works)
		return;
	if (l->waits_most < l->waits)
		l->waits_most = l->waits;
	if (d->silent || d->silent_some)
		no_reply(l, kind, !d->silent);
	/* A shared cache remembers that the name is not there, for A too. */
	if (d->denied || d->denied_some) {
		l->sometimes = true;
		if (d->denied && kind == CLIENT_NAT64)
			l->works = false;
	}
	if (d->failed || d->failed_some) {
		if (kind == CLIENT_OLD || kind == CLIENT_MTA)
			l->sometimes = true;
		if (kind == CLIENT_NAT64)
			delayed(l, STUB_WAIT, STUB_WAIT, !d->failed);
	}
	if (d->tcp6 && kind != CLIENT_V4)
		l->sometimes = true;
}
