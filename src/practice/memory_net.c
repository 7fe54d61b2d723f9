/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The network of the memory world: who listens where, which addresses exist,
 * and the declared faults on the way to them. One place decides what becomes
 * of a datagram or a connect, and counts it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/memory.h"

static bool
same(const struct sockname *a, const struct sockname *b)
{
	return (a->port == b->port && addr_equal(&a->addr, &b->addr));
}

void
memory_rtt(struct world *w, int64_t rtt)
{
	memory_of(w)->rtt = rtt;
}

void
memory_vantage(struct world *w, int family, bool present)
{
	if (family == 4)
		memory_of(w)->has4 = present;
	else
		memory_of(w)->has6 = present;
}

void
memory_source(struct world *w, const struct addr *a)
{
	struct mem_world	*m = memory_of(w);

	if (m->nsources < MEMORY_SOURCES)
		m->sources[m->nsources++] = *a;
}

size_t
memory_sources(struct world *w, struct addr out[MEMORY_SOURCES])
{
	struct mem_world	*m = memory_of(w);
	size_t			 i, n = 0;

	for (i = 0; i < m->nsources; i++)
		if (memory_routed(w, m->sources[i].family))
			out[n++] = m->sources[i];
	return (n);
}

void
memory_host(struct world *w, const struct addr *a)
{
	struct mem_world	*m = memory_of(w);
	size_t			 i;

	for (i = 0; i < m->nhosts; i++)
		if (addr_equal(&m->hosts[i], a))
			return;
	m->hosts = xreallocarray(m->hosts, m->nhosts + 1, sizeof *m->hosts);
	m->hosts[m->nhosts++] = *a;
}

void
memory_listen(struct world *w, const struct sockname *at, bool tcp,
    const struct mem_peer *peer)
{
	struct mem_world	*m = memory_of(w);
	struct mem_listener	*l;

	m->listeners = xreallocarray(m->listeners, m->nlisteners + 1,
	    sizeof *m->listeners);
	l = &m->listeners[m->nlisteners++];
	l->at = *at;
	l->tcp = tcp;
	l->peer = *peer;
	if (at->addr.family != 0)
		memory_host(w, &at->addr);
}

void
memory_fault(struct world *w, const struct mem_fault *f)
{
	struct mem_world	*m = memory_of(w);

	m->faults = xreallocarray(m->faults, m->nfaults + 1,
	    sizeof *m->faults);
	m->faults[m->nfaults++] = *f;
}

void
memory_stats(struct world *w, struct memory_stats *stats)
{
	*stats = memory_of(w)->stats;
}

void
memory_trace(struct world *w, void (*trace)(void *, const char *,
    const struct sockname *, const void *, size_t), void *ctx)
{
	memory_of(w)->trace = trace;
	memory_of(w)->trace_ctx = ctx;
}

int
memory_handle(struct world *w, const struct sockname *at)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sock		*s;
	size_t			 i;

	for (i = m->nsocks; i-- > 0;) {
		s = m->socks[i];
		if (s != NULL && !s->tcp && same(&s->local, at))
			return (MEMORY_HANDLE + (int)i);
	}
	return (-1);
}

struct mem_dest *
memory_dest(struct world *w, const struct sockname *at, bool tcp)
{
	struct mem_world	*m = memory_of(w);
	struct mem_dest		*d;
	size_t			 i;

	for (i = 0; i < m->ndests; i++)
		if (m->dests[i].tcp == tcp && same(&m->dests[i].at, at))
			return (&m->dests[i]);
	m->dests = xreallocarray(m->dests, m->ndests + 1, sizeof *m->dests);
	d = &m->dests[m->ndests++];
	memset(d, 0, sizeof *d);
	d->at = *at;
	d->tcp = tcp;
	d->last = INT64_MIN / 2;
	return (d);
}

