/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The few header fields of a response that matter: framing, where it leads,
 * who answered.
 */
#include <string.h>

#include "base/text.h"
#include "talk/http_field.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
parse_length(struct http_parse *p, const char *s, size_t n)
{
	long long v = 0;

	if (n == 0 || n > 18)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!digit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	if (p->length >= 0 && p->length != v)
		return -1;
	p->length = v;
	return 0;
}

/* Percent-encode what cannot stand in a URL, so that it can be printed. */
static char *
url_bytes(const char *s, size_t n)
{
	struct buf b;

	buf_init(&b, 0);
	text_percent(&b, s, n, "");
	buf_adds(&b, "");
	return buf_steal(&b);
}

static bool
last_coding_chunked(const char *s, size_t n)
{
	return n >= 7 && text_ncasecmp(s + n - 7, "chunked", 7) == 0 &&
	    (n == 7 || s[n - 8] == ',' || s[n - 8] == ' ' || s[n - 8] == '\t');
}

static bool
is_name(const char *s, size_t n, const char *name)
{
	return n == strlen(name) && text_ncasecmp(s, name, n) == 0;
}

int
http_field_take(struct http_parse *p, const char *name, size_t len,
    const char *v, size_t n)
{
	if (is_name(name, len, "content-length"))
		return parse_length(p, v, n);
	if (is_name(name, len, "transfer-encoding"))
		p->chunked = last_coding_chunked(v, n);
	else if (is_name(name, len, "location") && p->location == NULL) {
		if (p->line_full > p->line.len)
			p->limited = true;
		else
			p->location = url_bytes(v, n);
	} else if (is_name(name, len, "server") && p->server == NULL)
		p->server = text_escaped(v, n);
	else if (is_name(name, len, "content-type") && p->type == NULL)
		p->type = text_escaped(v, n);
	return 0;
}
