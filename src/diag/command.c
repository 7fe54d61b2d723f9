/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each probe as a line that anyone can paste: dig, curl, openssl s_client.
 * Names come from the network, so what a shell would act on is quoted.
 */
#include "diag/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"

static void
dig(struct buf *b, const struct want *w)
{
	char text[ADDR_STRLEN], word[16];

	buf_printf(b, "dig @%s ", addr_print(&w->ep.addr, text));
	/* A name that dig would take for an option or a server. */
	if (strchr("-+@", *w->qname) != NULL)
		buf_adds(b, "-q ");
	text_shell_word(b, w->qname);
	buf_printf(b, " %s", message_type_word(w->qtype, word));
	if (strcmp(w->transport, "rd") == 0)
		return;
	buf_adds(b, " +norecurse");
	if (model_is_tcp(w->transport))
		buf_adds(b, " +tcp +noedns");
	else if (strcmp(w->transport, "edns") == 0)
		buf_adds(b, " +bufsize=1232 +nsid");
	else
		buf_adds(b, " +noedns +ignore");
}

static void
curl(struct buf *b, const struct want *w)
{
	char text[ADDR_STRLEN];
	bool https = w->ep.tls == TALK_IMPLICIT;
	char *url, *pin;

	addr_print(&w->ep.addr, text);
	pin = xasprintf(w->ep.addr.family == 6 ? "%s:%u:[%s]" : "%s:%u:%s",
	    w->ep.name, w->ep.port, text);
	if (w->ep.port == (https ? 443 : 80))
		url = xasprintf("%s://%s%s", w->ep.proto, w->ep.name, w->path);
	else
		url = xasprintf("%s://%s:%u%s", w->ep.proto, w->ep.name,
		    w->ep.port, w->path);
	/* No globbing: brackets in a path are only brackets. */
	buf_adds(b, strpbrk(w->path, "[]{}") != NULL ?
	    "curl -gsv --resolve " : "curl -sv --resolve ");
	text_shell_word(b, pin);
	buf_addc(b, ' ');
	text_shell_word(b, url);
	free(url);
	free(pin);
}

static void
s_client(struct buf *b, const struct want *w)
{
	char text[ADDR_STRLEN];

	addr_print(&w->ep.addr, text);
	buf_printf(b, w->ep.addr.family == 6 ?
	    "openssl s_client -connect \"[%s]:%u\"" :
	    "openssl s_client -connect %s:%u", text, w->ep.port);
	if (w->ep.tls == TALK_STARTTLS)
		buf_printf(b, " -starttls %s", w->kind == WANT_POP3 ? "pop3" :
		    w->kind == WANT_IMAP ? "imap" : "smtp");
	buf_adds(b, " -crlf -servername ");
	text_shell_word(b, w->ep.name);
}

/* telnet, or openssl s_client where TLS is spoken from the beginning. */
static void
by_hand(struct buf *b, const struct want *w)
{
	char text[ADDR_STRLEN];

	addr_print(&w->ep.addr, text);
	if (w->ep.tls != TALK_IMPLICIT) {
		buf_printf(b, "telnet %s %u", text, w->ep.port);
		return;
	}
	buf_printf(b, w->ep.addr.family == 6 ?
	    "openssl s_client -crlf -connect \"[%s]:%u\"" :
	    "openssl s_client -crlf -connect %s:%u", text, w->ep.port);
	if (*w->ep.name != '\0') {
		buf_adds(b, " -servername ");
		text_shell_word(b, w->ep.name);
	}
}

char *
command_for(const struct want *w)
{
	struct buf b;

	buf_init(&b, 0);
	switch (w->kind) {
	case WANT_DNS:
		dig(&b, w);
		break;
	case WANT_HTTP:
		curl(&b, w);
		break;
	case WANT_SMTP: case WANT_POP3: case WANT_IMAP:
		s_client(&b, w);
		break;
	case WANT_ARES:
		buf_adds(&b, *w->ep.name == '-' ? "getent ahosts -- " :
		    "getent ahosts ");
		text_shell_word(&b, w->ep.name);
		break;
	case WANT_HAND:
		by_hand(&b, w);
		break;
	case WANT_SKIP:
		break;
	}
	return buf_steal(&b);
}
