/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events folded into what is known. The same code serves a running diagnosis
 * and a recording; nothing here knows where the events come from. What is
 * kept of lines is in session_lines.c.
 */
#include "diag/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/session_lines.h"

struct slot {
	struct sprobe	*probe;
};

struct index {
	struct slot	*slots;
	size_t		 size;		/* power of two */
};

static size_t
hash(const char *s)
{
	size_t h = 5381;

	while (*s != '\0')
		h = h * 33 + (unsigned char)*s++;
	return h;
}

static void
index_put(struct index *x, struct sprobe *p)
{
	size_t i = hash(p->key) & (x->size - 1);

	while (x->slots[i].probe != NULL)
		i = (i + 1) & (x->size - 1);
	x->slots[i].probe = p;
}

static void
index_add(struct session *s, struct sprobe *p)
{
	struct index *x = s->index;

	if (s->nprobes * 2 >= x->size) {
		free(x->slots);
		x->size = x->size == 0 ? 256 : x->size * 2;
		x->slots = xcalloc(x->size, sizeof *x->slots);
		for (size_t i = 0; i < s->nprobes; i++)
			index_put(x, s->probes[i]);
	}
	index_put(x, p);
}

struct sprobe *
session_probe(const struct session *s, const char *key)
{
	const struct index *x = s->index;
	size_t i;

	if (x->size == 0)
		return NULL;
	for (i = hash(key) & (x->size - 1); x->slots[i].probe != NULL;
	    i = (i + 1) & (x->size - 1))
		if (strcmp(x->slots[i].probe->key, key) == 0)
			return x->slots[i].probe;
	return NULL;
}

struct session *
session_new(void)
{
	struct session *s = xcalloc(1, sizeof *s);

	s->index = xcalloc(1, sizeof(struct index));
	return s;
}

static void
forget(struct sprobe *p)
{
	p->fact_bytes = 0;
	for (size_t i = 0; i < p->nfacts; i++) {
		free(p->facts[i].key);
		json_decref(p->facts[i].value);
	}
	p->nfacts = 0;
	if (p->reply != NULL)
		message_free(p->reply);
	free(p->reply);
	p->reply = NULL;
}

static void
probe_free(struct sprobe *p)
{
	forget(p);
	session_lines_free(p);
	free(p->facts);
	free(p->key);
	free(p->what);
	free(p->command);
	free(p->qname);
	free(p->outcome);
	endpoint_clear(&p->ep);
	free(p);
}

void
session_free(struct session *s)
{
	struct index *x;

	if (s == NULL)
		return;
	x = s->index;
	for (size_t i = 0; i < s->nprobes; i++)
		probe_free(s->probes[i]);
	for (size_t i = 0; i < s->nfindings; i++)
		finding_free(s->findings[i]);
	free(s->probes);
	free(s->findings);
	free(x->slots);
	free(x);
	json_decref(s->head);
	json_decref(s->end);
	free(s);
}

const struct sfact *
probe_fact(const struct sprobe *p, const char *key, int attempt)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, key) == 0 &&
		    (attempt == 0 || p->facts[i].attempt == attempt))
			return &p->facts[i];
	return NULL;
}

static int
fold_step(struct session *s, const struct event *ev)
{
	static const char *const words[] = { "waiting", "began", "ended",
		"not-asked" };
	int step = step_parse(json_str(ev->body, "step"));
	const char *state = json_str(ev->body, "state");

	if (step == -1)
		return -1;
	for (int i = 0; i < 4; i++)
		if (strcmp(words[i], state) == 0)
			s->steps[step] = (enum step_state)i;
	return 0;
}

/* The parts of STEP/PROTO/NAME/ADDR/PORT[/WHAT] after the fifth slash. */
static const char *
key_what(const char *key)
{
	for (int i = 0; i < 5 && key != NULL; i++) {
		key = strchr(key, '/');
		key = key == NULL ? NULL : key + 1;
	}
	return key == NULL ? "" : key;
}

