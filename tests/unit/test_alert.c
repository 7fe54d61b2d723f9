/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts as they are pasted: the step, endpoint and subject read from each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "diag/alert.h"

/* endpoint: "NAME ADDR PORT PROTO", "-" for what is left out. */
static const struct row {
	const char	*what, *text;
	const char	*source, *class, *step, *endpoint, *subject;
} rows[] = {
	/* Nagios and plugins */
	{ "nagios log", "[1700000000] SERVICE ALERT: web01;HTTP6;CRITICAL;"
	    "HARD;3;CRITICAL - Socket timeout after 10 seconds",
	    "nagios", "timeout", "web", "- - 80 http", NULL },
	{ "nagios log with a name", "[1700000000] SERVICE ALERT: "
	    "www.example.jp;HTTP;CRITICAL;SOFT;1;CRITICAL - Socket timeout "
	    "after 10 seconds", "nagios", "timeout", "web",
	    "www.example.jp - 80 http", "www.example.jp" },
	{ "nagios mail", "From: nagios@noc.example.net\nTo: noc@example.net\n"
	    "Subject: ** PROBLEM Service Alert: www.example.jp/HTTPS is "
	    "CRITICAL **\n\n***** Nagios *****\n\nNotification Type: PROBLEM\n"
	    "Service: HTTPS\nHost: www.example.jp\nAddress: 2001:db8::80\n"
	    "State: CRITICAL\n\nAdditional Info:\n\nconnect to address "
	    "2001:db8::80 and port 443: Connection refused\n",
	    "nagios", "refused", "web", "www.example.jp 2001:db8::80 443 https",
	    "www.example.jp" },
	{ "check_http refused", "connect to address 2001:db8::80 and port 80: "
	    "Connection refused\nHTTP CRITICAL - Unable to open TCP socket\n",
	    "plugin", "refused", "web", "- 2001:db8::80 80 http", NULL },
	{ "check_http with its command", "$ check_http -H www.example.jp -I "
	    "2001:db8::80 -S\nconnect to address 2001:db8::80 and port 443: "
	    "Connection refused\nHTTP CRITICAL - Unable to open TCP socket\n",
	    "plugin", "refused", "web",
	    "www.example.jp 2001:db8::80 443 https", "www.example.jp" },
	{ "check_http content", "HTTP WARNING: HTTP/1.1 404 Not Found - 128 "
	    "bytes in 0.109 second response time |time=0.108563s; "
	    "www.example.jp", "plugin", "content", "web",
	    "www.example.jp - 80 http", "www.example.jp" },
	{ "check_http no name", "www.example.jp: Name or service not known\n"
	    "HTTP CRITICAL - Unable to open TCP socket\n", "plugin",
	    "no-name", "delegation", "www.example.jp - 80 http",
	    "www.example.jp" },
	{ "certificate", "SSL CRITICAL - Certificate 'www.example.jp' expires "
	    "in 3 day(s) (2026-11-27 03:00 +0000/UTC).", "plugin",
	    "certificate", "web", "www.example.jp - 443 https",
	    "www.example.jp" },
	{ "check_smtp", "Invalid SMTP response received from host: 421 "
	    "mx.example.jp too busy", "plugin", "greeting", "mail-in",
	    "mx.example.jp - 25 smtp", "mx.example.jp" },
	{ "check_dig", "DNS CRITICAL - 0.012 seconds response time (No ANSWER "
	    "SECTION found) check_dig -H 2001:db8::53 -l www.example.jp -T "
	    "AAAA", "plugin", "no-answer", "servers", "- 2001:db8::53 53 dns",
	    "www.example.jp" },
	{ "check_dns silent", "DNS CRITICAL - No response from DNS "
	    "2001:db8::53 for www.example.jp", "plugin", "timeout", "servers",
	    "- 2001:db8::53 53 dns", "www.example.jp" },
	{ "check_dns no such name", "Domain www.example.jp was not found by "
	    "the server", "text", "no-name", "zone",
	    "www.example.jp - 53 dns", "www.example.jp" },
	{ "new plugins", "[CRITICAL] - ok=1, warning=0, critical=1, unknown=0\n"
	    "  \\_[OK] - http www.example.jp 192.0.2.80\n"
	    "  \\_[CRITICAL] - connect to www.example.jp [2001:db8::80]:443: "
	    "Connection timed out\n", "plugin", "timeout", "web",
	    "www.example.jp 2001:db8::80 443 https", "www.example.jp" },
	{ "icinga", "{\"check_result\":{\"command\":[\"/usr/lib/nagios/plugins/"
	    "check_http\",\"-6\",\"-H\",\"www.example.jp\",\"-I\","
	    "\"2001:db8::80\",\"-p\",\"443\",\"-S\"],\"exit_status\":2.0,"
	    "\"output\":\"CRITICAL - Socket timeout after 10 seconds\"},"
	    "\"host\":\"web01\"}", "icinga", "timeout", "web",
	    "www.example.jp 2001:db8::80 443 https", "www.example.jp" },
	/* Zabbix, Prometheus */
	{ "zabbix mail", "Subject: Problem: HTTP service is down on "
	    "www.example.jp\n\nProblem started at 10:00:00 on 2026.11.24\n"
	    "Problem name: HTTP service is down on www.example.jp\n"
	    "Host: www.example.jp\nSeverity: High\nOperational data: Down (0)\n"
	    "Original problem ID: 77\n", "zabbix", "down", "web",
	    "www.example.jp - 80 http", "www.example.jp" },
	{ "zabbix key, port", "Problem: www.example.jp "
	    "net.tcp.service[http,2001:db8::80,80] = 0", "zabbix", "down",
	    "web", "www.example.jp 2001:db8::80 80 http",
	    "www.example.jp" },
	{ "zabbix key, dns", "net.dns[2001:db8::53,www.example.jp,AAAA] is 0",
	    "zabbix", "down", "servers", "- 2001:db8::53 53 dns",
	    "www.example.jp" },
	{ "zabbix key, web", "web.test.fail[top page] on www.example.jp",
	    "zabbix", "down", "web", "www.example.jp - 80 http",
	    "www.example.jp" },
	{ "probe_success", "probe_success{instance=\"https://www.example.jp\","
	    "job=\"bb-http-v6\"} 0\nprobe_ip_protocol 6", "prometheus", "down",
	    "web", "www.example.jp - 443 https", "https://www.example.jp" },
	{ "blackbox log", "ts=2026-11-24T01:02:03Z target="
	    "\"https://www.example.jp\" msg=\"Error for HTTP request\" err="
	    "\"Get \\\"https://www.example.jp\\\": dial tcp "
	    "[2001:db8::80]:443: i/o timeout\"", "prometheus", "timeout",
	    "web", "www.example.jp 2001:db8::80 443 https",
	    "https://www.example.jp" },
	{ "blackbox certificate", "probe_ssl_earliest_cert_expiry{instance="
	    "\"https://www.example.jp\"} 1.7e9", "prometheus", "certificate",
	    "web", "www.example.jp - 443 https", "https://www.example.jp" },
	{ "alertmanager", "{\"version\":\"4\",\"status\":\"firing\","
	    "\"externalURL\":\"http://alerts.example.net:9093\",\"alerts\":["
	    "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"x\","
	    "\"instance\":\"https://old.example.org\"}},"
	    "{\"status\":\"firing\",\"labels\":{\"alertname\":\"ProbeFailed\","
	    "\"instance\":\"https://www.example.jp/x\",\"job\":\"http_v6\"},"
	    "\"annotations\":{\"summary\":\"dial tcp [2001:db8::80]:443: "
	    "connect: connection refused\"},\"startsAt\":"
	    "\"2026-11-24T01:02:03Z\",\"generatorURL\":"
	    "\"http://prom.example.net/graph\"}]}", "alertmanager", "refused",
	    "web", "www.example.jp 2001:db8::80 443 https",
	    "https://www.example.jp/x" },
	/* Postfix */
	{ "postfix unreachable", "Nov 24 10:00:00 mail.example.net "
	    "postfix/smtp[123]: 4AB: to=<taro@example.jp>, relay=none, "
	    "delay=1, dsn=4.4.1, status=deferred (delivery temporarily "
	    "suspended: connect to mx[2001:db8::25]:25: Network is "
	    "unreachable)", "postfix", "unreachable", "here",
	    "- 2001:db8::25 25 smtp", "taro@example.jp" },
	{ "postfix timeout", "status=deferred (connect to mx.example.jp"
	    "[2001:db8::25]:25: Connection timed out)", "postfix", "timeout",
	    "mail-in", "mx.example.jp 2001:db8::25 25 smtp",
	    "mx.example.jp" },
	{ "postfix two relays", "Nov 24 10:00:00 m postfix/smtp[1]: 4AB: to="
	    "<hanako@example.jp>, relay=mx1.example.jp[192.0.2.25]:25, "
	    "delay=30, status=deferred (connect to mx2.example.jp"
	    "[2001:db8::26]:25: Connection refused)", "postfix", "refused",
	    "mail-in", "mx2.example.jp 2001:db8::26 25 smtp",
	    "hanako@example.jp" },
	{ "postfix no route", "connect to mx.example.jp[2001:db8::25]:25: No "
	    "route to host", "text", "unreachable", "mail-in",
	    "mx.example.jp 2001:db8::25 25 smtp", "mx.example.jp" },
	{ "postfix AAAA", "status=deferred (Host or domain name not found. "
	    "Name service error for name=mx.example.jp type=AAAA: Host not "
	    "found, try again)", "postfix", "try-again", "servers",
	    "mx.example.jp - 25 smtp", "mx.example.jp" },
	{ "postfix MX", "to=<taro@example.jp>, status=bounced (Host or domain "
	    "name not found. Name service error for name=example.jp type=MX: "
	    "Host not found)", "postfix", "no-name", "zone",
	    "example.jp - 25 smtp", "taro@example.jp" },
	{ "postfix null MX", "status=bounced (Domain example.jp does not "
	    "accept mail (nullMX))", "postfix", "null-mx", "zone",
	    "example.jp - 25 smtp", "example.jp" },
	{ "postfix loop", "status=bounced (mail for example.jp loops back to "
	    "myself)", "postfix", "loop", "zone", "example.jp - 25 smtp",
	    "example.jp" },
	{ "postfix TLS", "status=deferred (Server certificate not trusted) "
	    "relay=mx.example.jp[2001:db8::25]:25", "postfix", "certificate",
	    "mail-in", "mx.example.jp 2001:db8::25 25 smtp",
	    "mx.example.jp" },
	{ "postfix DANE", "TLSA lookup error for mx.example.jp:25", "text",
	    "certificate", "mail-in", "mx.example.jp - 25 smtp",
	    "mx.example.jp" },
	{ "postfix greylisted", "to=<taro@example.jp>, relay=mx.example.jp"
	    "[192.0.2.25]:25, dsn=4.7.1, status=deferred (host mx.example.jp"
	    "[192.0.2.25] said: 450 4.7.1 Greylisted, come back later)",
	    "postfix", "later", "mail-in", "mx.example.jp 192.0.2.25 25 smtp",
	    "taro@example.jp" },
	/* bounces */
	{ "DSN 4.4.1", "From: MAILER-DAEMON@mail.example.net\nTo: me@example."
	    "net\nSubject: Delayed Mail\n\nReporting-MTA: dns; mail.example."
	    "net\n\nFinal-Recipient: rfc822; taro@example.jp\nAction: delayed\n"
	    "Status: 4.4.1\nRemote-MTA: dns; mx.example.jp\nDiagnostic-Code: "
	    "smtp; no answer\n", "dsn", "timeout", "mail-in",
	    "mx.example.jp - 25 smtp", "taro@example.jp" },
	{ "DSN 5.1.2", "Final-Recipient: rfc822; taro@example.jp\nAction: "
	    "failed\nStatus: 5.1.2\nDiagnostic-Code: smtp; bad domain",
	    "dsn", "no-name", "zone", "- - 25 smtp", "taro@example.jp" },
	{ "DSN 5.4.3", "Final-Recipient: rfc822; taro@example.jp\nStatus: "
	    "5.4.3\n", "dsn", "no-name", "delegation", "- - 25 smtp",
	    "taro@example.jp" },
	{ "DSN 4.4.7", "Final-Recipient: rfc822; taro@example.jp\nStatus: "
	    "4.4.7\nDiagnostic-Code: smtp; delivery time expired\n", "dsn",
	    "later", "mail-in", "- - 25 smtp", "taro@example.jp" },
	{ "DSN null MX", "Final-Recipient: rfc822; taro@example.jp\nStatus: "
	    "5.1.10\nRemote-MTA: dns; example.jp", "dsn", "null-mx", "zone",
	    "example.jp - 25 smtp", "taro@example.jp" },
	{ "sendmail", "Nov 24 10:00:00 m sendmail[9]: x: to=<taro@example.jp>, "
	    "stat=Deferred: Connection timed out with mx.example.jp.",
	    "sendmail", "timeout", "mail-in", "mx.example.jp - 25 smtp",
	    "taro@example.jp" },
	{ "exim", "2026-11-24 10:00:00 1abc-0001 == taro@example.jp R=dnslookup "
	    "T=remote_smtp defer (110): Connection timed out H=mx.example.jp "
	    "[2001:db8::25]", "exim", "timeout", "mail-in",
	    "mx.example.jp 2001:db8::25 25 smtp", "taro@example.jp" },
	/* DNS servers */
	{ "BIND timeout", "24-Nov-2026 10:00:00.123 resolver: info: timed out "
	    "resolving 'www.example.jp/AAAA/IN': 2001:db8::53#53", "bind",
	    "timeout", "servers", "- 2001:db8::53 53 dns",
	    "www.example.jp" },
	{ "BIND lame", "lame server resolving 'www.example.jp' (in "
	    "'example.jp'?): 192.0.2.53#53", "bind", "lame", "servers",
	    "- 192.0.2.53 53 dns", "www.example.jp" },
	{ "BIND unreachable", "network unreachable resolving "
	    "'www.example.jp/AAAA/IN': 2001:db8::53#53", "bind",
	    "unreachable", "here", "www.example.jp 2001:db8::53 53 dns",
	    "www.example.jp" },
	{ "BIND expired", "named[12]: zone example.jp/IN: expired", "bind",
	    "transfer", "servers", "example.jp - 53 dns", "example.jp" },
	{ "BIND transfer", "transfer of 'example.jp/IN' from 2001:db8::53#53: "
	    "failed while receiving responses: REFUSED", "bind", "transfer",
	    "servers", "- 2001:db8::53 53 dns", "example.jp" },
	{ "BIND transfer status", "transfer of 'example.jp/IN' from "
	    "192.0.2.53#53: Transfer status: timed out", "bind", "transfer",
	    "servers", "- 192.0.2.53 53 dns", "example.jp" },
	{ "Unbound bogus", "unbound[1:0] info: validation failure "
	    "<www.example.jp. AAAA IN>: signature expired", "unbound",
	    "dnssec", "zone", "www.example.jp - 53 dns", "www.example.jp" },
	{ "Unbound SERVFAIL", "SERVFAIL <www.example.jp. AAAA IN>: all servers "
	    "for this domain failed", "unbound", "lame", "servers",
	    "www.example.jp - 53 dns", "www.example.jp" },
	/* clients */
	{ "EAI_AGAIN", "ping: www.example.jp: Temporary failure in name "
	    "resolution", "text", "try-again", "resolver",
	    "www.example.jp - - -", "www.example.jp" },
	{ "EAI_NONAME", "ssh: Could not resolve hostname www.example.jp: Name "
	    "or service not known", "text", "no-name", "zone",
	    "www.example.jp - - -", "www.example.jp" },
	{ "curl 28", "curl: (28) Failed to connect to www.example.jp port 443 "
	    "after 130000 ms: Connection timed out", "curl", "timeout", "web",
	    "www.example.jp - 443 https", "www.example.jp" },
	{ "curl 7", "$ curl -6 https://www.example.jp/x\ncurl: (7) Failed to "
	    "connect to www.example.jp port 443: Connection refused", "curl",
	    "refused", "web", "www.example.jp - 443 https", NULL },
	{ "curl 60", "curl https://www.example.jp\ncurl: (60) SSL certificate "
	    "problem: unable to get local issuer certificate\nMore details "
	    "here: https://curl.se/docs/sslcerts.html", "curl", "certificate",
	    "web", "www.example.jp - 443 https", "https://www.example.jp" },
	{ "curl 6", "curl: (6) Could not resolve host: www.example.jp", "curl",
	    "no-name", "zone", "www.example.jp - - -", "www.example.jp" },
	{ "browser name", "www.example.jp's server IP address could not be "
	    "found. ERR_NAME_NOT_RESOLVED", "browser", "no-name",
	    "delegation", "www.example.jp - - -", "www.example.jp" },
	{ "browser certificate", "https://www.example.jp/ "
	    "NET::ERR_CERT_COMMON_NAME_INVALID", "browser", "certificate",
	    "web", "www.example.jp - 443 https", "https://www.example.jp/" },
	{ "browser unreachable", "https://www.example.jp "
	    "ERR_ADDRESS_UNREACHABLE", "browser", "unreachable", "here",
	    "www.example.jp - 443 https", "https://www.example.jp" },
	{ "address with a port", "please look at [2001:db8::80]:443 of "
	    "www.example.jp", "text", "", "web",
	    "www.example.jp 2001:db8::80 443 https", "www.example.jp" },
	{ "IPv4 with a port", "192.0.2.25:25 mx.example.jp", "text", "",
	    "mail-in", "mx.example.jp 192.0.2.25 25 smtp",
	    "mx.example.jp" },
	{ "IMAP with a port", "mail.example.jp 2001:db8::143 port 993 "
	    "Connection refused", "text", "refused", "mailbox",
	    "mail.example.jp 2001:db8::143 993 imaps", "mail.example.jp" },
	/* customers */
	{ "ja slow", "www.example.jpの表示がもっさりしています。", "text",
	    "slow", "servers", "www.example.jp - - -", "www.example.jp" },
	{ "ja slow 2", "最近https://www.example.jp/がとても遅いです", "text",
	    "slow", "servers", "www.example.jp - 443 https", NULL },
	{ "ja unstable", "ｗｗｗ．ｅｘａｍｐｌｅ．ｊｐに繋がったり繋がらな"
	    "かったりする", "text", "unstable", "web", "www.example.jp - - -",
	    "www.example.jp" },
	{ "ja not received", "example.jp宛のメールが届かないとの申告",
	    "text", "words", "mail-in", "example.jp - 25 smtp",
	    "example.jp" },
	{ "ja not received, address", "お客様より、taro@example.jp 宛のメールが"
	    "届きません。", "text", "words", "mail-in", "- - 25 smtp",
	    "taro@example.jp" },
	{ "ja not read", "mail.example.jp のメールが読めない", "text", "words",
	    "mailbox", "mail.example.jp - 143 imap", "mail.example.jp" },
	{ "ja not propagated", "example.jp の変更が浸透しない", "text",
	    "words", "resolver", "example.jp - 53 dns", "example.jp" },
	{ "ja from outside", "www.example.jpが外から見えない", "text", "words",
	    "addresses", "www.example.jp - - -", "www.example.jp" },
	{ "en slow", "Our site www.example.jp is so slow today.", "text",
	    "slow", "servers", "www.example.jp - - -", "www.example.jp" },
	{ "en slow 2", "www.example.jp has been sluggish since Monday", "text",
	    "slow", "servers", "www.example.jp - - -", "www.example.jp" },
	{ "en not opened", "shop.example.jp does not open at all", "text",
	    "words", "web", "shop.example.jp - - -", "shop.example.jp" },
	{ "ja not opened", "shop.example.jp が開けません。", "text", "words",
	    "web", "shop.example.jp - - -", "shop.example.jp" },
	{ "en receive", "We do not receive mail at info@example.jp any more",
	    "text", "words", "mail-in", "- - 25 smtp", "info@example.jp" },
	{ "en read", "I cannot read my mail, server imap.example.jp", "text",
	    "words", "mailbox", "imap.example.jp - 143 imap",
	    "imap.example.jp" },
	{ "en on and off", "www[.]example[.]jp works on and off", "text",
	    "unstable", "web", "www.example.jp - - -", "www.example.jp" },
	{ "en propagation", "the change of example.jp has not propagated",
	    "text", "words", "resolver", "example.jp - 53 dns",
	    "example.jp" },
};

