/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of the guide, read from the one table keys.def. */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/out.h"

struct tui;

/* Where a key means something: panes of the main view, other views. */
#define W_STEPS		0x001u
#define W_LIVE		0x002u
#define W_MEANING	0x004u
#define W_MATRIX	0x008u
#define W_MAP		0x010u
#define W_CLIENTS	0x020u
#define W_FINDINGS	0x040u
#define W_TLS		0x080u
#define W_HEX		0x100u
#define W_SIDES		0x200u
#define W_HELP		0x400u
#define W_PLACES	11
#define W_MAIN		(W_STEPS | W_LIVE | W_MEANING)
#define W_VIEWS		(W_ALL & ~W_MAIN)
#define W_ALL		0x7ffu

/* A key: a character, or KEY_SPECIAL with a code of curses. */
#define KEY_SPECIAL	0x40000000

struct key_row {
	const char	*name;		/* of the function */
	const char	*keys;		/* parted by blanks */
	unsigned	 where;
	bool		 hint;		/* on the bottom line, where it fits */
	void		(*act)(struct tui *);
};

extern const struct key_row key_rows[];
extern const size_t key_row_count;

struct binding {
	int		 key;
	size_t		 row;
};

struct keys {
	struct binding	*list;
	size_t		 n;
};

/* Bound as the table says. */
void	 keys_init(struct keys *);
void	 keys_free(struct keys *);
/* "KEY=FUNCTION": 0, or -1 (no such key, no such function); *said: a line
   for the operator, the caller frees; with 0: what the key did before. */
int	 keys_bind(struct keys *, const char *text, char **said);
/* The row of a key at a place, or NULL. */
const struct key_row *keys_row(const struct keys *, int key, unsigned where);
/* By name of its function, or NULL. */
const struct key_row *keys_function(const char *name);
/* "Ctrl-N", "PgUp", "f": -1 if there is no such key. */
int	 keys_parse(const char *name, size_t n);
/* The reverse; out has room for 16 bytes. */
const char *keys_name(int key, char out[16]);
/* All keys of a function, parted by blanks; the caller frees. */
char	*keys_of(const struct keys *, const struct key_row *);
/* The word of a place, for one bit. */
const char *keys_place(unsigned where);
/* The whole table as text. */
void	 keys_print(const struct keys *, struct out *);

#endif
