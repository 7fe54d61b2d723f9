/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru's own commands by hand: what begins with a colon, one table.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/confine.h"
#include "ui/hand_inside.h"
#include "ui/lines.h"
#include "ui/options.h"
#include "ui/out.h"
#include "ui/strings.h"

static void
c_starttls(struct hand *h, const char *rest)
{
	(void)rest;
	if (h->key == NULL || engine_starttls(h->engine, h->key) != 0)
		hand_bad(h, "hand.no-starttls", NULL);
	else {
		h->said = loop_now(h->loop);
		hand_unheard(h);
		h->busy = true;
		hand_kick(h);
	}
}

static void
c_close(struct hand *h, const char *rest)
{
	(void)rest;
	if (h->key == NULL)
		hand_bad(h, "hand.not-open", NULL);
	else
		hand_close_now(h);
}

static const struct sprobe *
probe_of(const struct hand *h)
{
	return h->key == NULL ? NULL : session_probe(hand_session(h),
	    h->key);
}

static void
c_wait(struct hand *h, const char *rest)
{
	char *end;
	double s = strtod(rest, &end);

	if (end == rest || *end != '\0' || !(s >= 0 && s <= 3600)) {
		hand_bad(h, "hand.wait", NULL);
		return;
	}
	h->waiting = true;
	h->busy = true;
	hand_deadline(h, (int64_t)(s * 1e9));
}

static void
c_expect(struct hand *h, const char *rest)
{
	if (*rest == '\0')
		hand_bad(h, "hand.expect", NULL);
	else
		hand_expect(h, rest);
}

static void
c_script(struct hand *h, const char *rest)
{
	(void)rest;
	hand_release(h);
}

static void
c_repeat(struct hand *h, const char *rest)
{
	long n;

	if (text_number(rest, 1, 1000, &n) != 0 || h->last == NULL) {
		hand_bad(h, h->last == NULL ? "hand.nothing-said" :
		    "hand.repeat", NULL);
		return;
	}
	h->repeats = (int)n;
	h->busy = true;
	hand_kick(h);
}

static void
c_save(struct hand *h, const char *rest)
{
	const struct sprobe *p = probe_of(h);
	struct out out;
	struct buf b;

	if (*rest == '\0' || p == NULL) {
		hand_bad(h, p == NULL ? "hand.nothing-said" : "hand.save",
		    NULL);
		return;
	}
	if (out_new_file(&out, rest, 1) != 0) {
		hand_bad(h, "err.create", "file", rest, "why",
		    confine_why(errno), NULL);
		return;
	}
	buf_init(&b, 0);
	for (size_t i = 0; i < p->nlines; i++) {
		const struct sline *l = &p->lines[i];
		struct line_show show = { l->dir, l->tls, l->dns, l->data,
			l->len, l->full, l->body };

		lines_render(&b, "", &show);
	}
	out_put(&out, buf_str(&b));
	buf_free(&b);
	if (out_close(&out) == 0)
		hand_say(h, "hand.saved", "file", rest, NULL);
}

static void
c_by_hand(struct hand *h, const char *rest)
{
	const struct sprobe *p = probe_of(h);

	(void)rest;
	if (p == NULL)
		hand_bad(h, "hand.nothing-said", NULL);
	else
		hand_text(h, HAND_SAY, p->command);
}

static void
c_explain(struct hand *h, const char *rest)
{
	char *text = hand_explain_code(rest);
	const struct help_topic *t = strings_topic(rest);
	struct buf b;

	if (text != NULL)
		hand_text(h, HAND_EXPLAIN, text);
	else if (t != NULL) {
		buf_init(&b, 0);
		buf_adds(&b, t->body);
		hand_text(h, HAND_SAY, t->title);
		hand_lines(h, &b);
	} else
		hand_bad(h, "err.topic", "topic", rest, NULL);
	free(text);
}

static void
c_dig(struct hand *h, const char *rest)
{
	char *line = xasprintf("dig %s", rest);
	struct paste p;
	char *key;

	paste_parse(&p, line, true);
	if (p.kind == PASTE_DIG)
		hand_dig(h, &p);
	else {
		key = xasprintf("hand.paste.%s", p.kind == PASTE_BAD ? p.why :
		    "no-name");
		hand_bad(h, key, "part", p.part == NULL ? "dig" : p.part,
		    NULL);
		free(key);
	}
	paste_free(&p);
	free(line);
}

static void
c_tag(struct hand *h, const char *rest)
{
	const struct track *k = hand_track(h);
	char tag[16], *line;

	if (k == NULL || track_which(k) != TRACK_IMAP) {
		hand_bad(h, "hand.tag", NULL);
		return;
	}
	line = xasprintf("%s %s", track_tag(k, tag), rest);
	hand_send(h, line, strlen(line), false);
	memset(line, 0, strlen(line));
	free(line);
}

static void
c_stuff(struct hand *h, const char *rest)
{
	char *line = xasprintf("%s%s", *rest == '.' ? "." : "", rest);

	hand_send(h, line, strlen(line), false);
	free(line);
}

static void
c_base64(struct hand *h, const char *rest)
{
	char *text = text_base64(rest, strlen(rest));

	hand_text(h, HAND_SAY, text);
	free(text);
}

