/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A diagnosis in the full screen: engine, recording and guide over one loop.
 * When the operator leaves, the terminal is given back first, then what runs
 * is ended politely, within a second.
 */
#include "ui/guide.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "ui/report.h"
#include "ui/strings.h"
#include "ui/tui.h"

struct guide {
	struct tui	*tui;
	struct sinks	*sinks;
	bool		 told;		/* that something cannot be written */
};

bool
guide_wanted(const struct options *o)
{
	const char *type = getenv("TERM");

	return (o->command == CMD_SUBJECT || o->command == CMD_ALERT) &&
	    !o->plain && !o->json &&
	    (o->format == NULL || o->output != NULL) &&
	    isatty(STDOUT_FILENO) && type != NULL && *type != '\0' &&
	    strcmp(type, "dumb") != 0 &&
	    (isatty(STDIN_FILENO) || access("/dev/tty", R_OK) == 0);
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct guide *g = ctx;

	sinks_event(g->sinks, s, ev);
	tui_event(g->tui, s, ev);
	if (!g->told && sinks_failed(g->sinks)) {
		g->told = true;
		tui_say_key(g->tui, "tui.cannot-write");
	}
}

static void
end_engine(struct engine *e, struct loop *loop, bool at_once)
{
	if (engine_ended(e))
		return;
	engine_cancel(e);
	if (at_once)
		engine_cancel(e);
	while (!engine_ended(e))
		loop_run(loop);
}

static struct tui *
window(const struct options *o, struct loop *loop, struct engine *e)
{
	struct tui_opts t;

	memset(&t, 0, sizeof(t));
	t.color = !o->no_color && (getenv("NO_COLOR") == NULL ||
	    *getenv("NO_COLOR") == '\0');
	t.stepping = o->stepping;
	t.ambiguous = o->ambiguous_auto ? 0 : o->ambiguous;
	t.keys = (struct keys *)(uintptr_t)&o->keys;
	t.say = o->bind_said;
	return tui_new(&t, loop, e, engine_session(e));
}

static int
run(struct guide *g, const struct options *o, struct out *out,
    struct engine *e, struct loop *loop)
{
	const struct session *s = engine_session(e);
	bool leave;
	int status;

	if (tui_run(g->tui) != 0)
		return -1;
	leave = g->tui->leave;
	end_engine(e, loop, g->tui->hung_up);
	status = report_status(s);
	if (leave)
		report_summary(out, s);
	if (sinks_close(g->sinks, s) != 0)
		status = STATUS_UNKNOWN;
	(void)o;
	return status;
}

int
guide_check(const struct options *o, struct out *out, struct world *w,
    const struct subject *subject)
{
	struct options mine = *o;
	struct engine_opts opts = o->engine;
	struct loop *loop;
	struct engine *e;
	struct guide g = { .told = false };
	int status;

	mine.stdout_format = FORMAT_NONE;
	if ((g.sinks = sinks_open(&mine, out)) == NULL)
		return STATUS_USAGE;
	opts.version = TADORU_VERSION;
	opts.stay = true;
	loop = loop_new(w);
	e = engine_new(loop, subject, &opts);
	g.tui = window(o, loop, e);
	engine_sink(e, on_event, &g);
	engine_stepping(e, o->stepping);
	engine_start(e);
	status = run(&g, o, out, e, loop);
	tui_free(g.tui);
	engine_free(e);
	loop_free(loop);
	return status;
}
