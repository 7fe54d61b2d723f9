/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a diagnosis by table: the verdict of the whole, of each service
 * and family, whose turn it is, and the delegation object.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/summary.h"
#include "tests/unit/session_kit.h"

#define V6_OFF	"head options.v6 false\n"
#define NO_V6	"head vantage {'v4':'192.0.2.200'}\n"
#define UP	"ok; connect {'ok':true,'ms':40,'local':'192.0.2.200'}"
#define FAIL(cause) cause "; connect {'ok':false,'cause':'" cause "'}\n"
#define NODATA(what) "*:" what " => qr aa|au d.test. 60 IN SOA n. h. 7 2 3 4 " \
	"5\n"

static const struct row {
	const char	*name, *text;
	const char	*verdict;
	const char	*dns, *web, *mail;	/* "v4/v6" */
	const char	*who;			/* parted by spaces */
} rows[] = {
	{ "sound", "", "ok", "ok/ok", "ok/ok", "ok/ok", "" },
	{ "a notice is ok with a notice", NODATA("www.d.test:AAAA"), "notice",
	    "ok/ok", "ok/ok", "ok/ok", "" },
	{ "a fact changes nothing", "*:d.test:MX => qr aa|au d.test. 60 IN "
	    "SOA n. h. 7 2 3 4 5\n", "ok", "ok/ok", "ok/ok",
	    "not-offered/not-offered", "" },
	{ "a warning", "servers/*:d.test:NS => qr aa|an d.test. 60 IN NS "
	    "ns1.d.test.\n", "warning", "ok/ok", "ok/ok", "ok/ok",
	    "registrar" },
	{ "an error, masked, is an error", "servers/*/2001:db8:1::1/* => "
	    "timeout\n", "error", "ok/error", "ok/ok", "ok/ok", "dnshost" },
	{ "the worst counts", "servers/*/2001:db8:1::1/* => timeout\n"
	    NODATA("www.d.test:AAAA"), "error", "ok/error", "ok/ok", "ok/ok",
	    "dnshost" },
	{ "web over v6", "web/*/2001:* => " FAIL("refused"), "error", "ok/ok",
	    "ok/error", "ok/ok", "server" },
	{ "mail over v4", "mail-in/*/192* => " FAIL("refused"), "error",
	    "ok/ok", "ok/ok", "error/ok", "server" },
	{ "two who must act", "servers/*/2001:db8:1::1/* => timeout\n"
	    "web/https/www.d.test/192.0.2.11/* => " FAIL("unreachable"),
	    "error", "ok/error", "error/ok", "ok/ok",
	    "dnshost network server" },
	/* what could not be tested */
	{ "no v6 here, offered: unknown", NO_V6, "unknown", "ok/unknown",
	    "ok/unknown", "ok/unknown", "" },
	{ "no v6 here, and an error: the error", NO_V6
	    "mail-in/* => " FAIL("refused"), "error", "ok/unknown",
	    "ok/unknown", "error/unknown", "server" },
	{ "no v6 here, and a warning: the warning", NO_V6
	    "servers/*:d.test:NS => qr aa|an d.test. 60 IN NS ns1.d.test.\n",
	    "warning", "ok/unknown", "ok/unknown", "ok/unknown",
	    "registrar" },
	{ "switched off is not asked", V6_OFF, "ok", "ok/not-asked",
	    "ok/not-asked", "ok/not-asked", "" },
	{ "port 25 blocked: mail unknown", "mail-in/* => " FAIL("timeout"),
	    "unknown", "ok/ok", "ok/ok", "unknown/unknown", "" },
	{ "refused for what we are: unknown", "mail-in/*/192* => " UP
	    "; reply {'verb':'banner','code':554,'text':'no','all':'no',"
	    "'ms':1}\n", "unknown", "ok/ok", "ok/ok", "unknown/ok", "" },
	{ "still running", "web/https/www.d.test/192.0.2.11/* => running\n",
	    "unknown", "ok/ok", "unknown/ok", "ok/ok", "" },
	{ "interrupted", "web/https/www.d.test/192.0.2.11/* => interrupted\n",
	    "unknown", "ok/ok", "unknown/ok", "ok/ok", "" },
	{ "cut off before the end", "web/http/www.d.test/192.0.2.11/* => " UP
	    "; limit {'what':'headers','at':200}\n", "unknown", "ok/ok",
	    "unknown/ok", "ok/ok", "" },
	{ "port 53 intercepted", "*/dns/*.root/*:.:NS => qr aa ra|an . 60 IN "
	    "NS a.root.\n", "unknown", "unknown/unknown", "ok/ok", "ok/ok",
	    "" },
	{ "not offered is no verdict", "web/http/* => " FAIL("refused"), "ok",
	    "ok/ok", "ok/ok", "ok/ok", "" },
	/* sides */
	{ "our resolver's fault is not the domain's",
	    "head options.resolvers ['192.0.2.53']\n"
	    "resolver/*:www.d.test:A => qr ra SERVFAIL\n", "ok", "ok/ok",
	    "ok/ok", "ok/ok", "" },
	{ "missing", "*/t?.test/*:d.test:NS => qr aa NXDOMAIN|au test. 60 IN "
	    "SOA n. h. 7 2 3 4 5\n", "error", "not-offered/not-offered",
	    "not-offered/not-offered", "not-offered/not-offered",
	    "registrar" },
	{ "the parent fails: unknown", "*/t?.test/* => qr SERVFAIL\n",
	    "unknown", "not-offered/not-offered", "not-offered/not-offered",
	    "not-offered/not-offered", "" },
};

