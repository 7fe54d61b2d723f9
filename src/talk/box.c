/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages in a mailbox: do their headers bear our token, and by which way did
 * they come (nothing else of them is kept); and what replies tell.
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

static void
found(struct talk *t, struct box *b, unsigned long n)
{
	struct box_header *h = &b->header;
	json_t *fact = json_object();

	json_put_str(fact, "token", h->token);
	json_put(fact, "route", h->route == NULL ? json_array() :
	    json_incref(h->route));
	dialog_fact(t, "found", fact);
	if (b->nmarks == BOX_MARKS)
		return;
	memcpy(b->tokens[b->nmarks], h->token, BOX_TOKEN);
	b->marks[b->nmarks++] = n;
	b->visit.run.drop += t->params.clean;
}

void
box_looked(struct talk *t, unsigned long n)
{
	struct box *b = t->state;
	const char *ours = t->params.token;

	if (ours != NULL && *ours != '\0' &&
	    strncmp(b->header.token, ours, strlen(ours)) == 0)
		found(t, b, n);
	json_decref(b->header.route);
	memset(&b->header, 0, sizeof(b->header));
}

void
box_searched(struct talk *t, unsigned n)
{
	json_t *fact = json_object();

	json_put_int(fact, "messages", (int64_t)n);
	dialog_fact(t, "searched", fact);
}

void
box_dropped(struct talk *t, bool ok)
{
	struct box *b = t->state;
	json_t *fact;

	if (b->visit.run.drop == 0)
		return;
	b->visit.run.drop--;
	if (!ok)
		return;
	fact = json_object();
	json_put_str(fact, "token", b->tokens[b->visit.run.drop]);
	dialog_fact(t, "deleted", fact);
}

void
box_reply_fact(struct talk *t, const char *how, const char *code,
    const char *text, size_t lines, int64_t at)
{
	json_t *fact = visit_fact(t);

	json_put_flag(fact, "tls", t->tls);
	json_put_str(fact, "status", how);
	json_put_str(fact, "code", code);
	json_put_str(fact, "text", text == NULL ? "" : text);
	json_put_int(fact, "lines", (int64_t)lines);
	json_put_num(fact, "ms", dialog_waited(t, at));
	dialog_fact(t, "reply", fact);
}

void
box_bye(struct talk *t, const char *text, const char *code)
{
	json_t *fact = json_object();

	json_put_str(fact, "text", text == NULL ? "" : text);
	json_put_str(fact, "code", code);
	dialog_fact(t, "bye", fact);
	dialog_over(t, "closed");
}

void
box_forget(struct box *b)
{
	json_decref(b->header.route);
	memset(&b->header, 0, sizeof(b->header));
	b->nmarks = 0;
}

void
box_clear(struct box *b)
{
	login_clear(&b->visit.login);
	json_decref(b->header.route);
}
