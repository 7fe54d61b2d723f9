/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Command lines as they are pasted: what each means, written as one text per
 * line, and what was repaired in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "dns/message.h"
#include "talk/talk.h"
#include "ui/paste.h"

struct form {
	const char *line, *want;
};

static void
dig_text(struct buf *b, const struct paste_dig *d)
{
	const struct { bool on; const char *word; } flags[] = {
		{ d->tcp, " tcp" }, { !d->rd, " norec" }, { d->cd, " cd" },
		{ !d->ad, " noad" },
		{ d->dnssec, " do" }, { d->nsid, " nsid" },
		{ d->brief, " short" }, { d->trace, " trace" },
		{ d->ignore, " ignore" }, { d->only_v4, " -4" },
		{ d->only_v6, " -6" },
	};
	char type[16];

	buf_printf(b, "dig %s %s", d->name, message_type_word(d->type, type));
	if (d->server != NULL)
		buf_printf(b, " @%s", d->server);
	if (d->port != 53)
		buf_printf(b, " port %u", d->port);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].on)
			buf_adds(b, flags[i].word);
	if (d->edns != 1232)
		buf_printf(b, " edns %u", d->edns);
	if (d->show != DIG_ALL)
		buf_printf(b, " show %u", d->show);
	if (d->tries != 0)
		buf_printf(b, " tries %d", d->tries);
	if (d->wait != 0)
		buf_printf(b, " wait %ld", d->wait);
}

static void
open_text(struct buf *b, const struct hand_url *u)
{
	static const char *const tls[] = { "plain", "starttls", "tls" };
	char text[ADDR_STRLEN];

	buf_printf(b, "open %s", u->proto);
	if (u->addr.family != 0)
		buf_printf(b, " %s", addr_print(&u->addr, text));
	if (*u->host != '\0')
		buf_printf(b, " %s", u->host);
	buf_printf(b, " %u %s%s", u->port, tls[u->tls],
	    u->start_tls ? " now" : "");
}

static char *
meaning(const char *line)
{
	static const char *const repairs[] = { "dash", "wide", "quotes",
		"space", "prompt" };
	struct paste p;
	struct buf b;

	buf_init(&b, 0);
	paste_parse(&p, line, false);
	if (p.kind == PASTE_DIG)
		dig_text(&b, &p.dig);
	else if (p.kind == PASTE_OPEN)
		open_text(&b, &p.url);
	else if (p.kind == PASTE_BAD)
		buf_printf(&b, "bad %s %s", p.why, p.part);
	else
		buf_adds(&b, "none");
	for (unsigned i = 0; p.kind != PASTE_NONE && i < 5; i++)
		if ((p.repairs & 1u << i) != 0)
			buf_printf(&b, " ~%s", repairs[i]);
	paste_free(&p);
	return buf_steal(&b);
}

