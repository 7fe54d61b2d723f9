/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about connections and web pages by table: what is offered, masked
 * and partial, which tries were lost, statuses and redirects.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/session_kit.h"

#define OK	"connect {'ok':true,'ms':40}"
#define LOST	"connect {'ok':false,'cause':'timeout'}"
#define OK2	"connect {'ok':true,'ms':40,'round':2}"
#define LOST2	"connect {'ok':false,'cause':'timeout','round':2}"
#define FAIL(cause) cause "; connect {'ok':false,'cause':'" cause "'}\n"
#define PAGE	"; http {'status':200,'complete':true}\n"
#define HTTPS	"web/https/www.d.test/"
#define AT	HTTPS "192.0.2.11/443"
#define ON	" www.d.test 192.0.2.11 https"
#define MX	"mail-in/smtp/mx.d.test/"
/* One address of each family, so that nothing is partial. */
#define SINGLE	"*:www.d.test:A => qr aa|an www.d.test. 60 IN A 192.0.2.11\n" \
	"*:www.d.test:AAAA => qr aa|an www.d.test. 60 IN AAAA " \
	"2001:db8:1::11\n"

static const struct session_row offered[] = {
	{ "refused at one of four", AT " => " FAIL("refused"),
	    "error connect-partial www.d.test - https\n"
	    "error connect-refused" ON " masked partial\n" },
	{ "refused at one of two families", SINGLE AT " => " FAIL("refused"),
	    "error connect-refused" ON " masked\n" },
	{ "refused at all of v6", HTTPS "2001:* => " FAIL("refused"),
	    "error connect-refused www.d.test 2001:db8:1::11 https masked\n"
	    "error connect-refused www.d.test 2001:db8:1::12 https masked\n"
	    "fact half-done-v6 d.test -\n" },
	{ "closed at once counts as refused", SINGLE AT " => "
	    FAIL("closed"), "error connect-refused" ON " masked\n" },
	{ "not offered: https refused everywhere, http works", HTTPS "* => "
	    FAIL("refused"), "" },
	{ "not offered: http silent everywhere", "web/http/* => "
	    FAIL("timeout"), "" },
	{ "no web at all of www", "web/*/www.d.test/* => " FAIL("refused"),
	    "error connect-refused" ON "\n"
	    "error connect-refused www.d.test 192.0.2.12 https\n"
	    "error connect-refused www.d.test 2001:db8:1::11 https\n"
	    "error connect-refused www.d.test 2001:db8:1::12 https\n" },
	{ "no web at all of the apex: it offers none", "web/*/d.test/* => "
	    FAIL("refused"), "" },
	{ "offered by a redirect", HTTPS "* => " FAIL("refused")
	    "web/http/d.test/* => ok; " OK "; http {'status':301,'location':"
	    "'https://www.d.test/','complete':true}\n",
	    "error connect-refused" ON "\n"
	    "error connect-refused www.d.test 192.0.2.12 https\n"
	    "error connect-refused www.d.test 2001:db8:1::11 https\n"
	    "error connect-refused www.d.test 2001:db8:1::12 https\n" },
	{ "the subject's own port", "head subject {'name':'d.test','kind':"
	    "'url','scheme':'http','port':8080,'path':'/'}\n"
	    "web/http/d.test/*/8080 => " FAIL("refused"),
	    "error connect-refused d.test 192.0.2.11 http\n"
	    "error connect-refused d.test 192.0.2.12 http\n"
	    "error connect-refused d.test 2001:db8:1::11 http\n"
	    "error connect-refused d.test 2001:db8:1::12 http\n" },
	{ "mail is offered by MX", MX "* => " FAIL("refused"),
	    "error connect-refused mx.d.test 192.0.2.21 smtp\n"
	    "error connect-refused mx.d.test 2001:db8:1::21 smtp\n" },
	{ "one still runs: nothing is said yet", SINGLE AT " => "
	    FAIL("refused") HTTPS "2001:* => running\n", "" },
};

