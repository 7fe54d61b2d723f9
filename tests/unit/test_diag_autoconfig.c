/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses in the memory world: mail servers that autoconfig.DOMAIN
 * names are offered; what hands out none stays quiet, and costs a domain
 * without that name nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/unit/diag_kit.h"

#define NAME \
	"record {d} autoconfig A {x1.4}\n" \
	"record {d} autoconfig AAAA {x1.6}\n"
#define XML(servers) "\"<clientConfig version='1.1'><emailProvider id='{d}'>" \
	servers "</emailProvider></clientConfig>\""
#define SERVER(what, type, host, port, socket) "<" what " type='" type "'>" \
	"<hostname>" host "</hostname><port>" port "</port><socketType>" \
	socket "</socketType></" what ">"
#define IN(type, host, port, socket) \
	SERVER("incomingServer", type, host, port, socket)
#define OUT(host, port, socket) \
	SERVER("outgoingServer", "smtp", host, port, socket)
#define SITE(body) NAME "web autoconfig.{d} {x1.4} {x1.6} body " body "\n"
#define IMAPS SITE(XML(IN("imap", "{n1}.%EMAILDOMAIN%", "993", "SSL")))
#define HOST \
	"record {d} {n1} A {x2.4}\n" \
	"record {d} {n1} AAAA {x2.6}\n" \
	"imap {n1}.{d} {x2.4} {x2.6} tls auth PLAIN\n"

#define BOMB "\"<!DOCTYPE c [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;'>" \
	"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>" \
	"<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>" \
	"<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>]>" \
	"<clientConfig><emailProvider>&e;" IN("imap", "{n1}.{d}", "993", \
	"SSL") "</emailProvider></clientConfig>\""

/* Somebody else's domain with a mailbox host. */
#define HOSTER \
	"delegate {other} {n3}.{other} {x3.4} {x3.6} ; " \
	"{n4}.{other} {x4.4} {x4.6}\n" \
	"zone {other}\n" \
	"server {n3}.{other} {x3.4} {x3.6}\n" \
	"server {n4}.{other} {x4.4} {x4.6}\n" \
	"record {other} {n5} A {x5.4}\n" \
	"record {other} {n5} AAAA {x5.6}\n" \
	"imap {n5}.{other} {x5.4} {x5.6} tls auth PLAIN\n" \
	"submission {n5}.{other} {x5.4} {x5.6}\n"
#define HOSTED SITE(XML(IN("imap", "{n5}.{other}", "993", "SSL") \
	OUT("{n5}.{other}", "587", "STARTTLS"))) HOSTER

/* Told only when the name's own addresses have been waited for. */
#define LATE(servers) NAME \
	"fault tcp {x1.4} silent\nfault tcp {x1.6} silent\n! web {d}\n" \
	"web {d} {web1.4} {web2.4} {web1.6} {web2.6} body " \
	XML(servers) "\n"

#define QUIET "= ok\n~ connect-timeout\n~ connect-refused\n~ http-status\n"

