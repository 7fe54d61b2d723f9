/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about what mail hosts say by table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/unit/session_kit.h"

#define RCPT	"head options.rcpt 'a@d.test'\n"
#define AT	"mail-in/smtp/mx.d.test/192.0.2.21/25 => "
#define ALL	"mail-in/smtp/mx.d.test/* => "
#define ON	" mx.d.test 192.0.2.21 smtp"
#define EACH(finding) finding " mx.d.test 192.0.2.21 smtp\n" \
	finding " mx.d.test 2001:db8:1::21 smtp\n"
#define REPLY(verb, code, enhanced, text) "; reply {'verb':'" verb "'," \
	"'code':" #code ",'enhanced':'" enhanced "','text':'" text \
	"','all':'" text "','ms':50}"
#define UP	"ok; connect {'ok':true,'ms':40,'local':'192.0.2.200'}"
#define BANNER(ms) "; reply {'verb':'banner','code':220,'text':'mx'," \
	"'all':'mx','ms':" #ms "}"
#define CAPS	"; caps {'tls':false,'list':['SIZE','STARTTLS']}"
#define TLS	"; tls {'ok':true,'name_ok':true,'errors':[],'chain':[{" \
	"'names':['mx.d.test'],'not_before':1790000000,'not_after':" \
	"1799000000,'self':false,'aia':true}]}"
#define HELLO	UP BANNER(50) REPLY("EHLO", 250, "", "mx") CAPS
#define BYE	REPLY("QUIT", 221, "", "bye")
#define TO(code, enhanced, text) HELLO TLS REPLY("MAIL", 250, "", "ok") \
	REPLY("RCPT", code, enhanced, text) BYE "\n"

static const struct session_row greeting[] = {
	{ "after 5 s", AT UP BANNER(5000) CAPS TLS BYE "\n", "" },
	{ "after 10 s", AT UP BANNER(10000) CAPS TLS BYE "\n",
	    "notice banner-slow" ON " masked\n" },
	{ "after 45 s", AT UP BANNER(45000) CAPS TLS BYE "\n",
	    "warning banner-slow" ON " masked\n" },
	{ "never, at one address", AT UP "; silent {'verb':'banner','ms':"
	    "60000}\n", "error banner-slow" ON " masked\n" },
	{ "never, at any", ALL UP "; silent {'verb':'banner','ms':60000}\n",
	    EACH("error banner-slow") },
	{ "421", AT UP REPLY("banner", 421, "4.3.2", "busy") "\n",
	    "notice smtp-421" ON "\n" },
	{ "421 to EHLO", AT UP BANNER(50) REPLY("EHLO", 421, "", "busy") "\n",
	    "notice smtp-421" ON "\n" },
	{ "421 to STARTTLS", AT HELLO REPLY("STARTTLS", 421, "", "busy")
	    "\n", "notice smtp-421" ON "\n" },
	{ "421 once, one finding", AT UP BANNER(50) REPLY("EHLO", 250, "",
	    "mx") CAPS TLS REPLY("MAIL", 421, "", "a") REPLY("RSET", 421, "",
	    "b") "\n", "notice smtp-421" ON "\n" },
};

static const struct session_row refusal[] = {
	{ "554", AT UP REPLY("banner", 554, "5.7.1", "no") "\n",
	    "unknown refused-us" ON "\n" },
	{ "our address is named", RCPT AT TO(550, "5.7.1",
	    "192.0.2.200 is listed"), "unknown refused-us" ON "\n" },
	{ "a block list", RCPT AT TO(550, "5.7.1",
	    "blocked using zen.spamhaus.org"), "unknown refused-us" ON "\n" },
	{ "no such user is not us", RCPT AT TO(550, "5.1.1", "no such user"),
	    "error rcpt-rejected" ON "\n" },
	{ "the rest of a refusal is not judged", AT UP REPLY("banner", 554,
	    "", "no") "; garbled {'why':'x','verb':'EHLO'}\n",
	    "unknown refused-us" ON "\n" },
	{ "220 is no refusal", AT HELLO TLS BYE "\n", "" },
};

