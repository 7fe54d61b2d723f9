/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of interest: what each server says of them, where aliases and
 * further delegations lead, which mail hosts there are, which addresses.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"

#define FINAL_SERVERS	8

struct mname *
model_name_add(struct model *m, const char *name, unsigned kind)
{
	struct mname *n = model_name(m, name);

	if (n != NULL) {
		n->kind |= kind;
		return n;
	}
	m->names = xreallocarray(m->names, m->nnames + 1, sizeof *m->names);
	n = &m->names[m->nnames++];
	memset(n, 0, sizeof *n);
	n->name = xstrdup(name);
	n->kind = kind;
	return n;
}

/* One question of the table to one server, gated by what is known of it. */
static void
want_each(struct model *m, const struct mserver *s, const char *qname,
    enum question_class class)
{
	for (size_t i = 0; i < question_count; i++) {
		const struct question_row *q = &question_rows[i];

		if (q->class != class || strcmp(q->transport, "again") == 0)
			continue;
		if (model_asked(m, &s->addr, q->transport, qname, q->type) ==
		    NULL)
			model_want_dns(m, s->ns, &s->addr, q->transport, qname,
			    q->type, 0);
	}
}

/* A answered and AAAA did not come back right: A once more, to tell a dead
   server from one that is silent on AAAA only. */
void
model_again(struct model *m, const char *ns, const struct addr *a,
    const char *qname)
{
	const struct sprobe *v4 = model_asked(m, a, "udp", qname, DNS_A);
	const struct sprobe *v6 = model_asked(m, a, "udp", qname, DNS_AAAA);

	if (v4 == NULL || v6 == NULL || v4->reply == NULL ||
	    v6->state != PROBE_ENDED || (v6->reply != NULL &&
	    v6->reply->rcode == v4->reply->rcode) ||
	    model_asked(m, a, "again", qname, DNS_A) != NULL)
		return;
	model_want_dns(m, ns, a, "again", qname, DNS_A, 0);
}

static void
ask_of_name(struct model *m, const struct mserver *s, const struct mname *n)
{
	want_each(m, s, n->name, (n->kind & ~NAME_NS) == 0 ? Q_NS_NAME :
	    Q_NAME);
	model_again(m, s->ns, &s->addr, n->name);
}

static void
ask_server(struct model *m, const struct mserver *s)
{
	/* The first root server's name: nothing of this zone's, and harmless. */
	if ((s->state == MS_OK || s->state == MS_LAME) && m->nhints > 0)
		want_each(m, s, m->hints[0].name, Q_FOREIGN);
	if (s->state != MS_OK)
		return;
	want_each(m, s, m->zone, Q_APEX);
	if (strcmp(m->subject, m->zone) != 0)
		want_each(m, s, m->subject, Q_SUBJECT);
	for (size_t i = 0; i < m->nnames; i++)
		if (m->names[i].in_zone && !model_guessed(&m->names[i]))
			ask_of_name(m, s, &m->names[i]);
}

static void
want_random(struct model *m)
{
	char *name = xasprintf("%s.%s", m->label, m->zone);

	for (size_t i = 0; i < m->nservers; i++)
		if (model_asked(m, &m->servers[i].addr, "udp", name, DNS_A) !=
		    NULL) {
			free(name);
			return;
		}
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_OK) {
			want_each(m, &m->servers[i], name, Q_RANDOM);
			break;
		}
	free(name);
}

/* The reply to the random label over any server; NULL if none (yet). */
static const struct dns_msg *
random_reply(struct model *m, uint16_t type, bool *ended)
{
	char *name = xasprintf("%s.%s", m->label, m->zone);
	const struct dns_msg *r = NULL;
	bool waiting = false;

	for (size_t i = 0; i < m->nservers && r == NULL; i++) {
		bool one;

		if (m->servers[i].state == MS_PENDING)
			waiting = true;
		if (m->servers[i].state != MS_OK)
			continue;
		r = model_reply(m, &m->servers[i].addr, name, type, &one);
		waiting = !one;
		if (model_asked(m, &m->servers[i].addr, "udp", name, type) !=
		    NULL)
			break;
	}
	*ended = r != NULL || !waiting;
	free(name);
	return r;
}

