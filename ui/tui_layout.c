/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the panes are: side by side from 76 columns on, else one above the
 * other; one alone when zoomed or in a view. The frame, and the bottom line
 * with the keys that mean something here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_hand.h"

#define BESIDE	76

static void
place(struct pane *p, int y, int x, int h, int w)
{
	p->y = y;
	p->x = x;
	p->h = h;
	p->w = w;
	p->shown = h > 0 && w > 0;
}

static int
meaning_height(const struct tui *t)
{
	return t->rows >= 40 ? 9 : t->rows >= 30 ? 7 : t->rows >= 24 ? 5 :
	    t->rows >= 18 ? 3 : 2;
}

static int
steps_width(const struct tui *t)
{
	int w = t->cols * 35 / 100;

	return w < 31 ? 31 : w > 50 ? 50 : w;
}

/* The views that say below what the row under the cursor means. */
static bool
with_meaning(const struct tui *t)
{
	return t->rows >= 24 && (t->view == VIEW_MATRIX ||
	    t->view == VIEW_MAP || t->view == VIEW_FINDINGS);
}

static void
main_panes(struct tui *t, int top, int bottom)
{
	int m = meaning_height(t), h = bottom - top - m - 1, w, s;

	place(&t->pane[PANE_MEANING], bottom - m, 2, m, t->cols - 4);
	if (t->cols >= BESIDE) {
		w = steps_width(t);
		place(&t->pane[PANE_STEPS], top, 2, h, w - 3);
		place(&t->pane[PANE_LIVE], top, w + 1, h, t->cols - w - 3);
	} else {
		s = h / 2;
		place(&t->pane[PANE_STEPS], top, 2, s, t->cols - 4);
		place(&t->pane[PANE_LIVE], top + s + 1, 2, h - s - 1,
		    t->cols - 4);
	}
}

void
layout_panes(struct tui *t)
{
	int top = head_lines(t) + 1, bottom = t->rows - 1;
	int m = meaning_height(t), i;

	for (i = 0; i < PANE_COUNT; i++)
		t->pane[i].shown = false;
	if (t->view != VIEW_MAIN) {
		if (with_meaning(t)) {
			place(&t->pane[PANE_MEANING], bottom - m, 2, m,
			    t->cols - 4);
			bottom -= m + 1;
		}
		place(&t->pane[PANE_VIEW], top, 2, bottom - top, t->cols - 4);
	} else if (t->zoom)
		place(&t->pane[t->focus], top, 2, bottom - top, t->cols - 4);
	else
		main_panes(t, top, bottom);
}

static void
title(struct tui *t, const struct pane *p, int y, int x, int w, bool focused)
{
	struct buf b;

	if (p->title == NULL || *p->title == '\0')
		return;
	buf_init(&b, 0);
	buf_printf(&b, " %s%s" ST_NORMAL " ", focused ? ST_BOLD : "",
	    p->title);
	draw_text(t, y, x, w, 0, buf_str(&b), false);
	buf_free(&b);
}

static void
edge(struct tui *t, int y, char left, char right)
{
	draw_line(t, y, 0, t->cols);
	draw_corner(t, y, 0, left);
	draw_corner(t, y, t->cols - 1, right);
}

void
layout_frame(struct tui *t)
{
	const struct pane *steps = &t->pane[PANE_STEPS];
	const struct pane *live = &t->pane[PANE_LIVE];
	const struct pane *mean = &t->pane[PANE_MEANING];
	int top = head_lines(t), bottom = t->rows - 1, x, i;
	bool beside = steps->shown && live->shown && live->y == steps->y;

	draw_column(t, top, 0, bottom - top);
	draw_column(t, top, t->cols - 1, bottom - top);
	edge(t, top, '1', '2');
	if (beside) {
		x = live->x - 2;
		draw_column(t, top, x, steps->h + 1);
		draw_corner(t, top, x, 't');
	} else if (steps->shown && live->shown)
		edge(t, live->y - 1, 'l', 'r');
	if (mean->shown && mean->y > top + 1) {
		edge(t, mean->y - 1, 'l', 'r');
		if (beside)
			draw_corner(t, mean->y - 1, live->x - 2, 'b');
	}
	edge(t, bottom, '3', '4');
	for (i = 0; i < PANE_COUNT; i++) {
		const struct pane *p = &t->pane[i];

		if (p->shown)
			title(t, p, p->y - 1, p->x - 1, p->w, p == tui_pane(t));
	}
}

