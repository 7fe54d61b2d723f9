/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subjects as they stand in tickets, by table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diag/subject.h"

static const struct {
	const char	*in;
	enum subject_kind kind;
	const char	*name, *repairs;
	const char	*mailbox, *scheme, *path;
	unsigned	 port;
} good[] = {
	{ "example.jp", SUBJECT_DOMAIN, "example.jp", "", 0, 0, 0, 0 },
	{ "jp", SUBJECT_DOMAIN, "jp", "", 0, 0, 0, 0 },
	{ "Example.JP.", SUBJECT_DOMAIN, "example.jp", "case final-dot",
	    0, 0, 0, 0 },
	{ " \t\"example.jp\" ", SUBJECT_DOMAIN, "example.jp", "space quotes",
	    0, 0, 0, 0 },
	{ "\xe2\x80\x9c" "example.jp\xe2\x80\x9d", SUBJECT_DOMAIN,
	    "example.jp", "quotes", 0, 0, 0, 0 },
	{ "\xef\xbd\x85xample\xe3\x80\x82jp", SUBJECT_DOMAIN, "example.jp",
	    "full-width", 0, 0, 0, 0 },
	{ "my\xe2\x80\x93host.example.jp", SUBJECT_DOMAIN,
	    "my-host.example.jp", "dash", 0, 0, 0, 0 },
	{ "(example.jp)", SUBJECT_DOMAIN, "example.jp", "brackets",
	    0, 0, 0, 0 },
	{ "example[.]jp,", SUBJECT_DOMAIN, "example.jp", "quotes defanged",
	    0, 0, 0, 0 },
	{ "_dmarc.example.jp", SUBJECT_DOMAIN, "_dmarc.example.jp", "",
	    0, 0, 0, 0 },
	{ "r3---sn-x.example.jp", SUBJECT_DOMAIN, "r3---sn-x.example.jp", "",
	    0, 0, 0, 0 },
	{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp", SUBJECT_DOMAIN,
	    "xn--wgv71a119e.jp", "", 0, 0, 0, 0 },
	{ "xn--wgv71a119e.jp", SUBJECT_DOMAIN, "xn--wgv71a119e.jp", "",
	    0, 0, 0, 0 },
	{ "xn--n3h.example", SUBJECT_DOMAIN, "xn--n3h.example", "",
	    0, 0, 0, 0 },
	{ "taro@example.jp", SUBJECT_MAIL, "example.jp", "",
	    "taro@example.jp", 0, 0, 0 },
	{ "Taro@Example.jp", SUBJECT_MAIL, "example.jp", "case",
	    "Taro@example.jp", 0, 0, 0 },
	{ "Taro Yamada <taro@example.jp>", SUBJECT_MAIL, "example.jp",
	    "brackets", "taro@example.jp", 0, 0, 0 },
	{ "\"Taro\" <taro@example.jp>", SUBJECT_MAIL, "example.jp",
	    "brackets", "taro@example.jp", 0, 0, 0 },
	{ "<taro@example.jp>", SUBJECT_MAIL, "example.jp", "brackets",
	    "taro@example.jp", 0, 0, 0 },
	{ "mailto:taro@example.jp?subject=x", SUBJECT_MAIL, "example.jp",
	    "scheme", "taro@example.jp", 0, 0, 0 },
	{ "\"t y\"@example.jp", SUBJECT_MAIL, "example.jp", "",
	    "\"t y\"@example.jp", 0, 0, 0 },
	{ "https://www.example.jp/x?a=b#c", SUBJECT_URL, "www.example.jp", "",
	    0, "https", "/x?a=b", 0 },
	{ "HTTP://www.example.jp:8080", SUBJECT_URL, "www.example.jp", "",
	    0, "http", "/", 8080 },
	{ "https://u:secret@www.example.jp/", SUBJECT_URL, "www.example.jp",
	    "userinfo", 0, "https", "/", 0 },
	{ "https://www.example.jp/\xe6\x97\xa5 \"", SUBJECT_URL,
	    "www.example.jp", "quotes space", 0, "https", "/%E6%97%A5", 0 },
	{ "hxxps://example[.]jp/a@b", SUBJECT_URL, "example.jp", "defanged",
	    0, "https", "/a@b", 0 },
	{ "example.jp/1.2", SUBJECT_URL, "example.jp", "scheme",
	    0, "https", "/1.2", 0 },
	{ "www.example.jp:8443", SUBJECT_URL, "www.example.jp", "scheme",
	    0, "https", "/", 8443 },
	{ "www.example.jp:80/x", SUBJECT_URL, "www.example.jp", "scheme",
	    0, "http", "/x", 80 },
	{ "mx1.example.jp:25", SUBJECT_DOMAIN, "mx1.example.jp", "port",
	    0, 0, 0, 0 },
};

static void
same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		assert_ptr_equal(a, b);
	else
		assert_string_equal(a, b);
}

