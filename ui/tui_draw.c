/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text, signs and lines on the screen. Every width is counted with the
 * terminal's own width of ambiguous characters; outside UTF-8 everything is
 * ASCII.
 */
#include <curses.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"

static attr_t
style_attr(char mark)
{
	switch (mark) {
	case 2:
		return A_BOLD;
	case 3:
		return A_DIM;
	case 4:
		return (attr_t)COLOR_PAIR(1);
	case 5:
		return (attr_t)COLOR_PAIR(2);
	case 6:
		return (attr_t)(A_BOLD | COLOR_PAIR(3));
	case 7:
		return (attr_t)(A_BOLD | COLOR_PAIR(4));
	default:
		return A_NORMAL;
	}
}

/* One character of UTF-8: its bytes, at least 1. */
static size_t
decode(const char *s, wchar_t *c)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = u[0] < 0x80 ? 1 : u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
	uint32_t cp = n == 1 ? u[0] : u[0] & (0xffu >> (n + 1));
	size_t i;

	for (i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80) {
			*c = '?';
			return i;
		}
		cp = cp << 6 | (u[i] & 0x3fu);
	}
	*c = (wchar_t)cp;
	return n;
}

static wchar_t
ascii(wchar_t c)
{
	switch (c) {
	case 0x2013: case 0x2014:
		return '-';
	case 0x2018: case 0x2019:
		return '\'';
	case 0x2026:
		return '~';
	case 0x2192:
		return '>';
	case 0xb7:
		return '.';
	default:
		return '?';
	}
}

struct pen {
	const struct tui	*t;
	int			 y, x, room, left;
	bool			 reverse, hit;
	char			 style;
};

static void
set_style(const struct pen *p)
{
	attr_t a = style_attr(p->style);

	if (p->reverse)
		a ^= A_REVERSE;
	if (p->hit)
		a ^= A_STANDOUT;
	attrset((int)a);
}

/* One character; false: there is no room for it. */
static bool
put(struct pen *p, wchar_t c)
{
	wchar_t s[2] = { c, 0 };
	int w;

	if (c > 126 && !p->t->term.utf8)
		s[0] = c = ascii(c);
	if ((w = wcwidth(c)) < 0)
		return true;
	if (p->left > 0) {
		p->left -= w;
		if (p->left < 0) {	/* half of a wide one */
			mvaddch(p->y, p->x++, ' ');
			p->room--;
			p->left = 0;
		}
		return true;
	}
	if (w > p->room)
		return false;
	mvaddnwstr(p->y, p->x, s, 1);
	p->x += w;
	p->room -= w;
	return true;
}

void
draw_text(struct tui *t, int y, int x, int w, int left, const char *text,
    bool reverse)
{
	struct pen p = { t, y, x, w, left, reverse, false, 1 };
	size_t n, find = t->find == NULL ? 0 : strlen(t->find), hit = 0;
	wchar_t c;

	if (y < 0 || y >= t->rows || w <= 0)
		return;
	for (; *text != '\0'; text += n) {
		n = 1;
		if (*text > 0 && *text <= ST_LAST) {
			p.style = *text;
			continue;
		}
		if (hit == 0 && find > 0 &&
		    text_ncasecmp(text, t->find, find) == 0)
			hit = find;
		p.hit = hit > 0;
		set_style(&p);
		n = decode(text, &c);
		if (!put(&p, c))
			break;
		hit -= hit < n ? hit : n;
	}
	p.hit = false;
	p.style = 1;
	set_style(&p);
	if (reverse)
		for (; p.room > 0; p.room--)
			mvaddch(y, p.x++, ' ');
	attrset(A_NORMAL);
}

static void
draw_cells(struct tui *t, struct pane *p, const struct row *r, int y)
{
	size_t i = p->page.cell < 0 ? 0 : (size_t)p->page.cell;
	const struct row_cell *c;

	if (i >= r->ncells)
		i = r->ncells - 1;
	c = &r->cells[i];
	mvchgat(y, p->x + c->x, c->w < p->w - c->x ? c->w : p->w - c->x,
	    A_REVERSE, 0, NULL);
	t->cursor_x = p->x + c->x;
}

