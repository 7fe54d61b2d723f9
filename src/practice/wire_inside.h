/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the link: shared by wire*.c, stream.c, segment.c. */
#ifndef PRACTICE_WIRE_INSIDE_H
#define PRACTICE_WIRE_INSIDE_H

#include "base/buf.h"
#include "practice/wire.h"

enum wire_proto { WIRE_ICMP = 1, WIRE_TCP = 6, WIRE_UDP = 17,
	WIRE_ICMP6 = 58 };

#define WIRE_FLOWS	4096
#define WIRE_L4_MAX	65535

/* An IP packet without its IP header. */
struct wire_packet {
	struct addr		 from, to;
	int			 proto;
	const unsigned char	*data;
	size_t			 len;
};

/* A client's UDP port. */
struct wire_port {
	struct sockname	 client;
	int		 handle;
	int64_t		 touched;
};

#define WIRE_ECHOES	64
#define WIRE_ECHO_MAX	(WIRE_MTU - 20)

/* An echo reply that is on its way. */
struct wire_echo {
	int64_t		at;
	struct addr	client, server;
	size_t		len;
	unsigned char	data[WIRE_ECHO_MAX];
};

enum stream_state { STREAM_CONNECTING, STREAM_REJECTED, STREAM_SYN_RECEIVED,
	STREAM_OPEN, STREAM_GONE };

/* A TCP connection (RFC 9293), the server's end; out begins at una. */
struct stream {
	struct sockname		 client, server;
	int			 handle;	/* -1 once closed */
	enum stream_state	 state;
	uint32_t		 irs, rcv, iss, una, next, max, window;
	size_t			 mss;
	struct buf		 out;
	bool			 fin_in, eof, fin_acked;
	unsigned		 tries;
	int64_t			 touched, timer, linger;
	struct net_error	 error;
};

struct wire {
	struct world		*w;
	bool			 sums;
	void			(*out)(void *, const void *, size_t);
	void			*ctx;
	uint16_t		 id;
	struct wire_port	*ports;
	size_t			 nports;
	struct stream		**streams;
	size_t			 nstreams;
	struct wire_echo	*echoes;
	size_t			 nechoes;
	struct world_poll	*polls;
	size_t			 cap;
};

static inline unsigned
wire_get16(const unsigned char *p)
{
	return ((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t
wire_get32(const unsigned char *p)
{
	return ((uint32_t)wire_get16(p) << 16 | wire_get16(p + 2));
}

static inline void
wire_put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static inline void
wire_put32(unsigned char *p, uint32_t v)
{
	wire_put16(p, v >> 16);
	wire_put16(p + 2, v & 0xffff);
}

/* Take an IP packet apart: 0, or -1 = not one, a fragment, or bad sums. */
int	 wire_parse(struct wire_packet *, const void *, size_t, bool sums);
/* The IP header alone of a packet with len bytes behind it: its length. */
size_t	 wire_header(unsigned char out[40], const struct addr *from,
	    const struct addr *to, int proto, size_t len, unsigned id);
/* Send these bytes behind an IP header, in fragments if they must be; the
   checksum is put at sum_at. */
void	 wire_send(struct wire *, const struct addr *from,
	    const struct addr *to, int proto, unsigned char *data,
	    size_t len, size_t sum_at);

void	 wire_udp_input(struct wire *, const struct wire_packet *);
/* Datagrams and errors that came for a port go out. */
void	 wire_udp_ready(struct wire *, struct wire_port *);
void	 wire_udp_expire(struct wire *, int64_t now);

void	 wire_icmp_input(struct wire *, const struct wire_packet *);
/* Send the echo replies that are due. */
void	 wire_icmp_turn(struct wire *, int64_t now);
int64_t	 wire_icmp_next(const struct wire *);
/* The ICMP error about what client sent to server: 8 bytes of it quoted. */
void	 wire_icmp_error(struct wire *, const struct net_error *,
	    const struct sockname *client, const struct sockname *server,
	    int proto, const unsigned char first[8]);

void	 stream_input(struct wire *, const struct wire_packet *);
unsigned stream_wants(const struct stream *);
void	 stream_ready(struct wire *, struct stream *);
/* Timers that are due; gone streams are forgotten. */
void	 stream_turn(struct wire *, int64_t now);
int64_t	 stream_next(const struct wire *);
void	 stream_free(struct wire *, struct stream *);

#endif
