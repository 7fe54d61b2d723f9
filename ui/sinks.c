/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sinks of one run, live or replayed: the recording first, then stdout
 * in its format, the file of -o, the progress line. A recording is appended
 * event by event with one write each, so that it is whole up to the last
 * line whatever happens.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "diag/record.h"
#include "ui/confine.h"
#include "ui/report.h"
#include "ui/run.h"
#include "ui/sink.h"
#include "ui/state.h"
#include "ui/strings.h"

struct sinks {
	const struct options	*opts;
	struct out		*out, file;
	struct progress		 progress;
	struct state		*state;		/* NULL: none */
	int			 record;	/* -1: none */
	int			 record_error;
};

static struct sinks *
cannot_open(struct sinks *s, const char *name)
{
	out_say("err.create", "file", name, "why", confine_why(errno), NULL);
	if (s->record >= 0)
		close(s->record);
	free(s);
	return NULL;
}

/* A run of our own, not one that is read back. */
static bool
live(const struct options *opts)
{
	return opts->command == CMD_CHECK || opts->command == CMD_SUBJECT ||
	    opts->command == CMD_ALERT;
}

struct sinks *
sinks_open(const struct options *opts, struct out *out)
{
	struct sinks *s = xcalloc(1, sizeof(*s));

	s->opts = opts;
	s->out = out;
	s->record = -1;
	if (opts->record != NULL) {
		s->record = open(opts->record, O_WRONLY | O_CREAT | O_TRUNC |
		    O_APPEND | O_CLOEXEC, 0600);
		if (s->record < 0)
			return cannot_open(s, opts->record);
	}
	if (opts->output != NULL &&
	    out_file(&s->file, opts->output, opts->ambiguous) != 0)
		return cannot_open(s, opts->output);
	if (live(opts) && !opts->given[OPT_NO_RECORD])
		s->state = state_open(NULL);
	return s;
}

static void
record(struct sinks *s, const char *at, size_t left)
{
	ssize_t n;

	while (left > 0 && s->record_error == 0) {
		n = write(s->record, at, left);
		if (n >= 0) {
			at += n;
			left -= (size_t)n;
		} else if (errno != EINTR)
			s->record_error = errno;
	}
}

/* The event as a line of the recordings that are wanted. */
static void
record_event(struct sinks *s, const struct session *session,
    const struct event *ev)
{
	char *line;
	size_t n;

	if ((s->record < 0 || s->record_error != 0) && s->state == NULL)
		return;
	line = record_line(ev);
	n = strlen(line) + 1;
	line[n - 1] = '\n';
	if (s->record >= 0)
		record(s, line, n);
	if (s->state != NULL)
		state_line(s->state, session, ev, line, n);
	free(line);
}

void
sinks_event(void *ctx, const struct session *session, const struct event *ev)
{
	struct sinks *s = ctx;

	record_event(s, session, ev);
	if (s->opts->output != NULL && s->opts->file_format == FORMAT_JSON)
		json_sink(&s->file, session, ev);
	if (s->opts->stdout_format == FORMAT_JSON)
		json_sink(s->out, session, ev);
	else if (s->opts->stdout_format == FORMAT_PLAIN)
		plain_sink(s->out, session, ev);
	if (s->opts->stdout_format == FORMAT_TEXT)
		progress_sink(&s->progress, session, ev);
}

int
sinks_failed(const struct sinks *s)
{
	return s->out->error != 0 || s->record_error != 0 ||
	    (s->opts->output != NULL && s->file.error != 0);
}

int
sinks_close(struct sinks *s, const struct session *session)
{
	int rc = 0;

	progress_clear(&s->progress);
	if (session != NULL && s->opts->stdout_format == FORMAT_PLAIN)
		out_put(s->out, "\n");
	if (session != NULL && (s->opts->stdout_format == FORMAT_TEXT ||
	    s->opts->stdout_format == FORMAT_PLAIN))
		report_write(s->out, session);
	if (s->opts->output != NULL) {
		if (session != NULL && s->opts->file_format == FORMAT_TEXT)
			report_write(&s->file, session);
		rc |= out_close(&s->file);
	}
	if (s->record >= 0 && close(s->record) != 0 && s->record_error == 0)
		s->record_error = errno;
	if (s->state != NULL)
		state_close(s->state);
	if (s->record_error != 0) {
		out_say("err.write", "file", s->opts->record, "why",
		    strerror(s->record_error), NULL);
		rc = -1;
	}
	free(s);
	return rc;
}
