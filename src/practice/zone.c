/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone data of the practice servers: names, records read from master-file
 * lines by ldns and kept as uncompressed wire bytes, and the small questions
 * that an authoritative server asks of its data.
 */
#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/zone.h"

static unsigned char
lower(unsigned char c)
{
	return (c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c);
}

static int
escaped(const char **s, unsigned char *c)
{
	const char	*p = *s;
	int		 i, v = 0;

	if (*p < '0' || *p > '9') {
		*c = (unsigned char)*p;
		*s += *p != '\0';
		return (*p == '\0' ? -1 : 0);
	}
	for (i = 0; i < 3; i++, p++) {
		if (*p < '0' || *p > '9')
			return (-1);
		v = v * 10 + (*p - '0');
	}
	*c = (unsigned char)v;
	*s = p;
	return (v > 255 ? -1 : 0);
}

int
name_parse(unsigned char out[NAME_MAX_WIRE], const char *s)
{
	size_t		at = 1, start = 0;
	unsigned char	c;

	if (strcmp(s, ".") == 0) {
		out[0] = 0;
		return (0);
	}
	while (*s != '\0') {
		c = (unsigned char)*s++;
		if (c == '.') {
			if (at == start + 1)
				return (-1);
			out[start] = (unsigned char)(at - start - 1);
			start = at++;
		} else {
			if (c == '\\' && escaped(&s, &c) == -1)
				return (-1);
			if (at - start > 63)
				return (-1);
			out[at++] = lower(c);
		}
		if (at > 254)
			return (-1);
	}
	if (at == 1)
		return (-1);
	if (at == start + 1) {
		out[start] = 0;
		return (0);
	}
	out[start] = (unsigned char)(at - start - 1);
	out[at] = 0;
	return (0);
}

size_t
name_len(const unsigned char *n)
{
	size_t	len = 1;

	for (; *n != 0; n += *n + 1)
		len += *n + 1u;
	return (len);
}

unsigned char *
name_dup(const unsigned char *n)
{
	size_t		 len = name_len(n);
	unsigned char	*copy = xmalloc(len);

	memcpy(copy, n, len);
	return (copy);
}

bool
name_equal(const unsigned char *a, const unsigned char *b)
{
	size_t	len = name_len(a);

	return (len == name_len(b) && memcmp(a, b, len) == 0);
}

unsigned
name_labels(const unsigned char *n)
{
	unsigned	labels = 0;

	for (; *n != 0; n += *n + 1)
		labels++;
	return (labels);
}

const unsigned char *
name_up(const unsigned char *n)
{
	return (*n == 0 ? n : n + *n + 1);
}

bool
name_under(const unsigned char *name, const unsigned char *zone)
{
	unsigned	n = name_labels(name), z = name_labels(zone);

	if (n < z)
		return (false);
	for (; n > z; n--)
		name = name_up(name);
	return (name_equal(name, zone));
}

int
name_read(const unsigned char *wire, size_t len, size_t *at,
    unsigned char out[NAME_MAX_WIRE])
{
	size_t	p = *at, n = 0, end = 0, i;
	int	jumps = 0;

	for (;;) {
		if (p >= len)
			return (-1);
		if ((wire[p] & 0xc0) == 0xc0) {
			if (p + 1 >= len || ++jumps > 64)
				return (-1);
			if (end == 0)
				end = p + 2;
			p = (size_t)(wire[p] & 0x3f) << 8 | wire[p + 1];
			continue;
		}
		if (wire[p] > 63 || p + wire[p] >= len ||
		    n + wire[p] + 1u > 254)
			return (-1);
		if ((out[n++] = wire[p]) == 0)
			break;
		for (i = 1; i <= wire[p]; i++)
			out[n++] = lower(wire[p + i]);
		p += wire[p] + 1u;
	}
	*at = end != 0 ? end : p + 1;
	return (0);
}

const unsigned char *
zone_rr_target(const struct zone_rr *rr)
{
	switch (rr->type) {
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		return (rr->rdata);
	case DNS_MX:
		return (rr->rdata + 2);
	case LDNS_RR_TYPE_SRV:
		return (rr->rdata + 6);
	default:
		return (NULL);
	}
}

void
zone_rr_free(struct zone_rr *rr)
{
	free(rr->owner);
	free(rr->rdata);
}

/* Names in RDATA are compared by their octets too. */
static void
lower_target(struct zone_rr *rr)
{
	unsigned char	*p = rr->rdata;
	const unsigned char *target = zone_rr_target(rr);
	int		 left;

	if (target == NULL)
		return;
	for (p += target - rr->rdata; *p != 0;)
		for (left = *p++; left > 0; left--, p++)
			*p = lower(*p);
}

static int
from_ldns(struct zone_rr *rr, const ldns_rr *l)
{
	unsigned char	 owner[NAME_MAX_WIRE];
	uint8_t		*wire = NULL;
	size_t		 size = 0, at = 0;
	int		 rc = -1;

	if (ldns_rr2wire(&wire, l, LDNS_SECTION_ANSWER, &size) !=
	    LDNS_STATUS_OK)
		return (-1);
	if (name_read(wire, size, &at, owner) == 0 && at + 10 <= size) {
		rr->owner = name_dup(owner);
		rr->type = (uint16_t)(wire[at] << 8 | wire[at + 1]);
		rr->ttl = ldns_rr_ttl(l);
		at += 10;
		rr->len = size - at;
		rr->rdata = xmalloc(rr->len + 1);
		memcpy(rr->rdata, wire + at, rr->len);
		lower_target(rr);
		rc = 0;
	}
	free(wire);
	return (rc);
}

