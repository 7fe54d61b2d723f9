/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was done and what was left out: steps, addresses and logins not asked
 * and why, limits that cut something off, the count of probes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/summary_parts.h"

static void
not_asked(json_t *a, const char *what, const char *why)
{
	json_t *o = json_object();

	json_put_str(o, "what", what);
	json_put_str(o, "why", why);
	json_array_append_new(a, o);
}

/* A login that was wanted and not tried. */
static void
login_not_asked(json_t *a, const struct sprobe *p)
{
	const struct sfact *f = p->step == STEP_MAILBOX ?
	    probe_fact(p, "login", 0) : NULL;
	const char *why = f == NULL ? "" : json_str(f->value, "why");
	char text[ADDR_STRLEN], *what, *word;

	if (*why == '\0' || strcmp(p->what, "login") != 0)
		return;
	what = xasprintf("%s %s %s", p->ep.proto, p->ep.name,
	    addr_print(&p->ep.addr, text));
	word = xasprintf("login-%s", why);
	not_asked(a, what, word);
	free(word);
	free(what);
}

json_t *
summary_not_asked(const struct model *m)
{
	json_t *a = json_array();

	for (int i = 0; i < STEP_COUNT; i++)
		if (m->s->steps[i] == STEP_NOT_ASKED)
			not_asked(a, step_rows[i].id, m->skip[i] ? "option" :
			    "not-built");
	for (size_t i = 0; i < m->nservers; i++) {
		const struct mserver *s = &m->servers[i];
		char text[ADDR_STRLEN], *what;

		if (s->state != MS_SILENT && !s->special)
			continue;
		what = xasprintf("%s %s", s->ns, addr_print(&s->addr, text));
		not_asked(a, what, s->special ? "special" : "silent");
		free(what);
	}
	for (size_t i = 0; i < m->s->nprobes; i++)
		login_not_asked(a, m->s->probes[i]);
	return a;
}

bool
summary_unserved(const struct model *m)
{
	if (m->zstate != ZONE_FOUND)
		return false;
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state == MS_OK)
			return false;
	return true;
}

/* No server could be asked at all: there is no finding of theirs to say so. */
static bool
no_server(const struct model *m)
{
	for (size_t i = 0; i < m->nservers; i++)
		if (m->servers[i].state != MS_UNASKED)
			return false;
	return summary_unserved(m);
}

/* What was cut off: the words have sentences in the help. */
json_t *
summary_limits(const struct model *m)
{
	json_t *a = json_array();
	static const struct {
		unsigned	 bit;
		const char	*word;
	} cuts[] = { { MODEL_CUT_NS, "ns" }, { MODEL_CUT_MX, "mx" },
		{ MODEL_CUT_ADDRS, "addrs" }, { MODEL_CUT_PAGES, "pages" },
		{ MODEL_CUT_MAILBOX, "mailbox" } };
	bool interrupted = summary_unfinished(m), questions = false;
	bool records = false;

	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];

		interrupted = interrupted || p->state == PROBE_RUNNING ||
		    strcmp(p->outcome, "interrupted") == 0;
		questions = questions || strcmp(p->outcome, "limit") == 0;
		records = records || (p->reply != NULL && p->reply->nmore > 0);
	}
	if (interrupted)
		json_array_append_new(a, json_string("interrupted"));
	if (questions)
		json_array_append_new(a, json_string("questions"));
	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
		if ((m->left_out & cuts[i].bit) != 0)
			json_array_append_new(a, json_string(cuts[i].word));
	if (records)
		json_array_append_new(a, json_string("records"));
	if (no_server(m))
		json_array_append_new(a, json_string("servers"));
	if (m->s->dropped)
		json_array_append_new(a, json_string("session"));
	return a;
}

int64_t
summary_probes(const struct session *s, bool dns)
{
	int64_t n = 0;

	for (size_t i = 0; i < s->nprobes; i++) {
		const struct sprobe *p = s->probes[i];

		if (p->state == PROBE_SKIPPED)
			continue;
		if (dns)
			n += p->qname != NULL;
		else if (p->step == STEP_WEB || p->step == STEP_MAIL_IN ||
		    p->step == STEP_MAILBOX)
			n += p->attempts;
	}
	return n;
}
