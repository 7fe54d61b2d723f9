/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * readline for the prompt of tadoru repl: its callback interface, fed from a
 * queue so that it never reads what is not there. The line is taken off the
 * screen while others are printed.
 */
#include "ui/hand_edit.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/hand.h"
#include "ui/histories.h"
#include "ui/key_queue.h"
#include "ui/readline_leave.h"
#include "ui/secret_keys.h"

static struct edit {
	struct hand		*hand;
	struct hand_edit_hooks	 hooks;
	struct key_queue	 queue;
	bool			 secret, shown;
	char			*prompt;
	char			*line;		/* ended, not yet taken */
	bool			 ended, eof, back;
} edit;

static int
get_byte(FILE *f)
{
	int c = key_queue_take(&edit.queue);

	(void)f;
	return c < 0 ? EOF : c;
}

static int
available(void)
{
	return !key_queue_empty(&edit.queue);
}

/* As readline draws it, but each byte of a secret as an asterisk. */
static void
draw_line(void)
{
	char *line = rl_line_buffer, *kept;
	size_t n = strlen(line), at = hand_hidden(edit.hand, line);

	if (at >= n) {
		rl_redisplay();
		return;
	}
	kept = xstrndup(line + at, n - at);
	memset(line + at, '*', n - at);
	rl_redisplay();
	memcpy(line + at, kept, n - at);
	OPENSSL_cleanse(kept, n - at);
	free(kept);
}

static void
redraw(void)
{
	if (edit.secret) {
		/* The prompt alone; what is typed is not drawn. */
		fprintf(rl_outstream, "\r\033[K%s", edit.prompt);
		fflush(rl_outstream);
	} else
		draw_line();
}

static void
on_line(char *line)
{
	if (edit.secret)
		OPENSSL_cleanse(rl_line_buffer, strlen(rl_line_buffer));
	edit.ended = true;
	edit.eof = line == NULL;
	edit.line = line;
}

static char **candidates;

static char *
next_candidate(const char *text, int state)
{
	static size_t at;

	(void)text;
	if (state == 0)
		at = 0;
	return candidates[at] == NULL ? NULL : xstrdup(candidates[at++]);
}

static void
free_candidates(void)
{
	for (size_t i = 0; candidates != NULL && candidates[i] != NULL; i++)
		free(candidates[i]);
	free(candidates);
	candidates = NULL;
}

/* Whole lines complete what stands before the cursor. */
static char **
complete(const char *text, int start, int end)
{
	char **matches;

	(void)start;
	rl_attempted_completion_over = 1;
	rl_completion_append_character = '\0';
	free_candidates();
	candidates = hand_complete(edit.hand, rl_line_buffer, (size_t)end);
	if (candidates == NULL)
		return NULL;
	matches = rl_completion_matches(text, next_candidate);
	free_candidates();
	return matches;
}

static void
show_choices(char **list, int n, int longest)
{
	(void)longest;
	if (edit.hooks.choices != NULL)
		edit.hooks.choices(edit.hooks.ctx, list + 1, (size_t)n);
}

static int
give_back(int count, int key)
{
	(void)count;
	(void)key;
	edit.back = true;
	return 0;
}

static void
set_up(void)
{
	rl_readline_name = "tadoru";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_getc_function = get_byte;
	rl_input_available_hook = available;
	rl_redisplay_function = redraw;
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = show_choices;
	rl_completion_query_items = -1;
	rl_completer_word_break_characters = "";
	rl_basic_word_break_characters = "";
	rl_prep_term_function = rl_prep_terminal;
	rl_deprep_term_function = rl_deprep_terminal;
}

/* The question ended, perhaps without its answer. Readline does not know
   that its own prompt was not on the screen. */
static void
end_secret(void)
{
	secret_keys_wipe();
	if (!edit.shown)
		return;
	fputs("\r\033[K", rl_outstream);
	rl_on_new_line();
}

static void
take_prompt(void)
{
	bool secret = false;

	hand_asks(edit.hand, &secret);
	if (edit.secret && !secret)
		end_secret();
	edit.secret = secret;
	secret_keys(secret);
	free(edit.prompt);
	edit.prompt = xstrdup(hand_prompt(edit.hand));
}

/* Such a terminal would show the marks of a paste. */
static bool
dumb(void)
{
	const char *type = getenv("TERM");

	return type == NULL || *type == '\0' || strcmp(type, "dumb") == 0;
}

