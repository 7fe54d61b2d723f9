/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Practice unattended: a scenario at full speed from the ticket to the
 * re-test, and all of them with a line each. It succeeds when what the file
 * expects was found and nothing worse than notice beside it.
 */
#include "ui/practice.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"

enum outcome { FOUND, NOT_FOUND, FAILED };

#define STATUS_NOT_FOUND	2

static void
one_expected(struct out *out, int sign, const char *text,
    const char *note)
{
	out_put(out, "  ");
	out_color(out, signs_color(sign), signs_verdict(sign));
	out_printf(out, " %s%s%s%s\n", text, *note == '\0' ? "" : " (", note,
	    *note == '\0' ? "" : ")");
}

/* What was expected against what came. */
static void
say_compared(struct out *out, const struct practice_expects *all,
    const struct finding **beside, size_t n)
{
	char *words;
	size_t i;

	if (all->n > 0 || n > 0)
		report_heading(out, S("practice.expected"));
	for (i = 0; i < all->n; i++)
		one_expected(out, all->list[i].matched > 0 ? VERDICT_OK :
		    VERDICT_ERROR, all->list[i].text,
		    all->list[i].matched > 0 ? "" : S("practice.missing"));
	for (i = 0; i < n; i++) {
		words = practice_words(beside[i]);
		one_expected(out, VERDICT_ERROR, words,
		    S("practice.beside"));
		free(words);
	}
}

/* Diagnose and compare; out NULL: say nothing. */
static enum outcome
judge(struct practice_run *r, const struct exercise *e, struct out *out)
{
	struct refusal why;
	struct practice_expects all;
	const struct finding **beside;
	size_t n;
	bool good;

	if (practice_expects(&all, e, &why) == -1) {
		practice_refuse(&why);
		return FAILED;
	}
	good = practice_compare(&all, practice_session(r), &beside, &n);
	if (out != NULL)
		say_compared(out, &all, beside, n);
	free(beside);
	practice_expects_free(&all);
	return good ? FOUND : NOT_FOUND;
}

bool
practice_retest(struct out *out, const struct exercise *e)
{
	struct practice_run r;
	const struct session *s;
	char *words;
	bool good = practice_build(&r, e, true) == 0;
	size_t i;

	if (!good) {
		practice_run_free(&r);
		return false;
	}
	practice_diagnose(&r, NULL, NULL);
	s = practice_session(&r);
	good = report_status(s) == 0;
	if (out != NULL) {
		report_heading(out, S("practice.retest"));
		report_summary(out, s);
	}
	for (i = 0; i < s->nfindings && out != NULL && !good; i++) {
		if (s->findings[i]->level <= VERDICT_NOTICE)
			continue;
		words = practice_words(s->findings[i]);
		one_expected(out, (int)s->findings[i]->level, words, "");
		free(words);
	}
	practice_run_free(&r);
	return good;
}

static int
status_of(enum outcome found, const struct exercise *e, bool mended)
{
	if (found == FAILED)
		return STATUS_USAGE;
	if (found == NOT_FOUND)
		return e->not_yet ? STATUS_UNKNOWN : STATUS_NOT_FOUND;
	return mended ? 0 : STATUS_NOT_FOUND;
}

int
practice_unattended(const struct options *o, struct out *out,
    const struct exercise *e)
{
	bool text = o->stdout_format != FORMAT_JSON, mended = true;
	struct practice_run r;
	struct refusal why;
	struct practice_expects all;
	struct sinks *sinks;
	enum outcome found;

	if (practice_expects(&all, e, &why) == -1) {
		practice_refuse(&why);
		return STATUS_USAGE;
	}
	practice_expects_free(&all);
	if (practice_build(&r, e, false) != 0 ||
	    (sinks = sinks_open(o, out)) == NULL) {
		practice_run_free(&r);
		return STATUS_USAGE;
	}
	if (text) {
		practice_title(out, e);
		practice_part(out, e, S("practice.ticket"), EXERCISE_TICKET);
		out_put(out, "\n");
	}
	practice_diagnose(&r, sinks_event, sinks);
	if (sinks_close(sinks, practice_session(&r)) != 0) {
		practice_run_free(&r);
		return STATUS_UNKNOWN;
	}
	found = judge(&r, e, text ? out : NULL);
	practice_run_free(&r);
	if (text) {
		if (found == NOT_FOUND && e->not_yet)
			out_wrap(out, "  ", "  ", S("practice.not-yet"));
		practice_answer(out, e);
	}
	if (e->repair.n > 0)
		mended = practice_retest(text ? out : NULL, e);
	return status_of(found, e, mended);
}

static enum outcome
quick(const struct exercise *e)
{
	struct practice_run r;
	enum outcome found = FAILED;

	if (practice_build(&r, e, false) == 0) {
		practice_diagnose(&r, NULL, NULL);
		found = judge(&r, e, NULL);
	}
	practice_run_free(&r);
	if (found == FOUND && e->repair.n > 0 && !practice_retest(NULL, e))
		found = NOT_FOUND;
	return found;
}

int
practice_every(struct out *out)
{
	struct exercise **all;
	size_t n, i, found = 0, later = 0;
	enum outcome got;
	char good[24], bad[24], yet[24], *text;
	int sign;

	all = practice_all(&n);
	for (i = 0; i < n; i++) {
		got = quick(all[i]);
		found += got == FOUND;
		later += got == NOT_FOUND && all[i]->not_yet;
		sign = got == FOUND ? VERDICT_OK : all[i]->not_yet ?
		    VERDICT_UNKNOWN : VERDICT_ERROR;
		one_expected(out, sign, all[i]->name, got == FOUND ? "" :
		    all[i]->not_yet ? S("practice.word.not-yet") :
		    S("practice.word.failed"));
		out_flush(out);
	}
	snprintf(good, sizeof good, "%zu", found);
	snprintf(yet, sizeof yet, "%zu", later);
	snprintf(bad, sizeof bad, "%zu", n - found - later);
	text = strings_make("practice.sum", "found", good, "later", yet,
	    "failed", bad, NULL);
	out_printf(out, "%s\n", text);
	free(text);
	practice_all_free(all, n);
	return found + later == n && n > 0 ? 0 : STATUS_NOT_FOUND;
}
