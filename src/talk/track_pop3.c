/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POP3 line by line: each line gets +OK or -ERR, some then a text that ends
 * with a dot; AUTH goes to and fro in between (RFC 1939, RFC 5034). Lines may
 * go out before the reply to the one before came (RFC 2449 6.6).
 */
#include <string.h>

#include "talk/pop3.h"
#include "talk/track_ops.h"

static void
begin(struct track *k)
{
	pop3_track_init(&k->pop3);
}

static bool
answers(const struct track *k)
{
	return k->pop3.state == POP3_SECRET || k->pop3.pending == POP3_AUTH;
}

static void
sent(struct track *k, const char *line, size_t n)
{
	k->content = false;
	pop3_track_sent(&k->pop3, line, n);
	if (k->pop3.pending == POP3_CAPA)
		track_clear(&k->offered);
}

/* A line of a reply that has many; a dot at its front is one too much. */
static void
more(struct track *k, const char *line, size_t n)
{
	if (n == 1 && *line == '.') {
		k->content = false;
		pop3_track_reply(&k->pop3, true, false);
		return;
	}
	if (n > 0 && *line == '.') {
		line++;
		n--;
	}
	if (k->pop3.pending != POP3_CAPA)
		return;
	pop3_track_cap(&k->pop3, line, n);
	track_offer(k, line, n);
}

/* "+" ends the reply to any verb, since the server said its line, but only
   AUTH asks for it. */
static bool
received(struct track *k, const char *line, size_t n, size_t full, size_t eol)
{
	enum pop3_verb verb = k->pop3.pending;
	enum pop3_status status = pop3_status(line, n);

	(void)full;
	(void)eol;
	if (!k->content && n > 0 && line[0] == '+' && status != POP3_OK)
		track_challenge(k);
	if (verb == POP3_NOTHING)
		return false;
	if (k->content) {
		more(k, line, n);
		return true;
	}
	if (status == POP3_OK || status == POP3_ERR)
		k->asks = false;
	if (status == POP3_BAD)
		return false;
	k->content = status == POP3_OK && k->pop3.multi;
	if (!k->content)
		pop3_track_reply(&k->pop3, status == POP3_OK,
		    status == POP3_MORE);
	return status != POP3_MORE || verb == POP3_AUTH;
}

static void
tls(struct track *k)
{
	k->content = false;
	pop3_track_tls(&k->pop3);
}

static bool
challenged(const struct track *k)
{
	return k->pop3.state == POP3_SECRET && k->pop3.pending ==
	    POP3_NOTHING;
}

static bool
tls_due(const struct track *k)
{
	return k->pop3.state == POP3_TLS;
}

static bool
our_turn(const struct track *k)
{
	return k->pop3.pending == POP3_NOTHING;
}

static bool
gone(const struct track *k)
{
	return k->pop3.state == POP3_GONE;
}

static bool
deletes(const struct track *k)
{
	return k->pop3.deletes;
}

static unsigned
at(const struct track *k)
{
	return (unsigned)k->pop3.state;
}

static const char *
state(const struct track *k)
{
	if (track_answers(k))
		return "secret";
	switch (k->pop3.state) {
	case POP3_CONNECTED:
		return "connected";
	case POP3_TRANSACTION:
		return "transaction";
	case POP3_TLS:
		return "tls";
	case POP3_GONE:
		return "gone";
	default:
		return "authorization";
	}
}

static void
mechanisms(const struct track *k, struct track_list *l)
{
	for (size_t i = 0; i < k->offered.n; i++) {
		const char *o = k->offered.list[i], *p;
		char word[40];

		if (!verb_is(o, strlen(o), "SASL"))
			continue;
		for (p = o + 4; *p == ' '; p += verb_len(p, strlen(p))) {
			size_t n = verb_len(p + 1, strlen(p + 1));

			p++;
			if (n == 0 || n >= sizeof(word))
				continue;
			memcpy(word, p, n);
			word[n] = '\0';
			track_word(l, "AUTH ", word);
		}
	}
}

static void
words(const struct track *k, struct track_list *l)
{
	static const char *const inside[] = { "STAT", "LIST", "RETR ",
		"DELE ", "NOOP", "RSET" };
	bool known = k->offered.n > 0;

	if ((k->pop3.state & (POP3_AUTHORIZATION | POP3_NAMED |
	    POP3_TRANSACTION)) == 0)
		return;
	track_word(l, "CAPA", "");
	track_word(l, "QUIT", "");
	if (k->pop3.state != POP3_TRANSACTION) {
		if (!known || track_offers(k, "USER")) {
			track_word(l, "USER ", "");
			track_word(l, "PASS ", "");
		}
		if (track_offers_tls(k))
			track_word(l, "STLS", "");
		mechanisms(k, l);
		return;
	}
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		track_word(l, inside[i], "");
	if (!known || track_offers(k, "TOP"))
		track_word(l, "TOP ", "");
	if (!known || track_offers(k, "UIDL"))
		track_word(l, "UIDL", "");
}

const struct pop3_track *
pop3_track_of(const struct track *k)
{
	return &k->pop3;
}

const struct track_ops track_pop3_ops = {
	.init = begin, .sent = sent, .received = received, .tls = tls,
	.answers = answers, .challenged = challenged, .tls_due = tls_due,
	.our_turn = our_turn, .gone = gone, .deletes = deletes,
	.state = state, .at = at,
	.words = words, .starttls = "STLS", .goodbye = "QUIT",
	.queues = true,
};
