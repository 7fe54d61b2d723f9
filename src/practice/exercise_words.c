/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each word of a practice file does: a value, a text in a language, a
 * block of text or of declarations.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "practice/exercise_inside.h"

#define INCLUDES	8

static int
one_word(struct reading *r, const char *rest, const char *what, char **out)
{
	if (*rest == '\0' || strpbrk(rest, " \t") != NULL)
		return exercise_expected(r, rest, what);
	if (*out != NULL)
		return exercise_refuse(r, r->word, REFUSAL_ONCE);
	*out = xstrdup(rest);
	return 0;
}

int
exercise_word_name(struct reading *r, char *rest)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (rest[strspn(rest, may)] != '\0' || strlen(rest) > 40)
		return exercise_refuse(r, rest, REFUSAL_NAME_CHARS);
	return one_word(r, rest, "NAME", &r->e->name);
}

int
exercise_word_level(struct reading *r, char *rest)
{
	long n;

	if (text_number(rest, 1, 4, &n) == -1)
		return exercise_expected(r, rest, "1..4");
	r->e->level = (int)n;
	return 0;
}

int
exercise_word_domain(struct reading *r, char *rest)
{
	return one_word(r, rest, "SUBJECT", &r->e->domain);
}

int
exercise_word_options(struct reading *r, char *rest)
{
	struct exercise *e = r->e;
	size_t n;

	if (*rest == '\0')
		return exercise_expected(r, rest, "OPTION");
	for (; *rest != '\0'; rest += n + strspn(rest + n, " \t")) {
		n = strcspn(rest, " \t");
		e->options = xreallocarray(e->options, e->noptions + 1,
		    sizeof *e->options);
		e->options[e->noptions++] = xstrndup(rest, n);
	}
	return 0;
}

int
exercise_word_kind(struct reading *r, char *rest)
{
	if (*rest != '\0')
		return exercise_refuse(r, rest, REFUSAL_NOTHING_MORE);
	if (strcmp(r->word, "not-yet") == 0)
		r->e->not_yet = true;
	else
		r->e->kind = r->word[0] == 'q' ? EXERCISE_QUIET :
		    EXERCISE_BASE;
	return 0;
}

int
exercise_word_prove(struct reading *r, char *rest)
{
	if (*rest == '\0')
		return exercise_expected(r, rest, "COMMAND");
	if (r->e->prove != NULL)
		return exercise_refuse(r, r->word, REFUSAL_ONCE);
	r->e->prove = xstrdup(rest);
	return 0;
}

static void
add_line(struct reading *r, struct exercise_lines *l, const char *text)
{
	struct exercise_line *one;

	l->list = xreallocarray(l->list, l->n + 1, sizeof *l->list);
	one = &l->list[l->n++];
	one->at.file = xstrdup(r->file);
	one->at.line = r->line;
	one->text = xstrdup(text);
}

int
exercise_word_expect(struct reading *r, char *rest)
{
	if (*rest == '\0')
		return exercise_expected(r, rest, "ID");
	add_line(r, &r->e->expects, rest);
	return 0;
}

/* LANG, moves *rest behind it. */
static int
language(struct reading *r, char **rest, struct exercise_text *t)
{
	size_t n = strcspn(*rest, " \t");

	if (n != 2 || (strncmp(*rest, "en", n) != 0 &&
	    strncmp(*rest, "ja", n) != 0)) {
		(*rest)[n] = '\0';
		return exercise_expected(r, *rest, "en|ja");
	}
	memcpy(t->lang, *rest, n);
	t->lang[n] = '\0';
	*rest += n + strspn(*rest + n, " \t");
	return 0;
}

static void
add_text(struct reading *r, struct exercise_text *t, char *text)
{
	struct exercise *e = r->e;

	t->part = (enum exercise_part)r->part;
	t->text = text;
	e->texts = xreallocarray(e->texts, e->ntexts + 1, sizeof *e->texts);
	e->texts[e->ntexts++] = *t;
}