static const struct form forms[] = {
	{ "dig www.example.jp", "dig www.example.jp A" },
	{ "dig www.example.jp aaaa", "dig www.example.jp AAAA" },
	{ "dig AAAA www.example.jp", "dig www.example.jp AAAA" },
	{ "dig www.example.jp aaaa @2001:db8::53 +norec",
	    "dig www.example.jp AAAA @2001:db8::53 norec" },
	{ "dig @2001:db8::53 www.example.jp aaaa +norecurse",
	    "dig www.example.jp AAAA @2001:db8::53 norec" },
	{ "dig +norec @192.0.2.53 -t mx example.jp",
	    "dig example.jp MX @192.0.2.53 norec" },
	{ "dig -t aaaa -q mx @192.0.2.53", "dig mx AAAA @192.0.2.53" },
	{ "dig -tTXT example.jp", "dig example.jp TXT" },
	{ "dig -x 192.0.2.1", "dig 1.2.0.192.in-addr.arpa PTR" },
	{ "dig +short -x 2001:db8::1", "dig 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	    "0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR short" },
	{ "dig", "none" },
	{ "dig +short example.jp ns", "dig example.jp NS short" },
	{ "dig example.jp soa +tcp", "dig example.jp SOA tcp" },
	{ "dig example.jp soa +vc +notcp", "dig example.jp SOA" },
	{ "dig +dnssec +multi example.jp dnskey",
	    "dig example.jp DNSKEY do" },
	{ "dig +do +cd example.jp ds", "dig example.jp DS cd do" },
	{ "dig example.jp +bufsize=4096", "dig example.jp A edns 4096" },
	{ "dig example.jp +bufsize=100", "dig example.jp A edns 512" },
	{ "dig example.jp +noedns", "dig example.jp A edns 0" },
	{ "dig +nsid @ns1.example.jp example.jp soa",
	    "dig example.jp SOA @ns1.example.jp nsid" },
	{ "dig @ ns1.example.jp example.jp",
	    "dig example.jp A @ns1.example.jp" },
	{ "dig @[2001:db8::53] example.jp",
	    "dig example.jp A @2001:db8::53" },
	{ "dig +trace www.example.jp aaaa", "dig www.example.jp AAAA trace" },
	{ "dig example.jp in mx", "dig example.jp MX" },
	{ "dig -c IN -p 5353 example.jp", "dig example.jp A port 5353" },
	{ "dig example.jp any +noall +answer",
	    "dig example.jp ANY show 4" },
	{ "dig -6 example.jp +time=2 +tries=1",
	    "dig example.jp A -6 tries 1 wait 2" },
	{ "dig -4 example.jp +retry=1", "dig example.jp A -4 tries 2" },
	{ "dig +nocookie +noad +ignore example.jp",
	    "dig example.jp A noad ignore" },
	{ "dig example.jp TYPE65 ", "dig example.jp HTTPS" },
	{ "dig . ns @198.41.0.4", "dig . NS @198.41.0.4" },
	{ "dig @198.41.0.4 -t ns", "dig . NS @198.41.0.4" },
	{ "dig @198.41.0.4 +short", "dig . NS @198.41.0.4 short" },
	{ "  DIG\twww.example.jp\taaaa ", "dig www.example.jp AAAA" },
	{ "dig 'www.example.jp' \"aaaa\"", "dig www.example.jp AAAA" },
	{ "dig www.example.jp aaaa # look", "dig www.example.jp AAAA" },
	/* what paste does */
	{ "dig \xe2\x80\x93t aaaa www.example.jp",
	    "dig www.example.jp AAAA ~dash" },
	{ "dig \xe2\x80\x94x 192.0.2.1",
	    "dig 1.2.0.192.in-addr.arpa PTR ~dash" },
	{ "dig \xe3\x83\xbcx 192.0.2.1",
	    "dig 1.2.0.192.in-addr.arpa PTR ~dash" },
	{ "\xef\xbd\x84\xef\xbd\x89\xef\xbd\x87\xe3\x80\x80www.example.jp"
	    "\xe3\x80\x80\xef\xbc\xa1\xef\xbc\xa1\xef\xbc\xa1\xef\xbc\xa1",
	    "dig www.example.jp AAAA ~wide ~space" },
	{ "dig www\xe3\x80\x82" "example\xef\xbc\x8ejp mx",
	    "dig www.example.jp MX ~wide" },
	{ "dig \xef\xbc\xa0""192.0.2.53 example.jp \xef\xbc\x8bshort",
	    "dig example.jp A @192.0.2.53 short ~wide" },
	{ "dig \xe2\x80\x9cwww.example.jp\xe2\x80\x9d aaaa",
	    "dig www.example.jp AAAA ~quotes" },
	{ "dig \xe2\x80\x98www.example.jp\xe2\x80\x99",
	    "dig www.example.jp A ~quotes" },
	{ "dig\xc2\xa0www.example.jp\xe2\x80\x8b",
	    "dig www.example.jp A ~space" },
	{ "$ dig example.jp mx", "dig example.jp MX ~prompt" },
	{ "# dig example.jp mx", "dig example.jp MX ~prompt" },
	{ "taro@noc:~$ dig example.jp mx", "dig example.jp MX ~prompt" },
	{ "[root@noc ~]# telnet mx1.example.jp 25",
	    "open smtp mx1.example.jp 25 starttls ~prompt" },
	/* what cannot be */
	{ "dig example.jp axfr", "bad transfer axfr" },
	{ "dig example.jp ixfr=2026", "bad transfer ixfr=2026" },
	{ "dig example.jp +subnet=192.0.2.0/24",
	    "bad option +subnet=192.0.2.0/24" },
	{ "dig example.jp +bufsize=many", "bad number +bufsize=many" },
	{ "dig a.example b.example", "bad names b.example" },
	{ "dig -t nonsense example.jp", "bad type nonsense" },
	{ "dig -x example.jp", "bad address example.jp" },
	{ "dig ch txt version.bind", "bad class ch" },
	{ "dig example.jp -t", "bad value -t" },
	{ "dig example.jp -p 99999", "bad port 99999" },
	/* relatives */
	{ "kdig +tcp @192.0.2.53 example.jp soa",
	    "dig example.jp SOA @192.0.2.53 tcp" },
	{ "drill example.jp @192.0.2.53 mx",
	    "dig example.jp MX @192.0.2.53" },
	{ "nslookup www.example.jp", "dig www.example.jp A edns 0" },
	{ "nslookup -type=AAAA www.example.jp 192.0.2.53",
	    "dig www.example.jp AAAA @192.0.2.53 edns 0" },
	{ "nslookup \xe2\x80\x93type=mx example.jp ns1.example.jp",
	    "dig example.jp MX @ns1.example.jp edns 0 ~dash" },
	{ "nslookup -q=txt example.jp", "dig example.jp TXT edns 0" },
	{ "nslookup 192.0.2.1", "dig 1.2.0.192.in-addr.arpa PTR edns 0" },
	{ "host -t aaaa www.example.jp 192.0.2.53",
	    "dig www.example.jp AAAA @192.0.2.53 edns 0" },
	{ "host 192.0.2.1", "dig 1.2.0.192.in-addr.arpa PTR edns 0" },
	/* connections */
	{ "telnet mx1.example.jp 25", "open smtp mx1.example.jp 25 starttls" },
	{ "telnet 2001:db8::25 25", "open smtp 2001:db8::25 25 starttls" },
	{ "telnet [2001:db8::25] 25", "open smtp 2001:db8::25 25 starttls" },
	{ "telnet \xef\xbc\x92\xef\xbc\x90""01:db8::25 25",
	    "open smtp 2001:db8::25 25 starttls ~wide" },
	{ "telnet -6 mx1.example.jp smtp",
	    "open smtp mx1.example.jp 25 starttls" },
	{ "telnet MX1.Example.JP. 587",
	    "open submission mx1.example.jp 587 starttls" },
	{ "telnet 192.0.2.80 80", "open http 192.0.2.80 80 plain" },
	{ "telnet 192.0.2.1 pop3", "open pop3 192.0.2.1 110 starttls" },
	{ "telnet 192.0.2.1 143", "open imap 192.0.2.1 143 starttls" },
	{ "telnet 192.0.2.1", "open tcp 192.0.2.1 23 plain" },
	{ "telnet 192.0.2.1 8080", "open tcp 192.0.2.1 8080 plain" },
	{ "telnet", "none" },
	{ "telnet host nonsense", "bad port nonsense" },
	{ "nc -v -w 5 192.0.2.25 25", "open smtp 192.0.2.25 25 starttls" },
	{ "nc 192.0.2.25", "bad no-port nc" },
	{ "ncat -C mx1.example.jp 25", "open smtp mx1.example.jp 25 starttls" },
	{ "openssl s_client -connect www.example.jp:443",
	    "open https www.example.jp 443 tls" },
	{ "openssl s_client -connect \"[2001:db8::80]:443\" "
	    "-servername www.example.jp",
	    "open https 2001:db8::80 www.example.jp 443 tls" },
	{ "openssl s_client -connect 2001:db8::80:443",
	    "open https 2001:db8::80 443 tls" },
	{ "openssl s_client -connect \"[2001:db8::25]:25\" -starttls smtp",
	    "open smtp 2001:db8::25 25 starttls now" },
	{ "openssl s_client -starttls smtp -crlf -quiet -connect "
	    "mx1.example.jp:587",
	    "open submission mx1.example.jp 587 starttls now" },
	{ "openssl s_client \xe2\x80\x93""connect "
	    "\xe2\x80\x9c[2001:db8::1]:993\xe2\x80\x9d",
	    "open imaps 2001:db8::1 993 tls ~dash ~quotes" },
	{ "openssl s_client -connect 192.0.2.1:995 -tls1_2 -CAfile x.pem",
	    "open pop3s 192.0.2.1 995 tls" },
	{ "openssl s_client -connect mx:465", "open smtps mx 465 tls" },
	{ "openssl s_client -connect mx:110 -starttls pop3",
	    "open pop3 mx 110 starttls now" },
	{ "openssl s_client -connect mx:143 -starttls imap",
	    "open imap mx 143 starttls now" },
	{ "openssl s_client -connect db:5432 -starttls postgres",
	    "bad starttls postgres" },
	{ "openssl s_client -connect", "bad value -connect" },
	{ "openssl s_client -showcerts", "bad no-host openssl s_client" },
	{ "openssl x509 -noout", "bad openssl x509" },
	{ "openssl s_client 192.0.2.1:8443", "open tls 192.0.2.1 8443 tls" },
	/* no command at all */
	{ "EHLO noc.example.net", "none" },
	{ "Host: www.example.jp", "none" },
	{ "GET / HTTP/1.1", "none" },
	{ "", "none" },
};

static void
forms_test(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		char *got = meaning(forms[i].line);

		if (strcmp(got, forms[i].want) != 0) {
			print_error("%s:\n  got  %s\n  want %s\n",
			    forms[i].line, got, forms[i].want);
			wrong++;
		}
		free(got);
	}
	assert_int_equal(wrong, 0);
}