/* cut: some are not known, which may be others on each side. */
static bool
same_addresses(struct addr *a, size_t na, struct addr *b, size_t nb, bool cut)
{
	size_t hits = 0;

	for (size_t i = 0; i < na; i++)
		for (size_t k = 0; k < nb; k++)
			hits += addr_equal(&a[i], &b[k]);
	return cut ? hits > 0 : na > 0 && hits == na && na == nb;
}

static void
take_reply(struct mname *n, const struct dns_msg *r)
{
	const char *alias = walk_alias(r, n->name), *last;

	if (r->rcode == DNS_NXDOMAIN && alias == NULL)
		n->nxdomain = true;
	if (r->rcode != DNS_NOERROR && alias == NULL)
		return;
	n->cut = n->cut || message_cut(r, DNS_ANSWER);
	last = model_chain(r, n->name, &n->addrs, &n->naddrs);
	n->endless = n->endless || walk_alias(r, last) != NULL;
	if (alias != NULL && n->alias == NULL) {
		n->alias = xstrdup(alias);
		free(n->final);
		n->final = xstrdup(last);
	}
}

/* What the zone's own servers say of a name. */
static void
own_view(struct model *m, struct mname *n)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA };
	bool any = false;

	for (size_t i = 0; i < m->nservers; i++)
		for (int t = 0; t < 2; t++) {
			const struct dns_msg *r;
			bool ended = true;

			if (m->servers[i].state == MS_PENDING)
				n->pending = true;
			if (m->servers[i].state != MS_OK)
				continue;
			r = model_reply(m, &m->servers[i].addr, n->name,
			    types[t], &ended);
			if (!ended)
				n->pending = true;
			if (r != NULL) {
				take_reply(n, r);
				any = true;
			}
		}
	if (any && n->naddrs > 0)
		n->nxdomain = false;
}

/* A/AAAA/A at the servers of the zone where the name finally lives. */
static void
ask_final(struct model *m, const char *name, struct walk_zone *z,
    struct mname *n)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA };

	walk_servers(m->any, z);
	n->zone = z;
	for (size_t i = 0; i < z->nservers && i < FINAL_SERVERS; i++) {
		const struct walk_server *s = &z->servers[i];

		if (!model_usable(m, &s->addr) || model_silent(m, &s->addr))
			continue;
		for (int t = 0; t < 2; t++) {
			const struct dns_msg *r;
			bool ended;

			if (model_asked(m, &s->addr, "udp", name, types[t]) ==
			    NULL)
				model_want_dns(m, s->ns, &s->addr, "udp", name,
				    types[t], 0);
			r = model_reply(m, &s->addr, name, types[t], &ended);
			if (r != NULL)
				walk_collect(r, name, &n->addrs, &n->naddrs);
		}
		model_again(m, s->ns, &s->addr, name);
	}
}

/* Names that live elsewhere: followed by the walk to their last zone. */
static void
foreign_view(struct model *m, struct mname *n, const char *start)
{
	char *name = xstrdup(start);
	struct walk_zone *broke = NULL;
	struct walk_result first = walk_ask(m->any, name, DNS_A), last;
	enum walk_state st;

	st = walk_addrs(m->any, name, &n->addrs, &n->naddrs, &broke);
	n->pending = n->pending || st == WALK_PENDING;
	n->nxdomain = st == WALK_NXDOMAIN;
	n->failed = st == WALK_FAILED;
	if (first.state == WALK_ALIAS && n->alias == NULL)
		n->alias = xstrdup(first.name);
	last = walk_lookup(m->any, name, DNS_A);
	n->endless = n->endless || last.state == WALK_ALIAS;
	if (last.state == WALK_ANSWER || last.state == WALK_NODATA) {
		if (strcmp(last.name, n->name) != 0) {
			free(n->final);
			n->final = xstrdup(last.name);
		}
		if (message_name_within(n->name, m->zone))
			ask_final(m, last.name, last.zone, n);
	}
	free(name);
}

/* A name inside the zone that is delegated further (a load balancer). */
static bool
delegated_further(struct model *m, const char *name)
{
	for (size_t i = 0; i < m->nservers; i++) {
		bool ended;
		const struct dns_msg *r;

		if (m->servers[i].state != MS_OK)
			continue;
		r = model_reply(m, &m->servers[i].addr, name, DNS_A, &ended);
		if (r == NULL || r->aa || r->rcode != DNS_NOERROR)
			continue;
		for (size_t k = 0; k < r->nrrs; k++)
			if (r->rrs[k].type == DNS_NS &&
			    r->rrs[k].section == DNS_AUTHORITY &&
			    strcmp(r->rrs[k].owner, m->zone) != 0 &&
			    message_name_within(r->rrs[k].owner, m->zone) &&
			    message_name_within(name, r->rrs[k].owner))
				return true;
	}
	return false;
}

