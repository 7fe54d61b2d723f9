/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By hand: what the operator types, taken line by line, wherever it is typed:
 * in the guide's pane, at the prompt of tadoru repl, from a script. It gives
 * commands to the engine and remarks to its owner; the dialogue itself is in
 * the session, under hand_probe(), like every other.
 */
#ifndef UI_HAND_H
#define UI_HAND_H

#include <stdbool.h>
#include <stddef.h>

#include "diag/engine.h"

struct hand;

enum hand_say {
	HAND_SAY,		/* help, forms of an address, output of dig */
	HAND_EXPLAIN,		/* what a reply means, in one line */
	HAND_BAD		/* it could not be done, and why */
};

struct hand_hooks {
	void	*ctx;
	/* A remark, one line, escaped, in the language chosen. */
	void	(*say)(void *, enum hand_say, const char *);
	/* Another probe is spoken on, or none (key NULL). */
	void	(*probe)(void *, const char *key);
	/* A question: answer with hand_answer. secret: without echo, and never
	   into a history. */
	void	(*ask)(void *, const char *prompt, bool secret);
	/* The script goes on (hand_release, :script): leave by-hand. */
	void	(*over)(void *);
	/* Nothing is awaited any more: the next line of a script may come. */
	void	(*idle)(void *);
	/* A line of the script is held to be edited; NULL: the script cannot go
	   on behind it, what comes next is typed by hand. */
	void	(*next)(void *, const char *line);
};

/* Take over the dialogue of a probe: a running one when it is our turn, one
   that ended by connecting again. seq: replay it up to that line (0: up to
   where the first line of ours would go). key NULL: nothing is open yet.
   The engine must outlive it; the hooks are copied, members may be NULL. */
struct hand	*hand_open(struct engine *, const char *probe_key,
		    uint64_t seq, const struct hand_hooks *);
/* The next line of a running script, to be edited: NULL, and *why a word of
   engine_edit or "none". The line is offered through hooks.next. */
struct hand	*hand_open_edit(struct engine *, const char *probe_key,
		    const struct hand_hooks *, const char **why);
/* The edited line goes out in its place (as it was: the script's own); false
   after a HAND_BAD remark, and it is still to be edited. */
bool		 hand_edited(struct hand *, const char *);
/* Is a line being edited, or its reply awaited? */
bool		 hand_edits(const struct hand *);
/* Leaves the connection as it is (close it with hand_line ":close"). */
void		 hand_free(struct hand *);
/* A line typed and ended: a command of ours (":"), a dig, telnet, openssl or
   nslookup line, or a line to send. */
void		 hand_line(struct hand *, const char *);
/* Pasted text: one line like hand_line; several are asked about first. */
void		 hand_paste(struct hand *, const char *);
/* What was pasted was too long and is thrown away: say so. */
void	 hand_paste_lost(struct hand *);
/* Is a question open, and is its answer secret? */
bool		 hand_asks(const struct hand *, bool *secret);
/* The answer to it; NULL: none. The text is wiped. */
void		 hand_answer(struct hand *, char *);
/* Ctrl-]: give back to the script: 0, or -1 after a HAND_BAD remark. */
int		 hand_release(struct hand *);
/* Ctrl-C: end what runs (a question, :wait, :repeat, a look-up); false if
   nothing does. */
bool		 hand_interrupt(struct hand *);
/* Does something run that the next line of a script must wait for? */
bool		 hand_busy(const struct hand *);
/* Key of the probe spoken on; NULL: none. */
const char	*hand_probe(const struct hand *);
/* "smtp", "smtp tls" ...: what stands before the line; owned by hand. */
const char	*hand_prompt(struct hand *);
/* What may stand in place of the first point bytes of the line: a NULL-ended
   array of malloc'd whole beginnings, itself malloc'd; NULL: nothing. */
char		**hand_complete(struct hand *, const char *line, size_t point);
/* Where in a line being typed the secret begins that is not to be drawn: an
   offset in bytes, its length when there is none. */
size_t		 hand_hidden(const struct hand *, const char *line);
/* May the line go into a history? (Not with a secret in it, not while a
   secret is answered.) */
bool		 hand_memorable(const struct hand *, const char *);
/* Name of the history it belongs to: "smtp", "dns", ... "" before :open. */
const char	*hand_history(const struct hand *);
/* Addresses of names looked up: of both families (0), of 4 or of 6 only. */
void		 hand_family(struct hand *, int family);
/* Tell it every event of the engine (sinks come in the order added). */
void		 hand_event(void *hand, const struct session *,
		    const struct event *);
/* Was the last line a :login that was refused? What was to be its password
   must not be taken as a line. */
bool		 hand_no_login(const struct hand *);
/* What a script came to: 0 all met, 1 one not met, 3 no connection. */
int		 hand_status(const struct hand *);

#endif
