/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dialogue in an operator's hands: without a script from the beginning, or
 * taken over from one when it is our turn to speak, and given back. Nothing
 * times out meanwhile; what is typed is shown without its secrets.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "talk/dialog.h"
#include "talk/secret.h"

static void
hold(struct talk *t, const char *key)
{
	t->held = true;
	t->left = t->begun + t->params.timeouts->probe - loop_now(t->loop);
	timer_cancel(&t->limit);
	dialog_watch_stop(t);
	conn_deadline(t->main->conn, 0);
	dialog_info(t, dialog_attempt(t), TALK_INFO, key, NULL);
}

void
dialog_by_hand(struct talk *t)
{
	if (t->by_hand || t->ops->next == NULL)
		return;
	t->by_hand = true;
	t->secrets.least = 0;
	dialog_fact(t, "hand", json_object());
}

bool
dialog_hold(struct talk *t)
{
	t->spoken++;
	if (t->lax)
		return false;
	if (t->hold || (t->params.hold > 0 && t->spoken >= t->params.hold)) {
		t->hold = t->edit = false;
		t->params.hold = 0;
		hold(t, "held");
		dialog_by_hand(t);
		return true;
	}
	if (!dialog_edits(t))
		return false;
	hold(t, "edit-held");
	return true;
}

void
dialog_released(struct talk *t)
{
	t->held = t->editing = t->edited = false;
	t->begun = loop_now(t->loop) + t->left - t->params.timeouts->probe;
	dialog_limit_start(t, t->left > 0 ? t->left : NSEC_PER_SEC);
	dialog_info(t, dialog_attempt(t), TALK_INFO, t->by_hand ?
	    "released" : "edit-left", NULL);
}

static void
start_tls(struct talk *t)
{
	size_t n = dialog_tls(t);
	json_t *args;

	if (n == 0)
		return;
	args = json_object();
	json_put_int(args, "bytes", (int64_t)n);
	dialog_info(t, dialog_attempt(t), TALK_INFO, "injected", args);
}

static void
on_line(struct talk *t, const struct conn_event *ev)
{
	dialog_line(t, TALK_RECEIVED, ev->data, ev->len, ev->full, ev->at);
	t->taken += ev->full + 2;
	if (t->taken > LIMIT_HAND || ++t->taken_lines > LIMIT_HAND_LINES) {
		dialog_limit(t, "hand", t->taken);
		dialog_over(t, "ok");
	} else if (track_tls_due(t->track))
		start_tls(t);
}

void
dialog_hand_event(struct talk *t, const struct conn_event *ev)
{
	dialog_by_hand(t);
	switch (ev->ev) {
	case CONN_LINE:
	case CONN_DATA:
		on_line(t, ev);
		dialog_edit_answered(t);
		break;
	case CONN_TLS:
		dialog_edit_answered(t);
		break;
	case CONN_TIMEOUT:
		dialog_failure(t, dialog_attempt(t), ev,
		    t->params.timeouts->reply);
		dialog_over(t, net_cause_word(ev->error.cause));
		break;
	case CONN_CLOSED:
	case CONN_ERROR:
		if (ev->len > 0)
			dialog_line(t, TALK_RECEIVED, ev->data, ev->len,
			    ev->full, ev->at);
		dialog_info(t, dialog_attempt(t), TALK_INFO, "closed", NULL);
		dialog_over(t, "closed");
		break;
	default:
		break;
	}
}

bool
dialog_hand_quit(struct talk *t)
{
	char *line = t->unfinished.len > 0 || !track_our_turn(t->track) ?
	    NULL : track_goodbye(t->track);

	if (line == NULL)
		return false;
	dialog_say(t, line);
	free(line);
	return true;
}

/* Show what goes out, with what is secret of it hidden and remembered. The
   line may have begun in an earlier piece; ends: it ends here. */
