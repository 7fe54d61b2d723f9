/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the facts of a session mean together: the zone and its cut, name
 * servers, names, mail hosts, addresses, and what is still wanted. A pure
 * function of the session (and of the time, for hedging): the steps take the
 * wanted probes from it, the judge its findings, the summary its objects.
 */
#ifndef DIAG_MODEL_H
#define DIAG_MODEL_H

#include "diag/questions.h"
#include "diag/session.h"
#include "dns/walk.h"

enum want_kind { WANT_DNS, WANT_ARES, WANT_HTTP, WANT_SMTP, WANT_POP3,
	WANT_IMAP, WANT_SKIP, WANT_HAND };

/* What is done with the account there: logins of one never overlap. */
enum want_use { USE_NOTHING, USE_LOGIN, USE_SEND, USE_LOOK, USE_CLEAN };

/* A probe that is wanted and does not exist yet. */
struct want {
	enum want_kind	 kind;
	enum step_id	 step;
	char		*key;
	struct endpoint	 ep;
	char		*qname;
	uint16_t	 qtype;
	char		 transport[8];
	char		*path;		/* HTTP */
	const char	*why;		/* SKIP: "silent" "limit" "special" */
	int64_t		 not_before;	/* us of the session; 0 = now */
	enum want_use	 use;
	char		*token;		/* SEND: its token, LOOK: the run's */
	int		 tries;		/* connections; 0: --tries */
	bool		 renew;		/* it ended, and is run again */
};

enum mstate { MS_UNASKED, MS_PENDING, MS_OK, MS_LAME, MS_SILENT, MS_REFUSED,
	MS_UNREACHABLE, MS_WRONG_SOURCE, MS_UNTESTED };

/* A question over TCP and its repetitions: a connection refused or closed
   before the answer is tried again, as often as a datagram would be. */
struct mtcp {
	const struct sprobe	*probe;	/* that was answered, else the last */
	int			 sent, lost;
	bool			 ended;	/* nothing more will come */
};

/* A name server address of the zone. */
struct mserver {
	char			*ns;
	struct addr		 addr;
	bool			 parent, child;	/* named by which side */
	bool			 special;	/* class of address: not asked */
	enum mstate		 state;
	const char		*lame;		/* how, when MS_LAME */
	const struct sprobe	*gate;
	struct mtcp		 tcp;
	int			 sent, lost;	/* datagrams of the SOA question */
	bool			 has_serial;
	uint32_t		 serial;
};

struct mpair {
	char		*ns;
	struct addr	 addr;		/* family 0: none found */
};

struct mpairs {
	struct mpair	*list;
	size_t		 n;
	bool		 cut;		/* there are names beside these */
};

#define NAME_APEX	1u
#define NAME_WWW	2u
#define NAME_HOST	4u	/* --host, or the subject's own host */
#define NAME_MX		8u
#define NAME_NS		16u
#define NAME_REDIRECT	32u
#define NAME_GUESS	64u	/* mail, imap, autoconfig ..: if it exists */
#define NAME_SRV	128u	/* of a mail service: SRV, autoconfig */
#define NAME_MAILHOST	256u	/* --mail-host */
#define NAME_WEB	(NAME_APEX | NAME_WWW | NAME_HOST | NAME_REDIRECT)

struct mname {
	char		*name;
	unsigned	 kind;
	bool		 in_zone;	/* asked of the zone's own servers */
	bool		 pending, nxdomain, wildcard, failed;
	bool		 endless;	/* aliases without an end in sight */
	bool		 cut;		/* some answer has more than is kept */
	char		*alias;		/* first CNAME target or NULL */
	char		*final;		/* last name of the alias chain */
	struct walk_zone *zone;		/* of the final name when not ours */
	struct addr	*addrs;		/* authority's and resolver's view */
	size_t		 naddrs, nauth;	/* the first nauth: the authority's */
};

struct mmx {
	char		*target;
	unsigned	 pref;
};

/* A mail service for users: submission, POP3, IMAP, each in two forms. */
struct mail_service {
	const char	*proto;		/* word of the repl URL */
	uint16_t	 port;
	int		 tls;
	enum want_kind	 kind;
	const char	*srv;		/* owner of its SRV (RFC 6186, 8314) */
	unsigned	 guess;		/* bits of guessed labels that offer it */
};

#define MAIL_SERVICES 6

/* A mail service that SRV or autoconfig names. */
struct msrv {
	unsigned	 service;	/* index of mail_services */
	char		*target;
	uint16_t	 port;
	bool		 sure;		/* by SRV, or inside verified TLS */
};

