/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the keys do: moving, views, the look. What they tell the engine is in
 * tui_do.c.
 */
#include "ui/tui_act.h"

#include <curses.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_ask.h"
#include "ui/tui_hand.h"

/* Moving the tree's cursor ends following, the dialogue's its sticking. */
static void
moved(struct tui *t)
{
	struct pane *p = tui_pane(t);

	p->page.stick = false;
	if (p == &t->pane[PANE_STEPS])
		t->follow = false;
}

/* The matrix has fields in some rows only: the cursor goes to these. */
static void
to_field(struct tui *t, size_t from, long by)
{
	struct pane *p = tui_pane(t);
	struct page *g = &p->page;
	size_t at = g->cursor;

	while (at < g->n && g->rows[at].ncells == 0) {
		if (by < 0 && at == 0)
			at = g->n;
		else
			at += by < 0 ? SIZE_MAX : 1;
	}
	page_to(g, at < g->n ? at : from, p->h);
	if (by < 0 && at == g->n)
		g->top = 0;	/* the heads of the first are in sight */
}

static void
move_by(struct tui *t, long by)
{
	struct pane *p = tui_pane(t);
	size_t from = p->page.cursor;

	moved(t);
	page_move(&p->page, by, p->h);
	if (t->view == VIEW_MATRIX)
		to_field(t, from, by);
}

void
act_up(struct tui *t)
{
	move_by(t, -1);
}

void
act_down(struct tui *t)
{
	move_by(t, 1);
}

void
act_page_up(struct tui *t)
{
	move_by(t, 1 - tui_pane(t)->h);
}

void
act_page_down(struct tui *t)
{
	move_by(t, tui_pane(t)->h - 1);
}

void
act_first(struct tui *t)
{
	moved(t);
	page_to(&tui_pane(t)->page, 0, tui_pane(t)->h);
}

void
act_last(struct tui *t)
{
	struct pane *p = tui_pane(t);

	moved(t);
	if (p->page.n > 0)
		page_to(&p->page, p->page.n - 1, p->h);
	p->page.stick = p == &t->pane[PANE_LIVE];
}

static void
sideways(struct tui *t, int by)
{
	struct page *g = &tui_pane(t)->page;
	const char *id;

	if (g->cursor < g->n && g->rows[g->cursor].ncells > 0) {
		int n = (int)g->rows[g->cursor].ncells;

		if (g->cell >= n)
			g->cell = n - 1;
		g->cell += by;
		g->cell = g->cell < 0 ? 0 : g->cell >= n ? n - 1 : g->cell;
	} else if (tui_where(t) == W_STEPS) {
		moved(t);
		id = page_id(g);
		if (by > 0 || select_unfolded(t, id)) {
			select_fold(t, id, by > 0);
			return;
		}
		while (g->cursor > 0 &&
		    strncmp(page_id(g), "step:", 5) != 0)
			page_move(g, -1, tui_pane(t)->h);
	} else {
		g->left += by * 8;
		if (g->left < 0)
			g->left = 0;
	}
}

void
act_left(struct tui *t)
{
	sideways(t, -1);
}

void
act_right(struct tui *t)
{
	sideways(t, 1);
}

/* To an open question first, since its row says so; who goes on from there by
   Tab comes to it again after a round. */
void
act_pane_next(struct tui *t)
{
	int asked = ask_open(t);

	if (asked >= 0 && t->passed != asked + 1) {
		ask_go(t);
		return;
	}
	if (t->focus == PANE_MEANING)
		t->passed = 0;
	t->focus = t->focus == PANE_STEPS ? PANE_LIVE : t->focus == PANE_LIVE ?
	    PANE_MEANING : PANE_STEPS;
}

void
act_pane_back(struct tui *t)
{
	if (t->focus == PANE_STEPS && ask_go(t))
		return;
	t->focus = t->focus == PANE_STEPS ? PANE_MEANING : t->focus ==
	    PANE_LIVE ? PANE_STEPS : PANE_LIVE;
}

void
act_zoom(struct tui *t)
{
	t->zoom = !t->zoom;
}

/* The same key again leads back. */
static void
turn(struct tui *t, enum view_id view)
{
	tui_view(t, t->view == view ? VIEW_MAIN : view);
}

void
act_matrix(struct tui *t)
{
	turn(t, VIEW_MATRIX);
}

void
act_map(struct tui *t)
{
	turn(t, VIEW_MAP);
}

void
act_clients(struct tui *t)
{
	turn(t, VIEW_CLIENTS);
}

void
act_findings(struct tui *t)
{
	turn(t, VIEW_FINDINGS);
}