static void
show(struct talk *t, const char *data, size_t n, bool ends)
{
	struct talk_line line = { .dir = TALK_HAND, .tls = t->tls,
	    .data = data, .len = n, .full = n, .at = loop_now(t->loop) };
	size_t before = t->unfinished.len, at, bare;
	char *hidden = NULL;

	buf_add(&t->unfinished, data, n);
	bare = t->unfinished.len;
	while (bare > 0 && (t->unfinished.data[bare - 1] == '\n' ||
	    t->unfinished.data[bare - 1] == '\r'))
		bare--;
	at = track_secret(t->track, t->unfinished.data, bare);
	if (at < bare) {
		if (ends)
			secret_learn(&t->secrets, t->unfinished.data + at,
			    bare - at);
		hidden = xasprintf("%.*s********", at > before ?
		    (int)(at - before) : 0, data);
		line.data = hidden;
		line.len = line.full = strlen(hidden);
	} else if ((hidden = secrets_scrub(&t->secrets, data, n, false,
	    &line.len)) != NULL) {
		line.data = hidden;
		line.full = line.len;
	}
	if (line.len > LIMIT_LINE)
		line.len = LIMIT_LINE;
	dialog_emit(t, dialog_attempt(t), &line);
	free(hidden);
	if (!ends)
		return;
	track_sent(t->track, t->unfinished.data, bare);
	if (t->ops->touched != NULL)
		t->ops->touched(t, at < bare);
	if (t->unfinished.data != NULL)
		memset(t->unfinished.data, 0, t->unfinished.len);
	t->unfinished.len = 0;
}

static void
show_raw(struct talk *t, const char *data, size_t n)
{
	while (n > 0) {
		const char *lf = memchr(data, '\n', n);
		size_t len = lf == NULL ? n : (size_t)(lf - data) + 1;

		show(t, data, len, lf != NULL);
		data += len;
		n -= len;
	}
}

static bool
can_speak(const struct talk *t)
{
	return t->held && !t->shaking && t->main != NULL &&
	    t->phase == DIALOG_SPEAK;
}

int
talk_say(struct talk *t, const void *data, size_t n, bool raw)
{
	if (!can_speak(t))
		return -1;
	dialog_enter(t);
	conn_send(t->main->conn, data, n);
	if (raw)
		show_raw(t, data, n);
	else {
		conn_send(t->main->conn, "\r\n", 2);
		show(t, data, n, true);
	}
	dialog_leave(t);
	return 0;
}

int
talk_starttls(struct talk *t)
{
	char *line;
	int rc = -1;

	if (!can_speak(t) || t->tls)
		return -1;
	dialog_enter(t);
	line = track_starttls(t->track);
	if (line != NULL)
		rc = talk_say(t, line, strlen(line), false);
	else if (track_which(t->track) == TRACK_LINES) {
		start_tls(t);
		rc = 0;
	}
	free(line);
	dialog_leave(t);
	return rc;
}

void
talk_close(struct talk *t)
{
	if (t->phase == DIALOG_OVER)
		return;
	dialog_enter(t);
	dialog_info(t, dialog_attempt(t), TALK_INFO, "by-hand-closed", NULL);
	dialog_finish(t, "ok");
	dialog_leave(t);
}

void
talk_hold(struct talk *t)
{
	t->hold = !t->held;
}

bool
talk_held(const struct talk *t)
{
	return t->held;
}

const struct track *
talk_track(const struct talk *t)
{
	return t->track;
}

const char *
talk_release(struct talk *t)
{
	const char *why = "no-script";

	t->hold = t->edit = false;
	if (!t->held || t->phase != DIALOG_SPEAK || t->ops->resume == NULL)
		return why;
	if (t->unfinished.len > 0)
		return "mid-line";
	if (track_gone(t->track))
		return "gone";
	if (t->shaking || !track_our_turn(t->track))
		return "reply-due";
	if (track_content(t->track))
		return "content";
	if (track_answers(t->track))
		return "secret";
	dialog_enter(t);
	why = t->ops->resume(t);
	dialog_leave(t);
	return why;
}

static void
hand_begin(struct talk *t)
{
	t->held = true;
	timer_cancel(&t->limit);
	if (t->params.tls == TALK_IMPLICIT)
		start_tls(t);
}

#define HAND_OPS(which, word) [which] = { .begin = hand_begin, \
	.event = dialog_hand_event, .proto = which, .alpn = word }

static const struct dialog_ops hand_ops[] = {
	HAND_OPS(TRACK_LINES, NULL), HAND_OPS(TRACK_HTTP, "http/1.1"),
	HAND_OPS(TRACK_SMTP, NULL), HAND_OPS(TRACK_POP3, NULL),
	HAND_OPS(TRACK_IMAP, NULL),
};

struct talk *
hand_start(const struct talk_params *params, enum track_proto proto,
    const struct talk_hooks *hooks)
{
	return dialog_new(params, hooks, &hand_ops[proto], NULL);
}
