/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secret fields of HTTP, cookies above all, in what comes and in what is
 * typed: however they are folded, cut, misspelt or split into pieces, nobody
 * sees them, in a check, by hand, or on a port of unknown protocol.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "practice/world_memory.h"
#include "talk_kit.h"

#define COOKIE "TOPSECRET"
#define HEAD "HTTP/1.1 200 OK\r\n"

enum how { CHECK, BY_HAND, LINES, HOWS };

struct reply {
	const char *text;
	size_t len, split;	/* the first part; the rest comes later */
};

static void *
peer_accept(void *ctx, struct mem_conn *c)
{
	(void)c;
	return ctx;
}

static void
peer_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	const struct reply *r = ctx;

	if (n < 4 || memcmp((const char *)data + n - 4, "\r\n\r\n", 4) != 0)
		return;
	if (r->split > 0)
		mem_conn_send(c, r->text, r->split, 0);
	mem_conn_send(c, r->text + r->split, r->len - r->split, MS);
	mem_conn_close(c, 2 * MS);
}

static void
peer_closed(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	(void)c;
}

struct talker {
	struct run r;
	const char *typed;
};

static void
type(void *ctx)
{
	struct talker *a = ctx;

	if (a->r.done)
		return;
	if (talk_say(a->r.talk, a->typed, strlen(a->typed), true) != 0)
		loop_timer(a->r.loop, MS, type, a);
}

/* What is logged of this reply, by hand to these lines. */
static void
run(struct talker *a, enum how how, const struct reply *reply,
    const char *typed)
{
	struct mem_peer peer = { (void *)(uintptr_t)reply, NULL, peer_accept,
		peer_data, peer_closed };
	struct talk_params p;
	struct talk_hooks hooks;

	memset(a, 0, sizeof(*a));
	memset(&p, 0, sizeof(p));
	buf_init(&a->r.log, 0);
	a->typed = typed;
	a->r.world = memory_new(1, 1795000000);
	a->r.loop = loop_new(a->r.world);
	timeouts_init(&a->r.timeouts, 1.0);
	p.loop = a->r.loop;
	p.timeouts = &a->r.timeouts;
	addr_parse(&p.to.addr, "2001:db8::80");
	p.to.port = 80;
	p.name = "www.example.jp";
	p.tries = 1;
	memory_listen(a->r.world, &p.to, true, &peer);
	hooks = kit_hooks(&a->r);
	a->r.talk = how == CHECK ? http_start(&p, &hooks) : hand_start(&p,
	    how == LINES ? TRACK_LINES : TRACK_HTTP, &hooks);
	if (how != CHECK)
		loop_timer(a->r.loop, MS, type, a);
	while (!a->r.done)
		loop_run(a->r.loop);
}

static void
finish(struct talker *a)
{
	buf_free(&a->r.log);
	loop_free(a->r.loop);
	world_free(a->r.world);
}

static void
hidden(const struct talker *a, enum how how, const char *want)
{
	const char *log = buf_str(&a->r.log);

	if (strstr(log, COOKIE) != NULL || strstr(log, "SECRET") != NULL ||
	    strstr(log, want) == NULL)
		fail_msg("%d: no \"%s\", or the secret, in\n%s", (int)how,
		    want, log);
}

#define REPLY(text) text, sizeof(text) - 1

static const struct {
	const char *text;
	size_t len;
	const char *want;
} replies[] = {
	{ REPLY(HEAD "Set-Cookie: sid=" COOKIE "; HttpOnly\r\n\r\nok"),
	    "Set-Cookie: ********; HttpOnly" },
	{ REPLY(HEAD "A: b\r\nset-cookie:\r\n x=" COOKIE "\r\nB: c\r\n\r\n"),
	    " B: c" },
	{ REPLY(HEAD "Set-Cookie: a=b;\r\n\tx=" COOKIE "\r\n  y=" COOKIE
	    "\r\nB: c\r\n\r\n"), " B: c" },
	{ REPLY(HEAD "Set-Cookie : x=" COOKIE "\r\n\r\n"), "Set-Cookie" },
	{ REPLY(HEAD " Set-Cookie: x=" COOKIE "\r\n\r\n"), "Set-Cookie" },
	{ REPLY(HEAD "Set-Cookie: \0" COOKIE "\r\n\r\n"), "Set-Cookie" },
	{ REPLY(HEAD "Set-Cookie: x=" COOKIE), "HTTP" },
	{ REPLY("Set-Cookie: x=" COOKIE "\r\n " COOKIE "\r\n\r\n"), "===" },
	{ REPLY(HEAD "\r\nGET" HEAD "Set-Cookie: x=" COOKIE "\r\n\r\n"),
	    "Set-Cookie" },
	{ REPLY("HTTP/1.1 103 Early\r\nSet-Cookie: x=" COOKIE "\r\n\r\n" HEAD
	    "Set-Cookie: x=" COOKIE "\r\nB: c\r\n\r\n"), " B: c" },
};
#define NREPLIES (sizeof(replies) / sizeof(replies[0]))

static void
cookies_test(void **state)
{
	struct talker a;

	(void)state;
	for (size_t i = 0; i < NREPLIES; i++)
		for (int how = CHECK; how < HOWS; how++)
			for (size_t at = 0; at < replies[i].len; at += 5) {
				struct reply r = { replies[i].text,
					replies[i].len, at };

				run(&a, (enum how)how, &r,
				    "GET / HTTP/1.0\r\n\r\n");
				hidden(&a, (enum how)how, replies[i].want);
				finish(&a);
			}
}

/* The limit of all headers falls at each byte of this. */
static void
limit_test(void **state)
{
	static const char last[] = "Set-Cookie:\r\n sid=" COOKIE COOKIE
	    "\r\n\r\n";
	struct talker a;
	struct buf b;

	(void)state;
	for (size_t at = 0; at < sizeof(last) - 1; at++) {
		struct reply r = { NULL, 0, 0 };

		buf_init(&b, 0);
		buf_adds(&b, HEAD);
		while (b.len + 1000 < LIMIT_HEADER_BYTES - at)
			buf_printf(&b, "X: %0*d\r\n", 900, 0);
		buf_printf(&b, "X: %0*d\r\n", (int)(LIMIT_HEADER_BYTES - at -
		    b.len - 5), 0);
		assert_int_equal(b.len, LIMIT_HEADER_BYTES - at);
		buf_adds(&b, last);
		r.text = buf_str(&b);
		r.len = b.len;
		run(&a, CHECK, &r, "");
		hidden(&a, CHECK, "=== limit{\"what\":\"headers\"}");
		finish(&a);
		buf_free(&b);
	}
}

static void
typed_test(void **state)
{
	static const char *const typed[] = {
		"GET / HTTP/1.0\r\nAuthorization: Basic\r\n " COOKIE
		    "\r\n\r\n",
		"GET / HTTP/1.0\r\nCookie:\r\n\tx=" COOKIE "\r\n y=" COOKIE
		    "\r\n\r\n",
		"GET / HTTP/1.0\r\nX-Api-Key:" COOKIE "\r\n\r\n" };
	static const struct reply r = { HEAD "\r\n", 19, 0 };
	struct talker a;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (int how = BY_HAND; how < HOWS; how++) {
			run(&a, (enum how)how, &r, typed[i]);
			hidden(&a, (enum how)how, "********");
			finish(&a);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cookies_test),
		cmocka_unit_test(limit_test),
		cmocka_unit_test(typed_test),
	};

	(void)look;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
