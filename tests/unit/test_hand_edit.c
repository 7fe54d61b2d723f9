/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key e: a script's next line, edited before it goes out. What is sent in
 * its place is by hand and does not count; an untouched line counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/engine_hand.h"
#include "tests/unit/diag_kit.h"

#define MAIL \
	"record {d} mail A {x1.4}\n" \
	"submission mail.{d} {x1.4}\n" \
	"pop mail.{d} {x1.4} auth \"PLAIN LOGIN\"\n" \
	"imap mail.{d} {x1.4} auth PLAIN\n" \
	"@ tries 1\n"

/* Whenever a line is offered: another one, or NULL to leave it. */
struct edit {
	struct kit_run	*run;
	char		*key;
	const char	*line;		/* in place of it; NULL: as it is */
	const char	*first;		/* edit the line that begins so */
	char		*offered;	/* what was held */
	bool		 done, kept, took;
	int64_t		 wait;		/* ns before it is answered */
	struct timer	*timer;
	struct buf	 said;		/* lines of the probe */
};

static void
answer(void *ctx)
{
	struct edit *x = ctx;
	struct engine *e = x->run->engine;
	char *line = engine_next_line(e, x->key);

	x->timer = NULL;
	assert_non_null(line);
	if (x->first != NULL && strncmp(line, x->first, strlen(x->first)) !=
	    0) {
		assert_int_equal(engine_say_next(e, x->key, line), 0);
		(void)engine_edit(e, x->key);	/* over after QUIT */
		free(line);
		return;
	}
	assert_true(engine_held(e, x->key));
	free(x->offered);
	x->offered = line;
	if (x->line == NULL)
		assert_null(engine_release(e, x->key));
	else
		assert_int_equal(engine_say_next(e, x->key, x->line), 0);
	x->done = true;
}

static void
on_kept(void *ctx)
{
	struct edit *x = ctx;

	x->timer = NULL;
	assert_true(engine_held(x->run->engine, x->key));
	assert_int_equal(engine_close(x->run->engine, x->key), 0);
}

static void
watch(struct kit_run *r, const struct session *s, const struct event *ev)
{
	struct edit *x = r->watcher;
	const char *key = json_str(ev->body, "key");

	(void)s;
	if (ev->probe == NULL || strcmp(ev->probe, x->key) != 0)
		return;
	if (ev->kind == EV_FACT && strcmp(key, "hand") == 0)
		x->took = true;
	if (ev->kind != EV_LINE)
		return;
	if (strcmp(key, "connected") == 0 && x->offered == NULL && !x->took)
		(void)engine_edit(r->engine, x->key);
	if (strcmp(key, "edit-held") == 0)
		x->timer = loop_timer(r->loop, x->wait, answer, x);
	if (strcmp(key, "edit-kept") == 0) {
		x->kept = true;
		x->timer = loop_timer(r->loop, 0, on_kept, x);
	}
	if (ev->data != NULL)
		buf_printf(&x->said, "%s%.*s\n", ev->dir == TALK_HAND ? "+> " :
		    ev->dir == TALK_SENT ? "-> " : "<- ", (int)ev->len,
		    (const char *)ev->data);
	else
		buf_printf(&x->said, "=== %s\n", key);
}

/* Run with this edit at STEP/PROTO/HOST/ADDR/PORT. */
static void
run(struct kit_run *r, struct edit *x, const char *text, const char *where,
    const char *host, const char *addr, unsigned port)
{
	kit_start(r, text, 0);
	x->run = r;
	x->key = strcmp(host, "mail") == 0 ? xasprintf("%s/mail.%s/%s/%u",
	    where, kit_var(r, "d"), kit_var(r, addr), port) :
	    xasprintf("%s/%s/%s/%u", where, kit_var(r, host),
	    kit_var(r, addr), port);
	buf_init(&x->said, 0);
	r->watch = watch;
	r->watcher = x;
	kit_finish(r);
	assert_true(engine_ended(r->engine));
}

static void
finish(struct kit_run *r, struct edit *x)
{
	free(x->key);
	free(x->offered);
	buf_free(&x->said);
	kit_free(r);
}

static void
in_order(struct edit *x, const char *const *want)
{
	const char *at = buf_str(&x->said);

	for (; *want != NULL; want++) {
		const char *found = strstr(at, *want);

		if (found == NULL)
			fail_msg("no \"%s\" in\n%s", *want,
			    buf_str(&x->said));
		at = found + strlen(*want);
	}
}

static const struct sprobe *
probe_of(const struct edit *x)
{
	return session_probe(engine_session(x->run->engine), x->key);
}

static const char *
verdict(const struct kit_run *r)
{
	return json_str(engine_session(r->engine)->end, "verdict");
}

