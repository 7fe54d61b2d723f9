/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the operator looks at. Rows stand for things by an id that survives
 * any redrawing; this file leads from ids to probes and findings and back,
 * and lets the cursor follow the trail.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "ui/tui.h"

#define DWELL	300000		/* us the cursor stays at least */

/* The first five parts of STEP/PROTO/NAME/ADDR/PORT[/WHAT]. */
static size_t
prefix_len(const char *key)
{
	const char *at = key;
	int i;

	for (i = 0; i < 5; i++) {
		at += strcspn(at, "/");
		if (*at == '\0' || i == 4)
			break;
		at++;
	}
	return (size_t)(at - key);
}

char *
select_of_probe(const struct sprobe *p)
{
	return xasprintf("ep:%.*s", (int)prefix_len(p->key), p->key);
}

const char *
select_id(const struct tui *t)
{
	static const char *const about[] = { "ep:", "probe:", "find:", "step:",
		NULL };
	const char *id = page_id(&t->pane[PANE_STEPS].page);
	const char *other = page_id(&t->pane[PANE_VIEW].page);
	size_t i;

	if (t->view != VIEW_MAIN && t->view != VIEW_HELP)
		for (i = 0; about[i] != NULL; i++)
			if (strncmp(other, about[i], strlen(about[i])) == 0)
				return other;
	return id;
}

static const char *
finding_proto(const json_t *finding)
{
	return json_str(json_object_get(finding, "endpoint"), "proto");
}

int
select_step(const struct tui *t, const char *id)
{
	const char *at = strchr(id, ':');
	const json_t *f;
	char *word;
	int step;

	if (at == NULL)
		return -1;
	if (strncmp(id, "find:", 5) == 0) {
		f = json_array_get(json_object_get(t->now.end, "findings"),
		    strtoul(id + 5, NULL, 10));
		step = finding_parse(json_str(f, "id"));
		return step < 0 ? -1 : (int)finding_step(
		    (enum finding_id)step, finding_proto(f));
	}
	word = xstrndup(at + 1, strcspn(at + 1, "/"));
	step = step_parse(word);
	free(word);
	return step;
}

static bool
fits(const struct sprobe *p, const char *id)
{
	size_t n;

	if (strncmp(id, "probe:", 6) == 0)
		return strcmp(p->key, id + 6) == 0;
	if (strncmp(id, "ep:", 3) != 0)
		return false;
	n = strlen(id + 3);
	return strncmp(p->key, id + 3, n) == 0 &&
	    (p->key[n] == '/' || p->key[n] == '\0');
}

size_t
select_probes(const struct tui *t, const char *id,
    const struct sprobe ***list)
{
	char *of = NULL;
	size_t i, n = 0;

	*list = NULL;
	if (strncmp(id, "find:", 5) == 0) {
		const json_t *f = json_array_get(json_object_get(t->now.end,
		    "findings"), strtoul(id + 5, NULL, 10));

		id = of = f == NULL ? xstrdup("") : select_of_finding(t, f);
	}
	for (i = 0; i < t->s->nprobes; i++) {
		if (!fits(t->s->probes[i], id))
			continue;
		*list = xreallocarray(*list, n + 1, sizeof(**list));
		(*list)[n++] = t->s->probes[i];
	}
	free(of);
	return n;
}

char *
select_of_endpoint(const struct tui *t, const struct endpoint *ep,
    enum step_id step)
{
	const struct sprobe *best = NULL;
	int rank = 0;
	size_t i;

	for (i = 0; i < t->s->nprobes; i++) {
		const struct sprobe *p = t->s->probes[i];
		int r;

		if (endpoint_cmp(&p->ep, ep) == 0)
			r = p->step == step ? 5 : 4;
		else if (ep->addr.family != 0 &&
		    addr_equal(&p->ep.addr, &ep->addr))
			r = p->ep.port == ep->port && p->step == step ? 3 :
			    p->step == step ? 2 : 0;
		else if (ep->addr.family == 0 && p->step == step &&
		    ep->name[0] != '\0' && strcmp(p->ep.name, ep->name) == 0)
			r = ep->port != 0 && p->ep.port == ep->port ? 2 : 1;
		else
			r = 0;
		if (r > rank) {
			rank = r;
			best = p;
		}
	}
	return best != NULL ? select_of_probe(best) :
	    xasprintf("step:%s", step_rows[step].id);
}

char *
select_of_finding(const struct tui *t, const json_t *finding)
{
	int id = finding_parse(json_str(finding, "id"));
	struct endpoint ep;
	char *out;

	memset(&ep, 0, sizeof(ep));
	endpoint_parse(&ep, json_object_get(finding, "endpoint"));
	out = select_of_endpoint(t, &ep, id < 0 ? STEP_HERE :
	    finding_step((enum finding_id)id, ep.proto));
	endpoint_clear(&ep);
	return out;
}

