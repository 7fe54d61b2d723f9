/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the root to the zone's own servers: what is here, where the cut is,
 * what every parent server and every child server says of the delegation.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"

#define SECOND		INT64_C(1000000)
#define SAMPLES		7	/* datagrams before one loss is judged */

/* The two root questions of the step `here': first hint of each family. */
static void
want_root(struct model *m)
{
	for (int f = 0; f < 2; f++)
		for (size_t i = 0; i < m->nhints; i++)
			if (FAMILY(&m->hints[i].addr) == f && m->have[f]) {
				model_want_dns(m, m->hints[i].name,
				    &m->hints[i].addr, "udp", ".", DNS_NS, 0);
				break;
			}
}

static bool
is_root(const struct model *m, const struct addr *a)
{
	for (size_t i = 0; i < m->nhints; i++)
		if (addr_equal(&m->hints[i].addr, a))
			return true;
	return false;
}

/* A root or TLD server: it was asked for the step `here', or it is a hint, or
   it serves the first zone below the root. */
static bool
is_high(const struct model *m, const struct sprobe *p)
{
	return p->step == STEP_HERE || is_root(m, &p->ep.addr) ||
	    (m->cut != NULL && m->cut->parent != NULL &&
	    model_pair_has_ns(&m->parents, p->ep.name));
}

static bool
talks(const struct sprobe *p)
{
	const struct sfact *f = probe_fact(p, "connect", 0);

	return p->reply != NULL || (f != NULL && json_flag(f->value, "ok"));
}

static void
prove(struct model *m, int family)
{
	const char *first = NULL;
	bool second = false, domain = false;

	m->proof[family] = PROOF_ABSENT;
	if (!m->have[family])
		return;
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->ep.addr.family == 0 || FAMILY(&p->ep.addr) != family ||
		    p->step == STEP_RESOLVER || p->step == STEP_ADDRESSES)
			continue;
		m->asked[family] += is_high(m, p);
		if (!talks(p))
			continue;
		if (!is_high(m, p))
			domain = true;
		else if (first == NULL)
			first = p->ep.name;
		else if (strcmp(first, p->ep.name) != 0)
			second = true;
	}
	m->proof[family] = first == NULL ? (domain ? PROOF_HALF : PROOF_NONE) :
	    second || domain ? PROOF_DONE : PROOF_HALF;
}

/* An answer of a root without AA, or with RA, is not a root's. */
static void
look_for_interception(struct model *m)
{
	bool asked = false, answered = false, silent = false;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->qname == NULL || !is_root(m, &p->ep.addr))
			continue;
		asked = true;
		silent = silent || model_told(p);
		if (p->reply == NULL)
			continue;
		answered = true;
		if (p->reply->ra || (strcmp(p->qname, ".") == 0 &&
		    p->qtype == DNS_NS && !p->reply->aa &&
		    p->reply->rcode == DNS_NOERROR))
			m->intercepted = true;
	}
	m->dns_blocked = asked && silent && !answered;
}

/* NODATA for NS: a host name of the zone, if anything is there at all. */
static void
host_or_nothing(struct model *m, struct walk_result *r)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA, DNS_MX };
	bool pending = false;

	for (size_t i = 0; i < 3; i++) {
		struct walk_result x = walk_ask(m->any, m->subject, types[i]);

		if (x.state == WALK_ANSWER || x.state == WALK_ALIAS) {
			m->zstate = ZONE_FOUND;
			m->cut = r->zone;
			return;
		}
		pending = pending || x.state == WALK_PENDING;
	}
	m->zstate = pending ? ZONE_PENDING : ZONE_UNDELEGATED;
	m->cut = r->zone;
}

