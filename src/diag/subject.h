/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the ticket: a domain, host, mail address, URL. */
#ifndef DIAG_SUBJECT_H
#define DIAG_SUBJECT_H

#include <stdbool.h>

enum subject_kind { SUBJECT_DOMAIN, SUBJECT_MAIL, SUBJECT_URL };

struct subject {
	enum subject_kind kind;
	char		*input;		/* as given (escaped UTF-8) */
	char		*name;		/* A-label, lower case, no final dot */
	char		*unicode;	/* the name as people write it */
	char		*mailbox;	/* MAIL: the whole address, else NULL */
	char		*scheme;	/* URL: "http" or "https", else NULL */
	unsigned	 port;		/* URL: given port or 0 */
	char		*path;		/* URL: "/x?y" or NULL */
	bool		 repaired;	/* something was repaired: say so */
	char		*repairs;	/* words: "final-dot full-width quotes
					   case brackets space dash" */
};

/* 0, or -1 and *why a word: "empty" "address" (an IP address: *hint is the
   repl URL) "idn" "label-long" "name-long" "label-empty" "characters"
   "scheme" "port" "mailbox" "single-label". *hint: the part it is about, malloc'd
   (may be NULL). */
int	 subject_parse(struct subject *, const char *, const char **why,
	     char **hint);
void	 subject_free(struct subject *);

#endif