/* The peer gets the edited line, the script goes on behind its reply, and
   nothing of it counts: HELO is answered without STARTTLS. */
static void
sent_test(void **state)
{
	static const char *const ehlo[] = { "<- 220", "=== edit-held",
		"+> EHLO edited.example", "<- 250-", "=== released",
		"-> STARTTLS", "-> EHLO ", "-> QUIT", NULL };
	static const char *const helo[] = { "<- 220", "=== edit-held",
		"+> HELO edited.example", "<- 250 ", "=== released",
		"-> QUIT", NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct edit x = { .line = i == 0 ? "EHLO edited.example" :
			"HELO edited.example", .wait = 300 * NSEC_PER_SEC };
		struct kit_run r;

		run(&r, &x, "@ tries 1\n", "mail-in/smtp", "mx1", "mx1.4",
		    25);
		assert_true(x.done);
		assert_int_equal(strncmp(x.offered, "EHLO ", 5), 0);
		in_order(&x, i == 0 ? ehlo : helo);
		assert_true(x.took);
		assert_null(strstr(buf_str(&x.said), "-> EHLO edited"));
		assert_int_equal(strstr(buf_str(&x.said), "-> STARTTLS") !=
		    NULL, i == 0);
		assert_string_equal(probe_of(&x)->outcome, "interrupted");
		assert_string_equal(verdict(&r), "unknown");
		finish(&r, &x);
	}
}

/* Esc, or Enter on the line as it was: it is the script's, and it counts;
   the time it was held counts for nothing. */
static void
untouched_test(void **state)
{
	static const char *const want[] = { "=== edit-held", "=== edit-left",
		"-> EHLO ", "<- 250", "-> STARTTLS", "-> QUIT", NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct edit x = { .wait = 300 * NSEC_PER_SEC, .first = i == 0 ?
			NULL : "MAIL" };
		struct kit_run r;

		run(&r, &x, "@ tries 1\n@ rcpt someone@{d}\n", "mail-in/smtp",
		    "mx1", "mx1.4", 25);
		assert_true(x.done);
		in_order(&x, want);
		assert_false(x.took);
		assert_null(strstr(buf_str(&x.said), "+> "));
		assert_string_equal(probe_of(&x)->outcome, "ok");
		assert_string_equal(verdict(&r), "ok");
		finish(&r, &x);
	}
}

