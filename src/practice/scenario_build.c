/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From declarations to a world: delegations go into the parents' zones, zones
 * get what they lack, each server address gets its view of the zones, and
 * everything listens.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/practice.h"

#define DEFAULT_TTL 3600

static struct zone *
parent_of(struct scenario *s, const unsigned char *zone)
{
	struct zone	*z = NULL;

	while (*zone != 0 && z == NULL) {
		zone = name_up(zone);
		z = scenario_zone(s, zone, false);
	}
	return (z);
}

static void
add_all(struct zone *z, const unsigned char *owner, const struct addrs *a)
{
	size_t	i;

	for (i = 0; i < a->n; i++)
		zone_add_addr(z, owner, DEFAULT_TTL, &a->list[i]);
}

/* There is a parent at least in the root, which fill_root made. */
static void
delegate(struct scenario *s, const struct delegation *d)
{
	struct zone	*parent = parent_of(s, d->zone);
	size_t		 i;

	for (i = 0; i < d->n; i++) {
		zone_add_name(parent, d->zone, DNS_NS, DEFAULT_TTL,
		    d->ns[i].name);
		add_all(parent, d->ns[i].name, &d->ns[i].glue);
	}
}

/* What the child's zone lacks, taken from its delegation. */
static void
fill_child(struct scenario *s, const struct delegation *d)
{
	struct zone	*z = scenario_zone(s, d->zone, false);
	size_t		 i;
	bool		 has_ns;

	if (z == NULL)
		return;
	has_ns = zone_has(z, z->name, DNS_NS);
	for (i = 0; i < d->n; i++) {
		if (!has_ns)
			zone_add_name(z, z->name, DNS_NS, DEFAULT_TTL,
			    d->ns[i].name);
		if (name_under(d->ns[i].name, z->name) &&
		    !zone_has(z, d->ns[i].name, 0))
			add_all(z, d->ns[i].name, &d->ns[i].glue);
	}
}

static void
put32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16);
	p[2] = (unsigned char)(v >> 8);
	p[3] = (unsigned char)v;
}

static void
fill_soa(struct zone *z)
{
	static const uint32_t	 numbers[] = { 2026112401, 7200, 3600, 1209600,
		3600 };
	static const unsigned char host[] = "\12hostmaster";
	const unsigned char	*primary = z->name;
	struct zone_rr		 rr = { .type = DNS_SOA, .ttl = DEFAULT_TTL };
	size_t			 i, n, zone = name_len(z->name);

	if (zone_soa(z) != NULL || zone + 11 > 255)
		return;
	for (i = 0; i < z->n; i++)
		if (z->rrs[i].type == DNS_NS &&
		    name_equal(z->rrs[i].owner, z->name)) {
			primary = z->rrs[i].rdata;
			break;
		}
	n = name_len(primary);
	rr.owner = name_dup(z->name);
	rr.len = n + 11 + zone + 20;
	rr.rdata = xmalloc(rr.len);
	memcpy(rr.rdata, primary, n);
	memcpy(rr.rdata + n, host, 11);
	memcpy(rr.rdata + n + 11, z->name, zone);
	for (i = 0; i < 5; i++)
		put32(rr.rdata + n + 11 + zone + 4 * i, numbers[i]);
	zone_add(z, &rr);
}

static void
fill_root(struct scenario *s)
{
	static const unsigned char	 root[1] = { 0 };
	struct zone			*z = scenario_zone(s, root, true);
	size_t				 i, k;

	for (i = 0; i < s->nservers; i++) {
		if (!s->servers[i]->root)
			continue;
		zone_add_name(z, root, DNS_NS, DEFAULT_TTL,
		    s->servers[i]->name);
		add_all(z, s->servers[i]->name, &s->servers[i]->addrs);
		for (k = 0; k < s->servers[i]->addrs.n; k++)
			addrs_add(&s->roots, &s->servers[i]->addrs.list[k]);
	}
}

