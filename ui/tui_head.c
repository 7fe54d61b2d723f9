/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first lines: what is diagnosed from where, the answer in ten seconds
 * (per service and family a sign, the worst finding), whom to call.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/state.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_ask.h"

int
head_lines(const struct tui *t)
{
	return (t->rows >= 20 ? 3 : 2) + (ask_open(t) >= 0);
}

/* Does a family work from here? */
static int
family_here(const struct session *s, int family)
{
	enum finding_id none = family == 4 ? F_HERE_NO_V4 : F_HERE_NO_V6;
	bool asked = false;
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		if (s->findings[i]->id == none || (family == 6 &&
		    s->findings[i]->id == F_HERE_V6_UNPROVEN))
			return VERDICT_UNKNOWN;
	for (i = 0; i < s->nprobes; i++) {
		const struct sprobe *p = s->probes[i];

		if (p->ep.addr.family != family || p->qname == NULL)
			continue;
		asked = true;
		if (p->reply != NULL)
			return VERDICT_OK;
	}
	return asked ? VERDICT_UNKNOWN : VERDICT_NONE;
}

/* The families from here, and the resolver if some of it fits. */
static void
here(struct buf *b, const struct tui *t, int room)
{
	const json_t *options = json_object_get(t->s->head, "options");
	const char *r = json_string_value(json_array_get(json_object_get(
	    options, "resolvers"), 0));
	int f, v;

	buf_printf(b, "%s: ", S("tui.here"));
	for (f = 4; f <= 6; f += 2) {
		v = family_here(t->s, f);
		buf_printf(b, "%sv%d ", f == 4 ? "" : "  ", f);
		if (v == VERDICT_OK)
			buf_adds(b, S("verdict-word.ok"));
		else
			draw_sign(b, t, v);
	}
	if (r != NULL && text_width(buf_str(b), t->amb) + 8 <= room) {
		buf_adds(b, "  ");
		strings_safe(b, r, strlen(r));
	}
	draw_cut(b, t, room);
}

static void
progress(struct buf *b, const struct tui *t)
{
	int64_t s = tui_elapsed(t) / 1000000;
	size_t i, done = 0, all = t->s->nprobes;
	int full;

	for (i = 0; i < all; i++)
		done += t->s->probes[i]->state != PROBE_RUNNING;
	if (t->opts.ticket != NULL)
		buf_printf(b, ST_CYAN "%s" ST_NORMAL "  ",
		    S("tui.practice"));
	if (t->opts.player != NULL) {
		buf_printf(b, ST_DIM "%s", S("tui.recording"));
		if (strcmp(player_speed(t->opts.player), "1") != 0)
			buf_printf(b, " x%s", player_speed(t->opts.player));
		buf_adds(b, ST_NORMAL "  ");
	}
	if (tui_paused(t))
		buf_printf(b, ST_YELLOW "%s" ST_NORMAL "  ", S("tui.paused"));
	buf_printf(b, "%02lld:%02lld  ", (long long)(s / 60),
	    (long long)(s % 60));
	if (t->cols >= 100 && all > 0) {
		full = (int)(done * 10 / all);
		buf_addc(b, '[');
		for (i = 0; i < 10; i++)
			buf_addc(b, (int)i < full ? '#' : '.');
		buf_adds(b, "] ");
	}
	buf_printf(b, "%zu/%zu", done, all);
}

static void
first_line(struct tui *t)
{
	const json_t *subject = json_object_get(t->s->head, "subject");
	const char *name = json_str(subject, "unicode");
	struct buf left, right;
	int w, x;

	buf_init(&left, 0);
	buf_init(&right, 0);
	buf_adds(&left, " tadoru  " ST_BOLD);
	strings_safe(&left, name, strlen(name));
	buf_adds(&left, ST_NORMAL);
	progress(&right, t);
	w = text_width(buf_str(&right), t->amb);
	draw_text(t, 0, 0, t->cols - w - 2, 0, buf_str(&left), false);
	draw_text(t, 0, t->cols - w - 1, w, 0, buf_str(&right), false);
	x = text_width(buf_str(&left), t->amb) + 4;
	if (x < t->cols / 3)
		x = t->cols / 3;
	buf_drop(&left, left.len);
	here(&left, t, t->cols - w - x - 2);
	draw_text(t, 0, x, t->cols - w - x - 2, 0, buf_str(&left), false);
	buf_free(&left);
	buf_free(&right);
}

/* Is a step that feeds the service still at work? */
static bool
unfinished(const struct tui *t, const char *service)
{
	enum step_id step = strcmp(service, "dns") == 0 ? STEP_SERVERS :
	    strcmp(service, "web") == 0 ? STEP_WEB :
	    strcmp(service, "mail-in") == 0 ? STEP_MAIL_IN : STEP_MAILBOX;

	return t->s->end == NULL && (t->s->steps[step] == STEP_WAITING ||
	    t->s->steps[step] == STEP_RUNNING);
}

static void
family_sign(struct buf *b, const struct tui *t, int verdict, bool open)
{
	if (open && verdict < VERDICT_WARNING)
		draw_state(b, t, 'r');
	else
		draw_sign(b, t, verdict);
}

