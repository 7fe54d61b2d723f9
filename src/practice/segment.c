/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP segments of the practice link (RFC 9293 3.1): the header with its
 * options taken apart, every length checked, and made anew.
 */
#include <string.h>

#include "practice/segment.h"

static size_t
mss_option(const unsigned char *o, size_t n)
{
	size_t	i, len;

	for (i = 0; i < n && o[i] != 0; i += len) {
		len = o[i] == 1 ? 1 : i + 1 < n ? o[i + 1] : 0;
		if (len == 0 || (o[i] != 1 && len < 2) || i + len > n)
			break;
		if (o[i] == 2 && len == 4)
			return (wire_get16(o + i + 2));
	}
	return (536);
}

int
segment_parse(struct segment *s, const struct wire_packet *p)
{
	const unsigned char	*b = p->data;
	size_t			 head;

	if (p->len < 20 || (head = (b[12] >> 4) * 4u) < 20 || head > p->len)
		return (-1);
	s->seq = wire_get32(b + 4);
	s->ack = wire_get32(b + 8);
	s->flags = b[13];
	s->window = wire_get16(b + 14);
	s->data = b + head;
	s->len = p->len - head;
	s->mss = mss_option(b + 20, head - 20);
	return (0);
}

void
segment_emit(struct wire *wi, const struct stream *t, unsigned flags, uint32_t seq,
    const void *data, size_t len)
{
	unsigned char	d[24 + WIRE_MTU] = { 0 };
	size_t		head = (flags & SYN) != 0 ? 24 : 20;

	wire_put16(d, t->server.port);
	wire_put16(d + 2, t->client.port);
	wire_put32(d + 4, seq);
	wire_put32(d + 8, (flags & ACK) != 0 ? t->rcv : 0);
	d[12] = (unsigned char)(head / 4 << 4);
	d[13] = (unsigned char)flags;
	wire_put16(d + 14, WINDOW);
	if (head == 24) {
		wire_put16(d + 20, 0x0204);
		wire_put16(d + 22, t->client.addr.family == 4 ?
		    WIRE_MTU - 40 : WIRE_MTU - 60);
	}
	if (len > 0)
		memcpy(d + head, data, len);
	wire_send(wi, &t->server.addr, &t->client.addr, WIRE_TCP, d,
	    head + len, 16);
}
