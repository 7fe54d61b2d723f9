/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What clients live through, by tables: connecting to both sides, what the
 * look-up adds, and for every finding there is who feels it and how; those
 * below their level, and those of our own side, nobody feels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/clients.h"

#define NEAR(a, b) (fabs((a) - (b)) < 0.001)

/* Marks of the kinds, in their order: - works as ever, i sometimes, l slower
   first look-up, g first mail later, s slower, f some fail, F fails, ?. */
static char
mark_of(const struct client_life *l, const struct client_life *sound)
{
	if (!l->works)
		return l->unknown ? '?' : 'F';
	if (l->fails_some)
		return 'f';
	if (l->waits_most + l->speaks > sound->waits_most + sound->speaks +
	    0.001)
		return 's';
	if (l->sometimes)
		return 'i';
	return l->grey ? 'g' : l->lookup ? 'l' : '-';
}

/* Connecting. */
static const struct {
	const char		*what;
	struct client_side	 v4, v6;
	const char		*marks;		/* against { good = 1 } both */
	double			 least[CLIENT_KINDS], most[CLIENT_KINDS];
} lives[] = {
	{ "both work", { .good = 1 }, { .good = 1 }, "------", { 0 }, { 0 } },
	{ "IPv4 only", { .good = 1 }, { 0 }, "------", { 0 }, { 0 } },
	{ "IPv6 only", { 0 }, { .good = 1 }, "F-----", { 0 }, { 0 } },
	{ "IPv6 silent", { .good = 1 }, { .silent = 1 }, "-ssFss",
	    { 0, 0.25, 21, 21, 0.25, 30 }, { 0, 0.25, 127, 127, 0.25, 30 } },
	{ "two silent", { .good = 1 }, { .silent = 2 }, "-ssFss",
	    { 0, 0.5, 42, 42, 0.5, 60 }, { 0, 0.5, 254, 254, 0.5, 60 } },
	{ "IPv6 refused", { .good = 1 }, { .refused = 1, .told = 0.2 },
	    "--sF-s", { 0, 0, 0.2, 0, 0, 0.2 }, { 0, 0, 0.2, 0, 0, 0.2 } },
	{ "one of two silent", { .good = 1 }, { .good = 1, .silent = 1 },
	    "-sssss", { 0 }, { 0, 0.25, 127, 127, 0.25, 30 } },
	{ "IPv6 wrong", { .good = 1 }, { .wrong = 1 }, "-FFFFi", { 0 },
	    { 0 } },
	{ "one of two wrong", { .good = 1 }, { .good = 1, .wrong = 1 },
	    "-ffffi", { 0 }, { 0 } },
	{ "wrong everywhere", { .wrong = 1 }, { .wrong = 1 }, "FFFFFF",
	    { 0 }, { 0 } },
	{ "returned over IPv6", { .good = 1 }, { .final = 1 }, "-FFFFF",
	    { 0 }, { 0 } },
	{ "IPv6 special", { .good = 1 }, { .special = 1 }, "-sfFss", { 0 },
	    { 0, 0.25, 127, 127, 0.25, 30 } },
	{ "IPv4 special", { .special = 1 }, { .good = 1 }, "F-----",
	    { 0 }, { 127 } },
	{ "IPv6 loses first packets", { .good = 1 }, { .good = 1, .lost = 1 },
	    "-sssss", { 0 }, { 0, 0.25, 1, 1, 0.25, 1 } },
	{ "and is alone", { 0 }, { .good = 1, .lost = 1 }, "Fsssss", { 0 },
	    { 0, 1, 1, 1, 1, 1 } },
	{ "IPv6 not known", { .good = 1 }, { .unknown = true }, "-?????",
	    { 0 }, { 0 } },
	{ "IPv6 silent, IPv4 not known", { .unknown = true },
	    { .silent = 1 }, "???F??", { 0, 0.25, 21, 21, 0.25, 30 },
	    { 0, 0.25, 127, 127, 0.25, 30 } },
	{ "greets after 10 s", { .good = 1 }, { .good = 1, .slow = 1,
	    .late = 10 }, "-sssss", { 0, 10, 10, 10, 10, 10 },
	    { 0, 10, 10, 10, 10, 10 } },
	{ "one of two greets after 10 s", { .good = 1 }, { .good = 2,
	    .slow = 1, .late = 10 }, "-sssss", { 0 },
	    { 0, 10, 10, 10, 10, 10 } },
	{ "greylists", { .good = 1 }, { .good = 1, .grey = true }, "-ggggg",
	    { 0 }, { 0 } },
	{ "some fail over IPv6", { .good = 1 }, { .good = 1,
	    .fails_some = true }, "-fffff", { 0 }, { 0 } },
	{ "some fail over IPv4", { .good = 1, .fails_some = true },
	    { .good = 1 }, "f-----", { 0 }, { 0 } },
	{ "nothing at all", { 0 }, { 0 }, "FFFFFF", { 0 }, { 0 } },
};

