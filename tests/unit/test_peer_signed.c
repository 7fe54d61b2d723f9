/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signed practice zones, checked by another implementation (ldns); zone
 * transfers, an expired secondary, what a validating and a DNS64 resolver
 * say, and a port's second reply that is lost.
 */
#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "peer_kit.h"
#include "practice/sign.h"

#define NOW	1795478400
#define NS1	"192.0.2.53"
#define NS2	"203.0.113.53"
#define US6	"2001:db8:3::53"

static const char	zone[] =
	"record example.jp a.b.c TXT x\n"
	"record example.jp alias CNAME www\n"
	"record example.jp *.wild A 192.0.2.80\n"
	"record example.jp sub NS ns.sub\n"
	"record example.jp ns.sub A 192.0.2.53\n"
	"record example.jp v4 A 192.0.2.80\n"
	"record example.jp up CNAME nothing.www\n";

static struct scenario	*scenario;
static struct world	*world;

static void
begin(const char *more)
{
	char	*text = xasprintf("%s%s\n", zone, more);

	scenario = peer_scenario(peer_sound, text);
	world = peer_world(scenario);
	free(text);
}

static void
end(void)
{
	world_free(world);
	scenario_free(scenario);
}

static ldns_pkt *
ask(const char *addr, const char *name, const char *type, unsigned flags)
{
	struct peer_answer	*a = peer_ask(world, addr, name, type, flags);
	ldns_pkt		*p = NULL;

	assert_true(a->len > 0);
	assert_int_equal(ldns_wire2pkt(&p, a->wire, a->len), LDNS_STATUS_OK);
	peer_answer_free(a);
	return (p);
}

/* Every set of a section has a signature that holds at NOW (by ldns), but
   delegations and glue; the number of sets. */
static size_t
verify(const ldns_rr_list *section, const ldns_rr_list *keys)
{
	ldns_rr_list	*rest = ldns_rr_list_clone(section), *set, *sigs;
	ldns_rr_type	 type;
	size_t		 n = 0, i;
	bool		 good;

	while ((set = ldns_rr_list_pop_rrset(rest)) != NULL) {
		type = ldns_rr_get_type(ldns_rr_list_rr(set, 0));
		sigs = ldns_rr_list_new();
		good = type == LDNS_RR_TYPE_RRSIG;
		for (i = 0; i < ldns_rr_list_rr_count(section); i++) {
			ldns_rr	*s = ldns_rr_list_rr(section, i);

			if (ldns_rr_get_type(s) == LDNS_RR_TYPE_RRSIG &&
			    ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(s)) ==
			    type && ldns_dname_compare(ldns_rr_owner(s),
			    ldns_rr_owner(ldns_rr_list_rr(set, 0))) == 0)
				ldns_rr_list_push_rr(sigs, s);
		}
		if (!good && ldns_rr_list_rr_count(sigs) > 0) {
			assert_int_equal(ldns_verify_time(set, sigs, keys,
			    NOW, NULL), LDNS_STATUS_OK);
			n++;
		} else
			assert_true(good || type == LDNS_RR_TYPE_NS);
		ldns_rr_list_free(sigs);
		ldns_rr_list_deep_free(set);
	}
	ldns_rr_list_deep_free(rest);
	return (n);
}

static ldns_rr_list *
keys_of_unchecked(const char *addr, const char *name)
{
	ldns_pkt	*p = ask(addr, name, "DNSKEY", PEER_DO);
	ldns_rr_list	*keys;

	keys = ldns_pkt_rr_list_by_type(p, LDNS_RR_TYPE_DNSKEY,
	    LDNS_SECTION_ANSWER);
	assert_non_null(keys);
	ldns_pkt_free(p);
	return (keys);
}

static ldns_rr_list *
keys_of(const char *addr, const char *name)
{
	ldns_rr_list	*keys = keys_of_unchecked(addr, name);
	ldns_pkt	*p = ask(addr, name, "DNSKEY", PEER_DO);

	assert_int_equal(verify(ldns_pkt_answer(p), keys), 1);
	ldns_pkt_free(p);
	return (keys);
}

