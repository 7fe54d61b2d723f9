/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The world is a parameter: every way out of the program. Two
 * implementations exist, base/world_kernel and practice/world_memory.
 */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include <sys/types.h>

#include "base/addr.h"

#define NSEC_PER_SEC	INT64_C(1000000000)
#define NSEC_PER_MSEC	INT64_C(1000000)
#define WORLD_NEVER	INT64_MAX

/* Why nothing (or no more) came: the same words for every protocol. */
enum net_cause {
	NET_OK,
	NET_NO_FAMILY,		/* this host has no such family */
	NET_TIMEOUT,		/* silence */
	NET_REFUSED,		/* RST, ICMP port unreachable */
	NET_UNREACHABLE,	/* other ICMP unreachable, no route */
	NET_PROHIBITED,		/* ICMP administratively prohibited */
	NET_CLOSED,		/* peer closed or reset an open connection */
	NET_STALLED,		/* open, but no more bytes in time */
	NET_LOCAL,		/* our own: no descriptors, bad source */
	NET_INTERRUPTED		/* suspended or cancelled; says nothing */
};

struct net_error {
	enum net_cause	cause;
	int		err;		/* errno, 0 if none */
	int		icmp_type;	/* -1 unless an ICMP message told */
	int		icmp_code;
	struct addr	sender;		/* of the ICMP message, family 0: none */
};

struct world_tcp_info {
	unsigned	retransmits;	/* total, SYNs included */
	unsigned	rtt_us;
	unsigned	mtu;
};

#define WORLD_IN	1u		/* readable */
#define WORLD_OUT	2u		/* writable or connected */
#define WORLD_ERR	4u		/* error queue or hang-up */

struct world_poll {
	int		handle;
	unsigned	want, got;
};

struct world;

struct world_ops {
	/* A non-blocking handle; family 4 or 6; -1 with errno. */
	int	(*open)(struct world *, int family, bool tcp);
	/* Before a TCP connect: segments of no more than this many bytes,
	   either way (RFC 9293 3.7.1): 0, or -1 with errno. */
	int	(*clamp)(struct world *, int, unsigned mss);
	/* 0, or -1 with errno. addr family 0: any. */
	int	(*bind)(struct world *, int, const struct sockname *);
	/* Begin a TCP connect: 0 = begun, -1 with errno. */
	int	(*connect)(struct world *, int, const struct sockname *);
	/* to: destination of a datagram, NULL on TCP. -1 with errno. */
	ssize_t	(*send)(struct world *, int, const void *, size_t,
		    const struct sockname *to);
	/* from may be NULL. 0 = end of stream (TCP). -1 with errno. */
	ssize_t	(*recv)(struct world *, int, void *, size_t,
		    struct sockname *from);
	/* Take one error off the handle (error queue first, then SO_ERROR):
	   1 and *e filled (to: destination of the datagram it is about, may
	   be NULL), or 0 = none. */
	int	(*error)(struct world *, int, struct net_error *e,
		    struct sockname *to);
	/* 0, or -1 if this system cannot tell. */
	int	(*tcp_info)(struct world *, int, struct world_tcp_info *);
	/* Our own end: 0, or -1. */
	int	(*local)(struct world *, int, struct sockname *);
	void	(*close)(struct world *, int);
	/* Wait until a handle is ready or the monotonic time until (ns,
	   WORLD_NEVER = no limit): number ready, 0 = time is up, -1 error. */
	int	(*wait)(struct world *, struct world_poll *, size_t,
		    int64_t until);
	int64_t	(*now)(struct world *);		/* monotonic, ns */
	int64_t	(*wall)(struct world *);	/* UTC, ns since 1970 */
	void	(*random)(struct world *, void *, size_t);
	/* Source address the system would use towards dst: 0, -1 = none. */
	int	(*source)(struct world *, const struct addr *dst,
		    struct addr *src);
	void	(*free)(struct world *);
};

struct root_hint {
	char		*name;		/* lower case, no final dot */
	struct addr	 addr;
};

#define WORLD_RESOLVERS	8
#define WORLD_PREFIXES	16

struct world {
	const struct world_ops	*ops;
	struct addr		 resolvers[WORLD_RESOLVERS];
	size_t			 nresolvers;
	struct root_hint	*hints;
	size_t			 nhints;
	char			*ca_pem;	/* NULL: the system's store */
	char			*trust_anchor;	/* NULL: built in */
	struct prefix		 global[WORLD_PREFIXES];
	size_t			 nglobal;	/* --global-prefix */
	struct addr		 source4, source6; /* --source; family 0 none */
	char			*hostname;	/* of this host, may be NULL */
	bool			 isolated; /* the system's hosts file and
					      resolv.conf say nothing of it */
};

/* The class of an address, --global-prefix considered (world.c). */
const struct addr_class *world_classify(const struct world *,
	    const struct addr *);
/* Replace the hints by those in master-file text (NS of ., A, AAAA);
   -1 and *cause ("3: IPv4": line, 0 = the whole, and what was expected;
   caller frees). (world.c) */
int	 world_hints_parse(struct world *, const char *text, char **cause);
/* The built-in root hints (names and addresses of 2026). (world.c) */
void	 world_hints_builtin(struct world *);
/* ops->open, then bound to --source of that family if there is one.
   (world.c) */
int	 world_open(struct world *, int family, bool tcp);
/* Has this host no way at all to the family of to? Then the error was that:
   its cause becomes NET_NO_FAMILY. (world.c) */
void	 world_no_family(struct world *, const struct addr *to,
	    struct net_error *);
/* Free what struct world itself holds, then ops->free. */
void	 world_free(struct world *);

/* Classify errno of a socket call, or the ICMP error beside it.
   (net_error.c) */
void	 net_error_init(struct net_error *, enum net_cause);
void	 net_error_errno(struct net_error *, int err);
void	 net_error_icmp(struct net_error *, int family, int type, int code,
	    const struct addr *sender, int err);
/* "timeout" "refused" "unreachable" "prohibited" "closed" "stalled" "local"
   "no-family" "interrupted" "ok". */
const char *net_cause_word(enum net_cause);
int	 net_cause_parse(const char *, enum net_cause *);
/* "ECONNREFUSED"; "E112" for one without a word here; 0 = none. */
const char *net_errno_word(int);
int	 net_errno_parse(const char *);
/* An errno that an ICMP message left on an open connection, which goes on. */
bool	 net_errno_soft(int);
/* "ICMPv6 1/3 address unreachable"-like technical words, or "" . */
const char *net_icmp_word(int family, int type, int code);

/* The kernel's world; resolvers from resolv.conf, hints built in. */
struct world *world_kernel_new(void);

#endif
