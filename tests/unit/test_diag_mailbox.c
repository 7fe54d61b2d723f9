/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses in the memory world: submission, POP3 and IMAP; logins and
 * the round trip, and that the password is nowhere to be seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "tests/unit/diag_kit.h"

#define SECRET "hunter-zwei-9"

/* mail.DOMAIN with all six services, both families. */
#define HOST \
	"record {d} mail A {x1.4}\n" \
	"record {d} mail AAAA {x1.6}\n" \
	"submission mail.{d} {x1.4} {x1.6}\n" \
	"submission mail.{d} {x1.4} {x1.6} tls\n" \
	"pop mail.{d} {x1.4} {x1.6} auth \"PLAIN LOGIN\"\n" \
	"pop mail.{d} {x1.4} {x1.6} tls auth \"PLAIN LOGIN\"\n" \
	"imap mail.{d} {x1.4} {x1.6} auth PLAIN\n" \
	"imap mail.{d} {x1.4} {x1.6} tls auth PLAIN\n"
#define ACCOUNT \
	"account taro@{d} " SECRET "\n" \
	"@ mailbox taro@{d}\n" \
	"@ password " SECRET "\n"

static const struct kit_case cases[] = {
	{ "nothing there", "= ok\n~ pop3-garbled\n" },
	{ "all six sound", HOST "= ok\n"
	    "+ ok mail.{d} {x1.4} submission:587\n"
	    "+ ok mail.{d} {x1.6} smtps:465\n"
	    "+ ok mail.{d} {x1.4} pop3:110\n"
	    "+ ok mail.{d} {x1.6} pop3s:995\n"
	    "+ ok mail.{d} {x1.4} imap:143\n"
	    "+ ok mail.{d} {x1.6} imaps:993\n" },
	{ "closed 110 and 143",
	    "record {d} mail A {x1.4}\n"
	    "record {d} mail AAAA {x1.6}\n"
	    "imap mail.{d} {x1.4} {x1.6} tls\n"
	    "host {x1.4} {x1.6}\n"
	    "= ok\n" },
	{ "guessed name silent",
	    "record {d} mail A {x1.4}\n"
	    "record {d} pop AAAA {x1.6}\n"
	    "= ok\n" },
	{ "wildcard zone",
	    "record {d} * A {x1.4}\n"
	    "imap mail.{d} {x1.4} tls cert self-signed\n"
	    "= ok\n"
	    "~ cert-self-signed\n" },
	{ "imaps v6 refused", HOST
	    "fault tcp {x1.6} port 993 refused\n"
	    "> error connect-refused mail.{d} {x1.6} imaps:993 masked\n"
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "imaps v6 silent", HOST
	    "fault tcp {x1.6} port 993 silent\n"
	    "> error connect-timeout mail.{d} {x1.6} imaps:993 masked\n"
	    "= error\n" },
	{ "srv names a dead host",
	    "record {d} _imaps._tcp SRV 0 1 993 {n1}\n"
	    "record {d} {n1} A {x1.4}\n"
	    "host {x1.4}\n"
	    "> error connect-refused {n1}.{d} {x1.4} imaps:993\n"
	    "= error\n" },
	{ "srv not offered",
	    "record {d} _imaps._tcp SRV 0 0 0 .\n"
	    "= ok\n" },
	{ "srv other port, cert of another",
	    "record {d} _pop3s._tcp SRV 0 1 9950 {n1}\n"
	    "record {d} {n1} A {x1.4}\n"
	    "pop {n1}.{d} {x1.4} tls port 9950 cert name {other}\n"
	    "> error cert-name {n1}.{d} {x1.4} pop3s:9950\n"
	    "= error\n" },
	{ "guessed name, cert of another",
	    "record {d} imap A {x1.4}\n"
	    "imap imap.{d} {x1.4} tls cert name {other}\n"
	    "> notice cert-name imap.{d} {x1.4} imaps:993\n"
	    "= notice\n" },
	{ "srv self-signed",
	    "record {d} _imaps._tcp SRV 0 1 993 {n1}\n"
	    "record {d} {n1} A {x1.4}\n"
	    "imap {n1}.{d} {x1.4} tls cert self-signed\n"
	    "> error cert-self-signed {n1}.{d} {x1.4} imaps:993\n"
	    "= error\n" },
	{ "pop3 without stls", HOST
	    "pop mail.{d} {x1.4} {x1.6} no-starttls\n"
	    "> warning login-plain-only mail.{d} {x1.4} pop3:110\n"
	    "> warning login-plain-only mail.{d} {x1.6} pop3:110\n"
	    "= warning\n" },
	{ "imap without starttls on v6", HOST
	    "imap mail.{d} {x1.6} no-starttls\n"
	    "> warning login-plain-only mail.{d} {x1.6} imap:143 masked\n"
	    "> notice capabilities-differ mail.{d} - imap:143\n"
	    "= warning\n" },
	{ "submission without starttls", HOST
	    "submission mail.{d} {x1.4} {x1.6} no-starttls\n"
	    "> warning login-plain-only mail.{d} {x1.4} submission:587\n"
	    "> warning login-plain-only mail.{d} {x1.6} submission:587\n"
	    "= warning\n" },
	{ "auth before tls", HOST
	    "submission mail.{d} {x1.4} {x1.6} auth-early\n"
	    "> warning auth-before-tls mail.{d} {x1.4} submission:587\n"
	    "> warning auth-before-tls mail.{d} {x1.6} submission:587\n"
	    "= warning\n" },
	{ "only a challenge before tls", HOST
	    "submission mail.{d} {x1.4} {x1.6} auth CRAM-MD5 auth-early\n"
	    "= ok\n" },
	{ "a challenge and more before tls", HOST
	    "submission mail.{d} {x1.6} auth \"CRAM-MD5 PLAIN\" auth-early\n"
	    "> warning auth-before-tls mail.{d} {x1.6} submission:587 masked\n"
	    "= warning\n" },
	{ "pop3 user before tls", HOST
	    "pop mail.{d} {x1.4} auth-early\n"
	    "> warning auth-before-tls mail.{d} {x1.4} pop3:110 masked\n"
	    "= warning\n" },
	{ "imap login before tls", HOST
	    "imap mail.{d} {x1.6} auth-early\n"
	    "> warning auth-before-tls mail.{d} {x1.6} imap:143 masked\n"
	    "= warning\n" },
	{ "other capabilities", HOST
	    "imap mail.{d} {x1.6} tls auth PLAIN cap XSIX\n"
	    "> notice capabilities-differ mail.{d} - imaps:993\n"
	    "= notice\n" },
	{ "pop3 garbled on v6", HOST
	    "fault pop {x1.6} port 995 at banner garbled\n"
	    "> error pop3-garbled mail.{d} {x1.6} pop3s:995 masked\n"
	    "= error\n" },
	{ "pop3 hangs up", HOST
	    "fault pop {x1.4} port 110 at capa close\n"
	    "> error pop3-garbled mail.{d} {x1.4} pop3:110 masked\n"
	    "= error\n" },
	{ "imap garbled", HOST
	    "fault imap {x1.4} port 143 at capability garbled\n"
	    "> error imap-garbled mail.{d} {x1.4} imap:143 masked\n"
	    "= error\n" },
	{ "imap silent after connect", HOST
	    "fault imap {x1.6} port 143 at capability stall\n"
	    "> error imap-garbled mail.{d} {x1.6} imap:143 masked\n"
	    "= error\n" },
	{ "imap bye", HOST
	    "imap mail.{d} {x1.6} tls banner \"* BYE too many connections\"\n"
	    "> error service-bye mail.{d} {x1.6} imaps:993 masked\n"
	    "= error\n" },
	{ "pop3 err greeting", HOST
	    "pop mail.{d} {x1.4} banner \"-ERR [SYS/TEMP] later\"\n"
	    "> error service-bye mail.{d} {x1.4} pop3:110 masked\n"
	    "= error\n" },
	{ "stls refused", HOST
	    "fault pop {x1.6} at stls reply \"-ERR no key\"\n"
	    "> error starttls-454 mail.{d} {x1.6} pop3:110 masked\n"
	    "= error\n" },
	{ "imap starttls refused", HOST
	    "fault imap {x1.6} at starttls reply \"NO broken\"\n"
	    "> error starttls-454 mail.{d} {x1.6} imap:143 masked\n"
	    "= error\n" },
	{ "imap starttls injection", HOST
	    "fault imap {x1.6} at starttls inject\n"
	    "> error starttls-injection mail.{d} {x1.6} imap:143 masked\n"
	    "= error\n" },
	{ "submission garbled", HOST
	    "fault smtp {x1.6} port 587 at ehlo garbled\n"
	    "> error smtp-garbled mail.{d} {x1.6} submission:587 masked\n"
	    "= error\n" },
	{ "submission busy", HOST
	    "submission mail.{d} {x1.6} banner \"421 4.3.2 too busy\"\n"
	    "> notice smtp-421 mail.{d} {x1.6} submission:587\n"
	    "= notice\n" },
	{ "submission refuses us", HOST
	    "submission mail.{d} {x1.6} banner \"554 5.7.1 no\"\n"
	    "> unknown refused-us mail.{d} {x1.6} submission:587\n"
	    "= unknown\n" },
	{ "skipped", HOST
	    "@ skip mailbox\n"
	    "fault tcp {x1.6} port 993 refused\n"
	    "= ok\n" },
	{ "v4 only here", HOST
	    "vantage v4\n"
	    "+ unknown mail.{d} {x1.6} imaps:993\n"
	    "+ ok mail.{d} {x1.4} imaps:993\n"
	    "> unknown here-no-v6 - - -\n"
	    "= unknown\n" },
	{ "login good", HOST ACCOUNT "= ok\n~ login-refused\n" },
	{ "login refused", HOST ACCOUNT
	    "@ password wrong\n"
	    "> error login-refused mail.{d} {x1.4} submission:587\n"
	    "> error login-refused mail.{d} {x1.6} submission:587\n"
	    "> error login-refused mail.{d} {x1.4} smtps:465\n"
	    "> error login-refused mail.{d} {x1.6} smtps:465\n"
	    "> error login-refused mail.{d} {x1.4} pop3:110\n"
	    "> error login-refused mail.{d} {x1.6} pop3:110\n"
	    "> error login-refused mail.{d} {x1.4} pop3s:995\n"
	    "> error login-refused mail.{d} {x1.6} pop3s:995\n"
	    "> error login-refused mail.{d} {x1.4} imap:143\n"
	    "> error login-refused mail.{d} {x1.6} imap:143\n"
	    "> error login-refused mail.{d} {x1.4} imaps:993\n"
	    "> error login-refused mail.{d} {x1.6} imaps:993\n"
	    "= error\n" },
	{ "login refused on v6", HOST ACCOUNT
	    "fault pop {x1.6} port 995 at auth reply \"-ERR [IN-USE] locked\"\n"
	    "> error login-refused mail.{d} {x1.6} pop3s:995 masked\n"
	    "= error\n" },
	{ "read-only: no login", HOST ACCOUNT
	    "@ password wrong\n"
	    "@ read-only\n"
	    "= ok\n" },
	{ "no login with a bad certificate",
	    "record {d} imap A {x1.4}\n"
	    "imap imap.{d} {x1.4} tls auth PLAIN cert self-signed\n"
	    ACCOUNT
	    "@ password wrong\n"
	    "> notice cert-self-signed imap.{d} {x1.4} imaps:993\n"
	    "= notice\n"
	    "~ login-refused\n" },
	{ "login by all mechanisms",
	    "record {d} mail A {x1.4}\n"
	    "submission mail.{d} {x1.4} auth CRAM-MD5\n"
	    "submission mail.{d} {x1.4} tls auth LOGIN\n"
	    "pop mail.{d} {x1.4}\n"
	    "pop mail.{d} {x1.4} tls auth CRAM-MD5\n"
	    "imap mail.{d} {x1.4}\n"
	    "imap mail.{d} {x1.4} tls auth LOGIN\n"
	    ACCOUNT
	    "= ok\n~ login-refused\n" },
	{ "round trip", HOST ACCOUNT
	    "@ send-mail\n"
	    "smtp {mx1} {mx1.4} {mx1.6} deliver 4\n"
	    "> fact delivered {mx1} {mx1.4} smtp\n"
	    "> fact delivered {mx1} {mx1.6} smtp\n"
	    "> fact delivered mail.{d} {x1.4} submission:587\n"
	    "> fact delivered mail.{d} {x1.6} submission:587\n"
	    "> fact delivered mail.{d} {x1.4} smtps:465\n"
	    "> fact delivered mail.{d} {x1.6} smtps:465\n"
	    "= ok\n" },
	{ "accepted, not delivered", HOST ACCOUNT
	    "@ send-mail\n"
	    "@ wait 12\n"
	    "submission mail.{d} {x1.4} {x1.6} deliver never\n"
	    "> fact delivered mail.{d} {x1.4} smtps:465\n"
	    "> warning accepted-not-delivered mail.{d} {x1.4} submission:587\n"
	    "> warning accepted-not-delivered mail.{d} {x1.6} submission:587\n"
	    "= warning\n" },
	{ "round trip, refused by 25", HOST ACCOUNT
	    "@ send-mail\n"
	    "fault smtp {mx1} at rcpt reply \"550 5.1.1 nobody\"\n"
	    "> error rcpt-rejected {mx1} {mx1.4} smtp\n"
	    "> error rcpt-rejected {mx1} {mx1.6} smtp\n"
	    "> fact delivered mail.{d} {x1.4} submission:587\n"
	    "= error\n" },
	{ "the password comes back",
	    "record {d} mail A {x1.4}\n"
	    "submission mail.{d} {x1.4} echo\n"
	    "submission mail.{d} {x1.4} tls auth LOGIN echo\n"
	    "pop mail.{d} {x1.4} echo\n"
	    "pop mail.{d} {x1.4} tls auth PLAIN echo\n"
	    "imap mail.{d} {x1.4} echo\n"
	    "imap mail.{d} {x1.4} tls auth LOGIN echo\n"
	    ACCOUNT
	    "@ send-mail\n"
	    "= ok\n" },
};

