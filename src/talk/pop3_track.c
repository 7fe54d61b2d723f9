/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tracker of POP3 (RFC 1939, RFC 2449, RFC 2595, RFC 5034).
 */
#include <string.h>

#include "talk/auth.h"
#include "talk/pop3_track.h"
#include "talk/verb.h"

/* Which replies have lines: always, or only without an argument. */
enum lines { ONE, MANY, MANY_IF_BARE };

static const struct verb verbs[] = {
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
	return verb_word(verbs, NVERBS, (int)verb);
}

void
pop3_track_init(struct pop3_track *k)
{
	memset(k, 0, sizeof(*k));
	k->state = POP3_CONNECTED;
	k->pending = POP3_BANNER;
}

void
pop3_track_sent(struct pop3_track *k, const char *s, size_t n)
{
	const struct verb *v;

	v = verb_find(verbs, NVERBS, s + verb_skip(s, n),
	    n - verb_skip(s, n));
	k->multi = false;
	if (k->state == POP3_SECRET) {
		k->pending = POP3_AUTH;
		return;
	}
	k->pending = v == NULL ? POP3_OTHER : (enum pop3_verb)v->id;
	k->multi = v != NULL && (v->kind == MANY ||
	    (v->kind == MANY_IF_BARE && strlen(v->word) + 1 >= n));
	if (k->pending == POP3_AUTH)
		k->back = k->state;
	if (k->pending == POP3_CAPA)
		k->methods = 0;
}

void
pop3_track_cap(struct pop3_track *k, const char *s, size_t n)
{
	if (verb_is(s, n, "USER"))
		k->methods |= AUTH_USER;
	if (!verb_is(s, n, "SASL"))
		return;
	for (size_t at = 5, len; at < n; at += len + 1) {
		len = verb_len(s + at, n - at);
		k->methods |= auth_method(s + at, len);
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
