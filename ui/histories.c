/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Readline has one history; here several take its place in turn, so that a
 * line of one protocol, or a search, is not offered where it makes no sense.
 */
#include "ui/histories.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>

#include "base/xalloc.h"

#define LINES_MAX	500	/* of each */

struct kept {
	char		 name[32];
	HISTORY_STATE	*state;		/* NULL: it is readline's now, or
					   empty */
};

static struct kept *list;
static size_t count, current;

static size_t
find(const char *name)
{
	size_t i = 0;

	while (i < count && strncmp(list[i].name, name,
	    sizeof(list[i].name) - 1) != 0)
		i++;
	if (i < count)
		return i;
	list = xreallocarray(list, count + 1, sizeof(*list));
	memset(&list[i], 0, sizeof(list[i]));
	snprintf(list[i].name, sizeof(list[i].name), "%s", name);
	count++;
	return i;
}

void
histories_choose(const char *name)
{
	static HISTORY_STATE empty;
	bool first = count == 0;
	size_t i = find(name);

	if (!first && i != current) {
		list[current].state = history_get_history_state();
		history_set_history_state(list[i].state != NULL ?
		    list[i].state : &empty);
		free(list[i].state);
		list[i].state = NULL;
	}
	current = i;
	stifle_history(LINES_MAX);
	using_history();
}
