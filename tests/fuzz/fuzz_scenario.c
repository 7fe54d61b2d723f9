/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers of scenarios and of practice files, and the worlds they build:
 * any text is taken or refused with a cause, and a question or two find their
 * answer or none.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/exercise.h"
#include "ui/practice_refuse.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const unsigned char	query[] = "\0\1\1\0\0\1\0\0\0\0\0\1"
	"\3www\7example\2jp\0\0\1\0\1" "\0\0\x29\4\xd0\0\0\0\0\0\0";

static void
ask(struct world *w, const struct addr *server)
{
	struct sockname		to = { *server, 53 };
	struct world_poll	p = { 0, WORLD_IN, 0 };
	char			out[2048];

	if ((p.handle = w->ops->open(w, server->family, false)) == -1)
		return;
	if (w->ops->send(w, p.handle, query, sizeof query - 1, &to) > 0 &&
	    w->ops->wait(w, &p, 1, w->ops->now(w) + 6 * NSEC_PER_SEC) > 0)
		(void)w->ops->recv(w, p.handle, out, sizeof out, NULL);
	w->ops->close(w, p.handle);
}

/* An include of anything is a small world; of "self" the text again. */
static char *
fetch(void *ctx, const char *name)
{
	return (xstrdup(strcmp(name, "self") == 0 ? ctx :
	    "world {\nroot a.root 192.0.2.1\nhost 192.0.2.9\n}"));
}

/* A refusal has a place and something that was expected, and nothing in its
   sentence can harm a terminal. */
static void
say(struct refusal *why, bool in_file)
{
	char	*text = practice_refuse_text(why), *shown, *c;

	for (c = text; *c != '\0'; c++)
		if (*c == '\\')
			*c = ' ';
	shown = text_escaped(text, strlen(text));
	if ((why->file != NULL) != in_file || (!in_file && why->line == 0) ||
	    (why->key == REFUSAL_WORDS && why->words == NULL) ||
	    strcmp(shown, text) != 0)
		abort();
	free(shown);
	free(text);
	refusal_free(why);
}

static void
exercise(char *text)
{
	struct refusal		 why;
	struct scenario		*s;
	struct exercise		*e;
	int			 repaired;

	if ((e = exercise_read("f", text, fetch, text, &why)) == NULL) {
		say(&why, true);
		return;
	}
	for (repaired = 0; repaired < 2; repaired++) {
		s = exercise_scenario(e, repaired != 0, 1, &why);
		if (s == NULL)
			say(&why, true);
		scenario_free(s);
	}
	exercise_free(e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario	*s = scenario_new(1);
	char		*text = xstrndup((const char *)data, size);
	struct refusal	 why = { .file = NULL };
	struct world	*w;
	size_t		 i;

	if (size <= 20000 && scenario_add(s, text, &why) == -1)
		say(&why, false);
	else if (size <= 20000) {
		w = scenario_world(s);
		for (i = 0; i < w->nhints && i < 2; i++)
			ask(w, &w->hints[i].addr);
		for (i = 0; i < w->nresolvers && i < 2; i++)
			ask(w, &w->resolvers[i]);
		world_free(w);
	}
	if (size <= 20000)
		exercise(text);
	free(text);
	scenario_free(s);
	return (0);
}
