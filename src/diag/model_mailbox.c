/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Step 9: under which names users' mail services may be, the dialogues with
 * each of their addresses, and, by consent, logins one after the other and
 * the round trip of marked mails: sent, looked for, found, deleted.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"
#include "diag/model.h"

#define SECOND		INT64_C(1000000)
#define WAIT_USUAL	30		/* s: how long accepted mail may take */

/* Labels under which services are looked for unasked. */
enum { G_MAIL, G_SMTP, G_POP, G_IMAP, GUESSES };

static const char *const guesses[GUESSES] = { "mail", "smtp", "pop", "imap" };

#define SENDS	(1u << G_MAIL | 1u << G_SMTP)
#define POPS	(1u << G_MAIL | 1u << G_POP)
#define IMAPS	(1u << G_MAIL | 1u << G_IMAP)

const struct mail_service mail_services[MAIL_SERVICES] = {
	{ "submission", 587, TALK_STARTTLS, WANT_SMTP, "_submission._tcp",
	    SENDS },
	{ "smtps", 465, TALK_IMPLICIT, WANT_SMTP, "_submissions._tcp", SENDS },
	{ "pop3", 110, TALK_STARTTLS, WANT_POP3, "_pop3._tcp", POPS },
	{ "pop3s", 995, TALK_IMPLICIT, WANT_POP3, "_pop3s._tcp", POPS },
	{ "imap", 143, TALK_STARTTLS, WANT_IMAP, "_imap._tcp", IMAPS },
	{ "imaps", 993, TALK_IMPLICIT, WANT_IMAP, "_imaps._tcp", IMAPS },
};

const struct mail_service *
model_mail_service(const struct endpoint *ep)
{
	for (size_t i = 0; i < MAIL_SERVICES; i++)
		if (strcmp(mail_services[i].proto, ep->proto) == 0)
			return &mail_services[i];
	return NULL;
}

bool
model_guessed(const struct mname *n)
{
	return n->kind == NAME_GUESS;
}

void
model_mail_offer(struct model *m, unsigned service, const char *target,
    uint16_t port, bool sure)
{
	for (size_t i = 0; i < m->nsrv; i++)
		if (m->srv[i].service == service && m->srv[i].port == port &&
		    strcmp(m->srv[i].target, target) == 0) {
			m->srv[i].sure = m->srv[i].sure || sure;
			return;
		}
	if (m->nsrv >= LIMIT_NS) {
		m->left_out |= MODEL_CUT_MAILBOX;
		return;
	}
	m->srv = xreallocarray(m->srv, m->nsrv + 1, sizeof *m->srv);
	m->srv[m->nsrv].service = service;
	m->srv[m->nsrv].port = port;
	m->srv[m->nsrv].sure = sure;
	m->srv[m->nsrv++].target = xstrdup(target);
	model_name_add(m, target, NAME_SRV);
}

static void
srv_add(struct model *m, unsigned service, const struct dns_rr *rr)
{
	if (strcmp(rr->target, ".") == 0)
		m->srv_none[service] = true;
	else if (rr->port != 0)
		model_mail_offer(m, service, rr->target, rr->port, true);
}

static void
find_srv(struct model *m, unsigned service)
{
	char *owner = xasprintf("%s.%s", mail_services[service].srv, m->zone);
	bool ended;
	const struct dns_msg *r = model_ask_one(m, owner, DNS_SRV, &ended);

	for (size_t i = 0; r != NULL && r->rcode == DNS_NOERROR && i < r->nrrs;
	    i++)
		if (r->rrs[i].type == DNS_SRV && r->rrs[i].target != NULL &&
		    r->rrs[i].section == DNS_ANSWER &&
		    strcmp(r->rrs[i].owner, owner) == 0)
			srv_add(m, service, &r->rrs[i]);
	free(owner);
}

