/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The authoritative half of the practice DNS: the algorithm of RFC 1034
 * 4.3.2 over zone data: referral, alias, answer, wildcard, NODATA, NXDOMAIN.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/sign.h"

#define MAX_CHAIN 12

const struct zone *
dns_answer_zone(const struct zone *const *zones, size_t n,
    const unsigned char *name, uint16_t type)
{
	const struct zone	*best = NULL, *z;
	size_t			 i;

	for (i = 0; i < n; i++) {
		z = zones[i];
		if (!name_under(name, z->name))
			continue;
		if (type == DNS_DS && *name != 0 && name_equal(name, z->name))
			continue;
		if (best == NULL || name_labels(z->name) >
		    name_labels(best->name))
			best = z;
	}
	if (best == NULL && type == DNS_DS)
		return (dns_answer_zone(zones, n, name, 0));
	return (best);
}

static bool
has_type(const struct zone *z, const unsigned char *name, uint16_t type)
{
	return (zone_has(z, name, type == DNS_TYPE_ANY ? 0 : type));
}

static void
add_rrset(const struct zone *z, const unsigned char *from,
    const unsigned char *owner, uint16_t type, int section,
    struct dns_reply *r)
{
	size_t	i;

	for (i = 0; i < z->n; i++)
		if ((type == DNS_TYPE_ANY || z->rrs[i].type == type) &&
		    name_equal(z->rrs[i].owner, from))
			dns_reply_add(r, section, owner, &z->rrs[i]);
}

void
dns_answer_soa(const struct zone *z, struct dns_reply *r)
{
	const struct zone_rr	*soa = zone_soa(z);

	if (soa != NULL)
		dns_reply_add(r, DNS_AUTHORITY, soa->owner, soa);
}

static void
add_addresses(const struct zone *z, const unsigned char *name,
    const unsigned char *cut, struct dns_reply *r)
{
	struct dns_item	*item;
	size_t		 i;

	for (i = 0; i < z->n; i++) {
		if ((z->rrs[i].type != DNS_A && z->rrs[i].type != DNS_AAAA) ||
		    !name_equal(z->rrs[i].owner, name))
			continue;
		item = dns_reply_add(r, DNS_ADDITIONAL, z->rrs[i].owner,
		    &z->rrs[i]);
		if (item != NULL && cut != NULL)
			item->must = name_under(name, cut);
	}
}

/* Addresses of the names in answer and authority, as far as z has them. */
static void
add_targets(const struct zone *z, const unsigned char *cut,
    struct dns_reply *r)
{
	const unsigned char	*target;
	size_t			 i, n = r->n;

	for (i = 0; i < n; i++) {
		target = zone_rr_target(r->items[i].rr);
		if (target != NULL && r->items[i].rr->type != DNS_CNAME &&
		    r->items[i].rr->type != DNS_PTR)
			add_addresses(z, target, cut, r);
	}
}

/* The highest delegation at or above name below the apex, or NULL. */
static const unsigned char *
find_cut(const struct zone *z, const unsigned char *name, uint16_t type)
{
	const unsigned char	*cut = NULL, *n;

	for (n = name; !name_equal(n, z->name); n = name_up(n))
		if (zone_has(z, n, DNS_NS) &&
		    !(type == DNS_DS && name_equal(n, name)))
			cut = n;
	return (cut);
}

static void
refer(const struct zone *z, const unsigned char *cut, struct dns_reply *r)
{
	r->aa = false;
	add_rrset(z, cut, cut, DNS_NS, DNS_AUTHORITY, r);
	add_rrset(z, cut, cut, DNS_DS, DNS_AUTHORITY, r);
	add_targets(z, cut, r);
}

/* The wildcard that covers name: *.closest-encloser (RFC 4592), or NULL. */
static const unsigned char *
wildcard(const struct zone *z, const unsigned char *name,
    unsigned char out[NAME_MAX_WIRE])
{
	const unsigned char	*n = name;

	do
		n = name_up(n);
	while (!zone_name_exists(z, n));
	if (name_len(n) + 2 > 255)
		return (NULL);
	out[0] = 1;
	out[1] = '*';
	memcpy(out + 2, n, name_len(n));
	return (zone_has(z, out, 0) ? out : NULL);
}

