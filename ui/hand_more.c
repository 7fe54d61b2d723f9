/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rest of what an owner asks of by-hand: questions, prompts, completion,
 * and the events it listens to.
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
	/* Of a paste the next line is the answer. */
	if (h->hooks.ask != NULL && h->rest == NULL)
		h->hooks.ask(h->hooks.ctx, prompt, ask == HAND_ASK_PASSWORD);
}

static bool
yes(const char *answer)
{
	return answer != NULL && (text_casecmp(answer, "y") == 0 ||
	    text_casecmp(answer, "yes") == 0);
}

void
hand_wipe(char *s)
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
		hand_pasted(h, yes(answer));
		break;
	case HAND_ASK_NONE:
		break;
	}
	hand_wipe(answer);
	hand_kick(h);
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
	    h->auth != NULL || h->trace != NULL || h->rest != NULL;

	h->ask = HAND_ASK_NONE;
	hand_paste_drop(h);
	h->waiting = false;
	h->repeats = 0;
	timer_cancel(&h->pace);
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

bool
hand_no_login(const struct hand *h)
{
	return h->no_login;
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

	if (h->ask != HAND_ASK_NONE || (k != NULL && track_answers(k)))
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