static void
find_cut(struct model *m)
{
	struct walk_result r = walk_zone(m->any, m->subject);

	m->cut = r.zone;
	m->zone_msg = r.msg;
	switch (r.state) {
	case WALK_PENDING:
		m->zstate = ZONE_PENDING;
		break;
	case WALK_NXDOMAIN:
		m->zstate = ZONE_MISSING;
		break;
	case WALK_ANSWER: case WALK_ALIAS:
		m->zstate = ZONE_FOUND;
		break;
	case WALK_NODATA:
		host_or_nothing(m, &r);
		break;
	case WALK_REFERRAL: case WALK_FAILED:
		/* Its own servers fail: the cut is known all the same. Of a
		   top-level domain that fails it is not. */
		m->zstate = strcmp(r.zone->name, m->subject) == 0 ||
		    (r.zone->referral != NULL && strchr(r.zone->name, '.') !=
		    NULL) ? ZONE_FOUND : ZONE_FAILED;
		break;
	}
	if (m->zstate == ZONE_FOUND) {
		m->zone = m->cut->name;
		m->parent = m->cut->parent == NULL ? NULL :
		    m->cut->parent->name;
	}
}

/* Addresses of every name server of the parent zone. */
static void
find_parents(struct model *m)
{
	struct walk_zone *p = m->cut->parent;

	if (p == NULL)
		return;
	for (size_t i = 0; i < p->nns; i++) {
		bool found = false;

		for (size_t k = 0; k < p->nservers; k++)
			if (strcmp(p->servers[k].ns, p->ns[i]) == 0) {
				model_pair(&m->parents, p->ns[i],
				    &p->servers[k].addr);
				found = true;
			}
		if (!found) {
			struct addr *list = NULL, none = { 0, { 0 } };
			struct walk_zone *broke;
			size_t n = 0;

			walk_addrs(m->any, p->ns[i], &list, &n, &broke);
			for (size_t k = 0; k < n; k++)
				model_pair(&m->parents, p->ns[i], &list[k]);
			if (n == 0)
				model_pair(&m->parents, p->ns[i], &none);
			free(list);
		}
	}
	/* Glue the walk may not use (a family that is not here) still counts. */
	for (size_t i = 0; p->referral != NULL && i < p->nns; i++) {
		struct addr *list = NULL;
		size_t n = 0;

		walk_collect(p->referral, p->ns[i], &list, &n);
		for (size_t k = 0; k < n; k++)
			model_pair(&m->parents, p->ns[i], &list[k]);
		free(list);
	}
	for (size_t i = 0; p->parent == NULL && i < m->nhints; i++)
		model_pair(&m->parents, m->hints[i].name, &m->hints[i].addr);
}

/* A referral of which not all is kept: other names, other glue. */
static void
note_cut(struct model *m, const struct dns_msg *msg)
{
	if (message_cut(msg, DNS_ANSWER) || message_cut(msg, DNS_AUTHORITY))
		m->delegation.cut = true;
	if (msg->nmore > 0)
		m->shortened = true;
}

/* NS of the zone in a parent's reply, with glue for names in the domain. */
static void
take_delegation(struct model *m, const struct dns_msg *msg)
{
	size_t names = 0;

	note_cut(m, msg);
	for (size_t i = 0; i < msg->nrrs; i++) {
		const struct dns_rr *rr = &msg->rrs[i];
		struct addr *list = NULL, none = { 0, { 0 } };
		size_t n = 0;

		if (rr->type != DNS_NS || rr->target == NULL ||
		    rr->section == DNS_ADDITIONAL ||
		    strcmp(rr->owner, m->zone) != 0)
			continue;
		if (++names > LIMIT_NS) {
			m->delegation.cut = true;
			m->left_out |= MODEL_CUT_NS;
			return;
		}
		m->delegation_known = true;
		if (message_name_within(rr->target, m->zone))
			walk_collect(msg, rr->target, &list, &n);
		for (size_t k = 0; k < n; k++)
			model_pair(&m->delegation, rr->target, &list[k]);
		if (n == 0)
			model_pair(&m->delegation, rr->target, &none);
		free(list);
	}
}