static void
fold_question(struct sprobe *p, const json_t *q)
{
	int type = message_type_parse(json_str(q, "qtype"));

	if (q == NULL || type == -1)
		return;
	p->qname = xstrdup(json_str(q, "qname"));
	p->qtype = (uint16_t)type;
	strncpy(p->transport, json_str(q, "transport"),
	    sizeof p->transport - 1);
}

static struct sprobe *
new_probe(struct session *s, const struct event *ev)
{
	struct sprobe *p = xcalloc(1, sizeof *p);
	char *word = xstrndup(ev->probe, strcspn(ev->probe, "/"));
	int step = step_parse(word);

	free(word);
	p->key = xstrdup(ev->probe);
	p->what = xstrdup(key_what(ev->probe));
	p->step = step == -1 ? STEP_HERE : (enum step_id)step;
	p->command = xstrdup(json_str(ev->body, "command"));
	p->outcome = xstrdup("");
	p->began = ev->us;
	p->seq = ev->seq;
	endpoint_parse(&p->ep, json_object_get(ev->body, "endpoint"));
	fold_question(p, json_object_get(ev->body, "question"));
	s->probes = xreallocarray(s->probes, s->nprobes + 1,
	    sizeof *s->probes);
	s->probes[s->nprobes] = p;
	index_add(s, p);
	s->nprobes++;
	return p;
}

int64_t
probe_told_us(const struct sprobe *p, const json_t *value)
{
	uint64_t told = 0;
	int64_t us = p->ended;

	for (size_t i = 0; i < p->nfacts; i++)
		if (p->facts[i].value == value)
			told = p->facts[i].seq;
	for (size_t i = 0; i < p->nlines && p->lines[i].seq < told; i++)
		if (p->lines[i].dir != TALK_SENT)
			us = p->lines[i].us;
	return us;
}

/* When the run that ends now was greylisted, us; 0 if it was not. */
static int64_t
greylisted_at(const struct session *s, const struct sprobe *p)
{
	int64_t us = 0;
	size_t i = 0;

	while (i < s->nfindings && (s->findings[i]->id != F_GREYLISTED ||
	    endpoint_cmp(&s->findings[i]->ep, &p->ep) != 0))
		i++;
	if (i == s->nfindings || p->what[0] != '\0')
		return 0;
	for (i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, "reply") == 0 &&
		    json_int(p->facts[i].value, "code", 0) / 100 == 4)
			us = probe_told_us(p, p->facts[i].value);
	return us;
}

/* Run again: interrupted, or because somebody wanted it. */
static void
run_again(struct session *s, struct sprobe *p)
{
	int64_t us = p->state == PROBE_ENDED ? greylisted_at(s, p) : p->away;

	if (us == 0 || p->away == 0)
		p->away = us;
	s->bytes -= p->fact_bytes;
	forget(p);
}

static int
fold_probe(struct session *s, const struct event *ev)
{
	const char *state = json_str(ev->body, "state");
	struct sprobe *p;

	if (ev->probe == NULL)
		return -1;
	p = session_probe(s, ev->probe);
	if (p == NULL)
		p = new_probe(s, ev);
	else if (strcmp(state, "began") == 0)
		run_again(s, p);
	if (ev->attempt > p->attempts)
		p->attempts = ev->attempt;
	if (strcmp(state, "ended") == 0 || strcmp(state, "skipped") == 0) {
		p->state = *state == 'e' ? PROBE_ENDED : PROBE_SKIPPED;
		free(p->outcome);
		p->outcome = xstrdup(json_str(ev->body, "outcome"));
		p->ended = ev->us;
		p->ended_seq = ev->seq;
	} else {
		p->state = PROBE_RUNNING;
	}
	return 0;
}

static void
take_reply(struct sprobe *p, const struct event *ev)
{
	struct dns_msg m;

	if (message_parse(&m, ev->data, ev->len) == -1)
		return;
	if (p->reply == NULL)
		p->reply = xcalloc(1, sizeof *p->reply);
	else
		message_free(p->reply);
	*p->reply = m;
	p->reply_seq = ev->seq;
	p->reply_us = ev->us;
}