static void
test_good(void **state)
{
	struct subject s;
	const char *why;
	char *hint;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (subject_parse(&s, good[i].in, &why, &hint) != 0)
			fail_msg("%s: %s", good[i].in, why);
		assert_int_equal(s.kind, good[i].kind);
		assert_string_equal(s.name, good[i].name);
		assert_string_equal(s.repairs, good[i].repairs);
		assert_int_equal(s.repaired, *good[i].repairs != '\0');
		same(s.mailbox, good[i].mailbox);
		same(s.scheme, good[i].scheme);
		same(s.path, good[i].path);
		assert_int_equal(s.port, good[i].port);
		assert_null(strstr(s.input, "secret"));
		subject_free(&s);
	}
}

static const struct {
	const char	*in, *why, *hint;
} bad[] = {
	{ "", "empty", NULL },
	{ " ", "empty", NULL },
	{ ".", "empty", NULL },
	{ "\"\"", "empty", NULL },
	{ "192.0.2.1", "address", "http://192.0.2.1/" },
	{ "192.0.2.1.", "address", "http://192.0.2.1/" },
	{ "192.0.2.1:25", "address", "smtp://192.0.2.1/" },
	{ "\xef\xbc\x91" "92.0.2.1", "address", "http://192.0.2.1/" },
	{ "2001:DB8::1", "address", "http://[2001:db8::1]/" },
	{ "[2001:db8::1]:443", "address", "https://[2001:db8::1]/" },
	{ "[2001:db8::1]", "address", "http://[2001:db8::1]/" },
	{ "fe80::1%eth0", "address", "http://[fe80::1]/" },
	{ "https://[2001:db8::1]:8443/x", "address",
	    "https://[2001:db8::1]/" },
	{ "taro@[192.0.2.1]", "address", "smtp://192.0.2.1/" },
	{ "taro@[IPv6:2001:db8::1]", "address", "smtp://[2001:db8::1]/" },
	{ "192.0.2.999", "address", NULL },
	{ "2001:db8::zz", "address", NULL },
	{ "192.0.2.1/24", "address", "http://192.0.2.1/" },
	{ "a..example.jp", "label-empty", "" },
	{ ".example.jp", "label-empty", "" },
	{ "exa mple.jp", "characters", "exa mple" },
	{ "exa\x1b[2Jmple.jp", "characters", "exa\\x1b[2Jmple.jp" },
	{ "\xff.jp", "characters", "\\xff.jp" },
	{ "ex\\ample.jp", "characters", "ex\\\\ample" },
	{ "xn--a.jp", "idn", "xn--a" },
	{ "xn--\xe6\x97\xa5.jp", "idn", "xn--\xe6\x97\xa5" },
	{ "\xe2\x98\x83.jp", "idn", "\xe2\x98\x83" },
	{ "\xc2\xad.jp", "idn", "" },
	{ "ftp://example.jp/", "scheme", "ftp" },
	{ "http://example.jp:0/", "port", "0" },
	{ "http://example.jp:99999/", "port", "99999" },
	{ "example.jp:x", "port", "x" },
	{ "@example.jp", "mailbox", "@example.jp" },
	{ "a b@example.jp", "mailbox", "a b@example.jp" },
	{ ".a@example.jp", "mailbox", ".a@example.jp" },
	{ "a..b@example.jp", "mailbox", "a..b@example.jp" },
	{ "taro@", "empty", NULL },
};

static void
test_bad(void **state)
{
	struct subject s;
	const char *why;
	char *hint;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (subject_parse(&s, bad[i].in, &why, &hint) == 0)
			fail_msg("%s is taken", bad[i].in);
		if (strcmp(why, bad[i].why) != 0)
			fail_msg("%s: %s", bad[i].in, why);
		same(hint, bad[i].hint);
		free(hint);
	}
}

static void
test_long(void **state)
{
	char label[70], name[400] = "";
	struct subject s;
	const char *why;
	char *hint;
	int i;

	(void)state;
	memset(label, 'a', 63);
	strcpy(label + 63, ".jp");
	assert_int_equal(subject_parse(&s, label, &why, &hint), 0);
	subject_free(&s);
	memset(label, 'a', 64);
	strcpy(label + 64, ".jp");
	assert_int_equal(subject_parse(&s, label, &why, &hint), -1);
	assert_string_equal(why, "label-long");
	free(hint);
	for (i = 0; i < 64; i++)
		strcat(name, "abc.");
	assert_int_equal(subject_parse(&s, name, &why, &hint), -1);
	assert_string_equal(why, "name-long");
	free(hint);
	name[253] = '\0';
	assert_int_equal(subject_parse(&s, name, &why, &hint), 0);
	subject_free(&s);
}

static void
test_unicode(void **state)
{
	struct subject s;
	const char *why;
	char *hint;

	(void)state;
	assert_int_equal(subject_parse(&s, "xn--wgv71a119e.jp", &why, &hint),
	    0);
	assert_string_equal(s.unicode,
	    "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp");
	subject_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_unicode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