/* Kinds that lead to steps of their own or to none: named, not recognised. */
static const struct row others[] = {
	{ "ping", "PING CRITICAL - Packet loss = 100% www.example.jp", "plugin",
	    "loss", "path", "www.example.jp - - -", "www.example.jp" },
	{ "nagios host", "HOST ALERT: www.example.jp;DOWN;HARD;3;CRITICAL",
	    "nagios", "loss", "path", "www.example.jp - - -",
	    "www.example.jp" },
	{ "gmail", "host gmail-smtp-in.l.google.com said: 550-5.7.1 "
	    "[2001:db8::25] Our system has detected that this message does\n"
	    "550-5.7.1 not meet IPv6 sending guidelines regarding PTR records\n"
	    "550 5.7.1 and authentication. from=<taro@example.jp>", "gmail",
	    "policy", "mail-out", NULL, NULL },
	{ "DSN policy", "Final-Recipient: rfc822; taro@example.org\nStatus: "
	    "5.7.25\n", "dsn", "policy", "mail-out", "- - 25 smtp",
	    "taro@example.org" },
	{ "ja cannot send", "example.jp からメールが送れない", "text", "words",
	    "mail-out", "example.jp - 25 smtp", "example.jp" },
	{ "ja office only", "www.example.jp が社内だけ見えません", "text",
	    "words", "summary", NULL, "www.example.jp" },
	{ "a domain alone", "example.jp", "text", "", "web",
	    "example.jp - - -", "example.jp" },
	{ "nothing", "hello, world", "text", "", "web", "- - - -", NULL },
	{ "empty", "", "text", "", "web", "- - - -", NULL },
};

