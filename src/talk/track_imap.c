/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IMAP (RFC 9051): tagged commands, any number of them under way; what the
 * server says without a tag belongs to the mailbox and is always allowed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "talk/track_ops.h"

static bool
is_login(const char *verb)
{
	return text_casecmp(verb, "LOGIN") == 0 ||
	    text_casecmp(verb, "AUTHENTICATE") == 0;
}

/* Until its tagged reply everything that goes out may be a secret. */
static bool
answers(const struct track *k)
{
	for (size_t i = 0; i < k->npending; i++)
		if (text_casecmp(k->pending[i], "AUTHENTICATE") == 0 ||
		    (is_login(k->pending[i]) && k->literal > 0))
			return true;
	return false;
}

/* "{12}" or "{12+}" at the end: a literal follows. */
static bool
literal(const char *s, size_t n)
{
	size_t at = n;

	if (n < 3 || s[n - 1] != '}')
		return false;
	for (at = n - 1; at > 0 && s[at - 1] != '{'; at--)
		;
	return at > 0 && s[at] >= '0' && s[at] <= '9';
}

static void
take_tag(struct track *k, const char *s, size_t n)
{
	unsigned v = 0;

	if (n < 2 || n > 6 || s[0] != 'a')
		return;
	for (size_t i = 1; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return;
		v = v * 10 + (unsigned)(s[i] - '0');
	}
	if (v > k->tag)
		k->tag = v;
}

static void
sent(struct track *k, const char *line, size_t n)
{
	size_t tag = track_first(line, n), from = tag < n ? tag + 1 : n;
	size_t len = track_first(line + from, n - from);

	if (k->literal > 0 || answers(k) || (k->challenged)) {
		k->literal = literal(line, n);
		k->challenged = false;
		return;
	}
	take_tag(k, line, tag);
	k->literal = literal(line, n);
	if (tag == 0 || k->npending == TRACK_QUEUE)
		return;
	k->tags[k->npending] = xstrndup(line, tag);
	k->pending[k->npending++] = xstrndup(line + from, len);
}

static void
forget(struct track *k, size_t i)
{
	free(k->pending[i]);
	free(k->tags[i]);
	k->npending--;
	memmove(&k->pending[i], &k->pending[i + 1],
	    (k->npending - i) * sizeof(k->pending[0]));
	memmove(&k->tags[i], &k->tags[i + 1],
	    (k->npending - i) * sizeof(k->tags[0]));
}

static void
done(struct track *k, const char *verb)
{
	if (is_login(verb))
		k->mbox = MBOX_LOGGED_IN;
	else if (text_casecmp(verb, "SELECT") == 0 ||
	    text_casecmp(verb, "EXAMINE") == 0)
		k->mbox = MBOX_SELECTED;
	else if (text_casecmp(verb, "CLOSE") == 0 ||
	    text_casecmp(verb, "UNSELECT") == 0)
		k->mbox = MBOX_LOGGED_IN;
	else if (text_casecmp(verb, "STARTTLS") == 0)
		k->mbox = MBOX_TLS;
	else if (text_casecmp(verb, "LOGOUT") == 0)
		k->mbox = MBOX_GONE;
}

/* "[CAPABILITY IMAP4rev1 ...]" or "CAPABILITY IMAP4rev1 ...". */
static void
capabilities(struct track *k, const char *s, size_t n)
{
	const char *at = text_casefind(s, n, "CAPABILITY ");
	size_t left;

	if (at == NULL)
		return;
	track_clear(&k->offered);
	at += 11;
	left = n - (size_t)(at - s);
	while (left > 0 && *at != ']') {
		size_t len = track_first(at, left), word = len;

		if (len > 0 && at[len - 1] == ']')
			word--;
		if (word > 0)
			track_offer(k, at, word);
		if (word < len || len == left)
			return;
		at += len + 1;
		left -= len + 1;
	}
}