static const struct zone_rr *
find_alias(const struct zone *z, const unsigned char *name, uint16_t type)
{
	size_t	i;

	if (type == DNS_CNAME || type == DNS_TYPE_ANY ||
	    type == SIGN_RRSIG || type == SIGN_NSEC || ((type == DNS_SOA ||
	    type == DNS_NS) && zone_has(z, name, type)))
		return (NULL);
	for (i = 0; i < z->n; i++)
		if (z->rrs[i].type == DNS_CNAME &&
		    name_equal(z->rrs[i].owner, name))
			return (&z->rrs[i]);
	return (NULL);
}

/* One name of the chain; returns the next name, or NULL when done. */
static const unsigned char *
answer_name(const struct zone *z, const unsigned char *name, uint16_t type,
    struct dns_reply *r)
{
	unsigned char		 star[NAME_MAX_WIRE];
	const unsigned char	*from = name, *cut;
	const struct zone_rr	*alias;

	if ((cut = find_cut(z, name, type)) != NULL) {
		if (r->n == 0)
			refer(z, cut, r);
		return (NULL);
	}
	if (!zone_name_exists(z, name) &&
	    (from = wildcard(z, name, star)) == NULL) {
		r->rcode = DNS_NXDOMAIN;
		dns_answer_soa(z, r);
		return (NULL);
	}
	if ((alias = find_alias(z, from, type)) != NULL) {
		dns_reply_add(r, DNS_ANSWER, name, alias);
		return (zone_rr_target(alias));
	}
	if (has_type(z, from, type))
		add_rrset(z, from, name, type, DNS_ANSWER, r);
	else
		dns_answer_soa(z, r);
	return (NULL);
}

void
dns_answer_transfer(const struct zone *z, struct dns_reply *r)
{
	const struct zone_rr	*soa = zone_soa(z);
	struct zone_rr		 again;
	size_t			 i;

	if (soa == NULL)
		return;
	r->aa = true;
	dns_reply_add(r, DNS_ANSWER, soa->owner, soa);
	for (i = 0; i < z->n; i++)
		dns_reply_add(r, DNS_ANSWER, z->rrs[i].owner, &z->rrs[i]);
	again = *soa;
	again.owner = name_dup(soa->owner);
	again.rdata = xmalloc(soa->len + 1);
	memcpy(again.rdata, soa->rdata, soa->len);
	dns_reply_own(r, DNS_ANSWER, &again);
}

/* The records that were asked for, and what they bring along. */
static void
answer(const struct zone *z, bool minimal, struct dns_reply *r)
{
	const unsigned char	*name = r->query->name;
	int			 i;

	for (i = 0; i < MAX_CHAIN && name != NULL; i++) {
		if (!name_under(name, z->name))
			break;
		name = answer_name(z, name, r->query->type, r);
	}
	if (!r->aa || minimal || r->n == 0 ||
	    r->items[r->n - 1].section != DNS_ANSWER)
		return;
	if (r->query->type != DNS_NS)
		add_rrset(z, z->name, z->name, DNS_NS, DNS_AUTHORITY, r);
	add_targets(z, NULL, r);
}

void
dns_answer(const struct zone *const *zones, size_t n, bool minimal,
    struct dns_reply *r)
{
	const struct dns_query	*q = r->query;
	const struct zone	*z = dns_answer_zone(zones, n, q->name, q->type);

	r->rcode = DNS_REFUSED;
	if (z == NULL || q->klass != 1 || q->type == 251 || q->type == 252)
		return;
	if (z->expired) {
		r->rcode = DNS_SERVFAIL;
		return;
	}
	r->rcode = DNS_NOERROR;
	r->zone = z;
	r->aa = true;
	answer(z, minimal, r);
	if (z->is_signed && q->sigs)
		sign_reply(z, r);
}
