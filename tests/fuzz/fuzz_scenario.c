/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scenario reader, and the world it builds: any text is taken or refused
 * with a cause, and a question or two find their answer or none.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "practice/scenario.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const unsigned char	query[] = "\0\1\1\0\0\1\0\0\0\0\0\1"
	"\3www\7example\2jp\0\0\1\0\1" "\0\0\x29\4\xd0\0\0\0\0\0\0";

static void
ask(struct world *w, const struct addr *server)
{
	struct sockname		to = { *server, 53 };
	struct world_poll	p = { 0, WORLD_IN, 0 };
	char			out[2048];

	if ((p.handle = w->ops->open(w, server->family, false)) == -1)
		return;
	if (w->ops->send(w, p.handle, query, sizeof query - 1, &to) > 0 &&
	    w->ops->wait(w, &p, 1, w->ops->now(w) + 6 * NSEC_PER_SEC) > 0)
		(void)w->ops->recv(w, p.handle, out, sizeof out, NULL);
	w->ops->close(w, p.handle);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario	*s = scenario_new(1);
	char		*text = xstrndup((const char *)data, size);
	char		*cause = NULL;
	struct world	*w;
	size_t		 i;

	if (size <= 20000 && scenario_add(s, text, &cause) == 0 &&
	    (w = scenario_world(s, &cause)) != NULL) {
		for (i = 0; i < w->nhints && i < 2; i++)
			ask(w, &w->hints[i].addr);
		for (i = 0; i < w->nresolvers && i < 2; i++)
			ask(w, &w->resolvers[i]);
		world_free(w);
	}
	free(cause);
	free(text);
	scenario_free(s);
	return (0);
}
