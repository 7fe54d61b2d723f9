/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of the selected line; of a dialogue without a selected line, of
 * its last one that has any.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/strings.h"
#include "ui/tui.h"

static const struct sline *
chosen(const struct tui *t)
{
	const char *id = page_id(&t->pane[PANE_LIVE].page);
	const struct sline *line = NULL;
	const struct sprobe **list;
	size_t n, i, j;

	if (strncmp(id, "line:", 5) == 0 && select_line(t,
	    strtoull(id + 5, NULL, 10), &line) != NULL && line->len > 0)
		return line;
	n = select_probes(t, select_id(t), &list);
	line = NULL;
	for (i = n; i-- > 0 && line == NULL;)
		for (j = list[i]->nlines; j-- > 0 && line == NULL;)
			if (list[i]->lines[j].len > 0)
				line = &list[i]->lines[j];
	free(list);
	return line;
}

static void
row(struct pane *p, const unsigned char *s, size_t at, size_t n)
{
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	buf_printf(&b, ST_DIM "%06zx" ST_NORMAL "  ", at);
	for (i = 0; i < 16; i++) {
		if (i < n)
			buf_printf(&b, "%02x ", s[at + i]);
		else
			buf_adds(&b, "   ");
		if (i == 7)
			buf_addc(&b, ' ');
	}
	buf_addc(&b, ' ');
	for (i = 0; i < n; i++)
		buf_addc(&b, s[at + i] >= 32 && s[at + i] < 127 ?
		    (char)s[at + i] : '.');
	page_add(&p->page, NULL, buf_str(&b));
	buf_free(&b);
}

void
view_hex(struct tui *t, struct pane *p)
{
	const struct sline *l = chosen(t);
	size_t at;

	if (l == NULL) {
		p->title = xstrdup(S("tui.hex"));
		page_add(&p->page, NULL, S("tui.no-bytes"));
		return;
	}
	p->title = xasprintf("%s  #%llu  %zu", S("tui.hex"),
	    (unsigned long long)l->seq, l->full);
	for (at = 0; at < l->len; at += 16)
		row(p, l->data, at, l->len - at < 16 ? l->len - at : 16);
	if (l->full > l->len)
		page_add(&p->page, NULL, "...");
}
