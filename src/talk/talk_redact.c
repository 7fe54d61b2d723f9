/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which parts of a line nobody may ever see, whoever typed it.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "talk/talk.h"

static size_t
word_end(const char *s, size_t n, size_t at)
{
	while (at < n && s[at] != ' ' && s[at] != '\t')
		at++;
	return at;
}

static size_t
skip(const char *s, size_t n, size_t at)
{
	while (at < n && (s[at] == ' ' || s[at] == '\t'))
		at++;
	return at;
}

static bool
is_word(const char *s, size_t from, size_t to, const char *word)
{
	return to - from == strlen(word) &&
	    text_ncasecmp(s + from, word, to - from) == 0;
}

/* What follows a verb that carries a secret; n if the verb does not. */
static size_t
after_verb(const char *s, size_t n, size_t from)
{
	size_t to = word_end(s, n, from), arg = skip(s, n, to);

	if (is_word(s, from, to, "PASS") || is_word(s, from, to, "LOGIN"))
		return arg;
	if (is_word(s, from, to, "AUTH") || is_word(s, from, to, "APOP") ||
	    is_word(s, from, to, "AUTHENTICATE"))
		return skip(s, n, word_end(s, n, arg));
	return n;
}

/* Where the value of a secret field begins: true if it is one. */
static bool
field(const char *s, size_t n, size_t *value)
{
	static const char *const names[] = { "authorization",
	    "proxy-authorization", "cookie", "set-cookie",
	    "authentication-info", "x-auth-token", "x-api-key" };
	const char *colon = n == 0 ? NULL : memchr(s, ':', n);
	size_t len, from;

	if (colon == NULL)
		return false;
	from = skip(s, n, 0);
	len = (size_t)(colon - s);
	while (len > from && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_word(s, from, len, names[i])) {
			*value = skip(s, n, (size_t)(colon - s) + 1);
			return true;
		}
	return false;
}

static size_t
after_field(const char *s, size_t n)
{
	size_t at;

	return field(s, n, &at) ? at : n;
}

size_t
talk_secret_field(const void *line, size_t n, bool *inside)
{
	const char *s = line;
	size_t at = n == 0 ? 0 : skip(s, n, 0);

	if (*inside && at > 0)
		return at;
	*inside = field(s, n, &at);
	return *inside ? at : n;
}

size_t
talk_secret(const void *line, size_t n, bool answer)
{
	const char *s = line;
	size_t at, from = n == 0 ? 0 : skip(s, n, 0);

	if (n == 0)
		return 0;
	if (answer)
		return n == 1 && s[0] == '*' ? n : 0;
	at = after_verb(s, n, from);
	if (at == n)			/* IMAP: behind the tag */
		at = after_verb(s, n, skip(s, n, word_end(s, n, from)));
	return at == n ? after_field(s, n) : at;
}

/* Asterisks from there on; what a cookie is good for may be read. */
static char *
hide(const char *s, size_t n, size_t at)
{
	const char *semi;
	struct buf b;

	if (at >= n)
		return NULL;
	buf_init(&b, 0);
	buf_add(&b, s, at);
	buf_adds(&b, "********");
	if (n > 10 && text_ncasecmp(s, "set-cookie", 10) == 0 &&
	    (semi = memchr(s + at, ';', n - at)) != NULL)
		buf_add(&b, semi, n - (size_t)(semi - s));
	return buf_steal(&b);
}

char *
talk_redact(const void *line, size_t n, bool answer)
{
	return hide(line, n, talk_secret(line, n, answer));
}

char *
talk_redact_field(const void *line, size_t n, bool *inside)
{
	return hide(line, n, talk_secret_field(line, n, inside));
}
