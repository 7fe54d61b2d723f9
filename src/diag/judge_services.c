/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules about what was said after connecting: HTTP responses and redirects,
 * SMTP replies.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"
#include "talk/http.h"
#include "talk/smtp.h"

static const json_t *
value_of(const struct sprobe *p, const char *key)
{
	const struct sfact *f = probe_fact(p, key, 0);

	return f == NULL ? NULL : f->value;
}

static int64_t
status_of(const struct sprobe *p)
{
	return json_int(value_of(p, "http"), "status", 0);
}

static bool
page_works(const struct sprobe *p)
{
	int64_t s = status_of(p);

	return s >= 200 && s < 400 && value_of(p, "garbled") == NULL &&
	    value_of(p, "stalled") == NULL;
}

static bool
page_whole(const struct sprobe *p)
{
	return status_of(p) > 0 && value_of(p, "garbled") == NULL &&
	    value_of(p, "stalled") == NULL;
}

static struct finding *
web_finding(struct judge *j, enum finding_id id, const struct sprobe *p,
    bool (*works)(const struct sprobe *))
{
	struct finding *f;

	if (judge_has(j, id, &p->ep))
		return NULL;
	f = judge_add(j, id, &p->ep);
	f->flags = judge_flags(j->m, p, works);
	if (id == F_HTTP_STATUS)
		judge_evidence_first(f, p);
	else
		judge_evidence(f, p);
	return f;
}

/* 4xx alike at every address of the name and port? */
static bool
alike(const struct model *m, const struct sprobe *p)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *q = m->s->probes[i];

		if (q->state == PROBE_ENDED && q->step == STEP_WEB &&
		    judge_same_service(p, q) &&
		    strcmp(p->what, q->what) == 0 && status_of(q) != 0 &&
		    status_of(q) / 100 != 4)
			return false;
	}
	return true;
}

static void
status_rule(struct judge *j, const struct sprobe *p)
{
	int64_t status = status_of(p);
	struct finding *f;

	if (status < 400)
		return;
	f = web_finding(j, F_HTTP_STATUS, p, page_works);
	if (f == NULL)
		return;
	judge_arg_int(f, "status", status);
	if (status < 500 && f->flags == 0 && alike(j->m, p))
		f->level = VERDICT_NOTICE;
}

static void
body_rules(struct judge *j, const struct sprobe *p)
{
	const json_t *garbled = value_of(p, "garbled");
	const json_t *stalled = value_of(p, "stalled");
	struct finding *f;

	if (garbled != NULL &&
	    (f = web_finding(j, F_HTTP_GARBLED, p, page_whole)) != NULL)
		judge_arg(f, "why", json_str(garbled, "why"));
	if (stalled != NULL &&
	    (f = web_finding(j, F_HTTP_STALLED, p, page_whole)) != NULL)
		judge_arg_int(f, "bytes", json_int(stalled, "bytes", 0));
}

/* The probe that fetched what p redirects to, same family; NULL if none. */
static const struct sprobe *
next_hop(const struct model *m, const struct sprobe *p)
{
	struct http_url to;
	const struct sprobe *found = NULL;
	unsigned port;

	if (model_redirect(p, &to) == -1)
		return NULL;
	port = to.port != 0 ? to.port : strcmp(to.scheme, "https") == 0 ? 443 :
	    80;
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *q = m->s->probes[i];
		const char *path = model_page(q);

		if (q->step != STEP_WEB || q->ep.port != port ||
		    q->ep.addr.family != p->ep.addr.family ||
		    strcmp(q->ep.proto, to.scheme) != 0 ||
		    strcmp(q->ep.name, to.host) != 0 ||
		    strcmp(path, to.path) != 0)
			continue;
		found = q;
		if (addr_equal(&q->ep.addr, &p->ep.addr))
			break;
	}
	http_url_free(&to);
	return found;
}

/* The hops after which a service's redirects come back to where they were,
   or became too many; 0 if they end. */
