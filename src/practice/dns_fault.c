/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes wrong at a practice name server: each declared fault says whom
 * and which questions it is about, and what is done to the reply. First the
 * records are changed, then the bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/dns_peer.h"

#define DNS_TYPE_TXT 16

static bool
has_addr(const struct dns_fault *f, const struct addr *a)
{
	size_t	i;

	if (f->who == NULL)
		return (true);
	for (i = 0; i < f->nwho; i++)
		if (addr_equal(&f->who[i], a))
			return (true);
	return (false);
}

static bool
has_type(const struct dns_fault *f, uint16_t type)
{
	size_t	i;

	for (i = 0; i < f->ntypes; i++)
		if (f->types[i] == type)
			return (true);
	return (f->ntypes == 0);
}

static struct dns_seen *
seen(struct dns_fault *f, const struct addr *a, uint64_t question)
{
	struct dns_seen	*s;
	size_t		 i;

	for (i = 0; i < f->nseen; i++)
		if (f->seen[i].question == question &&
		    addr_equal(&f->seen[i].addr, a))
			return (&f->seen[i]);
	f->seen = xreallocarray(f->seen, f->nseen + 1, sizeof *f->seen);
	s = &f->seen[f->nseen++];
	memset(s, 0, sizeof *s);
	s->addr = *a;
	s->question = question;
	return (s);
}

static uint64_t
question_hash(const struct dns_query *q)
{
	uint64_t		 h = UINT64_C(0xcbf29ce484222325) + q->type;
	const unsigned char	*p;
	size_t			 n = name_len(q->name);

	for (p = q->name; n > 0; n--, p++)
		h = (h ^ *p) * UINT64_C(0x100000001b3);
	return (h | 1);
}

static size_t
full_size(struct dns_reply *r)
{
	struct buf	b;
	size_t		n;
	bool		tc = r->tc;

	buf_init(&b, 0);
	dns_reply_write(r, 65535, &b);
	n = b.len;
	buf_free(&b);
	r->tc = tc;
	return (n);
}

static bool
matches(struct dns_fault *f, const struct dns_ask *ask, struct dns_reply *r)
{
	const struct dns_query	*q = ask->query;
	struct dns_seen		*s;

	if (!(ask->tcp ? f->tcp : f->udp) || !has_addr(f, ask->at) ||
	    !has_type(f, q->type) ||
	    (f->name != NULL && !name_equal(f->name, q->name)) ||
	    (f->edns != -1 && f->edns != q->edns) ||
	    !memory_within(&f->span, ask->now) ||
	    (f->size != 0 && full_size(r) <= f->size))
		return (false);
	if (f->first == 0 && !f->same_port)
		return (true);
	if (!ask->counted)
		return (false);
	if (f->same_port) {
		s = seen(f, ask->at, (uint64_t)ask->from->port << 1);
		return (s->count++ > 0);
	}
	s = seen(f, ask->at, 0);
	s->count++;
	return (s->count >= f->first && s->count <= f->last);
}

static void
only_soa(struct dns_reply *r, int rcode, bool soa)
{
	dns_reply_clear(r);
	r->aa = !r->ra;
	r->rcode = rcode;
	if (soa && r->zone != NULL)
		dns_answer_soa(r->zone, r);
}

static void
plain_rcode(struct dns_reply *r, int rcode)
{
	dns_reply_clear(r);
	r->aa = false;
	r->rcode = rcode;
}

static void
own_record(struct dns_reply *r, int section, const unsigned char *owner,
    uint16_t type, const void *rdata, size_t len)
{
	struct zone_rr	rr = { name_dup(owner), type, 300, len,
		xmalloc(len + 1) };

	memcpy(rr.rdata, rdata, len);
	dns_reply_own(r, section, &rr);
}

static void
upward(struct dns_reply *r)
{
	unsigned char	root[1] = { 0 }, target[NAME_MAX_WIRE];

	plain_rcode(r, DNS_NOERROR);
	if (name_parse(target, "a.root-servers.net") == 0)
		own_record(r, DNS_AUTHORITY, root, DNS_NS, target,
		    name_len(target));
}

static void
huge(struct dns_reply *r, long size)
{
	unsigned char	txt[256];
	unsigned	i = 0;

	only_soa(r, DNS_NOERROR, false);
	memset(txt, 'x', sizeof txt);
	txt[0] = 255;
	for (; size > 268; size -= 268) {
		txt[1] = (unsigned char)('a' + i % 26);
		txt[2] = (unsigned char)('a' + i++ / 26 % 26);
		own_record(r, DNS_ANSWER, r->query->name, DNS_TYPE_TXT, txt,
		    sizeof txt);
	}
}

