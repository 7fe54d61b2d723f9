/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream itself: one JSON object a line, as tadoru-json(5) says. */
#include <stdlib.h>

#include "diag/record.h"
#include "ui/sink.h"

void
json_sink(void *ctx, const struct session *s, const struct event *ev)
{
	struct out *o = ctx;
	char *line = record_line(ev);

	(void)s;
	out_put(o, line);
	out_put(o, "\n");
	out_flush(o);
	free(line);
}
