/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signing a practice zone: one key for all, a signature over each set that is
 * its own (RFC 4034); the key is made in sign_key.c, the chain of NSEC records
 * in sign_chain.c.
 */
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/sign_inside.h"

#define KEY_TTL		3600
#define DAY		86400

static void
put16(struct buf *b, unsigned v)
{
	buf_addc(b, (char)(v >> 8));
	buf_addc(b, (char)v);
}

static void
put32(struct buf *b, uint32_t v)
{
	put16(b, v >> 16);
	put16(b, v & 0xffff);
}

static void
remove_types(struct zone *z)
{
	size_t	i = 0;

	while (i < z->n)
		if (z->rrs[i].type >= SIGN_RRSIG &&
		    z->rrs[i].type <= SIGN_DNSKEY) {
			zone_rr_free(&z->rrs[i]);
			memmove(&z->rrs[i], &z->rrs[i + 1],
			    (z->n - i - 1) * sizeof *z->rrs);
			z->n--;
		} else
			i++;
	/* zone_add grows at multiples of 16: keep room for the next one. */
	z->rrs = xreallocarray(z->rrs, (z->n / 16 + 1) * 16, sizeof *z->rrs);
}

void
sign_add(struct zone *z, const unsigned char *owner, uint16_t type,
    uint32_t ttl, const struct buf *rdata)
{
	struct zone_rr	rr = { name_dup(owner), type, ttl, rdata->len,
		xmalloc(rdata->len + 1) };

	memcpy(rr.rdata, rdata->data, rdata->len);
	zone_add(z, &rr);
}

static int
by_rdata(const void *a, const void *b)
{
	const struct zone_rr	*x = *(const struct zone_rr *const *)a;
	const struct zone_rr	*y = *(const struct zone_rr *const *)b;
	int			 c;

	c = memcmp(x->rdata, y->rdata, x->len < y->len ? x->len : y->len);
	return (c != 0 ? c : x->len < y->len ? -1 : x->len > y->len);
}

static unsigned
sign_labels(const unsigned char *owner)
{
	return (name_labels(owner) - (owner[0] == 1 && owner[1] == '*'));
}

static void
period(const struct sign *s, int64_t clock, uint32_t *from, uint32_t *to)
{
	int64_t	begin = clock - 3 * DAY, end = clock + 25 * DAY;

	if (s->kind == SIGN_EXPIRED) {
		begin = clock - 31 * DAY;
		end = clock - DAY;
	} else if (s->kind == SIGN_NOT_YET) {
		begin = clock + DAY;
		end = clock + 29 * DAY;
	} else if (s->kind == SIGN_SOON)
		end = clock + s->days * DAY;
	*from = (uint32_t)begin;
	*to = (uint32_t)end;
}

/* The records of first's set, in canonical order. */
static size_t
set_of(const struct zone *z, const struct zone_rr *first,
    const struct zone_rr **set)
{
	size_t	i, n = 0;

	for (i = 0; i < z->n; i++)
		if (z->rrs[i].type == first->type &&
		    name_equal(z->rrs[i].owner, first->owner))
			set[n++] = &z->rrs[i];
	qsort(set, n, sizeof *set, by_rdata);
	return (n);
}

/* RRSIG RDATA over one set (RFC 4034 3.1.8.1). */
static void
sign_set(const struct zone *z, const struct zone_rr *first,
    const struct sign_key *k, uint32_t from, uint32_t to, struct buf *rdata)
{
	const struct zone_rr	**set = xcalloc(z->n, sizeof *set);
	size_t			  n = set_of(z, first, set), i;
	struct buf		  data;

	put16(rdata, first->type);
	buf_addc(rdata, (char)k->rdata[3]);
	buf_addc(rdata, (char)sign_labels(first->owner));
	put32(rdata, first->ttl);
	put32(rdata, to);
	put32(rdata, from);
	put16(rdata, k->tag);
	buf_add(rdata, z->name, name_len(z->name));
	buf_init(&data, 0);
	buf_add(&data, rdata->data, rdata->len);
	for (i = 0; i < n; i++) {
		buf_add(&data, set[i]->owner, name_len(set[i]->owner));
		put16(&data, set[i]->type);
		put16(&data, 1);
		put32(&data, first->ttl);
		put16(&data, (unsigned)set[i]->len);
		buf_add(&data, set[i]->rdata, set[i]->len);
	}
	sign_key_use(k, &data, rdata);
	buf_free(&data);
	free(set);
}

