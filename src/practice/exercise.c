/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Practice files, read. One word a line, # begins a comment, { opens a block
 * that ends at a line } of its own:
 *
 *   name NAME                 as the file is called
 *   level 1..4                how hard it is
 *   domain SUBJECT            what is diagnosed
 *   options OPTION...         of the command line, as --symptom slow
 *   include NAME              the world of another practice file comes first
 *   quiet                     nothing is wrong: it only looks odd
 *   base                      a world for others to include
 *   not-yet                   no step finds the cause today
 *   ticket LANG {             what the customer or the monitor wrote
 *   hint LANG {               one after the other
 *   right LANG TEXT           the cause, among
 *   wrong LANG TEXT           others to choose from
 *   expect ID [LEVEL] [NAME] [ADDR] [SERVICE[:PORT]] [FLAG...]
 *                             a finding; what is left out may be anything
 *   prove COMMAND             the shortest command that shows the fault
 *   fault LANG {              what was wrong
 *   fix LANG {                what to do about it
 *   world {                   declarations, the words of scenario.c
 *   repair {                  further ones that mend the fault
 *
 * In world and repair, "without WORD..." takes out the lines above that begin
 * with these words (a line that opens a block goes with its block). In texts
 * a line goes on with the next unless that begins with blanks or is empty;
 * one tab in front of each is left out.
 */
#include "practice/exercise.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "practice/exercise_inside.h"

static const struct {
	const char	*word;
	exercise_word	*run;
	int		 part;		/* of a text, or -1 */
	const char	*usage;
} table[] = {
	{ "name", exercise_word_name, -1, "name NAME" },
	{ "level", exercise_word_level, -1, "level 1..4" },
	{ "domain", exercise_word_domain, -1, "domain SUBJECT" },
	{ "options", exercise_word_options, -1, "options OPTION..." },
	{ "include", exercise_word_include, -1, "include NAME" },
	{ "quiet", exercise_word_kind, -1, "quiet" },
	{ "base", exercise_word_kind, -1, "base" },
	{ "not-yet", exercise_word_kind, -1, "not-yet" },
	{ "ticket", exercise_word_block, EXERCISE_TICKET, "ticket LANG {" },
	{ "hint", exercise_word_block, EXERCISE_HINT, "hint LANG {" },
	{ "right", exercise_word_text, EXERCISE_RIGHT, "right LANG TEXT" },
	{ "wrong", exercise_word_text, EXERCISE_WRONG, "wrong LANG TEXT" },
	{ "expect", exercise_word_expect, -1, "expect ID [LEVEL] [NAME] [ADDR] "
	    "[SERVICE[:PORT]] [FLAG...]" },
	{ "prove", exercise_word_prove, -1, "prove COMMAND" },
	{ "fault", exercise_word_block, EXERCISE_FAULT, "fault LANG {" },
	{ "fix", exercise_word_block, EXERCISE_FIX, "fix LANG {" },
	{ "world", exercise_word_world, -1, "world {" },
	{ "repair", exercise_word_world, -1, "repair {" },
};

#define WORDS	(sizeof table / sizeof *table)

static int
refuse(struct reading *r, const char *found, enum refusal_key key,
    const char *words)
{
	bool end = *found == '\0';

	refusal_place(r->why, r->file, r->line);
	refusal_expected(r->why, end ? NULL : found, r->usage, key, words);
	r->why->file_end = end && r->usage == NULL;
	return -1;
}

int
exercise_expected(struct reading *r, const char *found, const char *words)
{
	return refuse(r, found, REFUSAL_WORDS, words);
}

int
exercise_refuse(struct reading *r, const char *found, enum refusal_key key)
{
	return refuse(r, found, key, NULL);
}

const char *
exercise_usage(const char *word)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (strcmp(table[i].word, word) == 0)
			return table[i].usage;
	return word;
}

bool
exercise_opens_block(const char *line)
{
	const char *end;
	size_t i, n;

	if (!exercise_opens(line))
		return false;
	n = strcspn(line, " \t");
	for (i = 0; i < WORDS; i++) {
		end = strrchr(table[i].usage, '{');
		if (end != NULL && strlen(table[i].word) == n &&
		    strncmp(line, table[i].word, n) == 0)
			return true;
	}
	return false;
}

static int
unknown(struct reading *r, const char *word)
{
	struct buf all;
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (text_near(word, table[i].word)) {
			r->usage = table[i].usage;
			return exercise_expected(r, word, table[i].word);
		}
	r->usage = NULL;
	buf_init(&all, 0);
	for (i = 0; i < WORDS; i++)
		buf_printf(&all, "%s%s", i == 0 ? "" : "|", table[i].word);
	exercise_expected(r, word, buf_str(&all));
	buf_free(&all);
	return -1;
}

/* One line outside of blocks; the words that open one read it too. */
static int
one_line(struct reading *r, char *line)
{
	size_t i, n;
	char *rest;

	line += strspn(line, " \t");
	if (*line == '\0' || *line == '#')
		return 0;
	n = strcspn(line, " \t");
	rest = line + n + strspn(line + n, " \t");
	line[n] = '\0';
	for (i = 0; i < WORDS; i++)
		if (strcmp(table[i].word, line) == 0)
			break;
	if (i == WORDS)
		return unknown(r, line);
	r->word = table[i].word;
	r->usage = table[i].usage;
	r->part = table[i].part;
	n = strlen(rest);
	while (n > 0 && strchr(" \t", rest[n - 1]) != NULL)
		rest[--n] = '\0';
	return table[i].run(r, rest);
}

char *
exercise_next_line(struct reading *r)
{
	char *line;
	size_t n;

	if (*r->at == '\0')
		return NULL;
	n = strcspn(r->at, "\n");
	line = xstrndup(r->at, n);
	r->at += n + (r->at[n] == '\n');
	r->line++;
	if (n > 0 && line[n - 1] == '\r')
		line[n - 1] = '\0';
	return line;
}

static int
all_lines(struct reading *r)
{
	char *line;
	int rc = 0;

	while (rc == 0 && (line = exercise_next_line(r)) != NULL) {
		r->usage = NULL;
		rc = one_line(r, line);
		free(line);
	}
	r->usage = NULL;
	return rc;
}

/* What is shown to the operator must be fit to be shown as it is. */
static bool
shows(const char *line)
{
	char *plain = xstrdup(line), *shown, *c;
	bool same;

	for (c = plain; *c != '\0'; c++)
		if (*c == '\t' || *c == '\\')
			*c = ' ';
	shown = text_escaped(plain, strlen(plain));
	same = strcmp(shown, plain) == 0;
	free(shown);
	free(plain);
	return same;
}

static int
all_show(struct reading r)
{
	char *line;
	int rc = 0;

	r.usage = NULL;
	while (rc == 0 && (line = exercise_next_line(&r)) != NULL) {
		if (!shows(line))
			rc = exercise_refuse(&r, line, REFUSAL_PLAIN_TEXT);
		free(line);
	}
	return rc;
}

bool
exercise_read_into(struct exercise *e, struct reading *r)
{
	r->e = e;
	return all_show(*r) == 0 && all_lines(r) == 0;
}

struct exercise *
exercise_read(const char *file, const char *text, exercise_fetch *fetch,
    void *ctx, struct refusal *why)
{
	struct exercise *e = xcalloc(1, sizeof *e);
	struct reading r = { .file = file, .at = text, .fetch = fetch,
		.ctx = ctx, .why = why };

	memset(why, 0, sizeof *why);
	e->file = xstrdup(file);
	if (exercise_read_into(e, &r) && exercise_whole(&r) == 0)
		return e;
	exercise_free(e);
	return NULL;
}

static void
lines_free(struct exercise_lines *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		free(l->list[i].at.file);
		free(l->list[i].text);
	}
	free(l->list);
}

void
exercise_free(struct exercise *e)
{
	size_t i;

	if (e == NULL)
		return;
	for (i = 0; i < e->noptions; i++)
		free(e->options[i]);
	for (i = 0; i < e->ntexts; i++)
		free(e->texts[i].text);
	free(e->options);
	free(e->texts);
	lines_free(&e->expects);
	lines_free(&e->world);
	lines_free(&e->repair);
	free(e->prove);
	free(e->domain);
	free(e->name);
	free(e->file);
	free(e);
}

const char *
exercise_say(const struct exercise *e, const char *lang,
    enum exercise_part part, size_t n)
{
	size_t i;

	for (i = 0; i < e->ntexts; i++)
		if (e->texts[i].part == part &&
		    strcmp(e->texts[i].lang, lang) == 0 && n-- == 0)
			return e->texts[i].text;
	return NULL;
}
