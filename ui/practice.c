/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru practice: broken domains to learn on, in an Internet that tadoru
 * carries in itself. On a terminal it is a dialogue with the guide in its
 * middle; without one, or with --plain or --json, it runs unattended.
 */
#include "ui/practice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/options_set.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"

#define NAME_COLUMNS	21

const char *
practice_say(const struct exercise *e, enum exercise_part part, size_t n)
{
	const char *text = exercise_say(e, strings_lang(), part, n);
	size_t i;

	if (text == NULL)
		text = exercise_say(e, "en", part, n);
	for (i = 0; i < e->ntexts && text == NULL; i++)
		if (e->texts[i].part == part)
			text = exercise_say(e, e->texts[i].lang, part, n);
	return text;
}

void
practice_title(struct out *out, const struct exercise *e)
{
	char level[16], *text;

	snprintf(level, sizeof level, "%d", e->level);
	text = strings_make(e->level > 0 ? "practice.title" :
	    "practice.title-own", "name", e->name, "level", level, "domain",
	    e->domain, NULL);
	out_color(out, OUT_BOLD, text);
	out_put(out, "\n");
	free(text);
}

void
practice_part(struct out *out, const struct exercise *e, const char *heading,
    enum exercise_part part)
{
	const char *text = practice_say(e, part, 0);

	if (text == NULL)
		return;
	report_heading(out, heading);
	out_wrap(out, "  ", "  ", text);
}

void
practice_answer(struct out *out, const struct exercise *e)
{
	bool quiet = e->kind == EXERCISE_QUIET;

	practice_part(out, e, S(quiet ? "practice.remark" : "practice.fault"),
	    EXERCISE_FAULT);
	if (e->prove != NULL && quiet)
		out_printf(out, "  $ %s\n", e->prove);
	else if (e->prove != NULL) {
		report_heading(out, S("practice.prove"));
		out_printf(out, "  $ %s\n", e->prove);
	}
	practice_part(out, e, S("practice.fix"), EXERCISE_FIX);
}

static void
list_one(struct out *out, const struct exercise *e)
{
	const char *text = practice_say(e, EXERCISE_TICKET, 0), *end;
	size_t hints = 0;
	bool done = practice_done(e->name, &hints);
	char *first, count[24];
	int left = OUT_WIDTH - NAME_COLUMNS - 4;

	out_put(out, "  ");
	out_color(out, done ? OUT_GREEN : OUT_PLAIN,
	    done ? signs_verdict(VERDICT_OK) : " ");
	out_put(out, " ");
	out_pad(out, e->name, NAME_COLUMNS);
	if (hints > 0) {
		snprintf(count, sizeof count, "%zu", hints);
		first = strings_make("practice.hints-used", "n", count, NULL);
		out_printf(out, "%s ", first);
		left -= text_width(first, out->ambiguous) + 1;
		free(first);
	}
	end = strchr(text, '\n');
	first = xstrndup(text, end == NULL ? strlen(text) :
	    (size_t)(end - text));
	if (text_width(first, out->ambiguous) > left) {
		first[text_fit(first, left - 3, out->ambiguous)] = '\0';
		out_printf(out, "%s...\n", first);
	} else
		out_printf(out, "%s\n", first);
	free(first);
}

void
practice_list(struct out *out, struct exercise **all, size_t n)
{
	char level[16], *text;
	int kind, shown;
	size_t i;

	for (kind = 0; kind < 2; kind++) {
		shown = -1;
		for (i = 0; i < n; i++) {
			if ((all[i]->kind == EXERCISE_QUIET) != kind)
				continue;
			snprintf(level, sizeof level, "%d", all[i]->level);
			if (shown != (kind ? 0 : all[i]->level)) {
				text = strings_make(kind ? "practice.quiet" :
				    "practice.level", "level", level, NULL);
				report_heading(out, text);
				free(text);
			}
			shown = kind ? 0 : all[i]->level;
			list_one(out, all[i]);
		}
	}
}

static int
list(struct out *out)
{
	struct exercise **all;
	size_t n;

	all = practice_all(&n);
	out_wrap(out, "", "", S("practice.intro"));
	practice_list(out, all, n);
	out_put(out, "\n");
	out_wrap(out, "", "", S("practice.how"));
	practice_all_free(all, n);
	return 0;
}

/* Is somebody there to answer? */
static bool
attended(const struct options *o)
{
	return !o->plain && !o->json && o->format == NULL &&
	    isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* May the command line bend the diagnosis? In the guide only: without it
   what is found is compared with what the file expects. */
static int
check_bent(const struct options *o)
{
	enum option_id id;

	if (attended(o) && !o->shell && (o->noperands == 0 ||
	    strcmp(o->operand[0], "all") != 0))
		return 0;
	for (id = 0; id < OPT_COUNT; id++)
		if (o->given[id] && options_bends(id)) {
			out_say(o->shell ? "practice.bent-shell" :
			    "practice.bent", "option", option_rows[id].name,
			    NULL);
			return -1;
		}
	return 0;
}

int
practice_run(const struct options *o, struct out *out)
{
	struct exercise *e;
	int status;

	if (check_bent(o) != 0)
		return STATUS_USAGE;
	if (o->noperands == 0 && o->lesson == NULL && o->shell) {
		out_say("practice.shell.one", NULL);
		return STATUS_USAGE;
	}
	if (o->noperands == 0 && o->lesson == NULL)
		return attended(o) ? practice_choose(o, out) : list(out);
	if (o->lesson != NULL)
		return practice_lesson(o, out, o->lesson);
	if (o->shell && strcmp(o->operand[0], "all") == 0) {
		out_say("practice.shell.one", NULL);
		return STATUS_USAGE;
	}
	if (strcmp(o->operand[0], "all") == 0)
		return practice_every(out);
	if ((e = practice_load(o->operand[0])) == NULL)
		return STATUS_USAGE;
	if (e->kind == EXERCISE_BASE) {
		out_say("practice.base", "name", e->name, NULL);
		status = STATUS_USAGE;
	} else if (o->shell)
		status = practice_shell(o, out, e);
	else
		status = attended(o) ? practice_talk(o, out, e) :
		    practice_unattended(o, out, e);
	exercise_free(e);
	practice_forget();
	return status;
}
