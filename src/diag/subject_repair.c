/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What paste and tickets do to a name before anybody types tadoru: quotes
 * and brackets around it, full-width letters, dashes, "[.]" and "hxxp". Each
 * repair is named once.
 */
#include "diag/subject_repair.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

void
subject_repaired(struct buf *repairs, const char *word)
{
	const char *have = buf_str(repairs), *at;
	size_t n = strlen(word);

	for (at = have; (at = strstr(at, word)) != NULL; at += n)
		if ((at == have || at[-1] == ' ') &&
		    (at[n] == ' ' || at[n] == '\0'))
			return;
	if (*have != '\0')
		buf_addc(repairs, ' ');
	buf_adds(repairs, word);
}

/* The code point at s of valid UTF-8, and its length. */
static unsigned
decode(const char *s, size_t *len)
{
	const unsigned char *b = (const unsigned char *)s;
	unsigned c = b[0];
	size_t i, n;

	n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (n > 1)
		c &= 0xffu >> (n + 1);
	for (i = 1; i < n; i++)
		c = c << 6 | (b[i] & 0x3fu);
	*len = n;
	return c;
}

/* One character of what people paste, as ASCII, or 0 to keep it. */
static char
plain_char(unsigned c, const char **word)
{
	if (c >= 0xff01 && c <= 0xff5e) {
		*word = "full-width";
		return (char)(c - 0xfee0);
	}
	if (c == 0x3002 || c == 0xff61) {
		*word = "full-width";
		return '.';
	}
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) {
		*word = "dash";
		return '-';
	}
	if (c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) ||
	    c == '\t' || c == '\n' || c == '\r') {
		*word = "space";
		return ' ';
	}
	if (c == 0x2018 || c == 0x2019 || c == 0x201c || c == 0x201d ||
	    c == 0xab || c == 0xbb || (c >= 0x300c && c <= 0x300f)) {
		*word = "quotes";
		return '"';
	}
	if (c == 0x3008 || c == 0x300a || c == 0x3010) {
		*word = "brackets";
		return '<';
	}
	if (c == 0x3009 || c == 0x300b || c == 0x3011) {
		*word = "brackets";
		return '>';
	}
	return 0;
}

/* A copy with the characters of plain_char replaced; spaces not yet said. */
static char *
simplify(struct buf *repairs, const char *in)
{
	struct buf b;
	const char *word;
	size_t n;
	char c;

	buf_init(&b, 0);
	for (; *in != '\0'; in += n) {
		c = plain_char(decode(in, &n), &word);
		if (c == 0)
			buf_add(&b, in, n);
		else {
			if (c != ' ')
				subject_repaired(repairs, word);
			buf_addc(&b, c);
		}
	}
	return buf_steal(&b);
}

void
subject_cut(char *s, size_t front, size_t back)
{
	size_t n = strlen(s);

	memmove(s, s + front, n - front - back);
	s[n - front - back] = '\0';
}

/* Take one layer of wrapping off: true if there was one. */
static bool
unwrap(struct buf *repairs, char *s)
{
	static const char pairs[] = "\"\"''``<>()[]{}";
	size_t n = strlen(s), i;

	if (n == 0)
		return false;
	if (s[0] == ' ' || s[n - 1] == ' ') {
		subject_repaired(repairs, "space");
		subject_cut(s, s[0] == ' ', n > 1 && s[n - 1] == ' ');
		return true;
	}
	for (i = 0; n > 1 && pairs[i] != '\0'; i += 2)
		if (s[0] == pairs[i] && s[n - 1] == pairs[i + 1] &&
		    !(s[0] == '[' && strchr(s, ':') != NULL)) {
			subject_repaired(repairs, i < 6 ? "quotes" : "brackets");
			subject_cut(s, 1, 1);
			return true;
		}
	if (n > 1 && strchr(",;\"'`>", s[n - 1]) != NULL &&
	    strchr("<\"", s[0]) == NULL && strchr(s, '<') == NULL) {
		subject_repaired(repairs, "quotes");
		subject_cut(s, 0, 1);
		return true;
	}
	return false;
}

/* "[.]" "(.)" "hxxp": how tickets keep names from becoming links. */
static void
refang(struct buf *repairs, char *s)
{
	char *at;

	while ((at = strstr(s, "[.]")) != NULL ||
	    (at = strstr(s, "(.)")) != NULL) {
		memmove(at, at + 1, strlen(at));
		memmove(at + 1, at + 2, strlen(at + 1));
		subject_repaired(repairs, "defanged");
	}
	if (text_ncasecmp(s, "hxxp", 4) == 0) {
		memcpy(s, "http", 4);
		subject_repaired(repairs, "defanged");
	}
}

char *
subject_repair(struct buf *repairs, const char *in)
{
	char *text = simplify(repairs, in);

	while (unwrap(repairs, text))
		;
	refang(repairs, text);
	return text;
}
