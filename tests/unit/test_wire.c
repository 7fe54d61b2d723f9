/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The practice link as bytes: IP packets of a client made by hand go in, the
 * packets that come out are read by hand too, checksums by an own sum.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "peer_kit.h"
#include "practice/wire.h"

#define MS	NSEC_PER_MSEC
#define US4	"198.51.100.10"
#define US6	"2001:db8:ffff::10"
#define WEB4	"192.0.2.80"
#define WEB6	"2001:db8:3::80"
#define GET	"GET / HTTP/1.0\r\nHost: www.example.jp\r\n\r\n"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

struct got {
	unsigned char	bytes[2048];
	size_t		len;
};

struct net {
	struct scenario	*s;
	struct world	*w;
	struct wire	*wire;
	struct got	*got;
	size_t		 n, next;
};

/* A TCP packet or anything else, taken apart. */
struct seen {
	struct addr		 from, to;
	int			 proto;
	const unsigned char	*p;
	size_t			 len;
	unsigned		 flags, window;
	uint32_t		 seq, ack;
	const unsigned char	*data;
	size_t			 n;
};

static unsigned
get16(const unsigned char *p)
{
	return ((unsigned)p[0] << 8 | p[1]);
}

static uint32_t
get32(const unsigned char *p)
{
	return ((uint32_t)get16(p) << 16 | get16(p + 2));
}

