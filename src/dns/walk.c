/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The iterative walk of RFC 1034 5.3.3 over a table of replies. At each zone
 * one server of each family is asked at once; another when one failed, is
 * lame, or has been silent for the hedge time.
 */
#include "dns/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define MAX_DEPTH	8
#define MAX_STEPS	32
#define MAX_ALIASES	8
#define MAX_SERVERS	(2 * LIMIT_NS)

struct walk {
	struct walk_env		 env;
	struct walk_zone	*zones;
	int			 depth;
};

static struct walk_zone *
zone_add(struct walk *w, const char *name, struct walk_zone *parent)
{
	struct walk_zone *z = xcalloc(1, sizeof *z);

	z->name = xstrdup(name);
	z->parent = parent;
	z->next = w->zones;
	w->zones = z;
	return z;
}

static struct walk_zone *
zone_find(const struct walk *w, const char *name)
{
	for (struct walk_zone *z = w->zones; z != NULL; z = z->next)
		if (strcmp(z->name, name) == 0)
			return z;
	return NULL;
}

static bool
usable(const struct walk *w, const struct addr *a)
{
	return a->family == 4 ? w->env.v4 : w->env.v6;
}

static void
server_add(struct walk_zone *z, const char *ns, const struct addr *a,
    bool glue)
{
	for (size_t i = 0; i < z->nservers; i++)
		if (strcmp(z->servers[i].ns, ns) == 0 &&
		    addr_equal(&z->servers[i].addr, a))
			return;
	if (z->nservers >= MAX_SERVERS)
		return;
	z->servers = xreallocarray(z->servers, z->nservers + 1,
	    sizeof *z->servers);
	z->servers[z->nservers].ns = xstrdup(ns);
	z->servers[z->nservers].addr = *a;
	z->servers[z->nservers++].glue = glue;
}

static void
ns_add(struct walk_zone *z, const char *ns)
{
	for (size_t i = 0; i < z->nns; i++)
		if (strcmp(z->ns[i], ns) == 0)
			return;
	if (z->nns >= LIMIT_NS) {
		z->ns_cut = true;
		return;
	}
	z->ns = xreallocarray(z->ns, z->nns + 1, sizeof *z->ns);
	z->ns[z->nns++] = xstrdup(ns);
}

struct walk *
walk_new(const struct walk_env *env)
{
	struct walk *w = xcalloc(1, sizeof *w);
	struct walk_zone *root;

	w->env = *env;
	root = zone_add(w, ".", NULL);
	for (size_t i = 0; i < env->nhints; i++) {
		/* The first hint is asked for the step here: begin after it. */
		const struct root_hint *h = &env->hints[(i + 2) % env->nhints];

		ns_add(root, h->name);
		if (usable(w, &h->addr))
			server_add(root, h->name, &h->addr, true);
	}
	root->resolved = true;
	return w;
}

static void
zone_free(struct walk_zone *z)
{
	for (size_t i = 0; i < z->nns; i++)
		free(z->ns[i]);
	for (size_t i = 0; i < z->nservers; i++)
		free(z->servers[i].ns);
	free(z->ns);
	free(z->servers);
	free(z->name);
	free(z);
}

void
walk_free(struct walk *w)
{
	while (w->zones != NULL) {
		struct walk_zone *next = w->zones->next;

		zone_free(w->zones);
		w->zones = next;
	}
	free(w);
}

size_t
walk_collect(const struct dns_msg *m, const char *owner, struct addr **list,
    size_t *n)
{
	size_t before = *n;

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct dns_rr *rr = &m->rrs[i];
		size_t k;

		if ((rr->type != DNS_A && rr->type != DNS_AAAA) ||
		    rr->addr.family == 0 || strcmp(rr->owner, owner) != 0)
			continue;
		/* A in the answer to a question for AAAA is of no use. */
		if (rr->section == DNS_ANSWER && rr->type != m->qtype &&
		    (m->qtype == DNS_A || m->qtype == DNS_AAAA))
			continue;
		for (k = 0; k < *n; k++)
			if (addr_equal(&(*list)[k], &rr->addr))
				break;
		if (k < *n)
			continue;
		*list = xreallocarray(*list, *n + 1, sizeof **list);
		(*list)[(*n)++] = rr->addr;
	}
	return *n - before;
}

