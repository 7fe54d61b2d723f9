/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Healthy set-ups of today's Internet, whole diagnoses in the memory world:
 * each ends without anything above notice, and hurts no kind of client.
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

/* {d} at four servers of two foreign operators, no glue for it anywhere. */
#define FOREIGN_AT(rest) \
    "! delegate {d}\n! server {ns1}\n! server {ns2}\n" \
    "delegate {other} {n1}.{other} {x1.4} {x1.6} ; " \
    "{n2}.{other} {x2.4} {x2.6}\n" \
    "delegate {n9}.{tld} {n3}.{n9}.{tld} {x3.4} {x3.6} ; " \
    "{n4}.{n9}.{tld} {x4.4} {x4.6}\n" \
    "delegate {d} {n1}.{other} ; {n2}.{other} ; {n3}.{n9}.{tld} ; " \
    "{n4}.{n9}.{tld}\n" \
    "zone {other}\nzone {n9}.{tld}\n" \
    "server {n1}.{other} {x1.4} {x1.6}" rest "\n" \
    "server {n2}.{other} {x2.4} {x2.6}" rest "\n" \
    "server {n3}.{n9}.{tld} {x3.4} {x3.6}" rest "\n" \
    "server {n4}.{n9}.{tld} {x4.4} {x4.6}" rest "\n"

#define FOREIGN FOREIGN_AT("")

#define MINIMAL \
    "! server {ns1}\n! server {ns2}\n" \
    "server {ns1} {ns1.4} {ns1.6} minimal\n" \
    "server {ns2} {ns2.4} {ns2.6} minimal\n"

#define EACH_SERVER(rest) \
    "fault dns {ns1.4} " rest "\nfault dns {ns1.6} " rest "\n" \
    "fault dns {ns2.4} " rest "\nfault dns {ns2.6} " rest "\n"

#define DNS_OK "+ ok all dns v4\n+ ok all dns v6\n"
#define WEB_OK "+ ok all http v4\n+ ok all http v6\n" \
    "+ ok all https v4\n+ ok all https v6\n"
#define SMTP_OK "+ ok all smtp v4\n+ ok all smtp v6\n"

#define NO_MX "! MX \n! {mx1}\n! {mx2}\n"

/* The mail of {d} at a large host with many addresses. */
#define LARGE_MX \
    NO_MX \
    "delegate {other} {n1}.{other} {x1.4} {x1.6} ; " \
    "{n2}.{other} {x2.4} {x2.6}\n" \
    "zone {other}\n" \
    "server {n1}.{other} {x1.4} {x1.6}\n" \
    "server {n2}.{other} {x2.4} {x2.6}\n" \
    "record {d} @ MX 0 {n5}.mail.{other}.\n" \
    "record {other} {n5}.mail A {x3.4}\n" \
    "record {other} {n5}.mail A {x4.4}\n" \
    "record {other} {n5}.mail A {x5.4}\n" \
    "record {other} {n5}.mail A {x6.4}\n" \
    "record {other} {n5}.mail AAAA {x3.6}\n" \
    "record {other} {n5}.mail AAAA {x4.6}\n" \
    "record {other} {n5}.mail AAAA {x5.6}\n" \
    "record {other} {n5}.mail AAAA {x6.6}\n"
#define LARGE_SMTP(rest) \
    "smtp {n5}.mail.{other} {x3.4} {x4.4} {x5.4} {x6.4} {x3.6} {x4.6} " \
    "{x5.6} {x6.6}" rest "\n"

