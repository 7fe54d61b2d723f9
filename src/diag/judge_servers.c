/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules of the step servers: each address of each name server, over UDP and
 * TCP, whole messages, serials, recursion for strangers.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "diag/judge.h"

static bool
answers(const struct model *m, const struct addr *a,
    const struct judge_job *job)
{
	const struct sprobe *p = model_asked(m, a, "udp", job->qname,
	    job->qtype);

	return p != NULL && p->reply != NULL && (p->reply->broken == NULL ||
	    p->reply->tc) && p->reply->rcode == DNS_NOERROR &&
	    (!job->aa || p->reply->aa);
}

static bool
over_tcp_too(const struct mserver *s)
{
	return s->tcp.probe != NULL && s->tcp.probe->reply != NULL;
}

/* An address that truncates every answer serves only who comes by TCP. */
static bool
serves(const struct mserver *s)
{
	return s->state == MS_OK && (s->gate->reply == NULL ||
	    !s->gate->reply->tc || over_tcp_too(s));
}

static bool
does_job(const struct model *m, const struct mserver *s,
    const struct judge_job *job)
{
	if (job->tcp)
		return s->state == MS_OK && over_tcp_too(s);
	return serves(s) && (job->qname == NULL || answers(m, &s->addr, job));
}

/* Flags of a failing server address: the other family does that job; other
   addresses of that name and family do. */
unsigned
judge_server_flags(const struct model *m, const char *ns,
    const struct addr *a, const struct judge_job *job)
{
	size_t n = job->zone == NULL ? m->nservers : job->zone->nservers;
	unsigned same = 0, same_ok = 0, flags = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = job->zone == NULL ? m->servers[i].ns :
		    job->zone->servers[i].ns;
		const struct addr *at = job->zone == NULL ?
		    &m->servers[i].addr : &job->zone->servers[i].addr;
		bool ok = job->zone == NULL ? does_job(m, &m->servers[i],
		    job) : answers(m, at, job);

		if (ok && at->family != a->family)
			flags |= FLAG_MASKED;
		if (strcmp(name, ns) == 0 && at->family == a->family) {
			same++;
			same_ok += ok;
		}
	}
	if (same_ok > 0 && same_ok < same)
		flags |= FLAG_PARTIAL;
	return flags;
}

static struct finding *
server_finding(struct judge *j, enum finding_id id, const struct mserver *s,
    const struct sprobe *p)
{
	struct endpoint ep = { s->ns, s->addr, 53, "dns", TALK_PLAIN };
	struct finding *f = judge_add(j, id, &ep);

	judge_arg(f, "ns", s->ns);
	judge_evidence(f, p);
	return f;
}

static void
unreachable_args(struct finding *f, const struct sprobe *p, const char *fact)
{
	const struct sfact *x = probe_fact(p, fact, 0);
	struct net_error e;
	char text[ADDR_STRLEN];

	memset(&e, 0, sizeof e);
	e.icmp_type = -1;
	if (x != NULL)
		json_net_error_parse(x->value, &e);
	judge_arg(f, "icmp", e.icmp_type == -1 ? "no route" :
	    net_icmp_word(p->ep.addr.family, e.icmp_type, e.icmp_code));
	judge_arg(f, "sender", e.sender.family == 0 ? "this host" :
	    addr_print(&e.sender, text));
}

static void
server_state(struct judge *j, const struct mserver *s)
{
	static const enum finding_id ids[] = { [MS_SILENT] = F_DNS_TIMEOUT,
		[MS_REFUSED] = F_DNS_REFUSED_PORT,
		[MS_UNREACHABLE] = F_DNS_UNREACHABLE, [MS_LAME] = F_DNS_LAME,
		[MS_WRONG_SOURCE] = F_DNS_WRONG_SOURCE };
	struct judge_job job = { NULL, 0, false, false, NULL };
	struct finding *f;
	const struct sfact *x;

	if (s->state != MS_SILENT && s->state != MS_REFUSED &&
	    s->state != MS_UNREACHABLE && s->state != MS_LAME &&
	    s->state != MS_WRONG_SOURCE)
		return;
	if (s->state == MS_LAME && s->gate->reply != NULL &&
	    s->gate->reply->broken != NULL)
		return;
	f = server_finding(j, ids[s->state], s, s->gate);
	f->flags = judge_server_flags(j->m, s->ns, &s->addr, &job);
	if (s->state == MS_LAME)
		judge_arg(f, "how", s->lame);
	if (s->state == MS_UNREACHABLE)
		unreachable_args(f, s->gate, "exchange");
	x = probe_fact(s->gate, "exchange", 0);
	if (s->state == MS_WRONG_SOURCE && x != NULL)
		judge_arg(f, "source", json_str(x->value, "wrong_source"));
}

