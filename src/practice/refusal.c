/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The refusal of a line: filled by the readers of practice files, put into
 * words by whoever shows it.
 */
#include "practice/refusal.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static const char *const keys[REFUSAL_KEYS] = {
#define REFUSAL(name, key) key,
#include "practice/refusal.def"
#undef REFUSAL
};

const char *
refusal_key(enum refusal_key key)
{
	return keys[key];
}

static char *
copy(const char *s)
{
	return s == NULL ? NULL : xstrdup(s);
}

void
refusal_place(struct refusal *r, const char *file, unsigned line)
{
	char *new = copy(file);

	free(r->file);
	r->file = new;
	r->line = line;
}

void
refusal_expected(struct refusal *r, const char *found, const char *usage,
    enum refusal_key key, const char *words)
{
	free(r->found);
	free(r->words);
	r->found = copy(found);
	r->file_end = false;
	r->key = key;
	r->words = copy(words);
	r->usage = usage;
}

void
refusal_free(struct refusal *r)
{
	free(r->file);
	free(r->found);
	free(r->words);
	memset(r, 0, sizeof *r);
}
