/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine from inside: its probes. Only engine*.c include this. */
#ifndef DIAG_ENGINE_PROBE_H
#define DIAG_ENGINE_PROBE_H

#include "diag/engine.h"
#include "diag/engine_hand.h"
#include "diag/model.h"
#include "dns/exchange.h"
#include "dns/resolver.h"
#include "talk/secrets.h"

/* One running probe. */
struct probe {
	struct engine		*engine;
	struct want		 want;		/* own copy */
	char			*helo, *mail_from;
	int			 restarts;
	struct exchange		*exchange;
	struct resolver_query	*resolver;
	struct talk		*talk;
	struct timer		*reap;
	const char		*outcome;
	int64_t			 began;		/* us */
	bool			 connected;
	bool			 by_hand;	/* no script's, engine_hand.c */
	bool			 taken;		/* a hand took it over */
	bool			 mailed;	/* DATA was said, by consent */
	int			 hold;		/* talk_params.hold */
	struct hand_question	*question;	/* DNS by hand; own */
	struct probe		*next;
};

struct sink {
	void	(*take)(void *, const struct session *, const struct event *);
	void	*ctx;
};

/* A rerun asked for by the operator. */
struct again {
	struct want	 want;
	int		 times;
	int64_t		 not_before;	/* us */
	struct again	*next;
};

struct engine {
	struct loop		*loop;
	struct world		*world;
	const struct subject	*subject;
	struct engine_opts	 opts;
	const char		*rcpt;
	struct timeouts		 timeouts;
	struct session		*session;
	struct sink		*sinks;
	size_t			 nsinks;
	uint64_t		 seq;
	int64_t			 began;
	struct probe		*running;
	int			 questions, connections, sockets;
	struct timer		*planned, *wake, *hurry;
	int			 cancelled;	/* times: nothing new begins */
	int			 pressed;	/* of what runs now */
	bool			 ended, paused, stepping;
	bool			 let[STEP_COUNT]; /* stepping: may begin */
	bool			 told[STEP_COUNT]; /* announced as ready */
	struct again		*again;		/* reruns to come */
	char			**back;		/* keys: came back to them */
	size_t			 nback;
	struct secrets		 secrets;	/* typed by hand */
	unsigned		 hands;		/* probes by hand so far */
	bool			 by_hand;	/* nothing is diagnosed */
};

void	 engine_emit(struct engine *, struct event *);
int64_t	 engine_now(const struct engine *);	/* us since the start */
void	 engine_replan(struct engine *);
/* The body of the session event (engine_session.c); a new reference. */
json_t	*engine_session_json(const struct engine *);

/* Reruns whose turn has come begin (engine_control.c). */
void	 engine_again(struct engine *, struct model *);
void	 engine_again_free(struct engine *);
/* None of them begins any more. */
void	 engine_again_stop(struct engine *);
/* Run an ended probe once more, not before a time (us). */
void	 engine_again_at(struct engine *, const struct sprobe *, int64_t us);
/* Questions at the start, and those that findings lead to (engine_ask.c). */
void	 engine_ask_first(struct engine *);
void	 engine_ask_later(struct engine *);
void	 engine_ask_free(struct engine *);
/* Is there a mailbox that may be logged in to? */
bool	 engine_account(const struct engine_opts *);
/* Stepping: may probes of this step begin? Announces it when not. */
bool	 engine_lets(struct engine *, const struct model *, enum step_id);
/* Own copy of a want; model_want_clear ends it. */
void	 want_copy(struct want *, const struct want *);
/* Begin a wanted probe: emits `probe began' and runs it. */
void	 probe_start(struct engine *, const struct want *, struct model *);
/* The same without the plan: hold, question may be 0 and NULL. */
void	 probe_start_by_hand(struct engine *, const struct want *,
	     struct model *, int hold, const struct hand_question *);
/* The want a finished probe came from (engine_control.c). */
void	 want_of_probe(struct want *, const struct sprobe *);
/* Run it again from the beginning (the host was suspended); or, where mail may
   have gone out, end it as interrupted. */
void	 probe_restart(struct probe *);
/* End it as interrupted, or free it without a word. */
void	 probe_abandon(struct probe *);
void	 probe_drop(struct probe *);

#endif
