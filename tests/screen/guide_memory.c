/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide on this terminal and a small Internet in memory, whose time goes
 * as the clock on the wall: to try the guide by hand, and for tests that need
 * a real terminal. guide_memory [-s] [-l LANG] [-a 1|2] [-c] [FILE]: FILE has
 * declarations as in tests/unit/diag_kit.h; without it some faults. With -x it
 * aborts after half a second, with -O its stack is full then.
 * guide_memory [-f FILE] -r ARG...: tadoru's own command line ARG..., in that
 * Internet; {d}, {mx1.6} .. in it are what was drawn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/world_pace.h"
#include "base/xalloc.h"
#include "practice/world_memory.h"
#include "tests/unit/diag_kit.h"
#include "tests/unit/fault_kit.h"
#include "ui/report.h"
#include "ui/run.h"
#include "ui/strings.h"
#include "ui/tui.h"

static char *
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	char *text = xcalloc(1, 65536);

	if (f == NULL || fread(text, 1, 65535, f) == 0) {
		fprintf(stderr, "%s: cannot be read\n", name);
		exit(64);
	}
	fclose(f);
	return text;
}

static const char faults[] = "fault net {ns1.6} silent\n"
    "fault net {web2.6} silent\nfault net {mx1.6} refused\n";

/* {NAME}s replaced. */
static char *
filled(const struct kit_run *r, const char *in)
{
	struct buf b;

	buf_init(&b, 0);
	while (*in != '\0') {
		const char *end = *in == '{' ? strchr(in, '}') : NULL;
		char *name = end == NULL ? NULL : xstrndup(in + 1,
		    (size_t)(end - in) - 1);

		if (name != NULL) {
			buf_adds(&b, kit_var(r, name));
			in = end + 1;
		} else
			buf_addc(&b, *in++);
		free(name);
	}
	return buf_steal(&b);
}

static int
dispatch(const struct options *o, struct out *out)
{
	switch (o->command) {
	case CMD_SUBJECT:
	case CMD_CHECK:
		return run_check(o, out);
	case CMD_ALERT:
		return alert_run(o, out);
	case CMD_REPLAY:
		return replay_run(o, out);
	default:
		return 64;
	}
}

/* The program as it is, but for the world it works in. */
static int
whole(const char *text, int argc, char **argv)
{
	char *all[32] = { argv[0] };
	struct options o;
	struct kit_run r;
	struct out out;
	int i, rc = 64;

	kit_start(&r, text, 7);
	world_pace(r.world, memory_first_handle());
	for (i = 0; i < argc && i < 30; i++)
		all[i + 1] = filled(&r, argv[i]);
	if (options_parse(&o, i + 1, all) == 0) {
		o.world = r.world;
		out_stdout(&out, !o.no_color, o.ambiguous);
		rc = dispatch(&o, &out);
		out_close(&out);
	}
	options_free(&o);
	while (i > 0)
		free(all[i--]);
	buf_free(&r.events);
	kit_free(&r);
	return rc;
}

int
main(int argc, char **argv)
{
	struct kit_run r;
	struct tui_opts o;
	struct keys keys;
	struct tui *t;
	struct out out;
	char *text = NULL;
	void (*crash)(void *) = NULL;
	int c, rc;
	bool run = false;

	memset(&o, 0, sizeof o);
	o.color = getenv("NO_COLOR") == NULL;
	strings_choose(NULL);
	while (!run && (c = getopt(argc, argv, "+sl:a:cxOrf:")) != -1)
		if (c == 's')
			o.stepping = true;
		else if (c == 'l')
			strings_choose(optarg);
		else if (c == 'a')
			o.ambiguous = atoi(optarg);
		else if (c == 'c')
			o.color = false;
		else if (c == 'x')
			crash = (void (*)(void *))abort;
		else if (c == 'O')
			crash = fault_stack;
		else if (c == 'f')
			text = read_file(optarg);
		else if (c == 'r')
			run = true;
		else
			return 64;
	if (run) {
		rc = whole(text == NULL ? faults : text, argc - optind,
		    argv + optind);
		free(text);
		return rc;
	}
	if (optind < argc)
		text = read_file(argv[optind]);
	kit_stay = true;
	kit_start(&r, text == NULL ? faults : text, 7);
	world_pace(r.world, memory_first_handle());
	keys_init(&keys);
	o.keys = &keys;
	t = tui_new(&o, r.loop, r.engine, engine_session(r.engine));
	engine_sink(r.engine, tui_event, t);
	engine_stepping(r.engine, o.stepping);
	engine_start(r.engine);
	if (crash != NULL)
		loop_timer(r.loop, NSEC_PER_SEC / 2, crash, NULL);
	rc = tui_run(t);
	if (rc == 0 && t->leave) {
		out_stdout(&out, false, 1);
		report_summary(&out, engine_session(r.engine));
		out_flush(&out);
	}
	tui_free(t);
	keys_free(&keys);
	buf_free(&r.events);
	kit_free(&r);
	free(text);
	return rc == 0 ? 0 : 3;
}
