/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A probe: an exchange, a look-up or a dialogue, whose lines and facts become
 * events under the probe's key.
 */
#include "diag/engine_probe.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/command.h"

static void
emit(struct probe *p, enum event_kind kind, int attempt, json_t *body)
{
	struct event ev;

	memset(&ev, 0, sizeof ev);
	ev.kind = kind;
	ev.probe = p->want.key;
	ev.attempt = attempt;
	ev.body = body;
	engine_emit(p->engine, &ev);
	json_decref(body);
}

static void
emit_fact(struct probe *p, int attempt, const char *key, json_t *value)
{
	json_t *o = json_object();

	json_put_str(o, "key", key);
	json_put(o, "value", value);
	emit(p, EV_FACT, attempt, o);
}

static void
emit_info(struct probe *p, enum talk_dir dir, const char *key, json_t *args)
{
	json_t *o = json_object();
	struct event ev;

	json_put_str(o, "key", key);
	json_put(o, "args", args);
	memset(&ev, 0, sizeof ev);
	ev.kind = EV_LINE;
	ev.probe = p->want.key;
	ev.attempt = 1;
	ev.dir = dir;
	ev.body = o;
	engine_emit(p->engine, &ev);
	json_decref(o);
}

static void
unlink_probe(struct probe *p)
{
	struct probe **at = &p->engine->running;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
}

static void
release(struct probe *p)
{
	if (p->exchange != NULL)
		exchange_free(p->exchange);
	if (p->resolver != NULL)
		resolver_free(p->resolver);
	if (p->talk != NULL)
		talk_free(p->talk);
	p->exchange = NULL;
	p->resolver = NULL;
	p->talk = NULL;
	timer_cancel(&p->reap);
}

void
want_copy(struct want *to, const struct want *from)
{
	*to = *from;
	to->key = xstrdup(from->key);
	to->qname = from->qname == NULL ? NULL : xstrdup(from->qname);
	to->path = from->path == NULL ? NULL : xstrdup(from->path);
	to->token = from->token == NULL ? NULL : xstrdup(from->token);
	endpoint_copy(&to->ep, &from->ep);
}

void
probe_drop(struct probe *p)
{
	unlink_probe(p);
	release(p);
	p->engine->sockets--;
	model_want_clear(&p->want);
	free(p->helo);
	free(p->mail_from);
	free(p->question);
	free(p);
}

static void
ended(struct probe *p, const char *outcome)
{
	struct engine *e = p->engine;
	json_t *o = json_object();

	json_put_str(o, "state", "ended");
	json_put_str(o, "outcome", outcome);
	emit(p, EV_PROBE, 1, o);
	probe_drop(p);
	engine_replan(e);
}

void
probe_abandon(struct probe *p)
{
	ended(p, net_cause_word(NET_INTERRUPTED));
}

static void
dns_note(void *ctx, enum exchange_note what, const void *data, size_t len,
    const struct sockname *from, const struct net_error *err)
{
	static const enum talk_dir dirs[] = { TALK_SENT, TALK_RECEIVED,
		TALK_UNEXPECTED };
	struct probe *p = ctx;
	json_t *args = json_object();
	char text[ADDR_STRLEN];
	struct event ev;

	if (from != NULL && from->addr.family != 0) {
		json_put_str(args, "addr", addr_print(&from->addr, text));
		json_put_int(args, "port", from->port);
	}
	switch (what) {
	case EXCHANGE_TRYING:
		emit_info(p, TALK_INFO, "dns-trying", args);
		return;
	case EXCHANGE_CONNECTED:
		emit_info(p, TALK_INFO, "dns-tcp-connected", args);
		return;
	case EXCHANGE_ICMP:
		json_decref(args);
		args = json_net_error(err);
		json_put_str(args, "icmp", net_icmp_word(
		    p->want.ep.addr.family, err->icmp_type, err->icmp_code));
		emit_info(p, TALK_INFO, "dns-icmp", args);
		return;
	case EXCHANGE_STRAY:
		emit_info(p, TALK_INFO, "dns-stray", args);
		break;
	case EXCHANGE_SENT: case EXCHANGE_RECEIVED:
		json_decref(args);
		break;
	}
	memset(&ev, 0, sizeof ev);
	ev.kind = EV_LINE;
	ev.probe = p->want.key;
	ev.attempt = 1;
	ev.dir = dirs[what];
	ev.dns = true;
	ev.data = data;
	ev.len = ev.full = len;
	engine_emit(p->engine, &ev);
}

