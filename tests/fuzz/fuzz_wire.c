/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The practice link: any packets, one behind the other, with right sums and
 * with wrong ones. What comes out is always an IP packet of its length. A
 * piece of input is: flags, two octets of length, the packet. Flag 1: mend
 * the sums; 2: put our address and a known one into it; 4: time goes on;
 * 8: put the last sequence numbers into it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "practice/scenario.h"
#include "practice/wire.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char	small[] =
	"root a.root 192.0.2.1 2001:db8::1\n"
	"zone example {\n"
	"@ A 192.0.2.2\n"
	"}\n"
	"delegate example a.root\n"
	"web example 192.0.2.2 2001:db8::2 http\n"
	"smtp mx.example 192.0.2.2 2001:db8::2\n"
	"fault tcp 192.0.2.2 attempt 2-3 reset-after 10\n"
	"fault net 2001:db8::2 port 443 icmp 1/1 2001:db8::3\n";

struct last {
	uint8_t	seq[4], ack[4];
};

static void
came(void *ctx, const void *packet, size_t len)
{
	const uint8_t	*p = packet;
	struct last	*last = ctx;
	size_t		 head = p[0] >> 4 == 4 ? 20 : 40;

	if (len < head || len > WIRE_MTU || (head == 20 ?
	    (size_t)(p[2] << 8 | p[3]) : 40u + (size_t)(p[4] << 8 | p[5])) !=
	    len)
		abort();
	if (p[head == 20 ? 9 : 6] == 6 && len >= head + 20) {
		memcpy(last->seq, p + head + 4, 4);
		memcpy(last->ack, p + head + 8, 4);
	}
}

static void
set_sum(uint8_t *at, const uint8_t *p, size_t len, uint32_t sum)
{
	size_t	i;

	at[0] = at[1] = 0;
	for (i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum;
	at[0] = (uint8_t)(sum >> 8);
	at[1] = (uint8_t)sum;
}

static void
mend(uint8_t *p, size_t n, uint8_t flags, const struct last *last)
{
	static const uint8_t	us4[] = { 198, 51, 100, 10 },
				web4[] = { 192, 0, 2, 2 },
				us6[] = { 0x20, 1, 0xd, 0xb8, 0xff, 0xff, 0,
				    0, 0, 0, 0, 0, 0, 0, 0, 0x10 },
				web6[] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0,
				    0, 0, 0, 0, 0, 0, 2 };
	bool			v4 = p[0] >> 4 == 4;
	size_t			head = v4 ? 20 : 40, i;
	uint32_t		sum = 0;
	uint8_t			proto;

	if (n < head + 8)
		return;
	if ((flags & 2) != 0) {
		memcpy(p + (v4 ? 12 : 8), v4 ? us4 : us6, v4 ? 4 : 16);
		memcpy(p + (v4 ? 16 : 24), v4 ? web4 : web6, v4 ? 4 : 16);
	}
	proto = p[v4 ? 9 : 6];
	if ((flags & 8) != 0 && proto == 6 && n >= head + 20) {
		memcpy(p + head + 4, last->ack, 4);
		memcpy(p + head + 8, last->seq, 4);
		p[head + 11]++;
	}
	if (v4) {
		p[0] = 0x45;
		p[2] = (uint8_t)(n >> 8);
		p[3] = (uint8_t)n;
		set_sum(p + 10, p, 20, 0);
	} else {
		p[4] = (uint8_t)((n - 40) >> 8);
		p[5] = (uint8_t)(n - 40);
	}
	for (i = v4 ? 12 : 8; proto != 1 && i < head; i++)
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	if (proto != 1)
		sum += proto + (uint32_t)(n - head);
	i = proto == 6 ? 16 : proto == 17 ? 6 : 2;
	if (n >= head + i + 2)
		set_sum(p + head + i, p + head, n - head, sum);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario	*s = scenario_new(1);
	struct last	 last = { { 0 }, { 0 } };
	struct world	*w;
	struct wire	*wire;
	uint8_t		*p;
	size_t		 n;

	if (scenario_add(s, small, NULL) != 0 ||
	    (w = scenario_world(s)) == NULL)
		abort();
	wire = wire_new(w, true, came, &last);
	while (size > 3) {
		n = (size_t)(data[1] << 8 | data[2]) % 2048;
		if (n > size - 3)
			n = size - 3;
		p = malloc(n + 1);
		memcpy(p, data + 3, n);
		if ((data[0] & 1) != 0 && n > 0)
			mend(p, n, data[0], &last);
		wire_input(wire, p, n);
		free(p);
		wire_run(wire, w->ops->now(w) + ((data[0] & 4) != 0 ?
		    NSEC_PER_SEC : NSEC_PER_MSEC * 50));
		data += 3 + n;
		size -= 3 + n;
	}
	wire_run(wire, w->ops->now(w) + 10 * NSEC_PER_SEC);
	wire_free(wire);
	world_free(w);
	scenario_free(s);
	return (0);
}
