/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SMTP replies, the reading of refusals, the tracker and redaction, all by
 * table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/xalloc.h"
#include "talk/auth.h"
#include "talk/smtp.h"
#include "talk/smtp_track.h"
#include "talk/talk.h"

static const struct {
	const char *lines[4];
	int rc, code;
	const char *enhanced, *text, *bad;
} replies[] = {
	{ { "220 mail.example.jp ESMTP" }, 1, 220, "", "mail.example.jp ESMTP",
	    NULL },
	{ { "250" }, 1, 250, "", "", NULL },
	{ { "250 " }, 1, 250, "", "", NULL },
	{ { "250-a", "250-", "250 b" }, 1, 250, "", "a", NULL },
	{ { "250-a", "250-b" }, 0, 250, "", "a", NULL },
	{ { "550 5.1.1 unknown" }, 1, 550, "5.1.1", "5.1.1 unknown", NULL },
	{ { "550 5.7.606" }, 1, 550, "5.7.606", "5.7.606", NULL },
	{ { "450 5.1.1 mixed" }, 1, 450, "", "5.1.1 mixed", NULL },
	{ { "550 5.1.1234 x" }, 1, 550, "", "5.1.1234 x", NULL },
	{ { "550 5.1.x" }, 1, 550, "", "5.1.x", NULL },
	{ { "550 5.1" }, 1, 550, "", "5.1", NULL },
	{ { "250-first", "250 2.0.0 ok" }, 1, 250, "2.0.0", "first", NULL },
	{ { "220 \033[2J\x80" }, 1, 220, "", "\\x1b[2J\\x80", NULL },
	{ { "" }, -1, 0, "", NULL, "not-smtp" },
	{ { "hello" }, -1, 0, "", NULL, "not-smtp" },
	{ { "22" }, -1, 0, "", NULL, "not-smtp" },
	{ { "199 x" }, -1, 0, "", NULL, "not-smtp" },
	{ { "600 x" }, -1, 0, "", NULL, "not-smtp" },
	{ { "+OK POP3" }, -1, 0, "", NULL, "not-smtp" },
	{ { "\025\003\001" }, -1, 0, "", NULL, "tls-on-plain-port" },
	{ { "2200 x" }, -1, 0, "", NULL, "bad-separator" },
	{ { "250-a", "550 b" }, -1, 250, "", "a", "code-changes" },
	{ { "250-a", "b" }, -1, 250, "", "a", "not-smtp" },
};

static void
reply_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct smtp_reply r;
		int rc = 0;

		smtp_reply_init(&r);
		for (int j = 0; j < 4 && replies[i].lines[j] != NULL; j++)
			rc = smtp_reply_parse(&r, replies[i].lines[j],
			    strlen(replies[i].lines[j]));
		if (rc != replies[i].rc || r.code != replies[i].code)
			fail_msg("row %zu: %d %d", i, rc, r.code);
		assert_string_equal(r.enhanced, replies[i].enhanced);
		if (replies[i].text != NULL)
			assert_string_equal(r.text, replies[i].text);
		if (replies[i].bad != NULL)
			assert_string_equal(r.bad, replies[i].bad);
		assert_int_equal(r.done, rc == 1);
		smtp_reply_free(&r);
	}
}

static void
all_lines(void **state)
{
	struct smtp_reply r;

	(void)state;
	smtp_reply_init(&r);
	smtp_reply_parse(&r, "550-5.7.25 The IP address", 25);
	smtp_reply_parse(&r, "550 5.7.25 has no PTR", 21);
	assert_string_equal(buf_str(&r.all), "The IP address has no PTR");
	smtp_reply_free(&r);
}

