/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The resolver's view by c-ares over the memory world: what an application is
 * told, over UDP and TCP, with one resolver and with two, and dropped at any
 * moment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "dns/message.h"
#include "dns/resolver.h"
#include "practice/world_memory.h"
#include "tests/unit/wire_kit.h"

#define MS	NSEC_PER_MSEC
#define V4	"192.0.2.53"
#define V6	"2001:db8::53"

/* What a resolver says of A and of AAAA, over UDP and over TCP. NULL: not a
   word; "id": the reply has another id. */
struct row {
	const char	*name;
	const char	*a, *aaaa, *tcp_a, *tcp_aaaa;
	const char	*word, *addrs, *canon;
	int		 ms;		/* at most */
};

#define A1 "qr rd ra ?a.test,A|an a.test. 60 IN A 192.0.2.1"
#define AAAA1 "qr rd ra ?a.test,AAAA|an a.test. 60 IN AAAA 2001:db8::1"
#define NODATA(t) "qr rd ra ?a.test," t "|au test. 60 IN SOA n. h. 1 2 3 4 5"
#define RCODE(r, t) "qr rd ra " r " ?a.test," t

static const struct row rows[] = {
	{ "both", A1, AAAA1, NULL, NULL, "ok", "192.0.2.1 2001:db8::1 ",
	    NULL, 60 },
	{ "v4 only", A1, NODATA("AAAA"), NULL, NULL, "ok", "192.0.2.1 ",
	    NULL, 60 },
	{ "v6 only", NODATA("A"), AAAA1, NULL, NULL, "ok", "2001:db8::1 ",
	    NULL, 60 },
	{ "nothing", NODATA("A"), NODATA("AAAA"), NULL, NULL, "nodata", "",
	    NULL, 60 },
	{ "no such name", RCODE("NXDOMAIN", "A"), RCODE("NXDOMAIN", "AAAA"),
	    NULL, NULL, "notfound", "", NULL, 60 },
	{ "servfail", RCODE("SERVFAIL", "A"), RCODE("SERVFAIL", "AAAA"), NULL,
	    NULL, "servfail", "", NULL, 6000 },
	{ "refused", RCODE("REFUSED", "A"), RCODE("REFUSED", "AAAA"), NULL,
	    NULL, "refused", "", NULL, 6000 },
	{ "silence", NULL, NULL, NULL, NULL, "timeout", "", NULL, 6000 },
	{ "alias", "qr rd ra ?a.test,A|an a.test. 60 IN CNAME b.test."
	    "|an b.test. 60 IN A 192.0.2.1", "qr rd ra ?a.test,AAAA"
	    "|an a.test. 60 IN CNAME b.test.|an b.test. 60 IN AAAA "
	    "2001:db8::1", NULL, NULL, "ok", "192.0.2.1 2001:db8::1 ",
	    "b.test", 60 },
	{ "TCP after TC", "qr tc rd ra ?a.test,A", "qr tc rd ra ?a.test,AAAA",
	    A1, AAAA1, "ok", "192.0.2.1 2001:db8::1 ", NULL, 300 },
	{ "TC, and no TCP", "qr tc rd ra ?a.test,A",
	    "qr tc rd ra ?a.test,AAAA", NULL, NULL, "timeout", "", NULL,
	    6000 },
	{ "many", "qr rd ra ?a.test,A|an a.test. 60 IN A 192.0.2.1"
	    "|an a.test. 60 IN A 192.0.2.2|an a.test. 60 IN A 192.0.2.3",
	    NODATA("AAAA"), NULL, NULL, "ok",
	    "192.0.2.1 192.0.2.2 192.0.2.3 ", NULL, 60 },
};

struct peer {
	const struct row	*row;
	const char		*at;
};

struct seen {
	struct resolver_query	*q;
	struct loop		*loop;
	int			 done;
	char			 word[32], canon[64];
	struct buf		 addrs;
	int64_t			 at;
};

