/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Byte buffers with a hard limit: what a peer sends can fill one, but never
 * more than one.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof *b);
	b->max = max;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

/* Room for n more bytes and the final NUL. */
static void
reserve(struct buf *b, size_t n)
{
	size_t need, cap = b->cap < 64 ? 64 : b->cap;

	need = n > SIZE_MAX / 2 - b->len ? SIZE_MAX : b->len + n + 1;
	if (need <= b->cap)
		return;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;
	b->data = xrealloc(b->data, cap);
	b->cap = cap;
}

int
buf_add(struct buf *b, const void *data, size_t n)
{
	size_t fits = n;

	if (b->max != 0 && n > b->max - b->len) {
		fits = b->max - b->len;
		b->over = true;
	}
	reserve(b, fits);
	if (fits != 0)
		memcpy(b->data + b->len, data, fits);
	b->len += fits;
	b->data[b->len] = '\0';
	return fits == n ? 0 : -1;
}

int
buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_addc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_printf(struct buf *b, const char *format, ...)
{
	char small[256], *s = small;
	va_list ap;
	int n, rc;

	va_start(ap, format);
	n = vsnprintf(small, sizeof small, format, ap);
	va_end(ap);
	if (n < 0)
		return -1;
	if ((size_t)n >= sizeof small) {
		s = xmalloc((size_t)n + 1);
		va_start(ap, format);
		vsnprintf(s, (size_t)n + 1, format, ap);
		va_end(ap);
	}
	rc = buf_add(b, s, (size_t)n);
	if (s != small)
		free(s);
	return rc;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (b->data == NULL)
		return;
	if (n > b->len)
		n = b->len;
	b->len -= n;
	memmove(b->data, b->data + n, b->len + 1);
}

const char *
buf_str(const struct buf *b)
{
	return b->data == NULL ? "" : (const char *)b->data;
}

char *
buf_steal(struct buf *b)
{
	char *s = b->data == NULL ? xstrdup("") : (char *)b->data;

	buf_init(b, b->max);
	return s;
}
