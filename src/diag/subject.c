/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in the ticket: a domain, a host name, a mail address or a URL,
 * with the final dot, quotes, brackets, full-width letters, dashes and
 * defanged forms that paste and tickets bring along. Whatever is repaired is
 * named, so that the operator is told. Names become A-labels (RFC 5891,
 * UTS 46); only an IP address is refused, with the URL that would serve.
 */
#include "diag/subject.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/subject_repair.h"

#define INPUT_MAX 4096

struct parse {
	struct subject	*s;
	struct buf	 repairs;
	const char	*why;
	char		*hint;
};

static int
fail(struct parse *p, const char *why, const char *part)
{
	p->why = why;
	free(p->hint);
	p->hint = part == NULL ? NULL : text_escaped(part, strlen(part));
	return -1;
}

static const char *
repl_scheme(unsigned port)
{
	static const struct { unsigned port; const char *scheme; } known[] = {
		{ 25, "smtp" }, { 53, "dns" }, { 110, "pop3" },
		{ 143, "imap" }, { 443, "https" }, { 465, "smtps" },
		{ 587, "submission" }, { 993, "imaps" }, { 995, "pop3s" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].port == port)
			return known[i].scheme;
	return "http";
}

/* Is host an IP address, in brackets, with a zone, or all but one? Then
   fail with the URL for the REPL. */
static int
refuse_address(struct parse *p, const char *host, const char *scheme)
{
	char text[ADDR_STRLEN], bare[ADDR_STRLEN + 8];
	const char *last;
	struct addr a;
	size_t n = strlen(host);

	if (text_ncasecmp(host, "[IPv6:", 6) == 0) {
		host += 5;
		n -= 5;
	}
	if (n > 2 && (host[0] == '[' || host[0] == ':') &&
	    host[n - 1] == ']') {
		host++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof(bare))
		return 0;
	memcpy(bare, host, n);
	bare[n] = '\0';
	bare[strcspn(bare, "%")] = '\0';
	n = strlen(bare);
	if (n > 0 && bare[n - 1] == '.')
		bare[n - 1] = '\0';
	if (addr_parse(&a, bare) == 0) {
		addr_print(&a, text);
		p->why = "address";
		free(p->hint);
		p->hint = xasprintf(a.family == 6 ? "%s://[%s]/" : "%s://%s/",
		    scheme, text);
		return -1;
	}
	last = strrchr(bare, '.');
	last = last == NULL ? bare : last + 1;
	if (strchr(bare, ':') != NULL ||
	    (*last != '\0' && last[strspn(last, "0123456789")] == '\0'))
		return fail(p, "address", NULL);
	return 0;
}

/* The same for host, host:port and [host]:port, a path cut off. */
static int
refuse_authority(struct parse *p, const char *s)
{
	char *host = xstrndup(s, strcspn(s, "/?#")), *colon;
	const char *scheme = "http";
	long port;
	int rc;

	colon = strrchr(host, ':');
	if (colon != NULL && (host[0] == '[' ? colon[-1] == ']' :
	    strchr(host, ':') == colon)) {
		*colon = '\0';
		if (text_number(colon + 1, 1, 65535, &port) == 0)
			scheme = repl_scheme((unsigned)port);
	}
	rc = refuse_address(p, host, scheme);
	free(host);
	return rc;
}

static bool
visible(const char *s)
{
	char *safe = text_escaped(s, strlen(s));
	bool same = strcmp(s, safe) == 0;

	free(safe);
	return same;
}

