/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of client lives through: a pure table. */
#ifndef UI_TUI_CLIENTS_H
#define UI_TUI_CLIENTS_H

#include <stdbool.h>

enum client_kind { CLIENT_V4, CLIENT_HE, CLIENT_OLD, CLIENT_NAT64,
	CLIENT_V6_RESOLVER, CLIENT_MTA, CLIENT_KINDS };

/* One family of a service as a client meets it. */
struct client_side {
	int	 good, silent, refused; /* addresses; none: not published */
	bool	 wrong;		/* connects, and then it is wrong (TLS, page) */
	bool	 unknown;	/* nothing is known of some address */
	double	 s;		/* seconds to connect where it works */
};

struct client_life {
	bool	 works, unknown;
	bool	 sometimes;	/* only for some, or by chance */
	double	 waits, speaks;	/* seconds before, and of, the connection */
	double	 waits_most;	/* the slowest of such clients */
};

/* What the servers of a name do with questions for it; some: by some of them
   only, so that it depends on whom the resolver asks. */
struct client_dns {
	bool	 silent, silent_some;	/* no reply to AAAA, but to A */
	bool	 denied, denied_some;	/* "no such name" to AAAA */
	bool	 failed, failed_some;	/* an error or nonsense to AAAA */
	bool	 tcp6;		/* no TCP 53 over IPv6: long answers */
};

/* resolver_v6: can the names be resolved over IPv6 alone? */
struct client_life client_life(enum client_kind, const struct client_side *v4,
	    const struct client_side *v6, bool resolver_v6);
/* What the look-up adds to such a life. */
void		 client_looks_up(struct client_life *, enum client_kind,
		    const struct client_dns *);

#endif
