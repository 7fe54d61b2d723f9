/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IP headers of the practice link (RFC 791, RFC 8200): taken apart with every
 * length checked, and made, in fragments where the link is too narrow. No
 * options and no extension headers are understood; such packets are dropped.
 */
#include <string.h>

#include "practice/wire_inside.h"

#define TTL 64

static uint32_t
add_sum(uint32_t sum, const unsigned char *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += wire_get16(p);
	if (len == 1)
		sum += (uint32_t)p[0] << 8;
	return ((sum & 0xffff) + (sum >> 16));
}

static unsigned
fold(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (~sum & 0xffff);
}

/* RFC 1071 over the pseudo header, if there is one, and the data. */
static unsigned
checksum(const struct addr *from, const struct addr *to, int proto,
    const unsigned char *data, size_t len)
{
	size_t		n = from->family == 4 ? 4 : 16;
	uint32_t	sum = 0;

	if (proto != WIRE_ICMP) {
		sum = add_sum(0, from->b, n);
		sum = add_sum(sum, to->b, n);
		sum += (uint32_t)proto + (uint32_t)len;
	}
	return (fold(add_sum(sum, data, len)));
}

static bool
sum_good(const struct wire_packet *p)
{
	if (p->proto == WIRE_UDP && p->from.family == 4 && p->len >= 8 &&
	    wire_get16(p->data + 6) == 0)
		return (true);
	return (checksum(&p->from, &p->to, p->proto, p->data, p->len) == 0);
}

static int
parse4(struct wire_packet *p, const unsigned char *b, size_t len)
{
	size_t	head, total;

	if (len < 20 || (head = (b[0] & 15u) * 4) < 20 || len < head ||
	    (total = wire_get16(b + 2)) < head || total > len ||
	    (wire_get16(b + 6) & 0x3fff) != 0 ||
	    fold(add_sum(0, b, head)) != 0)
		return (-1);
	addr_from_bytes(&p->from, b + 12, 4);
	addr_from_bytes(&p->to, b + 16, 4);
	p->proto = b[9];
	p->data = b + head;
	p->len = total - head;
	return (0);
}

static int
parse6(struct wire_packet *p, const unsigned char *b, size_t len)
{
	if (len < 40 || wire_get16(b + 4) > len - 40)
		return (-1);
	addr_from_bytes(&p->from, b + 8, 16);
	addr_from_bytes(&p->to, b + 24, 16);
	p->proto = b[6];
	p->data = b + 40;
	p->len = wire_get16(b + 4);
	return (0);
}

int
wire_parse(struct wire_packet *p, const void *data, size_t len, bool sums)
{
	const unsigned char	*b = data;
	int			 rc = -1;

	memset(p, 0, sizeof *p);
	if (len > 0 && b[0] >> 4 == 4)
		rc = parse4(p, b, len);
	else if (len > 0 && b[0] >> 4 == 6)
		rc = parse6(p, b, len);
	if (rc == 0 && p->proto != WIRE_TCP && p->proto != WIRE_UDP &&
	    p->proto != (p->from.family == 4 ? WIRE_ICMP : WIRE_ICMP6))
		return (-1);
	return (rc == 0 && sums && !sum_good(p) ? -1 : rc);
}

size_t
wire_header(unsigned char out[40], const struct addr *from,
    const struct addr *to, int proto, size_t len, unsigned id)
{
	memset(out, 0, 40);
	if (from->family == 6) {
		out[0] = 0x60;
		wire_put16(out + 4, (unsigned)len);
		out[6] = (unsigned char)proto;
		out[7] = TTL;
		memcpy(out + 8, from->b, 16);
		memcpy(out + 24, to->b, 16);
		return (40);
	}
	out[0] = 0x45;
	wire_put16(out + 2, (unsigned)len + 20);
	wire_put16(out + 4, id);
	out[8] = TTL;
	out[9] = (unsigned char)proto;
	memcpy(out + 12, from->b, 4);
	memcpy(out + 16, to->b, 4);
	wire_put16(out + 10, fold(add_sum(0, out, 20)));
	return (20);
}

/* One of several parts; offset counts bytes, more follow or not. */
static void
fragment(struct wire *wi, const struct wire_packet *p, size_t offset,
    size_t n, bool more)
{
	unsigned char	packet[WIRE_MTU + 8];
	size_t		head;

	if (p->from.family == 6) {
		head = wire_header(packet, &p->from, &p->to, 44, n + 8, 0);
		memset(packet + head, 0, 8);
		packet[head] = (unsigned char)p->proto;
		wire_put16(packet + head + 2, (unsigned)offset | more);
		wire_put16(packet + head + 6, wi->id);
		head += 8;
	} else {
		head = wire_header(packet, &p->from, &p->to, p->proto, n,
		    wi->id);
		wire_put16(packet + 6, (unsigned)(offset / 8) |
		    (more ? 0x2000u : 0));
		wire_put16(packet + 10, 0);
		wire_put16(packet + 10, fold(add_sum(0, packet, head)));
	}
	memcpy(packet + head, p->data + offset, n);
	wi->out(wi->ctx, packet, head + n);
}

void
wire_send(struct wire *wi, const struct addr *from, const struct addr *to,
    int proto, unsigned char *data, size_t len, size_t sum_at)
{
	struct wire_packet	p = { *from, *to, proto, data, len };
	unsigned char		packet[WIRE_MTU];
	size_t			head = from->family == 4 ? 20 : 40, at, n;
	unsigned		sum;

	wire_put16(data + sum_at, 0);
	sum = checksum(from, to, proto, data, len);
	wire_put16(data + sum_at, sum == 0 && proto == WIRE_UDP ? 0xffff :
	    sum);
	wi->id++;
	if (head + len <= sizeof packet) {
		wire_header(packet, from, to, proto, len, wi->id);
		memcpy(packet + head, data, len);
		wi->out(wi->ctx, packet, head + len);
		return;
	}
	for (at = 0; at < len; at += n) {
		n = (WIRE_MTU - head - 8) & ~(size_t)7;
		if (n > len - at)
			n = len - at;
		fragment(wi, &p, at, n, at + n < len);
	}
}
