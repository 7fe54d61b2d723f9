/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Practice DNS messages: reading a query and writing a reply with name
 * compression (RFC 1035 4.1.4), cut and marked TC where it does not fit.
 * Own code, so that it does not share mistakes with dns/message.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/dns_peer.h"

#define MAX_NAMES 256

struct writer {
	struct buf	*out;
	uint16_t	 at[MAX_NAMES];		/* where names begin */
	size_t		 n;
};

static unsigned
get16(const unsigned char *p)
{
	return ((unsigned)p[0] << 8 | p[1]);
}

static int
skip_record(const unsigned char *p, size_t len, size_t *at,
    struct dns_query *q)
{
	unsigned char	name[NAME_MAX_WIRE];
	size_t		rdlen, o;

	if (name_read(p, len, at, name) == -1 || *at + 10 > len)
		return (-1);
	rdlen = get16(p + *at + 8);
	if (*at + 10 + rdlen > len)
		return (-1);
	if (get16(p + *at) == DNS_OPT) {
		q->edns = true;
		q->udp_size = get16(p + *at + 2);
		q->version = p[*at + 5];
		q->sigs = (p[*at + 6] & 0x80) != 0;
		for (o = *at + 10; o + 4 <= *at + 10 + rdlen;
		    o += 4 + get16(p + o + 2))
			if (get16(p + o) == 3)
				q->nsid = true;
	}
	*at += 10 + rdlen;
	return (0);
}

int
dns_query_read(struct dns_query *q, const void *wire, size_t len)
{
	const unsigned char	*p = wire;
	size_t			 at = 12;
	unsigned		 i, records;

	memset(q, 0, sizeof *q);
	if (len < 12 || get16(p + 4) != 1)
		return (-1);
	q->id = (uint16_t)get16(p);
	q->flags = (uint16_t)get16(p + 2);
	if ((q->flags & 0x8000) != 0 || name_read(p, len, &at, q->name) == -1 ||
	    at + 4 > len)
		return (-1);
	memcpy(q->raw, q->name, name_len(q->name));
	if (at == 12 + name_len(q->name))
		memcpy(q->raw, p + 12, at - 12);
	q->type = (uint16_t)get16(p + at);
	q->klass = (uint16_t)get16(p + at + 2);
	at += 4;
	records = get16(p + 6) + get16(p + 8) + get16(p + 10);
	for (i = 0; i < records; i++)
		if (skip_record(p, len, &at, q) == -1)
			return (-1);
	return (0);
}

void
dns_reply_init(struct dns_reply *r, const struct dns_query *q)
{
	memset(r, 0, sizeof *r);
	r->query = q;
}

void
dns_reply_clear(struct dns_reply *r)
{
	size_t	i;

	for (i = 0; i < r->nowned; i++) {
		zone_rr_free(r->owned[i]);
		free(r->owned[i]);
	}
	free(r->owned);
	free(r->items);
	r->owned = NULL;
	r->items = NULL;
	r->nowned = r->n = 0;
}

void
dns_reply_free(struct dns_reply *r)
{
	dns_reply_clear(r);
}

static bool
present(const struct dns_reply *r, const unsigned char *owner,
    const struct zone_rr *rr)
{
	size_t	i;

	for (i = 0; i < r->n; i++)
		if (r->items[i].rr == rr &&
		    name_equal(r->items[i].owner, owner))
			return (true);
	return (false);
}

struct dns_item *
dns_reply_add(struct dns_reply *r, int section, const unsigned char *owner,
    const struct zone_rr *rr)
{
	struct dns_item	*item;

	if (present(r, owner, rr))
		return (NULL);
	if (r->n % 16 == 0)
		r->items = xreallocarray(r->items, r->n + 16,
		    sizeof *r->items);
	item = &r->items[r->n++];
	item->section = section;
	item->owner = owner;
	item->rr = rr;
	item->ttl = rr->ttl;
	item->must = section != DNS_ADDITIONAL;
	return (item);
}

void
dns_reply_own(struct dns_reply *r, int section, struct zone_rr *rr)
{
	struct zone_rr	*copy = xmalloc(sizeof *copy);

	*copy = *rr;
	r->owned = xreallocarray(r->owned, r->nowned + 1, sizeof *r->owned);
	r->owned[r->nowned++] = copy;
	dns_reply_add(r, section, copy->owner, copy);
}

size_t
dns_reply_limit(const struct dns_query *q, bool tcp)
{
	if (tcp)
		return (65535);
	return (q->edns && q->udp_size > 512 ? q->udp_size : 512);
}

static void
put16(struct buf *b, unsigned v)
{
	unsigned char	p[2] = { (unsigned char)(v >> 8), (unsigned char)v };

	buf_add(b, p, 2);
}

static bool
same_name_at(const struct buf *b, size_t at, const unsigned char *name)
{
	unsigned char	there[NAME_MAX_WIRE];

	return (name_read(b->data, b->len, &at, there) == 0 &&
	    name_equal(there, name));
}

