/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rest of what an owner asks of by-hand: questions, pastes, prompts,
 * what may be remembered, and the events it listens to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/talk.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

bool
hand_asks(const struct hand *h, bool *secret)
{
	if (secret != NULL)
		*secret = h->ask == HAND_ASK_PASSWORD;
	return h->ask != HAND_ASK_NONE;
}

void
hand_question(struct hand *h, enum hand_ask ask, char *prompt)
{
	h->ask = ask;
	free(h->question);
	h->question = prompt;
	h->busy = true;
	if (h->hooks.ask != NULL)
		h->hooks.ask(h->hooks.ctx, prompt, ask == HAND_ASK_PASSWORD);
}

static void
send_pasted(struct hand *h)
{
	char *text = h->pasted, *at = text, *end;

	h->pasted = NULL;
	for (; *at != '\0'; at = end) {
		end = at + strcspn(at, "\n");
		if (*end != '\0')
			*end++ = '\0';
		hand_line(h, at);
	}
	free(text);
}

static bool
yes(const char *answer)
{
	return answer != NULL && (text_casecmp(answer, "y") == 0 ||
	    text_casecmp(answer, "yes") == 0);
}

static void
wipe(char *s)
{
	volatile char *p = s;

	while (p != NULL && *p != '\0')
		*p++ = '\0';
}

void
hand_answer(struct hand *h, char *answer)
{
	enum hand_ask ask = h->ask;

	h->ask = HAND_ASK_NONE;
	switch (ask) {
	case HAND_ASK_LOGIN:
		if (answer == NULL || *answer == '\0')
			break;
		free(h->login);
		h->login = xstrdup(answer);
		hand_question(h, HAND_ASK_PASSWORD,
		    xstrdup(S("hand.ask-password")));
		break;
	case HAND_ASK_PASSWORD:
		if (answer != NULL)
			hand_login_with(h, answer);
		break;
	case HAND_ASK_PASTE:
		if (yes(answer))
			send_pasted(h);
		else
			hand_say(h, "hand.paste-left", NULL);
		free(h->pasted);
		h->pasted = NULL;
		break;
	case HAND_ASK_NONE:
		break;
	}
	wipe(answer);
	hand_kick(h);
}

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
	if (strchr(plain, '\n') == NULL) {
		if (bits != 0)
			hand_say(h, "hand.repaired-paste", NULL);
		hand_line(h, plain);
		free(plain);
		return;
	}
	snprintf(count, sizeof(count), "%zu", count_lines(plain));
	free(h->pasted);
	h->pasted = plain;
	if (bits != 0)
		hand_say(h, "hand.repaired-paste", NULL);
	hand_question(h, HAND_ASK_PASTE, strings_make("hand.ask-paste", "n",
	    count, NULL));
}

int
hand_release(struct hand *h)
{
	const char *why = h->key == NULL ? "over" :
	    engine_release(h->engine, h->key);
	char *key;

	if (why != NULL) {
		key = xasprintf("hand.release.%s", why);
		hand_bad(h, key, NULL);
		free(key);
		return -1;
	}
	h->taken = false;
	hand_say(h, "hand.released", NULL);
	if (h->hooks.over != NULL)
		h->hooks.over(h->hooks.ctx);
	return 0;
}

bool
hand_interrupt(struct hand *h)
{
	bool did = h->ask != HAND_ASK_NONE || h->waiting || h->expect != NULL ||
	    h->repeats > 0 || h->dig_key != NULL || h->lookup != NULL ||
	    h->auth != NULL || h->trace != NULL;

	h->ask = HAND_ASK_NONE;
	h->waiting = false;
	h->repeats = 0;
	free(h->expect);
	h->expect = NULL;
	hand_trace_free(h);
	hand_login_free(h);
	h->wants = HAND_FOR_NOTHING;
	if (h->dig_key != NULL)
		engine_close(h->engine, h->dig_key);
	if (h->lookup != NULL)
		engine_close(h->engine, h->lookup);
	free(h->dig_key);
	free(h->lookup);
	h->dig_key = h->lookup = NULL;
	hand_kick(h);
	return did;
}

