/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The middle of by-hand: lines come in, events come in, and what follows
 * from both is done at the end of the turn, so that no event is told in the
 * midst of another.
 */
#include "ui/hand.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

#define REPLY	(15 * NSEC_PER_SEC)
#define BANNER	(60 * NSEC_PER_SEC)

void
hand_text(struct hand *h, enum hand_say how, const char *text)
{
	if (h->hooks.say != NULL)
		h->hooks.say(h->hooks.ctx, how, text);
}

static void
told(struct hand *h, enum hand_say how, const char *key, va_list ap)
{
	json_t *args = json_object();
	const char *name;
	struct buf b;

	while ((name = va_arg(ap, const char *)) != NULL)
		json_put_str(args, name, va_arg(ap, const char *));
	buf_init(&b, 0);
	strings_fill(&b, strings_get(key), args, NULL);
	json_decref(args);
	hand_text(h, how, buf_str(&b));
	buf_free(&b);
}

void
hand_bad(struct hand *h, const char *key, ...)
{
	va_list ap;

	va_start(ap, key);
	told(h, HAND_BAD, key, ap);
	va_end(ap);
}

void
hand_say(struct hand *h, const char *key, ...)
{
	va_list ap;

	va_start(ap, key);
	told(h, HAND_SAY, key, ap);
	va_end(ap);
}

void
hand_lines(struct hand *h, struct buf *b)
{
	char *text = buf_steal(b), *at = text, *end;

	for (; at != NULL && *at != '\0'; at = end) {
		end = strchr(at, '\n');
		if (end != NULL)
			*end++ = '\0';
		hand_text(h, HAND_SAY, at);
	}
	free(text);
}

const struct session *
hand_session(const struct hand *h)
{
	return engine_session(h->engine);
}

bool
hand_read_only(const struct hand *h)
{
	return json_flag(json_object_get(hand_session(h)->head, "options"),
	    "read_only");
}

bool
hand_held(const struct hand *h)
{
	return h->key != NULL && engine_held(h->engine, h->key);
}

const struct track *
hand_track(const struct hand *h)
{
	return h->key == NULL ? NULL : engine_track(h->engine, h->key);
}

/* Until when an answer to the line before is awaited. */
int64_t
hand_patience(const struct hand *h)
{
	const struct track *k = hand_track(h);

	return k != NULL && strcmp(track_state(k), "connected") == 0 ?
	    BANNER : REPLY;
}

bool
hand_awaits(const struct hand *h)
{
	const struct track *k = hand_track(h);

	if (!h->running)
		return false;
	if (!hand_held(h) || k == NULL)
		return true;
	return (!track_our_turn(k) || track_tls_due(k)) &&
	    loop_now(h->loop) - h->said < hand_patience(h);
}

bool
hand_busy(const struct hand *h)
{
	return h->lookup != NULL || h->dig_key != NULL || h->waiting ||
	    h->expect != NULL || h->ask != HAND_ASK_NONE || h->repeats > 0 ||
	    h->auth != NULL || h->trace != NULL || h->rest != NULL ||
	    hand_awaits(h) ||
	    (h->running && h->url.start_tls);
}

static void
tell_idle(struct hand *h)
{
	bool busy = hand_busy(h);

	if (h->busy && !busy && h->hooks.idle != NULL) {
		h->busy = false;
		h->hooks.idle(h->hooks.ctx);
		return;
	}
	h->busy = busy;
}

/* TLS as openssl s_client -starttls begins it: hello, then the command. */
static void
go_tls(struct hand *h)
{
	const struct track *k = hand_track(h);
	char *hello;

	if (k == NULL || !track_our_turn(k) || track_tls_due(k))
		return;
	if (track_in_tls(k)) {
		h->url.start_tls = false;
		return;
	}
	if (track_which(k) == TRACK_SMTP &&
	    strcmp(track_state(k), "greeted") == 0) {
		if (h->hello_said) {
			h->url.start_tls = false;
			hand_bad(h, "hand.no-starttls", NULL);
			return;
		}
		hello = xasprintf("EHLO %s", json_str(json_object_get(
		    hand_session(h)->head, "options"), "helo"));
		if (hello[5] == '\0') {
			free(hello);
			hello = xstrdup("EHLO localhost.localdomain");
		}
		h->hello_said = true;
		hand_send(h, hello, strlen(hello), false);
		free(hello);
		return;
	}
	h->url.start_tls = false;
	if (engine_starttls(h->engine, h->key) != 0)
		hand_bad(h, "hand.no-starttls", NULL);
	h->said = loop_now(h->loop);
}

static void
on_pace(void *ctx)
{
	struct hand *h = ctx;

	h->pace = NULL;
	hand_kick(h);
}