static ldns_rdf *
rdf_of(const unsigned char *name)
{
	return (ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, name_len(name),
	    name));
}

int
zone_rr_parse(struct zone_rr *rr, const char *line, uint32_t ttl,
    const unsigned char *origin, unsigned char prev[NAME_MAX_WIRE])
{
	ldns_rdf	*o = rdf_of(origin);
	ldns_rdf	*before = prev != NULL ? rdf_of(prev) : NULL;
	ldns_rr		*l = NULL;
	int		 rc = -1;

	memset(rr, 0, sizeof *rr);
	if (ldns_rr_new_frm_str(&l, line, ttl, o,
	    prev != NULL ? &before : NULL) == LDNS_STATUS_OK && l != NULL)
		rc = from_ldns(rr, l);
	if (rc == 0 && prev != NULL)
		memcpy(prev, rr->owner, name_len(rr->owner));
	ldns_rr_free(l);
	ldns_rdf_deep_free(o);
	ldns_rdf_deep_free(before);
	return (rc);
}

struct zone *
zone_new(const unsigned char *name)
{
	struct zone	*z = xcalloc(1, sizeof *z);

	z->name = name_dup(name);
	return (z);
}

struct zone *
zone_copy(const struct zone *from)
{
	struct zone	*z = zone_new(from->name);
	struct zone_rr	 rr;
	size_t		 i;

	for (i = 0; i < from->n; i++) {
		rr = from->rrs[i];
		rr.owner = name_dup(rr.owner);
		rr.rdata = xmalloc(rr.len + 1);
		memcpy(rr.rdata, from->rrs[i].rdata, rr.len);
		zone_add(z, &rr);
	}
	z->is_signed = from->is_signed;
	z->expired = from->expired;
	return (z);
}

void
zone_free(struct zone *z)
{
	size_t	i;

	if (z == NULL)
		return;
	for (i = 0; i < z->n; i++)
		zone_rr_free(&z->rrs[i]);
	free(z->rrs);
	free(z->name);
	free(z);
}

static bool
rr_equal(const struct zone_rr *a, const struct zone_rr *b)
{
	return (a->type == b->type && a->len == b->len &&
	    name_equal(a->owner, b->owner) &&
	    memcmp(a->rdata, b->rdata, a->len) == 0);
}

void
zone_add(struct zone *z, struct zone_rr *rr)
{
	size_t	i;

	for (i = 0; i < z->n; i++)
		if (rr_equal(&z->rrs[i], rr)) {
			zone_rr_free(rr);
			return;
		}
	if (z->n % 16 == 0)
		z->rrs = xreallocarray(z->rrs, z->n + 16, sizeof *z->rrs);
	z->rrs[z->n++] = *rr;
}

void
zone_add_name(struct zone *z, const unsigned char *owner, uint16_t type,
    uint32_t ttl, const unsigned char *target)
{
	struct zone_rr	rr = { name_dup(owner), type, ttl, name_len(target),
		name_dup(target) };

	zone_add(z, &rr);
}

void
zone_add_addr(struct zone *z, const unsigned char *owner, uint32_t ttl,
    const struct addr *a)
{
	struct zone_rr	rr = { .ttl = ttl };

	rr.owner = name_dup(owner);
	rr.type = a->family == 4 ? DNS_A : DNS_AAAA;
	rr.len = a->family == 4 ? 4 : 16;
	rr.rdata = xmalloc(rr.len);
	memcpy(rr.rdata, a->b, rr.len);
	zone_add(z, &rr);
}

void
zone_remove(struct zone *z, const unsigned char *owner, uint16_t type)
{
	size_t	i, kept = 0;

	for (i = 0; i < z->n; i++)
		if ((type == 0 || z->rrs[i].type == type) &&
		    name_equal(z->rrs[i].owner, owner))
			zone_rr_free(&z->rrs[i]);
		else
			z->rrs[kept++] = z->rrs[i];
	/* The array grows at multiples of 16: keep room for the next one. */
	z->rrs = xreallocarray(z->rrs, (kept / 16 + 1) * 16, sizeof *z->rrs);
	z->n = kept;
}

bool
zone_has(const struct zone *z, const unsigned char *owner, uint16_t type)
{
	size_t	i;

	for (i = 0; i < z->n; i++)
		if ((type == 0 || z->rrs[i].type == type) &&
		    name_equal(z->rrs[i].owner, owner))
			return (true);
	return (false);
}

bool
zone_name_exists(const struct zone *z, const unsigned char *name)
{
	size_t	i;

	if (name_equal(z->name, name))
		return (true);
	for (i = 0; i < z->n; i++)
		if (name_under(z->rrs[i].owner, name))
			return (true);
	return (false);
}

const struct zone_rr *
zone_soa(const struct zone *z)
{
	size_t	i;

	for (i = 0; i < z->n; i++)
		if (z->rrs[i].type == DNS_SOA &&
		    name_equal(z->rrs[i].owner, z->name))
			return (&z->rrs[i]);
	return (NULL);
}

void
zone_set_serial(struct zone *z, uint32_t serial)
{
	const struct zone_rr	*soa = zone_soa(z);
	unsigned char		*p;

	if (soa == NULL || soa->len < 22)
		return;
	p = soa->rdata + soa->len - 20;
	p[0] = (unsigned char)(serial >> 24);
	p[1] = (unsigned char)(serial >> 16);
	p[2] = (unsigned char)(serial >> 8);
	p[3] = (unsigned char)serial;
}
