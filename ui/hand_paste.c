/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pasted text: several lines are asked about, then taken one after the other
 * like typed ones. A question that one of them raises is answered by the
 * next, and what one of them begins (:login, :wait, dig) ends before it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

static size_t
count_lines(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s += strcspn(s, "\n")) {
		s += *s == '\n';
		n += *s != '\0';
	}
	return n;
}

/* CR LF and CR alone become LF; what ends it is left out. */
static void
tidy(char *s)
{
	char *to = s;

	for (char *from = s; *from != '\0'; from++) {
		if (*from == '\r' && from[1] == '\n')
			continue;
		*to++ = *from == '\r' ? '\n' : *from;
	}
	while (to > s && to[-1] == '\n')
		to--;
	*to = '\0';
}

static void
forget(char **text)
{
	hand_wipe(*text);
	free(*text);
	*text = NULL;
}

void
hand_paste_drop(struct hand *h)
{
	forget(&h->pasted);
	forget(&h->rest);
}

static char *
next_line(struct hand *h)
{
	char *at = h->rest + h->rest_at, *line;
	size_t n = strcspn(at, "\n");
	bool more = at[n] == '\n';

	line = xstrndup(at, n);
	memset(at, ' ', n);
	h->rest_at += n + more;
	if (!more)
		forget(&h->rest);
	return line;
}

/* A login that is refused: what follows was to be its password. */
static void
cut(struct hand *h)
{
	if (h->rest == NULL)
		return;
	forget(&h->rest);
	hand_bad(h, "hand.paste-cut", NULL);
}

/* Is a reply due before anything more is said? Servers drop who talks in
   between (RFC 5321 4.1.1: no pipelining that was not offered). */
static bool
reply_due(const struct hand *h)
{
	const struct track *k = hand_track(h);

	return k != NULL && (track_which(k) == TRACK_SMTP ||
	    track_which(k) == TRACK_POP3 || track_which(k) == TRACK_IMAP) &&
	    hand_awaits(h);
}

static bool
waits(const struct hand *h)
{
	return reply_due(h) || h->auth != NULL || h->waiting || h->expect != NULL ||
	    h->repeats > 0 || h->lookup != NULL || h->dig_key != NULL ||
	    h->trace != NULL || (h->running && h->url.start_tls) ||
	    (strncmp(h->rest + h->rest_at, ":login", 6) == 0 &&
	    hand_awaits(h));
}

void
hand_paste_next(struct hand *h)
{
	while (h->rest != NULL && !waits(h)) {
		char *line = next_line(h);

		if (h->ask != HAND_ASK_NONE)
			hand_answer(h, line);
		else
			hand_line(h, line);
		hand_wipe(line);
		free(line);
		if (h->no_login)
			cut(h);
	}
}

void
hand_pasted(struct hand *h, bool send)
{
	char *text = h->pasted;

	h->pasted = NULL;
	if (!send) {
		forget(&text);
		hand_say(h, "hand.paste-left", NULL);
		return;
	}
	h->rest = text;
	h->rest_at = 0;
	hand_paste_next(h);
}

void
hand_paste(struct hand *h, const char *text)
{
	const struct track *k = hand_track(h);
	unsigned bits = 0;
	char *plain, count[24];

	if (k != NULL && (track_content(k) || track_answers(k)))
		plain = xstrdup(text);
	else
		plain = paste_repair(text, &bits);
	tidy(plain);
	if (bits != 0)
		hand_say(h, "hand.repaired-paste", NULL);
	if (strchr(plain, '\n') == NULL) {
		hand_line(h, plain);
		forget(&plain);
		return;
	}
	snprintf(count, sizeof(count), "%zu", count_lines(plain));
	hand_paste_drop(h);
	h->pasted = plain;
	hand_question(h, HAND_ASK_PASTE, strings_make("hand.ask-paste", "n",
	    count, NULL));
}

void
hand_paste_lost(struct hand *h)
{
	hand_bad(h, "hand.paste-large", NULL);
}
