/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recursive resolver of the practice Internet. It walks from the root by
 * asking the practice servers in place, faults included, so that it believes
 * what a real one would: silence costs time, lame servers are passed over,
 * SERVFAIL comes when nobody is left. What it learns stays in its cache.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/resolver_cache.h"
#include "practice/sign.h"

#define SILENCE (500 * NSEC_PER_MSEC)
#define MAX_SILENCE 8
#define MAX_DEPTH 6
#define MAX_CHAIN 12

static const struct cached *lookup(struct work *, const unsigned char *,
    uint16_t);

static bool
is_dead(const struct resolver_peer *r, const struct addr *a)
{
	size_t	i;

	for (i = 0; i < r->ndead; i++)
		if (addr_equal(&r->dead[i], a))
			return (true);
	return (false);
}

static void
silence(struct work *k, const struct addr *a, bool whole)
{
	struct resolver_peer	*r = k->r;

	k->elapsed += SILENCE;
	k->silences++;
	if (!whole || is_dead(r, a))
		return;
	r->dead = xreallocarray(r->dead, r->ndead + 1, sizeof *r->dead);
	r->dead[r->ndead++] = *a;
}

/* Ask the server at an address in place: true when a reply came. */
static bool
ask(struct work *k, const struct addr *a, const struct dns_query *q, bool tcp,
    struct dns_outcome *out)
{
	struct sockname		 to = { *a, 53 };
	struct dns_service	*service;
	struct dns_ask		 question = { .query = q, .at = a, .tcp = tcp,
		.now = k->now };
	enum mem_fault_kind	 kind;

	dns_outcome_init(out);
	dns_reply_init(&out->reply, q);
	if (memory_fault_far(k->w, &to, tcp, &kind)) {
		if (kind == MEM_SILENT)
			silence(k, a, true);
		return (false);
	}
	if ((service = k->r->view.find(k->r->view.ctx, a)) == NULL) {
		silence(k, a, true);
		return (false);
	}
	service->answer(service->ctx, k->w, &question, out);
	if (out->silent || (out->unusable && !out->close && !out->half))
		silence(k, a, false);
	k->elapsed += out->delay;
	return (!out->silent && !out->icmp && !out->unusable);
}

/* UDP, then TCP if truncated. */
static bool
exchange(struct work *k, const struct addr *a, const struct dns_query *q,
    struct dns_outcome *out)
{
	if (!ask(k, a, q, false, out))
		return (false);
	if (!out->reply.tc)
		return (true);
	dns_outcome_free(out);
	return (ask(k, a, q, true, out));
}

static void
cut_add(struct cut *c, const struct addr *a)
{
	c->addrs = xreallocarray(c->addrs, c->n + 1, sizeof *c->addrs);
	c->addrs[c->n++] = *a;
}

static void
add_from_rr(struct cut *c, const struct zone_rr *rr)
{
	struct addr	a;

	if ((rr->type == DNS_A || rr->type == DNS_AAAA) &&
	    addr_from_bytes(&a, rr->rdata, rr->len) == 0)
		cut_add(c, &a);
}

static void
add_looked_up(struct work *k, struct cut *c, const unsigned char *ns)
{
	static const uint16_t	 types[] = { DNS_A, DNS_AAAA };
	const struct cached	*found;
	size_t			 t, i;

	if (k->depth >= MAX_DEPTH)
		return;
	k->depth++;
	for (t = 0; t < 2; t++) {
		found = lookup(k, ns, types[t]);
		for (i = 0; found != NULL && i < found->n; i++)
			add_from_rr(c, &found->rrs[i]);
	}
	k->depth--;
}

static void
add_ns(struct work *k, struct cut *c, const struct dns_reply *reply,
    const unsigned char *ns)
{
	size_t	i, before = c->n;

	for (i = 0; i < reply->n; i++)
		if (reply->items[i].section == DNS_ADDITIONAL &&
		    name_equal(reply->items[i].owner, ns))
			add_from_rr(c, reply->items[i].rr);
	if (c->n == before)
		add_looked_up(k, c, ns);
}

