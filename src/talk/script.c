/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk over the rows of a script: chosen by where the session stands, so
 * that the same table goes on after anybody else has spoken.
 */
#include "talk/script.h"
#include "talk/imap_track.h"
#include "talk/smtp_track.h"

static bool
may_login(const struct script_run *s, bool user)
{
	return s->method != 0 && (s->method == AUTH_USER) == user;
}

static bool
holds(const struct script_run *s, const struct track *k,
    const struct talk_params *p, enum script_if cond)
{
	switch (cond) {
	case IF_REFUSED:
		return s->refused;
	case IF_OFFERED:
		return p->tls == TALK_STARTTLS && track_offers_tls(k);
	case IF_TLS:
		return p->tls == TALK_STARTTLS && track_in_tls(k);
	case IF_SASL:
	case IF_USER:
		return may_login(s, cond == IF_USER);
	case IF_RCPT:
		return p->mail_from != NULL && p->rcpt != NULL &&
		    (p->password == NULL || s->in);
	case IF_CONSENT:
		return p->token != NULL && p->rcpt != NULL &&
		    smtp_track_only(smtp_track_of(k), p->rcpt);
	case IF_SEARCH:
		return s->in && p->token != NULL;
	case IF_UNKNOWN:
		return s->in && p->clean && !imap_track_of(k)->caps;
	case IF_READ:
	case IF_WRITE:
		return s->in && p->clean == (cond == IF_WRITE);
	case IF_LOOK:
		return s->in && s->look > 0;
	case IF_DROP:
		return s->in && s->drop > 0;
	case IF_PURGE:
		return s->in && s->purge > 0 && track_offers(k, "UIDPLUS");
	default:
		return true;
	}
}

const struct script_row *
script_next(const struct script *x, struct script_run *s,
    const struct track *k, const struct talk_params *p)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct script_row *r = &x->rows[i];

		if (((s->rows & 1u << i) != 0 && !r->again) ||
		    (s->stop && !r->last) ||
		    (r->need & track_at(k)) == 0 || !holds(s, k, p, r->cond))
			continue;
		s->rows |= 1u << i;
		return r;
	}
	return NULL;
}

static bool
finds(enum script_if cond)
{
	return cond == IF_READ || cond == IF_WRITE || cond == IF_COUNT ||
	    cond == IF_SEARCH;
}

void
script_anew(const struct script *x, struct script_run *s)
{
	for (size_t i = 0; i < x->n; i++)
		if (finds(x->rows[i].cond))
			s->rows &= ~(1u << i);
	s->look = s->drop = s->purge = 0;
}