static void
connecting(void **state)
{
	struct client_life sound;

	(void)state;
	memset(&sound, 0, sizeof sound);
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
		for (int k = 0; k < CLIENT_KINDS; k++) {
			struct client_life l = clients_life((enum client_kind)
			    k, &lives[i].v4, &lives[i].v6);
			char mark = mark_of(&l, &sound);

			if (mark != lives[i].marks[k] ||
			    !NEAR(l.waits, lives[i].least[k]) ||
			    !NEAR(l.waits_most, lives[i].most[k]))
				fail_msg("%s, kind %d: %c, %g to %g s",
				    lives[i].what, k, mark, l.waits,
				    l.waits_most);
		}
}

/* Looking up. */
static const struct {
	const char		*what;
	struct client_dns	 dns;
	const char		*marks;
	double			 least[CLIENT_KINDS], most[CLIENT_KINDS];
} look_ups[] = {
	{ "sound", { 0 }, "------", { 0 }, { 0 } },
	{ "AAAA silent", { .silent = true }, "-sfsss",
	    { 0, 0.05, 5, 5, 0.05, 5 }, { 0, 0.05, 15, 5, 0.05, 5 } },
	{ "at some servers", { .silent_some = true }, "-sfsss", { 0 },
	    { 0, 0.05, 15, 5, 0.05, 5 } },
	{ "AAAA denied", { .denied = true }, "fffFff", { 0 }, { 0 } },
	{ "denied at some", { .denied_some = true }, "ffffff", { 0 }, { 0 } },
	{ "AAAA fails", { .failed = true }, "--fs-i", { 0, 0, 0, 5, 0, 0 },
	    { 0, 0, 0, 5, 0, 0 } },
	{ "fails at some", { .failed_some = true }, "--fs-i", { 0 },
	    { 0, 0, 0, 5, 0, 0 } },
	{ "no TCP over IPv6", { .tcp = { false, true } }, "-iiifi", { 0 },
	    { 0 } },
	{ "no TCP over IPv4", { .tcp = { true, false } }, "iiii-i", { 0 },
	    { 0 } },
	{ "a server costs a try", { .later = { false, true } }, "llllll",
	    { 0 }, { 0 } },
	{ "over IPv4", { .later = { true, false } }, "llll-l", { 0 }, { 0 } },
	{ "nothing over IPv6 alone", { .only = { false, true } }, "----F-",
	    { 0 }, { 0 } },
	{ "nothing over IPv4 alone", { .only = { true, false } }, "ffff-f",
	    { 0 }, { 0 } },
	{ "may fail over IPv6", { .only_some = true }, "----f-", { 0 },
	    { 0 } },
	{ "not known over IPv6", { .only_unknown = true }, "----?-", { 0 },
	    { 0 } },
	{ "other data by chance", { .sometimes = true }, "iiiiii", { 0 },
	    { 0 } },
	{ "some fail", { .fails_some = true }, "ffffff", { 0 }, { 0 } },
	{ "not there", { .none = true }, "FFFFFF", { 0 }, { 0 } },
};

