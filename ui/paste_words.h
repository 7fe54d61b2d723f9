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

/* A question while its words are read; the functions return -1 after
   paste_bad (paste_dig.c). */
struct dig_state {
	struct paste		*p;
	struct paste_dig	*d;
	bool			 typed, classed;
};

void		 dig_begin(struct dig_state *, struct paste *);
int		 dig_set_type(struct dig_state *, const char *);
int		 dig_set_name(struct dig_state *, const char *);
int		 dig_set_reverse(struct dig_state *, const char *);
int		 dig_server(struct dig_state *, const char *);
/* "-tAAAA" and "-t AAAA" alike. */
const char	*dig_dash_value(struct dig_state *, struct paste_words *,
		    size_t *i);

void	 paste_dig(struct paste *, struct paste_words *);
void	 paste_nslookup(struct paste *, struct paste_words *);
void	 paste_host(struct paste *, struct paste_words *);

#endif
