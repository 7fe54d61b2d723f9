/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses of mail hosts on port 25: connections, banners, refusals of
 * ourselves, STARTTLS, broken dialogues, recipients, and that nothing is sent
 * that nobody asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/unit/diag_kit.h"

/* No web; one mail host, one address of each family. */
#define SMALL	"! @ A\n! www A\n! web \n! MX 20\n"
#define MX	SMALL "smtp {mx1} {mx1.4} {mx1.6} "
#define ON_V6	SMALL "smtp {mx1} {mx1.4}\nsmtp {mx1} {mx1.6} "
#define ON_V4	SMALL "smtp {mx1} {mx1.6}\nsmtp {mx1} {mx1.4} "
#define TWO_V4 \
	SMALL "record {d} {mx1}. A {x1.4}\n" \
	"smtp {mx1} {x1.4}\n" \
	"ptr {x1.4} {mx1}\n"

#define V4(level, id, flags) \
	"> " level " " id " {mx1} {mx1.4} smtp" flags "\n"
#define V6(level, id, flags) \
	"> " level " " id " {mx1} {mx1.6} smtp" flags "\n"
#define BOTH(level, id, flags)	V4(level, id, flags) V6(level, id, flags)

static const struct kit_case connects[] = {
	{ "v6 refused", SMALL
	    "fault tcp {mx1.6} port 25 refused\n"
	    V6("error", "connect-refused", " masked")
	    "> fact half-done-v6 {d} - -\n"
	    "~ mx-partial\n"
	    "+ error {mx1} {mx1.6} smtp\n"
	    "+ ok {mx1} {mx1.4} smtp\n"
	    "= error\n" },
	{ "v6 silent", SMALL
	    "fault tcp {mx1.6} port 25 silent\n"
	    V6("error", "connect-timeout", " masked")
	    "~ here-port25-blocked\n"
	    "= error\n" },
	{ "v4 unreachable", SMALL
	    "fault tcp {mx1.4} port 25 icmp 3/1 {x1.4}\n"
	    V4("error", "connect-unreachable", " masked")
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "v6 prohibited", SMALL
	    "fault tcp {mx1.6} port 25 icmp 1/6 {x1.6}\n"
	    V6("error", "connect-prohibited", " masked")
	    "= error\n" },
	{ "both families refused", SMALL
	    "fault tcp {mx1.4} port 25 refused\n"
	    "fault tcp {mx1.6} port 25 refused\n"
	    BOTH("error", "connect-refused", "")
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "the second host refuses",
	    "fault tcp {mx2.4} port 25 refused\n"
	    "fault tcp {mx2.6} port 25 refused\n"
	    "> error connect-refused {mx2} {mx2.4} smtp\n"
	    "> error connect-refused {mx2} {mx2.6} smtp\n"
	    "= error\n" },
	{ "one of two v4 addresses refuses", TWO_V4
	    "fault tcp {x1.4} port 25 refused\n"
	    "> error connect-refused {mx1} {x1.4} smtp masked partial\n"
	    "> error mx-partial {mx1} - smtp\n"
	    "~ connect-partial\n"
	    "= error\n" },
	{ "one of two v4 addresses is silent", TWO_V4
	    "fault tcp {mx1.4} port 25 silent\n"
	    V4("error", "connect-timeout", " masked partial")
	    "> error mx-partial {mx1} - smtp\n"
	    "= error\n" },
	{ "every port 25 silent",
	    "block port 25\n"
	    "> unknown here-port25-blocked - - -\n"
	    "~ connect-timeout\n~ mx-partial\n~ half-done-v6\n"
	    "+ unknown all smtp v4\n"
	    "+ unknown all smtp v6\n"
	    "= unknown\n" },
	{ "first connection lost once", SMALL
	    "fault tcp {mx1.4} port 25 attempt 1 silent\n"
	    V4("notice", "connect-intermittent", " intermittent")
	    "= notice\n" },
	{ "first connection lost, and again", SMALL
	    "fault tcp {mx1.6} port 25 idle 2 silent\n"
	    V6("error", "first-connection-lost", " intermittent")
	    "~ connect-intermittent\n"
	    "= error\n" },
	{ "two connections lost", SMALL
	    "fault tcp {mx1.6} port 25 attempt 1-2 silent\n"
	    V6("error", "connect-intermittent", " intermittent")
	    "= error\n" },
	{ "first connection refused, once", SMALL
	    "fault tcp {mx1.4} port 25 attempt 1 refused\n"
	    V4("notice", "connect-intermittent", " intermittent")
	    "= notice\n" },
};

