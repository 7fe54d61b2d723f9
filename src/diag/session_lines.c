/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines in memory: all that a line takes is counted, its own record and what
 * is said about it too, so that a flood of small ones is bounded like one of
 * large ones. A dialogue keeps the first and last half of its limit and counts
 * the gap; it grows past the limit by a share of it before anything is moved,
 * so that the work for a line does not depend on how many are kept. Facts, by
 * which it is judged, have room left when lines have none any more.
 */
#include "diag/session_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/xalloc.h"

#define OVERHEAD	32	/* of the C library, for what one line takes */
#define SHARE		(LIMIT_DIALOGUE / 8)
#define CHUNK		64	/* lines the array grows by */

static void
line_clear(struct sline *l)
{
	free(l->data);
	json_decref(l->body);
}

void
session_lines_free(struct sprobe *p)
{
	for (size_t i = 0; i < p->nlines; i++)
		line_clear(&p->lines[i]);
	free(p->lines);
}

/* One more is dropped: behind the lines there are if it is the first. */
static void
drop(struct session *s, struct sprobe *p)
{
	if (p->dropped++ == 0)
		p->head = p->nlines;
	s->dropped = true;
}

/* How many lines the first half of the limit holds. */
static size_t
first_half(const struct sprobe *p)
{
	size_t n = 0, bytes = 0;

	while (n < p->nlines &&
	    (bytes += p->lines[n].cost) < LIMIT_DIALOGUE / 2)
		n++;
	return n;
}

/* The first half stays, of the second the newest lines. */
static void
trim(struct session *s, struct sprobe *p)
{
	size_t end;

	if (p->bytes <= LIMIT_DIALOGUE)
		return;
	if (p->dropped == 0)
		p->head = first_half(p);
	for (end = p->head; end + 1 < p->nlines &&
	    p->bytes > LIMIT_DIALOGUE - SHARE; end++) {
		p->bytes -= p->lines[end].cost;
		s->bytes -= p->lines[end].cost;
		line_clear(&p->lines[end]);
	}
	memmove(&p->lines[p->head], &p->lines[end],
	    (p->nlines - end) * sizeof *p->lines);
	p->dropped += end - p->head;
	p->nlines -= end - p->head;
}

static struct sline *
line_new(struct sprobe *p)
{
	struct sline *l;

	if (p->nlines % CHUNK == 0)
		p->lines = xreallocarray(p->lines, p->nlines + CHUNK,
		    sizeof *p->lines);
	l = &p->lines[p->nlines++];
	memset(l, 0, sizeof *l);
	return l;
}

static void
line_fill(struct sline *l, const struct event *ev)
{
	l->seq = ev->seq;
	l->us = ev->us;
	l->attempt = ev->attempt;
	l->dir = ev->dir;
	l->tls = ev->tls;
	l->dns = ev->dns;
	l->len = ev->len;
	l->full = ev->full;
	if (ev->data != NULL) {
		l->data = xmalloc(ev->len + 1);
		memcpy(l->data, ev->data, ev->len);
		l->data[ev->len] = '\0';
	}
	l->body = ev->body == NULL ? NULL : json_deep_copy(ev->body);
}

size_t
session_fact_cost(const json_t *body)
{
	return sizeof(struct sfact) + OVERHEAD + strlen(json_str(body,
	    "key")) + 1 + json_weight(json_object_get(body, "value"));
}

void
session_line(struct session *s, struct sprobe *p, const struct event *ev)
{
	size_t cost = sizeof(struct sline) + OVERHEAD + ev->len + 1 +
	    json_weight(ev->body);
	struct sline *l;

	if (s->bytes + cost > LIMIT_SESSION - LIMIT_FACTS) {
		drop(s, p);
		return;
	}
	l = line_new(p);
	line_fill(l, ev);
	l->cost = cost;
	p->bytes += cost;
	s->bytes += cost;
	trim(s, p);
}
