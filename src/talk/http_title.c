/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The title of a page by a plain, bounded scan: enough to see that two
 * addresses show two different pages.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "talk/http.h"

#define TITLE_MAX 200

static bool
space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
fold(struct buf *out, const char *s, size_t n)
{
	bool gap = false;

	for (size_t i = 0; i < n && out->len < TITLE_MAX; i++) {
		if (space(s[i])) {
			gap = out->len > 0;
			continue;
		}
		if (gap)
			buf_addc(out, ' ');
		gap = false;
		buf_addc(out, s[i]);
	}
	for (int i = 0; i < 3 && out->len > TITLE_MAX - 4 &&
	    !text_utf8_valid(out->data, out->len); i++)
		out->data[--out->len] = '\0';
}

char *
http_title(const void *body, size_t n)
{
	const char *s = body, *p, *end;
	struct buf b;
	char *title;

	if (n == 0 || (p = text_casefind(s, n, "<title")) == NULL)
		return NULL;
	p = memchr(p, '>', n - (size_t)(p - s));
	if (p == NULL)
		return NULL;
	p++;
	n -= (size_t)(p - s);
	end = text_casefind(p, n, "</title");
	if (end != NULL)
		n = (size_t)(end - p);
	buf_init(&b, 0);
	fold(&b, p, n);
	title = text_escaped(buf_str(&b), b.len);
	buf_free(&b);
	return title;
}
