/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From names and addresses to dialogues: the resolver's view, reverse names,
 * HTTP and HTTPS of every address, redirects hop by hop, SMTP of every address
 * of every mail host.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "talk/http.h"

#define RESOLVERS	3
#define REVERSES	24

static size_t
resolvers(const struct model *m, struct addr list[RESOLVERS])
{
	const json_t *item;
	size_t i, n = 0;

	json_array_foreach(json_object_get(m->options, "resolvers"), i, item)
		if (n < RESOLVERS && json_is_string(item) &&
		    addr_parse(&list[n], json_string_value(item)) == 0)
			n++;
	return n;
}

/* A question to a resolver; its reply once it ended (may be NULL). */
static const struct dns_msg *
resolved(struct model *m, const struct addr *r, const char *qname,
    uint16_t type, bool *ended)
{
	const struct sprobe *p = model_asked(m, r, "rd", qname, type);

	*ended = p != NULL && p->state != PROBE_RUNNING;
	if (p == NULL)
		model_want_dns(m, "", r, "rd", qname, type, 0);
	return p == NULL ? NULL : p->reply;
}

const char *
model_ptr_target(const struct dns_msg *r, const char *qname)
{
	const char *name = qname, *alias;

	for (int i = 0; i < 8 && (alias = walk_alias(r, name)) != NULL; i++)
		name = alias;
	for (size_t i = 0; i < r->nrrs; i++)
		if (r->rrs[i].type == DNS_PTR && r->rrs[i].target != NULL &&
		    r->rrs[i].section == DNS_ANSWER &&
		    strcmp(r->rrs[i].owner, name) == 0)
			return r->rrs[i].target;
	return NULL;
}

/* Our forward-confirmed name: 1 and *name, 0 pending, -1 none. */
static int
confirmed_name(struct model *m, const struct addr *source,
    const struct addr *resolver, const char **name)
{
	uint16_t type = source->family == 4 ? DNS_A : DNS_AAAA;
	const struct dns_msg *r;
	struct addr *list = NULL;
	char ptr[80];
	size_t n = 0;
	bool ended, hit = false;

	addr_reverse(source, ptr, sizeof ptr);
	r = resolved(m, resolver, ptr, DNS_PTR, &ended);
	if (!ended)
		return 0;
	if (r == NULL || (*name = model_ptr_target(r, ptr)) == NULL)
		return -1;
	r = resolved(m, resolver, *name, type, &ended);
	if (!ended)
		return 0;
	if (r != NULL)
		model_chain(r, *name, &list, &n);
	for (size_t i = 0; i < n; i++)
		hit = hit || addr_equal(&list[i], source);
	free(list);
	return hit ? 1 : -1;
}

static void
find_helo(struct model *m, int f)
{
	const char *given = json_str(m->options, "helo"), *name = NULL;
	struct addr source, list[RESOLVERS];
	char text[ADDR_STRLEN];
	int known = -1;

	if (!m->have[f])
		return;
	if (*given != '\0') {
		m->helo[f] = xstrdup(given);
		return;
	}
	if (addr_parse(&source, json_str(json_object_get(m->s->head,
	    "vantage"), f == 0 ? "v4" : "v6")) == -1)
		return;
	if (resolvers(m, list) > 0)
		known = confirmed_name(m, &source, &list[0], &name);
	addr_print(&source, text);
	if (known == 1)
		m->helo[f] = xstrdup(name);
	else if (known == -1)
		m->helo[f] = xasprintf(f == 0 ? "[%s]" : "[IPv6:%s]", text);
}

static void
want_resolver_view(struct model *m)
{
	struct addr list[RESOLVERS];
	size_t n = resolvers(m, list);
	bool ended;

	for (size_t r = 0; r < n; r++) {
		for (size_t i = 0; i < m->nnames; i++) {
			const struct mname *x = &m->names[i];

			if ((x->kind & ~NAME_NS) == 0 || (model_guessed(x) &&
			    (x->nauth == 0 || x->wildcard ||
			    !m->random_known)))
				continue;
			resolved(m, &list[r], x->name, DNS_A, &ended);
			resolved(m, &list[r], x->name, DNS_AAAA, &ended);
		}
		resolved(m, &list[r], m->zone, DNS_MX, &ended);
		if (strcmp(m->zone, m->subject) != 0)
			resolved(m, &list[r], m->subject, DNS_MX, &ended);
	}
	for (size_t i = 0; n > 0 && i < m->nnames; i++) {
		struct endpoint ep = { m->names[i].name, { 0, { 0 } }, 0,
			"dns", -1 };

		if ((m->names[i].kind & NAME_WEB) != 0)
			model_want(m, WANT_ARES, &ep, "ares");
	}
}

