/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small mail servers for tests: two mailboxes whose letters have the same
 * numbers, and what was done to each.
 */
#ifndef HARM_KIT_H
#define HARM_KIT_H

#include <stdbool.h>

#include "base/buf.h"
#include "practice/link_peer.h"
#include "talk/track.h"

#define HARM_CLOCK	1795000000
#define HARM_TOKEN	"tokabc"
#define NLETTERS	4

/* A letter of the mailbox of one name; the same numbers in all of them. */
struct letter {
	const char *box, *header;
	int number;
	bool marked, gone, read;
};

struct server {
	struct link_service link;
	void (*line)(struct server *, struct link *, char *);
	const char *greeting;
	struct letter letters[NLETTERS];
	const char *box;		/* selected, or whose login it is */
	char name[40];
	struct buf got, seen;
	bool in, data;
	bool no_reset;			/* RSET is refused */
};

/* Serve IMAP or POP3 inside TLS, or SMTP without, in this world; the letters
   are as they were at first. harm_free: what it kept. */
void	 harm_serve(struct server *, struct world *, enum track_proto,
	    const struct sockname *);
void	 harm_free(struct server *);

#endif