/* Reverse zones lie at the root servers. */
static void
fill_reverse(struct scenario *s, const char *text)
{
	static const unsigned char	 root[1] = { 0 };
	unsigned char			 name[NAME_MAX_WIRE];
	struct zone			*z, *top;
	size_t				 i;

	if (name_parse(name, text) == -1)
		return;
	z = scenario_zone(s, name, true);
	top = scenario_zone(s, root, true);
	for (i = 0; i < s->nservers; i++)
		if (s->servers[i]->root && !zone_has(top, name, DNS_NS)) {
			zone_add_name(z, name, DNS_NS, DEFAULT_TTL,
			    s->servers[i]->name);
			zone_add_name(top, name, DNS_NS, DEFAULT_TTL,
			    s->servers[i]->name);
		}
}

static void
fill(struct scenario *s)
{
	size_t	i;

	fill_root(s);
	fill_reverse(s, "in-addr.arpa");
	fill_reverse(s, "ip6.arpa");
	for (i = 0; i < s->ndelegations; i++) {
		fill_child(s, &s->delegations[i]);
		delegate(s, &s->delegations[i]);
	}
	for (i = 0; i < s->nzones; i++)
		fill_soa(s->zones[i]);
	scenario_sign(s);
}

static bool
serves(const struct scenario *s, const struct server *v, const struct zone *z)
{
	const struct delegation	*d;
	size_t			 i, k;

	for (i = 0; i < v->nzones; i++)
		if (name_equal(v->zones[i], z->name))
			return (true);
	if (v->nzones > 0 && !v->root)
		return (false);
	for (i = 0; i < z->n; i++)
		if (z->rrs[i].type == DNS_NS &&
		    name_equal(z->rrs[i].owner, z->name) &&
		    name_equal(z->rrs[i].rdata, v->name))
			return (true);
	for (i = 0; i < s->ndelegations; i++) {
		d = &s->delegations[i];
		for (k = 0; k < d->n && name_equal(d->zone, z->name); k++)
			if (name_equal(d->ns[k].name, v->name))
				return (true);
	}
	return (false);
}

static bool
owns(const struct own *o, const struct addr *a, const struct zone *z)
{
	size_t	i;

	if (!name_equal(o->zone, z->name))
		return (false);
	for (i = 0; i < o->who.n; i++)
		if (addr_equal(&o->who.list[i], a))
			return (true);
	return (false);
}

static bool
replaced_before(const struct scenario *s, size_t n, const struct addr *a,
    const struct zone *z)
{
	const struct own	*o = &s->owns[n];
	size_t			 i;

	for (i = 0; i < n; i++)
		if (s->owns[i].kind == OWN_RECORD && owns(&s->owns[i], a, z) &&
		    s->owns[i].rr.type == o->rr.type &&
		    name_equal(s->owns[i].rr.owner, o->rr.owner))
			return (true);
	return (false);
}

static void
add_copy(struct zone *z, const struct zone_rr *from)
{
	struct zone_rr	rr = *from;

	rr.owner = name_dup(from->owner);
	rr.rdata = xmalloc(from->len + 1);
	memcpy(rr.rdata, from->rdata, from->len);
	zone_add(z, &rr);
}

static void
change(const struct scenario *s, size_t n, const struct addr *a,
    struct zone *z)
{
	const struct own	*o = &s->owns[n];

	if (o->kind == OWN_EXPIRED) {
		z->expired = true;
		return;
	}
	if (o->kind == OWN_SERIAL) {
		zone_set_serial(z, o->serial);
		return;
	}
	if (o->kind == OWN_REMOVE || !replaced_before(s, n, a, z))
		zone_remove(z, o->rr.owner, o->rr.type);
	if (o->kind == OWN_RECORD)
		add_copy(z, &o->rr);
}

/* The zone as this address has it. */
static const struct zone *
version(struct scenario *s, const struct addr *a, struct zone *z)
{
	struct zone	*copy = NULL;
	size_t		 i;

	for (i = 0; i < s->nowns; i++) {
		if (!owns(&s->owns[i], a, z))
			continue;
		if (copy == NULL) {
			copy = zone_copy(z);
			s->copies = xreallocarray(s->copies, s->ncopies + 1,
			    sizeof *s->copies);
			s->copies[s->ncopies++] = copy;
		}
		change(s, i, a, copy);
	}
	if (copy != NULL && copy->is_signed)
		sign_zone(copy, scenario_sign_of(s, copy->name), s->seed,
		    s->clock);
	return (copy != NULL ? copy : z);
}

