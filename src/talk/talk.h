/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dialogue with one endpoint, without a screen: what a probe of a service
 * is made of. It gives lines and facts to its owner and ends once.
 */
#ifndef TALK_TALK_H
#define TALK_TALK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"
#include "base/loop.h"
#include "talk/track.h"

/* The markers of interface.md: what a line is. */
enum talk_dir {
	TALK_INFO,	/* === about the connection */
	TALK_SENT,	/*  -> (~> inside TLS) */
	TALK_RECEIVED,	/* <-  (<~) */
	TALK_UNEXPECTED,/* <** (<~*) */
	TALK_HAND,	/*  +> typed by hand */
	TALK_OURS	/* *** our own failure */
};

struct talk_line {
	enum talk_dir	 dir;
	bool		 tls;
	const void	*data;		/* bytes without line end; may be NULL */
	size_t		 len, full;	/* full > len: cut */
	const char	*key;		/* INFO, OURS: string key of the sentence,
					   e.g. "trying" "connected" "tls"
					   "closed" "timeout"; else NULL */
	json_t		*args;		/* INFO, OURS: its arguments; borrowed */
	int64_t		 at;		/* loop_now */
};

struct talk_hooks {
	void	 *ctx;
	void	(*line)(void *, int attempt, const struct talk_line *);
	/* value: a new reference, taken over by the hook. */
	void	(*fact)(void *, int attempt, const char *key, json_t *value);
	/* Another connection of this probe begins (2, 3, ...) or ended. */
	void	(*attempt)(void *, int attempt, bool ended);
	/* The last call; the owner calls talk_free from its own timer or from
	   within. word: outcome (net_cause_word or "ok"). */
	void	(*done)(void *, const char *word);
};

enum talk_tls { TALK_PLAIN, TALK_STARTTLS, TALK_IMPLICIT };

struct secrets;

struct talk_params {
	struct loop		*loop;
	const struct timeouts	*timeouts;
	struct sockname		 to;
	const char		*name;	/* Host, SNI, certificate name */
	enum talk_tls		 tls;
	int			 tries;	/* --tries: connections wanted */
	const char		*path;	/* HTTP: "/"; NULL = "/" */
	const char		*agent;	/* HTTP User-Agent */
	const char		*helo;	/* SMTP: name or address literal */
	const char		*mail_from; /* NULL or rcpt NULL: EHLO, QUIT */
	const char		*rcpt;
	/* An account: log in, inside TLS only. NULL: no login. The password
	   is in no line and no fact. */
	const char		*login, *password;
	/* What was typed by hand in this run and is hidden wherever it comes
	   back (talk/secrets.h); outlives the talk. NULL: none. */
	struct secrets		*secrets;
	bool			 unverified;	/* though the certificate does
						   not verify */
	/* SMTP: consent to send a mail with this token; POP3, IMAP: look for
	   mail whose token begins so. NULL: neither. */
	const char		*token;
	/* A hand takes over before own line number hold of the dialogue (from
	   1; 0: none does). */
	int			 hold;
	bool			 clean;		/* delete what bears it */
};

struct talk;

/*
 * Facts, by key (attempt from 1):
 * "connect" every attempt: {"ok":bool,"round":1|2,"start":s since the probe
 *   began,"ms":n,"local":addr,"retransmits":n, and json_net_error members
 *   when it failed; cause "interrupted" says nothing}
 * "tls" see net/tls.h (attempt 1; a lax one follows a failure with "lax");
 *   a handshake that ended without a word of TLS has "cause" too
 * HTTP: "http" {"status":200,"version":"1.1","reason":..,"location":..,
 *   "server":..,"type":..,"headers":n,"body":bytes,"complete":bool,"ms":..,
 *   "title":..}; "garbled" {"why":word (http.h)}; "stalled" {"bytes":n,
 *   "where":"status"|"headers"|"body"}
 *   "autoconfig" {"servers":[..]}: autoconfig.h, of its paths only
 * SMTP: "reply" per command {"verb":"banner"|"EHLO"|"HELO"|"STARTTLS"|"MAIL"
 *   |"RCPT"|"RSET"|"QUIT","tls":bool,"code":250,"enhanced":"2.1.0",
 *   "text":first line,"all":texts of all lines,"lines":n,"ms":n};
 *   "caps" {"tls":bool,"list":[..]};
 *   "garbled" {"why":word (smtp.h, or "unasked"),"verb":..};
 *   "injected" {"bytes":n};
 *   "silent" {"verb":..,"ms":n} no reply in time; "closed" {"verb":..}
 *   The lax attempt gives no fact but connect and tls.
 *   "login" {"ok":bool,"method":word,"code":335|"AUTH"|..,"reply":text} or
 *   {"ok":false,"why":"no-tls"|"unverified"|"no-method"}: not tried;
 *   "sent" {"token":..,"code":250,"reply":text}
 * POP3, IMAP: "reply" per command {"verb":"banner"|"CAPA"|"STLS"|"LOGIN"|..,
 *   "tls":bool,"status":"OK"|"ERR"|"NO"|"BAD"|"BYE"|"PREAUTH","code":"AUTH",
 *   "text":..,"lines":n,"ms":n}; caps, garbled, injected, silent, closed,
 *   login as SMTP; "bye" {"text":..}; "found" {"token":..,"route":[texts of
 *   Received]}; "deleted" {"token":..}; "searched" {"messages":n}
 * both: "limit" {"what":"line"|"headers"|"lines"|"body"|"reply"|"probe",
 *   "at":n} something was cut off: what came after is unknown.
 * Keys of INFO lines: trying {addr,port} connected {ms} tls {version,cipher,
 *   name,not_after} tls-failed {error} closed refused {} or {icmp,sender}
 *   timeout {s}
 *   unreachable {icmp,sender} prohibited {icmp,sender} stalled {bytes}
 *   body {bytes} autoconfig {type,host,port,tls} limit {what} injected {bytes}
 *   lost {n: SYNs sent again};
 *   interrupted; keys of OURS lines: local {error} no-family.
 */
