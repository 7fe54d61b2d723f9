/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone data of the practice servers. Names are in wire form, lower case:
 * labels with their lengths, ended by a zero octet (RFC 1035 3.1).
 */
#ifndef PRACTICE_ZONE_H
#define PRACTICE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

#define NAME_MAX_WIRE 256

struct zone_rr {
	unsigned char	*owner;
	uint16_t	 type;
	uint32_t	 ttl;
	size_t		 len;
	unsigned char	*rdata;		/* uncompressed */
};

struct zone {
	unsigned char	*name;
	struct zone_rr	*rrs;
	size_t		 n;
	bool		 is_signed;
	bool		 expired;	/* here: the server knows no more of it */
};

/* Presentation form (RFC 1035 5.1), final dot or not: 0, or -1. */
int	 name_parse(unsigned char out[NAME_MAX_WIRE], const char *);
/* Octets with the final zero. */
size_t	 name_len(const unsigned char *);
unsigned char *name_dup(const unsigned char *);
bool	 name_equal(const unsigned char *, const unsigned char *);
bool	 name_under(const unsigned char *name, const unsigned char *zone);
unsigned name_labels(const unsigned char *);
/* Without its first label; the root stays the root. */
const unsigned char *name_up(const unsigned char *);
/* Read a possibly compressed name of a message at *at, which moves behind
   it: 0, or -1. The result is lower case. */
int	 name_read(const unsigned char *wire, size_t len, size_t *at,
	    unsigned char out[NAME_MAX_WIRE]);
/* The name in RDATA of NS, CNAME, PTR, MX, SRV; NULL for other types. */
const unsigned char *zone_rr_target(const struct zone_rr *);

/* One line of a master file relative to origin into *rr: 0, or -1. prev
   (may be NULL) is the owner of the line before, for a line that begins
   with a blank. */
int	 zone_rr_parse(struct zone_rr *, const char *line, uint32_t ttl,
	    const unsigned char *origin, unsigned char prev[NAME_MAX_WIRE]);
void	 zone_rr_free(struct zone_rr *);

struct zone *zone_new(const unsigned char *name);
struct zone *zone_copy(const struct zone *);
void	 zone_free(struct zone *);
/* Add a record, which is taken over; an equal one is not added again. */
void	 zone_add(struct zone *, struct zone_rr *);
void	 zone_add_name(struct zone *, const unsigned char *owner,
	    uint16_t type, uint32_t ttl, const unsigned char *target);
void	 zone_add_addr(struct zone *, const unsigned char *owner,
	    uint32_t ttl, const struct addr *);
/* Remove records of a name and type (0 = all types). */
void	 zone_remove(struct zone *, const unsigned char *owner, uint16_t);
bool	 zone_has(const struct zone *, const unsigned char *owner, uint16_t);
/* Does the name or a name below it exist (RFC 8020)? */
bool	 zone_name_exists(const struct zone *, const unsigned char *);
const struct zone_rr *zone_soa(const struct zone *);
void	 zone_set_serial(struct zone *, uint32_t);

#endif
