/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections over the memory world: every event is written down as words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "net/conn.h"
#include "practice/link_peer.h"
#include "practice/world_memory.h"

#define CLOCK	INT64_C(1767225600)
#define MS	NSEC_PER_MSEC
#define SEC	NSEC_PER_SEC

static struct world *world;
static struct loop *loop;
static struct conn *conn;
static struct buf seen;
static struct sockname server;
static int64_t began, ended;

/* What the peer does: bytes, pieces of a script, parted by '|'. */
static const char *script;
static struct mem_conn *peer;

/* What the client does on an event. */
static void (*react)(const struct conn_event *);

static void
play(struct mem_conn *c)
{
	int64_t delay = 0;

	while (script != NULL && *script != '\0') {
		size_t n = strcspn(script, "|");

		if (n == 1 && *script == '$')
			mem_conn_close(c, delay);
		else if (n == 1 && *script == '!')
			mem_conn_reset(c, delay);
		else if (n == 1 && *script == '?') {
			script += 2;
			return;
		} else
			mem_conn_send(c, script, n, delay);
		delay += 100 * MS;
		script += n + (script[n] == '|');
	}
}

static void *
on_accept(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	peer = c;
	play(c);
	return NULL;
}

static void
on_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	(void)ctx;
	if (n > 0 && *(const unsigned char *)data >= ' ') {
		buf_adds(&seen, "<");
		buf_add(&seen, data, n);
		buf_adds(&seen, "> ");
	}
	play(c);
}

static void
on_closed(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	(void)c;
	if (conn == NULL)
		buf_adds(&seen, "<closed> ");
}

static void
on_event(void *ctx, struct conn *c, const struct conn_event *e)
{
	static const char *const words[] = {"connected", "tls", "line", "data",
		"closed", "timeout", "error"};

	assert_null(ctx);
	assert_ptr_equal(c, conn);
	buf_adds(&seen, words[e->ev]);
	if (e->ev >= CONN_CLOSED && e->error.cause != NET_OK) {
		buf_printf(&seen, "=%s", net_cause_word(e->error.cause));
		if (e->error.err != 0)
			buf_printf(&seen, "/%s", net_errno_word(e->error.err));
	}
	if (e->len > 0 && e->len < 100) {
		buf_addc(&seen, '(');
		buf_add(&seen, e->data, e->len);
		buf_addc(&seen, ')');
	} else if (e->len > 0)
		buf_printf(&seen, "[%zu of %zu]", e->len, e->full);
	if (e->ev == CONN_LINE && e->bare_lf)
		buf_adds(&seen, "LF");
	buf_addc(&seen, ' ');
	if (e->tls != NULL)
		buf_printf(&seen, "{ok:%d %s} ", json_flag(e->tls, "ok"),
		    json_str(e->tls, "error"));
	ended = e->at;
	if (react != NULL)
		react(e);
}

static int
begin(void **state)
{
	static const struct mem_peer p = {.accept = on_accept,
		.data = on_data, .closed = on_closed};

	(void)state;
	world = memory_new(1, CLOCK);
	memory_rtt(world, 40 * MS);
	addr_parse(&server.addr, "192.0.2.1");
	server.port = 25;
	memory_listen(world, &server, true, &p);
	loop = loop_new(world);
	buf_init(&seen, 0);
	script = NULL;
	react = NULL;
	conn = conn_new(loop, &server, on_event, NULL);
	began = loop_now(loop);
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	conn_free(conn);
	conn = NULL;
	loop_free(loop);
	world_free(world);
	buf_free(&seen);
	tls_cleanup();
	cert_peer_cleanup();
	return 0;
}

static void
run(void)
{
	conn_connect(conn, 4 * SEC);
	loop_run(loop);
}

