/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What clients live through: the cells of the matrix are gathered by service,
 * each address counted by the worst that happens there, and every finding
 * that somebody feels is laid on top.
 */
#include "diag/clients.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"

struct list {
	struct client_service	*v;
	size_t			 n;
};

static const struct sprobe *
probe_at(const struct session *s, const struct endpoint *ep)
{
	for (size_t i = 0; i < s->nprobes; i++)
		if (s->probes[i]->what[0] == '\0' &&
		    endpoint_cmp(&s->probes[i]->ep, ep) == 0)
			return s->probes[i];
	return NULL;
}

static bool
connects(const struct sprobe *p)
{
	for (size_t i = 0; p != NULL && i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "connect") == 0 &&
		    json_flag(p->facts[i].value, "ok"))
			return true;
	return false;
}

/* An address that connects: good, or by what is found there not. */
static void
count_good(const struct client_matrix *m, size_t i, struct client_side *side)
{
	int worst = 0;

	for (size_t k = 0; k < m->s->nfindings; k++)
		if (endpoint_cmp(&m->s->findings[k]->ep, &m->eps[i]) == 0) {
			int breaks = clients_feel_at(side, m->s->findings[k]);

			worst = breaks > worst ? breaks : worst;
		}
	if (worst > 0) {
		*(worst == 1 ? &side->wrong : &side->final) += 1;
		return;
	}
	side->good++;
	if (m->seconds[i] > side->s)
		side->s = m->seconds[i];
}

static void
count(const struct client_matrix *m, size_t i, struct client_side *side)
{
	const struct sprobe *p = probe_at(m->s, &m->eps[i]);

	if (m->verdicts[i] == VERDICT_UNKNOWN ||
	    m->verdicts[i] == VERDICT_NOT_ASKED)
		side->unknown = true;
	else if (connects(p))
		count_good(m, i, side);
	else if (p != NULL && strcmp(p->outcome, "timeout") == 0)
		side->silent++;
	else {
		side->refused++;
		side->told += m->seconds[i] > 0 ? m->seconds[i] : 0;
	}
}

static bool
is_special(const struct client_matrix *m, const struct endpoint *ep)
{
	for (size_t i = 0; i < m->s->nfindings; i++)
		if (m->s->findings[i]->id == F_ADDRESS_SPECIAL &&
		    addr_equal(&m->s->findings[i]->ep.addr, &ep->addr))
			return true;
	return false;
}

/* A server address that does not answer for the zone at all. */
static bool
is_dead(const struct client_matrix *m, const struct endpoint *ep)
{
	for (size_t i = 0; i < m->s->nfindings; i++) {
		const struct finding *f = m->s->findings[i];

		if ((f->id == F_DNS_TIMEOUT || f->id == F_DNS_REFUSED_PORT ||
		    f->id == F_DNS_UNREACHABLE || f->id == F_DNS_LAME ||
		    f->id == F_DNS_WRONG_SOURCE) && f->level == VERDICT_ERROR
		    && f->side == SIDE_DOMAIN && endpoint_cmp(&f->ep, ep) ==
		    0)
			return true;
	}
	return false;
}

/* Over IPv6 alone: does some server answer there, or is it not known? */
static void
servers(const struct client_matrix *m, struct client_dns *d)
{
	bool works = false, unknown = false;

	for (size_t i = 0; i < m->n; i++) {
		enum verdict v = (enum verdict)m->verdicts[i];

		if (strcmp(m->eps[i].proto, "dns") != 0 ||
		    m->eps[i].addr.family != 6)
			continue;
		if (v == VERDICT_UNKNOWN || (v == VERDICT_NOT_ASKED &&
		    !is_special(m, &m->eps[i])))
			unknown = true;
		else if (v != VERDICT_NOT_ASKED && !is_dead(m, &m->eps[i]))
			works = true;
	}
	d->only_unknown = !works && unknown;
	d->only[1] = !works && !unknown;
}

static bool
same_service(const struct endpoint *a, const struct endpoint *b)
{
	return strcmp(a->name, b->name) == 0 && a->port == b->port &&
	    strcmp(a->proto, b->proto) == 0;
}

static struct client_service *
add(struct list *l, const struct endpoint *ep)
{
	struct client_service *v;

	l->v = xreallocarray(l->v, l->n + 1, sizeof *l->v);
	v = &l->v[l->n++];
	memset(v, 0, sizeof *v);
	endpoint_copy(&v->ep, ep);
	memset(&v->ep.addr, 0, sizeof v->ep.addr);
	return v;
}

