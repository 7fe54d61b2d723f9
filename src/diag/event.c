/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events to JSON objects and back, as documented in tadoru-json(5). Text that
 * is UTF-8 without control characters travels as text, all else as base64.
 */
#include "diag/event.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"

#define LATEST	1e9	/* seconds: thirty years are no session */

static const char *const kinds[EV_COUNT] = { "session", "step", "probe",
	"line", "fact", "finding", "ask", "answer", "end" };
static const char *const dirs[] = { "info", "sent", "received", "unexpected",
	"hand", "ours" };

#define DIRS (sizeof dirs / sizeof dirs[0])

const char *
event_word(enum event_kind k)
{
	return kinds[k];
}

static bool
plain_text(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] == 0x7f)
			return false;
	return text_utf8_valid(p, n);
}

static void
line_to_json(const struct event *ev, json_t *o)
{
	json_put_str(o, "dir", dirs[ev->dir]);
	if (ev->tls)
		json_put_flag(o, "tls", true);
	if (ev->dns)
		json_put_flag(o, "dns", true);
	if (ev->data != NULL && !ev->dns && plain_text(ev->data, ev->len)) {
		json_put(o, "text", json_stringn(ev->data, ev->len));
	} else if (ev->data != NULL) {
		char *s = text_base64(ev->data, ev->len);

		json_put_str(o, "b64", s);
		free(s);
	}
	if (ev->full > ev->len)
		json_put_int(o, "full", (int64_t)ev->full);
}

json_t *
event_to_json(const struct event *ev)
{
	json_t *o = json_object(), *value;
	const char *key;

	json_put_int(o, "v", EVENT_VERSION);
	json_put_int(o, "seq", (int64_t)ev->seq);
	json_put(o, "t", json_real((double)ev->us / 1e6));
	json_put_str(o, "from", "here");
	json_put_str(o, "ev", kinds[ev->kind]);
	if (ev->probe != NULL)
		json_put_str(o, "probe", ev->probe);
	if (ev->attempt > 0)
		json_put_int(o, "attempt", ev->attempt);
	if (ev->kind == EV_LINE)
		line_to_json(ev, o);
	json_object_foreach(ev->body, key, value)
		json_object_set(o, key, value);
	return o;
}

static int
find_word(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}

static int
line_from_json(json_t *o, struct event *ev)
{
	const char *text;
	int dir = find_word(dirs, DIRS, json_str(o, "dir"));
	json_t *member;

	if (dir == -1)
		return -1;
	ev->dir = (enum talk_dir)dir;
	ev->tls = json_flag(o, "tls");
	ev->dns = json_flag(o, "dns");
	if ((member = json_object_get(o, "text")) != NULL) {
		if (!json_is_string(member))
			return -1;
		ev->len = json_string_length(member);
		ev->data = xstrndup(json_string_value(member), ev->len);
	} else if (json_object_get(o, "b64") != NULL) {
		text = json_str(o, "b64");
		ev->data = text_unbase64(text, &ev->len);
		if (ev->data == NULL)
			return -1;
	}
	ev->full = (size_t)json_int(o, "full", (int64_t)ev->len);
	for (size_t i = 0; i < 6; i++) {
		static const char *const own[] = { "dir", "tls", "dns",
			"text", "b64", "full" };

		json_object_del(o, own[i]);
	}
	return 0;
}

int
event_from_json(const json_t *object, struct event *ev, const char **why)
{
	static const char *const own[] = { "v", "seq", "t", "from", "ev",
		"probe", "attempt" };
	json_t *o;
	int kind;

	memset(ev, 0, sizeof *ev);
	*why = "member";
	if (!json_is_object(object) || json_int(object, "v", 0) < 1)
		return -1;
	if (json_int(object, "v", 0) > EVENT_VERSION) {
		*why = "version";
		return -1;
	}
	kind = find_word(kinds, EV_COUNT, json_str(object, "ev"));
	if (kind == -1) {
		*why = "kind";
		return -1;
	}
	if (!(json_num(object, "t", 0) >= 0 &&
	    json_num(object, "t", 0) <= LATEST))
		return -1;
	ev->kind = (enum event_kind)kind;
	ev->seq = (uint64_t)json_int(object, "seq", 0);
	ev->us = (int64_t)(json_num(object, "t", 0) * 1e6 + 0.5);
	ev->attempt = (int)json_int(object, "attempt", 0);
	if (json_object_get(object, "probe") != NULL)
		ev->probe = xstrdup(json_str(object, "probe"));
	o = json_deep_copy(object);
	ev->body = o;
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		json_object_del(o, own[i]);
	if (kind == EV_LINE && line_from_json(o, ev) == -1) {
		event_clear(ev);
		return -1;
	}
	if (kind == EV_LINE && json_object_size(o) == 0) {
		json_decref(o);
		ev->body = NULL;
	}
	return 0;
}

/* The strings of a parsed event are its own although const to all others. */
void
event_clear(struct event *ev)
{
	free((void *)(uintptr_t)ev->probe);
	free((void *)(uintptr_t)ev->data);
	json_decref(ev->body);
	memset(ev, 0, sizeof *ev);
}
