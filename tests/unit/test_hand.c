/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By hand in the memory world: scripts of typed lines against peers of a few
 * rules; which lines and remarks must come, in this order, and which must
 * not; and that no password is in anything that is kept or shown. A script
 * line that begins with "<<" is pasted, a bar in it ends a line; with "//" it
 * is no line, but the way the script is played, or asks what is hidden.
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
#include "diag/engine_hand.h"
#include "diag/record.h"
#include "practice/world_memory.h"
#include "ui/hand.h"
#include "ui/lines.h"
#include "ui/strings.h"

#define SECRET	"geheim-77"
#define READ_ONLY "//read-only\n"
/* While the password is asked for, another connection is opened. */
#define MEANWHILE "//meanwhile\n"

struct rule {
	const char *on, *say;
};

struct peer {
	const char *greeting;
	struct rule rules[16];
	bool echo;		/* repeat every line in an error */
};

struct seat {
	const struct peer *peer;
	struct mem_conn *conn;
	struct buf in;
};

static void *
peer_accept(void *ctx, struct mem_conn *c)
{
	struct seat *s = xcalloc(1, sizeof(*s));

	s->peer = ctx;
	s->conn = c;
	buf_init(&s->in, 0);
	if (s->peer->greeting != NULL)
		mem_conn_send(c, s->peer->greeting,
		    strlen(s->peer->greeting), 0);
	return s;
}

