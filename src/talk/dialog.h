/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the dialogues of all protocols share; private to src/talk. A talk goes
 * through connection attempts, the dialogue itself on the first connection
 * established, perhaps a second dialogue with lax TLS, and repeats.
 */
#ifndef TALK_DIALOG_H
#define TALK_DIALOG_H

#include "net/conn.h"
#include "base/buf.h"
#include "talk/auth.h"
#include "talk/secrets.h"
#include "talk/talk.h"
#include "talk/track.h"

enum dialog_phase {
	DIALOG_CONNECT,		/* the first connection is wanted */
	DIALOG_SPEAK,		/* it was established */
	DIALOG_REPEAT,		/* connect only, one at a time */
	DIALOG_AGAIN,		/* second round, connect only */
	DIALOG_CANCEL,		/* saying goodbye */
	DIALOG_OVER		/* done() is due or was called */
};

struct dialog_try {
	struct dialog_try	*next;
	struct talk		*talk;
	struct conn		*conn;
	int			 attempt;
	int64_t			 begun;
	bool			 up;
};

/* What a protocol adds. */
struct dialog_ops {
	/* The connection is up: speak. */
	void	(*begin)(struct talk *);
	/* Anything that happens on it, TLS failures excepted. */
	void	(*event)(struct talk *, const struct conn_event *);
	/* Say goodbye: true if there is something to wait for. */
	bool	(*quit)(struct talk *);
	void	(*free)(struct talk *);
	/* The script goes on after a hand took over: NULL, or a word why it
	   cannot. NULL member: it never can. */
	const char	*(*resume)(struct talk *);
	/* The line the script would say now, malloc'd; NULL: none, or one with
	   a secret, which nobody edits. spent: it counts as said. NULL member:
	   nothing can be edited. */
	char		*(*next)(struct talk *, bool spent);
	/* Nothing more is to be said. */
	bool		(*last)(const struct talk *);
	/* Say this in place of the next line and go on; NULL member: it is
	   typed like any line by hand. */
	void		(*instead)(struct talk *, const char *);
	/* A hand typed a line; login: it was, or may have been, one. What the
	   script knew of the session holds no longer. */
	void		(*touched)(struct talk *, bool login);
	const char	*alpn;
	enum track_proto proto;
	bool		 repeats;	/* connect until tries were made */
	int64_t		 lax_gap;	/* before the lax connection, ns */
};

struct talk {
	const struct dialog_ops	*ops;
	struct talk_params	 params;
	struct talk_hooks	 hooks;
	struct loop		*loop;
	struct secrets		 secrets;	/* hidden in what comes */
	void			*state;		/* of the protocol */
	struct track		*track;		/* sees every line */
	const struct conn_event	*raw;		/* under way, or NULL */
	struct buf		 unfinished;	/* line of :raw not ended */
	bool			 hold;		/* take over when possible */
	bool			 held, by_hand;	/* now; at some time */
	bool			 edit;		/* hold a line to be edited */
	bool			 editing;	/* held for that, untouched */
	bool			 edited;	/* its reply is awaited */
	int			 spoken;	/* own lines of the script */
	size_t			 taken, taken_lines; /* received while held */
	size_t			 unasked, unasked_lines; /* that came so */
	int64_t			 left;		/* of limit, while held */
	enum dialog_phase	 phase;
	struct dialog_try	*tries;		/* connections that exist */
	struct dialog_try	*main;		/* the one spoken on */
	struct timer		*next;		/* next attempt */
	struct timer		*limit;		/* of the whole probe */
	struct timer		*end;		/* done() or end of cancel */
	struct timer		*watch;		/* of a line without an end */
	int64_t			 asked;		/* the wait for a reply began */
	const char		*word;		/* outcome; NULL: none yet */
	int64_t			 begun;		/* later by all time held */
	int			 attempts, round, again;
	int			 worked, failed;
	bool			 lax, want_lax, shaking, tls;
	bool			 verified;	/* certificate and name */
	int			 depth;
	void			(*cancel)(struct talk *); /* wanted */
	bool			 dead;
};

struct talk	*dialog_new(const struct talk_params *,
		    const struct talk_hooks *, const struct dialog_ops *,
		    void *state);
