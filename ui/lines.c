/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of a dialogue with its marker: "===" about the connection, "->"
 * sent, "~>" sent inside TLS, "<-" "<~" received, "<**" unexpected, "+>" by
 * hand, "***" our own failure. DNS messages are spread over several lines.
 */
#include "ui/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/strings.h"

static const char *
marker(const struct line_show *l)
{
	switch (l->dir) {
	case TALK_INFO:
		return "===";
	case TALK_SENT:
		return l->tls ? " ~>" : " ->";
	case TALK_RECEIVED:
		return l->tls ? "<~ " : "<- ";
	case TALK_UNEXPECTED:
		return "<**";
	case TALK_HAND:
		return " +>";
	default:
		return "***";
	}
}

static bool
is_given(const json_t *args, const char *name)
{
	return *json_str(args, name) != '\0' || json_int(args, name, 0) != 0 ||
	    json_is_array(json_object_get(args, name));
}

/* What the sentence needs beside the arguments as they were recorded. */
static json_t *
readable_args(const json_t *args)
{
	json_t *more = json_object();
	const json_t *icmp = json_object_get(args, "icmp");
	char date[32];
	struct addr a;
	int family = 4;

	if (is_given(args, "not_after"))
		json_put_str(more, "date", signs_date(json_int(args,
		    "not_after", 0), date));
	if (addr_parse(&a, json_str(args, "sender")) == 0)
		family = a.family;
	if (json_is_array(icmp) && json_array_size(icmp) == 2)
		json_put_str(more, "icmp", net_icmp_word(family,
		    (int)json_integer_value(json_array_get(icmp, 0)),
		    (int)json_integer_value(json_array_get(icmp, 1))));
	return more;
}

/* The sentence of an INFO key: the form for what is known is preferred. */
static const char *
info_text(const char *key, const json_t *args)
{
	static const char *const forms[] = { "sender", "not_after", "icmp" };
	const char *text = NULL;
	char *full;
	size_t i;

	for (i = 0; text == NULL && i < 3; i++) {
		if (!is_given(args, forms[i]))
			continue;
		full = xasprintf("line.%s.%s", key, forms[i]);
		text = strings_try(full);
		free(full);
	}
	if (text == NULL) {
		full = xasprintf("line.%s", key);
		text = strings_try(full);
		free(full);
	}
	return text;
}

static void
info_render(struct buf *b, const json_t *body)
{
	const json_t *args = json_object_get(body, "args");
	const char *key = json_str(body, "key"), *text, *name;
	json_t *value;
	json_t *more = readable_args(args), *one;

	if ((text = info_text(key, args)) != NULL)
		strings_fill(b, text, more, args);
	else {
		strings_safe(b, key, strlen(key));
		json_object_foreach((json_t *)args, name, value) {
			buf_addc(b, ' ');
			strings_safe(b, name, strlen(name));
			buf_addc(b, '=');
			one = json_pack("{s:O}", "v", value);
			strings_fill(b, "{v}", one, NULL);
			json_decref(one);
		}
	}
	json_decref(more);
}

static void
content(struct buf *b, const struct line_show *l)
{
	if (l->dns && l->data != NULL)
		dig_render(b, l->data, l->len,
		    l->dir == TALK_SENT || l->dir == TALK_HAND);
	else if (l->data != NULL)
		text_escape(b, l->data, l->len);
	if ((l->dir == TALK_INFO || l->dir == TALK_OURS) && l->body != NULL)
		info_render(b, l->body);
	if (l->full > l->len)
		buf_printf(b, " [+%zu]", l->full - l->len);
}

void
lines_render(struct buf *b, const char *prefix, const struct line_show *l)
{
	const char *mark = marker(l), *at, *end;
	struct buf text;

	buf_init(&text, 0);
	content(&text, l);
	for (at = buf_str(&text); at != NULL; at = end) {
		end = strchr(at, '\n');
		buf_printf(b, "%s%s ", prefix, mark);
		buf_add(b, at, end == NULL ? strlen(at) : (size_t)(end - at));
		while (b->len > 0 && b->data[b->len - 1] == ' ')
			b->len--;
		buf_addc(b, '\n');
		mark = "   ";
		if (end != NULL && *++end == '\0')
			break;
	}
	buf_free(&text);
}
