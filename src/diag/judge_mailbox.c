/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules about mailbox services: what they said, what they offer before and
 * inside TLS, logins, and mail that was accepted: did it come.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/judge.h"
#include "talk/smtp.h"

static const json_t *
value_of(const struct sprobe *p, const char *key)
{
	const struct sfact *f = probe_fact(p, key, 0);

	return f == NULL ? NULL : f->value;
}

static const json_t *
caps_of(const struct sprobe *p, bool tls)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "caps") == 0 &&
		    json_flag(p->facts[i].value, "tls") == tls)
			return json_object_get(p->facts[i].value, "list");
	return NULL;
}

static bool
is_proto(const struct sprobe *p, const char *proto)
{
	return strncmp(p->ep.proto, proto, strlen(proto)) == 0;
}

static bool
is_smtp(const struct sprobe *p)
{
	return !is_proto(p, "pop3") && !is_proto(p, "imap");
}

static bool
speaks_well(const struct sprobe *p)
{
	return (caps_of(p, false) != NULL || caps_of(p, true) != NULL) &&
	    value_of(p, "garbled") == NULL;
}

bool
judge_mailbox_offered(const struct model *m, const struct sprobe *p)
{
	if (model_mail_named(m, &p->ep))
		for (size_t i = 0; i < m->nsrv; i++)
			if (m->srv[i].port == p->ep.port &&
			    strcmp(m->srv[i].target, p->ep.name) == 0)
				return true;
	return model_service_speaks(m, &p->ep);
}

static struct finding *
box_finding(struct judge *j, enum finding_id id, const struct sprobe *p,
    bool (*works)(const struct sprobe *), const json_t *fact)
{
	struct finding *f;

	if (judge_has(j, id, &p->ep))
		return NULL;
	f = judge_add(j, id, &p->ep);
	if (works != NULL)
		f->flags = judge_flags(j->m, p, works);
	if (fact == NULL)
		judge_evidence(f, p);
	else
		judge_evidence_of(f, p, fact);
	return f;
}

static void
service_arg(struct finding *f, const struct sprobe *p)
{
	judge_arg(f, "service", p->ep.proto);
}

/* "535 5.7.8 text" or "-ERR [AUTH] text": what was said, for a sentence. */
static void
reply_arg(struct finding *f, const json_t *r)
{
	const char *code = json_str(r, "code"), *text = json_str(r, "text");
	char *all;

	if (json_int(r, "code", 0) != 0)
		all = xasprintf("%d %s%s%s", (int)json_int(r, "code", 0),
		    json_str(r, "enhanced"),
		    *json_str(r, "enhanced") == '\0' ? "" : " ", text);
	else
		all = xasprintf("%s%s%s%s%s", json_str(r, "status"),
		    *code == '\0' ? "" : " [", code, *code == '\0' ? " " :
		    "] ", text);
	judge_arg(f, "reply", all);
	free(all);
}

static const char *
garbled_why(const struct sprobe *p)
{
	const json_t *g = value_of(p, "garbled");
	const json_t *closed = value_of(p, "closed");
	const json_t *silent = value_of(p, "silent");

	if (g != NULL)
		return json_str(g, "why");
	if (closed != NULL)
		return "closed";
	return silent != NULL ? "silent" : NULL;
}

static void
garbled_rule(struct judge *j, const struct sprobe *p)
{
	const char *why = garbled_why(p);
	struct finding *f;

	if (why == NULL)
		return;
	f = box_finding(j, is_smtp(p) ? F_SMTP_GARBLED :
	    is_proto(p, "pop3") ? F_POP3_GARBLED : F_IMAP_GARBLED, p,
	    speaks_well, NULL);
	if (f != NULL)
		judge_arg(f, "why", why);
}

static bool
stays(const struct sprobe *p)
{
	return model_speaks(p) && value_of(p, "bye") == NULL;
}

static void
bye_rule(struct judge *j, const struct sprobe *p)
{
	const json_t *bye = value_of(p, "bye");
	struct finding *f;

	if (bye == NULL)
		return;
	f = box_finding(j, F_SERVICE_BYE, p, stays, bye);
	if (f == NULL)
		return;
	service_arg(f, p);
	judge_arg(f, "reply", json_str(bye, "text"));
}

