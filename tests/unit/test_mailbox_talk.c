/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POP3 and IMAP by table: replies, trackers; answers to login challenges;
 * secrets hidden in what comes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "talk/auth.h"
#include "talk/imap_track.h"
#include "talk/pop3.h"
#include "talk/pop3_track.h"
#include "talk/secret.h"

struct pop3_case {
	const char	*lines[4];
	bool		 multi;
	int		 rc;		/* of the last line */
	bool		 ok;
	const char	*code, *text, *bad;
};

static const struct pop3_case pop3_cases[] = {
	{ { "+OK ready <1@a>" }, false, 1, true, "", "ready <1@a>", NULL },
	{ { "+OK" }, false, 1, true, "", "", NULL },
	{ { "+ok fine" }, false, 1, true, "", "fine", NULL },
	{ { "-ERR [AUTH] no" }, false, 1, false, "AUTH", "no", NULL },
	{ { "-ERR [SYS/TEMP] later" }, false, 1, false, "SYS/TEMP", "later",
	    NULL },
	{ { "-ERR [not a code] x" }, false, 1, false, "", "[not a code] x",
	    NULL },
	{ { "+OK list", "a", ".." }, true, 0, true, "", "list", NULL },
	{ { "+OK list", "a", "." }, true, 1, true, "", "list", NULL },
	{ { "-ERR no", NULL }, true, 1, false, "", "no", NULL },
	{ { "+ Y2hhbGxlbmdl" }, false, 1, false, "", "Y2hhbGxlbmdl", NULL },
	{ { "+OK \033[2J" }, false, 1, true, "", "\\x1b[2J", NULL },
	{ { "220 mail ESMTP" }, false, -1, false, "", NULL, "not-pop3" },
	{ { "+OKAY" }, false, -1, false, "", NULL, "not-pop3" },
	{ { "\x15\x03\x01" }, false, -1, false, "", NULL,
	    "tls-on-plain-port" },
	{ { "" }, false, -1, false, "", NULL, "not-pop3" },
};

static void
pop3_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pop3_cases / sizeof pop3_cases[0]; i++) {
		const struct pop3_case *c = &pop3_cases[i];
		struct pop3_reply r;
		int rc = 0;

		pop3_reply_init(&r);
		for (int k = 0; k < 4 && c->lines[k] != NULL; k++)
			rc = pop3_reply_parse(&r, c->lines[k],
			    strlen(c->lines[k]), c->multi);
		assert_int_equal(rc, c->rc);
		assert_int_equal(r.ok, c->ok);
		assert_string_equal(r.code, c->code);
		if (c->text != NULL)
			assert_string_equal(r.text, c->text);
		if (c->bad != NULL)
			assert_string_equal(r.bad, c->bad);
		pop3_reply_free(&r);
	}
}

struct imap_case {
	const char	*tag;
	const char	*lines[6];
	int		 rc;
	enum imap_status status;
	const char	*code, *text, *bad;
};

static const struct imap_case imap_cases[] = {
	{ NULL, { "* OK ready" }, 1, IMAP_OK, "", "ready", NULL },
	{ NULL, { "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi" }, 1, IMAP_OK,
	    "CAPABILITY", "hi", NULL },
	{ NULL, { "* BYE full" }, 1, IMAP_BYE, "", "full", NULL },
	{ NULL, { "* PREAUTH in" }, 1, IMAP_PREAUTH, "", "in", NULL },
	{ NULL, { "* NO no" }, -1, IMAP_NONE, "", NULL, "not-imap" },
	{ NULL, { "220 x" }, -1, IMAP_NONE, "", NULL, "not-imap" },
	{ "a1", { "* 3 EXISTS", "a1 OK done" }, 1, IMAP_OK, "", "done",
	    NULL },
	{ "a1", { "a1 NO [AUTHENTICATIONFAILED] wrong" }, 1, IMAP_NO,
	    "AUTHENTICATIONFAILED", "wrong", NULL },
	{ "a1", { "a2 OK" }, -1, IMAP_NONE, "", NULL, "wrong-tag" },
	{ "a1", { "+ go" }, 1, IMAP_MORE, "", "go", NULL },
	{ "a1", { "* 1 FETCH (BODY[] {7}", "a1 OK", ")", "a1 OK yes" }, 1,
	    IMAP_OK, "", "yes", NULL },
	{ "a1", { "* 1 FETCH {0}", ")", "a1 BAD no" }, 1, IMAP_BAD, "", "no",
	    NULL },
	{ "a1", { "* 1 FETCH {5} {3}", "a1 OK x" }, 0, IMAP_NONE, "", NULL,
	    NULL },
	{ "a1", { "* 1 FETCH {9}", "a1 OK", "y)", "a1 OK" }, 1, IMAP_OK, "",
	    "", NULL },
	{ "a1", { "nonsense" }, -1, IMAP_NONE, "", NULL, "not-imap" },
	{ NULL, { "\x16\x03\x01" }, -1, IMAP_NONE, "", NULL,
	    "tls-on-plain-port" },
};

