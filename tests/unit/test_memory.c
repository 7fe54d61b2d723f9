/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory world by itself: time, datagrams, TCP, faults of the network. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "practice/world_memory.h"

#define MS NSEC_PER_MSEC

static struct sockname
at(const char *text, uint16_t port)
{
	struct sockname	s = { .port = port };

	assert_int_equal(addr_parse(&s.addr, text), 0);
	return (s);
}

static void
echo_datagram(void *ctx, struct world *w, const struct sockname *from,
    const struct sockname *to, const void *data, size_t len)
{
	(void)ctx;
	memory_reply(w, to, from, data, len, 0);
}

static void *
echo_accept(void *ctx, struct mem_conn *c)
{
	int	*open = ctx;

	++*open;
	mem_conn_send(c, "hello ", 6, 0);
	return (open);
}

static void
echo_data(void *ctx, struct mem_conn *c, const void *data, size_t len)
{
	const char	*p = data;

	(void)ctx;
	if (*p == 'R')
		mem_conn_reset(c, 0);
	else if (*p == 'Q') {
		mem_conn_send(c, "slow", 4, 500 * MS);
		mem_conn_send(c, "bye", 3, 0);
		mem_conn_close(c, 0);
	} else
		mem_conn_send(c, data, len, 0);
}

static void
echo_closed(void *ctx, struct mem_conn *c)
{
	(void)c;
	--*(int *)ctx;
}

static int	open_now;

static struct world *
echo_world(void)
{
	struct world	*w = memory_new(7, 1795478400);
	struct mem_peer	 peer = { &open_now, echo_datagram, echo_accept,
		echo_data, echo_closed };
	struct sockname	 s = at("192.0.2.1", 7);

	open_now = 0;
	memory_listen(w, &s, false, &peer);
	memory_listen(w, &s, true, &peer);
	s = at("2001:db8::1", 7);
	memory_listen(w, &s, true, &peer);
	return (w);
}

static unsigned
wait_for(struct world *w, int handle, unsigned want, int64_t ms)
{
	struct world_poll	p = { handle, want, 0 };

	(void)w->ops->wait(w, &p, 1, w->ops->now(w) + ms * MS);
	return (p.got);
}

static int64_t
since(struct world *w, int64_t start)
{
	return ((w->ops->now(w) - start) / MS);
}

