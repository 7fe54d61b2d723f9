/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clients that are hurt, a line for each kind: where, and what it lives
 * through there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"

#define SHOWN	3	/* services of one kind that are named */

static const char *
client_of(const json_t *list, size_t i)
{
	return json_str(json_array_get(list, i), "client");
}

static bool
fails(const json_t *one)
{
	return json_object_get(one, "s") == NULL;
}

/* "fails", "some fail", or how long it takes. */
static void
fate(struct buf *b, const json_t *one)
{
	double most = json_num(one, "most", json_num(one, "s", 0));

	if (fails(one))
		buf_adds(b, S("client.fails"));
	else if (json_flag(one, "fails_some"))
		buf_adds(b, S("client.fails-some"));
	else
		signs_seconds(b, most);
}

static void
place(struct buf *b, const json_t *one)
{
	const json_t *ep = json_object_get(one, "endpoint");
	const char *proto = json_str(ep, "proto");
	const char *name = json_str(ep, "name");

	strings_safe(b, proto, strlen(proto));
	buf_adds(b, *proto == '\0' ? "" : " ");
	strings_safe(b, name, strlen(name));
	buf_addc(b, ' ');
	fate(b, one);
}

/* Those of one kind from the first on: how many they are. */
static size_t
kind_row(struct out *o, const json_t *list, size_t first)
{
	int worst = VERDICT_OK, v;
	size_t n = 0;
	json_t *args = json_object();
	struct buf b, line;

	buf_init(&b, 0);
	buf_init(&line, 0);
	for (size_t i = first; i < json_array_size(list) && strcmp(client_of(
	    list, i), client_of(list, first)) == 0; i++, n++) {
		v = verdict_parse(json_str(json_array_get(list, i),
		    "verdict"));
		worst = v > worst ? v : worst;
		if (n >= SHOWN)
			continue;
		buf_adds(&b, n == 0 ? "" : ", ");
		place(&b, json_array_get(list, i));
	}
	if (n > SHOWN) {
		json_put_int(args, "n", (int64_t)(n - SHOWN));
		buf_adds(&b, ", ");
		strings_fill(&b, S("report.clients-more"), args, NULL);
	}
	buf_printf(&line, "%s ", signs_verdict(worst));
	signs_word(&line, "client", client_of(list, first));
	buf_printf(&line, ": %s", buf_str(&b));
	out_wrap(o, "  ", "    ", buf_str(&line));
	buf_free(&b);
	buf_free(&line);
	json_decref(args);
	return n;
}

void
report_clients(struct out *o, const json_t *summary)
{
	const json_t *list = json_object_get(summary, "clients");

	if (json_array_size(list) > 0)
		report_heading(o, S("report.clients"));
	for (size_t i = 0; i < json_array_size(list);)
		i += kind_row(o, list, i);
}