static json_t *
end_of(const char *name, const char *text)
{
	struct session *s = session_of(name, text);
	struct model *m = model_build(s, s->us);
	json_t *end = summary_end(m);

	model_free(m);
	session_free(s);
	return end;
}

static void
service(const struct row *row, const json_t *end, const char *which,
    const char *expected)
{
	const json_t *list = json_object_get(json_object_get(end, "summary"),
	    "services"), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		char *is;

		if (strcmp(json_str(item, "service"), which) != 0)
			continue;
		is = xasprintf("%s/%s", json_str(item, "v4"), json_str(item,
		    "v6"));
		if (strcmp(is, expected) != 0)
			print_error("%s: %s is %s, expected %s\n", row->name,
			    which, is, expected);
		assert_string_equal(is, expected);
		free(is);
		return;
	}
	fail_msg("%s: no %s", row->name, which);
}

/* The same, but for one step that was left. */
static void
test_left(void **state)
{
	(void)state;
	for (int i = 0; i < STEP_SUMMARY; i++) {
		struct session *s = session_of("left", "");
		struct model *m;
		json_t *end;

		s->steps[i] = i % 2 == 0 ? STEP_WAITING : STEP_RUNNING;
		m = model_build(s, s->us);
		end = summary_end(m);
		assert_string_equal(json_str(end, "verdict"), "unknown");
		assert_string_equal(json_str(json_object_get(end, "steps"),
		    step_rows[i].id), "unknown");
		assert_string_equal(json_str(json_object_get(end, "steps"),
		    step_rows[STEP_SUMMARY].id), "unknown");
		json_decref(end);
		model_free(m);
		session_free(s);
	}
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		json_t *end = end_of(rows[r].name, rows[r].text);
		const json_t *item, *who = json_object_get(json_object_get(end,
		    "summary"), "who");
		size_t i, at = 0;
		char list[200] = "";

		if (strcmp(json_str(end, "verdict"), rows[r].verdict) != 0)
			fail_msg("%s: %s", rows[r].name, json_str(end,
			    "verdict"));
		service(&rows[r], end, "dns", rows[r].dns);
		service(&rows[r], end, "web", rows[r].web);
		service(&rows[r], end, "mail-in", rows[r].mail);
		/* The order is that of the worst; here only the set. */
		json_array_foreach(who, i, item) {
			const char *word = json_string_value(item);

			if (strstr(rows[r].who, word) == NULL)
				fail_msg("%s: who: %s", rows[r].name, word);
			at += strlen(word) + 1;
			strcat(list, word);
		}
		if (at != (*rows[r].who == '\0' ? 0 : strlen(rows[r].who) + 1))
			fail_msg("%s: who: %s", rows[r].name, list);
		json_decref(end);
	}
}

