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

#include "net/tls.h"
#include "practice/link_peer.h"
#include "talk_kit.h"

#define CLOCK	1795000000
#define TOKEN	"tokabc"
#define HOLDS	16
#define NLETTERS 4

/* A letter of the mailbox of one name; the same numbers in all of them. */
struct letter {
	const char *box, *header;
	int number;
	bool marked, gone, read;
};

struct server {
	struct link_service link;
	void (*line)(struct server *, struct link *, char *);
	const char *greeting;
	struct letter letters[NLETTERS];
	const char *box;		/* selected, or whose login it is */
	char name[40];
	struct buf got, seen;
	bool in, data;
};

static const struct letter letters[] = {
	{ "INBOX", "X-Tadoru-Token: " TOKEN "-1", 1, false, false, false },
	{ "Archive", "Subject: a letter of the customer", 1, false, false,
	    false },
	{ "Archive", "Subject: another one", 2, false, false, false },
	{ "INBOX", "Subject: not ours", 2, false, false, false },
};

static struct letter *
letter(struct server *s, int number)
{
	for (int i = 0; i < NLETTERS; i++) {
		struct letter *l = &s->letters[i];

		if (s->box != NULL && strcmp(l->box, s->box) == 0 &&
		    l->number == number && !l->gone)
			return l;
	}
	return NULL;
}

static void
sayf(struct link *l, char *text)
{
	link_puts(l, text, 0);
	free(text);
}

static bool
starts(const char *line, const char *with)
{
	return text_ncasecmp(line, with, strlen(with)) == 0;
}

static void
search(struct server *s, struct link *l)
{
	struct letter *at = letter(s, 1);

	link_puts(l, at != NULL && strstr(at->header, TOKEN) != NULL ?
	    "* SEARCH 1\r\n" : "* SEARCH\r\n", 0);
}

static void
imap_line(struct server *s, struct link *l, char *line)
{
	char *verb = strchr(line, ' ');
	struct letter *at;

	if (verb == NULL)
		return;
	*verb++ = '\0';
	at = letter(s, 1);
	s->in = s->in || starts(verb, "LOGIN ");
	if (starts(verb, "CAPABILITY"))
		link_puts(l, "* CAPABILITY IMAP4rev1 UIDPLUS\r\n", 0);
	else if (!s->in) {
		sayf(l, xasprintf("%s BAD log in first\r\n", line));
		return;
	} else if (starts(verb, "CLOSE"))
		s->box = NULL;
	else if (starts(verb, "SELECT ") || starts(verb, "EXAMINE "))
		s->box = strstr(verb, "Archive") != NULL ? "Archive" :
		    "INBOX";
	else if (starts(verb, "UID SEARCH"))
		search(s, l);
	else if (starts(verb, "UID FETCH") && at != NULL) {
		at->read = true;
		sayf(l, xasprintf("* 1 FETCH (UID 1 BODY[HEADER] {%zu}\r\n"
		    "%s\r\n\r\n)\r\n", strlen(at->header) + 4, at->header));
	} else if (starts(verb, "UID STORE") && at != NULL)
		at->marked = true;
	else if (starts(verb, "UID EXPUNGE") && at != NULL)
		at->gone = at->marked;
	sayf(l, xasprintf("%s OK done\r\n", line));
	if (starts(verb, "LOGOUT"))
		link_close(l, 0);
}

static int
count(struct server *s)
{
	int n = 0;

	for (int i = 1; i < 3; i++)
		n += letter(s, i) != NULL && !letter(s, i)->marked;
	return n;
}

static void
pop_top(struct link *l, struct letter *at)
{
	if (at == NULL) {
		link_puts(l, "-ERR none\r\n", 0);
		return;
	}
	at->read = true;
	sayf(l, xasprintf("+OK\r\n%s\r\n\r\n.\r\n", at->header));
}

static void
pop_quit(struct server *s, struct link *l)
{
	for (int i = 0; i < NLETTERS; i++)
		s->letters[i].gone |= s->letters[i].marked;
	link_puts(l, "+OK\r\n", 0);
	link_close(l, 0);
}