/* Every protocol: the line in place of the script's, then the script. */
static void
protocols_test(void **state)
{
	static const struct {
		const char *where, *line, *want[8];
		unsigned port;
	} all[] = {
		{ "mailbox/pop3", "NOOP", { "=== edit-held", "+> NOOP", "<- ",
		    "=== released", "-> QUIT", NULL }, 110 },
		{ "mailbox/pop3", "CAPA", { "=== edit-left", "-> CAPA",
		    "-> STLS", "-> CAPA", "-> QUIT", NULL }, 110 },
		{ "mailbox/imap", "a1 NOOP", { "=== edit-held", "+> a1 NOOP",
		    "<- a1 BAD", "=== released", "-> a2 LOGOUT", NULL }, 143 },
		{ "mailbox/imap", "x7 CAPABILITY", { "+> x7 CAPABILITY",
		    "<- x7 OK", "=== released", " STARTTLS", "LOGOUT", NULL },
		    143 },
		{ "mailbox/submission", "EHLO a.example", { "=== edit-held",
		    "+> EHLO a.example", "<- 250", "-> STARTTLS", "-> EHLO ",
		    "-> QUIT", NULL }, 587 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct edit x = { .line = all[i].line };
		struct kit_run r;

		run(&r, &x, MAIL, all[i].where, "mail", "x1.4", all[i].port);
		assert_true(x.done);
		in_order(&x, all[i].want);
		assert_int_equal(x.took, strcmp(x.offered, all[i].line) != 0);
		finish(&r, &x);
	}
}

static void
http_test(void **state)
{
	static const char *const want[] = { "=== edit-held",
		"+> GET /edited HTTP/1.1", "-> Host: ", "-> Connection: close",
		"<- HTTP/1.1 ", NULL };
	struct edit x = { .line = "GET /edited HTTP/1.1" };
	struct kit_run r;

	(void)state;
	run(&r, &x, "@ tries 1\n", "web/http", "www", "web1.4", 80);
	assert_true(x.done);
	assert_string_equal(x.offered, "GET / HTTP/1.1");
	in_order(&x, want);
	assert_true(x.took);
	assert_string_equal(probe_of(&x)->outcome, "interrupted");
	finish(&r, &x);
}

/* Behind DATA the script has nothing to say: it stays in our hands. */
static void
kept_test(void **state)
{
	static const char *const want[] = { "+> DATA", "<- 354",
		"=== edit-kept", NULL };
	struct edit x = { .first = "RSET", .line = "DATA" };
	struct kit_run r;

	(void)state;
	run(&r, &x, "@ tries 1\n@ rcpt postmaster@{d}\n", "mail-in/smtp",
	    "mx1", "mx1.4", 25);
	assert_true(x.kept);
	in_order(&x, want);
	finish(&r, &x);
}

#define ACCOUNT "account taro@{d} hunter-zwei-9\n" \
	"@ mailbox taro@{d}\n@ password hunter-zwei-9\n"

/* The same for the login by POP3. */
static void
run_login(struct kit_run *r, struct edit *x, const char *text)
{
	kit_start(r, text, 0);
	x->run = r;
	x->key = xasprintf("mailbox/pop3/mail.%s/%s/110/login",
	    kit_var(r, "d"), kit_var(r, "x1.4"));
	buf_init(&x->said, 0);
	r->watch = watch;
	r->watcher = x;
	kit_finish(r);
}

/* Behind an edited USER comes PASS, which is not shown: the tracker knows that
   a name was accepted. Behind one that was refused it does not. */
static void
named_test(void **state)
{
	static const char *const want[] = { "=== edit-held", "+> USER someone",
		"<- +OK", "=== released", "-> PASS ********", "<- -ERR",
		"-> QUIT", NULL };
	static const char *const refused[] = { "=== edit-held",
		"+> USERS someone", "<- -ERR", "=== released", "-> QUIT",
		NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct edit x = { .first = "USER", .line = i == 0 ?
			"USER someone" : "USERS someone" };
		struct kit_run r;

		run_login(&r, &x, "record {d} mail A {x1.4}\n"
		    "pop mail.{d} {x1.4} auth NONE\n@ tries 1\n" ACCOUNT);
		assert_true(x.done);
		in_order(&x, i == 0 ? want : refused);
		assert_null(strstr(buf_str(&x.said), "hunter"));
		assert_int_equal(strstr(buf_str(&x.said), "PASS") != NULL,
		    i == 0);
		finish(&r, &x);
	}
}

/* A secret is never offered. */
static void
secret_test(void **state)
{
	struct edit x = { .first = "none", .line = "QUIT" };
	struct kit_run r;

	(void)state;
	run_login(&r, &x, MAIL ACCOUNT);
	assert_non_null(strstr(buf_str(&x.said), "=== edit-held"));
	assert_null(strstr(buf_str(&x.said), "hunter"));
	assert_non_null(strstr(buf_str(&x.said), "-> STAT"));
	assert_string_equal(probe_of(&x)->outcome, "ok");
	finish(&r, &x);
}

/* Silence behind an edited line ends, as it does behind any. */
static void
silence_test(void **state)
{
	struct edit x = { .line = "EHLO edited.example" };
	struct kit_run r;

	(void)state;
	run(&r, &x, "@ tries 1\nfault smtp {mx1.4} at ehlo stall\n",
	    "mail-in/smtp", "mx1", "mx1.4", 25);
	assert_true(x.took);
	assert_string_equal(probe_of(&x)->outcome, "interrupted");
	assert_non_null(strstr(buf_str(&x.said), "=== timeout"));
	finish(&r, &x);
}

/* What has no script to hold says why. */
static void
refused_test(void **state)
{
	struct kit_run r;
	const struct session *s;
	struct hand_target t = { .proto = "smtp", .name = "", .port = 25,
		.tls = 1 };
	const char *key;

	(void)state;
	kit_stay = true;
	kit_start(&r, "@ tries 1\n", 0);
	engine_start(r.engine);
	while (!engine_ended(r.engine))
		loop_run(r.loop);
	s = engine_session(r.engine);
	for (size_t i = 0; i < s->nprobes; i++)
		assert_string_equal(engine_edit(r.engine, s->probes[i]->key),
		    s->probes[i]->qname != NULL ? "question" : "over");
	assert_string_equal(engine_edit(r.engine, "none"), "over");
	assert_int_equal(engine_say_next(r.engine, "none", "x"), -1);
	assert_int_equal(addr_parse(&t.addr, kit_var(&r, "mx1.4")), 0);
	key = engine_open(r.engine, &t);
	assert_non_null(key);
	assert_string_equal(engine_edit(r.engine, key), "by-hand");
	kit_stay = false;
	buf_free(&r.events);
	kit_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sent_test),
		cmocka_unit_test(untouched_test),
		cmocka_unit_test(protocols_test),
		cmocka_unit_test(http_test),
		cmocka_unit_test(kept_test),
		cmocka_unit_test(named_test),
		cmocka_unit_test(secret_test),
		cmocka_unit_test(silence_test),
		cmocka_unit_test(refused_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
