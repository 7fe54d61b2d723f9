/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a diagnosis: a verdict for each endpoint, service and the whole,
 * the delegation object, whom to call. Derived from what is known, nothing
 * else; what was wanted and not possible is unknown, never ok.
 */
#include "diag/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"

struct cell {
	struct endpoint		 ep;
	enum verdict		 verdict;
	const struct sprobe	*probe;
};

struct cells {
	struct cell		*list;
	size_t			 n;
	struct finding *const	*findings;	/* that hold now */
	size_t			 nfindings;
};

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

static bool
has_finding(const struct cells *c, enum finding_id id)
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
	    STEP_MAIL_IN && has_finding(cells, F_HERE_PORT25_BLOCKED))))
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
	return p->step == STEP_WEB || p->step == STEP_MAIL_IN;
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
absent_mail_of(const struct model *m, struct cells *c, const char *name,
    uint16_t port, const struct mail_service *x)
{
	const struct mname *n = model_name(m, name);

	for (size_t k = 0; n != NULL && k < n->nauth; k++) {
		struct endpoint ep = { n->name, n->addrs[k], port, "",
			x->tls };
		int f = FAMILY(&n->addrs[k]);

		strcpy(ep.proto, x->proto);
		if (!m->have[f] && !model_special(m, &n->addrs[k]))
			cell_add(c, &ep, m->want[f] ? VERDICT_UNKNOWN :
			    VERDICT_NOT_ASKED, NULL);
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
		absent_mail_of(m, c, m->srv[i].target, m->srv[i].port,
		    &mail_services[m->srv[i].service]);
	for (size_t i = 0; i < n; i++) {
		const struct endpoint ep = c->list[i].ep;
		const struct mail_service *x = model_mail_service(&ep);

		if (x != NULL)
			absent_mail_of(m, c, ep.name, ep.port, x);
	}
}

static int
by_endpoint(const void *a, const void *b)
{
	return endpoint_cmp(&((const struct cell *)a)->ep,
	    &((const struct cell *)b)->ep);
}

static void
cells_build(const struct model *m, struct cells *c,
    struct finding *const *findings, size_t n)
{
	memset(c, 0, sizeof *c);
	c->findings = findings;
	c->nfindings = n;
	server_cells(m, c);
	service_cells(m, c);
	absent_cells(m, c);
	absent_mail(m, c);
	if (c->n > 1)
		qsort(c->list, c->n, sizeof *c->list, by_endpoint);
}

static void
cells_free(struct cells *c)
{
	for (size_t i = 0; i < c->n; i++)
		endpoint_clear(&c->list[i].ep);
	free(c->list);
}

static double
cell_seconds(const struct sprobe *p)
{
	const struct sfact *f;

	if (p == NULL)
		return 0;
	f = probe_fact(p, "exchange", 0);
	if (f == NULL)
		f = probe_fact(p, "connect", 0);
	return f == NULL ? 0 : json_num(f->value, "ms", 0) / 1000;
}

static json_t *
matrix_json(const struct cells *c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < c->n; i++) {
		json_t *o = json_object();
		double s = cell_seconds(c->list[i].probe);

		json_put(o, "endpoint", endpoint_json(&c->list[i].ep));
		json_put_str(o, "verdict", verdict_word(c->list[i].verdict));
		if (s > 0)
			json_put_num(o, "s", s);
		json_array_append_new(a, o);
	}
	return a;
}

static bool
cell_is(const struct cell *c, const char *service)
{
	if (strcmp(service, "dns") == 0)
		return strcmp(c->ep.proto, "dns") == 0;
	if (strcmp(service, "web") == 0)
		return strncmp(c->ep.proto, "http", 4) == 0;
	if (strcmp(service, "mailbox") == 0)
		return model_mail_service(&c->ep) != NULL;
	return strcmp(c->ep.proto, "smtp") == 0;
}

static enum verdict
service_of(const struct cells *c, const char *service, int family)
{
	enum verdict worst = VERDICT_NOT_OFFERED;

	for (size_t i = 0; i < c->n; i++)
		if (cell_is(&c->list[i], service) &&
		    FAMILY(&c->list[i].ep.addr) == family &&
		    c->list[i].verdict > worst)
			worst = c->list[i].verdict;
	return worst;
}

static const char *const services[] = { "dns", "web", "mail-in", "mailbox" };

#define SERVICES (sizeof services / sizeof services[0])

static bool
worse(enum verdict v6, enum verdict v4)
{
	return (v6 == VERDICT_WARNING || v6 == VERDICT_ERROR) && v6 > v4;
}

void
judge_summary(struct judge *j)
{
	struct model *m = j->m;
	struct cells c;
	char *list = xstrdup(""), *more;

	if (m->zone == NULL) {
		free(list);
		return;
	}
	cells_build(m, &c, j->list, j->n);
	for (size_t i = 0; i < SERVICES; i++) {
		if (!worse(service_of(&c, services[i], 1),
		    service_of(&c, services[i], 0)))
			continue;
		more = xasprintf("%s%s%s", list, *list == '\0' ? "" : ", ",
		    services[i]);
		free(list);
		list = more;
	}
	if (*list != '\0')
		judge_arg(judge_name(j, F_HALF_DONE_V6, m->zone, NULL),
		    "services", list);
	free(list);
	cells_free(&c);
}

