/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One question to one server in the memory world: each way in which a server
 * or the network answers, over UDP and TCP, and an end at any moment.
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
#include "dns/exchange.h"
#include "practice/world_memory.h"
#include "tests/unit/wire_kit.h"

#define MS	NSEC_PER_MSEC
#define ANSWER	"qr aa ?a.test,AAAA|an a.test. 60 IN AAAA 2001:db8::1"

/* What the peer does: one word a datagram (or connection), some parted by
   commas; the last word holds for all that follow. */
struct row {
	const char	*name;
	bool		 tcp;
	const char	*peer;
	int		 fault;		/* 0 none, -1 silent, ICMP type 3's code */
	enum net_cause	 cause;
	int		 sent, answered;
	unsigned	 strays;
	const char	*wrong_source;	/* or NULL */
	int		 ms;		/* how long it took */
	int		 tries;
};

static const struct row rows[] = {
	{ "reply", false, "reply", 0, NET_OK, 1, 1, 0, NULL, 40,
	    0 },
	{ "second", false, "- reply", 0, NET_OK, 2, 2, 0, NULL,
	    1040, 0 },
	{ "third", false, "- - reply", 0, NET_OK, 3, 3, 0, NULL,
	    2040, 0 },
	{ "silence", false, "-", 0, NET_TIMEOUT, 3, 0, 0, NULL,
	    3000, 0 },
	{ "one datagram only", false, "-", 0, NET_TIMEOUT, 1, 0, 0,
	    NULL, 3000, 1 },
	{ "never named", false, NULL, -1,
	    NET_TIMEOUT, 3, 0, 0, NULL, 3000, 0 },
	{ "no port", false, NULL, 0, NET_REFUSED, 1, 0, 0, NULL,
	    40, 0 },
	{ "unreachable", false, "reply", 1, NET_UNREACHABLE, 1, 0, 0,
	    NULL, 40, 0 },
	{ "prohibited", false, "reply", 13, NET_PROHIBITED, 1, 0, 0,
	    NULL, 40, 0 },
	{ "port unreachable", false, "reply", 3, NET_REFUSED, 1, 0,
	    0, NULL, 40, 0 },
	{ "wrong id", false, "id", 0, NET_TIMEOUT, 3, 0, 3, NULL,
	    3000, 0 },
	{ "wrong id, then right", false, "id,reply", 0, NET_OK, 1,
	    1, 1, NULL, 40, 0 },
	{ "wrong question", false, "question", 0, NET_TIMEOUT, 3,
	    0, 3, NULL, 3000, 0 },
	{ "wrong type", false, "type", 0, NET_TIMEOUT, 3, 0, 3,
	    NULL, 3000, 0 },
	{ "wrong source", false, "source", 0, NET_TIMEOUT, 3, 0, 3,
	    "192.0.2.9", 3000, 0 },
	{ "wrong port", false, "port", 0, NET_TIMEOUT, 3, 0, 3,
	    NULL, 3000, 0 },
	{ "both sources", false, "source,reply", 0, NET_OK, 1, 1,
	    1, "192.0.2.9", 40, 0 },
	{ "wrong source and id", false, "source-id", 0,
	    NET_TIMEOUT, 3, 0, 3, NULL, 3000, 0 },
	{ "a question comes back", false, "echo", 0, NET_TIMEOUT,
	    3, 0, 3, NULL, 3000, 0 },
	{ "no header", false, "short", 0, NET_TIMEOUT, 3, 0, 3,
	    NULL, 3000, 0 },
	{ "nothing in it", false, "empty,reply", 0, NET_OK, 1, 1,
	    1, NULL, 40, 0 },
	{ "FORMERR without question", false, "formerr", 0, NET_OK,
	    1, 1, 0, NULL, 40, 0 },
	{ "NOERROR without question", false, "bare", 0,
	    NET_TIMEOUT, 3, 0, 3, NULL, 3000, 0 },
	{ "a flood of strays", false, "flood,reply", 0, NET_OK, 1, 1, 500,
	    NULL, 40, 0 },
	{ "a flood of ICMP about others", false, "icmp,reply", 0, NET_OK, 1,
	    1, 0, NULL, 40, 0 },
	{ "TC", false, "tc", 0, NET_OK, 1, 1, 0, NULL, 40, 0 },
	{ "upper case", false, "upper", 0, NET_OK, 1, 1, 0, NULL,
	    40, 0 },
	{ "late reply to the first", false, "late", 0, NET_OK, 2,
	    1, 0, NULL, 1540, 0 },
	{ "tcp reply", true, "reply", 0, NET_OK, 1, 1, 0, NULL,
	    80, 0 },
	{ "tcp byte by byte", true, "drip", 0, NET_OK, 1, 1, 0,
	    NULL, 610, 0 },
	{ "tcp half", true, "half", 0, NET_STALLED, 1, 0, 0, NULL,
	    4040, 0 },
	{ "tcp half and close", true, "half-close", 0, NET_CLOSED,
	    1, 0, 0, NULL, 80, 0 },
	{ "tcp closed at once", true, "close", 0, NET_CLOSED, 1,
	    0, 0, NULL, 80, 0 },
	{ "tcp reset", true, "reset", 0, NET_CLOSED, 1, 0, 0,
	    NULL, 80, 0 },
	{ "tcp silence", true, "-", 0, NET_STALLED, 1, 0, 0, NULL,
	    4040, 0 },
	{ "tcp wrong id", true, "id", 0, NET_CLOSED, 1, 0, 1, NULL,
	    80, 0 },
	{ "tcp wrong question", true, "question", 0, NET_CLOSED, 1,
	    0, 1, NULL, 80, 0 },
	{ "tcp length 0", true, "zero", 0, NET_CLOSED, 1, 0, 1,
	    NULL, 80, 0 },
	{ "tcp refused", true, NULL, 0, NET_REFUSED, 0, 0, 0,
	    NULL, 40, 0 },
	{ "tcp dropped", true, "reply", -1,
	    NET_TIMEOUT, 0, 0, 0, NULL, 4000, 0 },
	{ "tcp prohibited", true, "reply", 13, NET_PROHIBITED, 0, 0,
	    0, NULL, 40, 0 },
};