/* One label to an A-label; out has room for 64. */
static int
label_ascii(struct parse *p, const char *label, struct buf *out)
{
	uint8_t *made = NULL;
	char *back = NULL;
	size_t n = strlen(label), i;
	bool ascii = true;
	int rc = 0;

	for (i = 0; i < n; i++)
		if ((unsigned char)label[i] >= 0x80)
			ascii = false;
	if (n == 0)
		return fail(p, "label-empty", label);
	if (!ascii) {
		if (idn2_lookup_u8((const uint8_t *)label, &made,
		    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
			return fail(p, "idn", label);
		label = (const char *)made;
		n = strlen(label);
	} else if (strncmp(label, "xn--", 4) == 0) {
		if (idn2_to_unicode_8z8z(label, &back, 0) != IDN2_OK ||
		    strcmp(back, label) == 0 || !visible(back))
			rc = fail(p, "idn", label);
		idn2_free(back);
	}
	if (rc == 0 && n == 0)
		rc = fail(p, "idn", "");
	if (rc == 0 && n > 63)
		rc = fail(p, "label-long", label);
	for (i = 0; rc == 0 && i < n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-_",
		    label[i]) == NULL)
			rc = fail(p, strchr(label, '.') != NULL ?
			    "idn" : "characters", label);
	if (rc == 0)
		buf_add(out, label, n);
	idn2_free(made);
	return rc;
}

/* A whole name; s is changed. Sets name and unicode. */
static int
parse_name(struct parse *p, char *s)
{
	struct buf name;
	char *dot, *label, *raw = NULL;
	size_t n = strlen(s), i;

	for (i = 0; i < n; i++)
		if (s[i] >= 'A' && s[i] <= 'Z') {
			subject_repaired(&p->repairs, "case");
			break;
		}
	text_lower(s);
	if (n > 1 && s[n - 1] == '.') {
		s[n - 1] = '\0';
		subject_repaired(&p->repairs, "final-dot");
	}
	if (*s == '\0' || strcmp(s, ".") == 0)
		return fail(p, "empty", NULL);
	buf_init(&name, 0);
	for (label = s; label != NULL; label = dot) {
		if ((dot = strchr(label, '.')) != NULL)
			*dot++ = '\0';
		if (label_ascii(p, label, &name) != 0) {
			buf_free(&name);
			return -1;
		}
		if (dot != NULL)
			buf_addc(&name, '.');
	}
	p->s->name = buf_steal(&name);
	if (strlen(p->s->name) > 253)
		return fail(p, "name-long", p->s->name);
	if (idn2_to_unicode_8z8z(p->s->name, &raw, 0) != IDN2_OK)
		p->s->unicode = xstrdup(p->s->name);
	else
		p->s->unicode = text_escaped(raw, strlen(raw));
	idn2_free(raw);
	return 0;
}

static bool
good_local(const char *s, size_t n)
{
	bool quoted = n > 1 && s[0] == '"' && s[n - 1] == '"';
	size_t i;

	if (n == 0 || n > 64)
		return false;
	if (quoted) {
		s++;
		n -= 2;
	} else if (s[0] == '.' || s[n - 1] == '.')
		return false;
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c > 0x7e)
			return false;
		if (quoted ? (c == '"' || c == '\\') :
		    strchr(" \"(),:;<>@[\\]", c) != NULL)
			return false;
		if (!quoted && c == '.' && s[i + 1] == '.')
			return false;
	}
	return true;
}

static int
parse_mail(struct parse *p, char *s)
{
	char *at = strrchr(s, '@');

	if (!good_local(s, (size_t)(at - s)))
		return fail(p, "mailbox", s);
	if (refuse_address(p, at + 1, "smtp") != 0)
		return -1;
	*at = '\0';
	if (parse_name(p, at + 1) != 0)
		return -1;
	p->s->kind = SUBJECT_MAIL;
	p->s->mailbox = xasprintf("%s@%s", s, p->s->name);
	return 0;
}

/* Everything but visible ASCII becomes %XX (RFC 3986 2.1). */
static char *
encode_path(const char *s)
{
	struct buf b;

	buf_init(&b, 0);
	if (*s != '/')
		buf_addc(&b, '/');
	text_percent(&b, s, strcspn(s, "#"), TEXT_NO_URL);
	return buf_steal(&b);
}

/* Host, port and path of a URL, after "://". */
static int
parse_url(struct parse *p, char *s, const char *scheme)
{
	char *path = s + strcspn(s, "/?#"), *host, *colon, *at;
	long port;
	int rc;

	host = xstrndup(s, (size_t)(path - s));
	if ((at = strrchr(host, '@')) != NULL) {
		subject_repaired(&p->repairs, "userinfo");
		memmove(host, at + 1, strlen(at + 1) + 1);
	}
	p->s->kind = SUBJECT_URL;
	p->s->scheme = xstrdup(scheme);
	p->s->path = encode_path(path);
	colon = strrchr(host, ':');
	if (colon != NULL && strchr(colon, ']') == NULL) {
		if (colon[1] != '\0') {
			if (text_number(colon + 1, 1, 65535, &port) != 0) {
				rc = fail(p, "port", colon + 1);
				free(host);
				return rc;
			}
			p->s->port = (unsigned)port;
		}
		*colon = '\0';
	}
	rc = refuse_address(p, host, scheme);
	if (rc == 0)
		rc = parse_name(p, host);
	free(host);
	return rc;
}