/* A view about what is selected: of another view it is its row. */
static void
turn_about(struct tui *t, enum view_id view)
{
	char *id = xstrdup(select_id(t));

	if (t->view != VIEW_MAIN && t->view != view && t->view != VIEW_HELP &&
	    strncmp(id, "ep:", 3) == 0)
		select_go(t, id);
	free(id);
	turn(t, view);
}

void
act_tls(struct tui *t)
{
	turn_about(t, VIEW_TLS);
}

void
act_hex(struct tui *t)
{
	turn_about(t, VIEW_HEX);
}

void
act_sides(struct tui *t)
{
	turn_about(t, VIEW_SIDES);
}

static void
help(struct tui *t, bool manual)
{
	free(t->topic);
	t->topic = NULL;
	if (t->view == VIEW_HELP && t->manual == manual) {
		tui_view(t, t->before);
		return;
	}
	t->manual = manual;
	if (t->view == VIEW_HELP)
		page_to(&t->pane[PANE_VIEW].page, 0, t->pane[PANE_VIEW].h);
	tui_view(t, VIEW_HELP);
}

void
act_help(struct tui *t)
{
	help(t, false);
}

void
act_manual(struct tui *t)
{
	help(t, true);
}

void
act_escape(struct tui *t)
{
	if (hand_pane_edits(t)) {
		hand_pane_leave(t);
		return;
	}
	free(t->find);
	t->find = NULL;
	if (t->view == VIEW_HELP)
		tui_view(t, t->before);
	else if (t->view != VIEW_MAIN)
		tui_view(t, VIEW_MAIN);
	else
		t->zoom = false;
}

void
act_back(struct tui *t)
{
	if (t->view != VIEW_MAIN || t->zoom) {
		act_escape(t);
		return;
	}
	if (t->engine != NULL && !tui_over(t) && !t->asked_quit) {
		t->asked_quit = true;
		tui_say_key(t, "tui.still-running");
		return;
	}
	tui_quit(t, false);
}

void
act_quit(struct tui *t)
{
	tui_quit(t, true);
}

void
act_follow(struct tui *t)
{
	t->follow = true;
	t->trailed = 0;
	free(t->trail);
	t->trail = NULL;
	t->view = VIEW_MAIN;
	t->pane[PANE_LIVE].page.stick = true;
	tui_say_key(t, tui_over(t) ? "tui.over" : "tui.follows");
}

static void
problem(struct tui *t, int dir)
{
	const json_t *all = json_object_get(t->now.end, "findings"), *f;
	size_t n = json_array_size(all), i;
	char *id;

	if (n == 0) {
		tui_say_key(t, "tui.no-problem");
		return;
	}
	if (t->problem < 0 || (size_t)t->problem >= n)
		i = dir > 0 ? 0 : n - 1;
	else
		i = ((size_t)t->problem + (dir > 0 ? 1 : n - 1)) % n;
	f = json_array_get(all, i);
	t->problem = (long)i;
	id = select_of_finding(t, f);
	select_go(t, id);
	free(id);
	tui_say(t, xasprintf("%zu/%zu %s", i + 1, n, json_str(f, "id")),
	    false);
}

void
act_next_problem(struct tui *t)
{
	problem(t, 1);
}

void
act_prev_problem(struct tui *t)
{
	problem(t, -1);
}

void
act_family(struct tui *t)
{
	t->family = t->family == 0 ? 4 : t->family == 4 ? 6 : 0;
	tui_say_key(t, t->family == 0 ? "tui.family-both" : t->family == 4 ?
	    "tui.family-v4" : "tui.family-v6");
}

void
act_wrap(struct tui *t)
{
	t->wrap = !t->wrap;
	tui_say_key(t, t->wrap ? "tui.wrap-on" : "tui.wrap-off");
}

void
act_times(struct tui *t)
{
	t->times = !t->times;
	tui_say_key(t, t->times ? "tui.times-on" : "tui.times-off");
}

void
act_language(struct tui *t)
{
	strings_choose(strcmp(strings_lang(), "ja") == 0 ? "en" : "ja");
	tui_say_key(t, "tui.language");
}

void
act_mouse(struct tui *t)
{
	t->mouse = !t->mouse;
	if (t->term.screen != NULL)
		term_mouse(&t->term, t->mouse);
	tui_say_key(t, t->mouse ? "tui.mouse-on" : "tui.mouse-off");
}

void
act_redraw(struct tui *t)
{
	if (t->term.screen != NULL)
		clearok(curscr, TRUE);
	tui_dirty(t);
}

void
act_suspend(struct tui *t)
{
	tui_suspend(t);
}
