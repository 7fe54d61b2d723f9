/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model's ground: the index of questions asked, replies, reachability of
 * addresses, wants. The rest is in model_zone.c, model_names.c and
 * model_services.c.
 */
#include "diag/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"


struct host {
	struct addr	 addr;
	bool		 alive, silent;
};

struct qindex {
	const struct sprobe	**slots;
	size_t			 size;
	struct host		*hosts;
	size_t			 hsize;
};

static size_t
mix(size_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	while (n-- > 0)
		h = (h ^ *p++) * 16777619u;
	return h;
}

static size_t
question_hash(const struct addr *a, const char *transport, const char *qname,
    uint16_t type)
{
	size_t h = mix(2166136261u, a->b, sizeof a->b);

	h = mix(h, transport, strlen(transport));
	h = mix(h, qname, strlen(qname));
	return mix(h, &type, sizeof type);
}

static struct host *
host_slot(const struct qindex *x, const struct addr *a)
{
	size_t i = mix(2166136261u, a->b, sizeof a->b) & (x->hsize - 1);

	while (x->hosts[i].addr.family != 0 &&
	    !addr_equal(&x->hosts[i].addr, a))
		i = (i + 1) & (x->hsize - 1);
	return &x->hosts[i];
}

bool
model_told(const struct sprobe *p)
{
	return p->state == PROBE_ENDED && (p->reply != NULL ||
	    strcmp(p->outcome, "interrupted") != 0);
}

static void
index_host(struct qindex *x, const struct sprobe *p)
{
	struct host *h;

	if (model_is_tcp(p->transport) || p->ep.addr.family == 0)
		return;
	h = host_slot(x, &p->ep.addr);
	h->addr = p->ep.addr;
	if (p->reply != NULL)
		h->alive = true;
	else if (model_told(p) && strncmp(p->transport, "again", 5) != 0)
		h->silent = true;
}

static void
index_build(struct model *m)
{
	struct qindex *x = xcalloc(1, sizeof *x);
	size_t size = 64;

	while (size < 3 * m->s->nprobes)
		size *= 2;
	x->size = x->hsize = size;
	x->slots = xcalloc(size, sizeof *x->slots);
	x->hosts = xcalloc(size, sizeof *x->hosts);
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		size_t k;

		if (p->qname == NULL)
			continue;
		k = question_hash(&p->ep.addr, p->transport, p->qname,
		    p->qtype) & (size - 1);
		while (x->slots[k] != NULL)
			k = (k + 1) & (size - 1);
		x->slots[k] = p;
		index_host(x, p);
	}
	m->index = x;
}

const struct sprobe *
model_asked(const struct model *m, const struct addr *a, const char *transport,
    const char *qname, uint16_t type)
{
	const struct qindex *x = m->index;
	size_t k = question_hash(a, transport, qname, type) & (x->size - 1);

	for (; x->slots[k] != NULL; k = (k + 1) & (x->size - 1)) {
		const struct sprobe *p = x->slots[k];

		if (p->qtype == type && addr_equal(&p->ep.addr, a) &&
		    strcmp(p->transport, transport) == 0 &&
		    strcmp(p->qname, qname) == 0)
			return p;
	}
	return NULL;
}

bool
model_silent(const struct model *m, const struct addr *a)
{
	const struct host *h = host_slot(m->index, a);

	return h->silent && !h->alive;
}

bool
model_special(const struct model *m, const struct addr *a)
{
	for (size_t i = 0; i < m->nglobal; i++)
		if (prefix_match(&m->global[i], a))
			return false;
	return addr_classify(a)->level == 2;
}

bool
model_usable(const struct model *m, const struct addr *a)
{
	return a->family != 0 && m->have[FAMILY(a)] && !model_special(m, a);
}

/* Names from the network may hold a slash: a key may not. */
static void
key_name(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == '/' || *name == '%')
			buf_printf(b, "%%%02X", (unsigned char)*name);
		else
			buf_addc(b, *name);
	}
}

