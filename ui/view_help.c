/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Help: of this place, what the selected step or finding is about and the
 * keys that work here; or the manual: every key, every topic.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/strings.h"
#include "ui/tui.h"

static void
add(struct tui *t, struct pane *p, const char *first, const char *rest,
    const char *text)
{
	page_text(&p->page, NULL, first, rest, text, p->w, true, t->amb);
}

static void
body(struct tui *t, struct pane *p, const char *text)
{
	page_prose(&p->page, "", text, p->w, t->amb);
	page_add(&p->page, NULL, "");
}

/* In the practice Internet: what was asked, and where to answer. */
static void
ticket(struct tui *t, struct pane *p)
{
	char *head;

	if (t->opts.ticket == NULL)
		return;
	head = xasprintf(ST_BOLD "%s", S("practice.ticket"));
	page_add(&p->page, NULL, head);
	free(head);
	add(t, p, "  ", "  ", t->opts.ticket);
	add(t, p, "", "", S("tui.practice-how"));
	page_add(&p->page, NULL, "");
}

static void
topic(struct tui *t, struct pane *p, const char *id)
{
	const struct help_topic *h = strings_topic(id);
	char *head;

	if (h == NULL)
		return;
	head = xasprintf(ST_BOLD "%s: %s", h->id, h->title);
	page_add(&p->page, NULL, head);
	free(head);
	add(t, p, "", "", h->sentence);
	page_add(&p->page, NULL, "");
	body(t, p, h->body);
}

static void
key_row(struct tui *t, struct pane *p, const struct key_row *r)
{
	char *keys = keys_of(t->opts.keys, r);
	char *help = xasprintf("key.%s", r->name);
	struct buf first;

	buf_init(&first, 0);
	buf_adds(&first, "  " ST_BOLD);
	draw_pad(&first, t, keys, 12);
	buf_printf(&first, ST_NORMAL " %-14s ", r->name);
	page_text(&p->page, NULL, buf_str(&first),
	    "                              ", strings_get(help), p->w, true,
	    t->amb);
	buf_free(&first);
	free(help);
	free(keys);
}

static unsigned
place_before(const struct tui *t)
{
	struct tui copy = *t;

	copy.view = t->before;
	return tui_where(&copy);
}

static void
keys(struct tui *t, struct pane *p, unsigned where, const char *title)
{
	size_t i;
	char *head = xasprintf(ST_BOLD "%s", title);

	page_add(&p->page, NULL, head);
	free(head);
	for (i = 0; i < key_row_count; i++)
		if ((key_rows[i].where & where) != 0)
			key_row(t, p, &key_rows[i]);
	page_add(&p->page, NULL, "");
}

static void
topics(struct tui *t, struct pane *p)
{
	const struct help_topic *h;
	struct buf b;
	size_t i;

	page_add(&p->page, NULL, S("explain.findings"));
	for (i = 0; i < STEP_COUNT + F_COUNT; i++) {
		const char *id = i < STEP_COUNT ? step_rows[i].id :
		    finding_rows[i - STEP_COUNT].id;
		char *row = xasprintf("topic:%s", id);

		h = strings_topic(id);
		buf_init(&b, 0);
		buf_adds(&b, "  ");
		draw_pad(&b, t, id, 24);
		buf_printf(&b, " %s", h == NULL ? "" : h->title);
		page_add(&p->page, row, buf_str(&b));
		buf_free(&b);
		free(row);
	}
}

static void
selected(struct tui *t, struct pane *p)
{
	const char *id = page_id(&t->pane[PANE_STEPS].page);
	const json_t *all = json_object_get(t->now.end, "findings");
	json_t *f;
	size_t i;
	int step;

	json_array_foreach(all, i, f)
		if (strncmp(id, "step:", 5) != 0 &&
		    select_concerns(t, id, f)) {
			topic(t, p, json_str(f, "id"));
			return;
		}
	if ((step = select_step(t, id)) >= 0)
		topic(t, p, step_rows[step].id);
}

void
view_help(struct tui *t, struct pane *p)
{
	p->title = xstrdup(t->manual ? S("tui.manual") : S("tui.help"));
	if (t->topic != NULL) {
		topic(t, p, t->topic);
		return;
	}
	ticket(t, p);
	if (!t->manual) {
		char *key = xasprintf("about.%s", keys_place(place_before(t)));

		add(t, p, "", "", strings_get(key));
		page_add(&p->page, NULL, "");
		free(key);
		keys(t, p, place_before(t), S("tui.keys-here"));
		if (t->before == VIEW_MAIN)
			selected(t, p);
		return;
	}
	body(t, p, S("tui.manual-text"));
	keys(t, p, W_ALL, S("tui.keys-all"));
	topics(t, p);
}