static void
ask_parents(struct model *m)
{
	for (size_t i = 0; i < m->parents.n; i++) {
		const struct mpair *p = &m->parents.list[i];
		const struct dns_msg *msg;
		bool ended;

		if (!model_usable(m, &p->addr))
			continue;
		msg = model_reply(m, &p->addr, m->zone, DNS_NS, &ended);
		if (msg != NULL)
			take_delegation(m, msg);
		else if (!ended && !model_silent(m, &p->addr))
			model_want_dns(m, p->ns, &p->addr, "udp", m->zone,
			    DNS_NS, 0);
	}
	if (m->cut->referral != NULL)
		take_delegation(m, m->cut->referral);
}

static struct mserver *
server_add(struct model *m, const char *ns, const struct addr *a)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (strcmp(m->servers[i].ns, ns) == 0 &&
		    addr_equal(&m->servers[i].addr, a))
			return &m->servers[i];
	m->servers = xreallocarray(m->servers, m->nservers + 1,
	    sizeof *m->servers);
	memset(&m->servers[m->nservers], 0, sizeof *m->servers);
	m->servers[m->nservers].ns = xstrdup(ns);
	m->servers[m->nservers].addr = *a;
	m->servers[m->nservers].special = model_special(m, a);
	return &m->servers[m->nservers++];
}

static const char *
lame_how(const struct model *m, const struct dns_msg *r)
{
	static const char *const words[] = { "NOERROR", "FORMERR", "SERVFAIL",
		"NXDOMAIN", "NOTIMP", "REFUSED" };

	if (r->rcode != DNS_NOERROR)
		return r->rcode < 6 ? words[r->rcode] : "RCODE";
	if (!r->aa) {
		for (size_t i = 0; i < r->nrrs; i++)
			if (r->rrs[i].type == DNS_NS &&
			    r->rrs[i].section == DNS_AUTHORITY &&
			    strcmp(r->rrs[i].owner, m->zone) != 0 &&
			    message_name_within(m->zone, r->rrs[i].owner))
				return "upward-referral";
		return "no-AA";
	}
	return walk_has(r, DNS_ANSWER, m->zone, DNS_SOA) ||
	    walk_alias(r, m->zone) != NULL ? NULL : "no-SOA";
}

/* A truncated reply that no TCP completes still shows that it answers. */
static void
take_gate_reply(struct model *m, struct mserver *s, const struct dns_msg *r)
{
	s->lame = r->tc ? NULL : lame_how(m, r);
	s->state = s->lame == NULL ? MS_OK : MS_LAME;
	for (size_t i = 0; i < r->nrrs; i++)
		if (r->rrs[i].type == DNS_SOA &&
		    r->rrs[i].section == DNS_ANSWER) {
			s->has_serial = true;
			s->serial = r->rrs[i].serial;
		}
}

static enum mstate
failed_state(const struct sprobe *p)
{
	const struct sfact *f = probe_fact(p, "exchange", 0);
	enum net_cause cause = NET_TIMEOUT;

	if (f != NULL && *json_str(f->value, "wrong_source") != '\0')
		return MS_WRONG_SOURCE;
	if (net_cause_parse(p->outcome, &cause) == -1)
		return MS_UNTESTED;
	switch (cause) {
	case NET_REFUSED:
		return MS_REFUSED;
	case NET_UNREACHABLE: case NET_PROHIBITED:
		return MS_UNREACHABLE;
	case NET_TIMEOUT: case NET_STALLED: case NET_CLOSED:
		return MS_SILENT;
	default:
		return MS_UNTESTED;
	}
}

