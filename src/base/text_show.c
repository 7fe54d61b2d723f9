/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text on a terminal: what must be escaped before it gets there, how many
 * columns it takes, and where lines break, in Japanese too.
 */
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text_table.h"
#include "base/xalloc.h"

#define QUOTED 60	/* columns */

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* One character of well-formed UTF-8 (RFC 3629): its bytes, 0 = broken. */
static size_t
decode(const unsigned char *s, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len, i;

	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n < len)
		return 0;
	*cp = s[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3fu);
	}
	if (*cp < least[len] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return len;
}

bool
text_utf8_valid(const void *data, size_t n)
{
	const unsigned char *s = data;
	uint32_t cp;
	size_t len;

	for (; n > 0; s += len, n -= len) {
		if ((len = decode(s, n, &cp)) == 0)
			return false;
	}
	return true;
}

/* Characters that act on a terminal or cannot be seen. */
static bool
hostile(uint32_t c)
{
	static const struct range bad[] = {
		{0x00, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x61c, 0x61c},
		{0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},
		{0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
		{0xfffe, 0xffff}, {0xe0000, 0xe007f}
	};
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		if (c >= bad[i].first && c <= bad[i].last)
			return true;
	}
	return false;
}

void
text_escape(struct buf *out, const void *data, size_t n)
{
	const unsigned char *s = data;
	uint32_t cp;
	size_t len;

	for (; n > 0; s += len, n -= len) {
		len = decode(s, n, &cp);
		if (len == 0 || (len == 1 && hostile(cp))) {
			len = 1;
			buf_printf(out, "\\x%02x", (unsigned)s[0]);
		} else if (cp == '\\')
			buf_adds(out, "\\\\");
		else if (!hostile(cp))
			buf_add(out, s, len);
		else if (cp > 0xffff)
			buf_printf(out, "\\U%08x", (unsigned)cp);
		else
			buf_printf(out, "\\u%04x", (unsigned)cp);
	}
}

char *
text_escaped(const void *data, size_t n)
{
	struct buf b;

	buf_init(&b, 0);
	text_escape(&b, data, n);
	return buf_steal(&b);
}

static bool
among(const struct range *table, size_t n, uint32_t c)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = (low + n) / 2;

		if (c > table[middle].last)
			low = middle + 1;
		else if (c < table[middle].first)
			n = middle;
		else
			return true;
	}
	return false;
}

static int
columns_of(uint32_t c, int ambiguous)
{
	if (c < 0x80)
		return c >= 0x20 && c != 0x7f;
	if (among(zero_width, COUNT(zero_width), c))
		return 0;
	if (among(wide, COUNT(wide), c))
		return 2;
	if (among(ambiguous_width, COUNT(ambiguous_width), c))
		return ambiguous;
	return 1;
}

/* The next character: bytes (at least 1), code point, columns. */
static size_t
next_char(const char *s, size_t n, int ambiguous, uint32_t *cp, int *columns)
{
	size_t len = decode((const unsigned char *)s, n, cp);

	if (len == 0) {
		*cp = 0xfffd;
		*columns = 1;
		return 1;
	}
	*columns = columns_of(*cp, ambiguous);
	return len;
}

int
text_width(const char *s, int ambiguous)
{
	size_t n = strlen(s), len;
	int total = 0, columns;
	uint32_t cp;

	for (; n > 0; s += len, n -= len) {
		len = next_char(s, n, ambiguous, &cp, &columns);
		total += columns;
	}
	return total;
}

static size_t
fit(const char *s, size_t n, int room, int ambiguous)
{
	size_t used = 0, len;
	int columns;
	uint32_t cp;

	for (; used < n; used += len) {
		len = next_char(s + used, n - used, ambiguous, &cp, &columns);
		if (columns > room)
			break;
		room -= columns;
	}
	return used;
}

size_t
text_fit(const char *s, int columns, int ambiguous)
{
	return fit(s, strlen(s), columns, ambiguous);
}

void
text_shell_word(struct buf *b, const char *s)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/=+@,";

	if (*s != '\0' && strspn(s, safe) == strlen(s)) {
		buf_adds(b, s);
		return;
	}
	buf_addc(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			buf_adds(b, "'\\''");
		else if (*s == '\\')
			buf_addc(b, '\\');
		else
			text_escape(b, s, 1);
	}
	buf_addc(b, '\'');
}

char *
text_quoted(const char *s)
{
	char *shown = text_escaped(s, strlen(s)), *quoted;

	quoted = xasprintf("\"%.*s\"", (int)text_fit(shown, QUOTED, 1), shown);
	free(shown);
	return quoted;
}

static bool
one_of(const char *set, uint32_t c)
{
	size_t n = strlen(set), len;
	uint32_t cp;

	for (; n > 0; set += len, n -= len) {
		if ((len = decode((const unsigned char *)set, n, &cp)) == 0)
			return false;
		if (cp == c)
			return true;
	}
	return false;
}

/* May a line end between these two characters (JIS X 4051, shortened)? */
static bool
may_break(uint32_t before, uint32_t after)
{
	static const char not_first[] =
		"、。，．,.・：；:;！？!?）)］]｝}」』】〕〉》〟’”ー"
		"々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖ"
		"ァィゥェォッャュョヮヵヶ…‥％%℃";
	static const char not_last[] = "（(［[｛{「『【〔〈《〝‘“";

	if (after == ' ')
		return true;
	if (columns_of(before, 1) < 2 && columns_of(after, 1) < 2)
		return false;
	return columns_of(after, 1) != 0 && before != ' ' &&
	    !one_of(not_first, after) && !one_of(not_last, before);
}

/* Length of the first line of s[0..n); *skip: spaces after it. */
static size_t
first_line(const char *s, size_t n, int columns, int ambiguous, size_t *skip)
{
	size_t most = fit(s, n, columns, ambiguous), at = 0, end = 0, len;
	uint32_t before = 0, cp;
	int ignored;

	*skip = 0;
	for (; at < n && at <= most; at += len) {
		len = next_char(s + at, n - at, ambiguous, &cp, &ignored);
		if (at > 0 && may_break(before, cp) &&
		    !(cp == ' ' && before == ' '))
			end = at;
		before = cp;
	}
	if (most == n)
		end = n;
	else if (end == 0)
		end = most > 0 ? most : at;
	while (end + *skip < n && s[end + *skip] == ' ')
		++*skip;
	return end;
}

static void
wrap_paragraph(const char *s, size_t n, int columns, int ambiguous,
    void (*line)(void *, const char *, size_t), void *ctx)
{
	size_t len, skip;

	do {
		len = first_line(s, n, columns, ambiguous, &skip);
		line(ctx, s, len);
		s += len + skip;
		n -= len + skip;
	} while (n > 0);
}

void
text_wrap(const char *s, int columns, int ambiguous,
    void (*line)(void *, const char *, size_t), void *ctx)
{
	for (;;) {
		size_t n = strcspn(s, "\n");

		wrap_paragraph(s, n, columns < 1 ? 1 : columns, ambiguous,
		    line, ctx);
		if (s[n] == '\0' || s[n + 1] == '\0')
			return;
		s += n + 1;
	}
}
