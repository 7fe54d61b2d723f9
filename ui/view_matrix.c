/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The matrix: every address of every name, IPv4 beside IPv6 where the width
 * allows, every service a column; a field is a sign and a time, and leads to
 * its dialogue. Many services make narrow columns: short names, no space
 * before the unit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"

#define SERVICES	8
#define FIELD_WIDE	10
#define FIELD_NARROW	8

struct block {
	const char	*name;
	char		*service[SERVICES];
	size_t		 nservices;
	struct addr	*addr[2];
	size_t		 naddrs[2];
	int		 width[2];	/* of an address */
	int		 field;		/* columns of a field */
};

static char *
service_of(const struct endpoint *ep)
{
	return xasprintf("%s%s", ep->proto, ep->tls == TALK_STARTTLS ? "+" :
	    "");
}

/* submission+ is subm+, submissions is subms: the help says so. */
static void
title(struct buf *b, const struct tui *t, const char *service, int columns)
{
	static const char	 from[] = "submission";
	char			*name;

	name = strncmp(service, from, sizeof(from) - 1) == 0 ?
	    xasprintf("subm%s", service + sizeof(from) - 1) :
	    xstrdup(service);
	draw_pad(b, t, name, columns);
	free(name);
}

static void
add_addr(struct block *b, const struct addr *a)
{
	size_t f = a->family != 4, i;
	char text[ADDR_STRLEN];
	int w;

	for (i = 0; i < b->naddrs[f]; i++)
		if (addr_equal(&b->addr[f][i], a))
			return;
	b->addr[f] = xreallocarray(b->addr[f], i + 1, sizeof(*b->addr[f]));
	b->addr[f][b->naddrs[f]++] = *a;
	w = (int)strlen(addr_print(a, text)) + 1;
	if (w > b->width[f])
		b->width[f] = w;
}

static void
block_fill(struct block *b, const struct now *now, const char *name)
{
	size_t i, k;

	memset(b, 0, sizeof(*b));
	b->name = name;
	for (i = 0; i < now->n; i++) {
		char *s;

		if (strcmp(now->eps[i].name, name) != 0)
			continue;
		add_addr(b, &now->eps[i].addr);
		s = service_of(&now->eps[i]);
		for (k = 0; k < b->nservices; k++)
			if (strcmp(b->service[k], s) == 0)
				break;
		if (k == b->nservices && k < SERVICES)
			b->service[b->nservices++] = s;
		else
			free(s);
	}
}

static void
block_free(struct block *b)
{
	size_t i;

	for (i = 0; i < b->nservices; i++)
		free(b->service[i]);
	free(b->addr[0]);
	free(b->addr[1]);
}

static size_t
find(const struct now *now, const struct block *b, const struct addr *a,
    const char *service)
{
	size_t i;
	char *s;
	bool same;

	for (i = 0; i < now->n; i++) {
		if (strcmp(now->eps[i].name, b->name) != 0 ||
		    !addr_equal(&now->eps[i].addr, a))
			continue;
		s = service_of(&now->eps[i]);
		same = strcmp(s, service) == 0;
		free(s);
		if (same)
			return i;
	}
	return now->n;
}

static bool
running(const struct tui *t, const struct endpoint *ep)
{
	size_t i;

	for (i = 0; i < t->s->nprobes; i++)
		if (t->s->probes[i]->state == PROBE_RUNNING &&
		    endpoint_cmp(&t->s->probes[i]->ep, ep) == 0)
			return true;
	return false;
}

static enum step_id
step_of(const struct endpoint *ep)
{
	return strcmp(ep->proto, "dns") == 0 ? STEP_SERVERS :
	    strncmp(ep->proto, "http", 4) == 0 ? STEP_WEB :
	    strcmp(ep->proto, "smtp") == 0 ? STEP_MAIL_IN : STEP_MAILBOX;
}

struct field {
	int	 x, w;
	char	*id;
};

/* One field at column x of the row. */
static void
field(struct tui *t, struct buf *b, size_t i, struct field *f, int x,
    int columns)
{
	const struct endpoint *ep = &t->now.eps[i];
	bool narrow = columns == FIELD_NARROW;
	struct buf one, took;
	int w;

	buf_init(&one, 0);
	buf_init(&took, 0);
	if (running(t, ep) && t->now.verdicts[i] < VERDICT_WARNING)
		draw_state(&one, t, 'r');
	else
		draw_sign(&one, t, t->now.verdicts[i]);
	if (!narrow || draw_sign_width(t) == 1)
		buf_addc(&one, ' ');
	if (t->now.seconds[i] > 0)
		signs_seconds(&took, t->now.seconds[i]);
	for (w = 0; w < (int)took.len; w++)
		if (!narrow || took.data[w] != ' ')
			buf_addc(&one, (char)took.data[w]);
	w = text_width(buf_str(&one), t->amb);
	f->x = x;
	f->w = w;
	f->id = select_of_endpoint(t, ep, step_of(ep));
	buf_printf(b, "%s%*s", buf_str(&one), columns > w ? columns - w : 0,
	    "");
	buf_free(&took);
	buf_free(&one);
}

