/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A memory world at the pace of the clock on the wall, so that the waits of a
 * diagnosis are felt: virtual time goes on only as far as real time has gone,
 * and between its events the descriptors of the terminal are looked at.
 */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "base/world_pace.h"

#define SLICE_MS	5
#define REAL		16

static const struct world_ops	*inner;
static struct world_ops		 paced;
static int64_t			 began_real, began_virtual;
static int			 first_virtual;

static int64_t
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

/* Descriptors of this process that are ready: how many, -1 with errno. */
static int
real_ready(struct world_poll *polls, size_t n, int ms)
{
	struct pollfd fds[REAL];
	size_t i, k = 0, at[REAL];
	int ready;

	for (i = 0; i < n && k < REAL; i++)
		if (polls[i].handle < first_virtual) {
			fds[k].fd = polls[i].handle;
			fds[k].events = POLLIN;
			fds[k].revents = 0;
			at[k++] = i;
		}
	ready = poll(fds, k, ms);
	for (i = 0; ready > 0 && i < k; i++) {
		polls[at[i]].got = 0;
		if ((fds[i].revents & (POLLIN | POLLHUP)) != 0)
			polls[at[i]].got |= WORLD_IN;
		if ((fds[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
			polls[at[i]].got |= WORLD_ERR;
	}
	return ready;
}

static int
paced_wait(struct world *w, struct world_poll *polls, size_t n, int64_t until)
{
	int64_t to;
	int count, real;

	for (;;) {
		to = began_virtual + clock_now() - began_real;
		to = to < until ? to : until;
		if (to < inner->now(w))
			to = inner->now(w);
		count = inner->wait(w, polls, n, to);
		real = real_ready(polls, n, count > 0 || to >= until ? 0 :
		    SLICE_MS);
		if (real < 0 && errno == EINTR)
			return -1;
		real = real > 0 ? real : 0;
		count = count > 0 ? count : 0;
		if (count + real > 0 || to >= until)
			return count + real;
	}
}

void
world_pace(struct world *w, int virtual)
{
	inner = w->ops;
	paced = *inner;
	paced.wait = paced_wait;
	w->ops = &paced;
	first_virtual = virtual;
	began_virtual = inner->now(w);
	began_real = clock_now();
}
