/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tracker of POP3 (RFC 1939, RFC 2449, RFC 2595, RFC 5034).
 */
#include <string.h>

#include "base/text.h"
#include "talk/auth.h"
#include "talk/pop3_track.h"

/* Which replies have lines: always, or only without an argument. */
enum lines { ONE, MANY, MANY_IF_BARE };

static const struct {
	const char	*word;
	enum pop3_verb	 verb;
	enum lines	 lines;
} verbs[] = {
	{ "banner", POP3_BANNER, ONE }, { "CAPA", POP3_CAPA, MANY },
	{ "STLS", POP3_STLS, ONE }, { "USER", POP3_USER, ONE },
	{ "PASS", POP3_PASS, ONE }, { "APOP", POP3_APOP, ONE },
	{ "AUTH", POP3_AUTH, MANY_IF_BARE }, { "STAT", POP3_STAT, ONE },
	{ "LIST", POP3_LIST, MANY_IF_BARE },
	{ "UIDL", POP3_UIDL, MANY_IF_BARE }, { "TOP", POP3_TOP, MANY },
	{ "RETR", POP3_RETR, MANY }, { "DELE", POP3_DELE, ONE },
	{ "RSET", POP3_RSET, ONE }, { "NOOP", POP3_NOOP, ONE },
	{ "QUIT", POP3_QUIT, ONE },
};
#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

const char *
pop3_track_verb(enum pop3_verb verb)
{
	for (size_t i = 0; i < NVERBS; i++)
		if (verbs[i].verb == verb)
			return verbs[i].word;
	return "";
}

void
pop3_track_init(struct pop3_track *k)
{
	memset(k, 0, sizeof(*k));
	k->state = POP3_CONNECTED;
	k->pending = POP3_BANNER;
}

static size_t
word_len(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len] != ' ')
		len++;
	return len;
}

void
pop3_track_sent(struct pop3_track *k, const char *s, size_t n)
{
	size_t len = word_len(s, n);

	k->multi = false;
	if (k->state == POP3_SECRET) {
		k->pending = POP3_AUTH;
		return;
	}
	k->pending = POP3_OTHER;
	for (size_t i = 1; i < NVERBS; i++)
		if (len == strlen(verbs[i].word) &&
		    text_ncasecmp(s, verbs[i].word, len) == 0) {
			k->pending = verbs[i].verb;
			k->multi = verbs[i].lines == MANY ||
			    (verbs[i].lines == MANY_IF_BARE && len + 1 >= n);
		}
	if (k->pending == POP3_AUTH)
		k->back = k->state;
	if (k->pending == POP3_CAPA)
		k->methods = 0;
}

void
pop3_track_cap(struct pop3_track *k, const char *s, size_t n)
{
	size_t len = word_len(s, n), at = len;

	if (len == 4 && text_ncasecmp(s, "USER", 4) == 0)
		k->methods |= AUTH_USER;
	if (len != 4 || text_ncasecmp(s, "SASL", 4) != 0)
		return;
	for (; at < n; at += len) {
		at += s[at] == ' ';
		len = word_len(s + at, n - at);
		k->methods |= auth_method(s + at, len);
		if (len == 0)
			at++;
	}
}

static void
accepted(struct pop3_track *k)
{
	switch (k->pending) {
	case POP3_BANNER:
		k->state = POP3_AUTHORIZATION;
		break;
	case POP3_STLS:
		k->state = POP3_TLS;
		break;
	case POP3_USER:
		k->state = POP3_NAMED;
		break;
	case POP3_PASS:
	case POP3_APOP:
		k->state = POP3_TRANSACTION;
		break;
	case POP3_AUTH:
		if (!k->multi)
			k->state = POP3_TRANSACTION;
		break;
	default:
		break;
	}
}

void
pop3_track_reply(struct pop3_track *k, bool ok, bool more)
{
	enum pop3_verb verb = k->pending;

	if (verb == POP3_QUIT || (verb == POP3_BANNER && !ok))
		k->state = POP3_GONE;
	else if (ok)
		accepted(k);
	else if (more && verb == POP3_AUTH)
		k->state = POP3_SECRET;
	else if (verb == POP3_AUTH)
		k->state = k->back;
	else if (k->state == POP3_NAMED &&
	    (verb == POP3_PASS || verb == POP3_USER))
		k->state = POP3_AUTHORIZATION;
	else if (verb == POP3_CAPA)
		k->methods = AUTH_USER;
	k->pending = POP3_NOTHING;
	k->multi = false;
}

void
pop3_track_tls(struct pop3_track *k)
{
	k->methods = 0;
	if (k->state == POP3_CONNECTED)		/* implicit */
		k->pending = POP3_BANNER;
	else
		k->state = POP3_AUTHORIZATION;
}
