/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recording kept as its lines, each known to be good: what is shown at its
 * own pace must not turn out to be broken in the middle, when a message could
 * no longer be seen.
 */
#include "ui/tape.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "diag/record.h"
#include "diag/session.h"
#include "ui/run.h"

struct tape {
	char	**lines;
	size_t	 n, cap;
};

struct tape *
tape_new(void)
{
	return xcalloc(1, sizeof(struct tape));
}

void
tape_free(struct tape *t)
{
	size_t i;

	if (t == NULL)
		return;
	for (i = 0; i < t->n; i++)
		free(t->lines[i]);
	free(t->lines);
	free(t);
}

void
tape_add(struct tape *t, const struct event *ev)
{
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 1024 : t->cap * 2;
		t->lines = xreallocarray(t->lines, t->cap, sizeof(*t->lines));
	}
	t->lines[t->n++] = record_line(ev);
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	(void)s;
	tape_add(ctx, ev);
}

struct tape *
tape_load(const char *name)
{
	struct session *s = session_new();
	struct tape *t = tape_new();

	if (replay_feed(name, on_event, t, s) != 0) {
		tape_free(t);
		t = NULL;
	}
	session_free(s);
	return t;
}

size_t
tape_count(const struct tape *t)
{
	return t->n;
}

int
tape_event(const struct tape *t, size_t n, struct event *ev)
{
	const char *why;

	return n >= t->n ? -1 : record_parse(t->lines[n],
	    strlen(t->lines[n]), ev, &why);
}
