/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk from the root down, as a pure function over the replies that are
 * known: run again after each reply it either ends or names the questions it
 * still needs. No state survives between runs, no callback waits for anything.
 */
#ifndef DNS_WALK_H
#define DNS_WALK_H

#include "base/limits.h"
#include "dns/message.h"

enum walk_known { WALK_NEW, WALK_ASKED, WALK_REPLIED, WALK_SILENT };

struct walk_answer {
	enum walk_known		 known;
	const struct dns_msg	*msg;		/* REPLIED */
	int64_t			 waiting;	/* ASKED: ns since it began */
};

struct walk_env {
	void	*ctx;
	/* What is known of this question; start: it is wanted, ask it if new. */
	void	(*ask)(void *, const char *ns, const struct addr *,
		    const char *qname, uint16_t qtype, bool start,
		    struct walk_answer *);
	const struct root_hint *hints;
	size_t	 nhints;
	bool	 v4, v6;		/* families this walk may use */
	int64_t	 hedge;			/* ns before the next server is tried */
};

enum walk_state { WALK_PENDING, WALK_ANSWER, WALK_NODATA, WALK_NXDOMAIN,
	WALK_ALIAS, WALK_REFERRAL, WALK_FAILED };

struct walk_server {
	char		*ns;
	struct addr	 addr;
	bool		 glue;
};

/* A zone met on the way; owned by the walk. */
struct walk_zone {
	char			*name;
	struct walk_zone	*parent;	/* NULL: the root */
	char			**ns;		/* names of the referral */
	size_t			 nns;
	bool			 ns_cut;	/* more than LIMIT_NS: cut off */
	struct walk_server	*servers;	/* with addresses of usable families */
	size_t			 nservers;
	bool			 pending;	/* addresses still being resolved */
	bool			 resolved, busy;
	const struct dns_msg	*referral;
	struct walk_zone	*next;
};

struct walk_result {
	enum walk_state		 state;
	const struct dns_msg	*msg;	/* the final reply */
	struct walk_zone	*zone;	/* where it ended, or broke (FAILED) */
	const struct walk_server *server; /* that gave msg */
	const char		*name;	/* ALIAS: target; else the name asked */
};

struct walk;

/* Memory of one run: zones and addresses found are shared by all lookups. */
struct walk	*walk_new(const struct walk_env *);
void		 walk_free(struct walk *);
/* Descend for one question, not following aliases. */
struct walk_result walk_ask(struct walk *, const char *name, uint16_t type);
/* The same, following up to 8 aliases; zone is that of the last name. */
struct walk_result walk_lookup(struct walk *, const char *name, uint16_t type);
/* Find the zone that is or encloses name (asks NS): ANSWER with the zone as
   soon as a parent shows the cut, its own servers are not asked for it. */
struct walk_result walk_zone(struct walk *, const char *name);
/* Both address types of a name: the state of the worse known of A and AAAA
   (PENDING first), addresses appended to *list (malloc'd, caller frees). */
enum walk_state	 walk_addrs(struct walk *, const char *name,
		    struct addr **list, size_t *n, struct walk_zone **broke);
/* The servers of a zone with their addresses (resolved when without glue). */
void		 walk_servers(struct walk *, struct walk_zone *);
/* Addresses in msg of owner name and type A or AAAA, any section. */
size_t		 walk_collect(const struct dns_msg *, const char *owner,
		    struct addr **list, size_t *n);
/* First CNAME target of owner in the answer section, or NULL. */
const char	*walk_alias(const struct dns_msg *, const char *owner);
bool		 walk_has(const struct dns_msg *, enum dns_section,
		    const char *owner, uint16_t type);

#endif