const char *
walk_alias(const struct dns_msg *m, const char *owner)
{
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].section == DNS_ANSWER &&
		    m->rrs[i].type == DNS_CNAME && m->rrs[i].target != NULL &&
		    strcmp(m->rrs[i].owner, owner) == 0)
			return m->rrs[i].target;
	return NULL;
}

bool
walk_has(const struct dns_msg *m, enum dns_section section, const char *owner,
    uint16_t type)
{
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].section == section && m->rrs[i].type == type &&
		    strcmp(m->rrs[i].owner, owner) == 0)
			return true;
	return false;
}

/* The owner of the SOA in the authority section, or NULL. */
static const char *
soa_owner(const struct dns_msg *m)
{
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].type == DNS_SOA &&
		    m->rrs[i].section != DNS_ADDITIONAL)
			return m->rrs[i].owner;
	return NULL;
}

/* The cut a referral points to: NS in the authority section strictly below
   zone and at or above name; NULL when it is none. */
static const char *
cut_of(const struct dns_msg *m, const char *zone, const char *name)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct dns_rr *rr = &m->rrs[i];

		if (rr->section == DNS_AUTHORITY && rr->type == DNS_NS &&
		    strcmp(rr->owner, zone) != 0 &&
		    message_name_within(rr->owner, zone) &&
		    message_name_within(name, rr->owner))
			return rr->owner;
	}
	return NULL;
}

static enum walk_state
classify(const struct dns_msg *m, const char *zone, const char *name,
    uint16_t type)
{
	if (m->rcode == DNS_NXDOMAIN)
		return walk_alias(m, name) != NULL ? WALK_ALIAS :
		    WALK_NXDOMAIN;
	if (m->rcode != DNS_NOERROR)
		return WALK_FAILED;
	if (walk_has(m, DNS_ANSWER, name, type))
		return WALK_ANSWER;
	if (walk_alias(m, name) != NULL)
		return WALK_ALIAS;
	if (!m->aa && cut_of(m, zone, name) != NULL)
		return WALK_REFERRAL;
	if (m->aa || soa_owner(m) != NULL)
		return WALK_NODATA;
	return WALK_FAILED;
}

/* Fill a child zone from the NS of owner in a reply, addresses beside them. */
static void
zone_fill(struct walk *w, struct walk_zone *z, const struct dns_msg *m)
{
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].type == DNS_NS && m->rrs[i].target != NULL &&
		    m->rrs[i].section != DNS_ADDITIONAL &&
		    strcmp(m->rrs[i].owner, z->name) == 0)
			ns_add(z, m->rrs[i].target);
	for (size_t i = 0; i < z->nns; i++) {
		struct addr *list = NULL;
		size_t n = 0;

		/* Glue counts for names inside the parent zone only. */
		if (z->parent == NULL ||
		    message_name_within(z->ns[i], z->parent->name))
			walk_collect(m, z->ns[i], &list, &n);
		for (size_t k = 0; k < n; k++)
			if (usable(w, &list[k]))
				server_add(z, z->ns[i], &list[k], true);
		free(list);
	}
	z->referral = m;
}

static struct walk_zone *
zone_child(struct walk *w, struct walk_zone *parent, const char *name,
    const struct dns_msg *m)
{
	struct walk_zone *z = zone_find(w, name);

	if (z == NULL) {
		z = zone_add(w, name, parent);
		zone_fill(w, z, m);
	}
	return z;
}

