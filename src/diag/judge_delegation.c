/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules of the steps here and delegation: our own vantage first, then what
 * the parent says and what the child makes of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"

static const struct addr nowhere = { 0, { 0 } };

bool
judge_blind(const struct judge *j)
{
	return j->m->intercepted || j->m->dns_blocked;
}

static bool
any_address(const struct model *m, int family)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (FAMILY(&m->servers[i].addr) == family)
			return true;
	for (size_t i = 0; i < m->nnames; i++)
		for (size_t k = 0; k < m->names[i].naddrs; k++)
			if (FAMILY(&m->names[i].addrs[k]) == family)
				return true;
	return false;
}

static bool
still_asking(const struct model *m, int family)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->state == PROBE_RUNNING && p->ep.addr.family != 0 &&
		    FAMILY(&p->ep.addr) == family)
			return true;
	}
	return m->zstate == ZONE_PENDING;
}

void
judge_here(struct judge *j)
{
	const struct model *m = j->m;
	struct finding *f;

	if (m->want[0] && !m->have[0] && any_address(m, 0))
		judge_name(j, F_HERE_NO_V4, "", NULL);
	/* With no IPv6 here and no AAAA anywhere, nothing is unknown. */
	if (m->want[1] && !m->have[1] && any_address(m, 1))
		judge_name(j, F_HERE_NO_V6, "", NULL);
	/* Where no root answers at all, that explains it. */
	if (m->have[1] && m->proof[1] < PROOF_DONE && m->asked[1] > 0 &&
	    !still_asking(m, 1) && m->nhints > 0 && !m->dns_blocked) {
		f = judge_name(j, F_HERE_V6_UNPROVEN, "", NULL);
		judge_arg_int(f, "asked", m->asked[1]);
	}
	if (m->intercepted) {
		f = judge_name(j, F_HERE_DNS_INTERCEPTED, "", NULL);
		judge_arg(f, "why", "RA");
	}
	if (m->dns_blocked && m->zstate != ZONE_PENDING) {
		f = judge_name(j, F_HERE_DNS_BLOCKED, "", NULL);
		judge_arg_int(f, "asked", m->asked[0] + m->asked[1]);
	}
}

static void
zone_states(struct judge *j)
{
	struct model *m = j->m;
	struct finding *f;
	enum finding_id id = m->zstate == ZONE_MISSING ? F_DOMAIN_MISSING :
	    F_DOMAIN_NOT_DELEGATED;

	if (m->zstate != ZONE_MISSING && m->zstate != ZONE_UNDELEGATED)
		return;
	f = judge_name(j, id, m->subject, NULL);
	judge_arg(f, "zone", m->cut->name);
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->reply != NULL && p->reply == m->zone_msg)
			judge_evidence(f, p);
	}
	free(f->command);
	f->command = xasprintf("whois %s", m->subject);
}

static void
parent_silence(struct judge *j)
{
	struct model *m = j->m;
	unsigned total[2] = { 0, 0 }, failed[2] = { 0, 0 };

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < m->parents.n; i++) {
			const struct mpair *p = &m->parents.list[i];
			const struct sprobe *q;
			struct endpoint ep = { p->ns, p->addr, 53, "dns",
				TALK_PLAIN };
			struct finding *f;
			int fam = FAMILY(&p->addr);

			if (!model_usable(m, &p->addr) ||
			    !judge_trusts(j, &p->addr))
				continue;
			q = model_asked(m, &p->addr, "udp", m->zone, DNS_NS);
			if (q == NULL || !model_told(q))
				continue;
			total[fam] += pass == 0;
			failed[fam] += pass == 0 && q->reply == NULL;
			if (pass == 0 || q->reply != NULL)
				continue;
			f = judge_add(j, F_PARENT_SILENT, &ep);
			judge_arg(f, "zone", m->parent);
			judge_arg(f, "cause", q->outcome);
			judge_evidence(f, q);
			if (failed[fam] == total[fam])
				f->level = VERDICT_WARNING;
		}
}

void
judge_word(struct buf *b, const char *word)
{
	if (b->len > 0)
		buf_adds(b, ", ");
	buf_adds(b, word);
}

/* Names of one side that the other lacks. */
static bool
only_in(const struct mpairs *a, const struct mpairs *b, struct buf *out)
{
	const char *last = "";

	for (size_t i = 0; i < a->n; i++)
		if (!model_pair_has_ns(b, a->list[i].ns) &&
		    strcmp(last, a->list[i].ns) != 0) {
			last = a->list[i].ns;
			if (strstr(buf_str(out), last) == NULL)
				judge_word(out, last);
		}
	return out->len > 0;
}

