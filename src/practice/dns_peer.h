/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Practice DNS servers: what was asked, the reply as a list of records, how
 * it becomes bytes, and the faults that are done to it on the way.
 */
#ifndef PRACTICE_DNS_PEER_H
#define PRACTICE_DNS_PEER_H

#include "base/buf.h"
#include "practice/world_memory.h"
#include "practice/zone.h"

#define DNS_TYPE_ANY	255
#define DNS_FAULT_TYPES	8

struct dns_query {
	uint16_t	 id, flags;
	unsigned char	 name[NAME_MAX_WIRE];	/* lower case */
	unsigned char	 raw[NAME_MAX_WIRE];	/* as it was asked */
	uint16_t	 type, klass;
	bool		 edns, nsid, sigs;	/* sigs: DO (RFC 3225) */
	unsigned	 udp_size, version;
};

struct dns_item {
	int			 section;	/* enum dns_section */
	const unsigned char	*owner;
	const struct zone_rr	*rr;
	uint32_t		 ttl;
	bool			 must;		/* TC if it does not fit */
};

struct dns_reply {
	const struct dns_query	*query;
	bool			 aa, tc, ra, ad, no_question;
	int			 rcode;
	struct dns_item		*items;
	size_t			 n;
	struct zone_rr		**owned;	/* made for this reply */
	size_t			 nowned;
	const char		*nsid;
	const struct zone	*zone;		/* it was answered from */
};

/* Header, one question, OPT: 0, or -1 if it is no query that can be read. */
int	 dns_query_read(struct dns_query *, const void *, size_t);
void	 dns_reply_init(struct dns_reply *, const struct dns_query *);
void	 dns_reply_free(struct dns_reply *);
/* NULL if it is there already; valid until the next is added. */
struct dns_item *dns_reply_add(struct dns_reply *, int section,
	    const unsigned char *owner, const struct zone_rr *);
/* A record made for this reply, which is taken over. */
void	 dns_reply_own(struct dns_reply *, int section, struct zone_rr *);
void	 dns_reply_clear(struct dns_reply *);
/* To bytes of at most limit, with compression; TC when it does not fit. */
void	 dns_reply_write(struct dns_reply *, size_t limit, struct buf *out);
size_t	 dns_reply_limit(const struct dns_query *, bool tcp);

/* The authoritative answer out of these zones. */
void	 dns_answer(const struct zone *const *, size_t n, bool minimal,
	    struct dns_reply *);
/* All of a zone, its SOA at both ends (RFC 5936). */
void	 dns_answer_transfer(const struct zone *, struct dns_reply *);
void	 dns_answer_soa(const struct zone *, struct dns_reply *);
/* The deepest of the zones that holds name (and for DS the parent's). */
const struct zone *dns_answer_zone(const struct zone *const *, size_t n,
	    const unsigned char *name, uint16_t type);

enum dns_action { DNS_SILENT, DNS_REFUSE_PORT, DNS_ICMP, DNS_DELAY,
	DNS_RCODE, DNS_NODATA, DNS_NO_SOA, DNS_EMPTY, DNS_NO_AA, DNS_RA,
	DNS_LAME, DNS_UPWARD, DNS_TRUNCATE, DNS_WRONG_SOURCE, DNS_WRONG_ID,
	DNS_WRONG_QUESTION, DNS_NO_QUESTION, DNS_BROKEN, DNS_HUGE,
	DNS_MANY_NS, DNS_CLOSE, DNS_HALF, DNS_RATE, DNS_PICK, DNS_TWICE,
	DNS_DRIP };

enum dns_broken { DNS_BROKEN_SHORT_RDATA, DNS_BROKEN_LOOP,
	DNS_BROKEN_RDLENGTH, DNS_BROKEN_COUNT, DNS_BROKEN_GARBAGE,
	DNS_BROKEN_NOTHING, DNS_BROKEN_CUT, DNS_BROKEN_OTHER_TYPE,
	DNS_BROKEN_TRAILING, DNS_BROKEN_LABEL };

struct dns_seen {			/* per address (and question) */
	struct addr	 addr;
	uint64_t	 question;
	unsigned	 count;
	int64_t		 second;
};

struct dns_fault {
	struct addr	*who;		/* NULL: every server */
	size_t		 nwho;
	bool		 udp, tcp;
	unsigned char	*name;		/* NULL: any */
	uint16_t	 types[DNS_FAULT_TYPES];
	size_t		 ntypes;
	unsigned	 first, last;	/* attempts, 0, 0 = all */
	struct mem_span	 span;		/* only then */
	size_t		 size;		/* only replies larger than this */
	int		 edns;		/* -1 any, 0 without, 1 with OPT */
	bool		 same_port;	/* from the second of a port on */
	enum dns_action	 action;
	long		 number;	/* ms, rcode, kind, count */
	int		 icmp_type, icmp_code;
	struct addr	 addr;		/* sender, source */
	struct dns_seen	*seen;
	size_t		 nseen;
};

/* What a server does with one question. */
struct dns_outcome {
	bool			 silent, close, half, drip, twice, icmp;
	int			 icmp_type, icmp_code;
	struct addr		 sender;
	struct addr		 source; /* family 0: the address asked */
	int64_t			 delay;
	bool			 unusable; /* a resolver cannot take it */
	struct dns_reply	 reply;	/* the records behind wire */
	struct buf		 wire;
};
void	 dns_outcome_init(struct dns_outcome *);
void	 dns_outcome_free(struct dns_outcome *);

struct dns_faults {
	struct dns_fault	*list;
	size_t			 n;
};

struct dns_ask {			/* one question as it arrived */
	const struct dns_query	*query;
	const struct addr	*at;	/* the server address asked */
	bool			 tcp;
	bool			 counted; /* false: the resolver's own ask */
	const struct sockname	*from;	/* the client; NULL: a resolver's own */
	int64_t			 now;
};

/* Do the faults that match to the outcome's reply, then write it. */
void	 dns_fault_apply(struct dns_faults *, const struct dns_ask *,
	    struct dns_outcome *);
void	 dns_faults_free(struct dns_faults *);
void	 dns_faults_reset(struct dns_faults *);

/* Something that answers questions: fills the outcome. */
typedef void dns_answerer(void *ctx, struct world *, const struct dns_ask *,
	    struct dns_outcome *);
struct dns_service {
	void		*ctx;
	dns_answerer	*answer;
};
/* Answer at this address (family 0: everywhere) over UDP and TCP, port 53;
   the service must outlive the world. */
void	 dns_peer_listen(struct world *, const struct addr *,
	    struct dns_service *);

#endif