static const struct kit_case banners[] = {
	{ "banner after 4 s", MX "delay 4\n"
	    "~ banner-slow\n"
	    "= ok\n" },
	{ "banner after 6 s", MX "delay 6\n"
	    BOTH("notice", "banner-slow", "")
	    "= notice\n" },
	{ "banner after 10 s and greylisting", MX "delay 10 greylist 300\n"
	    "@ rcpt {n1}@{d}\n"
	    BOTH("notice", "banner-slow", "")
	    BOTH("notice", "greylisted", "")
	    "= notice\n" },
	{ "banner after 35 s on v6", ON_V6 "delay 35\n"
	    V6("warning", "banner-slow", " masked")
	    "> fact half-done-v6 {d} - -\n"
	    "= warning\n" },
	{ "no banner on v6", ON_V6 "\n"
	    "fault smtp {mx1.6} at banner stall\n"
	    V6("error", "banner-slow", " masked")
	    "~ smtp-garbled\n"
	    "+ error {mx1} {mx1.6} smtp\n"
	    "= error\n" },
	{ "no banner at all", MX "\n"
	    "fault smtp all at banner stall\n"
	    BOTH("error", "banner-slow", "")
	    "= error\n" },
	{ "421 as banner", MX "banner \"421 4.3.2 Too many connections\"\n"
	    BOTH("notice", "smtp-421", "")
	    "~ smtp-garbled\n~ starttls-missing\n"
	    "= notice\n" },
	{ "421 to EHLO", ON_V4 "\n"
	    "fault smtp {mx1.4} at ehlo reply \"421 4.7.0 Try later\"\n"
	    V4("notice", "smtp-421", "")
	    "~ smtp-garbled\n~ starttls-missing\n~ starttls-differs\n"
	    "= notice\n" },
	{ "421 to RCPT", ON_V6 "\n"
	    "fault smtp {mx1.6} at rcpt reply \"421 4.3.0 Shutting down\"\n"
	    "@ rcpt {n1}@{d}\n"
	    V6("notice", "smtp-421", "")
	    "~ rcpt-temporary\n~ greylisted\n"
	    "= notice\n" },
	{ "another 4xx as banner", MX "\n"
	    "fault smtp {mx1.4} at banner reply \"450 4.3.2 Not now\"\n"
	    V4("notice", "smtp-421", "")
	    "= notice\n" },
};

/* A refusal of ourselves is no fault of the domain. */
static const struct kit_case refusals[] = {
	{ "554 as banner", MX "banner \"554 5.7.1 No mail service here\"\n"
	    "> unknown refused-us {mx1} {mx1.4} smtp\n"
	    "> unknown refused-us {mx1} {mx1.6} smtp\n"
	    "~ starttls-missing\n~ smtp-garbled\n"
	    "+ unknown all smtp v4\n"
	    "+ unknown all smtp v6\n"
	    "= unknown\n" },
	{ "554 as banner on v6", ON_V6 "banner \"554 no\"\n"
	    "> unknown refused-us {mx1} {mx1.6} smtp\n"
	    "~ half-done-v6\n"
	    "+ unknown {mx1} {mx1.6} smtp\n"
	    "+ ok {mx1} {mx1.4} smtp\n"
	    "= unknown\n" },
	{ "421 for a block list",
	    MX "banner \"421 4.7.0 Your IP is listed at bl.{other}\"\n"
	    "> unknown refused-us {mx1} {mx1.4} smtp\n"
	    "> unknown refused-us {mx1} {mx1.6} smtp\n"
	    "~ smtp-421\n"
	    "= unknown\n" },
	{ "EHLO refused for a block list", ON_V4 "\n"
	    "fault smtp {mx1.4} at ehlo reply "
	    "\"550 5.7.1 Client host blocked using bl.{other}\"\n"
	    "> unknown refused-us {mx1} {mx1.4} smtp\n"
	    "~ smtp-garbled\n~ starttls-missing\n"
	    "= unknown\n" },
	{ "MAIL refused for a missing PTR", ON_V6 "mail "
	    "\"450 4.7.25 cannot find your reverse hostname\"\n"
	    "@ rcpt {n1}@{d}\n"
	    "> unknown refused-us {mx1} {mx1.6} smtp\n"
	    "~ rcpt-temporary\n~ greylisted\n"
	    "= unknown\n" },
	{ "RCPT refused, naming our address",
	    ON_V4 "rcpt \"554 5.7.1 198.51.100.10 is not welcome\"\n"
	    "@ rcpt {n1}@{d}\n"
	    "> unknown refused-us {mx1} {mx1.4} smtp\n"
	    "~ rcpt-rejected\n"
	    "= unknown\n" },
	{ "RCPT refused, naming our v6 address",
	    ON_V6 "rcpt \"550 5.7.1 [2001:db8:ffff::10] is not welcome\"\n"
	    "@ rcpt {n1}@{d}\n"
	    "> unknown refused-us {mx1} {mx1.6} smtp\n"
	    "= unknown\n" },
	{ "RCPT refused, naming our host",
	    MX "rcpt \"550 5.7.1 <{n5}.{other}>: not here\"\n"
	    "@ rcpt {n1}@{d}\n"
	    "@ helo {n5}.{other}\n"
	    "> unknown refused-us {mx1} {mx1.4} smtp\n"
	    "> unknown refused-us {mx1} {mx1.6} smtp\n"
	    "= unknown\n" },
	{ "RCPT refused for reputation",
	    MX "rcpt \"550 5.7.1 sender IP has poor reputation\"\n"
	    "@ rcpt {n1}@{d}\n"
	    "> unknown refused-us {mx1} {mx1.4} smtp\n"
	    "> unknown refused-us {mx1} {mx1.6} smtp\n"
	    "= unknown\n" },
	{ "refused here, a fault there", MX "\n"
	    "fault smtp {mx1.4} at banner reply \"554 5.7.1 no\"\n"
	    "fault tcp {mx1.6} port 25 refused\n"
	    "> unknown refused-us {mx1} {mx1.4} smtp\n"
	    "> error connect-refused {mx1} {mx1.6} smtp masked\n"
	    "= error\n" },
};

