/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables of what alerts say: the more telling sentence stands first. Each
 * row is words that must all appear, the kind of trouble, the step to begin
 * with. Words of customers come last: they tell least.
 */
#include <string.h>

#include "base/text.h"
#include "diag/alert_parts.h"

#define BY	BY_PROTOCOL
#define R(class, step, proto, ...) \
	{ ALERT_##class, step, proto, { __VA_ARGS__ } }

static const struct alert_rule rules[] = {
	/* mail refused for who the sender is */
	R(POLICY, STEP_MAIL_OUT, "smtp", "PTR record"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "IPv6 sending guidelines"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "5.7.25"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "5.7.26"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "5.7.23"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "5.7.27"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "550", "DKIM"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "550", "SPF"),
	/* mail and its names */
	R(LOOP, STEP_ZONE, "smtp", "loops back to myself"),
	R(NULL_MX, STEP_ZONE, "smtp", "does not accept mail", "nullMX"),
	R(NULL_MX, STEP_ZONE, "smtp", "5.1.10"),
	R(NULL_MX, STEP_ZONE, "smtp", "null MX"),
	R(CERT, STEP_MAIL_IN, "smtp", "TLSA lookup error"),
	R(CERT, STEP_MAIL_IN, "smtp", "Server certificate not"),
	R(TLS, STEP_MAIL_IN, "smtp", "Cannot start TLS"),
	R(TLS, STEP_MAIL_IN, "smtp", "TLS is required, but was not offered"),
	R(TRY_AGAIN, STEP_SERVERS, "smtp", "Host or domain name not found",
	    "try again"),
	R(NO_NAME, STEP_ZONE, "smtp", "Host or domain name not found"),
	R(NO_NAME, STEP_ZONE, "smtp", "type=MX", "Host not found"),
	R(NO_NAME, STEP_ZONE, "smtp", "stat=Host unknown"),
	R(NO_NAME, STEP_ZONE, "smtp", "Unrouteable address"),
	R(TRY_AGAIN, STEP_SERVERS, "smtp", "host lookup did not complete"),
	/* resolvers and secondaries */
	R(UNREACHABLE, STEP_HERE, "dns", "network unreachable resolving"),
	R(TIMEOUT, STEP_SERVERS, "dns", "timed out resolving"),
	R(LAME, STEP_SERVERS, "dns", "lame server resolving"),
	R(LAME, STEP_SERVERS, "dns", "unexpected RCODE", "resolving"),
	R(REFUSED, STEP_SERVERS, "dns", "connection refused resolving"),
	R(UNREACHABLE, STEP_SERVERS, "dns", "host unreachable resolving"),
	R(LAME, STEP_SERVERS, "dns", "FORMERR resolving"),
	R(TRANSFER, STEP_SERVERS, "dns", "transfer of '", "failed"),
	R(TRANSFER, STEP_SERVERS, "dns", "Transfer status:"),
	R(TRANSFER, STEP_SERVERS, "dns", "/IN: expired"),
	R(TRANSFER, STEP_SERVERS, "dns", "refresh:", "retry limit"),
	R(TRANSFER, STEP_SERVERS, "dns", "/IN: refresh"),
	R(DNSSEC, STEP_ZONE, "dns", "validation failure <"),
	R(DNSSEC, STEP_ZONE, "dns", "no valid signature found"),
	R(LAME, STEP_SERVERS, "dns", "all servers for this domain failed"),
	R(LAME, STEP_SERVERS, "dns", "SERVFAIL <"),
	R(NO_ANSWER, STEP_SERVERS, "dns", "No ANSWER SECTION found"),
	R(TIMEOUT, STEP_SERVERS, "dns", "No response from DNS"),
	R(TIMEOUT, STEP_SERVERS, "dns", "no servers could be reached"),
	R(TIMEOUT, STEP_SERVERS, "dns", "DNS CRITICAL", "timed out"),
	R(NO_NAME, STEP_ZONE, "dns", "was not found by the server"),
	R(CONTENT, STEP_ZONE, "dns", "DNS CRITICAL", "expected", "got"),
	/* here */
	R(UNREACHABLE, STEP_HERE, "", "Network is unreachable"),
	R(UNREACHABLE, STEP_HERE, "", "ENETUNREACH"),
	R(UNREACHABLE, STEP_HERE, "", "ERR_ADDRESS_UNREACHABLE"),
	R(UNREACHABLE, STEP_HERE, "", "ERR_INTERNET_DISCONNECTED"),
	R(UNREACHABLE, STEP_HERE, "", "ネットワークに到達でき"),
	/* ping */
	R(LOSS, STEP_PATH, "", "PING", "Packet loss"),
	R(LOSS, STEP_PATH, "", "icmpping"),
	R(LOSS, STEP_PATH, "", "HOST ALERT:", ";DOWN;"),
	R(LOSS, STEP_PATH, "", "Message too long"),
	R(LOSS, STEP_PATH, "", "packet too big"),
	/* replies of mail servers */
	R(GREETING, STEP_MAIL_IN, "smtp", "Invalid SMTP response"),
	R(CLOSED, STEP_MAIL_IN, "smtp", "lost connection with"),
	R(TIMEOUT, STEP_MAIL_IN, "smtp", "conversation with", "timed out"),
	R(LATER, STEP_MAIL_IN, "smtp", "greylist"),
	R(LATER, STEP_MAIL_IN, "smtp", "graylist"),
	R(LATER, STEP_MAIL_IN, "smtp", "450 4."),
	R(LATER, STEP_MAIL_IN, "smtp", "451 4."),
	R(LATER, STEP_MAIL_IN, "smtp", "said: 4"),
	R(LATER, STEP_MAIL_IN, "smtp", "refused to talk to me"),
	/* certificates and TLS */
	R(CERT, BY, "", "certificate", "expire"),
	R(CERT, BY, "", "SSL CRITICAL"),
	R(CERT, BY, "", "SSL WARNING"),
	R(CERT, BY, "", "probe_ssl_earliest_cert_expiry"),
	R(CERT, BY, "", "certificate verify failed"),
	R(CERT, BY, "", "self-signed certificate"),
	R(CERT, BY, "", "self signed certificate"),
	R(CERT, BY, "", "unable to get local issuer"),
	R(CERT, BY, "", "x509:"),
	R(CERT, BY, "", "ERR_CERT_"),
	R(CERT, BY, "", "SEC_ERROR_"),
	R(CERT, BY, "", "SSL_ERROR_BAD_CERT_DOMAIN"),
	R(CERT, BY, "", "curl: (60)"),
	R(CERT, BY, "", "curl: (51)"),
	R(CERT, BY, "", "証明書"),
	R(TLS, BY, "", "curl: (35)"),
	R(TLS, BY, "", "ERR_SSL_"),
	R(TLS, BY, "", "handshake fail"),
	/* names */
	R(TRY_AGAIN, STEP_RESOLVER, "", "Temporary failure in name resolution"),
	R(TRY_AGAIN, STEP_RESOLVER, "", "EAI_AGAIN"),
	R(NO_NAME, STEP_DELEGATION, "", "Name or service not known",
	    "HTTP CRITICAL"),
	R(NO_NAME, STEP_ZONE, "", "Name or service not known"),
	R(NO_NAME, STEP_DELEGATION, "", "ERR_NAME_NOT_RESOLVED"),
	R(NO_NAME, STEP_DELEGATION, "", "DNS_PROBE_FINISHED"),
	R(NO_NAME, STEP_DELEGATION, "", "DNS_PROBE_POSSIBLE"),
	R(NO_NAME, STEP_ZONE, "", "curl: (6)"),
	R(NO_NAME, STEP_ZONE, "", "Could not resolve host"),
	R(NO_NAME, STEP_ZONE, "", "ENOTFOUND"),
	R(NO_NAME, STEP_ZONE, "", "no such host"),
	R(NO_NAME, STEP_ZONE, "", "NXDOMAIN"),
	R(LAME, STEP_SERVERS, "dns", "SERVFAIL"),
	/* connections */
	R(REFUSED, BY, "", "Connection refused"),
	R(REFUSED, BY, "", "ECONNREFUSED"),
	R(REFUSED, BY, "", "ERR_CONNECTION_REFUSED"),
	R(REFUSED, BY, "", "actively refused"),
	R(REFUSED, BY, "", "curl: (7)"),
	R(REFUSED, BY, "", "接続を拒否"),
	R(REFUSED, BY, "", "接続が拒否"),
	R(REFUSED, BY, "", "接続拒否"),
	R(UNREACHABLE, BY, "", "No route to host"),
	R(UNREACHABLE, BY, "", "EHOSTUNREACH"),
	R(UNREACHABLE, BY, "", "Host is unreachable"),
	R(CLOSED, BY, "", "Connection reset"),
	R(CLOSED, BY, "", "ECONNRESET"),
	R(CLOSED, BY, "", "ERR_CONNECTION_RESET"),
	R(CLOSED, BY, "", "ERR_CONNECTION_CLOSED"),
	R(CLOSED, BY, "", "ERR_EMPTY_RESPONSE"),
	R(CLOSED, BY, "", "curl: (52)"),
	R(CLOSED, BY, "", "curl: (56)"),
	R(TIMEOUT, BY, "", "Socket timeout"),
	R(TIMEOUT, BY, "", "timed out"),
	R(TIMEOUT, BY, "", "i/o timeout"),
	R(TIMEOUT, BY, "", "ETIMEDOUT"),
	R(TIMEOUT, BY, "", "TIMED_OUT"),
	R(TIMEOUT, BY, "", "deadline exceeded"),
	R(TIMEOUT, BY, "", "curl: (28)"),
	R(TIMEOUT, BY, "", "timeout"),
	R(TIMEOUT, BY, "", "タイムアウト"),
	R(REFUSED, BY, "", "Unable to open TCP socket"),
	/* pages */
	R(CONTENT, STEP_WEB, "", "HTTP WARNING"),
	R(CONTENT, STEP_WEB, "", "HTTP CRITICAL"),
	R(CONTENT, STEP_WEB, "", "Invalid HTTP response"),
	R(CONTENT, STEP_WEB, "", "curl: (22)"),
	R(CONTENT, STEP_WEB, "", "Bad Gateway"),
	R(CONTENT, STEP_WEB, "", "Service Unavailable"),
	R(CONTENT, STEP_WEB, "", "Internal Server Error"),
	R(DOWN, STEP_WEB, "", "web.test.fail["),
	R(DOWN, BY, "", "net.tcp.service"),
	R(DOWN, STEP_SERVERS, "dns", "net.dns"),
	R(DOWN, BY, "", "service is down"),
	R(DOWN, BY, "", "probe_success"),
	/* delivery status (RFC 3463) */
	R(TIMEOUT, STEP_MAIL_IN, "smtp", "Status: ", ".4.1"),
	R(NO_NAME, STEP_DELEGATION, "smtp", "Status: ", ".4.3"),
	R(NO_NAME, STEP_ZONE, "smtp", "Status: ", ".4.4"),
	R(NO_NAME, STEP_ZONE, "smtp", "Status: ", ".1.2"),
	R(LATER, STEP_MAIL_IN, "smtp", "Status: ", ".4.7"),
	R(POLICY, STEP_MAIL_OUT, "smtp", "Status: ", ".7.1"),
	R(REJECTED, STEP_MAIL_IN, "smtp", "Status: 5."),
	R(LATER, STEP_MAIL_IN, "smtp", "Status: 4."),
	R(POLICY, STEP_MAIL_OUT, "smtp", "550", "5.7.1"),
	R(REJECTED, STEP_MAIL_IN, "smtp", "said: 5"),
	R(REJECTED, STEP_MAIL_IN, "smtp", "status=bounced"),
	R(LATER, STEP_MAIL_IN, "smtp", "status=deferred"),
	R(LATER, STEP_MAIL_IN, "smtp", "stat=Deferred"),
	R(REJECTED, STEP_MAIL_IN, "smtp", "User unknown"),
	R(CONTENT, STEP_MAIL_IN, "smtp", "SMTP CRITICAL"),
	R(CONTENT, STEP_MAILBOX, "imap", "IMAP CRITICAL"),
	R(CONTENT, STEP_MAILBOX, "pop3", "POP CRITICAL"),
	R(NO_ANSWER, STEP_SERVERS, "dns", "DNS CRITICAL"),
	R(DOWN, BY, "", "TCP CRITICAL"),
	/* customers */
	R(UNSTABLE, STEP_WEB, "", "繋がったり"),
	R(UNSTABLE, STEP_WEB, "", "つながったり"),
	R(UNSTABLE, STEP_WEB, "", "on and off"),
	R(UNSTABLE, STEP_WEB, "", "intermittent"),
	R(UNSTABLE, STEP_WEB, "", "comes and goes"),
	R(WORDS, STEP_SUMMARY, "", "社内だけ"),
	R(WORDS, STEP_SUMMARY, "", "社内からだけ"),
	R(WORDS, STEP_SUMMARY, "", "only from our office"),
	R(WORDS, STEP_ADDRESSES, "", "外から見え"),
	R(WORDS, STEP_ADDRESSES, "", "外部から見え"),
	R(WORDS, STEP_ADDRESSES, "", "社外から見え"),
	R(WORDS, STEP_ADDRESSES, "", "from outside"),
	R(WORDS, STEP_RESOLVER, "dns", "浸透しない"),
	R(WORDS, STEP_RESOLVER, "dns", "浸透"),
	R(WORDS, STEP_RESOLVER, "dns", "propagat"),
	R(WORDS, STEP_RESOLVER, "dns", "still the old"),
	R(WORDS, STEP_MAIL_OUT, "smtp", "送れない"),
	R(WORDS, STEP_MAIL_OUT, "smtp", "送れません"),
	R(WORDS, STEP_MAIL_OUT, "smtp", "送信できない"),
	R(WORDS, STEP_MAIL_OUT, "smtp", "送信できません"),
	R(WORDS, STEP_MAIL_OUT, "smtp", "cannot send"),
	R(WORDS, STEP_MAIL_OUT, "smtp", "can't send"),
	R(WORDS, STEP_MAIL_IN, "smtp", "届かない"),
	R(WORDS, STEP_MAIL_IN, "smtp", "届きません"),
	R(WORDS, STEP_MAIL_IN, "smtp", "届いていない"),
	R(WORDS, STEP_MAIL_IN, "smtp", "届いていません"),
	R(WORDS, STEP_MAIL_IN, "smtp", "not receive"),
	R(WORDS, STEP_MAIL_IN, "smtp", "mail does not arrive"),
	R(WORDS, STEP_MAIL_IN, "smtp", "never arrive"),
	R(WORDS, STEP_MAILBOX, "imap", "読めない"),
	R(WORDS, STEP_MAILBOX, "imap", "読めません"),
	R(WORDS, STEP_MAILBOX, "imap", "受信できない"),
	R(WORDS, STEP_MAILBOX, "imap", "cannot read"),
	R(WORDS, STEP_MAILBOX, "imap", "can't read"),
	R(SLOW, STEP_SERVERS, "", "もっさり"),
	R(SLOW, STEP_SERVERS, "", "遅い"),
	R(SLOW, STEP_SERVERS, "", "重い"),
	R(SLOW, STEP_SERVERS, "", "時間がかか"),
	R(SLOW, STEP_SERVERS, "", "slow"),
	R(SLOW, STEP_SERVERS, "", "sluggish"),
	R(SLOW, STEP_SERVERS, "", "takes ages"),
	R(WORDS, STEP_WEB, "", "サイトが見え"),
	R(WORDS, STEP_WEB, "", "ホームページが見"),
	R(WORDS, STEP_WEB, "", "表示されない"),
	R(WORDS, STEP_WEB, "", "表示されません"),
	R(WORDS, STEP_WEB, "", "開けない"),
	R(WORDS, STEP_WEB, "", "開けません"),
	R(WORDS, STEP_WEB, "", "繋がらない"),
	R(WORDS, STEP_WEB, "", "繋がりません"),
	R(WORDS, STEP_WEB, "", "つながらない"),
	R(WORDS, STEP_WEB, "", "つながりません"),
	R(WORDS, STEP_WEB, "", "site is down"),
	R(WORDS, STEP_WEB, "", "cannot open"),
	R(WORDS, STEP_WEB, "", "can't open"),
	R(WORDS, STEP_WEB, "", "does not load"),
	R(WORDS, STEP_WEB, "", "does not open"),
};

static const struct { const char *word, *needle; } sources[] = {
	{ "alertmanager", "alertname:" },
	{ "icinga", "check_result" },
	{ "icinga", "exit_status:" },
	{ "zabbix", "Problem started at" }, { "zabbix", "Problem name:" },
	{ "zabbix", "net.tcp.service" }, { "zabbix", "net.dns" },
	{ "zabbix", "web.test.fail[" }, { "zabbix", "zabbix" },
	{ "prometheus", "probe_success" }, { "prometheus", "probe_ssl_" },
	{ "prometheus", "dial tcp" },
	{ "dsn", "Diagnostic-Code:" }, { "dsn", "Final-Recipient:" },
	{ "postfix", "postfix/" }, { "postfix", "status=deferred" },
	{ "postfix", "status=bounced" }, { "postfix", "type=MX" },
	{ "postfix", "loops back to myself" }, { "postfix", "nullMX" },
	{ "gmail", "Our system has detected" },
	{ "sendmail", "stat=" }, { "exim", "T=remote_smtp" },
	{ "exim", " H=" }, { "exim", "H=" },
	{ "bind", "resolving '" }, { "bind", "transfer of '" },
	{ "bind", "Transfer status:" }, { "bind", "named[" },
	{ "bind", "/IN: " },
	{ "unbound", "unbound" }, { "unbound", "validation failure <" },
	{ "unbound", "SERVFAIL <" },
	{ "nagios", "SERVICE ALERT:" }, { "nagios", "HOST ALERT:" },
	{ "nagios", "SERVICE NOTIFICATION:" }, { "nagios", "***** Nagios" },
	{ "nagios", "Notification Type:" },
	{ "plugin", " CRITICAL" }, { "plugin", " WARNING" },
	{ "plugin", "[CRITICAL]" }, { "plugin", "connect to address" },
	{ "plugin", "Invalid SMTP response" }, { "plugin", "check_" },
	{ "curl", "curl:" }, { "browser", "ERR_" },
	{ "browser", "DNS_PROBE_" },
};

/* Longer words before those they contain. */
static const struct { const char *word, *proto; } protos[] = {
	{ "submissions", "smtps" }, { "submission", "submission" },
	{ "smtps", "smtps" }, { "imaps", "imaps" }, { "imap", "imap" },
	{ "pop3s", "pop3s" }, { "pop3", "pop3" }, { "pop", "pop3" },
	{ "smtp", "smtp" }, { "https", "https" }, { "http", "http" },
	{ "dns", "dns" }, { "ホームページ", "http" }, { "サイト", "http" },
	{ "ウェブ", "http" }, { "website", "http" }, { "web", "http" },
	{ "メール", "smtp" }, { "mail", "smtp" },
};

static const struct { unsigned port; const char *proto; } ports[] = {
	{ 80, "http" }, { 443, "https" }, { 25, "smtp" }, { 53, "dns" },
	{ 587, "submission" }, { 465, "smtps" }, { 110, "pop3" },
	{ 995, "pop3s" }, { 143, "imap" }, { 993, "imaps" },
	{ 8080, "http" }, { 8443, "https" },
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

const struct alert_rule *
alert_rule(const char *text, size_t *at)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < COUNT(rules); i++) {
		const char *hit = text;

		for (int k = 0; k < 3 && hit != NULL &&
		    rules[i].needle[k] != NULL; k++)
			hit = text_casefind(text, n, rules[i].needle[k]);
		if (hit != NULL) {
			*at = (size_t)(hit - text);
			return &rules[i];
		}
	}
	return NULL;
}

