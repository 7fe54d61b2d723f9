/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lesson: a text of help/LANG/lesson-NAME.txt (and -2, -3 ..) that leads
 * through scenarios in order. A line "@ NAME" begins the part about one; what
 * follows explains it. On a terminal each is opened, step by step, when its
 * part was read; else the text alone is printed, with the command that proves
 * the fault.
 */
#include "ui/practice.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "ui/report.h"
#include "ui/strings.h"

static int
say_unknown(const char *lesson)
{
	struct buf all;
	size_t i;

	buf_init(&all, 0);
	for (i = 0; i < help_topic_count; i++)
		if (strncmp(help_topics[i].id, "lesson-", 7) == 0 &&
		    strpbrk(help_topics[i].id, "23456789") == NULL &&
		    strcmp(help_topics[i].lang, "en") == 0)
			buf_printf(&all, "%s%s", all.len > 0 ? ", " : "",
			    help_topics[i].id + 7);
	out_say("practice.no-lesson", "name", lesson, "lessons",
	    buf_str(&all), NULL);
	buf_free(&all);
	return STATUS_USAGE;
}

/* The n bytes without the line ends that an editor made. */
static char *
unwrapped(const char *at, size_t n)
{
	const char *end = at + n;
	bool verbatim = false;
	struct buf b;
	char *line;

	while (end > at && end[-1] == '\n')
		end--;
	buf_init(&b, 0);
	buf_adds(&b, "");
	for (; at < end; at += n + 1) {
		n = strcspn(at, "\n");
		line = xstrndup(at, n);
		exercise_join(&b, line, &verbatim);
		free(line);
	}
	return buf_steal(&b);
}

/* One part: the name of its scenario or NULL, and its text. */
static const char *
next_part(const char *at, char **name, char **text)
{
	const char *end;
	size_t n;

	*name = NULL;
	if (strncmp(at, "@ ", 2) == 0) {
		n = strcspn(at + 2, "\n");
		*name = xstrndup(at + 2, n);
		at += 2 + n;
		at += *at == '\n';
	}
	if ((end = strstr(at, "\n@ ")) != NULL)
		end++;
	else
		end = at + strlen(at);
	*text = unwrapped(at, (size_t)(end - at));
	return end;
}

/* false: the operator leaves. */
static bool
one_part(const struct options *o, struct out *out, const char *name,
    const char *text, bool there)
{
	struct options own = *o;
	struct exercise *e;
	char line[16];

	if (name == NULL) {
		out_wrap(out, "", "", text);
		return true;
	}
	if ((e = practice_load(name)) == NULL)
		return false;
	report_heading(out, name);
	out_wrap(out, "  ", "  ", text);
	if (e->prove != NULL)
		out_printf(out, "  $ %s\n", e->prove);
	own.stepping = true;
	if (there) {
		out_put(out, "\n");
		(void)practice_talk(&own, out, e);
		out_put(out, "\n");
		there = practice_ask(out, S("practice.next"), line,
		    sizeof line) && strcmp(line, "q") != 0;
	} else
		there = true;
	exercise_free(e);
	return there;
}

/* A file of the lesson: false when the operator leaves. */
static bool
one_file(const struct options *o, struct out *out,
    const struct help_topic *t, bool there)
{
	const char *at;
	char *name, *text;
	bool goes_on = true;

	report_heading(out, t->title);
	for (at = t->body; goes_on && *at != '\0';) {
		at = next_part(at, &name, &text);
		goes_on = one_part(o, out, name, text, there);
		free(name);
		free(text);
	}
	return goes_on;
}

int
practice_lesson(const struct options *o, struct out *out, const char *lesson)
{
	char *id = xasprintf("lesson-%s", lesson);
	const struct help_topic *t = strings_topic(id);
	bool there = !o->plain && isatty(STDIN_FILENO) &&
	    isatty(STDOUT_FILENO);
	int part = 1;

	if (t == NULL) {
		free(id);
		return say_unknown(lesson);
	}
	while (t != NULL && one_file(o, out, t, there)) {
		free(id);
		id = xasprintf("lesson-%s-%d", lesson, ++part);
		t = strings_topic(id);
	}
	free(id);
	practice_forget();
	return 0;
}