static void
datagrams_take_a_round_trip(void **state)
{
	struct world	*w = echo_world();
	struct sockname	 to = at("192.0.2.1", 7), from, local;
	int64_t		 start = w->ops->now(w), wall = w->ops->wall(w);
	int		 h = w->ops->open(w, 4, false);
	char		 out[8];

	(void)state;
	assert_true(h >= 1 << 20);
	assert_int_equal(w->ops->send(w, h, "abc", 3, &to), 3);
	assert_int_equal(w->ops->recv(w, h, out, 8, &from), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(wait_for(w, h, WORLD_IN, 1000), WORLD_IN);
	assert_int_equal(since(w, start), 40);
	assert_int_equal(w->ops->wall(w) - wall, 40 * MS);
	assert_int_equal(w->ops->recv(w, h, out, 2, &from), 2);
	assert_int_equal(from.port, 7);
	assert_true(addr_equal(&from.addr, &to.addr));
	assert_int_equal(w->ops->local(w, h, &local), 0);
	assert_true(local.port >= 32768);
	assert_int_equal(wait_for(w, h, WORLD_IN, 1000), 0);
	assert_int_equal(since(w, start), 1040);
	w->ops->close(w, h);
	world_free(w);
}

/* However many sockets there are, each gets the reply to its own datagram. */
static void
sockets_have_ports_of_their_own(void **state)
{
	struct world	*w = echo_world();
	struct sockname	 to = at("192.0.2.1", 7), local;
	unsigned char	*taken = xcalloc(1, 65536), out[2];
	int		 h[600], i, n = sizeof h / sizeof *h;

	(void)state;
	for (i = 0; i < n; i++) {
		h[i] = w->ops->open(w, 4, false);
		out[0] = (unsigned char)(i >> 8);
		out[1] = (unsigned char)i;
		assert_int_equal(w->ops->send(w, h[i], out, 2, &to), 2);
		assert_int_equal(w->ops->local(w, h[i], &local), 0);
		assert_int_equal(taken[local.port]++, 0);
	}
	assert_int_equal(wait_for(w, h[0], WORLD_IN, 1000), WORLD_IN);
	for (i = 0; i < n; i++) {
		assert_int_equal(w->ops->recv(w, h[i], out, 2, NULL), 2);
		assert_int_equal(out[0] << 8 | out[1], i);
		w->ops->close(w, h[i]);
	}
	free(taken);
	world_free(w);
}

struct udp_case {
	const char	*to;
	int		 type, code;
	enum net_cause	 cause;
};

static void
udp_errors_name_their_sender(void **state)
{
	static const struct udp_case	cases[] = {
		{ "192.0.2.2", 3, 3, NET_REFUSED },
		{ "192.0.2.3", 3, 13, NET_PROHIBITED },
		{ "2001:db8::3", 1, 0, NET_UNREACHABLE },
		{ "192.0.2.99", -1, -1, NET_OK },
	};
	struct world	*w = echo_world();
	struct sockname	 to, about;
	struct mem_fault f = { .to = { .len = 32 }, .kind = MEM_ICMP,
		.icmp_type = 3, .icmp_code = 13 };
	struct net_error e;
	size_t		 i;
	int		 h;
	char		 out[8];

	(void)state;
	to = at("192.0.2.2", 1);
	memory_host(w, &to.addr);
	f.to.addr = at("192.0.2.3", 0).addr;
	f.sender = at("203.0.113.1", 0).addr;
	memory_fault(w, &f);
	f.to.addr = at("2001:db8::", 0).addr;
	f.icmp_type = 1;
	f.icmp_code = 0;
	memory_fault(w, &f);
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		to = at(cases[i].to, 9);
		h = w->ops->open(w, to.addr.family, false);
		assert_int_equal(w->ops->send(w, h, "a", 1, &to), 1);
		if (cases[i].cause == NET_OK) {
			assert_int_equal(wait_for(w, h, WORLD_IN, 900), 0);
			w->ops->close(w, h);
			continue;
		}
		assert_int_equal(wait_for(w, h, WORLD_IN, 900), WORLD_ERR);
		assert_int_equal(w->ops->error(w, h, &e, &about), 1);
		assert_int_equal(e.cause, cases[i].cause);
		assert_int_equal(e.icmp_type, cases[i].type);
		assert_int_equal(e.icmp_code, cases[i].code);
		assert_true(addr_equal(&about.addr, &to.addr));
		assert_int_equal(w->ops->error(w, h, &e, &about), 0);
		assert_int_equal(w->ops->send(w, h, "a", 1, &to), 1);
		assert_int_equal(wait_for(w, h, WORLD_IN, 900), WORLD_ERR);
		assert_int_equal(w->ops->recv(w, h, out, 8, NULL), -1);
		assert_int_not_equal(errno, EAGAIN);
		w->ops->close(w, h);
	}
	world_free(w);
}

static int
opened(struct world *w, const char *addr)
{
	struct sockname	to = at(addr, 7);
	int		h = w->ops->open(w, to.addr.family, true);

	assert_int_equal(w->ops->connect(w, h, &to), 0);
	return (h);
}

