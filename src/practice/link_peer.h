/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection of a practice service: bytes both ways, TLS beneath when it
 * is wanted, and senders that never end. Web and mail stand on it.
 */
#ifndef PRACTICE_LINK_PEER_H
#define PRACTICE_LINK_PEER_H

#include "practice/cert_peer.h"
#include "practice/world_memory.h"

struct link;

struct link_service {
	void	 *ctx;
	/* Gives the session; called once TLS, if implicit, is up. */
	void	*(*accept)(void *ctx, struct link *);
	void	(*data)(void *session, struct link *, const void *, size_t);
	void	(*closed)(void *session);
	/* The context for this name (NULL: no SNI was sent); NULL of it:
	   the handshake fails. tls: a handshake begins at once. */
	SSL_CTX	*(*context)(void *ctx, struct link *, const char *sni);
	bool	 tls;
};

/* Serve at this address and port; the service must outlive the world. */
void	 link_peer_listen(struct world *, const struct sockname *,
	    struct link_service *);
struct mem_conn *link_conn(struct link *);
/* The address, port and number of this connection. */
const struct sockname *link_to(struct link *);
unsigned link_number(struct link *);
bool	 link_is_tls(const struct link *);
void	 link_send(struct link *, const void *, size_t, int64_t delay);
void	 link_puts(struct link *, const char *, int64_t delay);
void	 link_close(struct link *, int64_t delay);
void	 link_reset(struct link *, int64_t delay);
/* From now on TLS; the client begins. */
void	 link_starttls(struct link *);
/* Send bytes from pull every interval ns (0: as fast as they are read) until
   it gives 0 bytes or the client goes; then close if wanted. offset counts
   what was sent. */
void	 link_stream(struct link *, size_t (*pull)(void *arg, uint64_t offset,
	    char *, size_t), void *arg, int64_t interval, bool close);

#endif