static int
icmp_errno(int family, int type, int code)
{
	static const int	v4[] = { ENETUNREACH, EHOSTUNREACH,
		ENOPROTOOPT, ECONNREFUSED, EMSGSIZE, EOPNOTSUPP, ENETUNREACH,
		EHOSTDOWN, ENETUNREACH, ENETUNREACH, EHOSTUNREACH,
		ENETUNREACH, EHOSTUNREACH, EHOSTUNREACH, EHOSTUNREACH,
		EHOSTUNREACH };
	static const int	v6[] = { ENETUNREACH, EACCES, EHOSTUNREACH,
		EHOSTUNREACH, ECONNREFUSED, EACCES, EACCES };
	size_t			i = (size_t)code;

	if (family == 4 && type == 3 && i < sizeof v4 / sizeof *v4)
		return (v4[i]);
	if (family == 6 && type == 1 && i < sizeof v6 / sizeof *v6)
		return (v6[i]);
	return (type == (family == 4 ? 12 : 4) ? EPROTO : EHOSTUNREACH);
}

void
memory_icmp_error(struct net_error *e, int family, int type, int code,
    const struct addr *sender)
{
	net_error_icmp(e, family, type, code, sender,
	    icmp_errno(family, type, code));
}

bool
memory_within(const struct mem_span *s, int64_t now)
{
	int64_t	since = now - MEMORY_START;

	return (since >= s->begin && (s->end == 0 || since < s->end));
}

static bool
fault_matches(const struct mem_fault *f, const struct sockname *to, bool tcp,
    const struct mem_dest *d, int64_t now)
{
	if (f->to.addr.family != 0 && (f->to.addr.family != to->addr.family ||
	    (f->to.len > 0 && !prefix_match(&f->to, &to->addr))))
		return (false);
	if (f->proto != 0 && f->proto != (tcp ? 6 : 17))
		return (false);
	if (f->port != 0 && f->port != to->port)
		return (false);
	if (f->first != 0 && (d->count < f->first || d->count > f->last))
		return (false);
	if (!memory_within(&f->span, now))
		return (false);
	return (f->idle == 0 || now - d->last >= f->idle);
}

static void
refuse(struct mem_fate *fate, const struct sockname *to, bool tcp)
{
	fate->what = FATE_ERROR;
	if (tcp)
		net_error_errno(&fate->error, ECONNREFUSED);
	else
		memory_icmp_error(&fate->error, to->addr.family,
		    to->addr.family == 4 ? 3 : 1,
		    to->addr.family == 4 ? 3 : 4, &to->addr);
}

/* True when this fault decides. */
static bool
apply(struct mem_fate *fate, const struct mem_fault *f,
    const struct sockname *to, bool tcp)
{
	switch (f->kind) {
	case MEM_DELAY:
		fate->delay += f->delay;
		return (false);
	case MEM_RESET:
	case MEM_STALL:
		fate->cut = true;
		fate->cut_after = f->after;
		fate->cut_kind = f->kind;
		return (false);
	case MEM_LOST_OVER:
		fate->lost_over = f->after;
		return (false);
	case MEM_SILENT:
		fate->what = FATE_SILENT;
		break;
	case MEM_REFUSED:
		refuse(fate, to, tcp);
		break;
	case MEM_ICMP:
		fate->what = FATE_ERROR;
		memory_icmp_error(&fate->error, to->addr.family,
		    f->icmp_type, f->icmp_code,
		    f->sender.family != 0 ? &f->sender : &to->addr);
		break;
	}
	return (true);
}

static bool
find_listener(struct mem_world *m, const struct sockname *to, bool tcp,
    size_t *found)
{
	const struct mem_listener	*l;
	size_t				 i;
	bool				 any = false;

	for (i = 0; i < m->nlisteners; i++) {
		l = &m->listeners[i];
		if (l->tcp != tcp || l->at.port != to->port)
			continue;
		if (l->at.addr.family == 0) {
			*found = i;
			return (true);
		}
		if (!any && addr_equal(&l->at.addr, &to->addr)) {
			*found = i;
			any = true;
		}
	}
	return (any);
}

