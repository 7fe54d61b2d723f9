/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recording in the guide: pause, one event that matters, faster, slower.
 * What matters: steps, findings, questions, the end; and every line of what
 * the operator went to. While the cursor follows it stands where the event
 * happened.
 */
#include "ui/tui_replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_act.h"

/* Is that probe what the operator went to? */
static bool
looked_at(const struct tui *t, const char *probe)
{
	const char *id = select_id(t), *key = strchr(id, ':');
	size_t n;

	if (t->follow || probe == NULL || key == NULL ||
	    (strncmp(id, "ep:", 3) != 0 && strncmp(id, "probe:", 6) != 0))
		return false;
	n = strlen(++key);
	return strncmp(probe, key, n) == 0 &&
	    (probe[n] == '/' || probe[n] == '\0');
}

static bool
matters(void *ctx, const struct event *ev)
{
	switch (ev->kind) {
	case EV_LINE:
	case EV_PROBE:
		return looked_at(ctx, ev->probe);
	case EV_FACT:
		return false;
	case EV_STEP:
		return strcmp(json_str(ev->body, "state"), "not-asked") != 0;
	default:
		return true;
	}
}

/* Where it happened: an id, or NULL; the caller frees. */
static char *
place_of(const struct tui *t, const struct event *ev)
{
	if (ev->kind == EV_FINDING)
		return select_of_finding(t, ev->body);
	if (ev->kind == EV_STEP)
		return xasprintf("step:%s", json_str(ev->body, "step"));
	return ev->kind == EV_END ? xstrdup("step:summary") : NULL;
}

static void
go_there(struct tui *t, const struct event *ev)
{
	char *id = place_of(t, ev);

	if (t->follow && id != NULL && select_step(t, id) >= 0) {
		select_go(t, id);
		t->follow = true;
		free(t->trail);
		t->trail = xstrdup(id);
		t->trailed = tui_elapsed(t);
	}
	free(id);
}

static void
say_verdict(struct buf *b, const struct event *ev)
{
	const char *verdict = json_str(ev->body, "verdict");

	if (*verdict == '\0' || verdict_parse(verdict) <= VERDICT_FACT)
		return;
	buf_printf(b, " %s ", signs_verdict(verdict_parse(verdict)));
	signs_word(b, "verdict-word", verdict);
}

static void
say_step(struct buf *b, const struct event *ev)
{
	const char *id = json_str(ev->body, "step");
	const struct help_topic *topic = strings_topic(id);

	if (topic == NULL)
		return;
	buf_printf(b, "%d %s: ", step_parse(id) + 1, topic->title);
	signs_word(b, "step-state", json_str(ev->body, "state"));
	say_verdict(b, ev);
}

static void
say_finding(struct buf *b, const struct event *ev)
{
	const char *id = json_str(ev->body, "id");
	const struct help_topic *topic = strings_topic(id);

	signs_word(b, "finding-state", json_str(ev->body, "state"));
	buf_printf(b, ": %s ", signs_verdict(verdict_parse(json_str(ev->body,
	    "verdict"))));
	if (topic != NULL)
		buf_adds(b, topic->title);
	else
		strings_safe(b, id, strlen(id));
	buf_addc(b, ' ');
	signs_endpoint(b, json_object_get(ev->body, "endpoint"));
}

/* What it was, in one line. */
static void
say_event(struct tui *t, const struct event *ev)
{
	struct buf b;

	buf_init(&b, 0);
	if (ev->kind == EV_STEP)
		say_step(&b, ev);
	else if (ev->kind == EV_FINDING)
		say_finding(&b, ev);
	else if (ev->kind == EV_END) {
		buf_printf(&b, "%s:", S("tui.the-end"));
		say_verdict(&b, ev);
	}
	if (b.len > 0)
		tui_say(t, xstrdup(buf_str(&b)), false);
	buf_free(&b);
}

void
replay_step(struct tui *t)
{
	long n = player_step(t->opts.player, matters, t);
	struct event ev;

	if (n < 0 || tape_event(player_tape(t->opts.player), (size_t)n,
	    &ev) != 0) {
		tui_say_key(t, "tui.replay-over");
		return;
	}
	go_there(t, &ev);
	say_event(t, &ev);
	event_clear(&ev);
	tui_dirty(t);
}

bool
replay_enter(struct tui *t)
{
	if (t->opts.player == NULL || !t->follow ||
	    !player_paused(t->opts.player))
		return false;
	replay_step(t);
	return true;
}

void
replay_pause(struct tui *t)
{
	struct player *p = t->opts.player;

	if (player_over(p)) {
		tui_say_key(t, "tui.replay-over");
		return;
	}
	player_pause(p, !player_paused(p));
	tui_say_key(t, player_paused(p) ? "tui.replay-paused" :
	    "tui.replay-goes-on");
}

static void
pace(struct tui *t, int by)
{
	struct player *p = t->opts.player;

	if (p == NULL)
		tui_say_key(t, "tui.only-replay");
	else if (player_faster(p, by) != 0)
		tui_say_key(t, by > 0 ? "tui.fastest" : "tui.slowest");
	else if (strcmp(player_speed(p), "max") == 0)
		tui_say_key(t, "tui.speed-max");
	else
		tui_say(t, strings_make("tui.speed", "speed",
		    player_speed(p), NULL), false);
}

void
act_faster(struct tui *t)
{
	pace(t, 1);
}

void
act_slower(struct tui *t)
{
	pace(t, -1);
}