static const struct {
	const char	*name, *type;
	ldns_pkt_rcode	 rcode;
	size_t		 answer, authority;	/* signed sets */
	const char	*nsec;			/* owner of one, or NULL */
} answers[] = {
	{ "example.jp", "A", LDNS_RCODE_NOERROR, 1, 1, NULL },
	{ "example.jp", "SOA", LDNS_RCODE_NOERROR, 1, 1, NULL },
	{ "www.example.jp", "AAAA", LDNS_RCODE_NOERROR, 1, 1, NULL },
	{ "www.example.jp", "TXT", LDNS_RCODE_NOERROR, 0, 2,
	    "www.example.jp." },
	{ "b.c.example.jp", "A", LDNS_RCODE_NOERROR, 0, 2,
	    "alias.example.jp." },	/* an empty non-terminal */
	{ "no.example.jp", "A", LDNS_RCODE_NXDOMAIN, 0, 3,
	    "mx2.example.jp." },
	{ "alias.example.jp", "A", LDNS_RCODE_NOERROR, 2, 1, NULL },
	{ "up.example.jp", "A", LDNS_RCODE_NXDOMAIN, 1, 2,
	    "www.example.jp." },
	{ "x.wild.example.jp", "A", LDNS_RCODE_NOERROR, 1, 2,
	    "*.wild.example.jp." },
	{ "x.wild.example.jp", "TXT", LDNS_RCODE_NOERROR, 0, 2,
	    "*.wild.example.jp." },
	{ "h.sub.example.jp", "A", LDNS_RCODE_NOERROR, 0, 1,
	    "sub.example.jp." },	/* no DS there */
	{ "sub.example.jp", "DS", LDNS_RCODE_NOERROR, 0, 2,
	    "sub.example.jp." },
};

static void
test_signed(void **state)
{
	ldns_rr_list	*keys, *nsec;
	ldns_pkt	*p;
	ldns_rdf	*owner;
	size_t		 i;

	(void)state;
	begin("sign example.jp\nsign jp\nsign .");
	keys = keys_of(NS1, "example.jp");
	for (i = 0; i < sizeof answers / sizeof *answers; i++) {
		p = ask(NS1, answers[i].name, answers[i].type, PEER_DO |
		    PEER_TCP);
		assert_int_equal(ldns_pkt_get_rcode(p), answers[i].rcode);
		assert_int_equal(verify(ldns_pkt_answer(p), keys),
		    answers[i].answer);
		assert_int_equal(verify(ldns_pkt_authority(p), keys),
		    answers[i].authority);
		owner = answers[i].nsec == NULL ? NULL :
		    ldns_dname_new_frm_str(answers[i].nsec);
		if (owner != NULL) {
			nsec = ldns_pkt_rr_list_by_name_and_type(p, owner,
			    LDNS_RR_TYPE_NSEC, LDNS_SECTION_AUTHORITY);
			if (nsec == NULL)
				fail_msg("%s %s", answers[i].name,
				    answers[i].type);
			ldns_rr_list_deep_free(nsec);
		}
		ldns_rdf_deep_free(owner);
		ldns_pkt_free(p);
	}
	ldns_rr_list_deep_free(keys);
	p = ask(NS1, "example.jp", "A", 0);	/* not wanted: none */
	assert_null(ldns_pkt_rr_list_by_type(p, LDNS_RR_TYPE_RRSIG,
	    LDNS_SECTION_ANY_NOQUESTION));
	ldns_pkt_free(p);
	end();
}

/* The key is of the algorithm that must be there. */
static void
test_algorithm(void **state)
{
	ldns_rr_list	*keys;
	int		 number;

	begin("sign example.jp");
	keys = keys_of(NS1, "example.jp");
	assert_int_equal(ldns_rr_list_rr_count(keys), 1);
	number = ldns_rdf2native_int8(ldns_rr_dnskey_algorithm(
	    ldns_rr_list_rr(keys, 0)));
	assert_int_equal(number, *(const int *)*state);
	ldns_rr_list_deep_free(keys);
	end();
}

/* The same seed gives the same key. */
static void
test_same_key(void **state)
{
	ldns_rr_list	*keys, *again;

	(void)state;
	begin("sign example.jp");
	keys = keys_of(NS1, "example.jp");
	end();
	begin("sign example.jp expired");
	again = keys_of_unchecked(NS1, "example.jp");
	assert_int_equal(ldns_rr_list_compare(keys, again), 0);
	end();
	ldns_rr_list_deep_free(keys);
	ldns_rr_list_deep_free(again);
}