static bool
applies(const struct tui *t, const struct key_row *r)
{
	bool over = tui_over(t);

	if (strcmp(r->name, "pause") == 0)
		return (t->engine != NULL || t->opts.player != NULL) &&
		    !over;
	if (strcmp(r->name, "again") == 0 || strcmp(r->name, "by-hand") == 0)
		return t->engine != NULL;
	if (strcmp(r->name, "next-problem") == 0)
		return json_array_size(json_object_get(t->now.end,
		    "findings")) > 0;
	if (t->view != VIEW_MAIN && strcmp(r->name, "back") != 0)
		return r->where != W_ALL || strcmp(r->name, "help") == 0 ||
		    strcmp(r->name, "next-problem") == 0 ||
		    strcmp(r->name, "open") == 0;
	return true;
}

/* "Space pause" as the operator's bindings have it; false: no key. */
static bool
hint(struct buf *b, const struct tui *t, const struct key_row *r)
{
	char *keys = keys_of(t->opts.keys, r), *key;
	const char *word = r->name;

	keys[strcspn(keys, " ")] = '\0';
	if (*keys == '\0') {
		free(keys);
		return false;
	}
	if (strcmp(word, "back") == 0 && t->view == VIEW_MAIN)
		word = t->opts.ticket != NULL ? "answer" : "quit";
	else if (strcmp(word, "pause") == 0 && tui_paused(t))
		word = "resume";
	key = xasprintf("hint.%s", word);
	buf_printf(b, ST_BOLD "%s" ST_NORMAL " %s", keys, strings_get(key));
	free(key);
	free(keys);
	return true;
}

static void
waiting_hint(struct buf *b, const struct tui *t)
{
	size_t i;

	if (t->opts.player != NULL) {
		if (tui_paused(t))
			buf_printf(b, ST_YELLOW "s" ST_NORMAL " %s  ",
			    S("hint.next-event"));
		return;
	}
	for (i = 0; i < STEP_COUNT; i++)
		if (t->waiting[i]) {
			buf_printf(b, ST_YELLOW "s" ST_NORMAL " %s %zu  ",
			    S("hint.step"), i + 1);
			return;
		}
}

static void
hints(struct buf *b, const struct tui *t)
{
	const struct key_row *back = keys_function("back");
	const struct key_row *help = keys_function("help");
	unsigned where = tui_where(t);
	struct buf one, last;
	size_t i;

	buf_init(&last, 0);
	if (t->view != VIEW_HELP && hint(&last, t, help))
		buf_adds(&last, "  ");
	hint(&last, t, back);
	waiting_hint(b, t);
	for (i = 0; i < key_row_count; i++) {
		const struct key_row *r = &key_rows[i];

		if (!r->hint || r == back || r == help || (r->where & where) == 0 ||
		    !applies(t, r))
			continue;
		buf_init(&one, 0);
		if (hint(&one, t, r) && text_width(buf_str(b), t->amb) +
		    text_width(buf_str(&one), t->amb) +
		    text_width(buf_str(&last), t->amb) + 8 < t->cols)
			buf_printf(b, "%s  ", buf_str(&one));
		buf_free(&one);
	}
	buf_adds(b, buf_str(&last));
	buf_free(&last);
}

void
layout_bottom(struct tui *t)
{
	int y = t->rows - 1;
	struct buf b;

	if (t->line != NULL) {
		hand_pane_prompt(t);
		line_draw(t, y, t->cols);
		return;
	}
	buf_init(&b, 0);
	if (t->message != NULL)
		buf_printf(&b, " %s%s" ST_NORMAL " ", t->message_bad ?
		    ST_YELLOW : ST_BOLD, t->message);
	else {
		buf_addc(&b, ' ');
		hints(&b, t);
		buf_addc(&b, ' ');
	}
	draw_text(t, y, 1, t->cols - 3, 0, buf_str(&b), false);
	buf_free(&b);
}
