/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POP3 (RFC 1939, 2449, 2595, 5034): each line gets +OK or -ERR, some then a
 * text that ends with a dot; AUTH goes to and fro in between.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "talk/track_ops.h"

static void
begin(struct track *k)
{
	k->pending[k->npending++] = xstrdup("");	/* the greeting */
}

static const char *
awaited(const struct track *k)
{
	return k->npending == 0 ? NULL : k->pending[0];
}

static bool
answers(const struct track *k)
{
	for (size_t i = 0; i < k->npending; i++)
		if (track_is(k->pending[i], strlen(k->pending[i]), "AUTH"))
			return true;
	return false;
}

static void
sent(struct track *k, const char *line, size_t n)
{
	k->challenged = false;
	if (answers(k) || k->npending == TRACK_QUEUE)
		return;
	/* With a number LIST and UIDL are answered in one line. */
	k->pending[k->npending++] = xstrndup(line, n > 80 ? 80 : n);
}

static void
pop(struct track *k)
{
	free(k->pending[0]);
	memmove(k->pending, k->pending + 1,
	    --k->npending * sizeof(k->pending[0]));
}

static bool
many_lines(const char *s)
{
	size_t n = strlen(s);
	bool bare = track_first(s, n) == n;

	return track_is(s, n, "CAPA") || track_is(s, n, "RETR") ||
	    track_is(s, n, "TOP") || (bare && (track_is(s, n, "LIST") ||
	    track_is(s, n, "UIDL") || track_is(s, n, "AUTH")));
}

static void
accepted(struct track *k, const char *verb)
{
	size_t n = strlen(verb);

	if (n == 0 && k->mbox == MBOX_CONNECTED)
		k->mbox = MBOX_GREETED;
	else if (track_is(verb, n, "PASS") || track_is(verb, n, "APOP") ||
	    (track_is(verb, n, "AUTH") && !many_lines(verb)))
		k->mbox = MBOX_LOGGED_IN;
	else if (track_is(verb, n, "STLS"))
		k->mbox = MBOX_TLS;
	else if (track_is(verb, n, "QUIT"))
		k->mbox = MBOX_GONE;
	if (track_is(verb, n, "CAPA"))
		track_clear(&k->offered);
	k->multi = many_lines(verb);
}

static bool
received(struct track *k, const char *line, size_t n)
{
	const char *verb = awaited(k);

	if (verb == NULL)
		return false;
	if (k->multi) {
		if (n == 1 && *line == '.') {
			k->multi = false;
			pop(k);
		} else if (track_is(verb, strlen(verb), "CAPA"))
			track_offer(k, line, n);
		return true;
	}
	if (n >= 1 && line[0] == '+' && !track_is(line, n, "+OK")) {
		k->challenged = answers(k);
		return k->challenged;
	}
	k->challenged = false;
	if (track_is(line, n, "+OK"))
		accepted(k, verb);
	else if (!track_is(line, n, "-ERR"))
		return false;
	if (!k->multi)
		pop(k);
	return true;
}

static void
tls(struct track *k)
{
	if (k->mbox != MBOX_CONNECTED)
		k->mbox = MBOX_GREETED;
}

static bool
challenged(const struct track *k)
{
	return k->challenged;
}

static bool
tls_due(const struct track *k)
{
	return k->mbox == MBOX_TLS;
}

static bool
our_turn(const struct track *k)
{
	return k->npending == 0 || k->challenged;
}

static bool
gone(const struct track *k)
{
	return k->mbox == MBOX_GONE;
}

static const char *
state(const struct track *k)
{
	static const char *const names[] = { "connected", "authorization",
		"transaction", "transaction", "tls", "gone" };

	return answers(k) ? "secret" : names[k->mbox];
}

static void
mechanisms(const struct track *k, struct track_list *l)
{
	for (size_t i = 0; i < k->offered.n; i++) {
		const char *o = k->offered.list[i], *p;
		char word[40];

		if (!track_is(o, strlen(o), "SASL"))
			continue;
		for (p = o + 4; *p == ' '; p += track_first(p, strlen(p))) {
			size_t n = track_first(p + 1, strlen(p + 1));

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

	if (k->mbox == MBOX_CONNECTED || k->mbox >= MBOX_TLS)
		return;
	track_word(l, "CAPA", "");
	track_word(l, "QUIT", "");
	if (k->mbox == MBOX_GREETED) {
		if (!known || track_offers(k, "USER")) {
			track_word(l, "USER ", "");
			track_word(l, "PASS ", "");
		}
		if (!k->tls && track_offers(k, "STLS"))
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

const struct track_ops track_pop3_ops = {
	.init = begin, .sent = sent, .received = received, .tls = tls,
	.answers = answers, .challenged = challenged, .tls_due = tls_due, .our_turn = our_turn,
	.gone = gone, .state = state, .words = words,
	.starttls = "STLS", .goodbye = "QUIT",
};
