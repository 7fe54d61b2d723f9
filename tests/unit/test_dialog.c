/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole dialogues in the memory world with peers of a few lines: each row
 * says what the peer does and which lines and facts must come, in this order,
 * and which must not. Handshakes are tested with the practice peers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "practice/world_memory.h"
#include "talk/talk.h"
#include "talk_kit.h"

/* What a peer says when a line begins with a word; "!close" "!reset". */
struct rule {
	const char *on, *say;
};

struct peer {
	const char *greeting;
	int greet_ms;
	struct rule rules[12];
	int drip;		/* one byte a second of the greeting, n times */
	size_t flood;		/* bytes of 'x' without an end */
};

struct seat {
	const struct peer *peer;
	struct mem_conn *conn;
	struct buf in;
	int dripped;
};

static void
say(struct mem_conn *c, const char *text, int64_t delay)
{
	if (strcmp(text, "!close") == 0)
		mem_conn_close(c, delay);
	else if (strcmp(text, "!reset") == 0)
		mem_conn_reset(c, delay);
	else if (text[0] != '\0')
		mem_conn_send(c, text, strlen(text), delay);
}

static void
drip(void *ctx)
{
	struct seat *s = ctx;

	if (s->dripped < s->peer->drip) {
		mem_conn_send(s->conn, &"HTTP/1.1 2"[s->dripped < 10 ?
		    s->dripped : 9], 1, 0);
		s->dripped++;
		mem_conn_after(s->conn, NSEC_PER_SEC, drip);
	}
}

static void *
peer_accept(void *ctx, struct mem_conn *c)
{
	struct seat *s = xcalloc(1, sizeof(*s));

	s->peer = ctx;
	s->conn = c;
	buf_init(&s->in, 0);
	if (s->peer->greeting != NULL)
		say(c, s->peer->greeting, s->peer->greet_ms * MS);
	if (s->peer->flood > 0) {
		char *x = xmalloc(s->peer->flood);

		memset(x, 'x', s->peer->flood);
		mem_conn_send(c, x, s->peer->flood, 0);
		free(x);
	}
	if (s->peer->drip > 0)
		mem_conn_after(c, NSEC_PER_SEC, drip);
	return s;
}

static void
answer(struct seat *s, const char *line)
{
	for (int i = 0; i < 12 && s->peer->rules[i].on != NULL; i++) {
		const struct rule *r = &s->peer->rules[i];

		if (strncmp(line, r->on, strlen(r->on)) != 0)
			continue;
		say(s->conn, r->say, 0);
		return;
	}
}

static void
peer_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	struct seat *s = ctx;
	char *lf;

	(void)c;
	buf_add(&s->in, data, n);
	while (s->in.len > 0 &&
	    (lf = strchr((char *)s->in.data, '\n')) != NULL) {
		*lf = '\0';
		answer(s, (char *)s->in.data);
		buf_drop(&s->in, (size_t)(lf + 1 - (char *)s->in.data));
	}
}

static void
peer_closed(void *ctx, struct mem_conn *c)
{
	struct seat *s = ctx;

	(void)c;
	buf_free(&s->in);
	free(s);
}

struct row {
	const char *name;
	bool smtp;
	enum track_proto box;	/* instead: POP3, IMAP */
	struct peer peer;
	int tries;
	bool rcpt;
	struct mem_fault faults[3];
	int nfaults;
	const char *want[20];
	const char *never[5];
	bool nobody;		/* no listener: RST */
	const char *cancel_on;
	int cancels;
	const char *free_on;
	int max_ms;		/* of the whole; 0 = 1000 */
	int probe_ms;		/* limit of the probe; 0: the usual */
	struct talk *(*start)(const struct talk_params *,
	    const struct talk_hooks *);		/* NULL: SMTP or HTTP */
};

static void
fill_params(struct talk_params *p, struct run *r, const struct row *row)
{
	memset(p, 0, sizeof(*p));
	p->loop = r->loop;
	p->timeouts = &r->timeouts;
	addr_parse(&p->to.addr, "2001:db8::80");
	p->to.port = row->smtp ? 25 : 80;
	p->name = "www.example.jp";
	p->tls = TALK_PLAIN;
	p->tries = row->tries == 0 ? 1 : row->tries;
	p->path = "/x?y";
	p->agent = "tadoru-test";
	p->helo = "probe.example.net";
	if (row->rcpt) {
		p->mail_from = "";
		p->rcpt = "postmaster@example.jp";
	}
}