static void
answer(struct seat *s, const char *line)
{
	for (int i = 0; i < 16 && s->peer->rules[i].on != NULL; i++) {
		const struct rule *r = &s->peer->rules[i];

		if (strncmp(line, r->on, strlen(r->on)) != 0)
			continue;
		if (strcmp(r->say, "!close") == 0)
			mem_conn_close(s->conn, 0);
		else
			mem_conn_send(s->conn, r->say, strlen(r->say), 0);
		return;
	}
	if (s->peer->echo) {
		char *text = xasprintf("500 what is \"%s\"?\r\n", line);

		mem_conn_send(s->conn, text, strlen(text), 0);
		free(text);
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
		if (lf > (char *)s->in.data && lf[-1] == '\r')
			lf[-1] = '\0';
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

struct run {
	struct loop	*loop;
	struct engine	*engine;
	struct hand	*hand;
	struct buf	 log, record;
	const char	*script;	/* lines to come */
	bool		 over, unanswered, read_only;
	int64_t		 interrupt;	/* Ctrl-C then, ns; 0: never */
};

static void
on_say(void *ctx, enum hand_say how, const char *text)
{
	static const char *const marks[] = { "#", "##", "!!" };
	struct run *r = ctx;

	buf_printf(&r->log, "%s %s\n", marks[how], text);
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct run *r = ctx;
	char *line = record_line(ev);

	buf_printf(&r->record, "%s\n", line);
	free(line);
	if (ev->kind == EV_LINE && !ev->dns) {
		struct line_show show = { ev->dir, ev->tls, ev->dns,
			ev->data, ev->len, ev->full, ev->body };

		lines_render(&r->log, "", &show);
	}
	if (r->hand != NULL)
		hand_event(r->hand, s, ev);
}

static void
paste(struct run *r, char *text)
{
	for (char *c = text; (c = strchr(c, '|')) != NULL;)
		*c = '\n';
	hand_paste(r->hand, text);
}

static void
feed(void *ctx)
{
	struct run *r = ctx;

	while (!r->over && !hand_busy(r->hand)) {
		size_t n = strcspn(r->script, "\n");
		char *line;

		if (*r->script == '\0') {
			r->over = true;
			loop_stop(r->loop);
			return;
		}
		line = xstrndup(r->script, n);
		r->script += n + (r->script[n] == '\n');
		if (strncmp(line, "<<", 2) == 0)
			paste(r, line + 2);
		else if (strncmp(line, "//hidden ", 9) == 0)
			buf_printf(&r->log, "hidden from %zu, %sin history\n",
			    hand_hidden(r->hand, line + 9),
			    hand_memorable(r->hand, line + 9) ? "" : "not ");
		else if (strncmp(line, "//", 2) != 0)
			hand_line(r->hand, line);
		free(line);
	}
}

static void
interrupt(void *ctx)
{
	struct run *r = ctx;

	assert_true(hand_interrupt(r->hand));
	buf_adds(&r->log, "^C\n");
}

static void
on_idle(void *ctx)
{
	feed(ctx);
}

static void
on_ask(void *ctx, const char *prompt, bool secret)
{
	struct run *r = ctx;
	char *text = xstrdup(secret ? SECRET : strstr(prompt, "pasted") !=
	    NULL ? "y" : "taro");

	buf_printf(&r->log, "? %s\n", prompt);
	if (r->unanswered && secret)	/* another connection meanwhile */
		hand_line(r->hand, ":open smtp:[2001:db8::25]:143");
	hand_answer(r->hand, text);
	free(text);
}

static struct world *
world_with(const struct peer *peer)
{
	struct world *w = memory_new(1, 1795910400);
	struct mem_peer p = { (void *)(uintptr_t)peer, NULL, peer_accept,
		peer_data, peer_closed };
	struct sockname at;

	assert_int_equal(addr_parse(&at.addr, "2001:db8::25"), 0);
	for (int i = 0; i < 5; i++) {
		static const uint16_t ports[] = { 25, 80, 110, 143, 7 };

		at.port = ports[i];
		memory_listen(w, &at, true, &p);
	}
	memory_rtt(w, 20 * NSEC_PER_MSEC);
	return w;
}

/* The log of a script against a peer; *status is what it came to. */
static char *
play(const struct peer *peer, struct run set, int *status, char **record)
{
	struct world *w = world_with(peer);
	struct subject subject = { .input = (char *)(uintptr_t)"by hand",
		.name = (char *)(uintptr_t)"" };
	struct engine_opts opts = { .helo = "noc.example.net",
		.version = "0", .stay = true, .read_only = set.read_only };
	struct run r = set;
	struct hand_hooks hooks = { &r, on_say, NULL, on_ask, NULL, on_idle,
		NULL };

	strings_choose("en");
	strings_set_utf8(true);
	buf_init(&r.log, 0);
	buf_init(&r.record, 0);
	r.loop = loop_new(w);
	r.engine = engine_new(r.loop, &subject, &opts);
	engine_sink(r.engine, on_event, &r);
	engine_start_by_hand(r.engine);
	r.hand = hand_open(r.engine, NULL, 0, &hooks);
	if (r.interrupt > 0)
		loop_timer(r.loop, r.interrupt, interrupt, &r);
	feed(&r);
	while (!r.over)
		loop_run(r.loop);
	*status = hand_status(r.hand);
	hand_free(r.hand);
	engine_free(r.engine);
	loop_free(r.loop);
	world_free(w);
	if (record != NULL)
		*record = buf_steal(&r.record);
	buf_free(&r.record);
	return buf_steal(&r.log);
}

struct row {
	const char *name;
	const struct peer *peer;
	const char *script;
	int status;
	const char *want[16], *never[6];
};

static const struct peer smtp = { "220 mx.example.jp ESMTP\r\n", {
	{ "EHLO", "250-mx.example.jp\r\n250-STARTTLS\r\n"
	    "250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n" },
	{ "MAIL", "250 2.1.0 Ok\r\n" },
	{ "RCPT TO:<grey", "450 4.7.1 come back later\r\n" },
	{ "RCPT", "250 2.1.5 Ok\r\n" },
	{ "DATA", "354 go on\r\n" },
	{ ".", "250 2.0.0 queued\r\n" },
	{ "RSET", "250 Ok\r\n" },
	{ "AUTH LOGIN", "334 VXNlcm5hbWU6\r\n" },
	{ "ZW5k", "!close" },
	{ "QUIT", "221 bye\r\n" } }, true };
static const struct peer web = { NULL, {
	{ "Host:", "HTTP/1.1 404 Not Found\r\nServer: x\r\n"
	    "Set-Cookie: id=" SECRET "; Path=/\r\n\r\nnothing here\r\n" } },
	false };
static const struct peer page = { NULL, {
	{ "Host: a", "HTTP/1.1 200 OK\r\nSet-Cookie: id=" SECRET "\r\n"
	    " folded-" SECRET "\r\n\r\nCookie: flour, sugar\r\n"
	    " and butter\r\nX-API-Key: of this page\r\n" },
	{ "Host: b", "HTTP/1.1 200 OK\r\n\r\nendHTTP/1.1 200 OK\r\n"
	    "Set-Cookie: id=" SECRET "\r\n\r\nCookie: two\r\n" } }, false };
static const struct peer pop = { "+OK ready\r\n", {
	{ "CAPA", "+OK\r\nUSER\r\nTOP\r\nSASL PLAIN\r\n.\r\n" },
	{ "USER", "+OK\r\n" },
	{ "PASS " SECRET, "-ERR [AUTH] no \"" SECRET "\" for taro\r\n" },
	{ "QUIT", "+OK bye\r\n" } }, false };
static const struct peer echo = { "+OK ready\r\n", {
	{ "PASS " SECRET, "-ERR no " SECRET " Z2VoZWltLTc3 "
	    "AGJvYgBnZWhlaW0tNzc=\r\n" },
	{ "AUTH PLAIN", "+ \r\n" },
	{ "AGJvYgBnZWhlaW0tNzc=", "-ERR no AGJvYgBnZWhlaW0tNzc for bob\r\n" },
	{ "NOOP", "+OK " SECRET " Z2VoZWltLTc3\r\n" } }, false };
static const struct peer imap = {
	"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN ID] ready\r\n", {
	{ "a1 CAPA", "* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\na1 OK\r\n" },
	{ "a2 LOGIN", "a2 NO [AUTHENTICATIONFAILED] LOGIN \"taro\" \""
	    SECRET "\"\r\n" },
	{ "a3 LOGOUT", "* BYE\r\na3 OK\r\n" } }, false };
static const struct peer literal = { "* OK [CAPABILITY IMAP4rev1] ready\r\n", {
	{ "a1 LOGIN", "+ go on\r\n" },
	{ "taro {", "+ go on\r\n" },
	{ ":" SECRET, "a1 OK in\r\n" },
	{ ":close " SECRET, "a1 OK in\r\n" } }, false };
static const struct peer early = { "554 5.7.1 no\r\n", { { NULL, NULL } },
	false };

static const struct row rows[] = {
	{ "smtp, all met", &smtp, ":open smtp://[2001:db8::25]/\n"
	    ":expect 220\nEHLO noc.example.net\n:expect 250\n"
	    "MAIL FROM:<a@example.net>\n:expect 250 2.1.0\n"
	    "RCPT TO:<grey@example.jp>\n:expect 450\nQUIT\n:expect 221\n",
	    0, { "Connected", "<-  220 mx.example.jp",
	    "## 220  ready", "met: 220", " +> EHLO noc.example.net",
	    "<-  250-mx.example.jp", "<-  250 8BITMIME", "## 250  done",
	    "<-  250 2.1.0 Ok", "## 250 2.1.0  done",
	    " +> RCPT TO:<grey@example.jp>", "<-  450 4.7.1",
	    "## 450 4.7.1  come back later: greylisting; keep the same",
	    "met: 450", "<-  221 bye", "met: 221" },
	    { "!!", "<**", "Taken over", "at fault" } },
	{ "not met stops nothing", &smtp, ":open smtp://[2001:db8::25]/\n"
	    ":expect 554\nNOOP\n:expect ~what\n", 1,
	    { "not met: expected 554, last heard: 220 mx.example.jp ESMTP",
	    " +> NOOP", "met: ~what" }, { NULL } },
	{ "nobody there", &smtp, ":open smtp://[2001:db8::99]/\n"
	    ":expect 220\n", 3, { "Trying 2001:db8::99", "No answer",
	    "not met" }, { "Connected" } },
	{ "refused", &smtp, ":open smtps://[2001:db8::25]/\n:expect 220\n", 3,
	    { "Refused" }, { NULL } },
	{ "the message is content", &smtp, ":open smtp:[2001:db8::25]\n"
	    "EHLO x\nMAIL FROM:<>\nRCPT TO:<b@example.jp>\nDATA\n"
	    "Subject: dig www.example.jp\n\ndig www.example.jp aaaa\n"
	    "AUTH PLAIN me\n:stuff .dot\n.\n:expect 250 2.0.0\n", 0,
	    { " +> Subject: dig", " +>\n", " +> dig www.example.jp aaaa",
	    " +> AUTH PLAIN me", " +> ..dot", " +> .", "queued", "met" },
	    { "!!" } },
	{ "a colon goes out doubled", &smtp, ":open smtp:[2001:db8::25]\n"
	    "::x\n:nonsense\n:expct 2\n", 0, { " +> :x",
	    "!! no command :nonsense", "!! no command :expct; did you mean "
	    ":expect?" }, { NULL } },
	{ "raw bytes", &smtp, ":open smtp:[2001:db8::25]\n"
	    ":raw NO\\x4fP\n:raw \\r\\n\n:expect 500\n:raw \\q\n", 0,
	    { " +> NOOP\n", " +> \\x0d\\x0a", "500 what is \"NOOP\"", "met",
	    "!! expected \\r \\n \\t" }, { NULL } },
	{ "typed secrets", &smtp, ":open smtp:[2001:db8::25]\nEHLO x\n"
	    "AUTH PLAIN " SECRET "\nauth\tplain\t" SECRET "\n"
	    "PASS " SECRET "\n:raw PASS gehe\n:raw im-77\\r\\n\n"
	    "AUTH LOGIN\ndGFybw==\n" SECRET "\n*\nNOOP " SECRET "\nQUIT\n",
	    0, { " +> AUTH PLAIN ********", "what is \"AUTH PLAIN ********",
	    " +> auth\\x09plain\\x09********", " +> PASS ********",
	    "what is \"PASS ********", " +> PASS ********", " +> ********",
	    " +> AUTH LOGIN", "<-  334", " +> ********",
	    " +> NOOP ********", " +> QUIT" }, { "gehe", "im-77" } },
	{ "login", &smtp, ":open smtp:[2001:db8::25]\nEHLO x\n:login\n"
	    ":login clear\n:expect 500\nQUIT\n", 0, { "!! no TLS here",
	    "? login name", "? password", " +> AUTH PLAIN",
	    "<-  500 what is \"AUTH PLAIN\"", "met" }, { NULL } },
	{ "http", &web, ":open http://[2001:db8::25]/\nGET / HTTP/1.1\n"
	    "Host: www.example.jp\nAuthorization: Basic dGFybzpnZWhlaW0tNzc="
	    "\n\n:expect 404\n", 0, { " +> GET / HTTP/1.1",
	    " +> Host: www.example.jp", "Authorization: ********",
	    "<-  HTTP/1.1 404 Not Found", "## 404  not there",
	    "Set-Cookie: ", "met: 404" }, { "dGFybzpn" } },
	{ "a page is content", &page, ":open http:[2001:db8::25]\n"
	    "GET / HTTP/1.1\nHost: a\n\n:expect 200\n:wait 1\n"
	    "GET / HTTP/1.1\nHost: b\n\n:expect 200\n:wait 1\n", 0,
	    { "Set-Cookie: ********", "<-   ********",
	    "<-  Cookie: flour, sugar", "<-   and butter",
	    "<-  X-API-Key: of this page", "endHTTP/1.1 200 OK",
	    "Set-Cookie: ********", "<-  Cookie: two" }, { SECRET } },
	{ "pop3", &pop, ":open pop3://[2001:db8::25]\n:expect +OK\nCAPA\n"
	    "USER taro\n:expect +OK\nPASS " SECRET "\n:expect -ERR\nQUIT\n",
	    0, { "<-  +OK ready", " +> CAPA", "<-  SASL PLAIN", "<-  .",
	    " +> PASS ********", "<-  -ERR [AUTH] no \"********\"",
	    "## -ERR [AUTH]  credentials refused", "met", "bye" },
	    { SECRET, "<**" } },
	{ "echoes", &echo, ":open pop3://[2001:db8::25]\n:expect +OK\n"
	    "PASS " SECRET "\n:expect -ERR\n", 0, { " +> PASS ********",
	    "<-  -ERR no ******** ******** ********", "met" },
	    { SECRET, "AGJv" } },
	{ "echoes of a blob", &echo, ":open pop3://[2001:db8::25]\n"
	    "AUTH PLAIN\n:expect +\nAGJvYgBnZWhlaW0tNzc=\n:expect -ERR\n"
	    "NOOP\n:expect +OK\n", 0, { " +> ********",
	    "<-  -ERR no ******** for bob",
	    "<-  +OK ******** ********", "met" }, { SECRET, "AGJv" } },
	{ "echoes on another connection", &echo,
	    ":open pop3://[2001:db8::25]\nPASS " SECRET "\n:expect -ERR\n"
	    ":close\n:open pop3://[2001:db8::25]\n:expect +OK\nNOOP\n"
	    ":expect +OK ****\n", 0, { "Closed from here", "Connected",
	    "<-  +OK ******** ********", "met" }, { SECRET } },
	{ "imap", &imap, ":open imap://[2001:db8::25]\n:expect OK\n"
	    ":tag CAPABILITY\n:expect a1 OK\n:tag LOGIN taro " SECRET "\n"
	    ":expect NO\na3 LOGOUT\n:expect a3 OK\n", 0, {
	    " +> a1 CAPABILITY", "met: a1 OK", " +> a2 LOGIN ********",
	    "<-  a2 NO [AUTHENTICATIONFAILED] LOGIN \"taro\" \"********\"",
	    "## NO [AUTHENTICATIONFAILED]  wrong user name",
	    "met: NO", "<-  * BYE" }, { SECRET } },
	{ "plain lines", &early, ":open tcp://[2001:db8::25]:7\n"
	    ":expect 554\nhello\n:wait 2\n:close\nx\n", 0,
	    { "<-  554 5.7.1 no", "met", " +> hello", "Closed from here",
	    "!! not connected" }, { "##" } },
	{ "silence behind a line", &early, ":open tcp://[2001:db8::25]:7\n"
	    ":expect 554\nhello\n:expect 250\n", 1, { "met: 554",
	    " +> hello", "!! not met: expected 250, last heard: \n" },
	    { NULL } },
	{ "the last URL again", &smtp, ":open\n:open smtp:[2001:db8::25]\n"
	    ":expect 220\nNOOP 1\n:close\n:open \n:expect 220\nNOOP 2\n"
	    ":open\n:expect 220\nNOOP 3\n:open ftp:x\n:close\n:open\n"
	    ":expect 220\n", 0, { "!! nothing was opened yet: :open URL",
	    "Trying 2001:db8::25", "met: 220", " +> NOOP 1",
	    "Closed from here", "Trying 2001:db8::25", "met: 220",
	    " +> NOOP 2", "Closed from here", "Trying 2001:db8::25",
	    "met: 220", " +> NOOP 3", "!! ftp:x: expected", "Closed",
	    "Trying 2001:db8::25", "met: 220" }, { NULL } },
	{ "the last URL again, where nobody was", &smtp,
	    ":open smtp:[2001:db8::99]\n:expect 220\n:open\n:expect 220\n",
	    3, { "Trying 2001:db8::99", "No answer", "not met",
	    "Trying 2001:db8::99", "No answer" }, { "!! :" } },
	{ "a pasted openssl line again", &smtp, "openssl s_client -connect "
	    "[2001:db8::25]:25 -starttls smtp\n:wait 1\n:open\n:wait 1\n",
	    0, { " +> EHLO noc.example.net", " +> STARTTLS",
	    "Trying 2001:db8::25", " +> EHLO noc.example.net",
	    " +> STARTTLS" }, { NULL } },
	{ "not connected", &smtp, "EHLO x\n:close\n:cert\n:save\n:script\n",
	    0, { "!! not connected", "!! not connected", "!! there was no",
	    "!! nothing was said", "!! the dialogue is over" }, { NULL } },
	{ "addresses", &smtp, ":addr [2001:DB8:0::1]:25\n"
	    ":addr 192.0.2.1\n:addr 10.0.0.1/8\n:addr x\n", 0,
	    { "RFC 5952:  2001:db8::1", "in a URL:  http://[2001:db8::1]/",
	    "EHLO [IPv6:2001:db8::1]", "ip6.arpa", "documentation",
	    "2001:0db8:0000", "RFC 5952:  192.0.2.1",
	    "1.2.0.192.in-addr.arpa", "DNS64:     64:ff9b::c000:201",
	    "::ffff:192.0.2.1", "http://192.0.2.1.dns64/",
	    "10.0.0.0/8 is private", "!! x: expected an IP address" },
	    { NULL } },
	{ "explain", &smtp, ":explain 450 4.7.1\n:explain 550\n"
	    ":explain 421 4.7.0\n:explain AUTHENTICATIONFAILED\n"
	    ":explain nxdomain\n:explain web\n:explain zzz\n:base64 abc\n"
	    ":unbase64 YWJj\n:help\n", 0, { "## 450 4.7.1  come back",
	    "## 550  ", "## 421 4.7.0  ", "wrong user name",
	    "## nxdomain  ", "# web, every address", "!! no help on zzz",
	    "# YWJj", "# abc", "# :open [URL [ADDR]]",
	    "but for :close :raw :wait :expect :base64 :unbase64 :help :quit." }, { NULL } },
	{ "a pasted telnet line", &smtp,
	    "telnet \xef\xbc\xbb""2001:db8::25] 25\n:expect 220\n"
	    "openssl s_client -connect [2001:db8::25]:25 -starttls smtp\n",
	    0, { "put right (full-width letters): telnet [2001:db8::25] 25",
	    "met: 220", " +> EHLO noc.example.net", " +> STARTTLS" },
	    { NULL } },
	{ "repeat", &smtp, ":repeat 2\n:open smtp:[2001:db8::25]\nNOOP\n"
	    ":repeat 2\n", 0, { "!! nothing was said", " +> NOOP", "<-  500",
	    " +> NOOP", "<-  500", " +> NOOP", "<-  500" }, { NULL } },
	{ "a pasted line waits for the reply to the one before", &smtp,
	    ":open smtp:[2001:db8::25]\n:expect 220\n"
	    "<<EHLO x|MAIL FROM:<>|RCPT TO:<b@example.jp>|DATA|.|RSET\n"
	    ":expect 250 Ok\n", 0, { "? 6 lines pasted", " +> EHLO x",
	    "<-  250 8BITMIME", " +> MAIL", "<-  250 2.1.0", " +> RCPT",
	    "<-  250 2.1.5", " +> DATA", "<-  354", " +> .",
	    "<-  250 2.0.0", " +> RSET", "<-  250 Ok", "met: 250 Ok" },
	    { "!!" } },
	{ "nothing is repeated into a message", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\nMAIL FROM:<>\n"
	    "RCPT TO:<b@example.jp>\nDATA\n.\n:repeat 3\n.\nNOOP\n", 0,
	    { " +> DATA", " +> .", "queued", " +> DATA", "<-  354",
	    "!! not repeated", " +> .", "queued", " +> NOOP" },
	    { " +> DATA\n +> DATA" } },
	{ "nor a request among its fields", &web,
	    ":open http:[2001:db8::25]\nGET / HTTP/1.1\n:repeat 2\n"
	    "Host: www.example.jp\n:repeat 2\n\n:expect 404\n"
	    ":repeat 1\n", 0, { " +> GET / HTTP/1.1\n",
	    "!! not repeated: header fields", " +> Host:",
	    "!! not repeated: header fields", " +>\n", "404 Not Found",
	    "met: 404", " +> GET / HTTP/1.1\n" },
	    { " +> GET / HTTP/1.1\n +> GET", "jp\n +> GET",
	    "jp\n +> Host" } },
	{ "nor as the answer to a challenge", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\nAUTH LOGIN\n*\n"
	    ":repeat 3\n*\nNOOP\n", 0, { "<-  334", "<-  500",
	    " +> AUTH LOGIN", "<-  334", "!! not repeated", "<-  500",
	    " +> NOOP" }, { NULL } },
	{ "a pasted login: the next line is the password", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\n"
	    "<<:login clear taro|" SECRET "|NOOP 1|NOOP 2\n:expect 500\n", 0,
	    { "? 4 lines pasted", " +> AUTH PLAIN\n",
	    "<-  500 what is \"AUTH PLAIN\"", " +> NOOP 1\n",
	    " +> NOOP 2\n", "met: 500" },
	    { "? password", "? login", "!!" } },
	{ "a pasted login, the name asked for, too", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\n"
	    "<<:login clear|taro|" SECRET "\n:expect 500\n", 0,
	    { "? 3 lines pasted", " +> AUTH PLAIN\n", "met: 500" },
	    { "? password", "? login", "!!" } },
	{ "a pasted login as the last line asks", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\n"
	    "<<NOOP 1|:login clear taro\n:expect 500\n", 0,
	    { "? 2 lines pasted", " +> NOOP 1", "? password",
	    " +> AUTH PLAIN", "met: 500" }, { "!!" } },
	{ "a pasted login that cannot be ends the paste", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\n"
	    "<<:login taro|" SECRET "|NOOP\n:wait 1\n", 0,
	    { "? 3 lines pasted", "!! no TLS here",
	    "!! the lines pasted behind :login were not sent" },
	    { " +> NOOP", "AUTH PLAIN\n" } },
	{ "a paste waits for what it began", &smtp,
	    ":open smtp:[2001:db8::25]\n"
	    "<<EHLO x|:expect 250|NOOP|:expect 500|:expect 250\n", 1,
	    { " +> EHLO x", "met: 250", " +> NOOP", "met: 500",
	    "not met: expected 250" }, { NULL } },
	{ "a password asked for one connection is for no other", &smtp,
	    MEANWHILE ":open smtp:[2001:db8::25]\nEHLO x\n"
	    ":login clear taro\n:expect 220\nEHLO y\n", 0,
	    { "? password", "met: 220", " +> EHLO y" },
	    { "AUTH PLAIN\n" } },
	{ "a literal password that begins with a colon", &literal,
	    ":open imap://[2001:db8::25]\n:expect OK\na1 LOGIN {4}\n"
	    ":expect +\ntaro {10}\n:expect +\n:" SECRET "\n"
	    ":expect a1 OK\n", 0, { " +> a1 LOGIN ********", "met: +",
	    " +> ********", "met: +", " +> ********\n", "<-  a1 OK in",
	    "met: a1 OK" }, { "!!" } },
	{ "the same with a command's name, doubled", &literal,
	    ":open imap://[2001:db8::25]\n:expect OK\na1 LOGIN {4}\n"
	    ":expect +\ntaro {16}\n:expect +\n::close " SECRET "\n"
	    ":expect a1 OK\n", 0, { "met: +", " +> ********",
	    "met: +", " +> ********\n", "met: a1 OK" }, { "!!" } },
	{ "an unknown command where an answer is due", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\nAUTH LOGIN\n:expect 334\n"
	    ":" SECRET "\n:expect 500\n", 0, { "met: 334",
	    " +> ********", "met: 500" }, { "no command" } },
	{ "an answer begun when the connection went away", &smtp,
	    ":open smtp:[2001:db8::25]\nEHLO x\nAUTH LOGIN\n:expect 334\n"
	    "//hidden geheim\n//hidden :geheim\n//hidden :expect 3\n"
	    "ZW5k\n:wait 1\n//hidden geheim\n//hidden :geheim\n"
	    ":explain 421 4.7.0\n:" SECRET "\n:nonsense\n", 0,
	    { "hidden from 0, not in", "hidden from 0, not in",
	    "hidden from 9, not in", " +> ********", "=== Connection closed",
	    "hidden from 0, not in", "hidden from 0, not in",
	    "## 421 4.7.0", "!! not connected", "!! no command :nonsense" },
	    { NULL } },
	{ "read-only", &smtp, READ_ONLY ":open smtp:[2001:db8::25]\nEHLO x\n"
	    "MAIL FROM:<a@b>\n MAIL FROM:<a@b>\n\t DATA\n"
	    ":raw NOOP\\r\\nDATA\\r\\n\n:raw \\r\\n\\r\\n rcpt TO:<a>\\n\n"
	    ":raw DA\n:raw TA\\r\\n\n:raw \\r\\n\n:raw MA\nIL FROM:<a>\n"
	    ":raw X\n:raw Y\\r\\n\nNOOP last\n:expect ~last\n", 0,
	    { "!! --read-only", "!! --read-only", "!! --read-only",
	    "!! --read-only", "!! --read-only", " +> DA\n",
	    "!! --read-only", "!! --read-only", " +> NOOP last",
	    "met: ~last" }, { "+>  MAIL", "+> TA", "+> IL", "DATA\\x0d" } },
};

static bool
begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

static void
scripts_test(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		int status, before = wrong;
		struct run set = { .script = r->script,
			.read_only = begins(r->script, READ_ONLY),
			.unanswered = begins(r->script, MEANWHILE) };
		char *record, *log = play(r->peer, set, &status, &record);
		const char *at = log;

		if (status != r->status) {
			print_error("%s: status %d\n", r->name, status);
			wrong++;
		}
		for (int k = 0; k < 16 && r->want[k] != NULL; k++) {
			const char *found = strstr(at, r->want[k]);

			if (found == NULL) {
				print_error("%s: no \"%s\"\n", r->name,
				    r->want[k]);
				wrong++;
			} else
				at = found + strlen(r->want[k]);
		}
		for (int k = 0; k < 6 && r->never[k] != NULL; k++)
			if (strstr(log, r->never[k]) != NULL) {
				print_error("%s: \"%s\"\n", r->name,
				    r->never[k]);
				wrong++;
			}
		if (strstr(log, SECRET) != NULL ||
		    strstr(record, SECRET) != NULL ||
		    strstr(record, "Z2VoZWltLTc3") != NULL ||
		    strstr(record, "nZWhlaW0tNzc") != NULL) {
			print_error("%s: the password is told\n", r->name);
			wrong++;
		}
		if (wrong != before)
			print_error("%s\n", log);
		free(log);
		free(record);
	}
	assert_int_equal(wrong, 0);
}

/* When each line that begins so was typed, in seconds: how many. */
static size_t
typed_at(const char *record, const char *begin, double *at, size_t max)
{
	size_t n = 0;

	while (*record != '\0') {
		size_t len = strcspn(record, "\n");
		json_t *ev = json_loadb(record, len, 0, NULL);

		assert_non_null(ev);
		if (strcmp(json_str(ev, "ev"), "line") == 0 &&
		    strcmp(json_str(ev, "dir"), "hand") == 0 &&
		    strncmp(json_str(ev, "text"), begin, strlen(begin)) ==
		    0 && n < max)
			at[n++] = json_num(ev, "t", -1);
		json_decref(ev);
		record += len + (record[len] == '\n');
	}
	return n;
}

/* The same line again: four times a second at most, until Ctrl-C. */
static void
pace_test(void **state)
{
	static const char script[] = ":open smtp:[2001:db8::25]\nNOOP\n"
	    ":repeat 12\n";
	double at[32];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct run set = { .script = script,
			.interrupt = i == 0 ? 0 : 2 * NSEC_PER_SEC };
		int status;
		char *record, *log = play(&smtp, set, &status, &record);
		size_t n = typed_at(record, "NOOP", at, 32);

		if (i == 0)
			assert_int_equal(n, 13);
		else
			assert_in_range(n, 4, 9);
		for (size_t k = 1; k < n; k++)
			assert_true(at[k] - at[k - 1] > 0.249);
		free(log);
		free(record);
	}
}

