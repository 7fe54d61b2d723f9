/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tracker of SMTP (RFC 5321 4.1.4, RFC 3207, RFC 4954): a state machine
 * fed with the lines of both directions.
 */
#include <string.h>

#include "base/text.h"
#include "talk/auth.h"
#include "talk/smtp_track.h"
#include "talk/verb.h"

static const struct verb verbs[] = {
	{ "banner", SMTP_BANNER, 0 }, { "EHLO", SMTP_EHLO, 0 },
	{ "HELO", SMTP_HELO, 0 }, { "STARTTLS", SMTP_STARTTLS, 0 },
	{ "MAIL", SMTP_MAIL_FROM, 0 }, { "RCPT", SMTP_RCPT_TO, 0 },
	{ "DATA", SMTP_DATA, 0 }, { ".", SMTP_END, 0 },
	{ "RSET", SMTP_RSET, 0 }, { "AUTH", SMTP_AUTH, 0 },
	{ "QUIT", SMTP_QUIT, 0 },
};
#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

const char *
smtp_track_verb(enum smtp_verb verb)
{
	return verb_word(verbs, NVERBS, (int)verb);
}

void
smtp_track_init(struct smtp_track *k)
{
	memset(k, 0, sizeof(*k));
	k->state = SMTP_CONNECTED;
	k->pending = SMTP_BANNER;
}

void
smtp_track_sent(struct smtp_track *k, const char *s, size_t n)
{
	const struct verb *v = verb_find(verbs, NVERBS, s, n);

	if (k->state == SMTP_CONTENT) {
		if (n == 1 && s[0] == '.')
			k->pending = SMTP_END;
		return;
	}
	if (k->state == SMTP_SECRET) {
		k->pending = SMTP_AUTH;
		return;
	}
	k->pending = v == NULL || v->id == SMTP_END ? SMTP_OTHER :
	    (enum smtp_verb)v->id;
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
		len = verb_len(s + at, n - at);
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
