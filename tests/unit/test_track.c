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

static bool
received(struct track *k, const char *line)
{
	size_t n = strlen(line);

	return track_received(k, line, n, n, 2);
}

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
		assert_true(received(k, line + 2));
		return;
	case '!':
		assert_false(received(k, line + 2));
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

/* Where what went out and what came in could be read in two ways. */
static const char *const smtp_more[] = { "< 220 mx",
	"! 220-half", "> EHLO x", "< 250-mx",	/* begun unasked: forgotten */
	"< 250-StartTLS", "< 250 X", "? s|STARTTLS", "> EHLO x", "< 250-mx",
	"< 250 STARTTLSX", "? s|", "> AUTH FOO", "# QUIT|0", "> EHLO x",
	"< 504 no", "< 250-mx", "< 250-AUTH A\rB \033[2J LOGIN",
	"< 250 X", "? AU|AUTH LOGIN ", "> QUIT", "< 221 bye", "gone", NULL };
static const char *const pop3_more[] = { "< +OK hi",
	/* PASS belongs to AUTHORIZATION (RFC 1939 4), AUTH too (5034 4). */
	"> USER u", "< +OK", "> NOOP", "< -ERR", "> PASS p", "< +OK",
	"= transaction", "> PASS p", "< -ERR no", "= transaction",
	"> AUTH PLAIN", "< -ERR no", "= transaction",
	/* A verb and a blank is a verb without argument. */
	"> LIST ", "< +OK", "< 1 2", "wait", "< .", "turn",
	/* Lines of a text lose the dot added at their front (RFC 1939 3). */
	"> CAPA", "< +OK", "< ..SASL", "< .TOP", "< ..", "wait", "< .",
	"? TO|TOP ", "> CAPA", "< -ERR what", "turn",
	/* Nothing is offered to be typed that no key gives. */
	"> CAPA", "< +OK", "< SASL A\rB PLAIN", "< .", "? A|", "turn",
	/* One reply after the other, however they were typed (RFC 2449). */
	"> STAT", "> LIST", "> RETR 1", "> DELE 1", "< +OK 1 2", "< +OK",
	"< 1 2", "< .", "< +OK", "< -ERR", "< .", "wait", "< +OK", "turn",
	/* "+" is an answer to AUTH alone (RFC 5034 4). */
	"> NOOP", "! + what", "turn", "! +OK", "> NOOP", "! +OKAY", "wait",
	"< +OK", "turn",
	/* The server leaves whatever it could delete (RFC 1939 6). */
	"> QUIT", "< -ERR not all deleted", "gone", NULL };
/* What was pasted behind an AUTH that is refused are commands. */
static const char *const pop3_auth[] = { "< +OK hi", "> AUTH FOO",
	"# QUIT|0", "> QUIT", "< -ERR what", "= authorization", "wait",
	"< +OK bye", "gone", NULL };
static const char *const pop3_busy[] = { "wait", "< -ERR [SYS/TEMP] later",
	"gone", NULL };
static const char *const imap_more[] = { "! * NO later", "= connected",
	"< * OK hi", "= greeted", "> a1 CAPABILITY",
	/* RFC 9051 6.1.1: the text of the OK is not a list. */
	"< * CAPABILITY IMAP4rev1 ID", "< a1 OK CAPABILITY completed",
	"? a2 id|a2 ID NIL", "< * CAPABILITY AUTH=\033[2J AUTH=PLAIN",
	"? a2 au|a2 AUTHENTICATE PLAIN", "! a9 OK", "! + go",
	"> a2 LOGIN u p", "! + go", "wait",
	/* It may come without being asked for (RFC 9051 7). */
	"< * CAPABILITY IMAP4rev1 IDLE", "< a2 OK in",
	"? a3 id|a3 IDLE",
	/* RFC 9051 6.3.2, 6.4.2: a SELECT that fails closes, so UNSELECT. */
	"> a3 SELECT a", "< a3 OK", "= selected", "> a4 SELECT b",
	"< a4 NO none", "= authenticated", "> a5 EXAMINE a", "< a5 OK",
	"> a6 UNSELECT", "< a6 OK", "= authenticated",
	"> a7 AUTHENTICATE PLAIN", "< a7 BAD in", "= authenticated",
	"> a8 SELECT a", "< a8 OK",
	/* What lies in a literal is no response (RFC 9051 4.3). */
	"> a9 UID FETCH 1 (BODY[])", "< * 1 FETCH (BODY[] {20}",
	"< * BYE", "< a9 OK", "< + go", "= selected", "wait", "< )",
	"! what", "< a9 OK", "turn",
	/* Many under way, answered in any order. */
	"> b1 NOOP", "> b2 STATUS a (MESSAGES)", "< b2 OK", "wait",
	"< b1 OK", "turn",
	/* IDLE and literals of ours are gone on with (RFC 9051 7.6). */
	"> a10 IDLE", "wait", "< + idling", "turn", "> DONE", "wait",
	"< a10 OK", "> a11 APPEND a {3}", "wait", "< + ", "turn", "> abc",
	"wait", "< a11 OK", "turn", "> a12 NOOP", "< * BYE full",
	"< a12 OK", "gone", NULL };
/* A challenge makes what is typed next a secret, whether or not the tracker
   saw the word that asked for it: a blank before it, a server that answers
   twice or asks unasked, a port whose protocol nobody knows. */
