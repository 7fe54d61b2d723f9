/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By hand inside the guide: the line at the bottom is typed to the selected
 * probe; remarks and explanations stand between the lines of its dialogue.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "diag/engine_hand.h"
#include "ui/hand.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_hand.h"

#define REMARKS_MAX	2000

struct remark {
	uint64_t	 seq;		/* of the session when it was made */
	enum hand_say	 kind;
	char		*text;
};

struct tui_hand {
	struct hand	*hand;
	struct remark	*list;
	size_t		 n, next;	/* next: to be shown */
	char		*key;		/* of the probe spoken on */
	char		*prompt;	/* of a question, or NULL */
	bool		 secret, over;
	bool		 sent;		/* the edited line */
};

static void typed(struct tui *, const char *);

/* dig's tabs: a pane is too narrow for columns of eight. */
static char *
without_tabs(const char *text)
{
	char *copy = xstrdup(text), *to = copy;

	for (; *text != '\0'; text++)
		if (*text != '\t')
			*to++ = *text;
		else if (text[1] != '\t')
			*to++ = ' ';
	*to = '\0';
	return copy;
}

static void
on_say(void *ctx, enum hand_say kind, const char *text)
{
	struct tui *t = ctx;
	struct tui_hand *h = t->hand;

	if (h == NULL || h->n >= REMARKS_MAX)
		return;
	h->list = xreallocarray(h->list, h->n + 1, sizeof(*h->list));
	h->list[h->n].seq = t->s->seq;
	h->list[h->n].kind = kind;
	h->list[h->n++].text = without_tabs(text);
	t->live_seen = 0;
	tui_dirty(t);
}

static void
on_probe(void *ctx, const char *key)
{
	struct tui *t = ctx;
	char *id;

	if (t->hand == NULL)
		return;
	free(t->hand->key);
	t->hand->key = key == NULL ? NULL : xstrdup(key);
	if (key != NULL) {
		id = xasprintf("probe:%s", key);
		select_go(t, id);
		free(id);
		t->focus = PANE_LIVE;
	}
	t->pane[PANE_LIVE].page.stick = true;
	tui_dirty(t);
}

static void
on_ask(void *ctx, const char *prompt, bool secret)
{
	struct tui *t = ctx;

	if (t->hand == NULL)
		return;
	free(t->hand->prompt);
	t->hand->prompt = xstrdup(prompt);
	t->hand->secret = secret;
	hand_pane_line(t, "");
}

static void
on_over(void *ctx)
{
	struct tui *t = ctx;

	if (t->hand != NULL)
		t->hand->over = true;
}

/* A line of the script to be edited; none: all that follows is typed. */
static void
on_next(void *ctx, const char *line)
{
	struct tui *t = ctx;

	if (t->hand == NULL)
		return;
	t->hand->sent = false;
	t->pane[PANE_LIVE].page.stick = true;
	hand_pane_line(t, line == NULL ? "" : line);
}

static const struct hand_hooks pane_hooks = {
	.say = on_say, .probe = on_probe, .ask = on_ask, .over = on_over,
	.next = on_next,
};

/* The probe that "!" is about: one that runs, else the last shown. */
static const struct sprobe *
chosen(struct tui *t, uint64_t *seq)
{
	const char *line = page_id(&t->pane[PANE_LIVE].page);
	const struct sprobe **list, *one = NULL;
	const struct sline *l;
	size_t n = select_probes(t, select_id(t), &list), i;

	*seq = 0;
	for (i = 0; i < n; i++)
		if (one == NULL || list[i]->state == PROBE_RUNNING)
			one = list[i];
	free(list);
	if (t->focus == PANE_LIVE && strncmp(line, "line:", 5) == 0) {
		const struct sprobe *of = select_line(t,
		    strtoull(line + 5, NULL, 10), &l);

		if (of != NULL) {
			one = of;
			*seq = l->seq;
		}
	}
	return one;
}