static const struct session_row causes[] = {
	{ "timeout", SINGLE AT " => " FAIL("timeout"),
	    "error connect-timeout" ON " masked\n" },
	{ "timeout at one of two", AT " => " FAIL("timeout"),
	    "error connect-partial www.d.test - https\n"
	    "error connect-timeout" ON " masked partial\n" },
	{ "unreachable", SINGLE AT " => unreachable; connect {'ok':false,"
	    "'cause':'unreachable','icmp':[3,1],'sender':'198.51.100.9'}\n",
	    "error connect-unreachable" ON " masked\n" },
	{ "no route", SINGLE AT " => " FAIL("unreachable"),
	    "error connect-unreachable" ON " masked\n" },
	{ "unreachable at one of two", AT " => " FAIL("unreachable"),
	    "error connect-partial www.d.test - https\n"
	    "error connect-unreachable" ON " masked partial\n" },
	{ "prohibited", SINGLE AT " => prohibited; connect {'ok':false,"
	    "'cause':'prohibited','icmp':[3,13],'sender':'198.51.100.9'}\n",
	    "error connect-prohibited" ON " masked\n" },
	{ "prohibited at one of two", AT " => " FAIL("prohibited"),
	    "error connect-partial www.d.test - https\n"
	    "error connect-prohibited" ON " masked partial\n" },
	{ "prohibited, but only http", "web/http/* => " FAIL("prohibited"),
	    "" },
	{ "interrupted says nothing", AT " => interrupted; connect {'ok':"
	    "false,'cause':'interrupted'}\n", "" },
	{ "no socket of ours says nothing", AT " => local; connect {'ok':"
	    "false,'cause':'local'}\n", "" },
	{ "mail at one of two addresses", "*:mx.d.test:A => qr aa|"
	    "an mx.d.test. 60 IN A 192.0.2.21|an mx.d.test. 60 IN A "
	    "192.0.2.22\n" MX "192.0.2.22* => " FAIL("refused"),
	    "error connect-refused mx.d.test 192.0.2.22 smtp masked partial\n"
	    "error mx-partial mx.d.test - smtp\n" },
	{ "mail at one of two families", MX "2001:* => " FAIL("refused"),
	    "error connect-refused mx.d.test 2001:db8:1::21 smtp masked\n"
	    "fact half-done-v6 d.test -\n" },
	{ "mail silent everywhere: our side", MX "* => " FAIL("timeout"),
	    "unknown here-port25-blocked - -\n" },
	{ "mail silent at one address: not our side", MX "192* => "
	    FAIL("timeout"),
	    "error connect-timeout mx.d.test 192.0.2.21 smtp masked\n" },
	{ "mail silent, and refused: not our side", MX "192* => "
	    FAIL("timeout") MX "2001* => " FAIL("refused"),
	    "error connect-refused mx.d.test 2001:db8:1::21 smtp\n"
	    "error connect-timeout mx.d.test 192.0.2.21 smtp\n" },
};

#define TRIES(list) SINGLE AT " => ok; " list PAGE

static const struct session_row tries[] = {
	{ "lost, then fine, and so again", TRIES(LOST "; " OK "; " OK "; "
	    LOST2 "; " OK2 "; " OK2 "; " OK2),
	    "error first-connection-lost" ON " intermittent\n" },
	{ "lost first, once only", TRIES(LOST "; " OK "; " OK "; " OK2 "; "
	    OK2 "; " OK2 "; " OK2), "notice connect-intermittent" ON
	    " intermittent\n" },
	{ "lost in the middle, and again", TRIES(OK "; " LOST "; " OK "; "
	    OK2 "; " LOST2 "; " OK2 "; " OK2),
	    "error connect-intermittent" ON " intermittent\n" },
	{ "lost first and thereafter too", TRIES(LOST "; " LOST "; " OK "; "
	    LOST2 "; " OK2 "; " OK2 "; " OK2),
	    "error connect-intermittent" ON " intermittent\n" },
	{ "one of three, no second round", TRIES(OK "; " LOST "; " OK),
	    "notice connect-intermittent" ON " intermittent\n" },
	{ "two of three, no second round", TRIES(LOST "; " LOST "; " OK),
	    "error connect-intermittent" ON " intermittent\n" },
	{ "none lost", TRIES(OK "; " OK "; " OK), "" },
	{ "one of seven in the middle", TRIES(OK "; " OK "; " LOST "; " OK2
	    "; " OK2 "; " OK2 "; " OK2), "notice connect-intermittent" ON
	    " intermittent\n" },
	{ "an interruption is no loss", TRIES(OK "; connect {'ok':false,"
	    "'cause':'interrupted'}; " OK), "" },
};

#define STATUS(n) "; http {'status':" #n ",'complete':true}\n"
#define REDIRECT(to) "; http {'status':302,'location':'" to "','complete':" \
	"true}\n"