/* A name that is there, but where it leads could not be found out. */
static bool
nowhere(const struct mname *n)
{
	return (n->failed || n->endless) && n->naddrs == 0 && !n->wildcard &&
	    (n->kind & ~NAME_NS) != 0;
}

static enum verdict
whole(const struct model *m, const struct cells *c)
{
	enum verdict v = VERDICT_OK;

	for (size_t i = 0; i < m->s->nfindings; i++) {
		const struct finding *f = m->s->findings[i];

		if (f->side == SIDE_DOMAIN && f->level > v &&
		    f->level >= VERDICT_NOTICE)
			v = f->level;
	}
	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].verdict == VERDICT_UNKNOWN &&
		    v < VERDICT_UNKNOWN)
			v = VERDICT_UNKNOWN;
	for (size_t i = 0; i < m->nnames; i++)
		if (v < VERDICT_UNKNOWN && nowhere(&m->names[i]))
			v = VERDICT_UNKNOWN;
	if (v < VERDICT_UNKNOWN && (m->limited || m->zstate == ZONE_FAILED ||
	    m->zstate == ZONE_PENDING))
		v = VERDICT_UNKNOWN;
	for (size_t i = 0; v < VERDICT_UNKNOWN && i < m->s->nprobes; i++)
		if (m->s->probes[i]->state == PROBE_RUNNING ||
		    strcmp(m->s->probes[i]->outcome, "interrupted") == 0 ||
		    strcmp(m->s->probes[i]->outcome, "limit") == 0)
			v = VERDICT_UNKNOWN;
	return v;
}

static json_t *
counts_json(const struct session *s)
{
	static const enum verdict kinds[] = { VERDICT_NOTICE, VERDICT_WARNING,
		VERDICT_ERROR, VERDICT_UNKNOWN };
	json_t *o = json_object();

	for (size_t k = 0; k < 4; k++) {
		int64_t n = 0;

		for (size_t i = 0; i < s->nfindings; i++)
			n += s->findings[i]->side == SIDE_DOMAIN &&
			    s->findings[i]->level == kinds[k];
		json_put_int(o, verdict_word(kinds[k]), n);
	}
	return o;
}

static int
by_level(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a;
	const struct finding *y = *(struct finding *const *)b;
	int c = (x->level < y->level) - (x->level > y->level);

	if (c == 0)
		c = (x->side > y->side) - (x->side < y->side);
	if (c == 0)
		c = (x->id > y->id) - (x->id < y->id);
	return c != 0 ? c : endpoint_cmp(&x->ep, &y->ep);
}

static struct finding **
sorted(const struct session *s)
{
	struct finding **list = xcalloc(s->nfindings + 1, sizeof *list);

	for (size_t i = 0; i < s->nfindings; i++)
		list[i] = s->findings[i];
	if (s->nfindings > 1)
		qsort(list, s->nfindings, sizeof *list, by_level);
	return list;
}

static void
put_findings(json_t *o, const struct session *s)
{
	json_t *findings = json_array(), *facts = json_array();
	struct finding **list = sorted(s);

	for (size_t i = 0; i < s->nfindings; i++)
		json_array_append_new(list[i]->level == VERDICT_FACT ? facts :
		    findings, finding_json(list[i]));
	free(list);
	json_put(o, "findings", findings);
	json_put(o, "facts", facts);
}

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

static json_t *
delegation_json(struct model *m)
{
	json_t *o = json_object();

	json_put(o, "parent", pairs_json(&m->parents));
	json_put(o, "delegation", pairs_json(&m->delegation));
	json_put(o, "zone", pairs_json(&m->zone_ns));
	return o;
}

