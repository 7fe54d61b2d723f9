/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide on a terminal: watches and timers in the loop. What happens is
 * drawn at most every 16 ms, a key at once, and nothing at all when nothing
 * changed; without anything to do the program sleeps.
 */
#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/signals.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_hand.h"

#define FRAME	(16 * NSEC_PER_MSEC)
#define KEY_FRAME (4 * NSEC_PER_MSEC)	/* between pictures of keys */
#define PASTE	(KEY_MAX - 1)
#define PASTED	(KEY_MAX - 2)
#define KEYS_A_TURN 256

static void
redraw(void *ctx)
{
	struct tui *t = ctx;

	t->redraw = NULL;
	tui_draw(t);
}

void
tui_dirty(struct tui *t)
{
	int64_t wait;

	if (!t->running || t->redraw != NULL || t->quit)
		return;
	wait = t->drawn + FRAME - loop_now(t->loop);
	t->redraw = loop_timer(t->loop, wait < 0 ? 0 : wait, redraw, t);
}

/* After a key nobody waits for the frame; the timer bounds what a flood of
   keys draws. */
static void
draw_key(struct tui *t)
{
	int64_t wait = t->drawn + KEY_FRAME - loop_now(t->loop);

	if (t->redraw == NULL || t->quit)
		return;
	timer_cancel(&t->redraw);
	if (wait > 0)
		t->redraw = loop_timer(t->loop, wait, redraw, t);
	else
		tui_draw(t);
}

static void
tick(void *ctx)
{
	struct tui *t = ctx;

	t->tick = NULL;
	tui_dirty(t);
	if (!tui_over(t))
		t->tick = loop_timer(t->loop, NSEC_PER_SEC, tick, t);
}

/* What is pasted between its two marks, as one text. */
static void
paste(struct tui *t)
{
	struct buf b;
	int key, empty = 0;

	buf_init(&b, 65536);
	while (empty < 3) {
		if ((key = term_read(&t->term)) < 0) {
			empty++;
			napms(5);
			continue;
		}
		if (key == (KEY_SPECIAL | PASTED))
			break;
		if (key == '\r')
			buf_addc(&b, '\n');
		else if (key < KEY_SPECIAL) {
			wchar_t s[2] = { (wchar_t)key, 0 };
			char out[16];
			size_t n = wcstombs(out, s, sizeof(out));

			if (n != (size_t)-1)
				buf_add(&b, out, n);
		}
	}
	line_paste(t, buf_str(&b));
	buf_free(&b);
}

static void
mouse(struct tui *t)
{
	MEVENT m;
	int i;

	if (getmouse(&m) != OK)
		return;
	for (i = 0; i < PANE_COUNT; i++) {
		struct pane *p = &t->pane[i];

		if (!p->shown || m.y < p->y || m.y >= p->y + p->h ||
		    m.x < p->x || m.x >= p->x + p->w)
			continue;
		if (t->view == VIEW_MAIN)
			t->focus = (enum pane_id)i;
		else if (i != PANE_VIEW)
			continue;
		p->page.stick = false;
		if (i == PANE_STEPS)
			t->follow = false;
		if ((m.bstate & BUTTON4_PRESSED) != 0)
			page_move(&p->page, -3, p->h);
		else if ((m.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) != 0)
			page_to(&p->page, p->page.top + (size_t)(m.y - p->y),
			    p->h);
		else if (m.bstate != 0)
			page_move(&p->page, 3, p->h);
		tui_dirty(t);
		return;
	}
}

static void
one_key(struct tui *t, int key)
{
	int next;

	if (key == (KEY_SPECIAL | PASTE))
		paste(t);
	else if (key == (KEY_SPECIAL | KEY_MOUSE))
		mouse(t);
	else if (key == 27 && (next = term_read(&t->term)) >= 0) {
		if (t->line != NULL)
			line_meta(t, next);
		else {
			tui_key(t, 27);
			if (!t->quit)
				one_key(t, next);
		}
	} else
		tui_key(t, key);
}

static void
on_input(void *ctx, unsigned got)
{
	struct tui *t = ctx;
	int key, n = 0;

	while (!t->quit && n < KEYS_A_TURN && (key = term_read(&t->term)) >= 0) {
		one_key(t, key);
		n++;
	}
	/* Ready and nothing to read: the terminal is gone. */
	if ((got & WORLD_ERR) != 0 && n == 0) {
		t->hung_up = true;
		tui_quit(t, false);
	}
	draw_key(t);
}

static void
on_signal(void *ctx, unsigned got)
{
	struct tui *t = ctx;
	int rows, cols, number;

	(void)got;
	while ((number = signals_next()) != 0)
		switch (number) {
		case SIGWINCH:
			if (term_size(&t->term, &rows, &cols) == 0)
				tui_resized(t, rows, cols);
			break;
		case SIGCONT:
			clearok(curscr, TRUE);
			tui_dirty(t);
			break;
		case SIGHUP:
			t->hung_up = true;
			/* FALLTHROUGH */
		default:
			tui_quit(t, false);
		}
}

void
tui_suspend(struct tui *t)
{
	int rows, cols;

	if (!t->running)
		return;
	term_leave(&t->term);
	raise(SIGTSTP);
	term_enter(&t->term);
	if (term_size(&t->term, &rows, &cols) == 0)
		tui_resized(t, rows, cols);
	tui_dirty(t);
}

static void
set_width(struct tui *t)
{
	int amb = t->opts.ambiguous;

	if (amb == 0)
		amb = term_measure(&t->term);
	t->amb = amb == 2 ? 2 : 1;
	if (t->term.utf8 && !width_set(t->amb)) {
		t->term.utf8 = false;
		strings_set_utf8(false);
	}
}

int
tui_open(struct tui *t)
{
	if (t->term.screen == NULL && term_open(&t->term, t->opts.color) != 0)
		return -1;
	set_width(t);
	return 0;
}

int
tui_run(struct tui *t)
{
	int fd;

	if (t->term.screen == NULL && tui_open(t) != 0)
		return -1;
	if (term_size(&t->term, &t->rows, &t->cols) == 0)
		resizeterm(t->rows, t->cols);
	t->running = true;
	if ((fd = signals_begin(SIGNALS_END | SIGNALS_SCREEN)) >= 0)
		t->watch_signal = loop_watch(t->loop, fd, WORLD_IN,
		    on_signal, t);
	t->watch_in = loop_watch(t->loop, t->term.in, WORLD_IN, on_input, t);
	tui_draw(t);
	t->tick = loop_timer(t->loop, NSEC_PER_SEC, tick, t);
	while (!t->quit)
		loop_run(t->loop);
	t->running = false;
	timer_cancel(&t->redraw);
	timer_cancel(&t->tick);
	watch_free(t->watch_in);
	watch_free(t->watch_signal);
	t->watch_in = t->watch_signal = NULL;
	hand_pane_close(t);
	line_close(t);
	term_close(&t->term);
	signals_end();
	return 0;
}
