/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Practice web and mail servers, spoken to line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "net/tls.h"
#include "peer_kit.h"
#include "practice/cert_peer.h"

#define WEB "192.0.2.80"
#define WEB6 "2001:db8:3::80"
#define MX "2001:db8:3::25"
#define GET "GET / HTTP/1.1\r\nHost: www.example.jp\r\n\r\n"

struct dialogue {
	const char	*change;	/* of the sound domain */
	const char	*at;
	unsigned	 port;
	const char	*say;		/* at once; lines for mail */
	int		 end;		/* 1 closed, -1 reset, 0 open */
	const char	*want;		/* somewhere in what came */
	const char	*not;		/* nowhere; may be NULL */
};

static const struct dialogue	dialogues[] = {
	{ "", WEB, 80, GET, 1, "HTTP/1.1 200 OK\r\n", NULL },
	{ "", WEB6, 80, GET, 1, "<title>www.example.jp</title>", NULL },
	{ "", WEB6, 80, "GET / HTTP/1.1\r\nHost: example.jp:80\r\n\r\n", 1,
	    "<title>example.jp</title>", NULL },
	{ "", WEB, 80, "GET / HTTP/1.1\r\n\r\n", 1, "HTTP/1.1 400 ", NULL },
	{ "", WEB, 80, "HEAD / HTTP/1.1\nHost: a\n\n", 1, "Content-Length: ",
	    "<title>" },
	{ "web www.example.jp " WEB " status 503", WEB, 80, GET, 1,
	    "HTTP/1.1 503 Service Unavailable", NULL },
	{ "web www.example.jp " WEB " status 503", WEB6, 80, GET, 1,
	    "HTTP/1.1 200", NULL },
	{ "web www.example.jp " WEB " redirect https://a.jp/x", WEB, 80, GET,
	    1, "301 Moved Permanently\r\n", NULL },
	{ "web www.example.jp " WEB " redirect https://a.jp/x", WEB, 80, GET,
	    1, "Location: https://a.jp/x\r\n", NULL },
	{ "web www.example.jp " WEB " to-https", WEB, 80, GET, 1,
	    "Location: https://www.example.jp/\r\n", NULL },
	{ "web www.example.jp " WEB " body \"<p>hi\\n\"", WEB, 80, GET, 1,
	    "Content-Length: 6\r\n", NULL },
	{ "fault http www.example.jp status 500", WEB, 80, GET, 1,
	    "HTTP/1.1 500 ", NULL },
	{ "fault http www.example.jp port 443 close", WEB, 80, GET, 1,
	    "HTTP/1.1 200 ", NULL },
	{ "fault http www.example.jp attempt 2 close", WEB, 80, GET, 1,
	    "HTTP/1.1 200 ", NULL },
	{ "fault http www.example.jp close", WEB, 80, GET, 1, "", "HTTP" },
	{ "fault http www.example.jp reset", WEB, 80, GET, -1, "", "HTTP" },
	{ "fault http www.example.jp stall", WEB, 80, GET, 0, "", "HTTP" },
	{ "fault http www.example.jp stall 10", WEB, 80, GET, 0,
	    "\r\n\r\ncccccccccc", "ccccccccccc" },
	{ "fault http www.example.jp cut 10", WEB, 80, GET, 1,
	    "Content-Length: 1010\r\n", NULL },
	{ "fault http www.example.jp garbled", WEB, 80, GET, 0, "\x16\x03",
	    "HTTP" },
	{ "fault http www.example.jp drip abc", WEB, 80, GET, 0, "abcx", NULL },
	{ "fault http www.example.jp escape", WEB, 80, GET, 1, "\033[31mOK",
	    NULL },
	{ "fault http www.example.jp bad-chunk", WEB, 80, GET, 1,
	    "hello\r\nzz\r\n", NULL },
	{ "fault http www.example.jp reply \"HTTP/1.0 204 x\\r\\n\\r\\n\"", WEB,
	    80, GET, 1, "HTTP/1.0 204 x\r\n\r\n", NULL },
	{ "fault tcp www.example.jp reset-after 20", WEB, 80, GET, -1,
	    "HTTP/1.1 200 OK\r\nSer", "Serv" },
	{ "web www.example.jp " WEB " long 3000", WEB, 80, GET, 1,
	    "Content-Length: 3013\r\n", NULL },
	{ "web www.example.jp " WEB " long 3000\n"
	    "fault tcp www.example.jp lost-over 1220", WEB, 80, GET, 0, "",
	    "H" },
	{ "fault tcp www.example.jp lost-over 1220", WEB, 80, GET, 1,
	    "HTTP/1.1 200 OK", NULL },
	{ "fault tcp www.example.jp stall-after 20", WEB, 80, GET, 0,
	    "HTTP/1.1 200 OK\r\nSer", "Serv" },
	{ "", MX, 25, "", 0, "220 mx1.example.jp ESMTP\r\n", NULL },
	{ "", MX, 25, "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.jp>\r\n"
	    "RSET\r\nQUIT\r\n", 1, "250-STARTTLS\r\n", "50" "3" },
	{ "", MX, 25, "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.jp>\r\n"
	    "DATA\r\nHello\r\n.\r\nQUIT\r\n", 1,
	    "354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok: queued", NULL },
	{ "", MX, 25, "MAIL FROM:<>\r\n", 0, "503 5.5.1", NULL },
	{ "", MX, 25, "HELO a\r\nRCPT TO:<>\r\n", 0, "503 5.5.1", NULL },
	{ "", MX, 25, "HELO a\r\nMAIL a\r\nFROB\r\nNOOP\r\nDATA\r\n", 0,
	    "501 5.5.4 Syntax: MAIL FROM:<address>\r\n502 5.5.2 Command not "
	    "recognized\r\n250 2.0.0 Ok\r\n503", NULL },
	{ "smtp mx1.example.jp " MX " no-starttls ext CHUNKING", MX, 25,
	    "EHLO a\r\nSTARTTLS\r\n", 0, "250-CHUNKING\r\n", "250-STARTTLS" },
	{ "smtp mx1.example.jp " MX " banner \"554 5.7.1 no\"", MX, 25, "", 1,
	    "554 5.7.1 no\r\n", NULL },
	{ "smtp mx1.example.jp " MX " mail \"451 4.3.0 later\"", MX, 25,
	    "EHLO a\r\nMAIL FROM:<>\r\n", 0, "451 4.3.0 later\r\n", NULL },
	{ "smtp mx1.example.jp " MX " rcpt \"550 5.1.1 who\"", MX, 25,
	    "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<x@a>\r\nRCPT x\r\n", 0,
	    "550 5.1.1 who\r\n501 5.5.4 Syntax: RCPT", NULL },
	{ "smtp mx1.example.jp " MX " greylist 300", MX, 25,
	    "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<x@a>\r\n", 0,
	    "450 4.2.0 Greylisted", NULL },
	{ "smtp mx1.example.jp " MX " port 587", MX, 587, "", 0, "220 mx1",
	    NULL },
	{ "fault smtp mx1.example.jp at ehlo reply \"421 4.3.2 down\"", MX, 25,
	    "EHLO a\r\nNOOP\r\n", 1, "421 4.3.2 down\r\n", "250" },
	{ "fault smtp mx1.example.jp at ehlo stall", MX, 25, "EHLO a\r\n", 0,
	    "220 ", "250" },
	{ "fault smtp mx1.example.jp at ehlo close", MX, 25, "EHLO a\r\n", 1,
	    "220 ", "250" },
	{ "fault smtp mx1.example.jp at banner reset", MX, 25, "", -1, "",
	    "220" },
	{ "fault smtp mx1.example.jp at banner garbled", MX, 25, "", 0,
	    "\x16\x03 no such", "220" },
	{ "fault smtp mx1.example.jp at banner bare-lf", MX, 25, "", 0,
	    "220 mx1.example.jp ESMTP\n", "\r\n" },
	{ "fault smtp mx1.example.jp at banner escape", MX, 25, "", 0,
	    "220 \033[2J", NULL },
	{ "fault smtp mx1.example.jp at banner drip \"220 slow\"", MX, 25, "",
	    0, "220 s", NULL },
	{ "fault smtp mx1.example.jp at starttls reply \"454 4.7.0 no\"", MX,
	    25, "EHLO a\r\nSTARTTLS\r\nNOOP\r\n", 0,
	    "454 4.7.0 no\r\n250 2.0.0 Ok\r\n", NULL },
	{ "fault smtp mx1.example.jp at starttls inject", MX, 25,
	    "EHLO a\r\nSTARTTLS\r\n", 0,
	    "220 2.0.0 Ready\r\n250 2.0.0 injected\r\n", NULL },
};

