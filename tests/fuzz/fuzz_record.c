/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of a recording: what is taken is written again as ASCII, and that
 * line gives the same line; endpoints, findings and errors in it are read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/world.h"
#include "diag/record.h"
#include "diag/session.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
members(const json_t *body)
{
	struct finding *f = finding_parse_json(body);
	struct net_error e;
	struct endpoint ep;
	json_t *o;

	if (f != NULL) {
		o = finding_json(f);
		if (!finding_same(f, f) || f->nevidence > 4)
			abort();
		json_decref(o);
	}
	finding_free(f);
	endpoint_parse(&ep, json_object_get(body, "endpoint"));
	o = endpoint_json(&ep);
	json_decref(o);
	endpoint_clear(&ep);
	json_net_error_parse(json_object_get(body, "value"), &e);
	o = json_net_error(&e);
	json_decref(o);
}

static void
line(const char *p, size_t n)
{
	struct event ev, back;
	const char *why = NULL;
	char *once, *twice;

	if (record_parse(p, n, &ev, &why) == -1) {
		if (why == NULL)
			abort();
		return;
	}
	members(ev.body);
	once = record_line(&ev);
	event_clear(&ev);
	for (const char *c = once; *c != '\0'; c++)
		if (*c < 0x20 || *c > 0x7e)
			abort();
	if (record_parse(once, strlen(once), &back, &why) == -1)
		abort();
	twice = record_line(&back);
	if (strcmp(once, twice) != 0)
		abort();
	event_clear(&back);
	free(once);
	free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data;

	while (n > 0) {
		const char *end = memchr(p, '\n', n);
		size_t one = end == NULL ? n : (size_t)(end - p);

		line(p, one);
		one += end != NULL;
		p += one;
		n -= one;
	}
	return 0;
}
