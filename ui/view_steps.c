/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree on the left: the twelve steps, opening into endpoints (name,
 * address, protocol) and these into their questions.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "dns/message.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"

/* The probes of one endpoint in a step. */
struct group {
	const struct sprobe	*first;
	char			*id;
	size_t			 n, running, bad, skipped;
};

struct groups {
	struct group	*list;
	size_t		 n;
};

static void
group_add(struct groups *g, const struct sprobe *p)
{
	char *id = select_of_probe(p);
	struct group *one = NULL;
	size_t i;

	for (i = g->n; i-- > 0 && one == NULL;)
		if (strcmp(g->list[i].id, id) == 0)
			one = &g->list[i];
	if (one == NULL) {
		g->list = xreallocarray(g->list, g->n + 1, sizeof(*g->list));
		one = &g->list[g->n++];
		memset(one, 0, sizeof(*one));
		one->first = p;
		one->id = id;
	} else
		free(id);
	one->n++;
	one->running += p->state == PROBE_RUNNING;
	one->skipped += p->state == PROBE_SKIPPED;
	one->bad += p->state == PROBE_ENDED && strcmp(p->outcome, "ok") != 0;
}

static void
groups_free(struct groups *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		free(g->list[i].id);
	free(g->list);
}

static bool
hidden(const struct tui *t, const struct sprobe *p)
{
	return t->family != 0 && p->ep.addr.family != 0 &&
	    p->ep.addr.family != t->family;
}

static int
worst_of(const struct tui *t, const char *id)
{
	const json_t *all = json_object_get(t->now.end, "findings");
	int worst = -1, v;
	json_t *f;
	size_t i;

	json_array_foreach(all, i, f)
		if ((v = verdict_parse(json_str(f, "verdict"))) > worst &&
		    select_concerns(t, id, f))
			worst = v;
	return worst;
}

static void
group_sign(struct buf *b, const struct tui *t, const struct group *g)
{
	int v = now_verdict(&t->now, &g->first->ep, NULL);
	int worst = worst_of(t, g->id);

	if (v < VERDICT_OK && worst >= 0)
		v = worst;
	if (g->running > 0 && v < VERDICT_WARNING)
		draw_state(b, t, 'r');
	else if (v >= 0)
		draw_sign(b, t, v);
	else if (g->skipped == g->n)
		draw_sign(b, t, VERDICT_NOT_ASKED);
	else
		draw_sign(b, t, g->bad == g->n ? VERDICT_NOT_OFFERED :
		    VERDICT_OK);
}

/* The name without the domain's own: "ns1" of ns1.example.jp, "@" of the
   domain itself. */
static void
short_name(struct buf *b, const struct tui *t, const char *name)
{
	const char *domain = json_str(json_object_get(t->s->head, "subject"),
	    "name");
	size_t n = strlen(name), d = strlen(domain);

	if (n == d && d > 0 && strcmp(name, domain) == 0) {
		buf_addc(b, '@');
		return;
	}
	if (n > d + 1 && d > 0 && name[n - d - 1] == '.' &&
	    strcmp(name + n - d, domain) == 0)
		n -= d + 1;
	strings_safe(b, name, n);
}

#define ADDR_LEAST	12	/* columns an address is left at least */

/* "2001:db8:_::53", cut in the middle: the beginning says whose it is, the
   end which. The dialogue's title has all of it. */
static void
put_addr(struct buf *b, const struct tui *t, const char *addr, int room)
{
	const char *mark = strings_utf8() ? "\342\200\246" : "~";
	int n = (int)strlen(addr), left = room - text_width(mark, t->amb);

	if (n <= room || left < 4)
		buf_adds(b, addr);
	else
		buf_printf(b, "%.*s%s%s", left / 2, addr, mark,
		    addr + n - (left - left / 2));
}

/* Name and protocol, the name cut where the address has no room else. */
static void
put_name(struct buf *b, const struct tui *t, const struct group *g, int room)
{
	const struct endpoint *ep = &g->first->ep;
	bool proto = strcmp(ep->proto, "dns") != 0 && ep->proto[0] != '\0';

	short_name(b, t, ep->name[0] != '\0' ? ep->name : g->first->what);
	if (proto)
		room -= 1 + text_width(ep->proto, t->amb);
	draw_cut(b, t, room < 4 ? 4 : room);
	if (proto) {
		buf_addc(b, ' ');
		strings_safe(b, ep->proto, strlen(ep->proto));
	}
}

static void
group_row(struct tui *t, struct pane *p, const struct group *g)
{
	const struct endpoint *ep = &g->first->ep;
	char addr[ADDR_STRLEN] = "";
	struct buf b, name;
	int need = 0, room;

	if (ep->addr.family != 0)
		need = 1 + (int)strlen(addr_print(&ep->addr, addr));
	buf_init(&b, 0);
	buf_init(&name, 0);
	buf_adds(&b, "  ");
	group_sign(&b, t, g);
	buf_addc(&b, ' ');
	room = p->w - text_width(buf_str(&b), t->amb);
	put_name(&name, t, g, need == 0 ? INT_MAX : room - (need >
	    ADDR_LEAST + 1 ? ADDR_LEAST + 1 : need));
	buf_adds(&b, buf_str(&name));
	if (need > 0) {
		buf_addc(&b, ' ');
		put_addr(&b, t, addr, p->w - text_width(buf_str(&b), t->amb));
	}
	page_add(&p->page, g->id, buf_str(&b));
	buf_free(&name);
	buf_free(&b);
}

