/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tracker of IMAP (RFC 9051 3, RFC 3501): not authenticated,
 * authenticated, selected, and what was offered.
 */
#include <string.h>

#include "base/text.h"
#include "talk/auth.h"
#include "talk/imap_track.h"

static const struct {
	const char	*word;
	enum imap_verb	 verb;
} verbs[] = {
	{ "banner", IMAP_BANNER }, { "CAPABILITY", IMAP_CAPABILITY },
	{ "STARTTLS", IMAP_STARTTLS }, { "AUTHENTICATE", IMAP_AUTHENTICATE },
	{ "LOGIN", IMAP_LOGIN }, { "SELECT", IMAP_SELECT },
	{ "EXAMINE", IMAP_EXAMINE }, { "SEARCH", IMAP_SEARCH },
	{ "FETCH", IMAP_FETCH }, { "STORE", IMAP_STORE },
	{ "EXPUNGE", IMAP_EXPUNGE }, { "CLOSE", IMAP_CLOSE },
	{ "UNSELECT", IMAP_CLOSE },
	{ "LIST", IMAP_LIST }, { "NOOP", IMAP_NOOP }, { "ID", IMAP_ID },
	{ "LOGOUT", IMAP_LOGOUT },
};
#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

const char *
imap_track_verb(enum imap_verb verb)
{
	for (size_t i = 0; i < NVERBS; i++)
		if (verbs[i].verb == verb)
			return verbs[i].word;
	return "";
}

void
imap_track_init(struct imap_track *k)
{
	memset(k, 0, sizeof(*k));
	k->state = IMAP_CONNECTED;
	k->pending = IMAP_BANNER;
}

static size_t
word_len(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len] != ' ')
		len++;
	return len;
}

static bool
is_word(const char *s, size_t n, const char *word)
{
	return n == strlen(word) && text_ncasecmp(s, word, n) == 0;
}

static enum imap_verb
verb_of(const char *s, size_t n)
{
	size_t len = word_len(s, n);

	if (is_word(s, len, "UID") && len < n) {
		s += len + 1;
		n -= len + 1;
		len = word_len(s, n);
	}
	for (size_t i = 1; i < NVERBS; i++)
		if (is_word(s, len, verbs[i].word))
			return verbs[i].verb;
	return IMAP_OTHER;
}

void
imap_track_sent(struct imap_track *k, const char *s, size_t n)
{
	size_t len = word_len(s, n);

	if (k->state == IMAP_SECRET) {
		k->pending = IMAP_AUTHENTICATE;
		return;
	}
	memset(k->tag, 0, sizeof(k->tag));
	memcpy(k->tag, s, len < sizeof(k->tag) ? len : sizeof(k->tag) - 1);
	k->pending = len < n ? verb_of(s + len + 1, n - len - 1) : IMAP_OTHER;
	if (k->pending == IMAP_AUTHENTICATE)
		k->back = k->state;
}

void
imap_track_caps(struct imap_track *k, const char *s, size_t n)
{
	bool disabled = false;

	k->caps = true;
	k->methods = 0;
	for (size_t at = 0, len; at < n; at += len + 1) {
		len = word_len(s + at, n - at);
		if (is_word(s + at, len, "LOGINDISABLED"))
			disabled = true;
		else if (len > 5 && text_ncasecmp(s + at, "AUTH=", 5) == 0)
			k->methods |= auth_method(s + at + 5, len - 5);
	}
	if (!disabled)
		k->methods |= AUTH_USER;
}

static void
accepted(struct imap_track *k, enum imap_status status)
{
	switch (k->pending) {
	case IMAP_BANNER:
		k->state = status == IMAP_PREAUTH ? IMAP_AUTH : IMAP_NOT_AUTH;
		break;
	case IMAP_STARTTLS:
		k->state = IMAP_TLS;
		break;
	case IMAP_AUTHENTICATE:
	case IMAP_LOGIN:
		k->state = IMAP_AUTH;
		k->caps = false;
		break;
	case IMAP_SELECT:
	case IMAP_EXAMINE:
		k->state = IMAP_SELECTED;
		break;
	case IMAP_CLOSE:
		k->state = IMAP_AUTH;
		break;
	default:
		break;
	}
}

void
imap_track_reply(struct imap_track *k, enum imap_status status, bool bye)
{
	if (status == IMAP_BYE || bye || k->pending == IMAP_LOGOUT)
		k->state = IMAP_GONE;
	else if (status == IMAP_OK || status == IMAP_PREAUTH)
		accepted(k, status);
	else if (status == IMAP_MORE && k->pending == IMAP_AUTHENTICATE)
		k->state = IMAP_SECRET;
	else if (k->pending == IMAP_AUTHENTICATE)
		k->state = k->back;
	else if (k->state == IMAP_SELECTED && status == IMAP_NO &&
	    (k->pending == IMAP_SELECT || k->pending == IMAP_EXAMINE))
		k->state = IMAP_AUTH;	/* RFC 9051 6.3.2 */
	k->pending = IMAP_NOTHING;
	if (status != IMAP_MORE)
		k->tag[0] = '\0';
}

void
imap_track_tls(struct imap_track *k)
{
	k->caps = false;
	k->methods = 0;
	k->tag[0] = '\0';
	if (k->state == IMAP_CONNECTED)		/* implicit */
		k->pending = IMAP_BANNER;
	else
		k->state = IMAP_NOT_AUTH;
}
