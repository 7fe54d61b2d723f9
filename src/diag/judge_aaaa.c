/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes wrong with questions for AAAA at a server that answers A as it
 * should: the five of RFC 4074, and the sixth, an empty answer that glibc
 * takes for a referral.
 */
#include <string.h>

#include "diag/judge.h"

/* Answers A for the name, so that AAAA can be compared with it. */
static bool
right(const struct dns_msg *r, const char *qname, uint16_t type)
{
	return r->rcode == DNS_NOERROR && (r->broken == NULL || r->tc) &&
	    (walk_has(r, DNS_ANSWER, qname, type) ||
	    walk_alias(r, qname) != NULL);
}

/* NS of a zone above the name, as from one who does not serve it. */
static bool
refers_up(const struct dns_msg *r, const char *qname)
{
	for (size_t i = 0; i < r->nrrs; i++)
		if (r->rrs[i].section == DNS_AUTHORITY &&
		    r->rrs[i].type == DNS_NS &&
		    strcmp(r->rrs[i].owner, qname) != 0 &&
		    message_name_within(qname, r->rrs[i].owner))
			return true;
	return false;
}

static bool
has_section(const struct dns_msg *r, enum dns_section section)
{
	for (size_t i = 0; i < r->nrrs; i++)
		if (r->rrs[i].section == section && r->rrs[i].type != DNS_OPT)
			return true;
	return false;
}

/* AAAA in an answer of A records only: no client can use it. */
static const char *
broken_how(const struct dns_msg *r, const char *qname)
{
	if (r->broken != NULL && !r->tc)
		return r->broken;
	return walk_has(r, DNS_ANSWER, qname, DNS_A) &&
	    !walk_has(r, DNS_ANSWER, qname, DNS_AAAA) ? "A" : NULL;
}

/* Which of them; F_COUNT: none. v4 answered A as it should. */
static enum finding_id
which(const struct dns_msg *v4, const struct dns_msg *r, const char *qname)
{
	if (r->rcode == DNS_NXDOMAIN)
		return F_AAAA_NXDOMAIN;
	if (r->rcode != DNS_NOERROR)
		return F_AAAA_RCODE;
	if (broken_how(r, qname) != NULL)
		return F_AAAA_BROKEN;
	if (!v4->aa || r->aa || r->tc)
		return F_COUNT;
	if (refers_up(r, qname) || has_section(r, DNS_ANSWER))
		return F_AAAA_LAME;
	return !r->ra && !has_section(r, DNS_AUTHORITY) &&
	    !has_section(r, DNS_ADDITIONAL) ? F_AAAA_EMPTY_NONAUTH :
	    F_COUNT;
}

static void
arguments(struct finding *f, const struct dns_msg *r, const char *qname)
{
	char word[16];

	if (f->id == F_AAAA_RCODE)
		judge_arg(f, "rcode", message_rcode_word(r->rcode, word));
	else if (f->id == F_AAAA_BROKEN)
		judge_arg(f, "why", broken_how(r, qname));
	else if (f->id == F_AAAA_LAME)
		judge_arg(f, "how", refers_up(r, qname) ? "upward-referral" :
		    "no-AA");
}

void
judge_aaaa(struct judge *j, const struct walk_zone *zone, const char *ns,
    const struct addr *a, const char *qname)
{
	struct endpoint ep = { (char *)(uintptr_t)ns, *a, 53, "dns",
		TALK_PLAIN };
	const struct sprobe *v6 = model_asked(j->m, a, "udp", qname, DNS_AAAA);
	const struct sprobe *again = model_asked(j->m, a, "again", qname,
	    DNS_A);
	struct judge_job job = { qname, DNS_AAAA, false, false, zone };
	bool ended;
	const struct dns_msg *v4 = model_reply(j->m, a, qname, DNS_A, &ended);
	enum finding_id id;
	struct finding *f;

	if (v4 == NULL || v6 == NULL || v6->state != PROBE_ENDED ||
	    !right(v4, qname, DNS_A))
		return;
	if (v6->reply == NULL) {
		if (again == NULL || again->reply == NULL ||
		    strcmp(v6->outcome, "timeout") != 0)
			return;
		id = F_AAAA_TIMEOUT;
	} else {
		id = which(v4, v6->reply, qname);
	}
	if (id == F_COUNT)
		return;
	f = judge_add(j, id, &ep);
	job.aa = id == F_AAAA_LAME || id == F_AAAA_EMPTY_NONAUTH;
	f->flags = judge_server_flags(j->m, ns, a, &job);
	judge_arg(f, "ns", ns);
	judge_arg(f, "qname", qname);
	judge_arg(f, "qtype", "AAAA");
	if (v6->reply != NULL)
		arguments(f, v6->reply, qname);
	judge_evidence(f, v6);
	judge_evidence(f, model_asked(j->m, a, "udp", qname, DNS_A));
}
