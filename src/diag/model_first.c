/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What comes first: the endpoint that a ticket names, then the steps that fit
 * the symptom. An address that a ticket names and the zone does not hold is
 * spoken to all the same, as a probe "ticket" that is not judged.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"

#define HOLD	5000000		/* us: the first is waited for */
#define LATER	100000		/* us: look again */

static const struct {
	const char	*word;
	enum step_id	 order[5];	/* up to STEP_HERE */
} symptoms[] = {
	{ "slow", { STEP_SERVERS, STEP_RESOLVER, STEP_WEB, STEP_PATH } },
	{ "send", { STEP_MAIL_OUT, STEP_MAIL_IN, STEP_MAILBOX,
	    STEP_DELEGATION } },
	{ "receive", { STEP_DELEGATION, STEP_SERVERS, STEP_ZONE,
	    STEP_MAIL_IN } },
	{ "read", { STEP_MAILBOX, STEP_DELEGATION, STEP_SERVERS } },
	{ "web", { STEP_WEB, STEP_ADDRESSES, STEP_SERVERS } },
	{ "dns", { STEP_DELEGATION, STEP_SERVERS, STEP_ZONE, STEP_RESOLVER } },
};

#define SYMPTOMS (sizeof symptoms / sizeof symptoms[0])

int
model_symptom(const char *word)
{
	for (size_t i = 0; i < SYMPTOMS; i++)
		if (strcmp(symptoms[i].word, word) == 0)
			return (int)i;
	return -1;
}

bool
model_ticket(const struct sprobe *p)
{
	return strcmp(p->what, "ticket") == 0;
}

struct first {
	struct endpoint	 ep;
	int		 family;
	bool		 given;
};

static void
read_first(struct first *f, const struct model *m)
{
	const json_t *o = json_object_get(m->options, "first");

	endpoint_parse(&f->ep, o);
	f->family = (int)json_int(o, "family", 0);
	f->given = f->ep.addr.family != 0 || f->ep.name[0] != '\0';
}

static bool
matches(const struct first *f, const struct endpoint *ep)
{
	if (!f->given || ep->port == 0)
		return false;
	if (f->ep.addr.family != 0 ? !addr_equal(&f->ep.addr, &ep->addr) :
	    f->family != 0 && f->family != ep->addr.family)
		return false;
	if (f->ep.port != 0 && f->ep.port != ep->port)
		return false;
	return f->ep.name[0] == '\0' || f->ep.port == 53 ||
	    strcmp(f->ep.name, ep->name) == 0;
}

const struct sprobe *
model_first_probe(const struct session *s)
{
	const json_t *o = json_object_get(json_object_get(s->head, "options"),
	    "first");
	const struct sprobe *found = NULL;
	struct first f;

	if (o == NULL)
		return NULL;
	endpoint_parse(&f.ep, o);
	f.family = (int)json_int(o, "family", 0);
	f.given = true;
	for (size_t i = 0; found == NULL && i < s->nprobes; i++)
		if (matches(&f, &s->probes[i]->ep) ||
		    model_ticket(s->probes[i]))
			found = s->probes[i];
	endpoint_clear(&f.ep);
	return found;
}

static bool
is_server(const struct model *m, const struct addr *a)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (addr_equal(&m->servers[i].addr, a))
			return true;
	return false;
}

/* Is some question of the zone's names under way or still to be asked? */
static bool
settled(const struct model *m)
{
	if (m->zstate == ZONE_PENDING)
		return false;
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].qname != NULL &&
		    m->wants[i].step < STEP_RESOLVER)
			return false;
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (m->s->probes[i]->qname != NULL &&
		    m->s->probes[i]->step < STEP_RESOLVER &&
		    m->s->probes[i]->state == PROBE_RUNNING)
			return false;
	return true;
}

/* Does a name that is known, or else any, lead elsewhere for sure? */
static bool
not_held(const struct model *m, const struct first *f)
{
	const struct mname *n = f->ep.name[0] == '\0' ? NULL :
	    model_name(m, f->ep.name);

	if (f->ep.port == 53)
		return settled(m) && !is_server(m, &f->ep.addr);
	if (n == NULL)
		return settled(m);
	for (size_t i = 0; i < n->naddrs; i++)
		if (addr_equal(&n->addrs[i], &f->ep.addr))
			return false;
	return !n->pending && (n->naddrs > 0 || settled(m));
}

static bool
some_match(const struct model *m, const struct first *f)
{
	for (size_t i = 0; i < m->nwants; i++)
		if (matches(f, &m->wants[i].ep))
			return true;
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (matches(f, &m->s->probes[i]->ep))
			return true;
	return false;
}

