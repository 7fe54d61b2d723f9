/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses of TLS: handshakes that fail, old versions, and every kind
 * of bad certificate, on port 443, where clients refuse it, and on port 25,
 * where senders mostly do not look.
 */
#include "tests/unit/diag_kit.h"

/* Only www offers web, at one address of each family; one mail host. */
#define SMALL \
	"! @ A\n! www A\n! web \n! MX 20\n" \
	"record {d} www A {web1.4}\n" \
	"record {d} www AAAA {web1.6}\n"
#define ALL	SMALL "web {www} {web1.4} {web1.6} "
#define ON_V6	SMALL "web {www} {web1.4}\nweb {www} {web1.6} "
#define ON_V4	SMALL "web {www} {web1.6}\nweb {www} {web1.4} "

#define BOTH(level, id, flags) \
	"> " level " " id " {www} {web1.4} https" flags "\n" \
	"> " level " " id " {www} {web1.6} https" flags "\n"
#define V6(level, id) \
	"> " level " " id " {www} {web1.6} https masked\n"
#define V4(level, id) \
	"> " level " " id " {www} {web1.4} https masked\n"

static const struct kit_case web[] = {
	{ "handshake fails on v6", ON_V6 "cert fail\n"
	    V6("error", "tls-handshake")
	    "> fact half-done-v6 {d} - -\n"
	    "~ cert-untrusted\n~ http-garbled\n"
	    "+ error {www} {web1.6} https\n"
	    "+ ok {www} {web1.6} http\n"
	    "+ ok {www} {web1.4} https\n"
	    "= error\n" },
	{ "handshake fails everywhere", ALL "cert fail\n"
	    BOTH("error", "tls-handshake", "")
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "handshake fails on one address of two",
	    "web {www} {web2.4} cert fail\n"
	    "> error tls-handshake {www} {web2.4} https masked partial\n"
	    "= error\n" },
	{ "plain http on 443", ON_V6 "\n"
	    "fault http {web1.6} port 443 plain\n"
	    V6("error", "tls-handshake")
	    "~ http-stalled\n"
	    "= error\n" },
	{ "another protocol on 443", ON_V4 "http\n"
	    "smtp {www} {web1.4} port 443\n"
	    V4("error", "tls-handshake")
	    "~ http-garbled\n"
	    "= error\n" },
	{ "closed in the handshake", ON_V4 "\n"
	    "fault tcp {web1.4} port 443 reset-after 20\n"
	    V4("error", "tls-handshake")
	    "~ http-garbled\n"
	    "= error\n" },
	{ "silent in the handshake", ON_V6 "\n"
	    "fault tcp {web1.6} port 443 stall-after 100\n"
	    V6("error", "tls-handshake")
	    "~ http-stalled\n"
	    "= error\n" },
	{ "old tls everywhere", ALL "cert old-tls\n"
	    BOTH("error", "tls-old-only", "")
	    "~ tls-handshake\n"
	    "= error\n" },
	{ "old tls on v6", ON_V6 "cert old-tls\n"
	    V6("error", "tls-old-only")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "other name everywhere", ALL "cert name {n1}.{other}\n"
	    BOTH("error", "cert-name", "")
	    "= error\n" },
	{ "other name on v6", ON_V6 "cert name {n1}.{other}\n"
	    V6("error", "cert-name")
	    "~ cert-differs\n"
	    "= error\n" },
	{ "name of the apex on one address of www",
	    "web {www} {web1.4} cert name {d}\n"
	    "> error cert-name {www} {web1.4} https masked partial\n"
	    "= error\n" },
	{ "expired everywhere", ALL "cert expired\n"
	    BOTH("error", "cert-expired", "")
	    "= error\n" },
	{ "expired on v4", ON_V4 "cert expired\n"
	    V4("error", "cert-expired")
	    "~ cert-differs\n~ half-done-v6\n"
	    "+ error {www} {web1.4} https\n"
	    "+ ok {www} {web1.6} https\n"
	    "= error\n" },
	{ "not yet valid everywhere", ALL "cert not-yet\n"
	    BOTH("error", "cert-not-yet", "")
	    "= error\n" },
	{ "not yet valid on v6", ON_V6 "cert not-yet\n"
	    V6("error", "cert-not-yet")
	    "= error\n" },
	{ "expires soon everywhere", ALL "cert soon 10\n"
	    BOTH("warning", "cert-expires-soon", "")
	    "~ cert-expired\n"
	    "= warning\n" },
	{ "expires soon on v6", ON_V6 "cert soon 17\n"
	    V6("warning", "cert-expires-soon")
	    "= warning\n" },
	{ "less than 21 days, more than a fifth", ALL "cert soon 18\n"
	    "~ cert-expires-soon\n"
	    "= ok\n" },
	{ "self-signed everywhere", ALL "cert self-signed\n"
	    BOTH("error", "cert-self-signed", "")
	    "~ cert-untrusted\n~ cert-incomplete\n"
	    "= error\n" },
	{ "self-signed on v6", ON_V6 "cert self-signed\n"
	    V6("error", "cert-self-signed")
	    "= error\n" },
	{ "unknown issuer everywhere", ALL "cert untrusted\n"
	    BOTH("error", "cert-untrusted", "")
	    "~ cert-incomplete\n"
	    "= error\n" },
	{ "unknown issuer on v4", ON_V4 "cert untrusted\n"
	    V4("error", "cert-untrusted")
	    "= error\n" },
	{ "intermediate left out everywhere", ALL "cert incomplete\n"
	    BOTH("warning", "cert-incomplete", "")
	    "~ cert-untrusted\n"
	    "= warning\n" },
	{ "intermediate left out on v6", ON_V6 "cert incomplete\n"
	    V6("warning", "cert-incomplete")
	    "> fact half-done-v6 {d} - -\n"
	    "= warning\n" },
	{ "dates differ", ON_V6 "cert soon 40\n"
	    "> warning cert-differs {www} - https\n"
	    "= warning\n" },
	{ "name and dates at once", ALL "cert name {n1}.{other} cert expired\n"
	    BOTH("error", "cert-name", "")
	    BOTH("error", "cert-expired", "")
	    "= error\n" },
	{ "name and trust at once",
	    ON_V6 "cert name {n1}.{other} cert self-signed\n"
	    V6("error", "cert-name")
	    V6("error", "cert-self-signed")
	    "= error\n" },
	{ "name on v4, dates on v6",
	    SMALL "web {www} {web1.4} cert name {d}\n"
	    "web {www} {web1.6} cert expired\n"
	    V4("error", "cert-name")
	    V6("error", "cert-expired")
	    "~ cert-differs\n"
	    "= error\n" },
	{ "sni only", ALL "sni-only\n"
	    "~ tls-handshake\n"
	    "= ok\n" },
	{ "https not offered, http fine", ALL "http\n"
	    "host {web1.4} {web1.6}\n"
	    "~ tls-handshake\n"
	    "= ok\n" },
};