static json_t *
services_json(const struct model *m, const struct cells *c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < SERVICES; i++) {
		json_t *o = json_object();
		bool left = m->skip[STEP_MAILBOX] &&
		    strcmp(services[i], "mailbox") == 0;

		json_put_str(o, "service", services[i]);
		for (int f = 0; f < 2; f++)
			json_put_str(o, f == 0 ? "v4" : "v6",
			    verdict_word(left ? VERDICT_NOT_ASKED :
			    service_of(c, services[i], f)));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
who_json(const struct session *s)
{
	json_t *a = json_array();
	struct finding **list = sorted(s);

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
not_asked(json_t *a, const char *what, const char *why)
{
	json_t *o = json_object();

	json_put_str(o, "what", what);
	json_put_str(o, "why", why);
	json_array_append_new(a, o);
}

/* A login that was wanted and not tried. */
static void
login_not_asked(json_t *a, const struct sprobe *p)
{
	const struct sfact *f = p->step == STEP_MAILBOX ?
	    probe_fact(p, "login", 0) : NULL;
	const char *why = f == NULL ? "" : json_str(f->value, "why");
	char text[ADDR_STRLEN], *what, *word;

	if (*why == '\0' || strcmp(p->what, "login") != 0)
		return;
	what = xasprintf("%s %s %s", p->ep.proto, p->ep.name,
	    addr_print(&p->ep.addr, text));
	word = xasprintf("login-%s", why);
	not_asked(a, what, word);
	free(word);
	free(what);
}

static json_t *
not_asked_json(const struct model *m)
{
	json_t *a = json_array();

	for (int i = 0; i < STEP_COUNT; i++)
		if (m->s->steps[i] == STEP_NOT_ASKED)
			not_asked(a, step_rows[i].id, m->skip[i] ? "option" :
			    "not-built");
	for (size_t i = 0; i < m->nservers; i++) {
		const struct mserver *s = &m->servers[i];
		char text[ADDR_STRLEN], *what;

		if (s->state != MS_SILENT && !s->special)
			continue;
		what = xasprintf("%s %s", s->ns, addr_print(&s->addr, text));
		not_asked(a, what, s->special ? "special" : "silent");
		free(what);
	}
	for (size_t i = 0; i < m->s->nprobes; i++)
		login_not_asked(a, m->s->probes[i]);
	return a;
}

/* What was cut off: the words have sentences in the help. */
static json_t *
limits_json(const struct model *m)
{
	json_t *a = json_array();
	bool interrupted = false, questions = m->limited;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		interrupted = interrupted || p->state == PROBE_RUNNING ||
		    strcmp(p->outcome, "interrupted") == 0;
		questions = questions || strcmp(p->outcome, "limit") == 0;
	}
	if (interrupted)
		json_array_append_new(a, json_string("interrupted"));
	if (questions)
		json_array_append_new(a, json_string("questions"));
	if (m->s->bytes + LIMIT_LINE >= LIMIT_SESSION)
		json_array_append_new(a, json_string("session"));
	return a;
}

static int64_t
count_probes(const struct session *s, bool dns)
{
	int64_t n = 0;

	for (size_t i = 0; i < s->nprobes; i++) {
		const struct sprobe *p = s->probes[i];

		if (p->state == PROBE_SKIPPED)
			continue;
		if (dns)
			n += p->qname != NULL;
		else if (p->step == STEP_WEB || p->step == STEP_MAIL_IN ||
		    p->step == STEP_MAILBOX)
			n += p->attempts;
	}
	return n;
}

/* Index of the worst domain finding in `findings', or -1. */
static int64_t
worst_index(const json_t *findings)
{
	const json_t *item;
	size_t i;

	json_array_foreach(findings, i, item)
		if (strcmp(json_str(item, "side"), "domain") == 0)
			return (int64_t)i;
	return -1;
}

static json_t *
summary_json(struct model *m, const struct cells *c, const json_t *end)
{
	json_t *o = json_object();

	json_put_str(o, "zone", m->zone == NULL ? "" : m->zone);
	json_put(o, "services", services_json(m, c));
	json_put_flag(o, "half_done", has_finding(c, F_HALF_DONE_V6));
	json_put_int(o, "worst", worst_index(json_object_get(end,
	    "findings")));
	json_put(o, "who", who_json(m->s));
	json_put_int(o, "questions", count_probes(m->s, true));
	json_put_int(o, "connections", count_probes(m->s, false));
	json_put(o, "not_asked", not_asked_json(m));
	json_put(o, "limits", limits_json(m));
	return o;
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

static json_t *
contacts_json(const struct model *m)
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

static json_t *
steps_json(const struct model *m, const struct cells *c)
{
	const struct session *s = m->s;
	json_t *o = json_object();

	for (int i = 0; i < STEP_COUNT; i++) {
		enum verdict v = summary_step(m, (enum step_id)i), cell =
		    VERDICT_NONE;

		for (size_t k = 0; k < c->n; k++)
			if ((int)summary_step_of(&c->list[k].ep) == i &&
			    c->list[k].verdict > cell)
				cell = c->list[k].verdict;
		if (cell != VERDICT_NONE && s->steps[i] != STEP_NOT_ASKED)
			v = cell;
		for (size_t k = 0; k < s->nfindings; k++)
			if ((int)finding_step(s->findings[k]->id,
			    s->findings[k]->ep.proto) == i &&
			    s->findings[k]->level > v)
				v = s->findings[k]->level;
		json_put_str(o, step_rows[i].id, verdict_word(v));
	}
	return o;
}

json_t *
summary_end(struct model *m)
{
	json_t *o = json_object();
	struct cells c;

	cells_build(m, &c, m->s->findings, m->s->nfindings);
	json_put_str(o, "verdict", verdict_word(whole(m, &c)));
	json_put(o, "counts", counts_json(m->s));
	put_findings(o, m->s);
	json_put(o, "matrix", matrix_json(&c));
	json_put(o, "delegation", delegation_json(m));
	json_put(o, "summary", summary_json(m, &c, o));
	json_put(o, "contacts", contacts_json(m));
	json_put(o, "steps", steps_json(m, &c));
	cells_free(&c);
	return o;
}
