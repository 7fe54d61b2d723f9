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

static void
clear_recipients(struct smtp_track *k)
{
	k->rcpt[0] = '\0';
	k->others = false;
}

/* What no verb we know begins may name a recipient, too. */
static bool
odd(const struct verb *v, const char *s, size_t n)
{
	static const char *const harmless[] = { "NOOP", "HELP", "VRFY",
		"EXPN" };

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (verb_is(s, n, harmless[i]))
			v = verbs;
	return v == NULL || memchr(s, '\r', n) != NULL;
}

static void
asked(struct smtp_track *k, const char *s, size_t n)
{
	size_t at = verb_len(s, n);

	at += verb_skip(s + at, n - at);
	k->odd = k->odd || n - at >= SMTP_RCPT_MAX;
	if (k->odd)
		return;
	memcpy(k->asked, s + at, n - at);
	k->asked[n - at] = '\0';
}

void
smtp_track_sent(struct smtp_track *k, const char *s, size_t n)
{
	size_t from = verb_skip(s, n);
	const struct verb *v = verb_find(verbs, NVERBS, s + from, n - from);

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
	k->odd = odd(v, s + from, n - from);
	if (k->pending == SMTP_RCPT_TO)
		asked(k, s + from, n - from);
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

/* The server took a recipient, or what may be one. */
static void
recipient(struct smtp_track *k)
{
	if (k->odd || (k->rcpt[0] != '\0' && strcmp(k->rcpt, k->asked) != 0))
		k->others = true;
	else
		memcpy(k->rcpt, k->asked, sizeof(k->rcpt));
}

bool
smtp_track_only(const struct smtp_track *k, const char *address)
{
	const char *s = k->rcpt;
	size_t n = strlen(address);

	if (k->others || *s == '\0')
		return !k->others;
	if (text_ncasecmp(s, "TO:", 3) != 0)
		return false;
	s += 3 + verb_skip(s + 3, strlen(s + 3));
	if (*s != '<' || strncmp(s + 1, address, n) != 0 || s[n + 1] != '>')
		return false;
	s += n + 2;
	return s[verb_skip(s, strlen(s))] == '\0';
}

static void
accepted(struct smtp_track *k, int code)
{
	bool within = k->state == SMTP_MAIL || k->state == SMTP_RCPT;

	switch (k->pending) {
	case SMTP_BANNER:
		k->state = SMTP_GREETED;
		break;
	case SMTP_EHLO:
	case SMTP_HELO:
		k->state = SMTP_READY;
		clear_recipients(k);
		break;
	case SMTP_STARTTLS:
		k->state = SMTP_TLS;
		break;
	case SMTP_MAIL_FROM:
		if (!within)
			clear_recipients(k);
		k->state = SMTP_MAIL;
		break;
	case SMTP_RCPT_TO:
		k->state = SMTP_RCPT;
		recipient(k);
		break;
	case SMTP_DATA:
		if (code == 354)
			k->state = SMTP_CONTENT;
		break;
	case SMTP_RSET:
		if (within)
			k->state = SMTP_READY;
		clear_recipients(k);
		break;
	case SMTP_END:
		k->state = SMTP_READY;
		clear_recipients(k);
		break;
	case SMTP_AUTH:
		k->state = code == 334 ? SMTP_SECRET : k->back;
		break;
	default:
		if (within && k->odd)
			recipient(k);
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
	clear_recipients(k);
	if (k->state == SMTP_CONNECTED)		/* implicit */
		k->pending = SMTP_BANNER;
	else
		k->state = SMTP_GREETED;
}
