/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of time-outs and the table of limits: everything that ends a
 * wait or cuts what a peer sends is here and nowhere else.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include "base/world.h"

struct timeouts {		/* all in ns, already scaled by --timeout */
	int64_t	udp_interval;	/* between datagrams: 1 s */
	int	udp_tries;	/* 3 */
	int64_t	udp_total;	/* 3 s */
	int64_t	recheck;	/* late re-check of a silent server: 1 s */
	int64_t	hedge;		/* walk: next server after 400 ms */
	int64_t	connect;	/* all tries of an address together: 4 s */
	int64_t	connect_gap;	/* 1.1 s between tries, new ports */
	int64_t	tcp_reply;	/* DNS over TCP, after connect: 4 s */
	int64_t	tls;		/* handshake: 8 s */
	int64_t	banner;		/* whole SMTP greeting: 60 s */
	int64_t	reply;		/* whole reply of a command: 15 s */
	int64_t	http;		/* whole HTTP response: 15 s */
	int64_t	quit;		/* wait for 221: 1 s */
	int64_t	resolver;	/* one question to a resolver: 6 s */
	int64_t	probe;		/* whole probe: 85 s */
};

#define LIMIT_DIALOGUE	(256u * 1024)	/* kept of one dialogue */
#define LIMIT_SESSION	(32u * 1024 * 1024)
#define LIMIT_FACTS	(4u * 1024 * 1024) /* of that, not for lines */
#define LIMIT_LINE	(8u * 1024)	/* kept of one line */
#define LIMIT_REPLY_LINES 200		/* continuation lines of one reply */
#define LIMIT_HEADERS	200
#define LIMIT_HEADER_BYTES (128u * 1024)
#define LIMIT_BODY	(1024u * 1024)
#define LIMIT_REPLY_BYTES (256u * 1024)	/* one SMTP reply */
#define LIMIT_QUESTIONS	400		/* DNS questions of one diagnosis */
#define LIMIT_RECORDS	256		/* kept of a section of a DNS message */
#define LIMIT_STRAYS	16		/* stray datagrams told one by one */
#define LIMIT_HAND	(4u * 1024 * 1024) /* received by hand */
#define LIMIT_HAND_LINES 65536		/* of these, and so in a recording */
#define LIMIT_SOCKETS	256
#define LIMIT_NS	32		/* NS names examined of one RRset */
#define LIMIT_ADDRS	16		/* addresses a family and name */
#define LIMIT_HOPS	10		/* redirects */
#define LIMIT_PAGES	256		/* pages behind redirects */
#define LIMIT_HOSTS	24		/* names met in redirects */

/* Fill with the defaults times scale (1.0 = as in the table). */
void timeouts_init(struct timeouts *, double scale);

#endif