static int
fold_line(struct session *s, const struct event *ev)
{
	struct sprobe *p = ev->probe == NULL ? NULL :
	    session_probe(s, ev->probe);

	if (p == NULL)
		return -1;
	if (ev->dns && ev->dir == TALK_RECEIVED && p->qname != NULL)
		take_reply(p, ev);
	session_line(s, p, ev);
	return 0;
}

/* Whether one more fact still fits into the session. */
static bool
fact_fits(struct session *s, struct sprobe *p, const struct event *ev)
{
	size_t cost = session_fact_cost(ev->body);

	if (s->bytes + cost > LIMIT_SESSION) {
		s->dropped = true;
		s->lost++;
		return false;
	}
	p->fact_bytes += cost;
	s->bytes += cost;
	return true;
}

static int
fold_fact(struct session *s, const struct event *ev)
{
	struct sprobe *p = ev->probe == NULL ? NULL :
	    session_probe(s, ev->probe);
	struct sfact *f;

	if (p == NULL)
		return -1;
	if (!fact_fits(s, p, ev))
		return 0;
	p->facts = xreallocarray(p->facts, p->nfacts + 1, sizeof *p->facts);
	f = &p->facts[p->nfacts++];
	f->seq = ev->seq;
	f->attempt = ev->attempt;
	f->key = xstrdup(json_str(ev->body, "key"));
	f->value = json_deep_copy(json_object_get(ev->body, "value"));
	return 0;
}

static int
fold_finding(struct session *s, const struct event *ev)
{
	struct finding *f = finding_parse_json(ev->body);
	const char *state = json_str(ev->body, "state");
	size_t i;

	if (f == NULL)
		return 0;	/* an id of a newer version: not ours to judge */
	for (i = 0; i < s->nfindings; i++)
		if (finding_same(s->findings[i], f))
			break;
	if (i < s->nfindings) {
		finding_free(s->findings[i]);
		s->findings[i] = f;
	} else if (strcmp(state, "gone") != 0) {
		s->findings = xreallocarray(s->findings, s->nfindings + 1,
		    sizeof *s->findings);
		s->findings[s->nfindings++] = f;
		return 0;
	} else {
		finding_free(f);
		return 0;
	}
	if (strcmp(state, "gone") == 0) {
		finding_free(s->findings[i]);
		memmove(&s->findings[i], &s->findings[i + 1],
		    (s->nfindings - i - 1) * sizeof *s->findings);
		s->nfindings--;
	}
	return 0;
}

static void
fold_ask(struct session *s, const struct event *ev)
{
	int id = ask_parse(json_str(ev->body, "ask"));
	const char *value = json_str(ev->body, "value");
	long n;

	if (id < 0)
		return;
	s->asks[id] = ev->kind == EV_ASK ? ASK_OPEN : ASK_DONE;
	if (ev->kind == EV_ASK)
		return;
	if (id == ASK_SYMPTOM)
		snprintf(s->symptom, sizeof s->symptom, "%s", value);
	else if (id == ASK_SEND_MAIL)
		s->consent = strcmp(value, "yes") == 0;
	else if (text_number(value, 1, ASK_WAIT_MOST, &n) == 0)
		s->wait = n;
}

int
session_fold(struct session *s, const struct event *ev)
{
	s->seq = ev->seq;
	s->us = ev->us;
	switch (ev->kind) {
	case EV_SESSION:
		json_decref(s->head);
		s->head = json_deep_copy(ev->body);
		return 0;
	case EV_STEP:
		return fold_step(s, ev);
	case EV_PROBE:
		return fold_probe(s, ev);
	case EV_LINE:
		return fold_line(s, ev);
	case EV_FACT:
		return fold_fact(s, ev);
	case EV_FINDING:
		return fold_finding(s, ev);
	case EV_END:
		json_decref(s->end);
		s->end = json_deep_copy(ev->body);
		return 0;
	case EV_ASK:
	case EV_ANSWER:
		fold_ask(s, ev);
		return 0;
	case EV_COUNT:
		break;
	}
	return 0;
}
