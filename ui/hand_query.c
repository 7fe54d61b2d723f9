/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS by hand: to whom a dig line goes, what came back, and +trace from the
 * root hints down, one server a level.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

#define TRACE_STEPS 20

struct trace {
	char	*zone;		/* whose servers are asked */
	int	 steps;
};

void
hand_trace_free(struct hand *h)
{
	if (h->trace != NULL)
		free(h->trace->zone);
	free(h->trace);
	h->trace = NULL;
}

static void
dig_take(struct hand *h, struct paste_dig *d)
{
	free(h->dig.name);
	free(h->dig.server);
	h->dig = *d;
	d->name = d->server = NULL;
}

static void
ask(struct hand *h)
{
	const struct paste_dig *d = &h->dig;
	struct hand_question q = { d->name, d->type, d->tcp, d->rd, d->cd,
		d->dnssec, d->nsid, d->ad, d->edns, d->tries, d->wait *
		NSEC_PER_SEC * (d->tries > 0 ? d->tries : 3) };
	struct hand_target t = { "dns", "", h->dig_to.addr, h->dig_to.port,
		0 };
	const char *key;

	if (d->dnssec && q.edns == 0)
		q.edns = 1232;
	if (d->wait == 0)
		q.wait = 0;
	key = engine_ask(h->engine, &t, &q);
	if (key == NULL) {
		hand_bad(h, "hand.bad-name", "name", d->name, NULL);
		hand_trace_free(h);
		return;
	}
	free(h->dig_key);
	h->dig_key = xstrdup(key);
	hand_unheard(h);
	h->busy = true;
	if (h->hooks.probe != NULL && h->key == NULL)
		h->hooks.probe(h->hooks.ctx, h->dig_key);
	hand_kick(h);
}

void
hand_dig_at(struct hand *h, const struct addr *a)
{
	h->dig_to.addr = *a;
	ask(h);
}

static bool
allowed(const struct hand *h, const struct addr *a)
{
	int only = h->dig.only_v4 ? 4 : h->dig.only_v6 ? 6 : h->family;

	return only == 0 || a->family == only;
}

/* The server of the session, or the first resolver of this host. */
static bool
usual_server(struct hand *h, struct addr *out)
{
	const struct world *w = loop_world(h->loop);

	if (strcmp(h->url.proto, "dns") == 0 && h->url.addr.family != 0) {
		*out = h->url.addr;
		h->dig_to.port = h->dig.port != 53 ? h->dig.port :
		    h->url.port;
		return true;
	}
	for (size_t i = 0; i < w->nresolvers; i++)
		if (allowed(h, &w->resolvers[i])) {
			*out = w->resolvers[i];
			return true;
		}
	return false;
}

static bool
usable(struct hand *h, const struct addr *a)
{
	struct world *w = loop_world(h->loop);
	struct addr src;

	return allowed(h, a) && w->ops->source(w, a, &src) == 0;
}

static void
trace_begin(struct hand *h)
{
	const struct world *w = loop_world(h->loop);

	hand_trace_free(h);
	for (size_t i = 0; i < w->nhints; i++) {
		if (!usable(h, &w->hints[i].addr))
			continue;
		h->trace = xcalloc(1, sizeof(*h->trace));
		h->trace->zone = xstrdup(".");
		h->dig.rd = false;
		hand_dig_at(h, &w->hints[i].addr);
		return;
	}
	hand_bad(h, "hand.no-server", NULL);
}

static void
look_up_server(struct hand *h, const char *name, enum hand_for wants)
{
	const char *key = engine_look_up(h->engine, name);

	if (key == NULL) {
		hand_bad(h, "hand.bad-name", "name", name, NULL);
		return;
	}
	free(h->lookup);
	h->lookup = xstrdup(key);
	h->wants = wants;
	h->busy = true;
	hand_kick(h);
}

/* A name with other than ASCII is asked for by its A-labels. */
static bool
ascii_name(struct hand *h)
{
	char *name;

	for (const char *s = h->dig.name; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80) {
			name = hand_host(h->dig.name);
			if (name == NULL)
				return false;
			free(h->dig.name);
			h->dig.name = name;
			break;
		}
	return true;
}

