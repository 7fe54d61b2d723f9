/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Headers of messages in a mailbox: do they bear our token, and by which way
 * did they come. Nothing else of them is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/box.h"

#define ROUTE_MAX 512

static bool
field(const char *s, size_t n, const char *name, size_t *value)
{
	size_t len = strlen(name);

	if (n <= len || text_ncasecmp(s, name, len) != 0 || s[len] != ':')
		return false;
	for (len++; len < n && (s[len] == ' ' || s[len] == '\t');)
		len++;
	*value = len;
	return true;
}

static void
take_token(struct box_header *h, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < sizeof(h->token) - 1; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || s[i] == '-' ||
		    (s[i] >= '0' && s[i] <= '9')))
			break;
	memcpy(h->token, s, i);
	h->token[i] = '\0';
}

static void
add_route(struct box_header *h, const char *s, size_t n, bool more)
{
	size_t last;
	char *text, *both;

	if (h->route == NULL)
		h->route = json_array();
	last = json_array_size(h->route);
	if (!more && last >= BOX_ROUTE) {
		h->in_route = false;
		return;
	}
	text = text_escaped(s, n > ROUTE_MAX ? ROUTE_MAX : n);
	if (!more || last == 0) {
		json_array_append_new(h->route, json_string(text));
	} else {
		both = xasprintf("%s %s", json_string_value(json_array_get(
		    h->route, last - 1)), text);
		if (strlen(both) <= ROUTE_MAX)
			json_array_set_new(h->route, last - 1,
			    json_string(both));
		free(both);
	}
	free(text);
}

void
box_header_line(struct box_header *h, const char *s, size_t n)
{
	size_t at = 0;

	if (n > 0 && (s[0] == ' ' || s[0] == '\t')) {
		while (at < n && (s[at] == ' ' || s[at] == '\t'))
			at++;
		if (h->in_route)
			add_route(h, s + at, n - at, true);
		return;
	}
	h->in_route = field(s, n, "Received", &at);
	if (h->in_route)
		add_route(h, s + at, n - at, false);
	else if (h->token[0] == '\0' && field(s, n, "X-Tadoru-Token", &at))
		take_token(h, s + at, n - at);
}

bool
box_header_end(struct talk *t, struct box_header *h, char *token)
{
	const char *ours = t->params.token;
	bool hit = ours != NULL && *ours != '\0' &&
	    strncmp(h->token, ours, strlen(ours)) == 0;
	json_t *fact;

	if (hit) {
		fact = json_object();
		json_put_str(fact, "token", h->token);
		json_put(fact, "route", h->route == NULL ? json_array() :
		    json_incref(h->route));
		dialog_fact(t, "found", fact);
		if (token != NULL)
			memcpy(token, h->token, BOX_TOKEN);
	}
	json_decref(h->route);
	memset(h, 0, sizeof(*h));
	return hit;
}
