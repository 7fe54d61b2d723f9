/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the last run of the domain said, in the answer line: how long ago, and
 * whether this one says the same. Made of the session alone, so that a replay
 * says it too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ui/signs.h"
#include "ui/state.h"
#include "ui/strings.h"

static void
age(char out[48], int64_t seconds)
{
	static const struct { int64_t unit; const char *key; } units[] = {
		{ 86400, "age.d" }, { 3600, "age.h" }, { 60, "age.min" },
		{ 1, "age.s" },
	};
	char number[24], *text;
	size_t i = 0;

	if (seconds < 0)
		seconds = 0;
	while (i < 3 && seconds < units[i].unit)
		i++;
	snprintf(number, sizeof(number), "%lld",
	    (long long)(seconds / units[i].unit));
	text = strings_make(units[i].key, "n", number, NULL);
	snprintf(out, 48, "%s", text);
	free(text);
}

static bool
same_worst(const json_t *a, const json_t *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(json_str(a, "id"), json_str(b, "id")) == 0 &&
	    json_equal(json_object_get(a, "endpoint"),
	    json_object_get(b, "endpoint")) == 1;
}

/* What it said: the sign, and its worst finding by name. */
static void
was(struct buf *b, const json_t *last)
{
	const char *verdict = json_str(last, "verdict");
	const json_t *worst = json_object_get(last, "worst");
	const char *id = json_str(worst, "id");
	const struct help_topic *t = strings_topic(id);

	buf_printf(b, "%s ", signs_verdict(verdict_parse(verdict)));
	if (worst == NULL)
		signs_word(b, "verdict-word", verdict);
	else if (t != NULL)
		buf_adds(b, t->title);
	else
		strings_safe(b, id, strlen(id));
}

void
state_said(struct buf *b, const struct session *s)
{
	const json_t *last = json_object_get(s->head, "last"), *worst;
	int64_t worst_at = json_int(json_object_get(s->end, "summary"),
	    "worst", -1);
	char ago[48], *text;
	struct buf said;

	if (!json_is_object(last))
		return;
	age(ago, json_int(s->head, "epoch", 0) - json_int(last, "epoch", 0));
	worst = worst_at < 0 ? NULL : json_array_get(json_object_get(s->end,
	    "findings"), (size_t)worst_at);
	buf_init(&said, 0);
	if (s->end != NULL && strcmp(json_str(s->end, "verdict"),
	    json_str(last, "verdict")) == 0 &&
	    same_worst(worst, json_object_get(last, "worst")))
		buf_adds(&said, S("last.same"));
	else
		was(&said, last);
	text = strings_make("last.run", "ago", ago, NULL);
	buf_printf(b, "%s: %s", text, buf_str(&said));
	free(text);
	buf_free(&said);
}
