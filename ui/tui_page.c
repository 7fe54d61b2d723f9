/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a pane. A view only adds rows; the cursor, scrolling, search
 * and copying work on all pages alike, and survive the rows being made anew.
 */
#include "ui/tui_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

static void
row_clear(struct row *r)
{
	size_t i;

	for (i = 0; i < r->ncells; i++)
		free(r->cells[i].id);
	free(r->cells);
	free(r->text);
	free(r->id);
}

static void
clear(struct page *p)
{
	while (p->n > 0)
		row_clear(&p->rows[--p->n]);
}

void
page_free(struct page *p)
{
	clear(p);
	free(p->rows);
	free(p->keep);
	memset(p, 0, sizeof(*p));
}

static bool
same_id(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

void
page_begin(struct page *p)
{
	const char *id;

	free(p->keep);
	p->keep = NULL;
	p->keep_nth = 0;
	if (p->cursor < p->n && (id = p->rows[p->cursor].id) != NULL) {
		p->keep = xstrdup(id);
		while (p->keep_nth < p->cursor &&
		    same_id(p->rows[p->cursor - p->keep_nth - 1].id, id))
			p->keep_nth++;
	}
	clear(p);
}

size_t
page_find_id(const struct page *p, const char *id)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (same_id(p->rows[i].id, id))
			return i;
	return p->n;
}

void
page_show(struct page *p, int height)
{
	size_t h = height < 1 ? 1 : (size_t)height;

	if (p->cursor >= p->n)
		p->cursor = p->n == 0 ? 0 : p->n - 1;
	if (p->cursor < p->top)
		p->top = p->cursor;
	if (p->cursor >= p->top + h)
		p->top = p->cursor - h + 1;
	if (p->n <= h)
		p->top = 0;
	else if (p->top > p->n - h)
		p->top = p->n - h;
}

void
page_end(struct page *p, int height)
{
	size_t was = p->cursor, at;

	if (p->stick)
		p->cursor = p->n == 0 ? 0 : p->n - 1;
	else if (p->keep != NULL && (at = page_find_id(p, p->keep)) < p->n) {
		while (p->keep_nth > 0 && at + 1 < p->n &&
		    same_id(p->rows[at + 1].id, p->keep)) {
			at++;
			p->keep_nth--;
		}
		p->cursor = at;
		/* The row stays where it was on the screen. */
		if (at >= was)
			p->top += at - was;
		else
			p->top = p->top > was - at ? p->top - (was - at) : 0;
	}
	page_show(p, height);
}

struct row *
page_add(struct page *p, const char *id, const char *text)
{
	struct row *r;

	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 64 : p->cap * 2;
		p->rows = xreallocarray(p->rows, p->cap, sizeof(*p->rows));
	}
	r = &p->rows[p->n++];
	memset(r, 0, sizeof(*r));
	r->text = xstrdup(text);
	r->id = id == NULL ? NULL : xstrdup(id);
	return r;
}

void
row_cell(struct row *r, int x, int w, const char *id)
{
	r->cells = xreallocarray(r->cells, r->ncells + 1, sizeof(*r->cells));
	r->cells[r->ncells].x = x;
	r->cells[r->ncells].w = w;
	r->cells[r->ncells++].id = xstrdup(id);
}

struct wrapped {
	struct page	*page;
	const char	*id, *first, *rest;
	bool		 begun;
	char		 style;
};

static void
add_line(void *ctx, const char *s, size_t n)
{
	struct wrapped *w = ctx;
	struct buf b;
	struct row *r;
	size_t i;

	buf_init(&b, 0);
	buf_adds(&b, w->begun ? w->rest : w->first);
	if (w->begun && w->style > 1)
		buf_addc(&b, w->style);
	buf_add(&b, s, n);
	r = page_add(w->page, w->id, buf_str(&b));
	r->more = w->begun;
	w->begun = true;
	for (i = 0; i < n; i++)
		if (s[i] > 0 && s[i] <= ST_LAST)
			w->style = s[i];
	buf_free(&b);
}

void
page_text(struct page *p, const char *id, const char *first, const char *rest,
    const char *text, int width, bool wrap, int ambiguous)
{
	struct wrapped w = { p, id, first, rest, false, 1 };
	int a = text_width(first, ambiguous), b = text_width(rest, ambiguous);

	width -= a > b ? a : b;
	if (wrap && width > 4)
		text_wrap(text, width, ambiguous, add_line, &w);
	else
		add_line(&w, text, strcspn(text, "\n"));
}

/* Does a blank belong between the end of one line and the next? */
static bool
apart(const struct buf *b, const char *next)
{
	return b->len > 0 && (b->data[b->len - 1] < 0x80 ||
	    (unsigned char)*next < 0x80);
}

static void
end_paragraph(struct page *p, const char *first, struct buf *b, int width,
    int ambiguous)
{
	if (b->len > 0)
		page_text(p, NULL, first, first, buf_str(b), width, true,
		    ambiguous);
	buf_drop(b, b->len);
}

void
page_prose(struct page *p, const char *first, const char *text, int width,
    int ambiguous)
{
	struct buf b;
	char *line;
	size_t n;

	buf_init(&b, 0);
	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		line = xstrndup(text, n);
		if (n == 0 || *line == ' ' || *line == '\t') {
			end_paragraph(p, first, &b, width, ambiguous);
			page_text(p, NULL, first, "    ", line, width, true,
			    ambiguous);
		} else {
			if (apart(&b, line))
				buf_addc(&b, ' ');
			buf_adds(&b, line);
		}
		free(line);
	}
	end_paragraph(p, first, &b, width, ambiguous);
	buf_free(&b);
}

void
page_to(struct page *p, size_t row, int height)
{
	p->cursor = row;
	page_show(p, height);
}

void
page_move(struct page *p, long by, int height)
{
	long to = (long)p->cursor + by;

	if (to >= (long)p->n)
		to = (long)p->n - 1;
	page_to(p, to < 0 ? 0 : (size_t)to, height);
}

const char *
page_id(const struct page *p)
{
	const struct row *r;

	if (p->cursor >= p->n)
		return "";
	r = &p->rows[p->cursor];
	if (r->ncells > 0) {
		size_t c = p->cell < 0 ? 0 : (size_t)p->cell;

		return r->cells[c < r->ncells ? c : r->ncells - 1].id;
	}
	return r->id == NULL ? "" : r->id;
}

char *
row_plain(const struct row *r)
{
	char *out = xstrdup(r->text), *to = out;
	const char *at;

	for (at = r->text; *at != '\0'; at++)
		if (*at < 1 || *at > ST_LAST)
			*to++ = *at;
	*to = '\0';
	return out;
}

size_t
page_search(const struct page *p, const char *text, int dir)
{
	size_t i, at = p->cursor;
	char *plain;
	bool hit;

	for (i = 0; i < p->n; i++) {
		at = dir > 0 ? (at + 1) % p->n : (at + p->n - 1) % p->n;
		plain = row_plain(&p->rows[at]);
		hit = text_casefind(plain, strlen(plain), text) != NULL;
		free(plain);
		if (hit)
			return at;
	}
	return p->n;
}
