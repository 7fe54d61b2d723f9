/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The script of a visit to a POP3 server. Nothing is deleted but messages
 * that bear our token, and those only by consent (RFC 1939: QUIT deletes).
 */
#include "talk/pop3_script.h"

enum { IF_ALWAYS, IF_STLS, IF_TLS, IF_SASL, IF_USER, IF_LOOK, IF_DROP };

static const struct pop3_row script[] = {
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
#define NROWS (sizeof(script) / sizeof(script[0]))

static bool
holds(const struct pop3_script *s, const struct pop3_track *k,
    const struct talk_params *p, int cond)
{
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

const struct pop3_row *
pop3_script_next(struct pop3_script *s, const struct pop3_track *k,
    const struct talk_params *p)
{
	for (size_t i = 0; i < NROWS; i++) {
		const struct pop3_row *r = &script[i];

		if (((s->rows & 1u << i) != 0 && !r->again) ||
		    (s->stop && !r->last) || (r->need & k->state) == 0 ||
		    !holds(s, k, p, r->cond))
			continue;
		s->rows |= 1u << i;
		return r;
	}
	return NULL;
}