/* What a limit of ours left out of the plan, a word of "limits" each. */
enum model_cut { MODEL_CUT_NS = 1, MODEL_CUT_MX = 2, MODEL_CUT_ADDRS = 4,
	MODEL_CUT_PAGES = 8, MODEL_CUT_MAILBOX = 16 };

enum zone_state { ZONE_PENDING, ZONE_FOUND, ZONE_MISSING, ZONE_UNDELEGATED,
	ZONE_FAILED };

enum proof { PROOF_ABSENT, PROOF_NONE, PROOF_HALF, PROOF_DONE };

struct model {
	const struct session	*s;
	const json_t		*options;
	int64_t			 now;		/* us */
	const char		*subject;	/* name asked for */
	const char		*label;		/* random label */
	struct root_hint	*hints;
	size_t			 nhints;
	bool			 want[2];	/* v4, v6 not switched off */
	bool			 have[2];	/* wanted, and here */
	enum proof		 proof[2];
	unsigned		 asked[2];	/* roots and TLDs asked over it */
	bool			 intercepted, dns_blocked;
	struct prefix		*global;
	size_t			 nglobal;
	struct walk		*any, *only[2];
	enum zone_state		 zstate;
	struct walk_zone	*cut;
	const char		*zone, *parent;
	const struct dns_msg	*zone_msg;	/* that said so (missing) */
	struct mpairs		 parents, delegation, zone_ns;
	bool			 delegation_known;	/* some parent told */
	struct mserver		*servers;
	size_t			 nservers;
	struct mname		*names;
	size_t			 nnames;
	struct mmx		*mx;
	size_t			 nmx;
	bool			 mx_known, mx_null;
	struct msrv		*srv;		/* mail services named */
	size_t			 nsrv;
	bool			 srv_none[MAIL_SERVICES]; /* target "." */
	char			*helo[2];	/* per family; NULL = pending */
	struct want		*wants;
	size_t			 nwants;
	int64_t			 wake;		/* us: run again then; 0 = no */
	bool			 random_known;	/* the random label was answered */
	unsigned		 left_out;	/* MODEL_CUT_*: the plan */
	bool			 shortened;	/* referrals cut at what is kept */
	bool			 skip[STEP_COUNT];
	enum step_id		 step;		/* that asks just now */
	void			*index;		/* private */
	json_t			*spoken;	/* private: mailbox services */
	struct session		*own;		/* s without by-hand */
};

/* Build from a session at a time (us since its start). */
struct model	*model_build(const struct session *, int64_t now);
void		 model_free(struct model *);
/* Names, delegation, zone servers, mail hosts: filled by model_build in this
   order (model_zone.c, model_names.c). */
void		 model_zone(struct model *);
void		 model_names(struct model *);
void		 model_services(struct model *);
void		 model_mailbox(struct model *);
/* Put first what a ticket names, then what fits the symptom; all: the session
   with what is not judged. */
void		 model_first(struct model *, const struct session *all);
/* Index of a word of --symptom, or -1. */
int		 model_symptom(const char *word);
/* The first probe of the endpoint that a ticket names, or NULL (yet). */
const struct sprobe *model_first_probe(const struct session *);
/* Spoken to only because a ticket names the address. */
bool		 model_ticket(const struct sprobe *);
/* Names under which mail services may be: guessed, by SRV, by the operator. */
void		 model_mail_names(struct model *);
/* autoconfig.DOMAIN, and the servers that were told there. */
void		 model_autoconfig_names(struct model *);
void		 model_autoconfig(struct model *);
/* A page that was fetched only for the mail servers it may name. */
bool		 model_autoconfig_page(const struct sprobe *);
/* Does this page name servers, here or at another address of the name? */
bool		 model_configures(const struct model *, const struct sprobe *);
/* The path that the HTTP probe asked for; owned by it. */
const char	*model_page(const struct sprobe *);
/* May mail services be told of that are not known yet, or their addresses? */
bool		 model_mail_pending(const struct model *);
/* This service is offered there; sure: an account may be used for that. */
void		 model_mail_offer(struct model *, unsigned service,
		    const char *target, uint16_t port, bool sure);
/* Only guessed: asked of all servers once one knows it. */
bool		 model_guessed(const struct mname *);
extern const struct mail_service mail_services[MAIL_SERVICES];
/* The service of an endpoint of step mailbox, NULL if it is none. */
const struct mail_service *model_mail_service(const struct endpoint *);
/* Named by SRV, autoconfig or the operator, not only guessed. */
bool		 model_mail_named(const struct model *,
		    const struct endpoint *);
/* Find the mailbox services that were spoken to: before the next three. */
void		 model_spoken(struct model *);
/* The reply fact to a verb, of a dialogue with TLS (1), without (0), either
   (-1); of the session, or NULL. */
