/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command beside each probe: what it is, and that a shell which reads it
 * sees the words that were meant, whatever name the network sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "diag/command.h"


static const struct row {
	enum want_kind	 kind;
	const char	*addr;
	uint16_t	 port;
	const char	*proto;
	int		 tls;
	const char	*name, *more;	/* qname and transport; host and path */
	const char	*command;
} rows[] = {
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "a.test", "udp",
	    "dig @192.0.2.1 a.test AAAA +norecurse +noedns +ignore" },
	{ WANT_DNS, "2001:db8::1", 53, "dns", 0, "a.test", "tcp",
	    "dig @2001:db8::1 a.test AAAA +norecurse +tcp +noedns" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "a.test", "edns",
	    "dig @192.0.2.1 a.test AAAA +norecurse +bufsize=1232 +nsid" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "a.test", "again",
	    "dig @192.0.2.1 a.test AAAA +norecurse +noedns +ignore" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "a.test", "rd",
	    "dig @192.0.2.1 a.test AAAA" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, ".", "rd",
	    "dig @192.0.2.1 . AAAA" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "a\\.b.test", "rd",
	    "dig @192.0.2.1 'a\\.b.test' AAAA" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "it's.test", "rd",
	    "dig @192.0.2.1 'it'\\''s.test' AAAA" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "-f.test", "rd",
	    "dig @192.0.2.1 -q -f.test AAAA" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "+tcp", "rd",
	    "dig @192.0.2.1 -q +tcp AAAA" },
	{ WANT_DNS, "192.0.2.1", 53, "dns", 0, "@x.test", "rd",
	    "dig @192.0.2.1 -q @x.test AAAA" },
	{ WANT_HTTP, "192.0.2.1", 80, "http", TALK_PLAIN, "a.test", "/",
	    "curl -sv --resolve a.test:80:192.0.2.1 http://a.test/" },
	{ WANT_HTTP, "2001:db8::1", 443, "https", TALK_IMPLICIT, "a.test",
	    "/x?y=1&z", "curl -sv --resolve 'a.test:443:[2001:db8::1]' "
	    "'https://a.test/x?y=1&z'" },
	{ WANT_HTTP, "192.0.2.1", 8080, "http", TALK_PLAIN, "a.test", "/",
	    "curl -sv --resolve a.test:8080:192.0.2.1 http://a.test:8080/" },
	{ WANT_HTTP, "192.0.2.1", 80, "http", TALK_PLAIN, "a.test",
	    "/{a,b}[1-9]", "curl -gsv --resolve a.test:80:192.0.2.1 "
	    "'http://a.test/{a,b}[1-9]'" },
	{ WANT_SMTP, "192.0.2.1", 25, "smtp", TALK_STARTTLS, "m.test", "",
	    "openssl s_client -connect 192.0.2.1:25 -starttls smtp -crlf "
	    "-servername m.test" },
	{ WANT_SMTP, "2001:db8::1", 25, "smtp", TALK_STARTTLS, "m.test", "",
	    "openssl s_client -connect \"[2001:db8::1]:25\" -starttls smtp "
	    "-crlf -servername m.test" },
	{ WANT_ARES, NULL, 0, "dns", -1, "a.test", "", "getent ahosts a.test" },
	{ WANT_ARES, NULL, 0, "dns", -1, "-a.test", "",
	    "getent ahosts -- -a.test" },
	{ WANT_SKIP, "192.0.2.1", 53, "dns", 0, "a.test", "", "" },
};