static void
probe_label(struct buf *b, const struct tui *t, const struct sprobe *p)
{
	char type[16];

	if (p->qname != NULL) {
		buf_printf(b, "%s ", message_type_word(p->qtype, type));
		short_name(b, t, *p->qname == '\0' ? "." : p->qname);
		if (p->transport[0] != '\0' &&
		    strcmp(p->transport, "udp") != 0)
			buf_printf(b, " %s", p->transport);
	} else if (strncmp(p->what, "hand:", 5) == 0) {
		buf_printf(b, "%s ", S("hint.by-hand"));
		strings_safe(b, p->what + 5, strlen(p->what + 5));
	} else if (p->what[0] != '\0')
		strings_safe(b, p->what, strlen(p->what));
	else
		buf_adds(b, S("tui.dialogue"));
}

static void
probe_row(struct tui *t, struct pane *p, const struct sprobe *probe)
{
	char *id = xasprintf("probe:%s", probe->key);
	bool good = strcmp(probe->outcome, "ok") == 0;
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "    ");
	if (probe->state == PROBE_RUNNING)
		draw_state(&b, t, 'r');
	else
		draw_sign(&b, t, probe->state == PROBE_SKIPPED ?
		    VERDICT_NOT_ASKED : good ? VERDICT_OK : VERDICT_UNKNOWN);
	buf_addc(&b, ' ');
	probe_label(&b, t, probe);
	if (!good && *probe->outcome != '\0') {
		buf_adds(&b, " " ST_DIM);
		signs_word(&b, "outcome", probe->outcome);
	}
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
	free(id);
}

static void
step_sign(struct buf *b, const struct tui *t, enum step_id step)
{
	int v = verdict_parse(json_str(json_object_get(t->now.end, "steps"),
	    step_rows[step].id));

	if (t->waiting[step])
		draw_state(b, t, 'f');
	else if (t->s->steps[step] == STEP_WAITING)
		draw_state(b, t, ' ');
	else if (t->s->steps[step] == STEP_RUNNING)
		draw_state(b, t, t->follow && t->followed == step ? 'f' : 'r');
	else
		draw_sign(b, t, t->s->steps[step] == STEP_NOT_ASKED ?
		    VERDICT_NOT_ASKED : v < 0 ? VERDICT_OK : v);
}

/* The longest name of a step and a space. */
static int
name_columns(const struct tui *t)
{
	int step, w, most = 0;
	char *key;

	for (step = 0; step < STEP_COUNT; step++) {
		key = xasprintf("step-name.%s", step_rows[step].id);
		w = text_width(strings_get(key), t->amb) + 1;
		most = w > most ? w : most;
		free(key);
	}
	return most;
}

static void
step_row(struct tui *t, struct pane *p, enum step_id step, size_t done,
    size_t all)
{
	const struct help_topic *topic = strings_topic(step_rows[step].id);
	char *id = xasprintf("step:%s", step_rows[step].id), *key;
	struct buf b;

	buf_init(&b, 0);
	step_sign(&b, t, step);
	key = xasprintf("step-name.%s", step_rows[step].id);
	buf_printf(&b, " %2d ", (int)step + 1);
	draw_pad(&b, t, strings_get(key), name_columns(t));
	free(key);
	if (t->waiting[step])
		buf_printf(&b, ST_YELLOW "%s", S("tui.waits"));
	else if (t->s->steps[step] == STEP_RUNNING && all > 0)
		buf_printf(&b, "%zu/%zu", done, all);
	else if (topic != NULL && text_width(topic->title, t->amb) +
	    text_width(buf_str(&b), t->amb) <= p->w)
		buf_printf(&b, ST_DIM "%s", topic->title);
	else if (all > 0)
		buf_printf(&b, ST_DIM "%zu", all);
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
	free(id);
}

static void
open_group(struct tui *t, struct pane *p, const struct group *g,
    enum step_id step)
{
	size_t i;

	group_row(t, p, g);
	if (!select_unfolded(t, g->id))
		return;
	for (i = 0; i < t->s->nprobes; i++) {
		const struct sprobe *probe = t->s->probes[i];
		char *id;

		if (probe->step != step)
			continue;
		id = select_of_probe(probe);
		if (strcmp(id, g->id) == 0)
			probe_row(t, p, probe);
		free(id);
	}
}

void
view_steps(struct tui *t, struct pane *p)
{
	struct groups g;
	size_t i, done, all;
	int step;
	char *id;

	free(p->title);
	p->title = xstrdup(t->family == 0 ? S("tui.steps") :
	    t->family == 4 ? S("tui.steps-v4") : S("tui.steps-v6"));
	for (step = 0; step < STEP_COUNT; step++) {
		memset(&g, 0, sizeof(g));
		done = all = 0;
		id = xasprintf("step:%s", step_rows[step].id);
		for (i = 0; i < t->s->nprobes; i++) {
			const struct sprobe *probe = t->s->probes[i];

			if ((int)probe->step != step || hidden(t, probe))
				continue;
			all++;
			done += probe->state != PROBE_RUNNING;
			if (select_unfolded(t, id))
				group_add(&g, probe);
		}
		step_row(t, p, (enum step_id)step, done, all);
		for (i = 0; i < g.n; i++)
			open_group(t, p, &g.list[i], (enum step_id)step);
		groups_free(&g);
		free(id);
	}
}