static char *
endpoint_text(const struct endpoint *e)
{
	char addr[ADDR_STRLEN], port[8] = "-";

	if (e->port != 0)
		snprintf(port, sizeof port, "%u", e->port);
	return xasprintf("%s %s %s %s", e->name[0] != '\0' ? e->name : "-",
	    e->addr.family != 0 ? addr_print(&e->addr, addr) : "-", port,
	    e->proto[0] != '\0' ? e->proto : "-");
}

static bool
differs(const char *what, const char *kind, const char *is,
    const char *expected)
{
	if (is != NULL && expected != NULL && strcmp(is, expected) == 0)
		return false;
	fprintf(stderr, "%s: %s is %s, expected %s\n", what, kind,
	    is == NULL ? "(none)" : is,
	    expected == NULL ? "(none)" : expected);
	return true;
}

static int
check_row(const struct row *row)
{
	struct alert a;
	char *ep;
	int bad = 0;

	alert_parse(&a, row->text, strlen(row->text));
	ep = endpoint_text(&a.ep);
	bad += differs(row->what, "source", a.source, row->source);
	bad += differs(row->what, "class", alert_class_word(a.class),
	    row->class);
	bad += differs(row->what, "step", step_rows[a.step].id, row->step);
	if (row->endpoint != NULL)
		bad += differs(row->what, "endpoint", ep, row->endpoint);
	if (row->subject != NULL)
		bad += differs(row->what, "subject", a.subject, row->subject);
	free(ep);
	alert_free(&a);
	return bad;
}

