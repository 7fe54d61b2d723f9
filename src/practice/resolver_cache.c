/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a practice resolver remembers: answers, absences and failures with
 * the time they have left, declared ones among them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/resolver_cache.h"
#include "practice/sign.h"

#define MAX_CHAIN 12
#define FAILED_TTL 5

struct resolver_peer *
resolver_peer_new(const struct resolver_view *view)
{
	struct resolver_peer	*r = xcalloc(1, sizeof *r);

	r->view = *view;
	return (r);
}

static void
cached_free(struct cached *c)
{
	size_t	i;

	for (i = 0; i < c->n; i++)
		zone_rr_free(&c->rrs[i]);
	if (c->soa != NULL)
		zone_rr_free(c->soa);
	free(c->soa);
	for (i = 0; i < c->nsigs; i++)
		zone_rr_free(&c->sigs[i].rr);
	free(c->sigs);
	free(c->rrs);
	free(c->name);
	free(c);
}

static void
forget(struct resolver_peer *r, size_t keep)
{
	size_t	i;

	for (i = keep; i < r->ncache; i++)
		cached_free(r->cache[i]);
	r->ncache = keep;
	for (i = 0; i < r->ncuts; i++) {
		free(r->cuts[i]->zone);
		free(r->cuts[i]->addrs);
		free(r->cuts[i]);
	}
	free(r->cuts);
	free(r->dead);
	r->cuts = NULL;
	r->dead = NULL;
	r->ncuts = r->ndead = 0;
}

void
resolver_peer_reset(struct resolver_peer *r)
{
	size_t	i;

	forget(r, r->nseeded);
	for (i = 0; i < r->nseeded; i++)
		r->cache[i]->until = 0;
}

void
resolver_peer_free(struct resolver_peer *r)
{
	forget(r, 0);
	free(r->cache);
	free(r);
}

void
resolver_peer_only(struct resolver_peer *r, int family)
{
	r->only = family;
}

void
resolver_peer_validate(struct resolver_peer *r)
{
	r->validates = true;
}

void
resolver_peer_dns64(struct resolver_peer *r, const struct addr *prefix)
{
	r->dns64 = *prefix;
}

static struct cached *
cached_new(struct resolver_peer *r, const unsigned char *name, uint16_t type,
    int rcode)
{
	struct cached	*c = xcalloc(1, sizeof *c);

	c->name = name_dup(name);
	c->type = type;
	c->rcode = rcode;
	r->cache = xreallocarray(r->cache, r->ncache + 1, sizeof *r->cache);
	r->cache[r->ncache++] = c;
	return (c);
}

static struct zone_rr
rr_copy(const struct zone_rr *from)
{
	struct zone_rr	rr = *from;

	rr.owner = name_dup(from->owner);
	rr.rdata = xmalloc(from->len + 1);
	memcpy(rr.rdata, from->rdata, from->len);
	return (rr);
}

static void
cached_add(struct cached *c, const struct zone_rr *rr)
{
	c->rrs = xreallocarray(c->rrs, c->n + 1, sizeof *c->rrs);
	c->rrs[c->n++] = rr_copy(rr);
}

void
resolver_peer_cache(struct resolver_peer *r, struct zone_rr *rr)
{
	struct cached	*c = NULL;
	size_t		 i;

	for (i = 0; i < r->nseeded && c == NULL; i++)
		if (r->cache[i]->type == rr->type &&
		    name_equal(r->cache[i]->name, rr->owner))
			c = r->cache[i];
	if (c == NULL) {
		c = cached_new(r, rr->owner, rr->type, DNS_NOERROR);
		c->seed_ttl = rr->ttl;
		r->nseeded = r->ncache;
	}
	cached_add(c, rr);
	zone_rr_free(rr);
}

void
resolver_peer_cache_none(struct resolver_peer *r, const unsigned char *name,
    uint16_t type, int rcode, uint32_t ttl)
{
	struct cached	*c = cached_new(r, name, type, rcode);

	c->seed_ttl = ttl;
	r->nseeded = r->ncache;
}

int64_t
resolver_cache_expiry(const struct work *k, uint32_t ttl)
{
	return (k->now + (int64_t)ttl * NSEC_PER_SEC);
}

const struct cached *
resolver_cache_find(struct work *k, const unsigned char *name, uint16_t type)
{
	struct resolver_peer	*r = k->r;
	struct cached		*c;
	size_t			 i;

	for (i = 0; i < r->ncache; i++) {
		c = r->cache[i];
		if (!name_equal(c->name, name) || (c->type != type &&
		    c->rcode != DNS_NXDOMAIN && (c->n == 0 ||
		    c->rrs[0].type != DNS_CNAME)))
			continue;
		if (c->until == 0)
			c->until = resolver_cache_expiry(k, c->seed_ttl);
		if (k->now < c->until)
			return (c);
	}
	return (NULL);
}

