/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All output of the program goes through here: stdout and report files by a
 * writer that remembers the first failed write (a closed pipe, a full disk),
 * and one-line messages to stderr. Wrapping and padding count columns, not
 * bytes.
 */
#include "ui/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/strings.h"

void
out_stdout(struct out *o, bool color, int ambiguous)
{
	const char *no = getenv("NO_COLOR");

	memset(o, 0, sizeof(*o));
	o->file = stdout;
	o->ambiguous = ambiguous;
	o->color = color && isatty(STDOUT_FILENO) &&
	    (no == NULL || *no == '\0');
}

static int
file(struct out *o, const char *name, int ambiguous, const char *mode)
{
	memset(o, 0, sizeof(*o));
	o->name = name;
	o->ambiguous = ambiguous;
	o->file = fopen(name, mode);
	return o->file == NULL ? -1 : 0;
}

int
out_file(struct out *o, const char *name, int ambiguous)
{
	return file(o, name, ambiguous, "w");
}

int
out_new_file(struct out *o, const char *name, int ambiguous)
{
	return file(o, name, ambiguous, "wx");
}

void
out_put(struct out *o, const char *s)
{
	if (o->error == 0 && fputs(s, o->file) == EOF)
		o->error = errno != 0 ? errno : EIO;
}

void
out_printf(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->error != 0)
		return;
	va_start(ap, fmt);
	if (vfprintf(o->file, fmt, ap) < 0)
		o->error = errno != 0 ? errno : EIO;
	va_end(ap);
}

void
out_color(struct out *o, enum out_color c, const char *s)
{
	static const char *const codes[] = { "", "1", "31", "32", "33", "36",
		"2" };

	if (o->color && c != OUT_PLAIN)
		out_printf(o, "\033[%sm%s\033[0m", codes[c], s);
	else
		out_put(o, s);
}

struct wrap {
	struct out	*o;
	const char	*indent, *rest;
};

static void
wrap_line(void *ctx, const char *s, size_t n)
{
	struct wrap *w = ctx;

	if (n == 0 && w->indent[strspn(w->indent, " ")] == '\0')
		out_put(w->o, "\n");
	else
		out_printf(w->o, "%s%.*s\n", w->indent, (int)n, s);
	w->indent = w->rest;
}

void
out_wrap(struct out *o, const char *first, const char *rest,
    const char *text)
{
	struct wrap w = { o, first, rest };
	int columns = text_width(first, o->ambiguous), other;
	char *copy = xstrdup(text), *line, *next;

	other = text_width(rest, o->ambiguous);
	if (other > columns)
		columns = other;
	columns = columns < OUT_WIDTH - 20 ? OUT_WIDTH - columns : 20;
	for (line = copy; line != NULL; line = next) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		if (*line == '\0')
			wrap_line(&w, "", 0);
		else
			text_wrap(line, columns, o->ambiguous, wrap_line, &w);
	}
	free(copy);
}

void
out_pad(struct out *o, const char *s, int columns)
{
	int width = text_width(s, o->ambiguous);

	out_put(o, s);
	if (width < columns)
		out_printf(o, "%*s", columns - width, "");
}

void
out_flush(struct out *o)
{
	if (o->error == 0 && fflush(o->file) == EOF)
		o->error = errno;
}

int
out_close(struct out *o)
{
	out_flush(o);
	if (o->name != NULL && fclose(o->file) == EOF && o->error == 0)
		o->error = errno;
	if (o->error == 0)
		return 0;
	out_say("err.write", "file", o->name == NULL ? "stdout" : o->name,
	    "why", strerror(o->error), NULL);
	return -1;
}

static char *
escaped_or_empty(const char *s)
{
	return s == NULL ? xstrdup("") : text_escaped(s, strlen(s));
}

static const char *place_file;
static size_t place_line;

void
out_place(const char *file, size_t line)
{
	place_file = file;
	place_line = line;
}

void
out_say(const char *key, ...)
{
	const char *name, *value;
	json_t *args = json_object();
	struct buf b;
	va_list ap;

	va_start(ap, key);
	while ((name = va_arg(ap, const char *)) != NULL) {
		value = va_arg(ap, const char *);
		if (value == NULL)
			value = "";
		if (text_utf8_valid(value, strlen(value)))
			json_object_set_new(args, name, json_string(value));
		else {
			char *safe = escaped_or_empty(value);

			json_object_set_new(args, name, json_string(safe));
			free(safe);
		}
	}
	va_end(ap);
	buf_init(&b, 0);
	strings_fill(&b, strings_get(key), args, NULL);
	if (place_file != NULL)
		out_say_at(place_file, place_line, buf_str(&b));
	else
		fprintf(stderr, "tadoru: %s\n", buf_str(&b));
	buf_free(&b);
	json_decref(args);
}

void
out_say_at(const char *file, size_t line, const char *text)
{
	char *safe = escaped_or_empty(file);

	if (line > 0)
		fprintf(stderr, "tadoru: %s:%zu: %s\n", safe, line, text);
	else
		fprintf(stderr, "tadoru: %s: %s\n", safe, text);
	free(safe);
}