char *
model_key(enum step_id step, const struct endpoint *ep, const char *what)
{
	struct buf b;
	char text[ADDR_STRLEN];

	buf_init(&b, 0);
	buf_printf(&b, "%s/%s/", step_rows[step].id, ep->proto);
	key_name(&b, ep->name);
	buf_printf(&b, "/%s/", ep->addr.family == 0 ? "" :
	    addr_print(&ep->addr, text));
	if (ep->port != 0)
		buf_printf(&b, "%u", ep->port);
	if (*what != '\0')
		buf_printf(&b, "/%s", what);
	return buf_steal(&b);
}

/* NULL when a probe of that key exists or is wanted already. */
static struct want *
add_want(struct model *m, enum want_kind kind, const struct endpoint *ep,
    char *key)
{
	struct want *w;

	for (size_t i = 0; i < m->nwants; i++)
		if (strcmp(m->wants[i].key, key) == 0) {
			free(key);
			return NULL;
		}
	m->wants = xreallocarray(m->wants, m->nwants + 1, sizeof *m->wants);
	w = &m->wants[m->nwants++];
	memset(w, 0, sizeof *w);
	w->kind = kind;
	w->step = m->step;
	w->key = key;
	endpoint_copy(&w->ep, ep);
	return w;
}

struct want *
model_want(struct model *m, enum want_kind kind, const struct endpoint *ep,
    const char *what)
{
	char *key = model_key(m->step, ep, what);

	if (session_probe(m->s, key) != NULL) {
		free(key);
		return NULL;
	}
	return add_want(m, kind, ep, key);
}

/* Its only connection failed, and not for a reason of ours. */
static bool
failed_once(const struct sprobe *p)
{
	const char *cause;
	size_t tried = 0;

	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "connect") == 0) {
			cause = json_str(p->facts[i].value, "cause");
			if (json_flag(p->facts[i].value, "ok") ||
			    strcmp(cause, "local") == 0 ||
			    strcmp(cause, "no-family") == 0)
				return false;
			tried++;
		}
	return tried == 1 && p->state == PROBE_ENDED && model_told(p);
}

struct want *
model_want_once(struct model *m, enum want_kind kind,
    const struct endpoint *ep, const char *what, bool offered)
{
	char *key = model_key(m->step, ep, what);
	const struct sprobe *p = session_probe(m->s, key);
	struct want *w;

	if (p != NULL && (!offered || json_int(m->options, "tries", 1) < 2 ||
	    !failed_once(p))) {
		free(key);
		return NULL;
	}
	w = add_want(m, kind, ep, key);
	if (w == NULL)
		return NULL;
	w->tries = p == NULL ? 1 : 0;
	w->renew = p != NULL;
	return w;
}

bool
model_want_due(const struct session *s, const struct want *w)
{
	const struct sprobe *p = session_probe(s, w->key);

	return p == NULL || (w->renew && p->state != PROBE_RUNNING);
}

void
model_want_clear(struct want *w)
{
	free(w->key);
	free(w->qname);
	free(w->path);
	free(w->token);
	endpoint_clear(&w->ep);
}

/* One question, one probe, whichever step wants it first. */
static bool
wanted(const struct model *m, const struct addr *a, const char *transport,
    const char *qname, uint16_t type)
{
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].qname != NULL && m->wants[i].qtype == type &&
		    addr_equal(&m->wants[i].ep.addr, a) &&
		    strcmp(m->wants[i].transport, transport) == 0 &&
		    strcmp(m->wants[i].qname, qname) == 0)
			return true;
	return false;
}

void
model_want_dns(struct model *m, const char *ns, const struct addr *a,
    const char *transport, const char *qname, uint16_t type,
    int64_t not_before)
{
	struct endpoint ep = { (char *)(uintptr_t)ns, *a, 53, "dns",
		TALK_PLAIN };
	char *what, word[16];
	struct want *w;

	if (wanted(m, a, transport, qname, type))
		return;
	what = xasprintf("%s:%s:%s", transport, qname,
	    message_type_word(type, word));
	w = model_want(m, WANT_DNS, &ep, what);
	free(what);
	if (w == NULL)
		return;
	w->qname = xstrdup(qname);
	w->qtype = type;
	strncpy(w->transport, transport, sizeof w->transport - 1);
	w->not_before = not_before;
}