bool
hand_fields(const struct hand *h)
{
	const struct track *k = hand_track(h);

	return k != NULL && track_which(k) == TRACK_HTTP &&
	    strcmp(track_state(k), "fields") == 0;
}

/* Now the same line would be text of a message, or answer a challenge, or
   stand among the fields of the request before. */
static bool
no_more(struct hand *h)
{
	const struct track *k = hand_track(h);
	const char *why = hand_fields(h) ? "hand.not-repeated-fields" :
	    hand_answers(h) || (k != NULL && track_content(k)) ?
	    "hand.not-repeated" : NULL;

	if (why == NULL)
		return false;
	h->repeats = 0;
	hand_bad(h, why, NULL);
	return true;
}

/* The same again: at most four times a second. */
static void
once_more(struct hand *h)
{
	int64_t wait = h->again - loop_now(h->loop);
	char *line;

	if (h->repeats == 0 || h->last == NULL || h->pace != NULL ||
	    hand_awaits(h) || h->dig_key != NULL || h->lookup != NULL ||
	    no_more(h))
		return;
	if (wait > 0) {
		h->pace = loop_timer(h->loop, wait, on_pace, h);
		return;
	}
	h->repeats--;
	line = xstrdup(h->last);
	hand_line(h, line);
	free(line);
	hand_kick(h);
}

static void
advance(void *ctx)
{
	struct hand *h = ctx;
	const struct sprobe *p;

	h->kick = NULL;
	if (h->lookup != NULL && (p = session_probe(hand_session(h),
	    h->lookup)) != NULL && p->state == PROBE_ENDED)
		hand_looked_up(h);
	if (h->dig_key != NULL && (p = session_probe(hand_session(h),
	    h->dig_key)) != NULL && p->state == PROBE_ENDED)
		hand_answered(h);
	if (h->url.start_tls && hand_held(h))
		go_tls(h);
	if (h->auth != NULL)
		hand_login_next(h);
	if (h->expect != NULL)
		hand_expected(h);
	once_more(h);
	hand_paste_next(h);
	tell_idle(h);
}

void
hand_kick(struct hand *h)
{
	if (h->kick == NULL)
		h->kick = loop_timer(h->loop, 0, advance, h);
}

static void
on_clock(void *ctx)
{
	struct hand *h = ctx;

	h->clock = NULL;
	if (loop_now(h->loop) >= h->until)
		h->waiting = false;
	hand_kick(h);
}

void
hand_deadline(struct hand *h, int64_t ns)
{
	timer_cancel(&h->clock);
	h->until = loop_now(h->loop) + ns;
	h->clock = loop_timer(h->loop, ns, on_clock, h);
}

struct hand *
hand_new(struct engine *e, const struct hand_hooks *hooks)
{
	struct hand *h = xcalloc(1, sizeof(*h));

	h->engine = e;
	h->loop = engine_loop(e);
	h->hooks = *hooks;
	h->said = loop_now(h->loop);
	buf_init(&h->heard, HAND_HEARD);
	buf_init(&h->begun, HAND_BEGUN);
	return h;
}

void
hand_on(struct hand *h, const char *key)
{
	const struct sprobe *p = session_probe(hand_session(h), key);

	h->key = xstrdup(key);
	h->running = true;
	h->taken = true;
	memcpy(h->url.proto, p->ep.proto, sizeof(h->url.proto));
	h->url.host = xstrdup(p->ep.name);
	h->url.addr = p->ep.addr;
	h->url.port = p->ep.port;
	h->url.tls = p->ep.tls;
	if (h->hooks.probe != NULL)
		h->hooks.probe(h->hooks.ctx, h->key);
}

struct hand *
hand_open(struct engine *e, const char *key, uint64_t seq,
    const struct hand_hooks *hooks)
{
	struct hand *h = hand_new(e, hooks);

	if (key == NULL)
		return h;
	key = engine_hold(e, key, seq);
	if (key == NULL)
		hand_bad(h, "hand.cannot-hold", NULL);
	else
		hand_on(h, key);
	return h;
}

void
hand_free(struct hand *h)
{
	if (h == NULL)
		return;
	timer_cancel(&h->kick);
	timer_cancel(&h->clock);
	timer_cancel(&h->pace);
	hand_trace_free(h);
	hand_login_free(h);
	hand_url_free(&h->url);
	free(h->dig.name);
	free(h->dig.server);
	free(h->key);
	free(h->lookup);
	free(h->dig_key);
	free(h->question);
	free(h->login);
	hand_paste_drop(h);
	free(h->expect);
	free(h->last);
	buf_free(&h->heard);
	hand_forget_begun(h);
	buf_free(&h->begun);
	free(h);
}
