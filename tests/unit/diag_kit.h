/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses in the memory world: a sound domain with names and addresses
 * drawn from a seed, changed by declarations (the words of scenario.c), and
 * the exact set of findings expected of it.
 *
 * A case is a text of lines:
 *   WORD ...          a declaration added to the sound domain
 *   ! TEXT            lines of the sound domain that contain TEXT are left out
 *   @ OPTION VALUE    subject NAME | rcpt A | host NAME | helo NAME | no-v4 |
 *                     mailbox A | password P | login N | mail-host H |
 *                     send-mail | wait S | read-only |
 *                     no-v6 | tries N | skip STEP | no-resolver | empty (not
 *                     the sound domain but nothing is the base)
 *   > LEVEL ID NAME ADDR SERVICE [masked] [partial] [intermittent]
 *     [side=SIDE] [qname=NAME]
 *       expected; NAME, ADDR, SERVICE "-" when left out; SERVICE is
 *       dns http https smtp, or SERVICE:PORT. fact and notice lines must
 *       appear too, but others of these levels may.
 *   = VERDICT         verdict of the whole (ok notice warning error unknown)
 *   ~ ID              must not appear
 *   * ID              may appear, any number of times
 *   + VERDICT NAME ADDR SERVICE   a cell of the matrix; or
 *   + VERDICT all SERVICE v4|v6   every such cell, at least one
 * {VAR} is replaced by what was drawn: {d} domain, {tld}, {ns1} {ns2} {www}
 * {mx1} {mx2}, {ns1.4} {ns1.6} ... {web1.4} {web2.6} {mx1.4} .., {res.4},
 * {root1} {root1.4} {tld1} {tld1.4} .., {x1.4}..{x9.6} spare addresses,
 * {n1}..{n9} spare labels, {other} another domain not in the base.
 */
#ifndef DIAG_KIT_H
#define DIAG_KIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "diag/engine.h"
#include "practice/scenario.h"

struct kit_case {
	const char	*name;
	const char	*text;
};

struct kit_run {
	struct scenario		*scenario;
	struct world		*world;
	struct loop		*loop;
	struct subject		 subject;
	struct engine_opts	 opts;
	struct engine		*engine;
	char			*log;		/* every event as a JSON line */
	size_t			 log_len;
	struct buf		 events;	/* the log while it grows */
	int64_t			 began;		/* of the loop's clock */
	/* Called after each event; NULL: nobody watches. */
	void			(*watch)(struct kit_run *,
				    const struct session *,
				    const struct event *);
	void			*watcher;
	int64_t			 took;		/* virtual ns */
	struct memory_stats	 stats;
	char			**vars;		/* name, value, name, value */
	size_t			 nvars;
	char			*texts[8];
	size_t			 ntexts;
};

/* Run a case without judging; seed 0: the run's own (printed on failure). */
void	 kit_run(struct kit_run *, const char *text, uint64_t seed);
/* The same in two parts: everything built, then run to the end. */
void	 kit_start(struct kit_run *, const char *text, uint64_t seed);
void	 kit_finish(struct kit_run *);
void	 kit_free(struct kit_run *);
/* Run it, compare with its expectations, log appearances, check invariants
   (replay folds to the same end, nothing unescaped, no id the sound twin
   has). Fails the cmocka test with a readable difference. */
void	 kit_check(const struct kit_case *);
/* The engine stays after its end (engine_opts.stay), for kit_start. */
extern bool kit_stay;
/* More to look at in kit_check: called before the run begins and after;
   adds lines to out for what is wrong. */
extern void (*kit_before)(struct kit_run *);
extern void (*kit_after)(const struct kit_run *, const struct kit_case *,
	    struct buf *out);
/* The value of a variable. */
const char *kit_var(const struct kit_run *, const char *name);
/* The seed of this program: TADORU_SEED or drawn; printed on failure. */
uint64_t kit_seed(void);
/* cmocka group of an array of cases; returns failures. */
int	 kit_group(const char *name, const struct kit_case *, size_t n);

#endif