const char *
alert_source(const char *text)
{
	for (size_t i = 0; i < COUNT(sources); i++)
		if (text_casefind(text, strlen(text), sources[i].needle) !=
		    NULL)
			return sources[i].word;
	return "text";
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The first place where the word stands at the beginning of a word. */
static const char *
find_word(const char *text, const char *word)
{
	const char *at = text, *hit;

	while ((hit = text_casefind(at, strlen(at), word)) != NULL) {
		if (hit == text || !letter(word[0]) ||
		    !(letter(hit[-1]) || hit[-1] == '.' || hit[-1] == '@'))
			return hit;
		at = hit + 1;
	}
	return NULL;
}

const char *
alert_proto(const char *text, const char *source)
{
	const char *best = NULL, *hit, *proto = "";

	if (strcmp(source, "postfix") == 0 || strcmp(source, "exim") == 0 ||
	    strcmp(source, "sendmail") == 0 || strcmp(source, "dsn") == 0 ||
	    strcmp(source, "gmail") == 0)
		return "smtp";
	if (strcmp(source, "bind") == 0 || strcmp(source, "unbound") == 0)
		return "dns";
	for (size_t i = 0; i < COUNT(protos); i++) {
		hit = find_word(text, protos[i].word);
		if (hit != NULL && (best == NULL || hit < best)) {
			best = hit;
			proto = protos[i].proto;
		}
	}
	if (strcmp(proto, "http") == 0 && ((hit = strstr(text, " -S")) !=
	    NULL ? hit[3 + strspn(hit + 3, " \n")] != hit[3] || hit[3] ==
	    '\0' : strstr(text, "--ssl") != NULL))
		return "https";
	return proto;
}

const char *
alert_port_proto(unsigned port)
{
	for (size_t i = 0; i < COUNT(ports); i++)
		if (ports[i].port == port)
			return ports[i].proto;
	return "";
}

unsigned
alert_proto_port(const char *proto)
{
	for (size_t i = 0; i < COUNT(ports); i++)
		if (strcmp(ports[i].proto, proto) == 0)
			return ports[i].port;
	return 0;
}
