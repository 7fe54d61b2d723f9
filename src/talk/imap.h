/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALK_IMAP_H
#define TALK_IMAP_H

#include <stdbool.h>
#include <stddef.h>

enum imap_status { IMAP_NONE, IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE,
	IMAP_PREAUTH, IMAP_MORE };

/* What a line of the server is: a response begins, it lies in a literal, or
   behind one. */
enum imap_line { IMAP_UNTAGGED, IMAP_LITERAL, IMAP_REST };

/* Literals that run over many lines (RFC 9051 4.3). */
struct imap_flow {
	size_t	left;		/* bytes still to come of a literal */
	bool	open;		/* its response goes on behind it */
};

/* What the next line is: n bytes of it, full of them without its end of eol
   bytes. A response that is not tagged is given to imap_flow_begins. */
enum imap_line imap_flow_line(struct imap_flow *, const char *, size_t n,
	     size_t full, size_t eol);
void	 imap_flow_begins(struct imap_flow *, const char *, size_t);

/* The responses to one command up to its tagged one, or a greeting, read
   line by line (RFC 9051 7). */
struct imap_reply {
	char		 tag[16];	/* awaited; "": the greeting */
	enum imap_status status;	/* of the end; MORE: "+" */
	char		 code[32];	/* "AUTHENTICATIONFAILED", or "" */
	char		*text;		/* behind the code, escaped */
	char		*caps;		/* of the end's CAPABILITY code */
	bool		 bye;		/* an untagged BYE came before it */
	char		*bye_text;
	enum imap_line	 kind;		/* of the line just eaten */
	struct imap_flow flow;
	size_t		 lines, bytes;
	const char	*bad;
	bool		 limited;
};

/* tag: copied; NULL for the greeting. */
void	 imap_reply_init(struct imap_reply *, const char *tag);
void	 imap_reply_free(struct imap_reply *);
/* Eat one line without its end of eol bytes; full: its true length. 1 =
   complete, 0 = more (see kind), -1 = bad: one of not-imap wrong-tag
   tls-on-plain-port, or with limited set too-many-lines reply-too-long. */
int	 imap_reply_parse(struct imap_reply *, const void *, size_t,
	     size_t full, size_t eol);
const char *imap_status_word(enum imap_status);
/* The status a response begins with, NONE for others. */
enum imap_status imap_status_of(const char *, size_t);
/* The list in "[CAPABILITY list] text" and its length; NULL: another text. */
const char *imap_caps_code(const char *, size_t, size_t *len);

#endif
