/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom it is about: the delegation as parent and zone tell it, who must act,
 * whom to call.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "diag/summary_parts.h"

static int
by_pair(const void *a, const void *b)
{
	const struct mpair *x = a, *y = b;
	int c = strcmp(x->ns, y->ns);

	return c != 0 ? c : addr_cmp(&x->addr, &y->addr);
}

static json_t *
pairs_json(struct mpairs *p)
{
	json_t *a = json_array();
	char text[ADDR_STRLEN];

	if (p->n > 1)
		qsort(p->list, p->n, sizeof *p->list, by_pair);
	for (size_t i = 0; i < p->n; i++) {
		json_t *o = json_object();

		/* No null beside an address that was found. */
		if (p->list[i].addr.family == 0 && i + 1 < p->n &&
		    strcmp(p->list[i].ns, p->list[i + 1].ns) == 0) {
			json_decref(o);
			continue;
		}
		json_put_str(o, "ns", p->list[i].ns);
		if (p->list[i].addr.family == 0)
			json_put(o, "addr", json_null());
		else
			json_put_str(o, "addr", addr_print(&p->list[i].addr,
			    text));
		json_array_append_new(a, o);
	}
	return a;
}

json_t *
summary_delegation(struct model *m)
{
	json_t *o = json_object();

	json_put(o, "parent", pairs_json(&m->parents));
	json_put(o, "delegation", pairs_json(&m->delegation));
	json_put(o, "zone", pairs_json(&m->zone_ns));
	return o;
}

json_t *
summary_who(const struct session *s)
{
	json_t *a = json_array();
	struct finding **list = summary_sorted(s);

	for (size_t i = 0; i < s->nfindings; i++) {
		const char *who = finding_rows[list[i]->id].who;
		bool there = false;

		if (list[i]->side != SIDE_DOMAIN ||
		    list[i]->level < VERDICT_WARNING)
			continue;
		for (size_t k = 0; k < json_array_size(a); k++)
			there = there || strcmp(json_string_value(
			    json_array_get(a, k)), who) == 0;
		if (!there)
			json_array_append_new(a, json_string(who));
	}
	free(list);
	return a;
}

static void
contact(json_t *a, const char *service, const char *name)
{
	const char *who = provider_of(service, name);
	const json_t *item;
	json_t *o;
	size_t i;

	if (who == NULL)
		return;
	json_array_foreach(a, i, item)
		if (strcmp(json_str(item, "service"), service) == 0 &&
		    strcmp(json_str(item, "provider"), who) == 0)
			return;
	o = json_object();
	json_put_str(o, "service", service);
	json_put_str(o, "provider", who);
	json_array_append_new(a, o);
}

json_t *
summary_contacts(const struct model *m)
{
	json_t *a = json_array();

	for (size_t i = 0; i < m->delegation.n; i++)
		contact(a, "dns", m->delegation.list[i].ns);
	for (size_t i = 0; i < m->nmx; i++)
		contact(a, "mail-in", m->mx[i].target);
	for (size_t i = 0; i < m->nnames; i++)
		if ((m->names[i].kind & NAME_WEB) != 0 &&
		    m->names[i].final != NULL)
			contact(a, "web", m->names[i].final);
	return a;
}
