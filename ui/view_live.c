/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogue of what is selected, line by line as it happens; of a step,
 * what it does and the commands it is about to send.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/lines.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_hand.h"

#define TIME_COLUMNS	9

static const char *
line_style(const struct sline *l)
{
	switch (l->dir) {
	case TALK_SENT:
		return ST_CYAN;
	case TALK_HAND:
		return ST_YELLOW;
	case TALK_UNEXPECTED:
	case TALK_OURS:
		return ST_RED;
	case TALK_INFO:
		return ST_DIM;
	default:
		return "";
	}
}

static bool
shows_times(const struct tui *t, const struct pane *p)
{
	return t->times && p->w >= 44;
}

/* A line of text as rows; its time stands at the right of the first. */
static void
put(struct tui *t, struct pane *p, const char *id, const char *style,
    const char *text, int64_t us)
{
	int w = p->w - (shows_times(t, p) ? TIME_COLUMNS + 1 : 0), pad;
	size_t at = p->page.n;
	struct row *r;
	struct buf b;

	page_text(&p->page, id, style, style, text, w, t->wrap, t->amb);
	if (!shows_times(t, p) || us < 0)
		return;
	r = &p->page.rows[at];
	buf_init(&b, 0);
	pad = w - text_width(r->text, t->amb);
	if (pad >= 0) {
		buf_printf(&b, "%s%*s " ST_DIM "%5lld.%03lld", r->text, pad,
		    "", (long long)(us / 1000000),
		    (long long)(us / 1000 % 1000));
		free(r->text);
		r->text = buf_steal(&b);
	}
	buf_free(&b);
}

static void
dialogue_line(struct tui *t, struct pane *p, const struct sprobe *probe,
    const struct sline *l)
{
	struct line_show show = { l->dir, l->tls, l->dns, l->data, l->len,
		l->full, l->body };
	char *id = xasprintf("line:%llu", (unsigned long long)l->seq);
	int64_t us = l->us - probe->began;
	const char *at, *end;
	struct buf b;
	char *one;

	buf_init(&b, 0);
	lines_render(&b, "", &show);
	for (at = buf_str(&b); *at != '\0'; at = end + 1) {
		if ((end = strchr(at, '\n')) == NULL)
			break;
		one = xstrndup(at, (size_t)(end - at));
		put(t, p, id, line_style(l), one, us);
		free(one);
		us = -1;
	}
	buf_free(&b);
	free(id);
}

/* The lines that are not kept. */
static void
gap(struct tui *t, struct pane *p, const struct sprobe *probe, const char *id)
{
	char *text = xasprintf("[+%zu]", probe->dropped);

	if (probe->dropped > 0)
		put(t, p, id, ST_DIM, text, -1);
	free(text);
}

static void
dialogue(struct tui *t, struct pane *p, const struct sprobe *probe)
{
	size_t i;
	char *id = xasprintf("probe:%s", probe->key);
	struct buf b;

	buf_init(&b, 0);
	if (*probe->command != '\0') {
		buf_adds(&b, "$ ");
		strings_safe(&b, probe->command, strlen(probe->command));
		put(t, p, id, ST_BOLD, buf_str(&b), -1);
	}
	for (i = 0; i < probe->nlines; i++) {
		if (i == probe->head)
			gap(t, p, probe, id);
		hand_pane_remarks(t, p, probe->key, probe->lines[i].seq);
		dialogue_line(t, p, probe, &probe->lines[i]);
	}
	if (i == probe->head)
		gap(t, p, probe, id);
	hand_pane_remarks(t, p, probe->key, UINT64_MAX);
	if (probe->state == PROBE_SKIPPED) {
		buf_drop(&b, b.len);
		buf_printf(&b, "%s: ", S("probe-state.skipped"));
		signs_word(&b, "outcome", probe->outcome);
		put(t, p, id, ST_DIM, buf_str(&b), -1);
	}
	buf_free(&b);
	free(id);
}

/* What a step will send, before it is sent. */
static void
commands(struct tui *t, struct pane *p, int step)
{
	json_t *c;
	struct buf b;
	size_t i;

	if (json_array_size(t->ready[step]) == 0)
		return;
	page_add(&p->page, NULL, "");
	put(t, p, NULL, t->waiting[step] ? ST_YELLOW : ST_BOLD,
	    t->waiting[step] ? S("tui.will-send") : S("tui.sent"), -1);
	json_array_foreach(t->ready[step], i, c) {
		buf_init(&b, 0);
		buf_adds(&b, "$ ");
		if (json_is_string(c))
			strings_safe(&b, json_string_value(c),
			    json_string_length(c));
		put(t, p, NULL, "  ", buf_str(&b), -1);
		buf_free(&b);
	}
}

static void
about_step(struct tui *t, struct pane *p, int step)
{
	const struct help_topic *topic = strings_topic(step_rows[step].id);

	if (topic == NULL)
		return;
	page_text(&p->page, NULL, "", "", topic->sentence, p->w, true, t->amb);
	commands(t, p, step);
	page_add(&p->page, NULL, "");
	page_prose(&p->page, ST_DIM, topic->body, p->w, t->amb);
}