static void
pane_begin(struct tui *t, const struct sprobe *p)
{
	t->hand = xcalloc(1, sizeof(*t->hand));
	t->view = VIEW_MAIN;
	t->focus = PANE_LIVE;
	t->follow = false;
	t->hand->key = p == NULL ? NULL : xstrdup(p->key);
	t->pane[PANE_LIVE].page.stick = true;
	t->live_seen = 0;
}

void
hand_pane_open(struct tui *t)
{
	struct hand_hooks hooks = pane_hooks;
	const struct sprobe *p;
	uint64_t seq;

	if (t->hand != NULL) {
		if (!hand_edits(t->hand->hand))
			hand_pane_line(t, "");
		return;
	}
	hooks.ctx = t;
	p = chosen(t, &seq);
	pane_begin(t, p);
	t->hand->hand = hand_open(t->engine, p == NULL ? NULL : p->key, seq,
	    &hooks);
	if (t->line == NULL)
		hand_pane_line(t, "");
}

void
hand_pane_edit(struct tui *t)
{
	struct hand_hooks hooks = pane_hooks;
	const struct sprobe *p;
	const char *why;
	uint64_t seq;
	char *key;

	if (t->hand != NULL)
		return;
	hooks.ctx = t;
	p = chosen(t, &seq);
	pane_begin(t, p);
	t->hand->hand = hand_open_edit(t->engine, p == NULL ? NULL : p->key,
	    &hooks, &why);
	if (t->hand->hand == NULL) {
		hand_pane_close(t);
		key = xasprintf("tui.edit.%s", why);
		tui_say_key(t, key);
		free(key);
		return;
	}
	tui_say_key(t, "tui.edit.waits");
}

void
hand_pane_close(struct tui *t)
{
	struct tui_hand *h = t->hand;
	size_t i;

	if (h == NULL)
		return;
	t->hand = NULL;
	line_close(t);
	if (h->hand != NULL)
		hand_free(h->hand);
	for (i = 0; i < h->n; i++)
		free(h->list[i].text);
	free(h->list);
	free(h->key);
	free(h->prompt);
	free(h);
	t->live_seen = 0;
	tui_dirty(t);
}

/* The caller frees. */
static char *
prompt_of(const struct tui_hand *h)
{
	const char *name = h->prompt != NULL ? h->prompt :
	    hand_prompt(h->hand);
	bool edits = hand_edits(h->hand);

	return xasprintf("%s%s%s%s", edits ? S("tui.edit.prompt") : "",
	    edits ? " " : "", name, h->prompt != NULL ? " " : "");
}

void
hand_pane_prompt(struct tui *t)
{
	char *prompt;

	if (t->hand == NULL || t->hand->hand == NULL)
		return;
	prompt = prompt_of(t->hand);
	line_prompt(t, prompt);
	free(prompt);
}

void
hand_pane_line(struct tui *t, const char *text)
{
	struct tui_hand *h = t->hand;
	char *prompt = prompt_of(h);

	line_open(t, h->prompt != NULL && h->secret ? LINE_SECRET : LINE_HAND,
	    prompt, text, typed);
	free(prompt);
}

static void
typed(struct tui *t, const char *text)
{
	struct tui_hand *h = t->hand;
	char *answer;

	if (h == NULL)
		return;
	t->pane[PANE_LIVE].page.stick = true;
	if (h->prompt != NULL) {
		free(h->prompt);
		h->prompt = NULL;
		answer = xstrdup(text);
		hand_answer(h->hand, answer);
		memset(answer, 0, strlen(answer));
		free(answer);
	} else if (hand_edits(h->hand)) {
		h->sent = hand_edited(h->hand, text);
		if (!h->sent && t->line == NULL)
			hand_pane_line(t, text);
	} else
		hand_line(h->hand, text);
	hand_pane_check(t);
	if (t->hand != NULL && t->line == NULL && !hand_edits(h->hand))
		hand_pane_line(t, "");
}

