/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the dialogues with a mailbox share, POP3 and IMAP: their facts, and
 * headers that may bear our token. Private to src/talk.
 */
#ifndef TALK_BOX_H
#define TALK_BOX_H

#include "talk/visit.h"

#define BOX_TOKEN	64
#define BOX_MARKS	16	/* messages of ours kept in mind */
#define BOX_ROUTE	12	/* Received fields of one message */

/* A message's header, line by line. */
struct box_header {
	char		 token[BOX_TOKEN];
	json_t		*route;
	bool		 in_route;
};

/* The first member of the state of both protocols. */
struct box {
	struct visit		 visit;
	struct box_header	 header;
	unsigned long		 marks[BOX_MARKS];	/* ours, by number */
	char			 tokens[BOX_MARKS][BOX_TOKEN];
	unsigned		 nmarks;
};

void	 box_clear(struct box *);
/* What was found is forgotten. */
void	 box_forget(struct box *);
/* The fact of a reply; how: its status. */
void	 box_reply_fact(struct talk *, const char *how, const char *code,
	     const char *text, size_t lines, int64_t at);
/* It said goodbye: tell it and end. */
void	 box_bye(struct talk *, const char *text, const char *code);
void	 box_header_line(struct box_header *, const char *, size_t);
/* How many messages there are. */
void	 box_searched(struct talk *, unsigned n);
/* The header of message number n is complete: is it ours? */
void	 box_looked(struct talk *, unsigned long n);
/* The last message still to delete is: ok, or it stays. */
void	 box_dropped(struct talk *, bool ok);

#endif