static void
many_ns(struct dns_reply *r, long count)
{
	const unsigned char	*owner = r->query->name;
	int			 section = DNS_ANSWER;
	unsigned char		 target[NAME_MAX_WIRE];
	char			*text;
	size_t			 i;

	for (i = 0; i < r->n; i++)
		if (r->items[i].section == DNS_AUTHORITY &&
		    r->items[i].rr->type == DNS_NS && !r->aa) {
			owner = r->items[i].owner;
			section = DNS_AUTHORITY;
		}
	if (section == DNS_ANSWER && r->query->type != DNS_NS)
		return;
	for (; count > 0; count--) {
		text = xasprintf("n%ld.many.invalid", count);
		if (name_parse(target, text) == 0)
			own_record(r, section, owner, DNS_NS, target,
			    name_len(target));
		free(text);
	}
}

/* Only some of the answer's records, others each time. */
static void
pick(struct dns_reply *r, long keep, unsigned turn)
{
	size_t	i, j, n = 0, kept = 0, nth = 0;

	for (i = 0; i < r->n; i++)
		n += r->items[i].section == DNS_ANSWER;
	if (n == 0 || keep <= 0)
		return;
	for (i = 0; i < r->n; i++) {
		if (r->items[i].section == DNS_ANSWER) {
			j = (nth++ + n - turn % n) % n;
			if (j >= (size_t)keep)
				continue;
		}
		r->items[kept++] = r->items[i];
	}
	r->n = kept;
}

static void
rate(struct dns_fault *f, const struct dns_ask *ask, struct dns_outcome *out)
{
	struct dns_seen	*s;

	if (!ask->counted)
		return;
	s = seen(f, ask->at, question_hash(ask->query));
	if (ask->now - s->second >= NSEC_PER_SEC) {
		s->second = ask->now;
		s->count = 0;
	}
	if (++s->count > (unsigned)f->number)
		out->silent = true;
}

static void
broken_records(struct dns_reply *r, long kind)
{
	static const unsigned char	octets[4] = { 192, 0, 2, 1 };
	uint16_t			type = r->query->type;

	if (kind != DNS_BROKEN_SHORT_RDATA && kind != DNS_BROKEN_OTHER_TYPE)
		return;
	only_soa(r, DNS_NOERROR, false);
	own_record(r, DNS_ANSWER, r->query->name,
	    kind == DNS_BROKEN_OTHER_TYPE ? DNS_A : type, octets,
	    type == DNS_A ? 3 : 4);
}

static void
change_outcome(const struct dns_fault *f, struct dns_outcome *out)
{
	switch (f->action) {
	case DNS_SILENT:
		out->silent = true;
		break;
	case DNS_REFUSE_PORT:
	case DNS_ICMP:
		out->icmp = true;
		out->icmp_type = f->icmp_type;
		out->icmp_code = f->icmp_code;
		out->sender = f->addr;
		break;
	case DNS_DELAY:
		out->delay += f->number * NSEC_PER_MSEC;
		break;
	case DNS_WRONG_SOURCE:
		out->source = f->addr;
		break;
	case DNS_CLOSE:
		out->close = true;
		break;
	case DNS_HALF:
		out->half = true;
		break;
	case DNS_TWICE:
		out->twice = true;
		break;
	case DNS_DRIP:
		out->drip = true;
		break;
	default:
		break;
	}
}

static void
change_reply(struct dns_fault *f, const struct dns_ask *ask,
    struct dns_reply *r, struct dns_outcome *out)
{
	switch (f->action) {
	case DNS_RCODE:
		if (f->number == DNS_NXDOMAIN)
			only_soa(r, DNS_NXDOMAIN, true);
		else
			plain_rcode(r, (int)f->number);
		break;
	case DNS_NODATA:
		only_soa(r, DNS_NOERROR, true);
		break;
	case DNS_NO_SOA:
		only_soa(r, DNS_NOERROR, false);
		break;
	case DNS_EMPTY:
		plain_rcode(r, DNS_NOERROR);
		break;
	case DNS_NO_AA:
		r->aa = false;
		break;
	case DNS_RA:
		r->ra = true;
		break;
	case DNS_LAME:
		plain_rcode(r, DNS_REFUSED);
		break;
	case DNS_UPWARD:
		upward(r);
		break;
	case DNS_TRUNCATE:
		if (!ask->tcp) {
			dns_reply_clear(r);
			r->tc = true;
		}
		break;
	case DNS_NO_QUESTION:
		plain_rcode(r, DNS_FORMERR);
		r->no_question = true;
		break;
	case DNS_BROKEN:
		broken_records(r, f->number);
		break;
	case DNS_HUGE:
		huge(r, f->number);
		break;
	case DNS_MANY_NS:
		many_ns(r, f->number);
		break;
	case DNS_RATE:
		rate(f, ask, out);
		break;
	case DNS_PICK:
		pick(r, f->number, seen(f, ask->at,
		    question_hash(ask->query))->count++);
		break;
	default:
		change_outcome(f, out);
		break;
	}
}