static void
looking_up(void **state)
{
	struct client_life sound;

	(void)state;
	memset(&sound, 0, sizeof sound);
	for (size_t i = 0; i < sizeof look_ups / sizeof *look_ups; i++)
		for (int k = 0; k < CLIENT_KINDS; k++) {
			struct client_life l = { .works = true };
			char mark;

			clients_look_up(&l, (enum client_kind)k,
			    &look_ups[i].dns);
			mark = mark_of(&l, &sound);
			if (mark != look_ups[i].marks[k] ||
			    !NEAR(l.waits, look_ups[i].least[k]) ||
			    !NEAR(l.waits_most, look_ups[i].most[k]))
				fail_msg("%s, kind %d: %c, %g to %g s",
				    look_ups[i].what, k, mark, l.waits,
				    l.waits_most);
		}
}

/* Who fails already does not fail more. */
static void
failing_stays(void **state)
{
	struct client_life l;

	(void)state;
	for (size_t i = 0; i < sizeof look_ups / sizeof *look_ups; i++) {
		memset(&l, 0, sizeof l);
		clients_look_up(&l, CLIENT_OLD, &look_ups[i].dns);
		assert_false(l.works || l.fails_some || l.sometimes);
	}
}

/* A session by hand: two addresses of each of these services, all good. */
static const struct {
	const char	*name, *proto;
	uint16_t	 port;
	int		 tls;
} services[] = {
	{ "ns.d.test", "dns", 53, TALK_PLAIN },
	{ "www.d.test", "https", 443, TALK_IMPLICIT },
	{ "mx.d.test", "smtp", 25, TALK_STARTTLS },
	{ "mail.d.test", "imaps", 993, TALK_IMPLICIT },
};

#define SERVICES (sizeof services / sizeof *services)

struct by_hand {
	struct session		 s;
	struct endpoint		 eps[2 * SERVICES];
	int			 verdicts[2 * SERVICES];
	double			 seconds[2 * SERVICES];
	struct sprobe		 probes[2 * SERVICES];
	struct sprobe		*list[2 * SERVICES];
	struct sfact		 facts[2 * SERVICES];
	struct finding		 finding, *found;
	struct client_matrix	 m;
	json_t			*fact;
};

static void
address(struct endpoint *ep, size_t service, int family)
{
	memset(ep, 0, sizeof *ep);
	ep->name = (char *)(uintptr_t)services[service].name;
	assert_int_equal(addr_parse(&ep->addr, family == 4 ? "192.0.2.1" :
	    "2001:db8::1"), 0);
	ep->addr.b[family == 4 ? 3 : 15] = (unsigned char)(service + 1);
	ep->port = services[service].port;
	strcpy(ep->proto, services[service].proto);
	ep->tls = services[service].tls;
}

static void
by_hand(struct by_hand *h)
{
	memset(h, 0, sizeof *h);
	h->fact = json_pack("{s:b}", "ok", 1);
	for (size_t i = 0; i < 2 * SERVICES; i++) {
		struct sprobe *p = &h->probes[i];

		address(&h->eps[i], i / 2, i % 2 == 0 ? 4 : 6);
		h->verdicts[i] = VERDICT_OK;
		h->seconds[i] = 0.04;
		h->facts[i] = (struct sfact) { 0, 1, (char *)(uintptr_t)
		    "connect", h->fact };
		p->what = (char *)(uintptr_t)"";
		p->outcome = (char *)(uintptr_t)"ok";
		p->ep = h->eps[i];
		p->facts = &h->facts[i];
		p->nfacts = 1;
		h->list[i] = p;
	}
	h->s.probes = h->list;
	h->s.nprobes = 2 * SERVICES;
	h->found = &h->finding;
	h->s.findings = &h->found;
	h->m = (struct client_matrix) { &h->s, h->eps, h->verdicts,
		h->seconds, 2 * SERVICES };
}

/* One finding of that level: at which service (proto), over which family (0:
   no address), with which arguments. */
static void
put(struct by_hand *h, enum finding_id id, enum verdict level,
    const char *proto, int family, unsigned flags, const char *args)
{
	struct finding *f = &h->finding;
	size_t i = 0;

	while (i < SERVICES && strcmp(services[i].proto, proto) != 0)
		i++;
	assert_true(i < SERVICES);
	f->id = id;
	f->level = level;
	f->side = finding_rows[id].side;
	f->flags = flags;
	address(&f->ep, i, family == 4 ? 4 : 6);
	if (family == 0)
		memset(&f->ep.addr, 0, sizeof f->ep.addr);
	f->args = args == NULL ? json_object() : json_loads(args, 0, NULL);
	assert_non_null(f->args);
	h->s.nfindings = 1;
}