const json_t	*model_said(const struct sprobe *, const char *verb, int tls);
/* Did it greet, as all mail protocols do? */
bool		 model_speaks(const struct sprobe *);
/* Does a mailbox service of this name, port and protocol speak anywhere? */
bool		 model_service_speaks(const struct model *,
		    const struct endpoint *);
/* The i-th probe of such a service, as they began; NULL: no more. */
const struct sprobe *model_service_probe(const struct model *,
		    const struct endpoint *, size_t i);
/* Has the look for mail that was accepted come to its end? */
bool		 model_looked(const struct model *);
/* One question to the first server of the zone that answers it, the others
   in turn. NULL: nothing (yet). */
const struct dns_msg *model_ask_one(struct model *, const char *qname,
		    uint16_t type, bool *ended);

#define FAMILY(a) ((a)->family == 4 ? 0 : 1)

/* The probe that asked this, by whatever step; NULL = never asked. */
const struct sprobe *model_asked(const struct model *, const struct addr *,
		    const char *transport, const char *qname, uint16_t type);
/* Is this word of a transport TCP, first or repeated? */
bool		 model_is_tcp(const char *transport);
/* What a question over TCP came to so far. all: after a failure three tries
   are made, whatever the second comes to; else until one is answered. */
struct mtcp	 model_tcp(const struct model *, const struct addr *,
		    const char *qname, uint16_t type, bool all);
/* The same, and the next try is wanted if there is to be one. */
struct mtcp	 model_tcp_again(struct model *, const struct addr *,
		    const char *qname, uint16_t type, bool all);
/* Did a question over TCP come to nothing at this address? */
bool		 model_tcp_fails(const struct model *, const struct addr *);
/* The plan has to be made again at this time (us), or earlier. */
void	 model_wake(struct model *, int64_t us);
/* Want a DNS question; repeated wants of one key count once. */
void		 model_want_dns(struct model *, const char *ns,
		    const struct addr *, const char *transport,
		    const char *qname, uint16_t type, int64_t not_before);
void	 model_want_clear(struct want *);
/* The key STEP/PROTO/NAME/ADDR/PORT[/WHAT] of a probe; the caller frees. */
char	*model_key(enum step_id, const struct endpoint *, const char *what);
struct want	*model_want(struct model *, enum want_kind,
		    const struct endpoint *, const char *what);
/* A connection tried once only. offered: if that failed, --tries times. */
struct want	*model_want_once(struct model *, enum want_kind,
		    const struct endpoint *, const char *what, bool offered);
/* Is this want still to be begun? */
bool		 model_want_due(const struct session *, const struct want *);
/* It ended by itself: neither interrupted nor left out by a limit, which say
   nothing about the peer. */
bool	 model_told(const struct sprobe *);
/* Usable reply of a question over UDP, or TCP after TC. NULL: none (yet).
   *ended: nothing more will come. */
const struct dns_msg *model_reply(struct model *, const struct addr *,
		    const char *qname, uint16_t type, bool *ended);
/* Not to be contacted: special, or a family that is not here. */
bool		 model_special(const struct model *, const struct addr *);
bool		 model_usable(const struct model *, const struct addr *);
/* Three datagrams to this address were not answered, and none was. */
bool		 model_silent(const struct model *, const struct addr *);
/* Is anything of the zone's own servers still to come? */
bool		 model_servers_pending(const struct model *);
struct mname	*model_name(const struct model *, const char *);
void		 model_pair(struct mpairs *, const char *ns,
		    const struct addr *);
bool		 model_pair_has_ns(const struct mpairs *, const char *ns);
/* Addresses of name in a reply, aliases followed within it. Returns the last
   name of the chain (points into msg or name). */
const char	*model_chain(const struct dns_msg *, const char *name,
		    struct addr **, size_t *n);
/* A once more at this server when AAAA of the name failed there. */
void	 model_again(struct model *, const char *ns, const struct addr *,
	     const char *qname);
/* A redirect or other name met later: added and followed. */
struct mname *model_add_name(struct model *, const char *, unsigned kind);
/* A name that is looked at with all others, later. */
struct mname *model_name_add(struct model *, const char *, unsigned kind);
/* Addresses that may be contacted, at most LIMIT_ADDRS of a family; out has
   room for twice that. */
size_t	 model_contactable(struct model *, const struct mname *,
	     struct addr *out);
/* The PTR in a reply, aliases followed (RFC 2317); NULL if none. */
const char *model_ptr_target(const struct dns_msg *, const char *qname);
/* Where the HTTP probe was redirected: 0, or -1; http_url_free it. */
struct http_url;
int	 model_redirect(const struct sprobe *, struct http_url *);
/* "example.jp" of "ns1.example.jp": the last two labels (who runs it). */
const char	*model_operator(const char *name);

#endif