/* How many more strays came than have been told. */
static void
strays_left(struct probe *p, const struct exchange_result *r)
{
	json_t *args;

	if (r->strays <= LIMIT_STRAYS)
		return;
	args = json_object();
	json_put_int(args, "n", r->strays - LIMIT_STRAYS);
	emit_info(p, TALK_INFO, "dns-strays", args);
}

static void
dns_done(void *ctx, const struct exchange_result *r)
{
	struct probe *p = ctx;
	json_t *o = r->error.cause == NET_OK ? json_object() :
	    json_net_error(&r->error);
	char text[ADDR_STRLEN];

	p->exchange = NULL;
	strays_left(p, r);
	json_put_int(o, "sent", r->sent);
	json_put_int(o, "strays", r->strays);
	if (r->wrong_source.family != 0)
		json_put_str(o, "wrong_source", addr_print(&r->wrong_source,
		    text));
	if (r->error.cause == NET_OK) {
		json_put_int(o, "answered", r->answered);
		json_put_num(o, "ms", (double)(r->rtt / 1000) / 1000);
		json_put_int(o, "size", (int64_t)r->len);
	} else if (r->error.cause == NET_TIMEOUT) {
		json_t *args = json_object();

		json_put_int(args, "n", r->sent);
		emit_info(p, TALK_INFO, "dns-lost", args);
	}
	emit_fact(p, 1, "exchange", o);
	ended(p, net_cause_word(r->error.cause));
}

static void
by_hand(const struct hand_question *q, struct exchange_params *x)
{
	x->tcp = q->tcp;
	x->query.rd = q->rd;
	x->query.cd = q->cd;
	x->query.ad = q->ad;
	x->query.dnssec = q->dnssec;
	x->query.nsid = q->nsid;
	x->query.edns = q->edns;
	x->tries = q->tries;
	x->total = q->wait;
}

static void
run_dns(struct probe *p)
{
	const struct want *w = &p->want;
	struct exchange_hooks hooks = { p, dns_note, dns_done };
	struct exchange_params x;

	memset(&x, 0, sizeof x);
	x.loop = p->engine->loop;
	x.timeouts = &p->engine->timeouts;
	x.to.addr = w->ep.addr;
	x.to.port = w->ep.port;
	x.tcp = model_is_tcp(w->transport);
	x.query.name = w->qname;
	x.query.type = w->qtype;
	if (p->question != NULL)
		by_hand(p->question, &x);
	else if (strcmp(w->transport, "edns") == 0) {
		x.query.edns = 1232;
		x.query.nsid = true;
	} else if (strncmp(w->transport, "again", 5) == 0 &&
	    w->qtype == DNS_SOA) {
		x.tries = 1;
		x.total = x.timeouts->recheck;
	} else if (strcmp(w->transport, "rd") == 0) {
		x.query.rd = true;
		x.total = x.timeouts->resolver;
	}
	p->exchange = exchange_start(&x, &hooks);
}

static void
ares_done(void *ctx, const struct resolver_result *r)
{
	struct probe *p = ctx;
	json_t *o = json_object(), *list = json_array();
	char text[ADDR_STRLEN];

	p->resolver = NULL;
	for (size_t i = 0; i < r->naddrs; i++)
		json_array_append_new(list, json_string(addr_print(
		    &r->addrs[i], text)));
	json_put_str(o, "word", r->word);
	json_put(o, "addrs", list);
	if (r->canon != NULL)
		json_put_str(o, "canon", r->canon);
	json_put_num(o, "ms", (double)(r->took / 1000) / 1000);
	emit_info(p, TALK_INFO, "ares", json_incref(o));
	emit_fact(p, 1, "ares", o);
	ended(p, strcmp(r->word, "timeout") == 0 ? "timeout" : "ok");
}

/* The line behind which a mail may have been taken, also as typed by hand
   (RFC 5321 4.1.1.4, RFC 3030). */
