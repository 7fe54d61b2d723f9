/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line that was typed: a command of ours, a command line of another
 * program, or something to send.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

#define PACE	(NSEC_PER_SEC / 4)	/* between the same line */

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\0';
}

static bool
changing_word(const char *p, size_t n)
{
	static const char *const words[] = { "MAIL", "RCPT", "DATA", "BDAT",
		"AUTH", "USER", "PASS", "APOP", "LOGIN", "AUTHENTICATE",
		"DELE", "STORE", "EXPUNGE", "APPEND", "COPY", "MOVE",
		"CREATE", "DELETE", "RENAME", "POST", "PUT", "PATCH" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n &&
		    text_ncasecmp(p, words[i], n) == 0)
			return true;
	return false;
}

/* The verb of one line, which servers find behind blanks, too; with IMAP,
   or where the protocol is not known, behind a tag and "UID". */
static bool
line_changes(const struct track *k, const char *p, size_t n)
{
	bool tagged = k != NULL && (track_which(k) == TRACK_IMAP ||
	    track_which(k) == TRACK_LINES);
	size_t from = 0, to;

	for (int word = 0; word < (tagged ? 3 : 1); word++, from = to) {
		while (from < n && blank(p[from]))
			from++;
		for (to = from; to < n && !blank(p[to]); to++)
			;
		if (to > from && changing_word(p + from, to - from))
			return true;
	}
	return false;
}

bool
hand_changes(const struct track *k, const char *text, size_t n)
{
	size_t from = 0, to;

	for (; from < n; from = to + 1) {
		for (to = from; to < n && text[to] != '\r' &&
		    text[to] != '\n'; to++)
			;
		if (line_changes(k, text + from, to - from))
			return true;
	}
	return false;
}

void
hand_forget_begun(struct hand *h)
{
	if (h->begun.data != NULL)
		memset(h->begun.data, 0, h->begun.cap);
	h->begun.len = 0;
	h->begun.over = false;
}

/* Does it change something, together with what :raw began? */
static bool
may_not(struct hand *h, const char *data, size_t n)
{
	bool changes;
	struct buf all;

	if (!hand_read_only(h))
		return false;
	buf_init(&all, 0);
	buf_add(&all, h->begun.data, h->begun.len);
	buf_add(&all, data, n);
	changes = hand_changes(hand_track(h), buf_str(&all), all.len);
	buf_free(&all);
	return changes;
}

/* What has no line end yet: its first words are looked at again. */
static void
keep_begun(struct hand *h, const char *data, size_t n, bool raw)
{
	size_t from = n;

	while (from > 0 && data[from - 1] != '\n' && data[from - 1] != '\r')
		from--;
	if (!raw || from > 0)
		hand_forget_begun(h);
	if (raw && hand_read_only(h))
		buf_add(&h->begun, data + from, n - from);
}

bool
hand_send(struct hand *h, const void *data, size_t n, bool raw)
{
	if (h->key == NULL || !h->running) {
		hand_bad(h, "hand.not-open", NULL);
		return false;
	}
	if (may_not(h, data, n)) {
		hand_bad(h, "hand.read-only", NULL);
		return false;
	}
	hand_unheard(h);
	if (engine_say(h->engine, h->key, data, n, raw) != 0) {
		hand_bad(h, "hand.not-yet", NULL);
		return false;
	}
	keep_begun(h, data, n, raw);
	hand_answers_due(h);
	h->said = loop_now(h->loop);
	hand_deadline(h, hand_patience(h));
	h->busy = true;
	hand_kick(h);
	return true;
}

static void
repaired(struct hand *h, unsigned bits, const char *line)
{
	static const char *const keys[] = { "repair.dash",
		"repair.full-width", "repair.quotes", "repair.space",
		"hand.repair-prompt" };
	struct buf b;

	if (bits == 0)
		return;
	buf_init(&b, 0);
	for (unsigned i = 0; i < 5; i++)
		if ((bits & 1u << i) != 0)
			buf_printf(&b, "%s%s", b.len > 0 ? ", " : "",
			    strings_get(keys[i]));
	hand_say(h, "hand.repaired", "what", buf_str(&b), "line", line, NULL);
	buf_free(&b);
}

static void
remember(struct hand *h, const char *line)
{
	if (h->last == line || hand_fields(h) || !hand_memorable(h, line))
		return;
	free(h->last);
	h->last = xstrdup(line);
}

/* A pasted command; false: it is none. */
static bool
command_line(struct hand *h, const char *line)
{
	bool bare = strcmp(h->url.proto, "dns") == 0;
	struct paste p;
	char *key;

	paste_parse(&p, line, bare);
	if (p.kind == PASTE_NONE) {
		paste_free(&p);
		return false;
	}
	repaired(h, p.repairs, p.line);
	if (p.kind == PASTE_BAD) {
		key = xasprintf("hand.paste.%s", p.why);
		hand_bad(h, key, "part", p.part, NULL);
		free(key);
	} else if (p.kind == PASTE_DIG)
		hand_dig(h, &p);
	else
		hand_connect(h, &p.url);
	paste_free(&p);
	return true;
}

void
hand_line(struct hand *h, const char *line)
{
	const struct track *k = hand_track(h);
	bool ours = k == NULL || (!track_content(k) && !track_answers(k));
	struct hand_url u;
	const char *why;

	h->no_login = false;
	if (hand_commands(h, line)) {
		hand_command(h, line + 1);
		return;
	}
	if (k == NULL && h->answering) {
		h->answering = false;
		hand_bad(h, "hand.not-open", NULL);
		return;
	}
	h->again = loop_now(h->loop) + PACE;
	if (ours)
		remember(h, line);
	if (line[0] != ':' && ours && command_line(h, line))
		return;
	if (h->key == NULL && hand_url_parse(&u, line, &why) == 0) {
		hand_connect(h, &u);
		hand_url_free(&u);
		return;
	}
	if (h->key == NULL && strcmp(h->url.proto, "dns") == 0)
		return;
	if (line[0] == ':' && line[1] == ':')
		line++;
	hand_send(h, line, strlen(line), false);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape behind a backslash: bytes eaten, 0 if there is none such. */
static size_t
escape(const char *s, char *out)
{
	static const char names[] = "rnt0ae\\", bytes[] = "\r\n\t\0\a\033\\";
	const char *at = strchr(names, *s);

	if (*s == 'x' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
		*out = (char)(hex(s[1]) << 4 | hex(s[2]));
		return 3;
	}
	if (*s == '\0' || at == NULL)
		return 0;
	*out = bytes[at - names];
	return 1;
}

void
hand_raw(struct hand *h, const char *rest)
{
	char *out = xmalloc(strlen(rest) + 1);
	size_t n = 0, used;

	while (*rest != '\0') {
		if (*rest != '\\') {
			out[n++] = *rest++;
			continue;
		}
		if ((used = escape(rest + 1, &out[n])) == 0) {
			hand_bad(h, "hand.bad-escape", NULL);
			free(out);
			return;
		}
		n++;
		rest += used + 1;
	}
	out[n] = '\0';
	hand_send(h, out, n, true);
	memset(out, 0, n);
	free(out);
}