static int
loops(const struct model *m, const struct sprobe *p)
{
	const struct sprobe *path[LIMIT_HOPS + 2], *q = p;
	int n = 0;

	while (q != NULL && n <= LIMIT_HOPS) {
		path[n++] = q;
		q = next_hop(m, q);
		for (int i = 0; i < n && q != NULL; i++)
			if (path[i] == q)
				return n;
	}
	return n > LIMIT_HOPS ? n : 0;
}

static bool
page_answers(const struct sprobe *p)
{
	return judge_works(p) && page_works(p);
}

/* A name met in redirects alone: what leads to it tells of the loop. */
static bool
asked_for(const struct model *m, const char *name)
{
	const struct mname *n = model_name(m, name);

	return n != NULL && (n->kind & (NAME_APEX | NAME_WWW | NAME_HOST)) !=
	    0;
}

static void
redirect_rule(struct judge *j, const struct sprobe *p)
{
	int family = FAMILY(&p->ep.addr), hops = loops(j->m, p);
	bool same = false;
	struct finding *f;

	if (hops == 0 || judge_has(j, F_HTTP_REDIRECT_LOOP, &p->ep))
		return;
	f = judge_add(j, F_HTTP_REDIRECT_LOOP, &p->ep);
	judge_arg_int(f, "hops", hops);
	judge_evidence(f, p);
	for (size_t i = 0; i < j->m->s->nprobes; i++) {
		const struct sprobe *q = j->m->s->probes[i];

		if (!judge_is_service(q) || !judge_same_service(p, q) ||
		    !page_answers(q) || loops(j->m, q) != 0)
			continue;
		if (FAMILY(&q->ep.addr) != family)
			f->flags |= FLAG_MASKED;
		same = same || FAMILY(&q->ep.addr) == family;
	}
	if (same)
		f->flags |= FLAG_PARTIAL;
}

void
judge_web(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		if (p->step != STEP_WEB || p->state != PROBE_ENDED ||
		    !judge_works(p) || (model_autoconfig_page(p) &&
		    !model_configures(m, p)))
			continue;
		status_rule(j, p);
		body_rules(j, p);
		if (judge_is_service(p) && asked_for(m, p->ep.name))
			redirect_rule(j, p);
	}
}

static const json_t *
plain_caps(const struct sprobe *p)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "caps") == 0 &&
		    !json_flag(p->facts[i].value, "tls"))
			return p->facts[i].value;
	return NULL;
}

static bool
offers_starttls(const struct sprobe *p)
{
	const json_t *list = json_object_get(plain_caps(p), "list"), *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (json_is_string(item) && strcmp(json_string_value(item),
		    "STARTTLS") == 0)
			return true;
	return false;
}

static struct finding *
mail_finding(struct judge *j, enum finding_id id, const struct sprobe *p,
    bool (*works)(const struct sprobe *), const json_t *reply)
{
	struct finding *f = judge_add(j, id, &p->ep);
	char *text;

	if (works != NULL)
		f->flags = judge_flags(j->m, p, works);
	if (reply == NULL) {
		judge_evidence(f, p);
		return f;
	}
	judge_evidence_of(f, p, reply);
	text = xasprintf("%d %s%s%s", (int)json_int(reply, "code", 0),
	    json_str(reply, "enhanced"),
	    *json_str(reply, "enhanced") == '\0' ? "" : " ",
	    json_str(reply, "text"));
	judge_arg(f, "reply", text);
	free(text);
	return f;
}

static const char *
our_address(const struct sprobe *p)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "connect") == 0 &&
		    json_flag(p->facts[i].value, "ok"))
			return json_str(p->facts[i].value, "local");
	return "";
}

static bool
refuses_us(const struct judge *j, const struct sprobe *p, const json_t *r)
{
	const char *ours = our_address(p);
	const char *helo = j->m->helo[FAMILY(&p->ep.addr)];

	return r != NULL && smtp_refuses_us((int)json_int(r, "code", 0),
	    json_str(r, "enhanced"), json_str(r, "all"),
	    *ours == '\0' ? NULL : ours, helo);
}

/* The reply that refuses ourselves: the rest is unknown then. */
static const json_t *
refusal(const struct judge *j, const struct sprobe *p)
{
	static const char *const verbs[] = { "banner", "EHLO", "HELO", "MAIL",
		"RCPT" };

	for (size_t i = 0; i < 5; i++) {
		const json_t *r = model_said(p, verbs[i], -1);

		if ((i == 0 && json_int(r, "code", 0) >= 500) ||
		    refuses_us(j, p, r))
			return r;
	}
	return NULL;
}

