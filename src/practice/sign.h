/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signed practice zones (RFC 4033 to 4035, NSEC): made on the spot from keys
 * that a seed and the zone's name give. They are of Ed25519 (RFC 8080), which
 * signs the same each time, or of ECDSA P-256 (RFC 6605) where OpenSSL may
 * not do that (FIPS).
 */
#ifndef PRACTICE_SIGN_H
#define PRACTICE_SIGN_H

#include "practice/dns_peer.h"

enum { SIGN_RRSIG = 46, SIGN_NSEC = 47, SIGN_DNSKEY = 48 };

enum sign_kind { SIGN_GOOD, SIGN_EXPIRED, SIGN_NOT_YET, SIGN_SOON,
	SIGN_DS_MISMATCH };

struct sign {
	unsigned char	*zone;
	enum sign_kind	 kind;
	long		 days;		/* SOON: until the end */
};

/* Has OpenSSL an algorithm for it? Where not, nothing below may be called. */
bool	 sign_possible(void);
/* For tests: OpenSSL has none of these algorithms (1u << number; 0: all are
   there that are). Keys made before stay as they are. */
void	 sign_lacks(unsigned algorithms);
/* Sign it as it is now, at this UTC second; what it had of keys, signatures
   and NSEC before goes. */
void	 sign_zone(struct zone *, const struct sign *, uint64_t seed,
	     int64_t clock);
/* Put the DS of that zone's key into its parent. */
void	 sign_delegation(struct zone *parent, const struct sign *,
	     uint64_t seed);
/* The key of that zone as a line "NAME IN DS ..."; caller frees. */
char	*sign_anchor(const struct sign *, uint64_t seed);
/* Canonical order of names (RFC 4034 6.1): from the last label. */
int	 sign_order(const unsigned char *, const unsigned char *);
/* What a client that can check gets besides: signatures of what is in the
   reply, and the proof of what is not. */
void	 sign_reply(const struct zone *, struct dns_reply *);

#endif