static size_t
question_end(const struct dns_reply *r)
{
	return (12 + name_len(r->query->name) + 4);
}

/* Header and question, then these bytes; one answer is promised. */
static void
after_question(const struct dns_reply *r, struct buf *b, const void *tail,
    size_t len)
{
	b->len = question_end(r);
	buf_add(b, tail, len);
	memcpy(b->data + 6, "\0\1\0\0\0\0", 6);
}

static void
garbage(struct buf *b)
{
	size_t	i;

	b->len = 2;
	for (i = 0; i < 61; i++)
		buf_addc(b, (char)(0x80 | (i * 37 % 128)));
}

static void
break_bytes(const struct dns_fault *f, const struct dns_reply *r,
    struct buf *b)
{
	unsigned char	loop[12] = { 0 };
	unsigned	at = 0xc000u | (unsigned)question_end(r);

	loop[0] = (unsigned char)(at >> 8);
	loop[1] = (unsigned char)at;
	loop[3] = (unsigned char)r->query->type;
	loop[5] = 1;
	switch (f->number) {
	case DNS_BROKEN_LOOP:
		after_question(r, b, loop, sizeof loop);
		break;
	case DNS_BROKEN_RDLENGTH:
		after_question(r, b, "\xc0\x0c\0\1\0\1\0\0\0\1\3\xe8\1\2", 14);
		break;
	case DNS_BROKEN_LABEL:
		after_question(r, b, "\x83xyz\0\0\1\0\1\0\0\0\1\0\0", 15);
		break;
	case DNS_BROKEN_COUNT:
		after_question(r, b, "", 0);
		b->data[7] = 9;
		break;
	case DNS_BROKEN_GARBAGE:
		garbage(b);
		break;
	case DNS_BROKEN_NOTHING:
		b->len = 0;
		break;
	case DNS_BROKEN_CUT:
		b->len -= (b->len - 12) / 2;
		break;
	case DNS_BROKEN_TRAILING:
		buf_add(b, "fourteen bytes", 14);
		break;
	default:
		break;
	}
}

static void
change_bytes(const struct dns_fault *f, const struct dns_reply *r,
    struct buf *b)
{
	if (f->action == DNS_BROKEN)
		break_bytes(f, r, b);
	else if (f->action == DNS_WRONG_ID)
		b->data[0] ^= 0x55;
	else if (f->action == DNS_WRONG_QUESTION && r->query->name[0] != 0)
		b->data[13] = b->data[13] == 'z' ? 'y' : 'z';
}

void
dns_fault_apply(struct dns_faults *faults, const struct dns_ask *ask,
    struct dns_outcome *out)
{
	struct dns_reply	*r = &out->reply;
	struct dns_fault	*f, *bytes = NULL;
	size_t			 i;

	for (i = 0; i < faults->n; i++) {
		f = &faults->list[i];
		if (!matches(f, ask, r))
			continue;
		change_reply(f, ask, r, out);
		if (f->action == DNS_BROKEN || f->action == DNS_WRONG_ID ||
		    f->action == DNS_WRONG_QUESTION)
			bytes = f;
	}
	dns_reply_write(r, dns_reply_limit(ask->query, ask->tcp), &out->wire);
	if (bytes != NULL)
		change_bytes(bytes, r, &out->wire);
	out->unusable = bytes != NULL || out->source.family != 0 ||
	    out->close || out->half || out->drip || r->no_question;
}

void
dns_outcome_init(struct dns_outcome *out)
{
	memset(out, 0, sizeof *out);
	buf_init(&out->wire, 0);
}

void
dns_outcome_free(struct dns_outcome *out)
{
	dns_reply_free(&out->reply);
	buf_free(&out->wire);
}

void
dns_faults_reset(struct dns_faults *faults)
{
	size_t	i;

	for (i = 0; i < faults->n; i++) {
		free(faults->list[i].seen);
		faults->list[i].seen = NULL;
		faults->list[i].nseen = 0;
	}
}

void
dns_faults_free(struct dns_faults *faults)
{
	size_t	i;

	dns_faults_reset(faults);
	for (i = 0; i < faults->n; i++) {
		free(faults->list[i].who);
		free(faults->list[i].name);
	}
	free(faults->list);
	faults->list = NULL;
	faults->n = 0;
}