static unsigned char *
reply_to(const struct row *row, bool tcp, const unsigned char *q, size_t n,
    size_t *len)
{
	struct dns_msg m;
	const char *text;
	bool a;

	assert_int_equal(message_parse(&m, q, n), 0);
	assert_string_equal(m.qname, "a.test");
	a = m.qtype == DNS_A;
	text = tcp ? (a ? row->tcp_a : row->tcp_aaaa) :
	    (a ? row->a : row->aaaa);
	*len = 0;
	message_free(&m);
	return text == NULL ? NULL : wire_reply(text, (uint16_t)(q[0] << 8 |
	    q[1]), len);
}

static void
on_datagram(void *ctx, struct world *w, const struct sockname *from,
    const struct sockname *to, const void *data, size_t n)
{
	struct peer *p = ctx;
	size_t len;
	unsigned char *wire = reply_to(p->row, false, data, n, &len);

	if (wire != NULL)
		memory_reply(w, to, from, wire, len, 0);
	free(wire);
}

static void *
on_accept(void *ctx, struct mem_conn *c)
{
	(void)c;
	return ctx;
}

/* Perhaps several questions in one write. */
static void
on_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	struct peer *p = ctx;
	const unsigned char *q = data;

	while (n > 2) {
		size_t one = (size_t)(q[0] << 8 | q[1]), len;
		unsigned char *wire, prefix[2];

		assert_true(one + 2 <= n);
		wire = reply_to(p->row, true, q + 2, one, &len);
		prefix[0] = (unsigned char)(len >> 8);
		prefix[1] = (unsigned char)len;
		if (wire != NULL) {
			mem_conn_send(c, prefix, 2, 0);
			mem_conn_send(c, wire, len, 0);
		}
		free(wire);
		q += one + 2;
		n -= one + 2;
	}
}

static void
on_closed(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	(void)c;
}

static void
listen_at(struct world *w, struct peer *p, const char *at, bool tcp)
{
	struct mem_peer mem = { .ctx = p, .datagram = on_datagram,
	    .accept = on_accept, .data = on_data, .closed = on_closed };
	struct sockname s = { .port = 53 };

	addr_parse(&s.addr, at);
	memory_listen(w, &s, false, &mem);
	if (tcp)
		memory_listen(w, &s, true, &mem);
}

static void
resolver_at(struct world *w, const char *at)
{
	addr_parse(&w->resolvers[w->nresolvers++], at);
}

static int
by_addr(const void *a, const void *b)
{
	return addr_cmp(a, b);
}

static void
on_done(void *ctx, const struct resolver_result *r)
{
	struct seen *s = ctx;
	char text[ADDR_STRLEN];

	s->done++;
	s->q = NULL;
	s->at = loop_now(s->loop);
	strncpy(s->word, r->word, sizeof s->word - 1);
	if (r->canon != NULL)
		strncpy(s->canon, r->canon, sizeof s->canon - 1);
	if (r->naddrs > 1)
		qsort(r->addrs, r->naddrs, sizeof *r->addrs, by_addr);
	for (size_t i = 0; i < r->naddrs; i++)
		buf_printf(&s->addrs, "%s ", addr_print(&r->addrs[i], text));
	assert_true(r->took >= 0);
}

static void
begin(struct seen *s, struct world *w, const struct addr *server)
{
	static struct timeouts t;

	timeouts_init(&t, 1.0);
	memset(s, 0, sizeof *s);
	buf_init(&s->addrs, 0);
	s->loop = loop_new(w);
	s->q = resolver_start(s->loop, &t, server, "a.test", on_done, s);
}

static void
finish(struct seen *s, struct world *w)
{
	loop_free(s->loop);
	buf_free(&s->addrs);
	world_free(w);
}

