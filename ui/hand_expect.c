/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * :expect in scripts: what was heard since our last line must begin so, as a
 * line or behind its first word ("200" of "HTTP/1.1 200 OK"); "~" anywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

#define PATIENCE (15 * NSEC_PER_SEC)

void
hand_unheard(struct hand *h)
{
	h->heard.len = 0;
	h->heard.over = false;
	if (h->heard.data != NULL)
		h->heard.data[0] = '\0';	/* read as a string, too */
}

void
hand_heard(struct hand *h, const void *data, size_t n)
{
	size_t room = h->heard.len + 1 >= HAND_HEARD ? 0 :
	    HAND_HEARD - h->heard.len - 1;

	buf_add(&h->heard, data, n < room ? n : room);
	if (room > 0)
		buf_addc(&h->heard, '\n');
}

static bool
line_matches(const char *line, size_t n, const char *want)
{
	size_t len = strlen(want), first = 0;

	if (*want == '~')
		return text_casefind(line, n, want + 1) != NULL;
	if (n >= len && text_ncasecmp(line, want, len) == 0)
		return true;
	while (first < n && line[first] != ' ')
		first++;
	return first < n && n - first - 1 >= len &&
	    text_ncasecmp(line + first + 1, want, len) == 0;
}

static bool
heard(const struct hand *h)
{
	const char *p = (const char *)h->heard.data;
	size_t left = h->heard.len;

	while (left > 0) {
		const char *lf = memchr(p, '\n', left);
		size_t n = lf == NULL ? left : (size_t)(lf - p);

		if (line_matches(p, n, h->expect))
			return true;
		n += lf != NULL;
		p += n;
		left -= n;
	}
	return false;
}

void
hand_expect(struct hand *h, const char *text)
{
	free(h->expect);
	h->expect = xstrdup(text);
	h->busy = true;
	hand_deadline(h, PATIENCE);
	hand_kick(h);
}

/* Will nothing more come that could meet it? */
static bool
over(const struct hand *h)
{
	const struct track *k = hand_track(h);

	if (loop_now(h->loop) >= h->until)
		return true;
	if (h->lookup != NULL || h->dig_key != NULL || h->trace != NULL)
		return false;
	if (!h->running || k == NULL)
		return true;
	if (!hand_held(h) || h->url.start_tls || track_tls_due(k))
		return false;
	switch (track_which(k)) {
	case TRACK_SMTP:
	case TRACK_POP3:
	case TRACK_IMAP:
		return track_our_turn(k);
	default:
		return false;
	}
}

static bool
settled(const struct hand *h)
{
	const struct track *k = hand_track(h);

	return k == NULL || track_which(k) == TRACK_LINES ||
	    track_which(k) == TRACK_HTTP || over(h);
}

void
hand_expected(struct hand *h)
{
	bool met = heard(h);
	char *want, *line;
	const char *last;

	if (!(met && settled(h)) && !over(h))
		return;
	want = h->expect;
	h->expect = NULL;
	if (met)
		hand_say(h, "hand.met", "text", want, NULL);
	else {
		h->unmet = true;
		if (h->heard.len > 0)
			h->heard.data[--h->heard.len] = '\0';
		last = strrchr(buf_str(&h->heard), '\n');
		line = text_escaped(buf_str(&h->heard) + (last == NULL ? 0 :
		    last + 1 - buf_str(&h->heard)), last == NULL ?
		    h->heard.len : h->heard.len - (size_t)(last + 1 -
		    buf_str(&h->heard)));
		hand_bad(h, "hand.unmet", "text", want, "line", line, NULL);
		free(line);
	}
	free(want);
}
