/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a dialogue as text: the same live, replayed and as evidence. */
#ifndef UI_LINES_H
#define UI_LINES_H

#include "base/buf.h"
#include "diag/session.h"

struct line_show {
	enum talk_dir	 dir;
	bool		 tls, dns;
	const void	*data;
	size_t		 len, full;
	const json_t	*body;		/* key and args of INFO, OURS */
};

/* Add it as one or more lines, each begun with prefix and a marker and
   ended by a line feed; nothing from a peer stays unescaped. */
void	 lines_render(struct buf *, const char *prefix,
	     const struct line_show *);
/* A DNS message, dig's way and compact: lines parted by line feeds. */
void	 dig_render(struct buf *, const void *wire, size_t len, bool sent);

#endif