static void
put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static void
put32(unsigned char *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint64_t
add(uint64_t sum, const unsigned char *p, size_t len)
{
	size_t	i;

	for (i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint64_t)p[i] << 8 : p[i];
	return (sum);
}

static unsigned
ones(uint64_t sum)
{
	while (sum > 0xffff)
		sum = sum % 0x10000 + sum / 0x10000;
	return ((unsigned)sum);
}

/* What RFC 1071 wants to be 0xffff over a good packet. */
static unsigned
sum_over(const struct addr *from, const struct addr *to, int proto,
    const unsigned char *p, size_t len)
{
	size_t		n = from->family == 4 ? 4 : 16;
	uint64_t	sum = 0;

	if (proto != 1)
		sum = add(add((uint64_t)proto + len, from->b, n), to->b, n);
	return (ones(add(sum, p, len)));
}

static void
keep(void *ctx, const void *packet, size_t len)
{
	struct net	*t = ctx;

	assert_true(len > 0 && len <= WIRE_MTU);
	t->got = xreallocarray(t->got, t->n + 1, sizeof *t->got);
	memcpy(t->got[t->n].bytes, packet, len);
	t->got[t->n++].len = len;
}

static struct net
net_with(const char *more)
{
	struct net	t = { NULL, NULL, NULL, NULL, 0, 0 };

	t.s = peer_scenario(peer_sound, more);
	t.w = peer_world(t.s);
	return (t);
}

/* The wire keeps a pointer to t: begin once it stands still. */
static void
begin(struct net *t)
{
	t->wire = wire_new(t->w, true, keep, t);
}

static void
net_free(struct net *t)
{
	wire_free(t->wire);
	world_free(t->w);
	scenario_free(t->s);
	free(t->got);
}

static void
run(struct net *t, int64_t ns)
{
	wire_run(t->wire, t->w->ops->now(t->w) + ns);
}

static struct addr
addr(const char *text)
{
	struct addr	a;

	assert_int_equal(addr_parse(&a, text), 0);
	return (a);
}

/* An IP packet of ours; sum_at: where the inner checksum belongs. */
static size_t
packet(unsigned char *out, const char *from, const char *to, int proto,
    unsigned char *p, size_t len, size_t sum_at)
{
	struct addr	f = addr(from), d = addr(to);
	size_t		head = f.family == 4 ? 20 : 40;

	put16(p + sum_at, 0);
	put16(p + sum_at, 0xffff - sum_over(&f, &d, proto, p, len));
	memset(out, 0, head);
	if (f.family == 4) {
		out[0] = 0x45;
		put16(out + 2, (unsigned)(head + len));
		out[8] = 64;
		out[9] = (unsigned char)proto;
		memcpy(out + 12, f.b, 4);
		memcpy(out + 16, d.b, 4);
		put16(out + 10, 0xffff - ones(add(0, out, 20)));
	} else {
		out[0] = 0x60;
		put16(out + 4, (unsigned)len);
		out[6] = (unsigned char)proto;
		out[7] = 64;
		memcpy(out + 8, f.b, 16);
		memcpy(out + 24, d.b, 16);
	}
	memcpy(out + head, p, len);
	return (head + len);
}

static void
udp(struct net *t, const char *from, const char *to, unsigned port,
    const void *data, size_t len)
{
	unsigned char	p[1400] = { 0 }, out[1500];

	put16(p, 40000);
	put16(p + 2, port);
	put16(p + 4, (unsigned)len + 8);
	if (len > 0)
		memcpy(p + 8, data, len);
	wire_input(t->wire, out, packet(out, from, to, 17, p, len + 8, 6));
}

struct client {
	struct net	*t;
	const char	*from, *to;
	unsigned	 port, window, mss;
	uint32_t	 seq, ack;
};

static size_t
segment(const struct client *c, unsigned char out[1500], unsigned flags,
    uint32_t seq, const char *data)
{
	unsigned char	p[1400] = { 0 };
	size_t		head = (flags & SYN) != 0 ? 24 : 20, n = strlen(data);

	put16(p, 50000);
	put16(p + 2, c->port);
	put32(p + 4, seq);
	put32(p + 8, (flags & ACK) != 0 ? c->ack : 0);
	p[12] = (unsigned char)(head * 4);
	p[13] = (unsigned char)flags;
	put16(p + 14, c->window);
	if (head == 24) {
		put16(p + 20, 0x0204);
		put16(p + 22, c->mss);
	}
	memcpy(p + head, data, n);
	return (packet(out, c->from, c->to, 6, p, head + n, 16));
}

static void
tcp(struct client *c, unsigned flags, uint32_t seq, const char *data)
{
	unsigned char	out[1500];

	wire_input(c->t->wire, out, segment(c, out, flags, seq, data));
}

/* The next packet that came out, its sums proven; false: none. */
static bool
next(struct net *t, struct seen *s)
{
	const unsigned char	*b;
	size_t			 head;

	memset(s, 0, sizeof *s);
	if (t->next == t->n)
		return (false);
	b = t->got[t->next].bytes;
	head = b[0] >> 4 == 4 ? 20 : 40;
	addr_from_bytes(&s->from, b + (head == 20 ? 12 : 8),
	    head == 20 ? 4 : 16);
	addr_from_bytes(&s->to, b + (head == 20 ? 16 : 24),
	    head == 20 ? 4 : 16);
	s->proto = b[head == 20 ? 9 : 6];
	s->p = b + head;
	s->len = t->got[t->next++].len - head;
	assert_int_equal(head == 20 ? get16(b + 2) - 20 : get16(b + 4),
	    s->len);
	if (head == 20)
		assert_int_equal(ones(add(0, b, 20)), 0xffff);
	if (s->proto != 44 && (head == 40 || (get16(b + 6) & 0x3fff) == 0))
		assert_int_equal(sum_over(&s->from, &s->to, s->proto, s->p,
		    s->len), 0xffff);
	if (s->proto == 6) {
		s->seq = get32(s->p + 4);
		s->ack = get32(s->p + 8);
		s->flags = s->p[13];
		s->window = get16(s->p + 14);
		s->data = s->p + (s->p[12] >> 4) * 4;
		s->n = s->len - (s->p[12] >> 4) * 4u;
	}
	return (true);
}

/* All data that comes within ns, acknowledged; the last flags. */
static unsigned
collect(struct client *c, struct buf *b, int64_t ns)
{
	struct seen	s;
	unsigned	flags = 0;
	int64_t		end = c->t->w->ops->now(c->t->w) + ns;

	while (c->t->w->ops->now(c->t->w) < end) {
		run(c->t, 10 * MS);
		while (next(c->t, &s)) {
			flags |= s.flags;
			if ((s.flags & RST) != 0)
				return (flags);
			if (s.seq != c->ack || (s.n == 0 &&
			    (s.flags & FIN) == 0))
				continue;
			buf_add(b, s.data, s.n);
			c->ack += (uint32_t)s.n + ((s.flags & FIN) != 0);
			tcp(c, ACK, c->seq, "");
		}
	}
	return (flags);
}

/* Three-way handshake; false if the answer to the SYN was none. */
static bool
open_as(struct client *c, struct net *t, const char *from, const char *to,
    unsigned port)
{
	struct seen	s;

	memset(c, 0, sizeof *c);
	c->t = t;
	c->from = from;
	c->to = to;
	c->port = port;
	c->window = 65535;
	c->mss = 1400;
	c->seq = 0xfffffff0;		/* numbers wrap on the way */
	tcp(c, SYN, c->seq++, "");
	run(t, 100 * MS);
	if (!next(t, &s))
		return (false);
	assert_int_equal(s.proto, 6);
	assert_int_equal(s.flags, SYN | ACK);
	assert_int_equal(s.ack, c->seq);
	assert_int_equal(get16(s.p + 20), 0x0204);
	assert_int_equal(get16(s.p + 22), s.from.family == 4 ? 1460 : 1440);
	c->ack = s.seq + 1;
	tcp(c, ACK, c->seq, "");
	return (true);
}

static void
say(struct client *c, const char *data)
{
	tcp(c, ACK | PSH, c->seq, data);
	c->seq += (uint32_t)strlen(data);
}

static void
test_udp(void **state)
{
	static const unsigned char	ask[] = "\x12\x34\x01\0\0\x01\0\0\0\0\0"
		"\0\x07" "example\x02jp\0\0\x06\0\x01";
	struct net			t = net_with(NULL);
	struct seen			s;

	(void)state;
	begin(&t);
	udp(&t, US4, "192.0.2.53", 53, ask, sizeof ask - 1);
	run(&t, 100 * MS);
	assert_true(next(&t, &s));
	assert_int_equal(s.proto, 17);
	assert_int_equal(get16(s.p), 53);
	assert_int_equal(get16(s.p + 2), 40000);
	assert_int_equal(get16(s.p + 8), 0x1234);
	assert_int_equal(s.p[10] & 0x80, 0x80);
	udp(&t, US6, "2001:db8:3::53", 53, ask, sizeof ask - 1);
	run(&t, 100 * MS);
	assert_true(next(&t, &s));
	assert_int_equal(s.from.family, 6);
	assert_int_equal(get16(s.p + 8), 0x1234);
	assert_false(next(&t, &s));
	net_free(&t);
}

/* Faults become the packets they stand for. */
static const struct {
	const char	*fault, *from, *to;
	int		 type, code;	/* -1: silence */
	const char	*sender;
} errors[] = {
	{ "host 203.0.113.9", US4, "203.0.113.9", 3, 3, "203.0.113.9" },
	{ "host 2001:db8:9::9", US6, "2001:db8:9::9", 1, 4, "2001:db8:9::9" },
	{ "", US4, "203.0.113.99", -1, 0, NULL },
	{ "fault net " WEB4 " icmp 3/13 203.0.113.1", US4, WEB4, 3, 13,
	    "203.0.113.1" },
	{ "fault net " WEB6 " icmp 1/1 2001:db8:1::99", US6, WEB6, 1, 1,
	    "2001:db8:1::99" },
	{ "fault net " WEB6 " icmp 1/6", US6, WEB6, 1, 6, WEB6 },
	{ "fault net " WEB4 " silent", US4, WEB4, -1, 0, NULL },
};

static void
check_error(struct net *t, const struct seen *s, size_t i, int proto,
    unsigned port)
{
	const unsigned char	*q = s->p + 8;
	struct addr		 sender = addr(errors[i].sender);
	size_t			 head = s->from.family == 4 ? 20 : 40;

	(void)t;
	assert_int_equal(s->proto, s->from.family == 4 ? 1 : 58);
	assert_int_equal(s->p[0], errors[i].type);
	assert_int_equal(s->p[1], errors[i].code);
	assert_true(addr_equal(&s->from, &sender));
	assert_int_equal(q[head == 20 ? 9 : 6], proto);
	assert_int_equal(get16(q + head + 2), port);
}

static void
test_errors(void **state)
{
	struct client	c;
	struct seen	s;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof errors / sizeof *errors; i++) {
		struct net	t = net_with(errors[i].fault);

		begin(&t);
		udp(&t, errors[i].from, errors[i].to, 9999, "x", 1);
		run(&t, 200 * MS);
		assert_int_equal(next(&t, &s), errors[i].type != -1);
		if (errors[i].type != -1)
			check_error(&t, &s, i, 17, 9999);
		if (strncmp(errors[i].fault, "host", 4) == 0) {
			net_free(&t);
			continue;
		}
		c = (struct client){ &t, errors[i].from, errors[i].to, 80,
			1000, 1400, 77, 0 };
		tcp(&c, SYN, 77, "");
		run(&t, 200 * MS);
		assert_int_equal(next(&t, &s), errors[i].type != -1);
		if (errors[i].type != -1) {
			check_error(&t, &s, i, 6, 80);
			tcp(&c, SYN, 77, "");	/* again: told again */
			assert_true(next(&t, &s));
			check_error(&t, &s, i, 6, 80);
		}
		net_free(&t);
	}
}

