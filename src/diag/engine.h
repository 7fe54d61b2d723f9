/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine: takes a subject and options, works in a world, emits events.
 * It knows no screen, prints nothing.
 */
#ifndef DIAG_ENGINE_H
#define DIAG_ENGINE_H

#include "base/loop.h"
#include "diag/ask.h"
#include "diag/session.h"
#include "diag/subject.h"

#define ENGINE_HOSTS 16

struct engine_opts {
	bool		 no_v4, no_v6;	/* -6, -4 */
	bool		 skip[STEP_COUNT]; /* --skip, or not in --only */
	int		 tries;		/* --tries; 3 */
	double		 scale;		/* --timeout: factor of the table */
	const char	*helo;		/* NULL: found out (FCrDNS or literal) */
	const char	*mail_from;	/* NULL: postmaster@helo */
	const char	*rcpt;		/* NULL: stop after the second EHLO */
	const char	*hosts[ENGINE_HOSTS]; /* --host, A-labels */
	size_t		 nhosts;
	bool		 read_only, outside;
	/* An account: logins are made when mailbox and password are given,
	   and not with read_only. The password is in no event. */
	const char	*mailbox, *login;	/* login NULL: the mailbox */
	const char	*mail_host;		/* NULL: every host found */
	const char	*password;
	bool		 send_mail;	/* consent to send marked mail to it */
	int		 wait;		/* s for its delivery, and to come back
					   after greylisting; 0: usual, no */
	unsigned	 asks;		/* 1 << ASK_..: somebody can answer */
	bool		 stay;	/* go on after `end': a rerun ends with
				   another `end'; loop_stop is yours */
	const char	*symptom;	/* word of --symptom, or NULL */
	const struct endpoint *first;	/* begun before others; NULL: none */
	int		 first_family;	/* of it when it has no address; 0 */
	const json_t	*alert, *last;	/* members of the session event: what
					   was pasted, the last run; or NULL */
	const char	*version;	/* of tadoru, for User-Agent, head */
};

struct engine;

/* world, loop, subject, opts must outlive the engine. */
struct engine	*engine_new(struct loop *, const struct subject *,
		    const struct engine_opts *);
void		 engine_free(struct engine *);
/* Called for every event after the session took it in. */
void		 engine_sink(struct engine *, void (*)(void *,
		    const struct session *, const struct event *), void *);
/* Emit `session' and begin; the rest happens in loop_run, which returns
   after `end'. */
void		 engine_start(struct engine *);
/* Nothing new begins while paused; what runs goes on. */
void	 engine_pause(struct engine *, bool);
bool	 engine_paused(const struct engine *);
/* Step by step: a step's probes begin only after engine_step let it; until
   then it is announced by a step event "ready" with the commands to come in
   "commands". Before engine_start, or at any time. */
void	 engine_stepping(struct engine *, bool);
/* Let the first step that is ready begin. false: none is. */
bool	 engine_step(struct engine *);
/* Run a probe that ended again (its facts are forgotten), times times one
   after the other; the judge looks anew each time. -1: no such probe, or it
   runs. */
int	 engine_rerun(struct engine *, const char *key, int times);
/* Drop a running probe: it ends as interrupted, its endpoint is unknown. */
int	 engine_skip(struct engine *, const char *key);
/* After engine_ended: is anything running because of engine_rerun? */
bool	 engine_busy(const struct engine *);
/* Answer an open question (session.h, asks): a word of --symptom, the word
   ASK_CONSENT, seconds; "" or anything else leaves it or means no. -1: it is
   not open, or the answer will not do. */
int	 engine_answer(struct engine *, enum ask_id, const char *text);
/* The operator says what is felt, unasked: a word of --symptom. */
void		 engine_symptom(struct engine *, const char *word);
/* First call ends politely (QUIT, 1 s), second drops; `end' follows. */
void		 engine_cancel(struct engine *);
bool		 engine_ended(const struct engine *);
const struct session *engine_session(const struct engine *);

#endif
