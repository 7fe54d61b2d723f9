/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands: each returns its exit status. */
#ifndef UI_RUN_H
#define UI_RUN_H

#include "ui/options.h"
#include "ui/out.h"

#define STATUS_UNKNOWN	3	/* also: could not run */
#define STATUS_USAGE	64

/* A diagnosis: check and the bare SUBJECT. */
int	 run_check(const struct options *, struct out *);
/* What was pasted, then a diagnosis. */
int	 alert_run(const struct options *, struct out *);
/* By hand, a terminal's or a script's. */
int	 repl_run(const struct options *, struct out *);
int	 replay_run(const struct options *, struct out *);
/* What changed between two recordings: 0 nothing, 1 something, 3 one could
   not be read. */
int	 diff_run(const struct options *, struct out *);
int	 practice_run(const struct options *, struct out *);
int	 explain_run(const struct options *, struct out *);

/* What a recording says: 0, or -1 after one line on stderr. */
struct session;
struct event;
int	 replay_feed(const char *name, void (*sink)(void *,
	     const struct session *, const struct event *), void *ctx,
	     struct session *);

/* The sinks that the options ask for, opened before anything is sent. */
struct sinks;
/* NULL after one line on stderr. */
struct sinks	*sinks_open(const struct options *, struct out *);
/* The sink to hand to the engine, ctx is the struct sinks. */
void	 sinks_event(void *, const struct session *, const struct event *);
/* Could something not be written? */
int	 sinks_failed(const struct sinks *);
/* Write the reports (session NULL: none), close: 0, or -1 after a line on
   stderr. */
int	 sinks_close(struct sinks *, const struct session *);

#endif