struct talk	*http_start(const struct talk_params *,
		    const struct talk_hooks *);
struct talk	*smtp_start(const struct talk_params *,
		    const struct talk_hooks *);
struct talk	*pop3_start(const struct talk_params *,
		    const struct talk_hooks *);
struct talk	*imap_start(const struct talk_params *,
		    const struct talk_hooks *);
/*
 * By hand. hand_start connects once (and does the handshake where tls is
 * TALK_IMPLICIT) and is held from then on; a script is taken over by talk_hold
 * when it is our turn to speak: an INFO line "held" and a fact "hand" {} tell
 * of it, and what follows gives facts "by-hand" {"key","value"} only, since
 * that attempt does not count. While held, deadlines stand still and lines
 * typed are TALK_HAND. INFO keys: held released by-hand-closed; limit of what
 * may be received: fact "by-hand" limit.
 */
struct talk	*hand_start(const struct talk_params *, enum track_proto,
		    const struct talk_hooks *);
void		 talk_hold(struct talk *);
bool		 talk_held(const struct talk *);
/* Send a line with CRLF, or raw bytes as they are: 0, or -1 when not held or
   in a handshake. Secret parts are redacted by what the tracker knows. */
int		 talk_say(struct talk *, const void *, size_t, bool raw);
/* Ask for TLS in the protocol's words (plain lines: shake hands at once): 0,
   or -1 when there is none to be had here. */
int		 talk_starttls(struct talk *);
/*
 * The script's next line, edited before it goes out: talk_edit holds the
 * script at its next line that has no secret in it (INFO "edit-held"; nothing
 * times out meanwhile), which talk_next_line then gives, and talk_say_next
 * sends another one in its place. From then on it is by hand (fact "hand") and
 * the script goes on behind the reply (INFO "released") or stays in our hands
 * (INFO "edit-kept" {why: as talk_release}). The same line, or talk_release,
 * sends it as the script would (INFO "edit-left"), and the attempt counts.
 */
/* 0, or -1 when no line of a script is to come. */
int		 talk_edit(struct talk *);
/* malloc'd, without CRLF; NULL while none is held. */
char		*talk_next_line(struct talk *);
/* 0, or -1 while none is held. */
int		 talk_say_next(struct talk *, const char *);
/* Close the connection now. */
void		 talk_close(struct talk *);
/* Give back to the script: NULL, or why not: no-script, mid-line, reply-due,
   content, secret, gone, begun (the request), recipient (of a mail nobody
   consented to), state. */
const char	*talk_release(struct talk *);
/* Where the dialogue stands; owned by the talk, changes. */
const struct track *talk_track(const struct talk *);
/* First call: end politely within 1 s (QUIT); second: drop at once. */
void		 talk_cancel(struct talk *);
void		 talk_free(struct talk *);
/* Where the secret part of a line of HTTP, SMTP, POP3 or IMAP begins (AUTH,
   PASS, APOP, LOGIN, AUTHENTICATE, Authorization, Cookie, Set-Cookie): its
   offset, n when there is none. answer: the line answers a challenge of AUTH
   and is secret but for "*". */
size_t		 talk_secret(const void *line, size_t n, bool answer);
/* The same of a line of HTTP's header fields, and of nothing else; *inside: a
   secret field goes on where a line begins with a blank (RFC 9112 5.2), before
   it and after it. */
size_t		 talk_secret_field(const void *line, size_t n, bool *inside);
/* That line with its secret part replaced, as talk_redact. */
char		*talk_redact_field(const void *line, size_t n, bool *inside);
/* The line with its secret part replaced by asterisks, as it may be shown
   and stored; the caller frees. NULL when nothing in it is secret. */
char		*talk_redact(const void *line, size_t n, bool answer);

#endif
