/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recording made into report and plain text: what must be in it, its
 * width, and that nothing of a peer gets through unescaped, in both
 * languages and both kinds of signs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/report.h"
#include "ui/run.h"
#include "ui/sink.h"
#include "ui/strings.h"

static char *
recording(const char *name)
{
	const char *dir = getenv("SRCDIR");

	return xasprintf("%s/tests/recordings/%s", dir == NULL ? "." : dir,
	    name);
}

static void
ignore(void *ctx, const struct session *s, const struct event *ev)
{
	(void)ctx;
	(void)s;
	(void)ev;
}

static struct session *
load(const char *name)
{
	struct session *s = session_new();
	char *path = recording(name);

	assert_int_equal(replay_feed(path, ignore, NULL, s), 0);
	free(path);
	return s;
}

static char *
report(const struct session *s)
{
	struct out out = { .ambiguous = 1 };
	char *text = NULL;
	size_t size;

	out.file = open_memstream(&text, &size);
	report_write(&out, s);
	fclose(out.file);
	return text;
}

static char *
plain(const char *name)
{
	struct session *s = session_new();
	struct out out = { .ambiguous = 1 };
	char *text = NULL, *path = recording(name);
	size_t size;

	out.file = open_memstream(&text, &size);
	assert_int_equal(replay_feed(path, plain_sink, &out, s), 0);
	fclose(out.file);
	session_free(s);
	free(path);
	return text;
}

static void
check_safe(const char *text)
{
	const char *at;
	char *line, *safe, *back;
	size_t n;

	for (at = text; *at != '\0'; at += n + (at[n] == '\n')) {
		n = strcspn(at, "\n");
		line = xstrndup(at, n);
		for (back = line; (back = strchr(back, '\\')) != NULL; )
			*back = '/';
		safe = text_escaped(line, n);
		assert_string_equal(safe, line);
		free(safe);
		free(line);
	}
}

static void
check_width(const char *text)
{
	const char *at;
	char *line;
	size_t n;

	for (at = text; *at != '\0'; at += n + (at[n] == '\n')) {
		n = strcspn(at, "\n");
		line = xstrndup(at, n);
		if (text_width(line, 1) > OUT_WIDTH)
			fail_msg("%d columns: %s", text_width(line, 1), line);
		free(line);
	}
}

static void
contains(const char *text, const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("no \"%s\" in\n%s", what, text);
}

static void
test_report(void **state)
{
	struct session *s = load("half-done.jsonl");
	char *text;

	(void)state;
	text = report(s);
	assert_int_equal(strncmp(text, "DNS v4 + v6 X | web v4 + v6 X | "
	    "mail in v4 ? v6 - | mailbox -\n  worst: X ", 72), 0);
	contains(text, "\nDNS Route 53 | MX Google\n");
	contains(text, "capital letters, final dot");
	contains(text, "2001:db8::/32, 192.0.2.0/24");
	contains(text, "IPv6 is half");
	contains(text, "X dns-timeout (masked)  ns1.example.jp 2001:db8::53 "
	    "port 53\n");
	contains(text, "$ dig SOA example.jp @2001:db8::53 +norec\n");
	contains(text, "=== No answer (3 s)\n");
	contains(text, ";; QUERY  www.example.jp AAAA");
	contains(text, "\\x1b]0;owned\\x07 \\xff\\xfe [+8979]");
	contains(text, "  ! -       +       ns2.example.jp 192.0.2.54\n");
	contains(text, "  ! +       -       ns9.example.jp no address\n");
	contains(text, "192.0.2.80    + 0.041  + 0.061    2001:db8::80  "
	    "+ 0.043  X 0.064\n");
	contains(text, "  - step mailbox: not built yet\n");
	contains(text, "83 DNS questions, 17 connections.");
	assert_true(strstr(text, "dns-timeout") < strstr(text, "no-aaaa"));
	assert_true(strstr(text, "no-aaaa") < strstr(text, "refused-us"));
	check_safe(text);
	check_width(text);
	assert_int_equal(report_status(s), 2);
	free(text);
	session_free(s);
}

#define HURT(client, proto, name, verdict, rest) \
	"{\"client\":\"" client "\",\"endpoint\":{\"name\":\"" name "\"," \
	"\"proto\":\"" proto "\"},\"verdict\":\"" verdict "\"" rest "}"

/* A line for each kind of client that is hurt, none when none is. */
static void
test_clients(void **state)
{
	struct session *s = load("half-done.jsonl");
	json_t *summary = json_object_get(s->end, "summary");
	char *text = report(s);

	(void)state;
	assert_null(strstr(text, "Clients that are hurt"));
	free(text);
	json_object_set_new(summary, "clients", json_loads("["
	    HURT("old", "https", "www.a.jp", "warning", ",\"s\":1,\"most\":127")
	    "," HURT("old", "http", "a", "warning", ",\"s\":0.04,"
	    "\"fails_some\":true")
	    "," HURT("nat64", "http", "a", "error", "")
	    "," HURT("nat64", "http", "b", "error", "")
	    "," HURT("nat64", "http", "c", "warning", ",\"s\":2")
	    "," HURT("nat64", "http", "d", "error", "") "]", 0, NULL));
	text = report(s);
	contains(text, "\nClients that are hurt\n"
	    "  ! both, without (old programs): https www.a.jp 127 s, "
	    "http a some fail\n"
	    "  X IPv6 only, NAT64 and DNS64: http a fails, http b fails, "
	    "http c 2.0 s,");
	contains(text, " more\n\nNot asked");
	check_width(text);
	free(text);
	session_free(s);
}