bool
select_concerns(const struct tui *t, const char *id, const json_t *finding)
{
	const json_t *all = json_object_get(t->now.end, "findings");
	char *of;
	bool yes;
	size_t n;

	if (strncmp(id, "find:", 5) == 0)
		return json_array_get(all, strtoul(id + 5, NULL, 10)) ==
		    finding;
	if (strncmp(id, "step:", 5) == 0) {
		int f = finding_parse(json_str(finding, "id"));

		return f >= 0 && (int)finding_step((enum finding_id)f,
		    finding_proto(finding)) == select_step(t, id);
	}
	of = select_of_finding(t, finding);
	n = strlen(of);
	yes = strcmp(of, id) == 0 || (strncmp(id, "probe:", 6) == 0 &&
	    strncmp(of, "ep:", 3) == 0 &&
	    strncmp(id + 6, of + 3, n - 3) == 0);
	free(of);
	return yes;
}

bool
select_unfolded(const struct tui *t, const char *id)
{
	size_t i;

	for (i = 0; i < t->nunfolded; i++)
		if (strcmp(t->unfolded[i], id) == 0)
			return true;
	return false;
}

void
select_fold(struct tui *t, const char *id, bool open)
{
	size_t i;

	for (i = 0; i < t->nunfolded; i++)
		if (strcmp(t->unfolded[i], id) == 0)
			break;
	if (open && i == t->nunfolded) {
		t->unfolded = xreallocarray(t->unfolded, i + 1,
		    sizeof(*t->unfolded));
		t->unfolded[t->nunfolded++] = xstrdup(id);
	} else if (!open && i < t->nunfolded) {
		free(t->unfolded[i]);
		t->unfolded[i] = t->unfolded[--t->nunfolded];
	}
}

/* Put the cursor of the tree on a row that may not be made yet. */
static void
set_cursor(struct tui *t, const char *id)
{
	struct pane *p = &t->pane[PANE_STEPS];

	page_begin(&p->page);
	free(p->page.keep);
	p->page.keep = xstrdup(id);
	p->page.keep_nth = 0;
	view_steps(t, p);
	page_end(&p->page, p->h > 0 ? p->h : t->rows);
}

void
select_go(struct tui *t, const char *id)
{
	int step = select_step(t, id);
	char *row, *ep;

	if (step < 0)
		return;
	t->view = VIEW_MAIN;
	t->follow = false;
	row = xasprintf("step:%s", step_rows[step].id);
	if (strncmp(id, "step:", 5) != 0)
		select_fold(t, row, true);
	if (strncmp(id, "probe:", 6) == 0) {
		ep = xasprintf("ep:%.*s", (int)prefix_len(id + 6), id + 6);
		select_fold(t, ep, true);
		free(ep);
	}
	t->family = 0;
	set_cursor(t, id);
	free(row);
}

static const struct sprobe *
newest(const struct tui *t)
{
	size_t i;

	for (i = t->s->nprobes; i-- > 0;)
		if (t->s->probes[i]->state == PROBE_RUNNING)
			return t->s->probes[i];
	return NULL;
}

/* To the endpoint that the ticket names, once, when it is spoken to. */
static bool
go_first(struct tui *t)
{
	const struct sprobe *p;
	char *id;

	if (t->went_first || (p = model_first_probe(t->s)) == NULL)
		return false;
	t->went_first = true;
	id = select_of_probe(p);
	select_go(t, id);
	free(id);
	return true;
}

void
select_follow(struct tui *t)
{
	const struct sprobe *p;
	char *row, *id;

	if (t->follow && go_first(t))
		return;

	if (!t->follow || tui_over(t) ||
	    (t->trail != NULL && tui_elapsed(t) - t->trailed < DWELL))
		return;
	if (t->trail != NULL && (p = session_probe(t->s, t->trail)) != NULL &&
	    p->state == PROBE_RUNNING)
		return;
	if ((p = newest(t)) == NULL)
		return;
	free(t->trail);
	t->trail = xstrdup(p->key);
	t->trailed = tui_elapsed(t);
	row = xasprintf("step:%s", step_rows[p->step].id);
	if (t->followed != p->step && t->followed != STEP_COUNT) {
		id = xasprintf("step:%s", step_rows[t->followed].id);
		select_fold(t, id, false);
		free(id);
	}
	t->followed = p->step;
	select_fold(t, row, true);
	id = select_of_probe(p);
	set_cursor(t, id);
	free(id);
	free(row);
}

const struct sprobe *
select_line(const struct tui *t, uint64_t seq, const struct sline **line)
{
	size_t i, j;

	for (i = 0; i < t->s->nprobes; i++) {
		const struct sprobe *p = t->s->probes[i];

		for (j = 0; j < p->nlines; j++)
			if (p->lines[j].seq == seq) {
				*line = &p->lines[j];
				return p;
			}
	}
	return NULL;
}
