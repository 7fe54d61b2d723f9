/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of signing: shared by sign.c, sign_chain.c and sign_key.c. */
#ifndef PRACTICE_SIGN_INSIDE_H
#define PRACTICE_SIGN_INSIDE_H

#include <openssl/evp.h>

#include "base/buf.h"
#include "practice/sign.h"

enum { SIGN_P256 = 13, SIGN_ED25519 = 15 };	/* numbers of algorithms */

struct sign_key {
	EVP_PKEY	*pkey;
	unsigned char	 rdata[4 + 64];	/* of its DNSKEY, len octets */
	size_t		 len;
	unsigned	 tag;
};

/* The key of a zone; the same for the same seed. */
void	 sign_key_make(struct sign_key *, const unsigned char *zone,
	     uint64_t seed);
/* Add the signature over data as RRSIG has it (RFC 6605 4, RFC 8080 4). */
void	 sign_key_use(const struct sign_key *, const struct buf *data,
	     struct buf *rdata);
void	 sign_key_free(struct sign_key *);
/* Add a record to the zone; owner and rdata are copied. */
void	 sign_add(struct zone *, const unsigned char *owner, uint16_t type,
	     uint32_t ttl, const struct buf *rdata);
/* Is the name below a delegation of the zone, or outside? cut: at one. */
bool	 sign_delegated(const struct zone *, const unsigned char *name,
	     bool *cut);
/* Add the NSEC records of all names. */
void	 sign_chain(struct zone *);

#endif
