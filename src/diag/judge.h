/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judgement: a pure function from what is known to findings.
 */
#ifndef DIAG_JUDGE_H
#define DIAG_JUDGE_H

#include "diag/model.h"

struct judge {
	struct model		*m;
	struct finding		**list;
	size_t			 n;
	bool			 port25_blocked;
};

/* All findings that hold now; judge_free frees them. */
void	 judge_run(struct judge *, struct model *);
void	 judge_free(struct judge *);

/* For the rules: a new finding with the row's level and side, args and
   evidence empty; NULL if that identity is there already. */
struct finding *judge_add(struct judge *, enum finding_id,
	    const struct endpoint *);
/* Endpoint left to a name, or a name and address. */
struct finding *judge_name(struct judge *, enum finding_id, const char *name,
	    const struct addr *);
void	 judge_arg(struct finding *, const char *key, const char *value);
void	 judge_arg_int(struct finding *, const char *key, int64_t);
/* Evidence: the last reply or last line of a probe, and its command. */
void	 judge_evidence(struct finding *, const struct sprobe *);
/* The line that a fact of the probe was read from. */
void	 judge_evidence_of(struct finding *, const struct sprobe *,
	    const json_t *value);
/* The first line received: a status line, a banner. */
void	 judge_evidence_first(struct finding *, const struct sprobe *);
bool	 judge_has(const struct judge *, enum finding_id,
	    const struct endpoint *);
/* The endpoint of a family whose reachability is not proven from here says
   nothing about the domain. */
bool	 judge_trusts(const struct judge *, const struct addr *);

/* Nothing of the domain's DNS can be judged from here. */
bool	 judge_blind(const struct judge *);

/* The job that failed at one address: to answer for the zone; over TCP; to
   answer this question, at the zone's own servers or at those of another. */
struct judge_job {
	const char		*qname;		/* NULL: for the zone */
	uint16_t		 qtype;
	bool			 tcp, aa;	/* aa: with authority */
	const struct walk_zone	*zone;		/* NULL: our own */
};
/* Flags of a failing server address: the other family does that job; other
   addresses of that name and family do. */
unsigned judge_server_flags(const struct model *, const char *ns,
	    const struct addr *, const struct judge_job *);
/* One name at one server of our zone, or of that one: A right, AAAA not. */
void	 judge_aaaa(struct judge *, const struct walk_zone *, const char *ns,
	    const struct addr *, const char *qname);

/* Shared by the rules of the delegation: a word more of a list in commas; an
   address in these pairs (ns NULL: of any; family -1: of any); a server that
   is right (the same); the server of this name at this address, or NULL. */
struct buf;
void	 judge_word(struct buf *, const char *);
bool	 judge_has_addr(const struct mpairs *, const char *ns, int family);
bool	 judge_some_ok(const struct model *, int family);
const struct mserver *judge_server_at(const struct model *, const char *ns,
	    const struct addr *);

/* The rules, each a file: here and delegation, servers, zone, services. */
void	 judge_here(struct judge *);
void	 judge_delegation(struct judge *);
void	 judge_glue(struct judge *);
void	 judge_servers(struct judge *);
void	 judge_zone(struct judge *);
void	 judge_resolver(struct judge *);
void	 judge_addresses(struct judge *);
void	 judge_connect(struct judge *);
void	 judge_tls(struct judge *);
void	 judge_web(struct judge *);
void	 judge_mail(struct judge *);
void	 judge_mailbox(struct judge *);
/* Is this mail service of this name named, or does it speak somewhere? */
bool	 judge_mailbox_offered(const struct model *, const struct sprobe *);
void	 judge_summary(struct judge *);

/* How the connections of a service probe went. */
struct connect_view {
	int		 tries, ok, failed;	/* failed of the first round */
	int		 last_failed;
	enum net_cause	 cause;			/* of the failures */
	const json_t	*fact;			/* a failed connect fact */
	bool		 first_lost, again_lost; /* first of round 1, of round 2 */
	bool		 round2;
	char		 sequence[40];		/* "xoo" */
};
/* false while the probe runs or when it never tried. */
bool	 judge_connect_view(const struct sprobe *, struct connect_view *);
/* Flags masked and partial of a failing service probe; works tells whether
   another address of the same name and port did what failed here. */
unsigned judge_flags(const struct model *, const struct sprobe *,
	    bool (*works)(const struct sprobe *));
bool	 judge_same_service(const struct sprobe *, const struct sprobe *);
/* A service probe that ended, other than a redirect's further page. */
bool	 judge_is_service(const struct sprobe *);
/* Is this service of this name offered (diagnosis, Verdicts)? */
bool	 judge_offered(const struct model *, const struct sprobe *);
/* Did this endpoint do its work (for masked, partial, offered)? */
bool	 judge_works(const struct sprobe *);

#endif