struct peer {
	const char	*script;
	struct world	*world;
};

struct seen {
	struct exchange		*x;
	struct loop		*loop;
	struct exchange_result	 r;
	int			 done, notes[EXCHANGE_ICMP + 1];
	int64_t			 at;
	unsigned char		 wire[512];
};

/* The next word of the script into word. */
static void
next_word(struct peer *p, char word[64])
{
	size_t n = strcspn(p->script, " ");

	memcpy(word, p->script, n);
	word[n] = '\0';
	if (p->script[n] == ' ')
		p->script += n + 1;
}

static const char *
message_of(const char *act)
{
	if (strcmp(act, "question") == 0)
		return "qr aa ?b.test,AAAA|an b.test. 60 IN AAAA 2001:db8::1";
	if (strcmp(act, "type") == 0)
		return "qr aa ?a.test,A|an a.test. 60 IN A 192.0.2.1";
	if (strcmp(act, "formerr") == 0)
		return "qr FORMERR";
	if (strcmp(act, "bare") == 0)
		return "qr";
	if (strcmp(act, "tc") == 0)
		return "qr aa tc ?a.test,AAAA";
	if (strcmp(act, "upper") == 0)
		return "qr aa ?A.TeSt,AAAA";
	return ANSWER;
}

/* Much of what answers nothing, by whoever saw the question. */
static void
flood(struct peer *p, const char *act, const struct sockname *from,
    const struct sockname *to)
{
	struct sockname other = { .port = 53 };

	addr_parse(&other.addr, "192.0.2.9");
	for (int i = 0; i < 500; i++)
		if (strcmp(act, "icmp") == 0)
			memory_icmp(p->world, from, &other, 3, 1, &other.addr,
			    0);
		else
			memory_reply(p->world, i % 2 == 0 ? to : &other, from,
			    "x", 1, 0);
}

static void
act_datagram(struct peer *p, const char *act, const struct sockname *from,
    const struct sockname *to, const unsigned char *q, size_t n)
{
	struct sockname source = *to;
	uint16_t id = (uint16_t)(q[0] << 8 | q[1]);
	unsigned char *wire;
	size_t len;

	if (strcmp(act, "-") == 0)
		return;
	if (strcmp(act, "flood") == 0 || strcmp(act, "icmp") == 0) {
		flood(p, act, from, to);
		return;
	}
	if (strcmp(act, "echo") == 0) {
		memory_reply(p->world, to, from, q, n, 0);
		return;
	}
	wire = wire_reply(message_of(act), strstr(act, "id") != NULL ?
	    (uint16_t)(id + 1) : id, &len);
	if (strncmp(act, "source", 6) == 0)
		addr_parse(&source.addr, "192.0.2.9");
	if (strcmp(act, "port") == 0)
		source.port = 5353;
	memory_reply(p->world, &source, from, wire,
	    strcmp(act, "short") == 0 ? 11 : strcmp(act, "empty") == 0 ? 0 :
	    len, strcmp(act, "late") == 0 ? 1500 * MS : 0);
	free(wire);
}

