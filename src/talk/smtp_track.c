/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tracker of SMTP (RFC 5321 4.1.4, RFC 3207, RFC 4954): a state machine
 * fed with the lines of both directions.
 */
#include <string.h>

#include "base/text.h"
#include "talk/auth.h"
#include "talk/smtp_track.h"

static const struct {
	const char	*word;
	enum smtp_verb	 verb;
} verbs[] = {
	{ "banner", SMTP_BANNER }, { "EHLO", SMTP_EHLO },
	{ "HELO", SMTP_HELO }, { "STARTTLS", SMTP_STARTTLS },
	{ "MAIL", SMTP_MAIL_FROM }, { "RCPT", SMTP_RCPT_TO },
	{ "DATA", SMTP_DATA }, { ".", SMTP_END }, { "RSET", SMTP_RSET },
	{ "AUTH", SMTP_AUTH }, { "QUIT", SMTP_QUIT },
};
#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

const char *
smtp_track_verb(enum smtp_verb verb)
{
	for (size_t i = 0; i < NVERBS; i++)
		if (verbs[i].verb == verb)
			return verbs[i].word;
	return "";
}

void
smtp_track_init(struct smtp_track *k)
{
	memset(k, 0, sizeof(*k));
	k->state = SMTP_CONNECTED;
	k->pending = SMTP_BANNER;
}

static enum smtp_verb
verb_of(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len] != ' ')
		len++;
	for (size_t i = 1; i < NVERBS; i++)
		if (len == strlen(verbs[i].word) &&
		    text_ncasecmp(s, verbs[i].word, len) == 0)
			return verbs[i].verb;
	return SMTP_OTHER;
}

void
smtp_track_sent(struct smtp_track *k, const char *s, size_t n)
{
	if (k->state == SMTP_CONTENT) {
		if (n == 1 && s[0] == '.')
			k->pending = SMTP_END;
		return;
	}
	if (k->state == SMTP_SECRET) {
		k->pending = SMTP_AUTH;
		return;
	}
	k->pending = verb_of(s, n);
	if (k->pending == SMTP_END)
		k->pending = SMTP_OTHER;
	if (k->pending == SMTP_AUTH)
		k->back = k->state;
	if (k->pending == SMTP_EHLO)
		k->methods = 0;
}

/* "AUTH PLAIN LOGIN", of old also "AUTH=PLAIN LOGIN". */
static void
take_methods(struct smtp_track *k, const char *s, size_t n)
{
	for (size_t at = 0, len; at < n; at += len + 1) {
		for (len = 0; at + len < n && s[at + len] != ' ';)
			len++;
		k->methods |= auth_method(s + at, len);
	}
}

void
smtp_track_cap(struct smtp_track *k, const char *s, size_t n)
{
	if (n > 5 && text_ncasecmp(s, "AUTH", 4) == 0 &&
	    (s[4] == ' ' || s[4] == '='))
		take_methods(k, s + 5, n - 5);
}

static void
accepted(struct smtp_track *k, int code)
{
	switch (k->pending) {
	case SMTP_BANNER:
		k->state = SMTP_GREETED;
		break;
	case SMTP_EHLO:
	case SMTP_HELO:
		k->state = SMTP_READY;
		break;
	case SMTP_STARTTLS:
		k->state = SMTP_TLS;
		break;
	case SMTP_MAIL_FROM:
		k->state = SMTP_MAIL;
		break;
	case SMTP_RCPT_TO:
		k->state = SMTP_RCPT;
		break;
	case SMTP_DATA:
		if (code == 354)
			k->state = SMTP_CONTENT;
		break;
	case SMTP_RSET:
		if (k->state == SMTP_MAIL || k->state == SMTP_RCPT)
			k->state = SMTP_READY;
		break;
	case SMTP_END:
		k->state = SMTP_READY;
		break;
	case SMTP_AUTH:
		k->state = code == 334 ? SMTP_SECRET : k->back;
		break;
	default:
		break;
	}
}

void
smtp_track_reply(struct smtp_track *k, int code)
{
	enum smtp_verb verb = k->pending;

	if (code == 421 || verb == SMTP_QUIT)
		k->state = SMTP_GONE;
	else if (code < 400)
		accepted(k, code);
	else if (verb == SMTP_END)
		k->state = SMTP_READY;
	else if (verb == SMTP_AUTH)
		k->state = k->back;
	k->pending = SMTP_NOTHING;
}

void
smtp_track_tls(struct smtp_track *k)
{
	k->methods = 0;
	if (k->state == SMTP_CONNECTED)		/* implicit */
		k->pending = SMTP_BANNER;
	else
		k->state = SMTP_GREETED;
}