void
draw_page(struct tui *t, struct pane *p, bool focused)
{
	struct page *g = &p->page;
	size_t i;
	int y;

	for (y = 0; y < p->h; y++) {
		const struct row *r;
		bool here;

		i = g->top + (size_t)y;
		if (i >= g->n)
			break;
		r = &g->rows[i];
		here = i == g->cursor && (focused || p == &t->pane[PANE_STEPS]);
		draw_text(t, p->y + y, p->x, p->w, g->left, r->text,
		    here && r->ncells == 0 && p != &t->pane[PANE_LIVE] &&
		    p != &t->pane[PANE_MEANING]);
		if (i == g->cursor && focused) {
			t->cursor_y = p->y + y;
			t->cursor_x = p->x;
			if (r->ncells > 0)
				draw_cells(t, p, r, p->y + y);
		}
	}
	if (focused && g->n == 0) {
		t->cursor_y = p->y;
		t->cursor_x = p->x;
	}
}

static bool
plain_lines(const struct tui *t)
{
	return !t->term.utf8 || t->amb != 1;
}

void
draw_line(struct tui *t, int y, int x, int w)
{
	attrset(A_NORMAL);
	if (plain_lines(t))
		mvhline(y, x, '-', w);
	else
		mvhline_set(y, x, WACS_HLINE, w);
}

void
draw_column(struct tui *t, int y, int x, int h)
{
	attrset(A_NORMAL);
	if (plain_lines(t))
		mvvline(y, x, '|', h);
	else
		mvvline_set(y, x, WACS_VLINE, h);
}

void
draw_corner(struct tui *t, int y, int x, char which)
{
	const cchar_t *c;

	if (plain_lines(t)) {
		mvaddch(y, x, '+');
		return;
	}
	switch (which) {
	case 'l':
		c = WACS_LTEE;
		break;
	case 'r':
		c = WACS_RTEE;
		break;
	case 't':
		c = WACS_TTEE;
		break;
	case 'b':
		c = WACS_BTEE;
		break;
	case '1':
		c = WACS_ULCORNER;
		break;
	case '2':
		c = WACS_URCORNER;
		break;
	case '3':
		c = WACS_LLCORNER;
		break;
	default:
		c = WACS_LRCORNER;
		break;
	}
	mvadd_wch(y, x, c);
}

const char *
draw_style(int verdict)
{
	switch (signs_color(verdict)) {
	case OUT_GREEN:
		return ST_GREEN;
	case OUT_CYAN:
		return ST_CYAN;
	case OUT_YELLOW:
		return ST_YELLOW;
	case OUT_RED:
		return ST_RED;
	case OUT_DIM:
		return ST_DIM;
	default:
		return ST_NORMAL;
	}
}

int
draw_sign_width(const struct tui *t)
{
	return t->amb == 2 ? 2 : 1;
}

static void
sign(struct buf *b, const struct tui *t, const char *style, const char *s)
{
	int w = text_width(s, t->amb);

	buf_printf(b, "%s%s" ST_NORMAL "%*s", style, s,
	    draw_sign_width(t) > w ? draw_sign_width(t) - w : 0, "");
}

void
draw_sign(struct buf *b, const struct tui *t, int verdict)
{
	sign(b, t, draw_style(verdict), signs_verdict(verdict));
}

void
draw_state(struct buf *b, const struct tui *t, char what)
{
	bool utf8 = strings_utf8();

	if (what == 'r')
		sign(b, t, ST_CYAN, utf8 ? "\342\200\246" : "~");
	else if (what == 'f')
		sign(b, t, ST_BOLD, utf8 ? "\342\226\266" : ">");
	else
		sign(b, t, "", " ");
}

void
draw_pad(struct buf *b, const struct tui *t, const char *s, int columns)
{
	size_t n = text_fit(s, columns < 0 ? 0 : columns, t->amb);
	char *part = xstrndup(s, n);

	buf_printf(b, "%s%*s", part, columns - text_width(part, t->amb), "");
	free(part);
}

void
draw_cut(struct buf *b, const struct tui *t, int columns)
{
	const char *mark = strings_utf8() ? "\342\200\246" : "~";
	int w = text_width(mark, t->amb);

	if (text_width(buf_str(b), t->amb) <= columns)
		return;
	b->len = text_fit(buf_str(b), columns > w ? columns - w : 0, t->amb);
	b->data[b->len] = '\0';
	buf_printf(b, "%s" ST_NORMAL, mark);
}