static void
ns_sets(struct judge *j)
{
	struct model *m = j->m;
	struct buf parent, child;
	bool differs = false;

	if (m->delegation.n == 0 || m->zone_ns.n == 0)
		return;
	buf_init(&parent, 2048);
	buf_init(&child, 2048);
	/* What is not among the names kept may be among the others. */
	if (!m->zone_ns.cut)
		differs = only_in(&m->delegation, &m->zone_ns, &parent);
	if (!m->delegation.cut)
		differs = only_in(&m->zone_ns, &m->delegation, &child) ||
		    differs;
	if (differs) {
		struct finding *f = judge_name(j, F_NS_SET_DIFFERS, m->zone,
		    NULL);

		judge_arg(f, "parent", parent.len > 0 ? buf_str(&parent) : "-");
		judge_arg(f, "child", child.len > 0 ? buf_str(&child) : "-");
		for (size_t i = 0; i < m->nservers && f->nevidence == 0; i++)
			if (m->servers[i].state == MS_OK)
				judge_evidence(f, model_asked(m,
				    &m->servers[i].addr, "udp", m->zone,
				    DNS_NS));
	}
	buf_free(&parent);
	buf_free(&child);
}

bool
judge_has_addr(const struct mpairs *p, const char *ns, int family)
{
	for (size_t i = 0; i < p->n; i++)
		if ((ns == NULL || strcmp(p->list[i].ns, ns) == 0) &&
		    p->list[i].addr.family != 0 &&
		    (family == -1 || FAMILY(&p->list[i].addr) == family))
			return true;
	return false;
}

static bool
zone_probes_running(const struct model *m)
{
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (m->s->probes[i]->state == PROBE_RUNNING &&
		    (m->s->probes[i]->step == STEP_DELEGATION ||
		    m->s->probes[i]->step == STEP_SERVERS ||
		    m->s->probes[i]->step == STEP_ZONE))
			return true;
	return false;
}

bool
judge_some_ok(const struct model *m, int family)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_OK && (family == -1 ||
		    FAMILY(&m->servers[i].addr) == family))
			return true;
	return false;
}

/* Did a server of the zone say, or fail to say, which addresses it has? */
static bool
addresses_asked(struct model *m, const char *ns)
{
	for (size_t i = 0; i < m->nservers; i++) {
		const struct addr *a = &m->servers[i].addr;
		bool v4 = false, v6 = false;

		if (m->servers[i].state != MS_OK)
			continue;
		model_reply(m, a, ns, DNS_A, &v4);
		model_reply(m, a, ns, DNS_AAAA, &v6);
		if (v4 && v6)
			return true;
	}
	return false;
}

static void
unresolvable(struct judge *j)
{
	struct model *m = j->m;

	for (size_t i = 0; i < m->delegation.n + m->zone_ns.n; i++) {
		const struct mpair *p = i < m->delegation.n ?
		    &m->delegation.list[i] :
		    &m->zone_ns.list[i - m->delegation.n];
		struct endpoint ep = { p->ns, nowhere, 0, "", -1 };
		bool own = message_name_within(p->ns, m->zone);
		struct addr *list = NULL;
		struct walk_zone *broke;
		size_t n = 0;
		enum walk_state st = WALK_NODATA;

		if (p->addr.family != 0 ||
		    judge_has_addr(&m->delegation, p->ns, -1) ||
		    judge_has_addr(&m->zone_ns, p->ns, -1) ||
		    judge_has(j, F_NS_UNRESOLVABLE, &ep))
			continue;
		if (!own)
			st = walk_addrs(m->any, p->ns, &list, &n, &broke);
		free(list);
		/* In-domain without glue: only the zone itself could tell. */
		if (own ? addresses_asked(m, p->ns) : st == WALK_NXDOMAIN ||
		    st == WALK_NODATA || st == WALK_FAILED)
			judge_arg(judge_add(j, F_NS_UNRESOLVABLE, &ep), "ns",
			    p->ns);
	}
}

static bool
services_have_aaaa(const struct model *m)
{
	for (size_t i = 0; i < m->nnames; i++)
		for (size_t k = 0; k < m->names[i].nauth; k++)
			if ((m->names[i].kind & ~NAME_NS) != 0 &&
			    m->names[i].addrs[k].family == 6 &&
			    !m->names[i].wildcard)
				return true;
	return false;
}

static void
families(struct judge *j)
{
	struct model *m = j->m;
	bool v4 = judge_has_addr(&m->delegation, NULL, 0) ||
	    judge_has_addr(&m->zone_ns, NULL, 0);
	bool v6 = judge_has_addr(&m->delegation, NULL, 1) ||
	    judge_has_addr(&m->zone_ns, NULL, 1);

	if (m->delegation.n == 0 || (!v4 && !v6) || zone_probes_running(m))
		return;
	if (!v4)
		judge_name(j, F_NS_NO_V4, m->zone, NULL);
	if (!v6 && services_have_aaaa(m))
		judge_name(j, F_NS_NO_V6, m->zone, NULL)->level =
		    VERDICT_WARNING;
	else if (!v6)
		judge_name(j, F_NS_NO_V6, m->zone, NULL);
}

