/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of signing: shared by sign.c and sign_chain.c. */
#ifndef PRACTICE_SIGN_INSIDE_H
#define PRACTICE_SIGN_INSIDE_H

#include "base/buf.h"
#include "practice/sign.h"

/* Add a record to the zone; owner and rdata are copied. */
void	 sign_add(struct zone *, const unsigned char *owner, uint16_t type,
	     uint32_t ttl, const struct buf *rdata);
/* Is the name below a delegation of the zone, or outside? cut: at one. */
bool	 sign_delegated(const struct zone *, const unsigned char *name,
	     bool *cut);
/* Add the NSEC records of all names. */
void	 sign_chain(struct zone *);

#endif
