/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a domain tells mail programs of its own accord ("autoconfig", as
 * Thunderbird asks for it): fetched from every address of autoconfig.DOMAIN if
 * there is such a name, then from DOMAIN itself; the servers that it names are
 * offered like those of SRV records. A page that hands out none is nobody's
 * fault.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "talk/autoconfig.h"

#define LABEL	"autoconfig"
#define WHAT	"autoconfig:"

bool
model_autoconfig_page(const struct sprobe *p)
{
	return p->step == STEP_WEB &&
	    strncmp(p->what, WHAT, sizeof WHAT - 1) == 0;
}

const char *
model_page(const struct sprobe *p)
{
	if (strncmp(p->what, "get:", 4) == 0)
		return p->what + 4;
	return model_autoconfig_page(p) ? p->what + sizeof WHAT - 1 : "/";
}

static bool
configures(const struct model *m, const struct endpoint *ep, const char *what)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (model_autoconfig_page(p) && p->ep.port == ep->port &&
		    strcmp(p->ep.name, ep->name) == 0 &&
		    strcmp(p->what, what) == 0 &&
		    probe_fact(p, "autoconfig", 0) != NULL)
			return true;
	}
	return false;
}

bool
model_configures(const struct model *m, const struct sprobe *p)
{
	return configures(m, &p->ep, p->what);
}

/* The service of a server so described, or -1. */
static int
service_of(const json_t *server)
{
	static const struct { const char *type; enum want_kind kind; } types[]
	    = { { "smtp", WANT_SMTP }, { "pop3", WANT_POP3 },
		{ "imap", WANT_IMAP } };
	const char *type = json_str(server, "type");
	bool implicit = strcmp(json_str(server, "tls"), "implicit") == 0;

	for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
		for (int i = 0; strcmp(types[t].type, type) == 0 &&
		    i < MAIL_SERVICES; i++)
			if (mail_services[i].kind == types[t].kind &&
			    (mail_services[i].tls == TALK_IMPLICIT) ==
			    implicit)
				return i;
	return -1;
}

/* Port 25 is for mail servers: networks filter it, and step 8 speaks to it. */
static void
take_server(struct model *m, const json_t *server, bool sure)
{
	char *host = message_name(json_str(server, "host"));
	int64_t port = json_int(server, "port", 0);
	int service = service_of(server);
	struct addr literal;

	if (host != NULL && strchr(host, '.') != NULL &&
	    addr_parse(&literal, host) == -1 && service != -1 && port > 0 &&
	    port <= 65535 && port != 25)
		model_mail_offer(m, (unsigned)service, host, (uint16_t)port,
		    sure);
	free(host);
}

/* Nobody between the domain and us can have changed what this page says. */
static bool
is_sure(const struct sprobe *p)
{
	const struct sfact *f = probe_fact(p, "tls", 0);

	return f != NULL && json_flag(f->value, "ok") &&
	    json_flag(f->value, "verified") && json_flag(f->value, "name_ok");
}

void
model_autoconfig_names(struct model *m)
{
	char *name;

	if (m->skip[STEP_WEB])
		return;
	name = xasprintf(LABEL ".%s", m->zone);
	model_name_add(m, name, NAME_GUESS);
	free(name);
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		const struct sfact *f = model_autoconfig_page(p) ?
		    probe_fact(p, "autoconfig", 0) : NULL;
		const json_t *server;
		size_t k;

		json_array_foreach(f == NULL ? NULL : json_object_get(f->value,
		    "servers"), k, server)
			take_server(m, server, is_sure(p));
	}
}

static struct endpoint
web_endpoint(const struct mname *n, const struct addr *a, bool https)
{
	struct endpoint ep = { n->name, *a, https ? 443 : 80, "",
		https ? TALK_IMPLICIT : TALK_PLAIN };

	strcpy(ep.proto, https ? "https" : "http");
	return ep;
}

/* Wants the page; the probe that fetched it, NULL: none yet. */
static const struct sprobe *
want_page(struct model *m, const struct endpoint *ep, const char *path)
{
	char *what = xasprintf(WHAT "%s", path), *key;
	struct want *w = model_want_once(m, WANT_HTTP, ep, what,
	    configures(m, ep, what));
	const struct sprobe *p;

	if (w != NULL)
		w->path = xstrdup(path);
	key = model_key(STEP_WEB, ep, what);
	p = session_probe(m->s, key);
	free(key);
	free(what);
	return p;
}

/* Did the page itself say something over HTTPS at this address? */
static bool
serves_https(const struct model *m, const struct endpoint *ep)
{
	char *key = model_key(STEP_WEB, ep, "");
	const struct sprobe *p = session_probe(m->s, key);

	free(key);
	return p != NULL && probe_fact(p, "http", 0) != NULL;
}

static void
want_well_known(struct model *m)
{
	const struct mname *n = model_name(m, m->zone);
	struct addr list[2 * LIMIT_ADDRS];
	size_t count = n == NULL ? 0 : model_contactable(m, n, list);

	for (size_t i = 0; i < count; i++) {
		struct endpoint ep = web_endpoint(n, &list[i], true);

		if (serves_https(m, &ep))
			want_page(m, &ep, AUTOCONFIG_WELL_KNOWN);
	}
}

/* The path, with the address that the diagnosis is about, if there is one. */
static char *
path_of(const struct model *m)
{
	static const char reserved[] = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}";
	const char *s = json_str(json_object_get(m->s->head, "subject"),
	    "mailbox");
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, AUTOCONFIG_PATH);
	if (*s != '\0' && strcmp(m->zone, m->subject) == 0) {
		buf_adds(&b, "?emailaddress=");
		text_percent(&b, s, strlen(s), reserved);
	}
	return buf_steal(&b);
}

void
model_autoconfig(struct model *m)
{
	char *name = xasprintf(LABEL ".%s", m->zone), *path;
	const struct mname *n = model_name(m, name);
	struct addr list[2 * LIMIT_ADDRS];
	size_t count = 0, told = 0, ended = 0;

	free(name);
	if (n != NULL && (n->kind & NAME_GUESS) != 0 && !n->wildcard &&
	    (!model_guessed(n) || m->random_known))
		count = model_contactable(m, n, list);
	path = path_of(m);
	for (size_t i = 0; i < count; i++) {
		struct endpoint ep = web_endpoint(n, &list[i], false);
		const struct sprobe *p;

		want_page(m, &ep, path);
		ep = web_endpoint(n, &list[i], true);
		p = want_page(m, &ep, path);
		told += p != NULL && probe_fact(p, "autoconfig", 0) != NULL;
		ended += p != NULL && p->state != PROBE_RUNNING;
	}
	free(path);
	if (count > 0 && ended == count && told == 0)
		want_well_known(m);
}

/* Is some question about the domain's names under way or wanted? */
static bool
asking(const struct model *m)
{
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].qname != NULL &&
		    model_want_due(m->s, &m->wants[i]))
			return true;
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (m->s->probes[i]->qname != NULL &&
		    m->s->probes[i]->state == PROBE_RUNNING)
			return true;
	return false;
}

bool
model_mail_pending(const struct model *m)
{
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].path != NULL &&
		    strstr(m->wants[i].key, "/" WHAT) != NULL &&
		    model_want_due(m->s, &m->wants[i]))
			return true;
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (model_autoconfig_page(m->s->probes[i]) &&
		    m->s->probes[i]->state == PROBE_RUNNING)
			return true;
	for (size_t i = 0; i < m->nnames; i++)
		if ((m->names[i].kind & NAME_SRV) != 0 &&
		    m->names[i].pending && asking(m))
			return true;
	return false;
}
