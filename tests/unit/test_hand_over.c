/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking over and giving back, in whole diagnoses: what is done by hand never
 * changes what the diagnosis found, and an attempt taken over is unknown. And
 * questions by hand to the practice servers, shown as dig shows them.
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
#include "diag/model.h"
#include "diag/record.h"
#include "diag/summary.h"
#include "peer_kit.h"
#include "ui/hand.h"
#include "ui/lines.h"
#include "ui/strings.h"

#define MX	"mail-in/smtp/mx1.example.jp/2001:db8:3::25/25"
#define WEB	"web/http/www.example.jp/192.0.2.80/80"

/* Lines of ours while it is held; "]" gives back. */
struct run {
	struct loop	*loop;
	struct engine	*engine;
	struct hand	*hand;
	struct timer	*next;
	struct buf	 log, record;
	const char	*take;		/* key, when it begins */
	const char	*script;
	bool		 ended, over, stop;
};

static void
on_say(void *ctx, enum hand_say how, const char *text)
{
	static const char *const marks[] = { "#", "##", "!!" };
	struct run *r = ctx;

	buf_printf(&r->log, "%s %s\n", marks[how], text);
}

static void
on_over(void *ctx)
{
	struct run *r = ctx;

	r->over = true;
}

static void	go_on(void *);

static void
later(struct run *r)
{
	if (r->next == NULL)
		r->next = loop_timer(r->loop, 0, go_on, r);
}

static void
on_idle(void *ctx)
{
	later(ctx);
}

static void
go_on(void *ctx)
{
	struct run *r = ctx;
	static const struct hand_hooks none;
	struct hand_hooks hooks = none;
	char *line;
	size_t n;

	r->next = NULL;
	hooks.ctx = r;
	hooks.say = on_say;
	hooks.over = on_over;
	hooks.idle = on_idle;
	if (r->hand == NULL && r->take == NULL)
		return;
	if (r->hand == NULL) {
		r->hand = hand_open(r->engine, r->take, 0, &hooks);
		return;
	}
	while (*r->script != '\0' && !hand_busy(r->hand)) {
		n = strcspn(r->script, "\n");
		line = xstrndup(r->script, n);
		r->script += n + (r->script[n] == '\n');
		if (strcmp(line, "]") == 0)
			hand_release(r->hand);
		else
			hand_line(r->hand, line);
		free(line);
	}
	if (*r->script == '\0' && !hand_busy(r->hand) && r->stop)
		loop_stop(r->loop);
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct run *r = ctx;
	char *line = record_line(ev);

	buf_printf(&r->record, "%s\n", line);
	free(line);
	if (ev->kind == EV_END) {
		r->ended = true;
		later(r);
	}
	if (r->take != NULL && r->hand == NULL && ev->kind == EV_PROBE &&
	    strcmp(ev->probe, r->take) == 0)
		later(r);
	if (r->hand == NULL)
		return;
	hand_event(r->hand, s, ev);
	if (hand_probe(r->hand) == NULL || ev->probe == NULL ||
	    strcmp(ev->probe, hand_probe(r->hand)) != 0)
		return;
	if (ev->kind == EV_LINE) {
		struct line_show show = { ev->dir, ev->tls, ev->dns,
			ev->data, ev->len, ev->full, ev->body };

		lines_render(&r->log, "", &show);
	} else if (ev->kind == EV_FACT)
		buf_printf(&r->log, "fact %s\n", json_str(ev->body, "key"));
	later(r);
}

static const struct subject subject = {
	.input = (char *)(uintptr_t)"example.jp",
	.name = (char *)(uintptr_t)"example.jp",
	.unicode = (char *)(uintptr_t)"example.jp",
};

