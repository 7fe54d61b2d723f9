/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line at the bottom while something is typed: a command, a search, a
 * number. It is readline's, fed with bytes from a queue that is never empty
 * when readline reads; what readline would draw is drawn by curses.
 */
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/histories.h"
#include "ui/readline_leave.h"
#include "ui/secret_keys.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_hand.h"
#include "ui/tui_act.h"

#include <term.h>	/* last: its macros have everyday names */

#define TYPED_MAX 4096
#define ABORT	7	/* Ctrl-G */

struct tui_line {
	struct tui	*tui;
	enum line_kind	 kind;
	void		(*done)(struct tui *, const char *);
	struct buf	 queue;
	bool		 over;
	char		*result;	/* NULL: end of file */
	char		*choices;	/* of completion, or NULL */
};

static struct tui_line *editing;
static FILE *nowhere;

static int
get_byte(FILE *f)
{
	int c;

	(void)f;
	/* Should readline want more than there is: an end of file would end
	   the line, this only what was begun. */
	if (editing == NULL || editing->queue.len == 0)
		return ABORT;
	c = editing->queue.data[0];
	buf_drop(&editing->queue, 1);
	return c;
}

static int
available(void)
{
	return editing != NULL && editing->queue.len > 0;
}

static void
draw_nothing(void)
{
}

static void
on_line(char *text)
{
	editing->over = true;
	editing->result = text;
}

static char *
next_word(const char *text, int state)
{
	static size_t at;
	const char *word;

	if (state == 0)
		at = 0;
	while ((word = act_word(at)) != NULL) {
		at++;
		if (strncmp(word, text, strlen(text)) == 0)
			return xstrdup(word);
	}
	return NULL;
}

static char **offers;

static char *
next_offer(const char *text, int state)
{
	static size_t at;

	(void)text;
	if (state == 0)
		at = 0;
	return offers[at] == NULL ? NULL : xstrdup(offers[at++]);
}

/* What may stand in place of the whole line so far, as readline wants it:
   first what all have in common. */
static char **
complete_hand(const char *text)
{
	char **matches;

	rl_completion_append_character = '\0';
	offers = hand_pane_complete(editing->tui, rl_line_buffer,
	    (size_t)rl_point);
	if (offers == NULL)
		return NULL;
	matches = rl_completion_matches(text, next_offer);
	for (size_t i = 0; offers[i] != NULL; i++)
		free(offers[i]);
	free(offers);
	offers = NULL;
	return matches;
}

static char **
complete(const char *text, int start, int end)
{
	(void)end;
	rl_attempted_completion_over = 1;
	if (editing->kind == LINE_HAND)
		return complete_hand(text);
	rl_completion_append_character = ' ';
	if (editing->kind != LINE_COMMAND || start != 0)
		return NULL;
	return rl_completion_matches(text, next_word);
}

/* Control characters as ^X; the rest as it is, when it is UTF-8. */
static void
visible(struct buf *b, const char *s, size_t n)
{
	size_t i, from = 0;

	for (i = 0; i <= n; i++)
		if (i == n || (unsigned char)s[i] < 32 || s[i] == 127) {
			strings_safe(b, s + from, i - from);
			if (i < n)
				buf_printf(b, "^%c", (s[i] ^ 64) & 127);
			from = i + 1;
		}
}

static void
show_choices(char **list, int n, int longest)
{
	struct buf b;
	int i;

	(void)longest;
	buf_init(&b, 0);
	for (i = 1; i <= n; i++) {
		buf_adds(&b, "  ");
		visible(&b, list[i], strlen(list[i]));
	}
	free(editing->choices);
	editing->choices = buf_steal(&b);
}

static void
set_up(void)
{
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_getc_function = get_byte;
	rl_input_available_hook = available;
	rl_redisplay_function = draw_nothing;
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = show_choices;
	rl_completion_query_items = -1;
	rl_basic_word_break_characters = " ";
	rl_readline_name = "tadoru";
	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "r+");
	rl_outstream = rl_instream = nowhere;
}