static uint64_t
mix(uint64_t h, uint64_t x)
{
	return (h ^ x) * UINT64_C(0x100000001b3);
}

/* A number that changes whenever the rows would. */
static uint64_t
signature(const struct tui *t, const struct pane *p,
    const struct sprobe *const *list, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	size_t i;

	h = mix(h, (uint64_t)p->w);
	h = mix(h, (uint64_t)t->amb * 8 + t->wrap * 4 + t->times * 2u);
	h = mix(h, (uint64_t)(uintptr_t)strings_lang());
	for (i = 0; i < n; i++) {
		h = mix(h, list[i]->nlines);
		h = mix(h, list[i]->dropped);
		h = mix(h, list[i]->nlines > 0 ?
		    list[i]->lines[list[i]->nlines - 1].seq : 0);
		h = mix(h, list[i]->ended_seq + (uint64_t)list[i]->state);
	}
	for (i = 0; n == 0 && i < STEP_COUNT; i++)
		h = mix(h, t->waiting[i] + 2 *
		    json_array_size(t->ready[i]));
	return h;
}

/* "smtp mx1.example.jp  2001:db8::25  port 25  1.2 s": what does not fit is
   left out from the right, the name is cut, the address never. */
static void
title_of(struct buf *b, const struct tui *t, const struct sprobe *one,
    const char *addr, const char *rest, int room)
{
	bool has_rest = *rest != '\0' && text_width(one->ep.proto, t->amb) +
	    text_width(one->ep.name, t->amb) + text_width(addr, t->amb) +
	    text_width(rest, t->amb) + 1 <= room;

	strings_safe(b, one->ep.proto, strlen(one->ep.proto));
	buf_addc(b, ' ');
	strings_safe(b, one->ep.name, strlen(one->ep.name));
	draw_cut(b, t, room - text_width(addr, t->amb));
	buf_adds(b, addr);
	if (has_rest)
		buf_adds(b, rest);
}

static void
title_probe(struct buf *b, const struct tui *t, const struct pane *p,
    const struct sprobe *const *list, size_t n)
{
	const struct sprobe *one = list[0], *last = list[n - 1];
	char text[ADDR_STRLEN], *addr;
	struct buf rest;

	addr = one->ep.addr.family == 0 ? xstrdup("") :
	    xasprintf("  %s", addr_print(&one->ep.addr, text));
	buf_init(&rest, 0);
	if (one->ep.port != 0)
		buf_printf(&rest, "  %s %u", S("word.port"), one->ep.port);
	if (last->state == PROBE_ENDED && n == 1) {
		buf_adds(&rest, "  ");
		signs_seconds(&rest, (double)(last->ended - last->began) / 1e6);
	}
	title_of(b, t, one, addr, buf_str(&rest), p->w - 2);
	buf_free(&rest);
	free(addr);
}

static void
set_title(struct tui *t, struct pane *p, const char *id,
    const struct sprobe *const *list, size_t n)
{
	int step = select_step(t, id);
	struct buf b;

	buf_init(&b, 0);
	if (n > 0)
		title_probe(&b, t, p, list, n);
	else if (step >= 0)
		buf_printf(&b, "%d %s", step + 1, step_rows[step].id);
	free(p->title);
	p->title = buf_steal(&b);
}

/* Something else is shown: from its end while it runs, else from the top. */
static void
turn_to(struct tui *t, struct pane *p, const char *id,
    const struct sprobe *const *list, size_t n)
{
	size_t i;

	free(t->live_id);
	t->live_id = xstrdup(id);
	page_begin(&p->page);
	free(p->page.keep);
	p->page.keep = NULL;
	p->page.cursor = p->page.top = 0;
	p->page.left = 0;
	p->page.stick = false;
	for (i = 0; i < n; i++)
		if (list[i]->state == PROBE_RUNNING)
			p->page.stick = true;
}

void
view_live(struct tui *t, struct pane *p)
{
	const char *spoken = hand_pane_probe(t);
	char *own = spoken == NULL ? NULL : xasprintf("probe:%s", spoken);
	const char *id = own != NULL ? own : select_id(t);
	const struct sprobe **list;
	size_t n = select_probes(t, id, &list), i;
	uint64_t seen = signature(t, p, list, n);
	int step = select_step(t, id);
	bool same = t->live_id != NULL && strcmp(t->live_id, id) == 0;

	set_title(t, p, id, list, n);
	if (!same || seen != t->live_seen) {
		if (same)
			page_begin(&p->page);
		else
			turn_to(t, p, id, list, n);
		t->live_seen = seen;
		hand_pane_begin(t);
		if (n == 0 && t->hand != NULL)
			hand_pane_remarks(t, p, NULL, UINT64_MAX);
		else if (n == 0 && step >= 0)
			about_step(t, p, step);
		for (i = 0; i < n; i++) {
			if (i > 0)
				page_add(&p->page, NULL, "");
			dialogue(t, p, list[i]);
		}
		page_end(&p->page, p->h);
	} else
		page_show(&p->page, p->h);
	free(list);
	free(own);
}
