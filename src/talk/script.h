/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script as a table of rows, whatever the protocol; private to src/talk. */
#ifndef TALK_SCRIPT_H
#define TALK_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

struct script_row {
	unsigned	 need;		/* states, one of them */
	int		 cond;		/* what else must hold */
	const char	*text;
	int		 say;		/* what follows it, of the protocol */
	bool		 again;		/* may be said more than once */
	bool		 last;
};

struct script {
	const struct script_row	*rows;
	size_t			 n;
	/* Does a row's condition hold? ctx as given to script_next. */
	bool			 (*holds)(const void *ctx, int cond);
};

/* The first row that fits this state and was not yet spoken (bits of *spoken);
   it counts as spoken. stop: only the last one. NULL: there is none. */
const struct script_row *script_next(const struct script *, unsigned *spoken,
		    unsigned state, bool stop, const void *ctx);

#endif
