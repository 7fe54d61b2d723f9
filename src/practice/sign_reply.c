/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a signed practice zone adds to a reply for a client that can check
 * (RFC 4035 3.1): signatures, and NSEC records that prove what is not there.
 */
#include <string.h>

#include "dns/message.h"
#include "practice/sign.h"

int
sign_order(const unsigned char *a, const unsigned char *b)
{
	unsigned		 na = name_labels(a), nb = name_labels(b), i;
	unsigned		 least = na < nb ? na : nb, k;
	const unsigned char	*x, *y;
	int			 c;

	for (i = 1; i <= least; i++) {
		for (x = a, k = na - i; k > 0; k--)
			x = name_up(x);
		for (y = b, k = nb - i; k > 0; k--)
			y = name_up(y);
		c = memcmp(x + 1, y + 1, *x < *y ? *x : *y);
		if (c != 0 || *x != *y)
			return (c != 0 ? c : *x < *y ? -1 : 1);
	}
	return (na == nb ? 0 : na < nb ? -1 : 1);
}

/* The NSEC at the name, or the one whose span covers it. */
static const struct zone_rr *
nsec_for(const struct zone *z, const unsigned char *name)
{
	const struct zone_rr	*rr, *last = NULL, *best = NULL;
	size_t			 i;

	for (i = 0; i < z->n; i++) {
		rr = &z->rrs[i];
		if (rr->type != SIGN_NSEC)
			continue;
		if (last == NULL || sign_order(last->owner, rr->owner) < 0)
			last = rr;
		if (sign_order(rr->owner, name) <= 0 && (best == NULL ||
		    sign_order(best->owner, rr->owner) < 0))
			best = rr;
	}
	return (best != NULL ? best : last);
}

static void
prove(const struct zone *z, struct dns_reply *r, const unsigned char *name)
{
	const struct zone_rr	*rr = nsec_for(z, name);

	if (rr != NULL)
		dns_reply_add(r, DNS_AUTHORITY, rr->owner, rr);
}

/* That no wildcard stands in for a name that does not exist. */
static void
prove_no_wildcard(const struct zone *z, struct dns_reply *r,
    const unsigned char *name)
{
	unsigned char	star[NAME_MAX_WIRE + 2];

	do
		name = name_up(name);
	while (!zone_name_exists(z, name));
	star[0] = 1;
	star[1] = '*';
	memcpy(star + 2, name, name_len(name));
	prove(z, r, star);
}

static void
add_proofs(const struct zone *z, struct dns_reply *r)
{
	const unsigned char	*name = r->query->name;
	bool			 answered = false, ds = false;
	size_t			 i, n = r->n;

	for (i = 0; i < n; i++) {
		ds = ds || r->items[i].rr->type == DNS_DS;
		if (r->items[i].section != DNS_ANSWER)
			continue;
		answered = true;
		if (r->items[i].rr->type == DNS_CNAME)
			name = zone_rr_target(r->items[i].rr);
		else
			name = r->items[i].owner;
		if (!name_equal(r->items[i].owner, r->items[i].rr->owner))
			prove(z, r, r->items[i].owner);
	}
	if (!r->aa) {
		for (i = 0; i < n && !ds; i++)
			if (r->items[i].rr->type == DNS_NS) {
				prove(z, r, r->items[i].owner);
				break;
			}
		return;
	}
	if (!name_under(name, z->name))
		return;
	if (r->rcode == DNS_NXDOMAIN) {
		prove(z, r, name);
		prove_no_wildcard(z, r, name);
	} else if (!answered || !zone_name_exists(z, name))
		prove(z, r, name);
}

void
sign_reply(const struct zone *z, struct dns_reply *r)
{
	const struct zone_rr	*rr;
	struct dns_item		 item;
	size_t			 i, k, n;

	add_proofs(z, r);
	n = r->n;
	for (i = 0; i < n; i++) {
		item = r->items[i];
		if (item.section == DNS_ADDITIONAL)
			continue;
		for (k = 0; k < z->n; k++) {
			rr = &z->rrs[k];
			if (rr->type == SIGN_RRSIG && item.rr->type ==
			    ((unsigned)rr->rdata[0] << 8 | rr->rdata[1]) &&
			    name_equal(rr->owner, item.rr->owner))
				dns_reply_add(r, item.section, item.owner, rr);
		}
	}
}