static const struct client_service *
service_of(const struct client_service *v, size_t n, const char *proto)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].ep.proto, proto) == 0)
			return &v[i];
	return NULL;
}

/* The marks of the kinds that a service has. */
static void
marks(struct by_hand *h, const char *proto, char out[CLIENT_KINDS + 1])
{
	struct client_service *v, *w;
	size_t n = clients_of(&h->m, &v), nw, k = 0;
	const struct client_service *x = service_of(v, n, proto), *y;
	struct by_hand sound;

	by_hand(&sound);
	nw = clients_of(&sound.m, &w);
	y = service_of(w, nw, proto);
	assert_non_null(y);
	for (int i = 0; x != NULL && i < CLIENT_KINDS; i++)
		if (clients_has(x, (enum client_kind)i))
			out[k++] = mark_of(&x->life[i], &y->life[i]);
	out[k] = '\0';
	clients_free(v, n);
	clients_free(w, nw);
	json_decref(sound.fact);
}

struct row {
	enum finding_id	 id;
	enum verdict	 level, below;	/* below: this level moves nobody */
	const char	*proto;		/* at this service */
	int		 family;
	const char	*at;		/* looked at here */
	const char	*marks;
	const char	*args;
	unsigned	 flags;
};

#define E VERDICT_ERROR, VERDICT_WARNING
#define W VERDICT_WARNING, VERDICT_NOTICE
#define N VERDICT_NOTICE, VERDICT_FACT
#define T VERDICT_ERROR, VERDICT_NOTICE	/* a warning moves some */
#define QNAME "{\"qname\":\"www.d.test\"}"