void
hand_dig(struct hand *h, struct paste *p)
{
	struct addr a;
	char *host;

	if (h->dig_key != NULL || h->lookup != NULL) {
		hand_bad(h, "hand.dig-busy", NULL);
		return;
	}
	dig_take(h, &p->dig);
	h->dig_to.port = h->dig.port;
	if (!ascii_name(h))
		hand_bad(h, "hand.bad-name", "name", h->dig.name, NULL);
	else if (h->dig.trace)
		trace_begin(h);
	else if (h->dig.server == NULL) {
		if (usual_server(h, &a))
			hand_dig_at(h, &a);
		else
			hand_bad(h, "hand.no-server", NULL);
	} else if (addr_parse(&a, h->dig.server) == 0)
		hand_dig_at(h, &a);
	else if ((host = hand_host(h->dig.server)) != NULL) {
		look_up_server(h, host, HAND_FOR_DIG);
		free(host);
	} else
		hand_bad(h, "hand.bad-name", "name", h->dig.server, NULL);
}

static const struct sline *
reply_of(const struct sprobe *p)
{
	for (size_t i = p->nlines; i-- > 0;)
		if (p->lines[i].dns && p->lines[i].dir == TALK_RECEIVED)
			return &p->lines[i];
	return NULL;
}

/* Remark and :expect see the same text. */
static void
show(struct hand *h, struct buf *b)
{
	const char *at = buf_str(b);

	while (*at != '\0') {
		size_t n = strcspn(at, "\n");

		hand_heard(h, at, n);
		at += n + (at[n] == '\n');
	}
	hand_lines(h, b);
}

static void
show_reply(struct hand *h, const struct sprobe *p, const struct sline *l)
{
	const struct sfact *f = probe_fact(p, "exchange", 0);
	double ms = f == NULL ? 0 : json_num(f->value, "ms", 0);
	struct dns_msg m;
	struct buf b;
	char out[16], *text;
	const char *word;

	buf_init(&b, 0);
	hand_dig_render(&b, &h->dig, &h->dig_to, l->data, l->len, ms);
	show(h, &b);
	if (message_parse(&m, l->data, l->len) != 0)
		return;
	word = message_rcode_word(m.rcode, out);
	text = hand_explain_code(word);
	hand_heard(h, word, strlen(word));
	if (text != NULL && m.rcode != DNS_NOERROR)
		hand_text(h, HAND_EXPLAIN, text);
	free(text);
	if (h->trace != NULL)
		hand_trace_next(h, &m);
	message_free(&m);
}

void
hand_answered(struct hand *h)
{
	const struct sprobe *p = session_probe(hand_session(h), h->dig_key);
	const struct sline *l = reply_of(p);
	bool cut = l != NULL && p->reply != NULL && p->reply->tc;

	free(h->dig_key);
	h->dig_key = NULL;
	if (l == NULL) {
		char text[ADDR_STRLEN];

		h->failed = true;
		hand_bad(h, "hand.no-reply", "addr", addr_print(
		    &h->dig_to.addr, text), "outcome", p->outcome, NULL);
		hand_trace_free(h);
		return;
	}
	h->connected = true;
	if (cut && !h->dig.tcp && !h->dig.ignore) {
		hand_say(h, "hand.truncated", NULL);
		h->dig.tcp = true;
		ask(h);
		return;
	}
	show_reply(h, p, l);
}

static const struct dns_rr *
glue(const struct hand *h, const struct dns_msg *m, const char *ns)
{
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].section == DNS_ADDITIONAL &&
		    m->rrs[i].addr.family != 0 &&
		    strcmp(m->rrs[i].owner, ns) == 0 &&
		    usable((struct hand *)(uintptr_t)h, &m->rrs[i].addr))
			return &m->rrs[i];
	return NULL;
}

/* A referral leads one level down; anything else ends the trace. */
void
hand_trace_next(struct hand *h, const struct dns_msg *m)
{
	const struct dns_rr *any = NULL;

	h->dig.tcp = false;
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct dns_rr *rr = &m->rrs[i], *g;

		if (rr->section == DNS_ANSWER)
			any = NULL;
		if (rr->section != DNS_AUTHORITY || rr->type != DNS_NS ||
		    rr->target == NULL || m->aa ||
		    strcmp(rr->owner, h->trace->zone) == 0 ||
		    !message_name_within(rr->owner, h->trace->zone) ||
		    !message_name_within(h->dig.name, rr->owner))
			continue;
		if (++h->trace->steps > TRACE_STEPS)
			break;
		if ((g = glue(h, m, rr->target)) != NULL) {
			free(h->trace->zone);
			h->trace->zone = xstrdup(rr->owner);
			hand_dig_at(h, &g->addr);
			return;
		}
		if (any == NULL)
			any = rr;
	}
	if (any == NULL || h->trace->steps > TRACE_STEPS) {
		hand_trace_free(h);
		return;
	}
	free(h->trace->zone);
	h->trace->zone = xstrdup(any->owner);
	look_up_server(h, any->target, HAND_FOR_TRACE);
}
