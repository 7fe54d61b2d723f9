/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide as a whole: its state, events that come in, the picture made of
 * the session, keys. The loop is in tui_run.c.
 */
#include "ui/tui.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/strings.h"
#include "ui/tui_hand.h"

#define SUMMARY_PAUSE	250000	/* us between two interim summaries */

struct tui *
tui_new(const struct tui_opts *opts, struct loop *loop, struct engine *e,
    const struct session *s)
{
	struct tui *t = xcalloc(1, sizeof(*t));

	t->loop = loop;
	t->engine = e;
	t->s = s;
	t->opts = *opts;
	t->amb = opts->ambiguous == 2 ? 2 : 1;
	t->rows = 24;
	t->cols = 80;
	t->follow = t->wrap = t->times = true;
	t->followed = STEP_COUNT;
	t->problem = -1;
	t->pane[PANE_LIVE].page.stick = true;
	t->began = loop_now(loop);
	if (opts->say != NULL)
		tui_say(t, xstrdup(opts->say), true);
	return t;
}

static void
free_ready(struct tui *t)
{
	size_t i;

	for (i = 0; i < STEP_COUNT; i++)
		json_decref(t->ready[i]);
	for (i = 0; i < t->nunfolded; i++)
		free(t->unfolded[i]);
	free(t->unfolded);
}

void
tui_free(struct tui *t)
{
	size_t i;

	if (t == NULL)
		return;
	hand_pane_close(t);
	line_close(t);
	term_close(&t->term);
	timer_cancel(&t->redraw);
	timer_cancel(&t->tick);
	watch_free(t->watch_in);
	watch_free(t->watch_signal);
	for (i = 0; i < PANE_COUNT; i++) {
		page_free(&t->pane[i].page);
		free(t->pane[i].title);
	}
	free_ready(t);
	now_free(&t->now);
	free(t->topic);
	free(t->trail);
	free(t->message);
	free(t->find);
	free(t->live_id);
	free(t->runs.key);
	free(t->runs.took);
	free(t);
}

int64_t
tui_elapsed(const struct tui *t)
{
	int64_t us;

	if (t->opts.player != NULL)
		return player_us(t->opts.player);
	if (tui_over(t) || t->engine == NULL)
		return t->s->us;
	us = (loop_now(t->loop) - t->began) / 1000;
	return us > t->s->us ? us : t->s->us;
}

bool
tui_over(const struct tui *t)
{
	if (t->opts.player != NULL)
		return player_over(t->opts.player);
	return t->engine != NULL ? engine_ended(t->engine) :
	    t->s->end != NULL;
}

bool
tui_paused(const struct tui *t)
{
	if (t->opts.player != NULL)
		return player_paused(t->opts.player);
	return t->engine != NULL && engine_paused(t->engine);
}

/* How old the summary may be, in us of the session. */
static int64_t
summary_pause(const struct tui *t)
{
	const struct player *p = t->opts.player;

	if (p == NULL)
		return SUMMARY_PAUSE;
	return player_paused(p) || player_over(p) ? 0 :
	    (int64_t)(SUMMARY_PAUSE * player_factor(p));
}

static void
step_event(struct tui *t, const struct event *ev)
{
	int step = step_parse(json_str(ev->body, "step"));
	const char *state = json_str(ev->body, "state");
	int i;

	if (step < 0)
		return;
	t->waiting[step] = strcmp(state, "ready") == 0;
	if (!t->waiting[step])
		return;
	json_decref(t->ready[step]);
	t->ready[step] = json_incref(json_object_get(ev->body, "commands"));
	for (i = 0; i < step; i++)
		if (t->waiting[i])
			return;		/* the cursor stands there */
	if (t->follow && (t->followed == STEP_COUNT ||
	    t->s->steps[t->followed] != STEP_RUNNING)) {
		char *id = xasprintf("step:%s", step_rows[step].id);

		select_go(t, id);
		t->follow = true;
		free(id);
	}
}

static void
run_event(struct tui *t, const struct event *ev)
{
	struct tui_runs *r = &t->runs;
	const char *state = json_str(ev->body, "state");

	if (r->key == NULL || ev->probe == NULL ||
	    strcmp(ev->probe, r->key) != 0)
		return;
	if (strcmp(state, "began") == 0)
		r->began = ev->us;
	else if (strcmp(state, "ended") == 0 && (int)r->n < r->wanted) {
		r->took = xreallocarray(r->took, r->n + 1, sizeof(*r->took));
		r->took[r->n++] = strcmp(json_str(ev->body, "outcome"),
		    "ok") == 0 ? ev->us - r->began : -1;
	}
}

void
tui_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct tui *t = ctx;

	if (ev->kind == EV_SESSION)
		t->began = loop_now(t->loop) - ev->us * 1000;
	else if (ev->kind == EV_STEP)
		step_event(t, ev);
	else if (ev->kind == EV_PROBE)
		run_event(t, ev);
	else if (ev->kind == EV_END && t->quit)
		loop_stop(t->loop);
	hand_pane_event(t, s, ev);
	tui_dirty(t);
}

