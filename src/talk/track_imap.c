/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IMAP line by line (RFC 9051): tagged commands, any number of them under
 * way; what the server says without a tag belongs to the mailbox and is
 * always allowed; literals of both sides run over many lines.
 */
#include <string.h>

#include "base/text.h"
#include "talk/track_ops.h"

static void
begin(struct track *k)
{
	imap_track_init(&k->imap);
}

/* Until its tagged reply everything that goes out may be a secret. */
static bool
answers(const struct track *k)
{
	for (size_t i = 0; i < k->tags.n; i++)
		if (k->verbs[i] == IMAP_AUTHENTICATE ||
		    (k->verbs[i] == IMAP_LOGIN && k->literal))
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
	size_t skip = verb_skip(line, n), tag;
	bool goes_on = k->literal || k->more || answers(k);

	k->literal = literal(line, n);
	k->more = false;
	if (goes_on) {
		if (k->imap.state == IMAP_SECRET)
			imap_track_sent(&k->imap, line, n);
		return;
	}
	line += skip;
	n -= skip;
	tag = verb_len(line, n);
	take_tag(k, line, tag);
	if (tag == 0 || k->tags.n == TRACK_TAGS)
		return;
	if (k->tags.n == 0)
		memset(&k->flow, 0, sizeof(k->flow));
	imap_track_sent(&k->imap, line, n);
	k->verbs[k->tags.n] = k->imap.pending;
	track_add(&k->tags, line, tag);
}

static void
forget(struct track *k, size_t i)
{
	track_drop(&k->tags, i);
	memmove(&k->verbs[i], &k->verbs[i + 1],
	    (k->tags.n - i) * sizeof(k->verbs[0]));
}

/* The reply to a verb is complete; the oldest other one is awaited now. */
static void
replied(struct track *k, enum imap_verb verb, enum imap_status status)
{
	k->imap.pending = verb;
	imap_track_reply(&k->imap, status, k->imap.state == IMAP_GONE);
	k->imap.pending = k->tags.n > 0 ? k->verbs[0] : IMAP_NOTHING;
}

static void
capabilities(struct track *k, const char *s, size_t n)
{
	imap_track_caps(&k->imap, s, n);
	track_clear(&k->offered);
	for (size_t at = 0, len; at < n; at += len + 1) {
		len = verb_len(s + at, n - at);
		if (len > 0)
			track_offer(k, s + at, len);
	}
}

/* Behind the status: "[CAPABILITY list] text". */
static void
code(struct track *k, const char *s, size_t n)
{
	size_t at = verb_len(s, n), len;
	const char *list = at < n ? imap_caps_code(s + at + 1, n - at - 1,
	    &len) : NULL;

	if (list != NULL)
		capabilities(k, list, len);
}

static bool
untagged(struct track *k, const char *s, size_t n)
{
	enum imap_status status = imap_status_of(s, n);

	if (k->imap.state != IMAP_CONNECTED)
		imap_flow_begins(&k->flow, s, n);
	else if (status == IMAP_OK || status == IMAP_PREAUTH ||
	    status == IMAP_BYE)
		replied(k, IMAP_BANNER, status);
	else
		return false;
	if (status == IMAP_BYE)
		k->imap.state = IMAP_GONE;
	if (status != IMAP_NONE)
		code(k, s, n);
	else if (n > 11 && verb_is(s, n, "CAPABILITY"))
		capabilities(k, s + 11, n - 11);
	return true;
}

/* Does a verb ask for more that is no secret: a literal, or DONE? */
static bool
harmless(const struct track *k, enum imap_verb verb)
{
	return verb == IMAP_IDLE || (k->literal && verb != IMAP_NOTHING &&
	    verb != IMAP_LOGIN && verb != IMAP_AUTHENTICATE &&
	    verb != IMAP_OTHER);
}

/* "+": our literal, an answer, or what a verb unknown to us asks for is due
   (RFC 9051 7.6). */
