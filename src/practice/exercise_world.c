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
	struct refusal			 *why;
};

static int
refuse(struct pile *p, const struct exercise_place *at, const char *found,
    enum refusal_key key, const char *words)
{
	refusal_place(p->why, at->file, at->line);
	refusal_expected(p->why, found, "without WORD...", key, words);
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
	size_t i, kept = 0, taken = 0;
	bool block = false, out;

	words += strspn(words, " \t");
	if (*words == '\0')
		return refuse(p, &l->at, NULL, REFUSAL_WORDS, "WORD");
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
	return taken > 0 ? 0 : refuse(p, &l->at, words, REFUSAL_LINE_ABOVE,
	    NULL);
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

/* A line of the whole text becomes a line of its file. */
static void
place_line(struct pile *p, const char *file)
{
	size_t n = p->why->line < p->n ? p->why->line : p->n;

	if (n > 0)
		refusal_place(p->why, p->list[n - 1]->at.file,
		    p->list[n - 1]->at.line);
	else
		refusal_place(p->why, file, 0);
}

struct scenario *
exercise_scenario(const struct exercise *e, bool repaired, uint64_t seed,
    struct refusal *why)
{
	struct pile p = { NULL, 0, why };
	struct scenario *s = NULL;
	struct buf b;
	size_t i;

	memset(why, 0, sizeof *why);
	if (pile_up(&p, &e->world) == 0 &&
	    (!repaired || pile_up(&p, &e->repair) == 0)) {
		buf_init(&b, 0);
		for (i = 0; i < p.n; i++)
			buf_printf(&b, "%s\n", p.list[i]->text);
		s = scenario_new(seed);
		if (scenario_add(s, buf_str(&b), why) == -1) {
			place_line(&p, e->file);
			scenario_free(s);
			s = NULL;
		}
		buf_free(&b);
	}
	free(p.list);
	return s;
}
