/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALK_SMTP_H
#define TALK_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* One SMTP reply, read line by line (RFC 5321 4.2). */
struct smtp_reply {
	int	 code;
	char	 enhanced[16];	/* "4.7.1" (RFC 3463) or "" */
	char	*text;		/* first line after the code, escaped */
	struct buf all;		/* texts of all lines, escaped, joined by
				   spaces, enhanced codes left out; cut */
	size_t	 lines, bytes;
	bool	 done;
	const char *bad;	/* word: why it is not an SMTP reply */
	bool	 limited;
};

void	 smtp_reply_init(struct smtp_reply *);
void	 smtp_reply_free(struct smtp_reply *);
/* Eat one line without CRLF: 1 = reply complete, 0 = more, -1 = bad: bad is
   one of not-smtp tls-on-plain-port bad-separator code-changes, or with
   limited set: too-many-lines reply-too-long. */
int	 smtp_reply_parse(struct smtp_reply *, const void *, size_t);

/* Does this text of a refusal speak of our own address, name, PTR, block
   lists or reputation (refused-us)? ours: our address or NULL. */
bool	 smtp_refuses_us(int code, const char *enhanced, const char *text,
	     const char *ours, const char *helo);
/* Does a 4xx of RCPT speak of greylisting? */
bool	 smtp_greylists(int code, const char *enhanced, const char *text);

#endif