static void
on_datagram(void *ctx, struct world *w, const struct sockname *from,
    const struct sockname *to, const void *data, size_t n)
{
	struct peer *p = ctx;
	char word[64], *save = NULL;

	p->world = w;
	next_word(p, word);
	for (char *act = strtok_r(word, ",", &save); act != NULL;
	    act = strtok_r(NULL, ",", &save))
		act_datagram(p, act, from, to, data, n);
}

static void *
on_accept(void *ctx, struct mem_conn *c)
{
	(void)c;
	return ctx;
}

static void
on_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	struct peer *p = ctx;
	const unsigned char *q = data;
	unsigned char *wire, out[600];
	char act[64];
	size_t len;

	assert_true(n > 14 && (size_t)(q[0] << 8 | q[1]) == n - 2);
	next_word(p, act);
	if (strcmp(act, "-") == 0)
		return;
	if (strcmp(act, "zero") == 0)
		mem_conn_send(c, "\0\0", 2, 0);
	if (strcmp(act, "reset") == 0)
		mem_conn_reset(c, 0);
	if (strcmp(act, "close") == 0)
		mem_conn_close(c, 0);
	if (strcmp(act, "zero") == 0 || strcmp(act, "reset") == 0 ||
	    strcmp(act, "close") == 0)
		return;
	wire = wire_reply(message_of(act), (uint16_t)((q[2] << 8 | q[3]) +
	    (strcmp(act, "id") == 0)), &len);
	out[0] = (unsigned char)(len >> 8);
	out[1] = (unsigned char)len;
	memcpy(out + 2, wire, len);
	free(wire);
	if (strcmp(act, "drip") == 0)
		for (size_t i = 0; i < len + 2; i++)
			mem_conn_send(c, out + i, 1, (int64_t)i * 10 * MS);
	else
		mem_conn_send(c, out, strncmp(act, "half", 4) == 0 ? len / 2 :
		    len + 2, 0);
	if (strcmp(act, "half-close") == 0)
		mem_conn_close(c, 0);
}

static void
on_closed(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	(void)c;
}

static void
on_note(void *ctx, enum exchange_note what, const void *data, size_t n,
    const struct sockname *from, const struct net_error *e)
{
	struct seen *s = ctx;

	s->notes[what]++;
	if (what == EXCHANGE_ICMP)
		assert_non_null(e);
	if (what == EXCHANGE_RECEIVED || what == EXCHANGE_STRAY)
		assert_true(n == 0 || data != NULL);
	assert_non_null(from);
}

static void
on_done(void *ctx, const struct exchange_result *r)
{
	struct seen *s = ctx;

	s->done++;
	s->r = *r;
	s->at = loop_now(s->loop);
	if (r->wire != NULL && r->len <= sizeof s->wire)
		memcpy(s->wire, r->wire, r->len);
	s->x = NULL;
}

static const struct timeouts *
table(void)
{
	static struct timeouts t;

	timeouts_init(&t, 1.0);
	return &t;
}

static struct world *
world_for(const struct row *row, struct peer *peer)
{
	struct mem_peer mem = { .ctx = peer, .datagram = on_datagram,
	    .accept = on_accept, .data = on_data, .closed = on_closed };
	struct world *w = memory_new(7, 1795000000);
	struct sockname at = { .port = 53 };
	struct mem_fault fault = { .kind = MEM_SILENT };

	memory_rtt(w, 40 * MS);
	addr_parse(&at.addr, "192.0.2.1");
	memory_host(w, &at.addr);
	peer->script = row->peer;
	if (row->peer != NULL)
		memory_listen(w, &at, row->tcp, &mem);
	fault.kind = row->fault == -1 ? MEM_SILENT : MEM_ICMP;
	fault.icmp_type = 3;
	fault.icmp_code = row->fault;
	if (row->fault != 0)
		memory_fault(w, &fault);
	return w;
}

