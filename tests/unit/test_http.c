/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HTTP response reader by table: each response is fed whole, byte by byte
 * and in two halves, and must come out the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/xalloc.h"
#include "talk/http.h"

struct row {
	const char *in;
	size_t n;
	bool eof;
	enum http_phase phase;
	int status;
	const char *bad;	/* or NULL */
	const char *body;	/* or NULL */
	size_t headers;
};
#define IN(s) s, sizeof(s) - 1
#define OK "HTTP/1.1 200 OK\r\n"

static const struct row rows[] = {
	{ IN(OK "Content-Length: 3\r\n\r\nabcX"), false, HTTP_DONE, 200, NULL,
	    "abc", 1 },
	{ IN(OK "\r\nabc"), true, HTTP_DONE, 200, NULL, "abc", 0 },
	{ IN(OK "\r\nabc"), false, HTTP_BODY, 200, NULL, "abc", 0 },
	{ IN("HTTP/1.0 404\n\nno"), true, HTTP_DONE, 404, NULL, "no", 0 },
	{ IN(OK "Content-Length: 0\r\n\r\n"), false, HTTP_DONE, 200, NULL, "",
	    1 },
	{ IN("HTTP/1.1 204 No\r\nA: b\r\n\r\n"), false, HTTP_DONE, 204, NULL,
	    "", 1 },
	{ IN("HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n"), false, HTTP_DONE,
	    304, NULL, "", 1 },
	{ IN("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" OK
	    "content-length:2\r\n\r\nhi"), false, HTTP_DONE, 200, NULL, "hi",
	    2 },
	{ IN("HTTP/1.1 101 Switching\r\n\r\n"), false, HTTP_DONE, 101, NULL,
	    "", 0 },
	{ IN(OK "Transfer-Encoding: gzip, Chunked\r\n\r\n"
	    "3;x=y\r\nabc\r\n0A \r\n0123456789\r\n0\r\nT: 1\r\n\r\nrest"),
	    false, HTTP_DONE, 200, NULL, "abc0123456789", 2 },
	{ IN(OK "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"
	    "2\r\nab\r\n0\r\n\r\n"), false, HTTP_DONE, 200, NULL, "ab", 2 },
	{ IN(OK "A: b\r\n folded: yes\r\n\r\n"), true, HTTP_DONE, 200, NULL,
	    "", 1 },
	/* broken */
	{ IN("220 mail ESMTP\r\n"), false, HTTP_BAD, 0, "not-http", NULL, 0 },
	{ IN("\025\003\001\000\002\002\106"), false, HTTP_BAD, 0,
	    "tls-on-plain-port", NULL, 0 },
	{ IN("\025xx"), false, HTTP_BAD, 0, "not-http", NULL, 0 },
	{ IN("\r\n"), false, HTTP_BAD, 0, "not-http", NULL, 0 },
	{ IN("HTTP/2 200\r\n"), false, HTTP_BAD, 0, "bad-status-line", NULL,
	    0 },
	{ IN("HTTP/1.1 20 OK\r\n"), false, HTTP_BAD, 0, "bad-status-line",
	    NULL, 0 },
	{ IN("HTTP/1.1 2000\r\n"), false, HTTP_BAD, 0, "bad-status-line",
	    NULL, 0 },
	{ IN(OK "no colon\r\n"), false, HTTP_BAD, 200, "bad-header", NULL, 0 },
	{ IN(OK ": empty\r\n"), false, HTTP_BAD, 200, "bad-header", NULL, 0 },
	{ IN(OK " fold: first\r\n"), false, HTTP_BAD, 200, "bad-header", NULL,
	    0 },
	{ IN(OK "A: b\0c\r\n"), false, HTTP_BAD, 200, "bad-header", NULL, 0 },
	{ IN(OK "Content-Length: -1\r\n"), false, HTTP_BAD, 200, "bad-length",
	    NULL, 0 },
	{ IN(OK "Content-Length: 1\r\nContent-Length: 2\r\n"), false, HTTP_BAD,
	    200, "bad-length", NULL, 1 },
	{ IN(OK "Content-Length: 99999999999999999999\r\n"), false, HTTP_BAD,
	    200, "bad-length", NULL, 0 },
	{ IN(OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), false, HTTP_BAD,
	    200, "bad-chunk", "", 1 },
	{ IN(OK "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"), false,
	    HTTP_BAD, 200, "bad-chunk", "a", 1 },
	{ IN(OK "Transfer-Encoding: chunked\r\n\r\n"
	    "ffffffffffffffffff\r\n"), false, HTTP_BAD, 200, "bad-chunk", "",
	    1 },
	{ IN(""), true, HTTP_BAD, 0, "closed-early", NULL, 0 },
	{ IN("HTTP/1.1 2"), true, HTTP_BAD, 0, "closed-early", NULL, 0 },
	{ IN(OK "A: b\r\n"), true, HTTP_BAD, 200, "closed-early", NULL, 1 },
	{ IN(OK "Content-Length: 9\r\n\r\nabc"), true, HTTP_BAD, 200,
	    "closed-early", "abc", 1 },
	{ IN(OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), true,
	    HTTP_BAD, 200, "closed-early", "abc", 1 },
};

static void
check(const struct row *r, size_t step)
{
	struct http_parse p;
	size_t at = 0;

	http_parse_init(&p);
	while (at < r->n) {
		size_t n = r->n - at < step ? r->n - at : step;
		size_t used = http_parse_feed(&p, r->in + at, n, NULL, NULL);

		at += used;
		if (used < n)
			break;
	}
	if (r->eof)
		http_parse_eof(&p);
	if (p.phase != r->phase || p.status != r->status)
		fail_msg("%s: phase %d status %d", r->in, p.phase, p.status);
	if (r->bad != NULL)
		assert_string_equal(p.bad, r->bad);
	else
		assert_null(p.bad);
	if (r->body != NULL)
		assert_string_equal(buf_str(&p.body), r->body);
	assert_int_equal(p.headers, r->headers);
	assert_false(p.limited);
	http_parse_free(&p);
}

