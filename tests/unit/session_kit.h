/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions made of event lines, without an engine, a world or a clock: what
 * the model wants is answered out of a table, as JSON text that is folded,
 * until nothing more is wanted. So a rule is tested by what is known alone.
 *
 * A text is of lines, the first that matches a wanted probe wins; those of a
 * row stand before those of the sound domain d.test (session_kit.c):
 *   KEY-PATTERN => RESULT    (fnmatch over the probe's key)
 *   KEY-PATTERN +> RESULT    (the pattern's own result, and the ground's
 *                             facts after it)
 *   head MEMBER JSON         a member of the session event, "options.MEMBER"
 *                            and so on
 * RESULT of a question: a message (wire_kit.h, qr first; its own question is
 * added; "qr sent=2": the second datagram was answered, "qr broken": cut off
 * at the end), or "OUTCOME JSON" with the fact "exchange"; "running" begins
 * and does not end.
 * RESULT of a dialogue: "OUTCOME; KEY JSON; KEY JSON ..." facts of attempt 1.
 * In JSON ' stands for ".
 */
#ifndef UNIT_SESSION_KIT_H
#define UNIT_SESSION_KIT_H

#include "diag/judge.h"
#include "diag/session.h"

struct session_row {
	const char	*name;
	const char	*text;
	const char	*expected;	/* findings, sorted, each "LEVEL ID NAME
					   ADDR SERVICE FLAGS side=" a line */
};

/* The epoch of every such session: certificates count from it. */
#define SESSION_EPOCH	1795000000

/* Build it; the caller frees. All findings are in it, as an engine would have
   emitted them. */
struct session	*session_of(const char *name, const char *text);
/* Run the rows and compare; fails the cmocka test. */
void		 session_rows(const struct session_row *, size_t n);
/* "LEVEL ID NAME ADDR SERVICE FLAGS" of a finding; caller frees. */
char		*session_signature(const struct finding *);

#endif
