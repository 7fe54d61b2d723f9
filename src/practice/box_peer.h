/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice servers of mailboxes share: POP3 and IMAP. */
#ifndef PRACTICE_BOX_PEER_H
#define PRACTICE_BOX_PEER_H

#include "base/buf.h"
#include "practice/service_peer.h"

struct box_session {
	struct service_bind	*bind;
	struct site		*site;
	struct link		*link;
	struct buf		 in;
	bool			 tls, over;
	struct account		*account;	/* logged in */
	struct mail_login	 login;		/* under way */
	char			 tag[32];	/* IMAP */
	bool			 selected, writable;
	char			*name;		/* POP3: USER */
};

struct box_server {
	void	(*greet)(struct box_session *);
	void	(*line)(struct box_session *, char *);
};

/* A reply, unless a fault of this verb says otherwise. */
void	 box_say(struct box_session *, const char *verb, const char *reply);
void	 box_say_free(struct box_session *, const char *verb, char *reply);
/* STLS or STARTTLS: what to say, then TLS. */
void	 box_starttls(struct box_session *, const char *verb,
	    const char *ready, const char *refused);
/* What was typed, for a server that says it again; "" for others. Free. */
char	*box_echo(const struct box_session *, const char *typed);
bool	 box_may_login(const struct box_session *);
int64_t	 box_now(const struct box_session *);
void	 box_close(struct box_session *);

extern const struct box_server	pop_server, imap_server;

#endif