/* Follow a referral below zone towards name; NULL if it is none. */
static const struct cut *
referred(struct work *k, const struct dns_reply *reply,
    const unsigned char *zone, const unsigned char *name)
{
	const struct dns_item	*item;
	struct cut		*c = NULL;
	size_t			 i, ns = 0;

	if (reply->aa || reply->rcode != DNS_NOERROR)
		return (NULL);
	for (i = 0; i < reply->n && ns < 16; i++) {
		item = &reply->items[i];
		if (item->section != DNS_AUTHORITY || item->rr->type != DNS_NS ||
		    !name_under(item->owner, zone) ||
		    name_equal(item->owner, zone) ||
		    !name_under(name, item->owner))
			continue;
		if (c == NULL) {
			c = xcalloc(1, sizeof *c);
			c->zone = name_dup(item->owner);
			c->until = resolver_cache_expiry(k, item->ttl);
		}
		add_ns(k, c, reply, item->rr->rdata);
		ns++;
	}
	if (c == NULL)
		return (NULL);
	k->r->cuts = xreallocarray(k->r->cuts, k->r->ncuts + 1,
	    sizeof *k->r->cuts);
	k->r->cuts[k->r->ncuts++] = c;
	return (c);
}

static const struct cut *
known_cut(struct work *k, const unsigned char *name, uint16_t type)
{
	const struct cut	*best = NULL, *c;
	size_t			 i;

	for (i = 0; i < k->r->ncuts; i++) {
		c = k->r->cuts[i];
		if (!name_under(name, c->zone) || k->now >= c->until ||
		    (type == DNS_DS && name_equal(name, c->zone)))
			continue;
		if (best == NULL || name_labels(c->zone) >
		    name_labels(best->zone))
			best = c;
	}
	return (best);
}

struct position {
	const unsigned char	*zone;
	const struct addr	*addrs;
	size_t			 n;
};

/* Ask the servers of a zone until one helps: an entry of the cache, or the
   next zone in *pos; NULL and false when nobody helps. */
static bool
ask_servers(struct work *k, struct position *pos, const struct dns_query *q,
    const struct cached **found)
{
	struct dns_outcome	 out;
	const struct cut	*next = NULL;
	const struct addr	*a;
	size_t			 i;

	*found = NULL;
	for (i = 0; i < 2 * pos->n && next == NULL && *found == NULL; i++) {
		a = &pos->addrs[i % pos->n];
		if (is_dead(k->r, a) != (i >= pos->n) ||
		    (k->r->only != 0 && k->r->only != a->family))
			continue;
		if (k->silences >= MAX_SILENCE)
			break;
		if (exchange(k, a, q, &out)) {
			next = referred(k, &out.reply, pos->zone, q->name);
			if (out.reply.aa && (out.reply.rcode == DNS_NOERROR ||
			    out.reply.rcode == DNS_NXDOMAIN))
				*found = resolver_cache_learn(k, &out.reply, q->name, q->type);
		}
		dns_outcome_free(&out);
	}
	if (next == NULL)
		return (*found != NULL);
	pos->zone = next->zone;
	pos->addrs = next->addrs;
	pos->n = next->n;
	return (true);
}

static const struct cached *
lookup(struct work *k, const unsigned char *name, uint16_t type)
{
	static const unsigned char	 root[1] = { 0 };
	struct position			 pos = { root, *k->r->view.roots,
		*k->r->view.nroots };
	struct dns_query		 q = { .type = type, .klass = 1,
		.edns = true, .sigs = true, .udp_size = 1232 };
	const struct cached		*found;
	const struct cut		*c;
	int				 hops;

	if ((found = resolver_cache_find(k, name, type)) != NULL)
		return (found);
	memcpy(q.name, name, name_len(name));
	memcpy(q.raw, name, name_len(name));
	if ((c = known_cut(k, name, type)) != NULL) {
		pos.zone = c->zone;
		pos.addrs = c->addrs;
		pos.n = c->n;
	}
	for (hops = 0; hops < 16; hops++) {
		if (!ask_servers(k, &pos, &q, &found))
			return (resolver_cache_failed(k, name, type));
		if (found != NULL)
			return (found);
	}
	return (resolver_cache_failed(k, name, type));
}

