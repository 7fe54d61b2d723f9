/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options_parse: words parted by line feeds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/options.h"

#define WORDS 32

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size), *at = text;
	char *argv[WORDS + 1], name[] = "tadoru";
	struct options o;
	static FILE *quiet;
	int argc = 1;

	if (quiet == NULL)
		quiet = freopen("/dev/null", "w", stderr);
	argv[0] = name;
	while (at != NULL && argc < WORDS) {
		argv[argc++] = at;
		if ((at = strchr(at, '\n')) != NULL)
			*at++ = '\0';
	}
	argv[argc] = NULL;
	options_parse(&o, argc, argv);
	options_free(&o);
	free(text);
	return 0;
}