static void
resolver_view(struct model *m, struct mname *n)
{
	n->nauth = n->naddrs;
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->step != STEP_RESOLVER || p->reply == NULL ||
		    strcmp(p->qname, n->name) != 0 ||
		    (p->qtype != DNS_A && p->qtype != DNS_AAAA))
			continue;
		model_chain(p->reply, n->name, &n->addrs, &n->naddrs);
	}
}

static void
drop_wildcard(struct model *m, struct mname *n)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA };
	struct addr *list = NULL;
	size_t count = 0;
	bool cut = n->cut;
	char *label;

	if ((n->kind & ~(NAME_WWW | NAME_GUESS)) != 0)
		return;
	label = xasprintf("%s.%s", m->label, m->zone);
	m->random_known = true;
	for (int t = 0; t < 2; t++) {
		bool ended;
		const struct dns_msg *r = random_reply(m, types[t], &ended);

		m->random_known = m->random_known && ended;
		if (r == NULL)
			continue;
		model_chain(r, label, &list, &count);
		cut = cut || message_cut(r, DNS_ANSWER);
	}
	n->wildcard = same_addresses(n->addrs, n->naddrs, list, count, cut);
	free(list);
	free(label);
}

static void
look_at_name(struct model *m, struct mname *n)
{
	m->step = STEP_SERVERS;
	if (message_name_within(n->name, m->zone)) {
		n->in_zone = true;
		own_view(m, n);
		m->step = STEP_ZONE;
		if (delegated_further(m, n->name))
			foreign_view(m, n, n->name);
		else if (n->final != NULL &&
		    !message_name_within(n->final, m->zone))
			foreign_view(m, n, n->final);
	} else {
		m->step = STEP_ZONE;
		foreign_view(m, n, n->name);
	}
	resolver_view(m, n);
	if (message_name_within(n->name, m->zone))
		drop_wildcard(m, n);
}

static void
mx_add(struct model *m, const struct dns_rr *rr)
{
	if (strcmp(rr->target, ".") == 0) {
		m->mx_null = true;
		return;
	}
	for (size_t i = 0; i < m->nmx; i++)
		if (strcmp(m->mx[i].target, rr->target) == 0)
			return;
	if (m->nmx >= LIMIT_NS) {
		m->left_out |= MODEL_CUT_MX;
		return;
	}
	m->mx = xreallocarray(m->mx, m->nmx + 1, sizeof *m->mx);
	m->mx[m->nmx].target = xstrdup(rr->target);
	m->mx[m->nmx++].pref = rr->pref;
}

static void
take_mx(struct model *m, const struct dns_msg *r)
{
	m->mx_known = true;
	for (size_t k = 0; k < r->nrrs; k++)
		if (r->rrs[k].type == DNS_MX &&
		    r->rrs[k].section == DNS_ANSWER &&
		    r->rrs[k].target != NULL)
			mx_add(m, &r->rrs[k]);
}

/* Where no server of the zone could say: what users are told. */
static void
resolver_mx(struct model *m, const char *owner)
{
	for (size_t i = 0; !m->mx_known && i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->step == STEP_RESOLVER && p->reply != NULL &&
		    p->qtype == DNS_MX && strcmp(p->qname, owner) == 0 &&
		    p->reply->rcode == DNS_NOERROR)
			take_mx(m, p->reply);
	}
}

static void
find_mx(struct model *m, const char *owner)
{
	for (size_t i = 0; i < m->nservers; i++) {
		const struct dns_msg *r;
		bool ended;

		if (m->servers[i].state != MS_OK)
			continue;
		r = model_reply(m, &m->servers[i].addr, owner, DNS_MX, &ended);
		if (r != NULL && r->rcode == DNS_NOERROR)
			take_mx(m, r);
	}
	resolver_mx(m, owner);
	for (size_t i = 1; i < m->nmx; i++)
		for (size_t k = i; k > 0 && m->mx[k].pref < m->mx[k - 1].pref;
		    k--) {
			struct mmx t = m->mx[k];

			m->mx[k] = m->mx[k - 1];
			m->mx[k - 1] = t;
		}
}

