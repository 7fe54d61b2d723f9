/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small Internet as lines of text: root, TLDs, customers' zones, servers,
 * services and faults, all declared as data. See scenario.c for the words.
 */
#ifndef PRACTICE_SCENARIO_H
#define PRACTICE_SCENARIO_H

#include "practice/refusal.h"
#include "practice/world_memory.h"

struct scenario;

struct scenario	*scenario_new(uint64_t seed);
/* Take one declaration (a line, or several parted by newlines): 0, or -1 and
   why (refusal_free in both cases; may be NULL), lines counted from the
   beginning of text. Zones, servers and delegations are fixed by the first
   scenario_world; faults and sites may still be added after it. */
int		 scenario_add(struct scenario *, const char *text,
		    struct refusal *why);
/* The UTC second at which its worlds begin, whatever "clock" says. */
void		 scenario_clock(struct scenario *, int64_t utc);
/* Build the world: peers listening, hints, resolvers, CA set. The scenario
   must outlive the world. */
struct world	*scenario_world(struct scenario *);
void		 scenario_free(struct scenario *);

#endif