const char *
hand_probe(const struct hand *h)
{
	return h->key;
}

const char *
hand_prompt(struct hand *h)
{
	const struct track *k = hand_track(h);
	const char *state = k == NULL ? "" : track_state(k);

	if (h->ask != HAND_ASK_NONE)
		return h->question;
	snprintf(h->prompt, sizeof(h->prompt), "%s%s%s%s> ",
	    h->url.proto[0] == '\0' ? "tadoru" : h->url.proto,
	    k != NULL && track_in_tls(k) && h->url.tls != TALK_IMPLICIT ?
	    "+tls" : "", *state == '\0' ? "" : " ", state);
	return h->prompt;
}

/* Behind a command's own words: ":repeat 3 PASS x", ":raw PASS x". */
static size_t
hides(const char *line)
{
	size_t all = strlen(line), from = strspn(line, ":");

	for (int word = 0; word < 4 && from < all; word++) {
		size_t n = all - from, at = talk_secret(line + from, n, false);

		if (at < n)
			return from + at;
		from += strcspn(line + from, " \t");
		from += strspn(line + from, " \t");
	}
	return all;
}

size_t
hand_hidden(const struct hand *h, const char *line)
{
	const struct track *k = hand_track(h);
	size_t n = strlen(line);

	if (h->ask != HAND_ASK_NONE)
		return h->ask == HAND_ASK_PASSWORD ? 0 : n;
	if (*line == ':')
		return hides(line);
	return k == NULL ? talk_secret(line, n, false) :
	    track_secret(k, line, n);
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
	return hides(line) == strlen(line);
}

const char *
hand_history(const struct hand *h)
{
	return h->url.proto;
}

void
hand_family(struct hand *h, int family)
{
	h->family = family;
}

int
hand_status(const struct hand *h)
{
	if (h->failed && (!h->connected || !h->unmet))
		return 3;
	return h->unmet ? 1 : 0;
}

char **
hand_complete(struct hand *h, const char *line, size_t point)
{
	const struct track *k = hand_track(h);

	if (h->ask != HAND_ASK_NONE)
		return NULL;
	if (point > 0 && line[0] == ':')
		return line[1] == ':' ? NULL :
		    hand_complete_command(h, line, point);
	return k == NULL || !hand_held(h) ? NULL :
	    track_complete(k, line, point);
}

static void
line_event(struct hand *h, const struct session *s, const struct event *ev)
{
	const struct sprobe *p = session_probe(s, ev->probe);
	char *text;

	h->connected = true;
	hand_heard(h, ev->data, ev->len);
	if (p == NULL || !hand_held(h))
		return;
	text = hand_explain(track_proto(p->ep.proto), ev->data, ev->len);
	if (text != NULL)
		hand_text(h, HAND_EXPLAIN, text);
	free(text);
}

static void
ended(struct hand *h, const struct event *ev)
{
	const char *outcome = json_str(ev->body, "outcome");

	h->running = false;
	if (strcmp(outcome, "ok") != 0 && strcmp(outcome, "closed") != 0 &&
	    !h->connected)
		h->failed = true;
	if (h->taken)
		hand_say(h, "hand.ended", NULL);
}

void
hand_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct hand *h = ctx;

	if (ev->probe == NULL)
		return;
	if (h->key != NULL && strcmp(ev->probe, h->key) == 0) {
		if (ev->kind == EV_LINE && (ev->dir == TALK_RECEIVED ||
		    ev->dir == TALK_UNEXPECTED) && ev->data != NULL)
			line_event(h, s, ev);
		if (ev->kind == EV_LINE && ev->dir == TALK_INFO &&
		    strcmp(json_str(ev->body, "key"), "connected") == 0)
			h->connected = true;
		if (ev->kind == EV_PROBE && strcmp(json_str(ev->body,
		    "state"), "ended") == 0)
			ended(h, ev);
		if (h->edits)
			hand_next_event(h, ev);
		hand_kick(h);
	} else if ((h->dig_key != NULL &&
	    strcmp(ev->probe, h->dig_key) == 0) || (h->lookup != NULL &&
	    strcmp(ev->probe, h->lookup) == 0))
		hand_kick(h);
}
