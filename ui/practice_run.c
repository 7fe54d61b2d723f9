/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine in the world of a practice file, as it works in the kernel's:
 * subject and options are read as from a command line, the peers live in
 * memory, time is virtual.
 */
#include "ui/practice_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "config.h"
#include "net/tls.h"
#include "ui/out.h"
#include "ui/practice_refuse.h"
#include "ui/strings.h"

#define SEED	7

/* The options of the file, as "tadoru check DOMAIN OPTION..." */
static int
read_options(struct practice_run *r, const struct exercise *e)
{
	char **argv = xcalloc(e->noptions + 4, sizeof *argv);
	static char program[] = "tadoru", command[] = "check";
	size_t i;
	int n = 0, rc;

	argv[n++] = program;
	argv[n++] = command;
	argv[n++] = e->domain;
	for (i = 0; i < e->noptions; i++)
		argv[n++] = e->options[i];
	out_place(e->file, 0);
	rc = options_parse(&r->opts, n, argv);
	out_place(NULL, 0);
	free(argv);
	return rc;
}

static int
read_subject(struct practice_run *r, const struct exercise *e)
{
	const char *why = "";
	char *hint = NULL, *key, *text;

	if (subject_parse(&r->subject, e->domain, &why, &hint) == 0) {
		free(hint);
		return 0;
	}
	key = xasprintf("subject.%s%s", why, strcmp(why, "address") == 0 &&
	    hint == NULL ? "-like" : "");
	text = strings_make(key, "input", e->domain, "part", hint, NULL);
	out_say_at(e->file, 0, text);
	free(text);
	free(key);
	free(hint);
	memset(&r->subject, 0, sizeof r->subject);
	return -1;
}

int
practice_build(struct practice_run *r, const struct exercise *e,
    bool repaired)
{
	struct refusal why;

	memset(r, 0, sizeof *r);
	if (read_options(r, e) != 0 || read_subject(r, e) != 0)
		return -1;
	r->scenario = exercise_scenario(e, repaired, SEED, &why);
	if (r->scenario == NULL) {
		practice_refuse(&why);
		return -1;
	}
	r->world = scenario_world(r->scenario);
	return 0;
}

void
practice_diagnose(struct practice_run *r, void (*sink)(void *,
    const struct session *, const struct event *), void *ctx)
{
	r->opts.engine.version = TADORU_VERSION;
	r->loop = loop_new(r->world);
	r->engine = engine_new(r->loop, &r->subject, &r->opts.engine);
	if (sink != NULL)
		engine_sink(r->engine, sink, ctx);
	engine_start(r->engine);
	while (!engine_ended(r->engine))
		loop_run(r->loop);
}

const struct session *
practice_session(const struct practice_run *r)
{
	return engine_session(r->engine);
}

void
practice_run_free(struct practice_run *r)
{
	if (r->engine != NULL)
		engine_free(r->engine);
	if (r->loop != NULL)
		loop_free(r->loop);
	if (r->world != NULL)
		world_free(r->world);
	scenario_free(r->scenario);
	subject_free(&r->subject);
	options_free(&r->opts);
	tls_cleanup();
}
