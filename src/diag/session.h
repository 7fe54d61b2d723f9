/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known so far: events folded. Live and replayed sessions are the
 * same; the judge and all sinks read only this.
 */
#ifndef DIAG_SESSION_H
#define DIAG_SESSION_H

#include "diag/ask.h"
#include "diag/event.h"
#include "diag/findings.h"
#include "dns/message.h"

/* (name, address, port, protocol, TLS mode): the unit of everything. */
struct endpoint {
	char		*name;		/* lower-case A-label, no final dot */
	struct addr	 addr;		/* family 0: left out */
	uint16_t	 port;		/* 0: left out */
	char		 proto[16];	/* "dns" "http" "https" "smtp" .. or "" */
	int		 tls;		/* -1 left out, else enum talk_tls */
};

struct sline {
	uint64_t	 seq;
	int64_t		 us;
	int		 attempt;
	enum talk_dir	 dir;
	bool		 tls, dns;
	unsigned char	*data;
	size_t		 len, full;
	json_t		*body;		/* key and args of INFO, or NULL */
	size_t		 cost;		/* bytes of memory it counts for */
};

struct sfact {
	uint64_t	 seq;
	int		 attempt;
	char		*key;
	json_t		*value;
};

enum probe_state { PROBE_RUNNING, PROBE_ENDED, PROBE_SKIPPED };

struct sprobe {
	char		*key, *what;	/* what: last part of the key or "" */
	enum step_id	 step;
	struct endpoint	 ep;
	char		*command;	/* shows the same by hand */
	char		*qname;		/* DNS: the question, else NULL */
	uint16_t	 qtype;
	char		 transport[8];	/* DNS: "udp" "tcp" "edns" "again" "rd" */
	enum probe_state state;
	char		*outcome;	/* "ok" or a net_cause_word; "" running;
					   SKIPPED: why ("silent" "limit") */
	int		 attempts;
	int64_t		 began, ended;	/* us */
	int64_t		 away;		/* us: an earlier run of it was first
					   greylisted then; 0: none was */
	uint64_t	 seq, ended_seq;
	struct sline	*lines;
	size_t		 nlines, bytes; /* bytes: cost of all lines */
	size_t		 head, dropped;	/* lines before the gap, if dropped,
					   the lines of the gap, are any */
	struct sfact	*facts;
	size_t		 nfacts, fact_bytes;
	struct dns_msg	*reply;		/* last DNS reply of this probe */
	uint64_t	 reply_seq;
	int64_t		 reply_us;
};

struct finding {
	enum finding_id	 id;
	enum verdict	 level;
	enum side	 side;
	unsigned	 flags;
	struct endpoint	 ep;
	json_t		*args;		/* object of strings and numbers */
	uint64_t	 evidence[4];
	size_t		 nevidence;
	char		*command;
};

enum step_state { STEP_WAITING, STEP_RUNNING, STEP_ENDED, STEP_NOT_ASKED };

struct session {
	json_t		*head;		/* body of the session event */
	struct sprobe	**probes;
	size_t		 nprobes;
	struct finding	**findings;	/* current; in order of appearance */
	size_t		 nfindings;
	enum step_state	 steps[STEP_COUNT];
	json_t		*end;		/* body of the end event, or NULL */
	enum ask_state	 asks[ASK_COUNT];
	char		 symptom[16];	/* answered while it ran, or "" */
	bool		 consent;	/* to DATA, answered while it ran */
	int64_t		 wait;		/* s, the same; 0: none */
	size_t		 bytes;		/* cost of all lines and facts */
	bool		 dropped;	/* some, because it was full */
	size_t		 lost;		/* facts of those: not judged by */
	uint64_t	 seq;		/* of the last event folded */
	int64_t		 us;
	void		*index;		/* private: probes by key */
};

struct session	*session_new(void);
void		 session_free(struct session *);
/* Fold one event in. 0, or -1 if it does not fit (unknown probe). */
int		 session_fold(struct session *, const struct event *);
struct sprobe	*session_probe(const struct session *, const char *key);
/* First fact of that key (attempt 0: any); NULL if none. */
const struct sfact *probe_fact(const struct sprobe *, const char *key,
		    int attempt);
/* When the line came that this value of a fact was read from, us; the end of
   the probe if that line is not there any more. */
int64_t		 probe_told_us(const struct sprobe *, const json_t *value);
/* "a.example 192.0.2.1 443 https" compared member by member. */
int		 endpoint_cmp(const struct endpoint *, const struct endpoint *);
void		 endpoint_copy(struct endpoint *, const struct endpoint *);
void		 endpoint_clear(struct endpoint *);
json_t		*endpoint_json(const struct endpoint *);
void		 endpoint_parse(struct endpoint *, const json_t *);

/* The finding object of interface.md (without state); a new reference. */
json_t		*finding_json(const struct finding *);
/* A finding from that object, or NULL; finding_free frees it. */
struct finding	*finding_parse_json(const json_t *);
void		 finding_free(struct finding *);
/* Same identity: id, endpoint, args.qname. */
bool		 finding_same(const struct finding *, const struct finding *);

#endif
