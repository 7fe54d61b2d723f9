/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The matrix: a verdict for each endpoint, by the findings there and by what
 * its probe came to. What was wanted and not possible is unknown, never ok.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"
#include "diag/summary_parts.h"

static enum verdict
worst_at(const struct cells *c, const struct endpoint *ep)
{
	enum verdict worst = VERDICT_OK;

	for (size_t i = 0; i < c->nfindings; i++) {
		const struct finding *f = c->findings[i];

		if (f->level == VERDICT_FACT ||
		    endpoint_cmp(&f->ep, ep) != 0 ||
		    (f->side != SIDE_DOMAIN && f->id != F_REFUSED_US))
			continue;
		if (f->level > worst)
			worst = f->level;
	}
	return worst;
}

bool
summary_has(const struct cells *c, enum finding_id id)
{
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->findings[i]->id == id)
			return true;
	return false;
}

static void
cell_add(struct cells *c, const struct endpoint *ep, enum verdict v,
    const struct sprobe *p)
{
	for (size_t i = 0; i < c->n; i++)
		if (endpoint_cmp(&c->list[i].ep, ep) == 0)
			return;
	c->list = xreallocarray(c->list, c->n + 1, sizeof *c->list);
	endpoint_copy(&c->list[c->n].ep, ep);
	c->list[c->n].verdict = v;
	c->list[c->n++].probe = p;
}

static bool
proven(const struct model *m, const struct addr *a)
{
	return m->proof[FAMILY(a)] == PROOF_DONE;
}

static enum verdict
server_verdict(const struct model *m, const struct cells *c,
    const struct mserver *s, const struct endpoint *ep)
{
	enum verdict v = worst_at(c, ep);

	if (m->intercepted || m->dns_blocked)
		return VERDICT_UNKNOWN;
	if (!m->want[FAMILY(&s->addr)] || s->special)
		return VERDICT_NOT_ASKED;
	if (v > VERDICT_OK)
		return v;
	if (s->state == MS_OK)
		return VERDICT_OK;
	return VERDICT_UNKNOWN;
}

static void
server_cells(const struct model *m, struct cells *c)
{
	for (size_t i = 0; i < m->nservers; i++) {
		const struct mserver *s = &m->servers[i];
		struct endpoint ep = { s->ns, s->addr, 53, "dns", TALK_PLAIN };

		cell_add(c, &ep, server_verdict(m, c, s, &ep), s->gate);
	}
}

/* Something was cut off before the dialogue's end was seen. */
static bool
cut_off(const struct sprobe *p)
{
	const struct sfact *http = probe_fact(p, "http", 0);

	if (probe_fact(p, "limit", 0) == NULL)
		return false;
	return http == NULL || !json_flag(http->value, "complete");
}

static enum verdict
service_verdict(const struct model *m, const struct cells *cells,
    const struct sprobe *p)
{
	enum verdict v = worst_at(cells, &p->ep);
	struct connect_view c;

	if (p->state != PROBE_ENDED || !judge_connect_view(p, &c) ||
	    strcmp(p->outcome, "interrupted") == 0)
		return VERDICT_UNKNOWN;
	if (v > VERDICT_OK && v != VERDICT_NOTICE)
		return v;
	if (c.ok == 0 && (!proven(m, &p->ep.addr) || (p->step ==
	    STEP_MAIL_IN && summary_has(cells, F_HERE_PORT25_BLOCKED))))
		return judge_offered(m, p) ? VERDICT_UNKNOWN :
		    VERDICT_NOT_OFFERED;
	if (c.ok == 0)
		return v > VERDICT_OK ? v : VERDICT_NOT_OFFERED;
	if (cut_off(p))
		return VERDICT_UNKNOWN;
	return v;
}

/* Services, and mailbox services that are offered somewhere: a guess that
   came to nothing is not listed. */
static bool
has_cell(const struct model *m, const struct sprobe *p)
{
	if (p->qname != NULL)
		return false;
	if (p->step == STEP_MAILBOX)
		return p->what[0] == '\0' && judge_offered(m, p);
	return (p->step == STEP_WEB && (!model_autoconfig_page(p) ||
	    judge_offered(m, p))) || p->step == STEP_MAIL_IN;
}

/* The service's own page first, then endpoints of other pages only. */
static void
service_cells(const struct model *m, struct cells *c)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < m->s->nprobes; i++) {
			const struct sprobe *p = m->s->probes[i];

			if (has_cell(m, p) &&
			    (p->what[0] == '\0') == (pass == 0))
				cell_add(c, &p->ep, service_verdict(m, c, p),
				    p);
		}
}

/* Does this service of the name work over the family that is here? */
static bool
works_elsewhere(const struct cells *c, const char *name, uint16_t port)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].ep.port == port && c->list[i].verdict !=
		    VERDICT_NOT_OFFERED && strcmp(c->list[i].ep.name, name) ==
		    0)
			return true;
	return false;
}

/* Is this service of a name offered as far as the family that is here tells?
   www and hosts asked for offer web once they have an address. */