static void
lines(void **state)
{
	(void)state;
	script = "220 a\r\n220 b|c\n\r\nx\ry\r\r\nend|$";
	run();
	assert_string_equal(buf_str(&seen), "connected line(220 a) "
	    "line(220 bc)LF line line(x\ry\r) closed=closed(end) ");
	assert_true(ended - began >= 240 * MS);
}

static void
answer(const struct conn_event *e)
{
	if (e->ev == CONN_LINE && e->data[0] == '2')
		conn_send(conn, "QUIT\r\n", 6);
	if (e->ev == CONN_CLOSED) {
		conn_free(conn);
		conn = NULL;
	}
}

static void
dialogue(void **state)
{
	struct sockname local;

	(void)state;
	script = "220 hi\r\n|?|bye\r\n|$";
	react = answer;
	assert_int_equal(conn_local(conn, &local), -1);
	run();
	assert_null(conn);
	assert_string_equal(buf_str(&seen), "connected line(220 hi) "
	    "<QUIT\r\n> line(bye) closed=closed ");
}

static void
reset(void **state)
{
	(void)state;
	script = "22|!";
	run();
	assert_string_equal(buf_str(&seen),
	    "connected closed=closed/ECONNRESET(22) ");
}

static void
set_deadline(const struct conn_event *e)
{
	if (e->ev == CONN_CONNECTED)
		conn_deadline(conn, 250 * MS);
}

/* Bytes do not prolong it. */
static void
deadline(void **state)
{
	(void)state;
	script = "a|b|c|d|e|f|g\r\n";
	react = set_deadline;
	run();
	assert_memory_equal(buf_str(&seen), "connected timeout=stalled(ab", 28);
	assert_int_equal(ended - began, 290 * MS);
}

static void
fault(enum mem_fault_kind kind, int type, int code)
{
	struct mem_fault f = {.kind = kind, .icmp_type = type,
		.icmp_code = code};

	addr_parse(&f.sender, "192.0.2.254");
	memory_fault(world, &f);
	run();
}

static void
silent(void **state)
{
	(void)state;
	fault(MEM_SILENT, 0, 0);
	assert_string_equal(buf_str(&seen), "timeout=timeout ");
	assert_int_equal(ended - began, 4 * SEC);
}

static void
refused(void **state)
{
	(void)state;
	fault(MEM_REFUSED, 0, 0);
	assert_string_equal(buf_str(&seen), "error=refused/ECONNREFUSED ");
}

static struct net_error kept;

static void
keep(const struct conn_event *e)
{
	kept = e->error;
}

static void
prohibited(void **state)
{
	(void)state;
	react = keep;
	fault(MEM_ICMP, 3, 13);
	assert_int_equal(kept.cause, NET_PROHIBITED);
	assert_int_equal(kept.icmp_type, 3);
	assert_int_equal(kept.icmp_code, 13);
	assert_int_equal(kept.sender.b[3], 254);
}

static void
no_family(void **state)
{
	(void)state;
	memory_vantage(world, 4, false);
	run();
	assert_memory_equal(buf_str(&seen), "error=no-family", 15);
}

static void
local_failure(void **state)
{
	struct addr a;

	(void)state;
	addr_parse(&a, "198.51.100.77");
	world->source4 = a;
	run();
	assert_memory_equal(buf_str(&seen), "error=local/EADDRNOTAVAIL", 25);
}

/* Long lines are cut, their true length is known; NUL is a byte. */
static void
send_long(void *ctx)
{
	char *many = malloc(100000);

	(void)ctx;
	memset(many, 'x', 100000);
	many[1] = '\0';
	mem_conn_send(peer, many, 100000, 0);
	mem_conn_send(peer, many, 100000, 0);
	mem_conn_send(peer, "\r\nshort\r\n", 9, 0);
	mem_conn_close(peer, 0);
	free(many);
}

static void
long_line(void **state)
{
	(void)state;
	memory_after(world, SEC, send_long, NULL);
	run();
	assert_string_equal(buf_str(&seen), "connected "
	    "line[8192 of 200000] line(short) closed=closed ");
}

