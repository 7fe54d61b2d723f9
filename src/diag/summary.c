/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a diagnosis: the verdict of the whole, the findings sorted, and
 * all parts of the summary put together. Derived from what is known, nothing
 * else.
 */
#include "diag/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"
#include "diag/summary_parts.h"

/* A name that is there, but where it leads could not be found out. */
static bool
nowhere(const struct mname *n)
{
	return (n->failed || n->endless) && n->naddrs == 0 && !n->wildcard &&
	    (n->kind & ~NAME_NS) != 0;
}

static enum verdict
whole(const struct model *m, const struct cells *c)
{
	enum verdict v = VERDICT_OK;

	for (size_t i = 0; i < m->s->nfindings; i++) {
		const struct finding *f = m->s->findings[i];

		if (f->side == SIDE_DOMAIN && f->level > v &&
		    f->level >= VERDICT_NOTICE)
			v = f->level;
	}
	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].verdict == VERDICT_UNKNOWN &&
		    v < VERDICT_UNKNOWN)
			v = VERDICT_UNKNOWN;
	for (size_t i = 0; i < m->nnames; i++)
		if (v < VERDICT_UNKNOWN && nowhere(&m->names[i]))
			v = VERDICT_UNKNOWN;
	if (v < VERDICT_UNKNOWN && (m->left_out != 0 || m->shortened ||
	    m->s->lost > 0 || m->zstate == ZONE_FAILED ||
	    m->zstate == ZONE_PENDING || summary_unserved(m) ||
	    summary_unfinished(m)))
		v = VERDICT_UNKNOWN;
	for (size_t i = 0; v < VERDICT_UNKNOWN && i < m->s->nprobes; i++)
		if (m->s->probes[i]->state == PROBE_RUNNING ||
		    strcmp(m->s->probes[i]->outcome, "interrupted") == 0 ||
		    strcmp(m->s->probes[i]->outcome, "limit") == 0)
			v = VERDICT_UNKNOWN;
	return v;
}

static json_t *
counts_json(const struct session *s)
{
	static const enum verdict kinds[] = { VERDICT_NOTICE, VERDICT_WARNING,
		VERDICT_ERROR, VERDICT_UNKNOWN };
	json_t *o = json_object();

	for (size_t k = 0; k < 4; k++) {
		int64_t n = 0;

		for (size_t i = 0; i < s->nfindings; i++)
			n += s->findings[i]->side == SIDE_DOMAIN &&
			    s->findings[i]->level == kinds[k];
		json_put_int(o, verdict_word(kinds[k]), n);
	}
	return o;
}

static int
by_level(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a;
	const struct finding *y = *(struct finding *const *)b;
	int c = (x->level < y->level) - (x->level > y->level);

	if (c == 0)
		c = (x->side > y->side) - (x->side < y->side);
	if (c == 0)
		c = (x->id > y->id) - (x->id < y->id);
	return c != 0 ? c : endpoint_cmp(&x->ep, &y->ep);
}

struct finding **
summary_sorted(const struct session *s)
{
	struct finding **list = xcalloc(s->nfindings + 1, sizeof *list);

	for (size_t i = 0; i < s->nfindings; i++)
		list[i] = s->findings[i];
	if (s->nfindings > 1)
		qsort(list, s->nfindings, sizeof *list, by_level);
	return list;
}

static void
put_findings(json_t *o, const struct session *s)
{
	json_t *findings = json_array(), *facts = json_array();
	struct finding **list = summary_sorted(s);

	for (size_t i = 0; i < s->nfindings; i++)
		json_array_append_new(list[i]->level == VERDICT_FACT ? facts :
		    findings, finding_json(list[i]));
	free(list);
	json_put(o, "findings", findings);
	json_put(o, "facts", facts);
}

/* Index of the worst domain finding in `findings', or -1. */
static int64_t
worst_index(const json_t *findings)
{
	const json_t *item;
	size_t i;

	json_array_foreach(findings, i, item)
		if (strcmp(json_str(item, "side"), "domain") == 0)
			return (int64_t)i;
	return -1;
}

static json_t *
summary_json(struct model *m, const struct cells *c, const json_t *end)
{
	json_t *o = json_object();

	json_put_str(o, "zone", m->zone == NULL ? "" : m->zone);
	json_put(o, "services", summary_services(m, c));
	json_put_flag(o, "half_done", summary_has(c, F_HALF_DONE_V6));
	json_put_int(o, "worst", worst_index(json_object_get(end,
	    "findings")));
	json_put(o, "who", summary_who(m->s));
	json_put(o, "clients", summary_clients(m, c));
	json_put_int(o, "questions", summary_probes(m->s, true));
	json_put_int(o, "connections", summary_probes(m->s, false));
	json_put(o, "not_asked", summary_not_asked(m));
	json_put(o, "limits", summary_limits(m));
	return o;
}

json_t *
summary_end(struct model *m)
{
	json_t *o = json_object();
	struct cells c;

	summary_cells(m, &c, m->s->findings, m->s->nfindings);
	json_put_str(o, "verdict", verdict_word(whole(m, &c)));
	json_put(o, "counts", counts_json(m->s));
	put_findings(o, m->s);
	json_put(o, "matrix", summary_matrix(&c));
	json_put(o, "delegation", summary_delegation(m));
	json_put(o, "summary", summary_json(m, &c, o));
	json_put(o, "contacts", summary_contacts(m));
	json_put(o, "steps", summary_steps(m, &c));
	summary_cells_free(&c);
	return o;
}
