/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDR_STRLEN 64

/* An IP address without port; family 0 = none, 4, 6. */
struct addr {
	int		family;
	unsigned char	b[16];
};

struct sockname {
	struct addr	addr;
	uint16_t	port;
};

struct prefix {
	struct addr	addr;
	int		len;
};

/* What kind of address it is (field guide 2.10, IANA special registries). */
struct addr_class {
	const char	*prefix;	/* "fc00::/7" */
	const char	*id;		/* "ula": key of a string in help */
	const char	*rfc;		/* "RFC 4193" */
	int		 level;		/* 0 global, 1 warning, 2 error */
};

/* Strict text form of IPv4 or IPv6 (no zone, no brackets): 0, or -1. */
int	 addr_parse(struct addr *, const char *);
/* RFC 5952 form. Returns out. */
const char *addr_print(const struct addr *, char out[ADDR_STRLEN]);
/* Total order: family, then bytes (memcmp sense). */
int	 addr_cmp(const struct addr *, const struct addr *);
bool	 addr_equal(const struct addr *, const struct addr *);
/* Is it one of a list? */
bool	 addr_in(const struct addr *list, size_t n, const struct addr *);
/* From the RDATA of A (len 4) or AAAA (len 16): 0, or -1. */
int	 addr_from_bytes(struct addr *, const void *, size_t len);
/* Name of the PTR record (RFC 1035 3.5, RFC 3596 2.5), no final dot. */
void	 addr_reverse(const struct addr *, char *out, size_t size);
/* "2001:db8::/32", no bit set after the length: 0, or -1. */
int	 prefix_parse(struct prefix *, const char *);
bool	 prefix_match(const struct prefix *, const struct addr *);
/* The class of what is in no registry: id "global", level 0. */
extern const struct addr_class addr_global;
/* The class by longest match; never NULL (class "global", level 0). */
const struct addr_class *addr_classify(const struct addr *);

#endif
