/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trackers of all protocols behind one face.
 */
#include "talk/track.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/auth.h"
#include "talk/talk.h"
#include "talk/track_ops.h"

static const struct track_ops *const all[] = {
	[TRACK_LINES] = &track_lines_ops, [TRACK_HTTP] = &track_http_ops,
	[TRACK_SMTP] = &track_smtp_ops, [TRACK_POP3] = &track_pop3_ops,
	[TRACK_IMAP] = &track_imap_ops,
};

struct track *
track_new(enum track_proto proto)
{
	struct track *k = xcalloc(1, sizeof(*k));

	k->proto = proto;
	k->ops = all[proto];
	if (k->ops->init != NULL)
		k->ops->init(k);
	return k;
}

void
track_free(struct track *k)
{
	if (k == NULL)
		return;
	track_clear(&k->offered);
	track_clear(&k->queue);
	track_clear(&k->tags);
	smtp_reply_free(&k->reply);
	free(k);
}

enum track_proto
track_proto(const char *word)
{
	static const struct { const char *word; enum track_proto proto; }
	    words[] = {
		{ "http", TRACK_HTTP }, { "https", TRACK_HTTP },
		{ "smtp", TRACK_SMTP }, { "smtps", TRACK_SMTP },
		{ "submission", TRACK_SMTP }, { "submissions", TRACK_SMTP },
		{ "pop3", TRACK_POP3 }, { "pop3s", TRACK_POP3 },
		{ "imap", TRACK_IMAP }, { "imaps", TRACK_IMAP },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].proto;
	return TRACK_LINES;
}

enum track_proto
track_which(const struct track *k)
{
	return k->proto;
}

/* May lines be header fields of HTTP? */
static bool
fields(const struct track *k)
{
	return k->proto == TRACK_HTTP || k->proto == TRACK_LINES;
}

void
track_sent(struct track *k, const void *line, size_t n)
{
	if (n == 0)
		line = "";
	if (fields(k) && !track_content(k))
		talk_secret_field(line, n, &k->typed);
	if (k->ops->queues && (k->queue.n > 0 || !k->ops->our_turn(k))) {
		if (k->queue.n < TRACK_QUEUE)
			track_add(&k->queue, line, n);
	} else if (k->ops->sent != NULL)
		k->ops->sent(k, line, n);
}

bool
track_received(struct track *k, const void *line, size_t n, size_t full,
    size_t eol)
{
	bool asked = k->ops->received == NULL ||
	    k->ops->received(k, n == 0 ? "" : line, n, full, eol);

	while (k->queue.n > 0 && k->ops->our_turn(k)) {
		const char *s = k->queue.list[0];

		k->ops->sent(k, s, strlen(s));
		track_drop(&k->queue, 0);
	}
	return asked;
}

void
track_tls(struct track *k)
{
	k->tls = true;
	k->asks = false;
	track_clear(&k->offered);
	track_clear(&k->queue);
	if (k->ops->tls != NULL)
		k->ops->tls(k);
}

size_t
track_secret(const struct track *k, const void *line, size_t n)
{
	bool inside = k->typed;
	size_t at, goes_on;

	if (track_content(k) && !k->asks)
		return n;
	at = talk_secret(line, n, track_answers(k));
	goes_on = inside ? talk_secret_field(line, n, &inside) : n;
	return at < goes_on ? at : goes_on;
}

char *
track_heard(struct track *k, const void *line, size_t n)
{
	if (!fields(k))
		return NULL;
	if (k->proto == TRACK_HTTP && k->side == HTTP_PAGE) {
		k->heard = false;	/* a page is content */
		return NULL;
	}
	return talk_redact_field(line, n, &k->heard);
}

static bool
ask(bool (*question)(const struct track *), const struct track *k, bool none)
{
	return question == NULL ? none : question(k);
}

bool
track_tls_due(const struct track *k)
{
	return ask(k->ops->tls_due, k, false);
}

bool
track_our_turn(const struct track *k)
{
	return ask(k->ops->our_turn, k, true);
}

