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

static size_t
after_field(const char *s, size_t n)
{
	static const char *const names[] = { "authorization",
	    "proxy-authorization", "cookie", "set-cookie",
	    "authentication-info", "x-auth-token", "x-api-key" };
	const char *colon = memchr(s, ':', n);
	size_t len;

	if (colon == NULL)
		return n;
	len = (size_t)(colon - s);
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_word(s, 0, len, names[i]))
			return skip(s, n, (size_t)(colon - s) + 1);
	return n;
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

char *
talk_redact(const void *line, size_t n, bool answer)
{
	const char *s = line, *semi;
	size_t at = talk_secret(line, n, answer);
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