#define MAIL	"! @ A\n! www A\n! web \n! MX 20\n"
#define MX	MAIL "smtp {mx1} {mx1.4} {mx1.6} "
#define MX_V6	MAIL "smtp {mx1} {mx1.4}\nsmtp {mx1} {mx1.6} "
#define BOTH25(level, id, flags) \
	"> " level " " id " {mx1} {mx1.4} smtp" flags "\n" \
	"> " level " " id " {mx1} {mx1.6} smtp" flags "\n"
#define V625(level, id) \
	"> " level " " id " {mx1} {mx1.6} smtp masked\n"

static const struct kit_case mail[] = {
	{ "25: handshake fails", MX "cert fail\n"
	    BOTH25("error", "tls-handshake", "")
	    "~ smtp-garbled\n"
	    "= error\n" },
	{ "25: handshake fails on v6", MX_V6 "cert fail\n"
	    V625("error", "tls-handshake")
	    "> fact half-done-v6 {d} - -\n"
	    "+ error {mx1} {mx1.6} smtp\n"
	    "+ ok {mx1} {mx1.4} smtp\n"
	    "= error\n" },
	{ "25: old tls", MX "cert old-tls\n"
	    BOTH25("warning", "tls-old-only", "")
	    "= warning\n" },
	{ "25: old tls on v6", MX_V6 "cert old-tls\n"
	    V625("warning", "tls-old-only")
	    "= warning\n" },
	{ "25: other name", MX "cert name {n1}.{other}\n"
	    BOTH25("notice", "cert-name", "")
	    "= notice\n" },
	{ "25: expired", MX "cert expired\n"
	    BOTH25("warning", "cert-expired", "")
	    "= warning\n" },
	{ "25: expired on v6", MX_V6 "cert expired\n"
	    V625("warning", "cert-expired")
	    "> fact half-done-v6 {d} - -\n"
	    "= warning\n" },
	{ "25: not yet valid", MX "cert not-yet\n"
	    BOTH25("notice", "cert-not-yet", "")
	    "= notice\n" },
	{ "25: expires soon", MX "cert soon 5\n"
	    BOTH25("notice", "cert-expires-soon", "")
	    "= notice\n" },
	{ "25: self-signed", MX "cert self-signed\n"
	    BOTH25("notice", "cert-self-signed", "")
	    "= notice\n" },
	{ "25: unknown issuer on v6", MX_V6 "cert untrusted\n"
	    V625("notice", "cert-untrusted")
	    "~ half-done-v6\n"
	    "= notice\n" },
	{ "25: intermediate left out", MX "cert incomplete\n"
	    BOTH25("notice", "cert-incomplete", "")
	    "= notice\n" },
	{ "25: dates differ", MX_V6 "cert soon 40\n"
	    "> notice cert-differs {mx1} - smtp\n"
	    "= notice\n" },
	{ "25: name and dates at once",
	    MX "cert name {n1}.{other} cert expired\n"
	    BOTH25("notice", "cert-name", "")
	    BOTH25("warning", "cert-expired", "")
	    "= warning\n" },
};

#define GROUP(list) kit_group(#list, list, sizeof list / sizeof list[0])

int
main(void)
{
	return GROUP(web) + GROUP(mail);
}