bool
track_content(const struct track *k)
{
	return ask(k->ops->content, k, false);
}

/* Also while the reply to AUTH is awaited: who pastes does not wait. */
bool
track_answers(const struct track *k)
{
	for (size_t i = 0; i < k->queue.n; i++) {
		const char *s = k->queue.list[i];

		s += verb_skip(s, strlen(s));
		if (verb_is(s, strlen(s), "AUTH"))
			return true;
	}
	return k->asks || ask(k->ops->answers, k, false);
}

bool
track_gone(const struct track *k)
{
	return ask(k->ops->gone, k, false);
}

bool
track_in_tls(const struct track *k)
{
	return k->tls;
}

const char *
track_state(const struct track *k)
{
	return k->ops->state == NULL ? "" : k->ops->state(k);
}

unsigned
track_at(const struct track *k)
{
	return k->ops->at == NULL ? 0 : k->ops->at(k);
}

bool
track_offers(const struct track *k, const char *what)
{
	for (size_t i = 0; i < k->offered.n; i++)
		if (text_casecmp(k->offered.list[i], what) == 0 ||
		    verb_is(k->offered.list[i], strlen(k->offered.list[i]),
		    what))
			return true;
	return false;
}

bool
track_offers_tls(const struct track *k)
{
	return !k->tls && k->ops->starttls != NULL &&
	    track_offers(k, k->ops->starttls);
}

const char *
track_offered(const struct track *k, size_t i)
{
	return i < k->offered.n ? k->offered.list[i] : NULL;
}

bool
track_offers_word(const struct track *k, const char *what, const char *word)
{
	for (size_t i = 0; i < k->offered.n; i++) {
		const char *s = k->offered.list[i];

		if (!verb_is(s, strlen(s), what))
			continue;
		while (*(s += verb_len(s, strlen(s))) == ' ')
			if (verb_is(s + 1, strlen(s + 1), word))
				return true;
			else
				s++;
	}
	return false;
}

bool
track_challenged(const struct track *k)
{
	return ask(k->ops->challenged, k, false);
}

void
track_challenge(struct track *k)
{
	k->asks = true;
	k->answered = false;
}

void
track_add(struct track_list *l, const char *s, size_t n)
{
	l->list = xreallocarray(l->list, l->n + 1, sizeof(*l->list));
	l->list[l->n++] = xstrndup(s, n);
}

void
track_offer(struct track *k, const char *s, size_t n)
{
	if (k->offered.n < LIMIT_REPLY_LINES)
		track_add(&k->offered, s, n);
}

void
track_word(struct track_list *l, const char *a, const char *b)
{
	char *s = xasprintf("%s%s", a, b);

	track_add(l, s, strlen(s));
	free(s);
}

void
track_clear(struct track_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		auth_free(l->list[i]);
	free(l->list);
	l->list = NULL;
	l->n = 0;
}

void
track_drop(struct track_list *l, size_t i)
{
	auth_free(l->list[i]);
	l->n--;
	memmove(&l->list[i], &l->list[i + 1],
	    (l->n - i) * sizeof(l->list[0]));
}

static char *
own_line(const struct track *k, const char *verb)
{
	char tag[16];

	if (verb == NULL)
		return NULL;
	return k->ops->tagged ? xasprintf("%s %s", track_tag(k, tag), verb) :
	    xstrdup(verb);
}

char *
track_starttls(const struct track *k)
{
	return own_line(k, k->ops->starttls);
}

char *
track_goodbye(const struct track *k)
{
	return track_content(k) || track_answers(k) || track_gone(k) ||
	    ask(k->ops->deletes, k, false) ? NULL :
	    own_line(k, k->ops->goodbye);
}

const char *
track_tag(const struct track *k, char *out)
{
	unsigned n = k->tag + 1;
	char digits[12];
	size_t i = 0, at = 0;

	do
		digits[i++] = (char)('0' + n % 10);
	while ((n /= 10) > 0 && i < sizeof(digits));
	out[at++] = 'a';
	while (i > 0)
		out[at++] = digits[--i];
	out[at] = '\0';
	return out;
}