static bool
begins_mail(const struct talk_line *l)
{
	return (l->dir == TALK_SENT || l->dir == TALK_HAND) && l->len >= 4 &&
	    (strncasecmp(l->data, "DATA", 4) == 0 ||
	    strncasecmp(l->data, "BDAT", 4) == 0);
}

static void
talk_line_hook(void *ctx, int attempt, const struct talk_line *l)
{
	struct probe *p = ctx;
	struct event ev;
	json_t *body = NULL;

	p->mailed = p->mailed || (p->want.use == USE_SEND && begins_mail(l));
	if (l->key != NULL) {
		body = json_object();
		json_put_str(body, "key", l->key);
		json_put(body, "args", l->args == NULL ? json_object() :
		    json_incref(l->args));
	}
	memset(&ev, 0, sizeof ev);
	ev.kind = EV_LINE;
	ev.probe = p->want.key;
	ev.attempt = attempt;
	ev.dir = l->dir;
	ev.tls = l->tls;
	ev.data = l->data;
	ev.len = l->len;
	ev.full = l->full > l->len ? l->full : l->len;
	ev.body = body;
	engine_emit(p->engine, &ev);
	json_decref(body);
}

static void
talk_fact_hook(void *ctx, int attempt, const char *key, json_t *value)
{
	struct probe *p = ctx;

	if (strcmp(key, "connect") == 0 && json_flag(value, "ok"))
		p->connected = true;
	p->taken = p->taken || strcmp(key, "hand") == 0;
	emit_fact(p, attempt, key, value);
}

static void
talk_attempt_hook(void *ctx, int attempt, bool over)
{
	struct probe *p = ctx;
	json_t *o = json_object();

	if (!over)
		p->engine->connections++;
	json_put_str(o, "state", over ? "attempt-ended" : "attempt");
	emit(p, EV_PROBE, attempt, o);
}

static void
reap(void *ctx)
{
	struct probe *p = ctx;

	p->reap = NULL;
	ended(p, p->taken && !p->by_hand ? net_cause_word(NET_INTERRUPTED) :
	    p->outcome);
}

static void
talk_done_hook(void *ctx, const char *word)
{
	struct probe *p = ctx;

	p->outcome = word;
	p->reap = loop_timer(p->engine->loop, 0, reap, p);
}

/* What the probe may do with the operator's account. */
static void
use_account(const struct engine *e, const struct want *w,
    struct talk_params *t)
{
	const struct engine_opts *o = &e->opts;

	if (w->use == USE_NOTHING)
		return;
	t->token = w->token;
	t->clean = w->use == USE_CLEAN;
	if (w->use == USE_SEND)
		t->rcpt = o->mailbox;
	if (w->use == USE_SEND && strcmp(w->ep.proto, "smtp") == 0)
		return;		/* as a stranger would */
	t->mail_from = o->mailbox;
	t->login = o->login != NULL ? o->login : o->mailbox;
	t->password = o->password;
	t->unverified = o->mail_host != NULL &&
	    strcmp(o->mail_host, w->ep.name) == 0;
}

static struct talk *
start_talk(const struct want *w, const struct talk_params *t,
    const struct talk_hooks *hooks)
{
	switch (w->kind) {
	case WANT_HAND:
		return hand_start(t, track_proto(w->ep.proto), hooks);
	case WANT_HTTP:
		return http_start(t, hooks);
	case WANT_POP3:
		return pop3_start(t, hooks);
	case WANT_IMAP:
		return imap_start(t, hooks);
	default:
		return smtp_start(t, hooks);
	}
}

static void
run_talk(struct probe *p)
{
	struct engine *e = p->engine;
	const struct want *w = &p->want;
	struct talk_hooks hooks = { p, talk_line_hook, talk_fact_hook,
		talk_attempt_hook, talk_done_hook };
	struct talk_params t;
	static const char agent[] = "tadoru";

	memset(&t, 0, sizeof t);
	t.loop = e->loop;
	t.timeouts = &e->timeouts;
	t.secrets = &e->secrets;
	t.to.addr = w->ep.addr;
	t.to.port = w->ep.port;
	t.name = *w->ep.name == '\0' ? NULL : w->ep.name;
	t.tls = (enum talk_tls)w->ep.tls;
	t.tries = w->kind == WANT_HAND ? 1 : w->tries > 0 ? w->tries :
	    e->opts.tries;
	t.path = w->path;
	t.agent = agent;
	t.helo = p->helo;
	t.mail_from = p->mail_from;
	t.hold = p->hold;
	t.rcpt = w->step == STEP_MAIL_IN ? e->rcpt : NULL;
	use_account(e, w, &t);
	p->talk = start_talk(w, &t, &hooks);
}

