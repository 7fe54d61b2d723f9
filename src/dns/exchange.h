/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One question to one server address over UDP or TCP, every datagram, ICMP
 * error and stray seen. Sockets are unconnected (UDP), the error queue is read.
 */
#ifndef DNS_EXCHANGE_H
#define DNS_EXCHANGE_H

#include "base/limits.h"
#include "base/loop.h"
#include "dns/message.h"

struct exchange_params {
	struct loop		*loop;
	const struct timeouts	*timeouts;
	struct sockname		 to;
	bool			 tcp;
	struct message_query	 query;	/* id is drawn by the exchange */
	int			 tries;	/* datagrams; 0 = table */
	int64_t			 total;	/* ns; 0 = table */
};

enum exchange_note { EXCHANGE_SENT, EXCHANGE_RECEIVED, EXCHANGE_STRAY,
	EXCHANGE_TRYING, EXCHANGE_CONNECTED, EXCHANGE_ICMP };

struct exchange_result {
	struct net_error	 error;	/* cause NET_OK: wire is the reply */
	const unsigned char	*wire;	/* valid during the call */
	size_t			 len;
	int64_t			 rtt;	/* ns, of the datagram that was answered */
	int			 sent;	/* datagrams */
	int			 answered; /* which datagram, from 1 */
	unsigned		 strays;   /* wrong id, question or port: all,
					      also those that were not told */
	struct addr		 wrong_source; /* right id and question, other
						  address; family 0 = none */
};

struct exchange_hooks {
	void	 *ctx;
	/* Something happened; data is wire for SENT, RECEIVED, STRAY. Of
	   strays, and of ICMP messages about other hosts, the first
	   LIMIT_STRAYS are told. */
	void	(*note)(void *, enum exchange_note, const void *, size_t,
		    const struct sockname *from, const struct net_error *);
	/* The last call; the exchange frees itself after it. */
	void	(*done)(void *, const struct exchange_result *);
};

struct exchange;
struct exchange	*exchange_start(const struct exchange_params *,
		    const struct exchange_hooks *);
/* Drop it without a done call. */
void		 exchange_free(struct exchange *);

#endif