/* Connections that were refused or closed early, though the question was
   answered over another one: the first of them, NULL if there are none. */
static const struct sprobe *
cut_some(const struct model *m, const struct mserver *s, int *sent, int *lost)
{
	const struct sprobe *first = NULL;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		struct mtcp t;

		if (strcmp(p->transport, "tcp2") != 0 ||
		    !addr_equal(&p->ep.addr, &s->addr))
			continue;
		t = model_tcp(m, &s->addr, p->qname, p->qtype,
		    p->qtype == DNS_SOA);
		if (!t.ended || t.probe->reply == NULL)
			continue;
		*sent += t.sent;
		*lost += t.lost;
		if (first == NULL)
			first = model_asked(m, &s->addr, "tcp", p->qname,
			    p->qtype);
	}
	return first;
}

static void
lost_some(struct judge *j, const struct mserver *s)
{
	int sent = 0, lost = 0;
	bool udp = s->lost > 0 && (s->sent >= 7 || s->gate->reply == NULL);
	const struct sprobe *cut;
	struct finding *f;

	if (s->state != MS_OK)
		return;
	cut = cut_some(j->m, s, &sent, &lost);
	if (!udp && lost == 0)
		return;
	f = server_finding(j, F_DNS_INTERMITTENT, s, udp ? s->gate : cut);
	judge_arg(f, "over", lost == 0 ? "UDP" : udp ? "UDP, TCP" : "TCP");
	sent += udp ? s->sent : 0;
	lost += udp ? s->lost : 0;
	f->flags = FLAG_INTERMITTENT;
	judge_arg_int(f, "lost", lost);
	judge_arg_int(f, "sent", sent);
	if (lost == 1)
		f->level = VERDICT_NOTICE;
}

static void
over_tcp(struct judge *j, const struct mserver *s)
{
	struct judge_job job = { NULL, 0, true, false, NULL };
	const struct sprobe *p = s->tcp.probe;
	enum net_cause cause;
	struct finding *f;

	if (s->state != MS_OK || !s->tcp.ended || p->reply != NULL ||
	    net_cause_parse(p->outcome, &cause) == -1 ||
	    cause == NET_LOCAL || cause == NET_INTERRUPTED)
		return;
	f = server_finding(j, cause == NET_REFUSED || cause == NET_CLOSED ?
	    F_DNS_TCP_CLOSED : F_DNS_TCP_TIMEOUT, s, p);
	f->flags = judge_server_flags(j->m, s->ns, &s->addr, &job);
}

/* It looks up for us what it has no part in (RFC 5358). */
static void
recursion(struct judge *j, const struct mserver *s)
{
	const struct model *m = j->m;
	const struct sprobe *p = m->nhints == 0 ? NULL : model_asked(m,
	    &s->addr, "rd", m->hints[0].name, DNS_A);
	struct finding *f;

	if (p == NULL || p->reply == NULL || p->reply->broken != NULL ||
	    p->reply->rcode != DNS_NOERROR || p->reply->aa || !p->reply->ra ||
	    !walk_has(p->reply, DNS_ANSWER, p->qname, DNS_A))
		return;
	f = server_finding(j, F_OPEN_RECURSION, s, p);
	judge_arg(f, "qname", p->qname);
	judge_arg(f, "qtype", "A");
	if (json_flag(m->options, "outside"))
		f->level = VERDICT_WARNING;
}

static bool
broken_said(const struct judge *j, const struct sprobe *p)
{
	for (size_t i = 0; i < j->n; i++)
		if ((j->list[i]->id == F_DNS_BROKEN_MESSAGE ||
		    (j->list[i]->id == F_AAAA_BROKEN &&
		    p->qtype == DNS_AAAA)) &&
		    endpoint_cmp(&j->list[i]->ep, &p->ep) == 0 &&
		    strcmp(json_str(j->list[i]->args, "qname"), p->qname) == 0)
			return true;
	return false;
}