static bool
go_on(struct track *k)
{
	enum imap_verb verb = k->tags.n == 0 ? IMAP_NOTHING :
	    k->verbs[k->tags.n - 1];

	if (!harmless(k, verb))
		track_challenge(k);
	if (verb == IMAP_NOTHING)
		return false;
	k->imap.pending = verb;
	imap_track_reply(&k->imap, IMAP_MORE, k->imap.state == IMAP_GONE);
	k->more = k->literal || verb == IMAP_AUTHENTICATE ||
	    verb == IMAP_IDLE || verb == IMAP_OTHER;
	return k->more;
}

static bool
tagged(struct track *k, const char *line, size_t n)
{
	size_t tag = verb_len(line, n), from = tag < n ? tag + 1 : n;
	enum imap_status status = imap_status_of(line + from, n - from);

	for (size_t i = 0; i < k->tags.n; i++) {
		enum imap_verb verb = k->verbs[i];

		if (strlen(k->tags.list[i]) != tag ||
		    memcmp(k->tags.list[i], line, tag) != 0)
			continue;
		k->more = k->literal = k->asks = false;
		forget(k, i);
		replied(k, verb, status);
		code(k, line + from, n - from);
		return true;
	}
	return false;
}

static bool
received(struct track *k, const char *line, size_t n, size_t full, size_t eol)
{
	size_t tag = verb_len(line, n);

	if (imap_flow_line(&k->flow, line, n, full, eol) != IMAP_UNTAGGED)
		return true;
	if (tag == 1 && line[0] == '*')
		return untagged(k, n > 2 ? line + 2 : "", n > 2 ? n - 2 : 0);
	if (tag == 1 && line[0] == '+')
		return go_on(k);
	return tagged(k, line, n);
}

static void
tls(struct track *k)
{
	track_clear(&k->tags);
	k->more = k->literal = false;
	memset(&k->flow, 0, sizeof(k->flow));
	k->imap.pending = IMAP_NOTHING;
	imap_track_tls(&k->imap);
}

static bool
challenged(const struct track *k)
{
	return k->imap.state != IMAP_CONNECTED && k->more && answers(k);
}

static bool
tls_due(const struct track *k)
{
	return k->imap.state == IMAP_TLS;
}

static bool
our_turn(const struct track *k)
{
	return k->imap.state != IMAP_CONNECTED && (k->tags.n == 0 || k->more);
}

static bool
gone(const struct track *k)
{
	return k->imap.state == IMAP_GONE;
}

static unsigned
at(const struct track *k)
{
	return (unsigned)k->imap.state;
}

static const char *
state(const struct track *k)
{
	if (answers(k))
		return "secret";
	switch (k->imap.state) {
	case IMAP_CONNECTED:
		return "connected";
	case IMAP_AUTH:
		return "authenticated";
	case IMAP_SELECTED:
		return "selected";
	case IMAP_TLS:
		return "tls";
	case IMAP_GONE:
		return "gone";
	default:
		return "greeted";
	}
}

static void
login_words(const struct track *k, struct track_list *l)
{
	char word[40];

	if (!track_offers(k, "LOGINDISABLED"))
		track_word(l, "LOGIN ", "");
	if (track_offers_tls(k))
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

	if ((k->imap.state & (IMAP_NOT_AUTH | IMAP_AUTH | IMAP_SELECTED)) == 0)
		return;
	ADD(l, always);
	if (track_offers(k, "ID"))
		track_word(l, "ID NIL", "");
	if (k->imap.state == IMAP_NOT_AUTH)
		login_words(k, l);
	else
		ADD(l, in);
	if (k->imap.state == IMAP_SELECTED) {
		ADD(l, selected);
		if (track_offers(k, "UIDPLUS"))
			track_word(l, "UID EXPUNGE ", "");
	}
	if (k->imap.state != IMAP_NOT_AUTH && track_offers(k, "IDLE"))
		track_word(l, "IDLE", "");
}

const struct imap_track *
imap_track_of(const struct track *k)
{
	return &k->imap;
}

const struct track_ops track_imap_ops = {
	.init = begin, .sent = sent, .received = received, .tls = tls,
	.answers = answers, .challenged = challenged, .tls_due = tls_due,
	.our_turn = our_turn, .gone = gone, .state = state, .at = at,
	.words = words, .starttls = "STARTTLS", .goodbye = "LOGOUT",
	.tagged = true,
};
