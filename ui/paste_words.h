/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of paste: a line taken apart, and the programs of paste_dig.c. */
#ifndef UI_PASTE_WORDS_H
#define UI_PASTE_WORDS_H

#include "ui/paste.h"

#define PASTE_WORDS 40

struct paste_words {
	char	*list[PASTE_WORDS];
	size_t	 n;
};

/* Always -1. */
int		 paste_bad(struct paste *, const char *why, const char *part);
/* The word after number *i; NULL after paste_bad when there is none. */
const char	*paste_value(struct paste *, struct paste_words *, size_t *i);

void	 paste_dig(struct paste *, struct paste_words *);
void	 paste_nslookup(struct paste *, struct paste_words *);
void	 paste_host(struct paste *, struct paste_words *);

#endif
