/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the dialogues with a mailbox share, POP3 and IMAP: waiting, lines,
 * logins, and headers that may bear our token. Private to src/talk.
 */
#ifndef TALK_BOX_H
#define TALK_BOX_H

#include "talk/login.h"
#include "talk/script.h"

#define BOX_TOKEN	64
#define BOX_MARKS	16	/* messages of ours kept in mind */
#define BOX_ROUTE	12	/* Received fields of one message */

/* Why a reply was bad, and what was counted if it passed a limit. */
struct box_bad {
	const char	*why;
	bool		 limited;
	size_t		 bytes, lines;
};

struct box_ops {
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
	void	(*bad)(const struct talk *, struct box_bad *);
	/* The reply is complete: tell it, and what comes of it. */
	void	(*reply)(struct talk *, int64_t at);
	/* A line unasked for said goodbye; NULL: there is none such. */
	void	(*bye)(struct talk *, const struct conn_event *);
};

/* A message's header, line by line. */
struct box_header {
	char		 token[BOX_TOKEN];
	json_t		*route;
	bool		 in_route;
};

/* The first member of the state of both protocols. */
struct box {
	const struct box_ops	*ops;
	const char		*verb;		/* that the line answers */
	bool			 unasked;	/* told once */
	bool			 leaving;	/* QUIT or LOGOUT was said */
	struct login		 login;
	struct script_run	 run;
	struct box_header	 header;
	unsigned long		 marks[BOX_MARKS];	/* ours, by number */
	char			 tokens[BOX_MARKS][BOX_TOKEN];
	unsigned		 nmarks;
};

/* Members of struct dialog_ops. */
void	 box_begin(struct talk *);
void	 box_event(struct talk *, const struct conn_event *);
bool	 box_last(const struct talk *);
char	*box_peek(struct talk *, bool spent);
const char *box_resume(struct talk *);
/* Say goodbye, unless in one of these states: false if it cannot be said. */
bool	 box_quit(struct talk *, unsigned mute);
void	 box_clear(struct box *);
/* Say the next line, unless the peer has more to say already. */
void	 box_go_on(struct talk *);
/* The fact of a reply; how: its status. */
void	 box_reply_fact(struct talk *, const char *how, const char *code,
	     const char *text, size_t lines, int64_t at);
void	 box_caps_fact(struct talk *, json_t *list);
/* It said goodbye: tell it and end. */
void	 box_bye(struct talk *, const char *text, const char *code);
/* How many messages there are. */
void	 box_searched(struct talk *, unsigned n);
/* The header of message number n is complete: is it ours? */
void	 box_looked(struct talk *, unsigned long n);
/* The last message still to delete is: ok, or it stays. */
void	 box_dropped(struct talk *, bool ok);
void	 box_header_line(struct box_header *, const char *, size_t);

#endif