static const struct row rows[] = {
	{ F_DOMAIN_MISSING, E, "dns", 0, "https", "FFFFF", NULL, 0 },
	{ F_DOMAIN_NOT_DELEGATED, E, "dns", 0, "smtp", "F", NULL, 0 },
	{ F_PARENT_SILENT, W, "dns", 6, "https", "lllll", NULL, 0 },
	{ F_PARENT_SILENT, W, "dns", 4, "https", "llll-", NULL, 0 },
	{ F_NS_SET_DIFFERS, W, "dns", 0, "https", "iiiii", NULL, 0 },
	{ F_NS_UNRESOLVABLE, E, "dns", 0, "https", "lllll", NULL, 0 },
	{ F_NS_NO_V4, E, "dns", 0, "https", "ffff-", NULL, 0 },
	{ F_NS_NO_V6, N, "dns", 0, "https", "----F", NULL, 0 },
	{ F_GLUE_MISSING, E, "dns", 0, "smtp", "l", NULL, 0 },
	{ F_GLUE_MISSING_V6, W, "dns", 0, "https", "----f", NULL, 0 },
	{ F_GLUE_DIFFERS, W, "dns", 0, "https", "iiiii", NULL, 0 },
	{ F_GLUE_DIFFERS, T, "dns", 0, "https", "fffff", NULL, 0 },
	{ F_V6ONLY_WALK_FAILS, E, "dns", 0, "https", "----F", NULL, 0 },
	{ F_V4ONLY_WALK_FAILS, E, "dns", 0, "smtp", "f", NULL, 0 },
	{ F_DNS_TIMEOUT, E, "dns", 6, "https", "llllF", NULL, 0 },
	{ F_DNS_TIMEOUT, E, "dns", 4, "https", "llll-", NULL, 0 },
	{ F_DNS_REFUSED_PORT, E, "dns", 6, "https", "llllF", NULL, 0 },
	{ F_DNS_UNREACHABLE, E, "dns", 6, "https", "llllF", NULL, 0 },
	{ F_DNS_LAME, E, "dns", 6, "https", "llllF", NULL, 0 },
	{ F_DNS_WRONG_SOURCE, E, "dns", 6, "https", "llllF", NULL, 0 },
	{ F_DNS_INTERMITTENT, E, "dns", 6, "https", "lllll", NULL, 0 },
	{ F_DNS_TCP_CLOSED, E, "dns", 6, "https", "-iiif", NULL, 0 },
	{ F_DNS_TCP_CLOSED, E, "dns", 4, "https", "iiii-", NULL, 0 },
	{ F_DNS_TCP_TIMEOUT, E, "dns", 6, "smtp", "i", NULL, 0 },
	{ F_DNS_BROKEN_MESSAGE, E, "dns", 6, "https", "lllll", QNAME, 0 },
	{ F_DNS_BROKEN_MESSAGE, E, "dns", 6, "imaps", "-----", QNAME, 0 },
	{ F_DNS_BROKEN_MESSAGE, E, "dns", 6, "smtp", "l",
	    "{\"qname\":\"d.test\",\"qtype\":\"MX\"}", 0 },
	{ F_AAAA_TIMEOUT, E, "dns", 4, "https", "-sfss", QNAME, 0 },
	{ F_AAAA_TIMEOUT, E, "dns", 4, "imaps", "-----", QNAME, 0 },
	{ F_AAAA_NXDOMAIN, E, "dns", 4, "https", "fffFf", QNAME, 0 },
	{ F_AAAA_NXDOMAIN, E, "dns", 4, "https", "fffff", QNAME,
	    FLAG_MASKED },
	{ F_AAAA_RCODE, E, "dns", 4, "https", "--fs-", QNAME, 0 },
	{ F_AAAA_RCODE, E, "dns", 4, "smtp", "i",
	    "{\"qname\":\"mx.d.test\"}", 0 },
	{ F_AAAA_BROKEN, E, "dns", 4, "https", "--fs-", QNAME, FLAG_PARTIAL },
	{ F_AAAA_LAME, E, "dns", 4, "https", "--fs-", QNAME, 0 },
	{ F_AAAA_EMPTY_NONAUTH, E, "dns", 4, "https", "--fs-", QNAME, 0 },
	{ F_SERIAL_DIFFERS, W, "dns", 0, "https", "iiiii", NULL, 0 },
	{ F_CNAME_AT_APEX, E, "dns", 0, "smtp", "f", NULL, 0 },
	{ F_CNAME_AT_APEX, E, "dns", 0, "https", "-----", NULL, 0 },
	{ F_MX_ALIAS, W, "smtp", 0, "smtp", "f", NULL, 0 },
	{ F_MX_ALIAS, W, "smtp", 0, "imaps", "-----", NULL, 0 },
	{ F_MX_NO_ADDRESS, E, "smtp", 0, "smtp", "f", NULL, 0 },
	{ F_RESOLVER_SERVFAIL, E, "dns", 0, "https", "fffff", QNAME, 0 },
	{ F_ADDRESS_SPECIAL, E, "https", 6, "https", "-sffs", NULL, 0 },
	{ F_ADDRESS_SPECIAL, E, "https", 4, "https", "f----", NULL, 0 },
	{ F_ADDRESS_SPECIAL, E, "https", 4, "imaps", "-----", NULL, 0 },
	{ F_ADDRESS_SPECIAL, E, "smtp", 6, "smtp", "s", NULL, 0 },
	{ F_ADDRESS_SPECIAL, E, "dns", 6, "https", "lllll", NULL, 0 },
	{ F_ADDRESS_TRANSITION, W, "https", 6, "https", "-iiii", NULL, 0 },
	{ F_CONNECT_INTERMITTENT, E, "https", 6, "https", "-ssss", NULL, 0 },
	{ F_CONNECT_INTERMITTENT, E, "https", 4, "https", "s----", NULL, 0 },
	{ F_FIRST_CONNECTION_LOST, E, "smtp", 6, "smtp", "s", NULL, 0 },
	{ F_TLS_HANDSHAKE, T, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_TLS_HANDSHAKE, T, "smtp", 6, "smtp", "f", NULL, 0 },
	{ F_TLS_OLD_ONLY, T, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_CERT_NAME, T, "https", 4, "https", "F----", NULL, 0 },
	{ F_CERT_EXPIRED, T, "imaps", 6, "imaps", "-FFFF", NULL, 0 },
	{ F_CERT_EXPIRED, W, "smtp", 6, "smtp", "f", NULL, 0 },
	{ F_CERT_NOT_YET, T, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_CERT_UNTRUSTED, T, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_CERT_SELF_SIGNED, T, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_CERT_INCOMPLETE, W, "https", 6, "https", "-ffff", NULL, 0 },
	{ F_CERT_DIFFERS, W, "https", 0, "https", "fffff", NULL, 0 },
	{ F_HTTP_STATUS, E, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_HTTP_REDIRECT_LOOP, E, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_HTTP_GARBLED, E, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_HTTP_STALLED, E, "https", 6, "https", "-FFFF", NULL, 0 },
	{ F_BANNER_SLOW, N, "smtp", 6, "smtp", "s", "{\"seconds\":12}", 0 },
	{ F_BANNER_SLOW, VERDICT_ERROR, VERDICT_FACT, "smtp", 6, "smtp", "i",
	    "{\"seconds\":60}", 0 },
	{ F_SMTP_421, N, "smtp", 6, "smtp", "i", NULL, 0 },
	{ F_STARTTLS_MISSING, W, "smtp", 6, "smtp", "f", NULL, 0 },
	{ F_STARTTLS_DIFFERS, W, "smtp", 0, "smtp", "f", NULL, 0 },
	{ F_STARTTLS_454, T, "smtp", 6, "smtp", "f", NULL, 0 },
	{ F_STARTTLS_454, T, "imaps", 6, "imaps", "-FFFF", NULL, 0 },
	{ F_STARTTLS_INJECTION, E, "imaps", 6, "imaps", "-ffff", NULL, 0 },
	{ F_GREYLISTED, N, "smtp", 6, "smtp", "g", "{\"seconds\":60}", 0 },
	{ F_GREYLIST_PASSED, VERDICT_FACT, VERDICT_NONE, "smtp", 6, "smtp",
	    "s", "{\"seconds\":300}", 0 },
	{ F_RCPT_TEMPORARY, W, "smtp", 6, "smtp", "f", NULL, 0 },
	{ F_RCPT_REJECTED, E, "smtp", 6, "smtp", "F", NULL, 0 },
	{ F_SMTP_GARBLED, E, "smtp", 6, "smtp", "i", NULL, 0 },
	{ F_LOGIN_REFUSED, E, "imaps", 6, "imaps", "-FFFF", NULL, 0 },
	{ F_POP3_GARBLED, E, "imaps", 6, "imaps", "-FFFF", NULL, 0 },
	{ F_IMAP_GARBLED, E, "imaps", 6, "imaps", "-FFFF", NULL, 0 },
	{ F_SERVICE_BYE, E, "imaps", 6, "imaps", "-FFFF", NULL, 0 },
	{ F_ACCEPTED_NOT_DELIVERED, W, "smtp", 6, "smtp", "f", NULL, 0 },
};