/* The half of a row: one address and its fields. */
static void
half(struct tui *t, const struct block *k, struct buf *b, size_t family,
    size_t i, struct field *fields, size_t *n)
{
	char text[ADDR_STRLEN];
	int w = k->width[family] + (int)k->nservices * k->field;
	size_t s, at;

	if (i >= k->naddrs[family]) {
		buf_printf(b, "%*s", w, "");
		return;
	}
	draw_pad(b, t, addr_print(&k->addr[family][i], text),
	    k->width[family]);
	for (s = 0; s < k->nservices; s++) {
		at = find(&t->now, k, &k->addr[family][i], k->service[s]);
		if (at == t->now.n)
			buf_printf(b, "%*s", k->field, "");
		else
			field(t, b, at, &fields[(*n)++],
			    text_width(buf_str(b), t->amb), k->field);
	}
}

static void
row(struct tui *t, struct pane *p, const struct block *k, size_t i,
    bool v4, bool v6)
{
	struct field fields[2 * SERVICES];
	size_t n = 0, j;
	struct row *r;
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "  ");
	if (v4)
		half(t, k, &b, 0, i, fields, &n);
	if (v6)
		half(t, k, &b, 1, i, fields, &n);
	r = page_add(&p->page, NULL, buf_str(&b));
	for (j = 0; j < n; j++) {
		row_cell(r, fields[j].x, fields[j].w, fields[j].id);
		free(fields[j].id);
	}
	r->id = xasprintf("row:%s/%zu/%d", k->name, i, v4 + 2 * v6);
	buf_free(&b);
}

static void
services(struct buf *b, const struct tui *t, const struct block *k, int width)
{
	size_t s;

	buf_printf(b, "%*s" ST_DIM, width, "");
	for (s = 0; s < k->nservices; s++)
		title(b, t, k->service[s], k->field);
	buf_adds(b, ST_NORMAL);
}

/* Both families in a row where they fit; else below each other, in the same
   columns, which are narrow if need be. */
static bool
beside(struct block *k, bool v4, bool v6, int width)
{
	int n = (int)k->nservices;
	int longest = v6 && (!v4 || k->width[1] > k->width[0]) ?
	    k->width[1] : k->width[0];

	k->field = FIELD_WIDE;
	if (v4 && v6 && 2 + k->width[0] + k->width[1] +
	    2 * n * FIELD_WIDE <= width)
		return true;
	k->width[0] = k->width[1] = longest;
	if (2 + longest + n * FIELD_WIDE > width)
		k->field = FIELD_NARROW;
	return false;
}

static void
block(struct tui *t, struct pane *p, struct block *k)
{
	bool v4 = k->naddrs[0] > 0 && t->family != 6;
	bool v6 = k->naddrs[1] > 0 && t->family != 4;
	size_t rows = k->naddrs[0] > k->naddrs[1] ? k->naddrs[0] :
	    k->naddrs[1], i;
	bool both = beside(k, v4, v6, p->w);
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, ST_BOLD);
	strings_safe(&b, k->name, strlen(k->name));
	page_add(&p->page, NULL, buf_str(&b));
	buf_drop(&b, b.len);
	buf_adds(&b, "  ");
	if (v4)
		services(&b, t, k, k->width[0]);
	if (v6 && (!v4 || both))
		services(&b, t, k, k->width[1]);
	page_add(&p->page, NULL, buf_str(&b));
	buf_free(&b);
	if (both) {
		for (i = 0; i < rows; i++)
			row(t, p, k, i, true, true);
		return;
	}
	for (i = 0; v4 && i < k->naddrs[0]; i++)
		row(t, p, k, i, true, false);
	for (i = 0; v6 && i < k->naddrs[1]; i++)
		row(t, p, k, i, false, true);
}

static bool
seen(const struct now *now, size_t before)
{
	size_t i;

	for (i = 0; i < before; i++)
		if (strcmp(now->eps[i].name, now->eps[before].name) == 0)
			return true;
	return false;
}

void
view_matrix(struct tui *t, struct pane *p)
{
	struct block k;
	size_t i;

	p->title = xstrdup(S("tui.matrix"));
	for (i = 0; i < t->now.n; i++) {
		if (seen(&t->now, i))
			continue;
		block_fill(&k, &t->now, t->now.eps[i].name);
		block(t, p, &k);
		block_free(&k);
	}
	if (t->now.n == 0)
		page_add(&p->page, NULL, S("tui.nothing-yet"));
	else if (p->page.keep == NULL && p->page.cursor == 0 &&
	    p->page.n > 2)
		p->page.cursor = 2;	/* the first field */
}
