/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which finding is felt by clients, and how: one row for each id. A finding
 * below the row's least level is felt by nobody.
 */
#include <string.h>

#include "base/json.h"
#include "diag/clients.h"

enum felt {
	FELT_UNSET,
	FELT_NOBODY,
	/* at an address of a service, or at the service */
	FELT_COUNTED,		/* how it connects: the matrix tells */
	FELT_BREAKS,		/* connects, and then it does not work */
	FELT_TLS,		/* so does this; mail hosts go on in the clear
				   unless they insist */
	FELT_FINAL,		/* mail is returned at once */
	FELT_DEFERS,		/* mail waits, and may be returned */
	FELT_SOME,		/* some programs fail */
	FELT_BUSY,		/* not now */
	FELT_LOST,		/* first packets are lost */
	FELT_SLOW,		/* greets late, args.seconds */
	FELT_GREY,		/* who is new has to come back */
	/* at a name */
	FELT_SPECIAL,		/* nobody gets there */
	FELT_RELAYED,		/* by relays that nobody looks after */
	FELT_SILENT, FELT_DENIED, FELT_FAILED,	/* AAAA, while A is right */
	FELT_NAME_LATER,	/* an answer that is thrown away */
	FELT_NAME_SOME,		/* fails behind some resolvers */
	FELT_NO_MX,		/* a mail host without an address */
	FELT_HOST_SOME,		/* some senders do not take that host */
	/* in the whole domain */
	FELT_NONE,		/* not there at all */
	FELT_LATER,		/* a server that costs a try */
	FELT_TCP,
	FELT_V4_ALONE, FELT_V6_ALONE,	/* over one family: nothing */
	FELT_V6_SOME,
	FELT_OLD,		/* other servers, or other data, by chance */
	FELT_MAIL_SOME
};

struct rule {
	enum felt	 felt;
	enum verdict	 least;
};

#define R(id, felt, least) [F_##id] = { FELT_##felt, VERDICT_##least }
#define NOBODY(id) [F_##id] = { FELT_NOBODY, VERDICT_ERROR }