static const struct form urls[] = {
	{ "smtp://[2001:db8::25]:25/", "open smtp 2001:db8::25 25 starttls" },
	{ "smtp://[2001:db8::25]", "open smtp 2001:db8::25 25 starttls" },
	{ "smtp://2001:db8::25/", "open smtp 2001:db8::25 25 starttls" },
	{ "smtp:mx1.example.jp", "open smtp mx1.example.jp 25 starttls" },
	{ "SMTPS://mx1.example.jp", "open smtps mx1.example.jp 465 tls" },
	{ "submission://192.0.2.1", "open submission 192.0.2.1 587 starttls" },
	{ "https://www.example.jp/x", "open https www.example.jp 443 tls" },
	{ "https://www.example.jp:8443/",
	    "open https www.example.jp 8443 tls" },
	{ "http://\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp/",
	    "open http xn--wgv71a119e.jp 80 plain" },
	{ "dns://192.0.2.53/", "open dns 192.0.2.53 53 plain" },
	{ "dns:", "open dns 53 plain" },
	{ "pop3s://mail.example.jp", "open pop3s mail.example.jp 995 tls" },
	{ "imap://mail.example.jp", "open imap mail.example.jp 143 starttls" },
	{ "tcp://192.0.2.1:7", "open tcp 192.0.2.1 7 plain" },
	{ "tls://192.0.2.1:853", "open tls 192.0.2.1 853 tls" },
	{ "tcp://192.0.2.1", "bad port" },
	{ "smtp://", "bad host" },
	{ "smtp://[2001:db8::25", "bad host" },
	{ "smtp://a b/", "bad host" },
	{ "smtp://x:99999/", "bad port" },
	{ "ftp://x/", "bad scheme" },
	{ "www.example.jp", "bad scheme" },
	{ "", "bad scheme" },
};

