/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules about TLS and certificates: the handshake, then every verification
 * error by itself. On port 25, where senders do not verify, most are notices.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"

#define DAY		INT64_C(86400)
#define SOON		(21 * DAY)

/* X509_V_ERR_* (openssl/x509_vfy.h): stable numbers. */
enum { V_NO_ISSUER = 2, V_NOT_YET = 9, V_EXPIRED = 10, V_SELF_SIGNED = 18,
	V_SELF_IN_CHAIN = 19, V_NO_ISSUER_LOCALLY = 20, V_NO_LEAF_SIG = 21,
	V_HOSTNAME = 62, V_IP = 64 };

static const json_t *
tls_fact_of(const struct sprobe *p, bool lax)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "tls") == 0 &&
		    json_flag(p->facts[i].value, "lax") == lax)
			return p->facts[i].value;
	return NULL;
}

static bool
handshake_works(const struct sprobe *p)
{
	return json_flag(tls_fact_of(p, false), "ok");
}

static bool
has_error(const json_t *tls, int a, int b, int c)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(tls, "errors"), i, item) {
		int64_t code = json_int(item, "code", 0);

		if (code == a || code == b || code == c)
			return true;
	}
	return false;
}

static bool
name_bad(const json_t *tls)
{
	return has_error(tls, V_HOSTNAME, V_IP, V_IP) ||
	    (json_object_get(tls, "name_ok") != NULL &&
	    !json_flag(tls, "name_ok"));
}

static const json_t *
leaf(const json_t *tls)
{
	return json_array_get(json_object_get(tls, "chain"), 0);
}

/* The server's own certificate came alone, names where to get its issuer,
   and is not its own: then that was forgotten, not chosen to be unknown. What
   ends with a CA has its intermediate; where to get the root may be said in
   there by a CA that nobody trusts, too. */
static bool
chain_cut(const json_t *tls)
{
	const json_t *chain = json_object_get(tls, "chain");
	const json_t *last = json_array_get(chain, json_array_size(chain) - 1);

	return last != NULL && !json_flag(last, "self") &&
	    !json_flag(last, "ca") && json_flag(last, "aia");
}

enum trust { TRUST_OK, TRUST_SELF, TRUST_CUT, TRUST_BAD };

static bool
known_error(int64_t code)
{
	return code == V_NOT_YET || code == V_EXPIRED || code == V_HOSTNAME ||
	    code == V_IP;
}

static enum trust
trust_of(const json_t *tls)
{
	const json_t *item;
	bool other = false;
	size_t i;

	if (has_error(tls, V_SELF_SIGNED, V_SELF_SIGNED, V_SELF_SIGNED))
		return TRUST_SELF;
	if (has_error(tls, V_NO_ISSUER, V_NO_ISSUER_LOCALLY, V_NO_LEAF_SIG))
		return chain_cut(tls) ? TRUST_CUT : TRUST_BAD;
	json_array_foreach(json_object_get(tls, "errors"), i, item)
		other = other || !known_error(json_int(item, "code", 0));
	return other ? TRUST_BAD : TRUST_OK;
}

/* What works elsewhere, rule by rule, for masked and partial. */
static bool
name_works(const struct sprobe *p)
{
	return handshake_works(p) && !name_bad(tls_fact_of(p, false));
}

static bool
dates_work(const struct sprobe *p)
{
	return handshake_works(p) && !has_error(tls_fact_of(p, false),
	    V_EXPIRED, V_NOT_YET, V_NOT_YET);
}

static bool
trust_works(const struct sprobe *p)
{
	return handshake_works(p) &&
	    trust_of(tls_fact_of(p, false)) == TRUST_OK;
}

/* Certificates on guessed names: who knows what they are for. */
static bool
only_guessed(const struct judge *j, const struct sprobe *p)
{
	return model_autoconfig_page(p) || (p->step == STEP_MAILBOX &&
	    !model_mail_named(j->m, &p->ep));
}