static void
reply_limits(void **state)
{
	struct smtp_reply r;
	char *big = xmalloc(LIMIT_REPLY_BYTES);

	(void)state;
	smtp_reply_init(&r);
	for (int i = 0; i < LIMIT_REPLY_LINES; i++)
		assert_int_equal(0, smtp_reply_parse(&r, "250-x", 5));
	assert_int_equal(-1, smtp_reply_parse(&r, "250-x", 5));
	assert_true(r.limited);
	assert_string_equal(r.bad, "too-many-lines");
	smtp_reply_free(&r);

	smtp_reply_init(&r);
	memset(big, 'x', LIMIT_REPLY_BYTES);
	memcpy(big, "250 ", 4);
	assert_int_equal(-1, smtp_reply_parse(&r, big, LIMIT_REPLY_BYTES));
	assert_true(r.limited);
	assert_string_equal(r.bad, "reply-too-long");
	smtp_reply_free(&r);
	free(big);
}

#define OURS "2001:db8:ffff::10"
#define HELO "probe.example.net"

static const struct {
	int code;
	const char *enhanced, *text;
	bool us, grey;
} refusals[] = {
	{ 250, "2.1.5", "ok " OURS " rbl", false, false },
	{ 550, "5.7.25", "", true, false },
	{ 550, "5.7.1", "client [" OURS "] blocked", true, false },
	{ 550, "5.7.1", "client [" OURS "a] x", false, false },
	{ 504, "5.5.2", "<" HELO ">: rejected", true, false },
	{ 554, "", "Your IP is on a block list", true, false },
	{ 554, "5.7.1", "blocked using zen.spamhaus.org", true, false },
	{ 550, "", "No PTR record", true, false },
	{ 550, "", "cryptrbls are fun", false, false },
	{ 554, "", "poor REPUTATION", true, false },
	{ 550, "5.1.1", "user unknown [" OURS "]", false, false },
	{ 550, "5.1.10", "recipient not found at " OURS, false, false },
	{ 552, "5.2.2", "mailbox full; your ip", false, false },
	{ 550, "", "not listed in public Name & Address Book", false, false },
	{ 550, "5.4.1", "Recipient address rejected: Access denied", false,
	    false },
	{ 450, "4.7.25", "cannot find your hostname", true, false },
	{ 450, "4.7.1", "Client host rejected: cannot find your reverse "
	    "hostname", true, false },
	{ 450, "4.2.0", "Recipient address rejected: Greylisted", false, true },
	{ 451, "4.7.1", "Greylisting in action [" OURS "]", false, true },
	{ 451, "", "Client host graylisted", false, true },
	{ 451, "4.7.1", "Please come back", false, true },
	{ 450, "4.3.2", "Service currently unavailable", false, true },
	{ 450, "", "Try again in 300 seconds", false, true },
	{ 451, "", "Temporary local problem - please try later", false,
	    false },
	{ 451, "4.3.0", "Temporary lookup failure", false, false },
	{ 452, "4.2.2", "mailbox full, try again later", false, false },
	{ 421, "4.7.0", "greylisted", false, false },
	{ 550, "5.7.1", "greylisted", false, false },
};

static void
refusal_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		bool us = smtp_refuses_us(refusals[i].code,
		    refusals[i].enhanced, refusals[i].text, OURS, HELO);
		bool grey = smtp_greylists(refusals[i].code,
		    refusals[i].enhanced, refusals[i].text);

		if (us != refusals[i].us || grey != refusals[i].grey)
			fail_msg("%d %s: us %d grey %d", refusals[i].code,
			    refusals[i].text, us, grey);
	}
	assert_false(smtp_refuses_us(550, NULL, "x", NULL, NULL));
	assert_false(smtp_refuses_us(550, NULL, "localhost", NULL,
	    "localhost"));
}