/* The reverse name of an address, and where that name leads. */
static void
want_reverse(struct model *m, const struct addr *a, size_t *count)
{
	struct addr list[RESOLVERS];
	const struct dns_msg *r;
	const char *target;
	char ptr[80];
	bool ended;

	if (a->family == 0 || model_special(m, a) || ++*count > REVERSES ||
	    resolvers(m, list) == 0)
		return;
	addr_reverse(a, ptr, sizeof ptr);
	r = resolved(m, &list[0], ptr, DNS_PTR, &ended);
	target = r == NULL ? NULL : model_ptr_target(r, ptr);
	if (target != NULL)
		resolved(m, &list[0], target, a->family == 4 ? DNS_A :
		    DNS_AAAA, &ended);
}

static void
want_reverses(struct model *m)
{
	size_t count = 0;

	for (size_t i = 0; i < m->nservers; i++)
		want_reverse(m, &m->servers[i].addr, &count);
	for (size_t i = 0; i < m->nnames; i++)
		for (size_t k = 0; k < m->names[i].naddrs; k++)
			want_reverse(m, &m->names[i].addrs[k], &count);
}

/* once: a page of somebody else's, fetched once where that works. */
static void
want_web(struct model *m, const char *name, const struct addr *a,
    bool https, unsigned port, const char *path, bool once)
{
	struct endpoint ep = { (char *)(uintptr_t)name, *a,
		(uint16_t)(port != 0 ? port : https ? 443 : 80), "",
		https ? TALK_IMPLICIT : TALK_PLAIN };
	char *what = strcmp(path, "/") == 0 ? xstrdup("") :
	    xasprintf("get:%s", path);
	struct want *w;

	strcpy(ep.proto, https ? "https" : "http");
	w = once ? model_want_once(m, WANT_HTTP, &ep, what, true) :
	    model_want(m, WANT_HTTP, &ep, what);
	if (w != NULL)
		w->path = xstrdup(path);
	free(what);
}

size_t
model_contactable(struct model *m, const struct mname *n, struct addr *out)
{
	size_t per[2] = { 0, 0 }, count = 0;

	for (size_t i = 0; i < n->naddrs; i++) {
		int f = FAMILY(&n->addrs[i]);

		if (!model_usable(m, &n->addrs[i]))
			continue;
		if (per[f]++ >= LIMIT_ADDRS) {
			m->left_out |= MODEL_CUT_ADDRS;
			continue;
		}
		out[count++] = n->addrs[i];
	}
	return count;
}

static void
web_of_name(struct model *m, const struct mname *n)
{
	const json_t *subject = json_object_get(m->s->head, "subject");
	const char *scheme = json_str(subject, "scheme");
	const char *path = json_str(subject, "path");
	unsigned port = (unsigned)json_int(subject, "port", 0);
	struct addr list[2 * LIMIT_ADDRS];
	size_t count = model_contactable(m, n, list);

	for (size_t i = 0; i < count; i++) {
		want_web(m, n->name, &list[i], false, 0, "/", false);
		want_web(m, n->name, &list[i], true, 0, "/", false);
		if (*scheme != '\0' && strcmp(n->name, m->subject) == 0 &&
		    (port != 0 || *path != '\0'))
			want_web(m, n->name, &list[i],
			    strcmp(scheme, "https") == 0, port,
			    *path == '\0' ? "/" : path, false);
	}
}

/* Where a probe was redirected: 0, or -1. The caller frees. */
int
model_redirect(const struct sprobe *p, struct http_url *to)
{
	const struct sfact *f = probe_fact(p, "http", 0);
	const char *location = f == NULL ? "" : json_str(f->value, "location");
	int64_t status = f == NULL ? 0 : json_int(f->value, "status", 0);
	struct http_url base;
	int rc;

	if (status < 300 || status > 399 || *location == '\0' ||
	    model_autoconfig_page(p))
		return -1;
	memset(&base, 0, sizeof base);
	base.scheme = xstrdup(p->ep.proto);
	base.host = xstrdup(p->ep.name);
	base.port = p->ep.port == (strcmp(p->ep.proto, "https") == 0 ? 443 :
	    80) ? 0 : p->ep.port;
	base.path = xstrdup(model_page(p));
	rc = http_url_parse(to, location, &base);
	http_url_free(&base);
	return rc;
}