/* Where the secret begins in what is typed or pasted. */
static void
hidden_test(void **state)
{
	static const struct { const char *text; size_t at; } all[] = {
		{ "NOOP", 4 }, { "PASS x", 5 }, { ":repeat 2 PASS x", 15 },
		{ "NOOP\nPASS x", 10 }, { "NOOP\r\nPASS x\nY", 11 },
		{ "NOOP\n:raw PASS x", 15 }, { "NOOP\na LOGIN b c", 13 },
		{ ":login\nbob\nhunter2", 7 }, { "A\n:login b\nc", 9 },
		{ "AUTH LOGIN\nYQ==\nYg==", 11 }, { "AUTH LOGIN", 10 },
		{ "a AUTHENTICATE PLAIN\nx", 21 }, { "AUTH PLAIN x", 11 },
		{ "A\nCookie: x", 10 }, { "EHLO x\nNOOP\nQUIT", 16 },
	};
	struct world *w = world_with(&smtp);
	struct subject subject = { .input = (char *)(uintptr_t)"by hand",
		.name = (char *)(uintptr_t)"" };
	struct engine_opts opts = { .version = "0", .stay = true };
	struct hand_hooks hooks = { NULL, NULL, NULL, NULL, NULL, NULL,
		NULL };
	struct loop *loop = loop_new(w);
	struct engine *e = engine_new(loop, &subject, &opts);
	struct hand *h;

	(void)state;
	engine_start_by_hand(e);
	h = hand_open(e, NULL, 0, &hooks);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (hand_hidden(h, all[i].text) != all[i].at)
			fail_msg("%s: %zu", all[i].text,
			    hand_hidden(h, all[i].text));
	hand_free(h);
	engine_free(e);
	loop_free(loop);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_test),
		cmocka_unit_test(pace_test),
		cmocka_unit_test(hidden_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
