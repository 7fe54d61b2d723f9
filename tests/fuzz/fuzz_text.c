/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Escaping, widths, wrapping, base64. The first byte is the width. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int columns;

static void
check_line(void *ctx, const char *s, size_t n)
{
	size_t *total = ctx;
	char *line = xstrndup(s, n);

	*total += n;
	/* One character may be wider than the line, two may not. */
	if (text_width(line, 2) > columns && text_fit(line, columns, 2) > 0)
		abort();
	free(line);
}

static void
check_escaped(const uint8_t *data, size_t n)
{
	char *s = text_escaped(data, n);
	const unsigned char *p;

	if (!text_utf8_valid(s, strlen(s)))
		abort();
	for (p = (unsigned char *)s; *p != '\0'; p++) {
		if (*p < ' ' || *p == 0x7f ||
		    (*p == 0xc2 && p[1] < 0xa0))
			abort();
	}
	free(s);
}

static void
check_base64(const uint8_t *data, size_t n, const char *text)
{
	char *coded = text_base64(data, n);
	unsigned char *plain;
	size_t len;

	plain = text_unbase64(coded, &len);
	if (plain == NULL || len != n || memcmp(plain, data, n) != 0)
		abort();
	free(plain);
	free(coded);
	if ((plain = text_unbase64(text, &len)) != NULL) {
		coded = text_base64(plain, len);
		if (strcmp(coded, text) != 0)
			abort();
		free(coded);
	}
	free(plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t total = 0;
	long number;
	char *text;

	if (n == 0)
		return 0;
	columns = data[0] % 100 + 1;
	data++;
	n--;
	text = xmalloc(n + 1);
	memcpy(text, data, n);
	text[n] = '\0';
	check_escaped(data, n);
	check_base64(data, n, text);
	text_wrap(text, columns, 2, check_line, &total);
	if (total > strlen(text))
		abort();
	text_number(text, -100, 100, &number);
	text_distance(text, "starttls", 3);
	text_casefind(text, n, "starttls");
	free(text);
	return 0;
}
