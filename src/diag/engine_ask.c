/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions to the operator, and what follows from the answers. Nothing waits
 * for an answer: what is not answered was not allowed. The password is no
 * question of the engine's; it is in no event.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/ask.h"
#include "diag/engine_probe.h"

static const char *const words[ASK_COUNT] = { "symptom", "send-mail", "wait" };

const char *
ask_word(enum ask_id id)
{
	return words[id];
}

int
ask_parse(const char *word)
{
	for (int i = 0; i < ASK_COUNT; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static void
emit(struct engine *e, enum event_kind kind, enum ask_id id,
    const char *value)
{
	json_t *o = json_object();
	struct event ev;

	json_put_str(o, "ask", words[id]);
	if (value != NULL)
		json_put_str(o, "value", value);
	memset(&ev, 0, sizeof ev);
	ev.kind = kind;
	ev.body = o;
	engine_emit(e, &ev);
	json_decref(o);
}

static void
ask(struct engine *e, enum ask_id id)
{
	if ((e->opts.asks & 1u << id) != 0 &&
	    e->session->asks[id] == ASK_NOT)
		emit(e, EV_ASK, id, NULL);
}

void
engine_ask_first(struct engine *e)
{
	const struct engine_opts *p = &e->opts;

	if (p->symptom == NULL && p->alert == NULL && p->first == NULL)
		ask(e, ASK_SYMPTOM);
	if (engine_account(p) && !p->send_mail)
		ask(e, ASK_SEND_MAIL);
}

static const struct sprobe *
probe_of(const struct session *s, const struct finding *f)
{
	for (size_t i = 0; i < s->nprobes; i++)
		if (s->probes[i]->step == STEP_MAIL_IN &&
		    s->probes[i]->what[0] == '\0' &&
		    s->probes[i]->state == PROBE_ENDED &&
		    endpoint_cmp(&s->probes[i]->ep, &f->ep) == 0)
			return s->probes[i];
	return NULL;
}

/* Each one once only: who is sent away a second time stays away. */
static bool
came_back(struct engine *e, const char *key)
{
	for (size_t i = 0; i < e->nback; i++)
		if (strcmp(e->back[i], key) == 0)
			return true;
	e->back = xreallocarray(e->back, e->nback + 1, sizeof *e->back);
	e->back[e->nback++] = xstrdup(key);
	return false;
}

static void
come_back(struct engine *e, const struct finding *f, int64_t seconds)
{
	const struct sprobe *p = probe_of(e->session, f);

	if (p != NULL && !came_back(e, p->key))
		engine_again_at(e, p, p->ended + seconds * 1000000);
}

void
engine_ask_later(struct engine *e)
{
	const struct session *s = e->session;
	int64_t wait = s->wait > 0 ? s->wait : e->opts.wait;

	for (size_t i = 0; i < s->nfindings; i++) {
		if (s->findings[i]->id != F_GREYLISTED)
			continue;
		if (wait > 0)
			come_back(e, s->findings[i], wait);
		else
			ask(e, ASK_WAIT);
	}
}

/* What stands in the event: NULL if the answer will not do. */
static const char *
taken(enum ask_id id, const char *text, char number[24])
{
	long n;

	switch (id) {
	case ASK_SYMPTOM:
		return *text == '\0' || model_symptom(text) >= 0 ? text :
		    NULL;
	case ASK_SEND_MAIL:
		return strcmp(text, ASK_CONSENT) == 0 ? "yes" : "no";
	default:
		if (*text == '\0')
			return text;
		if (text_number(text, 1, ASK_WAIT_MOST, &n) != 0)
			return NULL;
		snprintf(number, 24, "%ld", n);
		return number;
	}
}

int
engine_answer(struct engine *e, enum ask_id id, const char *text)
{
	char number[24];
	const char *value = taken(id, text, number);

	if (value == NULL || e->session->asks[id] != ASK_OPEN ||
	    (e->ended && !e->opts.stay))
		return -1;
	emit(e, EV_ANSWER, id, value);
	if (id == ASK_WAIT)
		engine_ask_later(e);
	if ((id == ASK_SEND_MAIL && e->session->consent) ||
	    e->again != NULL)
		e->ended = false;
	engine_replan(e);
	return 0;
}

void
engine_symptom(struct engine *e, const char *word)
{
	emit(e, EV_ANSWER, ASK_SYMPTOM, word);
	engine_replan(e);
}

void
engine_ask_free(struct engine *e)
{
	for (size_t i = 0; i < e->nback; i++)
		free(e->back[i]);
	free(e->back);
}