static const struct session_row starttls[] = {
	{ "missing everywhere", ALL UP BANNER(50) REPLY("EHLO", 250, "", "mx")
	    "; caps {'tls':false,'list':['SIZE']}" BYE "\n",
	    EACH("notice starttls-missing") },
	{ "missing at one address", AT UP BANNER(50) REPLY("EHLO", 250, "",
	    "mx") "; caps {'tls':false,'list':['SIZE']}" BYE "\n",
	    "notice starttls-missing" ON "\n"
	    "warning starttls-differs mx.d.test - smtp\n" },
	{ "missing in TLS, as it must be", AT HELLO TLS "; caps {'tls':true,"
	    "'list':[]}" BYE "\n", "" },
	{ "a server that knows HELO alone offers none", AT UP BANNER(50)
	    REPLY("EHLO", 502, "", "x") REPLY("HELO", 250, "", "mx") BYE "\n",
	    "notice starttls-missing" ON "\n"
	    "warning starttls-differs mx.d.test - smtp\n" },
	{ "not known: nothing came after the banner", AT UP BANNER(50)
	    "; limit {'what':'probe','at':1}\n", "" },
	{ "454", AT HELLO REPLY("STARTTLS", 454, "4.7.0", "later") BYE "\n",
	    "error starttls-454" ON " masked\n" },
	{ "501", AT HELLO REPLY("STARTTLS", 501, "", "what") BYE "\n",
	    "error starttls-454" ON " masked\n" },
	{ "220", AT HELLO REPLY("STARTTLS", 220, "", "go") TLS BYE "\n", "" },
	{ "bytes behind the reply", AT HELLO REPLY("STARTTLS", 220, "", "go")
	    "; injected {'bytes':12}\n", "error starttls-injection" ON " masked\n" },
	{ "bytes behind the reply, everywhere", ALL HELLO REPLY("STARTTLS",
	    220, "", "go") "; injected {'bytes':12}\n",
	    EACH("error starttls-injection") },
};

static const struct session_row rcpt[] = {
	{ "accepted", RCPT ALL TO(250, "2.1.5", "ok"), "" },
	{ "greylisted", RCPT ALL TO(450, "4.7.1", "Greylisted, try later"),
	    EACH("notice greylisted") },
	{ "greylisted at one", RCPT AT TO(451, "4.7.1", "greylisting in "
	    "action"), "notice greylisted" ON "\n" },
	{ "temporary", RCPT ALL TO(452, "4.2.2", "mailbox full"),
	    EACH("warning rcpt-temporary") },
	{ "temporary at one", RCPT AT TO(451, "4.3.0", "local error"),
	    "warning rcpt-temporary" ON "\n" },
	{ "temporary for MAIL", RCPT AT HELLO TLS REPLY("MAIL", 452, "4.3.1",
	    "no space") BYE "\n", "warning rcpt-temporary" ON "\n" },
	{ "rejected", RCPT ALL TO(550, "5.1.1", "no such user"),
	    EACH("error rcpt-rejected") },
	{ "rejected at MAIL", RCPT AT HELLO TLS REPLY("MAIL", 550, "5.1.8",
	    "bad sender") BYE "\n", "error rcpt-rejected" ON "\n" },
	{ "421 is not a rejection", RCPT AT TO(421, "4.7.0", "come later"),
	    "notice smtp-421" ON "\n" },
};

static const struct session_row garbled[] = {
	{ "garbled at one", AT UP "; garbled {'why':'bad-code','verb':"
	    "'banner'}\n", "error smtp-garbled" ON " masked\n" },
	{ "garbled everywhere", ALL UP "; garbled {'why':'bad-code','verb':"
	    "'banner'}\n", EACH("error smtp-garbled") },
	{ "closed after EHLO", AT UP BANNER(50) "; closed {'verb':'EHLO'}\n",
	    "error smtp-garbled" ON " masked\n" },
	{ "closed after QUIT", AT HELLO TLS "; closed {'verb':'QUIT'}\n",
	    "" },
	{ "silent after EHLO", AT UP BANNER(50) "; silent {'verb':'EHLO',"
	    "'ms':15000}\n", "error smtp-garbled" ON " masked\n" },
	{ "silent after QUIT", AT HELLO TLS "; silent {'verb':'QUIT','ms':"
	    "1000}\n", "" },
	{ "interrupted", "mail-in/smtp/mx.d.test/192* => interrupted; connect "
	    "{'ok':true,'ms':40}; closed {'verb':'EHLO'}\n", "" },
};

