/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SMTP: lines may be typed before the reply to the one before came (RFC
 * 2920), so they wait until the tracker can take them up.
 */
#include <string.h>

#include "talk/track_ops.h"

static void
begin(struct track *k)
{
	smtp_track_init(&k->smtp);
	smtp_reply_init(&k->reply);
}

static void
again(struct track *k)
{
	smtp_reply_free(&k->reply);
	smtp_reply_init(&k->reply);
}

static void
sent(struct track *k, const char *line, size_t n)
{
	again(k);
	smtp_track_sent(&k->smtp, line, n);
	if (k->smtp.pending == SMTP_EHLO)
		track_clear(&k->offered);
}

static bool
received(struct track *k, const char *line, size_t n, size_t full, size_t eol)
{
	bool asked = k->smtp.pending != SMTP_NOTHING;
	int rc = smtp_reply_parse(&k->reply, line, n);

	(void)full;
	(void)eol;
	if (n >= 3 && memcmp(line, "334", 3) == 0)
		track_challenge(k);
	if (rc < 0) {
		again(k);
		return false;
	}
	if (k->smtp.pending == SMTP_EHLO && k->reply.lines > 1 &&
	    k->reply.code < 400 && n > 4) {
		smtp_track_cap(&k->smtp, line + 4, n - 4);
		track_offer(k, line + 4, n - 4);
	}
	if (rc > 0) {
		if (asked && k->reply.code != 334)
			k->asks = false;
		if (asked || k->reply.code == 421)
			smtp_track_reply(&k->smtp, k->reply.code);
		again(k);
	}
	return asked;
}

static void
tls(struct track *k)
{
	smtp_track_tls(&k->smtp);
	again(k);
}

static bool
answers(const struct track *k)
{
	return k->smtp.state == SMTP_SECRET || k->smtp.pending == SMTP_AUTH;
}

static bool
challenged(const struct track *k)
{
	return k->smtp.state == SMTP_SECRET && k->smtp.pending ==
	    SMTP_NOTHING;
}

static bool
tls_due(const struct track *k)
{
	return k->smtp.state == SMTP_TLS && k->smtp.pending == SMTP_NOTHING;
}

static bool
our_turn(const struct track *k)
{
	return k->smtp.pending == SMTP_NOTHING;
}

static bool
content(const struct track *k)
{
	return k->smtp.state == SMTP_CONTENT &&
	    k->smtp.pending == SMTP_NOTHING;
}

static bool
gone(const struct track *k)
{
	return k->smtp.state == SMTP_GONE;
}

static unsigned
at(const struct track *k)
{
	return (unsigned)k->smtp.state;
}

static const char *
state(const struct track *k)
{
	switch (k->smtp.state) {
	case SMTP_CONNECTED:
		return "connected";
	case SMTP_GREETED:
		return "greeted";
	case SMTP_READY:
		return "ready";
	case SMTP_MAIL:
		return "mail";
	case SMTP_RCPT:
		return "rcpt";
	case SMTP_TLS:
		return "tls";
	case SMTP_CONTENT:
		return "content";
	case SMTP_SECRET:
		return "secret";
	case SMTP_GONE:
		return "gone";
	}
	return "";
}

/* "AUTH PLAIN LOGIN" and the like: a line for each word behind the first. */
static void
each(struct track_list *l, const char *offer, const char *verb)
{
	const char *p = offer + verb_len(offer, strlen(offer));

	while (*p == ' ') {
		size_t n = verb_len(p + 1, strlen(p + 1));
		char word[64];

		p++;
		if (n > 0 && n < sizeof(word) - 1) {
			memcpy(word, p, n);
			strcpy(word + n, " ");
			track_word(l, verb, word);
		}
		p += n;
	}
}

static void
mail_words(const struct track *k, struct track_list *l)
{
	track_word(l, "MAIL FROM:<", "");
	for (size_t i = 0; i < k->offered.n; i++)
		if (verb_is(k->offered.list[i],
		    strlen(k->offered.list[i]), "AUTH"))
			each(l, k->offered.list[i], "AUTH ");
	if (track_offers_tls(k))
		track_word(l, "STARTTLS", "");
	if (track_offers(k, "VRFY"))
		track_word(l, "VRFY ", "");
	if (track_offers(k, "EXPN"))
		track_word(l, "EXPN ", "");
	if (track_offers(k, "ETRN"))
		track_word(l, "ETRN ", "");
}

static void
words(const struct track *k, struct track_list *l)
{
	switch (k->smtp.state) {
	case SMTP_GREETED:
		track_word(l, "EHLO ", "");
		track_word(l, "HELO ", "");
		break;
	case SMTP_READY:
		mail_words(k, l);
		track_word(l, "EHLO ", "");
		break;
	case SMTP_RCPT:
		track_word(l, "DATA", "");
		/* FALLTHROUGH */
	case SMTP_MAIL:
		track_word(l, "RCPT TO:<", "");
		break;
	case SMTP_CONTENT:
		track_word(l, ".", "");
		return;
	default:
		return;
	}
	if (track_offers(k, "HELP"))
		track_word(l, "HELP", "");
	track_word(l, "NOOP", "");
	track_word(l, "RSET", "");
	track_word(l, "QUIT", "");
}

const struct smtp_track *
smtp_track_of(const struct track *k)
{
	return &k->smtp;
}

const struct track_ops track_smtp_ops = {
	.init = begin, .sent = sent, .received = received, .tls = tls,
	.answers = answers, .challenged = challenged, .tls_due = tls_due,
	.our_turn = our_turn, .content = content, .gone = gone,
	.state = state, .at = at, .words = words, .starttls = "STARTTLS",
	.goodbye = "QUIT", .queues = true,
};
