/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in an alert, a bounce, a log line or a customer's words: what to
 * diagnose, which endpoint it is about, and the step to begin with.
 */
#ifndef DIAG_ALERT_H
#define DIAG_ALERT_H

#include <jansson.h>
#include <stdbool.h>

#include "diag/session.h"

#define ALERT_MAX (128u * 1024)	/* bytes of a text that are read */

enum alert_class { ALERT_NONE, ALERT_TIMEOUT, ALERT_REFUSED,
	ALERT_UNREACHABLE, ALERT_CLOSED, ALERT_NO_NAME, ALERT_TRY_AGAIN,
	ALERT_NO_ANSWER, ALERT_LAME, ALERT_TRANSFER, ALERT_DNSSEC,
	ALERT_NULL_MX, ALERT_LOOP, ALERT_TLS, ALERT_CERT, ALERT_CONTENT,
	ALERT_GREETING, ALERT_LATER, ALERT_REJECTED, ALERT_POLICY, ALERT_LOSS,
	ALERT_DOWN, ALERT_SLOW, ALERT_UNSTABLE, ALERT_WORDS, ALERT_CLASSES };

struct alert {
	const char	*source;	/* "nagios" "postfix" .. "text" */
	enum alert_class class;
	enum step_id	 step;		/* to begin with */
	bool		 recognised;	/* of a kind known, step built */
	char		*subject;	/* for subject_parse; NULL: no domain */
	char		*host;		/* a short name instead, or NULL */
	struct endpoint	 ep;		/* members not told are left out */
	int		 family;	/* 4, 6, or 0: not told */
	char		*recipient;	/* mail address, or NULL */
	char		*when;		/* as written, or NULL */
};

/* Read n bytes of whatever was pasted (JSON, a mail, log lines, words in
   English or Japanese; UTF-8, ISO-2022-JP, EUC-JP, Shift_JIS). Never fails:
   what was not found is left out. alert_free ends it. */
void	 alert_parse(struct alert *, const char *, size_t n);
void	 alert_free(struct alert *);
/* "timeout" "refused" ..; "" for ALERT_NONE. */
const char *alert_class_word(enum alert_class);
/* The object `alert' of the session event; a new reference. */
json_t	*alert_json(const struct alert *);

#endif