static void
c_unbase64(struct hand *h, const char *rest)
{
	size_t n = 0;
	unsigned char *data = text_unbase64(rest, &n);
	char *text;

	if (data == NULL) {
		hand_bad(h, "hand.no-base64", NULL);
		return;
	}
	text = text_escaped(data, n);
	hand_text(h, HAND_SAY, text);
	free(text);
	free(data);
}

static void
c_quit(struct hand *h, const char *rest)
{
	(void)rest;
	hand_interrupt(h);
	if (h->key != NULL)
		hand_close_now(h);
	if (h->hooks.over != NULL)
		h->hooks.over(h->hooks.ctx);
}

static void	c_help(struct hand *, const char *);

static const struct row {
	const char	*name, *arg, *key;
	void		(*run)(struct hand *, const char *);
	bool		 answering;	/* also where an answer is due */
} rows[] = {
	{ "open", "[URL [ADDR]]", "hand.cmd.open", hand_open_typed, false },
	{ "starttls", "", "hand.cmd.starttls", c_starttls, false },
	{ "close", "", "hand.cmd.close", c_close, true },
	{ "login", "[NAME]", "hand.cmd.login", hand_login, false },
	{ "raw", "BYTES", "hand.cmd.raw", hand_raw, true },
	{ "cert", "", "hand.cmd.cert", hand_cert, false },
	{ "trace", "", "hand.cmd.trace", hand_trace, false },
	{ "wait", "S", "hand.cmd.wait", c_wait, true },
	{ "expect", "TEXT", "hand.cmd.expect", c_expect, true },
	{ "script", "", "hand.cmd.script", c_script, false },
	{ "repeat", "N", "hand.cmd.repeat", c_repeat, false },
	{ "save", "FILE", "hand.cmd.save", c_save, false },
	{ "by-hand", "", "hand.cmd.by-hand", c_by_hand, false },
	{ "explain", "CODE", "hand.cmd.explain", c_explain, false },
	{ "dig", "...", "hand.cmd.dig", c_dig, false },
	{ "addr", "TEXT", "hand.cmd.addr", hand_addr, false },
	{ "tag", "LINE", "hand.cmd.tag", c_tag, false },
	{ "stuff", "LINE", "hand.cmd.stuff", c_stuff, false },
	{ "base64", "TEXT", "hand.cmd.base64", c_base64, true },
	{ "unbase64", "TEXT", "hand.cmd.unbase64", c_unbase64, true },
	{ "help", "", "hand.cmd.help", c_help, true },
	{ "quit", "", "hand.cmd.quit", c_quit, true },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void
c_help(struct hand *h, const char *rest)
{
	struct buf b;

	(void)rest;
	for (size_t i = 0; i < ROWS; i++) {
		char *left = xasprintf(":%s %s", rows[i].name, rows[i].arg);

		buf_init(&b, 0);
		buf_printf(&b, "%-18s %s", left, strings_get(rows[i].key));
		hand_text(h, HAND_SAY, buf_str(&b));
		buf_free(&b);
		free(left);
	}
	hand_say(h, "hand.help", NULL);
	buf_init(&b, 0);
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].answering)
			buf_printf(&b, "%s:%s", b.len > 0 ? " " : "",
			    rows[i].name);
	hand_say(h, "hand.help-answer", "commands", buf_str(&b), NULL);
	buf_free(&b);
}

static void
unknown(struct hand *h, const char *name)
{
	const char *words[ROWS], *near;

	for (size_t i = 0; i < ROWS; i++)
		words[i] = rows[i].name;
	near = options_nearest(name, words, ROWS);
	if (near != NULL)
		hand_bad(h, "hand.unknown-near", "name", name, "near", near,
		    NULL);
	else
		hand_bad(h, "hand.unknown", "name", name, NULL);
}

bool
hand_commands(const struct hand *h, const char *line)
{
	const struct track *k = hand_track(h);
	size_t n;

	if (line[0] != ':' || line[1] == ':')
		return false;
	if (!hand_answers(h))
		return true;
	n = strcspn(line + 1, " \t\r\n");
	for (size_t i = 0; i < ROWS; i++)
		if ((rows[i].answering || k == NULL) && strlen(rows[i].name) == n &&
		    strncmp(rows[i].name, line + 1, n) == 0)
			return true;
	return false;
}

void
hand_command(struct hand *h, const char *line)
{
	size_t n = strcspn(line, " \t");
	const char *rest = line + n + strspn(line + n, " \t");
	char *name = xstrndup(line, n);

	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0) {
			rows[i].run(h, i == 4 && line[n] != '\0' ?
			    line + n + 1 : rest);
			free(name);
			return;
		}
	unknown(h, name);
	free(name);
}

char **
hand_complete_command(struct hand *h, const char *line, size_t point)
{
	char **list = NULL;
	size_t n = 0;

	(void)h;
	if (memchr(line, ' ', point) != NULL)
		return NULL;
	for (size_t i = 0; i < ROWS; i++) {
		if (strlen(rows[i].name) + 1 < point ||
		    strncmp(rows[i].name, line + 1, point - 1) != 0)
			continue;
		list = xreallocarray(list, n + 2, sizeof(*list));
		list[n++] = xasprintf(":%s%s", rows[i].name,
		    *rows[i].arg == '\0' ? "" : " ");
		list[n] = NULL;
	}
	return list;
}
