/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys that tell the engine something, open what is selected, search, copy,
 * save; and the command line.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_hand.h"
#include "ui/tui_act.h"
#include "ui/tui_replay.h"

#define RUNS_MAX	100

static bool
has_engine(struct tui *t)
{
	if (t->engine == NULL)
		tui_say_key(t, "tui.replay");
	return t->engine != NULL;
}

static bool
step_on(struct tui *t)
{
	int step = select_step(t, page_id(&t->pane[PANE_STEPS].page));

	if (replay_enter(t))
		return true;
	if (t->engine == NULL || step < 0 || !t->waiting[step])
		return false;
	act_step(t);
	return true;
}

void
act_open(struct tui *t)
{
	struct pane *p = tui_pane(t);
	char *id = xstrdup(page_id(&p->page));

	if (t->view != VIEW_MAIN) {
		char *to = strncmp(id, "find:", 5) == 0 ? select_of_finding(t,
		    json_array_get(json_object_get(t->now.end, "findings"),
		    strtoul(id + 5, NULL, 10))) : xstrdup(id);

		if (select_step(t, to) >= 0) {
			select_go(t, to);
			t->focus = PANE_LIVE;
		} else
			tui_say_key(t, "tui.nothing-to-open");
		free(to);
	} else if (t->focus == PANE_LIVE)
		tui_view(t, VIEW_HEX);
	else if (!step_on(t)) {
		t->follow = false;
		if (strncmp(id, "probe:", 6) == 0)
			t->focus = PANE_LIVE;
		else
			select_fold(t, id, !select_unfolded(t, id));
	}
	free(id);
}

void
act_pause(struct tui *t)
{
	if (t->opts.player != NULL) {
		replay_pause(t);
		return;
	}
	if (!has_engine(t))
		return;
	if (tui_over(t)) {
		tui_say_key(t, "tui.over");
		return;
	}
	engine_pause(t->engine, !engine_paused(t->engine));
	tui_say_key(t, engine_paused(t->engine) ? "tui.paused-now" :
	    "tui.resumed");
}

void
act_step(struct tui *t)
{
	if (t->opts.player != NULL) {
		replay_step(t);
		return;
	}
	if (!has_engine(t))
		return;
	if (tui_over(t)) {
		tui_say_key(t, "tui.over");
		return;
	}
	engine_stepping(t->engine, true);
	if (engine_paused(t->engine))
		engine_pause(t->engine, false);
	tui_say_key(t, engine_step(t->engine) ? "tui.step-on" :
	    "tui.stepping");
}

static void
again(struct tui *t, int times)
{
	const struct sprobe **list;
	size_t n = select_probes(t, select_id(t), &list), i, begun = 0;
	char number[16];

	free(t->runs.key);
	free(t->runs.took);
	memset(&t->runs, 0, sizeof(t->runs));
	if (times > 1 && n > 0) {
		t->runs.key = xstrdup(list[0]->key);
		t->runs.wanted = times;
	}
	for (i = 0; i < n; i++)
		begun += engine_rerun(t->engine, list[i]->key, times) == 0;
	free(list);
	snprintf(number, sizeof(number), "%zu", begun);
	if (begun == 0)
		tui_say_key(t, "tui.cannot-again");
	else
		tui_say(t, strings_make("tui.again", "n", number, NULL),
		    false);
}

void
act_again(struct tui *t)
{
	if (has_engine(t))
		again(t, 1);
}

static void
times_typed(struct tui *t, const char *text)
{
	long n;

	if (text_number(text, 1, RUNS_MAX, &n) != 0)
		tui_say_key(t, "tui.bad-number");
	else
		again(t, (int)n);
}

void
act_again_times(struct tui *t)
{
	if (has_engine(t))
		line_open(t, LINE_NUMBER, S("tui.how-often"), "10",
		    times_typed);
}

void
act_skip(struct tui *t)
{
	const struct sprobe **list;
	size_t n, i, done = 0;

	if (!has_engine(t))
		return;
	n = select_probes(t, select_id(t), &list);
	for (i = 0; i < n; i++)
		done += engine_skip(t->engine, list[i]->key) == 0;
	free(list);
	tui_say_key(t, done > 0 ? "tui.skipped" : "tui.nothing-runs");
}

void
act_cancel(struct tui *t)
{
	if (t->opts.player != NULL && !tui_over(t) && !tui_paused(t)) {
		replay_pause(t);
		return;
	}
	if (t->engine == NULL || tui_over(t)) {
		tui_quit(t, false);
		return;
	}
	engine_cancel(t->engine);
	tui_say_key(t, "tui.cancelled");
}

void
act_by_hand(struct tui *t)
{
	if (has_engine(t))
		hand_pane_open(t);
}

void
act_edit(struct tui *t)
{
	if (has_engine(t))
		hand_pane_edit(t);
}

static void
search_from(struct tui *t, int dir)
{
	struct pane *p = tui_pane(t);
	size_t at;

	if (t->find == NULL) {
		tui_say_key(t, "tui.search-first");
		return;
	}
	if ((at = page_search(&p->page, t->find, dir)) == p->page.n) {
		tui_say(t, strings_make("tui.not-found", "text", t->find,
		    NULL), true);
		return;
	}
	p->page.stick = false;
	if (p == &t->pane[PANE_STEPS])
		t->follow = false;
	page_to(&p->page, at, p->h);
}