void
model_mail_names(struct model *m)
{
	const char *host = json_str(m->options, "mail_host");

	if (m->skip[STEP_MAILBOX])
		return;
	m->step = STEP_ZONE;
	if (*host != '\0')
		model_name_add(m, host, NAME_MAILHOST);
	for (unsigned i = 0; i < MAIL_SERVICES; i++)
		find_srv(m, i);
	for (int i = 0; i < GUESSES; i++) {
		char *name = xasprintf("%s.%s", guesses[i], m->zone);

		model_name_add(m, name, NAME_GUESS);
		free(name);
	}
	model_autoconfig_names(m);
}

/* sure: by somebody whose word is enough for a login. */
static bool
named(const struct model *m, const struct endpoint *ep, bool sure)
{
	const struct mname *n = model_name(m, ep->name);

	if (n != NULL && (n->kind & NAME_MAILHOST) != 0)
		return true;
	for (size_t i = 0; i < m->nsrv; i++)
		if (m->srv[i].port == ep->port && (m->srv[i].sure || !sure) &&
		    strcmp(m->srv[i].target, ep->name) == 0 &&
		    strcmp(mail_services[m->srv[i].service].proto, ep->proto)
		    == 0)
			return true;
	return false;
}

bool
model_mail_named(const struct model *m, const struct endpoint *ep)
{
	return named(m, ep, false);
}

/* Did this service of the name answer at some address? */
static bool
spoken(const struct model *m, const struct endpoint *ep)
{
	const struct sprobe *p = model_service_probe(m, ep, 0);

	return p != NULL && judge_mailbox_offered(m, p);
}

static void
want_service(struct model *m, const struct mname *n, unsigned service,
    uint16_t port)
{
	const struct mail_service *x = &mail_services[service];
	struct addr list[2 * LIMIT_ADDRS];
	size_t count = model_contactable(m, n, list);

	for (size_t k = 0; k < count; k++) {
		struct endpoint ep = { n->name, list[k], port, "", x->tls };

		strcpy(ep.proto, x->proto);
		if (m->helo[FAMILY(&list[k])] == NULL)
			continue;
		/* It may have been a guess before, and tried once. */
		if (!model_mail_named(m, &ep) ||
		    model_want(m, x->kind, &ep, "") == NULL)
			model_want_once(m, x->kind, &ep, "", spoken(m, &ep));
	}
}

/* Which services a name may offer unasked. */
static bool
guess_fits(const struct model *m, const struct mname *n, unsigned service)
{
	if (m->srv_none[service])
		return false;
	if ((n->kind & NAME_MAILHOST) != 0)
		return true;
	if ((n->kind & NAME_MX) != 0 && !m->mx_null)
		return true;
	if ((n->kind & NAME_GUESS) == 0 || n->wildcard ||
	    (model_guessed(n) && !m->random_known))
		return false;
	for (int i = 0; i < GUESSES; i++)
		if ((mail_services[service].guess & 1u << i) != 0 &&
		    strncmp(n->name, guesses[i], strlen(guesses[i])) == 0 &&
		    n->name[strlen(guesses[i])] == '.')
			return true;
	return false;
}

static void
want_services(struct model *m)
{
	for (size_t i = 0; i < m->nsrv; i++) {
		const struct mname *n = model_name(m, m->srv[i].target);

		if (n != NULL)
			want_service(m, n, m->srv[i].service, m->srv[i].port);
	}
	for (size_t i = 0; i < m->nnames; i++)
		for (unsigned s = 0; s < MAIL_SERVICES; s++)
			if (guess_fits(m, &m->names[i], s))
				want_service(m, &m->names[i], s,
				    mail_services[s].port);
}

/* Is something of the step, not done with an account, still to come? */
static bool
unfinished(const struct model *m)
{
	for (size_t i = 0; i < m->s->nprobes; i++)
		if ((m->s->probes[i]->step == STEP_MAILBOX ||
		    m->s->probes[i]->step == STEP_MAIL_IN) &&
		    m->s->probes[i]->state == PROBE_RUNNING &&
		    m->s->probes[i]->what[0] == '\0')
			return true;
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].step == STEP_MAILBOX ||
		    m->wants[i].step == STEP_MAIL_IN ||
		    m->wants[i].step == STEP_ZONE)
			return true;
	return model_mail_pending(m);
}

