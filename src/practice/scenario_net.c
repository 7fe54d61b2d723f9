/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a scenario about the client's own network: its clock, its
 * families, what stands in its way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/practice.h"

void
scenario_net_fault(struct scenario *s, const struct mem_fault *f)
{
	s->net = xreallocarray(s->net, s->nnet + 1, sizeof *s->net);
	s->net[s->nnet++] = *f;
}

static int64_t
days(long y, long m, long d)
{
	long	era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return ((int64_t)era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	    719468);
}

static bool
field(const char *s, size_t at, size_t n, long min, long max, long *out)
{
	char	*part = xstrndup(s + at, n);
	bool	 good = text_number(part, min, max, out) == 0;

	free(part);
	return (good);
}

int
word_clock(struct words *w)
{
	const char	*s = words_next(w);
	long		 y, mo, d, h, mi, sec;

	if (s == NULL || strlen(s) != 20 || s[4] != '-' || s[7] != '-' ||
	    s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z' ||
	    !field(s, 0, 4, 1970, 9999, &y) || !field(s, 5, 2, 1, 12, &mo) ||
	    !field(s, 8, 2, 1, 31, &d) || !field(s, 11, 2, 0, 23, &h) ||
	    !field(s, 14, 2, 0, 59, &mi) || !field(s, 17, 2, 0, 59, &sec))
		return (words_expected(w, "YYYY-MM-DDThh:mm:ssZ"));
	w->s->clock = days(y, mo, d) * 86400 + h * 3600 + mi * 60 + sec;
	return (0);
}

/* The round trip to some is this much longer. */
static int
rtt_to(struct words *w, int64_t longer)
{
	struct addrs		 to = { NULL, 0 };
	struct mem_fault	 f = { .kind = MEM_DELAY, .delay = longer };
	int			 rc = words_addrs(w, &to, 1);
	size_t			 i;

	for (i = 0; i < to.n && rc == 0; i++) {
		f.to.addr = to.list[i];
		f.to.len = to.list[i].family == 4 ? 32 : 128;
		scenario_net_fault(w->s, &f);
	}
	free(to.list);
	return (rc);
}

int
word_rtt(struct words *w)
{
	char	least[24];
	long	ms;

	if (words_number(w, 0, 60000, &ms) == -1)
		return (-1);
	if (!words_more(w)) {
		w->s->rtt = ms * NSEC_PER_MSEC;
		return (0);
	}
	if (ms * NSEC_PER_MSEC >= w->s->rtt)
		return (rtt_to(w, ms * NSEC_PER_MSEC - w->s->rtt));
	snprintf(least, sizeof least, "%lld",
	    (long long)(w->s->rtt / NSEC_PER_MSEC));
	return (words_refuse(w, REFUSAL_RTT_LEAST, least));
}

int
word_vantage(struct words *w)
{
	w->s->v4 = words_is(w, "v4");
	w->s->v6 = words_is(w, "v6");
	return (0);
}

int
word_source(struct words *w)
{
	return (words_addrs(w, &w->s->sources, 1));
}

int
words_family(struct words *w, int *family)
{
	if (words_is(w, "v4"))
		*family = 4;
	else if (words_is(w, "v6"))
		*family = 6;
	else {
		words_next(w);
		return (words_expected(w, "v4|v6"));
	}
	return (0);
}

int
word_closed(struct words *w)
{
	struct mem_fault	f = { .near = true };

	if (words_family(w, &f.to.addr.family) == -1 ||
	    words_net_action(w, &f) == -1)
		return (-1);
	scenario_net_fault(w->s, &f);
	return (0);
}

int
word_block(struct words *w)
{
	struct mem_fault	f = { .near = true, .kind = MEM_SILENT };
	long			port;

	if (!words_is(w, "port")) {
		words_next(w);
		return (words_expected(w, "port"));
	}
	if (words_number(w, 1, 65535, &port) == -1 || (words_more(w) &&
	    words_family(w, &f.to.addr.family) == -1))
		return (-1);
	f.port = (uint16_t)port;
	scenario_net_fault(w->s, &f);
	return (0);
}

int
word_intercept(struct words *w)
{
	w->s->intercept = true;
	return (0);
}

int
word_global(struct words *w)
{
	struct prefix	 p;
	const char	*s;
	char		 most[32];

	w->s->global_set = true;
	if (words_is(w, "none"))
		return (0);
	do {
		if ((s = words_next(w)) == NULL || prefix_parse(&p, s) == -1)
			return (words_expected(w, "PREFIX"));
		if (w->s->nglobal == WORLD_PREFIXES) {
			snprintf(most, sizeof most, "%d PREFIX",
			    WORLD_PREFIXES);
			return (words_refuse(w, REFUSAL_AT_MOST, most));
		}
		w->s->global = xreallocarray(w->s->global, w->s->nglobal + 1,
		    sizeof *w->s->global);
		w->s->global[w->s->nglobal++] = p;
	} while (words_more(w));
	return (0);
}

int
word_host(struct words *w)
{
	return (words_addrs(w, &w->s->hosts, 1));
}
