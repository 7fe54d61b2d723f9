/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * URLs of http and https (RFC 3986, RFC 9110 4.2): absolute ones as an
 * operator types them, and references as a Location header holds them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/http.h"

#define URL_MAX 8192
#define HOST_MAX 1020		/* a U-label may be longer than its A-label */

struct span {
	const char *s;
	size_t n;
};

void
http_url_free(struct http_url *u)
{
	free(u->scheme);
	free(u->host);
	free(u->path);
	memset(u, 0, sizeof(*u));
}

static size_t
until(const char *s, const char *set)
{
	return strcspn(s, set);
}

static bool
alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

/* Length of "scheme:" without the colon, 0 if there is none. */
static size_t
scheme_len(const char *s)
{
	size_t i = 0;

	while (alnum((unsigned char)s[i]) ||
	    (i > 0 && s[i] != '\0' && strchr("+-.", s[i]) != NULL))
		i++;
	return s[i] == ':' && i > 0 && (s[0] < '0' || s[0] > '9') ? i : 0;
}

static char *
literal(const char *s, size_t n)
{
	char text[ADDR_STRLEN];
	struct addr a;

	if (n >= sizeof(text))
		return NULL;
	memcpy(text, s, n);
	text[n] = '\0';
	if (addr_parse(&a, text) != 0 || a.family != 6)
		return NULL;
	return xstrdup(addr_print(&a, text));
}

static char *
reg_name(const char *s, size_t n)
{
	char *host;

	if (n > 1 && s[n - 1] == '.')
		n--;
	if (n == 0 || n > HOST_MAX || !text_utf8_valid(s, n) || s[0] == '.' ||
	    s[n - 1] == '.')
		return NULL;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (!alnum(c) && c < 0x80 && strchr("-._", c) == NULL)
			return NULL;
		if (c == '.' && i > 0 && s[i - 1] == '.')
			return NULL;
	}
	host = xstrndup(s, n);
	text_lower(host);
	return host;
}

static int
parse_port(struct http_url *u, const char *s, size_t n)
{
	char text[8];
	long port;

	if (n == 0)
		return 0;
	if (n >= sizeof(text))
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	if (text_number(text, 1, 65535, &port) != 0)
		return -1;
	if (port != (strcmp(u->scheme, "https") == 0 ? 443 : 80))
		u->port = (unsigned)port;
	return 0;
}

/* [user@]host[:port] */
static int
parse_authority(struct http_url *u, const char *s, size_t n)
{
	const char *at, *end;

	while ((at = memchr(s, '@', n)) != NULL) {
		n -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	if (n > 0 && s[0] == '[') {
		if ((end = memchr(s, ']', n)) == NULL)
			return -1;
		u->host = literal(s + 1, (size_t)(end - s) - 1);
		end++;
	} else {
		end = memchr(s, ':', n);
		if (end == NULL)
			end = s + n;
		u->host = reg_name(s, (size_t)(end - s));
	}
	n -= (size_t)(end - s);
	if (u->host == NULL || (n > 0 && *end != ':'))
		return -1;
	return n > 0 ? parse_port(u, end + 1, n - 1) : 0;
}

static void
pop_segment(struct buf *out)
{
	while (out->len > 0 && out->data[--out->len] != '/')
		;
	if (out->data != NULL)
		out->data[out->len] = '\0';
}

/* RFC 3986 5.2.4 on an absolute path. */
static void
remove_dots(struct buf *out, const char *p)
{
	while (*p == '/') {
		size_t n = until(p + 1, "/");
		const char *seg = p + 1;
		bool dot = n == 1 && seg[0] == '.';
		bool up = n == 2 && seg[0] == '.' && seg[1] == '.';

		if (up)
			pop_segment(out);
		if (!dot && !up)
			buf_add(out, p, n + 1);
		else if (seg[n] == '\0')
			buf_addc(out, '/');
		p = seg + n;
	}
}

static char *
make_path(const char *base, struct span path, struct span query)
{
	struct buf raw, out;

	buf_init(&raw, 0);
	buf_init(&out, 0);
	if (path.n == 0 && base != NULL)
		buf_add(&raw, base, until(base, "?"));
	else if (path.n == 0 || path.s[0] != '/') {
		size_t dir = base == NULL ? 0 : until(base, "?");

		while (dir > 0 && base[dir - 1] != '/')
			dir--;
		if (dir > 0)
			buf_add(&raw, base, dir);
		else
			buf_addc(&raw, '/');
	}
	text_percent(&raw, path.s, path.n, TEXT_NO_URL);
	remove_dots(&out, buf_str(&raw));
	if (out.len == 0)
		buf_addc(&out, '/');
	if (query.s != NULL) {
		buf_addc(&out, '?');
		text_percent(&out, query.s, query.n, TEXT_NO_URL);
	} else if (path.n == 0 && base != NULL)
		buf_adds(&out, base + until(base, "?"));
	buf_free(&raw);
	return buf_steal(&out);
}

static void
take_path(struct http_url *u, const char *s, const char *base)
{
	struct span path = { s, until(s, "?#") }, query = { NULL, 0 };

	if (s[path.n] == '?') {
		query.s = s + path.n + 1;
		query.n = until(query.s, "#");
	}
	u->path = make_path(base, path, query);
}

static int
parse(struct http_url *u, const char *s, const struct http_url *base)
{
	size_t n = scheme_len(s);
	char *scheme = NULL;

	if (n > 0) {
		scheme = xstrndup(s, n);
		text_lower(scheme);
		s += n + 1;
	} else if (base != NULL)
		scheme = xstrdup(base->scheme);
	u->scheme = scheme;
	if (scheme == NULL || (strcmp(scheme, "http") != 0 &&
	    strcmp(scheme, "https") != 0))
		return -1;
	if (s[0] == '/' && s[1] == '/') {
		size_t len = until(s + 2, "/?#");

		if (parse_authority(u, s + 2, len) != 0)
			return -1;
		take_path(u, s + 2 + len, NULL);
		return 0;
	}
	if (n > 0 || base == NULL)
		return -1;
	u->host = xstrdup(base->host);
	u->port = base->port;
	take_path(u, s, base->path);
	return 0;
}

int
http_url_parse(struct http_url *u, const char *s, const struct http_url *base)
{
	size_t n = strlen(s);

	memset(u, 0, sizeof(*u));
	if (n > URL_MAX)
		return -1;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			return -1;
	if (parse(u, s, base) == 0)
		return 0;
	http_url_free(u);
	return -1;
}
