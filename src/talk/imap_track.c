/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tracker of IMAP (RFC 9051 3, RFC 3501): not authenticated,
 * authenticated, selected, and what was offered.
 */
#include <string.h>

#include "base/text.h"
#include "talk/auth.h"
#include "talk/imap_track.h"
#include "talk/verb.h"

static const struct verb verbs[] = {
	{ "banner", IMAP_BANNER, 0 }, { "CAPABILITY", IMAP_CAPABILITY, 0 },
	{ "STARTTLS", IMAP_STARTTLS, 0 },
	{ "AUTHENTICATE", IMAP_AUTHENTICATE, 0 }, { "LOGIN", IMAP_LOGIN, 0 },
	{ "SELECT", IMAP_SELECT, 0 }, { "EXAMINE", IMAP_EXAMINE, 0 },
	{ "SEARCH", IMAP_SEARCH, 0 }, { "FETCH", IMAP_FETCH, 0 },
	{ "STORE", IMAP_STORE, 0 }, { "EXPUNGE", IMAP_EXPUNGE, 0 },
	{ "CLOSE", IMAP_CLOSE, 0 }, { "UNSELECT", IMAP_CLOSE, 0 },
	{ "LIST", IMAP_LIST, 0 }, { "NOOP", IMAP_NOOP, 0 },
	{ "ID", IMAP_ID, 0 }, { "IDLE", IMAP_IDLE, 0 },
	{ "APPEND", IMAP_APPEND, 0 }, { "LOGOUT", IMAP_LOGOUT, 0 },
};
#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

const char *
imap_track_verb(enum imap_verb verb)
{
	return verb_word(verbs, NVERBS, (int)verb);
}

void
imap_track_init(struct imap_track *k)
{
	memset(k, 0, sizeof(*k));
	k->state = IMAP_CONNECTED;
	k->pending = IMAP_BANNER;
}

/* "UID SEARCH" is SEARCH. */
static enum imap_verb
verb_of(const char *s, size_t n)
{
	size_t skip = verb_skip(s, n);
	const struct verb *v;

	if (verb_is(s + skip, n - skip, "UID"))
		skip += 3 + verb_skip(s + skip + 3, n - skip - 3);
	v = verb_find(verbs, NVERBS, s + skip, n - skip);

	return v == NULL ? IMAP_OTHER : (enum imap_verb)v->id;
}

void
imap_track_sent(struct imap_track *k, const char *s, size_t n)
{
	size_t len = verb_len(s, n);

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
		len = verb_len(s + at, n - at);
		if (verb_is(s + at, len, "LOGINDISABLED"))
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
