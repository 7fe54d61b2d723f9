/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configurations for mail programs by table: what is taken of them, and that
 * nothing is taken of what is none, is broken, or is meant to hurt.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "talk/autoconfig.h"

#define DOC(servers) "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" \
	"<clientConfig version=\"1.1\"><emailProvider id=\"a.example\">" \
	servers "</emailProvider></clientConfig>\n"
#define VALUES(host, port, socket) "<hostname>" host "</hostname><port>" \
	port "</port><socketType>" socket "</socketType>"
#define IN(type, host, port, socket) "<incomingServer type=\"" type "\">" \
	VALUES(host, port, socket) "</incomingServer>"
#define OUT(host, port, socket) "<outgoingServer type=\"smtp\">" \
	VALUES(host, port, socket) "</outgoingServer>"
#define GOOD IN("imap", "imap.a.example", "993", "SSL")
#define TAKEN "imap imap.a.example 993 implicit\n"

static const struct {
	const char	*text, *want;	/* "": nothing is taken */
} rows[] = {
	{ DOC(GOOD), TAKEN },
	{ DOC(IN("imap", "I.A.Example.", " 143\n", "STARTTLS")
	    IN("pop3", "p.a.example", "110", "plain")
	    IN("pop3", "p.a.example", "995", " SSL ")
	    OUT("s.a.example", "587", "STARTTLS")),
	    "imap i.a.example 143 starttls\n"
	    "pop3 p.a.example 110 none\n"
	    "pop3 p.a.example 995 implicit\n"
	    "smtp s.a.example 587 starttls\n" },
	{ DOC(IN("imap", "imap.%EMAILDOMAIN%", "993", "SSL")),
	    "imap imap.d.example 993 implicit\n" },
	{ DOC(IN("imap", "%EMAILDOMAIN%", "9930", "SSL")),
	    "imap d.example 9930 implicit\n" },
	{ DOC(IN("imap", "%EMAILDOMAIN%.%EMAILDOMAIN%", "993", "SSL")),
	    "imap d.example.d.example 993 implicit\n" },
	/* entities that are XML's own, CDATA, comments, prose, other words */
	{ DOC(IN("imap", "im&#97;p.a.exam<!-- - -->ple", "99&#x33;",
	    "<![CDATA[SSL]]>")), TAKEN },
	{ DOC("<domain>a.example</domain><displayName>\xe6\x97\xa5 &amp; "
	    "\xff</displayName>" GOOD "<documentation url=\"http://a/\">"
	    "<descr>x</descr></documentation>"), TAKEN },
	{ "\xef\xbb\xbf" DOC(GOOD), TAKEN },
	{ "<?xml version='1.0' encoding='UTF-7'?><clientConfig><emailProvider>"
	    GOOD "</emailProvider></clientConfig>", TAKEN },
	{ DOC("<incomingServer note='n' type='imap'>"
	    VALUES("imap.a.example", "993", "SSL") "</incomingServer>"),
	    TAKEN },
	/* the first good value counts */
	{ DOC("<incomingServer type=\"imap\"><socketType>?</socketType>"
	    VALUES("imap.a.example", "993", "SSL") VALUES("b.example", "1",
	    "plain") "</incomingServer>"), TAKEN },
	/* one is no use, the other is */
	{ DOC(IN("exchange", "x.a.example", "443", "SSL") GOOD), TAKEN },
	{ DOC("<outgoingServer type=\"imap\">" VALUES("x.a.example", "993",
	    "SSL") "</outgoingServer>" GOOD), TAKEN },
	{ DOC(IN("smtp", "x.a.example", "993", "SSL") GOOD), TAKEN },
	{ DOC(IN("IMAP", "x.a.example", "993", "SSL") GOOD), TAKEN },
	{ DOC("<incomingServer>" VALUES("x.a.example", "993", "SSL")
	    "</incomingServer>" GOOD), TAKEN },
	{ DOC("<incomingServer type=\"imap\"/>" GOOD), TAKEN },
	{ DOC(IN("imap", "x.a.example", "0", "SSL") GOOD), TAKEN },
	{ DOC(IN("imap", "x.a.example", "65536", "SSL") GOOD), TAKEN },
	{ DOC(IN("imap", "x.a.example", "-1", "SSL") GOOD), TAKEN },
	{ DOC(IN("imap", "x.a.example", "99 3", "SSL") GOOD), TAKEN },
	{ DOC(IN("imap", "x.a.example", "993", "ssl") GOOD), TAKEN },
	{ DOC(IN("imap", "x.a.example", "993", "TLS") GOOD), TAKEN },
	/* no names */
	{ DOC(IN("imap", "", "993", "SSL")), "" },
	{ DOC(IN("imap", "localhost", "993", "SSL")), "" },
	{ DOC(IN("imap", ".", "993", "SSL")), "" },
	{ DOC(IN("imap", "192.0.2.1", "993", "SSL")), "" },
	{ DOC(IN("imap", "[2001:db8::1]", "993", "SSL")), "" },
	{ DOC(IN("imap", "a..example", "993", "SSL")), "" },
	{ DOC(IN("imap", ".a.example", "993", "SSL")), "" },
	{ DOC(IN("imap", "a.example..", "993", "SSL")), "" },
	{ DOC(IN("imap", "-a.example", "993", "SSL")), "" },
	{ DOC(IN("imap", "a-.example", "993", "SSL")), "" },
	{ DOC(IN("imap", "a.example-", "993", "SSL")), "" },
	{ DOC(IN("imap", "a b.example", "993", "SSL")), "" },
	{ DOC(IN("imap", "a/b.example", "993", "SSL")), "" },
	{ DOC(IN("imap", "a.example\n.b", "993", "SSL")), "" },
	{ DOC(IN("imap", "\xe6\x97\xa5.example", "993", "SSL")), "" },
	{ DOC(IN("imap", "%EMAILLOCALPART%.example", "993", "SSL")), "" },
	{ DOC(IN("imap", "0123456789012345678901234567890123456789012345678901"
	    "23456789012a.example", "993", "SSL")), "" },
	/* not where it belongs */
	{ "<clientConfig>" GOOD "</clientConfig>", "" },
	{ "<emailProvider>" GOOD "</emailProvider>", "" },
	{ "<clientConfig><x><emailProvider>" GOOD
	    "</emailProvider></x></clientConfig>", "" },
	{ DOC("<x>" GOOD "</x>"), "" },
	{ DOC("<incomingServer type=\"imap\"><x>" VALUES("imap.a.example",
	    "993", "SSL") "</x></incomingServer>"), "" },
	{ DOC("<webMail>" VALUES("imap.a.example", "993", "SSL")
	    "</webMail>"), "" },
	/* none, or broken */
	{ "", "" },
	{ "x", "" },
	{ "<", "" },
	{ "<!doctype html>\n<html><head><title>a</title></head><body><p>a"
	    "</p></body></html>\n", "" },
	{ "<html><body>" DOC(GOOD) "</body></html>", "" },
	{ "<clientConfig><emailProvider>" GOOD "</emailProvider>", "" },
	{ DOC(GOOD) "<x/>", "" },
	{ DOC(GOOD "</x>"), "" },
	{ DOC(GOOD "&nbsp;"), "" },
	{ DOC(GOOD "<x a=1/>"), "" },
	{ DOC(GOOD "\001"), "" },
	/* meant to hurt */
	{ "<!DOCTYPE clientConfig>" DOC(GOOD), "" },
	{ "<!DOCTYPE clientConfig SYSTEM \"http://127.0.0.1/x.dtd\">"
	    "<clientConfig><emailProvider>" GOOD
	    "</emailProvider></clientConfig>", "" },
	{ "<!DOCTYPE c [<!ENTITY h SYSTEM \"file:///etc/passwd\">]>"
	    "<clientConfig><emailProvider>" IN("imap", "&h;", "993", "SSL")
	    "</emailProvider></clientConfig>", "" },
	{ "<!DOCTYPE c [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
	    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
	    "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
	    "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">"
	    "<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">]>"
	    "<clientConfig><emailProvider>" GOOD "&f;"
	    "</emailProvider></clientConfig>", "" },
};

