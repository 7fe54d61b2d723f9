/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One word for each step: the worst of its findings and of the cells it
 * filled. A step in which nothing could be tested is unknown or not asked,
 * and services that nobody offers are not offered; none of these is ok.
 */
#include <string.h>

#include "base/json.h"
#include "diag/summary_parts.h"

/* Did this probe of a step learn something? */
static bool
learned(const struct sprobe *p)
{
	if (p->qname != NULL)
		return p->reply != NULL;
	return p->state == PROBE_ENDED && model_told(p) && p->nfacts > 0;
}

/* Of the probes of a step: not asked when there are none, unknown when none
   of them came to something. */
static enum verdict
of_probes(const struct model *m, enum step_id step, enum verdict learnt)
{
	enum verdict v = VERDICT_NOT_ASKED;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->step != step)
			continue;
		if (learned(p))
			return learnt;
		v = VERDICT_UNKNOWN;
	}
	return v;
}

/* Questions about the zone may have been asked by an earlier step. */
static enum verdict
of_zone(const struct model *m)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_OK)
			return VERDICT_OK;
	return m->nservers > 0 ? VERDICT_UNKNOWN : VERDICT_NOT_ASKED;
}

static enum verdict
of_addresses(const struct model *m)
{
	for (size_t i = 0; i < m->nnames; i++)
		if (m->names[i].naddrs > 0)
			return VERDICT_OK;
	return m->nservers > 0 ? VERDICT_OK : VERDICT_NOT_ASKED;
}

/* Left before it was through: stopped, or waiting for the operator. */
static bool
open_step(const struct session *s, enum step_id step)
{
	return s->steps[step] != STEP_ENDED && s->steps[step] !=
	    STEP_NOT_ASKED;
}

bool
summary_unfinished(const struct model *m)
{
	for (int i = 0; i < STEP_SUMMARY; i++)
		if (open_step(m->s, (enum step_id)i))
			return true;
	return false;
}

enum verdict
summary_step(const struct model *m, enum step_id step)
{
	if (m->s->steps[step] == STEP_NOT_ASKED)
		return VERDICT_NOT_ASKED;
	if (step == STEP_SUMMARY ? summary_unfinished(m) :
	    open_step(m->s, step))
		return VERDICT_UNKNOWN;
	switch (step) {
	case STEP_HERE:
	case STEP_SUMMARY:
		return VERDICT_OK;
	case STEP_ZONE:
		return of_zone(m);
	case STEP_ADDRESSES:
		return of_addresses(m);
	case STEP_SERVERS:
	case STEP_WEB:
	case STEP_MAIL_IN:
	case STEP_MAILBOX:
		return of_probes(m, step, VERDICT_NOT_OFFERED);
	default:
		return of_probes(m, step, VERDICT_OK);
	}
}

enum step_id
summary_step_of(const struct endpoint *ep)
{
	if (strcmp(ep->proto, "dns") == 0)
		return STEP_SERVERS;
	if (strncmp(ep->proto, "http", 4) == 0)
		return STEP_WEB;
	return strcmp(ep->proto, "smtp") == 0 ? STEP_MAIL_IN : STEP_MAILBOX;
}

json_t *
summary_steps(const struct model *m, const struct cells *c)
{
	const struct session *s = m->s;
	json_t *o = json_object();

	for (int i = 0; i < STEP_COUNT; i++) {
		enum verdict v = summary_step(m, (enum step_id)i), cell =
		    VERDICT_NONE;

		for (size_t k = 0; k < c->n; k++)
			if ((int)summary_step_of(&c->list[k].ep) == i &&
			    c->list[k].verdict > cell)
				cell = c->list[k].verdict;
		if (cell != VERDICT_NONE && s->steps[i] != STEP_NOT_ASKED &&
		    (cell > v || !open_step(s, (enum step_id)i)))
			v = cell;
		for (size_t k = 0; k < s->nfindings; k++)
			if ((int)finding_step(s->findings[k]->id,
			    s->findings[k]->ep.proto) == i &&
			    s->findings[k]->level > v)
				v = s->findings[k]->level;
		json_put_str(o, step_rows[i].id, verdict_word(v));
	}
	return o;
}
