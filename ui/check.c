/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A diagnosis from here: subject and files are read and checked, then the
 * engine runs in the kernel's world until its end event. SIGINT and SIGTERM
 * end it politely, a second one drops everything.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "config.h"
#include "net/tls.h"
#include "ui/account.h"
#include "ui/asks.h"
#include "ui/confine.h"
#include "ui/given.h"
#include "ui/guide.h"
#include "ui/report.h"
#include "ui/run.h"
#include "ui/signals.h"
#include "ui/state.h"
#include "ui/strings.h"

struct run {
	struct engine	*engine;
	struct sinks	*sinks;
	bool		 stopped;	/* because nothing can be written */
	bool		 again;		/* the operator wants to see it anew */
};

static void
on_signal(void *ctx, unsigned got)
{
	struct run *r = ctx;

	(void)got;
	while (signals_next() != 0)
		engine_cancel(r->engine);
}

static void
on_event(void *ctx, const struct session *s, const struct event *ev)
{
	struct run *r = ctx;

	sinks_event(r->sinks, s, ev);
	if (!r->stopped && sinks_failed(r->sinks)) {
		r->stopped = true;
		engine_cancel(r->engine);
	}
}

static int
bad_subject(const char *text, const char *why, char *hint)
{
	char *key = xasprintf("subject.%s%s", why, strcmp(why, "address") ==
	    0 && hint == NULL ? "-like" : "");

	out_say(key, "input", text, "part", hint, NULL);
	free(key);
	free(hint);
	return STATUS_USAGE;
}

static char *
host_name(void)
{
	char name[256];

	if (gethostname(name, sizeof(name)) != 0)
		return NULL;
	name[sizeof(name) - 1] = '\0';
	return xstrdup(name);
}

/* Run to the end: the exit status. */
static int
diagnose(struct run *r, const struct options *o, struct out *out,
    struct world *w, const struct subject *s)
{
	struct engine_opts opts = o->engine;
	struct loop *loop = loop_new(w);
	struct watch *watch = NULL;
	int status, fd;

	opts.version = TADORU_VERSION;
	if (asks_wanted(o))
		opts.asks = 1u << ASK_SYMPTOM | 1u << ASK_SEND_MAIL;
	r->engine = engine_new(loop, s, &opts);
	engine_sink(r->engine, on_event, r);
	engine_start(r->engine);
	if (opts.asks != 0)
		asks_all(r->engine, out);
	if ((fd = signals_begin(SIGNALS_END)) >= 0)
		watch = loop_watch(loop, fd, WORLD_IN, on_signal, r);
	while (!engine_ended(r->engine))
		loop_run(loop);
	watch_free(watch);
	signals_end();
	status = report_status(engine_session(r->engine));
	if (sinks_close(r->sinks, engine_session(r->engine)) != 0)
		status = STATUS_UNKNOWN;
	r->again = asks_wanted(o) && asks_next(engine_session(r->engine), o,
	    out);
	engine_free(r->engine);
	loop_free(loop);
	return status;
}

/* No full screen: lines that scroll, or the report alone. */
static int
scroll(struct run *r, struct options *o, struct out *out, struct world *w,
    const struct subject *s)
{
	json_t *last = NULL;
	int status;

	if (o->stepping)
		out_say("say.step-needs-guide", NULL);
	do {
		r->stopped = r->again = false;
		if ((r->sinks = sinks_open(o, out)) == NULL) {
			status = STATUS_USAGE;
			break;
		}
		status = diagnose(r, o, out, w, s);
		if (r->again) {
			json_decref(last);
			o->engine.last = last = state_last(NULL, s->name);
		}
	} while (r->again);
	json_decref(last);
	return status;
}

int
run_check(const struct options *o, struct out *out)
{
	struct run r = { .engine = NULL };
	struct options own = *o;
	struct subject s;
	struct world *w;
	json_t *last;
	const char *why;
	char *hint, *password = NULL;
	int status = STATUS_USAGE;

	if (subject_parse(&s, o->operand[0], &why, &hint) != 0)
		return bad_subject(o->operand[0], why, hint);
	own.engine.last = last = state_last(NULL, s.name);
	o = &own;
	if (account_load(o, &password) != 0) {
		json_decref(last);
		subject_free(&s);
		return STATUS_USAGE;
	}
	own.engine.password = password;
	w = o->world != NULL ? o->world : world_kernel_new();
	w->hostname = w->hostname != NULL ? w->hostname : host_name();
	if (given_load(o, w) != 0)
		status = STATUS_USAGE;
	else {
		confine(o);
		if (!guide_wanted(o) ||
		    (status = guide_check(o, out, w, &s)) < 0)
			status = scroll(&r, &own, out, w, &s);
	}
	account_free(password);
	if (o->world == NULL) {
		world_free(w);
		tls_cleanup();
	}
	json_decref(last);
	subject_free(&s);
	return status;
}