static bool
spoke_in_tls(const struct sprobe *p)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "caps") == 0 &&
		    json_flag(p->facts[i].value, "tls"))
			return true;
	return false;
}

/* May our account be used at the endpoint of this probe? */
static bool
account_at(const struct model *m, const struct sprobe *p)
{
	const char *host = json_str(m->options, "mail_host");

	if (p->step != STEP_MAILBOX || p->what[0] != '\0' ||
	    p->state != PROBE_ENDED || !spoke_in_tls(p))
		return false;
	if (*host != '\0')
		return strcmp(p->ep.name, host) == 0;
	return message_name_within(p->ep.name, m->zone) ||
	    named(m, &p->ep, true);
}

static void
want_use(struct model *m, const struct sprobe *p, enum want_use use,
    const char *what, const char *token, int64_t not_before)
{
	const struct mail_service *x = model_mail_service(&p->ep);
	struct want *w;

	m->step = STEP_MAILBOX;
	w = model_want(m, x == NULL ? WANT_SMTP : x->kind, &p->ep, what);
	if (w == NULL)
		return;
	w->use = use;
	w->token = token == NULL ? NULL : xstrdup(token);
	w->not_before = not_before;
}

static const struct sprobe *
use_of(const struct model *m, const struct sprobe *p, const char *what)
{
	char *key = model_key(STEP_MAILBOX, &p->ep, what);
	const struct sprobe *q = session_probe(m->s, key);

	free(key);
	return q;
}

static bool
logged_in(const struct sprobe *q)
{
	const struct sfact *f = q == NULL ? NULL : probe_fact(q, "login", 0);

	return f != NULL && json_flag(f->value, "ok");
}

static bool
is_reader(const struct sprobe *p)
{
	return strncmp(p->ep.proto, "pop3", 4) == 0 ||
	    strncmp(p->ep.proto, "imap", 4) == 0;
}

/* One mail by each way and family: 25 without an account, 587, 465 with. */
static void
want_sends(struct model *m, const char *token)
{
	bool done[2][3] = { { false } };

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		int f = FAMILY(&p->ep.addr), way;
		char *own;

		if (p->what[0] != '\0' || p->state != PROBE_ENDED ||
		    p->qname != NULL || is_reader(p))
			continue;
		if (p->step == STEP_MAIL_IN)
			way = 0;
		else if (account_at(m, p))
			way = strcmp(p->ep.proto, "smtps") == 0 ? 1 : 2;
		else
			continue;
		if (done[f][way] || (way == 0 && probe_fact(p, "caps", 0) ==
		    NULL))
			continue;
		done[f][way] = true;
		own = xasprintf("%s-%u-v%d", token, p->ep.port,
		    p->ep.addr.family);
		want_use(m, p, USE_SEND, "send", own, 0);
		free(own);
	}
}

/* Probes of this use that run or are wanted. */
static bool
use_pending(const struct model *m)
{
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (m->s->probes[i]->step == STEP_MAILBOX &&
		    m->s->probes[i]->state == PROBE_RUNNING)
			return true;
	for (size_t i = 0; i < m->nwants; i++)
		if (m->wants[i].use != USE_NOTHING)
			return true;
	return false;
}

static bool
found(const struct model *m, const char *token)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		for (size_t k = 0; p->step == STEP_MAILBOX && k < p->nfacts;
		    k++)
			if (strcmp(p->facts[k].key, "found") == 0 &&
			    strcmp(json_str(p->facts[k].value, "token"),
			    token) == 0)
				return true;
	}
	return false;
}

