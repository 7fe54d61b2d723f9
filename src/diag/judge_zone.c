/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules of the steps zone, resolver and addresses.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"

static bool
family_of(const struct mname *n, int family, size_t limit)
{
	for (size_t i = 0; i < limit; i++)
		if (FAMILY(&n->addrs[i]) == family)
			return true;
	return false;
}

/* A probe of this question at any of the zone's servers, for evidence. */
static const struct sprobe *
evidence_of(const struct model *m, const char *qname, uint16_t type)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->reply != NULL && p->qtype == type &&
		    strcmp(p->qname, qname) == 0 && p->step != STEP_RESOLVER)
			return p;
	}
	return NULL;
}

/* Does a server deny AAAA in a way that is its fault? Then no-aaaa is not
   said: one cause, one finding. */
static bool
aaaa_fault(const struct judge *j, const char *qname)
{
	for (size_t i = 0; i < j->n; i++)
		if ((j->list[i]->id == F_AAAA_TIMEOUT ||
		    j->list[i]->id == F_AAAA_NXDOMAIN ||
		    j->list[i]->id == F_AAAA_RCODE ||
		    j->list[i]->id == F_AAAA_BROKEN ||
		    j->list[i]->id == F_AAAA_LAME ||
		    j->list[i]->id == F_AAAA_EMPTY_NONAUTH) && strcmp(qname,
		    json_str(j->list[i]->args, "qname")) == 0)
			return true;
	return false;
}

static void
no_aaaa(struct judge *j, const struct mname *n)
{
	bool offered = (n->kind & (NAME_APEX | NAME_WWW | NAME_HOST |
	    NAME_MX)) != 0;

	if (!offered || n->pending || n->wildcard ||
	    family_of(n, 1, n->nauth) || !family_of(n, 0, n->nauth) ||
	    aaaa_fault(j, n->final != NULL ? n->final : n->name) ||
	    aaaa_fault(j, n->name))
		return;
	judge_evidence(judge_name(j, F_NO_AAAA, n->name, NULL),
	    evidence_of(j->m, n->name, DNS_AAAA));
}

static void
mail_host(struct judge *j, const struct mname *n)
{
	struct finding *f;

	if (n->alias != NULL) {
		f = judge_name(j, F_MX_ALIAS, n->name, NULL);
		judge_arg(f, "target", n->alias);
		judge_evidence(f, evidence_of(j->m, n->name, DNS_A));
	}
	if (n->pending || n->naddrs > 0)
		return;
	f = judge_name(j, F_MX_NO_ADDRESS, n->name, NULL);
	judge_arg(f, "why", n->nxdomain ? "NXDOMAIN" : n->failed ? "SERVFAIL" :
	    "NODATA");
	judge_evidence(f, evidence_of(j->m, n->name, DNS_A));
}

/* CNAME at the apex: in the answer to any question for it. */
static void
apex_alias(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		const char *target;
		struct finding *f;

		if (p->reply == NULL || p->step == STEP_RESOLVER ||
		    strcmp(p->qname, m->zone) != 0 ||
		    (target = walk_alias(p->reply, m->zone)) == NULL)
			continue;
		f = judge_name(j, F_CNAME_AT_APEX, m->zone, NULL);
		judge_arg(f, "target", target);
		judge_evidence(f, p);
		return;
	}
}

static bool
some_ok(const struct model *m)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_OK)
			return true;
	return false;
}

void
judge_zone(struct judge *j)
{
	struct model *m = j->m;

	if (m->zstate != ZONE_FOUND || m->intercepted || m->dns_blocked ||
	    !some_ok(m))
		return;
	apex_alias(j);
	for (size_t i = 0; i < m->nnames; i++) {
		no_aaaa(j, &m->names[i]);
		if ((m->names[i].kind & NAME_MX) != 0)
			mail_host(j, &m->names[i]);
	}
	if (m->mx_null)
		judge_name(j, F_MX_NULL, m->zone, NULL);
	else if (m->mx_known && m->nmx == 0)
		judge_name(j, F_MX_MISSING, m->zone, NULL);
}

/* Is this finding about that name, or about the zone it lies in? */
static bool
about(const struct model *m, const struct finding *f, const char *qname)
{
	const struct mname *n = model_name(m, qname);
	const char *name = json_str(f->args, "qname");

	if (*name == '\0' && finding_rows[f->id].step != STEP_ZONE)
		return message_name_within(qname, m->zone);
	if (*name == '\0')
		name = f->ep.name;
	return strcmp(name, qname) == 0 || (n != NULL && n->final != NULL &&
	    strcmp(name, n->final) == 0);
}

/* A domain error of steps 2 to 4 about this name or its zone explains what
   the resolver says. */
static bool
explained(const struct judge *j, const char *qname)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = j->list[i];
		enum step_id step = finding_rows[f->id].step;

		if (f->side == SIDE_DOMAIN && f->level == VERDICT_ERROR &&
		    (step == STEP_DELEGATION || step == STEP_SERVERS ||
		    step == STEP_ZONE) && about(j->m, f, qname))
			return true;
	}
	return false;
}

