/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of a scenario: what the words of scenario*.c fill and build uses. */
#ifndef PRACTICE_PRACTICE_H
#define PRACTICE_PRACTICE_H

#include "practice/dns_peer.h"
#include "practice/resolver_peer.h"
#include "practice/scenario.h"
#include "practice/service_peer.h"
#include "practice/sign.h"

struct addrs {
	struct addr	*list;
	size_t		 n;
};

struct ns {			/* a name server of a delegation */
	unsigned char	*name;
	struct addrs	 glue;
};

struct delegation {
	unsigned char	*zone;
	struct ns	*ns;
	size_t		 n;
};

struct server {
	char		*text;		/* its name as written */
	unsigned char	*name;
	struct addrs	 addrs;
	unsigned char	**zones;	/* given; none: by NS records */
	size_t		 nzones;
	bool		 minimal, root;
};

enum own_kind { OWN_RECORD, OWN_REMOVE, OWN_SERIAL, OWN_EXPIRED };
struct own {			/* a server's own version of a zone */
	struct addrs	 who;
	unsigned char	*zone;
	enum own_kind	 kind;
	struct zone_rr	 rr;		/* RECORD; owner, type of REMOVE */
	uint32_t	 serial;
};

struct transfer {		/* who may have a zone from these */
	struct addrs	 who;
	unsigned char	*zone;
	struct prefix	*from;		/* none: everybody */
	size_t		 n;
};

struct recursive {
	struct addrs		 addrs;
	struct resolver_peer	*peer;
	struct dns_service	 service;
	bool			 hidden;	/* not in resolv.conf */
};

struct view {			/* one server address */
	struct scenario		*scenario;
	const struct server	*server;
	struct addr		 addr;
	const struct zone	**zones;
	size_t			 n;
	struct dns_service	 service;
};

struct scenario {
	uint64_t		 seed;
	int64_t			 clock, rtt;
	bool			 v4, v6, intercept;
	struct addrs		 sources;
	struct zone		**zones, **copies;
	size_t			 nzones, ncopies;
	struct delegation	*delegations;
	size_t			 ndelegations;
	struct server		**servers;
	size_t			 nservers;
	struct own		*owns;
	size_t			 nowns;
	struct sign		*signs;
	size_t			 nsigns;
	struct transfer		*transfers;
	size_t			 ntransfers;
	struct recursive	**resolvers;
	size_t			 nresolvers;
	struct recursive	*interceptor;
	struct services		 services;
	struct dns_faults	 faults;
	struct mem_fault	*net;
	size_t			 nnet;
	struct prefix		*global;
	size_t			 nglobal;
	bool			 global_set, built;
	struct view		**views;
	size_t			 nviews;
	struct addrs		 roots, hosts;
	/* the zone block being read */
	struct zone		*block;
	unsigned char		 owner[NAME_MAX_WIRE];
};

/* One line, taken apart. */
struct words {
	struct scenario	*s;
	unsigned	 line;
	char		**w;
	size_t		 n, at;
	const char	*usage;
	struct refusal	*why;
};

void	 addrs_add(struct addrs *, const struct addr *);

/* Take a line apart; the words are the caller's to free. */
int	 words_split(struct words *, const char *line);
/* Say what was expected instead of the word before, or of the end if
   words_next met that: words of the grammar, or a key with words or NULL.
   Always -1. */
int	 words_expected(struct words *, const char *words);
int	 words_refuse(struct words *, enum refusal_key, const char *words);
bool	 words_more(const struct words *);
/* The next word is this one: eaten. */
bool	 words_is(struct words *, const char *);
const char *words_next(struct words *);	/* NULL at the end */
int	 words_end(struct words *);
int	 words_text(struct words *, char **);
int	 words_number(struct words *, long min, long max, long *);
int	 words_addr(struct words *, struct addr *);
/* All addresses from here on; at least min. */
int	 words_addrs(struct words *, struct addrs *, size_t min);
int	 words_name(struct words *, unsigned char out[NAME_MAX_WIRE]);
/* A zone that was declared; NULL: refused. */
struct zone *words_zone(struct words *);
/* A declared name, NAME/v4, NAME/v6, an address, or "all". */
enum words_kind { WHO_DNS = 1, WHO_WEB = 2, WHO_MAIL = 4, WHO_BOX = 8,
	WHO_ANY = 15 };
int	 words_who(struct words *, unsigned kinds, struct addrs *);
int	 words_family(struct words *, int *);
/* The rest of the line as a record relative to origin. */
int	 words_record(struct words *, const unsigned char *origin,
	    struct zone_rr *);
/* The rest of the line as it stands, words parted by one blank. */
char	*words_rest(struct words *);

struct zone *scenario_zone(struct scenario *, const unsigned char *name,
	    bool make);
struct server *scenario_server(struct scenario *, const char *name);
struct recursive *scenario_recursive(struct scenario *);
void	 scenario_net_fault(struct scenario *, const struct mem_fault *);

/* silent | refused | icmp T/C [SENDER] | delay MS | reset-after N |
   stall-after N | lost-over N */
int	 words_net_action(struct words *, struct mem_fault *);
int	 words_attempt(struct words *, unsigned *first, unsigned *last);
/* "A" or "A-B": from second A on, to before second B. */
int	 words_span(struct words *, struct mem_span *);

typedef int scenario_word(struct words *);
scenario_word word_clock, word_rtt, word_vantage, word_source, word_closed,
    word_block, word_intercept, word_global, word_root, word_tld, word_zone,
    word_record, word_delegate, word_server, word_server_record,
    word_remove, word_server_remove, word_serial, word_resolver, word_cache,
    word_ptr, word_host, word_web, word_smtp, word_submission,
    word_pop, word_imap, word_account, word_fault, word_sign, word_expired,
    word_transfer;

/* DS records into the parents, then signatures into the zones. */
void	 scenario_sign(struct scenario *);
/* The declaration about that zone, or NULL. */
const struct sign *scenario_sign_of(const struct scenario *,
	    const unsigned char *zone);
/* What a resolver that validates makes of a name: 1 secure, 0 insecure, -1
   bogus (a resolver_view's judge). */
int	 scenario_security(void *scenario, const unsigned char *name);
bool	 scenario_may_transfer(const struct scenario *, const struct addr *at,
	    const unsigned char *zone, const struct addr *client);
void	 scenario_signs_free(struct scenario *);

/* Complete the zones and make the views, once. */
void	 scenario_build(struct scenario *);
void	 scenario_build_free(struct scenario *);

#endif