static const char *const blank[] = { "< 220 mx", "> EHLO x", "< 250 mx",
	">  AUTH LOGIN", "< 334 VXNlcm5hbWU6", "# abc|0", NULL };
static const char *const twice[] = { "< 220 mx", "> EHLO x", "< 250 mx",
	"> AUTH LOGIN", "< 250 never mind", "! 334 UGFzc3dvcmQ6", "# abc|0",
	NULL };
static const char *const pop3_twice[] = { "< +OK", "> AUTH PLAIN", "< +OK",
	"! + ", "# abc|0", NULL };
static const char *const imap_unasked[] = { "< * OK hi", "! + ",
	"> a1 AUTHENTICATE PLAIN", "# abc|0", NULL };
static const char *const unknown[] = { "< 220 mx", "> EHLO x", "< 250 mx",
	"> AUTH LOGIN", "< 334 VXNlcm5hbWU6", "# abc|0", "> abc", "# abc|0",
	"< 334 VXNl", "> abc", "< 235 in", "# NOOP|4", "> NOOP", "< 250 ok",
	/* Pasted: nothing was heard yet. */
	"> AUTH LOGIN", "# abc|0", "< 504 no", "# NOOP|4", "< + ", "# abc|0",
	"> *", "< -ERR no", "# NOOP|4", "> a1 AUTHENTICATE PLAIN", "# abc|0",
	"< a1 NO what", "# NOOP|4", "# PASS x|5", "# a LOGIN b c|8", NULL };
/* Pasted in one go, and the replies come while it is. */
static const char *const lines_paste[] = { "> EHLO x", "> AUTH LOGIN",
	"# abc|0", "< 220 mx", "# abc|0", "< 250-mx", "< 250 ok", "# abc|0",
	"> abc", "< 334 VXNl", "# abc|0", "> abc", "< 235 in", "# NOOP|4",
	/* An answer is one, though it looks like a field that goes on. */
	"> AUTH LOGIN", "> Cookie: x=", "#  abc|0", NULL };
static const char *const pop3_blank[] = { "< +OK", "> \tAUTH PLAIN",
	"# abc|0", "< + ", "answers", "> *", "< -ERR no", "# NOOP|4",
	"> NOOP", "! +", "# abc|0", "> abc", "< -ERR what", "# NOOP|4",
	/* Lines of a letter are none. */
	"> RETR 1", "< +OK", "< + x", "< .", "# NOOP|4", NULL };
static const char *const imap_blanks[] = { "< * OK hi",
	">  a1  AUTHENTICATE PLAIN", "# abc|0", "< + ", "answers", "> *",
	"< a1 BAD no", "= greeted", "# a2 NOOP|7", "> a2 XAUTH", "< + ",
	"# abc|0", "> abc", "< a2 NO no", "# a3 NOOP|7",
	/* Neither IDLE nor what is appended is one. */
	"> a4 IDLE", "< + idling", "# DONE|4", "> DONE", "< a4 OK",
	"> a5 APPEND x {3}", "< + go", "# abc|3", "> abc", "< a5 OK", NULL };

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
	walk(TRACK_SMTP, smtp_more);
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
	walk(TRACK_POP3, pop3_more);
	walk(TRACK_POP3, pop3_auth);
	walk(TRACK_POP3, pop3_busy);
}

static void
imap_test(void **state)
{
	(void)state;
	walk(TRACK_IMAP, imap);
	walk(TRACK_IMAP, imap_more);
}

/* Literals count the bytes that came, whatever is left of a line and however
   it ended. */
static void
literal_test(void **state)
{
	static const char *const before[] = { "< * OK hi", "> a1 FETCH 1 ALL",
		"< * 1 FETCH (BODY[] {9012}", NULL };
	static const char *const after[] = { "< * BYE", "= greeted", "< )",
		"< a1 OK", "turn", NULL };
	struct track *k = track_new(TRACK_IMAP);

	(void)state;
	for (size_t i = 0; before[i] != NULL; i++)
		step(k, before[i]);
	assert_true(track_received(k, "a1 OK", 5, 9000, 2));
	assert_true(track_received(k, "a1", 2, 2, 1));
	for (size_t i = 0; after[i] != NULL; i++)
		step(k, after[i]);
	track_free(k);
}

static void
blank_test(void **state)
{
	(void)state;
	walk(TRACK_SMTP, blank);
}

static void
twice_test(void **state)
{
	(void)state;
	walk(TRACK_SMTP, twice);
}

static void
pop3_twice_test(void **state)
{
	(void)state;
	walk(TRACK_POP3, pop3_twice);
	walk(TRACK_POP3, pop3_blank);
}

static void
imap_unasked_test(void **state)
{
	(void)state;
	walk(TRACK_IMAP, imap_unasked);
	walk(TRACK_IMAP, imap_blanks);
}

static void
lines_test(void **state)
{
	(void)state;
	walk(TRACK_LINES, unknown);
	walk(TRACK_LINES, lines_paste);
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
					(void)received(k, w);
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

		received(k, rows[i].greeting);
		track_sent(k, rows[i].ask, strlen(rows[i].ask));
		received(k, rows[i].first);
		for (int line = 0; line < 5000; line++)
			received(k, rows[i].one);
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
		cmocka_unit_test(literal_test),
		cmocka_unit_test(blank_test),
		cmocka_unit_test(twice_test),
		cmocka_unit_test(pop3_twice_test),
		cmocka_unit_test(imap_unasked_test),
		cmocka_unit_test(lines_test),
		cmocka_unit_test(hostile_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
