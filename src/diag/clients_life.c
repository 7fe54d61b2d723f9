/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long each kind of client waits and whether it gets there, given what
 * the addresses of both families do and what the look-up comes to. Numbers:
 * 250 ms of Happy Eyeballs and 50 ms for an AAAA that does not come (RFC
 * 8305), 21 to 127 s of TCP without it, 1 s for a SYN sent again, 5 s of a
 * stub resolver, 30 s of a mail server per address.
 */
#include "diag/clients.h"

#include <string.h>

#define EYEBALLS	0.25
#define OLD_LEAST	21.0
#define OLD_MOST	127.0
#define MTA_WAIT	30.0
#define SYN_AGAIN	1.0
#define RESOLUTION	0.05
#define STUB_WAIT	5.0

/* What a dead address costs, s; what a lost first packet costs; whether a
   refusal costs the time until it came. */
struct cost {
	double	 least, most, lost;
	bool	 told;
};

static const struct cost costs[CLIENT_KINDS] = {
	[CLIENT_V4] = { OLD_LEAST, OLD_MOST, SYN_AGAIN, true },
	[CLIENT_HE] = { EYEBALLS, EYEBALLS, EYEBALLS, false },
	[CLIENT_OLD] = { OLD_LEAST, OLD_MOST, SYN_AGAIN, true },
	[CLIENT_NAT64] = { OLD_LEAST, OLD_MOST, SYN_AGAIN, true },
	[CLIENT_V6_RESOLVER] = { EYEBALLS, EYEBALLS, EYEBALLS, false },
	[CLIENT_MTA] = { MTA_WAIT, MTA_WAIT, SYN_AGAIN, true },
};

static bool
reached(const struct client_side *s)
{
	return s->good + s->wrong + s->final > 0;
}

static bool
published(const struct client_side *s)
{
	return reached(s) || s->unknown || s->silent + s->refused +
	    s->special > 0;
}

/* Greetings that come late, and greylists: patience is all it takes. */
static void
patience(struct client_life *l, const struct client_side *s)
{
	l->patient = s->late + s->back;
	l->waits_most += l->patient;
	if (s->slow > 0 && s->slow == s->good)
		l->waits += s->late;
	l->grey = s->grey;
}

/* One family alone. */
static struct client_life
alone(const struct client_side *s, const struct cost *c)
{
	int dead = s->silent + s->special;
	struct client_life l;

	memset(&l, 0, sizeof(l));
	l.works = s->good > 0;
	l.unknown = !l.works && s->unknown;
	if (!l.works) {
		l.waits = c->least * s->silent;
		l.waits_most = c->most * dead;
		return l;
	}
	l.fails_some = s->fails_some || s->wrong + s->final > 0;
	l.sometimes = s->sometimes || dead + s->lost > 0;
	l.speaks = s->s;
	l.waits_most = c->most * dead + (s->lost > 0 ? c->lost : 0);
	patience(&l, s);
	return l;
}

/* IPv6 first, then IPv4. */
static struct client_life
both(const struct client_side *v4, const struct client_side *v6,
    const struct cost *c)
{
	struct client_life l;

	if (reached(v6))
		return alone(v6, c);
	l = alone(v4, c);
	if (v6->unknown) {
		l.works = false;
		l.unknown = true;
		return l;
	}
	if (c->told) {
		l.waits += v6->told;
		l.waits_most += v6->told;
	}
	l.waits += c->least * v6->silent;
	l.waits_most += c->most * (v6->silent + v6->special);
	return l;
}

/* A sending host turns to the next address when one does not do its work, but
   not when mail is refused for good (RFC 5321, 5.1). */
static struct client_life
mta(const struct client_side *v4, const struct client_side *v6)
{
	struct client_side s[2] = { *v4, *v6 };
	struct client_life l;

	for (int f = 0; f < 2; f++) {
		s[f].refused += s[f].wrong;
		s[f].wrong = 0;
	}
	l = both(&s[0], &s[1], &costs[CLIENT_MTA]);
	l.sometimes = l.sometimes || v6->wrong > 0;
	return l;
}