/* By hand each protocol has its own. */
static void
history_of(const struct tui *t, enum line_kind kind)
{
	static const char *const names[] = { "command", "search", "number",
		"answer", NULL, "secret" };
	char name[32];

	snprintf(name, sizeof(name), "by hand %s", kind == LINE_HAND ?
	    hand_pane_history(t) : "");
	histories_choose(kind == LINE_HAND ? name : names[kind]);
}

void
line_open(struct tui *t, enum line_kind kind, const char *prompt,
    const char *text, void (*done)(struct tui *, const char *))
{
	TERMINAL *was = cur_term;

	line_close(t);
	editing = t->line = xcalloc(1, sizeof(*t->line));
	t->line->tui = t;
	t->line->kind = kind;
	t->line->done = done;
	buf_init(&t->line->queue, TYPED_MAX);
	set_up();
	history_of(t, kind);
	rl_basic_word_break_characters = kind == LINE_HAND ? "" : " ";
	rl_completer_word_break_characters = rl_basic_word_break_characters;
	rl_initialize();	/* reads the user's settings, ours come after */
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_callback_handler_install(prompt, on_line);
	secret_keys(kind == LINE_SECRET);
	if (*text != '\0')
		rl_insert_text(text);
	set_curterm(was);
	tui_dirty(t);
}

/* Lines of the history that were edited and left keep a list of changes,
   which must not outlive this line. */
static void
forget_changes(void)
{
	HIST_ENTRY **list = history_list();

	for (; list != NULL && *list != NULL; list++)
		if ((*list)->data != NULL) {
			rl_undo_list = (UNDO_LIST *)(*list)->data;
			rl_free_undo_list();
			(*list)->data = NULL;
		}
}

void
line_close(struct tui *t)
{
	struct tui_line *l = t->line;

	if (l == NULL)
		return;
	if (!l->over) {
		readline_leave();
		rl_replace_line("", 1);
	}
	secret_keys(false);
	rl_callback_handler_remove();
	forget_changes();
	buf_free(&l->queue);
	free(l->result);
	free(l->choices);
	free(l);
	t->line = editing = NULL;
}

/* Let readline eat what is queued; an ended line is acted upon. */
static void
feed(struct tui *t)
{
	struct tui_line *l = t->line;
	void (*done)(struct tui *, const char *) = l->done;
	char *text;

	free(l->choices);
	l->choices = NULL;
	while (l->queue.len > 0 && !l->over)
		rl_callback_read_char();
	if (!l->over)
		return;
	text = l->result;
	l->result = NULL;
	if (text != NULL && *text != '\0' && l->kind != LINE_SECRET &&
	    l->kind != LINE_ANSWER &&
	    (l->kind != LINE_HAND || hand_pane_memorable(t, text)))
		add_history(text);
	line_close(t);
	if (text != NULL) {
		done(t, text);
		memset(text, 0, strlen(text));
	}
	free(text);
}

static void
add_key(struct buf *b, int key)
{
	mbstate_t state;
	char out[16], *seq;
	size_t n;

	if ((key & KEY_SPECIAL) != 0) {
		if ((seq = keybound(key & ~KEY_SPECIAL, 0)) != NULL)
			buf_adds(b, seq);
		free(seq);
		return;
	}
	memset(&state, 0, sizeof(state));
	n = wcrtomb(out, (wchar_t)key, &state);
	if (n != (size_t)-1)
		buf_add(b, out, n);
}

