/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a practice file to its scenario: the declarations of what it includes,
 * its own, its repair, less those taken out by "without"; and where a bad one
 * stands.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "practice/exercise_inside.h"

struct pile {
	const struct exercise_line	**list;
	size_t				  n;
	struct exercise_error		 *error;
};

static int
refuse(struct pile *p, const struct exercise_place *at, char *what)
{
	exercise_error_free(p->error);
	p->error->at.file = xstrdup(at->file);
	p->error->at.line = at->line;
	p->error->what = what;
	return -1;
}

/* Does the line begin with these words? */
static bool
begins(const char *line, const char *words)
{
	size_t a, b;

	for (;;) {
		line += strspn(line, " \t");
		words += strspn(words, " \t");
		if (*words == '\0')
			return true;
		a = strcspn(line, " \t");
		b = strcspn(words, " \t");
		if (a != b || strncmp(line, words, a) != 0)
			return false;
		line += a;
		words += b;
	}
}

static int
without(struct pile *p, const struct exercise_line *l)
{
	const char *words = l->text + strlen("without");
	char *quoted, *what;
	size_t i, kept = 0, taken = 0;
	bool block = false, out;

	if (words[strspn(words, " \t")] == '\0')
		return refuse(p, &l->at,
		    xstrdup("\"without\": expected WORD"));
	for (i = 0; i < p->n; i++) {
		const char *text = p->list[i]->text;

		out = block || begins(text, words);
		if (out && exercise_opens(text))
			block = true;
		else if (block && *text == '}')
			block = false;
		taken += out;
		if (!out)
			p->list[kept++] = p->list[i];
	}
	p->n = kept;
	if (taken > 0)
		return 0;
	quoted = text_quoted(words + strspn(words, " \t"));
	what = xasprintf("%s: expected the beginning of a line above", quoted);
	free(quoted);
	return refuse(p, &l->at, what);
}

static int
pile_up(struct pile *p, const struct exercise_lines *l)
{
	size_t i;
	int rc = 0;

	p->list = xreallocarray(p->list, p->n + l->n + 1, sizeof *p->list);
	for (i = 0; i < l->n && rc == 0; i++) {
		if (begins(l->list[i].text, "without"))
			rc = without(p, &l->list[i]);
		else
			p->list[p->n++] = &l->list[i];
	}
	return rc;
}

/* "line 3: ..." of the whole text becomes a line of the file. */
static void
refuse_line(struct pile *p, const char *file, char *cause)
{
	struct exercise_place whole = { NULL, 0 };
	unsigned long n = 0;
	char *what = cause;

	if (strncmp(cause, "line ", 5) == 0) {
		n = strtoul(cause + 5, &what, 10);
		what += strspn(what, ": ");
	}
	if (n > p->n)
		n = p->n;
	whole.file = xstrdup(file);
	refuse(p, n > 0 ? &p->list[n - 1]->at : &whole, xstrdup(what));
	free(whole.file);
	free(cause);
}

struct scenario *
exercise_scenario(const struct exercise *e, bool repaired, uint64_t seed,
    struct exercise_error *error)
{
	struct pile p = { NULL, 0, error };
	struct scenario *s = NULL;
	char *cause = NULL;
	struct buf b;
	size_t i;

	memset(error, 0, sizeof *error);
	if (pile_up(&p, &e->world) == 0 &&
	    (!repaired || pile_up(&p, &e->repair) == 0)) {
		buf_init(&b, 0);
		for (i = 0; i < p.n; i++)
			buf_printf(&b, "%s\n", p.list[i]->text);
		s = scenario_new(seed);
		if (scenario_add(s, buf_str(&b), &cause) == -1) {
			refuse_line(&p, e->file, cause);
			scenario_free(s);
			s = NULL;
		}
		buf_free(&b);
	}
	free(p.list);
	return s;
}