static void
test_japanese(void **state)
{
	struct session *s = load("half-done.jsonl");
	char *text;

	(void)state;
	strings_choose("ja");
	strings_set_utf8(true);
	text = report(s);
	contains(text, "\xe6\x89\x80\xe8\xa6\x8b\n");	/* findings */
	contains(text, "\xe2\x9c\x98 dns-timeout");
	check_safe(text);
	check_width(text);
	free(text);
	strings_choose("en");
	strings_set_utf8(false);
	session_free(s);
}

/* Every line is safe and belongs to its probe. */
static void
test_plain(void **state)
{
	char *text = plain("half-done.jsonl");

	(void)state;
	contains(text, "   0.002 servers dns 192.0.2.53 www.example.jp:AAAA: "
	    "$ dig AAAA www.example.jp @192.0.2.53 +norec\n");
	contains(text, "   0.028 servers dns 192.0.2.53 www.example.jp:AAAA: "
	    "<-  ;; NOERROR qr aa  www.example.jp AAAA  EDNS 1232");
	contains(text, ":     www.example.jp 300 AAAA 2001:db8::80\n");
	contains(text, "web https 2001:db8::80 www.example.jp:  ~> GET / ");
	contains(text, "<~  HTTP/1.1 503 Service \\u202eUnavailable\n");
	contains(text, "=== TLSv1.3 TLS_AES_256_GCM_SHA384, certificate of "
	    "www.example.jp, valid until 2027-02-23\n");
	contains(text, "## X new dns-timeout (masked): ");
	contains(text, "## . gone no-aaaa: ");
	contains(text, "## ? changed refused-us: ");
	contains(text, ": not asked: not built yet\n");
	check_safe(text);
	free(text);
}

/* A run that was cut off has a report, and its verdict is unknown. */
static void
test_cut_off(void **state)
{
	struct session *s = load("half-done.jsonl");
	char *text;

	(void)state;
	json_decref(s->end);
	s->end = NULL;
	text = report(s);
	contains(text, "dns-timeout");
	contains(text, "ends before its end");
	assert_int_equal(report_status(s), 3);
	free(text);
	session_free(s);
}

/* An end event with members missing or of the wrong type does no harm. */
static void
test_senseless_end(void **state)
{
	static const char *const ends[] = {
		"{}", "{\"verdict\":7,\"findings\":{},\"matrix\":\"x\"}",
		"{\"findings\":[null,1,{\"id\":\"\\u001b\",\"flags\":[1],"
		"\"evidence\":{\"seq\":[-1,\"x\"]}}],\"facts\":[{}]}",
		"{\"matrix\":[{},{\"endpoint\":{\"name\":\"\\u001b[1m\","
		"\"addr\":\"\\u009b2J\"},\"verdict\":\"ok\"}],"
		"\"delegation\":{\"zone\":[{\"ns\":1}],\"parent\":[null]}}",
		"{\"summary\":{\"worst\":99,\"services\":[1,{\"v4\":\"?\"}],"
		"\"who\":[1,\"x\"],\"limits\":[{}],\"not_asked\":[0]},"
		"\"contacts\":[{\"provider\":\"\\u202e\"}]}",
		"{\"summary\":{\"clients\":[1,{\"client\":\"\\u001b\","
		"\"endpoint\":{\"proto\":\"\\u202e\"},\"s\":-1},{},"
		"{\"client\":{},\"endpoint\":[],\"s\":\"x\"}]}}",
	};
	struct session *s = load("half-done.jsonl");
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		json_decref(s->end);
		s->end = json_loads(ends[i], 0, NULL);
		assert_non_null(s->end);
		text = report(s);
		check_safe(text);
		free(text);
	}
	session_free(s);
}

/* Long things are broken, not cut off silently. */
static void
test_long(void **state)
{
	struct session *s = load("half-done.jsonl");
	char name[300], *text;
	json_t *pair;

	(void)state;
	memset(name, 'n', 60);
	strcpy(name + 60, ".example.jp");
	pair = json_pack("{s:s,s:s}", "ns", name, "addr",
	    "2001:db8:1111:2222:3333:4444:5555:6666");
	json_array_append_new(json_object_get(json_object_get(s->end,
	    "delegation"), "zone"), pair);
	text = report(s);
	contains(text, "2001:db8:1111:2222:3333:4444:5555:6666\n");
	check_width(text);
	free(text);
	session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_japanese),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_senseless_end),
		cmocka_unit_test(test_long),
	};

	strings_choose("en");
	strings_set_utf8(false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