static bool
has_server(const struct walk_zone *z, const char *ns)
{
	for (size_t i = 0; i < z->nservers; i++)
		if (strcmp(z->servers[i].ns, ns) == 0)
			return true;
	return false;
}

void
walk_servers(struct walk *w, struct walk_zone *z)
{
	if (z->resolved || z->busy)
		return;
	z->busy = true;
	for (size_t i = 0; i < z->nns; i++) {
		struct addr *list = NULL;
		size_t n = 0;
		struct walk_zone *broke = NULL;

		if (has_server(z, z->ns[i]) ||
		    message_name_within(z->ns[i], z->name))
			continue;
		if (walk_addrs(w, z->ns[i], &list, &n, &broke) == WALK_PENDING)
			z->pending = true;
		for (size_t k = 0; k < n; k++)
			if (usable(w, &list[k]))
				server_add(z, z->ns[i], &list[k], false);
		free(list);
	}
	z->busy = false;
	z->resolved = true;
}

/* Servers of a zone for asking: their addresses are resolved only where the
   glue does not already give one. */
static void
prepare(struct walk *w, struct walk_zone *z)
{
	if (z->nservers == 0)
		walk_servers(w, z);
}

struct poll {
	struct walk_result	 out;
	int			 fresh4, fresh6, waiting;
};

/* One server of the zone: 1 = it answered usefully. */
static int
try_server(struct walk *w, struct walk_zone *z, const struct walk_server *s,
    const char *name, uint16_t type, struct poll *p)
{
	struct walk_answer a = { WALK_NEW, NULL, 0 };
	int *fresh = s->addr.family == 4 ? &p->fresh4 : &p->fresh6;

	w->env.ask(w->env.ctx, s->ns, &s->addr, name, type, *fresh == 0, &a);
	if (a.known == WALK_NEW || a.known == WALK_SILENT)
		return 0;
	if (a.known == WALK_ASKED) {
		p->waiting++;
		*fresh += a.waiting < w->env.hedge;
		return 0;
	}
	++*fresh;
	p->out.state = classify(a.msg, z->name, name, type);
	if (p->out.state == WALK_FAILED) {
		--*fresh;
		return 0;
	}
	p->out.msg = a.msg;
	p->out.server = s;
	return 1;
}

/* Ask a zone's servers: the first useful reply, or PENDING, or FAILED. */
static struct walk_result
ask_zone(struct walk *w, struct walk_zone *z, const char *name, uint16_t type)
{
	struct poll p = { { WALK_FAILED, NULL, z, NULL, name }, 0, 0, 0 };
	struct walk_result first = p.out;

	prepare(w, z);
	for (size_t i = 0; i < z->nservers; i++)
		if (try_server(w, z, &z->servers[i], name, type, &p) == 1 &&
		    first.msg == NULL)
			first = p.out;
	if (first.msg != NULL)
		return first;
	p.out.msg = NULL;
	p.out.server = NULL;
	p.out.state = p.waiting > 0 || z->pending ? WALK_PENDING : WALK_FAILED;
	return p.out;
}

static struct walk_zone *
deepest(struct walk *w, const char *name)
{
	for (const char *p = name; p != NULL; p = message_name_parent(p)) {
		struct walk_zone *z = zone_find(w, p);

		if (z != NULL && !z->busy)
			return z;
	}
	return zone_find(w, ".");
}

/* A server that serves parent and child shows no referral: the SOA tells. */
static const char *
hidden_cut(const struct walk_result *r, const char *name)
{
	const char *soa = r->msg == NULL ? NULL : soa_owner(r->msg);

	if (soa == NULL || (r->state != WALK_NODATA &&
	    r->state != WALK_NXDOMAIN) || strcmp(soa, r->zone->name) == 0 ||
	    !message_name_within(soa, r->zone->name) ||
	    !message_name_within(name, soa))
		return NULL;
	return soa;
}

