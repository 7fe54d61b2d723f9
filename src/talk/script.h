/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A script as a table of rows, and how far it has come, whatever the protocol.
 * Private to src/talk.
 */
#ifndef TALK_SCRIPT_H
#define TALK_SCRIPT_H

#include "talk/auth.h"
#include "talk/talk.h"

/* What a row waits for, beside the state. */
enum script_if {
	IF_ALWAYS,
	IF_REFUSED,	/* EHLO was: say HELO */
	IF_OFFERED,	/* STARTTLS is wanted and offered */
	IF_TLS,		/* it was done */
	IF_SASL, IF_USER, /* a login by a mechanism, or without one */
	IF_RCPT,	/* an envelope is wanted, after a login if any */
	IF_CONSENT,	/* to this content and to nobody but this recipient */
	IF_COUNT,	/* messages, anew behind a hand */
	IF_SEARCH,	/* for our token, the same */
	IF_UNKNOWN,	/* what is offered after the login */
	IF_READ, IF_WRITE, /* our login worked: messages stay, or may go */
	IF_LOOK, IF_DROP, IF_PURGE /* messages of our login's mailbox are left
				      to do this to */
};

/* What follows the text of a row. */
enum script_say {
	SAY_TEXT, SAY_METHOD, SAY_ANSWER, SAY_LOGIN, SAY_PASSWORD,
	SAY_HELO, SAY_FROM, SAY_RCPT, SAY_CONTENT,
	SAY_TOKEN, SAY_LOOK, SAY_DROP, SAY_PURGE
};

struct script_row {
	unsigned	 need;		/* states, one of them */
	enum script_if	 cond;
	const char	*text;
	enum script_say	 say;
	bool		 again;		/* may be said more than once */
	bool		 last;
};

struct script {
	const struct script_row	*rows;
	size_t			 n;
};

extern const struct script smtp_script, pop3_script, imap_script;

struct script_run {
	unsigned		 rows;		/* bits: rows spoken */
	bool			 refused;
	bool			 stop;		/* nothing but the last row */
	bool			 in;		/* our login worked */
	enum auth_method	 method;	/* that may be tried, or 0 */
	unsigned		 look, drop, purge; /* messages still to look
						   at, to mark, to expunge */
};

/* The first row that fits where the session stands and was not yet spoken; it
   counts as spoken. NULL: there is nothing more to say. */
const struct script_row *script_next(const struct script *,
		    struct script_run *, const struct track *,
		    const struct talk_params *);
/* Somebody else spoke: what messages were found is forgotten, they are looked
   for anew. */
void		 script_anew(const struct script *, struct script_run *);

#endif