static struct world *
world_for(struct peer *p, const char *at)
{
	struct world *w = memory_new(3, 1795000000);

	memory_rtt(w, 40 * MS);
	listen_at(w, p, at, p->row->tcp_a != NULL || p->row->tcp_aaaa != NULL);
	resolver_at(w, at);
	return w;
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i / 2];
		struct peer p = { row, i % 2 == 0 ? V4 : V6 };
		struct world *w = world_for(&p, p.at);
		int64_t began = w->ops->now(w);
		struct seen s;
		bool late;

		begin(&s, w, NULL);
		assert_int_equal(s.done, 0);
		loop_run(s.loop);
		late = (s.at - began) / MS > row->ms;
		/* Whose fault a half answer is c-ares words as it likes. */
		if (strstr(row->name, "no TCP") != NULL)
			strcpy(s.word, strcmp(s.word, "ok") == 0 ? "ok" :
			    "timeout");
		if (s.done != 1 || strcmp(s.word, row->word) != 0 ||
		    strcmp(buf_str(&s.addrs), row->addrs) != 0 || late ||
		    (row->canon != NULL && strcmp(s.canon, row->canon) != 0))
			fail_msg("%s at %s: %d %s %s %s %d ms", row->name,
			    p.at, s.done, s.word, buf_str(&s.addrs), s.canon,
			    (int)((s.at - began) / MS));
		finish(&s, w);
	}
}

/* A port unreachable of the only resolver ends it, well before silence. */
static void
test_refused(void **state)
{
	struct world *w = memory_new(3, 1795000000);
	struct addr host;
	struct seen s;

	(void)state;
	addr_parse(&host, V4);
	memory_host(w, &host);
	resolver_at(w, V4);
	begin(&s, w, NULL);
	loop_run(s.loop);
	assert_int_equal(s.done, 1);
	if (strcmp(s.word, "unreachable") != 0 &&
	    strcmp(s.word, "timeout") != 0)
		fail_msg("%s", s.word);
	assert_int_equal(s.addrs.len, 0);
	finish(&s, w);
}

/* The first resolver refuses; the second knows. */
static void
test_second(void **state)
{
	struct row no = { .name = "no", .a = RCODE("REFUSED", "A"),
	    .aaaa = RCODE("REFUSED", "AAAA") };
	struct peer first = { &no, V4 }, second = { &rows[0], V6 };
	struct world *w = world_for(&first, V4);
	struct seen s;

	(void)state;
	listen_at(w, &second, V6, false);
	resolver_at(w, V6);
	begin(&s, w, NULL);
	loop_run(s.loop);
	assert_string_equal(s.word, "ok");
	assert_string_equal(buf_str(&s.addrs), rows[0].addrs);
	finish(&s, w);
}

/* One resolver by name, though the system has another. */
static void
test_named(void **state)
{
	struct row no = { .name = "no", .a = RCODE("NXDOMAIN", "A"),
	    .aaaa = RCODE("NXDOMAIN", "AAAA") };
	struct peer first = { &no, V4 }, second = { &rows[0], V6 };
	struct world *w = world_for(&first, V4);
	struct addr server;
	struct seen s;

	(void)state;
	addr_parse(&server, V6);
	listen_at(w, &second, V6, false);
	begin(&s, w, &server);
	loop_run(s.loop);
	assert_string_equal(s.word, "ok");
	finish(&s, w);
}

/* No resolver at all is a word, not a question to a default one. */
static void
test_none(void **state)
{
	struct world *w = memory_new(3, 1795000000);
	struct memory_stats stats;
	struct seen s;

	(void)state;
	begin(&s, w, NULL);
	loop_run(s.loop);
	assert_int_equal(s.done, 1);
	assert_string_equal(s.word, "failed");
	memory_stats(w, &stats);
	assert_int_equal(stats.datagrams, 0);
	finish(&s, w);
}

static void
drop(void *ctx)
{
	struct seen *s = ctx;

	resolver_free(s->q);
	s->q = NULL;
}

static void
test_freed(void **state)
{
	static const int at[] = { 0, 10, 39, 40, 41, 79, 80, 81, 120, 121, 200,
		500, 1000, 2500, 5999, 6000, 6001 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
			struct peer p = { &rows[i], V4 };
			struct world *w = world_for(&p, V4);
			struct seen s;

			begin(&s, w, NULL);
			loop_timer(s.loop, at[k] * MS, drop, &s);
			loop_run(s.loop);
			assert_true(s.done <= 1);
			finish(&s, w);
		}
	resolver_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_second),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
