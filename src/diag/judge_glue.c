/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules about glue: what the parent gives with a referral, and what the zone
 * itself says of the same names. Of a message that was cut only what is there
 * is judged, never what is not.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "diag/judge.h"

/* Glue in the referrals: addresses for names at or below the domain. */
struct glue {
	struct addr	*list;
	size_t		 n;
	bool		 referred, cut;	/* cut: there may be more */
};

static void
glue_of(const struct model *m, const char *ns, struct glue *g)
{
	memset(g, 0, sizeof *g);
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		bool names = false;

		if (p->reply == NULL || p->qtype != DNS_NS || p->reply->aa ||
		    strcmp(p->qname, m->zone) != 0 ||
		    strcmp(p->transport, "rd") == 0)
			continue;
		for (size_t k = 0; k < p->reply->nrrs; k++)
			names = names || (p->reply->rrs[k].type == DNS_NS &&
			    p->reply->rrs[k].section == DNS_AUTHORITY &&
			    strcmp(p->reply->rrs[k].owner, m->zone) == 0 &&
			    strcmp(p->reply->rrs[k].target, ns) == 0);
		if (!names)
			continue;
		g->referred = true;
		g->cut = g->cut || message_cut(p->reply, DNS_ADDITIONAL);
		walk_collect(p->reply, ns, &g->list, &g->n);
	}
}

/* Has a server of the zone more addresses of this name than are kept? */
static bool
addresses_cut(struct model *m, const char *ns, int family)
{
	for (size_t i = 0; i < m->nservers; i++) {
		bool ended;
		const struct dns_msg *r = m->servers[i].state != MS_OK ? NULL :
		    model_reply(m, &m->servers[i].addr, ns, family == 0 ?
		    DNS_A : DNS_AAAA, &ended);

		if (r != NULL && message_cut(r, DNS_ANSWER))
			return true;
	}
	return false;
}

struct sides {
	struct buf	 glue, zone;
	bool		 differs, dead;
};

/* Glue of this family that the zone does not have. */
static void
only_glue(const struct model *m, const char *ns, int family,
    const struct glue *g, struct sides *out)
{
	char text[ADDR_STRLEN];

	for (size_t i = 0; i < g->n; i++) {
		const struct mserver *s = judge_server_at(m, ns, &g->list[i]);
		bool there = false;

		for (size_t k = 0; k < m->zone_ns.n; k++)
			there = there || (strcmp(m->zone_ns.list[k].ns, ns) ==
			    0 && addr_equal(&m->zone_ns.list[k].addr,
			    &g->list[i]));
		if (FAMILY(&g->list[i]) != family || there)
			continue;
		out->differs = true;
		out->dead = out->dead || (s != NULL && s->state != MS_OK &&
		    s->state != MS_PENDING && s->state != MS_UNASKED &&
		    s->state != MS_UNTESTED);
		judge_word(&out->glue, addr_print(&g->list[i], text));
	}
}

/* Addresses of the zone of this family that are not among the glue. */
static void
only_zone(const struct model *m, const char *ns, int family,
    const struct glue *g, struct sides *out)
{
	char text[ADDR_STRLEN];

	for (size_t k = 0; k < m->zone_ns.n; k++) {
		const struct mpair *p = &m->zone_ns.list[k];

		if (strcmp(p->ns, ns) != 0 || p->addr.family == 0 ||
		    FAMILY(&p->addr) != family ||
		    addr_in(g->list, g->n, &p->addr))
			continue;
		out->differs = true;
		judge_word(&out->zone, addr_print(&p->addr, text));
	}
}

/* Compare glue and zone for one family; names the differing addresses. What
   is not among those kept of one side may be among its others. */
static void
compare(struct model *m, const char *ns, int family, const struct glue *g,
    struct sides *out)
{
	bool glue = false;

	for (size_t i = 0; i < g->n; i++)
		glue = glue || FAMILY(&g->list[i]) == family;
	if (!glue || !judge_has_addr(&m->zone_ns, ns, family))
		return;
	if (!addresses_cut(m, ns, family))
		only_glue(m, ns, family, g, out);
	if (!g->cut)
		only_zone(m, ns, family, g, out);
}

static void
glue_differs(struct judge *j, const char *ns, const struct glue *g)
{
	struct sides s;
	struct finding *f;

	memset(&s, 0, sizeof s);
	buf_init(&s.glue, 1024);
	buf_init(&s.zone, 1024);
	compare(j->m, ns, 0, g, &s);
	compare(j->m, ns, 1, g, &s);
	if (s.differs) {
		f = judge_name(j, F_GLUE_DIFFERS, ns, NULL);
		judge_arg(f, "ns", ns);
		judge_arg(f, "glue", s.glue.len > 0 ? buf_str(&s.glue) : "-");
		judge_arg(f, "zone", s.zone.len > 0 ? buf_str(&s.zone) : "-");
		if (s.dead)
			f->level = VERDICT_ERROR;
	}
	buf_free(&s.glue);
	buf_free(&s.zone);
}

static void
glue_v6_missing(struct judge *j, const char *ns, const struct glue *g)
{
	const struct model *m = j->m;
	char text[ADDR_STRLEN], *record;
	struct finding *f;

	for (size_t i = 0; i < g->n; i++)
		if (g->list[i].family == 6)
			return;
	for (size_t k = 0; k < m->zone_ns.n; k++) {
		const struct mpair *p = &m->zone_ns.list[k];

		if (strcmp(p->ns, ns) != 0 || p->addr.family != 6)
			continue;
		f = judge_name(j, F_GLUE_MISSING_V6, ns, NULL);
		record = xasprintf("%s. AAAA %s", ns, addr_print(&p->addr,
		    text));
		judge_arg(f, "ns", ns);
		judge_arg(f, "record", record);
		free(record);
		return;
	}
}

static void
glue_of_name(struct judge *j, const char *ns)
{
	const struct model *m = j->m;
	struct glue g;

	glue_of(m, ns, &g);
	/* Without any address it is ns-unresolvable. */
	if (g.referred && g.n == 0 && !g.cut &&
	    (judge_has_addr(&m->delegation, ns, -1) ||
	    judge_has_addr(&m->zone_ns, ns, -1) || !judge_some_ok(m, -1)))
		judge_arg(judge_name(j, F_GLUE_MISSING, ns, NULL), "ns", ns);
	if (g.n > 0) {
		glue_differs(j, ns, &g);
		if (!g.cut)
			glue_v6_missing(j, ns, &g);
	}
	free(g.list);
}

void
judge_glue(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->delegation.n; i++) {
		const char *ns = m->delegation.list[i].ns;
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first = first && strcmp(m->delegation.list[k].ns,
			    ns) != 0;
		if (first && message_name_within(ns, m->zone))
			glue_of_name(j, ns);
	}
}