static const struct rule rules[F_COUNT] = {
	NOBODY(HERE_NO_V4), NOBODY(HERE_NO_V6), NOBODY(HERE_V6_UNPROVEN),
	NOBODY(HERE_PORT25_BLOCKED), NOBODY(HERE_DNS_INTERCEPTED),
	NOBODY(HERE_DNS_BLOCKED),

	R(DOMAIN_MISSING, NONE, ERROR), R(DOMAIN_NOT_DELEGATED, NONE, ERROR),
	R(PARENT_SILENT, LATER, WARNING), R(NS_SET_DIFFERS, OLD, WARNING),
	R(NS_UNRESOLVABLE, LATER, ERROR), R(NS_NO_V4, V4_ALONE, ERROR),
	R(NS_NO_V6, V6_ALONE, NOTICE), R(GLUE_MISSING, LATER, ERROR),
	R(GLUE_MISSING_V6, V6_SOME, WARNING), R(GLUE_DIFFERS, OLD, WARNING),
	R(V6ONLY_WALK_FAILS, V6_ALONE, ERROR),
	R(V4ONLY_WALK_FAILS, V4_ALONE, ERROR),

	R(DNS_TIMEOUT, LATER, ERROR), R(DNS_REFUSED_PORT, LATER, ERROR),
	R(DNS_UNREACHABLE, LATER, ERROR), R(DNS_LAME, LATER, ERROR),
	R(DNS_WRONG_SOURCE, LATER, ERROR), R(DNS_INTERMITTENT, LATER, ERROR),
	R(DNS_TCP_CLOSED, TCP, ERROR), R(DNS_TCP_TIMEOUT, TCP, ERROR),
	R(DNS_BROKEN_MESSAGE, NAME_LATER, ERROR),
	R(AAAA_TIMEOUT, SILENT, ERROR), R(AAAA_NXDOMAIN, DENIED, ERROR),
	R(AAAA_RCODE, FAILED, ERROR), R(AAAA_BROKEN, FAILED, ERROR),
	R(AAAA_LAME, FAILED, ERROR), R(AAAA_EMPTY_NONAUTH, FAILED, ERROR),
	NOBODY(OPEN_RECURSION), R(SERIAL_DIFFERS, OLD, WARNING),

	R(CNAME_AT_APEX, MAIL_SOME, ERROR), R(MX_ALIAS, HOST_SOME, WARNING),
	R(MX_NO_ADDRESS, NO_MX, ERROR), NOBODY(MX_MISSING), NOBODY(MX_NULL),
	NOBODY(NO_AAAA), R(RESOLVER_SERVFAIL, NAME_SOME, ERROR),
	R(ADDRESS_SPECIAL, SPECIAL, ERROR),
	R(ADDRESS_TRANSITION, RELAYED, WARNING), NOBODY(PTR_MISSING),
	NOBODY(PTR_MISMATCH),

	R(CONNECT_REFUSED, COUNTED, ERROR), R(CONNECT_TIMEOUT, COUNTED, ERROR),
	R(CONNECT_UNREACHABLE, COUNTED, ERROR),
	R(CONNECT_PROHIBITED, COUNTED, ERROR),
	R(CONNECT_INTERMITTENT, LOST, ERROR),
	R(FIRST_CONNECTION_LOST, LOST, ERROR),
	R(CONNECT_PARTIAL, COUNTED, ERROR), R(MX_PARTIAL, COUNTED, ERROR),
	R(TLS_HANDSHAKE, TLS, WARNING), R(TLS_OLD_ONLY, TLS, WARNING),
	R(CERT_NAME, TLS, WARNING), R(CERT_EXPIRED, TLS, WARNING),
	R(CERT_NOT_YET, TLS, WARNING), R(CERT_UNTRUSTED, TLS, WARNING),
	R(CERT_SELF_SIGNED, TLS, WARNING), NOBODY(CERT_EXPIRES_SOON),
	R(CERT_INCOMPLETE, SOME, WARNING), R(CERT_DIFFERS, SOME, WARNING),
	R(HTTP_STATUS, BREAKS, ERROR), R(HTTP_REDIRECT_LOOP, BREAKS, ERROR),
	R(HTTP_GARBLED, BREAKS, ERROR), R(HTTP_STALLED, BREAKS, ERROR),

	R(BANNER_SLOW, SLOW, NOTICE), R(SMTP_421, BUSY, NOTICE),
	NOBODY(REFUSED_US), R(STARTTLS_MISSING, SOME, WARNING),
	R(STARTTLS_DIFFERS, SOME, WARNING), R(STARTTLS_454, TLS, WARNING),
	R(STARTTLS_INJECTION, SOME, ERROR), R(GREYLISTED, GREY, NOTICE),
	R(GREYLIST_PASSED, GREY, FACT), R(RCPT_TEMPORARY, DEFERS, WARNING),
	R(RCPT_REJECTED, FINAL, ERROR), R(SMTP_GARBLED, BREAKS, ERROR),

	NOBODY(LOGIN_PLAIN_ONLY), NOBODY(AUTH_BEFORE_TLS),
	R(LOGIN_REFUSED, BREAKS, ERROR), NOBODY(CAPABILITIES_DIFFER),
	R(POP3_GARBLED, BREAKS, ERROR), R(IMAP_GARBLED, BREAKS, ERROR),
	R(SERVICE_BYE, BREAKS, ERROR),
	R(ACCEPTED_NOT_DELIVERED, SOME, WARNING), NOBODY(DELIVERED),
	NOBODY(HALF_DONE_V6),
};

static enum felt
felt_of(const struct finding *f)
{
	const struct rule *r = &rules[f->id];

	return f->side != SIDE_DOMAIN || f->level < r->least ? FELT_NOBODY :
	    r->felt;
}

static bool
between_hosts(const char *proto)
{
	return strcmp(proto, "smtp") == 0;
}

/* Is this certificate or handshake in the way there? A mail host turns to the
   clear, so that only who insists on TLS fails. */
static bool
needs_tls(const struct finding *f)
{
	return f->level == VERDICT_ERROR && !between_hosts(f->ep.proto);
}

/* Does it break the work of an address that connects: 1, or 2 for good. */
static int
breaking(const struct finding *f)
{
	switch (felt_of(f)) {
	case FELT_BREAKS:
		return 1;
	case FELT_TLS:
		return needs_tls(f);
	case FELT_SLOW:		/* it never greeted */
		return f->level == VERDICT_ERROR;
	case FELT_FINAL:
		return 2;
	default:
		return 0;
	}
}

static bool
same_service(const struct client_service *v, const struct finding *f)
{
	return strcmp(v->ep.name, f->ep.name) == 0 && v->ep.port == f->ep.port
	    && strcmp(v->ep.proto, f->ep.proto) == 0;
}

/* A look-up for the service goes by this question: its name's addresses, or
   who takes the mail of the domain. */
static bool
looks_up(const struct client_service *v, const struct finding *f)
{
	if (strcmp(json_str(f->args, "qname"), v->ep.name) == 0)
		return true;
	return between_hosts(v->ep.proto) &&
	    strcmp(json_str(f->args, "qtype"), "MX") == 0;
}

