/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A diagnosis in the full screen: engine, recording and guide over one loop;
 * or what was recorded, at its own pace.
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

	return (o->command == CMD_SUBJECT || o->command == CMD_ALERT ||
	    o->command == CMD_REPLAY) &&
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
	if (g->tui == NULL)
		return;
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
window(const struct options *o, struct loop *loop, struct engine *e,
    struct player *player)
{
	struct tui_opts t;

	memset(&t, 0, sizeof(t));
	t.color = !o->no_color && (getenv("NO_COLOR") == NULL ||
	    *getenv("NO_COLOR") == '\0');
	t.stepping = o->stepping;
	t.ambiguous = o->ambiguous_auto ? 0 : o->ambiguous;
	t.keys = (struct keys *)(uintptr_t)&o->keys;
	t.say = o->bind_said;
	t.ticket = o->ticket;
	t.player = player;
	return tui_new(&t, loop, e, player != NULL ? player_session(player) :
	    engine_session(e));
}

/* After the screen: the summary if it is to stay, reports, exit status. */
static int
leave(struct guide *g, struct out *out, const struct session *s, bool summary)
{
	int status = report_status(s);

	if (summary)
		report_summary(out, s);
	if (sinks_close(g->sinks, s) != 0)
		status = STATUS_UNKNOWN;
	return status;
}

static int
run(struct guide *g, struct out *out, struct engine *e, struct loop *loop)
{
	bool summary;

	tui_run(g->tui);
	summary = g->tui->leave;
	end_engine(e, loop, g->tui->hung_up);
	return leave(g, out, engine_session(e), summary);
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
	int status = -1;

	mine.stdout_format = FORMAT_NONE;
	opts.version = TADORU_VERSION;
	opts.stay = true;
	opts.asks = (1u << ASK_COUNT) - 1;
	loop = loop_new(w);
	e = engine_new(loop, subject, &opts);
	g.tui = window(o, loop, e, NULL);
	if (tui_open(g.tui) == 0) {
		if ((g.sinks = sinks_open(&mine, out)) != NULL) {
			engine_sink(e, on_event, &g);
			engine_stepping(e, o->stepping);
			engine_start(e);
			status = run(&g, out, e, loop);
		} else
			status = STATUS_USAGE;
	}
	tui_free(g.tui);
	engine_free(e);
	loop_free(loop);
	return status;
}

static int
replay(struct guide *g, const struct options *o, struct out *out,
    struct player *p)
{
	bool summary;

	player_start(p, o->stepping);
	if (g->tui->message == NULL)
		tui_say_key(g->tui, o->stepping ? "tui.replay-steps" :
		    "tui.replay-plays");
	tui_run(g->tui);
	summary = g->tui->leave;
	tui_free(g->tui);
	g->tui = NULL;
	player_rest(p);
	return leave(g, out, player_session(p), summary);
}

int
guide_replay(const struct options *o, struct out *out, const struct tape *tape)
{
	struct options mine = *o;
	struct world *w = world_kernel_new();
	struct loop *loop = loop_new(w);
	struct guide g = { .told = false };
	struct player *p = player_new(loop, tape, on_event, &g);
	int status = -1;

	mine.stdout_format = FORMAT_NONE;
	g.tui = window(o, loop, NULL, p);
	if (tui_open(g.tui) == 0)
		status = (g.sinks = sinks_open(&mine, out)) == NULL ?
		    STATUS_USAGE : replay(&g, o, out, p);
	tui_free(g.tui);
	player_free(p);
	loop_free(loop);
	world_free(w);
	return status;
}
