/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as bytes: comparison without a locale, numbers, base64, percents,
 * distance.
 */
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"

#define DISTANCE_MAX 64

static const char digits64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

int
text_ncasecmp(const char *a, const char *b, size_t n)
{
	for (; n > 0; n--, a++, b++) {
		int x = lower((unsigned char)*a), y = lower((unsigned char)*b);

		if (x != y)
			return x < y ? -1 : 1;
		if (x == '\0')
			return 0;
	}
	return 0;
}

int
text_casecmp(const char *a, const char *b)
{
	return text_ncasecmp(a, b, SIZE_MAX);
}

void
text_lower(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)lower((unsigned char)*s);
}

const char *
text_casefind(const char *hay, size_t n, const char *needle)
{
	size_t len = strlen(needle), i;

	for (; n >= len; hay++, n--) {
		for (i = 0; i < len; i++) {
			if (lower((unsigned char)hay[i]) !=
			    lower((unsigned char)needle[i]))
				break;
		}
		if (i == len)
			return hay;
	}
	return NULL;
}

int
text_number(const char *s, long min, long max, long *out)
{
	const char *p = s;
	bool negative = *p == '-';
	long n = 0;

	p += negative;
	if (*p == '\0')
		return -1;
	for (; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return -1;
		if (n > (INT32_MAX - (*p - '0')) / 10)
			return -1;
		n = n * 10 + (*p - '0');
	}
	if (negative)
		n = -n;
	if (n < min || n > max)
		return -1;
	*out = n;
	return 0;
}

void
text_percent(struct buf *b, const char *s, size_t n, const char *also)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c <= ' ' || c >= 0x7f || strchr(also, c) != NULL)
			buf_printf(b, "%%%02X", c);
		else
			buf_addc(b, (char)c);
	}
}

char *
text_base64(const void *data, size_t n)
{
	const unsigned char *p = data;
	char *out = xmalloc((n / 3 + 1) * 4 + 1), *o = out;
	size_t i;

	for (i = 0; i < n; i += 3) {
		size_t left = n - i;
		unsigned a = p[i];
		unsigned b = left > 1 ? p[i + 1] : 0u;
		unsigned c = left > 2 ? p[i + 2] : 0u;

		*o++ = digits64[a >> 2];
		*o++ = digits64[(a & 3) << 4 | b >> 4];
		*o++ = left > 1 ? digits64[(b & 15) << 2 | c >> 6] : '=';
		*o++ = left > 2 ? digits64[c & 63] : '=';
	}
	*o = '\0';
	return out;
}

static int
digit64(char c)
{
	const char *p = c == '\0' ? NULL : strchr(digits64, c);

	return p == NULL ? -1 : (int)(p - digits64);
}

/* Four characters, the last of which may be padding: bytes, or -1. */
static int
quad(const char *s, bool last, unsigned char *out)
{
	int pad = 0, v[4], i;

	if (last && s[3] == '=')
		pad = s[2] == '=' ? 2 : 1;
	for (i = 0; i < 4; i++) {
		v[i] = i >= 4 - pad ? 0 : digit64(s[i]);
		if (v[i] < 0)
			return -1;
	}
	if ((pad == 2 && (v[1] & 15) != 0) || (pad == 1 && (v[2] & 3) != 0))
		return -1;
	out[0] = (unsigned char)(v[0] << 2 | v[1] >> 4);
	if (pad < 2)
		out[1] = (unsigned char)((v[1] & 15) << 4 | v[2] >> 2);
	if (pad < 1)
		out[2] = (unsigned char)((v[2] & 3) << 6 | v[3]);
	return 3 - pad;
}

unsigned char *
text_unbase64(const char *s, size_t *len)
{
	size_t n = strlen(s), i, used = 0;
	unsigned char *out;

	if (n % 4 != 0)
		return NULL;
	out = xmalloc(n / 4 * 3 + 1);
	for (i = 0; i < n; i += 4) {
		int got = quad(s + i, i + 4 == n, out + used);

		if (got < 0) {
			free(out);
			return NULL;
		}
		used += (size_t)got;
	}
	out[used] = '\0';
	*len = used;
	return out;
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

int
text_distance(const char *a, const char *b, int max)
{
	int rows[3][DISTANCE_MAX + 1], *before = rows[0], *row = rows[1];
	int *next = rows[2], *spare;
	int n = (int)strnlen(a, DISTANCE_MAX + 1);
	int m = (int)strnlen(b, DISTANCE_MAX + 1), i, j;

	if (n > DISTANCE_MAX || m > DISTANCE_MAX)
		return max + 1;
	memset(rows, 0, sizeof rows);
	for (j = 0; j <= m; j++)
		row[j] = j;
	for (i = 1; i <= n; i++) {
		next[0] = i;
		for (j = 1; j <= m; j++) {
			next[j] = least(row[j - 1] + (a[i - 1] != b[j - 1]),
			    least(row[j], next[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				next[j] = least(next[j], before[j - 2] + 1);
		}
		spare = before;
		before = row;
		row = next;
		next = spare;
	}
	return least(row[m], max + 1);
}

bool
text_near(const char *word, const char *meant)
{
	int most = strlen(word) < 5 ? 1 : 2;

	return text_distance(word, meant, most) <= most;
}