static void
services(struct buf *b, const struct tui *t)
{
	const json_t *list = json_object_get(json_object_get(t->now.end,
	    "summary"), "services");
	const char *name;
	json_t *one;
	bool open;
	size_t i;
	int v4, v6;

	json_array_foreach(list, i, one) {
		name = json_str(one, "service");
		open = unfinished(t, name);
		v4 = verdict_parse(json_str(one, "v4"));
		v6 = verdict_parse(json_str(one, "v6"));
		buf_adds(b, i == 0 ? " " : signs_dot());
		signs_word(b, "service", name);
		buf_addc(b, ' ');
		if (!open && v4 == v6 && v4 < VERDICT_OK) {
			draw_sign(b, t, v4);
			continue;
		}
		buf_adds(b, "v4 ");
		family_sign(b, t, v4, open);
		buf_adds(b, " v6 ");
		family_sign(b, t, v6, open);
	}
}

/* Nothing found is not the same as everything seen. */
static void
no_findings(struct buf *b, const struct tui *t)
{
	int v = verdict_parse(json_str(t->now.end, "verdict"));

	draw_sign(b, t, v);
	buf_addc(b, ' ');
	if (v == VERDICT_OK)
		buf_adds(b, S("tui.no-findings"));
	else
		signs_word(b, "verdict-word", json_str(t->now.end,
		    "verdict"));
}

static void
worst(struct buf *b, const struct tui *t)
{
	const json_t *findings = json_object_get(t->now.end, "findings");
	int64_t i = json_int(json_object_get(t->now.end, "summary"), "worst",
	    -1);
	const json_t *f = i < 0 ? NULL : json_array_get(findings, (size_t)i);
	const struct help_topic *topic;
	struct buf ep;
	int v;

	if (f == NULL) {
		if (tui_over(t) && t->now.end != NULL)
			no_findings(b, t);
		return;
	}
	v = verdict_parse(json_str(f, "verdict"));
	topic = strings_topic(json_str(f, "id"));
	buf_init(&ep, 0);
	signs_endpoint(&ep, json_object_get(f, "endpoint"));
	buf_printf(b, "%s: ", S("report.worst"));
	draw_sign(b, t, v);
	buf_printf(b, " %s%s" ST_NORMAL "%s%s", draw_style(v), topic != NULL ?
	    topic->title : json_str(f, "id"), ep.len > 0 ? ": " : "",
	    buf_str(&ep));
	buf_free(&ep);
}

static void
contacts(struct buf *b, const struct tui *t)
{
	const char *who;
	json_t *c;
	size_t i;

	json_array_foreach(json_object_get(t->now.end, "contacts"), i, c) {
		who = json_str(c, "provider");
		buf_adds(b, i == 0 ? " " : signs_dot());
		signs_word(b, "service", json_str(c, "service"));
		buf_addc(b, ' ');
		strings_safe(b, who, strlen(who));
	}
}

/* The worst and the last run in so many columns: the first is cut, so that
   the other is seen. */
static void
answer(struct buf *b, const struct tui *t, const struct buf *w,
    const struct buf *last, int columns)
{
	int need = last->len == 0 ? 0 : text_width(buf_str(last), t->amb) +
	    (w->len > 0 ? text_width(signs_dot(), t->amb) : 0);
	struct buf cut;

	buf_init(&cut, 0);
	buf_adds(&cut, buf_str(w));
	draw_cut(&cut, t, columns - need < 24 ? columns : columns - need);
	buf_adds(b, buf_str(&cut));
	if (last->len > 0)
		buf_printf(b, "%s%s", w->len > 0 ? signs_dot() : "",
		    buf_str(last));
	buf_free(&cut);
}

void
head_draw(struct tui *t)
{
	struct buf a, w, c, last, third;
	int room;

	first_line(t);
	buf_init(&a, 0);
	buf_init(&w, 0);
	buf_init(&c, 0);
	buf_init(&last, 0);
	buf_init(&third, 0);
	services(&a, t);
	worst(&w, t);
	state_said(&last, t->s);
	contacts(&c, t);
	room = t->cols - text_width(buf_str(&a), t->amb) - 3;
	if (t->rows < 20 || room >= text_width(buf_str(&w), t->amb) +
	    text_width(buf_str(&last), t->amb) + 3) {
		buf_adds(&a, "   ");
		answer(&a, t, &w, &last, room);
		buf_adds(&third, buf_str(&c));
	} else {
		buf_addc(&third, ' ');
		answer(&third, t, &w, &last, t->cols - 2);
		if (c.len > 0)
			buf_printf(&third, "%s%s", signs_dot(),
			    buf_str(&c) + 1);
	}
	draw_text(t, 1, 0, t->cols, 0, buf_str(&a), false);
	if (t->rows >= 20)
		draw_text(t, 2, 0, t->cols, 0, buf_str(&third), false);
	if (ask_open(t) >= 0)
		ask_draw(t, head_lines(t) - 1);
	buf_free(&a);
	buf_free(&w);
	buf_free(&c);
	buf_free(&last);
	buf_free(&third);
}
