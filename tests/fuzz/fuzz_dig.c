/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DNS message of a peer as text: nothing unescaped, nothing endless. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/lines.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line_show l = { TALK_RECEIVED, false, true, data, size, size,
		NULL };
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	lines_render(&b, "x ", &l);
	l.dns = false;
	lines_render(&b, "x ", &l);
	l.dns = true;
	l.dir = TALK_SENT;
	lines_render(&b, "x ", &l);
	if (!text_utf8_valid(b.data, b.len))
		abort();
	for (i = 0; i < b.len; i++)
		if ((b.data[i] < 0x20 && b.data[i] != '\n') ||
		    b.data[i] == 0x7f)
			abort();
	buf_free(&b);
	return 0;
}
