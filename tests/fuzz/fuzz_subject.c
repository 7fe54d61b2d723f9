/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subject_parse: whatever is typed; what it takes is a name for the DNS. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "diag/subject.h"
#include "dns/message.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size), *hint, *name;
	struct subject s;
	const char *why;

	if (subject_parse(&s, text, &why, &hint) == 0) {
		if ((name = message_name(s.name)) == NULL ||
		    strcmp(name, s.name) != 0)
			abort();
		free(name);
		subject_free(&s);
	} else {
		if (why == NULL)
			abort();
		free(hint);
	}
	free(text);
	return 0;
}
