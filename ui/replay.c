/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recording read back: the same events into the same session and the same
 * sinks as live. A torn last line is left out; a broken one before it, or a
 * higher version, stops with file and line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "ui/guide.h"
#include "ui/report.h"
#include "ui/run.h"
#include "ui/strings.h"
#include "ui/tape.h"

#define LINE_MAX_BYTES (64u * 1024 * 1024)

struct reader {
	const char	*name;
	FILE		*f;
	char		*line;
	size_t		 size, number;
	ssize_t		 len;
};

static int
say_bad(const struct reader *r, const char *why)
{
	char *key = xasprintf("replay.%s", why);
	char *text = strings_make(key, NULL);

	out_say_at(r->name, r->number, text);
	free(text);
	free(key);
	return -1;
}

/* The next line without its line feed: 1, 0 at the end, -1 said. *torn: the
   last line of the file has no line feed. */
static int
next_line(struct reader *r, bool *torn)
{
	errno = 0;
	r->len = getline(&r->line, &r->size, r->f);
	if (r->len < 0 && ferror(r->f)) {
		out_say("err.read", "file", r->name, "why", strerror(errno),
		    NULL);
		return -1;
	}
	if (r->len < 0)
		return 0;
	r->number++;
	*torn = r->line[r->len - 1] != '\n';
	if (!*torn)
		r->len--;
	return (size_t)r->len > LINE_MAX_BYTES ? say_bad(r, "json") : 1;
}

static int
check_order(const struct reader *r, const struct session *s,
    const struct event *ev)
{
	if (s->head == NULL && ev->kind != EV_SESSION)
		return say_bad(r, "no-session");
	if (s->head != NULL && ev->kind == EV_SESSION)
		return say_bad(r, "second-session");
	if (s->head != NULL && ev->seq <= s->seq)
		return say_bad(r, "order");
	return 0;
}

static int
one_event(struct reader *r, struct session *s, bool torn,
    void (*sink)(void *, const struct session *, const struct event *),
    void *ctx)
{
	const char *why = "json";
	struct event ev;
	int rc;

	if (record_parse(r->line, (size_t)r->len, &ev, &why) != 0)
		return torn ? 0 : say_bad(r, why);
	rc = check_order(r, s, &ev);
	if (rc == 0 && session_fold(s, &ev) != 0)
		rc = say_bad(r, "fit");
	if (rc == 0)
		sink(ctx, s, &ev);
	event_clear(&ev);
	return rc;
}

int
replay_feed(const char *name, void (*sink)(void *, const struct session *,
    const struct event *), void *ctx, struct session *s)
{
	struct reader r = { .name = name };
	bool torn = false;
	int rc;

	if ((r.f = fopen(name, "r")) == NULL) {
		out_say("err.read", "file", name, "why", strerror(errno),
		    NULL);
		return -1;
	}
	while ((rc = next_line(&r, &torn)) > 0)
		if ((rc = one_event(&r, s, torn, sink, ctx)) != 0)
			break;
	if (rc == 0 && s->head == NULL) {
		r.number += r.number == 0;
		rc = say_bad(&r, "no-session");
	}
	free(r.line);
	fclose(r.f);
	return rc < 0 ? -1 : 0;
}

/* Writing the report over the recording would lose it. */
static bool
same_file(const char *a, const char *b)
{
	struct stat x, y;

	return b != NULL && stat(a, &x) == 0 && stat(b, &y) == 0 &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Nobody watches: all of it at once. */
static int
at_once(const struct options *o, struct out *out)
{
	struct session *s;
	struct sinks *sinks;
	bool good;
	int status = STATUS_USAGE;

	if ((sinks = sinks_open(o, out)) == NULL)
		return STATUS_USAGE;
	s = session_new();
	good = replay_feed(o->operand[0], sinks_event, sinks, s) == 0;
	if (good)
		status = report_status(s);
	if (sinks_close(sinks, good ? s : NULL) != 0)
		status = STATUS_UNKNOWN;
	session_free(s);
	return status;
}

int
replay_run(const struct options *o, struct out *out)
{
	struct tape *tape;
	int status;

	if (same_file(o->operand[0], o->output)) {
		out_say("replay.same-file", "file", o->output, NULL);
		return STATUS_USAGE;
	}
	if (!guide_wanted(o))
		return at_once(o, out);
	if ((tape = tape_load(o->operand[0])) == NULL)
		return STATUS_USAGE;
	status = guide_replay(o, out, tape);
	tape_free(tape);
	return status < 0 ? at_once(o, out) : status;
}
