/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that operators give: plan_parse, given_anchor_parse,
   given_ca_parse; the first byte chooses. */
#include <stdint.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "ui/given.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const parse[])(const char *, size_t *, const char **) = {
		plan_parse, given_anchor_parse, given_ca_parse };
	const char *expected = NULL;
	size_t line = 0;
	char *text;

	if (size == 0)
		return 0;
	text = xstrndup((const char *)data + 1, size - 1);
	if (parse[data[0] % 3](text, &line, &expected) != 0 &&
	    (expected == NULL || line == 0))
		abort();
	free(text);
	return 0;
}
