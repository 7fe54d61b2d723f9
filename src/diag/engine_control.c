/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the operator may tell the engine while it works: pause, one step at a
 * time, this probe again, leave this one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/command.h"
#include "diag/engine_probe.h"

void
engine_pause(struct engine *e, bool on)
{
	e->paused = on;
	engine_replan(e);
}

bool
engine_paused(const struct engine *e)
{
	return e->paused;
}

void
engine_stepping(struct engine *e, bool on)
{
	e->stepping = on;
	engine_replan(e);
}

/* What this step would send, said before it is sent. */
static void
announce(struct engine *e, const struct model *m, enum step_id step)
{
	json_t *o = json_object(), *list = json_array();
	struct event ev;

	for (size_t i = 0; i < m->nwants; i++) {
		char *command;

		if (m->wants[i].step != step)
			continue;
		command = command_for(&m->wants[i]);
		json_array_append_new(list, json_string(command));
		free(command);
	}
	json_put_str(o, "step", step_rows[step].id);
	json_put_str(o, "state", "ready");
	json_put(o, "commands", list);
	memset(&ev, 0, sizeof ev);
	ev.kind = EV_STEP;
	ev.body = o;
	engine_emit(e, &ev);
	json_decref(o);
}

bool
engine_lets(struct engine *e, const struct model *m, enum step_id step)
{
	if (!e->stepping || e->let[step])
		return true;
	if (!e->told[step])
		announce(e, m, step);
	e->told[step] = true;
	return false;
}

bool
engine_step(struct engine *e)
{
	for (int i = 0; i < STEP_COUNT; i++)
		if (e->told[i] && !e->let[i]) {
			e->let[i] = true;
			engine_replan(e);
			return true;
		}
	return false;
}

static struct probe *
running(const struct engine *e, const char *key)
{
	struct probe *p = e->running;

	while (p != NULL && strcmp(p->want.key, key) != 0)
		p = p->next;
	return p;
}

static enum want_kind
kind_of(const struct sprobe *p)
{
	if (p->qname != NULL)
		return WANT_DNS;
	if (strcmp(p->what, "ares") == 0)
		return WANT_ARES;
	if (model_mail_service(&p->ep) != NULL)
		return model_mail_service(&p->ep)->kind;
	return strncmp(p->ep.proto, "http", 4) == 0 ? WANT_HTTP : WANT_SMTP;
}

/* What it did with the account; mail is sent and deleted once only. */
static enum want_use
use_of(const struct session *s, const struct sprobe *p)
{
	if (p->step != STEP_MAILBOX || p->what[0] == '\0' ||
	    !json_flag(json_object_get(s->head, "options"), "account"))
		return USE_NOTHING;
	return strncmp(p->what, "look", 4) == 0 ? USE_LOOK : USE_LOGIN;
}

/* The want a finished probe came from. */
void
want_of_probe(struct want *w, const struct sprobe *p)
{
	struct want x;

	memset(&x, 0, sizeof x);
	x.kind = kind_of(p);
	x.step = p->step;
	x.key = p->key;
	x.ep = p->ep;
	x.qname = p->qname;
	x.qtype = p->qtype;
	memcpy(x.transport, p->transport, sizeof x.transport);
	if (x.kind == WANT_HTTP)
		x.path = (char *)(uintptr_t)model_page(p);
	want_copy(w, &x);
}

int
engine_rerun(struct engine *e, const char *key, int times)
{
	const struct sprobe *p = session_probe(e->session, key);
	struct again *a;

	if (p == NULL || p->state != PROBE_ENDED || times < 1 ||
	    engine_by_hand(p->what) || strcmp(p->what, "send") == 0 ||
	    strcmp(p->what, "clean") == 0 ||
	    running(e, key) != NULL || (e->ended && !e->opts.stay))
		return -1;
	e->ended = false;
	if (e->running == NULL) {	/* nothing more to drop */
		timer_cancel(&e->hurry);
		e->pressed = 0;
	}
	a = xcalloc(1, sizeof *a);
	want_of_probe(&a->want, p);
	a->want.use = use_of(e->session, p);
	if (a->want.use == USE_LOOK)
		a->want.token = xstrdup(json_str(e->session->head, "token"));
	a->times = times;
	a->next = e->again;
	e->again = a;
	engine_replan(e);
	return 0;
}

void
engine_again_at(struct engine *e, const struct sprobe *p, int64_t us)
{
	struct again *a = xcalloc(1, sizeof *a);

	want_of_probe(&a->want, p);
	a->times = 1;
	a->not_before = us;
	a->next = e->again;
	e->again = a;
}

static void
again_free(struct again *a)
{
	model_want_clear(&a->want);
	free(a);
}

/* Not while it is waited for, nor while all pauses; at once if it was
   stopped. */
static bool
due(const struct engine *e, const struct again *a, const struct model *m)
{
	return a->times == 0 || (!e->paused && a->not_before <= m->now &&
	    running(e, a->want.key) == NULL);
}

void
engine_again(struct engine *e, struct model *m)
{
	for (struct again **at = &e->again; *at != NULL;) {
		struct again *a = *at;

		if (!due(e, a, m)) {
			if (a->not_before > m->now)
				model_wake(m, a->not_before);
			at = &a->next;
			continue;
		}
		if (a->times > 0)
			probe_start(e, &a->want, m);
		if (a->times > 0 && --a->times > 0) {
			at = &a->next;
			continue;
		}
		*at = a->next;
		again_free(a);
	}
}

/* A run that begins tells it, and who hears it may stop it: nothing is freed
   here. */
void
engine_again_stop(struct engine *e)
{
	for (struct again *a = e->again; a != NULL; a = a->next)
		a->times = 0;
}

void
engine_again_free(struct engine *e)
{
	while (e->again != NULL) {
		struct again *next = e->again->next;

		again_free(e->again);
		e->again = next;
	}
}

int
engine_skip(struct engine *e, const char *key)
{
	struct probe *p = running(e, key);

	if (p == NULL)
		return -1;
	probe_abandon(p);
	return 0;
}

bool
engine_busy(const struct engine *e)
{
	return e->running != NULL || e->again != NULL;
}
