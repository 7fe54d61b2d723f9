/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each kind of client lives through, as bars of time: dots are waiting,
 * the rest is the connection; below each service the findings behind it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/clients.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"

/* The gravest of what the seconds do not say. */
static const char *
remark(const struct client_life *l)
{
	if (l->fails_some)
		return S("client.fails-some");
	if (l->sometimes)
		return S("client.sometimes");
	if (l->grey)
		return S("client.first-mail");
	return l->lookup ? S("client.look-up") : NULL;
}

static void
text_of(struct buf *b, const struct client_life *l)
{
	if (!l->works) {
		buf_adds(b, l->unknown ? S("verdict-word.unknown") :
		    S("client.fails"));
		return;
	}
	signs_seconds(b, l->waits + l->speaks);
	if (l->waits_most > l->waits) {
		buf_adds(b, " .. ");
		signs_seconds(b, l->waits_most + l->speaks);
	}
	if (remark(l) != NULL)
		buf_printf(b, " (%s)", remark(l));
}

static void
bar(struct buf *b, const struct client_life *l, int width)
{
	double all = l->waits + l->speaks;
	int wait, speak;

	/* A second is a third of the width, what is longer fills it. */
	wait = l->waits >= 3 ? width - 2 : (int)(l->waits * width / 3);
	speak = all >= 3 ? 1 : (int)(l->speaks * width / 3);
	if (!l->works) {
		buf_printf(b, "%*s", width, "");
		return;
	}
	if (speak < 1)
		speak = 1;
	if (wait + speak > width)
		wait = width - speak;
	buf_adds(b, ST_YELLOW);
	width -= wait + speak;
	for (; wait > 0; wait--)
		buf_addc(b, '.');
	buf_adds(b, ST_GREEN);
	for (; speak > 0; speak--)
		buf_addc(b, '=');
	buf_printf(b, ST_NORMAL "%*s", width, "");
}

/* A finding behind the bars; Enter leads to its evidence. */
static void
reason(struct tui *t, struct pane *p, size_t i, const struct finding *f,
    const char *where)
{
	const json_t *one = json_array_get(json_object_get(t->now.end,
	    "findings"), i);
	char *id = xasprintf("find:%zu:%s@%s", i, finding_rows[f->id].id,
	    where);
	struct buf b, ep;

	buf_init(&b, 0);
	buf_init(&ep, 0);
	buf_adds(&b, "    ");
	draw_sign(&b, t, (int)f->level);
	signs_endpoint(&ep, json_object_get(one, "endpoint"));
	buf_printf(&b, " %s%s" ST_NORMAL "  %s", draw_style((int)f->level),
	    finding_rows[f->id].id, buf_str(&ep));
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
	buf_free(&ep);
	free(id);
}

static void
heading(struct pane *p, const char *id, const char *proto, const char *name)
{
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, ST_BOLD "%s%s", proto, *proto == '\0' ? "" : " ");
	strings_safe(&b, name, strlen(name));
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
}

/* Those of one service alone, or those of the whole domain. */
static void
reasons(struct tui *t, struct pane *p, const struct client_matrix *m,
    const struct client_service *v, bool domain)
{
	bool headed = !domain || (*v->ep.proto == 'd' && v->ep.port == 0);
	const json_t *all = json_object_get(t->now.end, "findings");
	struct finding *f;
	json_t *one;
	size_t i;
	bool zone;

	json_array_foreach(all, i, one) {
		if ((f = finding_parse_json(one)) == NULL)
			continue;
		if (clients_felt(m, v, f, &zone) && zone == domain) {
			if (!headed)
				heading(p, "client:dns", "dns", json_str(
				    json_object_get(t->now.end, "summary"),
				    "zone"));
			headed = true;
			reason(t, p, i, f, domain ? "dns" : v->ep.name);
		}
		finding_free(f);
	}
}

static void
life(struct tui *t, struct pane *p, const struct client_life *l, int kind,
    const char *id)
{
	int label = p->w < 90 ? 28 : 40;
	char *row = xasprintf("%s#%d", id, kind);
	struct buf b, who;

	buf_init(&b, 0);
	buf_init(&who, 0);
	buf_adds(&b, "  ");
	draw_sign(&b, t, (int)clients_verdict(l));
	buf_addc(&b, ' ');
	signs_word(&who, "client", clients_word((enum client_kind)kind));
	draw_pad(&b, t, buf_str(&who), label);
	buf_addc(&b, ' ');
	bar(&b, l, p->w - label - 38 > 40 ? 40 : p->w - label - 38);
	buf_addc(&b, ' ');
	text_of(&b, l);
	page_add(&p->page, row, buf_str(&b));
	buf_free(&b);
	buf_free(&who);
	free(row);
}

static void
service(struct tui *t, struct pane *p, const struct client_matrix *m,
    const struct client_service *v)
{
	char *id = xasprintf("client:%s/%s/%u", v->ep.name, v->ep.proto,
	    v->ep.port);
	int k;

	heading(p, id, v->ep.proto, v->ep.name);
	for (k = 0; k < CLIENT_KINDS; k++)
		if (clients_has(v, (enum client_kind)k))
			life(t, p, &v->life[k], k, id);
	reasons(t, p, m, v, false);
	free(id);
}

void
view_clients(struct tui *t, struct pane *p)
{
	struct client_matrix m = { t->s, t->now.eps, t->now.verdicts,
		t->now.seconds, t->now.n };
	struct client_service *v;
	size_t i, n = clients_of(&m, &v);

	p->title = xstrdup(S("tui.clients"));
	for (i = 0; i < n; i++)
		service(t, p, &m, &v[i]);
	if (n > 0)
		reasons(t, p, &m, &v[0], true);
	else
		page_add(&p->page, NULL, S("tui.nothing-yet"));
	clients_free(v, n);
}
