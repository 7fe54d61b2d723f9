/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trackers of every protocol, fed with the lines of both directions in any
 * order: the first byte chooses the protocol, then a line a direction: '>'
 * goes out, '!' ends a handshake that is due, '?' is completed, all others
 * come in.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "talk/talk.h"
#include "talk/track.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool ok)
{
	if (!ok)
		abort();
}

/* What is hidden is all behind the place where the secret begins. */
static void
hidden(const struct track *k, const char *line, size_t n)
{
	size_t at = track_secret(k, line, n);
	size_t alone = talk_secret(line, n, track_answers(k));
	char *shown;

	check(at <= n);
	if (track_content(k) && !track_answers(k))
		check(at == n);
	else if (track_answers(k) && n > 0 && !(n == 1 && *line == '*'))
		check(at == 0);
	shown = talk_redact(line, n, track_answers(k));
	if (shown != NULL && !track_content(k))
		check(at <= alone && alone < n &&
		    memcmp(shown, line, alone) == 0 &&
		    strncmp(shown + alone, "********", 8) == 0);
	free(shown);
}

static void
completed(const struct track *k, const char *line, size_t n)
{
	char **list = track_complete(k, line, n);

	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		check(i == 0 || strcmp(list[i - 1], list[i]) <= 0 ||
		    track_which(k) == TRACK_IMAP);
		/* A tag is as it was typed. */
		for (const char *p = list[i]; *p != '\0' &&
		    track_which(k) != TRACK_IMAP; p++)
			check(*p >= ' ' && *p < 0x7f);
	}
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		free(list[i]);
	free(list);
}

/* What always holds, wherever it stands. */
static void
stands(const struct track *k)
{
	char tag[16], *line;
	size_t n = 0;

	check(track_state(k) != NULL && strlen(track_state(k)) < 24);
	check(strlen(track_tag(k, tag)) < sizeof(tag) && tag[0] == 'a');
	while (track_offered(k, n) != NULL)
		n++;
	check(track_offered(k, n + 1) == NULL);
	if (n > 0)
		check(track_offers(k, track_offered(k, n - 1)));
	if (track_tls_due(k))
		check(!track_content(k));
	if (track_challenged(k))
		check(track_answers(k) && track_our_turn(k));
	line = track_goodbye(k);
	if (line != NULL)
		check(!track_gone(k) && !track_content(k));
	free(line);
	free(track_starttls(k));
}

static void
feed(struct track *k, char dir, const char *line, size_t n)
{
	switch (dir) {
	case '>':
		hidden(k, line, n);
		track_sent(k, line, n);
		break;
	case '!':
		if (!track_tls_due(k))
			break;
		track_tls(k);
		check(track_in_tls(k) && !track_tls_due(k) &&
		    track_offered(k, 0) == NULL);
		break;
	case '?':
		completed(k, line, n);
		break;
	default:
		(void)track_received(k, line, n, n, 2);
		break;
	}
	stands(k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct track *k;

	if (n == 0)
		return 0;
	k = track_new((enum track_proto)(*data % (TRACK_IMAP + 1)));
	data++;
	n--;
	while (n > 0) {
		const uint8_t *lf = memchr(data, '\n', n);
		size_t len = lf == NULL ? n : (size_t)(lf - data);
		char *line = malloc(len + 1);

		check(line != NULL);
		memcpy(line, data, len);
		line[len] = '\0';
		if (len > 0)
			feed(k, line[0], line + 1, len - 1);
		free(line);
		data += len + (lf != NULL);
		n -= len + (lf != NULL);
	}
	track_free(k);
	return 0;
}
