/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A login within a dialogue, whatever the protocol: which mechanism, what to
 * answer, what came of it. Private to src/talk.
 */
#ifndef TALK_LOGIN_H
#define TALK_LOGIN_H

#include "talk/dialog.h"

struct login {
	enum auth_method	 method;	/* 0: none can be tried */
	int			 nth;		/* challenges answered */
	char			*challenge;	/* the last one */
	bool			 told;		/* the fact "login" was */
	bool			 in;		/* it worked */
	bool			 refused;	/* it did not: leave */
};

void	 login_clear(struct login *);
/* Which method may be tried of those offered; once chosen it stays. */
void	 login_choose(struct talk *, struct login *, unsigned offered);
/* The challenge as it came, without its code or plus. */
void	 login_challenge(struct login *, const void *, size_t);
/* The answer to it, "*" when there is none; the caller wipes it. */
char	*login_answer(struct talk *, struct login *);
/* The login ended; ok, or what the server said. */
void	 login_fact(struct talk *, struct login *, bool ok, const char *code,
	     const char *text);
/* Leaving: a login that was wanted and not tried is told. */
void	 login_left(struct talk *, struct login *, unsigned offered);

#endif
