/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URLs and references by table (RFC 3986 5.4 among them). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/xalloc.h"
#include "talk/http.h"

static const struct {
	const char *ref, *base, *want;	/* NULL: refused */
} rows[] = {
	{ "http://example.jp", NULL, "http|example.jp|0|/" },
	{ "HTTPS://WWW.Example.JP./A?b#c", NULL,
	    "https|www.example.jp|0|/A?b" },
	{ "http://example.jp:80/", NULL, "http|example.jp|0|/" },
	{ "http://example.jp:443/", NULL, "http|example.jp|443|/" },
	{ "https://example.jp:443?q", NULL, "https|example.jp|0|/?q" },
	{ "http://example.jp:/x", NULL, "http|example.jp|0|/x" },
	{ "http://u:p@example.jp:8080/x", NULL, "http|example.jp|8080|/x" },
	{ "http://[2001:DB8:0::1]:81/", NULL, "http|2001:db8::1|81|/" },
	{ "http://192.0.2.1/", NULL, "http|192.0.2.1|0|/" },
	{ "http://\xe6\x97\xa5\xe6\x9c\xac.jp/\xe6 \"", NULL,
	    "http|\xe6\x97\xa5\xe6\x9c\xac.jp|0|/%E6%20%22" },
	{ "http://a_b.example/", NULL, "http|a_b.example|0|/" },
	{ "", NULL, NULL },
	{ "/x", NULL, NULL },
	{ "//example.jp/", NULL, NULL },
	{ "example.jp", NULL, NULL },
	{ "ftp://example.jp/", NULL, NULL },
	{ "mailto:a@example.jp", "http://a.example/", NULL },
	{ "javascript:alert(1)", "http://a.example/", NULL },
	{ "http:/x", "http://a.example/", NULL },
	{ "http://", NULL, NULL },
	{ "http://:80/", NULL, NULL },
	{ "http://a..b/", NULL, NULL },
	{ "http://.a/", NULL, NULL },
	{ "http://a../", NULL, NULL },
	{ "http://./", NULL, NULL },
	{ "http://a.example:0/", NULL, NULL },
	{ "http://a.example:65536/", NULL, NULL },
	{ "http://a.example:x/", NULL, NULL },
	{ "http://a.example:123456789/", NULL, NULL },
	{ "http://a b/", NULL, NULL },
	{ "http://a%41/", NULL, NULL },
	{ "http://\xe6/", NULL, NULL },
	{ "http://[::1/", NULL, NULL },
	{ "http://[192.0.2.1]/", NULL, NULL },
	{ "http://[fe80::1%25eth0]/", NULL, NULL },
	{ "http://[::1]x/", NULL, NULL },
	{ "http://a.example/\r\nX: y", NULL, NULL },
	{ "http://a.example/\033[", NULL, NULL },
	/* references */
	{ "g", "http://a/b/c/d;p?q", "http|a|0|/b/c/g" },
	{ "./g", "http://a/b/c/d;p?q", "http|a|0|/b/c/g" },
	{ "g/", "http://a/b/c/d;p?q", "http|a|0|/b/c/g/" },
	{ "/g", "http://a:8/b/c/d;p?q", "http|a|8|/g" },
	{ "//g", "https://a:8/b/c/d;p?q", "https|g|0|/" },
	{ "?y", "http://a/b/c/d;p?q", "http|a|0|/b/c/d;p?y" },
	{ "g?y", "http://a/b/c/d;p?q", "http|a|0|/b/c/g?y" },
	{ "#s", "http://a/b/c/d;p?q", "http|a|0|/b/c/d;p?q" },
	{ "", "http://a/b/c/d;p?q", "http|a|0|/b/c/d;p?q" },
	{ ";x", "http://a/b/c/d;p?q", "http|a|0|/b/c/;x" },
	{ ".", "http://a/b/c/d;p?q", "http|a|0|/b/c/" },
	{ "./", "http://a/b/c/d;p?q", "http|a|0|/b/c/" },
	{ "..", "http://a/b/c/d;p?q", "http|a|0|/b/" },
	{ "../g", "http://a/b/c/d;p?q", "http|a|0|/b/g" },
	{ "../..", "http://a/b/c/d;p?q", "http|a|0|/" },
	{ "../../../g", "http://a/b/c/d;p?q", "http|a|0|/g" },
	{ "/./g", "http://a/b/c/d;p?q", "http|a|0|/g" },
	{ "/../g", "http://a/b/c/d;p?q", "http|a|0|/g" },
	{ "g.", "http://a/b/c/d;p?q", "http|a|0|/b/c/g." },
	{ "..g", "http://a/b/c/d;p?q", "http|a|0|/b/c/..g" },
	{ "./../g", "http://a/b/c/d;p?q", "http|a|0|/b/g" },
	{ "g/./h", "http://a/b/c/d;p?q", "http|a|0|/b/c/g/h" },
	{ "g/../h", "http://a/b/c/d;p?q", "http|a|0|/b/c/h" },
	{ "g?y/../x", "http://a/b/c/d;p?q", "http|a|0|/b/c/g?y/../x" },
	{ "https://b.example/", "http://a/b", "https|b.example|0|/" },
	{ "http://192.0.2.7/x", "http://a/b", "http|192.0.2.7|0|/x" },
};

static char *
text(const struct http_url *u)
{
	return xasprintf("%s|%s|%u|%s", u->scheme, u->host, u->port, u->path);
}

static void
urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_url base = { 0 }, u;
		int rc;

		if (rows[i].base != NULL)
			assert_int_equal(0, http_url_parse(&base,
			    rows[i].base, NULL));
		rc = http_url_parse(&u, rows[i].ref,
		    rows[i].base == NULL ? NULL : &base);
		if (rows[i].want == NULL) {
			if (rc != -1)
				fail_msg("taken: %s", rows[i].ref);
			assert_null(u.host);
		} else {
			char *got;

			if (rc != 0)
				fail_msg("refused: %s", rows[i].ref);
			got = text(&u);
			assert_string_equal(got, rows[i].want);
			free(got);
			http_url_free(&u);
		}
		http_url_free(&base);
	}
}

static void
too_long(void **state)
{
	char *s = xmalloc(9001);
	struct http_url u;

	(void)state;
	memset(s, 'a', 9000);
	memcpy(s, "http://", 7);
	s[9000] = '\0';
	assert_int_equal(-1, http_url_parse(&u, s, NULL));
	s[20] = '/';
	s[1200] = '\0';
	assert_int_equal(0, http_url_parse(&u, s, NULL));
	http_url_free(&u);
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