static const struct kit_case starttls[] = {
	{ "STARTTLS nowhere", MX "no-starttls\n"
	    BOTH("notice", "starttls-missing", "")
	    "~ starttls-differs\n"
	    "= notice\n" },
	{ "STARTTLS not on v6", ON_V6 "no-starttls\n"
	    V6("notice", "starttls-missing", "")
	    "> warning starttls-differs {mx1} - smtp\n"
	    "= warning\n" },
	{ "STARTTLS not at the second host",
	    "smtp {mx2} {mx2.4} {mx2.6} no-starttls\n"
	    "> notice starttls-missing {mx2} {mx2.4} smtp\n"
	    "~ starttls-differs\n"
	    "= notice\n" },
	{ "STARTTLS stripped on the way", ON_V4 "no-starttls "
	    "ext XXXXXXXA\n"
	    V4("notice", "starttls-missing", "")
	    "> warning starttls-differs {mx1} - smtp\n"
	    "= warning\n" },
	{ "454", MX "\n"
	    "fault smtp all at starttls reply \"454 4.7.0 TLS not available\"\n"
	    BOTH("error", "starttls-454", "")
	    "~ tls-handshake\n~ starttls-missing\n"
	    "= error\n" },
	{ "454 on v6", ON_V6 "\n"
	    "fault smtp {mx1.6} at starttls reply \"454 4.7.0 not now\"\n"
	    V6("error", "starttls-454", " masked")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "501 to STARTTLS", ON_V4 "\n"
	    "fault smtp {mx1.4} at starttls reply \"501 5.5.4 what\"\n"
	    V4("error", "starttls-454", " masked")
	    "= error\n" },
	{ "injection", MX "\n"
	    "fault smtp all at starttls inject\n"
	    BOTH("error", "starttls-injection", "")
	    "= error\n" },
	{ "injection on v6", ON_V6 "\n"
	    "fault smtp {mx1.6} at starttls inject\n"
	    V6("error", "starttls-injection", " masked")
	    "= error\n" },
	{ "EHLO refused, HELO taken", MX "\n"
	    "fault smtp all at ehlo reply \"502 5.5.1 Unknown\"\n"
	    BOTH("notice", "starttls-missing", "")
	    "~ smtp-garbled\n~ refused-us\n"
	    "= notice\n" },
	{ "HELO only on v4", ON_V4 "\n"
	    "fault smtp {mx1.4} at ehlo reply \"500 5.5.1 Unknown\"\n"
	    V4("notice", "starttls-missing", "")
	    "> warning starttls-differs {mx1} - smtp\n"
	    "= warning\n" },
	{ "EHLO and HELO refused", ON_V6 "\n"
	    "fault smtp {mx1.6} at ehlo reply \"500 5.5.1 Unknown\"\n"
	    "fault smtp {mx1.6} at helo reply \"500 5.5.1 Unknown\"\n"
	    V6("error", "smtp-garbled", " masked")
	    "~ starttls-missing\n"
	    "= error\n" },
};