static bool
offered_elsewhere(const struct cells *c, const struct mname *n,
    uint16_t port)
{
	if (port == 25 || works_elsewhere(c, n->name, port))
		return true;
	return port == 443 && (n->kind & (NAME_WWW | NAME_HOST)) != 0 &&
	    !works_elsewhere(c, n->name, 80);
}

/* Addresses of a family that is not here, or of a step left out: unknown
   where offered, not asked where switched off. */
static void
absent_cells(const struct model *m, struct cells *c)
{
	static const struct { unsigned kind; uint16_t port; const char *proto;
		int tls; enum step_id step; } kinds[] = {
		{ NAME_WEB, 80, "http", TALK_PLAIN, STEP_WEB },
		{ NAME_WEB, 443, "https", TALK_IMPLICIT, STEP_WEB },
		{ NAME_MX, 25, "smtp", TALK_STARTTLS, STEP_MAIL_IN },
	};

	for (size_t i = 0; i < m->nnames; i++)
		for (size_t k = 0; k < m->names[i].nauth; k++)
			for (int t = 0; t < 3; t++) {
				const struct mname *n = &m->names[i];
				struct endpoint ep = { n->name, n->addrs[k],
					kinds[t].port, "", kinds[t].tls };
				int f = FAMILY(&n->addrs[k]);
				bool skip = m->skip[kinds[t].step];

				strcpy(ep.proto, kinds[t].proto);
				if ((n->kind & kinds[t].kind) == 0 ||
				    n->wildcard || (m->have[f] && !skip) ||
				    model_special(m, &n->addrs[k]) ||
				    (!skip && !offered_elsewhere(c, n,
				    ep.port)))
					continue;
				cell_add(c, &ep, m->want[f] && !skip ?
				    VERDICT_UNKNOWN : VERDICT_NOT_ASKED, NULL);
			}
}

static void
absent_at(const struct model *m, struct cells *c, const char *name,
    uint16_t port, const char *proto, int tls)
{
	const struct mname *n = model_name(m, name);

	for (size_t k = 0; n != NULL && k < n->nauth; k++) {
		struct endpoint ep = { n->name, n->addrs[k], port, "", tls };
		int f = FAMILY(&n->addrs[k]);

		strcpy(ep.proto, proto);
		if (!m->have[f] && !model_special(m, &n->addrs[k]))
			cell_add(c, &ep, m->want[f] ? VERDICT_UNKNOWN :
			    VERDICT_NOT_ASKED, NULL);
	}
}

/* The same where mail programs are told their servers. */
static void
absent_pages(const struct model *m, struct cells *c)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (model_autoconfig_page(p) && model_configures(m, p))
			absent_at(m, c, p->ep.name, p->ep.port, p->ep.proto,
			    p->ep.tls);
	}
}

/* The same for mailbox services: those named, and those that work over the
   family that is here. */
static void
absent_mail(const struct model *m, struct cells *c)
{
	size_t n = c->n;

	if (m->skip[STEP_MAILBOX])
		return;
	for (size_t i = 0; i < m->nsrv; i++)
		absent_at(m, c, m->srv[i].target, m->srv[i].port,
		    mail_services[m->srv[i].service].proto,
		    mail_services[m->srv[i].service].tls);
	for (size_t i = 0; i < n; i++) {
		const struct endpoint ep = c->list[i].ep;
		const struct mail_service *x = model_mail_service(&ep);

		if (x != NULL)
			absent_at(m, c, ep.name, ep.port, x->proto, x->tls);
	}
}

static int
by_endpoint(const void *a, const void *b)
{
	return endpoint_cmp(&((const struct cell *)a)->ep,
	    &((const struct cell *)b)->ep);
}

void
summary_cells(const struct model *m, struct cells *c,
    struct finding *const *findings, size_t n)
{
	memset(c, 0, sizeof *c);
	c->findings = findings;
	c->nfindings = n;
	server_cells(m, c);
	service_cells(m, c);
	absent_cells(m, c);
	absent_pages(m, c);
	absent_mail(m, c);
	if (c->n > 1)
		qsort(c->list, c->n, sizeof *c->list, by_endpoint);
}

void
summary_cells_free(struct cells *c)
{
	for (size_t i = 0; i < c->n; i++)
		endpoint_clear(&c->list[i].ep);
	free(c->list);
}

double
summary_seconds(const struct cell *c)
{
	const struct sprobe *p = c->probe;
	const struct sfact *f;

	if (p == NULL)
		return 0;
	f = probe_fact(p, "exchange", 0);
	if (f == NULL)
		f = probe_fact(p, "connect", 0);
	return f == NULL ? 0 : json_num(f->value, "ms", 0) / 1000;
}

json_t *
summary_matrix(const struct cells *c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < c->n; i++) {
		json_t *o = json_object();
		double s = summary_seconds(&c->list[i]);

		json_put(o, "endpoint", endpoint_json(&c->list[i].ep));
		json_put_str(o, "verdict", verdict_word(c->list[i].verdict));
		if (s > 0)
			json_put_num(o, "s", s);
		json_array_append_new(a, o);
	}
	return a;
}
