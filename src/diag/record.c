/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recording is the stream of events, one JSON object a line, ASCII only.
 */
#include "diag/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"

/* jansson writes DEL as it is; it can only stand in a string. */
static char *
without_del(char *s)
{
	struct buf b;

	if (strchr(s, 0x7f) == NULL)
		return s;
	buf_init(&b, 0);
	for (const char *p = s; *p != '\0'; p++) {
		if (*p == 0x7f)
			buf_adds(&b, "\\u007f");
		else
			buf_addc(&b, *p);
	}
	free(s);
	return buf_steal(&b);
}

char *
record_line(const struct event *ev)
{
	json_t *o = event_to_json(ev);
	char *s = json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII |
	    JSON_REAL_PRECISION(12));

	json_decref(o);
	return without_del(s);
}

int
record_parse(const char *line, size_t len, struct event *ev, const char **why)
{
	json_t *o = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	int rc;

	if (o == NULL) {
		*why = "json";
		return -1;
	}
	rc = event_from_json(o, ev, why);
	json_decref(o);
	return rc;
}