static void
services_speak(void **state)
{
	struct scenario	*s;
	struct world	*w;
	struct buf	 b;
	size_t		 i;
	int		 h, end;

	(void)state;
	for (i = 0; i < sizeof dialogues / sizeof *dialogues; i++) {
		const struct dialogue	*d = &dialogues[i];

		s = peer_scenario(peer_sound, d->change);
		w = peer_world(s);
		h = peer_open(w, d->at, d->port);
		assert_int_not_equal(h, -1);
		buf_init(&b, 0);
		peer_say(w, h, d->say);
		end = peer_read(w, h, &b, 8000);
		if (end != d->end || strstr(buf_str(&b), d->want) == NULL ||
		    (d->not != NULL && strstr(buf_str(&b), d->not) != NULL))
			fail_msg("%zu %s: %d\n%s", i, d->change, end,
			    buf_str(&b));
		buf_free(&b);
		w->ops->close(w, h);
		world_free(w);
		scenario_free(s);
	}
}

/* Who sends without end is only ahead by a little, and stops when we go. */
static void
endless_senders_wait(void **state)
{
	static const struct { const char *fault, *at; unsigned port;
	    const char *say, *want; size_t min; } endless[] = {
		{ "fault http www.example.jp endless-headers", WEB, 80, GET,
		    "X-More: and more and more\r\nX-More", 1 << 20 },
		{ "fault http www.example.jp endless-body", WEB, 80, GET,
		    "bbbbbbbb", 1 << 20 },
		{ "fault http www.example.jp long-line", WEB, 80, GET,
		    "AAAAAAAA", 10 << 20 },
		{ "fault smtp mx1.example.jp at banner long-line", MX, 25, "",
		    "220 AAAA", 10 << 20 },
		{ "fault smtp mx1.example.jp at ehlo endless-lines", MX, 25,
		    "EHLO a\r\n", "250-MORE AND MORE\r\n250-MORE", 1 << 20 },
	};
	struct memory_stats	 stats;
	struct scenario		*s;
	struct world		*w;
	struct buf		 b;
	size_t			 i;
	int			 h;

	(void)state;
	for (i = 0; i < sizeof endless / sizeof *endless; i++) {
		s = peer_scenario(peer_sound, endless[i].fault);
		w = peer_world(s);
		h = peer_open(w, endless[i].at, endless[i].port);
		buf_init(&b, 200000);
		peer_say(w, h, endless[i].say);
		w->ops->wait(w, NULL, 0, w->ops->now(w) + 5 * NSEC_PER_SEC);
		memory_stats(w, &stats);
		assert_true(stats.bytes_in < 400000);
		peer_read(w, h, &b, 3000);
		memory_stats(w, &stats);
		assert_true(stats.bytes_in >= endless[i].min);
		assert_non_null(strstr(buf_str(&b), endless[i].want));
		buf_free(&b);
		w->ops->close(w, h);
		assert_int_equal(w->ops->wait(w, NULL, 0, WORLD_NEVER), -1);
		world_free(w);
		scenario_free(s);
	}
}