static struct finding *
tls_finding(struct judge *j, enum finding_id id, const struct sprobe *p,
    bool (*works)(const struct sprobe *))
{
	struct finding *f;

	if (judge_has(j, id, &p->ep))
		return NULL;
	f = judge_add(j, id, &p->ep);
	f->flags = judge_flags(j->m, p, works);
	judge_arg(f, "service", p->ep.proto);
	judge_evidence_of(f, p, tls_fact_of(p, false));
	if (p->step == STEP_MAIL_IN && id != F_TLS_HANDSHAKE)
		f->level = id == F_CERT_EXPIRED || id == F_TLS_OLD_ONLY ?
		    VERDICT_WARNING : VERDICT_NOTICE;
	if (only_guessed(j, p))
		f->level = VERDICT_NOTICE;
	return f;
}

static void
date_arg(struct finding *f, int64_t epoch, int64_t days)
{
	time_t t = (time_t)epoch;
	struct tm tm;
	char text[32];

	if (gmtime_r(&t, &tm) != NULL && strftime(text, sizeof text,
	    "%Y-%m-%d", &tm) > 0)
		judge_arg(f, "date", text);
	if (days >= 0)
		judge_arg_int(f, "days", days);
}

static int64_t
wall(const struct model *m)
{
	return json_int(m->s->head, "epoch", 0) + m->now / 1000000;
}

static bool
ends_soon(const struct model *m, const json_t *tls)
{
	int64_t from = json_int(leaf(tls), "not_before", 0);
	int64_t to = json_int(leaf(tls), "not_after", 0), now = wall(m);

	return to > now && to - now < SOON && (to - now) * 5 < to - from;
}

/* Masked and partial: certificates of other addresses that last longer. */
static unsigned
soon_flags(const struct model *m, const struct sprobe *p)
{
	unsigned flags = 0;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *q = m->s->probes[i];

		if (judge_is_service(q) && judge_same_service(p, q) &&
		    dates_work(q) && !ends_soon(m, tls_fact_of(q, false)))
			flags |= p->ep.addr.family == q->ep.addr.family ?
			    FLAG_PARTIAL : FLAG_MASKED;
	}
	return flags;
}

static void
dates(struct judge *j, const struct sprobe *p, const json_t *tls)
{
	int64_t from = json_int(leaf(tls), "not_before", 0);
	int64_t to = json_int(leaf(tls), "not_after", 0);
	int64_t now = wall(j->m);
	struct finding *f;

	if (has_error(tls, V_EXPIRED, V_EXPIRED, V_EXPIRED)) {
		f = tls_finding(j, F_CERT_EXPIRED, p, dates_work);
		if (f != NULL)
			date_arg(f, to, to < now ? (now - to) / DAY : 0);
	} else if (has_error(tls, V_NOT_YET, V_NOT_YET, V_NOT_YET)) {
		f = tls_finding(j, F_CERT_NOT_YET, p, dates_work);
		if (f != NULL)
			date_arg(f, from, -1);
	} else if (ends_soon(j->m, tls)) {
		f = tls_finding(j, F_CERT_EXPIRES_SOON, p, dates_work);
		if (f != NULL) {
			f->flags = soon_flags(j->m, p);
			date_arg(f, to, (to - now) / DAY);
		}
	}
}

static void
names_arg(struct finding *f, const char *key, const json_t *cert)
{
	const json_t *item;
	struct buf b;
	size_t i;

	buf_init(&b, 512);
	json_array_foreach(json_object_get(cert, "names"), i, item) {
		if (i >= 6) {
			buf_adds(&b, ", ...");
			break;
		}
		if (b.len > 0)
			buf_adds(&b, ", ");
		buf_adds(&b, json_string_value(item));
	}
	judge_arg(f, key, b.len > 0 ? buf_str(&b) : "-");
	buf_free(&b);
}

static void
trust(struct judge *j, const struct sprobe *p, const json_t *tls)
{
	const json_t *chain = json_object_get(tls, "chain");
	const json_t *last = json_array_get(chain, json_array_size(chain) - 1);
	struct finding *f = NULL;

	switch (trust_of(tls)) {
	case TRUST_SELF:
		f = tls_finding(j, F_CERT_SELF_SIGNED, p, trust_works);
		if (f != NULL)
			judge_arg(f, "subject", json_str(leaf(tls),
			    "subject"));
		return;
	case TRUST_CUT:
		f = tls_finding(j, F_CERT_INCOMPLETE, p, trust_works);
		break;
	case TRUST_BAD:
		f = tls_finding(j, F_CERT_UNTRUSTED, p, trust_works);
		break;
	case TRUST_OK:
		break;
	}
	if (f != NULL)
		judge_arg(f, "issuer", json_str(last, "issuer"));
}

