/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The course of a dialogue by lines, SMTP, POP3 or IMAP: a script speaks, the
 * tracker knows where it stands, replies are told. Private to src/talk.
 */
#ifndef TALK_VISIT_H
#define TALK_VISIT_H

#include "talk/login.h"
#include "talk/script.h"

/* Why a reply was bad, and what was counted if it passed a limit. */
struct visit_bad {
	const char	*why;
	bool		 limited;
	size_t		 bytes, lines;
};

struct visit_ops {
	const struct script	*script;
	/* Whose reply is awaited; "" when none is. */
	const char *(*pending)(const struct talk *);
	/* enum auth_method offered. */
	unsigned (*methods)(const struct talk *);
	/* What a row says, the caller wipes it. shown: how much of it may be
	   seen, where not all. */
	char	*(*text)(struct talk *, const struct script_row *,
		    size_t *shown);
	/* A reply is awaited from now on. */
	void	(*ready)(struct talk *);
	/* Eat a line of it (secrets hidden; raw: as it came): 1 complete, 0
	   more, -1 bad. The tracker sees it afterwards. */
	int	(*line)(struct talk *, const struct conn_event *,
		    const struct conn_event *raw);
	void	(*bad)(const struct talk *, struct visit_bad *);
	/* The reply is complete: tell it, and what comes of it. */
	void	(*reply)(struct talk *, int64_t at);
	/* May such a line come unasked for? NULL: none may. */
	bool	(*news)(const struct talk *, const struct conn_event *);
	/* Is a line unasked for a goodbye? Then it is told, and the end; NULL:
	   there is none such. */
	bool	(*bye)(struct talk *, const struct conn_event *);
	/* Why the script cannot go on behind a hand: a word, or NULL. NULL
	   member: nothing hinders it. */
	const char *(*hinders)(const struct talk *);
	/* A hand spoke: forget what was found. NULL: nothing is kept. */
	void	(*forget)(struct talk *);
	unsigned mute;		/* states in which we say no goodbye */
};

/* The first member of the state of each protocol. */
struct visit {
	const struct visit_ops	*ops;
	const char		*verb;		/* that the line answers */
	bool			 unasked;	/* told once */
	bool			 leaving;	/* goodbye was said */
	struct login		 login;
	struct script_run	 run;
};

/* Members of struct dialog_ops. */
#define VISIT_OPS .begin = visit_begin, .event = visit_event, \
	.resume = visit_resume, .next = visit_peek, .last = visit_last, \
	.touched = visit_touched, .lax_gap = NSEC_PER_SEC

void	 visit_begin(struct talk *);
void	 visit_event(struct talk *, const struct conn_event *);
bool	 visit_last(const struct talk *);
char	*visit_peek(struct talk *, bool spent);
const char *visit_resume(struct talk *);
void	 visit_touched(struct talk *, bool login);
bool	 visit_quit(struct talk *);
/* Say the next line, unless the peer has more to say already. */
void	 visit_go_on(struct talk *);
/* A fact with "verb": that of the line under way. */
json_t	*visit_fact(const struct talk *);
void	 visit_caps_fact(struct talk *, json_t *list);

#endif