/* Mails that were accepted: how many, how many not found yet, since when. */
static size_t
accepted(const struct model *m, size_t *missing, int64_t *since)
{
	size_t n = 0;

	*missing = 0;
	*since = 0;
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		const struct sfact *f = p->step == STEP_MAILBOX &&
		    p->state == PROBE_ENDED ? probe_fact(p, "sent", 0) : NULL;

		if (f == NULL || json_int(f->value, "code", 0) / 100 != 2)
			continue;
		n++;
		if (p->ended > *since)
			*since = p->ended;
		*missing += !found(m, json_str(f->value, "token"));
	}
	return n;
}

/* The mailbox's best reader: IMAP before POP3, which empties nothing. */
static const struct sprobe *
first_reader(const struct model *m)
{
	const struct sprobe *best = NULL;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (account_at(m, p) && is_reader(p) &&
		    logged_in(use_of(m, p, "login")) && (best == NULL ||
		    (best->ep.proto[0] == 'p' && p->ep.proto[0] == 'i')))
			best = p;
	}
	return best;
}

static int64_t
patience(const struct model *m)
{
	return json_int(m->options, "wait", WAIT_USUAL) * SECOND;
}

/* Look after 1, 3, 6, 10 ... s until all is there: true when that is over. */
static bool
polled(struct model *m, const struct sprobe *reader, const char *token)
{
	size_t missing, n;
	int64_t since, at = 0, limit = patience(m);

	n = accepted(m, &missing, &since);
	for (int i = 1; n > 0; i++) {
		char what[32];
		const struct sprobe *q;

		at += i * SECOND;
		if (at > limit)
			at = limit;
		strcpy(what, "look:");
		what[5] = (char)('0' + i / 10);
		what[6] = (char)('0' + i % 10);
		what[7] = '\0';
		q = use_of(m, reader, what);
		if (q == NULL) {
			if (missing == 0)
				return true;
			want_use(m, reader, USE_LOOK, what, token,
			    since + at);
			return false;
		}
		if (q->state == PROBE_RUNNING)
			return false;
		if (at >= limit || i == 99)
			return true;
	}
	return true;
}

bool
model_looked(const struct model *m)
{
	const struct sprobe *reader = first_reader(m);
	size_t missing, n;
	int64_t since, at = 0, limit = patience(m);

	n = accepted(m, &missing, &since);
	if (n == 0 || reader == NULL || missing == 0)
		return missing == 0 && n > 0;
	for (int i = 1; i < 100; i++) {
		char what[32] = "look:";
		const struct sprobe *q;

		at += i * SECOND;
		what[5] = (char)('0' + i / 10);
		what[6] = (char)('0' + i % 10);
		q = use_of(m, reader, what);
		if (q == NULL || q->state == PROBE_RUNNING)
			return false;
		if (at >= limit)
			return true;
	}
	return true;
}

/* Every other reader looks once, then the first one deletes what is ours. */
static void
want_last_looks(struct model *m, const struct sprobe *reader,
    const char *token)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p != reader && account_at(m, p) && is_reader(p) &&
		    logged_in(use_of(m, p, "login")))
			want_use(m, p, USE_LOOK, "look", token, 0);
	}
	if (!use_pending(m))
		want_use(m, reader, USE_CLEAN, "clean", token, 0);
}

static void
round_trip(struct model *m)
{
	const char *token = json_str(m->s->head, "token");
	const struct sprobe *reader;

	if (*token == '\0' || use_pending(m) || (!m->s->consent &&
	    !json_flag(m->options, "send_mail")))
		return;
	reader = first_reader(m);
	if (reader == NULL)
		return;
	want_sends(m, token);
	if (!use_pending(m) && polled(m, reader, token))
		want_last_looks(m, reader, token);
}

void
model_mailbox(struct model *m)
{
	want_services(m);
	if (!json_flag(m->options, "account") || unfinished(m))
		return;
	for (size_t i = 0; i < m->s->nprobes; i++)
		if (account_at(m, m->s->probes[i]))
			want_use(m, m->s->probes[i], USE_LOGIN, "login", NULL,
			    0);
	round_trip(m);
}
