/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of a scenario, parted into words: by blanks, "..." keeps together,
 * # ends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/practice.h"

#define MAX_WORDS 4096

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	c |= 0x20;
	return (c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1);
}

/* The character after a backslash; moves behind it. -1: not one. */
static int
unescaped(const char **p)
{
	static const char	from[] = "nrte\"\\", to[] = "\n\r\t\033\"\\";
	const char		*s = *p, *at;
	int			 c;

	if (*s == 'x' && hex(s[1]) != -1 && hex(s[2]) != -1) {
		c = hex(s[1]) * 16 + hex(s[2]);
		*p += 3;
		return (c == 0 ? -1 : c);
	}
	if (*s == '\0' || (at = strchr(from, *s)) == NULL)
		return (-1);
	*p += 1;
	return ((unsigned char)to[at - from]);
}

/* The rest of "..." into b; moves behind it, or stays where it breaks. */
static int
quoted(const char **p, struct buf *b)
{
	const char	*next;
	int		 c;

	for (; **p != '\0'; *p = next) {
		next = *p + 1;
		c = (unsigned char)**p;
		if (c == '\\' && (c = unescaped(&next)) == -1)
			return (-1);
		if (**p == '"') {
			*p = next;
			return (0);
		}
		buf_addc(b, (char)c);
	}
	return (-1);
}

static void
push(struct words *w, struct buf *b)
{
	w->w = xreallocarray(w->w, w->n + 1, sizeof *w->w);
	w->w[w->n++] = buf_steal(b);
}

/* No end of "...", or a backslash and what it does not go with. */
static int
bad_quotes(struct words *w, const char *at)
{
	char	*escape = *at == '\0' ? NULL : xstrndup(at, 2);

	refusal_place(w->why, NULL, w->line);
	refusal_expected(w->why, escape, NULL, REFUSAL_WORDS, escape == NULL ?
	    "\"" : "\\n|\\r|\\t|\\e|\\\"|\\\\|\\xHH");
	free(escape);
	return (-1);
}

static int
too_many(struct words *w)
{
	char	most[32];

	snprintf(most, sizeof most, "%d WORD", MAX_WORDS);
	w->at = w->n;
	return (words_refuse(w, REFUSAL_AT_MOST, most));
}

int
words_split(struct words *w, const char *p)
{
	struct buf	b;

	buf_init(&b, 0);
	for (p += strspn(p, " \t\r"); *p != '\0' && *p != '#';
	    p += strspn(p, " \t\r")) {
		buf_adds(&b, "");
		while (*p != '\0' && strchr(" \t\r", *p) == NULL) {
			if (*p != '"')
				buf_addc(&b, *p++);
			else if (p++, quoted(&p, &b) == -1) {
				buf_free(&b);
				return (bad_quotes(w, p));
			}
		}
		push(w, &b);
		if (w->n > MAX_WORDS)
			return (too_many(w));
	}
	buf_free(&b);
	return (0);
}