const struct dns_msg *
model_reply(struct model *m, const struct addr *a, const char *qname,
    uint16_t type, bool *ended)
{
	const struct sprobe *u = model_asked(m, a, "udp", qname, type);
	struct mtcp t;

	*ended = u != NULL && model_told(u);
	if (u == NULL || !*ended || u->reply == NULL)
		return NULL;
	if (!u->reply->tc)
		return u->reply;
	t = model_tcp_again(m, a, qname, type, false);
	if (t.probe == NULL && model_tcp_fails(m, a))
		return u->reply;
	if (t.probe == NULL)
		model_want_dns(m, u->ep.name, a, "tcp", qname, type, 0);
	*ended = t.ended;
	if (!*ended)
		return NULL;
	return t.probe->reply != NULL ? t.probe->reply : u->reply;
}

void
model_wake(struct model *m, int64_t us)
{
	if (m->wake == 0 || us < m->wake)
		m->wake = us;
}

/* struct walk_env's ask, over the session. */
static void
walk_question(void *ctx, const char *ns, const struct addr *a,
    const char *qname, uint16_t type, bool start, struct walk_answer *out)
{
	struct model *m = ctx;
	const struct sprobe *p = model_asked(m, a, "udp", qname, type);
	int64_t hedge = 400000;
	bool ended;

	out->known = WALK_SILENT;
	if (!model_usable(m, a))
		return;
	if (p != NULL) {
		out->msg = model_reply(m, a, qname, type, &ended);
		if (out->msg != NULL) {
			out->known = WALK_REPLIED;
		} else if (!ended || strcmp(p->outcome, net_cause_word(
		    NET_INTERRUPTED)) == 0) {
			out->known = WALK_ASKED;
			out->waiting = (m->now - p->began) * 1000;
			if (m->now - p->began < hedge)
				model_wake(m, p->began + hedge);
		}
		return;
	}
	if (model_silent(m, a))
		return;
	if (!start) {
		out->known = WALK_NEW;
		return;
	}
	model_want_dns(m, ns, a, "udp", qname, type, 0);
	out->known = WALK_ASKED;
}

static struct walk *
new_walk(struct model *m, bool v4, bool v6)
{
	struct walk_env env = { m, walk_question, m->hints, m->nhints, v4, v6,
		400 * NSEC_PER_MSEC };

	return walk_new(&env);
}

static void
read_head(struct model *m)
{
	const json_t *head = m->s->head, *item;
	const json_t *vantage = json_object_get(head, "vantage");
	size_t i;

	m->options = json_object_get(head, "options");
	m->subject = json_str(json_object_get(head, "subject"), "name");
	m->label = json_str(head, "label");
	m->want[0] = json_flag(m->options, "v4");
	m->want[1] = json_flag(m->options, "v6");
	m->have[0] = m->want[0] && *json_str(vantage, "v4") != '\0';
	m->have[1] = m->want[1] && *json_str(vantage, "v6") != '\0';
	json_array_foreach(json_object_get(head, "hints"), i, item) {
		struct root_hint h;

		if (addr_parse(&h.addr, json_str(item, "addr")) == -1)
			continue;
		h.name = xstrdup(json_str(item, "ns"));
		m->hints = xreallocarray(m->hints, m->nhints + 1,
		    sizeof *m->hints);
		m->hints[m->nhints++] = h;
	}
	json_array_foreach(json_object_get(m->options, "skip"), i, item) {
		int step = json_is_string(item) ?
		    step_parse(json_string_value(item)) : -1;

		if (step != -1)
			m->skip[step] = true;
	}
	json_array_foreach(json_object_get(m->options, "global"), i, item) {
		struct prefix p;

		if (!json_is_string(item) ||
		    prefix_parse(&p, json_string_value(item)) == -1)
			continue;
		m->global = xreallocarray(m->global, m->nglobal + 1,
		    sizeof *m->global);
		m->global[m->nglobal++] = p;
	}
}