static void
name_hosts(struct model *m)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(m->options, "hosts"), i, item)
		if (json_is_string(item))
			model_name_add(m, json_string_value(item), NAME_HOST);
}

static void
name_servers(struct model *m, const struct mpairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (message_name_within(p->list[i].ns, m->zone))
			model_name_add(m, p->list[i].ns, NAME_NS);
}

const struct dns_msg *
model_ask_one(struct model *m, const char *qname, uint16_t type, bool *ended)
{
	*ended = true;
	for (size_t i = 0; i < m->nservers; i++) {
		struct mserver *s = &m->servers[i];
		const struct dns_msg *r;

		if (s->state == MS_PENDING)
			*ended = false;
		if (s->state != MS_OK)
			continue;
		if (model_asked(m, &s->addr, "udp", qname, type) == NULL)
			model_want_dns(m, s->ns, &s->addr, "udp", qname, type,
			    0);
		r = model_reply(m, &s->addr, qname, type, ended);
		if (r != NULL || !*ended)
			return r;
	}
	return NULL;
}

/* Two questions; after NXDOMAIN, true of every type (RFC 8020), only one. */
static void
ask_guess(struct model *m, const char *name)
{
	bool ended;
	const struct dns_msg *r = model_ask_one(m, name, DNS_A, &ended);

	if (ended && (r == NULL || r->rcode != DNS_NXDOMAIN))
		model_ask_one(m, name, DNS_AAAA, &ended);
}

/* A guessed name that one server knows is a name like any other. */
static void
confirm_guesses(struct model *m)
{
	for (size_t i = 0; i < m->nnames; i++) {
		struct mname *n = &m->names[i];

		if (!n->in_zone || !model_guessed(n))
			continue;
		m->step = STEP_ZONE;
		ask_guess(m, n->name);
		m->step = STEP_SERVERS;
		for (size_t k = 0; k < m->nservers && (n->naddrs > 0 ||
		    n->alias != NULL) && m->random_known && !n->wildcard; k++)
			if (m->servers[k].state == MS_OK)
				ask_of_name(m, &m->servers[k], n);
	}
}

void
model_names(struct model *m)
{
	const char *kind = json_str(json_object_get(m->s->head, "subject"),
	    "kind");
	char *www;

	if (m->zstate == ZONE_FAILED)
		m->zone = m->subject;	/* the resolver's view is all there is */
	if (m->zone == NULL)
		return;
	model_name_add(m, m->zone, NAME_APEX | (strcmp(kind, "url") == 0 &&
	    strcmp(m->zone, m->subject) == 0 ? NAME_HOST : 0));
	www = xasprintf("www.%s", m->zone);
	model_name_add(m, www, NAME_WWW);
	free(www);
	if (strcmp(m->subject, m->zone) != 0)
		model_name_add(m, m->subject, NAME_HOST);
	name_hosts(m);
	name_servers(m, &m->delegation);
	name_servers(m, &m->zone_ns);
	find_mx(m, m->zone);
	if (strcmp(m->subject, m->zone) != 0)
		find_mx(m, m->subject);
	for (size_t i = 0; i < m->nmx; i++)
		model_name_add(m, m->mx[i].target, NAME_MX);
	model_mail_names(m);
	for (size_t i = 0; i < m->nnames; i++)
		m->names[i].in_zone = message_name_within(m->names[i].name,
		    m->zone);
	m->step = STEP_SERVERS;
	for (size_t i = 0; i < m->nservers; i++)
		ask_server(m, &m->servers[i]);
	m->step = STEP_ZONE;
	want_random(m);
	for (size_t i = 0; i < m->nnames; i++)
		look_at_name(m, &m->names[i]);
	confirm_guesses(m);
}

struct mname *
model_add_name(struct model *m, const char *name, unsigned kind)
{
	bool known = model_name(m, name) != NULL;
	struct mname *n = model_name_add(m, name, kind);

	if (known)
		return n;
	n->in_zone = message_name_within(name, m->zone);
	for (size_t i = 0; n->in_zone && i < m->nservers; i++)
		if (m->servers[i].state == MS_OK)
			ask_of_name(m, &m->servers[i], n);
	look_at_name(m, n);
	return n;
}