static bool
servfail_said(const struct judge *j, const struct sprobe *p)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->list[i]->id == F_RESOLVER_SERVFAIL &&
		    endpoint_cmp(&j->list[i]->ep, &p->ep) == 0 &&
		    strcmp(json_str(j->list[i]->args, "qname"), p->qname) == 0)
			return true;
	return false;
}

void
judge_resolver(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		struct finding *f;
		char word[16];

		if (p->step != STEP_RESOLVER || p->reply == NULL ||
		    p->reply->rcode != DNS_SERVFAIL || p->qname == NULL ||
		    servfail_said(j, p))
			continue;
		f = judge_add(j, F_RESOLVER_SERVFAIL, &p->ep);
		judge_arg(f, "qname", p->qname);
		judge_arg(f, "qtype", message_type_word(p->qtype, word));
		judge_arg(f, "rcode", "SERVFAIL");
		judge_evidence(f, p);
		if (explained(j, p->qname))
			f->side = SIDE_DOMAIN;
	}
}

static void
address_class(struct judge *j, const char *name, const struct addr *a)
{
	const struct model *m = j->m;
	const struct addr_class *c = addr_classify(a);
	struct endpoint ep = { (char *)(uintptr_t)name, *a, 0, "", -1 };
	enum finding_id id = c->level == 2 ? F_ADDRESS_SPECIAL :
	    F_ADDRESS_TRANSITION;
	struct finding *f;

	if (c->level == 0 || judge_has(j, id, &ep))
		return;
	for (size_t i = 0; i < m->nglobal; i++)
		if (prefix_match(&m->global[i], a))
			return;
	f = judge_add(j, id, &ep);
	judge_arg(f, "class", c->id);
	judge_arg(f, "rfc", c->rfc);
	judge_evidence(f, evidence_of(m, name, a->family == 4 ? DNS_A :
	    DNS_AAAA));
}

/* Does the reverse name lead back to the address? 1 yes, 0 no, -1 unknown. */
static int
leads_back(const struct model *m, const char *target, const struct addr *a)
{
	uint16_t type = a->family == 4 ? DNS_A : DNS_AAAA;
	int known = -1;
	bool cut = false;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		struct addr *list = NULL;
		size_t n = 0;
		bool hit = false;

		if (p->reply == NULL || p->qtype != type ||
		    strcmp(p->qname, target) != 0)
			continue;
		if (p->reply->rcode == DNS_NOERROR ||
		    p->reply->rcode == DNS_NXDOMAIN)
			known = 0;
		cut = cut || message_cut(p->reply, DNS_ANSWER);
		model_chain(p->reply, target, &list, &n);
		for (size_t k = 0; k < n; k++)
			hit = hit || addr_equal(&list[k], a);
		free(list);
		if (hit)
			return 1;
	}
	return cut ? -1 : known;
}

static const struct sprobe *
reverse_probe(const struct model *m, const char *ptr)
{
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (m->s->probes[i]->step == STEP_ADDRESSES &&
		    m->s->probes[i]->reply != NULL &&
		    strcmp(m->s->probes[i]->qname, ptr) == 0)
			return m->s->probes[i];
	return NULL;
}

/* The reverse name of an address met, as the resolver gave it. */
static void
reverse(struct judge *j, const char *name, const struct addr *a)
{
	struct endpoint ep = { (char *)(uintptr_t)name, *a, 0, "", -1 };
	const struct sprobe *p;
	const char *target;
	struct finding *f;
	enum finding_id id;
	char ptr[80];

	addr_reverse(a, ptr, sizeof ptr);
	p = reverse_probe(j->m, ptr);
	if (p == NULL || (p->reply->rcode != DNS_NOERROR &&
	    p->reply->rcode != DNS_NXDOMAIN))
		return;
	target = model_ptr_target(p->reply, ptr);
	if (target != NULL && leads_back(j->m, target, a) != 0)
		return;
	id = target == NULL ? F_PTR_MISSING : F_PTR_MISMATCH;
	if (judge_has(j, id, &ep))
		return;
	f = judge_add(j, id, &ep);
	judge_arg(f, "ptr", ptr);
	if (target != NULL)
		judge_arg(f, "target", target);
	judge_evidence(f, p);
}

void
judge_addresses(struct judge *j)
{
	struct model *m = j->m;

	if (m->zone == NULL || m->skip[STEP_ADDRESSES])
		return;
	for (size_t i = 0; i < m->nservers; i++) {
		address_class(j, m->servers[i].ns, &m->servers[i].addr);
		reverse(j, m->servers[i].ns, &m->servers[i].addr);
	}
	for (size_t i = 0; i < m->nnames; i++) {
		const struct mname *n = &m->names[i];

		/* Synthesised addresses (a resolver's) never count. */
		for (size_t k = 0; k < n->nauth; k++)
			address_class(j, n->name, &n->addrs[k]);
		for (size_t k = 0; k < n->nauth; k++)
			reverse(j, n->name, &n->addrs[k]);
	}
}