/* Bracket every way in from the loop: the outermost leave does what was
   wanted meanwhile, to cancel or to free. */
void		 dialog_enter(struct talk *);
void		 dialog_leave(struct talk *);

/* Give a line to the owner as it is. */
void		 dialog_emit(struct talk *, int attempt,
		    const struct talk_line *);
/* It is our turn to speak: true if a hand takes over here, and the script
   must not speak (talk_hand.c). A script asks before each line of its own. */
bool		 dialog_hold(struct talk *);
/* The same for a line to be edited (talk_edit.c): true if there is one. */
bool		 dialog_edits(struct talk *);
/* Something came while held: the script goes on if that was the reply. */
void		 dialog_edit_answered(struct talk *);
/* While held: everything that happens on the connection. */
void		 dialog_hand_event(struct talk *, const struct conn_event *);
/* It is by hand from now on: it does not count. */
void		 dialog_by_hand(struct talk *);
/* The script goes on: what resume() calls before it speaks. */
void		 dialog_released(struct talk *);
void		 dialog_limit_start(struct talk *, int64_t);
/* Say goodbye by hand: true if there is something to wait for. */
bool		 dialog_hand_quit(struct talk *);
/* A line on the wire of the main connection. */
void		 dialog_line(struct talk *, enum talk_dir, const void *,
		    size_t len, size_t full, int64_t at);
/* A line about an attempt; args taken over, may be NULL. */
void		 dialog_info(struct talk *, int attempt, enum talk_dir,
		    const char *key, json_t *args);
/* A fact about the main connection; value taken over. */
void		 dialog_fact(struct talk *, const char *key, json_t *value);
void		 dialog_fact_of(struct talk *, int attempt, const char *key,
		    json_t *value);
void		 dialog_limit(struct talk *, const char *what, size_t at);
/* One more line that nobody asked for. True if there were so many that it
   ended the dialogue: more than a reply may have (LIMIT_REPLY_BYTES, _LINES). */
bool		 dialog_unasked(struct talk *, const struct conn_event *);
/* Show and send a line with CRLF; control characters end it early. */
void		 dialog_say(struct talk *, const char *);
/* The same; of the line only the first shown bytes are shown. */
void		 dialog_say_secret(struct talk *, const char *, size_t shown);
/* The event with secrets in its bytes hidden: *ev or *copy. The caller frees
   *held. */
const struct conn_event *dialog_scrub(struct talk *,
		    const struct conn_event *ev, struct conn_event *copy,
		    char **held);
/* May a login be tried on the main connection? NULL, or a word why not. */
const char	*dialog_no_login(const struct talk *);
int		 dialog_attempt(const struct talk *);

/* A reply is awaited from now on, for limit ns at most; a line that never ends
   is noticed too. dialog_watch_stop: none is. */
void		 dialog_await(struct talk *, int64_t limit);
void		 dialog_watch_stop(struct talk *);
/* How long the reply that came at this time was awaited, ms. */
double		 dialog_waited(const struct talk *, int64_t at);
/* The dialogue ended: close, then go on to what is left (lax, repeats). The
   first word given stays. */
void		 dialog_over(struct talk *, const char *word);
/* Nothing is left: close everything and let done() be called. */
void		 dialog_finish(struct talk *, const char *word);

/* Connection attempts (dialog_tries.c). */
void		 dialog_connect(struct talk *);
void		 dialog_repeat(struct talk *);
void		 dialog_connect_lax(struct talk *);
void		 dialog_drop_tries(struct talk *, const struct dialog_try *but,
		    bool interrupted);
void		 dialog_close(struct talk *, struct dialog_try *);
/* A failure in words: a line keyed by the cause of ev's error. */
void		 dialog_failure(struct talk *, int attempt,
		    const struct conn_event *, int64_t waited);

/* TLS on the main connection (dialog_tls.c); returns bytes injected. */
size_t		 dialog_tls(struct talk *);
/* The same behind a reply that asked for it: bytes injected are told. */
void		 dialog_start_tls(struct talk *);
/* An event while shaking hands: true when TLS is up, else it ended the
   dialogue. */
bool		 dialog_tls_event(struct talk *, const struct conn_event *);

#endif
