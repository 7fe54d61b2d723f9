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

#define WATCH	NSEC_PER_SEC
#define NO_WORD	6	/* bytes of what was typed elsewhere: shorter may be
			   a name that stands in any reply */

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
	p->login = copy(p->login);
	p->password = copy(p->password);
	p->token = copy(p->token);
	if (p->tries < 1)
		p->tries = 1;
}

static void
free_params(struct talk_params *p)
{
	const char *const all[] = { p->name, p->path, p->agent, p->helo,
	    p->mail_from, p->rcpt, p->login, p->token };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		free((void *)(uintptr_t)all[i]);
	auth_free((char *)(uintptr_t)p->password);
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

void
dialog_limit_start(struct talk *t, int64_t ns)
{
	timer_cancel(&t->limit);
	t->limit = loop_timer(t->loop, ns, probe_limit, t);
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
	t->secrets.run = params->secrets;
	t->secrets.least = ops->next == NULL ? 0 : NO_WORD;
	secrets_account(&t->secrets, t->params.login, t->params.password);
	t->track = track_new(ops->proto);
	t->begun = loop_now(t->loop);
	dialog_limit_start(t, params->timeouts->probe);
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
	dialog_watch_stop(t);
	if (t->ops->free != NULL)
		t->ops->free(t);
	free_params(&t->params);
	secrets_free(&t->secrets);
	track_free(t->track);
	buf_free(&t->unfinished);
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

void
dialog_emit(struct talk *t, int attempt, const struct talk_line *line)
{
	if (!t->dead && t->hooks.line != NULL)
		t->hooks.line(t->hooks.ctx, attempt, line);
}

/* The tracker sees every line: false for one that nobody asked for. */
static bool
observe(struct talk *t, enum talk_dir dir, const void *data, size_t len)
{
	const struct conn_event *ev = t->raw;

	if (dir == TALK_SENT || dir == TALK_HAND)
		track_sent(t->track, data, len);
	else if (dir == TALK_RECEIVED || dir == TALK_UNEXPECTED)
		return track_received(t->track, data, len, ev == NULL ? len :
		    ev->full, ev != NULL && ev->bare_lf ? 1 : 2);
	return true;
}

/* What is secret of a line hidden: by what it is, then by what was learnt.
   malloc'd; NULL: nothing is. A script's own answers come here hidden already
   (dialog_say_secret). */
static char *
hide(struct talk *t, enum talk_dir dir, const void *data, size_t len,
    bool cut, size_t *out)
{
	char *one = dir == TALK_SENT || dir == TALK_HAND ? talk_redact(data,
	    len, dir == TALK_HAND && track_answers(t->track)) :
	    track_heard(t->track, data, len), *two;

	*out = one == NULL ? len : strlen(one);
	two = secrets_scrub(&t->secrets, one == NULL ? data : one, *out, cut,
	    out);
	if (two == NULL)
		return one;
	free(one);
	return two;
}

void
dialog_line(struct talk *t, enum talk_dir dir, const void *data, size_t len,
    size_t full, int64_t at)
{
	struct talk_line line = { .dir = dir, .tls = t->tls, .data = data,
	    .len = len, .full = full, .at = at };
	char *shown = hide(t, dir, data, len, full > len, &line.len);

	if (!observe(t, dir, data, len) && t->held)
		line.dir = TALK_UNEXPECTED;
	if (shown != NULL) {
		line.data = shown;
		line.full = line.len + (full - len);
	}
	dialog_emit(t, dialog_attempt(t), &line);
	free(shown);
}

void
dialog_info(struct talk *t, int attempt, enum talk_dir dir, const char *key,
    json_t *args)
{
	struct talk_line line = { .dir = dir, .tls = t->tls, .key = key,
	    .args = args, .at = loop_now(t->loop) };

	dialog_emit(t, attempt, &line);
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
	else if (t->by_hand && strcmp(key, "hand") != 0)
		dialog_fact_of(t, dialog_attempt(t), "by-hand",
		    json_pack("{s:s, s:o}", "key", key, "value", value));
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

bool
dialog_unasked(struct talk *t, const struct conn_event *ev)
{
	t->unasked += ev->full + 2;
	if (t->unasked > LIMIT_REPLY_BYTES)
		dialog_limit(t, "reply", t->unasked);
	else if (++t->unasked_lines > LIMIT_REPLY_LINES)
		dialog_limit(t, "lines", t->unasked_lines);
	else
		return false;
	dialog_over(t, "garbled");
	return true;
}

static size_t
line_length(const char *text)
{
	size_t n = 0;

	while ((unsigned char)text[n] >= ' ')
		n++;
	return n;
}

static void
transmit(struct talk *t, const char *text, size_t n)
{
	if (t->main == NULL)
		return;
	conn_send(t->main->conn, text, n);
	conn_send(t->main->conn, "\r\n", 2);
}

void
dialog_say(struct talk *t, const char *text)
{
	size_t n = line_length(text);

	dialog_line(t, TALK_SENT, text, n, n, loop_now(t->loop));
	transmit(t, text, n);
}

void
dialog_say_secret(struct talk *t, const char *text, size_t shown)
{
	char *hidden = xasprintf("%.*s********", (int)shown, text);
	size_t n = strlen(hidden);

	dialog_line(t, TALK_SENT, hidden, n, n, loop_now(t->loop));
	free(hidden);
	transmit(t, text, line_length(text));
}

const struct conn_event *
dialog_scrub(struct talk *t, const struct conn_event *ev,
    struct conn_event *copy, char **held)
{
	size_t n = 0;
	bool cut = ev->full > ev->len || ev->ev != CONN_LINE;

	*held = secrets_scrub(&t->secrets, ev->data, ev->len, cut, &n);
	if (*held == NULL)
		return ev;
	*copy = *ev;
	copy->data = (const unsigned char *)*held;
	copy->len = n;
	copy->full = n + (ev->full > ev->len ? ev->full - ev->len : 0);
	return copy;
}

const char *
dialog_no_login(const struct talk *t)
{
	if (!t->tls)
		return "no-tls";
	return t->verified || t->params.unverified ? NULL : "unverified";
}

/* A line without an end gives no event: look how much of it there is. */
static void
watch(void *ctx)
{
	struct talk *t = ctx;

	dialog_enter(t);
	t->watch = NULL;
	if (t->main != NULL && t->phase == DIALOG_SPEAK && !t->shaking) {
		size_t n = conn_buffered(t->main->conn);

		if (n > LIMIT_REPLY_BYTES) {
			dialog_limit(t, "reply", n);
			dialog_over(t, "garbled");
		} else
			t->watch = loop_timer(t->loop, WATCH, watch, t);
	}
	dialog_leave(t);
}

void
dialog_watch_stop(struct talk *t)
{
	timer_cancel(&t->watch);
}

void
dialog_await(struct talk *t, int64_t limit)
{
	t->asked = loop_now(t->loop);
	conn_deadline(t->main->conn, limit);
	dialog_watch_stop(t);
	t->watch = loop_timer(t->loop, WATCH, watch, t);
}

double
dialog_waited(const struct talk *t, int64_t at)
{
	return (double)((at - t->asked) / 1000) / 1000.0;
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
	if (t->by_hand || t->held)
		dialog_finish(t, word);
	else if (t->want_lax && !t->lax)
		dialog_connect_lax(t);
	else
		dialog_repeat(t);
}
