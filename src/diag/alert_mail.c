/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pasted mail as text: encoded words of its headers (RFC 2047), the bodies'
 * base64 and quoted-printable (RFC 2045) and character sets, all parts one
 * after the other, so that a bounce's report is read too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/alert_parts.h"

#define WORD_MAX 400

/* Bytes of a character set that mail may name; the bytes themselves if it is
   another or they do not fit. */
static char *
from_charset(const char *in, size_t n, const char *charset)
{
	static const char *const known[] = { "iso-2022-jp", "shift_jis",
		"euc-jp", "iso-8859-1", "windows-1252" };
	char *out;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (text_casecmp(known[i], charset) == 0 &&
		    (out = alert_recoded(in, n, known[i])) != NULL)
			return out;
	return xstrndup(in, n);
}

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)((at - digits) & 15);
}

/* Quoted-printable (RFC 2045 6.7), or Q of RFC 2047 with underscores. */
static void
unquote(struct buf *b, const char *s, size_t n, bool header)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '=' && i + 2 < n && hex(s[i + 1]) >= 0 &&
		    hex(s[i + 2]) >= 0) {
			buf_addc(b, (char)(hex(s[i + 1]) << 4 |
			    hex(s[i + 2])));
			i += 2;
		} else if (s[i] == '=' && i + 1 < n && s[i + 1] == '\n')
			i++;
		else
			buf_addc(b, header && s[i] == '_' ? ' ' : s[i]);
	}
}

static void
add_charset(struct buf *b, const void *data, size_t n, const char *charset)
{
	char *text = from_charset(data, n, charset);

	buf_adds(b, text);
	free(text);
}

/* The end "?=" of an encoded word, which is short. */
static const char *
word_end(const char *s)
{
	for (size_t i = 0; i < WORD_MAX && s[i] != '\0' && s[i] != '\n'; i++)
		if (s[i] == '?' && s[i + 1] == '=')
			return s + i;
	return NULL;
}

/* "=?charset?B?...?=" at s: its length and the text added, or 0. */
static size_t
encoded_word(struct buf *b, const char *s)
{
	const char *charset = s + 2, *how, *body, *end;
	unsigned char *raw;
	struct buf part;
	char *name;
	size_t n;

	how = charset + strspn(charset, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	if (how[0] != '?' || how[1] == '\0' || how[2] != '?')
		return 0;
	body = how + 3;
	if ((end = word_end(body)) == NULL)
		return 0;
	name = xstrndup(charset, (size_t)(how - charset));
	buf_init(&part, ALERT_MAX);
	if (how[1] == 'Q' || how[1] == 'q')
		unquote(&part, body, (size_t)(end - body), true);
	else {
		char *copy = xstrndup(body, (size_t)(end - body));

		raw = text_unbase64(copy, &n);
		if (raw != NULL)
			buf_add(&part, raw, n);
		free(raw);
		free(copy);
	}
	add_charset(b, buf_str(&part), part.len, name);
	buf_free(&part);
	free(name);
	return (size_t)(end - s) + 2;
}

struct mail {
	struct buf	 out, body;	/* body: base64 gathered */
	char		 charset[32];
	bool		 base64, quoted, header;
};

static void
body_ends(struct mail *m)
{
	unsigned char *raw;
	struct buf text;
	size_t n;

	buf_init(&text, ALERT_MAX);
	if (m->base64 && m->body.len > 0 &&
	    (raw = text_unbase64(buf_str(&m->body), &n)) != NULL) {
		buf_add(&text, raw, n);
		free(raw);
	} else if (m->quoted)
		unquote(&text, buf_str(&m->body), m->body.len, false);
	else
		buf_add(&text, buf_str(&m->body), m->body.len);
	add_charset(&m->out, buf_str(&text), text.len, m->charset);
	buf_addc(&m->out, '\n');
	buf_free(&text);
	buf_drop(&m->body, m->body.len);
	m->base64 = m->quoted = false;
	m->charset[0] = '\0';
}

static void
mime_header(struct mail *m, const char *s, size_t n)
{
	const char *at = text_casefind(s, n, "charset=");
	size_t k;

	if (text_ncasecmp(s, "Content-Transfer-Encoding:", 26) == 0) {
		m->base64 = text_casefind(s, n, "base64") != NULL;
		m->quoted = text_casefind(s, n, "quoted-printable") != NULL;
	}
	if (at == NULL)
		return;
	at += at[8] == '"' ? 9 : 8;
	k = strcspn(at, "\"; \t\r\n");
	if (k >= sizeof m->charset)
		return;
	memcpy(m->charset, at, k);
	m->charset[k] = '\0';
}

static void
header_line(struct mail *m, const char *s, size_t n)
{
	size_t took;

	mime_header(m, s, n);
	for (size_t i = 0; i < n; i += took) {
		took = strncmp(s + i, "=?", 2) == 0 ?
		    encoded_word(&m->out, s + i) : 0;
		if (took == 0) {
			buf_addc(&m->out, s[i]);
			took = 1;
		}
	}
	buf_addc(&m->out, '\n');
}

static void
mail_line(struct mail *m, const char *s, size_t n)
{
	bool boundary = n > 2 && strncmp(s, "--", 2) == 0;

	if (boundary && !m->header) {
		body_ends(m);
		m->header = true;
	} else if (m->header && n == 0)
		m->header = false;
	else if (m->header)
		header_line(m, s, n);
	else {
		buf_add(&m->body, s, n);
		if (!m->base64)
			buf_addc(&m->body, '\n');
	}
}

char *
alert_mail(const char *in)
{
	struct mail m = { .header = true };
	size_t n = strcspn(in, ": \n"), head;

	if (in[n] != ':' || n == 0 || (in[n + 1] != ' ' && in[n + 1] != '\t'))
		return NULL;
	head = strlen(in) < 8192 ? strlen(in) : 8192;
	if (text_casefind(in, head, "\nFrom:") == NULL &&
	    text_casefind(in, head, "\nSubject:") == NULL &&
	    text_casefind(in, head, "\nContent-T") == NULL)
		return NULL;
	buf_init(&m.out, ALERT_MAX);
	buf_init(&m.body, ALERT_MAX);
	for (; *in != '\0'; in += n + (in[n] != '\0')) {
		n = strcspn(in, "\n");
		mail_line(&m, in, n);
	}
	body_ends(&m);
	buf_free(&m.body);
	return buf_steal(&m.out);
}