static void
run_start(struct run *r, const struct row *row)
{
	struct mem_peer peer = { .ctx = (void *)(uintptr_t)&row->peer,
	    .accept = peer_accept, .data = peer_data, .closed = peer_closed };
	struct talk_hooks hooks = kit_hooks(r);
	struct talk_params p;

	memset(r, 0, sizeof(*r));
	buf_init(&r->log, 0);
	r->world = memory_new(1, 1795000000);
	memory_rtt(r->world, 40 * MS);
	r->loop = loop_new(r->world);
	timeouts_init(&r->timeouts, 1.0);
	if (row->probe_ms != 0)
		r->timeouts.probe = row->probe_ms * MS;
	fill_params(&p, r, row);
	if (row->nobody)
		memory_host(r->world, &p.to.addr);
	else
		memory_listen(r->world, &p.to, true, &peer);
	for (int i = 0; i < row->nfaults; i++)
		memory_fault(r->world, &row->faults[i]);
	r->cancel_on = row->cancel_on;
	r->cancels = row->cancels;
	r->free_on = row->free_on;
	r->starting = true;
	r->talk = row->box == TRACK_POP3 ? pop3_start(&p, &hooks) :
	    row->box == TRACK_IMAP ? imap_start(&p, &hooks) :
	    row->smtp ? smtp_start(&p, &hooks) : http_start(&p, &hooks);
	r->starting = false;
}

static int
check(const struct row *row)
{
	struct run r;
	int64_t took;
	int wrong;

	run_start(&r, row);
	took = loop_now(r.loop);
	loop_run(r.loop);
	took = (loop_now(r.loop) - took) / MS;
	wrong = look(row->name, row->want, row->never, buf_str(&r.log));
	if (took > (row->max_ms == 0 ? 1000 : row->max_ms)) {
		print_error("%s: took %ld ms\n", row->name, (long)took);
		wrong++;
	}
	if (wrong > 0)
		print_error("%s\n", buf_str(&r.log));
	assert_true(r.done);
	assert_null(r.talk);
	buf_free(&r.log);
	loop_free(r.loop);
	world_free(r.world);
	return wrong;
}

#define LOST(a, b) { .proto = 6, .first = a, .last = b, .kind = MEM_SILENT }
#define RST(a, b) { .proto = 6, .first = a, .last = b, .kind = MEM_REFUSED }
#define BODY "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n" \
	"Set-Cookie: id=s3cret; Path=/\r\n\r\n<title>Hello</title>\nline\n"

static char many_headers[8 * 1024] = "HTTP/1.1 200 OK\r\n";
static char many_lines[8 * 1024];
static char big_body[(1u << 20) + 8192] = "HTTP/1.1 200 OK\r\n\r\n";
static char long_line[9000] = "220 ";
/* Behind a greeting what nobody asked for: lines, bytes. */
static char smtp_lines[8 * 1024] = "220 x\r\n";
static char pop3_lines[8 * 1024] = "+OK x\r\n";
static char imap_lines[8 * 1024] = "* OK x\r\n";
static char smtp_bytes[400 * 1024] = "220 x\r\n";
static char pop3_bytes[400 * 1024] = "+OK x\r\n";
static char imap_bytes[400 * 1024] = "* OK x\r\n";

static void
fill(char *text, size_t times, size_t len)
{
	char *at = text + strlen(text);

	while (times-- > 0) {
		memset(at, 'y', len);
		memcpy(at + len, "\r\n", 3);
		at += len + 2;
	}
}

static void
fill_buffers(void)
{
	fill(smtp_lines, 400, 5);
	fill(pop3_lines, 400, 5);
	fill(imap_lines, 400, 5);
	fill(smtp_bytes, 49, 8000);
	fill(pop3_bytes, 49, 8000);
	fill(imap_bytes, 49, 8000);
	for (int i = 0; i < 250; i++) {
		strcat(many_headers, "A: b\r\n");
		strcat(many_lines, "220-x\r\n");
	}
	memset(big_body + strlen(big_body), 'x',
	    sizeof(big_body) - strlen(big_body) - 1);
	memset(long_line + 4, 'y', sizeof(long_line) - 7);
	strcat(long_line, "\r\n");
}

