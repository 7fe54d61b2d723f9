/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP/1.x responses (RFC 9112), read from whatever pieces the network gives.
 * The reader is strict where clients would differ, lenient where RFC 9112
 * asks for it, and bounded everywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/http.h"
#include "talk/http_field.h"

enum { CHUNK_SIZE, CHUNK_DATA, CHUNK_END, CHUNK_TRAILER };

typedef void line_fn(void *, const char *, size_t);

void
http_parse_init(struct http_parse *p)
{
	memset(p, 0, sizeof(*p));
	p->length = -1;
	buf_init(&p->body, LIMIT_BODY);
	buf_init(&p->line, LIMIT_LINE);
}

static void
forget_head(struct http_parse *p)
{
	free(p->reason);
	free(p->location);
	free(p->server);
	free(p->type);
	p->reason = p->location = p->server = p->type = NULL;
	p->length = -1;
	p->chunked = false;
}

void
http_parse_free(struct http_parse *p)
{
	forget_head(p);
	buf_free(&p->body);
	buf_free(&p->line);
}

static void
bad(struct http_parse *p, const char *why)
{
	p->phase = HTTP_BAD;
	p->bad = why;
}

static void
over_limit(struct http_parse *p, const char *why)
{
	p->limited = true;
	bad(p, why);
}

/* Add to the line being read; true once its LF was eaten. */
static bool
take_line(struct http_parse *p, const unsigned char *d, size_t n, size_t *used)
{
	const unsigned char *lf = memchr(d, '\n', n);
	size_t len = lf == NULL ? n : (size_t)(lf - d);
	size_t room = LIMIT_LINE - p->line.len;

	*used = lf == NULL ? len : len + 1;
	if (len > 0 && room > 0)
		buf_add(&p->line, d, len < room ? len : room);
	p->line_full += len;
	if (lf == NULL)
		return false;
	if (p->line_full > 0 && p->line_full == p->line.len &&
	    p->line.data[p->line.len - 1] == '\r') {
		p->line.len--;
		p->line.data[p->line.len] = '\0';
		p->line_full--;
	}
	return true;
}

static void
drop_line(struct http_parse *p)
{
	buf_drop(&p->line, p->line.len);
	p->line_full = 0;
}

