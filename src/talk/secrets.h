/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets that are never shown, whoever sends them back: of one dialogue, and
 * of the whole run.
 */
#ifndef TALK_SECRETS_H
#define TALK_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

#define SECRETS_MAX 256		/* forms kept; the oldest go */

struct secrets {
	char		**list;
	size_t		 n;
	struct secrets	*run;	/* those of the run, or NULL; borrowed */
	size_t		 least;	/* bytes: what is shorter of the run's is let
				   pass */
};

void	 secrets_free(struct secrets *);
/* Remember it (a copy); empty ones are let pass. */
void	 secrets_add(struct secrets *, const char *);
/* It, and what it becomes when it is quoted (RFC 9051 4.3), in base64 of both
   alphabets (RFC 4648 4, 5), or in hexadecimal digits. */
void	 secrets_forms(struct secrets *, const char *);
/* All forms in which this account's secret may come back. */
void	 secrets_account(struct secrets *, const char *login,
	    const char *password);
/* What n bytes of base64 mean, of either alphabet, padded or not: malloc'd,
   *len bytes; NULL: they are none. */
char	*secrets_decode(const char *, size_t n, size_t *len);
/* The bytes with every secret replaced by asterisks, also where it is part of
   what base64 means; cut: the end is missing, so what may be the beginning of
   one goes too. NULL: nothing to hide. The caller frees. */
char	*secrets_scrub(const struct secrets *, const void *, size_t, bool cut,
	    size_t *out);

#endif
