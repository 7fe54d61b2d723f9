/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The judge: runs every rule over the model and gathers findings. What the
 * rules share is here: evidence, trust in the vantage, how connections went.
 */
#include "diag/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"

bool
judge_has(const struct judge *j, enum finding_id id, const struct endpoint *ep)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->list[i]->id == id &&
		    endpoint_cmp(&j->list[i]->ep, ep) == 0)
			return true;
	return false;
}

struct finding *
judge_add(struct judge *j, enum finding_id id, const struct endpoint *ep)
{
	struct finding *f = xcalloc(1, sizeof *f);

	f->id = id;
	f->level = finding_rows[id].level;
	f->side = finding_rows[id].side;
	f->args = json_object();
	f->command = xstrdup("");
	endpoint_copy(&f->ep, ep);
	j->list = xreallocarray(j->list, j->n + 1, sizeof *j->list);
	j->list[j->n++] = f;
	return f;
}

struct finding *
judge_name(struct judge *j, enum finding_id id, const char *name,
    const struct addr *a)
{
	struct endpoint ep;

	memset(&ep, 0, sizeof ep);
	ep.name = (char *)(uintptr_t)name;
	ep.tls = -1;
	if (a != NULL)
		ep.addr = *a;
	return judge_add(j, id, &ep);
}

void
judge_arg(struct finding *f, const char *key, const char *value)
{
	json_put_str(f->args, key, value);
}

void
judge_arg_int(struct finding *f, const char *key, int64_t value)
{
	json_put_int(f->args, key, value);
}

static void
add_evidence(struct finding *f, const struct sprobe *p, uint64_t seq)
{
	if (seq != 0 && f->nevidence < 4)
		f->evidence[f->nevidence++] = seq;
	if (f->command[0] == '\0' && p->command != NULL) {
		free(f->command);
		f->command = xstrdup(p->command);
	}
}

void
judge_evidence(struct finding *f, const struct sprobe *p)
{
	uint64_t seq = 0;

	if (p == NULL)
		return;
	if (p->reply != NULL)
		seq = p->reply_seq;
	else if (p->nlines > 0)
		seq = p->lines[p->nlines - 1].seq;
	add_evidence(f, p, seq);
}

void
judge_evidence_of(struct finding *f, const struct sprobe *p,
    const json_t *value)
{
	uint64_t told = 0, seq = 0;

	for (size_t i = 0; i < p->nfacts; i++)
		if (p->facts[i].value == value)
			told = p->facts[i].seq;
	for (size_t i = 0; i < p->nlines && p->lines[i].seq < told; i++)
		if (p->lines[i].dir != TALK_SENT)
			seq = p->lines[i].seq;
	if (seq == 0)
		judge_evidence(f, p);
	else
		add_evidence(f, p, seq);
}

void
judge_evidence_first(struct finding *f, const struct sprobe *p)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].dir == TALK_RECEIVED) {
			add_evidence(f, p, p->lines[i].seq);
			return;
		}
	judge_evidence(f, p);
}

bool
judge_trusts(const struct judge *j, const struct addr *a)
{
	return a->family == 0 || j->m->proof[FAMILY(a)] == PROOF_DONE;
}

static bool
counts_as_tried(const json_t *v)
{
	const char *cause = json_str(v, "cause");

	return json_flag(v, "ok") || (strcmp(cause, "interrupted") != 0 &&
	    strcmp(cause, "local") != 0);
}

static void
count_try(struct connect_view *c, const json_t *v)
{
	bool ok = json_flag(v, "ok"), second = json_int(v, "round", 1) == 2;
	size_t len = strlen(c->sequence);
	struct net_error e;

	if (len + 1 < sizeof c->sequence)
		c->sequence[len] = ok ? 'o' : 'x';
	if (c->tries == 0)
		c->first_lost = !ok;
	if (second && !c->round2)
		c->again_lost = !ok;
	c->round2 = c->round2 || second;
	c->tries++;
	c->ok += ok;
	c->failed += !ok;
	if (ok)
		return;
	json_net_error_parse(v, &e);
	c->cause = e.cause;
	c->fact = v;
}

/* In the order in which the tries began, not in which they ended. */
bool
judge_connect_view(const struct sprobe *p, struct connect_view *c)
{
	int last = 0;

	memset(c, 0, sizeof *c);
	for (size_t i = 0; i < p->nfacts; i++)
		if (p->facts[i].attempt > last)
			last = p->facts[i].attempt;
	for (int attempt = 0; attempt <= last; attempt++)
		for (size_t i = 0; i < p->nfacts; i++)
			if (p->facts[i].attempt == attempt &&
			    strcmp(p->facts[i].key, "connect") == 0 &&
			    counts_as_tried(p->facts[i].value))
				count_try(c, p->facts[i].value);
	return p->state == PROBE_ENDED && c->tries > 0;
}

bool
judge_works(const struct sprobe *p)
{
	struct connect_view c;

	judge_connect_view(p, &c);
	return c.ok > 0;
}

static int
by_order(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a;
	const struct finding *y = *(struct finding *const *)b;
	int c = (x->id > y->id) - (x->id < y->id);

	return c != 0 ? c : endpoint_cmp(&x->ep, &y->ep);
}

void
judge_run(struct judge *j, struct model *m)
{
	memset(j, 0, sizeof *j);
	j->m = m;
	judge_here(j);
	judge_delegation(j);
	judge_servers(j);
	judge_zone(j);
	judge_resolver(j);
	judge_addresses(j);
	judge_connect(j);
	judge_tls(j);
	judge_web(j);
	judge_mail(j);
	judge_mailbox(j);
	judge_summary(j);
	if (j->n > 1)
		qsort(j->list, j->n, sizeof *j->list, by_order);
}

void
judge_free(struct judge *j)
{
	for (size_t i = 0; i < j->n; i++)
		finding_free(j->list[i]);
	free(j->list);
	memset(j, 0, sizeof *j);
}
