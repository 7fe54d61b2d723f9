/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an SMTP session stands, from the lines of both directions alone, so
 * that it does not matter who spoke them. Private to src/talk.
 */
#ifndef TALK_SMTP_TRACK_H
#define TALK_SMTP_TRACK_H

#include <stdbool.h>
#include <stddef.h>

enum smtp_state {
	SMTP_CONNECTED = 1,	/* the banner is awaited */
	SMTP_GREETED = 2,	/* banner seen, or TLS just up */
	SMTP_READY = 4,		/* EHLO or HELO was accepted */
	SMTP_MAIL = 8,		/* sender accepted */
	SMTP_RCPT = 16,		/* a recipient accepted */
	SMTP_TLS = 32,		/* 220 to STARTTLS: handshake due */
	SMTP_CONTENT = 64,	/* 354: message lines go out */
	SMTP_SECRET = 128,	/* 334: the next line answers AUTH */
	SMTP_GONE = 256		/* QUIT, 421 */
};

enum smtp_verb {
	SMTP_NOTHING, SMTP_BANNER, SMTP_EHLO, SMTP_HELO, SMTP_STARTTLS,
	SMTP_MAIL_FROM, SMTP_RCPT_TO, SMTP_DATA, SMTP_END, SMTP_RSET,
	SMTP_AUTH, SMTP_QUIT, SMTP_OTHER
};

#define SMTP_RCPT_MAX 320	/* "TO:<a@b>": RFC 5321 4.5.3.1 */

struct smtp_track {
	enum smtp_state	state;
	enum smtp_verb	pending;	/* whose reply is awaited */
	enum smtp_state	back;		/* state before AUTH */
	unsigned	methods;	/* enum auth_method, the same */
	char		asked[SMTP_RCPT_MAX];	/* of the RCPT under way */
	char		rcpt[SMTP_RCPT_MAX];	/* first accepted, or "" */
	bool		others;		/* more were, or may have been */
	bool		odd;		/* it may mean anything */
};

void		 smtp_track_init(struct smtp_track *);
/* A line went out. */
void		 smtp_track_sent(struct smtp_track *, const char *, size_t);
/* A further line of the reply to EHLO, without the code. */
void		 smtp_track_cap(struct smtp_track *, const char *, size_t);
/* A whole reply came in. */
void		 smtp_track_reply(struct smtp_track *, int code);
/* The handshake ended well: everything heard before is forgotten. */
void		 smtp_track_tls(struct smtp_track *);
/* That of a struct track of SMTP. */
struct track;
const struct smtp_track *smtp_track_of(const struct track *);
/* Nobody but this address, if anybody, was accepted as a recipient since the
   transaction began. */
bool		 smtp_track_only(const struct smtp_track *, const char *);
/* "banner" "EHLO" ...; "" for nothing. */
const char	*smtp_track_verb(enum smtp_verb);

#endif
