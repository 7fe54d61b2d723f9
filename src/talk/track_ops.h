/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each protocol adds to a tracker; private to src/talk/track*.c. */
#ifndef TALK_TRACK_OPS_H
#define TALK_TRACK_OPS_H

#include "talk/imap_track.h"
#include "talk/pop3_track.h"
#include "talk/smtp.h"
#include "talk/smtp_track.h"
#include "talk/track.h"
#include "talk/verb.h"

#define TRACK_QUEUE 1024	/* lines sent and not yet taken up */
#define TRACK_TAGS 32

struct track_list {
	char	**list;
	size_t	 n;
};

struct track_ops {
	void	(*init)(struct track *);
	void	(*sent)(struct track *, const char *, size_t);
	bool	(*received)(struct track *, const char *, size_t,
		    size_t full, size_t eol);
	void	(*tls)(struct track *);
	/* The next line answers a challenge (lines that wait apart). */
	bool	(*answers)(const struct track *);
	bool	(*challenged)(const struct track *);
	bool	(*tls_due)(const struct track *);
	bool	(*our_turn)(const struct track *);
	bool	(*content)(const struct track *);
	bool	(*gone)(const struct track *);
	/* Goodbye would delete mail. */
	bool	(*deletes)(const struct track *);
	const char *(*state)(const struct track *);
	unsigned (*at)(const struct track *);
	/* Add every line that may be typed now. */
	void	(*words)(const struct track *, struct track_list *);
	const char *starttls, *goodbye;
	bool	 tagged;
	/* One reply after the other: lines wait until it is our turn. */
	bool	 queues;
};

extern const struct track_ops track_lines_ops, track_http_ops,
    track_smtp_ops, track_pop3_ops, track_imap_ops;

enum http_side { HTTP_ASKS, HTTP_FIELDS, HTTP_CONTENT, HTTP_AWAITS,
	HTTP_ANSWERS, HTTP_PAGE };

struct track {
	const struct track_ops	*ops;
	enum track_proto	 proto;
	bool			 tls;
	struct track_list	 offered;
	struct track_list	 queue;		/* sent, not yet taken up */
	bool			 asks;		/* a challenge came, whether or
						   not anybody asked for it,
						   and no final reply since */
	bool			 typed, heard;	/* HTTP, lines: a secret field
						   goes on, of ours or theirs */
	bool			 answered;	/* lines: something went out */
	unsigned		 due, ahead;	/* the same: replies to come,
						   before that to AUTH */
	/* SMTP */
	struct smtp_track	 smtp;
	struct smtp_reply	 reply;
	/* HTTP */
	enum http_side		 side;
	bool			 begun, body;
	/* POP3 */
	struct pop3_track	 pop3;
	bool			 content;	/* a reply goes on until "." */
	/* IMAP */
	struct imap_track	 imap;
	struct imap_flow	 flow;
	struct track_list	 tags;		/* of commands under way */
	enum imap_verb		 verbs[TRACK_TAGS];
	bool			 more;		/* "+ " came: go on */
	bool			 literal;	/* of ours is to follow */
	unsigned		 tag;		/* highest number used */
};

/* From now on what goes out may answer a challenge. */
void	 track_challenge(struct track *);
void	 track_add(struct track_list *, const char *, size_t);
/* The peer offers this; what is beyond LIMIT_REPLY_LINES is not kept. */
void	 track_offer(struct track *, const char *, size_t);
void	 track_clear(struct track_list *);
void	 track_drop(struct track_list *, size_t i);
/* printf-like words are not needed: two parts joined. */
void	 track_word(struct track_list *, const char *, const char *);

#endif