static int
parse_scheme(struct parse *p, char *s, char *rest)
{
	*rest = '\0';
	if (text_casecmp(s, "http") == 0)
		return parse_url(p, rest + 3, "http");
	if (text_casecmp(s, "https") == 0)
		return parse_url(p, rest + 3, "https");
	return fail(p, "scheme", s);
}

/* "name:port" or "name/path" without a scheme. */
static int
parse_short_url(struct parse *p, char *s)
{
	char *colon = s + strcspn(s, ":/?#"), *number;
	size_t n;
	long port = 0;

	if (*colon == ':') {
		n = strcspn(colon + 1, "/?#");
		number = xstrndup(colon + 1, n);
		if (text_number(number, 1, 65535, &port) != 0)
			fail(p, "port", number);
		free(number);
		if (port == 0)
			return -1;
		if (colon[1 + n] == '\0' && port != 443 &&
		    strcmp(repl_scheme((unsigned)port), "http") != 0) {
			subject_repaired(&p->repairs, "port");
			*colon = '\0';
			return parse_name(p, s);
		}
	}
	subject_repaired(&p->repairs, "scheme");
	return parse_url(p, s, port == 80 ? "http" : "https");
}

static int
parse_kind(struct parse *p, char *s)
{
	char *rest, *at;
	size_t n = strlen(s);

	if (text_ncasecmp(s, "mailto:", 7) == 0) {
		subject_repaired(&p->repairs, "scheme");
		subject_cut(s, 7, 0);
		s[strcspn(s, "?")] = '\0';
		n = strlen(s);
	}
	if ((at = strrchr(s, '<')) != NULL && n > 1 && s[n - 1] == '>' &&
	    strchr(at, '@') != NULL) {
		subject_repaired(&p->repairs, "brackets");
		s[n - 1] = '\0';
		s = at + 1;
	}
	if ((rest = strstr(s, "://")) != NULL &&
	    s + strcspn(s, "@/?#") > rest)
		return parse_scheme(p, s, rest);
	if (strchr(s, '@') != NULL && s[strcspn(s, "/?#@")] == '@')
		return parse_mail(p, s);
	if (refuse_authority(p, s) != 0)
		return -1;
	if (s[strcspn(s, ":/?#")] != '\0')
		return parse_short_url(p, s);
	return parse_name(p, s);
}

/* The input for the record, without a password in a URL. */
static char *
keep_input(const char *in)
{
	const char *start = strstr(in, "://"), *end, *at, *next;
	struct buf b;
	char *out;

	if (start == NULL)
		return text_escaped(in, strlen(in));
	start += 3;
	end = start + strcspn(start, "/?#");
	for (at = NULL, next = start; next < end; next++)
		if (*next == '@')
			at = next;
	buf_init(&b, 0);
	text_escape(&b, in, (size_t)(start - in));
	if (at != NULL)
		start = at + 1;
	text_escape(&b, start, strlen(start));
	out = buf_steal(&b);
	return out;
}

static int
check_input(struct parse *p, const char *in)
{
	const unsigned char *c;

	if (strlen(in) > INPUT_MAX)
		return fail(p, "name-long", NULL);
	if (!text_utf8_valid(in, strlen(in)))
		return fail(p, "characters", in);
	for (c = (const unsigned char *)in; *c != '\0'; c++)
		if ((*c < 0x20 && strchr("\t\r\n", *c) == NULL) || *c == 0x7f)
			return fail(p, "characters", in);
	return 0;
}

int
subject_parse(struct subject *s, const char *in, const char **why,
    char **hint)
{
	struct parse p = { .s = s };
	char *text;
	int rc;

	memset(s, 0, sizeof(*s));
	buf_init(&p.repairs, 0);
	rc = check_input(&p, in);
	if (rc == 0) {
		s->input = keep_input(in);
		text = subject_repair(&p.repairs, in);
		if (*text == '\0')
			rc = fail(&p, "empty", NULL);
		else
			rc = parse_kind(&p, text);
		free(text);
	}
	s->repairs = buf_steal(&p.repairs);
	s->repaired = *s->repairs != '\0';
	*why = p.why;
	*hint = p.hint;
	if (rc != 0) {
		subject_free(s);
		return -1;
	}
	free(p.hint);
	*hint = NULL;
	*why = NULL;
	return 0;
}

void
subject_free(struct subject *s)
{
	free(s->input);
	free(s->name);
	free(s->unicode);
	free(s->mailbox);
	free(s->scheme);
	free(s->path);
	free(s->repairs);
	memset(s, 0, sizeof(*s));
}
