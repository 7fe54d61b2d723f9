/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SMTP replies (RFC 5321 4.2, RFC 3463) line by line, and what the words of a
 * refusal are about: the recipient, a delay on purpose, or ourselves.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/smtp.h"

#define ALL_MAX 2048

void
smtp_reply_init(struct smtp_reply *r)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->all, ALL_MAX);
}

void
smtp_reply_free(struct smtp_reply *r)
{
	free(r->text);
	buf_free(&r->all);
	memset(r, 0, sizeof(*r));
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
bad(struct smtp_reply *r, const char *why)
{
	r->bad = why;
	return -1;
}

static size_t
digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && digit(s[i]))
		i++;
	return i;
}

/* Length of an enhanced status code at the start of s, 0 if there is none. */
static size_t
enhanced_len(int code, const char *s, size_t n)
{
	size_t i = 1, d;

	if (n < 5 || s[0] != '0' + code / 100 || s[0] == '3')
		return 0;
	for (int part = 0; part < 2; part++) {
		if (i >= n || s[i] != '.')
			return 0;
		d = digits(s + i + 1, n - i - 1);
		if (d == 0 || d > 3)
			return 0;
		i += d + 1;
	}
	return i == n || s[i] == ' ' ? i : 0;
}

static void
add_all(struct smtp_reply *r, const char *text)
{
	if (r->all.len > 0)
		buf_addc(&r->all, ' ');
	buf_adds(&r->all, text);
}

static void
take_text(struct smtp_reply *r, const char *s, size_t n)
{
	size_t e = enhanced_len(r->code, s, n);
	char *text = text_escaped(s, n);

	if (e > 0 && r->enhanced[0] == '\0')
		memcpy(r->enhanced, s, e);
	if (!r->all.over)
		add_all(r, text + e + (text[e] == ' ' ? 1 : 0));
	if (r->text == NULL)
		r->text = text;
	else
		free(text);
}

static int
check_line(struct smtp_reply *r, const char *s, size_t n)
{
	int code;

	if (n >= 2 && (s[0] == 0x15 || s[0] == 0x16) && s[1] == 3)
		return bad(r, "tls-on-plain-port");
	if (n < 3 || s[0] < '2' || s[0] > '5' || !digit(s[1]) || !digit(s[2]))
		return bad(r, "not-smtp");
	code = (s[0] - '0') * 100 + (s[1] - '0') * 10 + s[2] - '0';
	if (n > 3 && s[3] != ' ' && s[3] != '-')
		return bad(r, "bad-separator");
	if (r->lines > 0 && code != r->code)
		return bad(r, "code-changes");
	r->code = code;
	return 0;
}

int
smtp_reply_parse(struct smtp_reply *r, const void *line, size_t n)
{
	const char *s = line;

	r->bytes += n + 2;
	if (r->lines >= LIMIT_REPLY_LINES || r->bytes > LIMIT_REPLY_BYTES) {
		r->limited = true;
		return bad(r, r->bytes > LIMIT_REPLY_BYTES ?
		    "reply-too-long" : "too-many-lines");
	}
	if (check_line(r, s, n) != 0)
		return -1;
	r->lines++;
	take_text(r, n > 4 ? s + 4 : "", n > 4 ? n - 4 : 0);
	r->done = n == 3 || s[3] == ' ';
	return r->done ? 1 : 0;
}

static bool
word_char(char c)
{
	return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Is word in text, not as a part of a longer word? */
static bool
has_word(const char *text, const char *word)
{
	const char *p = text;
	size_t n = strlen(word);

	if (n == 0)
		return false;
	while ((p = text_casefind(p, strlen(p), word)) != NULL) {
		if ((p == text || !word_char(p[-1])) && !word_char(p[n]))
			return true;
		p++;
	}
	return false;
}

static bool
has_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (has_word(text, *words))
			return true;
	return false;
}

static bool
says_grey(const char *text)
{
	static const char *const words[] = { "greylisted", "greylisting",
	    "greylist", "graylisted", "graylisting", "graylist", "postgrey",
	    "grey-listed", "gray-listed", "grey-listing", "gray-listing",
	    "grey listed", "gray listed", "grey listing", "gray listing",
	    "milter-greylist", NULL };

	return has_any(text, words);
}

static bool
says_us(const char *text)
{
	static const char *const words[] = { "ptr", "rdns", "reverse dns",
	    "reverse-dns", "reverse hostname", "reverse host name",
	    "reverse lookup", "reverse address", "reverse mapping",
	    "reverse name", "iprev", "fcrdns",
	    "cannot find your hostname", "cannot find your reverse hostname",
	    "helo command rejected", "ehlo command rejected", "bad helo",
	    "invalid helo", "helo name", "blocklist", "blocklisted",
	    "blocklists", "block list", "blacklist", "blacklisted",
	    "black list", "blacklists", "denylist", "denylisted",
	    "deny list", "block-listed", "black-listed", "rbl", "dnsbl",
	    "pbl", "xbl", "sbl", "spamhaus", "spamcop", "sorbs", "barracuda",
	    "abusix", "uceprotect", "senderscore", "senderbase", "backscatterer",
	    "reputation", "is listed", "are listed", "listed by", "listed at",
	    "blocked using", "client host", "client address", "your ip",
	    "your ip address", "ip address sending", "sending ip",
	    "source ip", "sender ip", "ip blocked", "ip is blocked",
	    "your host", "your network", "your server", "your hostname",
	    "dynamic ip", "dynamic address", "residential", NULL };

	return has_any(text, words);
}

static bool
names_recipient(const char *e)
{
	static const char *const codes[] = { "1.1", "1.2", "1.3", "1.6",
	    "1.10" };

	if (e[0] == '\0' || e[1] == '\0')
		return false;
	if (e[2] == '2')
		return true;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(e + 2, codes[i]) == 0)
			return true;
	return false;
}

bool
smtp_refuses_us(int code, const char *enhanced, const char *text,
    const char *ours, const char *helo)
{
	const char *e = enhanced == NULL ? "" : enhanced;

	if (code < 400 || text == NULL || names_recipient(e) ||
	    (code < 500 && says_grey(text)))
		return false;
	if (e[0] != '\0' && strcmp(e + 1, ".7.25") == 0)
		return true;
	if (ours != NULL && has_word(text, ours))
		return true;
	if (helo != NULL && strchr(helo, '.') != NULL && has_word(text, helo))
		return true;
	return says_us(text);
}

bool
smtp_greylists(int code, const char *enhanced, const char *text)
{
	static const char *const later[] = { "try again later",
	    "try again in", "try later", "retry later", "come back later",
	    "come back in", "please retry", "try again", NULL };
	static const char *const trouble[] = { "problem", "error", "failure",
	    "lookup", "busy", "load", "unavailable", "space", NULL };
	const char *e = enhanced == NULL ? "" : enhanced;

	if (code < 400 || code > 499 || code == 421 || text == NULL)
		return false;
	if (says_grey(text))
		return true;
	if (code > 451 || smtp_refuses_us(code, e, text, NULL, NULL))
		return false;
	if (strcmp(e, "4.7.1") == 0 || strcmp(e, "4.3.2") == 0)
		return true;
	return (strcmp(e, "4.7.0") == 0 || e[0] == '\0') &&
	    has_any(text, later) && !has_any(text, trouble);
}