static bool
first_of_set(const struct zone *z, size_t at)
{
	size_t	i;

	for (i = 0; i < at; i++)
		if (z->rrs[i].type == z->rrs[at].type &&
		    name_equal(z->rrs[i].owner, z->rrs[at].owner))
			return (false);
	return (true);
}

/* The names in the SOA count in lower case. */
static void
lower_soa(struct zone *z)
{
	const struct zone_rr	*soa = zone_soa(z);
	size_t			 i;

	for (i = 0; soa != NULL && i + 20 < soa->len; i++)
		if (soa->rdata[i] >= 'A' && soa->rdata[i] <= 'Z')
			soa->rdata[i] |= 0x20;
}

static void
add_signatures(struct zone *z, const struct sign *s,
    const struct sign_key *k, int64_t clock)
{
	struct buf	rdata;
	uint32_t	from, to;
	size_t		i, n = z->n;
	bool		cut;

	period(s, clock, &from, &to);
	for (i = 0; i < n; i++) {
		if (!first_of_set(z, i) ||
		    sign_delegated(z, z->rrs[i].owner, &cut) ||
		    (cut && z->rrs[i].type != DNS_DS &&
		    z->rrs[i].type != SIGN_NSEC))
			continue;
		buf_init(&rdata, 0);
		sign_set(z, &z->rrs[i], k, from, to, &rdata);
		sign_add(z, z->rrs[i].owner, SIGN_RRSIG, z->rrs[i].ttl,
		    &rdata);
		buf_free(&rdata);
	}
}

void
sign_zone(struct zone *z, const struct sign *s, uint64_t seed, int64_t clock)
{
	struct sign_key	k;
	struct buf	b;

	remove_types(z);
	lower_soa(z);
	sign_key_make(&k, z->name, seed);
	buf_init(&b, 0);
	buf_add(&b, k.rdata, k.len);
	sign_add(z, z->name, SIGN_DNSKEY, KEY_TTL, &b);
	buf_free(&b);
	sign_chain(z);
	add_signatures(z, s, &k, clock);
	sign_key_free(&k);
}

/* DS RDATA (RFC 4034 5.1, SHA-256). */
static void
ds_of(const struct sign *s, uint64_t seed, struct buf *rdata)
{
	unsigned char	digest[SHA256_DIGEST_LENGTH];
	struct sign_key	k;
	struct buf	b;

	sign_key_make(&k, s->zone, s->kind == SIGN_DS_MISMATCH ? seed + 1 :
	    seed);
	buf_init(&b, 0);
	buf_add(&b, s->zone, name_len(s->zone));
	buf_add(&b, k.rdata, k.len);
	SHA256(b.data, b.len, digest);
	buf_free(&b);
	put16(rdata, k.tag);
	buf_addc(rdata, (char)k.rdata[3]);
	buf_addc(rdata, 2);
	buf_add(rdata, digest, sizeof digest);
	sign_key_free(&k);
}

void
sign_delegation(struct zone *parent, const struct sign *s, uint64_t seed)
{
	struct buf	rdata;

	buf_init(&rdata, 0);
	ds_of(s, seed, &rdata);
	sign_add(parent, s->zone, DNS_DS, KEY_TTL, &rdata);
	buf_free(&rdata);
}

char *
sign_anchor(const struct sign *s, uint64_t seed)
{
	struct buf	rdata, text;
	size_t		i;

	buf_init(&rdata, 0);
	buf_init(&text, 0);
	ds_of(s, seed, &rdata);
	buf_printf(&text, ". IN DS %u %u 2 ",
	    (unsigned)rdata.data[0] << 8 | rdata.data[1],
	    (unsigned)rdata.data[2]);
	for (i = 4; i < rdata.len; i++)
		buf_printf(&text, "%02X", rdata.data[i]);
	buf_adds(&text, "\n");
	buf_free(&rdata);
	return (buf_steal(&text));
}
