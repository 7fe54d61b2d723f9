/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an operator does by hand: connections and questions of his own, and
 * dialogues taken over from their scripts.
 */
#include "diag/engine_hand.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/engine_probe.h"

bool
engine_by_hand(const char *what)
{
	return strncmp(what, "hand:", 5) == 0;
}

static enum step_id
step_of(const char *proto)
{
	if (strcmp(proto, "dns") == 0)
		return STEP_SERVERS;
	switch (track_proto(proto)) {
	case TRACK_HTTP:
		return STEP_WEB;
	case TRACK_SMTP:
		return strncmp(proto, "sub", 3) == 0 ? STEP_MAILBOX :
		    STEP_MAIL_IN;
	case TRACK_POP3:
	case TRACK_IMAP:
		return STEP_MAILBOX;
	case TRACK_LINES:
		break;
	}
	return STEP_HERE;
}

/* A want whose key is of by-hand and new; what may be "". */
static void
want_new(struct engine *e, struct want *w, enum want_kind kind,
    enum step_id step, const struct endpoint *ep, const char *what)
{
	char *last = xasprintf("hand:%u%s%s", ++e->hands, *what == '\0' ? "" :
	    ":", what);

	memset(w, 0, sizeof *w);
	w->kind = kind;
	w->step = step;
	w->key = model_key(step, ep, last);
	endpoint_copy(&w->ep, ep);
	free(last);
}

static void
endpoint_of(struct endpoint *ep, const struct hand_target *t)
{
	memset(ep, 0, sizeof *ep);
	ep->name = xstrdup(t->name);
	ep->addr = t->addr;
	ep->port = t->port;
	strncpy(ep->proto, t->proto, sizeof ep->proto - 1);
	ep->tls = t->tls;
}

static const char *
begin(struct engine *e, struct want *w, int hold,
    const struct hand_question *q)
{
	struct model *m = model_build(e->session, engine_now(e));
	char *key = w->key;
	const struct sprobe *p;

	w->key = xstrdup(key);
	if (e->sockets < LIMIT_SOCKETS && (w->kind != WANT_SMTP ||
	    m->helo[FAMILY(&w->ep.addr)] != NULL))
		probe_start_by_hand(e, w, m, hold, q);
	model_want_clear(w);
	model_free(m);
	p = session_probe(e->session, key);
	free(key);
	return p == NULL ? NULL : p->key;
}

const char *
engine_open(struct engine *e, const struct hand_target *t)
{
	struct endpoint ep;
	struct want w;

	endpoint_of(&ep, t);
	want_new(e, &w, WANT_HAND, step_of(t->proto), &ep, "");
	endpoint_clear(&ep);
	return begin(e, &w, 0, NULL);
}

const char *
engine_ask(struct engine *e, const struct hand_target *t,
    const struct hand_question *q)
{
	char *name = message_name(q->name);
	struct endpoint ep;
	struct want w;

	if (name == NULL)
		return NULL;
	endpoint_of(&ep, t);
	want_new(e, &w, WANT_DNS, STEP_SERVERS, &ep, "");
	endpoint_clear(&ep);
	w.qname = name;
	w.qtype = q->type;
	strcpy(w.transport, q->tcp ? "tcp" : q->rd ? "rd" : "udp");
	return begin(e, &w, 0, q);
}

const char *
engine_look_up(struct engine *e, const char *name)
{
	struct endpoint ep;
	struct want w;

	memset(&ep, 0, sizeof ep);
	ep.name = xstrdup(name);
	ep.tls = -1;
	want_new(e, &w, WANT_ARES, STEP_RESOLVER, &ep, "ares");
	endpoint_clear(&ep);
	return begin(e, &w, 0, NULL);
}

static struct probe *
running(const struct engine *e, const char *key)
{
	struct probe *p = e->running;

	while (p != NULL && strcmp(p->want.key, key) != 0)
		p = p->next;
	return p;
}