static void
test_refused(void **state)
{
	struct net	t = net_with("host 203.0.113.9");
	struct client	c = { &t, US4, "203.0.113.9", 80, 1000, 1400, 77, 5 };
	struct seen	s;

	(void)state;
	begin(&t);
	tcp(&c, SYN, 77, "");
	run(&t, 100 * MS);
	assert_true(next(&t, &s));
	assert_int_equal(s.flags, RST | ACK);
	assert_int_equal(s.ack, 78);
	tcp(&c, ACK, 78, "hello");	/* of no connection */
	assert_true(next(&t, &s));
	assert_int_equal(s.flags, RST);
	assert_int_equal(s.seq, 5);
	tcp(&c, RST, 78, "");
	assert_false(next(&t, &s));
	net_free(&t);
}

static void
test_page(void **state)
{
	static const char *const	to[2][2] = { { US4, WEB4 }, { US6, WEB6 } };
	struct client			c;
	struct buf			b;
	struct seen			s;
	int				i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct net	t = net_with(NULL);

		begin(&t);
		buf_init(&b, 0);
		assert_true(open_as(&c, &t, to[i][0], to[i][1], 80));
		say(&c, GET);
		assert_int_equal(collect(&c, &b, 500 * MS) & FIN, FIN);
		assert_non_null(strstr(buf_str(&b), "HTTP/1.1 200 OK"));
		tcp(&c, FIN | ACK, c.seq, "");
		assert_true(next(&t, &s));
		assert_int_equal(s.ack, c.seq + 1);
		tcp(&c, ACK, c.seq + 1, "");	/* it has forgotten */
		assert_true(next(&t, &s));
		assert_int_equal(s.flags, RST);
		buf_free(&b);
		net_free(&t);
	}
}