static const struct row http_rows[] = {
	{ .name = "sound", .peer.rules = { { "Connection", BODY } },
	  .tries = 2,
	  .want = { "1 === trying{\"addr\":\"2001:db8::80\",\"port\":80}\n",
	    "1 === connected{\"ms\":40.0}\n",
	    "1 fact connect {\"local\":", "\"ms\":40.0,\"ok\":true,",
	    "\"round\":1,\"start\":0.0}\n", "1 -> GET /x?y HTTP/1.1\n"
	    "1 -> Host: www.example.jp\n1 -> User-Agent: tadoru-test\n"
	    "1 -> Accept: */*\n1 -> Connection: close\n1 -> \n",
	    "1 <- HTTP/1.1 200 OK\n1 <- Content-Length: 26\n"
	    "1 <- Set-Cookie: ********; Path=/\n1 <- \n"
	    "1 <- <title>Hello</title>\n1 <- line\n",
	    "1 fact http {\"body\":26,\"complete\":true,\"headers\":2,"
	    "\"ms\":40.0,\"reason\":\"OK\",\"status\":200,\"title\":\"Hello\","
	    "\"version\":\"1.1\"}\n1 ended\n2 begins\n2 === trying",
	    "2 fact connect", "2 ended\ndone ok at" },
	  .never = { "s3cret", "3 begins", "2 ->" } },
	{ .name = "refused", .nobody = true, .tries = 3,
	  .want = { "1 === refused{}", "1 fact connect {\"cause\":\"refused\"",
	    "2 begins", "2 === refused", "3 === refused",
	    "done refused at" }, .never = { "4 " } },
	{ .name = "silent", .tries = 3, .nfaults = 1, .faults = { LOST(0, 0) },
	  .want = { "1 === trying", "2 === trying", "3 === trying",
	    "1 === timeout{\"s\":4.0}", "2 === timeout{\"s\":2.9}",
	    "3 === timeout{\"s\":1.8}", "done timeout" },
	  .never = { "4 begins" }, .max_ms = 4000 },
	{ .name = "first lost", .tries = 3, .nfaults = 1,
	  .peer.rules = { { "Connection", BODY } },
	  .faults = { LOST(1, 1) },
	  .want = { "2 === trying", "2 === connected", "1 === timeout",
	    "1 fact connect {\"cause\":\"timeout\"", "\"ok\":false",
	    "2 -> GET", "2 fact http", "3 begins", "3 === connected",
	    "4 begins", "\"round\":2,\"start\":4.", "5 begins", "6 begins",
	    "7 fact connect", "done ok" },
	  .never = { "8 begins", "3 -> " }, .max_ms = 9000 },
	{ .name = "first refused", .tries = 3, .nfaults = 1,
	  .peer.rules = { { "Connection", BODY } }, .faults = { RST(1, 1) },
	  .want = { "1 === refused", "2 -> GET", "3 === connected",
	    "7 === connected", "done ok" }, .max_ms = 8000 },
	{ .name = "unreachable", .tries = 1, .nfaults = 1,
	  .faults = { { .proto = 6, .kind = MEM_ICMP, .icmp_type = 1,
	    .icmp_code = 3, .sender = { 6, { 0x20, 1, 0xd, 0xb8, 1 } } } },
	  .want = { "1 === unreachable{\"icmp\":\"", "\"sender\":\"2001:db8:",
	    "done unreachable" } },
	{ .name = "prohibited", .tries = 1, .nfaults = 1,
	  .faults = { { .proto = 6, .kind = MEM_ICMP, .icmp_type = 1,
	    .icmp_code = 1, .sender = { 6, { 0x20, 1, 0xd, 0xb8, 1 } } } },
	  .want = { "1 === prohibited", "done prohibited" } },
	{ .name = "garbled", .peer.rules = { { "GET", "SSH-2.0-x\r\n" } },
	  .want = { "1 <** SSH-2.0-x", "fact garbled {\"why\":\"not-http\"}",
	    "done garbled" }, .never = { "fact http" } },
	{ .name = "tls port", .peer.rules = { { "GET", "\025\003\001\002" } },
	  .want = { "1 <** \\x15\\x03", "{\"why\":\"tls-on-plain-port\"}",
	    "done garbled" } },
	{ .name = "stalls", .peer.rules = { { "GET",
	    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc" } },
	  .want = { "1 <- abc", "1 === stalled{\"bytes\":",
	    "fact stalled {\"bytes\":41,\"where\":\"body\"}",
	    "\"complete\":false", "done stalled" }, .max_ms = 15100 },
	{ .name = "says nothing", .want = {
	    "fact stalled {\"bytes\":0,\"where\":\"status\"}",
	    "done stalled" }, .never = { "fact http" }, .max_ms = 15100 },
	{ .name = "drips", .peer.drip = 50, .want = {
	    "\"where\":\"status\"}", "done stalled" }, .max_ms = 15100 },
	{ .name = "floods", .peer.flood = 10u << 20, .want = {
	    "fact garbled", "done garbled" } },
	{ .name = "closes", .peer.rules = { { "GET", "!close" } },
	  .want = { "1 === closed", "{\"why\":\"closed-early\"}",
	    "done closed" } },
	{ .name = "resets in body", .peer.rules = { { "GET",
	    "HTTP/1.1 200 OK\r\n\r\nab" }, { "Connection", "!reset" } },
	  .want = { "{\"why\":\"closed-early\"}", "\"complete\":false",
	    "done closed" } },
	{ .name = "body to the end", .peer.rules = { { "GET",
	    "HTTP/1.0 200 OK\r\n\r\nab\033" }, { "Connection", "!close" } },
	  .want = { "1 <- ab\\x1b", "\"complete\":true", "done ok" } },
	{ .name = "headers", .peer.rules = { { "GET", many_headers } },
	  .want = { "1 === limit{\"what\":\"headers\"}",
	    "fact limit {\"at\":", "\"complete\":false", "done garbled" },
	  .never = { "fact garbled" } },
	{ .name = "body", .peer.rules = { { "GET", big_body } },
	  .want = { "1 <- xxxx", "1 === body{\"bytes\":",
	    "limit{\"what\":\"body\"}",
	    "\"complete\":false", "done ok" } },
	{ .name = "probe limit", .probe_ms = 5000, .want = {
	    "limit {\"at\":5000,\"what\":\"probe\"}", "1 ended",
	    "done stalled" }, .max_ms = 5001 },
	{ .name = "probe limit in a repeat", .probe_ms = 2000, .tries = 2,
	  .peer.rules = { { "Connection", BODY } }, .nfaults = 1,
	  .faults = { LOST(2, 2) }, .want = { "2 begins",
	    "2 fact connect {\"cause\":\"interrupted\"", "done ok" },
	  .never = { "limit" }, .max_ms = 2001 },
	{ .name = "cancelled", .cancel_on = "connected", .cancels = 1,
	  .want = { "1 ended", "done interrupted" } },
	{ .name = "cancelled while trying", .cancel_on = "2 begins",
	  .cancels = 1, .tries = 3, .nfaults = 1, .faults = { LOST(0, 0) },
	  .want = { "1 fact connect {\"cause\":\"interrupted\"", "2 fact",
	    "done interrupted" }, .never = { "timeout" }, .max_ms = 1200 },
	{ .name = "freed at a line", .free_on = "-> Host",
	  .want = { "-> GET" }, .never = { "Agent", "done" } },
	{ .name = "freed at a fact", .free_on = "fact connect",
	  .want = { "connected" }, .never = { "GET", "done" } },
};

static void
http_dialogues(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(http_rows) / sizeof(http_rows[0]); i++)
		wrong += check(&http_rows[i]);
	assert_int_equal(wrong, 0);
}

#define CAPS "250-mx.example.jp\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"
#define QUIT { "QUIT", "221 2.0.0 bye\r\n" }

static const struct row smtp_rows[] = {
	{ .name = "sound", .smtp = true, .rcpt = true,
	  .peer = { .greeting = "220 mx.example.jp ESMTP\r\n", .rules = {
	    { "EHLO", CAPS }, { "MAIL", "250 2.1.0 ok\r\n" },
	    { "RCPT", "250 2.1.5 ok\r\n" }, { "RSET", "250 2.0.0 ok\r\n" },
	    QUIT } },
	  .want = { "1 <- 220 mx.example.jp ESMTP\n",
	    "fact reply {\"all\":\"mx.example.jp ESMTP\",\"code\":220,"
	    "\"enhanced\":\"\",\"lines\":1,\"ms\":", "\"verb\":\"banner\"}",
	    "-> EHLO probe.example.net", "<- 250 STARTTLS",
	    "\"lines\":3,\"ms\":40.0", "\"verb\":\"EHLO\"",
	    "fact caps {\"list\":[\"SIZE 1000\",\"STARTTLS\"],\"tls\":false}",
	    "-> MAIL FROM:<>", "-> RCPT TO:<postmaster@example.jp>",
	    "\"enhanced\":\"2.1.5\"", "-> RSET", "-> QUIT", "\"code\":221",
	    "1 ended\ndone ok" }, .never = { "STARTTLS\n1 ~>", "begins" } },
	{ .name = "no rcpt", .smtp = true,
	  .peer = { .greeting = "220 x\r\n", .rules = { { "EHLO", CAPS },
	    QUIT } },
	  .want = { "-> EHLO", "-> QUIT", "done ok" },
	  .never = { "MAIL", "RSET" } },
	{ .name = "slow banner, old server", .smtp = true, .rcpt = true,
	  .peer = { .greeting = "220 x\r\n", .greet_ms = 20000, .rules = {
	    { "EHLO", "502 5.5.2 what\r\n" }, { "HELO", "250 hi\r\n" },
	    { "MAIL", "250 ok\r\n" }, { "RCPT", "550 5.1.1 no\r\n" },
	    { "RSET", "250 ok\r\n" }, QUIT } },
	  .want = { "\"ms\":20040.0", "-> HELO", "-> MAIL", "-> RCPT",
	    "\"code\":550,\"enhanced\":\"5.1.1\"", "-> RSET", "-> QUIT",
	    "done ok" }, .max_ms = 21000 },
	{ .name = "mail refused", .smtp = true, .rcpt = true,
	  .peer = { .greeting = "220 x\r\n", .rules = { { "EHLO", CAPS },
	    { "MAIL", "530 5.7.0 first\r\n" }, QUIT } },
	  .want = { "-> MAIL", "-> QUIT", "done ok" },
	  .never = { "RCPT", "RSET" } },
	{ .name = "banner 554", .smtp = true, .peer = {
	    .greeting = "554-no\r\n554 your IP is blocked\r\n",
	    .rules = { QUIT } },
	  .want = { "\"all\":\"no your IP is blocked\",\"code\":554",
	    "-> QUIT", "done ok" }, .never = { "EHLO" } },
	{ .name = "421", .smtp = true, .peer = { .greeting = "220 x\r\n",
	    .rules = { { "EHLO", "421 4.7.0 slow down\r\n" } } },
	  .want = { "\"code\":421", "done closed" }, .never = { "QUIT" } },
	{ .name = "garbled", .smtp = true, .peer = {
	    .greeting = "HTTP/1.1 400 Bad\r\n" },
	  .want = { "1 <** HTTP/1.1 400 Bad",
	    "garbled {\"verb\":\"banner\",\"why\":\"not-smtp\"}",
	    "done garbled" }, .never = { "EHLO" } },
	{ .name = "tls on plain port", .smtp = true, .peer = {
	    .greeting = "\025\003\001", .rules = { { "x", "" } }, },
	  .want = { "1 <** \\x15\\x03\\x01", "tls-on-plain-port",
	    "done garbled" }, .max_ms = 60100 },
	{ .name = "silent", .smtp = true,
	  .want = { "1 === timeout{\"s\":60.0}",
	    "fact silent {\"ms\":60000.0,\"verb\":\"banner\"}", "done " },
	  .never = { "->" }, .max_ms = 60100 },
	{ .name = "stops", .smtp = true, .peer = { .greeting = "220 x\r\n",
	    .rules = { { "EHLO", "250-a\r\n" } } },
	  .want = { "fact silent {\"ms\":15000.0,\"verb\":\"EHLO\"}" },
	  .never = { "QUIT" }, .max_ms = 15200 },
	{ .name = "closes", .smtp = true, .peer = { .greeting = "220 x\r\n",
	    .rules = { { "EHLO", "!close" } } },
	  .want = { "1 === closed", "fact closed {\"verb\":\"EHLO\"}",
	    "done closed" } },
	{ .name = "no goodbye", .smtp = true, .peer = { .greeting =
	    "220 x\r\n", .rules = { { "EHLO", CAPS } } },
	  .want = { "-> QUIT", "1 === timeout{\"s\":1.0}", "done ok" },
	  .never = { "silent" }, .max_ms = 1200 },
	{ .name = "unasked", .smtp = true, .peer = { .greeting =
	    "220 x\r\n220 y\r\n", .rules = { { "EHLO", CAPS }, QUIT } },
	  .want = { "<- 220 x", "<** 220 y", "\"why\":\"unasked\"", "-> EHLO",
	    "done ok" } },
	{ .name = "421 behind", .smtp = true, .peer = { .greeting =
	    "220 x\r\n421 y\r\n" },
	  .want = { "<- 220 x", "<** 421 y", "\"code\":421",
	    "done closed" }, .never = { "EHLO" } },
	{ .name = "lines", .smtp = true, .peer.greeting = many_lines,
	  .want = { "limit {\"at\":200,\"what\":\"lines\"}",
	    "done garbled" } },
	{ .name = "long line", .smtp = true, .peer = { .greeting = long_line,
	    .rules = { { "EHLO", CAPS }, QUIT } },
	  .want = { "limit {\"at\":8997,\"what\":\"line\"}", "<- 220 yyy",
	    "-> EHLO", "done ok" } },
	{ .name = "drips", .smtp = true, .peer.drip = 100,
	  .want = { "done " }, .max_ms = 60100 },
	{ .name = "floods", .smtp = true, .peer.flood = 10u << 20,
	  .want = { "limit {\"at\":", "\"what\":\"reply\"}",
	    "done garbled" }, .max_ms = 1100 },
	{ .name = "first lost", .smtp = true, .tries = 3, .nfaults = 1,
	  .faults = { LOST(1, 1) }, .peer = { .greeting = "220 x\r\n",
	    .rules = { { "EHLO", CAPS }, QUIT } },
	  .want = { "1 === timeout", "2 -> EHLO", "2 -> QUIT", "2 ended",
	    "3 begins", "\"round\":2", "6 === connected", "done ok" },
	  .never = { "7 begins", "3 <-", "3 ->" }, .max_ms = 8000 },
	{ .name = "cancelled in EHLO", .smtp = true, .cancel_on = "-> EHLO",
	  .cancels = 1, .peer = { .greeting = "220 x\r\n", .rules = {
	    { "EHLO", CAPS }, QUIT } },
	  .want = { "-> EHLO", "-> QUIT", "<- 221", "done interrupted" } },
	{ .name = "cancelled, no goodbye", .smtp = true,
	  .cancel_on = "-> EHLO", .cancels = 1,
	  .peer.greeting = "220 x\r\n",
	  .want = { "-> QUIT", "done interrupted" }, .max_ms = 1100 },
	{ .name = "cancelled before the banner", .smtp = true,
	  .cancel_on = "connected", .cancels = 1,
	  .want = { "done interrupted" }, .never = { "QUIT" },
	  .max_ms = 100 },
	{ .name = "freed in a reply", .smtp = true, .free_on = "fact reply",
	  .peer.greeting = "220 x\r\n", .want = { "fact reply" },
	  .never = { "EHLO", "done" } },
};

static void
smtp_dialogues(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(smtp_rows) / sizeof(smtp_rows[0]); i++)
		wrong += check(&smtp_rows[i]);
	assert_int_equal(wrong, 0);
}

