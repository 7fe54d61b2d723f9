/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a line being typed or pasted must not be read over a shoulder, and
 * what must not be remembered.
 */
#include <string.h>

#include "base/text.h"
#include "talk/talk.h"
#include "ui/hand_inside.h"

/* Behind a command's own words: ":repeat 3 PASS x", ":raw PASS x". */
static size_t
hides(const char *line, size_t all)
{
	size_t from = 0;

	while (from < all && line[from] == ':')
		from++;
	for (int word = 0; word < 4 && from < all; word++) {
		size_t n = all - from, at = talk_secret(line + from, n, false);

		if (at < n)
			return from + at;
		while (from < all && line[from] != ' ' && line[from] != '\t')
			from++;
		while (from < all && (line[from] == ' ' ||
		    line[from] == '\t'))
			from++;
	}
	return all;
}

/* Is one of the first words of the line one that is answered by a secret? */
static bool
begins_secret(const char *line, size_t n)
{
	static const char *const words[] = { ":login", "AUTH",
		"AUTHENTICATE" };
	size_t from = 0;

	for (int word = 0; word < 3 && from < n; word++) {
		size_t to;

		while (from < n && (line[from] == ' ' || line[from] == '\t'))
			from++;
		for (to = from; to < n && line[to] != ' ' &&
		    line[to] != '\t'; to++)
			;
		for (size_t i = 0; i < 3; i++)
			if (to - from == strlen(words[i]) && text_ncasecmp(
			    line + from, words[i], to - from) == 0)
				return true;
		from = to;
	}
	return false;
}

/* The first of several lines, as the session stands. */
static size_t
first_line(const struct hand *h, const char *line, size_t n)
{
	const struct track *k = hand_track(h);

	if (k != NULL && track_answers(k)) {
		size_t word = hand_commands(h, line) ?
		    strcspn(line, " \t\r\n") : 0;

		if (strncmp(line, ":expect", 7) == 0 ||
		    strncmp(line, ":wait", 5) == 0)
			word = word > 0 ? n : 0;
		return word > 0 ? word : talk_secret(line, n, true);
	}
	if (*line == ':')
		return hides(line, n);
	return k == NULL ? talk_secret(line, n, false) :
	    track_secret(k, line, n);
}

size_t
hand_hidden(const struct hand *h, const char *text)
{
	const struct track *k = hand_track(h);
	size_t all = strlen(text), from = 0, at, n;
	bool content = k != NULL && track_content(k);

	if (h->ask != HAND_ASK_NONE)
		return h->ask == HAND_ASK_PASSWORD ? 0 : all;
	do {
		const char *line = text + from;

		n = strcspn(line, "\r\n");
		at = from == 0 ? first_line(h, line, n) : content ? n :
		    hides(line, n);
		if (at < n)
			return from + at;
		content = content && !(n == 1 && *line == '.');
		from += n + (line[n] != '\0');
		if (!content && begins_secret(line, n))
			return from;
	} while (from < all);
	return all;
}

bool
hand_memorable(const struct hand *h, const char *line)
{
	const struct track *k = hand_track(h);

	if (h->ask != HAND_ASK_NONE || *line == '\0' ||
	    (k != NULL && (track_answers(k) || track_content(k))))
		return false;
	if (strncmp(line, ":base64", 7) == 0 ||
	    strncmp(line, ":unbase64", 9) == 0 ||
	    strncmp(line, ":raw", 4) == 0)
		return false;
	return hides(line, strlen(line)) == strlen(line);
}