static bool
known(const struct mem_world *m, const struct addr *a)
{
	size_t	i;

	for (i = 0; i < m->nhosts; i++)
		if (addr_equal(&m->hosts[i], a))
			return (true);
	return (false);
}

void
memory_fate(struct world *w, const struct sockname *to, bool tcp,
    struct mem_fate *fate)
{
	struct mem_world	*m = memory_of(w);
	struct mem_dest		*d = memory_dest(w, to, tcp);
	size_t			 i;
	bool			 decided = false;

	memset(fate, 0, sizeof *fate);
	fate->number = ++d->count;
	for (i = 0; i < m->nfaults && !decided; i++)
		if (fault_matches(&m->faults[i], to, tcp, d, m->now))
			decided = apply(fate, &m->faults[i], to, tcp);
	d->last = m->now;
	if (decided || find_listener(m, to, tcp, &fate->listener))
		return;
	if (known(m, &to->addr))
		refuse(fate, to, tcp);
	else
		fate->what = FATE_SILENT;
}

int
memory_echo(struct world *w, const struct addr *a, struct net_error *e,
    int64_t *delay)
{
	struct mem_world	*m = memory_of(w);
	struct sockname		 to = { .addr = *a };
	struct mem_dest		 d = { .at = to };
	const struct mem_fault	*f;
	struct mem_fate		 fate = { .what = FATE_DELIVER };
	size_t			 i;

	for (i = 0; i < m->nfaults; i++) {
		f = &m->faults[i];
		if (f->proto == 0 && f->port == 0 && f->first == 0 &&
		    f->idle == 0 && f->kind != MEM_REFUSED &&
		    fault_matches(f, &to, false, &d, m->now) &&
		    apply(&fate, f, &to, false))
			break;
	}
	*delay = m->rtt + fate.delay;
	*e = fate.error;
	if (fate.what == FATE_ERROR)
		return (-1);
	return (fate.what == FATE_DELIVER && known(m, a));
}

bool
memory_fault_far(struct world *w, const struct sockname *to, bool tcp,
    enum mem_fault_kind *kind)
{
	struct mem_world	*m = memory_of(w);
	const struct mem_fault	*f;
	struct mem_dest		 d = { .at = *to };
	size_t			 i;

	for (i = 0; i < m->nfaults; i++) {
		f = &m->faults[i];
		if (f->near || f->first != 0 || f->idle != 0 ||
		    f->kind == MEM_DELAY || f->kind == MEM_RESET ||
		    f->kind == MEM_STALL || f->kind == MEM_LOST_OVER ||
		    !fault_matches(f, to, tcp, &d, m->now))
			continue;
		*kind = f->kind;
		return (true);
	}
	return (false);
}

static uint64_t
hash(const unsigned char *p, size_t len)
{
	uint64_t	h = UINT64_C(0xcbf29ce484222325);
	size_t		i;

	for (i = 2; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return (h);
}

void
memory_count_sent(struct world *w, const struct sockname *to,
    const void *data, size_t len)
{
	struct mem_world	*m = memory_of(w);
	struct mem_sent		 one = { m->now, *to, hash(data, len) };
	unsigned		 equal = 1;
	size_t			 i, kept = 0;

	for (i = 0; i < m->nsent; i++) {
		if (m->sent[i].at + NSEC_PER_SEC <= m->now)
			continue;
		equal += m->sent[i].hash == one.hash &&
		    same(&m->sent[i].to, to);
		m->sent[kept++] = m->sent[i];
	}
	m->sent = xreallocarray(m->sent, kept + 1, sizeof *m->sent);
	m->sent[kept] = one;
	m->nsent = kept + 1;
	if (equal > m->stats.per_second_max)
		m->stats.per_second_max = equal;
}