const struct cached *
resolver_cache_failed(struct work *k, const unsigned char *name, uint16_t type)
{
	struct cached	*c = cached_new(k->r, name, type, DNS_SERVFAIL);

	c->until = resolver_cache_expiry(k, FAILED_TTL);
	return (c);
}

static uint32_t
negative_ttl(const struct zone_rr *soa)
{
	const unsigned char	*p = soa->rdata + soa->len - 4;
	uint32_t		 minimum;

	minimum = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
	return (minimum < soa->ttl ? minimum : soa->ttl);
}

/* Signatures in a section, of one name or of all, and NSEC records. */
static void
learn_sigs(struct cached *c, const struct dns_reply *reply, int section,
    const unsigned char *name)
{
	const struct dns_item	*item;
	struct cached_sig	*s;
	size_t			 i;

	for (i = 0; i < reply->n; i++) {
		item = &reply->items[i];
		if (item->section != section ||
		    (item->rr->type != SIGN_RRSIG &&
		    item->rr->type != SIGN_NSEC) ||
		    (name != NULL && !name_equal(item->owner, name)))
			continue;
		c->sigs = xreallocarray(c->sigs, c->nsigs + 1,
		    sizeof *c->sigs);
		s = &c->sigs[c->nsigs++];
		s->section = section;
		s->rr = *item->rr;
		s->rr.owner = (unsigned char *)item->owner;
		s->rr = rr_copy(&s->rr);
	}
}

static const struct cached *
learn_none(struct work *k, const struct dns_reply *reply,
    const unsigned char *name, uint16_t type)
{
	struct cached	*c = cached_new(k->r, name, type, reply->rcode);
	uint32_t	 ttl = FAILED_TTL;
	size_t		 i;

	for (i = 0; i < reply->n; i++)
		if (reply->items[i].section == DNS_AUTHORITY &&
		    reply->items[i].rr->type == DNS_SOA && c->soa == NULL) {
			c->soa = xmalloc(sizeof *c->soa);
			*c->soa = rr_copy(reply->items[i].rr);
			ttl = negative_ttl(c->soa);
			c->soa->ttl = ttl;
		}
	c->until = resolver_cache_expiry(k, ttl);
	learn_sigs(c, reply, DNS_AUTHORITY, NULL);
	return (c);
}

/* The set of one name in the answer section, or NULL. */
static const struct cached *
learn_set(struct work *k, const struct dns_reply *reply,
    const unsigned char *name, uint16_t type)
{
	const struct dns_item	*item;
	struct cached		*c = NULL;
	struct zone_rr		 rr;
	size_t			 i;
	bool			 wild = false;

	for (i = 0; i < reply->n; i++) {
		item = &reply->items[i];
		if (item->section != DNS_ANSWER ||
		    !name_equal(item->owner, name) ||
		    (item->rr->type != type && item->rr->type != DNS_CNAME))
			continue;
		if (c == NULL) {
			c = cached_new(k->r, name, type, DNS_NOERROR);
			c->until = resolver_cache_expiry(k, item->ttl);
		}
		rr = *item->rr;
		wild = wild || !name_equal(rr.owner, name);
		rr.owner = c->name;
		cached_add(c, &rr);
	}
	if (c != NULL && type != SIGN_RRSIG)
		learn_sigs(c, reply, DNS_ANSWER, name);
	if (wild)
		learn_sigs(c, reply, DNS_AUTHORITY, NULL);
	return (c);
}

/* An authoritative reply: every name of its chain; the first is returned. */
const struct cached *
resolver_cache_learn(struct work *k, const struct dns_reply *reply,
    const unsigned char *name, uint16_t type)
{
	const struct cached	*first = NULL, *c;
	int			 i;

	for (i = 0; i < MAX_CHAIN; i++) {
		c = learn_set(k, reply, name, type);
		if (c == NULL && (i == 0 || (reply->zone != NULL &&
		    name_under(name, reply->zone->name))))
			c = learn_none(k, reply, name, type);
		if (first == NULL)
			first = c;
		if (c == NULL || c->n == 0 || c->rrs[0].type != DNS_CNAME ||
		    type == DNS_CNAME)
			break;
		name = zone_rr_target(&c->rrs[0]);
	}
	return (first);
}
