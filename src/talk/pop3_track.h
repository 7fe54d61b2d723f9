/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a POP3 session stands, from the lines of both directions alone.
 * Private to src/talk.
 */
#ifndef TALK_POP3_TRACK_H
#define TALK_POP3_TRACK_H

#include <stdbool.h>
#include <stddef.h>

enum pop3_state {
	POP3_CONNECTED = 1,	/* the greeting is awaited */
	POP3_AUTHORIZATION = 2,
	POP3_NAMED = 4,		/* USER was accepted: PASS is due */
	POP3_SECRET = 8,	/* + : the next line answers AUTH */
	POP3_TRANSACTION = 16,
	POP3_TLS = 32,		/* +OK to STLS: handshake due */
	POP3_GONE = 64
};

enum pop3_verb {
	POP3_NOTHING, POP3_BANNER, POP3_CAPA, POP3_STLS, POP3_USER, POP3_PASS,
	POP3_APOP, POP3_AUTH, POP3_STAT, POP3_LIST, POP3_UIDL, POP3_TOP,
	POP3_RETR, POP3_DELE, POP3_RSET, POP3_NOOP, POP3_QUIT, POP3_OTHER
};

struct pop3_track {
	enum pop3_state	state;
	enum pop3_verb	pending;	/* whose reply is awaited */
	enum pop3_state	back;		/* state before AUTH */
	bool		multi;		/* a good reply to it has lines */
	unsigned	methods;	/* enum auth_method, by CAPA; USER
					   where that was refused */
};

void		 pop3_track_init(struct pop3_track *);
/* A line went out. */
void		 pop3_track_sent(struct pop3_track *, const char *, size_t);
/* A line of the reply to CAPA. */
void		 pop3_track_cap(struct pop3_track *, const char *, size_t);
/* A whole reply came in; more: it was a challenge. */
void		 pop3_track_reply(struct pop3_track *, bool ok, bool more);
/* The handshake ended well: everything heard before is forgotten. */
void		 pop3_track_tls(struct pop3_track *);
/* That of a struct track of POP3. */
struct track;
const struct pop3_track *pop3_track_of(const struct track *);
const char	*pop3_track_verb(enum pop3_verb);

#endif
