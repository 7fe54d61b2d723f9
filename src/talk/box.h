/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the dialogues with a mailbox share, POP3 and IMAP: waiting, lines,
 * logins, and headers that may bear our token. Private to src/talk.
 */
#ifndef TALK_BOX_H
#define TALK_BOX_H

#include "talk/login.h"

#define BOX_TOKEN	64
#define BOX_MARKS	16	/* messages of ours kept in mind */
#define BOX_ROUTE	12	/* Received fields of one message */

struct box_ops {
	/* Eat a line (secrets hidden; raw: as it came): 1 complete, 0 more,
	   -1 bad. */
	int	(*line)(struct talk *, const struct conn_event *,
		    const struct conn_event *raw);
	/* It was bad: the word, and what limit was passed ("" none). */
	const char *(*bad)(struct talk *, const char **limit, size_t *at);
	/* The reply is complete: tell it, and what comes of it. */
	void	(*reply)(struct talk *, int64_t at);
	/* The next line to say, the caller wipes it; NULL: nothing. shown:
	   how much of it may be seen. */
	char	*(*next)(struct talk *, size_t *shown);
	/* What a verb awaited is called; "" when none is. */
	const char *(*pending)(const struct talk *);
	/* TLS is up. */
	void	(*tls)(struct talk *);
};

/* The first member of the state of both protocols. */
struct box {
	const struct box_ops	*ops;
	bool			 unasked;	/* told once */
	bool			 leaving;	/* QUIT or LOGOUT was said */
	struct login		 login;
};

void	 box_begin(struct talk *);
void	 box_event(struct talk *, const struct conn_event *);
bool	 box_quit(struct talk *, const char *line);
/* QUIT or LOGOUT was said: nothing of the script is to come. */
bool	 box_last(const struct talk *);
void	 box_clear(struct box *);
/* Say the next line, unless the peer has more to say already. */
void	 box_go_on(struct talk *);
/* The fact of a reply; how: its status. */
void	 box_reply_fact(struct talk *, const char *how, const char *code,
	     const char *text, size_t lines, int64_t at);
void	 box_caps_fact(struct talk *, json_t *list);
/* A message's header, line by line. */
struct box_header {
	char		 token[BOX_TOKEN];
	json_t		*route;
	bool		 in_route;
};

void	 box_header_line(struct box_header *, const char *, size_t);
/* Is it ours? Then the fact "found" is told and true returned; forgets the
   header either way. */
bool	 box_header_end(struct talk *, struct box_header *, char *token);

#endif
