/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* A byte buffer that grows up to a hard limit; always NUL-terminated past
   len once something was added. */
struct buf {
	unsigned char	*data;
	size_t		 len, cap, max;
	bool		 over;		/* something did not fit */
};

/* max 0 = no limit. */
void	 buf_init(struct buf *, size_t max);
void	 buf_free(struct buf *);
/* Add bytes; what passes the limit is dropped, over set, -1 returned. */
int	 buf_add(struct buf *, const void *, size_t);
int	 buf_adds(struct buf *, const char *);
int	 buf_addc(struct buf *, char);
int	 buf_printf(struct buf *, const char *, ...)
	     __attribute__((format(printf, 2, 3)));
/* Remove n bytes from the front. */
void	 buf_drop(struct buf *, size_t);
/* The content as a string (""; never NULL); owned by the buffer. */
const char *buf_str(const struct buf *);
/* Give the content away as a malloc'd string and leave the buffer empty. */
char	*buf_steal(struct buf *);

#endif