static char *
command_of(const struct row *r, const char *name, const char *more)
{
	struct want w;

	memset(&w, 0, sizeof w);
	w.kind = r->kind;
	w.ep.name = (char *)(uintptr_t)name;
	if (r->addr != NULL)
		addr_parse(&w.ep.addr, r->addr);
	w.ep.port = r->port;
	strcpy(w.ep.proto, r->proto);
	w.ep.tls = r->tls;
	if (r->kind == WANT_DNS) {
		w.qname = (char *)(uintptr_t)name;
		w.qtype = DNS_AAAA;
		strcpy(w.transport, more);
	}
	w.path = (char *)(uintptr_t)more;
	return command_for(&w);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *s = command_of(&rows[i], rows[i].name, rows[i].more);

		assert_string_equal(s, rows[i].command);
		free(s);
	}
}

static const char *const hostile[] = {
	"$(touch pwned).test", "`touch pwned`.test", "a;touch pwned",
	"a|touch pwned", "a&touch pwned&", "a>pwned", "a<pwned", "a\ntouch pwned",
	"$HOME.test", "${PATH}.test", "*", "?", "~", "~root", "[a-z]*",
	"{a,b}", "a b", "a\tb", "'", "''", "\"", "'$(touch pwned)'",
	"'\"'\"`touch pwned`", "\\", "\\'", "a\\", "!", "!!", "#x", "=x", "%x",
	"-rf", "--", "", "\033]0;x\007", "\302\205", "\342\200\256x", "\377",
	"a\\032b", "a=b", "(x)", "x()", "x\\$y",
};

/* What a shell makes of a line: its words, one a line. */
static char *
words_of(const char *command)
{
	char *script = xasprintf("set -f; printf '%%s\\n' %s\n", command);
	char path[] = "/tmp/tadoru-test-XXXXXX", *call;
	struct buf b;
	FILE *f;
	int fd = mkstemp(path), c;

	assert_true(fd != -1);
	assert_int_equal(write(fd, script, strlen(script)), strlen(script));
	close(fd);
	call = xasprintf("sh -n %s && sh %s", path, path);
	f = popen(call, "r");
	assert_non_null(f);
	buf_init(&b, 0);
	while ((c = getc(f)) != EOF)
		buf_addc(&b, (char)c);
	if (pclose(f) != 0)
		fail_msg("a shell does not take: %s", command);
	unlink(path);
	free(call);
	free(script);
	return buf_steal(&b);
}

static size_t
lines_in(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == '\n';
	return n;
}

/* As many words as for a tame name; nothing is run; nothing but printable
   ASCII. set -f is not what saves it: the words are quoted. */
static void
test_hostile(void **state)
{
	static const size_t kinds[] = { 0, 1, 4, 11, 12, 15, 16, 17 };

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		for (size_t i = 0; i < sizeof hostile / sizeof hostile[0];
		    i++) {
			const struct row *r = &rows[kinds[k]];
			char *tame = command_of(r, "a.test", r->more);
			char *s = command_of(r, hostile[i], r->kind ==
			    WANT_HTTP ? hostile[i] : r->more);
			char *a = words_of(tame), *b = words_of(s);
			size_t more = strstr(s, " -q ") != NULL ||
			    strstr(s, " -- ") != NULL;

			if (lines_in(a) + more != lines_in(b))
				fail_msg("%s", s);
			for (const char *p = s; *p != '\0'; p++)
				if (*p < 0x20 || *p == 0x7f)
					fail_msg("byte %d", *p);
			assert_int_equal(access("pwned", F_OK), -1);
			free(tame);
			free(s);
			free(a);
			free(b);
		}
}

/* A name of printable characters arrives at the program as it is. */
static void
test_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		char *s, *words, *expected;
		bool plain = hostile[i][0] != '\0' &&
		    strchr("-+@", hostile[i][0]) == NULL;

		for (const char *p = hostile[i]; *p != '\0'; p++)
			plain = plain && *p > 0x1f && *p < 0x7f;
		if (!plain)
			continue;
		s = command_of(&rows[4], hostile[i], "rd");
		words = words_of(s);
		expected = xasprintf("dig\n@192.0.2.1\n%s\nAAAA\n",
		    hostile[i]);
		assert_string_equal(words, expected);
		free(expected);
		free(words);
		free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