const struct mserver *
judge_server_at(const struct model *m, const char *ns, const struct addr *a)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (strcmp(m->servers[i].ns, ns) == 0 &&
		    addr_equal(&m->servers[i].addr, a))
			return &m->servers[i];
	return NULL;
}

/* Zone of a name server's name that cannot be resolved over this family. */
static const char *
broken_ns_zone(struct model *m, const struct walk_zone *z, int family)
{
	const char *name = m->zone;

	for (size_t i = 0; i < z->nns && z->nservers == 0; i++) {
		struct walk_zone *broke = NULL;
		struct addr *list = NULL;
		size_t n = 0;
		enum walk_state st = walk_addrs(m->only[family], z->ns[i],
		    &list, &n, &broke);

		free(list);
		if (st == WALK_PENDING)
			return NULL;
		if (st == WALK_FAILED && broke != NULL)
			name = broke->name;
	}
	return name;
}

/* Was a server of this family left without an answer by ourselves? */
static bool
some_untested(const struct model *m, int family)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_UNTESTED &&
		    FAMILY(&m->servers[i].addr) == family)
			return true;
	return false;
}

/* Does a walk that may use one family only get to an answer? The name of the
   zone where it breaks, or NULL when it does not (or not yet known). */
static const char *
walk_breaks(struct judge *j, int family)
{
	struct model *m = j->m;
	struct walk_result r;
	struct walk_zone *z;
	bool reached = false;

	m->step = STEP_DELEGATION;
	r = walk_zone(m->only[family], m->subject);
	if (r.state == WALK_PENDING)
		return NULL;
	if (r.state == WALK_FAILED && r.zone != NULL &&
	    strcmp(r.zone->name, m->zone) != 0)
		return r.zone->name;
	if (judge_some_ok(m, family)) {
		/* Reachable only if the parent shows an address that works. */
		z = r.zone;
		walk_servers(m->only[family], z);
		if (z->pending)
			return NULL;
		for (size_t i = 0; i < z->nservers; i++) {
			const struct mserver *s = judge_server_at(m,
			    z->servers[i].ns, &z->servers[i].addr);

			reached = reached || s == NULL ||
			    s->state == MS_OK || s->state == MS_PENDING;
		}
		if (reached || strcmp(z->name, m->zone) != 0 || z->ns_cut ||
		    (z->referral != NULL && z->referral->nmore > 0))
			return NULL;
		return broken_ns_zone(m, z, family);
	}
	return some_untested(m, family) ? NULL : m->zone;
}

/* The parent is silent over the whole family: that was said. */
static bool
parent_explains(const struct judge *j, const char *zone, int family)
{
	if (j->m->parent == NULL || strcmp(zone, j->m->parent) != 0)
		return false;
	for (size_t i = 0; i < j->n; i++)
		if (j->list[i]->id == F_PARENT_SILENT &&
		    j->list[i]->level == VERDICT_WARNING &&
		    FAMILY(&j->list[i]->ep.addr) == family)
			return true;
	return false;
}

static void
one_family_walk(struct judge *j, int family, enum finding_id id)
{
	struct model *m = j->m;
	const char *zone;
	struct finding *f;

	if (!m->have[family] || m->proof[family] != PROOF_DONE ||
	    model_servers_pending(m) || zone_probes_running(m))
		return;
	/* Without any address of the family it is ns-no-v6 (or -v4). */
	if (!judge_has_addr(&m->delegation, NULL, family) &&
	    !judge_has_addr(&m->zone_ns, NULL, family))
		return;
	zone = walk_breaks(j, family);
	if (zone == NULL || parent_explains(j, zone, family))
		return;
	f = judge_name(j, id, m->zone, NULL);
	judge_arg(f, "zone", zone);
	if (judge_some_ok(m, 1 - family))
		f->flags |= FLAG_MASKED;
}

void
judge_delegation(struct judge *j)
{
	struct model *m = j->m;

	if (judge_blind(j))
		return;
	zone_states(j);
	if (m->zstate != ZONE_FOUND)
		return;
	parent_silence(j);
	ns_sets(j);
	unresolvable(j);
	judge_glue(j);
	families(j);
	one_family_walk(j, 1, F_V6ONLY_WALK_FAILS);
	one_family_walk(j, 0, F_V4ONLY_WALK_FAILS);
}