/* An OpenSSL that can do neither: refused where it is declared. */
static void
test_neither(void **state)
{
	struct scenario	*s = peer_scenario(peer_sound, NULL);
	struct refusal	 why;
	char		*said;

	(void)state;
	sign_lacks(1u << 15 | 1u << 13);
	assert_false(sign_possible());
	assert_int_equal(scenario_add(s, "\nsign example.jp", &why), -1);
	said = peer_refusal(&why);
	assert_string_equal(said, "2: \"sign\": <signing> (sign ZONE "
	    "[expired|not-yet|soon DAYS|ds-mismatch])");
	free(said);
	refusal_free(&why);
	scenario_free(s);
	sign_lacks(0);
	assert_true(sign_possible());
}

/* The NSEC chain as a whole passes over every name once. */
static void
test_chain(void **state)
{
	static const char *const	order[] = { "example.jp.",
		"alias.example.jp.", "a.b.c.example.jp.", "mx1.example.jp.",
		"mx2.example.jp.", "ns1.example.jp.", "ns2.example.jp.",
		"sub.example.jp.", "up.example.jp.", "v4.example.jp.",
		"*.wild.example.jp.", "www.example.jp." };
	size_t				i, n = sizeof order / sizeof *order;
	ldns_rr_list			*nsec;
	ldns_pkt			*p;
	char				*next;

	(void)state;
	begin("sign example.jp");
	for (i = 0; i < n; i++) {
		p = ask(NS1, order[i], "NSEC", PEER_TCP);
		nsec = ldns_pkt_rr_list_by_type(p, LDNS_RR_TYPE_NSEC,
		    LDNS_SECTION_ANSWER);
		if (nsec == NULL)	/* a delegation: below it */
			assert_string_equal(order[i], "sub.example.jp.");
		else {
			next = ldns_rdf2str(ldns_rr_rdf(ldns_rr_list_rr(nsec,
			    0), 0));
			assert_string_equal(next, order[(i + 1) % n]);
			free(next);
		}
		ldns_rr_list_deep_free(nsec);
		ldns_pkt_free(p);
	}
	end();
}

/* What each kind of wrong is, by ldns at NOW; and whether the DS fits. */
static const struct {
	const char	*sign;
	ldns_status	 status;
	bool		 ds;
	const char	*resolver;	/* what a validating one says */
} kinds[] = {
	{ "sign example.jp", LDNS_STATUS_OK, true, "NOERROR ad" },
	{ "sign example.jp soon 2", LDNS_STATUS_OK, true, "NOERROR ad" },
	{ "sign example.jp expired", LDNS_STATUS_CRYPTO_SIG_EXPIRED, true,
	    "SERVFAIL" },
	{ "sign example.jp not-yet",
	    LDNS_STATUS_CRYPTO_SIG_NOT_INCEPTED, true, "SERVFAIL" },
	{ "sign example.jp ds-mismatch", LDNS_STATUS_OK, false, "SERVFAIL" },
	{ "", LDNS_STATUS_OK, true, "NOERROR" },
};

static bool
ds_fits(const ldns_rr *key)
{
	ldns_pkt	*p = ask("192.0.2.11", "example.jp", "DS", PEER_DO);
	ldns_rr_list	*ds;
	bool		 fits;

	ds = ldns_pkt_rr_list_by_type(p, LDNS_RR_TYPE_DS,
	    LDNS_SECTION_ANSWER);
	assert_non_null(ds);
	fits = ldns_rr_compare_ds(key, ldns_rr_list_rr(ds, 0));
	ldns_rr_list_deep_free(ds);
	ldns_pkt_free(p);
	return (fits);
}

static void
check_resolver(const char *want, unsigned flags)
{
	struct peer_answer	*a = peer_ask(world, "192.0.2.201",
				    "www.example.jp", "A", PEER_RD | flags);

	if ((flags & PEER_CD) != 0)
		want = "NOERROR";
	assert_int_equal(a->msg.rcode, want[0] == 'S' ? DNS_SERVFAIL :
	    DNS_NOERROR);
	assert_int_equal(a->msg.ad, strstr(want, " ad") != NULL);
	peer_answer_free(a);
}