/* Whose PASS it is: taro has INBOX, all others Archive. */
static void
pop_line(struct server *s, struct link *l, char *line)
{
	struct letter *at = strchr(line, ' ') == NULL ? NULL :
	    letter(s, atoi(strchr(line, ' ')));

	if (starts(line, "STAT"))
		sayf(l, xasprintf("+OK %d 99\r\n", count(s)));
	else if (starts(line, "TOP"))
		pop_top(l, at);
	else if (starts(line, "QUIT"))
		pop_quit(s, l);
	else if (starts(line, "CAPA"))
		link_puts(l, "+OK\r\nUSER\r\n.\r\n", 0);
	else if (starts(line, "PASS") && s->box != NULL)
		link_puts(l, "-ERR you are in\r\n", 0);
	else {
		if (starts(line, "USER"))
			strncpy(s->name, line + 5, sizeof(s->name) - 1);
		else if (starts(line, "PASS"))
			s->box = strcmp(s->name, "taro") == 0 ? "INBOX" :
			    "Archive";
		else if (starts(line, "DELE") && at != NULL)
			at->marked = true;
		for (int i = 0; i < NLETTERS && starts(line, "RSET"); i++)
			s->letters[i].marked = false;
		link_puts(l, "+OK\r\n", 0);
	}
}

/* As lenient as some are: blanks and tabs wherever. */
static void
smtp_line(struct server *s, struct link *l, char *line)
{
	line += strspn(line, " \t");
	if (s->data && strcmp(line, ".") != 0)
		return;
	if (starts(line, "DATA")) {
		s->data = true;
		link_puts(l, "354 go on\r\n", 0);
		return;
	}
	s->data = false;
	link_puts(l, starts(line, "QUIT") ? "221 bye\r\n" : "250 ok\r\n", 0);
	if (starts(line, "QUIT"))
		link_close(l, 0);
}

static void *
on_accept(void *ctx, struct link *l)
{
	struct server *s = ctx;

	link_puts(l, s->greeting, 0);
	return s;
}

static void
on_data(void *session, struct link *l, const void *data, size_t n)
{
	struct server *s = session;
	char *lf;

	buf_add(&s->got, data, n);
	while (s->got.len > 0 &&
	    (lf = memchr(s->got.data, '\n', s->got.len)) != NULL) {
		*lf = '\0';
		if (lf > (char *)s->got.data && lf[-1] == '\r')
			lf[-1] = '\0';
		buf_printf(&s->seen, "%s\n", (char *)s->got.data);
		s->line(s, l, (char *)s->got.data);
		buf_drop(&s->got, (size_t)(lf + 1 - (char *)s->got.data));
	}
}

static void
on_closed(void *session)
{
	(void)session;
}

static SSL_CTX *
context(void *ctx, struct link *l, const char *sni)
{
	struct cert_want want = { .kind = CERT_OK, .clock = CLOCK,
		.name = "mail.example.jp" };

	(void)ctx;
	(void)l;
	(void)sni;
	return cert_peer_context(&want);
}

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
	p->token = TOKEN;
	p->hold = hold;
	if (proto == TRACK_SMTP) {
		p->mail_from = p->rcpt = "taro@example.jp";
		return;
	}
	p->login = "taro";
	p->password = "geheim-77";
	p->clean = true;
}

static void
serve(struct visit_of *v, enum track_proto proto, const struct sockname *to)
{
	struct server *s = &v->s;

	memcpy(s->letters, letters, sizeof(letters));
	s->greeting = proto == TRACK_IMAP ? "* OK hi\r\n" : proto ==
	    TRACK_POP3 ? "+OK hi\r\n" : "220 mx\r\n";
	s->line = proto == TRACK_IMAP ? imap_line : proto == TRACK_POP3 ?
	    pop_line : smtp_line;
	s->link = (struct link_service){ s, on_accept, on_data, on_closed,
		context, proto != TRACK_SMTP };
	buf_init(&s->got, 0);
	buf_init(&s->seen, 0);
	link_peer_listen(v->r.world, to, &s->link);
}

static void
run(struct visit_of *v, enum track_proto proto, int hold,
    const char *const *typed)
{
	struct talk_params p;
	struct talk_hooks hooks;

	memset(v, 0, sizeof(*v));
	v->typed = typed;
	buf_init(&v->r.log, 0);
	v->r.world = memory_new(1, CLOCK);
	v->r.world->ca_pem = cert_peer_root();
	memory_rtt(v->r.world, 4 * MS);
	v->r.loop = loop_new(v->r.world);
	timeouts_init(&v->r.timeouts, 1.0);
	params(v, &p, proto, hold);
	serve(v, proto, &p.to);
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
	buf_free(&v->s.got);
	buf_free(&v->s.seen);
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
		cmocka_unit_test(mail_test),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	cert_peer_cleanup();
	return failed;
}
