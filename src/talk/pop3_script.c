/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The script of a visit to a POP3 server. Nothing is deleted but messages
 * that bear our token, and those only by consent (RFC 1939: QUIT deletes).
 */
#include "talk/pop3_script.h"

enum { IF_ALWAYS, IF_STLS, IF_TLS, IF_SASL, IF_USER, IF_LOOK, IF_DROP };

static const struct script_row rows[] = {
	{ POP3_AUTHORIZATION, IF_ALWAYS, "CAPA", POP3_SAY, false, false },
	{ POP3_AUTHORIZATION, IF_STLS, "STLS", POP3_SAY, false, false },
	{ POP3_AUTHORIZATION, IF_TLS, "CAPA", POP3_SAY, false, false },
	{ POP3_AUTHORIZATION, IF_SASL, "AUTH ", POP3_SAY_METHOD, false,
	    false },
	{ POP3_SECRET, IF_ALWAYS, "", POP3_SAY_ANSWER, true, false },
	{ POP3_AUTHORIZATION, IF_USER, "USER ", POP3_SAY_LOGIN, false, false },
	{ POP3_NAMED, IF_ALWAYS, "PASS ", POP3_SAY_PASSWORD, false, false },
	{ POP3_TRANSACTION, IF_ALWAYS, "STAT", POP3_SAY, false, false },
	{ POP3_TRANSACTION, IF_LOOK, "TOP ", POP3_SAY_TOP, true, false },
	{ POP3_TRANSACTION, IF_DROP, "DELE ", POP3_SAY_DELE, true, false },
	{ POP3_AUTHORIZATION | POP3_NAMED | POP3_TRANSACTION, IF_ALWAYS,
	    "QUIT", POP3_SAY, false, true },
};

/* Where it stands. */
struct place {
	const struct pop3_script	*s;
	const struct pop3_track	*k;
	const struct talk_params	*p;
};

static bool
holds(const void *ctx, int cond)
{
	const struct place *at = ctx;
	const struct pop3_script *s = at->s;
	const struct pop3_track *k = at->k;
	const struct talk_params *p = at->p;

	switch (cond) {
	case IF_STLS:
		return p->tls == TALK_STARTTLS && k->stls && !k->tls;
	case IF_TLS:
		return p->tls == TALK_STARTTLS && k->tls;
	case IF_SASL:
		return s->method != 0 && s->method != AUTH_USER;
	case IF_USER:
		return s->method == AUTH_USER;
	case IF_LOOK:
		return s->look > 0;
	case IF_DROP:
		return s->drop > 0;
	default:
		return true;
	}
}

static const struct script script = {
	rows, sizeof(rows) / sizeof(rows[0]), holds
};

const struct script_row *
pop3_script_next(struct pop3_script *s, const struct pop3_track *k,
    const struct talk_params *p)
{
	struct place at = { s, k, p };

	return script_next(&script, &s->rows, (unsigned)k->state, s->stop,
	    &at);
}