/* Refusals and troubles of a submission server's own; true: nothing more is
   to be said of it. */
static bool
submission_rules(struct judge *j, const struct sprobe *p)
{
	for (size_t i = 0; i < p->nfacts; i++) {
		const json_t *v = p->facts[i].value;
		int64_t code = json_int(v, "code", 0);
		bool banner = strcmp(json_str(v, "verb"), "banner") == 0;
		struct finding *f;

		if (strcmp(p->facts[i].key, "reply") != 0 || code < 400)
			continue;
		if ((banner && code >= 500) || smtp_refuses_us((int)code,
		    json_str(v, "enhanced"), json_str(v, "all"), NULL,
		    j->m->helo[FAMILY(&p->ep.addr)]))
			f = box_finding(j, F_REFUSED_US, p, NULL, v);
		else if (code == 421 || banner)
			f = box_finding(j, F_SMTP_421, p, NULL, v);
		else
			continue;
		if (f != NULL)
			reply_arg(f, v);
		return true;
	}
	return false;
}

static bool
starts_tls(const struct sprobe *p)
{
	return json_flag(value_of(p, "tls"), "ok") &&
	    value_of(p, "injected") == NULL;
}

static void
starttls_rules(struct judge *j, const struct sprobe *p)
{
	const json_t *injected = value_of(p, "injected");
	const json_t *r = model_said(p, is_proto(p, "pop3") ? "STLS" :
	    "STARTTLS", -1);
	const char *status = json_str(r, "status");
	struct finding *f;

	if (injected != NULL && (f = box_finding(j, F_STARTTLS_INJECTION, p,
	    starts_tls, injected)) != NULL)
		judge_arg_int(f, "bytes", json_int(injected, "bytes", 0));
	if (r == NULL || strcmp(status, "OK") == 0 || (is_smtp(p) &&
	    (json_int(r, "code", 0) < 400 || json_int(r, "code", 0) == 421)))
		return;
	f = box_finding(j, F_STARTTLS_454, p, starts_tls, r);
	if (f != NULL)
		reply_arg(f, r);
}

/* A capability, or the first word of one; its rest, NULL if not there. */
static const char *
capability(const json_t *list, const char *word)
{
	const json_t *item;
	size_t i, n = strlen(word);

	json_array_foreach(list, i, item) {
		const char *s = json_string_value(item);

		if (s != NULL && text_ncasecmp(s, word, n) == 0 &&
		    (s[n] == '\0' || s[n] == ' ' || s[n - 1] == '='))
			return s + n + (s[n] == ' ');
	}
	return NULL;
}

/* A list of mechanisms with one that says the password as it is, or whatever
   else would do in its place; NULL for one of challenges alone. */
static const char *
readable(const char *list)
{
	static const char *const says[] = { "PLAIN", "LOGIN", "XOAUTH2",
		"OAUTHBEARER" };

	for (const char *s = list; s != NULL && *s != '\0'; s += *s == ' ') {
		size_t n = strcspn(s, " ");

		for (size_t i = 0; i < sizeof says / sizeof says[0]; i++)
			if (strlen(says[i]) == n &&
			    text_ncasecmp(s, says[i], n) == 0)
				return list;
		s += n;
	}
	return NULL;
}

/* How a password may be given in the clear; NULL: it may not. */
static const char *
login_in_clear(const struct sprobe *p, const json_t *caps)
{
	const char *list;

	if (is_smtp(p)) {
		list = readable(capability(caps, "AUTH"));
		return list != NULL ? list :
		    readable(capability(caps, "AUTH="));
	}
	if (is_proto(p, "pop3")) {
		list = readable(capability(caps, "SASL"));
		if (list != NULL)
			return list;
		return capability(caps, "USER") != NULL ? "USER" : NULL;
	}
	if (capability(caps, "AUTH=PLAIN") != NULL)
		return "PLAIN";
	if (capability(caps, "AUTH=LOGIN") != NULL)
		return "LOGIN";
	return capability(caps, "LOGINDISABLED") == NULL ? "LOGIN" : NULL;
}

/* Logins in the clear are not asked for where TLS may begin. */
static bool
clear_is_closed(const struct sprobe *p)
{
	const json_t *caps = caps_of(p, false);

	return caps != NULL && login_in_clear(p, caps) == NULL;
}

