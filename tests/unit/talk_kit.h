/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of dialogues share: hooks that write everything that comes
 * into a log of text lines, and may cancel or free the talk at one of them.
 */
#ifndef TALK_KIT_H
#define TALK_KIT_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/talk.h"

#define MS NSEC_PER_MSEC

struct run {
	struct world *world;
	struct loop *loop;
	struct talk *talk;
	struct timeouts timeouts;
	struct buf log;
	const char *cancel_on;	/* cancel when this is logged */
	const char *free_on;
	int cancels;
	bool starting, done;
};

static void
logged(struct run *r, const char *text)
{
	assert_false(r->done);
	buf_adds(&r->log, text);
	if (r->cancel_on != NULL && strstr(text, r->cancel_on) != NULL) {
		r->cancel_on = NULL;
		for (int i = 0; i < r->cancels; i++)
			talk_cancel(r->talk);
		assert_false(r->done);
	}
	if (r->free_on != NULL && strstr(text, r->free_on) != NULL) {
		r->free_on = NULL;
		r->done = true;
		talk_free(r->talk);
		r->talk = NULL;
	}
}

static void
on_line(void *ctx, int attempt, const struct talk_line *l)
{
	static const char *const marks[] = { "===", "->", "<-", "<**", "+>",
	    "***" };
	static const char *const tls[] = { "===", "~>", "<~", "<~*", "+>",
	    "***" };
	struct run *r = ctx;
	char *args = l->args == NULL ? xstrdup("") :
	    json_dumps(l->args, JSON_COMPACT | JSON_SORT_KEYS |
	    JSON_REAL_PRECISION(6));
	char *data = l->data == NULL ? xstrdup("") :
	    text_escaped(l->data, l->len > 60 ? 60 : l->len);
	char *text = xasprintf("%d %s %s%s%s\n", attempt, l->tls ? tls[l->dir] :
	    marks[l->dir], l->key == NULL ? "" : l->key, data, args);

	assert_true(l->full >= l->len);
	assert_true(l->len <= LIMIT_LINE);
	logged(r, text);
	free(text);
	free(data);
	free(args);
}

static void
on_fact(void *ctx, int attempt, const char *key, json_t *value)
{
	char *json = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS |
	    JSON_REAL_PRECISION(6));
	char *text = xasprintf("%d fact %s %s\n", attempt, key, json);

	json_decref(value);
	logged(ctx, text);
	free(text);
	free(json);
}

static void
on_attempt(void *ctx, int attempt, bool ended)
{
	char *text = xasprintf("%d %s\n", attempt, ended ? "ended" : "begins");

	logged(ctx, text);
	free(text);
}

static void
on_done(void *ctx, const char *word)
{
	struct run *r = ctx;
	char *text = xasprintf("done %s at %ld\n", word,
	    (long)(loop_now(r->loop) / MS));

	assert_false(r->starting);
	logged(r, text);
	free(text);
	r->done = true;
	talk_free(r->talk);
	r->talk = NULL;
}

static struct talk_hooks
kit_hooks(struct run *r)
{
	struct talk_hooks h = { r, on_line, on_fact, on_attempt, on_done };

	return h;
}

/* All of want in this order, none of never: the number of faults. */
static int
look(const char *name, const char *const *want, const char *const *never,
    const char *log)
{
	const char *at = log;
	int wrong = 0;

	for (int i = 0; want[i] != NULL; i++) {
		const char *found = strstr(at, want[i]);

		if (found == NULL) {
			print_error("%s: no \"%s\"\n", name, want[i]);
			wrong++;
		} else
			at = found + strlen(want[i]);
	}
	for (int i = 0; never[i] != NULL; i++)
		if (strstr(log, never[i]) != NULL) {
			print_error("%s: \"%s\"\n", name, never[i]);
			wrong++;
		}
	return wrong;
}

#endif
