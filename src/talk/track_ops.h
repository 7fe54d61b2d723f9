/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each protocol adds to a tracker; private to src/talk/track*.c. */
#ifndef TALK_TRACK_OPS_H
#define TALK_TRACK_OPS_H

#include "talk/smtp.h"
#include "talk/smtp_track.h"
#include "talk/track.h"

#define TRACK_QUEUE 32

struct track_list {
	char	**list;
	size_t	 n;
};

struct track_ops {
	void	(*init)(struct track *);
	void	(*sent)(struct track *, const char *, size_t);
	bool	(*received)(struct track *, const char *, size_t);
	void	(*tls)(struct track *);
	/* The next line answers a challenge. */
	bool	(*answers)(const struct track *);
	bool	(*challenged)(const struct track *);
	bool	(*tls_due)(const struct track *);
	bool	(*our_turn)(const struct track *);
	bool	(*content)(const struct track *);
	bool	(*gone)(const struct track *);
	const char *(*state)(const struct track *);
	/* Add every line that may be typed now. */
	void	(*words)(const struct track *, struct track_list *);
	const char *starttls, *goodbye;
	bool	 tagged;
};

extern const struct track_ops track_lines_ops, track_http_ops,
    track_smtp_ops, track_pop3_ops, track_imap_ops;

enum http_side { HTTP_ASKS, HTTP_FIELDS, HTTP_CONTENT, HTTP_AWAITS,
	HTTP_ANSWERS, HTTP_PAGE };

enum mbox_state { MBOX_CONNECTED, MBOX_GREETED, MBOX_LOGGED_IN, MBOX_SELECTED,
	MBOX_TLS, MBOX_GONE };

struct track {
	const struct track_ops	*ops;
	enum track_proto	 proto;
	bool			 tls;
	struct track_list	 offered;
	/* SMTP */
	struct smtp_track	 smtp;
	struct smtp_reply	 reply;
	struct track_list	 queue;		/* sent, not yet taken up */
	/* HTTP */
	enum http_side		 side;
	bool			 begun, body;
	/* POP3, IMAP */
	enum mbox_state		 mbox;
	char			*pending[TRACK_QUEUE];	/* verbs awaited */
	char			*tags[TRACK_QUEUE];	/* IMAP: their tags */
	size_t			 npending;
	bool			 multi;		/* POP3: until "." */
	bool			 challenged;	/* "+ " came */
	unsigned		 tag;		/* IMAP: highest number used */
	size_t			 literal;	/* bytes of a literal to come */
};

void	 track_add(struct track_list *, const char *, size_t);
/* The peer offers this; what is beyond LIMIT_REPLY_LINES is not kept. */
void	 track_offer(struct track *, const char *, size_t);
void	 track_clear(struct track_list *);
/* printf-like words are not needed: two parts joined. */
void	 track_word(struct track_list *, const char *, const char *);
/* Bytes of the first word. */
size_t	 track_first(const char *, size_t);
/* Is the first word this one, case ignored? */
bool	 track_is(const char *, size_t, const char *word);

#endif