static bool
offers_tls(const struct sprobe *p)
{
	return capability(caps_of(p, false), is_proto(p, "pop3") ? "STLS" :
	    "STARTTLS") != NULL;
}

static void
clear_rules(struct judge *j, const struct sprobe *p)
{
	const json_t *caps = caps_of(p, false);
	const json_t *capa = model_said(p, "CAPA", -1);
	const char *methods;
	struct finding *f;

	if (p->ep.tls != TALK_STARTTLS)
		return;
	if (caps == NULL && (capa == NULL ||
	    strcmp(json_str(capa, "status"), "ERR") != 0))
		return;
	methods = caps == NULL ? "USER" : login_in_clear(p, caps);
	if (methods == NULL)
		return;
	if (!offers_tls(p)) {
		f = box_finding(j, F_LOGIN_PLAIN_ONLY, p, offers_tls, caps ==
		    NULL ? capa : NULL);
		if (f != NULL)
			service_arg(f, p);
		return;
	}
	f = box_finding(j, F_AUTH_BEFORE_TLS, p, clear_is_closed, NULL);
	if (f == NULL)
		return;
	service_arg(f, p);
	judge_arg(f, "methods", methods);
}

/* Capabilities of a that b lacks, added to the buffer. */
static void
lacks(struct buf *b, const json_t *a, const json_t *c)
{
	const json_t *item, *other;
	size_t i, k;

	json_array_foreach(a, i, item) {
		bool hit = false;

		json_array_foreach(c, k, other)
			hit = hit || text_casecmp(json_string_value(item),
			    json_string_value(other)) == 0;
		if (!hit)
			buf_printf(b, "%s%s", b->len > 0 ? ", " : "",
			    json_string_value(item));
	}
}

static void
capabilities_differ(struct judge *j, const struct sprobe *p,
    const struct sprobe *q)
{
	struct endpoint ep = p->ep;
	char one[ADDR_STRLEN], other[ADDR_STRLEN];
	struct finding *f;
	struct buf b;

	memset(&ep.addr, 0, sizeof ep.addr);
	if (judge_has(j, F_CAPABILITIES_DIFFER, &ep))
		return;
	buf_init(&b, 256);
	for (int tls = 0; tls < 2; tls++) {
		const json_t *x = caps_of(p, tls), *y = caps_of(q, tls);

		if (x == NULL || y == NULL)
			continue;
		lacks(&b, x, y);
		lacks(&b, y, x);
	}
	if (b.len > 0) {
		f = judge_add(j, F_CAPABILITIES_DIFFER, &ep);
		service_arg(f, p);
		judge_arg(f, "one", addr_print(&p->ep.addr, one));
		judge_arg(f, "other", addr_print(&q->ep.addr, other));
		judge_arg(f, "what", buf_str(&b));
		judge_evidence(f, p);
		judge_evidence(f, q);
	}
	buf_free(&b);
}

static bool
login_works(const struct sprobe *p)
{
	return json_flag(value_of(p, "login"), "ok");
}

static void
login_rule(struct judge *j, const struct sprobe *p)
{
	const json_t *login = value_of(p, "login");
	const char *code = json_str(login, "code");
	char *reply;
	struct finding *f;

	if (login == NULL || json_flag(login, "ok") ||
	    *json_str(login, "why") != '\0')
		return;
	f = box_finding(j, F_LOGIN_REFUSED, p, login_works, login);
	if (f == NULL)
		return;
	service_arg(f, p);
	judge_arg(f, "method", json_str(login, "method"));
	if (is_smtp(p) || *code == '\0')
		reply = xasprintf("%s%s%s", code, *code == '\0' ? "" : " ",
		    json_str(login, "reply"));
	else
		reply = xasprintf("[%s] %s", code, json_str(login, "reply"));
	judge_arg(f, "reply", reply);
	free(reply);
}

/* The probe that found this token first; its fact. */
static const struct sprobe *
finder(const struct model *m, const char *token, const json_t **fact)
{
	const struct sprobe *first = NULL;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		for (size_t k = 0; p->step == STEP_MAILBOX && k < p->nfacts;
		    k++) {
			const json_t *v = p->facts[k].value;

			if (strcmp(p->facts[k].key, "found") != 0 ||
			    strcmp(json_str(v, "token"), token) != 0 ||
			    (first != NULL && first->began <= p->began))
				continue;
			first = p;
			*fact = v;
		}
	}
	return first;
}