static void
slow_greetings_and_greylists_pass(void **state)
{
	struct scenario	*s = peer_scenario(peer_sound, "smtp mx1.example.jp "
			    MX " delay 10 greylist 60");
	struct world	*w = peer_world(s);
	struct buf	 b;
	int		 h = peer_open(w, MX, 25);

	(void)state;
	buf_init(&b, 0);
	assert_int_equal(peer_read(w, h, &b, 9900), 0);
	assert_int_equal(b.len, 0);
	assert_int_equal(peer_read(w, h, &b, 200), 0);
	assert_true(b.len > 0);
	peer_say(w, h, "EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n");
	peer_read(w, h, &b, 61000);
	assert_non_null(strstr(buf_str(&b), "450 4.2.0"));
	assert_null(strstr(buf_str(&b), "250 2.1.5"));
	peer_say(w, h, "RCPT TO:<a@b>\r\n");
	peer_read(w, h, &b, 1000);
	assert_non_null(strstr(buf_str(&b), "250 2.1.5 Ok"));
	buf_free(&b);
	world_free(w);
	scenario_free(s);
}

static enum tls_want
handshake(struct world *w, int h, struct tls *t)
{
	struct world_poll	p = { h, WORLD_IN, 0 };
	enum tls_want		want;

	while ((want = tls_handshake(t)) == TLS_READ || want == TLS_WRITE)
		if (w->ops->wait(w, &p, 1, w->ops->now(w) +
		    5 * NSEC_PER_SEC) <= 0)
			return (TLS_ERROR);
	return (want);
}

struct tls_case {
	const char	*change, *at, *name;
	int		 ok, name_ok, verified;
	const char	*version;	/* NULL any */
	int		 code;		/* an X509 error among errors; 0 none */
	int		 chain;
};

#define CERT(words) "web www.example.jp " WEB " cert " words