static void
urls_test(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct hand_url u;
		const char *why;
		struct buf b;

		buf_init(&b, 0);
		if (hand_url_parse(&u, urls[i].line, &why) == 0) {
			open_text(&b, &u);
			hand_url_free(&u);
		} else
			buf_printf(&b, "bad %s", why);
		if (strcmp(buf_str(&b), urls[i].want) != 0) {
			print_error("%s:\n  got  %s\n  want %s\n",
			    urls[i].line, buf_str(&b), urls[i].want);
			wrong++;
		}
		buf_free(&b);
	}
	assert_int_equal(wrong, 0);
}

/* Whatever bytes come, nothing breaks, and dig's arguments alone do too. */
static void
hostile_test(void **state)
{
	static const char bytes[] = "dig @+-\"'\\\xe3\x80\xff \t=:[]. x1";
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char line[60];
		size_t n = 0;
		struct paste p;

		while (n < sizeof(line) - 1) {
			seed = seed * 1664525u + 1013904223u;
			line[n++] = bytes[(seed >> 16) % (sizeof(bytes) - 1)];
			if ((seed >> 8) % 40 == 0)
				break;
		}
		line[n] = '\0';
		paste_parse(&p, line, i % 2 == 0);
		paste_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_test),
		cmocka_unit_test(urls_test),
		cmocka_unit_test(hostile_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
