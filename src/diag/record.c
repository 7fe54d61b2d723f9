/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recording is the stream of events, one JSON object a line, ASCII only.
 */
#include "diag/record.h"

#include "base/json.h"

char *
record_line(const struct event *ev)
{
	json_t *o = event_to_json(ev);
	char *s = json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII |
	    JSON_REAL_PRECISION(12));

	json_decref(o);
	return s;
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
