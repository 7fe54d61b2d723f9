/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line on stderr while a diagnosis runs, written over ten times a
 * second at most: seconds, probes ended of probes known, findings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/sink.h"
#include "ui/strings.h"

#define REDRAW_US 100000

void
progress_clear(struct progress *p)
{
	if (p->width > 0 && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%*s\r", p->width, "");
	p->width = 0;
}

void
progress_sink(void *ctx, const struct session *s, const struct event *ev)
{
	struct progress *p = ctx;
	char number[4][24], *text;
	size_t i, done = 0;

	if (ev->us - p->shown < REDRAW_US || !isatty(STDERR_FILENO))
		return;
	p->shown = ev->us;
	for (i = 0; i < s->nprobes; i++)
		done += s->probes[i]->state != PROBE_RUNNING;
	snprintf(number[0], 24, "%lld", (long long)(ev->us / 1000000));
	snprintf(number[1], 24, "%zu", done);
	snprintf(number[2], 24, "%zu", s->nprobes);
	snprintf(number[3], 24, "%zu", s->nfindings);
	text = strings_make("progress", "s", number[0], "done", number[1],
	    "all", number[2], "findings", number[3], NULL);
	fprintf(stderr, "\r%s", text);
	if (text_width(text, 1) < p->width)
		fprintf(stderr, "%*s", p->width - text_width(text, 1), "");
	p->width = text_width(text, 1);
	fflush(stderr);
	free(text);
}