/* What is out of order, old, or overlaps counts once and in order. */
static void
test_order(void **state)
{
	struct net	t = net_with(NULL);
	struct client	c;
	struct buf	b;
	struct seen	s;
	uint32_t	seq;

	(void)state;
	begin(&t);
	buf_init(&b, 0);
	assert_true(open_as(&c, &t, US4, WEB4, 80));
	seq = c.seq;
	tcp(&c, ACK, seq + 4, "/ HTTP/1.0\r\n");
	assert_true(next(&t, &s));
	assert_int_equal(s.ack, seq);		/* asked for again */
	tcp(&c, ACK, seq, "GET ");
	tcp(&c, ACK, seq, "GET ");
	tcp(&c, ACK, seq + 2, "T / HTTP/1.0\r\nHo");
	tcp(&c, ACK, seq + 16, "Host: www.example.jp\r\n\r\n");
	tcp(&c, SYN, seq - 1, "");		/* answered, not believed */
	tcp(&c, ACK, seq - 1, "");		/* keep-alive */
	c.seq = seq + (uint32_t)strlen(GET);
	collect(&c, &b, 500 * MS);
	assert_memory_equal(b.data, "HTTP/1.1 200 OK", 15);
	buf_free(&b);
	net_free(&t);
}

/* Not acknowledged: sent again; and again after longer. */
static void
test_again(void **state)
{
	struct net	t = net_with(NULL);
	struct client	c;
	struct seen	s, first;
	int		times = 0;

	(void)state;
	begin(&t);
	assert_true(open_as(&c, &t, US4, "192.0.2.25", 25));
	run(&t, 100 * MS);
	assert_true(next(&t, &first));
	assert_memory_equal(first.data, "220 ", 4);
	run(&t, 5 * NSEC_PER_SEC);
	while (next(&t, &s)) {
		assert_int_equal(s.seq, first.seq);
		assert_int_equal(s.n, first.n);
		times++;
	}
	assert_in_range(times, 3, 6);
	tcp(&c, ACK, c.seq, "");		/* of the handshake only */
	c.ack = first.seq + (uint32_t)first.n;
	tcp(&c, ACK, c.seq, "");
	run(&t, 10 * NSEC_PER_SEC);
	assert_false(next(&t, &s));
	c.ack += 100;				/* never sent */
	tcp(&c, ACK, c.seq, "");
	assert_true(next(&t, &s));
	assert_int_equal(s.n, 0);
	net_free(&t);
}