static void
begin(struct seen *s, struct world *w, const struct row *row)
{
	struct exchange_params p = { .timeouts = table(), .tcp = row->tcp,
	    .query = { .name = "a.test", .type = DNS_AAAA },
	    .tries = row->tries };
	struct exchange_hooks hooks = { s, on_note, on_done };

	memset(s, 0, sizeof *s);
	s->loop = p.loop = loop_new(w);
	addr_parse(&p.to.addr, "192.0.2.1");
	p.to.port = 53;
	s->x = exchange_start(&p, &hooks);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct peer peer = { NULL, NULL };
		struct world *w = world_for(row, &peer);
		struct memory_stats stats;
		struct seen s;
		char text[ADDR_STRLEN] = "";
		int64_t began = w->ops->now(w);

		begin(&s, w, row);
		loop_run(s.loop);
		if (s.r.wrong_source.family != 0)
			addr_print(&s.r.wrong_source, text);
		memory_stats(w, &stats);
		if (s.done != 1 || s.r.error.cause != row->cause ||
		    s.r.sent != row->sent || s.r.answered != row->answered ||
		    s.r.strays != row->strays ||
		    strcmp(text, row->wrong_source == NULL ? "" :
		    row->wrong_source) != 0 ||
		    (s.at - began) / MS != row->ms)
			fail_msg("%s: done %d, %s, sent %d, answered %d, "
			    "strays %u, source %s, %d ms", row->name, s.done,
			    net_cause_word(s.r.error.cause), s.r.sent,
			    s.r.answered, s.r.strays, text,
			    (int)((s.at - began) / MS));
		assert_int_equal(s.notes[EXCHANGE_SENT], row->sent);
		assert_int_equal(s.notes[EXCHANGE_STRAY], row->strays <
		    LIMIT_STRAYS ? row->strays : LIMIT_STRAYS);
		if (row->peer != NULL && strncmp(row->peer, "icmp", 4) == 0)
			assert_int_equal(s.notes[EXCHANGE_ICMP], LIMIT_STRAYS);
		assert_int_equal(s.notes[EXCHANGE_RECEIVED],
		    row->cause == NET_OK);
		if (!row->tcp)
			assert_int_equal(stats.datagrams, row->sent);
		loop_free(s.loop);
		world_free(w);
	}
}

static void
drop(void *ctx)
{
	struct seen *s = ctx;

	exchange_free(s->x);
	s->x = NULL;
}

/* Freed at any moment: no call, no leak, nothing left in the loop. */
static void
test_freed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int ms = 0; ms < 4200; ms += ms < 130 ? 13 : 490) {
			struct peer peer = { NULL, NULL };
			struct world *w = world_for(&rows[i], &peer);
			struct seen s;
			int done;

			begin(&s, w, &rows[i]);
			loop_timer(s.loop, ms * MS, drop, &s);
			loop_run(s.loop);
			done = s.done;
			assert_true(done == 0 || ms >= rows[i].ms);
			loop_free(s.loop);
			world_free(w);
		}
	exchange_free(NULL);
}

/* What cannot be asked at all ends in the next turn, as our own fault. */
static void
test_impossible(void **state)
{
	struct exchange_params p = { .timeouts = table(),
	    .query = { .name = "a..b", .type = DNS_A } };
	struct exchange_hooks hooks;
	struct seen s;

	(void)state;
	for (int round = 0; round < 4; round++) {
		struct world *w = memory_new(1, 1795000000);

		memset(&s, 0, sizeof s);
		hooks = (struct exchange_hooks){ &s, on_note, on_done };
		memory_vantage(w, 6, false);
		s.loop = p.loop = loop_new(w);
		addr_parse(&p.to.addr, round < 2 ? "192.0.2.1" :
		    "2001:db8::1");
		p.to.port = 53;
		p.tcp = round % 2 == 1;
		p.query.name = round < 2 ? "a..b" : "a.test";
		s.x = exchange_start(&p, &hooks);
		assert_int_equal(s.done, 0);
		loop_run(s.loop);
		assert_int_equal(s.done, 1);
		assert_int_equal(s.r.error.cause, round < 2 ? NET_LOCAL :
		    NET_NO_FAMILY);
		assert_int_equal(s.r.error.icmp_type, -1);
		loop_free(s.loop);
		world_free(w);
	}
}

/* The reply is handed over whole, whatever its size. */
static void
test_wire(void **state)
{
	struct peer peer = { NULL, NULL };
	struct world *w = world_for(&rows[0], &peer);
	struct dns_msg m;
	struct seen s;

	(void)state;
	begin(&s, w, &rows[0]);
	loop_run(s.loop);
	assert_int_equal(message_parse(&m, s.wire, s.r.len), 0);
	assert_null(m.broken);
	assert_int_equal(m.nrrs, 1);
	assert_int_equal(s.r.rtt / MS, 40);
	message_free(&m);
	loop_free(s.loop);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_freed),
		cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