static const struct {
	const char *line;	/* sent, or "TLS" or a capability "+X" */
	int code;		/* of the reply; 0 none yet */
	enum smtp_state state;
} track[] = {
	{ NULL, 220, SMTP_GREETED },
	{ "EHLO a", 250, SMTP_READY },
	{ "starttls", 454, SMTP_READY },
	{ "STARTTLS", 220, SMTP_TLS },
	{ "TLS", 0, SMTP_GREETED },
	{ "EHLO a", 502, SMTP_GREETED },
	{ "HELO a", 250, SMTP_READY },
	{ "AUTH PLAIN", 334, SMTP_SECRET },
	{ "c2VjcmV0", 535, SMTP_READY },
	{ "AUTH LOGIN", 334, SMTP_SECRET },
	{ "dXNlcg==", 334, SMTP_SECRET },
	{ "c2VjcmV0", 235, SMTP_READY },
	{ "MAIL FROM:<a@b>", 250, SMTP_MAIL },
	{ "RCPT TO:<c@d>", 550, SMTP_MAIL },
	{ "RCPT TO:<c@d>", 250, SMTP_RCPT },
	{ "NOOP", 250, SMTP_RCPT },
	{ ".", 500, SMTP_RCPT },
	{ "DATA", 354, SMTP_CONTENT },
	{ "QUIT", 0, SMTP_CONTENT },
	{ ".", 250, SMTP_READY },
	{ "MAIL FROM:<a@b>", 250, SMTP_MAIL },
	{ "RSET", 250, SMTP_READY },
	{ "RSET", 421, SMTP_GONE },
};

static void
tracker(void **state)
{
	struct smtp_track k;

	(void)state;
	smtp_track_init(&k);
	assert_string_equal(smtp_track_verb(k.pending), "banner");
	for (size_t i = 0; i < sizeof(track) / sizeof(track[0]); i++) {
		const char *line = track[i].line;

		if (line != NULL && strcmp(line, "TLS") == 0)
			smtp_track_tls(&k);
		else if (line != NULL)
			smtp_track_sent(&k, line, strlen(line));
		if (track[i].code != 0)
			smtp_track_reply(&k, track[i].code);
		if (k.state != track[i].state)
			fail_msg("row %zu: state %d", i, k.state);
	}
	assert_string_equal(smtp_track_verb(k.pending), "");
	smtp_track_init(&k);
	smtp_track_tls(&k);
	assert_int_equal(k.pending, SMTP_BANNER);
	smtp_track_cap(&k, "AUTH=PLAIN LOGIN", 16);
	assert_int_equal(k.methods, AUTH_PLAIN | AUTH_LOGIN);
	smtp_track_sent(&k, "EHLO x", 6);
	smtp_track_cap(&k, "AUTHX PLAIN", 11);
	assert_int_equal(k.methods, 0);
}

static const struct {
	const char *line;
	bool answer;
	const char *shown;	/* NULL: as it is */
} secrets[] = {
	{ "AUTH PLAIN AGEAYg==", false, "AUTH PLAIN ********" },
	{ "auth plain  x y", false, "auth plain  ********" },
	{ "AUTH LOGIN", false, NULL },
	{ "AUTH", false, NULL },
	{ "PASS hunter2", false, "PASS ********" },
	{ "  pass a b", false, "  pass ********" },
	{ "APOP user c4c9334bac560ecc979e58001b3e22fb", false,
	    "APOP user ********" },
	{ "a1 LOGIN user pw", false, "a1 LOGIN ********" },
	{ "a1 authenticate PLAIN eHg=", false,
	    "a1 authenticate PLAIN ********" },
	{ "Authorization: Basic eHg=", false, "Authorization: ********" },
	{ "COOKIE :a=b", false, "COOKIE :********" },
	{ "Set-Cookie: sid=1; Path=/", false,
	    "Set-Cookie: ********; Path=/" },
	{ "MAIL FROM:<pass@x>", false, NULL },
	{ "USER me", false, NULL },
	{ "GET /login HTTP/1.1", false, NULL },
	{ "c2VjcmV0", true, "********" },
	{ "*", true, NULL },
	{ "", false, NULL },
};

static void
redaction(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		char *got = talk_redact(secrets[i].line,
		    strlen(secrets[i].line), secrets[i].answer);

		if (secrets[i].shown == NULL)
			assert_null(got);
		else {
			assert_non_null(got);
			assert_string_equal(got, secrets[i].shown);
		}
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reply_table),
		cmocka_unit_test(all_lines),
		cmocka_unit_test(reply_limits),
		cmocka_unit_test(refusal_table),
		cmocka_unit_test(tracker),
		cmocka_unit_test(redaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
