/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Root hints files. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/world.h"
#include "base/xalloc.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
nothing(struct world *w)
{
	(void)w;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct world_ops ops = {.free = nothing};
	struct world w;
	char *text = xmalloc(n + 1), *cause = NULL;

	memset(&w, 0, sizeof w);
	w.ops = &ops;
	memcpy(text, data, n);
	text[n] = '\0';
	if (world_hints_parse(&w, text, &cause) == 0) {
		if (w.nhints == 0 || w.hints[0].addr.family == 0)
			abort();
	} else if (cause == NULL || w.nhints != 0)
		abort();
	free(cause);
	free(text);
	world_free(&w);
	return 0;
}