unsigned
tui_where(const struct tui *t)
{
	static const unsigned views[VIEW_COUNT] = { 0, W_MATRIX, W_MAP,
		W_CLIENTS, W_FINDINGS, W_TLS, W_HEX, W_SIDES, W_HELP };

	if (t->view != VIEW_MAIN)
		return views[t->view];
	return t->focus == PANE_STEPS ? W_STEPS : t->focus == PANE_LIVE ?
	    W_LIVE : W_MEANING;
}

struct pane *
tui_pane(struct tui *t)
{
	return &t->pane[t->view == VIEW_MAIN ? t->focus : PANE_VIEW];
}

void
tui_say(struct tui *t, char *text, bool bad)
{
	free(t->message);
	t->message = text;
	t->message_bad = bad;
	tui_dirty(t);
}

void
tui_say_key(struct tui *t, const char *key)
{
	tui_say(t, xstrdup(strings_get(key)), false);
}

void
tui_view(struct tui *t, enum view_id view)
{
	struct pane *p = &t->pane[PANE_VIEW];

	if (view == VIEW_HELP && t->view != VIEW_HELP)
		t->before = t->view;
	if (view != VIEW_MAIN && view != t->view) {
		page_free(&p->page);
		memset(&p->page, 0, sizeof(p->page));
	}
	t->view = view;
	tui_dirty(t);
}

void
tui_quit(struct tui *t, bool leave)
{
	t->quit = true;
	t->leave = leave;
	if (t->running)
		loop_stop(t->loop);
}

static void
too_small(struct tui *t)
{
	const char *text = S("tui.too-small");
	struct buf b;

	buf_init(&b, 0);
	draw_text(t, 0, 0, t->cols, 0, text, false);
	buf_printf(&b, "%dx%d < %dx%d", t->cols, t->rows, TUI_COLS, TUI_ROWS);
	draw_text(t, 1, 0, t->cols, 0, buf_str(&b), false);
	buf_free(&b);
	t->cursor_y = t->cursor_x = 0;
}

static void (*const views[VIEW_COUNT])(struct tui *, struct pane *) = {
	NULL, view_matrix, view_map, view_clients, view_findings, view_tls,
	view_hex, view_sides, view_help
};

static void
rows_of(struct tui *t, enum pane_id id)
{
	struct pane *p = &t->pane[id];

	if (!p->shown)
		return;
	if (id == PANE_LIVE) {
		view_live(t, p);
		return;
	}
	page_begin(&p->page);
	free(p->title);
	p->title = NULL;
	if (id == PANE_STEPS)
		view_steps(t, p);
	else if (id == PANE_MEANING)
		view_meaning(t, p);
	else
		views[t->view](t, p);
	page_end(&p->page, p->h);
}

static void
all_panes(struct tui *t)
{
	int i;

	layout_panes(t);
	/* The view first: the meaning below is about its row. */
	rows_of(t, PANE_VIEW);
	rows_of(t, PANE_STEPS);
	rows_of(t, PANE_LIVE);
	rows_of(t, PANE_MEANING);
	layout_frame(t);
	for (i = 0; i < PANE_COUNT; i++)
		if (t->pane[i].shown)
			draw_page(t, &t->pane[i], &t->pane[i] == tui_pane(t));
	layout_bottom(t);
}

bool
tui_draw(struct tui *t)
{
	bool fits = t->rows >= TUI_ROWS && t->cols >= TUI_COLS;

	t->drawn = loop_now(t->loop);
	hand_pane_check(t);
	erase();
	if (!fits)
		too_small(t);
	else {
		now_refresh(&t->now, t->s, tui_elapsed(t),
		    summary_pause(t));
		select_follow(t);
		head_draw(t);
		all_panes(t);
	}
	move(t->cursor_y, t->cursor_x);
	refresh();
	return fits;
}

void
tui_resized(struct tui *t, int rows, int cols)
{
	t->rows = rows;
	t->cols = cols;
	if (t->term.screen == NULL)
		return;
	resizeterm(rows, cols);
	clearok(curscr, TRUE);
	tui_dirty(t);
}

static void
unknown_key(struct tui *t, int key)
{
	char name[16];

	if (key >= 0)
		tui_say(t, strings_make("tui.no-key", "key",
		    keys_name(key, name), NULL), true);
}

void
tui_key(struct tui *t, int key)
{
	const struct key_row *r;

	if (key == (KEY_SPECIAL | KEY_RESIZE))
		return;
	free(t->message);
	t->message = NULL;
	if (t->line != NULL && line_key(t, key)) {
		tui_dirty(t);
		return;
	}
	if ((r = keys_row(t->opts.keys, key, tui_where(t))) == NULL)
		unknown_key(t, key);
	else {
		if (strcmp(r->name, "back") != 0)
			t->asked_quit = false;
		r->act(t);
	}
	tui_dirty(t);
}