static void
add_named(struct list *l, const char *name, const char *proto)
{
	struct endpoint ep = { (char *)(uintptr_t)name, { 0, { 0 } }, 0, "",
		-1 };

	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].ep.name, name) == 0)
			return;
	strcpy(ep.proto, proto);
	add(l, &ep);
}

static bool
is_service(const struct endpoint *ep)
{
	return strncmp(ep->proto, "http", 4) == 0 ||
	    strcmp(ep->proto, "smtp") == 0 || model_mail_service(ep) != NULL;
}

/* The services of the matrix; what is closed everywhere is not offered. */
static void
gather(const struct client_matrix *m, struct list *l)
{
	for (size_t i = 0; i < m->n; i++) {
		bool offered = false;
		struct client_service *v;
		size_t k;

		for (k = 0; k < i && !same_service(&m->eps[k], &m->eps[i]); k++)
			continue;
		if (k < i || !is_service(&m->eps[i]))
			continue;
		for (k = i; k < m->n; k++)
			offered = offered || (m->verdicts[k] !=
			    VERDICT_NOT_OFFERED && same_service(&m->eps[k],
			    &m->eps[i]));
		if (!offered)
			continue;
		v = add(l, &m->eps[i]);
		for (k = i; k < m->n; k++)
			if (same_service(&m->eps[k], &m->eps[i]))
				count(m, k, &v->side[m->eps[k].addr.family ==
				    6]);
	}
}

static bool
is_server(const struct client_matrix *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->eps[i].proto, "dns") == 0 &&
		    strcmp(m->eps[i].name, name) == 0)
			return true;
	return false;
}

/* Names that have no cell, because nobody gets there. */
static void
nowhere(const struct client_matrix *m, struct list *l)
{
	for (size_t i = 0; i < m->s->nfindings; i++) {
		const struct finding *f = m->s->findings[i];

		if (f->level != VERDICT_ERROR)
			continue;
		if (f->id == F_MX_NO_ADDRESS)
			add_named(l, f->ep.name, "smtp");
		else if (f->id == F_ADDRESS_SPECIAL &&
		    !is_server(m, f->ep.name))
			add_named(l, f->ep.name, "");
	}
}

/* The domain itself, if nobody finds it or none of its servers answers. */
static void
nothing(const struct client_matrix *m, struct list *l)
{
	const json_t *subject = m->s->head == NULL ? NULL :
	    json_object_get(m->s->head, "subject");
	bool missing = false, failed = false, other = false;

	for (size_t i = 0; i < m->s->nfindings; i++)
		missing = missing || m->s->findings[i]->id == F_DOMAIN_MISSING
		    || m->s->findings[i]->id == F_DOMAIN_NOT_DELEGATED;
	for (size_t i = 0; i < m->n; i++)
		if (m->verdicts[i] == VERDICT_ERROR)
			failed = true;
		else
			other = true;
	if (l->n == 0 && (missing || (failed && !other)))
		add_named(l, json_str(subject, "name"), "dns");
}

static void
live(const struct client_matrix *m, struct client_service *v)
{
	servers(m, &v->dns);
	v->dns.none = strcmp(v->ep.proto, "dns") == 0;
	for (size_t i = 0; i < m->s->nfindings; i++)
		clients_feel(m, v, m->s->findings[i]);
	for (int k = 0; k < CLIENT_KINDS; k++) {
		v->life[k] = clients_life((enum client_kind)k, &v->side[0],
		    &v->side[1]);
		clients_look_up(&v->life[k], (enum client_kind)k, &v->dns);
	}
}

size_t
clients_of(const struct client_matrix *m, struct client_service **v)
{
	struct list l = { NULL, 0 };

	gather(m, &l);
	nowhere(m, &l);
	nothing(m, &l);
	for (size_t i = 0; i < l.n; i++)
		live(m, &l.v[i]);
	*v = l.v;
	return l.n;
}

void
clients_free(struct client_service *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		endpoint_clear(&v[i].ep);
	free(v);
}

const char *
clients_word(enum client_kind kind)
{
	static const char *const words[CLIENT_KINDS] = { "v4", "he", "old",
		"nat64", "v6-resolver", "mta" };

	return words[kind];
}

bool
clients_has(const struct client_service *v, enum client_kind kind)
{
	if (strcmp(v->ep.proto, "smtp") == 0)
		return kind == CLIENT_MTA;
	return kind != CLIENT_MTA || v->ep.port == 0;
}

enum verdict
clients_verdict(const struct client_life *l)
{
	if (!l->works)
		return l->unknown ? VERDICT_UNKNOWN : VERDICT_ERROR;
	if (l->fails_some || l->waits_most - l->patient >= 1)
		return VERDICT_WARNING;
	return l->patient >= 1 || l->grey ? VERDICT_NOTICE : VERDICT_OK;
}