/* After a loss: more datagrams, a second apart, until it can be judged. */
static void
second_round(struct model *m, struct mserver *s)
{
	const struct sfact *f = probe_fact(s->gate, "exchange", 0);
	int64_t last = s->gate->ended;
	char transport[24];

	s->sent = f == NULL ? 1 : (int)json_int(f->value, "sent", 1);
	s->lost = s->gate->reply == NULL ? s->sent : s->sent - 1;
	if (s->lost == 0 || s->state == MS_UNTESTED)
		return;
	for (int n = 1; s->sent < SAMPLES; n++) {
		const struct sprobe *p;

		snprintf(transport, sizeof transport, "again%d", n);
		p = model_asked(m, &s->addr, n == 1 ? "again" : transport,
		    m->zone, DNS_SOA);
		if (p == NULL) {
			/* A silent server is asked once more, no oftener. */
			if (s->gate->reply != NULL || n == 1)
				model_want_dns(m, s->ns, &s->addr, n == 1 ?
				    "again" : transport, m->zone, DNS_SOA,
				    last + (s->gate->reply != NULL ? SECOND :
				    0));
			return;
		}
		if (p->state == PROBE_RUNNING)
			return;
		s->sent++;
		s->lost += p->reply == NULL;
		last = p->ended;
		if (p->reply != NULL && s->gate->reply == NULL)
			take_gate_reply(m, s, p->reply);
		else if (p->reply == NULL && s->gate->reply == NULL)
			return;
	}
}

static void
look_at_reply(struct model *m, struct mserver *s)
{
	bool ended;
	const struct dns_msg *r = model_reply(m, &s->addr, m->zone, DNS_SOA,
	    &ended);

	if (ended)
		take_gate_reply(m, s, r);
	else
		s->state = MS_PENDING;
}

static void
look_at_server(struct model *m, struct mserver *s)
{
	s->gate = model_asked(m, &s->addr, "udp", m->zone, DNS_SOA);
	s->tcp = model_tcp_again(m, &s->addr, m->zone, DNS_SOA, true);
	if (s->special || !m->have[FAMILY(&s->addr)]) {
		s->state = MS_UNASKED;
		return;
	}
	if (s->gate == NULL) {
		model_want_dns(m, s->ns, &s->addr, "udp", m->zone, DNS_SOA, 0);
		s->state = MS_PENDING;
		return;
	}
	if (s->gate->state == PROBE_RUNNING) {
		s->state = MS_PENDING;
		return;
	}
	if (s->gate->state == PROBE_SKIPPED)
		s->state = MS_UNTESTED;
	else if (s->gate->reply != NULL)
		look_at_reply(m, s);
	else
		s->state = failed_state(s->gate);
	if (s->gate->reply != NULL || s->state == MS_SILENT)
		second_round(m, s);
}

/* NS of the zone in the child's own authoritative answers. */
static void
take_zone_ns(struct model *m, const struct mserver *s)
{
	bool ended;
	const struct dns_msg *msg;
	size_t names = 0;

	if (s->state != MS_OK)
		return;
	msg = model_reply(m, &s->addr, m->zone, DNS_NS, &ended);
	if (msg == NULL || !msg->aa || msg->rcode != DNS_NOERROR)
		return;
	if (message_cut(msg, DNS_ANSWER))
		m->zone_ns.cut = m->shortened = true;
	for (size_t i = 0; i < msg->nrrs; i++) {
		struct addr none = { 0, { 0 } };

		if (msg->rrs[i].type != DNS_NS || msg->rrs[i].target == NULL ||
		    msg->rrs[i].section != DNS_ANSWER ||
		    strcmp(msg->rrs[i].owner, m->zone) != 0)
			continue;
		if (++names > LIMIT_NS) {
			m->zone_ns.cut = true;
			m->left_out |= MODEL_CUT_NS;
			return;
		}
		model_pair(&m->zone_ns, msg->rrs[i].target, &none);
	}
}

/* Addresses of an NS name: of its own zone when foreign, of the child's
   answers when in-domain. */
