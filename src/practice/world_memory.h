/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memory world: peers are functions, time is virtual and jumps to the
 * next event. No sockets, no children, no rights, the same every time.
 */
#ifndef PRACTICE_WORLD_MEMORY_H
#define PRACTICE_WORLD_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/world.h"

struct mem_conn;		/* a TCP connection, seen from the peer */

/* A peer: what listens at an address and port. */
struct mem_peer {
	void	 *ctx;
	/* UDP; answers with memory_reply(). May be NULL. */
	void	(*datagram)(void *ctx, struct world *, const struct sockname *
		    from, const struct sockname *to, const void *, size_t);
	/* TCP. accept gives the connection's context (mem_conn_ctx). */
	void	*(*accept)(void *ctx, struct mem_conn *);
	void	(*data)(void *conn_ctx, struct mem_conn *, const void *, size_t);
	void	(*closed)(void *conn_ctx, struct mem_conn *);
};

/* Handles of memory worlds begin here: below are descriptors. */
int		 memory_first_handle(void);
/* Virtual time starts at wall (UTC seconds); random bytes come from seed. */
struct world	*memory_new(uint64_t seed, int64_t wall);
/* Round trip between us and every peer unless a fault delays more; ns. */
void		 memory_rtt(struct world *, int64_t);
/* What the client host has: an address and a route of this family. */
void		 memory_vantage(struct world *, int family, bool present);
/* Let peer answer at addr, port; copies the struct. A listener of family 0
   intercepts its port at every address. An address known here with no
   listener on a port answers RST or ICMP port unreachable; an address never
   named here is silent. */
void		 memory_listen(struct world *, const struct sockname *,
		    bool tcp, const struct mem_peer *);
void		 memory_host(struct world *, const struct addr *);
/* An address of the client host besides the usual two (--source). */
void		 memory_source(struct world *, const struct addr *);
#define MEMORY_SOURCES	4
/* The addresses of the client host in the families that it has: how many. */
size_t		 memory_sources(struct world *,
		    struct addr out[MEMORY_SOURCES]);
/* From a peer: send a datagram from source address "from". */
void		 memory_reply(struct world *, const struct sockname *from,
		    const struct sockname *to, const void *, size_t,
		    int64_t delay);
/* An ICMP error about a datagram that the client ("to") sent to "about". */
void		 memory_icmp(struct world *, const struct sockname *to,
		    const struct sockname *about, int type, int code,
		    const struct addr *sender, int64_t delay);
void		 mem_conn_send(struct mem_conn *, const void *, size_t,
		    int64_t delay);
void		 mem_conn_close(struct mem_conn *, int64_t delay);
void		 mem_conn_reset(struct mem_conn *, int64_t delay);
/* Call back with the connection's context after delay ns, unless the
   connection is over by then. */
void		 mem_conn_after(struct mem_conn *, int64_t delay,
		    void (*)(void *conn_ctx));
/* Bytes sent that the client has not read yet (for endless senders). */
size_t		 mem_conn_pending(const struct mem_conn *);
struct world	*mem_conn_world(struct mem_conn *);
const struct sockname *mem_conn_to(struct mem_conn *);	/* our listener */
const struct sockname *mem_conn_from(struct mem_conn *);
/* Number of this connection to that listener, from 1; idle time before. */
unsigned	 mem_conn_number(struct mem_conn *);
/* Call back after delay ns of virtual time. */
void		 memory_after(struct world *, int64_t delay, void (*)(void *),
		    void *);

/* A span of a world's time, ns since its beginning: until before the end;
   end 0: for ever. All zero: always. */
struct mem_span {
	int64_t		 begin, end;
};
/* Is this moment (of the world's clock, ns) within the span? */
bool		 memory_within(const struct mem_span *, int64_t now);

/* A fault of the network on the way to an address: data, not code. */
enum mem_fault_kind { MEM_SILENT, MEM_REFUSED, MEM_ICMP, MEM_DELAY,
	MEM_RESET, MEM_STALL, MEM_LOST_OVER };
struct mem_fault {
	struct prefix	 to;		/* whom it is about; family 0 = any */
	int		 proto;		/* 17 UDP, 6 TCP, 0 both */
	uint16_t	 port;		/* 0 any */
	unsigned	 first, last;	/* n-th datagram or connect; 0, 0 = all */
	int64_t		 idle;		/* only if idle for this long; 0 any */
	struct mem_span	 span;		/* only then */
	size_t		 after;		/* RESET, STALL: bytes from the peer;
					   LOST_OVER: larger segments never come
					   through, however often they are sent */
	bool		 near;		/* on our own side: only we see it */
	enum mem_fault_kind kind;
	int		 icmp_type, icmp_code;
	struct addr	 sender;	/* of the ICMP message */
	int64_t		 delay;
};
void		 memory_fault(struct world *, const struct mem_fault *);
/* What a lasting fault far away does to somebody else who asks this address:
   false if nothing stands in the way. */
bool		 memory_fault_far(struct world *, const struct sockname *,
		    bool tcp, enum mem_fault_kind *);

/* What becomes of an echo request: 1 answered after *delay ns, 0 silence,
   -1 the error in *e. */
int		 memory_echo(struct world *, const struct addr *,
		    struct net_error *e, int64_t *delay);
/* The moment of the next event, WORLD_NEVER if there is none. */
int64_t		 memory_next(struct world *);

/* What was sent and asked, for assertions and the bounds of hostile peers. */
struct memory_stats {
	unsigned	datagrams, connects, open_max;
	unsigned	per_second_max;	/* equal datagrams to one addr in 1 s */
	unsigned	same_open_max;	/* connections to one addr and port */
	size_t		bytes_in, bytes_out;
};
void		 memory_stats(struct world *, struct memory_stats *);
/* See every datagram ("udp"), connect ("connect") and TCP data ("tcp") that
   leaves the client, when it leaves. */
void		 memory_trace(struct world *, void (*)(void *, const char *what,
		    const struct sockname *to, const void *, size_t), void *);

#endif