/* The protocol's words for model_want: false if it is not spoken here. */
static bool
dialogue(struct endpoint *ep, enum want_kind *kind, enum step_id *step)
{
	const struct mail_service *s = model_mail_service(ep);

	if (strncmp(ep->proto, "http", 4) == 0) {
		*kind = WANT_HTTP;
		*step = STEP_WEB;
		ep->tls = ep->proto[4] == 's' ? TALK_IMPLICIT : TALK_PLAIN;
	} else if (strcmp(ep->proto, "smtp") == 0) {
		*kind = WANT_SMTP;
		*step = STEP_MAIL_IN;
		ep->tls = TALK_STARTTLS;
	} else if (strcmp(ep->proto, "dns") == 0) {
		*kind = WANT_DNS;
		*step = STEP_SERVERS;
		ep->tls = TALK_PLAIN;
	} else if (s != NULL) {
		*kind = s->kind;
		*step = STEP_MAILBOX;
		ep->tls = s->tls;
	} else
		return false;
	return true;
}

/* Speak to an address that the ticket names and the zone does not hold. */
static void
want_ticket(struct model *m, const struct first *f)
{
	struct endpoint ep = f->ep;
	enum want_kind kind;
	enum step_id step;
	struct want *w;

	if (f->ep.addr.family == 0 || f->ep.port == 0 ||
	    !model_usable(m, &ep.addr) || !dialogue(&ep, &kind, &step) ||
	    m->skip[step] || !step_rows[step].built || some_match(m, f) ||
	    !not_held(m, f))
		return;
	if (ep.name[0] == '\0' && kind != WANT_DNS)
		ep.name = (char *)(uintptr_t)m->subject;
	if (kind == WANT_SMTP && m->helo[FAMILY(&ep.addr)] == NULL)
		return;
	m->step = step;
	w = model_want(m, kind, &ep, "ticket");
	if (w == NULL)
		return;
	if (kind == WANT_HTTP)
		w->path = xstrdup("/");
	if (kind == WANT_DNS) {
		w->qname = xstrdup(m->zone != NULL ? m->zone : m->subject);
		w->qtype = DNS_SOA;
		strcpy(w->transport, "udp");
	}
}

static bool
is_ticket(const struct want *w)
{
	const char *last = strrchr(w->key, '/');

	return last != NULL && strcmp(last, "/ticket") == 0 &&
	    strstr(w->key, "/get:") == NULL;
}

static int
rank(const struct want *w, const struct first *f, int symptom)
{
	if (matches(f, &w->ep) || is_ticket(w))
		return 0;
	for (int i = 0; symptom >= 0 && i < 5; i++) {
		if (symptoms[symptom].order[i] == STEP_HERE)
			break;
		if (symptoms[symptom].order[i] == w->step)
			return i + 1;
	}
	return 6;
}

/* A stable order: what has the same rank stays as the model made it. */
static void
sort_wants(struct model *m, const struct first *f, int symptom)
{
	struct want *out = xcalloc(m->nwants + 1, sizeof *out);
	size_t n = 0;

	for (int r = 0; r <= 6; r++)
		for (size_t i = 0; i < m->nwants; i++)
			if (rank(&m->wants[i], f, symptom) == r)
				out[n++] = m->wants[i];
	if (n > 0)
		memcpy(m->wants, out, n * sizeof *out);
	free(out);
}

/* Until when others wait for the first: while it runs, and a dialogue also
   while it is not yet known. */
static void
hold(struct model *m, const struct first *f, const struct session *all)
{
	int64_t until = 0;
	bool begun = false, wanted = false;

	for (size_t i = 0; i < all->nprobes; i++) {
		const struct sprobe *p = all->probes[i];

		if (!matches(f, &p->ep) && !model_ticket(p))
			continue;
		begun = true;
		if (p->state == PROBE_RUNNING && p->began + HOLD > until)
			until = p->began + HOLD;
	}
	for (size_t i = 0; i < m->nwants; i++)
		wanted = wanted || rank(&m->wants[i], f, -1) == 0;
	for (size_t i = 0; i < m->nwants; i++) {
		struct want *w = &m->wants[i];
		int64_t at = until;

		if (rank(w, f, -1) == 0)
			continue;
		if (m->now < HOLD && (wanted || (!begun && !settled(m) &&
		    w->qname == NULL && w->kind != WANT_ARES)))
			at = m->now + LATER;
		if (at > m->now && w->not_before < at)
			w->not_before = at;
	}
}

void
model_first(struct model *m, const struct session *all)
{
	int symptom = model_symptom(all->symptom[0] != '\0' ? all->symptom :
	    json_str(m->options, "symptom"));
	struct first f;

	read_first(&f, m);
	if (f.given)
		want_ticket(m, &f);
	if (f.given || symptom >= 0)
		sort_wants(m, &f, symptom);
	if (f.given)
		hold(m, &f, all);
	endpoint_clear(&f.ep);
}
