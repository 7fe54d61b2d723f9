/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of time-outs, in milliseconds, and its scaling by --timeout.
 */
#include "base/limits.h"

#define SCALED(ms) ((int64_t)((ms) * (double)NSEC_PER_MSEC * scale))

void
timeouts_init(struct timeouts *t, double scale)
{
	t->udp_interval = SCALED(1000);
	t->udp_tries = 3;
	t->udp_total = SCALED(3000);
	t->recheck = SCALED(1000);
	t->hedge = SCALED(400);
	t->connect = SCALED(4000);
	t->connect_gap = SCALED(1100);
	t->tcp_reply = SCALED(4000);
	t->tls = SCALED(8000);
	t->banner = SCALED(60000);
	t->reply = SCALED(15000);
	t->http = SCALED(15000);
	t->quit = SCALED(1000);
	t->resolver = SCALED(6000);
	t->probe = SCALED(85000);
}
