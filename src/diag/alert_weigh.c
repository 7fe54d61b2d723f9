/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How surely a name or address of an alert is what failed: what stands before
 * it tells that, or who wrote the text, or where a mail came from.
 */
#include <string.h>

#include "base/text.h"
#include "diag/alert_parts.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
ends_with(const char *text, size_t at, const char *word)
{
	size_t n = strlen(word);

	return at >= n && text_ncasecmp(text + at - n, word, n) == 0;
}

static bool
after_any(const char *text, size_t at, const char *const *words)
{
	for (; *words != NULL; words++)
		if (ends_with(text, at, *words))
			return true;
	return false;
}

static size_t
line_start(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

/* Lines of a mail that name the sender's side, not what failed. */
static bool
low_line(const char *line)
{
	static const char *const heads[] = { "From:", "To:", "Cc:", "Reply-To:",
		"Received:", "Message-ID:", "Return-Path:", "Reporting-MTA:",
		"X-", "DKIM-Signature:", "Authentication-Results:", "Sender:",
		"In-Reply-To:", "References:", "Delivered-To:",
		"List-", "Received-From-MTA:", "ARC-", "Content-", "User-Agent",
		"This is the mail system", "Original problem" };

	line += strspn(line, "> \t");
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (text_ncasecmp(line, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

/* "Nov 24 10:00:00 HOST prog[1]:": the host that logged. */
static bool
logger(const char *text, size_t line, size_t at)
{
	const char *s = text + at;

	if (at - line >= 44 || at - line < 12 || s[-1] != ' ')
		return false;
	return ends_with(text, at, "Z ") || s[-8] == '+' || s[-7] == '+' ||
	    (digit(s[-2]) && s[-4] == ':' && s[-7] == ':' && digit(s[-8]));
}

static bool
documentation(const char *host)
{
	static const char *const hosts[] = { "support.google.com", "curl.se",
		"curl.haxx.se", "www.postfix.org", "www.google.com",
		"learn.microsoft.com", "go.dev", "grafana.com",
		"prometheus.io", "aka.ms" };
	static const char *const words[] = { "nagios", "zabbix", "icinga",
		"grafana", "kibana", "alertmanager", "prometheus" };

	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (text_casecmp(hosts[i], host) == 0)
			return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_casefind(host, strlen(host), words[i]) != NULL)
			return true;
	return false;
}

int
alert_weigh(const char *text, const struct item *i)
{
	static const char *const target[] = { "-H ", "-H", "-I ", "-u ",
		"--hostname ", "--hostname=", "instance=\"", "instance: ",
		"target=\"", "target: ", "resolving '", "zone ", "zone '",
		"transfer of '", "certificate '", "certificate of ",
		"lookup ", "resolve host: ", "host ", "Domain ", "failure <",
		"SERVFAIL <", "error for name=", "Remote-MTA: dns; ",
		"Remote-MTA: dns;", "Connection to ", "connect to ",
		"timed out with ", "Connected to ", "dial tcp ", "relay=",
		"H=", "vhost ", "Address: ", "query: ", "server at ", NULL };
	static const char *const rcpt[] = { "to=<", "to=", "rfc822; ",
		"rfc822;", "RCPT TO:<", " for <", "== ", "** ",
		"orig_to=<", "<<< RCPT TO:<", NULL };
	static const char *const sender[] = { "from=<", "from=",
		"MAIL FROM:<", "<= ", "sender ", "client=", "helo=<",
		"from ", "mailto:", NULL };
	size_t line = line_start(text, i->at);

	if (i->name != NULL && documentation(i->name))
		return 3;
	if (logger(text, line, i->at))
		return 5;
	if (after_any(text, i->at, target))
		return 90;
	if (i->kind == ITEM_MAIL && after_any(text, i->at, rcpt))
		return 80;
	if (i->kind == ITEM_MAIL && text[i->at > 0 ? i->at - 1 : 0] == '<' &&
	    strncmp(text + i->end, ">:", 2) == 0)
		return 80;
	if (low_line(text + line) ||
	    (i->kind == ITEM_MAIL && after_any(text, i->at, sender)))
		return 10;
	return i->kind == ITEM_URL ? 85 : i->kind == ITEM_MAIL ? 60 : 40;
}