static const struct kit_case cases[] = {
	{ "sound", IMAPS HOST "= ok\n"
	    "+ ok {n1}.{d} {x2.4} imaps:993\n"
	    "+ ok {n1}.{d} {x2.6} imaps:993\n"
	    "+ ok autoconfig.{d} {x1.4} http\n"
	    "+ ok autoconfig.{d} {x1.6} https\n" },
	{ "its IPv6 is dead", IMAPS HOST
	    "fault tcp {x2.6} port 993 silent\n"
	    "> error connect-timeout {n1}.{d} {x2.6} imaps:993 masked\n"
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "closed everywhere, and no guess", IMAPS
	    "record {d} {n1} A {x2.4}\n"
	    "imap {n1}.{d} {x2.4} tls auth PLAIN\n"
	    "fault tcp {x2.4} port 993 refused\n"
	    "> error connect-refused {n1}.{d} {x2.4} imaps:993\n"
	    "= error\n" },
	{ "a guessed name that it names too",
	    SITE(XML(IN("pop3", "mail.{d}", "110", "plain")))
	    "record {d} mail A {x2.4}\n"
	    "host {x2.4}\n"
	    "> error connect-refused mail.{d} {x2.4} pop3:110\n"
	    "= error\n" },
	{ "a guessed name of which it names another port",
	    SITE(XML(IN("imap", "mail.{d}", "9930", "SSL")))
	    "record {d} mail A {x2.4}\n"
	    "record {d} mail AAAA {x2.6}\n"
	    "imap mail.{d} {x2.4} tls port 9930 auth PLAIN\n"
	    "fault tcp {x2.6} port 9930 refused\n"
	    "+ ok mail.{d} {x2.4} imaps:9930\n"
	    "> error connect-refused mail.{d} {x2.6} imaps:9930 masked\n"
	    "= error\n" },
	{ "a certificate for another name", IMAPS HOST
	    "imap {n1}.{d} {x2.4} {x2.6} tls auth PLAIN cert name {other}\n"
	    "> error cert-name {n1}.{d} {x2.4} imaps:993\n"
	    "> error cert-name {n1}.{d} {x2.6} imaps:993\n"
	    "= error\n" },
	{ "all kinds",
	    SITE(XML(IN("imap", "{n1}.{d}", "143", "STARTTLS")
	    IN("pop3", "{n1}.{d}", "995", "SSL")
	    IN("pop3", "{n1}.{d}", "110", "plain")
	    OUT("{n1}.{d}", "465", "SSL") OUT("{n1}.{d}", "587", "STARTTLS")
	    OUT("{n1}.{d}", "25", "STARTTLS")))
	    "record {d} {n1} A {x2.4}\n"
	    "imap {n1}.{d} {x2.4} auth PLAIN\n"
	    "pop {n1}.{d} {x2.4} tls auth PLAIN\n"
	    "pop {n1}.{d} {x2.4} auth PLAIN\n"
	    "submission {n1}.{d} {x2.4} tls\n"
	    "submission {n1}.{d} {x2.4}\n"
	    "+ ok {n1}.{d} {x2.4} imap:143\n"
	    "+ ok {n1}.{d} {x2.4} pop3s:995\n"
	    "+ ok {n1}.{d} {x2.4} pop3:110\n"
	    "+ ok {n1}.{d} {x2.4} smtps:465\n"
	    "+ ok {n1}.{d} {x2.4} submission:587\n"
	    "= ok\n" },
	{ "at somebody else's", HOSTED "= ok\n"
	    "+ ok {n5}.{other} {x5.6} imaps:993\n"
	    "+ ok {n5}.{other} {x5.4} submission:587\n" },
	{ "at somebody else's, whose IPv6 is dead", HOSTED
	    "fault tcp {x5.6} port 587 silent\n"
	    "> error connect-timeout {n5}.{other} {x5.6} submission:587 "
	    "masked\n"
	    "= error\n" },
	{ "as an alias at somebody else's",
	    "record {d} autoconfig CNAME {n6}.{other}.\n"
	    HOSTER
	    "record {other} {n6} A {x6.4}\n"
	    "record {other} {n6} AAAA {x6.6}\n"
	    "web autoconfig.{d} {x6.4} {x6.6} http body "
	    XML(IN("imap", "{n5}.{other}", "993", "SSL")) "\n"
	    "fault tcp {x5.6} port 993 silent\n"
	    "> error connect-timeout {n5}.{other} {x5.6} imaps:993 masked\n"
	    "= error\n" },
	{ "a host that does not exist",
	    SITE(XML(IN("imap", "{n1}.{d}", "993", "SSL"))) QUIET },
	{ "from the domain itself, where the name has none", NAME
	    "web autoconfig.{d} {x1.4} {x1.6} status 404\n"
	    "! web {d}\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} body "
	    XML(IN("imap", "{n1}.{d}", "993", "SSL")) "\n" HOST
	    "fault tcp {x2.6} port 993 refused\n"
	    "> error connect-refused {n1}.{d} {x2.6} imaps:993 masked\n"
	    "= error\n" },
	{ "not from the domain itself without the name",
	    "! web {d}\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} body "
	    XML(IN("imap", "{n1}.{d}", "993", "SSL")) "\n" HOST
	    "fault tcp {x2.6} port 993 refused\n"
	    QUIET },
	/* where it is handed out is a web server like any other */
	{ "handed out over IPv4 alone", IMAPS HOST
	    "fault tcp {x1.6} silent\n"
	    "> error connect-timeout autoconfig.{d} {x1.6} http masked\n"
	    "> error connect-timeout autoconfig.{d} {x1.6} https masked\n"
	    "= error\n" },
	{ "handed out by one of two", IMAPS HOST
	    "fault http {x1.6} status 503\n"
	    "> error http-status autoconfig.{d} {x1.6} http masked\n"
	    "> error http-status autoconfig.{d} {x1.6} https masked\n"
	    "= error\n" },
	{ "a certificate of the hoster's", IMAPS HOST
	    "web autoconfig.{d} {x1.4} {x1.6} body "
	    XML(IN("imap", "{n1}.%EMAILDOMAIN%", "993", "SSL"))
	    " cert name {other}\n"
	    "> notice cert-name autoconfig.{d} {x1.4} https\n"
	    "> notice cert-name autoconfig.{d} {x1.6} https\n"
	    "= notice\n" },
	/* quiet */
	{ "a name without a server", NAME "host {x1.4} {x1.6}\n" QUIET },
	{ "a name that is silent", NAME "fault tcp {x1.4} silent\n"
	    "fault tcp {x1.6} silent\n" QUIET },
	{ "404", NAME "web autoconfig.{d} {x1.4} {x1.6} status 404\n" QUIET },
	{ "503", NAME "web autoconfig.{d} {x1.4} {x1.6} status 503\n" QUIET },
	{ "404 with a configuration", HOST NAME
	    "web autoconfig.{d} {x1.4} {x1.6} status 404 body "
	    XML(IN("imap", "{n1}.{d}", "993", "SSL")) "\n"
	    "fault tcp {x2.6} port 993 refused\n" QUIET },
	{ "404, dead over IPv6, expired certificate", NAME
	    "web autoconfig.{d} {x1.4} {x1.6} status 404 cert expired\n"
	    "fault tcp {x1.6} silent\n" QUIET "~ cert-expired\n" },
	{ "no TLS there", NAME
	    "web autoconfig.{d} {x1.4} {x1.6} status 404 cert fail\n"
	    QUIET "~ tls-handshake\n" },
	{ "a page", NAME "web autoconfig.{d} {x1.4} {x1.6}\n" QUIET },
	{ "a redirect to what is closed", NAME
	    "web autoconfig.{d} {x1.4} {x1.6} redirect https://{n1}.{d}/\n"
	    "record {d} {n1} A {x2.4}\nhost {x2.4}\n" QUIET },
	{ "a redirect to itself", NAME "web autoconfig.{d} {x1.4} {x1.6} "
	    "redirect https://autoconfig.{d}/mail/config-v1.1.xml\n" QUIET
	    "~ http-redirect-loop\n" },
	{ "garbled", NAME "web autoconfig.{d} {x1.4} {x1.6}\n"
	    "fault http {x1.4} reply \"what\"\n"
	    "fault http {x1.6} reply \"what\"\n" QUIET "~ http-garbled\n" },
	{ "wildcard zone",
	    "! record {d} www\n"
	    "record {d} * A {web1.4}\nrecord {d} * AAAA {web1.6}\n" QUIET },
	{ "wildcard zone whose answers turn",
	    "! record {d} www\n"
	    "record {d} * A {web1.4}\nrecord {d} * A {web2.4}\n"
	    "record {d} * AAAA {web1.6}\n"
	    "fault dns {ns1.4} type A pick 1\n"
	    "fault dns {ns2.4} type A pick 1\n"
	    "fault dns {ns1.6} type A pick 1\n"
	    "fault dns {ns2.6} type A pick 1\n" QUIET },
	{ "hostile: entities", SITE(BOMB) HOST
	    "fault tcp {x2.6} port 993 refused\n" QUIET },
	{ "hostile: 1 MiB", HOST NAME
	    "web autoconfig.{d} {x1.4} {x1.6} long 1040000 body "
	    XML(IN("imap", "{n1}.{d}", "993", "SSL")) "\n"
	    "fault tcp {x2.6} port 993 refused\n" QUIET },
	{ "hostile: broken", SITE("\"<clientConfig><emailProvider>"
	    IN("imap", "{n1}.{d}", "993", "SSL") "</emailProvider>\"") HOST
	    "fault tcp {x2.6} port 993 refused\n" QUIET },
	{ "hostile: no names", SITE(XML(IN("imap", "127.0.0.1", "993", "SSL")
	    IN("imap", "localhost", "993", "SSL")
	    IN("imap", "a/b.{d}", "993", "SSL"))) QUIET },
	{ "hostile: an address inside",
	    SITE(XML(IN("imap", "{n1}.{d}", "22", "SSL")))
	    "record {d} {n1} A 127.0.0.1\n"
	    "record {d} {n1} A 10.0.0.1\n"
	    "* address-special\n~ connect-refused\n~ connect-timeout\n" },
	/* left out */
	{ "mailbox skipped", IMAPS HOST "@ skip mailbox\n"
	    "fault tcp {x2.6} port 993 refused\n" QUIET },
	{ "web skipped", IMAPS HOST "@ skip web\n"
	    "fault tcp {x2.6} port 993 refused\n" QUIET },
	{ "no IPv6 here", IMAPS HOST "vantage v4\n"
	    "+ ok {n1}.{d} {x2.4} imaps:993\n"
	    "+ unknown {n1}.{d} {x2.6} imaps:993\n"
	    "+ unknown autoconfig.{d} {x1.6} https\n"
	    "> unknown here-no-v6 - - -\n"
	    "= unknown\n" },
};

