/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Practice files: those compiled in, by name, and files of the user's, which
 * may include both.
 */
#include "ui/practice_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "ui/given.h"
#include "ui/options.h"
#include "ui/out.h"
#include "ui/practice_refuse.h"
#include "ui/strings.h"

char *
practice_text(const char *name)
{
	const char *const *line;
	struct buf b;
	size_t i;

	for (i = 0; i < practice_file_count; i++)
		if (strcmp(practice_files[i].name, name) == 0)
			break;
	if (i == practice_file_count)
		return NULL;
	buf_init(&b, 0);
	for (line = practice_files[i].lines; *line != NULL; line++)
		buf_printf(&b, "%s\n", *line);
	return buf_steal(&b);
}

/* An include: compiled in, or a file beside the one that names it. */
static char *
fetch(void *ctx, const char *name)
{
	const char *from = ctx, *slash;
	char *text = practice_text(name), *path;

	if (text != NULL || from == NULL)
		return text;
	slash = strrchr(from, '/');
	path = slash == NULL || *name == '/' ? xstrdup(name) :
	    xasprintf("%.*s/%s", (int)(slash - from), from, name);
	if (access(path, R_OK) == 0)
		text = given_read(path);
	free(path);
	return text;
}

static int
say_unknown(const char *name)
{
	const char **words = xcalloc(practice_file_count + 1, sizeof *words);
	const char *near;
	size_t i;

	for (i = 0; i < practice_file_count; i++)
		words[i] = practice_files[i].name;
	near = options_nearest(name, words, practice_file_count);
	if (near != NULL)
		out_say("practice.unknown-near", "name", name, "near", near,
		    NULL);
	else
		out_say("practice.unknown", "name", name, NULL);
	free(words);
	return -1;
}

struct exercise *
practice_load(const char *name)
{
	struct refusal why;
	struct exercise *e;
	char *text = practice_text(name);
	void *from = NULL;

	if (text == NULL && strchr(name, '/') == NULL &&
	    access(name, F_OK) != 0) {
		say_unknown(name);
		return NULL;
	}
	if (text == NULL) {
		from = (void *)(uintptr_t)name;
		if ((text = given_read(name)) == NULL)
			return NULL;
	}
	e = exercise_read(name, text, fetch, from, &why);
	free(text);
	if (e == NULL)
		practice_refuse(&why);
	return e;
}

/* The order in which a trainer goes through them. */
static const char *const order[] = { "sound", "trailing-dot", "serial",
	"cache-wait", "wrong-server", "cname-mx", "aaaa-refused",
	"aaaa-blackhole", "one-of-three", "wrong-page", "glue-dead",
	"glue-stale", "aaaa-silence", "aaaa-error", "mx-v6-dead",
	"mailbox-tls", "gmail-ptr", "ula-leak", "xfer-expired", "tcp53-edns",
	"pmtud", "dnssec-expired", "new-glibc", "customer-lan",
	"v6only-office" };

static size_t
rank(const struct exercise *e)
{
	size_t i;

	for (i = 0; i < sizeof order / sizeof *order; i++)
		if (strcmp(order[i], e->name) == 0)
			break;
	return i;
}

static int
by_level(const void *a, const void *b)
{
	const struct exercise *x = *(struct exercise *const *)a;
	const struct exercise *y = *(struct exercise *const *)b;
	size_t i = rank(x), k = rank(y);

	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (i != k)
		return i < k ? -1 : 1;
	return strcmp(x->name, y->name);
}

struct exercise **
practice_all(size_t *n)
{
	struct exercise **all = xcalloc(practice_file_count + 1, sizeof *all);
	struct exercise *e;
	size_t i;

	*n = 0;
	for (i = 0; i < practice_file_count; i++) {
		if ((e = practice_load(practice_files[i].name)) == NULL)
			continue;
		if (e->kind == EXERCISE_BASE)
			exercise_free(e);
		else
			all[(*n)++] = e;
	}
	qsort(all, *n, sizeof *all, by_level);
	return all;
}

void
practice_all_free(struct exercise **all, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		exercise_free(all[i]);
	free(all);
}
