/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP typed by hand: a request line, fields, an empty line; then status,
 * fields and page come, and the next request may begin.
 */
#include <string.h>

#include "base/text.h"
#include "talk/track_ops.h"

static void
sent(struct track *k, const char *line, size_t n)
{
	switch (k->side) {
	case HTTP_ASKS:
	case HTTP_PAGE:
	case HTTP_ANSWERS:
		if (n == 0)
			break;
		k->begun = true;
		k->body = verb_is(line, n, "POST") ||
		    verb_is(line, n, "PUT") || verb_is(line, n, "PATCH");
		k->side = HTTP_FIELDS;
		break;
	case HTTP_FIELDS:
		if (n == 0)
			k->side = k->body ? HTTP_CONTENT : HTTP_AWAITS;
		break;
	default:
		break;
	}
}

/* The next status line, perhaps behind the end of a page that has none. */
static bool
begins_answer(const struct track *k, const char *line, size_t n)
{
	static const char word[] = "HTTP/1.";
	size_t len = sizeof(word) - 1;

	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0)
		return true;
	if (k->side != HTTP_PAGE)
		return false;
	for (size_t i = 1; i + len + 5 <= n; i++)
		if (memcmp(line + i, word, len) == 0 &&
		    line[i + len + 1] == ' ' && line[i + len + 2] >= '1' &&
		    line[i + len + 2] <= '5')
			return true;
	return false;
}

static bool
received(struct track *k, const char *line, size_t n, size_t full, size_t eol)
{
	bool asked = k->side >= HTTP_CONTENT;

	(void)full;
	(void)eol;
	if (begins_answer(k, line, n))
		k->side = HTTP_ANSWERS;
	else if (k->side == HTTP_ANSWERS && n == 0)
		k->side = HTTP_PAGE;
	return asked;
}

static bool
our_turn(const struct track *k)
{
	return k->side != HTTP_AWAITS && k->side != HTTP_ANSWERS;
}

static bool
content(const struct track *k)
{
	return k->side == HTTP_CONTENT;
}

static const char *
state(const struct track *k)
{
	static const char *const names[] = { "request", "fields", "content",
		"awaits", "answers", "page" };

	return names[k->side];
}

static void
words(const struct track *k, struct track_list *l)
{
	static const char *const asks[] = { "GET / HTTP/1.1",
		"HEAD / HTTP/1.1", "OPTIONS * HTTP/1.1" };
	static const char *const fields[] = { "Host: ", "User-Agent: ",
		"Accept: ", "Accept-Language: ", "Connection: close",
		"Connection: keep-alive", "Authorization: Basic ", "Cookie: ",
		"Content-Length: ", "Content-Type: ", "Range: bytes=",
		"X-Forwarded-For: ", "Upgrade-Insecure-Requests: 1" };

	if (k->side == HTTP_ASKS || k->side == HTTP_PAGE)
		for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++)
			track_word(l, asks[i], "");
	else if (k->side == HTTP_FIELDS)
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]);
		    i++)
			track_word(l, fields[i], "");
}

const struct track_ops track_http_ops = {
	.sent = sent, .received = received, .our_turn = our_turn,
	.content = content, .state = state, .words = words,
};
