/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pasted command lines: what is taken for one can be done, what is put right
 * is put right for good, and nothing invisible is left in it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/paste.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool ok)
{
	if (!ok)
		abort();
}

static void
repaired(const char *text)
{
	unsigned bits = 0, more = 0;
	char *once = paste_repair(text, &bits), *twice;

	twice = paste_repair(once, &more);
	check(strcmp(once, twice) == 0 && more == 0);
	check(bits != 0 || strcmp(once, text) == 0);
	check(text_utf8_valid((const unsigned char *)once, strlen(once)) ||
	    !text_utf8_valid((const unsigned char *)text, strlen(text)));
	free(once);
	free(twice);
}

static void
parsed(const char *line, bool bare)
{
	struct paste p;

	paste_parse(&p, line, bare);
	switch (p.kind) {
	case PASTE_DIG:
		check(p.dig.name != NULL && *p.dig.name != '\0');
		check(p.dig.port != 0 && p.dig.type != 0);
		check(!(p.dig.only_v4 && p.dig.only_v6));
		check(p.dig.tries >= 0 && p.dig.wait >= 0);
		check(p.dig.server == NULL || *p.dig.server != '\0');
		break;
	case PASTE_OPEN:
		check(p.url.proto[0] != '\0' && p.url.port != 0 &&
		    (p.url.addr.family != 0 || (p.url.host != NULL &&
		    *p.url.host != '\0')));
		break;
	case PASTE_BAD:
		check(p.why != NULL && p.part != NULL);
		break;
	case PASTE_NONE:
		break;
	}
	paste_free(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	while (n > 0) {
		const uint8_t *lf = memchr(data, '\n', n);
		size_t len = lf == NULL ? n : (size_t)(lf - data);
		char *line = xstrndup((const char *)data, len);

		repaired(line);
		parsed(line, false);
		parsed(line, true);
		free(line);
		data += len + (lf != NULL);
		n -= len + (lf != NULL);
	}
	return 0;
}