/* Own lines of its dialogue up to the line seq. */
static int
lines_until(const struct sprobe *p, uint64_t seq)
{
	int n = 0, attempt = 0;

	for (size_t i = 0; i < p->nlines; i++) {
		const struct sline *l = &p->lines[i];

		if (l->dir != TALK_SENT || l->seq > seq)
			continue;
		if (attempt == 0)
			attempt = l->attempt;
		n += l->attempt == attempt;
	}
	return n;
}

static const char *
replay(struct engine *e, const struct sprobe *p, uint64_t seq)
{
	struct want old, w;
	int n = lines_until(p, seq);

	want_of_probe(&old, p);
	want_new(e, &w, old.kind, p->step, &p->ep, p->what);
	w.path = old.path == NULL ? NULL : xstrdup(old.path);
	model_want_clear(&old);
	if (w.kind == WANT_HTTP)
		n = 0;		/* one request: it is ours to write */
	return begin(e, &w, n + 1, NULL);
}

const char *
engine_hold(struct engine *e, const char *key, uint64_t seq)
{
	const struct sprobe *s = session_probe(e->session, key);
	struct probe *p = running(e, key);

	if (p != NULL && p->talk != NULL && p->reap == NULL) {
		talk_hold(p->talk);
		return s->key;
	}
	if (p != NULL || s == NULL || s->state != PROBE_ENDED ||
	    s->qname != NULL || s->ep.addr.family == 0 || s->ep.port == 0)
		return NULL;
	if (engine_by_hand(s->what)) {
		struct hand_target t = { s->ep.proto, s->ep.name, s->ep.addr,
			s->ep.port, s->ep.tls };

		return engine_open(e, &t);
	}
	return replay(e, s, seq);
}

const char *
engine_edit(struct engine *e, const char *key)
{
	const struct sprobe *s = session_probe(e->session, key);
	struct probe *p = running(e, key);

	if (s != NULL && s->qname != NULL)
		return "question";
	if (p == NULL || p->talk == NULL || p->reap != NULL)
		return "over";
	if (p->want.kind == WANT_HAND || talk_held(p->talk))
		return "by-hand";
	return talk_edit(p->talk) == 0 ? NULL : "over";
}

char *
engine_next_line(struct engine *e, const char *key)
{
	struct probe *p = running(e, key);

	return p == NULL || p->talk == NULL ? NULL : talk_next_line(p->talk);
}

int
engine_say_next(struct engine *e, const char *key, const char *line)
{
	struct probe *p = running(e, key);

	return p == NULL || p->talk == NULL ? -1 :
	    talk_say_next(p->talk, line);
}

bool
engine_held(const struct engine *e, const char *key)
{
	const struct probe *p = running(e, key);

	return p != NULL && p->talk != NULL && p->reap == NULL &&
	    talk_held(p->talk);
}

const struct track *
engine_track(const struct engine *e, const char *key)
{
	const struct probe *p = running(e, key);

	return p == NULL || p->talk == NULL ? NULL : talk_track(p->talk);
}

int
engine_say(struct engine *e, const char *key, const void *data, size_t n,
    bool raw)
{
	struct probe *p = running(e, key);

	return p == NULL || p->talk == NULL ? -1 :
	    talk_say(p->talk, data, n, raw);
}

int
engine_starttls(struct engine *e, const char *key)
{
	struct probe *p = running(e, key);

	return p == NULL || p->talk == NULL ? -1 : talk_starttls(p->talk);
}

int
engine_close(struct engine *e, const char *key)
{
	struct probe *p = running(e, key);

	if (p == NULL)
		return -1;
	if (p->talk == NULL)
		probe_abandon(p);
	else
		talk_close(p->talk);
	return 0;
}

const char *
engine_release(struct engine *e, const char *key)
{
	struct probe *p = running(e, key);

	return p == NULL || p->talk == NULL ? "over" : talk_release(p->talk);
}

struct loop *
engine_loop(const struct engine *e)
{
	return e->loop;
}