static void
begin(struct run *r, struct world *w, struct engine_opts *opts)
{
	strings_choose("en");
	strings_set_utf8(true);
	buf_init(&r->log, 0);
	buf_init(&r->record, 0);
	opts->helo = "client.example.net";
	opts->version = "0";
	opts->stay = true;
	r->loop = loop_new(w);
	r->engine = engine_new(r->loop, &subject, opts);
	engine_sink(r->engine, on_event, r);
}

static void
finish(struct run *r)
{
	hand_free(r->hand);
	timer_cancel(&r->next);
	engine_free(r->engine);
	loop_free(r->loop);
	buf_free(&r->log);
	buf_free(&r->record);
}

/* The lines in this order. */
static void
expect(const struct run *r, const char *const *want)
{
	const char *at = buf_str(&r->log);

	for (; *want != NULL; want++) {
		const char *found = strstr(at, *want);

		if (found == NULL)
			fail_msg("no \"%s\" in\n%s", *want,
			    buf_str(&r->log));
		at = found + strlen(*want);
	}
}

static const char *
cell(const struct session *s, const char *name, const char *addr,
    const char *proto)
{
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(s->end, "matrix"), i, c) {
		const json_t *ep = json_object_get(c, "endpoint");

		if (strcmp(json_str(ep, "name"), name) == 0 &&
		    strcmp(json_str(ep, "addr"), addr) == 0 &&
		    strcmp(json_str(ep, "proto"), proto) == 0)
			return json_str(c, "verdict");
	}
	return "";
}

/* The recording folds to the same end, which follows from it. */
static void
replays(const struct run *r)
{
	struct session *again = session_new();
	const struct session *s = engine_session(r->engine);

	for (const char *p = buf_str(&r->record); *p != '\0';) {
		size_t n = strcspn(p, "\n");
		struct event ev;
		struct model *m;
		const char *why;
		json_t *end;

		assert_int_equal(record_parse(p, n, &ev, &why), 0);
		if (ev.kind == EV_END) {
			m = model_build(again, again->us);
			end = summary_end(m);
			assert_true(json_equal(end, s->end));
			json_decref(end);
			model_free(m);
		}
		session_fold(again, &ev);
		event_clear(&ev);
		p += n + 1;
	}
	assert_true(json_equal(again->end, s->end));
	session_free(again);
}

static void
diagnose(struct run *r)
{
	engine_start(r->engine);
	while (!r->ended || r->next != NULL || (r->hand != NULL &&
	    *r->script != '\0'))
		loop_run(r->loop);
}

/* A running dialogue: held at our turn, typed into, given back. */
static void
take_over_test(void **state)
{
	static const char *const want[] = { "Taken over by hand",
		"fact hand", " +> NOOP", "<-  250", " +> EHLO by.hand",
		"<-  250", "Given back", " -> STARTTLS", "fact by-hand",
		" ~> EHLO client.example.net", " ~> QUIT", NULL };
	struct scenario *sc = peer_scenario(peer_sound, NULL);
	struct world *w = peer_world(sc);
	struct engine_opts opts = { .tries = 1 };
	struct run r = { .take = MX,
		.script = "NOOP\nEHLO by.hand\n:wait 300\n]\n" };
	const struct session *s;

	(void)state;
	begin(&r, w, &opts);
	diagnose(&r);
	s = engine_session(r.engine);
	expect(&r, want);
	assert_true(r.over);
	assert_string_equal(session_probe(s, MX)->outcome, "interrupted");
	assert_string_equal(cell(s, "mx1.example.jp", "2001:db8:3::25",
	    "smtp"), "unknown");
	assert_string_equal(cell(s, "mx1.example.jp", "192.0.2.25", "smtp"),
	    "ok");
	assert_string_equal(json_str(s->end, "verdict"), "unknown");
	replays(&r);
	finish(&r);
	world_free(w);
	scenario_free(sc);
}

#define POP	"mailbox/pop3/mail.example.jp/192.0.2.9/110"
#define IMAP	"mailbox/imap/mail.example.jp/192.0.2.9/143"