static void
responses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check(&rows[i], SIZE_MAX);
		check(&rows[i], 1);
		check(&rows[i], rows[i].n / 2 + 1);
	}
}

static void
fields(void **state)
{
	static const char in[] = "HTTP/1.0 301 Moved \033[31m\r\n"
	    "Location: \t http://a.example/\xe6\x97\xa5 x\r\n"
	    "Location: second\r\nSERVER : web\x01\r\n"
	    "Content-Type: text/html\r\n\r\n";
	struct http_parse p;

	(void)state;
	http_parse_init(&p);
	http_parse_feed(&p, in, sizeof(in) - 1, NULL, NULL);
	assert_int_equal(p.minor, 0);
	assert_string_equal(p.reason, "Moved \\x1b[31m");
	assert_string_equal(p.location, "http://a.example/%E6%97%A5%20x");
	assert_string_equal(p.server, "web\\x01");
	assert_string_equal(p.type, "text/html");
	assert_true(p.until_close);
	http_parse_free(&p);
}

static void
count_line(void *ctx, const char *line, size_t n)
{
	size_t *max = ctx;

	assert_int_equal(line[n], '\0');
	if (n > *max)
		*max = n;
}

static void
feed_text(struct http_parse *p, const char *s, size_t *max)
{
	http_parse_feed(p, s, strlen(s), count_line, max);
}

static void
limit_headers(void **state)
{
	struct http_parse p;
	size_t max = 0;

	(void)state;
	http_parse_init(&p);
	feed_text(&p, OK, &max);
	for (int i = 0; i < LIMIT_HEADERS; i++)
		feed_text(&p, "A: b\r\n", &max);
	assert_int_equal(p.phase, HTTP_HEADERS);
	feed_text(&p, "A: b\r\n", &max);
	assert_int_equal(p.phase, HTTP_BAD);
	assert_true(p.limited);
	assert_string_equal(p.bad, "too-many-headers");
	http_parse_free(&p);
}

static void
limit_bytes(void **state)
{
	char *big = xcalloc(1, LIMIT_HEADER_BYTES);
	struct http_parse p;
	size_t max = 0;

	(void)state;
	memset(big, 'x', LIMIT_HEADER_BYTES - 1);
	http_parse_init(&p);
	feed_text(&p, OK "Long: ", &max);
	for (int i = 0; i < 3; i++)
		feed_text(&p, big, &max);
	assert_int_equal(p.phase, HTTP_BAD);
	assert_string_equal(p.bad, "headers-too-long");
	assert_true(p.header_bytes <= LIMIT_HEADER_BYTES);
	assert_true(p.line.len <= LIMIT_LINE);
	http_parse_free(&p);
	free(big);
}

static void
long_line_is_cut(void **state)
{
	char *big = xcalloc(1, LIMIT_LINE + 100);
	struct http_parse p;
	size_t max = 0;

	(void)state;
	memset(big, 'x', LIMIT_LINE + 99);
	http_parse_init(&p);
	feed_text(&p, OK "Location: ", &max);
	feed_text(&p, big, &max);
	assert_int_equal(p.line_full, LIMIT_LINE + 109);
	feed_text(&p, "\r\nContent-Length: 1\r\n\r\na", &max);
	assert_int_equal(max, LIMIT_LINE);
	assert_int_equal(p.phase, HTTP_DONE);
	assert_null(p.location);
	assert_true(p.limited);
	http_parse_free(&p);
	free(big);
}

static void
limit_body(void **state)
{
	char *big = xcalloc(1, LIMIT_BODY + 1);
	struct http_parse p;

	(void)state;
	http_parse_init(&p);
	http_parse_feed(&p, OK "\r\n", strlen(OK) + 2, NULL, NULL);
	http_parse_feed(&p, big, LIMIT_BODY, NULL, NULL);
	assert_int_equal(p.phase, HTTP_BODY);
	assert_false(p.limited);
	http_parse_feed(&p, big, 1, NULL, NULL);
	assert_int_equal(p.phase, HTTP_DONE);
	assert_true(p.limited);
	assert_int_equal(p.body.len, LIMIT_BODY);
	http_parse_free(&p);
	free(big);
}

static void
titles(void **state)
{
	static const struct {
		const char *body, *title;
	} t[] = {
		{ "", NULL }, { "<p>none", NULL }, { "<title", NULL },
		{ "<html><TITLE lang=ja>\n a \t\r\n b </Title>x", "a b" },
		{ "<title>open", "open" }, { "<title></title>", "" },
		{ "<title>\033]0;x\007</title>", "\\x1b]0;x\\x07" },
		{ "<title>\xe6\x97\xa5\xe6\x9c\xac</title>",
		    "\xe6\x97\xa5\xe6\x9c\xac" },
	};
	char body[1024] = "<title>x";

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char *got = http_title(t[i].body, strlen(t[i].body));

		if (t[i].title == NULL)
			assert_null(got);
		else
			assert_string_equal(got, t[i].title);
		free(got);
	}
	for (int i = 0; i < 100; i++)
		strcat(body, "\xe6\x97\xa5");
	char *got = http_title(body, strlen(body));

	assert_int_equal(strlen(got), 199);
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses),
		cmocka_unit_test(fields),
		cmocka_unit_test(limit_headers),
		cmocka_unit_test(limit_bytes),
		cmocka_unit_test(long_line_is_cut),
		cmocka_unit_test(limit_body),
		cmocka_unit_test(titles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
