/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions over TCP. One connection that is refused or closed before the
 * answer may be chance (a full queue, a server that just restarts), so it is
 * tried again, a second apart, as often as a silent address gets datagrams.
 * Seven tries, as over UDP, would be many connections for little. A time-out
 * is not repeated: it was three SYNs already.
 */
#include <string.h>

#include "diag/model.h"

#define SECOND		INT64_C(1000000)
#define TRIES		3

static const char *const tries[TRIES] = { "tcp", "tcp2", "tcp3" };

bool
model_is_tcp(const char *transport)
{
	for (int i = 0; i < TRIES; i++)
		if (strcmp(transport, tries[i]) == 0)
			return true;
	return false;
}

static bool
was_cut(const struct sprobe *p)
{
	enum net_cause cause;

	return p->reply == NULL && net_cause_parse(p->outcome, &cause) == 0 &&
	    (cause == NET_REFUSED || cause == NET_CLOSED);
}

/* Is there to be one more try after this one? */
static bool
goes_on(const struct mtcp *t, const struct sprobe *last, bool all)
{
	if (last->reply != NULL)
		return all && t->lost > 0;
	return was_cut(last);
}

/* Returns the word of the next try that is to be made, or NULL; *last is the
   one before it. */
static const char *
look(const struct model *m, const struct addr *a, const char *qname,
    uint16_t type, bool all, struct mtcp *t, const struct sprobe **last)
{
	memset(t, 0, sizeof *t);
	*last = NULL;
	for (int i = 0; i < TRIES; i++) {
		const struct sprobe *p = model_asked(m, a, tries[i], qname,
		    type);

		if (p == NULL)
			return i == 0 ? NULL : tries[i];
		if (i > 0 && p->state == PROBE_SKIPPED)
			break;
		if (t->probe == NULL || t->probe->reply == NULL)
			t->probe = p;
		if (!model_told(p))
			return NULL;
		t->sent++;
		t->lost += p->reply == NULL;
		*last = p;
		if (!goes_on(t, p, all))
			break;
	}
	t->ended = true;
	return NULL;
}

struct mtcp
model_tcp(const struct model *m, const struct addr *a, const char *qname,
    uint16_t type, bool all)
{
	const struct sprobe *last;
	struct mtcp t;

	look(m, a, qname, type, all, &t, &last);
	return t;
}

struct mtcp
model_tcp_again(struct model *m, const struct addr *a, const char *qname,
    uint16_t type, bool all)
{
	const struct sprobe *last;
	struct mtcp t;
	const char *next = look(m, a, qname, type, all, &t, &last);

	if (next != NULL)
		model_want_dns(m, last->ep.name, a, next, qname, type,
		    last->ended + SECOND);
	return t;
}

bool
model_tcp_fails(const struct model *m, const struct addr *a)
{
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		struct mtcp t;

		if (p->qname == NULL || strcmp(p->transport, tries[0]) != 0 ||
		    !addr_equal(&p->ep.addr, a))
			continue;
		t = model_tcp(m, a, p->qname, p->qtype, false);
		if (t.ended && t.probe->reply == NULL)
			return true;
	}
	return false;
}