static unsigned
count(const char *log, const char *text)
{
	unsigned n = 0;

	for (; (log = strstr(log, text)) != NULL; log += strlen(text))
		n++;
	return n;
}

/* Probes of a step that ask, or fetch, something with this in its key. */
static unsigned
probes(const struct kit_run *r, enum step_id step, const char *text)
{
	const struct session *s = engine_session(r->engine);
	unsigned n = 0;

	for (size_t i = 0; i < s->nprobes; i++)
		n += s->probes[i]->step == step &&
		    strstr(s->probes[i]->what, text) != NULL;
	return n;
}

/* Without the name not one connection; one question says that it is not. */
static void
test_without(void **state)
{
	static const char *const guesses[] = { "autoconfig", "mail", "smtp",
		"pop", "imap" };
	struct kit_run r, without;

	(void)state;
	kit_run(&r, "", 0);
	kit_run(&without, "@ skip mailbox\n", 0);
	for (size_t i = 0; i < sizeof guesses / sizeof guesses[0]; i++) {
		char *asked = xasprintf(":%s.%s:", guesses[i],
		    kit_var(&r, "d"));

		assert_int_equal(probes(&r, STEP_ZONE, asked), 1);
		assert_int_equal(probes(&r, STEP_SERVERS, asked), 0);
		assert_int_equal(probes(&r, STEP_RESOLVER, asked), 0);
		assert_int_equal(probes(&without, STEP_ZONE, asked), 0);
		free(asked);
	}
	assert_int_equal(probes(&r, STEP_WEB, "autoconfig:"), 0);
	/* Six services at two addresses of two mail hosts. */
	assert_int_equal(r.stats.connects - without.stats.connects, 24);
	kit_free(&without);
	kit_free(&r);
}