/* A SYN-ACK that is lost, and a client that never answers it. */
static void
test_half_open(void **state)
{
	struct net	t = net_with(NULL);
	struct client	c = { &t, US4, WEB4, 80, 1000, 1400, 77, 0 };
	struct seen	s;
	uint32_t	iss;

	(void)state;
	begin(&t);
	tcp(&c, SYN, 77, "");
	run(&t, 1 * NSEC_PER_SEC);
	assert_true(next(&t, &s));
	iss = s.seq;
	assert_true(next(&t, &s));
	assert_int_equal(s.flags, SYN | ACK);
	assert_int_equal(s.seq, iss);
	run(&t, 60 * NSEC_PER_SEC);
	while (next(&t, &s))
		if ((s.flags & RST) != 0)
			break;
	assert_int_equal(s.flags & RST, RST);
	assert_false(next(&t, &s));
	net_free(&t);
}

/* A small window, and one that closes. */
static void
test_window(void **state)
{
	struct net	t = net_with("web big.example.jp 192.0.2.99 http body "
			    "\"0123456789012345678901234567890123456789\"");
	struct client	c;
	struct seen	s;
	struct buf	b;

	(void)state;
	begin(&t);
	buf_init(&b, 0);
	assert_true(open_as(&c, &t, US4, "192.0.2.99", 80));
	c.window = 10;
	say(&c, "GET / HTTP/1.0\r\nHost: big.example.jp\r\n\r\n");
	run(&t, 100 * MS);
	assert_true(next(&t, &s));		/* of the request */
	assert_true(next(&t, &s));
	assert_int_equal(s.n, 10);
	assert_false(next(&t, &s));
	c.ack += 10;
	c.window = 0;
	tcp(&c, ACK, c.seq, "");
	run(&t, 1000 * MS);
	assert_true(next(&t, &s));		/* the probe */
	do				/* for which there was no room */
		assert_int_equal(s.n, 1);
	while (next(&t, &s));
	c.window = 65535;
	tcp(&c, ACK, c.seq, "");
	assert_int_equal(collect(&c, &b, 150 * MS) & FIN, FIN);
	assert_non_null(strstr(buf_str(&b), "0123456789"));
	buf_free(&b);
	net_free(&t);
}

/* The client leaves: at once, or by a half-close that is still answered. */
static void
test_leave(void **state)
{
	struct net	t = net_with(NULL);
	struct client	c;
	struct buf	b;

	(void)state;
	begin(&t);
	buf_init(&b, 0);
	assert_true(open_as(&c, &t, US4, WEB4, 80));
	tcp(&c, FIN | ACK | PSH, c.seq, GET);
	c.seq += (uint32_t)strlen(GET) + 1;
	assert_int_equal(collect(&c, &b, 3000 * MS) & FIN, FIN);
	assert_non_null(strstr(buf_str(&b), "HTTP/1.1 200 OK"));
	buf_free(&b);
	buf_init(&b, 0);
	assert_true(open_as(&c, &t, US6, "2001:db8:3::25", 25));
	tcp(&c, FIN | ACK, c.seq++, "");
	assert_int_equal(collect(&c, &b, 3000 * MS) & FIN, FIN);
	assert_memory_equal(b.data, "220 ", 4);
	buf_free(&b);
	assert_true(open_as(&c, &t, US4, "192.0.2.25", 25));
	run(&t, 100 * MS);
	tcp(&c, RST, c.seq + 7, "");		/* in the window: RFC 5961 */
	tcp(&c, RST, c.seq, "");
	t.next = t.n;
	run(&t, 10 * NSEC_PER_SEC);
	assert_int_equal(t.next, t.n);
	net_free(&t);
}

