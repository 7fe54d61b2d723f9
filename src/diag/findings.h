/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of steps and findings (steps.def, findings.def) and the words
   for verdicts, sides and flags that appear in JSON. */
#ifndef DIAG_FINDINGS_H
#define DIAG_FINDINGS_H

#include <stddef.h>

enum step_id {
#define STEP(name, id, built) STEP_##name,
#include "diag/steps.def"
#undef STEP
	STEP_COUNT
};

enum finding_id {
#define FINDING(name, id, step, level, side, who, args) F_##name,
#include "diag/findings.def"
#undef FINDING
	F_COUNT
};

/* Ordered so that a larger number is worse among OK .. ERROR. */
enum verdict { VERDICT_NONE, VERDICT_FACT, VERDICT_NOT_OFFERED,
	VERDICT_NOT_ASKED, VERDICT_OK, VERDICT_NOTICE, VERDICT_UNKNOWN,
	VERDICT_WARNING, VERDICT_ERROR };

enum side { SIDE_DOMAIN, SIDE_HERE, SIDE_PATH, SIDE_RESOLVER };

#define FLAG_MASKED		1u
#define FLAG_PARTIAL		2u
#define FLAG_INTERMITTENT	4u

struct finding_row {
	const char	*id;
	enum step_id	 step;
	enum verdict	 level;		/* the usual one */
	enum side	 side;
	const char	*who;		/* who must act: a word */
	const char	*args;		/* names, parted by spaces */
};

struct step_row {
	const char	*id;
	int		 built;		/* 0: listed, never asked */
};

extern const struct finding_row finding_rows[F_COUNT];
extern const struct step_row step_rows[STEP_COUNT];

/* Word of JSON: "ok" "notice" "warning" "error" "unknown" "not-offered"
   "not-asked" "fact". Parsers give -1 for what is none. */
const char *verdict_word(enum verdict);
int	 verdict_parse(const char *);
const char *side_word(enum side);
int	 side_parse(const char *);
int	 step_parse(const char *id);	/* -1: no such step */
int	 finding_parse(const char *id);
/* The step a finding shows at: its row's, but connections, TLS and replies of a
   mail service (proto of its endpoint) belong to that service's step. */
enum step_id finding_step(enum finding_id, const char *proto);

#endif