static void
ns_addresses(struct model *m, struct mpairs *pairs, const char *ns,
    bool only_if_none)
{
	struct addr *list = NULL;
	struct walk_zone *broke;
	size_t n = 0;

	for (size_t i = 0; only_if_none && i < pairs->n; i++)
		if (strcmp(pairs->list[i].ns, ns) == 0 &&
		    pairs->list[i].addr.family != 0)
			return;
	if (!message_name_within(ns, m->zone)) {
		walk_addrs(m->any, ns, &list, &n, &broke);
	} else {
		for (size_t i = 0; i < m->nservers; i++) {
			static const uint16_t types[] = { DNS_A, DNS_AAAA };
			bool ended;

			for (int t = 0; t < 2; t++) {
				const struct dns_msg *r;

				if (m->servers[i].state != MS_OK)
					continue;
				r = model_reply(m, &m->servers[i].addr, ns,
				    types[t], &ended);
				if (r != NULL && r->aa)
					walk_collect(r, ns, &list, &n);
			}
		}
	}
	for (size_t k = 0; k < n; k++)
		model_pair(pairs, ns, &list[k]);
	free(list);
}

static void
drop_empty(struct mpairs *p)
{
	for (size_t i = 0; i < p->n; i++) {
		bool other = false;

		for (size_t k = 0; k < p->n && !other; k++)
			other = k != i && p->list[i].addr.family == 0 &&
			    p->list[k].addr.family != 0 &&
			    strcmp(p->list[k].ns, p->list[i].ns) == 0;
		if (!other)
			continue;
		free(p->list[i].ns);
		p->list[i--] = p->list[--p->n];
	}
}

static void
complete_pairs(struct model *m, struct mpairs *pairs, bool only_if_none)
{
	size_t n = pairs->n;

	for (size_t i = 0; i < n; i++) {
		char *ns = xstrdup(pairs->list[i].ns);

		ns_addresses(m, pairs, ns, only_if_none);
		free(ns);
	}
	drop_empty(pairs);
}

static void
limit_addresses(struct model *m, const char *ns, const struct addr *a,
    bool parent)
{
	size_t same = 0;
	struct mserver *s;

	for (size_t i = 0; i < m->nservers; i++)
		same += strcmp(m->servers[i].ns, ns) == 0 &&
		    m->servers[i].addr.family == a->family &&
		    !addr_equal(&m->servers[i].addr, a);
	if (same >= LIMIT_ADDRS) {
		m->left_out |= MODEL_CUT_ADDRS;
		return;
	}
	s = server_add(m, ns, a);
	s->parent = s->parent || parent;
	s->child = s->child || !parent;
}

static void
servers_from(struct model *m, const struct mpairs *pairs, bool parent)
{
	for (size_t i = 0; i < pairs->n; i++)
		if (pairs->list[i].addr.family != 0)
			limit_addresses(m, pairs->list[i].ns,
			    &pairs->list[i].addr, parent);
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_UNASKED)
			look_at_server(m, &m->servers[i]);
}

bool
model_servers_pending(const struct model *m)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_PENDING)
			return true;
	return false;
}

void
model_zone(struct model *m)
{
	m->step = STEP_HERE;
	want_root(m);
	look_for_interception(m);
	m->step = STEP_DELEGATION;
	find_cut(m);
	if (m->zstate == ZONE_FOUND) {
		find_parents(m);
		ask_parents(m);
		complete_pairs(m, &m->delegation, true);
		m->step = STEP_SERVERS;
		servers_from(m, &m->delegation, true);
		for (size_t i = 0; i < m->nservers; i++)
			take_zone_ns(m, &m->servers[i]);
		complete_pairs(m, &m->zone_ns, false);
		servers_from(m, &m->zone_ns, false);
		for (size_t i = 0; i < m->nservers; i++)
			take_zone_ns(m, &m->servers[i]);
		complete_pairs(m, &m->zone_ns, false);
		/* In-domain names without glue: the zone itself tells. */
		complete_pairs(m, &m->delegation, true);
		servers_from(m, &m->delegation, true);
	}
	prove(m, 0);
	prove(m, 1);
}
