/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP segments of the practice link: taken apart and made. */
#ifndef PRACTICE_SEGMENT_H
#define PRACTICE_SEGMENT_H

#include "practice/wire_inside.h"

#define FIN	1u
#define SYN	2u
#define RST	4u
#define PSH	8u
#define ACK	16u

#define WINDOW		65535u

struct segment {
	uint32_t		 seq, ack;
	unsigned		 flags, window;
	const unsigned char	*data;
	size_t			 len, mss;
};

static inline bool
segment_before(uint32_t a, uint32_t b)
{
	return ((int32_t)(a - b) < 0);
}

/* 0, or -1 if its header is not whole; mss is 536 without the option. */
int	 segment_parse(struct segment *, const struct wire_packet *);
/* Send one from the server's end of this connection; a SYN tells the MSS. */
void	 segment_emit(struct wire *, const struct stream *, unsigned flags,
	     uint32_t seq, const void *data, size_t len);

void	 stream_acknowledge(struct wire *, const struct stream *);
/* Close the connection of the world behind it. */
void	 stream_hang_up(struct wire *, struct stream *);
/* The same, and it is to be forgotten. */
void	 stream_gone(struct wire *, struct stream *);
/* The same with a RST to the client. */
void	 stream_reset(struct wire *, struct stream *);
/* Start the timer after which to send again. */
void	 stream_arm(struct wire *, struct stream *);
/* Send what the client's window has room for, the FIN behind it. */
void	 stream_output(struct wire *, struct stream *);

#endif