static void
answer_transfer(const struct view *v, const struct dns_ask *ask,
    struct dns_reply *r)
{
	const struct zone	*z = dns_answer_zone(v->zones, v->n,
				    ask->query->name, 0);

	r->rcode = DNS_REFUSED;
	if (z == NULL || !name_equal(z->name, ask->query->name))
		r->rcode = 9;			/* NOTAUTH */
	else if (ask->tcp && ask->from != NULL && scenario_may_transfer(
	    v->scenario, &v->addr, z->name, &ask->from->addr)) {
		r->rcode = z->expired ? DNS_SERVFAIL : DNS_NOERROR;
		if (!z->expired)
			dns_answer_transfer(z, r);
	}
}

static void
view_answer(void *ctx, struct world *w, const struct dns_ask *ask,
    struct dns_outcome *out)
{
	struct view		*v = ctx;
	const struct dns_query	*q = ask->query;

	(void)w;
	out->reply.nsid = v->server->text;
	if ((q->flags & 0x7800) != 0)
		out->reply.rcode = DNS_NOTIMP;
	else if (q->edns && q->version != 0)
		out->reply.rcode = 16;
	else if (q->type == 252)
		answer_transfer(v, ask, &out->reply);
	else
		dns_answer(v->zones, v->n, v->server->minimal, &out->reply);
	dns_fault_apply(&v->scenario->faults, ask, out);
}

static struct view *
view_at(struct scenario *s, const struct server *server, const struct addr *a)
{
	struct view	*v;
	size_t		 i;

	for (i = 0; i < s->nviews; i++)
		if (addr_equal(&s->views[i]->addr, a))
			return (s->views[i]);
	v = xcalloc(1, sizeof *v);
	v->scenario = s;
	v->server = server;
	v->addr = *a;
	v->service.ctx = v;
	v->service.answer = view_answer;
	s->views = xreallocarray(s->views, s->nviews + 1, sizeof *s->views);
	return (s->views[s->nviews++] = v);
}

static bool
view_has(const struct view *v, const struct zone *z)
{
	size_t	i;

	for (i = 0; i < v->n; i++)
		if (name_equal(v->zones[i]->name, z->name))
			return (true);
	return (false);
}

/* Two server names at one address are one server with both their zones. */
static void
add_view(struct scenario *s, const struct server *server,
    const struct addr *a)
{
	struct view	*v = view_at(s, server, a);
	size_t		 i;

	for (i = 0; i < s->nzones; i++) {
		if (!serves(s, server, s->zones[i]) ||
		    view_has(v, s->zones[i]))
			continue;
		v->zones = xreallocarray(v->zones, v->n + 1, sizeof *v->zones);
		v->zones[v->n++] = version(s, a, s->zones[i]);
	}
}

void
scenario_build(struct scenario *s)
{
	size_t	i, k;

	if (s->built)
		return;
	fill(s);
	for (i = 0; i < s->nservers; i++)
		for (k = 0; k < s->servers[i]->addrs.n; k++)
			add_view(s, s->servers[i],
			    &s->servers[i]->addrs.list[k]);
	if (s->intercept)
		s->interceptor = scenario_recursive(s);
	s->built = true;
}

void
scenario_build_free(struct scenario *s)
{
	size_t	i;

	for (i = 0; i < s->nviews; i++) {
		free(s->views[i]->zones);
		free(s->views[i]);
	}
	free(s->views);
	for (i = 0; i < s->ncopies; i++)
		zone_free(s->copies[i]);
	free(s->copies);
	free(s->roots.list);
	if (s->interceptor != NULL)
		resolver_peer_free(s->interceptor->peer);
	free(s->interceptor);
}