static int turns;

static void
count_turn(void *ctx)
{
	(void)ctx;
	turns++;
	if (conn_buffered(conn) > 0)
		loop_timer(loop, 0, count_turn, NULL);
}

static void
send_many(void *ctx)
{
	int i;

	(void)ctx;
	for (i = 0; i < 1000; i++)
		mem_conn_send(peer, "l\r\n", 3, 0);
	mem_conn_close(peer, 0);
}

static int nlines;

static void
count_lines(const struct conn_event *e)
{
	if (e->ev == CONN_LINE && nlines++ == 0)
		count_turn(NULL);
}

static void
shares(void **state)
{
	(void)state;
	turns = nlines = 0;
	react = count_lines;
	memory_after(world, SEC, send_many, NULL);
	run();
	assert_int_equal(nlines, 1000);
	assert_true(turns >= 1000 / 64 / 2);
}

static void
resume(void *ctx)
{
	(void)ctx;
	buf_adds(&seen, "resume ");
	conn_pause(conn, false);
}

static void
pause_it(const struct conn_event *e)
{
	if (e->ev == CONN_LINE && e->data[0] == '1') {
		conn_pause(conn, true);
		loop_timer(loop, 5 * SEC, resume, NULL);
	}
}

static void
pauses(void **state)
{
	(void)state;
	script = "1\r\n2\r\n|3\r\n|$";
	react = pause_it;
	run();
	assert_string_equal(buf_str(&seen), "connected line(1) resume "
	    "line(2) line(3) closed=closed ");
}

static void
go_raw(const struct conn_event *e)
{
	if (e->ev == CONN_LINE)
		conn_raw(conn, true);
	else if (e->ev == CONN_DATA && e->data[0] == 'b')
		conn_raw(conn, false);
}

static void
raw(void **state)
{
	(void)state;
	script = "head\r\na\n|b|tail\r\n|$";
	react = go_raw;
	run();
	assert_string_equal(buf_str(&seen), "connected line(head) data(a\n) "
	    "data(b) line(tail) closed=closed ");
}

static void
free_at_once(const struct conn_event *e)
{
	if (e->ev == CONN_LINE) {
		conn_send(conn, "bye", 3);
		conn_free(conn);
		conn_free(conn);
		conn = NULL;
	}
}

/* Freed in its own callback, what is queued still goes out. */
static void
frees_inside(void **state)
{
	struct world_poll none = {0, 0, 0};

	(void)state;
	script = "1\r\n2\r\n";
	react = free_at_once;
	run();
	world->ops->wait(world, &none, 0, world->ops->now(world) + SEC);
	assert_string_equal(buf_str(&seen),
	    "connected line(1) <bye> <closed> ");
}

/* TLS. */

static enum cert_kind kind;

static SSL_CTX *
context(void *ctx, struct link *l, const char *sni)
{
	struct cert_want want = {.kind = kind, .name = "mx.test",
		.clock = CLOCK};

	(void)ctx;
	(void)l;
	(void)sni;
	return cert_peer_context(&want);
}

static void *
link_accept(void *ctx, struct link *l)
{
	(void)ctx;
	link_puts(l, link_is_tls(l) ? "secret\r\n" : "220 hi\r\n", 0);
	return l;
}

static const char *after_starttls;

static void
link_data(void *session, struct link *l, const void *data, size_t n)
{
	(void)session;
	buf_adds(&seen, "<");
	buf_add(&seen, data, n < 2 ? n : n - 2);
	buf_adds(&seen, "> ");
	if (n >= 8 && memcmp(data, "STARTTLS", 8) == 0) {
		link_puts(l, after_starttls, 0);
		link_starttls(l);
	} else if (link_is_tls(l)) {
		link_puts(l, "again\r\n", 0);
		link_close(l, 50 * MS);
	}
}

static void
link_closed(void *session)
{
	(void)session;
}

