/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names, addresses, URLs and mail addresses that stand in an alert, in one
 * pass; whatever is no name or address is passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "diag/alert_parts.h"

#define LABEL_MAX	63
#define NAME_MAX_BYTES	253
#define URL_MAX_BYTES	2000

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
name_char(char c)
{
	return letter(c) || digit(c) || c == '-' || c == '_' || c == '.';
}

static bool
high(char c)
{
	return ((unsigned char)c & 0x80) != 0;
}

/* Ends with one of these endings of files, not of names? */
static bool
is_file(const char *s, size_t n)
{
	static const char *const kinds[] = { ".log", ".txt", ".conf", ".cfg",
		".html", ".htm", ".php", ".json", ".xml", ".yml", ".yaml",
		".gz", ".pem", ".crt", ".key", ".service", ".local", ".lan",
		".localdomain", ".internal", ".arpa", ".invalid", ".exe",
		".item", ".last", ".status", ".fail", ".icmpping", ".c",
		".h" };
	static const char *const words[] = { "web.test.fail", "net.dns",
		"net.tcp.service", "agent.ping", "node.js", "ping.icmp" };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t k = strlen(kinds[i]);

		if (n > k && text_ncasecmp(s + n - k, kinds[i], k) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == n &&
		    text_ncasecmp(s, words[i], n) == 0)
			return true;
	return false;
}

/* Is it a name with a dot that the DNS may know? */
static bool
good_name(const char *s, size_t n)
{
	size_t label = 0, last = 0, dots = 0;

	if (n < 4 || n > NAME_MAX_BYTES || is_file(s, n))
		return false;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && s[i] != '.') {
			label++;
			continue;
		}
		if (label == 0 || label > LABEL_MAX)
			return false;
		if (i < n) {
			dots++;
			last = i + 1;
		}
		label = 0;
	}
	if (dots == 0 || n - last < 2 || !letter(s[last]))
		return false;
	for (size_t i = last; i < n; i++)
		if (!letter(s[i]) && text_ncasecmp(s + last, "xn--", 4) != 0)
			return false;
	return true;
}

static unsigned
number(const char *s, size_t *len)
{
	unsigned v = 0;

	for (*len = 0; digit(s[*len]) && *len < 6; ++*len)
		v = v * 10 + (unsigned)(s[*len] - '0');
	return v > 65535 ? 0 : v;
}

/* A port after an address or name: ":25", "#53", " port 80". */
static unsigned
port_after(const char *s, size_t *took)
{
	static const char *const words[] = { ":", "#", " port ",
		" and port ", ", port ", "," };
	size_t n, k;
	unsigned port;

	*took = 0;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		k = strlen(words[i]);
		if (text_ncasecmp(s, words[i], k) != 0 || !digit(s[k]))
			continue;
		port = number(s + k, &n);
		if (port == 0 || name_char(s[k + n]) ||
		    (words[i][0] == ',' && s[k + n] == ':'))
			continue;
		*took = k + n;
		return port;
	}
	return 0;
}

static struct item *
add(struct items *x, enum item_kind kind, size_t at, size_t end)
{
	struct item *i;

	if (x->n == ALERT_ITEMS)
		return NULL;
	i = &x->list[x->n++];
	memset(i, 0, sizeof *i);
	i->kind = kind;
	i->at = at;
	i->end = end;
	return i;
}

static bool
parse_addr(struct addr *a, const char *s, size_t n)
{
	char text[ADDR_STRLEN];

	if (n > 5 && text_ncasecmp(s, "IPv6:", 5) == 0) {
		s += 5;
		n -= 5;
	}
	if (n < 2 || n >= sizeof text)
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	return addr_parse(a, text) == 0;
}

static bool
nobody(const struct addr *a)
{
	const char *id = addr_classify(a)->id;

	return strcmp(id, "loopback") == 0 || strcmp(id, "unspecified") == 0;
}

/* "[2001:db8::25]" at s: bytes of it, or 0. */
static size_t
bracketed(struct items *x, const char *text, size_t at)
{
	const char *s = text + at + 1, *end;
	size_t n = 0, took;
	struct addr a;
	struct item *i;

	while (n < ADDR_STRLEN && s[n] != '\0' && s[n] != ']')
		n++;
	if (s[n] != ']' || !parse_addr(&a, s, n))
		return 0;
	end = s + n + 1;
	if (!nobody(&a) && (i = add(x, ITEM_ADDR, at,
	    (size_t)(end - text))) != NULL) {
		i->addr = a;
		i->port = port_after(end, &took);
	}
	return n + 2;
}

/* An address without brackets: bytes of it, or 0. */
static size_t
bare_addr(struct items *x, const char *text, size_t at)
{
	const char *s = text + at;
	size_t n = 0, took;
	struct addr a;
	struct item *i;

	while (n < ADDR_STRLEN && s[n] != '\0' &&
	    strchr("0123456789abcdefABCDEF:.", s[n]) != NULL)
		n++;
	if (n < 2 || n == ADDR_STRLEN || letter(s[n]))
		return 0;
	while (n > 2 && !parse_addr(&a, s, n)) {
		n--;
		if (s[n] != ':' && s[n] != '.' && !digit(s[n]))
			return 0;
	}
	if (n < 3 || !parse_addr(&a, s, n) || digit(s[n]) ||
	    (s[n] == '.' && digit(s[n + 1])))
		return 0;
	if (!nobody(&a) && (i = add(x, ITEM_ADDR, at, at + n)) != NULL) {
		i->addr = a;
		i->port = port_after(s + n, &took);
	}
	return n;
}

