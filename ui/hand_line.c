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

/* The words that --read-only refuses, also when typed. */
bool
hand_changes(const struct track *k, const char *line)
{
	static const char *const words[] = { "MAIL", "RCPT", "DATA", "AUTH",
		"USER", "PASS", "APOP", "LOGIN", "AUTHENTICATE", "DELE",
		"STORE", "EXPUNGE", "APPEND", "COPY", "MOVE", "CREATE",
		"DELETE", "RENAME", "POST", "PUT", "PATCH" };
	const char *p = line;

	for (int word = 0; word < 3 && *p != '\0'; word++) {
		size_t n = strcspn(p, " \t");

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strlen(words[i]) == n &&
			    text_ncasecmp(p, words[i], n) == 0)
				return true;
		if (k == NULL || track_which(k) != TRACK_IMAP)
			return false;
		p += n + strspn(p + n, " \t");
	}
	return false;
}

bool
hand_send(struct hand *h, const void *data, size_t n, bool raw)
{
	const struct track *k = hand_track(h);

	if (h->key == NULL || !h->running) {
		hand_bad(h, "hand.not-open", NULL);
		return false;
	}
	if (hand_read_only(h) && hand_changes(k, data)) {
		hand_bad(h, "hand.read-only", NULL);
		return false;
	}
	h->heard.len = 0;
	h->heard.over = false;
	if (engine_say(h->engine, h->key, data, n, raw) != 0) {
		hand_bad(h, "hand.not-yet", NULL);
		return false;
	}
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
	if (h->last == line || !hand_memorable(h, line))
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

	if (line[0] == ':' && line[1] != ':') {
		hand_command(h, line + 1);
		return;
	}
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
	if (line[0] == ':')
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
