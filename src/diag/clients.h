/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each kind of client lives through at each service: computed from the
 * findings and the matrix of a session and nothing else.
 */
#ifndef DIAG_CLIENTS_H
#define DIAG_CLIENTS_H

#include "diag/session.h"

enum client_kind { CLIENT_V4, CLIENT_HE, CLIENT_OLD, CLIENT_NAT64,
	CLIENT_V6_RESOLVER, CLIENT_MTA, CLIENT_KINDS };

/* One family of a service as a client meets it: addresses are counted once,
   by the worst that happens there; none at all: not published. */
struct client_side {
	int	 good;		/* connects and does its work */
	int	 wrong;		/* connects, and then it is wrong (TLS, page) */
	int	 final;		/* takes no mail, for good: it is returned */
	int	 silent;
	int	 refused;	/* or unreachable: told at once */
	int	 special;	/* published, and nobody outside gets there */
	int	 lost;		/* of the good: first packets are lost */
	int	 slow;		/* of the good: greet late */
	bool	 unknown;	/* nothing is known of some address */
	bool	 sometimes;	/* not always, or not as it should */
	bool	 fails_some;	/* some programs, or some times, fail */
	bool	 grey;		/* who is new there has to come back */
	double	 s;		/* to connect where it works, the slowest */
	double	 told;		/* s until the refusals came, together */
	double	 late;		/* s until the slowest greeting */
	double	 back;		/* s until who came back was let in */
};

/* What the look-up of a name comes to; some: at some servers only, so that it
   depends on whom the resolver asks. [0] over IPv4, [1] over IPv6. */
struct client_dns {
	bool	 silent, silent_some;	/* no reply to AAAA, but to A */
	bool	 denied, denied_some;	/* "no such name" to AAAA */
	bool	 failed, failed_some;	/* an error or nonsense to AAAA */
	bool	 tcp[2];	/* no TCP 53: long answers */
	bool	 later[2];	/* some server costs a try */
	bool	 only[2];	/* fails over this family alone */
	bool	 only_some;	/* may fail over IPv6 alone */
	bool	 only_unknown;	/* not known how it is over IPv6 alone */
	bool	 sometimes;	/* old data, other servers */
	bool	 fails_some;	/* no answer, or a wrong one, for some */
	bool	 none;		/* nobody finds the name */
};

struct client_life {
	bool	 works, unknown;
	bool	 fails_some;	/* some of such clients fail, or by chance */
	bool	 sometimes;	/* only for some, or by chance */
	bool	 grey;		/* the first mail comes later */
	bool	 lookup;	/* the first look-up takes longer */
	double	 waits, speaks;	/* s before, and of, the connection */
	double	 waits_most;	/* the slowest of such clients */
	double	 patient;	/* s of waits_most that nobody minds */
};

struct client_service {
	struct endpoint		 ep;	/* name, port, proto; no address.
					   proto "dns": the domain itself */
	struct client_side	 side[2];
	struct client_dns	 dns;
	struct client_life	 life[CLIENT_KINDS];
};

/* The matrix of a session: s 0 where it has none. */
struct client_matrix {
	const struct session	*s;
	const struct endpoint	*eps;
	const int		*verdicts;
	const double		*seconds;
	size_t			 n;
};

/* Every service that is offered, in the order of the matrix, then mail hosts
   without an address, then the domain itself if there is nothing else; the
   caller calls clients_free. Returns how many. */
size_t	 clients_of(const struct client_matrix *, struct client_service **);
void	 clients_free(struct client_service *, size_t n);
/* Its stable name: "v4" and so on. */
const char *clients_word(enum client_kind);
/* Is there a life of that kind at a service? Mail between hosts is the
   matter of sending hosts alone, and they of nothing else. */
bool	 clients_has(const struct client_service *, enum client_kind);
/* ok, notice (only patience is needed), warning, error, unknown. */
enum verdict clients_verdict(const struct client_life *);
/* Does somebody feel this finding at that service? *zone: everywhere in the
   domain, not there alone. */
bool	 clients_felt(const struct client_matrix *,
	    const struct client_service *, const struct finding *, bool *zone);

/* The parts, pure functions: connecting to both sides, and what the look-up
   adds (clients_life.c). */
struct client_life clients_life(enum client_kind, const struct client_side *v4,
	    const struct client_side *v6);
void	 clients_look_up(struct client_life *, enum client_kind,
	    const struct client_dns *);
/* What a finding does to a service, its addresses apart; to the side of an
   address that connects and where it stands: 1 if that is wrong by it, 2 if
   mail is returned for good, else 0 (clients_felt.c). */
void	 clients_feel(const struct client_matrix *, struct client_service *,
	    const struct finding *);
int	 clients_feel_at(struct client_side *, const struct finding *);

#endif
