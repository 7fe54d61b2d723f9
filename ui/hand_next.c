/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line of a script, edited: offered when the script would say it, sent in
 * its place, left when the script goes on. Where it cannot go on behind the
 * edited line the operator does, by hand.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

struct hand *
hand_open_edit(struct engine *e, const char *key,
    const struct hand_hooks *hooks, const char **why)
{
	struct hand *h;

	*why = key == NULL ? "none" : engine_edit(e, key);
	if (*why != NULL)
		return NULL;
	h = hand_new(e, hooks);
	h->edits = true;
	hand_on(h, key);
	return h;
}

bool
hand_edits(const struct hand *h)
{
	return h->edits;
}

bool
hand_edited(struct hand *h, const char *line)
{
	char *own = engine_next_line(h->engine, h->key);
	bool same = own != NULL && strcmp(own, line) == 0;

	free(own);
	if (own != NULL && !same && hand_read_only(h) &&
	    hand_changes(hand_track(h), line, strlen(line))) {
		hand_bad(h, "hand.read-only", NULL);
		return false;
	}
	if (engine_say_next(h->engine, h->key, line) != 0) {
		hand_bad(h, "hand.not-yet", NULL);
		return false;
	}
	h->said = loop_now(h->loop);
	return true;
}

static void
over(struct hand *h)
{
	if (h->hooks.over != NULL)
		h->hooks.over(h->hooks.ctx);
}

static void
offer(struct hand *h)
{
	char *line = engine_next_line(h->engine, h->key);

	if (line != NULL && h->hooks.next != NULL)
		h->hooks.next(h->hooks.ctx, line);
	free(line);
}

static void
kept(struct hand *h, const char *why)
{
	char *key = xasprintf("hand.release.%s", why);

	h->edits = false;
	hand_bad(h, key, NULL);
	free(key);
	if (h->hooks.next != NULL)
		h->hooks.next(h->hooks.ctx, NULL);
}

void
hand_next_event(struct hand *h, const struct event *ev)
{
	const char *key = json_str(ev->body, "key");

	if (!h->running)
		over(h);
	else if (ev->kind != EV_LINE || ev->dir != TALK_INFO)
		return;
	else if (strcmp(key, "edit-held") == 0)
		offer(h);
	else if (strcmp(key, "released") == 0 ||
	    strcmp(key, "edit-left") == 0)
		over(h);
	else if (strcmp(key, "edit-kept") == 0)
		kept(h, json_str(json_object_get(ev->body, "args"), "why"));
}