/* Bytes of a host in a URL or after "@": ASCII, or letters of any script. */
static size_t
host_len(const char *s)
{
	size_t n = 0;

	if (high(s[0])) {
		while (high(s[n]) || name_char(s[n]))
			n++;
	} else
		while (name_char(s[n]))
			n++;
	while (n > 0 && (s[n - 1] == '.' || s[n - 1] == '-'))
		n--;
	return n;
}

static size_t
url_end(const char *s)
{
	size_t n = 0;

	while ((unsigned char)s[n] > ' ' && !high(s[n]) && n < URL_MAX_BYTES &&
	    strchr("\"'<>`{}|\\^", s[n]) == NULL)
		n++;
	while (n > 0 && strchr(".,;:!?)]", s[n - 1]) != NULL)
		n--;
	return n;
}

/* "https://host:port/path" at s: bytes of it, or 0. */
static size_t
url(struct items *x, const char *text, size_t at)
{
	const char *s = text + at, *host;
	size_t scheme, n, took = 0, path;
	struct item *i;

	if (text_ncasecmp(s, "http", 4) != 0 &&
	    text_ncasecmp(s, "hxxp", 4) != 0)
		return 0;
	scheme = text_ncasecmp(s + 4, "s://", 4) == 0 ? 8 :
	    strncmp(s + 4, "://", 3) == 0 ? 7 : 0;
	if (scheme == 0)
		return 0;
	host = s + scheme;
	if (*host == '[') {
		if ((n = bracketed(x, text, at + scheme)) == 0)
			return 0;
		if (x->n > 0 && x->list[x->n - 1].port == 0)
			x->list[x->n - 1].port = scheme == 8 ? 443 : 80;
		return scheme + n;
	}
	n = host_len(host);
	if (!high(*host) && !good_name(host, n))
		return 0;
	i = add(x, ITEM_URL, at, at + scheme + n);
	if (i == NULL || n == 0)
		return scheme + n;
	i->name = xstrndup(host, n);
	i->port = host[n] == ':' ? port_after(host + n, &took) : 0;
	path = host[n + took] == '/' ? url_end(host + n + took) : 0;
	i->end += took + path;
	i->full = xasprintf("%s%.*s", scheme == 8 ? "https://" : "http://",
	    (int)(n + took + path), host);
	if (i->port == 0)
		i->port = scheme == 8 ? 443 : 80;
	return scheme + n + took + path;
}

/* A mail address whose "@" is at at; begin: nothing before it counts. */
static size_t
mail(struct items *x, const char *text, size_t at, size_t begin)
{
	size_t from = at, n = host_len(text + at + 1);
	struct item *i;

	while (from > begin && at - from < 64 && (name_char(text[from - 1]) ||
	    strchr("+!#$%&*/?^~", text[from - 1]) != NULL))
		from--;
	while (from < at && text[from] == '.')
		from++;
	if (from == at || n == 0 ||
	    (!high(text[at + 1]) && !good_name(text + at + 1, n)))
		return 0;
	while (x->n > 0 && x->list[x->n - 1].at >= from) {
		x->n--;
		free(x->list[x->n].name);
		free(x->list[x->n].full);
	}
	if ((i = add(x, ITEM_MAIL, from, at + 1 + n)) != NULL) {
		i->name = xstrndup(text + at + 1, n);
		i->full = xstrndup(text + from, at + 1 + n - from);
	}
	return n + 1;
}

static size_t
name(struct items *x, const char *text, size_t at)
{
	const char *s = text + at;
	size_t n = 0, took, all;
	struct item *i;

	while (name_char(s[n]))
		n++;
	all = n;
	while (n > 0 && (s[n - 1] == '.' || s[n - 1] == '-'))
		n--;
	if (!good_name(s, n) || s[all] == '@' || (at > 0 &&
	    text[at - 1] == '/' && memchr(s, '_', n) != NULL))
		return all;
	if ((i = add(x, ITEM_NAME, at, at + n)) != NULL) {
		i->name = xstrndup(s, n);
		i->port = n == all ? port_after(s + n, &took) : 0;
	}
	return all;
}

static size_t
one(struct items *x, const char *text, size_t at, size_t begin)
{
	size_t n;

	if (text[at] == '[' && (n = bracketed(x, text, at)) > 0)
		return n;
	if (text[at] == '@' && (n = mail(x, text, at, begin)) > 0)
		return n;
	if (at > 0 && name_char(text[at - 1]))
		return 1;
	if ((text[at] | 32) == 'h' && (n = url(x, text, at)) > 0)
		return n;
	if (strchr("0123456789abcdefABCDEF:", text[at]) != NULL &&
	    (at == 0 || text[at - 1] != ':') &&
	    (n = bare_addr(x, text, at)) > 0)
		return n;
	if (letter(text[at]) || digit(text[at]) || text[at] == '_')
		return name(x, text, at);
	return 1;
}

void
alert_items(struct items *x, const char *text)
{
	size_t at = 0, n, begin = 0;
	size_t before;

	x->n = 0;
	while (text[at] != '\0' && x->n < ALERT_ITEMS) {
		before = x->n;
		n = one(x, text, at, begin);
		at += n == 0 ? 1 : n;
		if (x->n != before && x->list[x->n - 1].kind != ITEM_NAME)
			begin = at;
	}
	for (size_t i = 0; i < x->n; i++)
		x->list[i].weight = alert_weigh(text, &x->list[i]);
}

void
alert_items_free(struct items *x)
{
	for (size_t i = 0; i < x->n; i++) {
		free(x->list[i].name);
		free(x->list[i].full);
	}
	x->n = 0;
}
