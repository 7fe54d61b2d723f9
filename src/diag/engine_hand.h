/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By hand: connections without a script, and scripts taken over. Each is a
 * probe with lines like any other; none of them counts in the verdict: the
 * last part of their key begins with "hand:".
 */
#ifndef DIAG_ENGINE_HAND_H
#define DIAG_ENGINE_HAND_H

#include "diag/engine.h"
#include "talk/track.h"

struct hand_target {
	const char	*proto;		/* word of a repl URL: "smtp" "https" */
	const char	*name;		/* Host, SNI, certificate; "" = none */
	struct addr	 addr;
	uint16_t	 port;
	int		 tls;		/* enum talk_tls; STARTTLS: offered, to
					   be asked for by hand */
};

/* One DNS question by hand. */
struct hand_question {
	const char	*name;
	uint16_t	 type;
	bool		 tcp, rd, cd, dnssec, nsid, ad;
	unsigned	 edns;		/* 0: no OPT */
	int		 tries;		/* 0: three */
	int64_t		 wait;		/* ns between them; 0: as ever */
};

/* Instead of engine_start: a session in which nothing is diagnosed. */
void		 engine_start_by_hand(struct engine *);
/* Each of these begins a probe and gives its key, or NULL when it cannot be
   (a name that cannot be asked, a limit). The key is the session's. */
const char	*engine_open(struct engine *, const struct hand_target *);
const char	*engine_ask(struct engine *, const struct hand_target *,
		    const struct hand_question *);
/* What this host's resolvers say of a name: fact "ares". */
const char	*engine_look_up(struct engine *, const char *name);
/* Take over the dialogue of a probe. Running: in place, when it is our turn.
   Ended: it connects again and says what it said up to the line seq (0: up to
   its first line), then hands over. NULL: no dialogue, or too late. */
const char	*engine_hold(struct engine *, const char *key, uint64_t seq);
/* Hold a running script at its next line, to be edited (talk_edit): NULL, or
   why not: over (it ended, or says nothing more), question (DNS), by-hand. */
const char	*engine_edit(struct engine *, const char *key);
/* The line that is held; malloc'd, NULL: none (yet). */
char		*engine_next_line(struct engine *, const char *key);
/* This one in its place: 0, or -1 while none is held. */
int		 engine_say_next(struct engine *, const char *key,
		    const char *);
/* Is it in our hands now? */
bool		 engine_held(const struct engine *, const char *key);
/* Where it stands; NULL when it does not run. Valid until the loop runs. */
const struct track *engine_track(const struct engine *, const char *key);
/* See talk_say, talk_starttls, talk_close; -1 also when it does not run. */
int		 engine_say(struct engine *, const char *key, const void *,
		    size_t, bool raw);
int		 engine_starttls(struct engine *, const char *key);
int		 engine_close(struct engine *, const char *key);
/* Give back to the script: NULL, or why not (talk_release; "over"). */
const char	*engine_release(struct engine *, const char *key);
struct loop	*engine_loop(const struct engine *);
/* Was this done by hand? (of a probe's what) */
bool		 engine_by_hand(const char *what);

#endif
