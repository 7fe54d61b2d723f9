/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the SMTP script; private to src/talk. */
#ifndef TALK_SMTP_SCRIPT_H
#define TALK_SMTP_SCRIPT_H

#include "talk/auth.h"
#include "talk/smtp_track.h"
#include "talk/talk.h"

struct smtp_row {
	unsigned	 need;		/* states, one of them */
	int		 cond;		/* what else must hold */
	const char	*text;		/* followed by the argument */
	size_t		 arg;		/* offset in talk_params, 0: none */
	const char	*close;
	bool		 last;
	bool		 again;		/* may be said more than once */
};

struct smtp_script {
	unsigned	 rows;		/* bits: rows spoken */
	bool		 refused;	/* EHLO was: say HELO */
	bool		 stop;		/* nothing but QUIT now */
	enum auth_method method;	/* that may be tried, or 0 */
	bool		 in;		/* our login worked */
	bool		 sent;		/* the message was */
};

/* The first row not yet spoken that fits where the session stands; it counts
   as spoken. NULL: there is nothing more to say. */
const struct smtp_row *smtp_script_next(struct smtp_script *,
		    const struct smtp_track *, const struct talk_params *);
/* What the row says, without CRLF; the caller frees. */
char		*smtp_script_line(const struct smtp_script *,
		    const struct smtp_row *, const struct talk_params *);

#endif
