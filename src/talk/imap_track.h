/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an IMAP session stands, from the lines of both directions alone.
 * Private to src/talk.
 */
#ifndef TALK_IMAP_TRACK_H
#define TALK_IMAP_TRACK_H

#include "talk/imap.h"

enum imap_state {
	IMAP_CONNECTED = 1,	/* the greeting is awaited */
	IMAP_NOT_AUTH = 2,
	IMAP_SECRET = 4,	/* + : the next line answers AUTHENTICATE */
	IMAP_AUTH = 8,
	IMAP_SELECTED = 16,
	IMAP_TLS = 32,		/* OK to STARTTLS: handshake due */
	IMAP_GONE = 64
};

enum imap_verb {
	IMAP_NOTHING, IMAP_BANNER, IMAP_CAPABILITY, IMAP_STARTTLS,
	IMAP_AUTHENTICATE, IMAP_LOGIN, IMAP_SELECT, IMAP_EXAMINE, IMAP_SEARCH,
	IMAP_FETCH, IMAP_STORE, IMAP_EXPUNGE, IMAP_CLOSE, IMAP_LIST,
	IMAP_NOOP, IMAP_ID, IMAP_IDLE, IMAP_APPEND, IMAP_LOGOUT, IMAP_OTHER
};

struct imap_track {
	enum imap_state	state;
	enum imap_verb	pending;	/* whose reply is awaited */
	enum imap_state	back;		/* state before AUTHENTICATE */
	char		tag[16];	/* of the command under way, or "" */
	bool		caps;		/* known since the greeting, TLS or
					   the login */
	unsigned	methods;	/* enum auth_method offered; USER is
					   LOGIN, allowed unless disabled */
};

void		 imap_track_init(struct imap_track *);
/* A line went out (tag, verb, arguments). */
void		 imap_track_sent(struct imap_track *, const char *, size_t);
/* A list of capabilities came, words parted by blanks. */
void		 imap_track_caps(struct imap_track *, const char *, size_t);
/* The reply to what was sent is complete. */
void		 imap_track_reply(struct imap_track *, enum imap_status,
		    bool bye);
/* The handshake ended well: everything heard before is forgotten. */
void		 imap_track_tls(struct imap_track *);
/* That of a struct track of IMAP. */
struct track;
const struct imap_track *imap_track_of(const struct track *);
const char	*imap_track_verb(enum imap_verb);

#endif
