/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each kind of client lives through, as bars of time: dots are waiting,
 * the rest is the connection. Made from the matrix and the findings.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_clients.h"

static const char *const kinds[CLIENT_KINDS] = { "client.v4", "client.he",
	"client.old", "client.nat64", "client.v6-resolver", "client.mta" };

static const char *
outcome_at(const struct tui *t, const struct endpoint *ep)
{
	size_t i;

	for (i = 0; i < t->s->nprobes; i++)
		if (t->s->probes[i]->what[0] == '\0' &&
		    endpoint_cmp(&t->s->probes[i]->ep, ep) == 0)
			return t->s->probes[i]->outcome;
	return "";
}

static bool
connects(const struct tui *t, const struct endpoint *ep)
{
	size_t i, k;

	for (i = 0; i < t->s->nprobes; i++) {
		const struct sprobe *p = t->s->probes[i];

		if (p->what[0] != '\0' || endpoint_cmp(&p->ep, ep) != 0)
			continue;
		for (k = 0; k < p->nfacts; k++)
			if (strcmp(p->facts[k].key, "connect") == 0 &&
			    json_flag(p->facts[k].value, "ok"))
				return true;
	}
	return false;
}

static void
count(const struct tui *t, size_t i, struct client_side *side)
{
	const struct endpoint *ep = &t->now.eps[i];
	const char *how = outcome_at(t, ep);

	if (t->now.verdicts[i] == VERDICT_UNKNOWN ||
	    t->now.verdicts[i] == VERDICT_NOT_ASKED)
		side->unknown = true;
	else if (connects(t, ep)) {
		side->good++;
		if (t->now.verdicts[i] == VERDICT_ERROR)
			side->wrong = true;
		if (side->s == 0 || t->now.seconds[i] > side->s)
			side->s = t->now.seconds[i];
	} else if (strcmp(how, "timeout") == 0)
		side->silent++;
	else
		side->refused++;
}

static bool
resolvable_v6(const struct tui *t)
{
	bool v6 = false;
	size_t i;

	for (i = 0; i < t->s->nfindings; i++)
		if (t->s->findings[i]->id == F_V6ONLY_WALK_FAILS)
			return false;
	for (i = 0; i < t->now.n; i++)
		if (strcmp(t->now.eps[i].proto, "dns") == 0 &&
		    t->now.eps[i].addr.family == 6 &&
		    t->now.verdicts[i] < VERDICT_ERROR)
			v6 = true;
	return v6;
}