static void
delivered(struct judge *j, const struct sprobe *p, const struct sprobe *by,
    const json_t *fact)
{
	struct finding *f = box_finding(j, F_DELIVERED, p, NULL, NULL);
	const json_t *route = json_object_get(fact, "route");
	char text[ADDR_STRLEN], *who;

	if (f == NULL)
		return;
	service_arg(f, p);
	judge_arg_int(f, "seconds", by->ended > p->ended ?
	    (by->ended - p->ended) / 1000000 : 0);
	who = xasprintf("%s %s", by->ep.proto, addr_print(&by->ep.addr,
	    text));
	judge_arg(f, "by", who);
	free(who);
	judge_arg(f, "route", json_array_size(route) == 0 ? "-" :
	    json_string_value(json_array_get(route, 0)));
	judge_evidence_of(f, by, fact);
}

static void
refused_mail(struct judge *j, const struct sprobe *p)
{
	static const char *const verbs[] = { "MAIL", "RCPT", "DATA", "." };

	for (size_t i = 0; i < 4; i++) {
		const json_t *r = model_said(p, verbs[i], -1);
		int64_t code = json_int(r, "code", 0);
		enum finding_id id = code >= 500 ? F_RCPT_REJECTED :
		    smtp_greylists((int)code, json_str(r, "enhanced"),
		    json_str(r, "all")) ? F_GREYLISTED : F_RCPT_TEMPORARY;
		struct finding *f;

		if (code < 400 || code == 421)
			continue;
		f = box_finding(j, id, p, NULL, r);
		if (f == NULL)
			return;
		reply_arg(f, r);
		judge_arg(f, "rcpt", json_str(j->m->options, "mailbox"));
		if (id == F_GREYLISTED) {	/* sent once only */
			judge_arg_int(f, "seconds", 0);
			judge_arg(f, "second", "never");
		}
		return;
	}
}

static void
delivery_rule(struct judge *j, const struct sprobe *p)
{
	const json_t *sent = value_of(p, "sent"), *fact = NULL;
	const struct sprobe *by;
	struct finding *f;

	if (json_int(sent, "code", 0) / 100 != 2) {
		refused_mail(j, p);
		return;
	}
	by = finder(j->m, json_str(sent, "token"), &fact);
	if (by != NULL) {
		delivered(j, p, by, fact);
		return;
	}
	if (!model_looked(j->m))
		return;
	f = box_finding(j, F_ACCEPTED_NOT_DELIVERED, p, NULL, sent);
	if (f == NULL)
		return;
	service_arg(f, p);
	judge_arg_int(f, "seconds", (j->m->now - p->ended) / 1000000);
	judge_arg(f, "reply", json_str(sent, "reply"));
}

static void
service_rules(struct judge *j, const struct sprobe *p)
{
	if (is_smtp(p) && submission_rules(j, p))
		return;
	bye_rule(j, p);
	if (value_of(p, "bye") == NULL)
		garbled_rule(j, p);
	starttls_rules(j, p);
	clear_rules(j, p);
}

static bool
counts(const struct sprobe *p)
{
	return p->step == STEP_MAILBOX && p->state == PROBE_ENDED &&
	    judge_works(p) && strcmp(p->outcome, "interrupted") != 0;
}

/* This one with those of its service that began later. */
static void
compare_behind(struct judge *j, const struct sprobe *p)
{
	const struct sprobe *q;
	bool behind = false;

	for (size_t i = 0; (q = model_service_probe(j->m, &p->ep, i)) != NULL;
	    i++) {
		if (behind && counts(q))
			capabilities_differ(j, p, q);
		behind = behind || q == p;
	}
}

void
judge_mailbox(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (!counts(p))
			continue;
		if (strcmp(p->what, "login") == 0)
			login_rule(j, p);
		else if (strcmp(p->what, "send") == 0)
			delivery_rule(j, p);
		else if (p->what[0] == '\0' && judge_mailbox_offered(m, p))
			service_rules(j, p);
		if (p->what[0] == '\0')
			compare_behind(j, p);
	}
}