#define TEST(table) \
static void \
test_##table(void **state) \
{ \
	(void)state; \
	session_rows(table, sizeof table / sizeof table[0]); \
}

TEST(greeting)
TEST(refusal)
TEST(starttls)
TEST(rcpt)
TEST(garbled)

/* A dialogue of a mailbox service at one of n names; all were connected, the
   last speaks. */
static void
mailbox_probe(struct session *s, unsigned i, bool speaks)
{
	char *key = xasprintf("mailbox/pop3/n%u.d.test/192.0.2.9/110", i);
	json_t *began = json_pack("{s:s, s:{s:s, s:i, s:s, s:s}}",
	    "state", "began", "endpoint", "addr", "192.0.2.9",
	    "port", 110, "proto", "pop3", "tls", "starttls");
	json_t *up = json_pack("{s:s, s:{s:b}}", "key", "connect", "value",
	    "ok", 1);
	json_t *reply = json_pack("{s:s, s:{s:s}}", "key", "reply", "value",
	    "verb", "banner");
	json_t *ended = json_pack("{s:s, s:s}", "state", "ended", "outcome",
	    "ok");
	struct event ev = { .kind = EV_PROBE, .probe = key, .attempt = 1,
		.seq = s->seq + 1, .body = began };
	char *name = xasprintf("n%u.d.test", i);

	json_put_str(json_object_get(began, "endpoint"), "name", name);
	session_fold(s, &ev);
	ev.kind = EV_FACT;
	ev.body = up;
	session_fold(s, &ev);
	ev.body = reply;
	if (speaks)
		session_fold(s, &ev);
	ev.kind = EV_PROBE;
	ev.body = ended;
	session_fold(s, &ev);
	json_decref(began);
	json_decref(up);
	json_decref(reply);
	json_decref(ended);
	free(name);
	free(key);
}

/* CPU seconds for so many judgements of n mailbox services. */
static double
mailbox_cost(unsigned n, int times)
{
	struct session *s = session_of("many", "");
	size_t before = s->nprobes;
	struct model *m;
	clock_t t;

	for (unsigned i = 0; i < n; i++)
		mailbox_probe(s, i, i == n - 1);
	m = model_build(s, s->us);
	assert_int_equal(s->nprobes, before + n);
	assert_false(judge_mailbox_offered(m, s->probes[before]));
	assert_true(judge_mailbox_offered(m, s->probes[before + n - 1]));
	t = clock();
	for (int k = 0; k < times; k++) {
		struct judge j;

		memset(&j, 0, sizeof j);
		j.m = m;
		judge_mailbox(&j);
		judge_free(&j);
	}
	t = clock() - t;
	model_free(m);
	session_free(s);
	return (double)t / CLOCKS_PER_SEC;
}

/* Four times the services are four times the work: sixteen times were it with
   each compared to all. The best of some, because others work beside us. */
static void
test_mailbox_work(void **state)
{
	double few = 1e9, many = 1e9, d;

	(void)state;
	for (int i = 0; i < 5; i++) {
		few = (d = mailbox_cost(1000, 20)) < few ? d : few;
		many = (d = mailbox_cost(4000, 20)) < many ? d : many;
	}
	print_message("%.3f s for 1000, %.3f s for 4000\n", few, many);
	assert_true(many < 9 * few);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_greeting),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_starttls),
		cmocka_unit_test(test_rcpt),
		cmocka_unit_test(test_garbled),
		cmocka_unit_test(test_mailbox_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