static const struct row box_rows[] = {
	{ .name = "pop3", .box = TRACK_POP3, .peer = {
	    .greeting = "+OK hi\r\n", .rules = { { "CAPA",
	    "+OK\r\nTOP\r\n..SASL\r\n.\r\n" }, { "QUIT", "+OK\r\n" } } },
	  .want = { "<- +OK hi", "\"verb\":\"banner\"", "-> CAPA",
	    "<- ..SASL", "\"lines\":4,\"ms\":40.0", "\"verb\":\"CAPA\"",
	    "fact caps {\"list\":[\"TOP\",\".SASL\"],\"tls\":false}",
	    "-> QUIT", "\"verb\":\"QUIT\"", "done ok" } },
	{ .name = "pop3, unasked", .box = TRACK_POP3, .peer = {
	    .greeting = "+OK hi\r\n+OK x\r\n", .rules = { { "CAPA",
	    "-ERR\r\n" }, { "QUIT", "+OK\r\n" } } },
	  .want = { "<** +OK x", "\"why\":\"unasked\"", "-> CAPA",
	    "\"status\":\"ERR\"", "-> QUIT", "done ok" },
	  .never = { "fact caps" } },
	{ .name = "pop3, refused", .box = TRACK_POP3, .peer = {
	    .greeting = "-ERR [SYS/TEMP] later\r\n" },
	  .want = { "fact bye {\"code\":\"SYS/TEMP\",\"text\":\"later\"}",
	    "done closed" }, .never = { "->" } },
	{ .name = "pop3, plus", .box = TRACK_POP3, .peer = {
	    .greeting = "+OK\r\n", .rules = { { "CAPA", "+ what\r\n" },
	    { "QUIT", "+OK\r\n" } } },
	  .want = { "\"status\":\"+\"", "-> QUIT", "\"verb\":\"QUIT\"",
	    "done ok" } },
	{ .name = "pop3, half a line", .box = TRACK_POP3, .peer = {
	    .greeting = "+OK\r\n", .rules = { { "CAPA", "+OK" } } },
	  .want = { "<** +OK", "silent {\"ms\":15000.0,\"verb\":\"CAPA\"}",
	    "done stalled" }, .max_ms = 15200 },
	{ .name = "pop3, half a word", .box = TRACK_POP3, .peer = {
	    .greeting = "+OK\r\n", .rules = { { "CAPA", "250 x" } } },
	  .want = { "<** 250 x", "garbled {\"verb\":\"CAPA\",\"why\":"
	    "\"not-pop3\"}", "done garbled" }, .max_ms = 15200 },
	{ .name = "pop3, cancelled", .box = TRACK_POP3,
	  .cancel_on = "-> CAPA", .cancels = 1, .peer = {
	    .greeting = "+OK\r\n", .rules = { { "CAPA", "+OK\r\n.\r\n" },
	    { "QUIT", "+OK\r\n" } } },
	  .want = { "-> CAPA", "-> QUIT", "done interrupted" },
	  .never = { "fact caps" } },
	{ .name = "imap", .box = TRACK_IMAP, .peer = {
	    .greeting = "* OK hi\r\n", .rules = { { "a1 CAPABILITY",
	    "* CAPABILITY IMAP4rev1 ID\r\n* X {12}\r\n* BYE\r\n"
	    "a1 OK)\r\na1 OK\r\n" },
	    { "a2 LOGOUT", "* BYE\r\na2 OK\r\n" } } },
	  .want = { "\"verb\":\"banner\"", "-> a1 CAPABILITY",
	    "fact caps {\"list\":[\"IMAP4rev1\",\"ID\"],\"tls\":false}",
	    "\"verb\":\"CAPABILITY\"", "-> a2 LOGOUT",
	    "\"verb\":\"LOGOUT\"", "done ok" }, .never = { "fact bye" } },
	{ .name = "imap, bye behind", .box = TRACK_IMAP, .peer = {
	    .greeting = "* OK hi\r\n* BYE [UNAVAILABLE] full\r\n" },
	  .want = { "<** * BYE", "fact bye {\"code\":\"UNAVAILABLE\","
	    "\"text\":\"full\"}", "done closed" }, .never = { "->" } },
	{ .name = "imap, bye amid", .box = TRACK_IMAP, .peer = {
	    .greeting = "* OK hi\r\n", .rules = { { "a1",
	    "* BYE full\r\na1 NO\r\n" } } },
	  .want = { "fact bye {\"code\":\"\",\"text\":\"full\"}",
	    "done closed" }, .never = { "LOGOUT" } },
	{ .name = "imap, news unasked", .box = TRACK_IMAP, .peer = {
	    .greeting = "* OK hi\r\n* 3 EXISTS\r\n* OK still here\r\n",
	    .rules = { { "a1", "a1 OK\r\n* 1 RECENT\r\n" },
	    { "a2 LOGOUT", "* BYE\r\na2 OK\r\n" } } },
	  .want = { "<- * 3 EXISTS", "<- * OK still here", "<- * 1 RECENT",
	    "-> a2 LOGOUT", "done ok" }, .never = { "garbled" } },
	{ .name = "imap, no news", .box = TRACK_IMAP, .peer = {
	    .greeting = "* OK hi\r\na7 OK\r\n",
	    .rules = { { "a1", "a1 OK\r\n" },
	    { "a2 LOGOUT", "* BYE\r\na2 OK\r\n" } } },
	  .want = { "<** a7 OK", "\"why\":\"unasked\"", "done ok" } },
	{ .name = "imap, plus", .box = TRACK_IMAP, .peer = {
	    .greeting = "* OK hi\r\n", .rules = { { "a1", "+ go\r\n" },
	    { "a2", "a1 OK\r\n" } } },
	  .want = { "\"status\":\"+\"", "-> a2 LOGOUT", "<** a1 OK",
	    "\"verb\":\"LOGOUT\",\"why\":\"wrong-tag\"",
	    "done garbled" } },
};

