/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talking to practice peers by hand: one question, or lines over TCP. */
#ifndef UNIT_PEER_KIT_H
#define UNIT_PEER_KIT_H

#include "base/buf.h"
#include "dns/message.h"
#include "practice/scenario.h"

/* The sound domain of scenario.c, whole. */
extern const char	peer_sound[];

/* A scenario of these texts (the second may be NULL) and its world. */
struct scenario	*peer_scenario(const char *, const char *);
struct world	*peer_world(struct scenario *);
/* A refusal without words of a language, malloc'd: "LINE: FOUND: WORDS", then
   " (USAGE)" if it has one. FOUND is quoted, $ for the end of the line, EOF
   of the file; WORDS are "<KEY WORDS>" where there is a key. */
char		*peer_refusal(const struct refusal *);

struct peer_answer {
	unsigned char	wire[65536];
	size_t		len;		/* 0: nothing came in 5 s */
	struct dns_msg	msg;
	int		parsed;
	struct sockname	from;
	struct net_error error;		/* ICMP, else cause NET_OK */
	int64_t		ms;
};
enum { PEER_TCP = 1, PEER_RD = 2, PEER_NO_EDNS = 4, PEER_DO = 8,
	PEER_CD = 16 };
/* Ask; the answer is freed by peer_answer_free. */
struct peer_answer *peer_ask(struct world *, const char *addr,
	    const char *name, const char *type, unsigned flags);
void	 peer_answer_free(struct peer_answer *);
/* Records of a section as "owner TYPE rdata" lines, sorted. */
char	*peer_section(const struct peer_answer *, enum dns_section);

/* A TCP connection: all that comes within ms goes to out; false if refused. */
int	 peer_open(struct world *, const char *addr, unsigned port);
void	 peer_say(struct world *, int handle, const char *);
/* 1 if the peer closed, -1 if it reset, 0 if time is up. */
int	 peer_read(struct world *, int handle, struct buf *out, int64_t ms);

#endif
