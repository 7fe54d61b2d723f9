/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a scenario about signatures and zone transfers, and what they
 * come to once the zones are complete.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/practice.h"

const struct sign *
scenario_sign_of(const struct scenario *s, const unsigned char *zone)
{
	size_t	i;

	for (i = s->nsigns; i-- > 0;)
		if (name_equal(s->signs[i].zone, zone))
			return (&s->signs[i]);
	return (NULL);
}

int
word_sign(struct words *w)
{
	unsigned char	name[NAME_MAX_WIRE];
	struct sign	sign = { .kind = SIGN_GOOD };

	if (words_name(w, name) == -1)
		return (-1);
	if (words_is(w, "expired"))
		sign.kind = SIGN_EXPIRED;
	else if (words_is(w, "not-yet"))
		sign.kind = SIGN_NOT_YET;
	else if (words_is(w, "ds-mismatch"))
		sign.kind = SIGN_DS_MISMATCH;
	else if (words_is(w, "soon")) {
		sign.kind = SIGN_SOON;
		if (words_number(w, 0, 3650, &sign.days) == -1)
			return (-1);
	}
	if (!sign_possible()) {
		w->at = 1;
		return (words_refuse(w, REFUSAL_SIGNING, NULL));
	}
	scenario_zone(w->s, name, true);
	sign.zone = name_dup(name);
	w->s->signs = xreallocarray(w->s->signs, w->s->nsigns + 1,
	    sizeof *w->s->signs);
	w->s->signs[w->s->nsigns++] = sign;
	return (0);
}

static const struct zone *
zone_above(const struct scenario *s, const unsigned char *name)
{
	const struct zone	*best = NULL, *z;
	size_t			 i;

	for (i = 0; i < s->nzones; i++) {
		z = s->zones[i];
		if (name_under(name, z->name) && !name_equal(name, z->name) &&
		    (best == NULL || name_labels(z->name) >
		    name_labels(best->name)))
			best = z;
	}
	return (best);
}

void
scenario_sign(struct scenario *s)
{
	const struct sign	*sign;
	const struct zone	*above;
	struct zone		*z;
	size_t			 i;

	for (i = 0; i < s->nzones; i++) {
		z = s->zones[i];
		above = zone_above(s, z->name);
		if ((sign = scenario_sign_of(s, z->name)) == NULL)
			continue;
		z->is_signed = true;
		if (above != NULL)
			sign_delegation(scenario_zone(s, above->name, false),
			    sign, s->seed);
	}
	for (i = 0; i < s->nzones; i++)
		if (s->zones[i]->is_signed)
			sign_zone(s->zones[i], scenario_sign_of(s,
			    s->zones[i]->name), s->seed, s->clock);
}

int
scenario_security(void *scenario, const unsigned char *name)
{
	const struct scenario	*s = scenario;
	const struct zone	*z;
	const struct sign	*sign;
	unsigned char		 below[NAME_MAX_WIRE + 1];
	int			 verdict = 1;

	if (name_len(name) + 2 > sizeof below)
		return (0);
	below[0] = 1;			/* a name below, to begin with it */
	below[1] = 'x';
	memcpy(below + 2, name, name_len(name));
	for (z = zone_above(s, below); z != NULL; z = zone_above(s, z->name)) {
		if ((sign = scenario_sign_of(s, z->name)) == NULL)
			verdict = 0;	/* and so is all below */
		else if (verdict != 0 && sign->kind != SIGN_GOOD &&
		    sign->kind != SIGN_SOON)
			verdict = -1;
	}
	return (verdict);
}

int
word_transfer(struct words *w)
{
	struct transfer	 t = { .n = 0 };
	struct zone	*z;
	struct prefix	 p;

	if (words_who(w, WHO_DNS, &t.who) == 0 &&
	    (z = words_zone(w)) != NULL) {
		t.zone = name_dup(z->name);
		for (; words_more(w) && prefix_parse(&p, w->w[w->at]) == 0;
		    w->at++) {
			t.from = xreallocarray(t.from, t.n + 1,
			    sizeof *t.from);
			t.from[t.n++] = p;
		}
		w->s->transfers = xreallocarray(w->s->transfers,
		    w->s->ntransfers + 1, sizeof *w->s->transfers);
		w->s->transfers[w->s->ntransfers++] = t;
		return (0);
	}
	free(t.who.list);
	return (-1);
}

static bool
among(const struct addrs *list, const struct addr *a)
{
	size_t	i;

	for (i = 0; i < list->n; i++)
		if (addr_equal(&list->list[i], a))
			return (true);
	return (false);
}

bool
scenario_may_transfer(const struct scenario *s, const struct addr *at,
    const unsigned char *zone, const struct addr *client)
{
	const struct transfer	*t;
	size_t			 i, k;

	for (i = 0; i < s->ntransfers; i++) {
		t = &s->transfers[i];
		if (!among(&t->who, at) || !name_equal(t->zone, zone))
			continue;
		for (k = 0; k < t->n; k++)
			if (prefix_match(&t->from[k], client))
				return (true);
		if (t->n == 0)
			return (true);
	}
	return (false);
}

void
scenario_signs_free(struct scenario *s)
{
	size_t	i;

	for (i = 0; i < s->nsigns; i++)
		free(s->signs[i].zone);
	free(s->signs);
	for (i = 0; i < s->ntransfers; i++) {
		free(s->transfers[i].who.list);
		free(s->transfers[i].zone);
		free(s->transfers[i].from);
	}
	free(s->transfers);
}
