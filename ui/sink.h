/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sinks: what is made of the stream of events. All have the type that
 * engine_sink takes; ctx is the struct out to write to, or as said.
 */
#ifndef UI_SINK_H
#define UI_SINK_H

#include "diag/session.h"
#include "ui/out.h"

/* Every line, command, step and finding as it comes, without the report. */
void	 plain_sink(void *out, const struct session *, const struct event *);
/* One JSON object a line. */
void	 json_sink(void *out, const struct session *, const struct event *);
/* One line on stderr that is written over; ctx is a struct progress. */
struct progress {
	int64_t		 shown;		/* us of the last drawing */
	int		 width;		/* columns drawn */
};
void	 progress_sink(void *progress, const struct session *,
	     const struct event *);
void	 progress_clear(struct progress *);

#endif