static void
search_typed(struct tui *t, const char *text)
{
	free(t->find);
	t->find = *text == '\0' ? NULL : xstrdup(text);
	if (t->find != NULL)
		search_from(t, 1);
}

void
act_search(struct tui *t)
{
	line_open(t, LINE_SEARCH, "/", "", search_typed);
}

void
act_search_next(struct tui *t)
{
	search_from(t, 1);
}

void
act_search_prev(struct tui *t)
{
	search_from(t, -1);
}

static void
copy(struct tui *t, char *text)
{
	copy_text(t, text);
	free(text);
}

void
act_copy_line(struct tui *t)
{
	copy(t, copy_page(&tui_pane(t)->page, false));
}

void
act_copy_all(struct tui *t)
{
	copy(t, copy_page(t->view == VIEW_MAIN ? &t->pane[PANE_LIVE].page :
	    &t->pane[PANE_VIEW].page, true));
}

void
act_ticket(struct tui *t)
{
	copy(t, copy_ticket(t));
}

void
act_save(struct tui *t)
{
	const char *name = json_str(json_object_get(t->s->head, "subject"),
	    "name");
	const char *date = json_str(t->s->head, "date");
	char *text = xasprintf("save %s-%.10s.txt", *name == '\0' ? "tadoru" :
	    name, date);

	line_open(t, LINE_COMMAND, ":", text, act_run);
	free(text);
}

void
act_command(struct tui *t)
{
	line_open(t, LINE_COMMAND, ":", "", act_run);
}

static const char *const words[] = { "again", "bind", "explain", "find",
	"goto", "lang", "practice", "save" };
#define WORDS (sizeof(words) / sizeof(words[0]))

const char *
act_word(size_t n)
{
	if (n < WORDS)
		return words[n];
	return n - WORDS < key_row_count ? key_rows[n - WORDS].name : NULL;
}

static void
run_bind(struct tui *t, const char *rest)
{
	char *said;

	if (keys_bind(t->opts.keys, rest, &said) != 0)
		tui_say(t, said, true);
	else if (said != NULL)
		tui_say(t, said, false);
	else
		tui_say_key(t, "tui.bound");
}

static void
run_explain(struct tui *t, const char *rest)
{
	if (strings_topic(rest) == NULL) {
		tui_say(t, strings_make("err.topic", "topic", rest, NULL),
		    true);
		return;
	}
	free(t->topic);
	t->topic = xstrdup(rest);
	tui_view(t, VIEW_HELP);
}

static void
run_goto(struct tui *t, const char *rest)
{
	char *id = xasprintf("step:%s", rest);

	if (step_parse(rest) >= 0)
		select_go(t, id);
	else
		tui_say_key(t, "tui.no-step");
	free(id);
}

/* The ticket again: it stands first in the help. */
static void
run_practice(struct tui *t)
{
	if (t->opts.ticket == NULL)
		tui_say_key(t, "tui.no-practice");
	else if (t->view != VIEW_HELP || t->manual || t->topic != NULL)
		act_help(t);
	else
		act_first(t);
}

static void
run_word(struct tui *t, const char *word, const char *rest)
{
	if (strcmp(word, "again") == 0 && has_engine(t))
		times_typed(t, *rest == '\0' ? "1" : rest);
	else if (strcmp(word, "bind") == 0)
		run_bind(t, rest);
	else if (strcmp(word, "explain") == 0)
		run_explain(t, rest);
	else if (strcmp(word, "find") == 0)
		search_typed(t, rest);
	else if (strcmp(word, "goto") == 0)
		run_goto(t, rest);
	else if (strcmp(word, "practice") == 0)
		run_practice(t);
	else if (strcmp(word, "save") == 0 && *rest != '\0')
		copy_save(t, rest);
	else if (strcmp(word, "lang") == 0 && strings_choose(rest) == 0)
		tui_say_key(t, "tui.language");
	else if (strcmp(word, "again") != 0)
		tui_say(t, strings_make("tui.what-command", "word", word,
		    NULL), true);
}

void
act_run(struct tui *t, const char *text)
{
	const char *rest;
	const struct key_row *r;
	char *word;
	size_t n, i;

	text += strspn(text, " :");
	n = strcspn(text, " ");
	if (n == 0)
		return;
	word = xstrndup(text, n);
	rest = text + n + strspn(text + n, " ");
	for (i = 0; i < WORDS; i++)
		if (strcmp(word, words[i]) == 0)
			break;
	if (i < WORDS && (*rest != '\0' || keys_function(word) == NULL))
		run_word(t, word, rest);
	else if ((r = keys_function(word)) == NULL)
		tui_say(t, strings_make("tui.what-command", "word", word,
		    NULL), true);
	else if ((r->where & tui_where(t)) == 0)
		tui_say_key(t, "tui.not-here");
	else
		r->act(t);
	free(word);
}