static void
broken_messages(struct judge *j)
{
	const struct model *m = j->m;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		struct judge_job job = { p->qname, p->qtype, false, false,
			NULL };
		struct finding *f;
		char word[16];

		if (p->reply == NULL || p->reply->broken == NULL ||
		    p->reply->tc || strcmp(p->transport, "rd") == 0 ||
		    (p->step != STEP_SERVERS && p->step != STEP_ZONE) ||
		    broken_said(j, p))
			continue;
		f = judge_add(j, F_DNS_BROKEN_MESSAGE, &p->ep);
		f->flags = judge_server_flags(m, p->ep.name, &p->ep.addr, &job);
		judge_arg(f, "ns", p->ep.name);
		judge_arg(f, "qname", p->qname);
		judge_arg(f, "qtype", message_type_word(p->qtype, word));
		judge_arg(f, "why", p->reply->broken);
		judge_evidence(f, p);
	}
}

/* Is this the same answer? Of one that was cut only the number is known. */
static bool
answers_agree(const struct dns_msg *r, const struct dns_msg *q,
    const char *name)
{
	struct addr *x = NULL, *y = NULL;
	size_t nx = 0, ny = 0, hits = 0;

	if (message_cut(r, DNS_ANSWER) || message_cut(q, DNS_ANSWER))
		return r->rcode == q->rcode && message_count(r, DNS_ANSWER) ==
		    message_count(q, DNS_ANSWER);
	model_chain(r, name, &x, &nx);
	model_chain(q, name, &y, &ny);
	for (size_t k = 0; k < nx; k++)
		hits += addr_in(y, ny, &x[k]);
	free(x);
	free(y);
	return hits == nx && nx == ny && r->rcode == q->rcode;
}

/* Do two servers give the same data for what both were asked? */
static bool
data_agree(struct model *m, const struct mserver *a, const struct mserver *b)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA };

	for (size_t i = 0; i < m->nnames; i++)
		for (int t = 0; t < 2; t++) {
			bool e1, e2;
			const struct dns_msg *r = model_reply(m, &a->addr,
			    m->names[i].name, types[t], &e1);
			const struct dns_msg *q = model_reply(m, &b->addr,
			    m->names[i].name, types[t], &e2);

			if (r != NULL && q != NULL &&
			    !answers_agree(r, q, m->names[i].name))
				return false;
		}
	return true;
}

static void
serials(struct judge *j)
{
	struct model *m = j->m;
	const struct mserver *first = NULL;
	bool differ = false, agree = true, one = true;
	struct buf b;

	if (model_servers_pending(m))
		return;
	buf_init(&b, 1024);
	for (size_t i = 0; i < m->nservers; i++) {
		const struct mserver *s = &m->servers[i];
		char text[ADDR_STRLEN];

		if (s->state != MS_OK || !s->has_serial)
			continue;
		if (b.len > 0)
			buf_adds(&b, ", ");
		buf_printf(&b, "%s %s %u", s->ns, addr_print(&s->addr, text),
		    s->serial);
		if (first == NULL) {
			first = s;
			continue;
		}
		if (s->serial == first->serial)
			continue;
		differ = true;
		agree = agree && data_agree(m, first, s);
		one = one && strcmp(model_operator(s->ns),
		    model_operator(first->ns)) == 0;
	}
	if (differ) {
		struct finding *f = judge_name(j, F_SERIAL_DIFFERS, m->zone,
		    NULL);

		judge_arg(f, "serials", buf_str(&b));
		judge_evidence(f, first->gate);
		if (!agree && one)
			f->level = VERDICT_WARNING;
	}
	buf_free(&b);
}

static void
final_servers(struct judge *j, const struct mname *n)
{
	const char *name = n->final != NULL ? n->final : n->name;

	for (size_t i = 0; n->zone != NULL && i < n->zone->nservers; i++)
		judge_aaaa(j, n->zone, n->zone->servers[i].ns,
		    &n->zone->servers[i].addr, name);
}

void
judge_servers(struct judge *j)
{
	struct model *m = j->m;

	if (judge_blind(j) || m->zstate != ZONE_FOUND)
		return;
	for (size_t i = 0; i < m->nservers; i++) {
		const struct mserver *s = &m->servers[i];

		if (!judge_trusts(j, &s->addr) || s->gate == NULL)
			continue;
		server_state(j, s);
		lost_some(j, s);
		over_tcp(j, s);
		recursion(j, s);
		for (size_t k = 0; s->state == MS_OK && k < m->nnames; k++)
			if (m->names[k].in_zone)
				judge_aaaa(j, NULL, s->ns, &s->addr,
				    m->names[k].name);
	}
	for (size_t k = 0; k < m->nnames; k++)
		final_servers(j, &m->names[k]);
	broken_messages(j);
	serials(j);
}