static const struct kit_case cases[] = {
	{ "minimal answers", MINIMAL DNS_OK WEB_OK SMTP_OK "= ok\n" },
	{ "flattened apex, minimal answers",
	    MINIMAL
	    "! record {d} @ A\n"
	    "record {d} @ A {x1.4}\nrecord {d} @ A {x2.4}\n"
	    "record {d} @ AAAA {x1.6}\nrecord {d} @ AAAA {x2.6}\n"
	    "! record {d} www\n"
	    "record {d} www A {x1.4}\nrecord {d} www A {x2.4}\n"
	    "record {d} www AAAA {x1.6}\nrecord {d} www AAAA {x2.6}\n"
	    "! web {www}\n! web {d}\n"
	    "web {www} {x1.4} {x2.4} {x1.6} {x2.6} to-https\n"
	    "web {d} {x1.4} {x2.4} {x1.6} {x2.6} to-https\n"
	    WEB_OK DNS_OK "= ok\n" },
	{ "flattened apex that turns with each question",
	    MINIMAL
	    EACH_SERVER("name {d} type A pick 1")
	    EACH_SERVER("name {d} type AAAA pick 1")
	    WEB_OK DNS_OK "= ok\n" },
	{ "compact denial and two-day signatures",
	    MINIMAL
	    "record {d} * TXT \"v=spf1 -all\"\n"
	    "record {d} @ RRSIG SOA 13 2 3600 20261125000000 20261123000000 "
	    "34505 {d}. AAAA\n"
	    "record {d} @ RRSIG A 13 2 300 20261125000000 20261123000000 "
	    "34505 {d}. AAAA\n"
	    "record {d} @ RRSIG AAAA 13 2 300 20261125000000 20261123000000 "
	    "34505 {d}. AAAA\n"
	    "record {d} www RRSIG A 13 3 300 20261125000000 20261123000000 "
	    "34505 {d}. AAAA\n"
	    WEB_OK DNS_OK SMTP_OK "= ok\n" },
	{ "compact denial without AAAA",
	    "record {d} * TXT x\n! AAAA {web1.6}\n! AAAA {web2.6}\n"
	    "> notice no-aaaa {www} - -\n> notice no-aaaa {d} - -\n"
	    "= notice\n" },
	{ "sni only and 403",
	    "! web {www}\n! web {d}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} status 403 "
	    "sni-only\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} status 403 "
	    "sni-only\n"
	    "> notice http-status {www} {web1.4} https\n"
	    "> notice http-status {www} {web1.6} https\n"
	    "> notice http-status {d} {web2.6} http\n"
	    "+ notice all https v4\n+ notice all https v6\n" "= notice\n" },
	{ "sni only",
	    "! web {www}\n! web {d}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} sni-only\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} sni-only\n"
	    WEB_OK "= ok\n" },
	{ "redirect to https, 403 there",
	    "! web {www}\n! web {d}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} to-https\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} https status 403\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} redirect "
	    "https://{www}/\n"
	    "= notice\n" },
	{ "four foreign name servers, serial 1, no glue",
	    FOREIGN "serial all {d} 1\n" DNS_OK WEB_OK SMTP_OK "= ok\n" },
	{ "four foreign name servers, minimal",
	    FOREIGN_AT(" minimal") "+ ok all dns v4\n+ ok all dns v6\n= ok\n" },
	{ "foreign name servers below another top-level domain",
	    "! delegate {d}\n! server {ns1}\n! server {ns2}\n"
	    "tld {n8} {n7}.{n8} {x5.4} {x5.6} ; {n6}.{n8} {x6.4} {x6.6}\n"
	    "delegate {n9}.{n8} {n3}.{n9}.{n8} {x3.4} {x3.6} ; "
	    "{n4}.{n9}.{n8} {x4.4} {x4.6}\n"
	    "zone {n9}.{n8}\n"
	    "delegate {d} {n3}.{n9}.{n8} ; {n4}.{n9}.{n8}\n"
	    "server {n3}.{n9}.{n8} {x3.4} {x3.6}\n"
	    "server {n4}.{n9}.{n8} {x4.4} {x4.6}\n"
	    DNS_OK "= ok\n" },
	{ "large mail host, 550 5.4.1 for postmaster",
	    LARGE_MX
	    LARGE_SMTP(" rcpt \"550 5.4.1 Recipient address rejected: Access "
	    "denied\"")
	    SMTP_OK "= ok\n" },
	{ "large mail host whose addresses turn",
	    LARGE_MX LARGE_SMTP("")
	    "fault dns {x1.4} name {n5}.mail.{other} pick 2\n"
	    "fault dns {x2.4} name {n5}.mail.{other} pick 2\n"
	    "fault dns {x1.6} name {n5}.mail.{other} pick 2\n"
	    "fault dns {x2.6} name {n5}.mail.{other} pick 2\n"
	    SMTP_OK "= ok\n" },
	{ "IPv4-only name servers, no AAAA",
	    "! AAAA\n! delegate {d}\n! server {ns1}\n! server {ns2}\n"
	    "! smtp {mx1}\n! smtp {mx2}\n"
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4}\n"
	    "server {ns1} {ns1.4}\nserver {ns2} {ns2.4}\n"
	    "smtp {mx1} {mx1.4}\nsmtp {mx2} {mx2.4}\n"
	    "> notice ns-no-v6 {d} - -\n"
	    "> notice no-aaaa {d} - -\n> notice no-aaaa {www} - -\n"
	    "> notice no-aaaa {mx1} - -\n"
	    "~ half-done-v6\n" "+ ok all dns v4\n+ ok all https v4\n+ ok all smtp v4\n" "= notice\n" },
	{ "IPv4 only, seen from a host without IPv6",
	    "vantage v4\n"
	    "! AAAA\n! delegate {d}\n! server {ns1}\n! server {ns2}\n"
	    "! smtp {mx1}\n! smtp {mx2}\n"
	    "delegate {d} {ns1} {ns1.4} ; {ns2} {ns2.4}\n"
	    "server {ns1} {ns1.4}\nserver {ns2} {ns2.4}\n"
	    "smtp {mx1} {mx1.4}\nsmtp {mx2} {mx2.4}\n"
	    "~ here-no-v6\n" "+ ok all dns v4\n+ ok all https v4\n+ ok all smtp v4\n" "= notice\n" },
	{ "answers vary per question",
	    EACH_SERVER("name {www} type A pick 1")
	    EACH_SERVER("name {www} type AAAA pick 1")
	    WEB_OK DNS_OK "= ok\n" },
	{ "answers vary per server and family",
	    "web {www} {x1.4} {x2.4} {x1.6} {x2.6}\n"
	    "server-record {ns1.4} {d} www A {web1.4}\n"
	    "server-record {ns1.6} {d} www A {web2.4}\n"
	    "server-record {ns2.4} {d} www A {x1.4}\n"
	    "server-record {ns2.6} {d} www A {x2.4}\n"
	    "server-record {ns1.4} {d} www AAAA {web1.6}\n"
	    "server-record {ns1.6} {d} www AAAA {web2.6}\n"
	    "server-record {ns2.4} {d} www AAAA {x1.6}\n"
	    "server-record {ns2.6} {d} www AAAA {x2.6}\n"
	    WEB_OK "+ ok {www} {x1.4} https\n+ ok {www} {web2.6} https\n" "= ok\n" },
	{ "www is an alias into a content network",
	    "! record {d} www\n! web {www}\n"
	    "delegate {other} {n1}.{other} {x1.4} {x1.6} ; "
	    "{n2}.{other} {x2.4} {x2.6}\n"
	    "zone {other}\n"
	    "server {n1}.{other} {x1.4} {x1.6}\n"
	    "server {n2}.{other} {x2.4} {x2.6}\n"
	    "record {d} www CNAME {n3}.{other}.\n"
	    "record {other} {n3} CNAME {n4}.{other}.\n"
	    "record {other} {n4} 60 A {x3.4}\n"
	    "record {other} {n4} 60 AAAA {x3.6}\n"
	    "web {www} {x3.4} {x3.6}\n"
	    WEB_OK "+ ok {www} {x3.6} https\n" "= ok\n" },
	{ "wildcard zone",
	    "! record {d} www\n"
	    "record {d} * A {web1.4}\nrecord {d} * AAAA {web1.6}\n"
	    "= ok\n" },
	{ "wildcard zone at a host without a web server",
	    "! record {d} www\n! web {www}\n! web {d}\n"
	    "host {web1.4} {web2.4} {web1.6} {web2.6}\n"
	    "record {d} * A {web1.4}\nrecord {d} * AAAA {web1.6}\n"
	    "= ok\n" },
	{ "wildcard beside www of its own",
	    "record {d} * A {web1.4}\nrecord {d} * AAAA {web1.6}\n"
	    "= ok\n" },
	{ "wildcard alias",
	    "! record {d} www\n"
	    "record {d} * CNAME {d}.\n"
	    "= ok\n" },
	{ "five identical answers a second", EACH_SERVER("rate 5") DNS_OK WEB_OK SMTP_OK "= ok\n" },
	{ "five identical answers a second at the parent too",
	    EACH_SERVER("rate 5")
	    "fault dns {tld1.4} rate 5\nfault dns {tld1.6} rate 5\n"
	    "fault dns {tld2.4} rate 5\nfault dns {tld2.6} rate 5\n"
	    "fault dns {root1.4} rate 5\nfault dns {root1.6} rate 5\n"
	    "= ok\n" },
	{ "https only",
	    "! web {www}\n! web {d}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} https\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} https\n"
	    "+ ok all https v4\n+ ok all https v6\n" "= ok\n" },
	{ "https only, port 80 dropped",
	    "! web {www}\n! web {d}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} https\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} https\n"
	    "fault tcp {web1.4} port 80 silent\n"
	    "fault tcp {web2.4} port 80 silent\n"
	    "fault tcp {web1.6} port 80 silent\n"
	    "fault tcp {web2.6} port 80 silent\n"
	    "+ ok all https v4\n+ ok all https v6\n" "= ok\n" },
	{ "apex at the mail host, port 80 and 443 closed there",
	    "! record {d} @ A\n! web {d}\n"
	    "record {d} @ A {mx1.4}\nrecord {d} @ AAAA {mx1.6}\n"
	    "= ok\n" },
	{ "http only", "! web {www}\n! web {d}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} http\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} http\n"
	    "= ok\n" },
	{ "greeting delay and greylisting",
	    "! smtp {mx1}\n! smtp {mx2}\n"
	    "smtp {mx1} {mx1.4} {mx1.6} delay 10 greylist 300\n"
	    "smtp {mx2} {mx2.4} {mx2.6} delay 10 greylist 300\n"
	    "@ rcpt {n1}@{d}\n"
	    "> notice banner-slow {mx1} {mx1.4} smtp\n"
	    "> notice banner-slow {mx2} {mx2.6} smtp\n"
	    "> notice greylisted {mx1} {mx1.6} smtp\n"
	    "> notice greylisted {mx2} {mx2.4} smtp\n"
	    "= notice\n" },
	{ "greeting delay of 10 s",
	    "! smtp {mx1}\nsmtp {mx1} {mx1.4} {mx1.6} delay 10\n"
	    "> notice banner-slow {mx1} {mx1.4} smtp\n"
	    "= notice\n" },
	{ "self-signed certificate of the mail host",
	    "! smtp {mx1}\n! smtp {mx2}\n"
	    "smtp {mx1} {mx1.4} {mx1.6} cert self-signed\n"
	    "smtp {mx2} {mx2.4} {mx2.6} cert untrusted\n"
	    "> notice cert-self-signed {mx1} {mx1.4} smtp\n"
	    "> notice cert-untrusted {mx2} {mx2.6} smtp\n"
	    "= notice\n" },
	{ "vanity mail name on a shared host",
	    NO_MX
	    "record {d} @ MX 10 mail.{d}.\n"
	    "record {d} mail A {x7.4}\nrecord {d} mail AAAA {x7.6}\n"
	    "smtp {n6}.{other} {x7.4} {x7.6} cert name {n6}.{other}\n"
	    "ptr {x7.4} {n6}.{other}\nptr {x7.6} {n6}.{other}\n"
	    "> notice cert-name mail.{d} {x7.4} smtp\n"
	    "> notice cert-name mail.{d} {x7.6} smtp\n"
	    "= notice\n" },
	{ "two providers with serials of their own",
	    FOREIGN
	    "serial {n1}.{other} {d} 2026112401\n"
	    "serial {n2}.{other} {d} 2026112401\n"
	    "serial {n3}.{n9}.{tld} {d} 1732406400\n"
	    "serial {n4}.{n9}.{tld} {d} 1732406400\n"
	    "> notice serial-differs {d} - -\n" DNS_OK "= notice\n" },
	{ "two providers, serials and turning answers of their own",
	    FOREIGN
	    "serial {n3}.{n9}.{tld} {d} 7\nserial {n4}.{n9}.{tld} {d} 7\n"
	    "server-record {n3}.{n9}.{tld} {d} www A {web1.4}\n"
	    "server-record {n4}.{n9}.{tld} {d} www A {web2.4}\n"
	    "> notice serial-differs {d} - -\n= notice\n" },
	{ "no mail at all", NO_MX "> fact mx-missing {d} - -\n= ok\n" },
	{ "null MX", NO_MX "record {d} @ MX 0 .\n> fact mx-null {d} - -\n"
	    "= ok\n" },
	{ "no pop or imap names, no www",
	    "! record {d} www\n! web {www}\n= ok\n" },
	{ "one mail host without STARTTLS on both families",
	    "! smtp {mx2}\nsmtp {mx2} {mx2.4} {mx2.6} no-starttls\n"
	    "> notice starttls-missing {mx2} {mx2.4} smtp\n= notice\n" },
	{ "far away", "rtt 320\n" DNS_OK WEB_OK SMTP_OK "= ok\n" },
};