static void
test_kinds(void **state)
{
	ldns_rr_list	*keys, *set, *sigs;
	ldns_pkt	*p;
	char		*text;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		text = xasprintf("sign .\nsign jp\n%s\n"
		    "resolver 192.0.2.201 validating hidden", kinds[i].sign);
		begin(text);
		free(text);
		check_resolver(kinds[i].resolver, PEER_DO);
		check_resolver(kinds[i].resolver, PEER_DO | PEER_CD);
		if (kinds[i].sign[0] == '\0') {
			end();
			continue;
		}
		p = ask(NS1, "example.jp", "DNSKEY", PEER_DO);
		keys = ldns_pkt_rr_list_by_type(p, LDNS_RR_TYPE_DNSKEY,
		    LDNS_SECTION_ANSWER);
		set = ldns_rr_list_clone(keys);
		sigs = ldns_pkt_rr_list_by_type(p, LDNS_RR_TYPE_RRSIG,
		    LDNS_SECTION_ANSWER);
		assert_int_equal(ldns_verify_time(set, sigs, keys, NOW, NULL),
		    kinds[i].status);
		assert_int_equal(ds_fits(ldns_rr_list_rr(keys, 0)),
		    kinds[i].ds);
		ldns_rr_list_deep_free(keys);
		ldns_rr_list_deep_free(set);
		ldns_rr_list_deep_free(sigs);
		ldns_pkt_free(p);
		end();
	}
}

/* Signatures of a server's own version of a zone fit that version; and the
   anchor is the root's key. */
static void
test_own_version(void **state)
{
	ldns_rr_list	*keys;
	ldns_rr		*ds = NULL;
	ldns_pkt	*p;

	(void)state;
	begin("sign example.jp\nsign .\n"
	    "server-record " NS2 " example.jp www A 192.0.2.99");
	keys = keys_of(NS2, "example.jp");
	p = ask(NS2, "www.example.jp", "A", PEER_DO);
	assert_int_equal(verify(ldns_pkt_answer(p), keys), 1);
	ldns_pkt_free(p);
	ldns_rr_list_deep_free(keys);
	keys = keys_of("192.0.2.1", ".");
	assert_non_null(world->trust_anchor);
	assert_int_equal(ldns_rr_new_frm_str(&ds, world->trust_anchor, 0,
	    NULL, NULL), LDNS_STATUS_OK);
	assert_true(ldns_rr_compare_ds(ldns_rr_list_rr(keys, 0), ds));
	ldns_rr_free(ds);
	ldns_rr_list_deep_free(keys);
	end();
}

static const struct {
	const char	*world, *at, *zone;
	unsigned	 flags;
	int		 rcode;
	size_t		 soas;
} transfers[] = {
	{ "", NS1, "example.jp", PEER_TCP, DNS_REFUSED, 0 },
	{ "transfer ns1.example.jp example.jp", NS1, "example.jp", PEER_TCP,
	    DNS_NOERROR, 2 },
	{ "transfer ns1.example.jp example.jp", NS1, "example.jp", 0,
	    DNS_REFUSED, 0 },
	{ "transfer ns1.example.jp example.jp", NS2, "example.jp", PEER_TCP,
	    DNS_REFUSED, 0 },
	{ "transfer ns1.example.jp example.jp", NS1, "other.example.jp",
	    PEER_TCP, 9, 0 },
	{ "transfer ns1.example.jp example.jp 198.51.100.0/24", NS1,
	    "example.jp", PEER_TCP, DNS_NOERROR, 2 },
	{ "transfer ns1.example.jp example.jp 198.51.100.0/24", US6,
	    "example.jp", PEER_TCP, DNS_REFUSED, 0 },
	{ "transfer ns2.example.jp example.jp\n"
	    "expired ns2.example.jp example.jp", NS2, "example.jp", PEER_TCP,
	    DNS_SERVFAIL, 0 },
};

