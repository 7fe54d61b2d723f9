/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the IMAP script; private to src/talk. */
#ifndef TALK_IMAP_SCRIPT_H
#define TALK_IMAP_SCRIPT_H

#include "talk/auth.h"
#include "talk/imap_track.h"
#include "talk/script.h"
#include "talk/talk.h"

enum imap_say { IMAP_SAY, IMAP_SAY_METHOD, IMAP_SAY_ANSWER, IMAP_SAY_LOGIN,
	IMAP_SAY_TOKEN, IMAP_SAY_FETCH, IMAP_SAY_STORE, IMAP_SAY_EXPUNGE };

struct imap_script {
	unsigned		 rows;		/* bits: rows spoken */
	bool			 stop;		/* nothing but LOGOUT now */
	bool			 in;		/* our login worked */
	enum auth_method	 method;	/* that may be tried, or 0 */
	unsigned		 look, drop, purge; /* messages still to look
						   at, to mark, to expunge */
};

/* The first row that fits where the session stands and was not yet spoken;
   it counts as spoken. NULL: there is nothing more to say. */
const struct script_row *imap_script_next(struct imap_script *,
		    const struct imap_track *, const struct talk_params *);

#endif