static char *
taken(const void *text, size_t n)
{
	json_t *list = autoconfig_servers(text, n, "d.example"), *item;
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	json_array_foreach(list, i, item)
		buf_printf(&b, "%s %s %d %s\n", json_str(item, "type"),
		    json_str(item, "host"), (int)json_int(item, "port", 0),
		    json_str(item, "tls"));
	if (list != NULL)
		assert_true(json_array_size(list) > 0);
	json_decref(list);
	return buf_steal(&b);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t n = strlen(rows[i].text);
		unsigned char *exact = xmalloc(n > 0 ? n : 1);
		char *got;

		memcpy(exact, rows[i].text, n);
		got = taken(exact, n);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu: %s\ntaken: %s", i, rows[i].text,
			    got);
		free(got);
		free(exact);
	}
}

/* Every beginning of a good document is broken. */
static void
test_cut(void **state)
{
	static const char text[] = DOC(GOOD);
	size_t end = strlen(text) - 1;		/* the last line end may go */

	(void)state;
	for (size_t n = 0; n < end; n++) {
		char *got = taken(text, n);

		assert_string_equal(got, "");
		free(got);
	}
}

static void
nothing(const struct buf *b)
{
	char *got = taken(b->data, b->len);

	assert_string_equal(got, "");
	free(got);
}