void
hand_pane_check(struct tui *t)
{
	const struct sprobe *p;

	if (t->hand == NULL || !t->hand->over)
		return;
	p = t->hand->key == NULL ? NULL : session_probe(t->s, t->hand->key);
	hand_pane_close(t);
	tui_say_key(t, p != NULL && p->state == PROBE_ENDED ?
	    "tui.edit.over" : "tui.hand-over");
}

void
hand_pane_event(struct tui *t, const struct session *s,
    const struct event *ev)
{
	if (t->hand != NULL && t->hand->hand != NULL)
		hand_event(t->hand->hand, s, ev);
}

bool
hand_pane_edits(const struct tui *t)
{
	return t->hand != NULL && t->hand->hand != NULL &&
	    hand_edits(t->hand->hand);
}

void
hand_pane_leave(struct tui *t)
{
	(void)engine_release(t->engine, t->hand->key);
	hand_pane_close(t);
	tui_say_key(t, "tui.edit.left");
}

bool
hand_pane_key(struct tui *t, int key)
{
	if (hand_pane_edits(t) && (key == 27 || key == 3 || key == 29)) {
		hand_pane_leave(t);
		return true;
	}
	switch (key) {
	case 27:
		hand_pane_close(t);
		tui_say_key(t, "tui.hand-left");
		return true;
	case 3:		/* Ctrl-C: the line goes with what it was for */
		(void)hand_interrupt(t->hand->hand);
		free(t->hand->prompt);
		t->hand->prompt = NULL;
		hand_pane_line(t, "");
		return true;
	case 29:	/* Ctrl-] */
		hand_release(t->hand->hand);
		hand_pane_check(t);
		return true;
	default:
		return false;
	}
}

/* An edited line is one line. */
static void
paste_flat(struct tui *t, const char *text)
{
	char *copy = xstrdup(text), *at;

	for (at = copy; (at = strchr(at, '\n')) != NULL;)
		*at = ' ';
	line_paste(t, copy);
	free(copy);
}

void
hand_pane_paste(struct tui *t, const char *text)
{
	if (hand_edits(t->hand->hand)) {
		paste_flat(t, text);
		return;
	}
	line_close(t);
	hand_paste(t->hand->hand, text);
	if (t->hand != NULL && t->line == NULL)
		hand_pane_line(t, "");
}

size_t
hand_pane_hidden(const struct tui *t, const char *text)
{
	return t->hand == NULL ? strlen(text) :
	    hand_hidden(t->hand->hand, text);
}

bool
hand_pane_memorable(const struct tui *t, const char *text)
{
	return t->hand == NULL || hand_memorable(t->hand->hand, text);
}

const char *
hand_pane_history(const struct tui *t)
{
	return t->hand == NULL || t->hand->hand == NULL ? "" :
	    hand_history(t->hand->hand);
}

char **
hand_pane_complete(struct tui *t, const char *line, size_t point)
{
	return t->hand == NULL ? NULL : hand_complete(t->hand->hand, line,
	    point);
}

const char *
hand_pane_probe(const struct tui *t)
{
	return t->hand == NULL ? NULL : t->hand->key;
}

void
hand_pane_remarks(struct tui *t, struct pane *p, const char *key,
    uint64_t before)
{
	struct tui_hand *h = t->hand;

	if (h == NULL || (h->key != NULL && key != NULL &&
	    strcmp(h->key, key) != 0))
		return;
	for (; h->next < h->n && h->list[h->next].seq < before; h->next++) {
		const struct remark *r = &h->list[h->next];
		const char *style = r->kind == HAND_BAD ? ST_YELLOW :
		    r->kind == HAND_EXPLAIN ? ST_CYAN : "";
		char *first = xasprintf("%s    ", style);

		page_text(&p->page, NULL, first, first, r->text, p->w,
		    t->wrap, t->amb);
		free(first);
	}
}

void
hand_pane_begin(struct tui *t)
{
	if (t->hand != NULL)
		t->hand->next = 0;
}
