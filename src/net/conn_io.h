/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of a connection: shared by conn.c and conn_io.c only. */
#ifndef NET_CONN_IO_H
#define NET_CONN_IO_H

#include "base/buf.h"
#include "net/conn.h"

enum conn_state { CONN_NEW, CONN_OPENING, CONN_OPEN, CONN_HANDSHAKE,
	CONN_ENDED };

struct conn {
	struct loop	*loop;
	struct world	*world;
	struct sockname	 to;
	conn_cb		*call;
	void		*ctx;
	enum conn_state	 state;
	int		 handle;
	struct watch	*watch;
	struct timer	*limit;		/* of connect or handshake */
	struct timer	*deadline;
	struct timer	*kick;		/* go on with what is here already */
	struct tls	*tls;
	enum tls_want	 want;		/* of the handshake or a read */
	json_t		*fact;
	struct buf	 in;		/* received; given out up to pos */
	size_t		 pos;
	struct buf	 line;		/* of an unfinished line */
	size_t		 full;		/* its true length */
	unsigned char	 last;		/* its last byte */
	struct buf	 out;
	size_t		 plain;		/* bytes of out that precede TLS */
	int64_t		 read_at;
	struct net_error hard;		/* what ended the connection */
	bool		 raw, paused, eof, held;
	bool		 write_reads;	/* TLS must read before it writes */
	bool		 busy, dead;	/* in a handler; freed in it */
};

/* Hand an event to the owner, unless the connection was freed. */
void	 conn_emit(struct conn *, struct conn_event *);
/* Go on at the end of this turn with what is here already. */
void	 conn_kick(struct conn *);
/* The last event, with this cause and errno. */
void	 conn_end(struct conn *, enum conn_ev, enum net_cause, int err);
/* Write what is queued: 0, or -1 when the connection is gone. */
int	 conn_io_flush(struct conn *);
/* Read and give out this turn's share. */
void	 conn_io_receive(struct conn *);

#endif
