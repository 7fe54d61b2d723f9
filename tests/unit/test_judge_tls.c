/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about TLS and certificates by table: every verification error by
 * itself, on web ports and on port 25.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/session_kit.h"

/* The session's date is 1795000000; a day has 86400 s. */
#define CERT(names, from, to, self, aia) "'chain':[{'names':[" names "]," \
	"'subject':'d','issuer':'CA','not_before':" #from ",'not_after':" #to \
	",'self':" self ",'aia':" aia "}]"
#define GOOD	CERT("'d.test','www.d.test'", 1790000000, 1799000000, \
	"false", "true")
#define ERRORS(list) "'ok':true,'version':'TLSv1.3','name_ok':true," \
	"'errors':[" list "]"
#define CODE(n)	"{'depth':0,'code':" #n ",'text':'x'}"
#define PAGE	"; http {'status':200,'complete':true}\n"
#define WEB(tls) "ok; connect {'ok':true,'ms':40}; tls {" tls "}" PAGE
#define AT	"web/https/www.d.test/192.0.2.11/443 => "
#define ALL	"web/https/www.d.test/* => "
#define ON	" www.d.test 192.0.2.11 https"
#define EACH(finding) finding " www.d.test 192.0.2.11 https\n" \
	finding " www.d.test 192.0.2.12 https\n" \
	finding " www.d.test 2001:db8:1::11 https\n" \
	finding " www.d.test 2001:db8:1::12 https\n"
#define MX	"mail-in/smtp/mx.d.test/* => ok; connect {'ok':true,'ms':40," \
	"'local':'192.0.2.200'}; reply {'verb':'banner','code':220,'ms':50," \
	"'text':'x','all':'x'}; caps {'tls':false,'list':['STARTTLS']}; "
#define MAIL(tls) MX "tls {" tls "}\n"
#define MAILS(finding) finding " mx.d.test 192.0.2.21 smtp\n" \
	finding " mx.d.test 2001:db8:1::21 smtp\n"
#define BAD	"'ok':false,'error':'handshake failure'"

static const struct session_row handshake[] = {
	{ "fails at one address", AT "closed; connect {'ok':true,'ms':4}; tls "
	    "{" BAD "}\n", "error tls-handshake" ON " masked partial\n" },
	{ "fails everywhere", ALL "closed; connect {'ok':true,'ms':4}; tls {"
	    BAD "}\n", EACH("error tls-handshake") },
	{ "fails on 25", MAIL(BAD), MAILS("error tls-handshake") },
	{ "not TLS at all", AT "closed; connect {'ok':true,'ms':4}; tls {'ok':"
	    "false,'not_tls':true}\n", "error tls-handshake" ON
	    " masked partial\n" },
	{ "interrupted", AT "interrupted; connect {'ok':true,'ms':4}; tls "
	    "{'ok':false,'error':'interrupted'}\n", "" },
	{ "only old versions", AT "closed; connect {'ok':true,'ms':4}; tls {"
	    BAD "}; tls {'lax':true,'ok':true,'version':'TLSv1'}\n",
	    "error tls-old-only" ON " masked partial\n" },
	{ "only old versions, everywhere", ALL "closed; connect {'ok':true,"
	    "'ms':4}; tls {" BAD "}; tls {'lax':true,'ok':true,'version':"
	    "'TLSv1'}\n", EACH("error tls-old-only") },
	{ "only old versions on 25", MAIL(BAD "}; tls {'lax':true,'ok':true,"
	    "'version':'TLSv1'"), MAILS("warning tls-old-only") },
	{ "old versions fail too", AT "closed; connect {'ok':true,'ms':4}; "
	    "tls {" BAD "}; tls {'lax':true," BAD "}\n",
	    "error tls-handshake" ON " masked partial\n" },
};

static const struct session_row names[] = {
	{ "another name", AT WEB(ERRORS(CODE(62)) "," GOOD),
	    "error cert-name" ON " masked partial\n" },
	{ "another name, everywhere", ALL WEB(ERRORS(CODE(62)) "," GOOD),
	    EACH("error cert-name") },
	{ "name_ok alone tells", AT WEB("'ok':true,'name_ok':false,'errors':"
	    "[]," GOOD), "error cert-name" ON " masked partial\n" },
	{ "another name on 25", MAIL(ERRORS(CODE(62)) "," GOOD),
	    MAILS("notice cert-name") },
	{ "a wildcard that matches", AT WEB(ERRORS("") "," CERT("'*.d.test'",
	    1790000000, 1799000000, "false", "true")),
	    "warning cert-differs www.d.test - https\n" },
};

