/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a talk and the way its lines and facts take to its owner. The
 * owner may cancel or free it from any hook: nothing is freed while a call
 * from the loop is under way.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "talk/dialog.h"

static char *
copy(const char *s)
{
	return s == NULL ? NULL : xstrdup(s);
}

static void
copy_params(struct talk_params *p)
{
	p->name = copy(p->name);
	p->path = copy(p->path == NULL ? "/" : p->path);
	p->agent = copy(p->agent);
	p->helo = copy(p->helo);
	p->mail_from = copy(p->mail_from);
	p->rcpt = copy(p->rcpt);
	if (p->tries < 1)
		p->tries = 1;
}

static void
free_params(struct talk_params *p)
{
	const char *const all[] = { p->name, p->path, p->agent, p->helo,
	    p->mail_from, p->rcpt };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		free((void *)(uintptr_t)all[i]);
}

static void
probe_limit(void *ctx)
{
	struct talk *t = ctx;
	int64_t ms = (loop_now(t->loop) - t->begun) / NSEC_PER_MSEC;

	dialog_enter(t);
	t->limit = NULL;
	if (t->word == NULL)
		dialog_limit(t, "probe", (size_t)ms);
	dialog_finish(t, "stalled");
	dialog_leave(t);
}

struct talk *
dialog_new(const struct talk_params *params, const struct talk_hooks *hooks,
    const struct dialog_ops *ops, void *state)
{
	struct talk *t = xcalloc(1, sizeof(*t));

	t->ops = ops;
	t->params = *params;
	copy_params(&t->params);
	t->hooks = *hooks;
	t->loop = params->loop;
	t->state = state;
	t->begun = loop_now(t->loop);
	t->limit = loop_timer(t->loop, params->timeouts->probe, probe_limit,
	    t);
	dialog_enter(t);
	dialog_connect(t);
	dialog_leave(t);
	return t;
}

static void
destroy(struct talk *t)
{
	while (t->tries != NULL)
		dialog_close(t, t->tries);
	timer_cancel(&t->next);
	timer_cancel(&t->limit);
	timer_cancel(&t->end);
	if (t->ops->free != NULL)
		t->ops->free(t);
	free_params(&t->params);
	free(t);
}

void
dialog_enter(struct talk *t)
{
	t->depth++;
}

void
dialog_leave(struct talk *t)
{
	void (*cancel)(struct talk *) = t->cancel;

	if (t->depth == 1 && cancel != NULL && !t->dead) {
		t->cancel = NULL;
		cancel(t);
	}
	if (--t->depth == 0 && t->dead)
		destroy(t);
}

int
dialog_attempt(const struct talk *t)
{
	return t->main == NULL ? t->attempts : t->main->attempt;
}

static void
emit(struct talk *t, int attempt, const struct talk_line *line)
{
	if (!t->dead && t->hooks.line != NULL)
		t->hooks.line(t->hooks.ctx, attempt, line);
}

void
dialog_line(struct talk *t, enum talk_dir dir, const void *data, size_t len,
    size_t full, int64_t at)
{
	struct talk_line line = { .dir = dir, .tls = t->tls, .data = data,
	    .len = len, .full = full, .at = at };
	char *shown = dir == TALK_SENT || dir == TALK_HAND ?
	    talk_redact(data, len, false) : NULL;

	if (shown != NULL) {
		line.data = shown;
		line.len = line.full = strlen(shown);
	}
	emit(t, dialog_attempt(t), &line);
	free(shown);
}

void
dialog_info(struct talk *t, int attempt, enum talk_dir dir, const char *key,
    json_t *args)
{
	struct talk_line line = { .dir = dir, .tls = t->tls, .key = key,
	    .args = args, .at = loop_now(t->loop) };

	emit(t, attempt, &line);
	json_decref(args);
}

void
dialog_fact_of(struct talk *t, int attempt, const char *key, json_t *value)
{
	if (t->dead || t->hooks.fact == NULL)
		json_decref(value);
	else
		t->hooks.fact(t->hooks.ctx, attempt, key, value);
}

void
dialog_fact(struct talk *t, const char *key, json_t *value)
{
	if (t->lax && strcmp(key, "tls") != 0)
		json_decref(value);
	else
		dialog_fact_of(t, dialog_attempt(t), key, value);
}

void
dialog_limit(struct talk *t, const char *what, size_t at)
{
	json_t *fact = json_object(), *args = json_object();

	json_put_str(fact, "what", what);
	json_put_int(fact, "at", (int64_t)at);
	json_put_str(args, "what", what);
	dialog_info(t, dialog_attempt(t), TALK_INFO, "limit", args);
	dialog_fact(t, "limit", fact);
}

void
dialog_say(struct talk *t, const char *text)
{
	size_t n = 0;
	struct buf b;

	while ((unsigned char)text[n] >= ' ')
		n++;
	buf_init(&b, 0);
	buf_add(&b, text, n);
	buf_adds(&b, "\r\n");
	dialog_line(t, TALK_SENT, text, n, n, loop_now(t->loop));
	if (t->main != NULL)
		conn_send(t->main->conn, b.data, b.len);
	buf_free(&b);
}

static void
done(void *ctx)
{
	struct talk *t = ctx;
	const char *word = t->word;

	t->end = NULL;
	dialog_enter(t);
	if (!t->dead && t->hooks.done != NULL)
		t->hooks.done(t->hooks.ctx, word);
	dialog_leave(t);
}

void
dialog_finish(struct talk *t, const char *word)
{
	if (t->phase == DIALOG_OVER)
		return;
	if (t->word == NULL)
		t->word = word;
	t->phase = DIALOG_OVER;
	timer_cancel(&t->next);
	timer_cancel(&t->limit);
	timer_cancel(&t->end);
	dialog_drop_tries(t, NULL, true);
	t->end = loop_timer(t->loop, 0, done, t);
}

void
dialog_over(struct talk *t, const char *word)
{
	if (t->phase == DIALOG_CANCEL) {
		dialog_finish(t, "interrupted");
		return;
	}
	if (t->phase != DIALOG_SPEAK)
		return;
	if (t->word == NULL)
		t->word = word;
	if (t->main != NULL)
		dialog_close(t, t->main);
	t->tls = t->shaking = false;
	if (t->want_lax && !t->lax)
		dialog_connect_lax(t);
	else
		dialog_repeat(t);
}
