/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses and prefixes: what is read, is printed and read alike. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/xalloc.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xmalloc(n + 1), out[ADDR_STRLEN], name[80];
	struct addr a, b;
	struct prefix p;

	memcpy(text, data, n);
	text[n] = '\0';
	if (addr_parse(&a, text) == 0) {
		addr_print(&a, out);
		if (addr_parse(&b, out) != 0 || !addr_equal(&a, &b))
			abort();
		addr_reverse(&a, name, sizeof name);
		if (addr_classify(&a) == NULL || strlen(name) < 13)
			abort();
	}
	if (prefix_parse(&p, text) == 0 && !prefix_match(&p, &p.addr))
		abort();
	free(text);
	return 0;
}