/* Nobody else to try meanwhile: a lost packet has to be sent again. */
static struct client_life
eyeballs(const struct client_side *v4, const struct client_side *v6)
{
	struct cost c = costs[CLIENT_HE];

	if (v4->good + v6->good < 2)
		c.lost = SYN_AGAIN;
	return both(v4, v6, &c);
}

struct client_life
clients_life(enum client_kind kind, const struct client_side *v4,
    const struct client_side *v6)
{
	/* A name with AAAA is not synthesised. */
	const struct client_side *one = kind == CLIENT_NAT64 &&
	    published(v6) ? v6 : v4;
	struct client_life l;

	switch (kind) {
	case CLIENT_V4:
	case CLIENT_NAT64:
		l = alone(one, &costs[kind]);
		/* A machine of one's own network may have that address. */
		l.fails_some = l.fails_some || (l.works && one->special > 0);
		return l;
	case CLIENT_OLD:
		l = both(v4, v6, &costs[kind]);
		l.fails_some = l.fails_some || (l.works && v6->special > 0);
		return l;
	case CLIENT_MTA:
		return mta(v4, v6);
	default:
		return eyeballs(v4, v6);
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

/* glibc waits 5 s for the missing answer and asks twice, musl fails; who
   follows RFC 8305 waits 50 ms; without an answer DNS64 cannot know whether
   to synthesise. */
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
		l->fails_some = true;
		break;
	default:
		delayed(l, STUB_WAIT, STUB_WAIT, some);
	}
}

/* AAAA is not answered as it should be; A is. */
static void
aaaa(struct client_life *l, enum client_kind kind, const struct client_dns *d)
{
	if (d->silent || d->silent_some)
		no_reply(l, kind, !d->silent);
	/* A shared cache remembers that the name is not there, for A too. */
	if (d->denied || d->denied_some) {
		l->fails_some = true;
		if (d->denied && kind == CLIENT_NAT64)
			l->works = false;
	}
	if (!d->failed && !d->failed_some)
		return;
	if (kind == CLIENT_OLD)		/* glibc goes on, musl fails */
		l->fails_some = true;
	if (kind == CLIENT_MTA)		/* Postfix tries again later */
		l->sometimes = true;
	if (kind == CLIENT_NAT64)
		delayed(l, STUB_WAIT, STUB_WAIT, !d->failed);
}

/* The way to the servers: an IPv6-only resolver has one family only, an
   IPv4-only one may stand behind all other clients. */
static void
servers(struct client_life *l, enum client_kind kind,
    const struct client_dns *d)
{
	bool v6 = kind == CLIENT_V6_RESOLVER;

	if (v6 && d->only_unknown && !d->only[1]) {
		l->works = false;
		l->unknown = true;
	}
	if (v6 && d->only[1])
		l->works = l->unknown = false;
	l->fails_some = l->fails_some || (v6 && (d->only_some || d->tcp[1])) ||
	    (!v6 && d->only[0]);
	l->sometimes = l->sometimes || (!v6 && d->tcp[0]) ||
	    (kind != CLIENT_V4 && d->tcp[1]);
	l->lookup = l->lookup || d->later[1] || (!v6 && d->later[0]);
}

void
clients_look_up(struct client_life *l, enum client_kind kind,
    const struct client_dns *d)
{
	if (d->none)
		l->works = l->unknown = false;
	if (!l->works && (!l->unknown || kind != CLIENT_V6_RESOLVER))
		return;
	if (l->waits_most < l->waits)
		l->waits_most = l->waits;
	aaaa(l, kind, d);
	servers(l, kind, d);
	l->sometimes = l->sometimes || d->sometimes;
	l->fails_some = l->fails_some || d->fails_some;
}
