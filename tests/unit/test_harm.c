/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a script does behind a hand that had its session in between, wherever
 * it was held: mail of others is neither read nor deleted, and nothing is
 * sent to whom nobody consented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "harm_kit.h"
#include "net/tls.h"
#include "talk_kit.h"

#define HOLDS	16

/* One run: held before the nth line of ours, these lines typed, "]" gives
   back, "~line" edits the next line that has the same three bytes in front. */
struct visit_of {
	struct run r;
	struct server s;
	const char *const *typed;
	const char *why;		/* the last word of a release */
};

static void
type(struct visit_of *v)
{
	const char *line = *v->typed;

	if (line == NULL) {
		talk_cancel(v->r.talk);
		return;
	}
	v->typed++;
	if (strcmp(line, "]") == 0)
		v->why = talk_release(v->r.talk);
	else
		talk_say(v->r.talk, line, strlen(line), false);
}

static void
edit(struct visit_of *v)
{
	char *line = talk_next_line(v->r.talk);
	const char *mine = *v->typed == NULL ? NULL : *v->typed + 1;

	if (mine != NULL && strncmp(line, mine, 3) == 0) {
		talk_say_next(v->r.talk, mine);
		v->typed++;
	} else {
		talk_say_next(v->r.talk, line);
		(void)talk_edit(v->r.talk);
	}
	free(line);
}

static void
poke(void *ctx)
{
	struct visit_of *v = ctx;
	char *next;

	if (v->r.done)
		return;
	next = talk_next_line(v->r.talk);
	if (next != NULL)
		edit(v);
	else if (*v->typed != NULL && **v->typed == '~' &&
	    !talk_held(v->r.talk))
		(void)talk_edit(v->r.talk);
	else if (talk_held(v->r.talk) &&
	    track_our_turn(talk_track(v->r.talk)))
		type(v);
	free(next);
	if (!v->r.done)
		loop_timer(v->r.loop, MS, poke, v);
}

static void
params(struct visit_of *v, struct talk_params *p, enum track_proto proto,
    int hold)
{
	memset(p, 0, sizeof(*p));
	p->loop = v->r.loop;
	p->timeouts = &v->r.timeouts;
	addr_parse(&p->to.addr, "192.0.2.25");
	p->to.port = 993;
	p->name = "mail.example.jp";
	p->tls = proto == TRACK_SMTP ? TALK_PLAIN : TALK_IMPLICIT;
	p->helo = "noc.example.net";
	p->token = HARM_TOKEN;
	p->hold = hold;
	if (proto == TRACK_SMTP) {
		p->mail_from = p->rcpt = "taro@example.jp";
		return;
	}
	p->login = "taro";
	p->password = "geheim-77";
	p->clean = true;
}

static bool no_reset;

static void
run(struct visit_of *v, enum track_proto proto, int hold,
    const char *const *typed)
{
	struct talk_params p;
	struct talk_hooks hooks;

	memset(v, 0, sizeof(*v));
	v->typed = typed;
	buf_init(&v->r.log, 0);
	v->r.world = memory_new(1, HARM_CLOCK);
	v->r.world->ca_pem = cert_peer_root();
	memory_rtt(v->r.world, 4 * MS);
	v->r.loop = loop_new(v->r.world);
	timeouts_init(&v->r.timeouts, 1.0);
	params(v, &p, proto, hold);
	v->s.no_reset = no_reset;
	harm_serve(&v->s, v->r.world, proto, &p.to);
	hooks = kit_hooks(&v->r);
	v->r.talk = proto == TRACK_IMAP ? imap_start(&p, &hooks) :
	    proto == TRACK_POP3 ? pop3_start(&p, &hooks) :
	    smtp_start(&p, &hooks);
	loop_timer(v->r.loop, MS, poke, v);
	while (!v->r.done)
		loop_run(v->r.loop);
	loop_run(v->r.loop);		/* what is still on its way */
}

static void
finish(struct visit_of *v)
{
	buf_free(&v->r.log);
	harm_free(&v->s);
	loop_free(v->r.loop);
	tls_cleanup();
	world_free(v->r.world);
}

static void
untouched(struct visit_of *v, int hold)
{
	if (v->s.letters[3].gone || v->s.letters[3].marked)
		fail_msg("held before line %d\n%s", hold,
		    buf_str(&v->s.seen));
	for (int i = 1; i < 3; i++)
		if (v->s.letters[i].gone || v->s.letters[i].marked ||
		    v->s.letters[i].read)
			fail_msg("held before line %d: %s\n%s", hold,
			    v->s.letters[i].header, buf_str(&v->s.seen));
}

/* Numbers found in one mailbox are used in no other. */
static void
imap_test(void **state)
{
	static const char *const other[] = { "a99 SELECT Archive", "]",
		NULL };
	static const char *const same[] = { "a99 NOOP", "]", NULL };
	static const char *const closed[] = { "a99 CLOSE", "]", NULL };
	static const char *const *const harmless[] = { same, closed, other };
	struct visit_of v;

	(void)state;
	for (int i = 0; i < 3; i++)
		for (int hold = 1; hold < HOLDS; hold++) {
			run(&v, TRACK_IMAP, hold, harmless[i]);
			untouched(&v, hold);
			/* Found again, ours is gone all the same. */
			if (!v.s.letters[0].gone)
				fail_msg("held before line %d: %s\n%s", hold,
				    *harmless[i], buf_str(&v.r.log));
			finish(&v);
		}
}

/* The same for a line edited, whichever. */
static void
imap_edit_test(void **state)
{
	struct visit_of v;

	(void)state;
	for (int i = 2; i < 9; i++) {
		char *line = xasprintf("~a%d SELECT Archive", i);
		const char *const typed[] = { line, NULL };

		run(&v, TRACK_IMAP, 0, typed);
		untouched(&v, i);
		if (!v.s.letters[0].gone)
			fail_msg("%s\n%s", line, buf_str(&v.s.seen));
		finish(&v);
		free(line);
	}
}