static void
test_cut(void **state)
{
	struct net	t = net_with("fault tcp " WEB4 " reset-after 20");
	struct client	c;
	struct buf	b;

	(void)state;
	begin(&t);
	buf_init(&b, 0);
	assert_true(open_as(&c, &t, US4, WEB4, 80));
	say(&c, GET);
	assert_int_equal(collect(&c, &b, 500 * MS) & RST, RST);
	assert_int_equal(b.len, 20);
	buf_free(&b);
	net_free(&t);
}

/* Segments over 1220 bytes are lost unless the MSS is below. */
static void
test_clamp(void **state)
{
	static const struct {
		unsigned	 mss;
		bool		 comes;
	} rows[] = { { 1440, false }, { 1221, false }, { 1220, true },
		{ 536, true } };
	char		*body = xcalloc(1, 3001), *more;
	struct client	 c;
	struct buf	 b;
	struct seen	 s;
	size_t		 i;

	(void)state;
	memset(body, 'b', 3000);
	more = xasprintf("web big.example.jp 2001:db8:3::99 http body %s\n"
	    "fault tcp 2001:db8:3::99 lost-over 1220", body);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct net	t = net_with(more);

		begin(&t);
		buf_init(&b, 0);
		c = (struct client){ &t, US6, "2001:db8:3::99", 80, 65535,
			rows[i].mss, 78, 0 };
		tcp(&c, SYN, 77, "");
		run(&t, 100 * MS);
		assert_true(next(&t, &s));
		c.ack = s.seq + 1;
		say(&c, "GET / HTTP/1.0\r\nHost: big.example.jp\r\n\r\n");
		collect(&c, &b, 900 * MS);
		assert_int_equal(b.len > 3000, rows[i].comes);
		buf_free(&b);
		net_free(&t);
	}
	free(body);
	free(more);
}

/* Packets that belong nowhere, and a client that begins anew. */
static void
test_anew(void **state)
{
	struct net	t = net_with("fault tcp " WEB4 " attempt 1 silent");
	struct client	c = { &t, US4, WEB4, 80, 1000, 1400, 77, 0 };
	struct seen	s;

	(void)state;
	begin(&t);
	tcp(&c, SYN, 77, "");
	tcp(&c, SYN, 77, "");			/* the same attempt */
	run(&t, 1 * NSEC_PER_SEC);
	assert_false(next(&t, &s));
	tcp(&c, SYN, 9077, "");			/* the second */
	run(&t, 100 * MS);
	assert_true(next(&t, &s));
	assert_int_equal(s.flags, SYN | ACK);
	assert_int_equal(s.ack, 9078);
	c.ack = s.seq + 7;			/* of some other life */
	tcp(&c, ACK, 9078, "");
	assert_true(next(&t, &s));
	assert_int_equal(s.flags, RST);
	assert_int_equal(s.seq, c.ack);
	net_free(&t);
}

static void
test_ping(void **state)
{
	static const struct {
		const char	*from, *to, *fault;
		bool		 answered;
	} rows[] = {
		{ US4, WEB4, "", true }, { US6, WEB6, "", true },
		{ US4, "203.0.113.77", "", false },
		{ US6, WEB6, "fault net " WEB6 " silent", false },
		{ US6, WEB6, "fault tcp " WEB6 " silent", true },
		{ US6, WEB6, "fault net " WEB6 " icmp 1/1", false },
	};
	unsigned char	p[64], out[200];
	struct seen	s;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct net	t = net_with(rows[i].fault);
		bool		v4 = strchr(rows[i].from, '.') != NULL;

		begin(&t);
		memset(p, 'p', sizeof p);
		p[0] = v4 ? 8 : 128;
		p[1] = 0;
		wire_input(t.wire, out, packet(out, rows[i].from, rows[i].to,
		    v4 ? 1 : 58, p, sizeof p, 2));
		run(&t, 20 * MS);
		if (rows[i].answered)
			assert_false(next(&t, &s));	/* on its way */
		run(&t, 30 * MS);
		while (next(&t, &s) && s.p[0] == 1)
			;
		assert_int_equal(s.len == sizeof p && s.p[0] ==
		    (v4 ? 0 : 129), rows[i].answered);
		net_free(&t);
	}
}