/* What was done by hand, and where only a ticket led, is not judged. */
static bool
is_judged(const struct sprobe *p)
{
	return strncmp(p->what, "hand:", 5) != 0 && !model_ticket(p);
}

static const struct session *
judged(struct model *m, const struct session *s)
{
	struct session *own;

	for (size_t i = 0;; i++) {
		if (i == s->nprobes)
			return s;
		if (!is_judged(s->probes[i]))
			break;
	}
	own = xmalloc(sizeof *own);
	*own = *s;
	own->probes = xcalloc(s->nprobes, sizeof *own->probes);
	own->nprobes = 0;
	for (size_t i = 0; i < s->nprobes; i++)
		if (is_judged(s->probes[i]))
			own->probes[own->nprobes++] = s->probes[i];
	m->own = own;
	return own;
}

struct model *
model_build(const struct session *s, int64_t now)
{
	struct model *m = xcalloc(1, sizeof *m);

	m->s = judged(m, s);
	m->now = now;
	read_head(m);
	index_build(m);
	model_spoken(m);
	m->any = new_walk(m, m->have[0], m->have[1]);
	m->only[0] = new_walk(m, true, false);
	m->only[1] = new_walk(m, false, true);
	model_zone(m);
	model_names(m);
	model_services(m);
	model_first(m, s);
	return m;
}

static void
pairs_free(struct mpairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->list[i].ns);
	free(p->list);
}

static void
names_free(struct model *m)
{
	for (size_t i = 0; i < m->nnames; i++) {
		free(m->names[i].name);
		free(m->names[i].alias);
		free(m->names[i].final);
		free(m->names[i].addrs);
	}
	for (size_t i = 0; i < m->nmx; i++)
		free(m->mx[i].target);
	for (size_t i = 0; i < m->nsrv; i++)
		free(m->srv[i].target);
	free(m->srv);
	free(m->names);
	free(m->mx);
}

void
model_free(struct model *m)
{
	struct qindex *x;

	if (m == NULL)
		return;
	x = m->index;
	for (size_t i = 0; i < m->nwants; i++)
		model_want_clear(&m->wants[i]);
	for (size_t i = 0; i < m->nhints; i++)
		free(m->hints[i].name);
	for (size_t i = 0; i < m->nservers; i++)
		free(m->servers[i].ns);
	names_free(m);
	pairs_free(&m->parents);
	pairs_free(&m->delegation);
	pairs_free(&m->zone_ns);
	walk_free(m->any);
	walk_free(m->only[0]);
	walk_free(m->only[1]);
	json_decref(m->spoken);
	free(m->helo[0]);
	free(m->helo[1]);
	free(m->servers);
	free(m->hints);
	free(m->global);
	free(m->wants);
	free(x->slots);
	free(x->hosts);
	free(x);
	if (m->own != NULL)
		free(m->own->probes);
	free(m->own);
	free(m);
}

struct mname *
model_name(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->nnames; i++)
		if (strcmp(m->names[i].name, name) == 0)
			return &m->names[i];
	return NULL;
}

void
model_pair(struct mpairs *p, const char *ns, const struct addr *a)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->list[i].ns, ns) == 0 &&
		    addr_equal(&p->list[i].addr, a))
			return;
	p->list = xreallocarray(p->list, p->n + 1, sizeof *p->list);
	p->list[p->n].ns = xstrdup(ns);
	p->list[p->n++].addr = *a;
}

bool
model_pair_has_ns(const struct mpairs *p, const char *ns)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->list[i].ns, ns) == 0)
			return true;
	return false;
}

const char *
model_chain(const struct dns_msg *msg, const char *name, struct addr **list,
    size_t *n)
{
	for (int i = 0; i < 8; i++) {
		const char *next = walk_alias(msg, name);

		if (next == NULL)
			break;
		name = next;
	}
	for (size_t i = 0; i < msg->nrrs; i++)
		if (msg->rrs[i].section == DNS_ANSWER) {
			walk_collect(msg, name, list, n);
			break;
		}
	return name;
}

const char *
model_operator(const char *name)
{
	const char *p = name;

	while (message_name_labels(p) > 2)
		p = message_name_parent(p);
	return p;
}