static void
check_start(struct http_parse *p)
{
	static const char start[] = "HTTP/";
	const unsigned char *d = p->line.data;
	size_t n = p->line.len < 5 ? p->line.len : 5;

	if (n == 0 || memcmp(d, start, n) == 0)
		return;
	if (d[0] != 0x15 && d[0] != 0x16)
		bad(p, "not-http");
	else if (n >= 2)
		bad(p, d[1] == 3 ? "tls-on-plain-port" : "not-http");
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
parse_status(struct http_parse *p)
{
	const char *s = buf_str(&p->line);
	size_t n = p->line.len;

	if (n < 12 || memcmp(s, "HTTP/1.", 7) != 0 || !digit(s[7]) ||
	    s[8] != ' ' || s[9] < '1' || s[9] > '9' || !digit(s[10]) ||
	    !digit(s[11]) || (n > 12 && s[12] != ' '))
		return -1;
	p->minor = s[7] - '0';
	p->status = (s[9] - '0') * 100 + (s[10] - '0') * 10 + s[11] - '0';
	p->reason = n > 13 ? text_escaped(s + 13, n - 13) : xstrdup("");
	return 0;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
parse_header(struct http_parse *p, bool first)
{
	const char *s = buf_str(&p->line), *colon;
	size_t n = p->line.len, len;

	if (memchr(s, '\0', n) != NULL) {
		bad(p, "bad-header");
		return;
	}
	if (blank(s[0]) && !first)	/* RFC 9112 5.2: obs-fold */
		return;
	colon = memchr(s, ':', n);
	if (colon == NULL || colon == s || blank(s[0])) {
		bad(p, "bad-header");
		return;
	}
	len = (size_t)(colon - s);
	n -= len + 1;
	while (len > 0 && blank(s[len - 1]))
		len--;
	for (colon++; n > 0 && blank(*colon); n--)
		colon++;
	while (n > 0 && blank(colon[n - 1]))
		n--;
	if (http_field_take(p, s, len, colon, n) != 0)
		bad(p, "bad-length");
	else if (++p->headers > LIMIT_HEADERS)
		over_limit(p, "too-many-headers");
}

static void
end_headers(struct http_parse *p)
{
	if (p->status < 200 && p->status != 101) {	/* RFC 9110 15.2 */
		forget_head(p);
		p->status = 0;
		p->phase = HTTP_STATUS;
		return;
	}
	p->phase = HTTP_BODY;
	if (p->status == 101 || p->status == 204 || p->status == 304)
		p->phase = HTTP_DONE;
	else if (p->chunked)
		p->chunk_state = CHUNK_SIZE;
	else if (p->length < 0)
		p->until_close = true;
	else if (p->length == 0)
		p->phase = HTTP_DONE;
}

static void
head_line(struct http_parse *p)
{
	if (p->phase == HTTP_STATUS) {
		if (p->line.len < 5)
			bad(p, "not-http");
		else if (parse_status(p) != 0)
			bad(p, "bad-status-line");
		else
			p->phase = HTTP_HEADERS;
	} else if (p->line_full == 0)
		end_headers(p);
	else
		parse_header(p, p->headers == 0);
}

static size_t
head_step(struct http_parse *p, const unsigned char *d, size_t n,
    line_fn *line, void *ctx)
{
	size_t used, room = LIMIT_HEADER_BYTES - p->header_bytes;
	bool whole;

	if (room == 0) {
		over_limit(p, "headers-too-long");
		return 0;
	}
	whole = take_line(p, d, n < room ? n : room, &used);
	p->header_bytes += used;
	if (p->phase == HTTP_STATUS)
		check_start(p);
	if (!whole || p->phase == HTTP_BAD)
		return used;
	head_line(p);
	if (line != NULL)
		line(ctx, buf_str(&p->line), p->line.len);
	drop_line(p);
	return used;
}

static void
add_body(struct http_parse *p, const unsigned char *d, size_t n)
{
	size_t room = LIMIT_BODY - p->body.len;

	buf_add(&p->body, d, n < room ? n : room);
	p->body_bytes += n;
	if (n > room) {
		p->limited = true;
		p->phase = HTTP_DONE;
	}
}

static size_t
body_step(struct http_parse *p, const unsigned char *d, size_t n)
{
	if (p->length >= 0) {
		unsigned long long left =
		    (unsigned long long)p->length - p->body_bytes;

		if (n >= left) {
			n = (size_t)left;
			p->phase = HTTP_DONE;
		}
	}
	add_body(p, d, n);
	return n;
}

static int
parse_chunk_size(const char *s, size_t n, unsigned long long *out)
{
	static const char hex[] = "0123456789abcdef";
	unsigned long long v = 0;
	size_t i;

	for (i = 0; i < n && i < 16; i++) {
		int c = s[i] >= 'A' && s[i] <= 'F' ? s[i] + 32 : s[i];
		const char *at = c == 0 ? NULL : strchr(hex, c);

		if (at == NULL)
			break;
		v = v * 16 + (unsigned long long)(at - hex);
	}
	if (i == 0 || i > 15)
		return -1;
	while (i < n && blank(s[i]))
		i++;
	*out = v;
	return i == n || s[i] == ';' ? 0 : -1;
}

static void
chunk_line(struct http_parse *p)
{
	const char *s = buf_str(&p->line);

	if (p->line_full > p->line.len)
		bad(p, "bad-chunk");
	else if (p->chunk_state == CHUNK_TRAILER) {
		if (p->line_full == 0)
			p->phase = HTTP_DONE;
		else if (++p->headers > LIMIT_HEADERS)
			over_limit(p, "too-many-headers");
	} else if (p->chunk_state == CHUNK_END) {
		if (p->line_full != 0)
			bad(p, "bad-chunk");
		p->chunk_state = CHUNK_SIZE;
	} else if (parse_chunk_size(s, p->line.len, &p->chunk_left) != 0)
		bad(p, "bad-chunk");
	else
		p->chunk_state = p->chunk_left > 0 ? CHUNK_DATA :
		    CHUNK_TRAILER;
	drop_line(p);
}

static size_t
chunk_step(struct http_parse *p, const unsigned char *d, size_t n)
{
	size_t used;

	if (p->chunk_state != CHUNK_DATA) {
		if (take_line(p, d, n, &used))
			chunk_line(p);
		else if (p->line_full > p->line.len)
			bad(p, "bad-chunk");
		return used;
	}
	if (n >= p->chunk_left) {
		n = (size_t)p->chunk_left;
		p->chunk_state = CHUNK_END;
	}
	p->chunk_left -= n;
	add_body(p, d, n);
	return n;
}

size_t
http_parse_feed(struct http_parse *p, const void *data, size_t n,
    line_fn *line, void *ctx)
{
	const unsigned char *d = data;
	size_t used = 0;

	while (used < n && p->phase < HTTP_DONE) {
		const unsigned char *at = d + used;
		size_t left = n - used;

		if (p->phase < HTTP_BODY)
			used += head_step(p, at, left, line, ctx);
		else if (p->chunked)
			used += chunk_step(p, at, left);
		else
			used += body_step(p, at, left);
	}
	return used;
}

void
http_parse_eof(struct http_parse *p)
{
	if (p->phase >= HTTP_DONE)
		return;
	if (p->phase == HTTP_BODY && p->until_close)
		p->phase = HTTP_DONE;
	else
		bad(p, "closed-early");
}
