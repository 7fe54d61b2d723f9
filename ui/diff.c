/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changed between two sessions of a domain: findings, the verdict of
 * every endpoint, the delegation. Numbers inside findings (times, days left)
 * change with every run and are no change.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "diag/summary.h"
#include "ui/diff.h"
#include "ui/run.h"

#define STATUS_SAME	0
#define STATUS_CHANGED	1

static void
nothing(void *ctx, const struct session *s, const struct event *ev)
{
	(void)ctx;
	(void)s;
	(void)ev;
}

/* One that was cut off is taken as far as it goes. */
static int
side_load(struct diff_side *o, const char *file)
{
	struct model *m;

	o->file = file;
	o->s = session_new();
	o->end = NULL;
	if (replay_feed(file, nothing, NULL, o->s) != 0)
		return -1;
	if (o->s->end != NULL) {
		o->end = json_incref(o->s->end);
		return 0;
	}
	m = model_build(o->s, o->s->us);
	o->end = summary_end(m);
	model_free(m);
	return 0;
}

static void
side_free(struct diff_side *o)
{
	json_decref(o->end);
	session_free(o->s);
}

const char *
diff_name(const struct diff_side *o)
{
	return json_str(json_object_get(o->s->head, "subject"), "name");
}

static bool
same_finding(const json_t *a, const json_t *b)
{
	return strcmp(json_str(a, "id"), json_str(b, "id")) == 0 &&
	    json_equal(json_object_get(a, "endpoint"),
	    json_object_get(b, "endpoint")) == 1 &&
	    strcmp(json_str(json_object_get(a, "args"), "qname"),
	    json_str(json_object_get(b, "args"), "qname")) == 0;
}

/* The texts among the arguments, and which there are. */
static bool
same_args(const json_t *a, const json_t *b)
{
	const char *key;
	json_t *value, *other;

	if (json_object_size(a) != json_object_size(b))
		return false;
	json_object_foreach((json_t *)(uintptr_t)a, key, value) {
		if ((other = json_object_get(b, key)) == NULL)
			return false;
		if (json_is_string(value) && json_equal(value, other) != 1)
			return false;
	}
	return true;
}

static bool
same_content(const json_t *a, const json_t *b)
{
	static const char *const members[] = { "verdict", "side", "flags" };
	size_t i;

	for (i = 0; i < 3; i++)
		if (json_equal(json_object_get(a, members[i]),
		    json_object_get(b, members[i])) != 1)
			return false;
	return same_args(json_object_get(a, "args"),
	    json_object_get(b, "args"));
}

static const json_t *
find(const json_t *list, const json_t *like, bool (*same)(const json_t *,
    const json_t *))
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		if (same(one, like))
			return one;
	return NULL;
}

static json_t *
entry(const char *state, const char *key, const json_t *now,
    const json_t *was)
{
	json_t *o = json_object();

	json_put_str(o, "state", state);
	if (now != NULL)
		json_put(o, key, json_deep_copy(now));
	if (was != NULL)
		json_put(o, "was", json_deep_copy(was));
	return o;
}

/* new and changed in the order of now, then gone in that of was. */
static void
compare(json_t *to, const char *key, const json_t *was, const json_t *now,
    bool (*same)(const json_t *, const json_t *),
    bool (*content)(const json_t *, const json_t *))
{
	const json_t *other;
	json_t *one;
	size_t i;

	json_array_foreach(now, i, one) {
		other = find(was, one, same);
		if (other == NULL)
			json_array_append_new(to, entry("new", key, one,
			    NULL));
		else if (!content(other, one))
			json_array_append_new(to, entry("changed", key, one,
			    other));
	}
	json_array_foreach(was, i, one)
		if (find(now, one, same) == NULL)
			json_array_append_new(to, entry("gone", key, NULL,
			    one));
}

static bool
same_cell(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "endpoint"),
	    json_object_get(b, "endpoint")) == 1;
}

static bool
same_verdict(const json_t *a, const json_t *b)
{
	return strcmp(json_str(a, "verdict"), json_str(b, "verdict")) == 0;
}

static bool
same_pair(const json_t *a, const json_t *b)
{
	return json_equal(a, b) == 1;
}

const char *const diff_places[DIFF_PLACES] = { "parent", "delegation",
	"zone" };

static json_t *
side_json(const struct diff_side *o)
{
	json_t *j = json_object();

	json_put_str(j, "file", o->file);
	json_put_str(j, "name", diff_name(o));
	json_put_str(j, "date", json_str(o->s->head, "date"));
	json_put_str(j, "verdict", json_str(o->end, "verdict"));
	return j;
}

static json_t *
difference(const struct diff_side *a, const struct diff_side *b)
{
	json_t *o = json_object(), *list = json_array(), *cells = json_array();
	json_t *pairs = json_object();
	bool same = strcmp(json_str(a->end, "verdict"), json_str(b->end,
	    "verdict")) == 0;
	size_t i;

	compare(list, "finding", json_object_get(a->end, "findings"),
	    json_object_get(b->end, "findings"), same_finding, same_content);
	compare(list, "finding", json_object_get(a->end, "facts"),
	    json_object_get(b->end, "facts"), same_finding, same_content);
	compare(cells, "cell", json_object_get(a->end, "matrix"),
	    json_object_get(b->end, "matrix"), same_cell, same_verdict);
	same = same && json_array_size(list) + json_array_size(cells) == 0;
	for (i = 0; i < DIFF_PLACES; i++) {
		json_t *place = json_array();

		compare(place, "pair", json_object_get(json_object_get(a->end,
		    "delegation"), diff_places[i]), json_object_get(
		    json_object_get(b->end, "delegation"), diff_places[i]),
		    same_pair, same_pair);
		same = same && json_array_size(place) == 0;
		json_put(pairs, diff_places[i], place);
	}
	json_put_int(o, "v", 1);
	json_put(o, "old", side_json(a));
	json_put(o, "new", side_json(b));
	json_put_flag(o, "same", same);
	json_put(o, "findings", list);
	json_put(o, "matrix", cells);
	json_put(o, "delegation", pairs);
	return o;
}

static void
write_json(struct out *out, const json_t *d)
{
	char *text = json_dumps(d, JSON_COMPACT | JSON_ENSURE_ASCII);

	out_put(out, text);
	out_put(out, "\n");
	free(text);
}

int
diff_run(const struct options *o, struct out *out)
{
	struct diff_side sides[2];
	int status = STATUS_UNKNOWN, i, n = 0;
	json_t *d;

	while (n < 2 && side_load(&sides[n], o->operand[n]) == 0)
		n++;
	if (n == 2) {
		d = difference(&sides[0], &sides[1]);
		if (o->stdout_format == FORMAT_JSON)
			write_json(out, d);
		else
			diff_text(out, sides, d);
		status = json_flag(d, "same") ? STATUS_SAME : STATUS_CHANGED;
		json_decref(d);
	} else
		n++;
	for (i = 0; i < n; i++)
		side_free(&sides[i]);
	return status;
}