static void
test_rows(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct alert a;

		bad += check_row(&rows[i]);
		alert_parse(&a, rows[i].text, strlen(rows[i].text));
		if (a.recognised != (step_rows[a.step].built != 0)) {
			fprintf(stderr, "%s: recognised is %d\n",
			    rows[i].what, a.recognised);
			bad++;
		}
		alert_free(&a);
	}
	assert_int_equal(bad, 0);
	assert_true(sizeof rows / sizeof rows[0] >= 40);
}

static void
test_others(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct alert a;

		bad += check_row(&others[i]);
		alert_parse(&a, others[i].text, strlen(others[i].text));
		if (a.recognised && !step_rows[a.step].built) {
			fprintf(stderr, "%s: is recognised\n", others[i].what);
			bad++;
		}
		alert_free(&a);
	}
	assert_int_equal(bad, 0);
}

static void
check_member(const char *text, const char *member, const char *expected)
{
	struct alert a;
	json_t *o;

	alert_parse(&a, text, strlen(text));
	o = alert_json(&a);
	if (differs(text, member, json_str(o, member), expected))
		fail();
	json_decref(o);
	alert_free(&a);
}

static void
test_members(void **state)
{
	struct alert a;
	const char *text = "[1700000000] SERVICE ALERT: web01;HTTP6;CRITICAL;"
	    "HARD;3;CRITICAL - Socket timeout after 10 seconds";

	(void)state;
	alert_parse(&a, text, strlen(text));
	assert_null(a.subject);
	assert_string_equal(a.host, "web01");
	assert_int_equal(a.family, 6);
	assert_string_equal(a.when, "1700000000");
	alert_free(&a);
	check_member("to=<taro@example.jp>, status=deferred (connect to "
	    "mx.example.jp[192.0.2.25]:25: Connection refused)", "recipient",
	    "taro@example.jp");
	check_member("Nov 24 10:00:00 m postfix/smtp: x", "when",
	    "Nov 24 10:00:00");
	check_member("24-Nov-2026 10:00:00.1 x", "when",
	    "24-Nov-2026 10:00:00");
	check_member("{\"startsAt\":\"2026-11-24T01:02:03Z\"}", "when",
	    "2026-11-24T01:02:03");
}

