/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv4 and IPv6 side by side: the dialogue of the selected service or server
 * over both families, line beside line; where they differ a mark stands
 * between them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/lines.h"
#include "ui/strings.h"
#include "ui/tui.h"

struct lines {
	char	**list;
	size_t	  n;
};

static void
add(struct lines *l, const char *s, size_t n)
{
	l->list = xreallocarray(l->list, l->n + 1, sizeof(*l->list));
	l->list[l->n++] = xstrndup(s, n);
}

static void
lines_free(struct lines *l)
{
	while (l->n > 0)
		free(l->list[--l->n]);
	free(l->list);
}

static void
take(struct lines *out, const struct sprobe *p)
{
	const char *at;
	struct buf b;
	size_t i, n;

	for (i = 0; i < p->nlines; i++) {
		const struct sline *l = &p->lines[i];
		struct line_show show = { l->dir, l->tls, l->dns, l->data,
			l->len, l->full, l->body };

		buf_init(&b, 0);
		lines_render(&b, "", &show);
		for (at = buf_str(&b); *at != '\0'; at += n + 1) {
			n = strcspn(at, "\n");
			add(out, at, n);
			if (at[n] == '\0')
				break;
		}
		buf_free(&b);
	}
}

/* The same question or service at another address: of the other family. */
static const struct sprobe *
twin(const struct tui *t, const struct sprobe *p)
{
	const struct sprobe *found = NULL;
	size_t i;

	for (i = 0; i < t->s->nprobes; i++) {
		const struct sprobe *q = t->s->probes[i];

		if (q->step == p->step && q->ep.addr.family != 0 &&
		    q->ep.addr.family != p->ep.addr.family &&
		    q->ep.port == p->ep.port &&
		    strcmp(q->ep.proto, p->ep.proto) == 0 &&
		    strcmp(q->what, p->what) == 0 &&
		    strcmp(q->ep.name, p->ep.name) == 0 && found == NULL)
			found = q;
	}
	return found;
}

/* What differs between addresses by nature is not a difference. */
static bool
same(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	if (strncmp(a, "===", 3) == 0 && strncmp(b, "===", 3) == 0)
		return true;
	return n == m && memcmp(a, b, n) == 0;
}

static void
pair(struct tui *t, struct pane *p, const char *a, const char *b, bool head)
{
	int w = (p->w - 3) / 2;
	bool differs = !head && !same(a, b);
	struct buf out;

	buf_init(&out, 0);
	buf_adds(&out, head ? ST_BOLD : "");
	draw_pad(&out, t, a, w);
	buf_adds(&out, differs ? ST_YELLOW " ! " ST_NORMAL : " | ");
	buf_adds(&out, head ? ST_BOLD : "");
	draw_pad(&out, t, b, w);
	page_add(&p->page, NULL, buf_str(&out));
	buf_free(&out);
}

static void
head_of(struct buf *b, const struct sprobe *p)
{
	char addr[ADDR_STRLEN];

	if (p == NULL) {
		buf_adds(b, S("tui.no-twin"));
		return;
	}
	buf_printf(b, "%s ", addr_print(&p->ep.addr, addr));
	strings_safe(b, p->what, strlen(p->what));
}

static void
both(struct tui *t, struct pane *p, const struct sprobe *v4,
    const struct sprobe *v6)
{
	struct lines a = { NULL, 0 }, b = { NULL, 0 };
	struct buf x, y;
	size_t i;

	buf_init(&x, 0);
	buf_init(&y, 0);
	head_of(&x, v4);
	head_of(&y, v6);
	pair(t, p, buf_str(&x), buf_str(&y), true);
	buf_free(&x);
	buf_free(&y);
	if (v4 != NULL)
		take(&a, v4);
	if (v6 != NULL)
		take(&b, v6);
	for (i = 0; i < a.n || i < b.n; i++)
		pair(t, p, i < a.n ? a.list[i] : "", i < b.n ? b.list[i] : "",
		    false);
	page_add(&p->page, NULL, "");
	lines_free(&a);
	lines_free(&b);
}

void
view_sides(struct tui *t, struct pane *p)
{
	const struct sprobe **list, *other;
	size_t n = select_probes(t, select_id(t), &list), i;

	p->title = xstrdup(S("tui.sides"));
	for (i = 0; i < n; i++) {
		if (list[i]->ep.addr.family == 0)
			continue;
		other = twin(t, list[i]);
		if (list[i]->ep.addr.family == 4)
			both(t, p, list[i], other);
		else
			both(t, p, other, list[i]);
	}
	if (p->page.n == 0)
		page_add(&p->page, NULL, S("tui.select-endpoint"));
	free(list);
}
