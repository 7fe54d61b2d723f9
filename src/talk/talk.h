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
 * SMTP: "reply" per command {"verb":"banner"|"EHLO"|"HELO"|"STARTTLS"|"MAIL"
 *   |"RCPT"|"RSET"|"QUIT","tls":bool,"code":250,"enhanced":"2.1.0",
 *   "text":first line,"all":texts of all lines,"lines":n,"ms":n};
 *   "caps" {"tls":bool,"list":[..]};
 *   "garbled" {"why":word (smtp.h, or "unasked"),"verb":..};
 *   "injected" {"bytes":n};
 *   "silent" {"verb":..,"ms":n} no reply in time; "closed" {"verb":..}
 *   The lax attempt gives no fact but connect and tls.
 * both: "limit" {"what":"line"|"headers"|"lines"|"body"|"reply"|"probe",
 *   "at":n} something was cut off: what came after is unknown.
 * Keys of INFO lines: trying {addr,port} connected {ms} tls {version,cipher,
 *   name,not_after} tls-failed {error} closed refused {} or {icmp,sender}
 *   timeout {s}
 *   unreachable {icmp,sender} prohibited {icmp,sender} stalled {bytes}
 *   body {bytes} limit {what} injected {bytes} lost {n: SYNs sent again};
 *   interrupted; keys of OURS lines: local {error} no-family.
 */
struct talk	*http_start(const struct talk_params *,
		    const struct talk_hooks *);
struct talk	*smtp_start(const struct talk_params *,
		    const struct talk_hooks *);
/* First call: end politely within 1 s (QUIT); second: drop at once. */
void		 talk_cancel(struct talk *);
void		 talk_free(struct talk *);
/* Where the secret part of a line of HTTP, SMTP, POP3 or IMAP begins (AUTH,
   PASS, APOP, LOGIN, AUTHENTICATE, Authorization, Cookie, Set-Cookie): its
   offset, n when there is none. answer: the line answers a challenge of AUTH
   and is secret but for "*". */
size_t		 talk_secret(const void *line, size_t n, bool answer);
/* The line with its secret part replaced by asterisks, as it may be shown
   and stored; the caller frees. NULL when nothing in it is secret. */
char		*talk_redact(const void *line, size_t n, bool answer);

#endif