/* How often either place is asked, by what it is. */
static void
test_places(void **state)
{
	static const struct { const char *text; unsigned name, domain; } all[]
	    = {
		{ IMAPS HOST, 4, 0 },
		{ NAME "host {x1.4} {x1.6}\n", 4, 4 },
		{ NAME "web autoconfig.{d} {x1.4} {x1.6} status 404\n", 4, 4 },
		{ NAME "web autoconfig.{d} {x1.4} {x1.6} http body "
		    XML(IN("imap", "{n1}.{d}", "993", "SSL")) "\n" HOST, 4,
		    4 },
		{ NAME "! web {www}\n! web {d}\n"
		    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} http\n", 4,
		    0 },
		{ "! record {d} www\nrecord {d} * A {web1.4}\n"
		    "record {d} * AAAA {web1.6}\n", 0, 0 },
		{ "record {d} autoconfig AAAA {x1.6}\n", 2, 4 },
		{ NAME "@ no-v6\n", 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct kit_run r;

		kit_run(&r, all[i].text, 0);
		assert_int_equal(probes(&r, STEP_WEB, "autoconfig:/mail/"),
		    all[i].name);
		assert_int_equal(probes(&r, STEP_WEB,
		    "autoconfig:/.well-known/"), all[i].domain);
		kit_free(&r);
	}
}

/* An address is sent only where the diagnosis is about one, and encoded. */
static void
test_address(void **state)
{
	static const char bare[] = "GET /mail/config-v1.1.xml HTTP/1.1";
	struct kit_run r;

	(void)state;
	kit_run(&r, IMAPS HOST "@ mailbox taro@{d}\n", 0);
	assert_true(count(r.log, bare) >= 4);
	assert_int_equal(count(r.log, "emailaddress"), 0);
	kit_free(&r);
	kit_run(&r, IMAPS HOST "@ subject t+a%r=o@{d}\n", 0);
	assert_int_equal(count(r.log, bare), 0);
	assert_true(count(r.log, "GET /mail/config-v1.1.xml?emailaddress="
	    "t%2Ba%25r%3Do%40") >= 4);
	assert_true(count(r.log, "\"ev\":\"fact\",\"probe\":\"mailbox/imaps/")
	    > 0);
	kit_free(&r);
}