static void
give(struct work *k, struct dns_reply *r, const struct cached *c)
{
	struct dns_item	*item;
	uint32_t	 left = 0;
	size_t		 i;

	if (c->until > k->now)
		left = (uint32_t)((c->until - k->now) / NSEC_PER_SEC);
	for (i = 0; i < c->n; i++)
		if ((item = dns_reply_add(r, DNS_ANSWER, c->rrs[i].owner,
		    &c->rrs[i])) != NULL)
			item->ttl = left;
	if (c->soa != NULL && (item = dns_reply_add(r, DNS_AUTHORITY,
	    c->soa->owner, c->soa)) != NULL)
		item->ttl = left;
	for (i = 0; i < c->nsigs && r->query->sigs; i++)
		dns_reply_add(r, c->sigs[i].section, c->sigs[i].rr.owner,
		    &c->sigs[i].rr);
	r->rcode = c->rcode;
}

/* False: bogus, and not to be shown. */
static bool
judge(struct work *k, struct dns_reply *r, const unsigned char *name)
{
	int	security;

	if (!k->r->validates || (r->query->flags & 0x0010) != 0)
		return (true);
	security = k->r->view.security(k->r->view.ctx, name);
	r->ad = security == 1 && (r->ad || r->n == 0) &&
	    (r->query->sigs || (r->query->flags & 0x0020) != 0);
	if (security != -1)
		return (true);
	dns_reply_clear(r);
	r->rcode = DNS_SERVFAIL;
	return (false);
}

/* There is no AAAA: make one of each A (RFC 6147 5.1.7). */
static bool
synthesize(struct work *k, struct dns_reply *r, const unsigned char *name)
{
	const struct cached	*c;
	struct zone_rr		 rr;
	size_t			 i;
	bool			 made = false;

	if (k->r->dns64.family == 0 || r->query->type != DNS_AAAA)
		return (false);
	c = lookup(k, name, DNS_A);
	for (i = 0; i < c->n; i++) {
		if (c->rrs[i].type != DNS_A || c->rrs[i].len != 4)
			continue;
		rr = (struct zone_rr){ name_dup(name), DNS_AAAA,
			c->rrs[i].ttl, 16, xmalloc(16) };
		memcpy(rr.rdata, k->r->dns64.b, 12);
		memcpy(rr.rdata + 12, c->rrs[i].rdata, 4);
		dns_reply_own(r, DNS_ANSWER, &rr);
		made = true;
	}
	return (made);
}

static void
recurse(struct work *k, struct dns_reply *r)
{
	const unsigned char	*name = r->query->name;
	const struct cached	*c;
	int			 i;

	for (i = 0; i < MAX_CHAIN; i++) {
		c = lookup(k, name, r->query->type);
		if (!judge(k, r, name))
			return;
		if (c->n == 0 && c->rcode == DNS_NOERROR &&
		    synthesize(k, r, name))
			return;
		give(k, r, c);
		if (c->n == 0 || c->rrs[0].type != DNS_CNAME ||
		    r->query->type == DNS_CNAME)
			return;
		name = zone_rr_target(&c->rrs[0]);
	}
	r->rcode = DNS_SERVFAIL;
}

void
resolver_peer_answer(void *ctx, struct world *w, const struct dns_ask *a,
    struct dns_outcome *out)
{
	struct resolver_peer	*r = ctx;
	struct work		 k = { .r = r, .w = w, .now = a->now };

	out->reply.ra = true;
	if ((a->query->flags & 0x0100) == 0 &&
	    resolver_cache_find(&k, a->query->name, a->query->type) == NULL)
		out->reply.rcode = DNS_REFUSED;
	else
		recurse(&k, &out->reply);
	out->delay += k.elapsed;
	dns_fault_apply(r->view.faults, a, out);
}
