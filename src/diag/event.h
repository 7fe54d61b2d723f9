/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one stream of events: everything anybody sees is made from it.
 */
#ifndef DIAG_EVENT_H
#define DIAG_EVENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "talk/talk.h"

#define EVENT_VERSION 1

enum event_kind { EV_SESSION, EV_STEP, EV_PROBE, EV_LINE, EV_FACT, EV_FINDING,
	EV_ASK, EV_ANSWER, EV_END, EV_COUNT };

struct event {
	enum event_kind	 kind;
	uint64_t	 seq;		/* from 1 */
	int64_t		 us;		/* microseconds since `session' */
	const char	*probe;		/* key STEP/PROTO/NAME/ADDR/PORT[/WHAT] */
	int		 attempt;	/* from 1; 0 with no probe */
	/* LINE */
	enum talk_dir	 dir;
	bool		 tls;
	bool		 dns;		/* data is a DNS message (wire) */
	const void	*data;
	size_t		 len, full;
	/* LINE (INFO, OURS): body {"key":..,"args":{..}}; FACT: body {"key",
	   "value"}; others: all further members. Borrowed during the call. */
	json_t		*body;
};

const char	*event_word(enum event_kind);
/* One object as documented in tadoru-json(5); a new reference. */
json_t		*event_to_json(const struct event *);
/* The reverse. data and body of *ev are owned by *ev: event_clear. 0, or -1
   and a word: "version" (v higher than ours) "kind" "member". */
int		 event_from_json(const json_t *, struct event *ev,
		    const char **why);
void		 event_clear(struct event *);

#endif
