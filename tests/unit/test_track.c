/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trackers of all protocols, fed line by line: the state after it, what
 * may be typed next, and what of a line is secret.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "talk/track.h"

/*
 * "> line" goes out, "< line" comes in, "! line" comes in unasked, "tls" the
 * handshake; "= state"; "? begin|a|b" the completions; "# line|n" where the
 * secret begins; "turn" "wait" "due" "answers" "content" "gone" hold.
 */
static void
step(struct track *k, const char *line)
{
	const char *bar = strchr(line, '|');
	size_t n = bar == NULL ? 0 : (size_t)(bar - line - 2);
	struct buf b;
	char **list;

	switch (line[0] == '\0' || line[1] != ' ' ? '\0' : line[0]) {
	case '>':
		track_sent(k, line + 2, strlen(line + 2));
		return;
	case '<':
		assert_true(track_received(k, line + 2, strlen(line + 2)));
		return;
	case '!':
		assert_false(track_received(k, line + 2, strlen(line + 2)));
		return;
	case '=':
		assert_string_equal(track_state(k), line + 2);
		return;
	case '#':
		assert_int_equal(track_secret(k, line + 2, n),
		    strtol(bar + 1, NULL, 10));
		return;
	case '?':
		buf_init(&b, 0);
		list = track_complete(k, line + 2, n);
		for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
			buf_printf(&b, "|%s", list[i]);
			free(list[i]);
		}
		free(list);
		assert_string_equal(buf_str(&b), bar[1] == '\0' ? "" : bar);
		buf_free(&b);
		return;
	default:
		break;
	}
	if (strcmp(line, "tls") == 0)
		track_tls(k);
	else if (strcmp(line, "turn") == 0)
		assert_true(track_our_turn(k));
	else if (strcmp(line, "wait") == 0)
		assert_false(track_our_turn(k));
	else if (strcmp(line, "due") == 0)
		assert_true(track_tls_due(k));
	else if (strcmp(line, "answers") == 0)
		assert_true(track_answers(k) && track_challenged(k));
	else if (strcmp(line, "content") == 0)
		assert_true(track_content(k));
	else if (strcmp(line, "gone") == 0)
		assert_true(track_gone(k) && track_goodbye(k) == NULL);
	else
		fail_msg("%s", line);
}

static const char *const smtp[] = { "wait", "= connected",
	"? |", "< 220 mx", "turn", "= greeted", "? e|EHLO ", "? q|QUIT",
	"! 250 what", "> EHLO x", "wait", "< 250-mx", "< 250-STARTTLS",
	"< 250-AUTH PLAIN LOGIN", "< 250-SIZE 100", "< 250 HELP", "turn",
	"= ready", "? s|STARTTLS", "? auth |AUTH LOGIN |AUTH PLAIN ",
	"? VR|", "? he|HELP", "? da|", "# AUTH PLAIN AGEAYg==|11",
	"# MAIL FROM:<a>|13", "> STARTTLS", "< 220 go", "due", "= tls",
	"tls", "= greeted", "? s|", "> EHLO x", "< 250-mx",
	"< 250 AUTH CRAM-MD5", "? au|AUTH CRAM-MD5 ", "> AUTH CRAM-MD5",
	"# abc|0", "< 334 PDE+", "answers", "= secret", "? |", "# abc|0",
	"# *|1", "> *", "< 501 no", "= ready", "> MAIL FROM:<>",
	"> RCPT TO:<a@b>", "> DATA", "< 250 ok", "wait", "< 250 ok",
	"< 354 go", "content", "? |.", "# AUTH PLAIN x|12", "> Subject: x",
	"> .", "< 250 ok", "= ready", "! 421 bye", "gone", NULL };
static const char *const http[] = { "turn", "= request",
	"? g|GET / HTTP/1.1", "> GET / HTTP/1.1", "= fields",
	"? ho|Host: ", "# Authorization: Basic x|15", "> Host: a", "> ",
	"wait", "= awaits", "< HTTP/1.1 200 OK", "< A: b", "< ", "= page",
	"turn", "> POST / HTTP/1.1", "> ", "content", "< ?", NULL };
static const char *const pop3[] = { "wait", "< +OK hi", "turn",
	"= authorization", "? u|USER ", "> CAPA", "< +OK", "< STLS",
	"< SASL PLAIN LOGIN", "wait", "< .", "turn", "? u|",
	"? a|AUTH LOGIN|AUTH PLAIN", "? st|STLS", "# PASS a b|5", "> STLS",
	"< +OK", "due", "tls", "? st|", "> AUTH PLAIN", "# x|0", "< + ",
	"answers", "= secret", "> AGEAYg==", "< +OK in", "= transaction",
	"? re|RETR ", "> LIST", "< +OK", "< 1 2", "< .", "> LIST 1",
	"< +OK 1 2", "turn", "> NOOP", "! x", "< -ERR no", "> QUIT", "< +OK",
	"gone", NULL };