static void
handshake(struct judge *j, const struct sprobe *p, const json_t *tls)
{
	const json_t *lax = tls_fact_of(p, true);
	struct finding *f;
	const char *why = json_str(tls, "error");

	if (json_flag(lax, "ok")) {
		f = tls_finding(j, F_TLS_OLD_ONLY, p, handshake_works);
		if (f != NULL)
			judge_arg(f, "version", json_str(lax, "version"));
		return;
	}
	f = tls_finding(j, F_TLS_HANDSHAKE, p, handshake_works);
	if (f != NULL)
		judge_arg(f, "why", json_flag(tls, "not_tls") ? "not TLS" :
		    *why != '\0' ? why : p->outcome);
}

static bool
same_names(const json_t *a, const json_t *b)
{
	const json_t *x = json_object_get(a, "names");
	const json_t *y = json_object_get(b, "names"), *item;
	size_t i, k;

	if (json_array_size(x) != json_array_size(y))
		return false;
	json_array_foreach(x, i, item) {
		bool hit = false;

		for (k = 0; k < json_array_size(y); k++)
			hit = hit || json_equal(item, json_array_get(y, k));
		if (!hit)
			return false;
	}
	return true;
}

/* Certificates of one name and port: names, trust or dates that differ. What
   another certificate finding of one of them explains is not said again. */
static bool
explained(const struct judge *j, const struct sprobe *p)
{
	for (int id = F_CERT_NAME; id < F_CERT_DIFFERS; id++)
		if (judge_has(j, (enum finding_id)id, &p->ep))
			return true;
	return false;
}

static void
differs(struct judge *j, const struct sprobe *p, const struct sprobe *q)
{
	const json_t *a = tls_fact_of(p, false), *b = tls_fact_of(q, false);
	int64_t da = json_int(leaf(a), "not_after", 0);
	int64_t db = json_int(leaf(b), "not_after", 0);
	struct endpoint ep = p->ep;
	char one[ADDR_STRLEN], other[ADDR_STRLEN];
	struct finding *f;

	if (!handshake_works(p) || !handshake_works(q) || explained(j, p) ||
	    explained(j, q) || (same_names(leaf(a), leaf(b)) && llabs(da - db)
	    < 7 * DAY && trust_of(a) == trust_of(b)))
		return;
	memset(&ep.addr, 0, sizeof ep.addr);
	if (judge_has(j, F_CERT_DIFFERS, &ep))
		return;
	f = judge_add(j, F_CERT_DIFFERS, &ep);
	judge_arg(f, "service", p->ep.proto);
	judge_arg(f, "one", addr_print(&p->ep.addr, one));
	judge_arg(f, "other", addr_print(&q->ep.addr, other));
	judge_evidence_of(f, p, a);
	judge_evidence_of(f, q, b);
	if (p->step == STEP_MAIL_IN || only_guessed(j, p))
		f->level = VERDICT_NOTICE;
}

static void
one_probe(struct judge *j, const struct sprobe *p, const json_t *tls)
{
	struct finding *f;

	if (!json_flag(tls, "ok")) {
		if (p->step == STEP_MAIL_IN || judge_offered(j->m, p))
			handshake(j, p, tls);
		return;
	}
	dates(j, p, tls);
	trust(j, p, tls);
	if (name_bad(tls)) {
		f = tls_finding(j, F_CERT_NAME, p, name_works);
		if (f != NULL)
			names_arg(f, "names", leaf(tls));
	}
}

void
judge_tls(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		const json_t *tls = tls_fact_of(p, false);

		if ((p->step == STEP_MAILBOX && (p->what[0] != '\0' ||
		    !judge_offered(m, p))) || (model_autoconfig_page(p) &&
		    !judge_offered(m, p)))
			continue;
		if (tls != NULL && p->state == PROBE_ENDED &&
		    strcmp(json_str(tls, "error"), "interrupted") != 0)
			one_probe(j, p, tls);
	}
	for (size_t i = 0; i < m->s->nprobes; i++)
		for (size_t k = i + 1; k < m->s->nprobes; k++) {
			const struct sprobe *p = m->s->probes[i];
			const struct sprobe *q = m->s->probes[k];

			if (judge_is_service(p) && judge_is_service(q) &&
			    judge_same_service(p, q))
				differs(j, p, q);
		}
}