static void
box_dialogues(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(box_rows) / sizeof(box_rows[0]); i++)
		wrong += check(&box_rows[i]);
	assert_int_equal(wrong, 0);
}

#define LINES \
	{ "\"why\":\"unasked\"", "limit {\"at\":201,\"what\":\"lines\"}", \
	    "done garbled" }
#define BYTES \
	{ "\"why\":\"unasked\"", "limit {\"at\":264066,\"what\":\"reply\"}", \
	    "done garbled" }

static const struct row unasked_rows[] = {
	{ .name = "smtp, lines", .smtp = true, .peer.greeting = smtp_lines,
	  .want = LINES, .never = { "->" } },
	{ .name = "pop3, lines", .box = TRACK_POP3,
	  .peer.greeting = pop3_lines, .want = LINES, .never = { "->" } },
	{ .name = "imap, lines", .box = TRACK_IMAP,
	  .peer.greeting = imap_lines, .want = LINES, .never = { "->" } },
	{ .name = "smtp, bytes", .smtp = true, .peer.greeting = smtp_bytes,
	  .want = BYTES },
	{ .name = "pop3, bytes", .box = TRACK_POP3,
	  .peer.greeting = pop3_bytes, .want = BYTES },
	{ .name = "imap, bytes", .box = TRACK_IMAP,
	  .peer.greeting = imap_bytes, .want = BYTES },
};

