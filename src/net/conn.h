/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "base/loop.h"
#include "base/limits.h"
#include "net/tls.h"

enum conn_ev {
	CONN_CONNECTED,
	CONN_TLS,	/* handshake done; tls fact valid */
	CONN_LINE,	/* one line, CRLF or LF removed */
	CONN_DATA,	/* raw mode: bytes */
	CONN_CLOSED,	/* the peer closed (EOF, err 0) or reset (ECONNRESET):
			   error.cause closed */
	CONN_TIMEOUT,	/* the deadline passed: error.cause timeout (connect)
			   or stalled (handshake, open connection) */
	CONN_ERROR	/* connect or handshake failed: error, and tls if the
			   handshake did; error.cause ok: TLS itself failed,
			   closed: the peer closed in the handshake */
};

struct conn_event {
	enum conn_ev		 ev;
	int64_t			 at;	/* loop_now when the bytes were read */
	const unsigned char	*data;	/* LINE, DATA; CLOSED, TIMEOUT: the
					   unfinished line, "" if none;
					   valid during the call */
	size_t			 len;
	size_t			 full;	/* LINE: true length; > len = cut */
	bool			 bare_lf;
	struct net_error	 error;
	json_t			*tls;	/* borrowed; NULL unless TLS, or a
					   failed handshake */
};

struct conn;
typedef void conn_cb(void *ctx, struct conn *, const struct conn_event *);

/* One connection, not yet begun. Events come from the loop, never from
   inside a call of this header. One terminal event (CLOSED, TIMEOUT, ERROR)
   is the last. The caller frees with conn_free at any time, also inside the
   callback. */
struct conn	*conn_new(struct loop *, const struct sockname *to, conn_cb *,
		    void *ctx);
/* One TCP connect from a new port; to fail after limit ns (0: no limit). */
void		 conn_connect(struct conn *, int64_t limit);
/* Queue bytes (inside TLS once it was started). */
void		 conn_send(struct conn *, const void *, size_t);
/* Lines (default) or raw data from now on. */
void		 conn_raw(struct conn *, bool);
/* Start TLS now. Bytes already received in plain text are dropped and their
   number returned (0 is right; else STARTTLS injection). */
size_t		 conn_starttls(struct conn *, const struct tls_params *,
		    int64_t limit);
/* Bytes received and not yet given out (in plain text). */
size_t		 conn_buffered(const struct conn *);
/* The next CONN_TIMEOUT, ns from now; it is not prolonged by bytes. 0: none */
void		 conn_deadline(struct conn *, int64_t);
/* Stop reading (flow control) or go on. */
void		 conn_pause(struct conn *, bool);
int		 conn_tcp_info(struct conn *, struct world_tcp_info *);
int		 conn_local(struct conn *, struct sockname *);
/* Flush what can be flushed, close_notify, close, free. */
void		 conn_free(struct conn *);

#endif