static void
tcp_is_ordered_and_ends(void **state)
{
	struct world	*w = echo_world();
	int64_t		 start = w->ops->now(w);
	int		 h = opened(w, "2001:db8::1");
	char		 out[32];

	(void)state;
	assert_int_equal(w->ops->send(w, h, "x", 1, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(wait_for(w, h, WORLD_OUT, 1000), WORLD_OUT);
	assert_int_equal(since(w, start), 40);
	assert_int_equal(wait_for(w, h, WORLD_IN, 1000), WORLD_IN);
	assert_int_equal(since(w, start), 80);
	assert_int_equal(w->ops->recv(w, h, out, 32, NULL), 6);
	assert_int_equal(w->ops->send(w, h, "Q", 1, NULL), 1);
	assert_int_equal(wait_for(w, h, WORLD_IN, 1000), WORLD_IN);
	assert_int_equal(since(w, start), 620);
	assert_int_equal(w->ops->recv(w, h, out, 32, NULL), 7);
	assert_memory_equal(out, "slowbye", 7);
	assert_int_equal(w->ops->recv(w, h, out, 32, NULL), 0);
	assert_int_equal(open_now, 1);
	w->ops->close(w, h);
	assert_int_equal(wait_for(w, h, 0, 0), WORLD_ERR);
	h = w->ops->open(w, 4, false);
	wait_for(w, h, WORLD_IN, 100);
	assert_int_equal(open_now, 0);
	world_free(w);
}

static void
tcp_resets(void **state)
{
	struct world	*w = echo_world();
	int		 h = opened(w, "192.0.2.1");
	struct net_error e;
	char		 out[32];

	(void)state;
	wait_for(w, h, WORLD_OUT, 1000);
	assert_int_equal(w->ops->send(w, h, "R", 1, NULL), 1);
	assert_true(wait_for(w, h, WORLD_IN, 1000) & WORLD_IN);
	assert_int_equal(w->ops->recv(w, h, out, 32, NULL), 6);
	assert_true(wait_for(w, h, WORLD_IN, 1000) & WORLD_ERR);
	assert_int_equal(w->ops->error(w, h, &e, NULL), 1);
	assert_int_equal(e.err, ECONNRESET);
	assert_int_equal(w->ops->recv(w, h, out, 32, NULL), -1);
	assert_int_equal(errno, ECONNRESET);
	world_free(w);
	assert_int_equal(open_now, 0);
}

struct tcp_case {
	enum mem_fault_kind	kind;
	unsigned		first, last;
	int64_t			idle;
	const char		*seen;	/* of three connects: o r . u */
};

static char
try_connect(struct world *w)
{
	struct net_error e;
	int		 h = opened(w, "192.0.2.1");
	unsigned	 got = wait_for(w, h, WORLD_OUT, 1000);
	char		 c = '.';

	if (got & WORLD_ERR) {
		assert_int_equal(w->ops->error(w, h, &e, NULL), 1);
		c = e.cause == NET_REFUSED ? 'r' : 'u';
	} else if (got & WORLD_OUT)
		c = 'o';
	w->ops->close(w, h);
	return (c);
}

static void
connect_faults_count(void **state)
{
	static const struct tcp_case	cases[] = {
		{ MEM_SILENT, 0, 0, 0, "..." },
		{ MEM_SILENT, 1, 1, 0, ".oo" },
		{ MEM_REFUSED, 2, 3, 0, "orr" },
		{ MEM_ICMP, 3, 3, 0, "oou" },
		{ MEM_SILENT, 0, 0, 30 * NSEC_PER_SEC, ".oo" },
		{ MEM_DELAY, 1, 1, 0, "ooo" },
	};
	struct world	*w;
	struct mem_fault f;
	size_t		 i, k;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		w = echo_world();
		memset(&f, 0, sizeof f);
		f.proto = 6;
		f.port = 7;
		f.kind = cases[i].kind;
		f.first = cases[i].first;
		f.last = cases[i].last;
		f.idle = cases[i].idle;
		f.icmp_type = 3;
		f.icmp_code = 1;
		f.delay = 300 * MS;
		memory_fault(w, &f);
		for (k = 0; k < 3; k++)
			assert_int_equal(try_connect(w), cases[i].seen[k]);
		world_free(w);
		assert_int_equal(open_now, 0);
	}
}

static void
cut_after_bytes(void **state)
{
	struct world	*w = echo_world();
	struct mem_fault f = { .proto = 6, .after = 9, .kind = MEM_STALL };
	int		 h;
	char		 out[32];

	(void)state;
	memory_fault(w, &f);
	h = opened(w, "192.0.2.1");
	wait_for(w, h, WORLD_OUT, 1000);
	w->ops->send(w, h, "abcdef", 6, NULL);
	w->ops->send(w, h, "Q", 1, NULL);
	wait_for(w, h, 0, 2000);
	assert_int_equal(w->ops->recv(w, h, out, 32, NULL), 9);
	assert_memory_equal(out, "hello abc", 9);
	assert_int_equal(wait_for(w, h, WORLD_IN, 60000), 0);
	w->ops->close(w, h);
	world_free(w);
}

static void
the_host_has_what_it_has(void **state)
{
	struct world	*w = echo_world();
	struct sockname	 to = at("2001:db8::1", 7), own = at("10.0.0.1", 0);
	struct addr	 src;
	unsigned char	 a[16], b[16];
	struct world	*twin = echo_world();
	int		 h;

	(void)state;
	assert_int_equal(w->ops->source(w, &to.addr, &src), 0);
	memory_vantage(w, 6, false);
	assert_int_equal(w->ops->source(w, &to.addr, &src), -1);
	h = w->ops->open(w, 6, true);
	assert_int_equal(w->ops->connect(w, h, &to), -1);
	assert_int_equal(errno, ENETUNREACH);
	h = w->ops->open(w, 4, true);
	assert_int_equal(w->ops->bind(w, h, &own), -1);
	memory_source(w, &own.addr);
	assert_int_equal(w->ops->bind(w, h, &own), 0);
	w->ops->random(w, a, 16);
	twin->ops->random(twin, b, 16);
	assert_memory_equal(a, b, 16);
	world_free(twin);
	world_free(w);
}

static void
count_trace(void *ctx, const char *what, const struct sockname *to,
    const void *data, size_t len)
{
	(void)to;
	(void)data;
	(void)len;
	*(int *)ctx += *what == 'u' ? 1 : 100;
}

static void
everything_is_counted(void **state)
{
	struct world		*w = echo_world();
	struct sockname		 to = at("192.0.2.1", 7);
	struct memory_stats	 stats;
	int			 h = w->ops->open(w, 4, false), i, traced = 0;

	(void)state;
	memory_trace(w, count_trace, &traced);
	for (i = 0; i < 3; i++) {
		w->ops->send(w, h, "\1\2same", 6, &to);
		w->ops->send(w, h, "\1\2other", 7, &to);
		wait_for(w, h, 0, 600);
	}
	opened(w, "192.0.2.1");
	opened(w, "192.0.2.1");
	wait_for(w, h, 0, 100);
	memory_stats(w, &stats);
	assert_int_equal(stats.datagrams, 6);
	assert_int_equal(stats.connects, 2);
	assert_int_equal(stats.open_max, 3);
	assert_int_equal(stats.same_open_max, 2);
	assert_int_equal(stats.per_second_max, 2);
	assert_int_equal(stats.bytes_out, 39);
	assert_int_equal(traced, 206);
	world_free(w);
	assert_int_equal(open_now, 0);
}

static void
nothing_to_wait_for(void **state)
{
	struct world	*w = echo_world();

	(void)state;
	assert_int_equal(w->ops->wait(w, NULL, 0, WORLD_NEVER), -1);
	assert_int_equal(errno, EDEADLK);
	world_free(w);
}

/* Segments over 1220 bytes are lost unless the client asked for smaller. */
static void
clamped_or_stalled(void **state)
{
	static const struct {
		unsigned	mss;	/* 0: not asked */
		size_t		len;
		bool		comes;
	} rows[] = { { 0, 1220, true }, { 0, 1221, false },
		{ 1440, 5000, false }, { 1221, 5000, false },
		{ 1220, 5000, true }, { 536, 5000, true } };
	struct mem_fault	 f = { .kind = MEM_LOST_OVER, .after = 1220 };
	struct sockname		 to = at("2001:db8::1", 7);
	struct world		*w;
	char			*data = xcalloc(1, 5000), out[6000];
	size_t			 i;
	int			 h;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		w = echo_world();
		memory_fault(w, &f);
		h = w->ops->open(w, 6, true);
		if (rows[i].mss != 0)
			assert_int_equal(w->ops->clamp(w, h, rows[i].mss), 0);
		assert_int_equal(w->ops->connect(w, h, &to), 0);
		assert_int_equal(w->ops->clamp(w, h, 500), -1);
		wait_for(w, h, WORLD_OUT, 1000);
		wait_for(w, h, WORLD_IN, 1000);
		assert_int_equal(w->ops->recv(w, h, out, sizeof out, NULL), 6);
		w->ops->send(w, h, data, rows[i].len, NULL);
		assert_int_equal(wait_for(w, h, WORLD_IN, 5000) == WORLD_IN,
		    rows[i].comes);
		assert_int_equal(w->ops->recv(w, h, out, sizeof out, NULL),
		    rows[i].comes ? (int)rows[i].len : -1);
		w->ops->send(w, h, "x", 1, NULL);	/* lost for good */
		assert_int_equal(wait_for(w, h, WORLD_IN, 5000) == WORLD_IN,
		    rows[i].comes);
		w->ops->close(w, h);
		world_free(w);
	}
	free(data);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(clamped_or_stalled),
		cmocka_unit_test(datagrams_take_a_round_trip),
		cmocka_unit_test(sockets_have_ports_of_their_own),
		cmocka_unit_test(udp_errors_name_their_sender),
		cmocka_unit_test(tcp_is_ordered_and_ends),
		cmocka_unit_test(tcp_resets),
		cmocka_unit_test(connect_faults_count),
		cmocka_unit_test(cut_after_bytes),
		cmocka_unit_test(the_host_has_what_it_has),
		cmocka_unit_test(everything_is_counted),
		cmocka_unit_test(nothing_to_wait_for),
	};

	return (cmocka_run_group_tests_name("memory", tests, NULL, NULL));
}