static const struct kit_case dialogues[] = {
	{ "garbled banner", ON_V6 "\n"
	    "fault smtp {mx1.6} at banner garbled\n"
	    V6("error", "smtp-garbled", " masked")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "web server on port 25", ON_V4 "banner \"HTTP/1.1 400 Bad\"\n"
	    V4("error", "smtp-garbled", " masked")
	    "= error\n" },
	{ "tls on port 25", ON_V6 "tls\n"
	    "= error\n"
	    V6("error", "banner-slow", " masked") },
	{ "garbled after EHLO", MX "\n"
	    "fault smtp all at ehlo garbled\n"
	    BOTH("error", "smtp-garbled", "")
	    "~ starttls-missing\n"
	    "= error\n" },
	{ "code changes in a reply", ON_V4 "\n"
	    "fault smtp {mx1.4} at ehlo reply \"250-{mx1}\\r\\n550 x\"\n"
	    V4("error", "smtp-garbled", " masked")
	    "= error\n" },
	{ "closed before the banner", ON_V6 "\n"
	    "fault smtp {mx1.6} at banner close\n"
	    V6("error", "smtp-garbled", " masked")
	    "~ banner-slow\n"
	    "= error\n" },
	{ "closed after the banner", ON_V4 "\n"
	    "fault smtp {mx1.4} at ehlo close\n"
	    V4("error", "smtp-garbled", " masked")
	    "= error\n" },
	{ "reset after the banner", ON_V6 "\n"
	    "fault smtp {mx1.6} at ehlo reset\n"
	    V6("error", "smtp-garbled", " masked")
	    "= error\n" },
	{ "silent after EHLO", ON_V6 "\n"
	    "fault smtp {mx1.6} at ehlo stall\n"
	    V6("error", "smtp-garbled", " masked")
	    "~ banner-slow\n"
	    "= error\n" },
	{ "silent after EHLO over tls", ON_V4 "\n"
	    "fault smtp {mx1.4} at ehlo-tls stall\n"
	    "> error smtp-garbled {mx1} {mx1.4} smtp masked\n"
	    "= error\n" },
	{ "closed without 221", MX "\n"
	    "fault smtp all at quit close\n"
	    "~ smtp-garbled\n"
	    "= ok\n" },
	{ "silent after QUIT", MX "\n"
	    "fault smtp all at quit stall\n"
	    "~ smtp-garbled\n"
	    "= ok\n" },
};

static const struct kit_case recipients[] = {
	{ "recipient taken",
	    "@ rcpt {n1}@{d}\n"
	    "~ rcpt-rejected\n~ greylisted\n"
	    "= ok\n" },
	{ "greylisted", MX "greylist 300\n"
	    "@ rcpt {n1}@{d}\n"
	    BOTH("notice", "greylisted", "")
	    "~ rcpt-temporary\n"
	    "= notice\n" },
	{ "greylisted, and accepted when we come back", MX "greylist 300\n"
	    "@ rcpt {n1}@{d}\n@ wait 310\n"
	    BOTH("fact", "greylist-passed", "")
	    "~ greylisted\n~ rcpt-temporary\n"
	    "= ok\n" },
	{ "greylisted, and we come back too early", MX "greylist 300\n"
	    "@ rcpt {n1}@{d}\n@ wait 60\n"
	    BOTH("notice", "greylisted", "")
	    "~ greylist-passed\n"
	    "= notice\n" },
	{ "not greylisted: nothing to come back for", MX "\n"
	    "@ rcpt {n1}@{d}\n@ wait 310\n"
	    "~ greylist-passed\n~ greylisted\n"
	    "= ok\n" },
	{ "greylisted on v6", ON_V6 "greylist 300\n"
	    "@ subject {n1}@{d}\n"
	    V6("notice", "greylisted", " masked")
	    "~ half-done-v6\n"
	    "= notice\n" },
	{ "temporary error", MX "rcpt \"451 4.3.0 Local error\"\n"
	    "@ rcpt {n1}@{d}\n"
	    BOTH("warning", "rcpt-temporary", "")
	    "~ greylisted\n"
	    "= warning\n" },
	{ "mailbox full on v6", ON_V6 "rcpt \"452 4.2.2 Mailbox full\"\n"
	    "@ rcpt {n1}@{d}\n"
	    V6("warning", "rcpt-temporary", " masked")
	    "= warning\n" },
	{ "MAIL not taken for now", MX "mail \"452 4.3.1 No space\"\n"
	    "@ rcpt {n1}@{d}\n"
	    BOTH("warning", "rcpt-temporary", "")
	    "= warning\n" },
	{ "rejected", MX "rcpt \"550 5.1.1 No such user\"\n"
	    "@ rcpt {n1}@{d}\n"
	    BOTH("error", "rcpt-rejected", "")
	    "~ refused-us\n"
	    "= error\n" },
	{ "address as subject rejected on v6",
	    ON_V6 "rcpt \"550 5.1.1 No such user\"\n"
	    "@ subject {n1}@{d}\n"
	    V6("error", "rcpt-rejected", " masked")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "never asked", MX "rcpt \"550 5.1.1 No such user\" "
	    "mail \"550 5.1.0 No\"\n"
	    "~ rcpt-rejected\n"
	    "= ok\n" },
	{ "null MX",
	    "! MX 1\n! MX 2\n"
	    "record {d} @ MX 0 .\n"
	    "> fact mx-null {d} - -\n"
	    "~ mx-missing\n~ mx-no-address\n"
	    "= ok\n" },
	{ "no MX",
	    "! MX 1\n! MX 2\n"
	    "> fact mx-missing {d} - -\n"
	    "~ mx-null\n"
	    "= ok\n" },
	{ "mail not asked", MX "cert expired\n"
	    "@ skip mail-in\n"
	    "~ cert-expired\n"
	    "= ok\n" },
};

