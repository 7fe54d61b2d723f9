/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailboxes of the practice Internet: accounts, and the mail that servers
 * accepted for them, each visible from some moment on.
 */
#ifndef PRACTICE_MAIL_STORE_H
#define PRACTICE_MAIL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mail {
	char		*header;	/* lines parted by CRLF, no body */
	int64_t		 when;		/* of the world; from then on there */
	unsigned	 uid;		/* from 1 */
	bool		 gone, marked;
};

struct account {
	char		*address, *login, *password;
	struct mail	**mails;
	size_t		 nmails;
};

struct mail_store {
	struct account	*list;
	size_t		 n;
};

void	 mail_store_free(struct mail_store *);
/* Forget all mail, keep the accounts. */
void	 mail_store_reset(struct mail_store *);
/* Strings are taken over. */
void	 mail_store_add(struct mail_store *, char *address, char *login,
	    char *password);
/* Put mail into the mailbox of this address, if there is one. */
void	 mail_store_deliver(struct mail_store *, const char *address,
	    const char *header, int64_t when);
/* Whose login this is; NULL if name or password is wrong. */
struct account *mail_store_login(struct mail_store *, const char *login,
	    const char *password);
/* What is there at this time: the nth from 0, NULL when there are fewer. */
struct mail *mail_store_at(const struct account *, size_t nth, int64_t now);
size_t	 mail_store_count(const struct account *, int64_t now);

/* A login by mechanism, step by step. */
struct mail_login {
	unsigned	 method;	/* enum auth_method, 0 none */
	int		 step;
	char		*challenge;	/* in base64 */
	char		*name;		/* LOGIN: the answer before, in base64 */
};

void	 mail_login_free(struct mail_login *);
/* Begin: false if there is no such mechanism. */
bool	 mail_login_begin(struct mail_login *, const char *method, size_t n);
/* Take an answer: 1 and *who (NULL: refused), or 0: answer the challenge. */
int	 mail_login_answer(struct mail_login *, struct mail_store *,
	    const char *answer, struct account **who);

#endif
