/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a session stands, whatever the protocol, from the lines of both
 * directions alone: for redaction, completion, and giving back to a script.
 */
#ifndef TALK_TRACK_H
#define TALK_TRACK_H

#include <stdbool.h>
#include <stddef.h>

enum track_proto { TRACK_LINES, TRACK_HTTP, TRACK_SMTP, TRACK_POP3,
	TRACK_IMAP };

struct track;

struct track	*track_new(enum track_proto);
void		 track_free(struct track *);
/* The protocol of a repl URL's word ("smtps", "https" ...), TRACK_LINES for
   what has no tracker. */
enum track_proto track_proto(const char *word);
enum track_proto track_which(const struct track *);
/* A whole line went out, without CRLF. */
void		 track_sent(struct track *, const void *, size_t);
/* A line came in: false if nobody asked for it. full: its length as it came,
   without its end of eol bytes; literals of IMAP count both. */
bool		 track_received(struct track *, const void *, size_t,
		    size_t full, size_t eol);
/* The handshake ended well. */
void		 track_tls(struct track *);
/* Where the secret part of a line begins that goes out now; n: none. */
size_t		 track_secret(const struct track *, const void *, size_t n);
/* A line that came, with what is secret of it hidden (fields of HTTP, not of
   a page), which may go on in the next one; malloc'd, NULL: nothing is. */
char		*track_heard(struct track *, const void *, size_t n);
/* The server is ready for the handshake. */
bool		 track_tls_due(const struct track *);
/* Everything sent was answered: it is our turn. */
bool		 track_our_turn(const struct track *);
/* Lines that go out are content (DATA, a body), no commands. */
bool		 track_content(const struct track *);
/* It awaits the answer to a challenge of AUTH, or of what else asked for one
   in the words of these protocols, expected or not. */
bool		 track_answers(const struct track *);
/* Goodbye or 421 was said. */
bool		 track_gone(const struct track *);
bool		 track_in_tls(const struct track *);
/* The state in a word of the protocol: "greeted" "ready" "mail" ... */
const char	*track_state(const struct track *);
/* The same as a bit, of enum smtp_state, pop3_state, imap_state; others: 0. */
unsigned	 track_at(const struct track *);
/* Did the server offer this (EHLO, CAPA, CAPABILITY), as a whole line or its
   first word? */
bool		 track_offers(const struct track *, const char *);
/* Did it offer TLS, where there is none yet? */
bool		 track_offers_tls(const struct track *);
/* Line number i of what it offered; NULL behind the last. */
const char	*track_offered(const struct track *, size_t i);
/* The same of a word behind the first of a line: "PLAIN" of "AUTH". */
bool		 track_offers_word(const struct track *, const char *,
		    const char *word);
/* A challenge of AUTH came and is to be answered. */
bool		 track_challenged(const struct track *);
/* Lines that may be typed now and begin like the n bytes given, case ignored:
   a NULL-ended array of malloc'd strings, itself malloc'd, sorted; NULL:
   none. Only verbs of this state, only what this server offered, and of that
   only words of printable ASCII. */
char		**track_complete(const struct track *, const char *, size_t n);
/* The line that starts TLS ("STARTTLS", "STLS", "a3 STARTTLS") or says
   goodbye; malloc'd, NULL: the protocol has none, or goodbye would do more
   than leave: QUIT of POP3 deletes what was marked (RFC 1939 6). */
char		*track_starttls(const struct track *);
char		*track_goodbye(const struct track *);
/* The next tag of IMAP ("a3"), out has room for 16. */
const char	*track_tag(const struct track *, char *out);

#endif