static void
each_rule(void **state)
{
	char got[CLIENT_KINDS + 1], sound[CLIENT_KINDS + 1];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct by_hand h;

		by_hand(&h);
		put(&h, r->id, r->level, r->proto, r->family, r->flags,
		    r->args);
		h.finding.side = SIDE_DOMAIN;
		marks(&h, r->at, got);
		h.finding.level = r->below;
		marks(&h, r->at, sound);
		if (strcmp(got, r->marks) != 0 || strspn(sound, "-") !=
		    strlen(r->marks))
			fail_msg("row %zu, %s: %s, below its level %s", i,
			    finding_rows[r->id].id, got, sound);
		h.finding.level = r->level;
		h.finding.side = SIDE_RESOLVER;
		marks(&h, r->at, sound);
		assert_int_equal(strspn(sound, "-"), strlen(r->marks));
		json_decref(h.finding.args);
		json_decref(h.fact);
	}
}

/* What the matrix tells already, and what nobody feels, at any level. */
static const enum finding_id still[] = { F_CONNECT_REFUSED,
	F_CONNECT_TIMEOUT, F_CONNECT_UNREACHABLE, F_CONNECT_PROHIBITED,
	F_CONNECT_PARTIAL, F_MX_PARTIAL,
	/* nobody */
	F_HERE_NO_V4, F_HERE_NO_V6, F_HERE_V6_UNPROVEN, F_HERE_PORT25_BLOCKED,
	F_HERE_DNS_INTERCEPTED, F_HERE_DNS_BLOCKED, F_OPEN_RECURSION,
	F_MX_MISSING, F_MX_NULL, F_NO_AAAA, F_PTR_MISSING, F_PTR_MISMATCH,
	F_CERT_EXPIRES_SOON, F_REFUSED_US, F_LOGIN_PLAIN_ONLY,
	F_AUTH_BEFORE_TLS, F_CAPABILITIES_DIFFER, F_DELIVERED,
	F_HALF_DONE_V6 };