static void
run(struct probe *p)
{
	switch (p->want.kind) {
	case WANT_DNS:
		run_dns(p);
		break;
	case WANT_ARES:
		p->resolver = resolver_start(p->engine->loop,
		    &p->engine->timeouts, NULL, p->want.ep.name, ares_done, p);
		break;
	case WANT_HTTP: case WANT_SMTP: case WANT_POP3: case WANT_IMAP:
	case WANT_HAND:
		run_talk(p);
		break;
	case WANT_SKIP:
		break;
	}
}

static void
emit_began(struct probe *p)
{
	json_t *o = json_object(), *q;
	char word[16], *command = command_for(&p->want);

	json_put_str(o, "state", "began");
	json_put(o, "endpoint", endpoint_json(&p->want.ep));
	json_put_str(o, "command", command);
	free(command);
	if (p->want.kind == WANT_DNS) {
		q = json_object();
		json_put_str(q, "qname", p->want.qname);
		json_put_str(q, "qtype", message_type_word(p->want.qtype,
		    word));
		json_put_str(q, "transport", p->want.transport);
		json_put(o, "question", q);
	}
	emit(p, EV_PROBE, 1 + p->restarts, o);
}

static struct probe *
probe_new(struct engine *e, const struct want *w, struct model *m)
{
	struct probe *p = xcalloc(1, sizeof *p);
	const char *helo;

	p->engine = e;
	p->began = engine_now(e);
	want_copy(&p->want, w);
	if (w->kind == WANT_SMTP) {
		helo = m->helo[FAMILY(&w->ep.addr)];
		p->helo = xstrdup(helo);
		p->mail_from = e->opts.mail_from != NULL ?
		    xstrdup(e->opts.mail_from) :
		    xasprintf("postmaster@%s", helo);
	}
	p->next = e->running;
	e->running = p;
	e->sockets++;
	return p;
}

/* Who hears that it begins may cancel everything: then it does not; or is
   told so when it has begun meanwhile. */
static void
run_unless_cancelled(struct probe *p, int cancelled)
{
	struct engine *e = p->engine;

	if (e->cancelled == cancelled)
		run(p);
	else
		talk_done_hook(p, net_cause_word(NET_INTERRUPTED));
	if (e->cancelled != cancelled && p->talk != NULL)
		talk_cancel(p->talk);
}

void
probe_start(struct engine *e, const struct want *w, struct model *m)
{
	struct probe *p = probe_new(e, w, m);
	int cancelled = e->cancelled;

	emit_began(p);
	run_unless_cancelled(p, cancelled);
}

void
probe_start_by_hand(struct engine *e, const struct want *w, struct model *m,
    int hold, const struct hand_question *q)
{
	struct probe *p = probe_new(e, w, m);
	int cancelled = e->cancelled;
	json_t *args;

	p->by_hand = true;
	p->hold = hold;
	if (q != NULL) {
		p->question = xmalloc(sizeof *q);
		*p->question = *q;
	}
	emit_began(p);
	if (hold > 1) {
		args = json_object();
		json_put_int(args, "n", hold - 1);
		emit_info(p, TALK_INFO, "hand-replay", args);
	}
	run_unless_cancelled(p, cancelled);
}

void
probe_restart(struct probe *p)
{
	int cancelled = p->engine->cancelled;

	if (p->reap != NULL || p->by_hand || p->taken ||
	    (p->talk != NULL && talk_held(p->talk)))
		return;
	if (p->mailed) {	/* it may be under way: never twice */
		probe_abandon(p);
		return;
	}
	release(p);
	p->restarts++;
	emit_began(p);
	run_unless_cancelled(p, cancelled);
}
