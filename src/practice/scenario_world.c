/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A built scenario becomes a memory world: listeners, faults of the network,
 * vantage, hints, resolvers, trusted root. And the end of a scenario.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/practice.h"

static void
listen_dns(struct scenario *s, struct world *w)
{
	static const struct addr	 any = { .family = 0 };
	struct recursive		*r;
	size_t				 i, k;

	if (s->interceptor != NULL) {
		resolver_peer_reset(s->interceptor->peer);
		dns_peer_listen(w, &any, &s->interceptor->service);
	}
	for (i = 0; i < s->nviews; i++)
		dns_peer_listen(w, &s->views[i]->addr, &s->views[i]->service);
	for (i = 0; i < s->nresolvers; i++) {
		r = s->resolvers[i];
		resolver_peer_reset(r->peer);
		for (k = 0; k < r->addrs.n; k++) {
			dns_peer_listen(w, &r->addrs.list[k], &r->service);
			if (!r->hidden && w->nresolvers < WORLD_RESOLVERS)
				w->resolvers[w->nresolvers++] =
				    r->addrs.list[k];
		}
	}
}

/* A block of port 53 leaves the resolvers of the house reachable. */
static void
block_dns(struct scenario *s, struct world *w, struct mem_fault f)
{
	int	family = f.to.addr.family;
	size_t	i;

	for (i = 0; i < s->nviews; i++) {
		f.to.addr = s->views[i]->addr;
		f.to.len = f.to.addr.family == 4 ? 32 : 128;
		if (family == 0 || family == f.to.addr.family)
			memory_fault(w, &f);
	}
}

static void
add_faults(struct scenario *s, struct world *w)
{
	const struct mem_fault	*f;
	size_t			 i;

	for (i = 0; i < s->nnet; i++) {
		f = &s->net[i];
		if (f->near && f->port == 53)
			block_dns(s, w, *f);
		else
			memory_fault(w, f);
	}
}

static void
add_hints(struct scenario *s, struct world *w)
{
	const struct server	*v;
	struct root_hint	*h;
	size_t			 i, k, n;

	for (i = 0; i < s->nservers; i++) {
		v = s->servers[i];
		for (k = 0; k < v->addrs.n && v->root; k++) {
			w->hints = xreallocarray(w->hints, w->nhints + 1,
			    sizeof *w->hints);
			h = &w->hints[w->nhints++];
			h->name = xstrdup(v->text);
			h->addr = v->addrs.list[k];
			n = strlen(h->name);
			if (n > 1 && h->name[n - 1] == '.')
				h->name[n - 1] = '\0';
		}
	}
}

static void
add_global(struct scenario *s, struct world *w)
{
	static const char *const	usual[] = { "192.0.2.0/24",
		"198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32" };
	size_t				i;

	for (i = 0; i < s->nglobal; i++)
		w->global[w->nglobal++] = s->global[i];
	for (i = 0; i < 4 && !s->global_set; i++)
		if (prefix_parse(&w->global[w->nglobal], usual[i]) == 0)
			w->nglobal++;
}

void
scenario_clock(struct scenario *s, int64_t utc)
{
	s->clock = utc;
}

struct world *
scenario_world(struct scenario *s)
{
	const struct sign	*root;
	struct world		*w;
	size_t			 i;

	scenario_build(s);
	dns_faults_reset(&s->faults);
	services_reset(&s->services);
	s->services.clock = s->clock;
	w = memory_new(s->seed, s->clock);
	memory_rtt(w, s->rtt);
	memory_vantage(w, 4, s->v4);
	memory_vantage(w, 6, s->v6);
	for (i = 0; i < s->sources.n; i++)
		memory_source(w, &s->sources.list[i]);
	for (i = 0; i < s->hosts.n; i++)
		memory_host(w, &s->hosts.list[i]);
	listen_dns(s, w);
	web_peer_listen(&s->services, w);
	smtp_peer_listen(&s->services, w);
	box_peer_listen(&s->services, w);
	add_faults(s, w);
	add_hints(s, w);
	add_global(s, w);
	w->ca_pem = cert_peer_root();
	if ((root = scenario_sign_of(s, (const unsigned char *)"")) != NULL)
		w->trust_anchor = sign_anchor(root, s->seed);
	w->hostname = xstrdup("client.practice.example");
	return (w);
}

static void
servers_free(struct scenario *s)
{
	struct server	*v;
	size_t		 i, k;

	for (i = 0; i < s->nservers; i++) {
		v = s->servers[i];
		for (k = 0; k < v->nzones; k++)
			free(v->zones[k]);
		free(v->zones);
		free(v->addrs.list);
		free(v->text);
		free(v->name);
		free(v);
	}
	free(s->servers);
}

static void
delegations_free(struct scenario *s)
{
	struct delegation	*d;
	size_t			 i, k;

	for (i = 0; i < s->ndelegations; i++) {
		d = &s->delegations[i];
		for (k = 0; k < d->n; k++) {
			free(d->ns[k].name);
			free(d->ns[k].glue.list);
		}
		free(d->ns);
		free(d->zone);
	}
	free(s->delegations);
}

static void
owns_free(struct scenario *s)
{
	size_t	i;

	for (i = 0; i < s->nowns; i++) {
		free(s->owns[i].who.list);
		free(s->owns[i].zone);
		zone_rr_free(&s->owns[i].rr);
	}
	free(s->owns);
}

void
scenario_free(struct scenario *s)
{
	size_t	i;

	if (s == NULL)
		return;
	scenario_build_free(s);
	for (i = 0; i < s->nresolvers; i++) {
		resolver_peer_free(s->resolvers[i]->peer);
		free(s->resolvers[i]->addrs.list);
		free(s->resolvers[i]);
	}
	free(s->resolvers);
	for (i = 0; i < s->nzones; i++)
		zone_free(s->zones[i]);
	free(s->zones);
	servers_free(s);
	delegations_free(s);
	owns_free(s);
	scenario_signs_free(s);
	services_free(&s->services);
	dns_faults_free(&s->faults);
	free(s->net);
	free(s->global);
	free(s->sources.list);
	free(s->hosts.list);
	free(s);
}