static struct link_service service = {.accept = link_accept,
	.data = link_data, .closed = link_closed, .context = context};

static void
listen_tls(bool implicit, enum cert_kind k)
{
	service.tls = implicit;
	kind = k;
	server.port = implicit ? 465 : 587;
	link_peer_listen(world, &server, &service);
	world->ca_pem = cert_peer_root();
	conn_free(conn);
	conn = conn_new(loop, &server, on_event, NULL);
}

static size_t dropped;

static void
start_tls(const struct conn_event *e)
{
	struct tls_params p = {.name = "mx.test"};

	if ((e->ev == CONN_CONNECTED && service.tls) ||
	    (e->ev == CONN_LINE && e->data[0] == 'g')) {
		dropped = conn_starttls(conn, &p, 8 * SEC);
		conn_send(conn, "EHLO\r\n", 6);
	} else if (e->ev == CONN_LINE && e->data[0] == '2')
		conn_send(conn, "STARTTLS\r\n", 10);
}

static void
implicit_tls(void **state)
{
	(void)state;
	listen_tls(true, CERT_OK);
	react = start_tls;
	run();
	assert_string_equal(buf_str(&seen), "connected tls {ok:1 } "
	    "<EHLO> line(secret) line(again) closed=closed ");
}

static void
starttls(void **state)
{
	(void)state;
	after_starttls = "go\r\n";
	listen_tls(false, CERT_OK);
	react = start_tls;
	run();
	assert_string_equal(buf_str(&seen), "connected line(220 hi) "
	    "<STARTTLS> line(go) tls {ok:1 } <EHLO> line(again) "
	    "closed=closed ");
	assert_int_equal(dropped, 0);
}

static void
injected(void **state)
{
	(void)state;
	after_starttls = "go\r\nRSET\r\nhalf";
	listen_tls(false, CERT_OK);
	react = start_tls;
	run();
	assert_int_equal(dropped, 10);
	assert_non_null(strstr(buf_str(&seen), "tls {ok:1 } <EHLO> "));
	assert_null(strstr(buf_str(&seen), "half"));
}

static void
handshake_refused(void **state)
{
	(void)state;
	listen_tls(true, CERT_FAIL);
	react = start_tls;
	run();
	assert_memory_equal(buf_str(&seen), "connected error", 15);
	assert_non_null(strstr(buf_str(&seen), "{ok:0 "));
}

static void
stop(void *ctx)
{
	(void)ctx;
	loop_stop(loop);
}

/* A peer of plain text, one that hangs up, one that says nothing. */
static void
handshake_fails(void **state)
{
	static const struct {
		const char *script, *seen;
	} rows[] = {
		{"220 smtp\r\n",
		    "connected error {ok:0 wrong version number} "},
		{"?|$", "connected error=closed {ok:0 closed} "},
		{"!", "connected error=closed/ECONNRESET {ok:0 ECONNRESET} "},
		{"", "connected timeout=stalled {ok:0 timeout} "},
	};
	size_t i;

	(void)state;
	service.tls = true;	/* what start_tls goes by */
	react = start_tls;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		script = rows[i].script;
		if (i > 0)
			conn = conn_new(loop, &server, on_event, NULL);
		run();
		assert_string_equal(buf_str(&seen), rows[i].seen);
		conn_free(conn);
		conn = NULL;
		loop_timer(loop, SEC, stop, NULL);
		loop_run(loop);
		buf_drop(&seen, seen.len);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, finish)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines),
		TEST(dialogue),
		TEST(reset),
		TEST(deadline),
		TEST(silent),
		TEST(refused),
		TEST(prohibited),
		TEST(no_family),
		TEST(local_failure),
		TEST(long_line),
		TEST(shares),
		TEST(pauses),
		TEST(raw),
		TEST(frees_inside),
		TEST(implicit_tls),
		TEST(starttls),
		TEST(injected),
		TEST(handshake_refused),
		TEST(handshake_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