/* The zone below r->zone that a reply reveals, or NULL when r is final. */
static struct walk_zone *
next_zone(struct walk *w, struct walk_result *r, const char *name,
    uint16_t type)
{
	const char *cut;
	struct walk_result ns;

	if (r->state == WALK_REFERRAL) {
		struct walk_zone *z = zone_child(w, r->zone, cut_of(r->msg,
		    r->zone->name, name), r->msg);

		if (type != DNS_NS || strcmp(z->name, name) != 0)
			return z;
		/* The cut itself was asked for: here it is. */
		r->zone = z;
		r->state = WALK_ANSWER;
		return NULL;
	}
	if (r->state == WALK_ANSWER && type == DNS_NS &&
	    strcmp(name, r->zone->name) != 0) {
		zone_child(w, r->zone, name, r->msg);
		r->zone = zone_find(w, name);
		return NULL;
	}
	cut = hidden_cut(r, name);
	if (cut == NULL)
		return NULL;
	ns = ask_zone(w, r->zone, cut, DNS_NS);
	if (ns.state == WALK_PENDING) {
		r->state = WALK_PENDING;
		return NULL;
	}
	if (ns.state != WALK_ANSWER)
		return NULL;
	return zone_child(w, r->zone, cut, ns.msg);
}

struct walk_result
walk_ask(struct walk *w, const char *name, uint16_t type)
{
	struct walk_result r = { WALK_FAILED, NULL, NULL, NULL, name };
	struct walk_zone *z = deepest(w, name), *below;

	if (++w->depth > MAX_DEPTH) {
		w->depth--;
		r.zone = z;
		return r;
	}
	for (int i = 0; i < MAX_STEPS; i++) {
		r = ask_zone(w, z, name, type);
		if (r.state == WALK_PENDING || r.state == WALK_FAILED)
			break;
		below = next_zone(w, &r, name, type);
		if (below == NULL || below->busy ||
		    message_name_labels(below->name) <=
		    message_name_labels(z->name))
			break;
		z = below;
	}
	if (r.state == WALK_REFERRAL)
		r.state = WALK_FAILED;
	if (r.state == WALK_ALIAS)
		r.name = walk_alias(r.msg, name);
	w->depth--;
	return r;
}

struct walk_result
walk_lookup(struct walk *w, const char *name, uint16_t type)
{
	struct walk_result r = walk_ask(w, name, type);

	for (int i = 0; i < MAX_ALIASES && r.state == WALK_ALIAS; i++) {
		const char *target = r.name;

		/* The same reply may already hold the target's records. */
		if (walk_has(r.msg, DNS_ANSWER, target, type) &&
		    message_name_within(target, r.zone->name)) {
			r.state = WALK_ANSWER;
			return r;
		}
		r = walk_ask(w, target, type);
		if (r.name == NULL)
			r.name = target;
	}
	return r;
}

struct walk_result
walk_zone(struct walk *w, const char *name)
{
	return walk_ask(w, name, DNS_NS);
}

enum walk_state
walk_addrs(struct walk *w, const char *name, struct addr **list, size_t *n,
    struct walk_zone **broke)
{
	struct walk_result a = walk_lookup(w, name, DNS_A), b;
	size_t before = *n;

	/* Not two questions at the root for one name: the second one waits
	   until the first has found the way. */
	if (a.state == WALK_PENDING && strcmp(a.zone->name, ".") == 0)
		return WALK_PENDING;
	b = walk_lookup(w, name, DNS_AAAA);
	if (a.state == WALK_ANSWER)
		walk_collect(a.msg, a.name, list, n);
	if (b.state == WALK_ANSWER)
		walk_collect(b.msg, b.name, list, n);
	*broke = a.zone;
	if (a.state == WALK_PENDING || b.state == WALK_PENDING)
		return WALK_PENDING;
	if (*n > before)
		return WALK_ANSWER;
	return a.state == WALK_NODATA ? b.state : a.state;
}
