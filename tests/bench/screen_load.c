/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide with many dialogues by hand at once, for make bench: as many
 * connections as asked for to one port of ::1, whose lines all come into the
 * session and onto the screen. screen_load PORT COUNT, in a network of its
 * own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "diag/engine_hand.h"
#include "ui/strings.h"
#include "ui/tui.h"
#include "ui/tui_act.h"

static void
open_all(struct engine *e, struct tui *t, uint16_t port, int count)
{
	struct hand_target to = { "tcp", "", { 0 }, port, 0 };
	char *id = NULL;

	addr_parse(&to.addr, "::1");
	for (int i = 0; i < count; i++) {
		const char *key = engine_open(e, &to);

		if (key == NULL) {
			fprintf(stderr, "connection %d cannot be begun\n", i);
			exit(3);
		}
		if (id == NULL)
			id = xasprintf("probe:%s", key);
	}
	if (id != NULL)
		select_go(t, id);
	free(id);
	t->focus = PANE_LIVE;
}

int
main(int argc, char **argv)
{
	struct world *w = world_kernel_new();
	struct loop *loop = loop_new(w);
	struct engine_opts opts = { .stay = true, .version = "bench" };
	struct subject subject = { .input = argv[0], .name = argv[0] };
	struct tui_opts o = { .color = true, .ambiguous = 1 };
	struct engine *e;
	struct keys keys;
	struct tui *t;
	int rc;

	if (argc != 3)
		return 64;
	strings_choose("en");
	e = engine_new(loop, &subject, &opts);
	engine_start_by_hand(e);
	keys_init(&keys);
	o.keys = &keys;
	t = tui_new(&o, loop, e, engine_session(e));
	engine_sink(e, tui_event, t);
	open_all(e, t, (uint16_t)atoi(argv[1]), atoi(argv[2]));
	rc = tui_run(t);
	tui_free(t);
	keys_free(&keys);
	engine_free(e);
	loop_free(loop);
	world_free(w);
	return rc == 0 ? 0 : 3;
}
