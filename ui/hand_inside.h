/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of by-hand; only ui/hand*.c include this. */
#ifndef UI_HAND_INSIDE_H
#define UI_HAND_INSIDE_H

#include "base/buf.h"
#include "diag/engine_hand.h"
#include "ui/hand.h"
#include "ui/paste.h"

#define HAND_HEARD	(64u * 1024)
#define HAND_BEGUN	1024

enum hand_ask { HAND_ASK_NONE, HAND_ASK_LOGIN, HAND_ASK_PASSWORD,
	HAND_ASK_PASTE };

/* What waits for the addresses of a name. */
enum hand_for { HAND_FOR_NOTHING, HAND_FOR_OPEN, HAND_FOR_DIG,
	HAND_FOR_TRACE };

struct hand {
	struct engine	*engine;
	struct loop	*loop;
	struct hand_hooks hooks;
	int		 family;
	char		*key;		/* the connection; NULL: none */
	struct hand_url	 url;		/* of it */
	bool		 running, taken;
	bool		 edits;		/* one line only, hand_next.c */
	bool		 connected;	/* something answered, once */
	bool		 failed;	/* some connection did not come */
	bool		 unmet;		/* some :expect */
	char		*lookup;	/* key of the look-up under way */
	enum hand_for	 wants;
	char		*dig_key;	/* question under way */
	struct paste_dig dig;
	struct sockname	 dig_to;
	struct trace	*trace;		/* hand_trace.c */
	bool		 hello_said;	/* for start_tls */
	bool		 again_tls;	/* :open asks for it, too */
	enum hand_ask	 ask;
	char		*question;	/* its prompt */
	char		*login;
	bool		 login_clear;	/* :login clear */
	bool		 answering;	/* as last seen; hand_answers */
	bool		 no_login;	/* the last line was a :login refused */
	char		*pasted;	/* asked about */
	char		*rest;		/* of a paste, from rest_at on */
	size_t		 rest_at;
	struct buf	 begun;		/* by :raw, not ended */
	struct login	*auth;		/* hand_login.c */
	char		*expect;
	int64_t		 until;		/* of what is awaited, ns */
	struct buf	 heard;		/* since our last line */
	int64_t		 said;		/* when that was */
	char		*last;		/* line to :repeat, nothing secret */
	int		 repeats;
	struct timer	*pace;		/* of them */
	int64_t		 again;		/* not before */
	bool		 waiting;	/* :wait */
	struct timer	*kick, *clock;
	bool		 busy;		/* as last told */
	char		 prompt[64];
};

/* Remarks: a text of strings.txt with name, value pairs; or as it is. */
void	 hand_bad(struct hand *, const char *key, ...);
void	 hand_say(struct hand *, const char *key, ...);
void	 hand_text(struct hand *, enum hand_say, const char *);
/* Each line of the buffer as a remark; it is freed. */
void	 hand_lines(struct hand *, struct buf *);
/* Look what comes next, at the end of this turn. */
void	 hand_kick(struct hand *);
/* It waits until then at most. */
void	 hand_deadline(struct hand *, int64_t ns);
/* How long a reply is awaited, ns. */
int64_t	 hand_patience(const struct hand *);
void	 hand_question(struct hand *, enum hand_ask, char *prompt);
const struct session *hand_session(const struct hand *);
bool	 hand_read_only(const struct hand *);
/* Send a line, remembering when; false after a remark. */
bool	 hand_send(struct hand *, const void *, size_t, bool raw);
bool	 hand_held(const struct hand *);
/* Is a reply to our last line, or the connection, still awaited? */
bool	 hand_awaits(const struct hand *);
const struct track *hand_track(const struct hand *);
/* Are header fields of a request being typed (HTTP)? */
bool	 hand_fields(const struct hand *);

/* hand_open.c: connections, look-ups */
/* ":open": a URL and perhaps an address; "": the last one again. */
void	 hand_open_typed(struct hand *, const char *);
void	 hand_connect(struct hand *, const struct hand_url *);
void	 hand_looked_up(struct hand *);
void	 hand_close_now(struct hand *);
/* hand_query.c: DNS */
void	 hand_dig(struct hand *, struct paste *);
void	 hand_dig_at(struct hand *, const struct addr *);
void	 hand_answered(struct hand *);
void	 hand_trace_next(struct hand *, const struct dns_msg *);
void	 hand_trace_free(struct hand *);
/* hand_dig.c */
void	 hand_dig_render(struct buf *, const struct paste_dig *,
	     const struct sockname *, const void *wire, size_t, double ms);
/* hand_next.c */
void	 hand_next_event(struct hand *, const struct event *);
struct hand *hand_new(struct engine *, const struct hand_hooks *);
/* The probe of key is spoken on. */
void	 hand_on(struct hand *, const char *key);
/* Is one of the lines one that --read-only refuses? */
bool	 hand_changes(const struct track *, const char *, size_t);
/* A session begins or ends: nothing is begun in it. */
void	 hand_forget_begun(struct hand *);
/* hand_hide.c */
/* Is the line typed now an answer to a login? Also when the connection went
   away while it was being typed. */
bool	 hand_answers(const struct hand *);
/* Look whether one is due. */
void	 hand_answers_due(struct hand *);
/* hand_commands.c */
void	 hand_command(struct hand *, const char *);
/* Is the line taken as a command? Where an answer to a login is due, only
   a few of them are. */
bool	 hand_commands(const struct hand *, const char *);
char	**hand_complete_command(struct hand *, const char *, size_t);
/* hand_line.c */
void	 hand_raw(struct hand *, const char *);
/* hand_paste.c */
void	 hand_pasted(struct hand *, bool send);
/* Take what is left of it, as far as nothing is awaited; forget it. */
void	 hand_paste_next(struct hand *);
void	 hand_paste_drop(struct hand *);
/* hand_more.c */
void	 hand_wipe(char *);
/* hand_tls.c */
void	 hand_cert(struct hand *, const char *);
void	 hand_trace(struct hand *, const char *);
/* hand_explain.c: what a reply means; malloc'd, NULL: nothing to say. */
char	*hand_explain(enum track_proto, const char *, size_t);
char	*hand_explain_code(const char *);
/* hand_addr.c */
void	 hand_addr(struct hand *, const char *);
/* hand_login.c */
void	 hand_login(struct hand *, const char *);
void	 hand_login_with(struct hand *, char *password);
void	 hand_login_next(struct hand *);
void	 hand_login_free(struct hand *);
/* hand_expect.c */
void	 hand_expect(struct hand *, const char *);
void	 hand_heard(struct hand *, const void *, size_t);
/* Nothing was heard yet since our last line. */
void	 hand_unheard(struct hand *);
void	 hand_expected(struct hand *);

#endif