/* Large, deep, wide, many, with NULs, in an encoding of two bytes. */
static void
test_large(void **state)
{
	static const char good[] = DOC(GOOD);
	struct buf b;
	char *got;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, DOC(GOOD));
	while (b.len < 1024 * 1024)
		buf_adds(&b, "<!-- and so on -->\n");
	nothing(&b);
	b.len = 60000;		/* the end of a comment may be cut */
	while (b.len > 0 && b.data[b.len - 1] != '\n')
		b.len--;
	got = taken(b.data, b.len);
	assert_string_equal(got, TAKEN);
	free(got);
	b.len = 0;
	while (b.len < 60000)
		buf_adds(&b, "<a>");
	nothing(&b);
	b.len = 0;
	buf_adds(&b, "<clientConfig ");
	for (int i = 0; b.len < 60000; i++)
		buf_printf(&b, "a%d='' ", i);
	nothing(&b);
	b.len = 0;
	for (size_t i = 0; i < sizeof good - 1; i++) {
		buf_addc(&b, good[i]);
		buf_addc(&b, '\0');
	}
	nothing(&b);
	buf_free(&b);
}

/* Sixteen are taken of any number; a value too long is no value. */
static void
test_many(void **state)
{
	struct buf b;
	json_t *list;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, "<clientConfig><emailProvider>");
	buf_adds(&b, "<incomingServer type='imap'><hostname>");
	for (int i = 0; i < 100; i++)
		buf_adds(&b, "abcdefg.");
	buf_adds(&b, "b.example</hostname><port>993</port><socketType>SSL"
	    "</socketType></incomingServer>");
	for (int i = 0; i < 300; i++)
		buf_printf(&b, "<incomingServer type='imap'><hostname>h%d.x."
		    "example</hostname><port>993</port><socketType>SSL"
		    "</socketType></incomingServer>", i);
	buf_adds(&b, "</emailProvider></clientConfig>");
	list = autoconfig_servers(b.data, b.len, "d.example");
	assert_int_equal(json_array_size(list), 16);
	assert_string_equal(json_str(json_array_get(list, 0), "host"),
	    "h0.x.example");
	json_decref(list);
	buf_free(&b);
}

static void
test_paths(void **state)
{
	static const char *const good[] = { "/mail/config-v1.1.xml",
		"/mail/config-v1.1.xml?emailaddress=a%40b.example",
		"/.well-known/autoconfig/mail/config-v1.1.xml" };
	static const char *const bad[] = { "/", "", "?", "/mail/config-v1.1.xm",
		"/mail/config-v1.1.xml/", "//mail/config-v1.1.xml",
		"/MAIL/config-v1.1.xml", "/x?/mail/config-v1.1.xml" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(autoconfig_path(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(autoconfig_path(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