#define COUNTED 6

static void
still_ones(void **state)
{
	char got[CLIENT_KINDS + 1];

	(void)state;
	for (size_t i = 0; i < sizeof still / sizeof *still; i++)
		for (size_t k = 0; k < SERVICES; k++) {
			struct by_hand h;
			struct client_service *v;
			size_t n;
			bool zone, felt = false;

			by_hand(&h);
			put(&h, still[i], VERDICT_ERROR, services[k].proto, 6,
			    0, QNAME);
			h.finding.side = SIDE_DOMAIN;
			n = clients_of(&h.m, &v);
			for (size_t x = 0; x < n; x++) {
				felt = felt || clients_felt(&h.m, &v[x],
				    &h.finding, &zone);
				marks(&h, v[x].ep.proto, got);
				if (strspn(got, "-") != strlen(got))
					fail_msg("%s: %s", finding_rows[
					    still[i]].id, got);
			}
			assert_int_equal(n, SERVICES - 1);
			assert_int_equal(felt, i < COUNTED && k > 0);
			clients_free(v, n);
			json_decref(h.finding.args);
			json_decref(h.fact);
		}
}

/* A finding that is added has to say here who feels it. */
static void
all_are_there(void **state)
{
	(void)state;
	for (int id = 0; id < F_COUNT; id++) {
		int n = 0;

		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
			n += (int)rows[i].id == id;
		for (size_t i = 0; i < sizeof still / sizeof *still; i++)
			n += (int)still[i] == id ? 100 : 0;
		if (n == 0 || n > 100)
			fail_msg("who feels %s?", finding_rows[id].id);
	}
}

/* What the cells tell: an address that does not connect, is not known. */
static void
cells(void **state)
{
	static const struct {
		const char	*outcome;
		int		 verdict;
		int		 at;		/* v4 0, v6 1, both 2 */
		const char	*web, *mail;
	} cases[] = {
		{ "ok", VERDICT_OK, 1, "-----", "-" },
		{ "timeout", VERDICT_ERROR, 1, "-ssFs", "s" },
		{ "timeout", VERDICT_ERROR, 0, "F----", "-" },
		{ "timeout", VERDICT_ERROR, 2, "FFFFF", "F" },
		{ "refused", VERDICT_ERROR, 1, "--sF-", "s" },
		{ "unreachable", VERDICT_ERROR, 1, "--sF-", "s" },
		{ "refused", VERDICT_ERROR, 2, "FFFFF", "F" },
		{ "refused", VERDICT_NOT_OFFERED, 2, "", "" },
		{ "timeout", VERDICT_NOT_OFFERED, 2, "", "" },
		{ "timeout", VERDICT_UNKNOWN, 1, "-????", "?" },
		{ "timeout", VERDICT_NOT_ASKED, 1, "-????", "?" },
	};
	char got[CLIENT_KINDS + 1];

	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct by_hand h;

		by_hand(&h);
		for (size_t i = 2; i < 2 * SERVICES; i++) {
			if (cases[c].at != 2 && (int)(i % 2) != cases[c].at)
				continue;
			h.probes[i].outcome = (char *)(uintptr_t)
			    cases[c].outcome;
			h.probes[i].nfacts = *cases[c].outcome == 'o';
			h.verdicts[i] = cases[c].verdict;
		}
		marks(&h, "https", got);
		assert_string_equal(got, cases[c].web);
		marks(&h, "imaps", got);
		assert_string_equal(got, cases[c].web);
		marks(&h, "smtp", got);
		assert_string_equal(got, cases[c].mail);
		json_decref(h.fact);
	}
}

