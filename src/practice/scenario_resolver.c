/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a scenario about recursive resolvers and what is in their
 * caches.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/practice.h"

static struct dns_service *
find_service(void *ctx, const struct addr *a)
{
	struct scenario	*s = ctx;
	size_t		 i;

	for (i = 0; i < s->nviews; i++)
		if (addr_equal(&s->views[i]->addr, a))
			return (&s->views[i]->service);
	return (NULL);
}

struct recursive *
scenario_recursive(struct scenario *s)
{
	struct recursive	*r = xcalloc(1, sizeof *r);
	struct resolver_view	 view = { .ctx = s, .find = find_service,
		.roots = &s->roots.list, .nroots = &s->roots.n,
		.faults = &s->faults, .security = scenario_security };

	r->peer = resolver_peer_new(&view);
	r->service.ctx = r->peer;
	r->service.answer = resolver_peer_answer;
	return (r);
}

int
word_resolver(struct words *w)
{
	struct recursive	*r = scenario_recursive(w->s);
	struct addr		 prefix;
	int			 family;

	w->s->resolvers = xreallocarray(w->s->resolvers,
	    w->s->nresolvers + 1, sizeof *w->s->resolvers);
	w->s->resolvers[w->s->nresolvers++] = r;
	if (words_addrs(w, &r->addrs, 1) == -1)
		return (-1);
	if (words_is(w, "only")) {
		if (words_family(w, &family) == -1)
			return (-1);
		resolver_peer_only(r->peer, family);
	}
	if (words_is(w, "validating"))
		resolver_peer_validate(r->peer);
	if (words_is(w, "dns64")) {
		if (addr_parse(&prefix, "64:ff9b::") == -1)
			return (-1);
		resolver_peer_dns64(r->peer, &prefix);
	}
	r->hidden = words_is(w, "hidden");
	return (0);
}

static struct resolver_peer *
want_resolver(struct words *w)
{
	struct addr	a;
	size_t		i, k;

	if (words_addr(w, &a) == -1)
		return (NULL);
	for (i = 0; i < w->s->nresolvers; i++)
		for (k = 0; k < w->s->resolvers[i]->addrs.n; k++)
			if (addr_equal(&w->s->resolvers[i]->addrs.list[k], &a))
				return (w->s->resolvers[i]->peer);
	words_refuse(w, REFUSAL_RESOLVER_ABOVE, NULL);
	return (NULL);
}

static int
cache_none(struct words *w, struct resolver_peer *r)
{
	unsigned char	 name[NAME_MAX_WIRE];
	const char	*s;
	int		 type, rcode;
	long		 ttl;

	if (words_name(w, name) == -1)
		return (-1);
	if ((s = words_next(w)) == NULL || (type = message_type_parse(s)) < 0)
		return (words_expected(w, "TYPE"));
	if (words_is(w, "nxdomain"))
		rcode = DNS_NXDOMAIN;
	else if (words_is(w, "nodata"))
		rcode = DNS_NOERROR;
	else if (words_is(w, "servfail"))
		rcode = DNS_SERVFAIL;
	else {
		words_next(w);
		return (words_expected(w, "nxdomain|nodata|servfail"));
	}
	if (words_number(w, 1, 604800, &ttl) == -1)
		return (-1);
	resolver_peer_cache_none(r, name, (uint16_t)type, rcode,
	    (uint32_t)ttl);
	return (0);
}

int
word_cache(struct words *w)
{
	static const unsigned char	 root[1] = { 0 };
	struct resolver_peer		*r = want_resolver(w);
	struct zone_rr			 rr;

	if (r == NULL)
		return (-1);
	if (words_is(w, "none"))
		return (cache_none(w, r));
	if (words_record(w, root, &rr) == -1)
		return (-1);
	resolver_peer_cache(r, &rr);
	return (0);
}