static const struct session_row dates[] = {
	{ "expired", AT WEB(ERRORS(CODE(10)) "," CERT("'d.test','www.d.test'",
	    1780000000, 1794000000, "false", "true")),
	    "error cert-expired" ON " masked partial\n" },
	{ "expired everywhere", ALL WEB(ERRORS(CODE(10)) "," GOOD),
	    EACH("error cert-expired") },
	{ "expired on 25", MAIL(ERRORS(CODE(10)) "," GOOD),
	    MAILS("warning cert-expired") },
	{ "not yet", AT WEB(ERRORS(CODE(9)) "," GOOD),
	    "error cert-not-yet" ON " masked partial\n" },
	{ "not yet, everywhere", ALL WEB(ERRORS(CODE(9)) "," GOOD),
	    EACH("error cert-not-yet") },
	{ "not yet on 25", MAIL(ERRORS(CODE(9)) "," GOOD),
	    MAILS("notice cert-not-yet") },
	/* 10 days left of 104; 10 of 40; 30 of 365; 2 of 7 */
	{ "soon", ALL WEB(ERRORS("") "," CERT("'www.d.test'", 1786864000,
	    1795864000, "false", "true")), EACH("warning cert-expires-soon") },
	{ "a quarter of its life is left", ALL WEB(ERRORS("") ","
	    CERT("'www.d.test'", 1792408000, 1795864000, "false", "true")),
	    "" },
	{ "thirty days are left", ALL WEB(ERRORS("") "," CERT("'www.d.test'",
	    1766056000, 1797592000, "false", "true")), "" },
	{ "a short life", ALL WEB(ERRORS("") "," CERT("'www.d.test'",
	    1794568000, 1795172800, "false", "true")), "" },
	{ "soon on 25", MAIL(ERRORS("") "," CERT("'mx.d.test'", 1786864000,
	    1795864000, "false", "true")),
	    MAILS("notice cert-expires-soon") },
};

static const struct session_row trust[] = {
	{ "unknown issuer", AT WEB(ERRORS(CODE(20)) ","
	    CERT("'d.test','www.d.test'", 1790000000, 1799000000, "false",
	    "false")), "error cert-untrusted" ON " masked partial\n" },
	{ "unknown issuer, everywhere", ALL WEB(ERRORS(CODE(19)) "," GOOD),
	    EACH("error cert-untrusted") },
	{ "unknown issuer on 25", MAIL(ERRORS(CODE(19)) "," GOOD),
	    MAILS("notice cert-untrusted") },
	{ "self-signed", AT WEB(ERRORS(CODE(18)) ","
	    CERT("'d.test','www.d.test'", 1790000000, 1799000000, "true",
	    "false")), "error cert-self-signed" ON " masked partial\n" },
	{ "self-signed everywhere", ALL WEB(ERRORS(CODE(18)) "," GOOD),
	    EACH("error cert-self-signed") },
	{ "self-signed on 25", MAIL(ERRORS(CODE(18)) "," GOOD),
	    MAILS("notice cert-self-signed") },
	/* With its intermediate, which says where its root is to be had. */
	{ "unknown root of an authority that tells where it is", AT
	    WEB(ERRORS(CODE(20)) ",'chain':[{'names':['www.d.test'],'subject':"
	    "'d','issuer':'CA','not_before':1790000000,'not_after':1799000000,"
	    "'self':false,'aia':true},{'names':[],'subject':'CA','issuer':"
	    "'Root','not_before':1790000000,'not_after':1799000000,'self':"
	    "false,'ca':true,'aia':true}]"),
	    "error cert-untrusted" ON " masked partial\n" },
	{ "incomplete", AT WEB(ERRORS(CODE(20)) "," GOOD),
	    "warning cert-incomplete" ON " masked partial\n" },
	{ "incomplete everywhere", ALL WEB(ERRORS(CODE(21)) "," GOOD),
	    EACH("warning cert-incomplete") },
	{ "incomplete on 25", MAIL(ERRORS(CODE(20)) "," GOOD),
	    MAILS("notice cert-incomplete") },
	{ "two errors, two findings", AT WEB(ERRORS(CODE(62) "," CODE(10)) ","
	    GOOD), "error cert-expired" ON " masked partial\n"
	    "error cert-name" ON " masked partial\n" },
	{ "an error of the date says nothing of trust", ALL
	    WEB(ERRORS(CODE(10)) "," GOOD), EACH("error cert-expired") },
};

#define OTHER(n, from, to) CERT(n, from, to, "false", "true")

static const struct session_row differs[] = {
	{ "other names", AT WEB(ERRORS("") "," OTHER("'www.d.test'",
	    1790000000, 1799000000)),
	    "warning cert-differs www.d.test - https\n" },
	{ "other dates", AT WEB(ERRORS("") "," OTHER("'d.test','www.d.test'",
	    1790000000, 1799700000)),
	    "warning cert-differs www.d.test - https\n" },
	{ "renewed within the week", AT WEB(ERRORS("") ","
	    OTHER("'d.test','www.d.test'", 1790000000, 1799500000)), "" },
	{ "the same names in another order", AT WEB(ERRORS("") ","
	    OTHER("'www.d.test','d.test'", 1790000000, 1799000000)), "" },
	{ "explained by what is worse", AT WEB(ERRORS(CODE(62)) ","
	    OTHER("'x.test'", 1790000000, 1799000000)),
	    "error cert-name" ON " masked partial\n" },
	{ "other names on 25", "mail-in/smtp/mx.d.test/192* => ok; connect {"
	    "'ok':true,'ms':40}; reply {'verb':'banner','code':220,'ms':50,"
	    "'text':'x','all':'x'}; caps {'tls':false,'list':['STARTTLS']}; "
	    "tls {" ERRORS("") "," OTHER("'x.test'", 1790000000, 1799000000)
	    "}\n", "notice cert-differs mx.d.test - smtp\n" },
};

#define TEST(table) \
static void \
test_##table(void **state) \
{ \
	(void)state; \
	session_rows(table, sizeof table / sizeof table[0]); \
}

TEST(handshake)
TEST(names)
TEST(dates)
TEST(trust)
TEST(differs)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
