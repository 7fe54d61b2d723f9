/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Endpoints and findings as values: order, identity, to JSON and back, and
 * what is made of JSON that no endpoint or finding has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/session.h"

static json_t *
json_of(const char *text)
{
	json_error_t e;
	json_t *o;
	char *copy = xstrdup(text);

	for (char *p = copy; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	o = json_loads(copy, 0, &e);
	if (o == NULL)
		fail_msg("%s: %s", text, e.text);
	free(copy);
	return o;
}

/* In order. */
static const char *const endpoints[] = {
	"{}",
	"{'port':25}",
	"{'addr':'192.0.2.1'}",
	"{'addr':'2001:db8::1'}",
	"{'name':'a.test'}",
	"{'name':'a.test','addr':'192.0.2.1'}",
	"{'name':'a.test','addr':'192.0.2.1','port':25,'proto':'smtp',"
	    "'tls':'starttls'}",
	"{'name':'a.test','addr':'192.0.2.1','port':80,'proto':'http'}",
	"{'name':'a.test','addr':'192.0.2.1','port':80,'proto':'http',"
	    "'tls':'none'}",
	"{'name':'a.test','addr':'192.0.2.1','port':80,'proto':'https',"
	    "'tls':'none'}",
	"{'name':'a.test','addr':'192.0.2.1','port':80,'proto':'https',"
	    "'tls':'implicit'}",
	"{'name':'a.test','addr':'192.0.2.1','port':443,'proto':'http'}",
	"{'name':'a.test','addr':'192.0.2.2'}",
	"{'name':'a.test','addr':'2001:db8::1'}",
	"{'name':'b.test'}",
};

#define ENDPOINTS (sizeof endpoints / sizeof endpoints[0])

static void
test_order(void **state)
{
	struct endpoint e[ENDPOINTS];

	(void)state;
	for (size_t i = 0; i < ENDPOINTS; i++) {
		json_t *o = json_of(endpoints[i]);

		endpoint_parse(&e[i], o);
		json_decref(o);
	}
	for (size_t i = 0; i < ENDPOINTS; i++)
		for (size_t k = 0; k < ENDPOINTS; k++) {
			int c = endpoint_cmp(&e[i], &e[k]);

			assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
		}
	for (size_t i = 0; i < ENDPOINTS; i++)
		endpoint_clear(&e[i]);
}

static void
test_round(void **state)
{
	(void)state;
	for (size_t i = 0; i < ENDPOINTS; i++) {
		json_t *o = json_of(endpoints[i]), *back;
		struct endpoint e, copy;

		endpoint_parse(&e, o);
		endpoint_copy(&copy, &e);
		assert_int_equal(endpoint_cmp(&e, &copy), 0);
		assert_ptr_not_equal(e.name, copy.name);
		back = endpoint_json(&copy);
		assert_true(json_equal(o, back));
		endpoint_clear(&e);
		endpoint_clear(&copy);
		json_decref(o);
		json_decref(back);
	}
}

/* What is none is left out, never guessed. */
static void
test_odd(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "{'name':7,'addr':'192.0.2.256','tls':'maybe'}", "{}" },
		{ "{'name':'a','port':'25'}", "{'name':'a'}" },
		{ "{'name':'a','addr':'::ffff:1.2.3.4.5'}", "{'name':'a'}" },
		{ "{'name':'a','proto':'0123456789abcdefghij'}",
		    "{'name':'a','proto':'0123456789abcde'}" },
		{ "[1,2]", "{}" },
		{ "{'name':null,'addr':null}", "{}" },
	};
	struct endpoint e;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *o = json_of(rows[i].in), *out = json_of(rows[i].out);
		json_t *back;

		endpoint_parse(&e, o);
		back = endpoint_json(&e);
		assert_true(json_equal(back, out));
		endpoint_clear(&e);
		json_decref(o);
		json_decref(out);
		json_decref(back);
	}
	endpoint_parse(&e, NULL);
	assert_string_equal(e.name, "");
	assert_int_equal(e.tls, -1);
	endpoint_clear(&e);
}