bool
line_key(struct tui *t, int key)
{
	if (t->line->kind >= LINE_HAND && t->hand != NULL &&
	    hand_pane_key(t, key))
		return true;
	switch (key) {
	case 27:
	case 3:		/* Ctrl-C */
		line_close(t);
		return true;
	case 26:	/* Ctrl-Z */
	case KEY_SPECIAL | KEY_F(1):
	case KEY_SPECIAL | KEY_PPAGE:
	case KEY_SPECIAL | KEY_NPAGE:
		return false;
	case '\t':	/* on from a question, unanswered */
		if (t->line->kind == LINE_ANSWER) {
			line_close(t);
			t->passed = t->asked + 1;
			act_pane_next(t);
			return true;
		}
		break;
	case 29:	/* Ctrl-] */
		return true;
	case 24:	/* Ctrl-X: half a key sequence inside a search makes
			   readline 8.2 use a frame that is gone */
		if (RL_ISSTATE(RL_STATE_ISEARCH))
			return true;
		break;
	case KEY_SPECIAL | KEY_BACKSPACE:
		key = 127;
		break;
	default:
		break;
	}
	add_key(&t->line->queue, key);
	feed(t);
	return true;
}

void
line_meta(struct tui *t, int key)
{
	buf_addc(&t->line->queue, 27);
	add_key(&t->line->queue, key);
	feed(t);
	tui_dirty(t);
}

void
line_paste(struct tui *t, const char *text)
{
	char *copy, *c;

	if (t->line == NULL)
		return;
	if (t->line->kind == LINE_HAND && strchr(text, '\n') != NULL) {
		hand_pane_paste(t, text);
		return;
	}
	copy = xstrdup(text);
	for (c = copy; *c != '\0'; c++)
		if ((unsigned char)*c < 32 || *c == 127)
			*c = ' ';
	rl_insert_text(copy);
	free(copy);
	tui_dirty(t);
}

void
line_prompt(struct tui *t, const char *prompt)
{
	if (t->line == NULL || t->line->kind != LINE_HAND ||
	    rl_display_prompt != rl_prompt || rl_prompt == NULL ||
	    strcmp(rl_prompt, prompt) == 0)
		return;		/* none, or a search has its own in place */
	rl_set_prompt(prompt);
}

/* The line as it is drawn: each byte of a secret typed by hand an asterisk. */
static char *
shown_line(const struct tui *t)
{
	char *copy = xstrdup(rl_line_buffer);
	size_t n = strlen(copy), at = t->line->kind != LINE_HAND ?
	    n : hand_pane_hidden(t, copy);

	memset(copy + at, '*', n - at);
	return copy;
}

/* How to leave, as long as nothing is typed, at the right of the line. */
static void
hand_keys(struct tui *t, int y, int from, int w)
{
	struct buf b;
	int n;

	buf_init(&b, 0);
	buf_printf(&b, ST_DIM "%s", S("tui.hand-keys"));
	n = text_width(buf_str(&b), t->amb);
	if (w - 1 - n >= from)
		draw_text(t, y, w - 1 - n, n, 0, buf_str(&b), false);
	buf_free(&b);
}

void
line_draw(struct tui *t, int y, int w)
{
	const char *prompt = rl_display_prompt == NULL ? "" :
	    rl_display_prompt;
	size_t end = strlen(rl_line_buffer), point = (size_t)rl_point;
	char *text = shown_line(t);
	struct buf b;
	int cursor, left;

	if (point > end)
		point = end;	/* a search has another line in hand */
	buf_init(&b, 0);
	visible(&b, prompt, strlen(prompt));
	if (t->line->kind != LINE_SECRET)
		visible(&b, text, point);
	cursor = text_width(buf_str(&b), t->amb);
	if (t->line->kind != LINE_SECRET)
		visible(&b, text + point, end - point);
	if (t->line->choices != NULL)
		buf_printf(&b, ST_DIM " %s", t->line->choices);
	left = cursor > w - 3 ? cursor - (w - 3) : 0;
	move(y, 0);
	clrtoeol();
	draw_text(t, y, 1, w - 2, left, buf_str(&b), false);
	if (end == 0 && t->line->choices == NULL &&
	    t->line->kind == LINE_HAND)
		hand_keys(t, y, cursor + 3, w);
	t->cursor_y = y;
	t->cursor_x = 1 + cursor - left;
	buf_free(&b);
	free(text);
}