static const char *const imap[] = { "wait",
	"< * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi", "turn",
	"= greeted", "? |a1 CAPABILITY|a1 LOGOUT|a1 NOOP|a1 STARTTLS",
	"? x st|x STARTTLS", "? LO|a1 LOGOUT", "> a1 STARTTLS", "wait",
	"< a1 OK", "due", "tls", "= greeted", "> a2 CAPABILITY",
	"< * CAPABILITY IMAP4rev1 AUTH=PLAIN ID", "< a2 OK", "? log|a3 LOGIN "
	"|a3 LOGOUT", "? auth|a3 AUTHENTICATE PLAIN",
	"# a3 LOGIN u p|9", "> a3 LOGIN {4}", "# taro|0", "< + ",
	"# taro {3}|0", "> taro {3}", "< + ", "# abc|0", "> abc",
	"< a3 NO [AUTHENTICATIONFAILED]", "= greeted",
	"> a4 AUTHENTICATE PLAIN", "# x|0", "< + ", "answers",
	"> AGEAYg==", "< a4 OK in", "= authenticated",
	"? sel|a5 SELECT INBOX", "> a5 SELECT INBOX", "< * 1 EXISTS",
	"< a5 OK", "= selected", "? uid s|a6 UID SEARCH ALL|a6 UID SEARCH "
	"HEADER Message-ID \"|a6 UID STORE ", "> a6 LOGOUT", "< * BYE",
	"< a6 OK", "gone", NULL };

static void
walk(enum track_proto proto, const char *const *lines)
{
	struct track *k = track_new(proto);

	for (; *lines != NULL; lines++) {
		print_message("%s\n", *lines);
		step(k, *lines);
	}
	track_free(k);
}

static void
smtp_test(void **state)
{
	(void)state;
	walk(TRACK_SMTP, smtp);
}

static void
http_test(void **state)
{
	(void)state;
	walk(TRACK_HTTP, http);
}

static void
pop3_test(void **state)
{
	(void)state;
	walk(TRACK_POP3, pop3);
}

static void
imap_test(void **state)
{
	(void)state;
	walk(TRACK_IMAP, imap);
}

/* Whatever lines come, in whatever order, nothing breaks. */
static void
hostile_test(void **state)
{
	static const char *const words[] = { "", "220 x", "250-x", "250 x",
		"334 ", "354 ", "421 x", "+OK", "-ERR", "+ ", ".", "* OK",
		"* BYE", "a1 OK", "a1 NO", "EHLO x", "AUTH PLAIN", "DATA",
		"STARTTLS", "CAPA", "STLS", "LIST", "a1 LOGIN {3}",
		"a1 STARTTLS", "HTTP/1.1 200", "GET / HTTP/1.1",
		"* CAPABILITY ]", "* CAPABILITY  a", "250-AUTH   ", "SASL  " };
	uint32_t seed = 7;

	(void)state;
	for (int proto = 0; proto < 5; proto++)
		for (int run = 0; run < 400; run++) {
			struct track *k = track_new((enum track_proto)proto);

			for (int i = 0; i < 60; i++) {
				const char *w;
				char **list;

				seed = seed * 1664525u + 1013904223u;
				w = words[(seed >> 12) % 30];
				if ((seed >> 8) % 2 == 0)
					track_sent(k, w, strlen(w));
				else
					track_received(k, w, strlen(w));
				if ((seed >> 20) % 30 == 0)
					track_tls(k);
				list = track_complete(k, "", 0);
				for (size_t n = 0; list != NULL &&
				    list[n] != NULL; n++)
					free(list[n]);
				free(list);
			}
			track_free(k);
		}
}

/* A peer that never stops offering: the first of it are kept. */
static void
endless_test(void **state)
{
	static const struct {
		enum track_proto proto;
		const char	*greeting, *ask, *first, *one;
	} rows[] = {
		{ TRACK_SMTP, "220 x", "EHLO a", "250-x", "250-WORD" },
		{ TRACK_POP3, "+OK", "CAPA", "+OK", "WORD" },
	};
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct track *k = track_new(rows[i].proto);

		track_received(k, rows[i].greeting, strlen(rows[i].greeting));
		track_sent(k, rows[i].ask, strlen(rows[i].ask));
		track_received(k, rows[i].first, strlen(rows[i].first));
		for (int line = 0; line < 5000; line++)
			track_received(k, rows[i].one, strlen(rows[i].one));
		for (n = 0; track_offered(k, n) != NULL;)
			n++;
		assert_true(n > 100 && n <= LIMIT_REPLY_LINES);
		track_free(k);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smtp_test),
		cmocka_unit_test(http_test),
		cmocka_unit_test(pop3_test),
		cmocka_unit_test(imap_test),
		cmocka_unit_test(endless_test),
		cmocka_unit_test(hostile_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