/* The kinds of clients that the end says are hurt, with their verdicts. */
static char *
hurt(const char *text)
{
	const json_t *list, *one;
	struct kit_run r;
	struct buf b;
	size_t i;

	kit_run(&r, text, 0);
	list = json_object_get(json_object_get(engine_session(r.engine)->end,
	    "summary"), "clients");
	assert_true(json_is_array(list));
	buf_init(&b, 0);
	json_array_foreach(list, i, one)
		buf_printf(&b, "%s %s %s\n", json_str(one, "client"),
		    json_str(json_object_get(one, "endpoint"), "proto"),
		    json_str(one, "verdict"));
	kit_free(&r);
	return buf_steal(&b);
}

static void
nobody_is_hurt(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *who = hurt(cases[i].text);

		if (*who != '\0')
			fail_msg("%s: %s", cases[i].name, who);
		free(who);
	}
}

static void
somebody_is(void **state)
{
	static const struct {
		const char *text, *who;
	} faults[] = {
		{ "fault net {mx1.4} silent\nfault net {mx1.6} silent\n",
		    "mta smtp error\n" },
		{ "fault net {web1.6} silent\nfault net {web2.6} silent\n",
		    "old https warning\nnat64 https error\n" },
		{ "fault net {ns1.6} silent\nfault net {ns2.6} silent\n",
		    "v6-resolver https error\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char *who = hurt(faults[i].text), *line = xstrdup(
		    faults[i].who);

		for (char *l = strtok(line, "\n"); l != NULL;
		    l = strtok(NULL, "\n"))
			if (strstr(who, l) == NULL)
				fail_msg("no \"%s\" in %s", l, who);
		assert_null(strstr(who, "v4 https"));
		free(line);
		free(who);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_hurt),
		cmocka_unit_test(somebody_is),
	};

	return kit_group("quiet", cases, sizeof cases / sizeof cases[0]) +
	    cmocka_run_group_tests_name("quiet: clients", tests, NULL, NULL);
}
