/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a login says. Private to src/talk. */
#ifndef TALK_AUTH_H
#define TALK_AUTH_H

#include <stdbool.h>
#include <stddef.h>

/* Mechanisms a server may offer, as bits. */
enum auth_method { AUTH_PLAIN = 1, AUTH_LOGIN = 2, AUTH_CRAM = 4,
	AUTH_USER = 8 };

/* "PLAIN" "LOGIN" "CRAM-MD5": its bit, 0 for others. */
unsigned auth_method(const char *, size_t);
/* "PLAIN" ...; "USER" for what has no mechanism's name. */
const char *auth_word(enum auth_method);
/* The best of those offered and not yet tried; 0: none. */
enum auth_method auth_choose(unsigned offered);
/* The answer to the nth challenge (from 0; the text after 334 or +) of a
   mechanism, in base64; the caller wipes it with auth_free. NULL: there is
   none (RFC 4616, RFC 2195). */
char	*auth_answer(enum auth_method, const char *login,
	    const char *password, const char *challenge, int nth);
/* An IMAP quoted string (RFC 9051 4.3). */
char	*auth_quoted(const char *);
/* Overwrite and free; NULL is let pass. */
void	 auth_free(char *);

#endif
