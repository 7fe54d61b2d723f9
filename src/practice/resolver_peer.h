/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice recursive resolver with a cache. */
#ifndef PRACTICE_RESOLVER_PEER_H
#define PRACTICE_RESOLVER_PEER_H

#include "practice/dns_peer.h"

struct resolver_peer;

/* How it finds its way: the service at an address (NULL: nobody there) and
   the root servers. All belong to the caller and outlive the resolver. */
struct resolver_view {
	void			*ctx;
	struct dns_service	*(*find)(void *, const struct addr *);
	struct addr		*const *roots;	
	const size_t		*nroots;
	struct dns_faults	*faults;
	/* For one that validates: 1 secure, 0 insecure, -1 bogus. */
	int			(*security)(void *, const unsigned char *name);
};

struct resolver_peer *resolver_peer_new(const struct resolver_view *);
void	 resolver_peer_free(struct resolver_peer *);
/* Reach servers over this family only. */
void	 resolver_peer_only(struct resolver_peer *, int family);
/* Judge what it finds: SERVFAIL for what is bogus, unless CD is set. */
void	 resolver_peer_validate(struct resolver_peer *);
/* Make AAAA of A below this /96 where there is none (RFC 6147). */
void	 resolver_peer_dns64(struct resolver_peer *, const struct addr *);
/* Put a record, which is taken over, into the cache at the start. */
void	 resolver_peer_cache(struct resolver_peer *, struct zone_rr *);
/* The same for the absence of name and type, for ttl seconds. */
void	 resolver_peer_cache_none(struct resolver_peer *,
	    const unsigned char *name, uint16_t type, int rcode, uint32_t ttl);
/* The answerer (dns_peer.h); ctx is the resolver. */
void	 resolver_peer_answer(void *, struct world *, const struct dns_ask *,
	    struct dns_outcome *);
/* Forget what was learned and the way found. */
void	 resolver_peer_reset(struct resolver_peer *);

#endif
