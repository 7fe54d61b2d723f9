/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules about connections, the same for every service: what is offered, which
 * addresses of a name fail while others work, what the other family hides.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"
#include "talk/http.h"

/* Is this the probe of a service at one address (not a redirect's page)? */
bool
judge_is_service(const struct sprobe *p)
{
	return (p->step == STEP_WEB || p->step == STEP_MAIL_IN ||
	    p->step == STEP_MAILBOX) && p->qname == NULL &&
	    p->what[0] == '\0' && p->state == PROBE_ENDED;
}

bool
judge_same_service(const struct sprobe *a, const struct sprobe *b)
{
	return a->ep.port == b->ep.port &&
	    strcmp(a->ep.name, b->ep.name) == 0 &&
	    strcmp(a->ep.proto, b->ep.proto) == 0;
}

/* Addresses of that name, port and page for which works holds. family: -1
   any. */
static unsigned
count(const struct model *m, const struct sprobe *p, const char *what,
    int family, bool (*works)(const struct sprobe *), unsigned *total)
{
	unsigned ok = 0, all = 0;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *q = m->s->probes[i];

		if (q->state != PROBE_ENDED || q->step != p->step ||
		    !judge_same_service(p, q) || strcmp(q->what, what) != 0 ||
		    (family != -1 && FAMILY(&q->ep.addr) != family))
			continue;
		all++;
		ok += works(q);
	}
	if (total != NULL)
		*total = all;
	return ok;
}

static unsigned
working(const struct model *m, const struct sprobe *p, int family,
    unsigned *total)
{
	return count(m, p, p->what, family, judge_works, total);
}

unsigned
judge_flags(const struct model *m, const struct sprobe *p,
    bool (*works)(const struct sprobe *))
{
	int family = FAMILY(&p->ep.addr);
	unsigned total, others, ok, flags = 0;

	ok = count(m, p, p->what, 1 - family, works, &others);
	if (others == 0)	/* the other family never came to that page */
		ok = count(m, p, "", 1 - family, works, NULL);
	if (ok > 0)
		flags |= FLAG_MASKED;
	ok = count(m, p, p->what, family, works, &total);
	if (ok > 0 && ok < total)
		flags |= FLAG_PARTIAL;
	return flags;
}

static bool
service_running(const struct model *m, const struct sprobe *p)
{
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (m->s->probes[i]->state == PROBE_RUNNING &&
		    judge_same_service(p, m->s->probes[i]))
			return true;
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].ep.port == p->ep.port &&
		    strcmp(m->wants[i].ep.name, p->ep.name) == 0 &&
		    strcmp(m->wants[i].ep.proto, p->ep.proto) == 0)
			return true;
	return false;
}

/* Do 80 and 443 of this name fail everywhere (and nothing runs)? */
static bool
no_web_at_all(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *q = m->s->probes[i];

		if (q->step != STEP_WEB || strcmp(q->ep.name, name) != 0)
			continue;
		if (q->state == PROBE_RUNNING || judge_works(q))
			return false;
	}
	return true;
}

/* Does some page redirect to this scheme, host and port? */
static bool
redirected_to(const struct model *m, const struct sprobe *p)
{
	bool hit = false;

	for (size_t i = 0; !hit && i < m->s->nprobes; i++) {
		struct http_url to;

		if (m->s->probes[i]->step != STEP_WEB ||
		    model_redirect(m->s->probes[i], &to) == -1)
			continue;
		hit = strcmp(to.host, p->ep.name) == 0 &&
		    strcmp(to.scheme, p->ep.proto) == 0 &&
		    p->ep.port == (to.port != 0 ? to.port :
		    strcmp(to.scheme, "https") == 0 ? 443 : 80);
		http_url_free(&to);
	}
	return hit;
}

/* Is this endpoint offered? Named by MX, a redirect or the subject, or
   working on at least one address; www and hosts asked for offer web. */
bool
judge_offered(const struct model *m, const struct sprobe *p)
{
	const struct mname *n = model_name(m, p->ep.name);
	unsigned kind = n == NULL ? 0 : n->kind;
	int64_t port = json_int(json_object_get(m->s->head, "subject"),
	    "port", 0);

	if (p->step == STEP_MAILBOX)
		return judge_mailbox_offered(m, p);
	if (model_autoconfig_page(p))
		return model_configures(m, p);
	if (p->step == STEP_MAIL_IN || working(m, p, -1, NULL) > 0 ||
	    redirected_to(m, p))
		return true;
	if (port != 0 && strcmp(p->ep.name, m->subject) == 0)
		return p->ep.port == port;
	return (kind & (NAME_WWW | NAME_HOST)) != 0 && p->ep.port == 443 &&
	    no_web_at_all(m, p->ep.name);
}

static enum finding_id
connect_id(enum net_cause cause)
{
	switch (cause) {
	case NET_REFUSED: case NET_CLOSED:
		return F_CONNECT_REFUSED;
	case NET_UNREACHABLE:
		return F_CONNECT_UNREACHABLE;
	case NET_PROHIBITED:
		return F_CONNECT_PROHIBITED;
	default:
		return F_CONNECT_TIMEOUT;
	}
}

