/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Command lines as people paste them: dig, telnet, openssl s_client,
 * nslookup, host, nc. Pure: text in, what is meant out.
 */
#ifndef UI_PASTE_H
#define UI_PASTE_H

#include "ui/hand_url.h"

enum paste_kind { PASTE_NONE, PASTE_DIG, PASTE_OPEN, PASTE_BAD };

/* What was repaired, as bits. */
#define PASTE_DASH	1u
#define PASTE_WIDE	2u
#define PASTE_QUOTES	4u
#define PASTE_SPACE	8u
#define PASTE_PROMPT	16u

/* Sections of dig's output, as bits. */
#define DIG_COMMENTS	1u
#define DIG_QUESTION	2u
#define DIG_ANSWER	4u
#define DIG_AUTHORITY	8u
#define DIG_ADDITIONAL	16u
#define DIG_STATS	32u
#define DIG_CMD		64u
#define DIG_ALL		127u

struct paste_dig {
	char		*name;		/* "." if none was given */
	uint16_t	 type;
	char		*server;	/* as given behind @, NULL: none */
	uint16_t	 port;		/* 53 */
	bool		 tcp, ignore, rd, cd, dnssec, nsid, ad;
	bool		 brief, trace, only_v4, only_v6;
	unsigned	 edns, show;
	int		 tries;		/* 0: as ever */
	long		 wait;		/* s; 0: as ever */
};

struct paste {
	enum paste_kind	 kind;
	unsigned	 repairs;
	char		*line;		/* repaired, without prompt */
	struct paste_dig dig;
	struct hand_url	 url;
	const char	*why;		/* BAD: word of "hand.paste.WORD" */
	char		*part;		/* BAD: what it is about */
};

/* A copy of UTF-8 text with what word processors and input methods made of
   ASCII put right; *repairs gets the bits. */
char	*paste_repair(const char *, unsigned *repairs);
/* Look at one line. bare: it may be dig's arguments without the word dig. */
void	 paste_parse(struct paste *, const char *, bool bare);
void	 paste_free(struct paste *);

#endif