/* The password in no form that is or becomes readable. */
static void
no_secret(const struct kit_run *r, const struct kit_case *c, struct buf *out)
{
	char *forms[3], *plain;
	size_t n;

	(void)c;
	if (r->opts.password == NULL || strcmp(r->opts.password, SECRET) != 0)
		return;
	plain = xasprintf("%c%s%c%s", 0, r->opts.mailbox, 0, SECRET);
	n = strlen(r->opts.mailbox) + strlen(SECRET) + 2;
	plain[0] = '\0';
	memcpy(plain + 1, r->opts.mailbox, strlen(r->opts.mailbox) + 1);
	memcpy(plain + n - strlen(SECRET), SECRET, strlen(SECRET));
	forms[0] = xstrdup(SECRET);
	forms[1] = text_base64(SECRET, strlen(SECRET));
	forms[2] = text_base64(plain, n);
	for (int i = 0; i < 3; i++) {
		if (strstr(r->log, forms[i]) != NULL)
			buf_printf(out, "  the password as %s\n", forms[i]);
		free(forms[i]);
	}
	free(plain);
	if (strstr(r->log, "********") == NULL)
		buf_adds(out, "  no login at all\n");
}

int
main(void)
{
	kit_after = no_secret;
	return kit_group("mailbox", cases, sizeof cases / sizeof cases[0]);
}