static bool
banner_quick(const struct sprobe *p)
{
	const json_t *b = model_said(p, "banner", -1);

	return b != NULL && json_num(b, "ms", 0) <= 5000;
}

static void
banner_rule(struct judge *j, const struct sprobe *p)
{
	const json_t *b = model_said(p, "banner", -1);
	const json_t *silent = value_of(p, "silent");
	double ms = json_num(b, "ms", 0);
	struct finding *f;

	if (b == NULL && silent != NULL &&
	    strcmp(json_str(silent, "verb"), "banner") == 0) {
		f = mail_finding(j, F_BANNER_SLOW, p, model_speaks, NULL);
		f->level = VERDICT_ERROR;
		ms = json_num(silent, "ms", 60000);
	} else if (ms > 5000) {
		f = mail_finding(j, F_BANNER_SLOW, p, banner_quick, b);
		if (ms > 30000)
			f->level = VERDICT_WARNING;
	} else {
		return;
	}
	judge_arg_int(f, "seconds", (int64_t)(ms / 1000));
}

static void
busy_rule(struct judge *j, const struct sprobe *p)
{
	for (size_t i = 0; i < p->nfacts; i++) {
		const json_t *v = p->facts[i].value;

		int64_t code = json_int(v, "code", 0);

		if (strcmp(p->facts[i].key, "reply") == 0 && (code == 421 ||
		    (code >= 400 && code < 500 && strcmp(json_str(v, "verb"),
		    "banner") == 0))) {
			mail_finding(j, F_SMTP_421, p, NULL, v);
			return;
		}
	}
}

/* Spoken to in the clear: EHLO's list, or no list at all after HELO. */
static bool
greeted(const struct sprobe *p)
{
	int64_t helo = json_int(model_said(p, "HELO", 0), "code", 0);

	return plain_caps(p) != NULL || (helo != 0 && helo < 400);
}

static bool
starttls_works(const struct sprobe *p)
{
	int64_t code = json_int(model_said(p, "STARTTLS", -1), "code", 0);

	return code != 0 && code < 400 && value_of(p, "injected") == NULL;
}

static void
starttls_rules(struct judge *j, const struct sprobe *p)
{
	const json_t *r = model_said(p, "STARTTLS", -1);
	const json_t *injected = value_of(p, "injected");
	struct finding *f;

	if (greeted(p) && !offers_starttls(p))
		mail_finding(j, F_STARTTLS_MISSING, p, NULL, NULL);
	if (r != NULL && json_int(r, "code", 0) >= 400 &&
	    json_int(r, "code", 0) != 421)
		mail_finding(j, F_STARTTLS_454, p, starttls_works, r);
	if (injected != NULL) {
		f = mail_finding(j, F_STARTTLS_INJECTION, p, starttls_works,
		    NULL);
		judge_arg_int(f, "bytes", json_int(injected, "bytes", 0));
	}
}

static bool
recipient_taken(const struct sprobe *p)
{
	int64_t code = json_int(model_said(p, "RCPT", -1), "code", 0);

	return code != 0 && code < 400;
}

/* Seconds since an earlier run was greylisted, 0 if none was. */
static int64_t
since_first(struct finding *f, const struct sprobe *p, const json_t *reply)
{
	int64_t us = p->away == 0 ? 0 : probe_told_us(p, reply) - p->away,
	    seconds = (us + 500000) / 1000000;

	judge_arg_int(f, "seconds", seconds);
	return seconds;
}

static void
sent_away(struct finding *f, const struct sprobe *p, const json_t *reply)
{
	int64_t seconds = since_first(f, p, reply);
	char *second = p->away == 0 ? xstrdup("none") :
	    xasprintf("+%lld s", (long long)seconds);

	judge_arg(f, "second", second);
	free(second);
}