static const char mailbox[] =
	"record example.jp mail A 192.0.2.9\n"
	"pop mail.example.jp 192.0.2.9 auth PLAIN auth-early\n"
	"imap mail.example.jp 192.0.2.9 auth PLAIN auth-early\n"
	"account taro@example.jp hunter-zwei-9\n";

/* Mailbox dialogues are taken over and given back wherever a row of the
   script holds, and it is said why where none does. */
static const struct {
	const char	*take, *script, *want[10];
} mailboxes[] = {
	{ POP, "NOOP\n]\n", { "Taken over", " +> NOOP", "<-  ", "Given back",
	    " -> CAPA", " -> STLS", " ~> CAPA", " ~> QUIT", NULL } },
	{ POP, "CAPA\n:starttls\n:expect OK\n]\n", { " +> CAPA", " +> STLS",
	    "=== TLS", "Given back", " ~> CAPA", " ~> QUIT", NULL } },
	{ POP, "USER taro@example.jp\nPASS hunter-zwei-9\n]\n", {
	    " +> USER taro@example.jp", " +> PASS ********", "<-  +OK",
	    "Given back", " -> STAT", " -> QUIT", NULL } },
	{ POP, "USER taro@example.jp\n]\n", { " +> USER", "<-  +OK",
	    "Given back", " -> CAPA", " -> STLS", " ~> CAPA", " ~> QUIT",
	    NULL } },
	{ POP, "AUTH PLAIN\n]\n*\n]\n", { " +> AUTH PLAIN", "<-  +",
	    "!! a login is under way", " +> *\n", "<-  -ERR", "Given back",
	    " -> CAPA", " ~> QUIT", NULL } },
	{ POP, ":raw NOO\n]\n:raw P\\r\\n\n]\n", {
	    "!! a line was begun", "Given back", " -> CAPA", NULL } },
	{ POP, "QUIT\n]\n", { " +> QUIT", "<-  +OK", "!! ", NULL } },
	{ IMAP, "a7 CAPABILITY\n]\n", { "Taken over", " +> a7 CAPABILITY",
	    "<-  a7 OK", "Given back", " -> a8 CAPABILITY", " -> a9 STARTTLS",
	    " ~> a10 CAPABILITY", " ~> a11 LOGOUT", NULL } },
	{ IMAP, "a1 LOGIN taro@example.jp hunter-zwei-9\na2 SELECT INBOX\n"
	    "]\n", { " +> a1 LOGIN ", "<-  a1 OK", " +> a2 SELECT INBOX",
	    "<-  a2 OK", "Given back", " -> a3 CAPABILITY", " -> a4 LOGOUT",
	    NULL } },
	{ IMAP, "a1 AUTHENTICATE PLAIN\n]\n*\n]\n", {
	    "+> a1 AUTHENTICATE PLAIN", "!! a login is under way", "<-  a1 ",
	    "Given back", " -> a2 CAPABILITY", " ~> a5 LOGOUT", NULL } },
	{ IMAP, "a1 LOGOUT\n]\n", { " +> a1 LOGOUT", "<-  a1 OK", "!! ",
	    NULL } },
};

static void
mailbox_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mailboxes) / sizeof(mailboxes[0]); i++) {
		struct scenario *sc = peer_scenario(peer_sound, mailbox);
		struct world *w = peer_world(sc);
		struct engine_opts opts = { .tries = 1 };
		struct run r = { .take = mailboxes[i].take,
			.script = mailboxes[i].script };
		const struct sprobe *p;

		begin(&r, w, &opts);
		diagnose(&r);
		expect(&r, mailboxes[i].want);
		p = session_probe(engine_session(r.engine),
		    mailboxes[i].take);
		assert_string_equal(p->outcome, "interrupted");
		assert_null(strstr(buf_str(&r.log), "hunter"));
		assert_null(strstr(buf_str(&r.record), "hunter"));
		replays(&r);
		finish(&r);
		world_free(w);
		scenario_free(sc);
	}
}

