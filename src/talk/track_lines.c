/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of a port whose protocol nobody told us (tcp:, tls:, telnet HOST
 * 2525). It may be SMTP, POP3 or IMAP all the same, so that what answers a
 * challenge is a secret here, too.
 */
#include "talk/track_ops.h"

/* AUTH, or AUTHENTICATE behind a tag: what is pasted behind it answers. */
static bool
asks(const char *s, size_t n)
{
	size_t at = 0;

	for (int word = 0; word < 2; word++) {
		at += verb_skip(s + at, n - at);
		if (verb_is(s + at, n - at, "AUTH") ||
		    verb_is(s + at, n - at, "AUTHENTICATE"))
			return true;
		at += verb_len(s + at, n - at);
	}
	return false;
}

static void
sent(struct track *k, const char *line, size_t n)
{
	k->answered = true;
	k->asks = k->asks || asks(line, n);
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "250 text", "+OK", "-ERR", "a1 NO". */
static bool
final(const char *s, size_t n)
{
	size_t len = verb_len(s, n), from = len < n ? len + 1 : n;

	if (verb_is(s, n, "+OK") || verb_is(s, n, "-ERR"))
		return true;
	if (len == 3 && digit(s[0]) && digit(s[1]) && digit(s[2]))
		return true;
	return len > 0 && !verb_is(s, n, "*") && imap_status_of(s + from,
	    n - from) != IMAP_NONE;
}

static bool
received(struct track *k, const char *line, size_t n, size_t full, size_t eol)
{
	(void)full;
	(void)eol;
	if (verb_is(line, n, "+") || verb_is(line, n, "334"))
		track_challenge(k);
	else if (k->answered && final(line, n))
		k->asks = false;
	return true;
}

const struct track_ops track_lines_ops = {
	.sent = sent, .received = received,
};