/* The connections of a probe, by its key. */
static unsigned
connects(const struct kit_run *r, const char *key)
{
	const struct sprobe *p = session_probe(engine_session(r->engine), key);
	unsigned n = 0;

	for (size_t i = 0; p != NULL && i < p->nfacts; i++)
		n += strcmp(p->facts[i].key, "connect") == 0;
	return n;
}

/* Named: all tries, also where it was only guessed at first. */
static void
test_tries(void **state)
{
	struct kit_run r;
	char *named, *guessed;

	(void)state;
	kit_run(&r, LATE(IN("imap", "mail.{d}", "993", "SSL")
	    IN("imap", "{n1}.{d}", "993", "SSL"))
	    "record {d} mail A {x2.4}\nrecord {d} {n1} A {x3.4}\n"
	    "host {x2.4} {x3.4}\n", 0);
	named = xasprintf("mailbox/imaps/%s.%s/%s/993", kit_var(&r, "n1"),
	    kit_var(&r, "d"), kit_var(&r, "x3.4"));
	guessed = xasprintf("mailbox/imaps/mail.%s/%s/993", kit_var(&r, "d"),
	    kit_var(&r, "x2.4"));
	assert_int_equal(connects(&r, named), 3);
	assert_int_equal(connects(&r, guessed), 3);
	free(guessed);
	free(named);
	kit_free(&r);
}

/* The step ends when all that was told has been spoken to. */
static void
test_end(void **state)
{
	const char *last = NULL, *end;
	struct kit_run r;

	(void)state;
	kit_run(&r, LATE(IN("imap", "{n5}.{other}", "993", "SSL")) HOSTER, 0);
	assert_non_null(strstr(r.log, "\"probe\":\"mailbox/imaps/"));
	end = strstr(r.log, "\"step\":\"mailbox\",\"state\":\"ended\"");
	if (end == NULL)
		end = strstr(r.log,
		    "\"state\":\"ended\",\"step\":\"mailbox\"");
	assert_non_null(end);
	for (const char *p = r.log; (p = strstr(p, "\"mailbox/")) != NULL; p++)
		last = p;
	assert_non_null(last);
	assert_true(last < end);
	kit_free(&r);
}

/* Dead where it is handed out, dead where that leads: still in time. */
static void
test_time(void **state)
{
	struct kit_run r;

	(void)state;
	kit_run(&r, IMAPS HOST "fault tcp {x1.6} silent\n"
	    "fault tcp {x2.4} silent\nfault tcp {x2.6} silent\n", 0);
	assert_string_equal(json_str(engine_session(r.engine)->end,
	    "verdict"), "error");
	assert_true(r.took <= 20 * NSEC_PER_SEC);
	kit_free(&r);
}

#define LOGIN \
	"account taro@{d} geheim-7\n" \
	"@ mailbox taro@{d}\n@ password geheim-7\n"

/* A password goes to a host of somebody else's only if nobody between the
   domain and us can have named it. */
static void
test_account(void **state)
{
	static const struct { const char *text; bool login; } all[] = {
		{ HOSTED LOGIN, true },
		{ HOSTED LOGIN "web autoconfig.{d} {x1.4} {x1.6} http body "
		    XML(IN("imap", "{n5}.{other}", "993", "SSL")) "\n",
		    false },
		{ HOSTED LOGIN "web autoconfig.{d} {x1.4} {x1.6} cert "
		    "self-signed body "
		    XML(IN("imap", "{n5}.{other}", "993", "SSL")) "\n",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct kit_run r;
		char *key;

		kit_run(&r, all[i].text, 0);
		key = xasprintf("mailbox/imaps/%s.%s/%s/993/login",
		    kit_var(&r, "n5"), kit_var(&r, "other"),
		    kit_var(&r, "x5.4"));
		assert_int_equal(connects(&r, key) > 0, all[i].login);
		key[strlen(key) - strlen("/login")] = '\0';
		assert_true(connects(&r, key) > 0);
		free(key);
		kit_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_tries),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_account),
	};
	int failed = kit_group("autoconfig", cases,
	    sizeof cases / sizeof cases[0]);

	return failed + cmocka_run_group_tests_name("autoconfig, counted",
	    tests, NULL, NULL);
}
