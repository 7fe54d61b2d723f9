/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A link between real programs and a memory world: IP packets go in, what
 * the peers and the faults make of them comes out as IP packets.
 */
#ifndef PRACTICE_WIRE_H
#define PRACTICE_WIRE_H

#include "practice/world_memory.h"

#define WIRE_MTU 1500

struct wire;

/* The far end of a link whose near end has the client's addresses of this
   memory world, which must outlive it. sums: packets come with checksums
   done, bad ones are dropped. out gets each packet for the near end. */
struct wire	*wire_new(struct world *, bool sums, void (*out)(void *ctx,
		    const void *, size_t), void *ctx);
void		 wire_free(struct wire *);
/* One IPv4 or IPv6 packet from the near end; anything else is dropped. */
void		 wire_input(struct wire *, const void *, size_t);
/* Let the world go on up to this moment of its monotonic time (ns); gives
   the moment at which to call again unless a packet comes before. */
int64_t		 wire_run(struct wire *, int64_t until);

#endif