static void
test_transfer(void **state)
{
	struct peer_answer	*a;
	size_t			 i, k, soas;

	(void)state;
	for (i = 0; i < sizeof transfers / sizeof *transfers; i++) {
		begin(transfers[i].world);
		a = peer_ask(world, transfers[i].at, transfers[i].zone, "AXFR",
		    transfers[i].flags);
		assert_int_equal(a->msg.rcode, transfers[i].rcode);
		for (k = soas = 0; k < a->msg.nrrs; k++)
			soas += a->msg.rrs[k].type == DNS_SOA;
		assert_int_equal(soas, transfers[i].soas);
		if (soas == 2) {
			assert_int_equal(a->msg.rrs[0].type, DNS_SOA);
			assert_true(a->msg.nrrs > 20);
		}
		peer_answer_free(a);
		end();
	}
}

static void
test_expired(void **state)
{
	struct peer_answer	*a;

	(void)state;
	begin("expired ns2.example.jp example.jp");
	a = peer_ask(world, NS2, "example.jp", "SOA", 0);
	assert_int_equal(a->msg.rcode, DNS_SERVFAIL);
	assert_false(a->msg.aa);
	peer_answer_free(a);
	a = peer_ask(world, NS1, "example.jp", "SOA", 0);
	assert_int_equal(a->msg.rcode, DNS_NOERROR);
	peer_answer_free(a);
	end();
}

static void
test_dns64(void **state)
{
	static const struct {
		const char	*name, *at, *want;
	} rows[] = {
		{ "v4.example.jp", "192.0.2.201",
		    "v4.example.jp AAAA 64:ff9b::c000:250" },
		{ "v4.example.jp", "192.0.2.200", "" },
		{ "mx1.example.jp", "192.0.2.201",
		    "mx1.example.jp AAAA 2001:db8:3::25" },
		{ "no.example.jp", "192.0.2.201", "" },
	};
	struct peer_answer	*a;
	char			*text;
	size_t			 i;

	(void)state;
	begin("resolver 192.0.2.201 dns64 hidden");
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		a = peer_ask(world, rows[i].at, rows[i].name, "AAAA",
		    PEER_RD);
		text = peer_section(a, DNS_ANSWER);
		assert_string_equal(text, rows[i].want);
		free(text);
		peer_answer_free(a);
	}
	end();
}

/* Two questions of one port: the reply to the second never comes. */
static void
test_same_port(void **state)
{
	static const unsigned char	ask_a[] = "\0\1\1\0\0\1\0\0\0\0\0\0"
		"\3www\7example\2jp\0\0\1\0\1";
	struct sockname			to = { .port = 53 };
	struct world_poll		p = { 0, WORLD_IN, 0 };
	char				out[1500];
	int				i, round;

	(void)state;
	begin("resolver 192.0.2.201 hidden\n"
	    "fault dns 192.0.2.201 same-port silent");
	assert_int_equal(addr_parse(&to.addr, "192.0.2.201"), 0);
	for (round = 0; round < 2; round++) {
		p.handle = world->ops->open(world, 4, false);
		for (i = 0; i < 2; i++) {
			world->ops->send(world, p.handle, ask_a,
			    sizeof ask_a - 1, &to);
			assert_int_equal(world->ops->wait(world, &p, 1,
			    world->ops->now(world) + 5 * NSEC_PER_SEC),
			    i == 0);
			world->ops->recv(world, p.handle, out, sizeof out,
			    NULL);
		}
		world->ops->close(world, p.handle);
	}
	end();
}

int
main(void)
{
	static int		ed25519 = 15, p256 = 13;
	const struct CMUnitTest	both[] = {
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_same_key),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_own_version),
	};
	const struct CMUnitTest	first[] = {
		cmocka_unit_test_prestate(test_algorithm, &ed25519) };
	const struct CMUnitTest	second[] = {
		cmocka_unit_test_prestate(test_algorithm, &p256) };
	const struct CMUnitTest	others[] = {
		cmocka_unit_test(test_neither),
		cmocka_unit_test(test_transfer),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_dns64),
		cmocka_unit_test(test_same_port),
	};
	int			failed;

	failed = cmocka_run_group_tests_name("Ed25519", first, NULL, NULL);
	failed += cmocka_run_group_tests_name("signed", both, NULL, NULL);
	sign_lacks(1u << ed25519);
	failed += cmocka_run_group_tests_name("P-256", second, NULL, NULL);
	failed += cmocka_run_group_tests_name("signed", both, NULL, NULL);
	sign_lacks(0);
	return (failed + cmocka_run_group_tests_name("others", others, NULL,
	    NULL));
}
