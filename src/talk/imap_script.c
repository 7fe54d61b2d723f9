/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The script of a visit to an IMAP server. A mailbox is opened read-only
 * unless our own messages shall go; only their UIDs are ever expunged, and
 * without UIDPLUS (RFC 4315) they stay, marked as deleted.
 */
#include "talk/imap_script.h"

enum { IF_ALWAYS, IF_OFFERED, IF_TLS, IF_SASL, IF_LOGIN, IF_UNKNOWN, IF_READ,
	IF_WRITE, IF_TOKEN, IF_LOOK, IF_DROP, IF_PURGE };

#define SOME (IMAP_NOT_AUTH | IMAP_AUTH | IMAP_SELECTED)

static const struct script_row rows[] = {
	{ SOME, IF_ALWAYS, "CAPABILITY", IMAP_SAY, false, false },
	{ IMAP_NOT_AUTH, IF_OFFERED, "STARTTLS", IMAP_SAY, false, false },
	{ IMAP_NOT_AUTH, IF_TLS, "CAPABILITY", IMAP_SAY, false, false },
	{ IMAP_NOT_AUTH, IF_SASL, "AUTHENTICATE ", IMAP_SAY_METHOD, false,
	    false },
	{ IMAP_SECRET, IF_ALWAYS, "", IMAP_SAY_ANSWER, true, false },
	{ IMAP_NOT_AUTH, IF_LOGIN, "LOGIN ", IMAP_SAY_LOGIN, false, false },
	{ IMAP_AUTH, IF_UNKNOWN, "CAPABILITY", IMAP_SAY, false, false },
	{ IMAP_AUTH, IF_READ, "EXAMINE INBOX", IMAP_SAY, false, false },
	{ IMAP_AUTH, IF_WRITE, "SELECT INBOX", IMAP_SAY, false, false },
	{ IMAP_SELECTED, IF_TOKEN, "UID SEARCH HEADER X-Tadoru-Token ",
	    IMAP_SAY_TOKEN, false, false },
	{ IMAP_SELECTED, IF_LOOK, "UID FETCH ", IMAP_SAY_FETCH, true, false },
	{ IMAP_SELECTED, IF_DROP, "UID STORE ", IMAP_SAY_STORE, true, false },
	{ IMAP_SELECTED, IF_PURGE, "UID EXPUNGE ", IMAP_SAY_EXPUNGE, true,
	    false },
	{ SOME, IF_ALWAYS, "LOGOUT", IMAP_SAY, false, true },
};

/* Where it stands. */
struct place {
	const struct imap_script	*s;
	const struct imap_track	*k;
	const struct talk_params	*p;
};

static bool
holds(const void *ctx, int cond)
{
	const struct place *at = ctx;
	const struct imap_script *s = at->s;
	const struct imap_track *k = at->k;
	const struct talk_params *p = at->p;

	switch (cond) {
	case IF_OFFERED:
		return p->tls == TALK_STARTTLS && k->starttls && !k->tls;
	case IF_TLS:
		return p->tls == TALK_STARTTLS && k->tls;
	case IF_SASL:
		return s->method != 0 && s->method != AUTH_USER;
	case IF_LOGIN:
		return s->method == AUTH_USER;
	case IF_UNKNOWN:
		return s->in && p->clean && !k->caps;
	case IF_READ:
		return s->in && !p->clean;
	case IF_WRITE:
		return s->in && p->clean;
	case IF_TOKEN:
		return p->token != NULL;
	case IF_LOOK:
		return s->look > 0;
	case IF_DROP:
		return s->drop > 0;
	case IF_PURGE:
		return s->purge > 0 && k->uidplus;
	default:
		return true;
	}
}

static const struct script script = {
	rows, sizeof(rows) / sizeof(rows[0]), holds
};

const struct script_row *
imap_script_next(struct imap_script *s, const struct imap_track *k,
    const struct talk_params *p)
{
	struct place at = { s, k, p };

	return script_next(&script, &s->rows, (unsigned)k->state, s->stop,
	    &at);
}