static void
text_of(struct buf *b, const struct client_life *l)
{
	if (!l->works) {
		buf_adds(b, l->unknown ? S("verdict-word.unknown") :
		    S("client.fails"));
		return;
	}
	draw_seconds(b, l->waits + l->speaks);
	if (l->waits_most > l->waits) {
		buf_adds(b, " .. ");
		draw_seconds(b, l->waits_most + l->speaks);
	}
	if (l->sometimes)
		buf_printf(b, " (%s)", S("client.sometimes"));
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

static int
verdict_of(const struct client_life *l)
{
	if (!l->works)
		return l->unknown ? VERDICT_UNKNOWN : VERDICT_ERROR;
	return l->waits >= 1 || l->waits_most >= 1 ? VERDICT_WARNING :
	    VERDICT_OK;
}

/* Does a fault of the look-up concern that name? Servers' TCP concerns all. */
static bool
of_name(const struct finding *f, const char *name)
{
	switch (f->id) {
	case F_AAAA_TIMEOUT:
	case F_AAAA_NXDOMAIN:
	case F_AAAA_RCODE:
	case F_AAAA_BROKEN:
	case F_AAAA_LAME:
	case F_AAAA_EMPTY_NONAUTH:
		return strcmp(json_str(f->args, "qname"), name) == 0;
	case F_DNS_TCP_CLOSED:
	case F_DNS_TCP_TIMEOUT:
		return f->ep.addr.family == 6;
	case F_V6ONLY_WALK_FAILS:
		return true;
	default:
		return false;
	}
}

static void
mark(bool *all, bool *some, const struct finding *f)
{
	if ((f->flags & (FLAG_MASKED | FLAG_PARTIAL)) != 0)
		*some = true;
	else
		*all = true;
}

static struct client_dns
look_up(const struct tui *t, const char *name)
{
	struct client_dns d;
	size_t i;

	memset(&d, 0, sizeof(d));
	for (i = 0; i < t->s->nfindings; i++) {
		const struct finding *f = t->s->findings[i];

		if (!of_name(f, name))
			continue;
		if (f->id == F_AAAA_TIMEOUT)
			mark(&d.silent, &d.silent_some, f);
		else if (f->id == F_AAAA_NXDOMAIN)
			mark(&d.denied, &d.denied_some, f);
		else if (f->id == F_DNS_TCP_CLOSED || f->id ==
		    F_DNS_TCP_TIMEOUT)
			d.tcp6 = true;
		else if (f->id != F_V6ONLY_WALK_FAILS)
			mark(&d.failed, &d.failed_some, f);
	}
	return d;
}

/* The faults of the look-up behind the bars; Enter leads to the evidence. */
static void
reasons(struct tui *t, struct pane *p, const char *name)
{
	const json_t *all = json_object_get(t->now.end, "findings");
	struct finding *f;
	struct buf b, ep;
	json_t *one;
	size_t i;
	char *id;

	json_array_foreach(all, i, one) {
		if ((f = finding_parse_json(one)) == NULL)
			continue;
		if (of_name(f, name)) {
			buf_init(&b, 0);
			buf_init(&ep, 0);
			id = xasprintf("find:%zu:%s@%s", i,
			    finding_rows[f->id].id, name);
			buf_adds(&b, "    ");
			draw_sign(&b, t, (int)f->level);
			signs_endpoint(&ep, json_object_get(one, "endpoint"));
			buf_printf(&b, " %s%s" ST_NORMAL "  %s",
			    draw_style((int)f->level),
			    finding_rows[f->id].id, buf_str(&ep));
			page_add(&p->page, id, buf_str(&b));
			buf_free(&b);
			buf_free(&ep);
			free(id);
		}
		finding_free(f);
	}
}

static void
life(struct tui *t, struct pane *p, enum client_kind kind,
    const struct client_side side[2], bool v6, const struct client_dns *dns,
    const char *id)
{
	struct client_life l = client_life(kind, &side[0], &side[1], v6);
	int label = p->w < 90 ? 28 : 40;
	char *row = xasprintf("%s#%d", id, (int)kind);
	struct buf b;

	client_looks_up(&l, kind, dns);
	buf_init(&b, 0);
	buf_adds(&b, "  ");
	draw_sign(&b, t, verdict_of(&l));
	buf_addc(&b, ' ');
	draw_pad(&b, t, strings_get(kinds[kind]), label);
	buf_addc(&b, ' ');
	bar(&b, &l, p->w - label - 34 > 40 ? 40 : p->w - label - 34);
	buf_addc(&b, ' ');
	text_of(&b, &l);
	page_add(&p->page, row, buf_str(&b));
	buf_free(&b);
	free(row);
}

static bool
same_service(const struct endpoint *a, const struct endpoint *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->proto, b->proto) ==
	    0 && a->port == b->port;
}

static void
service(struct tui *t, struct pane *p, size_t first, bool v6)
{
	const struct endpoint *ep = &t->now.eps[first];
	bool mail = strcmp(ep->proto, "smtp") == 0;
	struct client_dns dns = look_up(t, ep->name);
	struct client_side side[2];
	enum client_kind k;
	struct buf b;
	char *id;
	size_t i;

	memset(side, 0, sizeof(side));
	for (i = first; i < t->now.n; i++)
		if (same_service(&t->now.eps[i], ep))
			count(t, i, &side[t->now.eps[i].addr.family == 6]);
	if (side[0].good + side[1].good + side[0].silent + side[1].silent == 0
	    && !side[0].unknown && !side[1].unknown)
		return;		/* closed everywhere: not offered */
	id = xasprintf("client:%s/%s", ep->name, ep->proto);
	buf_init(&b, 0);
	buf_printf(&b, ST_BOLD "%s ", ep->proto);
	strings_safe(&b, ep->name, strlen(ep->name));
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
	for (k = 0; k < CLIENT_KINDS; k++)
		if ((k == CLIENT_MTA) == mail)
			life(t, p, k, side, v6, &dns, id);
	reasons(t, p, ep->name);
	free(id);
}

void
view_clients(struct tui *t, struct pane *p)
{
	bool v6 = resolvable_v6(t);
	size_t i, j;

	p->title = xstrdup(S("tui.clients"));
	for (i = 0; i < t->now.n; i++) {
		const struct endpoint *ep = &t->now.eps[i];

		if (strncmp(ep->proto, "http", 4) != 0 &&
		    strcmp(ep->proto, "smtp") != 0)
			continue;
		for (j = 0; j < i; j++)
			if (same_service(&t->now.eps[j], ep))
				break;
		if (j == i)
			service(t, p, i, v6);
	}
	if (p->page.n == 0)
		page_add(&p->page, NULL, S("tui.nothing-yet"));
}
