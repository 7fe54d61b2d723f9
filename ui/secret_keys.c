/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * While a secret is typed, readline must not keep what is killed, for Ctrl-Y
 * would show it in the next line. There is no call that empties its ring, so
 * another keymap stands in its place: made of the operator's own, where only
 * what moves and inserts is left, and what would kill throws the line away.
 */
#include "ui/secret_keys.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

static Keymap hidden, usual;

void
secret_keys_wipe(void)
{
	if (rl_line_buffer == NULL)
		return;
	OPENSSL_cleanse(rl_line_buffer, strlen(rl_line_buffer));
	rl_replace_line("", 1);
}

static int
throw_away(int count, int key)
{
	(void)count;
	(void)key;
	secret_keys_wipe();
	return 0;
}

static int
nothing(int count, int key)
{
	(void)count;
	(void)key;
	return 0;
}

static bool
among(rl_command_func_t *f, rl_command_func_t *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == f)
			return true;
	return false;
}

/* What stands for a function: none of those left takes a number, with which
   Delete would kill, too. */
static rl_command_func_t *
instead(rl_command_func_t *f)
{
	static rl_command_func_t *const left[] = { rl_insert, rl_rubout,
		rl_delete, rl_newline, rl_forward_char, rl_backward_char,
		rl_forward_word, rl_backward_word, rl_beg_of_line,
		rl_end_of_line, rl_quoted_insert, rl_bracketed_paste_begin,
		rl_do_lowercase_version };
	static rl_command_func_t *const kill[] = { rl_kill_word,
		rl_backward_kill_word, rl_kill_line, rl_backward_kill_line,
		rl_kill_full_line, rl_unix_word_rubout, rl_unix_line_discard,
		rl_unix_filename_rubout, rl_kill_region };

	if (f == NULL || among(f, left, sizeof(left) / sizeof(left[0])))
		return f;
	return among(f, kill, sizeof(kill) / sizeof(kill[0])) ? throw_away :
	    nothing;
}

/* Readline keeps the map behind a prefix in the place of a function. */
static Keymap
copy_of(Keymap from)
{
	Keymap map = rl_copy_keymap(from), behind;

	for (int i = 0; i < KEYMAP_SIZE; i++)
		if (map[i].type == ISKMAP) {
			memcpy(&behind, &map[i].function, sizeof(behind));
			behind = copy_of(behind);
			memcpy(&map[i].function, &behind, sizeof(behind));
		} else {
			map[i].function = map[i].type == ISMACR ? nothing :
			    instead(map[i].function);
			map[i].type = ISFUNC;
		}
	return map;
}

void
secret_keys(bool on)
{
	if (on == (usual != NULL))
		return;
	if (!on) {
		rl_set_keymap(usual);
		usual = NULL;
		return;
	}
	if (hidden == NULL)
		hidden = copy_of(rl_get_keymap_by_name("emacs"));
	usual = rl_get_keymap();
	rl_set_keymap(hidden);
}