static const struct tls_case	tls_cases[] = {
	{ "", WEB, "www.example.jp", 1, 1, 1, "TLSv1.3", 0, 2 },
	{ "", WEB6, "example.jp", 1, 1, 1, NULL, 0, 2 },
	{ "", WEB, NULL, 1, 0, 1, NULL, 0, 2 },
	{ CERT("expired"), WEB, "www.example.jp", 1, 1, 0, NULL, 10, 2 },
	{ CERT("not-yet"), WEB, "www.example.jp", 1, 1, 0, NULL, 9, 2 },
	{ CERT("self-signed"), WEB, "www.example.jp", 1, 1, 0, NULL, 18, 1 },
	{ CERT("untrusted"), WEB, "www.example.jp", 1, 1, 0, NULL, 20, 2 },
	{ CERT("incomplete"), WEB, "www.example.jp", 1, 1, 0, NULL, 20, 1 },
	{ CERT("name other.jp"), WEB, "www.example.jp", 1, 0, -1, NULL, 0, 2 },
	{ CERT("soon 3"), WEB, "www.example.jp", 1, 1, 1, NULL, 0, 2 },
	{ CERT("old-tls"), WEB, "www.example.jp", 0, 0, -1, NULL, 0, 0 },
	{ CERT("fail"), WEB, "www.example.jp", 0, 0, -1, NULL, 0, 0 },
	{ "web www.example.jp 192.0.2.88 sni-only", "192.0.2.88", "no.jp", 0,
	    0, -1, NULL, 0, 0 },
	{ "web www.example.jp 192.0.2.88 sni-only", "192.0.2.88",
	    "www.example.jp", 1, 1, 1, NULL, 0, 2 },
	{ "fault http www.example.jp plain", WEB, "www.example.jp", 0, 0, -1,
	    NULL, 0, 0 },
};

static bool
has_code(const json_t *fact, int code)
{
	const json_t	*e;
	size_t		 i;

	json_array_foreach(json_object_get(fact, "errors"), i, e)
		if (json_int(e, "code", 0) == code)
			return (true);
	return (false);
}

static void
certificates_are_wrong_as_wanted(void **state)
{
	struct scenario	*s;
	struct world	*w;
	struct tls	*t;
	json_t		*fact;
	size_t		 i;
	int		 h;

	(void)state;
	for (i = 0; i < sizeof tls_cases / sizeof *tls_cases; i++) {
		const struct tls_case	*c = &tls_cases[i];
		struct tls_params	 p = { .name = c->name,
					    .alpn = "http/1.1" };
		bool			 good;

		s = peer_scenario(peer_sound, c->change);
		w = peer_world(s);
		h = peer_open(w, c->at, 443);
		assert_int_not_equal(h, -1);
		t = tls_new(w, h, &p);
		good = handshake(w, h, t) == TLS_DONE;
		fact = tls_fact(t);
		if (good != (c->ok == 1) ||
		    (c->name != NULL && json_flag(fact, "name_ok") !=
		    (c->name_ok == 1)) || (c->verified != -1 &&
		    json_flag(fact, "verified") != (c->verified == 1)) ||
		    (c->code != 0 && !has_code(fact, c->code)) ||
		    (c->ok == 1 && json_array_size(json_object_get(fact,
		    "chain")) != (size_t)c->chain))
			fail_msg("%zu %s: %s", i, c->change,
			    json_dumps(fact, 0));
		if (c->version != NULL)
			assert_string_equal(json_str(fact, "version"),
			    c->version);
		if (good)
			assert_string_equal(json_str(fact, "alpn"),
			    "http/1.1");
		json_decref(fact);
		tls_free(t);
		w->ops->close(w, h);
		tls_cleanup();
		world_free(w);
		scenario_free(s);
	}
}

static void
tls_carries_the_dialogue(void **state)
{
	struct scenario		*s = peer_scenario(peer_sound, CERT("old-tls"));
	struct world		*w = peer_world(s);
	struct tls_params	 p = { .name = "www.example.jp", .lax = true };
	int			 h = peer_open(w, WEB, 443);
	struct tls		*t = tls_new(w, h, &p);
	enum tls_want		 want;
	struct world_poll	 poll = { h, WORLD_IN, 0 };
	json_t			*fact;
	char			 out[4096];
	ssize_t			 n;

	(void)state;
	assert_int_equal(handshake(w, h, t), TLS_DONE);
	fact = tls_fact(t);
	assert_string_equal(json_str(fact, "version"), "TLSv1.1");
	json_decref(fact);
	assert_int_equal(tls_write(t, GET, strlen(GET), &want), strlen(GET));
	while ((n = tls_read(t, out, sizeof out - 1, &want)) < 0)
		assert_true(w->ops->wait(w, &poll, 1, w->ops->now(w) +
		    NSEC_PER_SEC) > 0);
	out[n] = '\0';
	assert_non_null(strstr(out, "HTTP/1.1 200 OK"));
	tls_free(t);
	w->ops->close(w, h);
	tls_cleanup();
	world_free(w);
	scenario_free(s);
}

static int
forget(void **state)
{
	(void)state;
	cert_peer_cleanup();
	return (0);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(services_speak),
		cmocka_unit_test(endless_senders_wait),
		cmocka_unit_test(slow_greetings_and_greylists_pass),
		cmocka_unit_test(certificates_are_wrong_as_wanted),
		cmocka_unit_test(tls_carries_the_dialogue),
	};

	return (cmocka_run_group_tests_name("peer_service", tests, NULL,
	    forget));
}
