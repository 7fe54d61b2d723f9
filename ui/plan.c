/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plan (--expect): one line a promise, "dns v4 v6", "NAME SERVICE v4 v6
 * ADDRESS ... text \"WORDS\"", "NAME mx TARGET ...". "@" is the domain.
 * Here the syntax is checked; nothing is kept yet.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "diag/subject.h"
#include "ui/given.h"

#define PLAN_WORDS 64

static const char *const services[] = { "web", "http", "https", "mx", "smtp",
	"smtps", "submission", "submissions", "pop3", "pop3s", "imap",
	"imaps" };

/* Split a line in place; "quoted text" is one word that keeps its first
   quote. Returns the number of words, or -1 for an open quote. */
static int
words(char *line, char *word[PLAN_WORDS])
{
	int n = 0;

	for (;;) {
		line += strspn(line, " \t\r");
		if (*line == '\0' || *line == '#' || n == PLAN_WORDS)
			return n;
		word[n++] = line;
		if (*line == '"') {
			if ((line = strchr(line + 1, '"')) == NULL)
				return -1;
		} else
			line += strcspn(line, " \t\r");
		if (*line != '\0')
			*line++ = '\0';
	}
}

static bool
is_name(const char *word)
{
	struct subject s;
	const char *why;
	char *hint;
	bool ok;

	if (strcmp(word, "@") == 0)
		return true;
	if (subject_parse(&s, word, &why, &hint) != 0) {
		free(hint);
		return false;
	}
	ok = s.kind == SUBJECT_DOMAIN;
	subject_free(&s);
	return ok;
}

static const char *
check_promise(char **word, int n, bool addresses)
{
	struct addr a;
	int i;

	if (n == 0)
		return "expect.plan-promise";
	for (i = 0; i < n; i++) {
		if (strcmp(word[i], "v4") == 0 || strcmp(word[i], "v6") == 0)
			continue;
		if (addresses && addr_parse(&a, word[i]) == 0)
			continue;
		if (addresses && strcmp(word[i], "text") == 0 && i + 1 < n &&
		    word[i + 1][0] == '"') {
			i++;
			continue;
		}
		return addresses ? "expect.plan-promise" : "expect.plan-dns";
	}
	return NULL;
}

static const char *
check_line(char *line)
{
	char *word[PLAN_WORDS];
	int n = words(line, word), i;
	size_t s;

	if (n < 0)
		return "expect.plan-quote";
	if (n == 0)
		return NULL;
	if (strcmp(word[0], "dns") == 0)
		return n == 1 ? "expect.plan-dns" :
		    check_promise(word + 1, n - 1, false);
	if (!is_name(word[0]))
		return "expect.plan-name";
	for (s = 0; s < sizeof(services) / sizeof(services[0]); s++)
		if (n > 1 && strcmp(word[1], services[s]) == 0)
			break;
	if (s == sizeof(services) / sizeof(services[0]))
		return "expect.plan-service";
	if (strcmp(word[1], "mx") != 0)
		return check_promise(word + 2, n - 2, true);
	for (i = 2; i < n; i++)
		if (!is_name(word[i]))
			return "expect.plan-mx";
	return n == 2 ? "expect.plan-mx" : NULL;
}

int
plan_parse(const char *text, size_t *line, const char **expected)
{
	char *copy;
	size_t n;

	for (*line = 1;; ++*line, text += n + 1) {
		n = strcspn(text, "\n");
		copy = xstrndup(text, n);
		*expected = check_line(copy);
		free(copy);
		if (*expected != NULL)
			return -1;
		if (text[n] == '\0')
			return 0;
	}
}