/* More than a reply may have, and nobody asked: it ends the dialogue. */
static void
unasked_dialogues(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(unasked_rows) / sizeof(unasked_rows[0]);
	    i++)
		wrong += check(&unasked_rows[i]);
	assert_int_equal(wrong, 0);
}

/* Cancel twice: no goodbye is waited for. */
static void
cancel_twice(void **state)
{
	static const struct row row = { .smtp = true,
	    .peer.greeting = "220 x\r\n" };
	struct run r;
	int64_t begun;

	(void)state;
	run_start(&r, &row);
	begun = loop_now(r.loop);
	talk_cancel(r.talk);
	assert_false(r.done);
	talk_cancel(r.talk);
	assert_false(r.done);
	loop_run(r.loop);
	assert_true(r.done);
	assert_true(loop_now(r.loop) - begun < 10 * MS);
	buf_free(&r.log);
	loop_free(r.loop);
	world_free(r.world);
}

struct stop {
	struct run *run;
};

static void
stop(void *ctx)
{
	struct run *r = ((struct stop *)ctx)->run;

	r->done = true;
	talk_free(r->talk);
	r->talk = NULL;
}

/* Free at any time: nothing leaks, nothing is called any more. */
static void
free_any_time(void **state)
{
	(void)state;
	for (int ms = 0; ms < 320; ms += 10) {
		struct run r;
		struct stop s = { &r };

		run_start(&r, ms % 20 == 0 ? &smtp_rows[0] : &http_rows[0]);
		loop_timer(r.loop, ms * MS, stop, &s);
		loop_run(r.loop);
		if (r.talk != NULL)
			talk_free(r.talk);
		buf_free(&r.log);
		loop_free(r.loop);
		world_free(r.world);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_dialogues),
		cmocka_unit_test(smtp_dialogues),
		cmocka_unit_test(box_dialogues),
		cmocka_unit_test(unasked_dialogues),
		cmocka_unit_test(cancel_twice),
		cmocka_unit_test(free_any_time),
	};

	fill_buffers();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