static void
imap_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof imap_cases / sizeof imap_cases[0]; i++) {
		const struct imap_case *c = &imap_cases[i];
		struct imap_reply r;
		int rc = 0;

		imap_reply_init(&r, c->tag);
		for (int k = 0; k < 6 && c->lines[k] != NULL; k++)
			rc = imap_reply_parse(&r, c->lines[k],
			    strlen(c->lines[k]), strlen(c->lines[k]), 2);
		assert_int_equal(rc, c->rc);
		assert_int_equal(r.status, c->status);
		assert_string_equal(r.code, c->code);
		if (c->text != NULL)
			assert_string_equal(r.text, c->text);
		if (c->bad != NULL)
			assert_string_equal(r.bad, c->bad);
		imap_reply_free(&r);
	}
}

static void
say(struct pop3_track *k, const char *line)
{
	pop3_track_sent(k, line, strlen(line));
}

static void
pop3_tracker(void **state)
{
	struct pop3_track k;

	(void)state;
	pop3_track_init(&k);
	pop3_track_reply(&k, true, false);
	assert_int_equal(k.state, POP3_AUTHORIZATION);
	say(&k, "capa");
	assert_true(k.multi);
	pop3_track_cap(&k, "SASL PLAIN CRAM-MD5", 19);
	pop3_track_cap(&k, "USER", 4);
	pop3_track_reply(&k, true, false);
	assert_int_equal(k.methods, AUTH_PLAIN | AUTH_CRAM | AUTH_USER);
	say(&k, "STLS");
	pop3_track_reply(&k, true, false);
	assert_int_equal(k.state, POP3_TLS);
	pop3_track_tls(&k);
	assert_int_equal(k.methods, 0);
	say(&k, "AUTH PLAIN");
	assert_false(k.multi);
	pop3_track_reply(&k, false, true);
	assert_int_equal(k.state, POP3_SECRET);
	say(&k, "QUIT");			/* an answer, not a verb */
	assert_int_equal(k.pending, POP3_AUTH);
	pop3_track_reply(&k, false, false);
	assert_int_equal(k.state, POP3_AUTHORIZATION);
	say(&k, "USER taro");
	pop3_track_reply(&k, true, false);
	say(&k, "PASS x");
	pop3_track_reply(&k, true, false);
	assert_int_equal(k.state, POP3_TRANSACTION);
	say(&k, "LIST 1");
	assert_false(k.multi);
	say(&k, "LIST");
	assert_true(k.multi);
	say(&k, "QUIT");
	pop3_track_reply(&k, true, false);
	assert_int_equal(k.state, POP3_GONE);
}

static void
tell(struct imap_track *k, const char *line)
{
	imap_track_sent(k, line, strlen(line));
}

static void
imap_tracker(void **state)
{
	struct imap_track k;

	(void)state;
	imap_track_init(&k);
	imap_track_reply(&k, IMAP_OK, false);
	assert_int_equal(k.state, IMAP_NOT_AUTH);
	imap_track_caps(&k, "IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN", 43);
	assert_true(k.caps);
	assert_int_equal(k.methods, AUTH_PLAIN);
	tell(&k, "a1 STARTTLS");
	assert_string_equal(k.tag, "a1");
	imap_track_reply(&k, IMAP_OK, false);
	assert_int_equal(k.state, IMAP_TLS);
	imap_track_tls(&k);
	assert_int_equal(k.state, IMAP_NOT_AUTH);
	tell(&k, "a2 authenticate LOGIN");
	imap_track_reply(&k, IMAP_MORE, false);
	assert_int_equal(k.state, IMAP_SECRET);
	tell(&k, "dGFybw==");
	assert_string_equal(k.tag, "a2");
	imap_track_reply(&k, IMAP_OK, false);
	assert_int_equal(k.state, IMAP_AUTH);
	tell(&k, "a3 SELECT INBOX");
	imap_track_reply(&k, IMAP_OK, false);
	tell(&k, "a4 uid search ALL");
	assert_int_equal(k.pending, IMAP_SEARCH);
	imap_track_reply(&k, IMAP_OK, true);
	assert_int_equal(k.state, IMAP_GONE);
}