static void
put_name(struct writer *w, const unsigned char *name)
{
	size_t	i, known = w->n;

	for (; *name != 0; name += *name + 1) {
		for (i = 0; i < known; i++)
			if (same_name_at(w->out, w->at[i], name)) {
				put16(w->out, 0xc000u | w->at[i]);
				return;
			}
		if (w->n < MAX_NAMES && w->out->len < 0x3fff)
			w->at[w->n++] = (uint16_t)w->out->len;
		buf_add(w->out, name, *name + 1u);
	}
	buf_add(w->out, "", 1);
}

static void
put_rdata(struct writer *w, const struct zone_rr *rr)
{
	const unsigned char	*p = rr->rdata;
	size_t			 n;

	switch (rr->type) {
	case DNS_MX:
		buf_add(w->out, p, 2);
		p += 2;
		/* FALLTHROUGH */
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		put_name(w, p);
		break;
	case DNS_SOA:
		n = name_len(p);
		put_name(w, p);
		put_name(w, p + n);
		n += name_len(p + n);
		buf_add(w->out, p + n, rr->len - n);
		break;
	default:
		buf_add(w->out, p, rr->len);
		break;
	}
}

static void
put_record(struct writer *w, const struct dns_item *item)
{
	size_t	at;
	unsigned len;

	put_name(w, item->owner);
	put16(w->out, item->rr->type);
	put16(w->out, 1);
	put16(w->out, item->ttl >> 16);
	put16(w->out, item->ttl & 0xffff);
	at = w->out->len;
	put16(w->out, 0);
	put_rdata(w, item->rr);
	len = (unsigned)(w->out->len - at - 2);
	w->out->data[at] = (unsigned char)(len >> 8);
	w->out->data[at + 1] = (unsigned char)len;
}

static size_t
opt_size(const struct dns_reply *r)
{
	if (!r->query->edns)
		return (0);
	return (11 + (r->query->nsid && r->nsid != NULL ?
	    4 + strlen(r->nsid) : 0));
}

static void
put_opt(struct writer *w, const struct dns_reply *r)
{
	size_t	nsid = opt_size(r) - 11;

	buf_add(w->out, "", 1);
	put16(w->out, DNS_OPT);
	put16(w->out, 1232);
	put16(w->out, ((unsigned)r->rcode >> 4) << 8);
	put16(w->out, r->query->sigs ? 0x8000 : 0);
	put16(w->out, (unsigned)nsid);
	if (nsid == 0)
		return;
	put16(w->out, 3);
	put16(w->out, (unsigned)nsid - 4);
	buf_add(w->out, r->nsid, nsid - 4);
}

static void
put_header(const struct dns_reply *r, unsigned char h[12],
    const unsigned counts[3])
{
	const struct dns_query	*q = r->query;
	unsigned		 flags, i;

	flags = 0x8000u | (q->flags & 0x7910u) | (r->aa ? 0x400u : 0) |
	    (r->tc ? 0x200u : 0) | (r->ra ? 0x80u : 0) |
	    (r->ad ? 0x20u : 0) |
	    ((unsigned)r->rcode & 15u);
	h[0] = (unsigned char)(q->id >> 8);
	h[1] = (unsigned char)q->id;
	h[2] = (unsigned char)(flags >> 8);
	h[3] = (unsigned char)flags;
	h[4] = 0;
	h[5] = !r->no_question;
	for (i = 0; i < 3; i++) {
		h[6 + 2 * i] = (unsigned char)(counts[i] >> 8);
		h[7 + 2 * i] = (unsigned char)counts[i];
	}
}

/* Records of one section; false when the rest must be left out. */
static bool
put_section(struct writer *w, struct dns_reply *r, int section, size_t limit,
    unsigned *count)
{
	const struct dns_item	*item;
	size_t			 i, before, names;

	for (i = 0; i < r->n; i++) {
		item = &r->items[i];
		if (item->section != section)
			continue;
		before = w->out->len;
		names = w->n;
		put_record(w, item);
		if (w->out->len <= limit) {
			++*count;
			continue;
		}
		w->out->len = before;
		w->n = names;
		r->tc = r->tc || item->must;
		if (item->must)
			return (false);
	}
	return (true);
}

void
dns_reply_write(struct dns_reply *r, size_t limit, struct buf *out)
{
	struct writer	w = { .out = out };
	unsigned char	header[12] = { 0 };
	unsigned	counts[3] = { 0, 0, 0 };
	int		s;

	buf_add(out, header, sizeof header);
	if (!r->no_question) {
		put_name(&w, r->query->raw);
		put16(out, r->query->type);
		put16(out, r->query->klass);
	}
	limit -= opt_size(r);
	for (s = DNS_ANSWER; s <= DNS_ADDITIONAL; s++)
		if (!put_section(&w, r, s, limit, &counts[s]))
			break;
	if (r->query->edns) {
		put_opt(&w, r);
		counts[2]++;
	}
	put_header(r, header, counts);
	memcpy(out->data, header, sizeof header);
}
