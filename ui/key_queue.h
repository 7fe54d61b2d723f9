/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes that were typed or pasted, on their way to readline. readline reads a
 * bracketed paste to its end in one go, and takes what lies behind its buffer
 * for a part of the text when the end has not come: a paste is held back until
 * it is whole.
 */
#ifndef UI_KEY_QUEUE_H
#define UI_KEY_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define KEY_QUEUE_MAX	(256u * 1024)	/* octets of a paste, about */

struct key_queue {
	struct buf	 bytes;
	size_t		 at;		/* of these, taken */
	int		 last;		/* what was taken last; 0: nothing */
	bool		 lost;		/* in a paste that is too long */
};

void	 key_queue_init(struct key_queue *);
/* Wiped and empty, as it began; nothing of a paste is awaited. */
void	 key_queue_clear(struct key_queue *);
void	 key_queue_free(struct key_queue *);
/* Add what was read. False: a paste is longer than the queue; all of it, what
   is still to come as well, is left out, for its lines must not be typed. */
bool	 key_queue_add(struct key_queue *, const char *, size_t);
bool	 key_queue_empty(const struct key_queue *);
/* May readline take a byte? */
bool	 key_queue_ready(const struct key_queue *);
/* The next byte, wiped from the queue; -1: there is none. */
int	 key_queue_take(struct key_queue *);

#endif
