/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The NSEC records of a practice zone (RFC 4034 4): a ring over the names that
 * are its own, each with the types that are there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/sign_inside.h"

#define USUAL_TTL	3600

bool
sign_delegated(const struct zone *z, const unsigned char *name, bool *cut)
{
	const unsigned char	*n;
	bool			 below = !name_under(name, z->name);

	*cut = false;
	for (n = name; name_under(n, z->name) && !name_equal(n, z->name);
	    n = name_up(n))
		if (zone_has(z, n, DNS_NS)) {
			*cut = n == name;
			below = n != name;
		}
	return (below);
}

static int
by_name(const void *a, const void *b)
{
	return (sign_order(*(unsigned char *const *)a,
	    *(unsigned char *const *)b));
}

/* The names that the zone itself answers for, in order; free the list. */
static const unsigned char **
own_names(const struct zone *z, size_t *n)
{
	const unsigned char	**list = xcalloc(z->n + 1, sizeof *list);
	size_t			  i, k = 0;
	bool			  cut;

	for (i = *n = 0; i < z->n; i++)
		if (!sign_delegated(z, z->rrs[i].owner, &cut))
			list[k++] = z->rrs[i].owner;
	if (k > 0)
		qsort(list, k, sizeof *list, by_name);
	for (i = 0; i < k; i++)
		if (*n == 0 || !name_equal(list[*n - 1], list[i]))
			list[(*n)++] = list[i];
	return (list);
}

static void
add_bitmap(struct buf *b, const struct zone *z, const unsigned char *name)
{
	unsigned char	map[32];
	bool		cut;
	size_t		i, last;
	unsigned	window;
	uint16_t	t;

	sign_delegated(z, name, &cut);
	for (window = 0; window < 2; window++) {
		memset(map, 0, sizeof map);
		for (i = last = 0; i < z->n; i++) {
			t = z->rrs[i].type;
			if (name_equal(z->rrs[i].owner, name) &&
			    t >> 8 == window && (!cut || t == DNS_NS ||
			    t == DNS_DS))
				map[(t & 255) / 8] |= (unsigned char)
				    (0x80 >> t % 8);
		}
		if (window == 0) {
			map[SIGN_RRSIG / 8] |= 0x80 >> SIGN_RRSIG % 8;
			map[SIGN_NSEC / 8] |= 0x80 >> SIGN_NSEC % 8;
		}
		for (i = 0; i < sizeof map; i++)
			if (map[i] != 0)
				last = i + 1;
		if (last == 0)
			continue;
		buf_addc(b, (char)window);
		buf_addc(b, (char)last);
		buf_add(b, map, last);
	}
}

static uint32_t
negative_ttl(const struct zone *z)
{
	const struct zone_rr	*soa = zone_soa(z);
	const unsigned char	*p;

	if (soa == NULL || soa->len < 4)
		return (USUAL_TTL);
	p = soa->rdata + soa->len - 4;
	return ((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3]);
}

void
sign_chain(struct zone *z)
{
	const unsigned char	**names, *next;
	struct buf		 *b;
	size_t			  n, i;
	uint32_t		  ttl = negative_ttl(z);

	names = own_names(z, &n);
	b = xcalloc(n + 1, sizeof *b);
	for (i = 0; i < n; i++) {
		buf_init(&b[i], 0);
		next = names[(i + 1) % n];
		buf_add(&b[i], next, name_len(next));
		add_bitmap(&b[i], z, names[i]);
	}
	for (i = 0; i < n; i++) {
		sign_add(z, names[i], SIGN_NSEC, ttl, &b[i]);
		buf_free(&b[i]);
	}
	free(b);
	free(names);
}