static void
icmp_args(struct finding *f, const struct sprobe *p, const json_t *fact)
{
	struct net_error e;
	char text[ADDR_STRLEN];

	json_net_error_parse(fact, &e);
	judge_arg(f, "icmp", e.icmp_type == -1 ? "no route" :
	    net_icmp_word(p->ep.addr.family, e.icmp_type, e.icmp_code));
	judge_arg(f, "sender", e.sender.family == 0 ? "this host" :
	    addr_print(&e.sender, text));
}

static void
never_connected(struct judge *j, const struct sprobe *p,
    const struct connect_view *c)
{
	enum finding_id id = connect_id(c->cause);
	struct finding *f;

	if (judge_has(j, id, &p->ep))
		return;
	f = judge_add(j, id, &p->ep);
	f->flags = judge_flags(j->m, p, judge_works);
	judge_arg(f, "service", p->ep.proto);
	if (f->id == F_CONNECT_UNREACHABLE || f->id == F_CONNECT_PROHIBITED)
		icmp_args(f, p, c->fact);
	judge_evidence(f, p);
}

/* Some tries failed and some worked: x lost, o connected. One loss among them
   all is a notice, two are an error, or the first lost again after a pause. */
static void
mixed(struct judge *j, const struct sprobe *p, const struct connect_view *c)
{
	enum finding_id id = c->first_lost && c->again_lost &&
	    c->failed == 2 ? F_FIRST_CONNECTION_LOST : F_CONNECT_INTERMITTENT;
	struct finding *f;

	if (judge_has(j, id, &p->ep))
		return;
	f = judge_add(j, id, &p->ep);
	f->flags = FLAG_INTERMITTENT;
	if (c->failed == 1)
		f->level = VERDICT_NOTICE;
	judge_arg(f, "service", p->ep.proto);
	judge_arg(f, "sequence", c->sequence);
	judge_evidence(f, p);
}

/* Addresses of the name, port and family that fail while others work. */
static void
partial(struct judge *j, const struct sprobe *p)
{
	const struct model *m = j->m;
	struct endpoint ep = p->ep;
	enum finding_id id = p->step == STEP_MAIL_IN ? F_MX_PARTIAL :
	    F_CONNECT_PARTIAL;
	unsigned total, ok = working(m, p, FAMILY(&p->ep.addr), &total);
	struct finding *f;
	char text[ADDR_STRLEN], *list, *more;

	if (ok == 0 || ok == total || service_running(m, p))
		return;
	memset(&ep.addr, 0, sizeof ep.addr);
	if (judge_has(j, id, &ep))
		return;
	list = xstrdup("");
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *q = m->s->probes[i];

		if (q->state != PROBE_ENDED || q->step != p->step ||
		    !judge_same_service(p, q) || judge_works(q) ||
		    strcmp(q->what, p->what) != 0 ||
		    q->ep.addr.family != p->ep.addr.family)
			continue;
		more = xasprintf("%s%s%s", list, *list == '\0' ? "" : ", ",
		    addr_print(&q->ep.addr, text));
		free(list);
		list = more;
	}
	f = judge_add(j, id, &ep);
	judge_arg(f, "service", p->ep.proto);
	judge_arg_int(f, "failed", total - ok);
	judge_arg_int(f, "of", total);
	judge_arg(f, "addrs", list);
	judge_evidence(f, p);
	free(list);
}

/* Every port 25 of every mail host times out: that is our side. */
static bool
port25_blocked(const struct model *m, unsigned *tried)
{
	unsigned hosts = 0;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		struct connect_view c;

		if (p->step != STEP_MAIL_IN)
			continue;
		if (!judge_connect_view(p, &c) || c.ok > 0 ||
		    c.cause != NET_TIMEOUT)
			return false;
		hosts++;
	}
	*tried = hosts;
	return hosts > 0;
}

void
judge_connect(struct judge *j)
{
	const struct model *m = j->m;
	unsigned tried = 0;

	j->port25_blocked = port25_blocked(m, &tried);
	if (j->port25_blocked)
		judge_arg_int(judge_name(j, F_HERE_PORT25_BLOCKED, "", NULL),
		    "tried", tried);
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		struct connect_view c;

		if ((p->step != STEP_WEB && p->step != STEP_MAIL_IN &&
		    !(p->step == STEP_MAILBOX && p->what[0] == '\0')) ||
		    !judge_connect_view(p, &c) ||
		    !judge_trusts(j, &p->ep.addr) ||
		    (p->step == STEP_MAIL_IN && j->port25_blocked))
			continue;
		if (c.ok > 0 && c.failed > 0 && (c.round2 || c.tries < 4))
			mixed(j, p, &c);
		if (c.ok == 0 && judge_offered(m, p) && !service_running(m, p)) {
			never_connected(j, p, &c);
			partial(j, p);
		}
	}
}