static size_t
times(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* Nothing that touches a mailbox, unless a recipient was given. */
static void
test_said(void **state)
{
	static const char *const quiet[] = { "\"MAIL FROM", "\"RCPT TO",
		"\"RSET", "\"DATA", "\"BDAT", "\"VRFY" };
	struct kit_run r;

	(void)state;
	kit_run(&r, "", 0);
	for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++)
		assert_null(strstr(r.log, quiet[i]));
	assert_int_equal(times(r.log, "\"STARTTLS\"}"), 4);
	assert_int_equal(times(r.log, "\"text\":\"EHLO "), 8);
	assert_int_equal(times(r.log, "\"text\":\"QUIT"), 4);
	kit_free(&r);
}

static void
test_said_rcpt(void **state)
{
	struct kit_run r;

	(void)state;
	kit_run(&r, "@ rcpt {n1}@{d}\n", 0);
	assert_int_equal(times(r.log, "\"text\":\"MAIL FROM"), 4);
	assert_int_equal(times(r.log, "\"text\":\"RCPT TO"), 4);
	assert_int_equal(times(r.log, "\"text\":\"RSET"), 4);
	assert_null(strstr(r.log, "\"DATA"));
	kit_free(&r);
}

static const char *
service(const struct kit_run *r, const char *family)
{
	const json_t *list = json_object_get(json_object_get(
	    engine_session(r->engine)->end, "summary"), "services"), *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_str(item, "service"), "mail-in") == 0)
			return json_str(item, family);
	return "";
}

static void
services(const char *text, const char *v4, const char *v6)
{
	struct kit_run r;

	kit_run(&r, text, 0);
	if (strcmp(service(&r, "v4"), v4) != 0 ||
	    strcmp(service(&r, "v6"), v6) != 0)
		fail_msg("TADORU_SEED=%llu: %s, %s instead of %s, %s for\n%s",
		    (unsigned long long)kit_seed(), service(&r, "v4"),
		    service(&r, "v6"), v4, v6, text);
	kit_free(&r);
}

static void
test_services(void **state)
{
	(void)state;
	services("", "ok", "ok");
	services("fault tcp {mx2.6} port 25 refused\n", "ok", "error");
	services(MX "cert self-signed\n", "notice", "notice");
	services(ON_V4 "cert expired\n", "warning", "ok");
	services(ON_V6 "banner \"554 no\"\n", "ok", "unknown");
	services("block port 25\n", "unknown", "unknown");
	services("! MX 1\n! MX 2\nrecord {d} @ MX 0 .\n", "not-offered",
	    "not-offered");
	services("@ no-v6\n", "ok", "not-asked");
	services("vantage v4\n", "ok", "unknown");
}

#define GROUP(list) kit_group(#list, list, sizeof list / sizeof list[0])

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_said_rcpt),
		cmocka_unit_test(test_services),
	};
	int failed = GROUP(connects) + GROUP(banners) + GROUP(refusals) +
	    GROUP(starttls) + GROUP(dialogues) + GROUP(recipients);

	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
