/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the POP3 script; private to src/talk. */
#ifndef TALK_POP3_SCRIPT_H
#define TALK_POP3_SCRIPT_H

#include "talk/auth.h"
#include "talk/pop3_track.h"
#include "talk/script.h"
#include "talk/talk.h"

enum pop3_say { POP3_SAY, POP3_SAY_METHOD, POP3_SAY_ANSWER, POP3_SAY_LOGIN,
	POP3_SAY_PASSWORD, POP3_SAY_TOP, POP3_SAY_DELE };

struct pop3_script {
	unsigned		 rows;		/* bits: rows spoken */
	bool			 stop;		/* nothing but QUIT now */
	enum auth_method	 method;	/* that may be tried, or 0 */
	unsigned		 look, drop;	/* messages still to look at,
						   to delete */
};

/* The first row that fits where the session stands and was not yet spoken;
   it counts as spoken. NULL: there is nothing more to say. */
const struct script_row *pop3_script_next(struct pop3_script *,
		    const struct pop3_track *, const struct talk_params *);

#endif
