/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A response in two pieces and then the end: split by its first byte. */
#include <stdint.h>
#include <stdlib.h>

#include "talk/http.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
line(void *ctx, const char *s, size_t n)
{
	size_t *lines = ctx;

	if (n > LIMIT_LINE || s[n] != '\0')
		abort();
	++*lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct http_parse p;
	size_t cut, lines = 0;
	char *title;

	if (n == 0)
		return 0;
	cut = 1 + data[0] % n;
	http_parse_init(&p);
	if (http_parse_feed(&p, data + 1, cut - 1, line, &lines) > cut - 1)
		abort();
	http_parse_feed(&p, data + cut, n - cut, line, &lines);
	http_parse_eof(&p);
	if (p.phase < HTTP_DONE || (p.phase == HTTP_BAD) != (p.bad != NULL) ||
	    p.body.len > LIMIT_BODY || p.headers > LIMIT_HEADERS + 1)
		abort();
	title = http_title(p.body.data, p.body.len);
	free(title);
	http_parse_free(&p);
	return 0;
}