static void
answer(enum auth_method m, const char *challenge, int nth, const char *want)
{
	char *a = auth_answer(m, "tim", "tanstaaftanstaaf", challenge, nth);

	if (want == NULL)
		assert_null(a);
	else
		assert_string_equal(a, want);
	auth_free(a);
}

/* CRAM-MD5: the example of RFC 2195. */
static void
answers(void **state)
{
	(void)state;
	answer(AUTH_CRAM, "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5u"
	    "ZXQ+", 0, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
	answer(AUTH_CRAM, "not base64!", 0, NULL);
	answer(AUTH_PLAIN, "", 0, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
	answer(AUTH_PLAIN, "", 1, NULL);
	answer(AUTH_LOGIN, "VXNlcm5hbWU6", 0, "dGlt");
	answer(AUTH_LOGIN, "UGFzc3dvcmQ6", 1, "dGFuc3RhYWZ0YW5zdGFhZg==");
	answer(AUTH_LOGIN, "", 2, NULL);
	assert_int_equal(auth_choose(AUTH_CRAM | AUTH_LOGIN), AUTH_LOGIN);
	assert_int_equal(auth_choose(0), 0);
}

static void
hidden(const struct secrets *s, const char *text, bool cut, const char *want)
{
	size_t n = 0;
	char *shown = secrets_scrub(s, text, strlen(text), cut, &n);

	if (want == NULL) {
		assert_null(shown);
		return;
	}
	assert_non_null(shown);
	assert_int_equal(n, strlen(want));
	assert_memory_equal(shown, want, n);
	free(shown);
}

static void
scrubbing(void **state)
{
	struct secrets s = { .list = NULL };

	(void)state;
	hidden(&s, "anything", true, NULL);
	secrets_account(&s, "taro", "pa\"ss");
	hidden(&s, "-ERR pa\"ss?", false, "-ERR ********?");
	hidden(&s, "NO \"pa\\\"ss\" bad", false, "NO ******** bad");
	hidden(&s, "535 cGEic3M=", false, "535 ********");
	hidden(&s, "535 cGEic3M", false, "535 ********");
	hidden(&s, "535 AHRhcm8AcGEic3M= no", false, "535 ******** no");
	hidden(&s, "a line cut at pa\"", true, "a line cut at ********");
	hidden(&s, "a line cut at pa\"", false, NULL);
	secrets_free(&s);
}

static void
learn(struct secrets *s, const char *text)
{
	secret_learn(s, text, strlen(text));
}

/* What was typed comes back in all forms, whoever made them of it. */
static void
learning(void **state)
{
	struct secrets s = { .list = NULL };

	(void)state;
	learn(&s, "pa\"ss");
	hidden(&s, "-ERR pa\"ss?", false, "-ERR ********?");
	hidden(&s, "NO \"pa\\\"ss\" bad", false, "NO \"********\" bad");
	hidden(&s, "535 cGEic3M= no", false, "535 ******** no");
	hidden(&s, "535 (cGEic3M)", false, "535 (********)");
	/* Of another's name and it: \0bob\0, \0taro\0 and one more letter. */
	hidden(&s, "no AGJvYgBwYSJzcw== no", false, "no ******** no");
	hidden(&s, "no AHRhcm8AcGEic3Mh", false, "no ********");
	hidden(&s, "no=AGJvYgBwYSJzcw", false, "no=********");
	hidden(&s, "no/AGJvYgBwYSJzcw==.", false, "********.");
	hidden(&s, "no AGJvYgBwYSI", true, "no ********");
	hidden(&s, "no AGJvYgBwYSI", false, NULL);
	hidden(&s, "250 AUTH PLAIN LOGIN CRAM-MD5", false, NULL);
	secrets_free(&s);
	/* The blob as it was typed, with what stands for nothing and without;
	   and what is in it. */
	learn(&s, "AGJvYgBwYSJzcw==");
	hidden(&s, "no AGJvYgBwYSJzcw", false, "no ********");
	hidden(&s, "no pa\"ss", false, "no ********");
	secrets_free(&s);
	learn(&s, "AGJvYgBwYSJzcw");
	hidden(&s, "no AGJvYgBwYSJzcw==", false, "no ********");
	hidden(&s, "no pa\"ss cGEic3M=", false, "no ******** ********");
	secrets_free(&s);
}

/* The alphabet of RFC 4648 5, and hexadecimal digits of either case. */
static void
other_codes(void **state)
{
	struct secrets s = { .list = NULL };

	(void)state;
	secrets_account(&s, "taro", "n~?o>pa~~");
	hidden(&s, "no bn4/bz5wYX5+", false, "no ********");
	hidden(&s, "no bn4_bz5wYX5-!", false, "no ********!");
	hidden(&s, "no AHRhcm8Abn4_bz5wYX5-.", false, "no ********.");
	/* Of another's name: \0bob\0, \0taro\0 and one more letter. */
	hidden(&s, "no AGJvYgBufj9vPnBhfn4 no", false, "no ******** no");
	hidden(&s, "no AHRhcm8Abn4_bz5wYX5-IQ== no", false, "no ******** no");
	hidden(&s, "no (AGJvAG5-P28-cGF-fg)", false, "no (********)");
	hidden(&s, "no 6e7e3f6f3e70617e7e no", false, "no ******** no");
	hidden(&s, "x=6E7E3F6F3E70617E7E", false, "x=********");
	hidden(&s, "6e7e3f6f3e70617e no", false, NULL);
	hidden(&s, "250 a-b_c some-thing-in-words_and_signs", false, NULL);
	hidden(&s, "--------------------------------", false, NULL);
	secrets_free(&s);
	learn(&s, "Abn4_bz5wYX5-IQ");
	hidden(&s, "Abn4_bz5wYX5-IQ", false, "********");
	secrets_free(&s);
	/* Typed in this alphabet: what it means is learnt, too. */
	learn(&s, "AGJvAG5-P28-cGF-fg");
	hidden(&s, "n~?o>pa~~ bn4/bz5wYX5+ 6e7e3f6f3e70617e7e", false,
	    "******** ******** ********");
	secrets_free(&s);
}

/* The run remembers what its dialogues learn, not all of it for ever, and in
   a check only what is no common word. */
static void
remembering(void **state)
{
	struct secrets run = { .list = NULL };
	struct secrets a = { .run = &run }, b = { .run = &run };
	struct secrets c = { .run = &run, .least = 6 };

	(void)state;
	learn(&a, "geheim-77");
	learn(&a, "mail");
	secrets_free(&a);
	hidden(&b, "geheim-77 Z2VoZWltLTc3 mail", false,
	    "******** ******** ********");
	hidden(&c, "geheim-77 Z2VoZWltLTc3 mail", false,
	    "******** ******** mail");
	for (int i = 0; i < 1000; i++) {
		char text[32];

		snprintf(text, sizeof(text), "other-%d", i);
		learn(&b, text);
	}
	assert_true(run.n <= SECRETS_MAX && b.n <= SECRETS_MAX);
	hidden(&b, "other-999", false, "********");
	secrets_free(&b);
	secrets_free(&run);
}

/* Signs that end base64, and nothing but them: a look at each must not cost a
   look at all behind it, or this takes minutes. */
static void
many_signs(void **state)
{
	struct secrets s = { .n = 0 };
	size_t n = 1024 * 1024, shown;
	char *text = xmalloc(n);

	(void)state;
	secrets_account(&s, "tim", "geheim-77");
	memset(text, '=', n);
	assert_null(secrets_scrub(&s, text, n, false, &shown));
	free(text);
	hidden(&s, "= Z2VoZWltLTc3== =", false, "= ******** =");
	secrets_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pop3_replies),
		cmocka_unit_test(imap_replies),
		cmocka_unit_test(pop3_tracker),
		cmocka_unit_test(imap_tracker),
		cmocka_unit_test(answers),
		cmocka_unit_test(scrubbing),
		cmocka_unit_test(learning),
		cmocka_unit_test(other_codes),
		cmocka_unit_test(remembering),
		cmocka_unit_test(many_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