/* Over IPv6 alone: a server that answers there, none, or nobody knows. */
static void
over_v6_alone(void **state)
{
	static const struct {
		int		 verdict;
		const char	*marks;
	} cases[] = { { VERDICT_OK, "-----" }, { VERDICT_WARNING, "-----" },
		/* An error of something else: TCP, one name. */
		{ VERDICT_ERROR, "-----" }, { VERDICT_UNKNOWN, "----?" },
		{ VERDICT_NOT_ASKED, "----?" } };
	char got[CLIENT_KINDS + 1];
	struct by_hand h;

	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		by_hand(&h);
		h.verdicts[1] = cases[c].verdict;
		marks(&h, "https", got);
		assert_string_equal(got, cases[c].marks);
		json_decref(h.fact);
	}
	/* Not asked because nobody gets there is known. */
	by_hand(&h);
	h.verdicts[1] = VERDICT_NOT_ASKED;
	put(&h, F_ADDRESS_SPECIAL, VERDICT_ERROR, "dns", 6, 0, NULL);
	marks(&h, "https", got);
	assert_string_equal(got, "llllF");
	json_decref(h.finding.args);
	json_decref(h.fact);
}

/* Names without a cell get a place of their own, all others nothing. */
static void
without_cells(void **state)
{
	static const struct {
		enum finding_id	 id;
		const char	*proto;		/* of the place */
		size_t		 kinds;
	} cases[] = { { F_MX_NO_ADDRESS, "smtp", 1 },
		{ F_ADDRESS_SPECIAL, "", 6 }, { F_DOMAIN_MISSING, "dns", 6 } };

	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct client_service *v;
		struct by_hand h;
		size_t n, kinds = 0;

		by_hand(&h);
		put(&h, cases[c].id, VERDICT_ERROR, "https", 0, 0, NULL);
		h.s.head = json_pack("{s:{s:s}}", "subject", "name",
		    "d.test");
		h.m.n = 0;
		n = clients_of(&h.m, &v);
		assert_int_equal(n, 1);
		assert_string_equal(v[0].ep.proto, cases[c].proto);
		for (int k = 0; k < CLIENT_KINDS; k++)
			if (clients_has(&v[0], (enum client_kind)k)) {
				kinds++;
				assert_int_equal(clients_verdict(
				    &v[0].life[k]), VERDICT_ERROR);
			}
		assert_int_equal(kinds, cases[c].kinds);
		clients_free(v, n);
		h.finding.id = F_NO_AAAA;
		assert_int_equal(clients_of(&h.m, &v), 0);
		clients_free(v, 0);
		json_decref(h.s.head);
		json_decref(h.finding.args);
		json_decref(h.fact);
	}
}

static void
verdicts(void **state)
{
	static const struct {
		struct client_life	 life;
		enum verdict		 verdict;
	} cases[] = {
		{ { .works = true }, VERDICT_OK },
		{ { .works = true, .waits_most = 0.25 }, VERDICT_OK },
		{ { .works = true, .waits_most = 21 }, VERDICT_WARNING },
		{ { .works = true, .sometimes = true }, VERDICT_OK },
		{ { .works = true, .lookup = true }, VERDICT_OK },
		{ { .works = true, .fails_some = true }, VERDICT_WARNING },
		{ { .works = true, .waits = 10, .waits_most = 10,
		    .patient = 10 }, VERDICT_NOTICE },
		{ { .works = true, .grey = true }, VERDICT_NOTICE },
		{ { .works = true, .waits_most = 40, .patient = 10 },
		    VERDICT_WARNING },
		{ { .unknown = true }, VERDICT_UNKNOWN },
		{ { .works = false }, VERDICT_ERROR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(clients_verdict(&cases[i].life),
		    cases[i].verdict);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connecting),
		cmocka_unit_test(looking_up),
		cmocka_unit_test(failing_stays),
		cmocka_unit_test(each_rule),
		cmocka_unit_test(still_ones),
		cmocka_unit_test(all_are_there),
		cmocka_unit_test(cells),
		cmocka_unit_test(over_v6_alone),
		cmocka_unit_test(without_cells),
		cmocka_unit_test(verdicts),
	};

	return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