/* Mailboxes of others, whose login a hand typed, are not read. */
static void
pop_test(void **state)
{
	static const char *const login[] = { "USER ceo", "PASS x", "]", NULL };
	static const char *const same[] = { "NOOP", "]", NULL };
	static const char *const *const both[] = { same, login };
	struct visit_of v;

	(void)state;
	for (int i = 0; i < 2; i++)
		for (int hold = 1; hold < HOLDS; hold++) {
			run(&v, TRACK_POP3, hold, both[i]);
			untouched(&v, hold);
			if (both[i] == same)
				assert_true(v.s.letters[0].gone);
			finish(&v);
		}
}

/* What a hand marked is deleted by nobody else's QUIT: not when it is left, not
   when the script goes on, and the script's own is gone all the same. */
static void
marked_test(void **state)
{
	static const char *const left[] = { "DELE 2", NULL };
	static const char *const back[] = { "DELE 2", "]", NULL };
	static const char *const all[] = { "DELE 2", "RSET", "DELE 2", "]",
		NULL };
	static const char *const own[] = { "DELE 2", "QUIT", NULL };
	static const char *const reset[] = { "DELE 2", "RSET", NULL };
	static const struct {
		const char *const *typed;
		bool ours, theirs;	/* is gone: bearing our token, not */
		bool quit;		/* is said */
	} rows[] = { { left, false, false, false }, { back, true, false, true },
		{ all, true, false, true }, { own, false, true, true },
		{ reset, false, false, true } };
	struct visit_of v;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int hold = 4; hold < 8; hold++) {
			run(&v, TRACK_POP3, hold, rows[i].typed);
			if (v.s.letters[3].gone != rows[i].theirs ||
			    (v.s.letters[0].gone != rows[i].ours &&
			    rows[i].typed != own) ||
			    (strstr(buf_str(&v.s.seen), "QUIT") != NULL) !=
			    rows[i].quit)
				fail_msg("%zu, held before line %d\n%s", i,
				    hold, buf_str(&v.s.seen));
			finish(&v);
		}
}

/* A server that does not take it back gets no QUIT. */
static void
kept_mark_test(void **state)
{
	static const char *const back[] = { "DELE 2", "]", NULL };
	struct visit_of v;

	(void)state;
	no_reset = true;
	run(&v, TRACK_POP3, 4, back);
	no_reset = false;
	assert_non_null(strstr(buf_str(&v.s.seen), "RSET"));
	assert_null(strstr(buf_str(&v.s.seen), "QUIT"));
	assert_false(v.s.letters[3].gone);
	finish(&v);
}

/* The test mail goes to nobody else but to whom the consent named. */
static const struct {
	const char *name;
	int hold;
	const char *typed[6];
	const char *why;		/* it cannot go on; NULL: it does */
	bool sent;
} mails[] = {
	{ "nothing typed", 4, { "]" }, NULL, true },
	{ "harmless", 4, { "NOOP", "]" }, NULL, true },
	{ "the script's own words", 4, { "RSET",
	    "MAIL FROM:<taro@example.jp>", "rcpt to:<taro@example.jp>", "]" },
	    NULL, true },
	{ "one more", 4, { "RCPT TO:<ceo@example.jp>", "]" }, "recipient",
	    false },
	{ "one before", 3, { "RCPT TO:<ceo@example.jp>", "]" }, "recipient",
	    false },
	{ "a blank before", 4, { " RCPT TO:<ceo@example.jp>", "]" },
	    "recipient", false },
	{ "a blank before, early", 3, { " RCPT TO:<ceo@example.jp>", "]" },
	    "recipient", false },
	{ "a tab within", 3, { "RCPT\tTO:<ceo@example.jp>", "]" },
	    "recipient", false },
	{ "two on a line", 3, { "RCPT TO:<taro@example.jp>,"
	    "<ceo@example.jp>", "]" }, "recipient", false },
	{ "unknown words", 4, { "XRCP TO:<ceo@example.jp>", "]" },
	    "recipient", false },
	{ "taken back", 4, { "RCPT TO:<ceo@example.jp>", "]", "RSET", "]" },
	    NULL, false },
	{ "edited", 0, { "~RCPT TO:<ceo@example.jp>" }, NULL, false },
	{ "edited, the same to a server", 0,
	    { "~RCPT TO:<taro@example.jp> " }, NULL, true },
};

static void
mail_test(void **state)
{
	static const char *const kept[] = { "edit-kept", "recipient", NULL };
	static const char *const none[] = { NULL };
	struct visit_of v;

	(void)state;
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		bool edited = mails[i].typed[0][0] == '~';

		run(&v, TRACK_SMTP, mails[i].hold, mails[i].typed);
		if ((strstr(buf_str(&v.s.seen), "DATA\n") != NULL) !=
		    mails[i].sent)
			fail_msg("%s\n%s", mails[i].name,
			    buf_str(&v.s.seen));
		if (mails[i].why != NULL)
			assert_string_equal(v.why, mails[i].why);
		else
			assert_null(v.why);
		assert_int_equal(look(mails[i].name, edited &&
		    !mails[i].sent ? kept : none, none,
		    buf_str(&v.r.log)), 0);
		finish(&v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(imap_test),
		cmocka_unit_test(imap_edit_test),
		cmocka_unit_test(pop_test),
		cmocka_unit_test(marked_test),
		cmocka_unit_test(kept_mark_test),
		cmocka_unit_test(mail_test),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	cert_peer_cleanup();
	return failed;
}