int
exercise_word_text(struct reading *r, char *rest)
{
	struct exercise_text t = { .text = NULL };

	if (language(r, &rest, &t) == -1)
		return -1;
	if (*rest == '\0')
		return exercise_expected(r, rest, "TEXT");
	add_text(r, &t, xstrdup(rest));
	return 0;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

void
exercise_join(struct buf *b, const char *line, bool *verbatim)
{
	bool keep, first = b->len == 0;

	if (*line == '\t')
		line++;
	keep = blank(*line) || *line == '\0';
	if (!first && (keep || *verbatim))
		buf_addc(b, '\n');
	else if (!first && b->data[b->len - 1] < 0x80 &&
	    (unsigned char)*line < 0x80)
		buf_addc(b, ' ');
	buf_adds(b, line);
	*verbatim = keep;
}

/* The block that began there has no end. */
static int
not_closed(struct reading *r, unsigned began)
{
	r->line = began;
	return exercise_refuse(r, r->word, REFUSAL_END_BELOW);
}

int
exercise_word_block(struct reading *r, char *rest)
{
	struct exercise_text t = { .text = NULL };
	unsigned began = r->line;
	bool verbatim = false;
	struct buf b;
	char *line;
	int rc;

	if (language(r, &rest, &t) == -1)
		return -1;
	if (strcmp(rest, "{") != 0)
		return exercise_expected(r, rest, "{");
	buf_init(&b, 0);
	buf_adds(&b, "");
	while ((line = exercise_next_line(r)) != NULL) {
		if (strcmp(line, "}") == 0 || exercise_opens_block(line))
			break;
		exercise_join(&b, line, &verbatim);
		free(line);
	}
	if (line != NULL && *line == '}' && b.len > 0) {
		free(line);
		add_text(r, &t, buf_steal(&b));
		return 0;
	}
	if (line == NULL)
		rc = not_closed(r, began);
	else if (*line == '}')
		rc = exercise_expected(r, line, "TEXT");
	else
		rc = exercise_refuse(r, line, REFUSAL_END_ABOVE);
	free(line);
	buf_free(&b);
	return rc;
}

bool
exercise_opens(const char *line)
{
	size_t n = strlen(line);

	while (n > 0 && blank(line[n - 1]))
		n--;
	return *line != '#' && n > 1 && line[n - 1] == '{' &&
	    blank(line[n - 2]);
}

int
exercise_word_world(struct reading *r, char *rest)
{
	struct exercise_lines *l = r->word[0] == 'w' ? &r->e->world :
	    &r->e->repair;
	unsigned began = r->line;
	int depth = 1;
	char *line, *text;

	if (strcmp(rest, "{") != 0)
		return exercise_expected(r, rest, "{");
	while (depth > 0 && (line = exercise_next_line(r)) != NULL) {
		if (exercise_opens_block(line)) {
			exercise_refuse(r, line, REFUSAL_END_ABOVE);
			free(line);
			return -1;
		}
		text = line + strspn(line, " \t");
		depth += exercise_opens(text) ? 1 : *text == '}' ? -1 : 0;
		if (depth > 0)
			add_line(r, l, text);
		free(line);
	}
	return depth == 0 ? 0 : not_closed(r, began);
}

/* The world of another file in front of ours. */
static void
take_world(struct exercise *e, struct exercise *from)
{
	struct exercise_lines mine = e->world;
	size_t i;

	e->world = from->world;
	memset(&from->world, 0, sizeof from->world);
	e->world.list = xreallocarray(e->world.list, e->world.n + mine.n + 1,
	    sizeof *mine.list);
	for (i = 0; i < mine.n; i++)
		e->world.list[e->world.n++] = mine.list[i];
	free(mine.list);
}

int
exercise_word_include(struct reading *r, char *rest)
{
	struct exercise *from;
	struct reading in;
	char *text, *name = NULL;
	bool good;

	if (one_word(r, rest, "NAME", &name) == -1)
		return -1;
	text = r->depth < INCLUDES && r->fetch != NULL ?
	    r->fetch(r->ctx, name) : NULL;
	if (text == NULL) {
		free(name);
		return exercise_refuse(r, rest, r->depth < INCLUDES ?
		    REFUSAL_PRACTICE_FILE : REFUSAL_NO_LOOP);
	}
	in = *r;
	in.file = name;
	in.at = text;
	in.line = 0;
	in.depth++;
	from = xcalloc(1, sizeof *from);
	good = exercise_read_into(from, &in);
	if (good)
		take_world(r->e, from);
	exercise_free(from);
	free(name);
	free(text);
	return good ? 0 : -1;
}

static bool
has(const struct exercise *e, enum exercise_part part)
{
	size_t i;

	for (i = 0; i < e->ntexts; i++)
		if (e->texts[i].part == part)
			return true;
	return false;
}

int
exercise_whole(struct reading *r)
{
	const struct exercise *e = r->e;
	const char *lacks = NULL;

	if (e->name == NULL)
		lacks = "name";
	else if (e->world.n == 0)
		lacks = "world";
	else if (e->kind == EXERCISE_BASE)
		return 0;
	else if (e->domain == NULL)
		lacks = "domain";
	else if (!has(e, EXERCISE_TICKET))
		lacks = "ticket";
	else if (e->kind == EXERCISE_SCENARIO && e->expects.n == 0)
		lacks = "expect";
	else if (has(e, EXERCISE_RIGHT) != has(e, EXERCISE_WRONG))
		lacks = has(e, EXERCISE_RIGHT) ? "wrong" : "right";
	return lacks == NULL ? 0 : exercise_expected(r, "",
	    exercise_usage(lacks));
}