/* Mails as they travel: encoded words, base64, quoted-printable, JIS. */
static const struct {
	const char	*what, *text, *step, *subject;
} mails[] = {
	{ "base64", "From: a@example.net\nSubject: =?UTF-8?B?6YCa55+l?=\n"
	    "Content-Type: text/plain; charset=UTF-8\n"
	    "Content-Transfer-Encoding: base64\n\n"
	    "d3d3LmV4YW1wbGUuanAg44GM6YGF44GE\n", "servers",
	    "www.example.jp" },
	{ "quoted-printable", "From: a@example.net\nSubject: x\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n"
	    "www.example=\n.jp =E3=81=8C=E9=81=85=E3=81=84\n", "servers",
	    "www.example.jp" },
	{ "encoded subject", "From: a@example.net\nSubject: "
	    "=?UTF-8?Q?www=2Eexample.jp_=E9=81=85=E3=81=84?=\n\nhello\n",
	    "servers", "www.example.jp" },
	{ "ISO-2022-JP", "example.jp \x1b$B08$N%a!<%k$,FO$+$J$$\x1b(B\n",
	    "mail-in", "example.jp" },
	{ "Shift_JIS", "example.jp \x92x\x82\xa2\n", "servers",
	    "example.jp" },
	{ "multipart", "From: a@example.net\nSubject: x\nContent-Type: "
	    "multipart/report; boundary=b\n\n--b\nContent-Type: text/plain; "
	    "charset=us-ascii\n\nfailed\n--b\nContent-Type: "
	    "message/delivery-status\n\nFinal-Recipient: rfc822; "
	    "taro@example.jp\nStatus: 5.1.2\n\n--b--\n", "zone",
	    "taro@example.jp" },
	{ "IDN", "「https://日本語.jp/」が遅い", "servers", NULL },
	{ "IDN mail", "taro@日本語.jp に届かない", "mail-in",
	    "taro@日本語.jp" },
};

