/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of a practice resolver: its memory, and one piece of its work. */
#ifndef PRACTICE_RESOLVER_CACHE_H
#define PRACTICE_RESOLVER_CACHE_H

#include "practice/resolver_peer.h"

struct cached_sig {		/* RRSIG, or NSEC that proves something */
	int		 section;
	struct zone_rr	 rr;
};

struct cached {
	unsigned char	*name;
	uint16_t	 type;
	int		 rcode;
	struct zone_rr	*rrs;
	size_t		 n;
	struct cached_sig *sigs;
	size_t		 nsigs;
	struct zone_rr	*soa;		/* of a negative entry; may be NULL */
	int64_t		 until;		/* ns */
	uint32_t	 seed_ttl;	/* declared: counts from the start */
};

struct cut {			/* the servers of a zone */
	unsigned char	*zone;
	struct addr	*addrs;
	size_t		 n;
	int64_t		 until;
};

struct resolver_peer {
	struct resolver_view	 view;
	int			 only;
	bool			 validates;
	struct addr		 dns64;	/* family 0: not */
	struct cached		**cache;
	size_t			 ncache, nseeded;
	struct cut		**cuts;
	size_t			 ncuts;
	struct addr		*dead;
	size_t			 ndead;
};

struct work {
	struct resolver_peer	*r;
	struct world		*w;
	int64_t			 now, elapsed;
	int			 silences, depth;
};

/* An entry that has not expired: of this type, an alias, or NXDOMAIN. */
const struct cached *resolver_cache_find(struct work *,
	    const unsigned char *name, uint16_t type);
/* Remember SERVFAIL for a little (RFC 9520). */
const struct cached *resolver_cache_failed(struct work *,
	    const unsigned char *name, uint16_t type);
/* Remember an authoritative reply: every name of its chain; the entry of the
   first is returned. */
const struct cached *resolver_cache_learn(struct work *,
	    const struct dns_reply *, const unsigned char *name,
	    uint16_t type);
int64_t	 resolver_cache_expiry(const struct work *, uint32_t ttl);

#endif