#define FINDING_(id, verdict, flags, side, ep, args, seq) \
	"{'id':'" id "','verdict':'" verdict "','flags':[" flags "]," \
	"'side':'" side "','endpoint':" ep ",'args':" args \
	",'evidence':{'seq':[" seq "],'command':'dig x'}}"

static const char *const findings[] = {
	FINDING_("dns-timeout", "error", "", "domain", "{'name':'a'}", "{}",
	    ""),
	FINDING_("dns-timeout", "error", "'masked','partial','intermittent'",
	    "domain", "{'name':'a','addr':'192.0.2.1'}", "{'ns':'a'}", "1,2"),
	FINDING_("here-no-v6", "unknown", "", "here", "{}", "{}", "9"),
	FINDING_("mx-null", "fact", "", "domain", "{'name':'a'}", "{}", "4"),
	FINDING_("aaaa-rcode", "error", "'partial'", "domain",
	    "{'name':'a','addr':'2001:db8::1','port':53,'proto':'dns',"
	    "'tls':'none'}", "{'qname':'x','rcode':'REFUSED','n':3}",
	    "1,2,3,4"),
};

static void
test_findings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++) {
		json_t *o = json_of(findings[i]), *back;
		struct finding *f = finding_parse_json(o);

		assert_non_null(f);
		back = finding_json(f);
		assert_true(json_equal(o, back));
		assert_true(finding_same(f, f));
		json_decref(o);
		json_decref(back);
		finding_free(f);
	}
	finding_free(NULL);
}

static void
test_findings_odd(void **state)
{
	static const struct {
		const char *in;
		bool taken;
	} rows[] = {
		{ FINDING_("no-such-id", "error", "", "domain", "{}", "{}",
		    ""), false },
		{ FINDING_("dns-timeout", "bad", "", "domain", "{}", "{}", ""),
		    false },
		{ FINDING_("dns-timeout", "error", "", "theirs", "{}", "{}",
		    ""), false },
		{ "{}", false }, { "[]", false },
		{ "{'id':'dns-timeout','verdict':'error','side':'domain'}",
		    true },
		{ FINDING_("dns-timeout", "error", "7,'odd'", "domain", "3",
		    "[]", "'x',1,2,3,4,5,6"), true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *o = json_of(rows[i].in);
		struct finding *f = finding_parse_json(o);

		assert_int_equal(f != NULL, rows[i].taken);
		if (f != NULL) {
			assert_true(json_is_object(f->args));
			assert_true(f->nevidence <= 4);
			assert_int_equal(f->flags, 0);
			assert_non_null(f->command);
		}
		finding_free(f);
		json_decref(o);
	}
}

/* Identity: id, endpoint and the name asked; not level, flags, evidence. */
static void
test_same(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ FINDING_("aaaa-rcode", "error", "'masked'", "domain",
		    "{'name':'a'}", "{'qname':'x','rcode':'REFUSED'}", "1"),
		  FINDING_("aaaa-rcode", "notice", "", "path", "{'name':'a'}",
		    "{'qname':'x','rcode':'NOTIMP'}", "2"), true },
		{ FINDING_("aaaa-rcode", "error", "", "domain", "{'name':'a'}",
		    "{'qname':'x'}", ""),
		  FINDING_("aaaa-rcode", "error", "", "domain", "{'name':'a'}",
		    "{'qname':'y'}", ""), false },
		{ FINDING_("aaaa-rcode", "error", "", "domain", "{'name':'a'}",
		    "{'qname':'x'}", ""),
		  FINDING_("aaaa-rcode", "error", "", "domain", "{'name':'b'}",
		    "{'qname':'x'}", ""), false },
		{ FINDING_("aaaa-rcode", "error", "", "domain", "{'name':'a'}",
		    "{'qname':'x'}", ""),
		  FINDING_("aaaa-nxdomain", "error", "", "domain",
		    "{'name':'a'}", "{'qname':'x'}", ""), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *a = json_of(rows[i].a), *b = json_of(rows[i].b);
		struct finding *x = finding_parse_json(a);
		struct finding *y = finding_parse_json(b);

		assert_int_equal(finding_same(x, y), rows[i].same);
		finding_free(x);
		finding_free(y);
		json_decref(a);
		json_decref(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_findings_odd),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
