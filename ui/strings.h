/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short texts and help topics in the language chosen. */
#ifndef UI_STRINGS_H
#define UI_STRINGS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "ui/help.h"

/* The text of a key that is known when this is compiled. */
#define S(key)	strings_get(key)

/* Choose the language: a code of help/, or NULL: by the text of LC_ALL,
   LC_MESSAGES, LANG, LANGUAGE. 0, or -1 if there is no such language. */
int		 strings_choose(const char *lang);
const char	*strings_lang(void);
/* May text be other than ASCII (LC_ALL, LC_CTYPE, LANG by their text)? */
bool		 strings_utf8(void);
/* Override what the environment says (tests). */
void		 strings_set_utf8(bool);
/* Text of a key: the key itself if there is none. Never NULL. */
const char	*strings_get(const char *key);
/* The same; NULL if there is none. */
const char	*strings_try(const char *key);
/* Topic by id in the language chosen, else English; NULL if there is none. */
const struct help_topic *strings_topic(const char *id);
/* Add a string of an event: as text_escape, but a backslash stays one (what
   was not UTF-8 is kept escaped already). */
void		 strings_safe(struct buf *, const char *, size_t);
/* Add text with each {name} replaced by that member of args, then of more
   (both may be NULL): strings, numbers, arrays; escaped; a word that has a
   text "arg.NAME.WORD" by that text. */
void		 strings_fill(struct buf *, const char *text,
		    const json_t *args, const json_t *more);
/* A new string of the text of key filled with name, value, ... NULL pairs
   of const char *; the caller frees. */
char		*strings_make(const char *key, ...);

#endif