/* May this page be fetched still? Endless redirects are cut here. */
static bool
page_left(struct model *m, const char *host, const struct addr *a,
    unsigned port, const char *path)
{
	size_t all = 0, here = 0;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		bool page = strncmp(p->what, "get:", 4) == 0;
		bool same = p->ep.port == port && addr_equal(&p->ep.addr, a) &&
		    strcmp(p->ep.name, host) == 0;

		if (same && strcmp(model_page(p), path) == 0)
			return true;
		all += page;
		here += page && same;
	}
	if (here <= LIMIT_HOPS && all < LIMIT_PAGES)
		return true;
	m->left_out |= MODEL_CUT_PAGES;
	return false;
}

/* The name a page redirects to; NULL: an address, or one name too many. */
static struct mname *
redirect_name(struct model *m, const char *host)
{
	struct addr literal;
	char *name = addr_parse(&literal, host) == 0 ? NULL :
	    message_name(host);
	struct mname *n = NULL;
	size_t count = 0;

	if (name != NULL && strchr(name, '.') != NULL) {
		for (size_t i = 0; i < m->nnames; i++)
			count += m->names[i].kind == NAME_REDIRECT;
		if (count < LIMIT_HOSTS || model_name(m, name) != NULL)
			n = model_add_name(m, name, NAME_REDIRECT);
		else
			m->left_out |= MODEL_CUT_PAGES;
	}
	free(name);
	return n;
}

static void
follow(struct model *m, const struct sprobe *p)
{
	struct http_url to;
	struct addr list[2 * LIMIT_ADDRS];
	struct mname *n;
	size_t count = 0;
	bool https;
	unsigned port;

	if (p->step != STEP_WEB || p->state != PROBE_ENDED ||
	    model_redirect(p, &to) == -1)
		return;
	https = strcmp(to.scheme, "https") == 0;
	port = to.port != 0 ? to.port : https ? 443 : 80;
	n = redirect_name(m, to.host);
	if (n != NULL)
		count = model_contactable(m, n, list);
	m->step = STEP_WEB;
	for (size_t i = 0; i < count; i++)
		if (list[i].family == p->ep.addr.family &&
		    page_left(m, n->name, &list[i], port, to.path))
			want_web(m, n->name, &list[i], https, to.port,
			    to.path, n->kind == NAME_REDIRECT);
	http_url_free(&to);
}

static void
want_mail(struct model *m)
{
	struct addr list[2 * LIMIT_ADDRS];

	for (size_t i = 0; !m->mx_null && i < m->nnames; i++) {
		const struct mname *n = &m->names[i];
		size_t count;

		if ((n->kind & NAME_MX) == 0)
			continue;
		count = model_contactable(m, n, list);
		for (size_t k = 0; k < count; k++) {
			struct endpoint ep = { n->name, list[k], 25, "smtp",
				TALK_STARTTLS };

			if (m->helo[FAMILY(&list[k])] != NULL)
				model_want(m, WANT_SMTP, &ep, "");
		}
	}
}

void
model_services(struct model *m)
{
	m->step = STEP_HERE;
	find_helo(m, 0);
	find_helo(m, 1);
	if (m->zone == NULL)
		return;
	m->step = STEP_RESOLVER;
	if (!m->skip[STEP_RESOLVER])
		want_resolver_view(m);
	m->step = STEP_ADDRESSES;
	if (!m->skip[STEP_ADDRESSES])
		want_reverses(m);
	for (size_t i = 0; !m->skip[STEP_WEB] && i < m->s->nprobes; i++)
		follow(m, m->s->probes[i]);
	m->step = STEP_WEB;
	for (size_t i = 0; !m->skip[STEP_WEB] && i < m->nnames; i++) {
		const struct mname *n = &m->names[i];

		if ((n->kind & (NAME_APEX | NAME_WWW | NAME_HOST)) != 0 &&
		    !n->wildcard && (n->kind != NAME_WWW || m->random_known))
			web_of_name(m, n);
	}
	if (!m->skip[STEP_WEB] && !m->skip[STEP_MAILBOX])
		model_autoconfig(m);
	m->step = STEP_MAIL_IN;
	if (!m->skip[STEP_MAIL_IN])
		want_mail(m);
	m->step = STEP_MAILBOX;
	if (!m->skip[STEP_MAILBOX])
		model_mailbox(m);
}