static bool
untagged(struct track *k, const char *line, size_t n)
{
	const char *s = n > 2 ? line + 2 : "";
	size_t len = n > 2 ? n - 2 : 0;

	if (track_is(s, len, "BYE"))
		k->mbox = MBOX_GONE;
	else if (k->mbox == MBOX_CONNECTED)
		k->mbox = track_is(s, len, "PREAUTH") ? MBOX_LOGGED_IN :
		    MBOX_GREETED;
	if (track_is(s, len, "CAPABILITY") || track_is(s, len, "OK") ||
	    track_is(s, len, "PREAUTH"))
		capabilities(k, s, len);
	return true;
}

static bool
received(struct track *k, const char *line, size_t n)
{
	size_t tag = track_first(line, n);

	if (tag == 1 && line[0] == '*')
		return untagged(k, line, n);
	if (tag == 1 && line[0] == '+') {
		k->challenged = true;
		return k->npending > 0;
	}
	for (size_t i = 0; i < k->npending; i++) {
		if (strlen(k->tags[i]) != tag ||
		    memcmp(k->tags[i], line, tag) != 0)
			continue;
		k->challenged = false;
		k->literal = 0;
		if (tag < n && track_is(line + tag + 1, n - tag - 1, "OK")) {
			done(k, k->pending[i]);
			capabilities(k, line, n);
		}
		forget(k, i);
		return true;
	}
	return k->mbox >= MBOX_LOGGED_IN;	/* lines of a literal */
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
	return k->mbox != MBOX_CONNECTED && k->challenged && answers(k);
}

static bool
tls_due(const struct track *k)
{
	return k->mbox == MBOX_TLS;
}

static bool
our_turn(const struct track *k)
{
	return k->mbox != MBOX_CONNECTED &&
	    (k->npending == 0 || k->challenged);
}

static bool
gone(const struct track *k)
{
	return k->mbox == MBOX_GONE;
}

static const char *
state(const struct track *k)
{
	static const char *const names[] = { "connected", "greeted",
		"authenticated", "selected", "tls", "gone" };

	return answers(k) ? "secret" : names[k->mbox];
}

static void
login_words(const struct track *k, struct track_list *l)
{
	char word[40];

	if (!track_offers(k, "LOGINDISABLED"))
		track_word(l, "LOGIN ", "");
	if (!k->tls && track_offers(k, "STARTTLS"))
		track_word(l, "STARTTLS", "");
	for (size_t i = 0; i < k->offered.n; i++) {
		const char *o = k->offered.list[i];

		if (text_ncasecmp(o, "AUTH=", 5) != 0 || strlen(o) > 30)
			continue;
		strcpy(word, o + 5);
		track_word(l, "AUTHENTICATE ", word);
	}
}

static void
add_all(struct track_list *l, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		track_word(l, list[i], "");
}

#define ADD(l, list) add_all(l, list, sizeof(list) / sizeof((list)[0]))

static void
words(const struct track *k, struct track_list *l)
{
	static const char *const always[] = { "CAPABILITY", "NOOP",
		"LOGOUT" };
	static const char *const in[] = { "LIST \"\" \"*\"", "SELECT INBOX",
		"EXAMINE INBOX", "STATUS INBOX (MESSAGES)" };
	static const char *const selected[] = { "UID SEARCH ALL",
		"UID SEARCH HEADER Message-ID \"", "UID FETCH ",
		"UID STORE ", "EXPUNGE", "CLOSE", "CHECK" };

	if (k->mbox == MBOX_CONNECTED || k->mbox >= MBOX_TLS)
		return;
	ADD(l, always);
	if (track_offers(k, "ID"))
		track_word(l, "ID NIL", "");
	if (k->mbox == MBOX_GREETED)
		login_words(k, l);
	else
		ADD(l, in);
	if (k->mbox == MBOX_SELECTED) {
		ADD(l, selected);
		if (track_offers(k, "UIDPLUS"))
			track_word(l, "UID EXPUNGE ", "");
	}
	if (k->mbox >= MBOX_LOGGED_IN && track_offers(k, "IDLE"))
		track_word(l, "IDLE", "");
}

const struct track_ops track_imap_ops = {
	.sent = sent, .received = received, .tls = tls, .answers = answers,
	.challenged = challenged,
	.tls_due = tls_due, .our_turn = our_turn, .gone = gone,
	.state = state, .words = words, .starttls = "STARTTLS",
	.goodbye = "LOGOUT", .tagged = true,
};