/* An HTTP request begun by hand cannot be given back; one not begun can. */
static void
http_test(void **state)
{
	static const char *const begun[] = { "Taken over", " +> GET / HTTP",
		"!! a request was begun by hand", " +> Host: www.example.jp",
		"<-  HTTP/1.1", NULL };
	static const char *const back[] = { "Taken over", "Given back",
		" -> GET / HTTP/1.1", "<-  HTTP/1.1", NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scenario *sc = peer_scenario(peer_sound, NULL);
		struct world *w = peer_world(sc);
		struct engine_opts opts = { .tries = 1 };
		struct run r = { .take = WEB, .script = i == 0 ?
			"GET / HTTP/1.1\n]\nHost: www.example.jp\n"
			"Connection: close\n\n" : "]\n" };

		begin(&r, w, &opts);
		diagnose(&r);
		expect(&r, i == 0 ? begun : back);
		replays(&r);
		finish(&r);
		world_free(w);
		scenario_free(sc);
	}
}

/* After the end: connected again, said again up to a line, handed over; the
   end stands. */
static void
again_test(void **state)
{
	struct scenario *sc = peer_scenario(peer_sound, NULL);
	struct world *w = peer_world(sc);
	struct engine_opts opts = { .tries = 1 };
	struct run r = { .script = "" };
	struct hand_hooks hooks = { &r, on_say, NULL, NULL, on_over,
		on_idle, NULL };
	const struct sprobe *p;
	const struct session *s;
	uint64_t seq = 0;
	char *before;

	(void)state;
	begin(&r, w, &opts);
	diagnose(&r);
	s = engine_session(r.engine);
	before = json_dumps(s->end, JSON_SORT_KEYS);
	p = session_probe(s, MX);
	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].dir == TALK_SENT && p->lines[i].len >= 8 &&
		    memcmp(p->lines[i].data, "STARTTLS", 8) == 0)
			seq = p->lines[i].seq;
	assert_true(seq > 0);
	r.script = "NOOP\nQUIT\n:expect 221\n]\n";
	r.stop = true;
	r.hand = hand_open(r.engine, MX, seq, &hooks);
	assert_non_null(hand_probe(r.hand));
	assert_true(strstr(hand_probe(r.hand), MX "/hand:1") != NULL);
	loop_run(r.loop);
	{
		static const char *const lines[] = { " -> EHLO client",
			" -> STARTTLS", "Taken over by hand", "fact hand",
			" +> NOOP", " +> QUIT", "<~  221",
			"met: 221", "!! the dialogue is over", NULL };

		expect(&r, lines);
	}
	assert_string_equal(p->outcome, "ok");
	{
		char *after = json_dumps(s->end, JSON_SORT_KEYS);

		assert_string_equal(before, after);
		free(after);
	}
	assert_int_equal(engine_rerun(r.engine, hand_probe(r.hand), 1), -1);
	assert_int_equal(engine_rerun(r.engine, MX, 1), 0);
	r.ended = false;
	r.script = "";
	while (!r.ended)
		loop_run(r.loop);
	assert_string_equal(json_str(s->end, "verdict"), "ok");
	replays(&r);
	free(before);
	finish(&r);
	world_free(w);
	scenario_free(sc);
}

/* Leaving while things are held: nothing hangs, nothing leaks. */
static void
leave_test(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scenario *sc = peer_scenario(peer_sound, NULL);
		struct world *w = peer_world(sc);
		struct engine_opts opts = { .tries = 1 };
		struct run r = { .take = MX, .script = ":wait 20\n" };

		begin(&r, w, &opts);
		engine_start(r.engine);
		while (r.hand == NULL || *r.script != '\0')
			loop_run(r.loop);
		if (i == 0) {
			engine_cancel(r.engine);
			while (!engine_ended(r.engine))
				loop_run(r.loop);
		}
		finish(&r);
		world_free(w);
		scenario_free(sc);
	}
}

