/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is hurt: the kinds of clients that fail, wait or may fail, and at which
 * services; the rest of what clients live through is for the screen alone.
 */
#include <stdlib.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/clients.h"
#include "diag/summary_parts.h"

static json_t *
life_json(const struct client_service *v, enum client_kind kind)
{
	const struct client_life *l = &v->life[kind];
	json_t *o = json_object();

	json_put_str(o, "client", clients_word(kind));
	json_put(o, "endpoint", endpoint_json(&v->ep));
	json_put_str(o, "verdict", verdict_word(clients_verdict(l)));
	if (!l->works)
		return o;
	json_put_num(o, "s", l->waits + l->speaks);
	if (l->waits_most > l->waits)
		json_put_num(o, "most", l->waits_most + l->speaks);
	json_put_flag(o, "fails_some", l->fails_some);
	return o;
}

/* Whom a notice alone stands for is not hurt: nobody offers IPv6 there, say. */
static bool
blamed(const struct client_matrix *m, const struct client_service *v)
{
	bool zone;

	for (size_t i = 0; i < m->s->nfindings; i++) {
		const struct finding *f = m->s->findings[i];

		if ((f->level == VERDICT_WARNING || f->level ==
		    VERDICT_ERROR) && (f->side == SIDE_DOMAIN || f->side ==
		    SIDE_PATH) && clients_felt(m, v, f, &zone))
			return true;
	}
	return false;
}

static bool
hurt(const struct client_service *v, enum client_kind kind)
{
	enum verdict verdict = clients_verdict(&v->life[kind]);

	return clients_has(v, kind) && (verdict == VERDICT_WARNING ||
	    verdict == VERDICT_ERROR);
}

static json_t *
lives_json(const struct client_matrix *m)
{
	json_t *a = json_array();
	struct client_service *v;
	size_t n = clients_of(m, &v);

	for (int k = 0; k < CLIENT_KINDS; k++)
		for (size_t i = 0; i < n; i++)
			if (hurt(&v[i], (enum client_kind)k) &&
			    blamed(m, &v[i]))
				json_array_append_new(a, life_json(&v[i],
				    (enum client_kind)k));
	clients_free(v, n);
	return a;
}

json_t *
summary_clients(const struct model *m, const struct cells *c)
{
	struct endpoint *eps = xcalloc(c->n + 1, sizeof *eps);
	int *verdicts = xcalloc(c->n + 1, sizeof *verdicts);
	double *seconds = xcalloc(c->n + 1, sizeof *seconds);
	struct client_matrix all = { m->s, eps, verdicts, seconds, c->n };
	json_t *a;

	for (size_t i = 0; i < c->n; i++) {
		eps[i] = c->list[i].ep;
		verdicts[i] = (int)c->list[i].verdict;
		seconds[i] = summary_seconds(&c->list[i]);
	}
	a = lives_json(&all);
	free(eps);
	free(verdicts);
	free(seconds);
	return a;
}