static void
recipient_passed(struct judge *j, const struct sprobe *p, const json_t *r)
{
	struct finding *f;

	if (p->away == 0 || json_int(r, "code", 0) / 100 != 2)
		return;
	f = judge_add(j, F_GREYLIST_PASSED, &p->ep);
	judge_evidence_of(f, p, r);
	judge_arg(f, "rcpt", json_str(j->m->options, "rcpt"));
	since_first(f, p, r);
}

static void
recipient_rule(struct judge *j, const struct sprobe *p)
{
	const json_t *r = model_said(p, "RCPT", -1);
	int64_t code;
	struct finding *f;
	enum finding_id id;

	recipient_passed(j, p, r);
	if (r == NULL)
		r = model_said(p, "MAIL", -1);
	code = json_int(r, "code", 0);
	if (code < 400 || code == 421)
		return;
	if (code >= 500)
		id = F_RCPT_REJECTED;
	else if (smtp_greylists((int)code, json_str(r, "enhanced"),
	    json_str(r, "all")))
		id = F_GREYLISTED;
	else
		id = F_RCPT_TEMPORARY;
	f = mail_finding(j, id, p, recipient_taken, r);
	judge_arg(f, "rcpt", json_str(j->m->options, "rcpt"));
	if (id == F_GREYLISTED)
		sent_away(f, p, r);
}

static bool
speaks_smtp(const struct sprobe *p)
{
	return greeted(p) && value_of(p, "garbled") == NULL;
}

/* No greeting of ours is taken, and not for what we are. */
static bool
refuses_greeting(const struct sprobe *p)
{
	int64_t ehlo = json_int(model_said(p, "EHLO", 0), "code", 0);

	return ehlo >= 400 && ehlo != 421 && !greeted(p) &&
	    value_of(p, "closed") == NULL && value_of(p, "silent") == NULL;
}

static void
garbled_rule(struct judge *j, const struct sprobe *p)
{
	const json_t *g = value_of(p, "garbled");
	const json_t *closed = value_of(p, "closed");
	const json_t *silent = value_of(p, "silent");
	const char *why = NULL;

	if (g != NULL)
		why = json_str(g, "why");
	else if (closed != NULL && strcmp(json_str(closed, "verb"), "QUIT") !=
	    0)
		why = "closed";
	else if (silent != NULL && strcmp(json_str(silent, "verb"), "banner")
	    != 0 && strcmp(json_str(silent, "verb"), "QUIT") != 0)
		why = "silent";
	else if (refuses_greeting(p))
		why = "EHLO refused";
	if (why != NULL)
		judge_arg(mail_finding(j, F_SMTP_GARBLED, p, speaks_smtp,
		    NULL), "why", why);
}

/* STARTTLS at some addresses of one mail host, not at others. */
static void
starttls_differs(struct judge *j, const struct sprobe *p)
{
	const struct model *m = j->m;
	struct endpoint ep = p->ep;

	memset(&ep.addr, 0, sizeof ep.addr);
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *q = m->s->probes[i];
		char with[ADDR_STRLEN], without[ADDR_STRLEN];
		struct finding *f;

		if (q->step != STEP_MAIL_IN || !judge_same_service(p, q) ||
		    q->state != PROBE_ENDED || !greeted(q) ||
		    refusal(j, q) != NULL || !offers_starttls(p) ||
		    offers_starttls(q) || judge_has(j, F_STARTTLS_DIFFERS,
		    &ep))
			continue;
		f = judge_add(j, F_STARTTLS_DIFFERS, &ep);
		judge_arg(f, "with", addr_print(&p->ep.addr, with));
		judge_arg(f, "without", addr_print(&q->ep.addr, without));
		judge_evidence(f, q);
	}
}

void
judge_mail(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		const json_t *refused;

		if (p->step != STEP_MAIL_IN || p->state != PROBE_ENDED ||
		    !judge_works(p) ||
		    strcmp(p->outcome, "interrupted") == 0)
			continue;
		banner_rule(j, p);
		refused = refusal(j, p);
		if (refused != NULL) {
			mail_finding(j, F_REFUSED_US, p, NULL, refused);
			continue;
		}
		busy_rule(j, p);
		garbled_rule(j, p);
		starttls_rules(j, p);
		recipient_rule(j, p);
		starttls_differs(j, p);
	}
}