#define TLS	"; tls {'ok':true,'name_ok':true,'errors':[],'chain':[{" \
	"'names':['d.test','www.d.test'],'not_before':1790000000," \
	"'not_after':1799000000,'self':false,'aia':true}]}"

static const struct session_row pages[] = {
	{ "503 at one address", AT " => ok; " OK TLS STATUS(503),
	    "error http-status" ON " masked partial\n" },
	{ "503 everywhere", HTTPS "* => ok; " OK TLS STATUS(503),
	    "error http-status" ON "\n"
	    "error http-status www.d.test 192.0.2.12 https\n"
	    "error http-status www.d.test 2001:db8:1::11 https\n"
	    "error http-status www.d.test 2001:db8:1::12 https\n" },
	{ "403 everywhere", HTTPS "* => ok; " OK TLS STATUS(403),
	    "notice http-status" ON "\n"
	    "notice http-status www.d.test 192.0.2.12 https\n"
	    "notice http-status www.d.test 2001:db8:1::11 https\n"
	    "notice http-status www.d.test 2001:db8:1::12 https\n" },
	{ "404 at one address alone", AT " => ok; " OK TLS STATUS(404),
	    "error http-status" ON " masked partial\n" },
	{ "399 is no error", AT " => ok; " OK TLS STATUS(399), "" },
	{ "garbled", AT " => ok; " OK TLS "; garbled {'why':'not-http'}\n",
	    "error http-garbled" ON " masked partial\n" },
	{ "garbled in both families", SINGLE HTTPS "* => ok; " OK TLS
	    "; garbled {'why':'not-http'}\n", "error http-garbled" ON "\n"
	    "error http-garbled www.d.test 2001:db8:1::11 https\n" },
	{ "garbled, but nobody connected", AT " => refused; connect {'ok':"
	    "false,'cause':'refused'}; garbled {'why':'x'}\n",
	    "error connect-partial www.d.test - https\n"
	    "error connect-refused" ON " masked partial\n" },
	{ "stalled", AT " => stalled; " OK TLS "; stalled {'bytes':10,"
	    "'where':'body'}\n", "error http-stalled" ON
	    " masked partial\n" },
	{ "stalled in the body of a page", AT " => stalled; " OK TLS
	    "; http {'status':200,'complete':false}; stalled {'bytes':10,"
	    "'where':'body'}\n", "error http-stalled" ON
	    " masked partial\n" },
	{ "slow, but whole", AT " => ok; connect {'ok':true,'ms':3900}" TLS
	    PAGE, "" },
	{ "a redirect to itself", "web/http/www.d.test/192.0.2.11/* => ok; "
	    OK REDIRECT("http://www.d.test/"), "error http-redirect-loop "
	    "www.d.test 192.0.2.11 http masked partial\n" },
	{ "two pages in a ring", "web/https/www.d.test/* => ok; " OK TLS
	    REDIRECT("http://www.d.test/") "web/http/www.d.test/* => ok; " OK
	    REDIRECT("https://www.d.test/"),
	    "error http-redirect-loop www.d.test 192.0.2.11 http\n"
	    "error http-redirect-loop www.d.test 192.0.2.11 https\n"
	    "error http-redirect-loop www.d.test 192.0.2.12 http\n"
	    "error http-redirect-loop www.d.test 192.0.2.12 https\n"
	    "error http-redirect-loop www.d.test 2001:db8:1::11 http\n"
	    "error http-redirect-loop www.d.test 2001:db8:1::11 https\n"
	    "error http-redirect-loop www.d.test 2001:db8:1::12 http\n"
	    "error http-redirect-loop www.d.test 2001:db8:1::12 https\n" },
	{ "a redirect to https", "web/http/* => ok; " OK
	    REDIRECT("https://www.d.test/"), "" },
	{ "a redirect to a page that is there", "web/http/www.d.test/*/80 => "
	    "ok; " OK REDIRECT("/start"), "" },
	{ "a redirect to an address is no loop", "web/http/* => ok; " OK
	    REDIRECT("http://192.0.2.11/"), "" },
};

#define TEST(table) \
static void \
test_##table(void **state) \
{ \
	(void)state; \
	session_rows(table, sizeof table / sizeof table[0]); \
}

TEST(offered)
TEST(causes)
TEST(tries)
TEST(pages)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offered),
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_tries),
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