static void
test_mails(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof mails / sizeof mails[0]; i++) {
		struct alert a;

		alert_parse(&a, mails[i].text, strlen(mails[i].text));
		bad += differs(mails[i].what, "step", step_rows[a.step].id,
		    mails[i].step);
		if (mails[i].subject != NULL)
			bad += differs(mails[i].what, "subject", a.subject,
			    mails[i].subject);
		else if (a.subject == NULL)
			bad += differs(mails[i].what, "subject", NULL, "one");
		alert_free(&a);
	}
	assert_int_equal(bad, 0);
}

/* Every prefix of every row, bytes that are no text, deep and long input. */
static void
test_hostile(void **state)
{
	static const char bytes[] = "\0\x1b[2J\xff\xfe www.example.jp \0 "
	    "timed out";
	struct alert a;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 3)
		for (size_t n = strlen(rows[i].text); n-- > 0;) {
			char *exact = xmalloc(n + 1);

			memcpy(exact, rows[i].text, n);
			alert_parse(&a, exact, n);
			alert_free(&a);
			free(exact);
		}
	buf_init(&b, 0);
	for (int i = 0; i < 3000; i++)
		buf_adds(&b, "{\"a\":[");
	alert_parse(&a, buf_str(&b), b.len);
	alert_free(&a);
	buf_drop(&b, b.len);
	for (int i = 0; i < 60000; i++)
		buf_adds(&b, "a@b.jp [2001:db8::1]:25 ");
	alert_parse(&a, buf_str(&b), b.len);
	assert_non_null(a.subject);
	alert_free(&a);
	buf_drop(&b, b.len);
	for (int i = 0; i < 200000; i++)
		buf_addc(&b, "a.:[@"[i % 5]);
	alert_parse(&a, buf_str(&b), b.len);
	alert_free(&a);
	buf_free(&b);
	alert_parse(&a, bytes, sizeof bytes - 1);
	assert_string_equal(a.subject, "www.example.jp");
	alert_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_mails),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
