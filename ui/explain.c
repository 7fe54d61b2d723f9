/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru explain: the help text of a step, a finding, a reply code ("450",
 * "450 4.7.1"), an HTTP status or a DNS rcode; without a topic the list.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/run.h"
#include "ui/signs.h"
#include "ui/strings.h"

#define IDS (STEP_COUNT + F_COUNT)

static const char *
topic_id(size_t i)
{
	return i < STEP_COUNT ? step_rows[i].id :
	    finding_rows[i - STEP_COUNT].id;
}

static void
list_row(struct out *o, const char *id)
{
	const struct help_topic *t = strings_topic(id);

	out_put(o, "  ");
	out_pad(o, id, 24);
	out_printf(o, " %s\n", t == NULL ? "" : t->title);
}

static int
list(struct out *o)
{
	size_t i;

	out_printf(o, "%s\n\n%s\n", S("explain.usage"), S("explain.steps"));
	for (i = 0; i < STEP_COUNT; i++)
		list_row(o, topic_id(i));
	out_printf(o, "\n%s\n", S("explain.findings"));
	for (; i < IDS; i++)
		list_row(o, topic_id(i));
	out_put(o, "\n");
	out_wrap(o, "", "", S("explain.codes"));
	return 0;
}

static void
labelled(struct out *o, const char *label, const char *text)
{
	struct buf b;

	if (text == NULL || *text == '\0')
		return;
	buf_init(&b, 0);
	if (*label != '\0')
		buf_printf(&b, "%s: ", label);
	buf_adds(&b, text);
	out_wrap(o, "  ", "  ", buf_str(&b));
	buf_free(&b);
}

static void
finding_table(struct out *o, const char *id)
{
	int f = finding_parse(id);
	const struct finding_row *r;
	struct buf b;

	if (f < 0)
		return;
	r = &finding_rows[f];
	buf_init(&b, 0);
	signs_word(&b, "verdict-word", verdict_word(r->level));
	buf_addc(&b, '/');
	signs_word(&b, "side", side_word(r->side));
	labelled(o, S("explain.level"), buf_str(&b));
	labelled(o, S("explain.step"), step_rows[r->step].id);
	buf_free(&b);
}

static int
topic(struct out *o, const struct help_topic *t)
{
	int step = step_parse(t->id);

	out_color(o, OUT_BOLD, t->id);
	out_printf(o, ": %s\n\n", t->title);
	labelled(o, "", t->sentence);
	labelled(o, S("report.feels"), t->feels);
	labelled(o, S("report.do"), t->action);
	labelled(o, S("explain.who"), t->who);
	finding_table(o, t->id);
	if (step >= 0 && !step_rows[step].built)
		labelled(o, "", S("explain.step-not-built"));
	out_printf(o, "\n%s", t->body);
	return 0;
}

static bool
coded(struct out *o, const char *prefix, const char *code)
{
	char *key = xasprintf("%s.%s", prefix, code);
	const char *text;
	struct buf b;

	text_lower(key);
	text = strings_try(key);
	free(key);
	if (text == NULL)
		return false;
	buf_init(&b, 0);
	buf_printf(&b, "%s  %s", code, text);
	out_wrap(o, "", "     ", buf_str(&b));
	buf_free(&b);
	return true;
}

static bool
is_digits(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return n > 0 && s[n] == '\0';
}

/* "4.7.1": its class, then subject and detail. */
static bool
enhanced(struct out *o, const char *code)
{
	const char *class, *detail;
	char *key;
	struct buf b;

	if (code[0] == '\0' || strchr("245", code[0]) == NULL ||
	    code[1] != '.')
		return false;
	key = xasprintf("ecode.%s", code + 2);
	/* Those texts are of faults. */
	detail = code[0] == '2' ? NULL : strings_try(key);
	free(key);
	key = xasprintf("eclass.%c", code[0]);
	class = strings_get(key);
	buf_init(&b, 0);
	strings_safe(&b, code, strlen(code));
	buf_printf(&b, "  %s%s%s", detail == NULL ? "" : detail,
	    detail == NULL ? "" : "; ", class);
	out_wrap(o, "", "     ", buf_str(&b));
	buf_free(&b);
	free(key);
	return true;
}

/* The class of an SMTP or HTTP code that is in no table. */
static bool
code_class(struct out *o, const char *code)
{
	char class[2] = { code[0], '\0' };

	return strlen(code) == 3 && is_digits(code, 3) &&
	    coded(o, "cclass", class);
}

static bool
codes(struct out *o, const char *a, const char *b)
{
	bool told = false;

	if (b != NULL && (strchr("245", b[0]) == NULL || b[0] == '\0' ||
	    b[1] != '.'))
		return false;
	if (is_digits(a, strlen(a))) {
		told = coded(o, "code", a);
		if (b == NULL)
			told = coded(o, "http", a) || told;
		told = told || code_class(o, a);
	} else if (b == NULL)
		told = coded(o, "rcode", a) || enhanced(o, a);
	if (told && b != NULL)
		told = enhanced(o, b);
	return told;
}

static int
unknown(const char *word)
{
	const char *words[IDS], *near;
	size_t i;

	for (i = 0; i < IDS; i++)
		words[i] = topic_id(i);
	near = options_nearest(word, words, IDS);
	if (near != NULL)
		out_say("err.topic-near", "topic", word, "near", near, NULL);
	else
		out_say("err.topic", "topic", word, NULL);
	return STATUS_USAGE;
}

int
explain_run(const struct options *opts, struct out *o)
{
	const char *second = opts->noperands > 1 ? opts->operand[1] : NULL;
	const struct help_topic *t;
	char *first, *blank;
	int status;

	if (opts->noperands == 0)
		return list(o);
	if (strcmp(opts->operand[0], "keys") == 0) {
		out_printf(o, "%s\n\n", S("explain.keys"));
		keys_print(&opts->keys, o);
		return 0;
	}
	if (strcmp(opts->operand[0], "codes") == 0) {
		out_wrap(o, "", "", S("explain.codes"));
		return 0;
	}
	if (second == NULL && (t = strings_topic(opts->operand[0])) != NULL)
		return topic(o, t);
	first = xstrdup(opts->operand[0]);
	if (second == NULL && (blank = strchr(first, ' ')) != NULL) {
		*blank = '\0';
		second = blank + 1 + strspn(blank + 1, " ");
	}
	if (codes(o, first, second))
		status = 0;
	else
		status = unknown(opts->noperands > 1 &&
		    is_digits(first, strlen(first)) ? second :
		    opts->operand[0]);
	free(first);
	return status;
}
