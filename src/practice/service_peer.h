/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the practice services declare: a site is one server name at some
 * addresses with its behaviour, a talk fault is what goes wrong in dialogues.
 */
#ifndef PRACTICE_SERVICE_PEER_H
#define PRACTICE_SERVICE_PEER_H

#include "practice/link_peer.h"
#include "practice/mail_store.h"

enum talk_action { TALK_REPLY, TALK_STALL, TALK_CLOSE, TALK_RESET,
	TALK_GARBLED, TALK_DRIP, TALK_ENDLESS_HEADERS, TALK_ENDLESS_BODY,
	TALK_ENDLESS_LINES, TALK_LONG_LINE, TALK_ESCAPE, TALK_NUL,
	TALK_INJECT, TALK_WAIT, TALK_BARE_LF, TALK_CUT_BODY, TALK_BAD_CHUNK,
	TALK_STATUS, TALK_PLAIN, TALK_FEW };

struct talk_fault {
	struct addr		*who;
	size_t			 nwho;
	uint16_t		 port;		/* 0 any */
	unsigned		 first, last;	/* connections; 0, 0 = all */
	struct mem_span		 span;		/* only then */
	char			*verb;		/* SMTP; NULL = any */
	enum talk_action	 action;
	long			 number;	/* ms, bytes, status */
	char			*text;
};

enum site_kind { SITE_PLAIN, SITE_SUBMISSION, SITE_POP, SITE_IMAP };

struct site {
	enum site_kind	 kind;
	char		*name;
	struct addr	*addrs;
	size_t		 naddrs;
	enum cert_kind	 cert;
	char		*cert_name;	/* NULL: name */
	long		 cert_days;
	bool		 sni_only;
	/* web */
	bool		 http, https;
	int		 status;
	char		*redirect, *body;
	long		 least;		/* octets of the page */
	bool		 to_https;
	/* mail */
	uint16_t	 port;		/* 0: 25 */
	bool		 implicit, no_starttls;
	char		*banner, *rcpt, *mail, *extensions;
	int64_t		 delay, greylist;	/* ns */
	/* mailboxes */
	char		*auth;		/* mechanisms; NULL: none */
	bool		 auth_early;	/* before TLS too */
	bool		 echo;		/* says passwords again */
	bool		 no_uidplus, lost; /* lost: accepts, never delivers */
	int64_t		 deliver;	/* ns until mail is in its box */
	int64_t		 greylist_until;	/* run state; 0 = not asked */
};

struct services {
	struct site		*webs, *mails, *boxes;
	size_t			 nwebs, nmails, nboxes;
	struct mail_store	 store;
	struct talk_fault	*box_faults[2];		/* POP3, IMAP */
	size_t			 nbox_faults[2];
	struct talk_fault	*http_faults, *smtp_faults;
	size_t			 nhttp_faults, nsmtp_faults;
	int64_t			 clock;
	struct service_bind	**binds;	/* listeners of this world */
	size_t			 nbinds;
};

/* One address and port with the sites behind it. */
struct service_bind {
	struct services		*all;
	struct link_service	 link;
	struct sockname		 at;
	struct site		**sites;
	size_t			 nsites;
};

void	 services_free(struct services *);
/* Forget the listeners and what they remember. */
void	 services_reset(struct services *);
struct service_bind *service_bind(struct services *, const struct addr *,
	    uint16_t port, struct site *);
/* The first fault for this connection (and verb), or NULL. */
const struct talk_fault *service_fault(const struct talk_fault *, size_t,
	    struct link *, const char *verb);
SSL_CTX	*service_context(void *bind, struct link *, const char *sni);
/* What is no dialogue of one protocol: true when the fault was done. */
bool	 service_misbehave(const struct talk_fault *, struct link *);
/* Listen for all sites of a kind. */
void	 web_peer_listen(struct services *, struct world *);
void	 smtp_peer_listen(struct services *, struct world *);
void	 box_peer_listen(struct services *, struct world *);

#endif