/* Every kind of broken packet: dropped without a word. */
static void
test_hostile(void **state)
{
	struct net	t = net_with(NULL);
	struct client	c = { &t, US4, WEB4, 80, 1000, 1400, 77, 0 };
	unsigned char	good[1500], bad[1500];
	size_t		n = segment(&c, good, SYN, 77, ""), i, cut;
	static const struct {
		size_t		at;
		unsigned char	value;
	} changes[] = { { 0, 0x44 }, { 0, 0x4f }, { 0, 0x55 }, { 2, 0xff },
		{ 3, 10 }, { 6, 0x20 }, { 7, 1 }, { 9, 47 }, { 10, 1 },
		{ 20, 0xaa }, { 32, 0x40 }, { 36, 1 }, { 15, 99 } };

	(void)state;
	begin(&t);
	for (i = 0; i < sizeof changes / sizeof *changes; i++) {
		memcpy(bad, good, n);
		bad[changes[i].at] = changes[i].value;
		wire_input(t.wire, bad, n);
	}
	for (cut = 0; cut < n; cut++)
		wire_input(t.wire, good, cut);
	run(&t, 2 * NSEC_PER_SEC);
	assert_int_equal(t.n, 0);
	wire_input(t.wire, good, n);
	run(&t, 100 * MS);
	assert_int_equal(t.n, 1);
	net_free(&t);
}

/* A long answer comes in fragments that fit together. */
static void
test_fragments(void **state)
{
	static const unsigned char	ask[] = "\x12\x34\x01\0\0\x01\0\0\0\0\0"
		"\x01\x03" "big\x07" "example\x02jp\0\0\x10\0\x01"
		"\0\0\x29\x10\0\0\0\0\0\0\0";
	static const char *const	from[2][2] = { { US4, "192.0.2.53" },
		{ US6, "2001:db8:3::53" } };
	unsigned char			whole[8192];
	struct buf			more;
	struct got			*g;
	struct addr			src, dst;
	size_t				at, n, len, i, k;

	(void)state;
	buf_init(&more, 0);
	for (i = 0; i < 16; i++)
		buf_printf(&more, "record example.jp big TXT %zu-%0200d\n",
		    i, 0);
	for (k = 0; k < 2; k++) {
		struct net	t = net_with(buf_str(&more));

		begin(&t);
		udp(&t, from[k][0], from[k][1], 53, ask, sizeof ask - 1);
		run(&t, 100 * MS);
		assert_in_range(t.n, 3, 4);
		for (i = len = 0; i < t.n; i++) {
			g = &t.got[i];
			at = k == 0 ? (get16(g->bytes + 6) & 0x1fff) * 8u :
			    get16(g->bytes + 42) & 0xfff8;
			n = g->len - (k == 0 ? 20 : 48);
			assert_int_equal(at, len);
			assert_int_equal(i + 1 < t.n, k == 0 ?
			    (g->bytes[6] & 0x20) != 0 :
			    (g->bytes[43] & 1) != 0);
			memcpy(whole + at, g->bytes + g->len - n, n);
			len += n;
		}
		assert_int_equal(get16(whole + 4), len);
		src = addr(from[k][1]);
		dst = addr(from[k][0]);
		assert_int_equal(sum_over(&src, &dst, 17, whole, len),
		    0xffff);
		net_free(&t);
	}
	buf_free(&more);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_half_open),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_leave),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_clamp),
		cmocka_unit_test(test_anew),
		cmocka_unit_test(test_ping),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_fragments),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
