/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the memory world: shared by world_memory.c and memory_*.c. */
#ifndef PRACTICE_MEMORY_H
#define PRACTICE_MEMORY_H

#include "base/buf.h"
#include "practice/world_memory.h"

#define MEMORY_HANDLE	(1 << 20)	/* never a real descriptor */
#define MEMORY_START	(INT64_C(1000) * NSEC_PER_SEC)

struct mem_packet {
	struct mem_packet	*next;
	struct sockname		 from, to;
	bool			 icmp;
	struct net_error	 error;
	size_t			 len;
	unsigned char		 data[];
};

enum mem_state { MEM_IDLE, MEM_CONNECTING, MEM_OPEN, MEM_FAILED };

/* The client's end: a handle. */
struct mem_sock {
	int			 family;
	bool			 tcp;
	struct sockname		 local, peer;
	struct mem_packet	*in, **in_end;		/* UDP */
	struct mem_packet	*errors, **errors_end;	/* UDP */
	enum mem_state		 state;			/* TCP */
	struct mem_conn		*conn;
	struct buf		 bytes;
	size_t			 read;			/* of bytes */
	bool			 eof, error_taken;
	struct net_error	 error;
	size_t			 mss;			/* TCP; 0 not clamped */
};

struct mem_conn {
	struct world		*world;
	int			 handle;
	unsigned		 refs, number;
	struct sockname		 from, to;
	struct mem_peer		 peer;
	void			*ctx;
	bool			 accepted, over, peer_closed, stalled;
	int64_t			 rtt, last_in, last_out, closed_at;
	size_t			 sent, unread;
	bool			 cut;
	size_t			 cut_after;
	enum mem_fault_kind	 cut_kind;
	size_t			 mss, lost_over;
};

enum mem_event_kind { MEM_EV_CALL, MEM_EV_DATAGRAM, MEM_EV_PACKET,
	MEM_EV_CONNECTED, MEM_EV_FAILED, MEM_EV_ACCEPT, MEM_EV_TO_PEER,
	MEM_EV_TO_CLIENT, MEM_EV_EOF, MEM_EV_RESET, MEM_EV_CLOSED,
	MEM_EV_CONN_CALL };

struct mem_event {
	int64_t			 at;
	uint64_t		 seq;
	enum mem_event_kind	 kind;
	int			 handle;
	size_t			 listener;	/* index; the table may move */
	struct mem_conn		*conn;		/* counted */
	struct mem_packet	*packet;	/* owned */
	void			(*call)(void *);
	void			*ctx;
};

struct mem_listener {
	struct sockname	 at;
	bool		 tcp;
	struct mem_peer	 peer;
};

/* What has been tried at an address, port and protocol. */
struct mem_dest {
	struct sockname	 at;
	bool		 tcp;
	unsigned	 count, open;
	int64_t		 last;
};

struct mem_sent {
	int64_t		 at;
	struct sockname	 to;
	uint64_t	 hash;
};

struct mem_world {
	struct world		 w;
	int64_t			 now, wall, rtt;
	uint64_t		 rng, seq;
	bool			 has4, has6;
	struct addr		 sources[MEMORY_SOURCES];
	size_t			 nsources;
	struct mem_sock		**socks;
	size_t			 nsocks, open;
	struct mem_event	*heap;
	size_t			 nheap, cap;
	struct addr		*hosts;
	size_t			 nhosts;
	struct mem_listener	*listeners;
	size_t			 nlisteners;
	struct mem_fault	*faults;
	size_t			 nfaults;
	struct mem_dest		*dests;
	size_t			 ndests;
	struct mem_sent		*sent;
	size_t			 nsent;
	struct memory_stats	 stats;
	void			(*trace)(void *, const char *,
				    const struct sockname *, const void *,
				    size_t);
	void			*trace_ctx;
};

/* What the network does with a datagram or a connect. */
struct mem_fate {
	enum { FATE_DELIVER, FATE_SILENT, FATE_ERROR } what;
	struct net_error	 error;
	int64_t			 delay;
	bool			 cut;
	size_t			 cut_after;
	enum mem_fault_kind	 cut_kind;
	size_t			 lost_over;
	unsigned		 number;
	size_t			 listener;
};

static inline struct mem_world *
memory_of(struct world *w)
{
	return (struct mem_world *)(void *)w;
}

/* The open socket behind a handle, or NULL. */
struct mem_sock	*memory_sock(struct world *, int);
/* Schedule a copy of the event, at >= now; takes a reference to conn. */
void		 memory_event(struct world *, const struct mem_event *);
/* The UDP handle of the client's own end, or -1. */
int		 memory_handle(struct world *, const struct sockname *);
struct mem_packet *memory_packet(const void *, size_t);
void		 memory_local(struct world *, struct mem_sock *);
void		 memory_told(struct world *, const char *,
		    const struct sockname *, const void *, size_t);

/* What an ICMP message of that type and code makes of a socket call. */
void		 memory_icmp_error(struct net_error *, int family, int type,
		    int code, const struct addr *sender);
/* Decide about one datagram or connect, and count it. */
void		 memory_fate(struct world *, const struct sockname *to,
		    bool tcp, struct mem_fate *);
struct mem_dest	*memory_dest(struct world *, const struct sockname *, bool);
void		 memory_count_sent(struct world *, const struct sockname *,
		    const void *, size_t);

bool		 memory_routed(struct world *, int family);
void		 memory_packets_free(struct mem_packet *);
ssize_t		 memory_udp_send(struct world *, int, const void *, size_t,
		    const struct sockname *to);
ssize_t		 memory_udp_recv(struct mem_sock *, void *, size_t,
		    struct sockname *from);
int		 memory_udp_error(struct mem_sock *, struct net_error *,
		    struct sockname *to);
/* A datagram reaches its peer; a packet reaches the client's socket. */
void		 memory_udp_deliver(struct world *, struct mem_event *);
void		 memory_udp_arrives(struct world *, struct mem_event *);

int		 memory_conn_connect(struct world *, int,
		    const struct sockname *);
ssize_t		 memory_conn_send(struct world *, int, const void *, size_t);
ssize_t		 memory_conn_recv(struct world *, int, void *, size_t);
void		 memory_conn_close(struct world *, struct mem_sock *);
void		 memory_conn_event(struct world *, struct mem_event *);
void		 memory_conn_unref(struct mem_conn *);
/* The world ends: the peer's closed callback runs if it has not. */
void		 memory_conn_end(struct mem_conn *);

#endif