static void
mark(bool *all, bool *some, const struct finding *f)
{
	if ((f->flags & (FLAG_MASKED | FLAG_PARTIAL)) != 0)
		*some = true;
	else
		*all = true;
}

static void
feel_there(struct client_side *s, const struct finding *f)
{
	double seconds = json_num(f->args, "seconds", 0);

	switch (felt_of(f)) {
	case FELT_TLS:
	case FELT_SOME:
	case FELT_DEFERS:
		s->fails_some = true;
		break;
	case FELT_BUSY:
		s->sometimes = true;
		break;
	case FELT_LOST:
		s->lost++;
		break;
	case FELT_SLOW:
		s->slow++;
		s->late = seconds > s->late ? seconds : s->late;
		break;
	case FELT_GREY:
		s->grey = true;
		if (f->id == F_GREYLIST_PASSED && seconds > s->back)
			s->back = seconds;
		break;
	default:
		break;
	}
}

static void
feel_name(struct client_service *v, const struct finding *f)
{
	int family = f->ep.addr.family == 6;

	switch (felt_of(f)) {
	case FELT_SPECIAL:
		v->side[family].special++;
		break;
	case FELT_RELAYED:
		v->side[family].sometimes = true;
		break;
	case FELT_SILENT:
		mark(&v->dns.silent, &v->dns.silent_some, f);
		break;
	case FELT_DENIED:
		mark(&v->dns.denied, &v->dns.denied_some, f);
		break;
	case FELT_FAILED:
		mark(&v->dns.failed, &v->dns.failed_some, f);
		break;
	case FELT_NAME_LATER:
		v->dns.later[family] = true;
		break;
	default:
		v->dns.fails_some = true;
	}
}

static void
feel_domain(struct client_dns *d, const struct finding *f)
{
	int family = f->ep.addr.family == 6;

	switch (felt_of(f)) {
	case FELT_NONE:
		d->none = true;
		break;
	case FELT_TCP:
		d->tcp[family] = true;
		break;
	case FELT_V4_ALONE:
		d->only[0] = true;
		break;
	case FELT_V6_ALONE:
		d->only[1] = true;
		break;
	case FELT_V6_SOME:
		d->only_some = true;
		break;
	case FELT_OLD:
		d->sometimes = true;
		d->fails_some = d->fails_some || f->level == VERDICT_ERROR;
		break;
	case FELT_MAIL_SOME:
		d->fails_some = true;
		break;
	default:	/* of no address: whatever the family */
		d->later[family] = true;
		if (f->ep.addr.family == 0)
			d->later[1] = true;
	}
}

/* An address of the service's name, or of a name server. */
static bool
at_name(const struct client_matrix *m, const struct client_service *v,
    const struct finding *f, bool *zone)
{
	if (strcmp(v->ep.name, f->ep.name) == 0)
		return true;
	for (size_t i = 0; i < m->n && !*zone; i++)
		*zone = strcmp(m->eps[i].proto, "dns") == 0 &&
		    strcmp(m->eps[i].name, f->ep.name) == 0;
	return *zone;
}

bool
clients_felt(const struct client_matrix *m, const struct client_service *v,
    const struct finding *f, bool *zone)
{
	enum felt felt = felt_of(f);

	*zone = felt >= FELT_NONE && felt != FELT_MAIL_SOME;
	if (felt <= FELT_NOBODY)
		return false;
	if (felt <= FELT_GREY)
		return same_service(v, f);
	if (felt == FELT_SPECIAL || felt == FELT_RELAYED)
		return at_name(m, v, f, zone);
	if (felt == FELT_NO_MX || felt == FELT_HOST_SOME)
		return between_hosts(v->ep.proto) &&
		    strcmp(v->ep.name, f->ep.name) == 0;
	if (felt < FELT_NONE)
		return looks_up(v, f);
	return felt != FELT_MAIL_SOME || between_hosts(v->ep.proto);
}

void
clients_feel(const struct client_matrix *m, struct client_service *v,
    const struct finding *f)
{
	bool zone;

	if (!clients_felt(m, v, f, &zone))
		return;
	if (zone || felt_of(f) == FELT_MAIL_SOME)
		feel_domain(&v->dns, f);
	else if (felt_of(f) >= FELT_SPECIAL)
		feel_name(v, f);
	else if (f->ep.addr.family == 0 && felt_of(f) != FELT_COUNTED)
		v->dns.fails_some = true;
}

int
clients_feel_at(struct client_side *s, const struct finding *f)
{
	int breaks = breaking(f);

	if (breaks == 0 && felt_of(f) > FELT_NOBODY && felt_of(f) <= FELT_GREY)
		feel_there(s, f);
	return breaks;
}
