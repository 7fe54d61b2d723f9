/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALK_POP3_H
#define TALK_POP3_H

#include <stdbool.h>
#include <stddef.h>

/* One POP3 reply (RFC 1939 3, RFC 2449, RFC 3206), read line by line. */
struct pop3_reply {
	bool	 ok;		/* +OK */
	bool	 more;		/* + : a challenge (RFC 5034) */
	char	 code[32];	/* response code "IN-USE", or "" */
	char	*text;		/* after +OK or -ERR and the code, escaped */
	size_t	 lines, bytes;
	const char *bad;	/* word: why it is not a POP3 reply */
	bool	 limited;
};

/* What the first line of a reply is. */
enum pop3_status { POP3_BAD, POP3_OK, POP3_ERR, POP3_MORE };

enum pop3_status pop3_status(const char *, size_t);
void	 pop3_reply_init(struct pop3_reply *);
void	 pop3_reply_free(struct pop3_reply *);
/* Eat one line without CRLF; multi: a good reply goes on up to a dot. 1 =
   complete, 0 = more (from the second line on: content), -1 = bad: one of
   not-pop3 tls-on-plain-port, or with limited set too-many-lines
   reply-too-long. */
int	 pop3_reply_parse(struct pop3_reply *, const void *, size_t,
	     bool multi);

#endif