/* The last n questions went out at most four a second. */
static void
paced(const struct run *r, size_t n)
{
	const char *at = buf_str(&r->record);
	double sent[256];
	size_t count = 0;

	while (*at != '\0') {
		size_t len = strcspn(at, "\n");
		json_t *ev = json_loadb(at, len, 0, NULL);

		if (strcmp(json_str(ev, "ev"), "line") == 0 &&
		    strcmp(json_str(ev, "dir"), "sent") == 0 && count < 256)
			sent[count++] = json_num(ev, "t", -1);
		json_decref(ev);
		at += len + (at[len] == '\n');
	}
	assert_true(count > n && count < 256);
	for (size_t i = count - n + 1; i < count; i++)
		assert_true(sent[i] - sent[i - 1] > 0.249);
}

static void
dns_test(void **state)
{
	static const char *const want[] = {
		"# ;; ->>HEADER<<- opcode: QUERY, status: NOERROR",
		"# ;; flags: qr aa; QUERY: 1, ANSWER: 2",
		"# ;; QUESTION SECTION:", "# ;www.example.jp.\t\tIN\tAAAA",
		"# ;; ANSWER SECTION:", "IN\tAAAA\t2001:db8:3::8",
		"# ;; SERVER: 2001:db8:3::53#53(2001:db8:3::53) (UDP)",
		"met: NOERROR", "# 192.0.2.8", "met: ~192.0.2.80",
		"(TCP)", "status: NXDOMAIN", "## NXDOMAIN  ",
		"25.2.0.192.in-addr.arpa.", "mx1.example.jp.",
		"example.jp is ", "10 mx1.example.jp.", NULL };
	static const char *const more[] = {
		"192.0.2.200#53", "ns1.example.jp is", "status: NOERROR",
		/* +trace */
		"jp.\t\t", "example.jp.\t\t", "2001:db8:3::80",
		"!! 192.0.2.222: no reply (timeout)", "!! +nonsense",
		"!! example.jp: one name a line, please", NULL };
	struct scenario *sc = peer_scenario(peer_sound, NULL);
	struct world *w = peer_world(sc);
	struct engine_opts opts = { .tries = 1 };
	struct run r = { .stop = true, .script =
	    ":open dns://[2001:db8:3::53]/\nwww.example.jp aaaa +norec\n"
	    ":expect NOERROR\nwww.example.jp +short +norec\n"
	    ":expect ~192.0.2.80\n:dig www.example.jp +tcp +norec\n"
	    "no.example.jp +norec\n"
	    "dig -x 192.0.2.25 @192.0.2.200\n"
	    ":open dns:example.jp\n"
	    "example.jp mx @192.0.2.53 +norec\n"
	    ":open dns:\ndig www.example.jp\n"
	    "dig soa example.jp @ns1.example.jp\n"
	    "dig +trace www.example.jp aaaa\n"
	    "dig @192.0.2.222 x.example\n:dig +nonsense x\n"
	    "dig www.example.jp example.jp\n"
	    "dig www.example.jp @192.0.2.53 +norec\n:repeat 8\n" };
	struct hand_hooks hooks = { &r, on_say, NULL, NULL, on_over,
		on_idle, NULL };

	(void)state;
	begin(&r, w, &opts);
	engine_start_by_hand(r.engine);
	r.hand = hand_open(r.engine, NULL, 0, &hooks);
	later(&r);
	loop_run(r.loop);
	expect(&r, want);
	expect(&r, more);
	paced(&r, 9);
	finish(&r);
	world_free(w);
	scenario_free(sc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(take_over_test),
		cmocka_unit_test(mailbox_test),
		cmocka_unit_test(http_test),
		cmocka_unit_test(again_test),
		cmocka_unit_test(leave_test),
		cmocka_unit_test(dns_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