/*
 * As readline wants it, but a read never waits: Ctrl-C lets the kernel throw
 * away what poll has just told of, and a read that waits then holds up every
 * dialogue until the next key.
 */
static void
prepare_terminal(void)
{
	struct termios t;

	rl_prep_terminal(1);
	if (tcgetattr(STDIN_FILENO, &t) != 0)
		return;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

void
hand_edit_begin(struct hand *h, const struct hand_edit_hooks *hooks)
{
	memset(&edit, 0, sizeof(edit));
	edit.hand = h;
	edit.hooks = *hooks;
	key_queue_init(&edit.queue);
	histories_choose(hand_history(h));
	set_up();
	take_prompt();
	rl_initialize();	/* reads the user's settings, ours come after */
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("enable-bracketed-paste", dumb() ? "off" : "on");
	rl_bind_key(0x1d, give_back);		/* Ctrl-] */
	rl_callback_handler_install(edit.prompt, on_line);
	/* Between two lines it stays as it is: what is typed ahead, a password
	   perhaps, would be echoed there. */
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	prepare_terminal();
	edit.shown = true;
}

void
hand_edit_end(void)
{
	if (edit.hand == NULL)
		return;
	if (edit.shown)
		hand_edit_hide();
	rl_callback_handler_remove();
	rl_deprep_terminal();
	key_queue_free(&edit.queue);
	free(edit.prompt);
	free(edit.line);
	memset(&edit, 0, sizeof(edit));
}

static void
wipe_line(char *s)
{
	if (s != NULL)
		OPENSSL_cleanse(s, strlen(s));
	if (rl_line_buffer != NULL)
		OPENSSL_cleanse(rl_line_buffer, strlen(rl_line_buffer));
	rl_free_undo_list();
}

/* An ended line is acted upon. */
static void
take_line(void)
{
	char *line = edit.line;
	bool secret, asks = hand_asks(edit.hand, &secret);

	edit.ended = false;
	edit.line = NULL;
	if (asks) {
		hand_answer(edit.hand, line);
		wipe_line(line);
	} else if (line == NULL)
		hand_line(edit.hand, ":quit");
	else if (strchr(line, '\n') != NULL) {
		hand_paste(edit.hand, line);
		wipe_line(line);
	} else {
		if (*line != '\0' && hand_memorable(edit.hand, line))
			add_history(line);
		else
			wipe_line(NULL);
		hand_line(edit.hand, line);
		wipe_line(line);
	}
	free(line);
	if (edit.hand == NULL)
		return;
	histories_choose(hand_history(edit.hand));
	hand_edit_prompt();
}

void
hand_edit_keys(const char *keys, size_t n)
{
	if (!key_queue_add(&edit.queue, keys, n))
		hand_paste_lost(edit.hand);
	while (edit.hand != NULL && key_queue_ready(&edit.queue)) {
		rl_callback_read_char();
		if (edit.ended)
			take_line();
		if (edit.hand != NULL && edit.back) {
			edit.back = false;
			hand_release(edit.hand);
		}
	}
}

void
hand_edit_cancel(void)
{
	readline_leave();
	secret_keys_wipe();
	key_queue_clear(&edit.queue);
	hand_edit_prompt();
}

void
hand_edit_leave(void)
{
	if (edit.hand == NULL)
		return;
	hand_edit_hide();
	rl_deprep_terminal();
}

void
hand_edit_enter(void)
{
	if (edit.hand == NULL)
		return;
	hand_edit_leave();	/* readline takes only what it gave back */
	prepare_terminal();
	hand_edit_show();
}

void
hand_edit_resize(void)
{
	if (edit.hand != NULL)
		rl_resize_terminal();
}

void
hand_edit_prompt(void)
{
	if (edit.hand == NULL)
		return;
	take_prompt();
	rl_set_prompt(edit.prompt);
	if (edit.shown)
		redraw();
}

void
hand_edit_hide(void)
{
	if (edit.hand == NULL || !edit.shown)
		return;
	edit.shown = false;
	if (edit.secret) {
		fputs("\r\033[K", rl_outstream);
		fflush(rl_outstream);
	} else
		rl_clear_visible_line();
}

void
hand_edit_show(void)
{
	if (edit.hand == NULL || edit.shown)
		return;
	edit.shown = true;
	rl_on_new_line();
	redraw();
}
