/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The resolver's view by c-ares: what an application on this host gets.
 */
#ifndef DNS_RESOLVER_H
#define DNS_RESOLVER_H

#include "base/limits.h"
#include "base/loop.h"

struct resolver_result {
	const char	*word;		/* "ok" "nodata" "notfound" "servfail"
					   "refused" "timeout" "broken" ... */
	struct addr	*addrs;		/* valid during the call */
	size_t		 naddrs;
	const char	*canon;		/* canonical name or NULL */
	int64_t		 took;		/* ns */
};

struct resolver_query;

/* Look up addresses of both families of name with the world's resolvers;
   server NULL: all of them in order. done is the last call. */
struct resolver_query *resolver_start(struct loop *,
	    const struct timeouts *, const struct addr *server,
	    const char *name,
	    void (*done)(void *, const struct resolver_result *), void *);
void	 resolver_free(struct resolver_query *);

#endif