/* What the parents are, what they say, what the zone says: exact. */
static void
test_delegation(void **state)
{
	static const char expected[] =
	    "{\"parent\":[{\"ns\":\"t1.test\",\"addr\":\"198.51.100.11\"},"
	    "{\"ns\":\"t1.test\",\"addr\":\"2001:db8:0:2::1\"},"
	    "{\"ns\":\"t2.test\",\"addr\":\"198.51.100.12\"},"
	    "{\"ns\":\"t2.test\",\"addr\":\"2001:db8:0:2::2\"}],"
	    "\"delegation\":[{\"ns\":\"ns1.d.test\",\"addr\":\"192.0.2.1\"},"
	    "{\"ns\":\"ns2.d.test\",\"addr\":null}],"
	    "\"zone\":[{\"ns\":\"ns1.d.test\",\"addr\":\"192.0.2.1\"},"
	    "{\"ns\":\"ns1.d.test\",\"addr\":\"2001:db8:1::1\"},"
	    "{\"ns\":\"ns3.d.test\",\"addr\":null}]}";
	json_t *end = end_of("delegation", "*/t?.test/* => qr|au d.test. 60 "
	    "IN NS ns1.d.test.|au d.test. 60 IN NS ns2.d.test.|ad ns1.d.test."
	    " 60 IN A 192.0.2.1\nservers/*:d.test:NS => qr aa|an d.test. 60 "
	    "IN NS ns3.d.test.|an d.test. 60 IN NS ns1.d.test.\n"
	    "*:ns2.d.test:* => qr aa NXDOMAIN|au d.test. 60 IN SOA n. h. 7 2 "
	    "3 4 5\n");
	char *s = json_dumps(json_object_get(end, "delegation"),
	    JSON_COMPACT);

	(void)state;
	assert_string_equal(s, expected);
	free(s);
	json_decref(end);
}

/* Every endpoint once, in order; counts agree with the list. */
static void
test_matrix(void **state)
{
	json_t *end = end_of("matrix", "servers/*/2001:db8:1::1/* => timeout\n"
	    NODATA("www.d.test:AAAA"));
	const json_t *item, *counts = json_object_get(end, "counts");
	struct endpoint last, ep;
	size_t i, errors = 0, notices = 0;

	(void)state;
	memset(&last, 0, sizeof last);
	json_array_foreach(json_object_get(end, "matrix"), i, item) {
		endpoint_parse(&ep, json_object_get(item, "endpoint"));
		assert_int_not_equal(ep.port, 0);
		assert_int_not_equal(verdict_parse(json_str(item, "verdict")),
		    -1);
		if (i > 0) {
			assert_true(endpoint_cmp(&last, &ep) < 0);
			endpoint_clear(&last);
		}
		last = ep;
	}
	/* 4 servers, 4 addresses of the apex and 2 of www at two ports, 2 of
	   the mail host */
	assert_int_equal(i, 4 + 8 + 4 + 2);
	endpoint_clear(&last);
	json_array_foreach(json_object_get(end, "findings"), i, item) {
		errors += strcmp(json_str(item, "verdict"), "error") == 0;
		notices += strcmp(json_str(item, "verdict"), "notice") == 0;
	}
	assert_int_equal(json_int(counts, "error", -1), errors);
	assert_int_equal(json_int(counts, "notice", -1), notices);
	assert_int_equal(errors, 1);
	assert_true(json_flag(json_object_get(end, "summary"), "half_done"));
	assert_int_equal(json_int(json_object_get(end, "summary"), "worst",
	    -1), 0);
	json_decref(end);
}

/* What was found without facts that were left out is not all there is. */
static void
test_lost(void **state)
{
	static const struct { const char *text, *verdict; } lost[] = {
		{ "", "unknown" }, { "web/*/2001:* => " FAIL("refused"),
		"error" },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct session *s = session_of("lost", lost[i].text);
		struct model *m;
		json_t *end;

		s->lost = 1;
		s->dropped = true;
		m = model_build(s, s->us);
		end = summary_end(m);
		assert_string_equal(json_str(end, "verdict"),
		    lost[i].verdict);
		assert_string_equal(json_string_value(json_array_get(
		    json_object_get(json_object_get(end, "summary"),
		    "limits"), 0)), "session");
		json_decref(end);
		model_free(m);
		session_free(s);
	}
}

static void
test_providers(void **state)
{
	static const struct {
		const char *service, *name, *who;
	} names[] = {
		{ "dns", "ns-1.awsdns-23.org", "Route 53" },
		{ "dns", "ada.ns.cloudflare.com", "Cloudflare" },
		{ "dns", "cloudflare.com", NULL },
		{ "dns", "ns.notcloudflare.com", NULL },
		{ "dns", "ns1.cloudflare.com.evil.test", NULL },
		{ "mail-in", "aspmx.l.google.com", "Google" },
		{ "dns", "aspmx.l.google.com", NULL },
		{ "web", "x.cloudfront.net", "CloudFront" },
		{ "web", "", NULL }, { "", "x.cloudfront.net", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *who = provider_of(names[i].service, names[i].name);

		if (names[i].who == NULL)
			assert_null(who);
		else
			assert_string_equal(who, names[i].who);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_delegation),
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_providers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
