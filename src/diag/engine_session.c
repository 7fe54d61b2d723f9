/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a session begins with: of whom and from where it is asked, when, with
 * which options, resolvers and hints, so that the same judgement can be made
 * of a recording.
 */
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "diag/engine_probe.h"

static void
put_addr(json_t *o, const char *key, struct world *w, const char *towards)
{
	struct addr dst, src;
	char text[ADDR_STRLEN];

	addr_parse(&dst, towards);
	if (w->ops->source(w, &dst, &src) == 0)
		json_put_str(o, key, addr_print(&src, text));
}

/* What is here: an address the system would use towards a root server. */
static json_t *
vantage(const struct engine *e)
{
	json_t *o = json_object();
	struct world *w = e->world;
	char text[ADDR_STRLEN];
	bool done[2] = { false, false };

	for (size_t i = 0; i < w->nhints; i++) {
		int f = FAMILY(&w->hints[i].addr);

		if (done[f])
			continue;
		done[f] = true;
		put_addr(o, f == 0 ? "v4" : "v6", w,
		    addr_print(&w->hints[i].addr, text));
	}
	return o;
}

static json_t *
subject_json(const struct subject *s)
{
	static const char *const kinds[] = { "domain", "mail", "url" };
	json_t *o = json_object();

	json_put_str(o, "input", s->input);
	json_put_str(o, "name", s->name);
	json_put_str(o, "unicode", s->unicode != NULL ? s->unicode : s->name);
	json_put_str(o, "kind", kinds[s->kind]);
	if (s->mailbox != NULL)
		json_put_str(o, "mailbox", s->mailbox);
	if (s->scheme != NULL)
		json_put_str(o, "scheme", s->scheme);
	if (s->port != 0)
		json_put_int(o, "port", s->port);
	if (s->path != NULL)
		json_put_str(o, "path", s->path);
	if (s->repaired)
		json_put_str(o, "repairs", s->repairs);
	return o;
}

static json_t *
addr_list(const struct addr *list, size_t n)
{
	json_t *a = json_array();
	char text[ADDR_STRLEN];

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_string(addr_print(&list[i],
		    text)));
	return a;
}

static json_t *
prefix_list(const struct world *w)
{
	json_t *a = json_array();
	char text[ADDR_STRLEN];

	for (size_t i = 0; i < w->nglobal; i++)
		json_array_append_new(a, json_sprintf("%s/%d",
		    addr_print(&w->global[i].addr, text), w->global[i].len));
	return a;
}

bool
engine_account(const struct engine_opts *p)
{
	return p->mailbox != NULL && p->password != NULL && !p->read_only;
}

/* What is known of the account, but for its password. */
static void
put_account(json_t *o, const struct engine_opts *p)
{
	if (p->mail_host != NULL)
		json_put_str(o, "mail_host", p->mail_host);
	if (p->mailbox == NULL)
		return;
	json_put_str(o, "mailbox", p->mailbox);
	json_put_flag(o, "account", engine_account(p));
	json_put_flag(o, "send_mail", p->send_mail && engine_account(p));
	if (p->wait > 0)
		json_put_int(o, "wait", p->wait);
}

static json_t *
first_json(const struct engine_opts *p)
{
	json_t *o = endpoint_json(p->first);

	if (p->first_family != 0 && p->first->addr.family == 0)
		json_put_int(o, "family", p->first_family);
	return o;
}

static json_t *
options_json(const struct engine *e)
{
	const struct engine_opts *p = &e->opts;
	json_t *o = json_object(), *skip = json_array(), *hosts = json_array();

	json_put_flag(o, "v4", !p->no_v4);
	json_put_flag(o, "v6", !p->no_v6);
	json_put_int(o, "tries", p->tries);
	json_put_num(o, "scale", p->scale);
	for (int i = 0; i < STEP_COUNT; i++)
		if (p->skip[i])
			json_array_append_new(skip,
			    json_string(step_rows[i].id));
	json_put(o, "skip", skip);
	for (size_t i = 0; i < p->nhosts; i++)
		json_array_append_new(hosts, json_string(p->hosts[i]));
	json_put(o, "hosts", hosts);
	if (p->helo != NULL)
		json_put_str(o, "helo", p->helo);
	if (p->mail_from != NULL)
		json_put_str(o, "mail_from", p->mail_from);
	if (e->rcpt != NULL)
		json_put_str(o, "rcpt", e->rcpt);
	json_put_flag(o, "read_only", p->read_only);
	put_account(o, p);
	json_put_flag(o, "outside", p->outside);
	if (p->symptom != NULL)
		json_put_str(o, "symptom", p->symptom);
	if (p->first != NULL)
		json_put(o, "first", first_json(p));
	json_put(o, "resolvers", addr_list(e->world->resolvers,
	    e->world->nresolvers));
	json_put(o, "global", prefix_list(e->world));
	return o;
}

static json_t *
hints_json(const struct world *w)
{
	json_t *a = json_array();
	char text[ADDR_STRLEN];

	for (size_t i = 0; i < w->nhints; i++) {
		json_t *o = json_object();

		json_put_str(o, "ns", w->hints[i].name);
		json_put_str(o, "addr", addr_print(&w->hints[i].addr, text));
		json_array_append_new(a, o);
	}
	return a;
}

static void
put_label(json_t *o, const char *key, struct world *w)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char r[12];
	char label[sizeof r + 1];

	w->ops->random(w, r, sizeof r);
	for (size_t i = 0; i < sizeof r; i++)
		label[i] = letters[r[i] & 31];
	label[sizeof r] = '\0';
	json_put_str(o, key, label);
}

static void
put_date(json_t *o, struct world *w)
{
	time_t t = (time_t)(w->ops->wall(w) / NSEC_PER_SEC);
	struct tm tm;
	char text[32];

	json_put_int(o, "epoch", (int64_t)t);
	if (gmtime_r(&t, &tm) != NULL && strftime(text, sizeof text,
	    "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		json_put_str(o, "date", text);
}

json_t *
engine_session_json(const struct engine *e)
{
	json_t *o = json_object();

	json_put_str(o, "tadoru", e->opts.version);
	put_date(o, e->world);
	json_put(o, "subject", subject_json(e->subject));
	json_put(o, "options", options_json(e));
	if (e->opts.alert != NULL)
		json_put(o, "alert", json_deep_copy(e->opts.alert));
	if (e->opts.last != NULL)
		json_put(o, "last", json_deep_copy(e->opts.last));
	json_put(o, "vantage", vantage(e));
	put_label(o, "label", e->world);
	if (engine_account(&e->opts) && (e->opts.send_mail ||
	    (e->opts.asks & 1u << ASK_SEND_MAIL) != 0))
		put_label(o, "token", e->world);
	json_put(o, "hints", hints_json(e->world));
	return o;
}
