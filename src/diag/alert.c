/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An alert read: the rule that fits says what kind of trouble it is, the
 * names and addresses nearest to those words say where, and both together the
 * step and endpoint to begin with. What the text does not say is left out.
 */
#include "diag/alert.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/alert_parts.h"
#include "diag/subject.h"

struct read {
	struct alert	*a;
	const char	*text;
	size_t		 at;		/* of the words of the rule */
	size_t		 line, line_end;
	bool		 ruled;
	const char	*proto;
	struct items	*items;
	const struct item *addr, *host, *rcpt;
};

const char *
alert_class_word(enum alert_class class)
{
	static const char *const words[ALERT_CLASSES] = {
		[ALERT_NONE] = "", [ALERT_TIMEOUT] = "timeout",
		[ALERT_REFUSED] = "refused",
		[ALERT_UNREACHABLE] = "unreachable",
		[ALERT_CLOSED] = "closed", [ALERT_NO_NAME] = "no-name",
		[ALERT_TRY_AGAIN] = "try-again",
		[ALERT_NO_ANSWER] = "no-answer", [ALERT_LAME] = "lame",
		[ALERT_TRANSFER] = "transfer", [ALERT_DNSSEC] = "dnssec",
		[ALERT_NULL_MX] = "null-mx", [ALERT_LOOP] = "loop",
		[ALERT_TLS] = "tls", [ALERT_CERT] = "certificate",
		[ALERT_CONTENT] = "content", [ALERT_GREETING] = "greeting",
		[ALERT_LATER] = "later", [ALERT_REJECTED] = "rejected",
		[ALERT_POLICY] = "policy", [ALERT_LOSS] = "loss",
		[ALERT_DOWN] = "down", [ALERT_SLOW] = "slow",
		[ALERT_UNSTABLE] = "unstable", [ALERT_WORDS] = "words",
	};

	return words[class];
}

static void
find_line(struct read *r)
{
	r->line = r->at;
	while (r->line > 0 && r->text[r->line - 1] != '\n')
		r->line--;
	r->line_end = r->at + strcspn(r->text + r->at, "\n");
}

static bool
on_line(const struct read *r, const struct item *i)
{
	return r->ruled && i->at >= r->line && i->at < r->line_end;
}

/* How well an item fits: what stands near the words of the rule, best before
   them on their line. */
static int
fitness(const struct read *r, const struct item *i)
{
	int w = i->weight;

	if (on_line(r, i) && w > 5)
		w += i->end <= r->at ? 8 : 4;
	return w;
}

/* The address that is meant: the last before the words on their line, the
   first after them, else the surest. */
static void
choose_addr(struct read *r)
{
	const struct item *before = NULL, *after = NULL, *best = NULL;

	for (size_t k = 0; k < r->items->n; k++) {
		const struct item *i = &r->items->list[k];

		if (i->kind != ITEM_ADDR || i->weight <= 5)
			continue;
		if (on_line(r, i) && i->end <= r->at)
			before = i;
		else if (on_line(r, i) && after == NULL)
			after = i;
		if (best == NULL || i->weight > best->weight)
			best = i;
	}
	r->addr = before != NULL ? before : after != NULL ? after : best;
}

/* The name that stands directly before the address: "mx[2001:db8::25]". */
static const struct item *
named_addr(const struct read *r)
{
	for (size_t k = 0; r->addr != NULL && k < r->items->n; k++) {
		const struct item *i = &r->items->list[k];

		if (i->kind == ITEM_NAME && i->end <= r->addr->at &&
		    r->addr->at - i->end <= 2 && strspn(r->text + i->end,
		    " (,[") >= r->addr->at - i->end)
			return i;
	}
	return NULL;
}

static void
choose_host(struct read *r)
{
	const struct item *best = named_addr(r);

	bool named = best != NULL;

	for (size_t k = 0; !named && k < r->items->n; k++) {
		const struct item *i = &r->items->list[k];

		if (i->kind == ITEM_ADDR || i->kind == ITEM_MAIL ||
		    i->weight <= 5)
			continue;
		if (best == NULL || fitness(r, i) > fitness(r, best))
			best = i;
	}
	r->host = best;
}

static void
choose_rcpt(struct read *r)
{
	for (size_t k = 0; k < r->items->n; k++) {
		const struct item *i = &r->items->list[k];

		if (i->kind == ITEM_MAIL && i->weight > 10 &&
		    (r->rcpt == NULL || fitness(r, i) > fitness(r, r->rcpt)))
			r->rcpt = i;
	}
}

static bool
is_mail(const char *proto)
{
	return strcmp(proto, "smtp") == 0 || strcmp(proto, "smtps") == 0 ||
	    strcmp(proto, "submission") == 0 ||
	    strncmp(proto, "imap", 4) == 0 || strncmp(proto, "pop3", 4) == 0;
}

static unsigned
chosen_port(const struct read *r)
{
	unsigned port = r->addr != NULL ? r->addr->port : 0;

	if (port == 0 && r->host != NULL && r->host->kind == ITEM_NAME)
		port = r->host->port;
	return port != 0 ? port : alert_command_port(r->text);
}

/* Which protocol: the rule, the port, the URL, the words. */
static void
choose_proto(struct read *r, const struct alert_rule *rule)
{
	const char *words = alert_proto(r->text, r->a->source);
	unsigned port = chosen_port(r);

	r->proto = rule == NULL ? "" : rule->proto;
	if (*r->proto == '\0')
		r->proto = alert_port_proto(port);
	if (*r->proto == '\0' && r->host != NULL &&
	    r->host->kind == ITEM_URL)
		r->proto = strncmp(r->host->full, "https", 5) == 0 ? "https" :
		    "http";
	if (*r->proto == '\0' && port == 0)
		r->proto = words;
	if (strcmp(r->proto, "http") == 0 && port == 0 &&
	    (r->a->class == ALERT_CERT || r->a->class == ALERT_TLS ||
	    strcmp(words, "https") == 0))
		r->proto = "https";
	if (*r->proto == '\0' && (r->a->class == ALERT_CERT ||
	    r->a->class == ALERT_TLS))
		r->proto = "https";
}

static enum step_id
step_of(const char *proto)
{
	if (strcmp(proto, "dns") == 0)
		return STEP_SERVERS;
	if (strcmp(proto, "smtp") == 0)
		return STEP_MAIL_IN;
	return is_mail(proto) ? STEP_MAILBOX : STEP_WEB;
}

static char *
a_label(const char *name)
{
	struct subject s;
	const char *why;
	char *hint, *out = NULL;

	if (subject_parse(&s, name, &why, &hint) != 0) {
		free(hint);
		return NULL;
	}
	if (s.kind == SUBJECT_DOMAIN)
		out = xstrdup(s.name);
	subject_free(&s);
	return out;
}

static bool
readable(const char *text)
{
	struct subject s;
	const char *why;
	char *hint;

	if (subject_parse(&s, text, &why, &hint) != 0) {
		free(hint);
		return false;
	}
	subject_free(&s);
	return true;
}

/* What is to be diagnosed: a recipient for mail, a URL for the web, a name. */
static void
choose_subject(struct read *r)
{
	const struct item *rcpt = r->rcpt, *host = r->host;
	const char *text = NULL;
	bool mail = is_mail(r->proto) || *r->proto == '\0';

	if (rcpt != NULL && (mail || host == NULL))
		text = rcpt->full;
	else if (host != NULL && host->kind == ITEM_URL &&
	    strncmp(r->proto, "http", 4) == 0)
		text = host->full;
	else if (host != NULL)
		text = host->name;
	if (text != NULL && readable(text))
		r->a->subject = xstrdup(text);
	if (rcpt != NULL && readable(rcpt->full))
		r->a->recipient = xstrdup(rcpt->full);
}

static void
fill_endpoint(struct read *r)
{
	struct endpoint *ep = &r->a->ep;
	char *name = r->host == NULL ? NULL : a_label(r->host->name);
	unsigned port = chosen_port(r);

	/* The name asked for is not the name of the server that was asked. */
	if (r->a->step == STEP_SERVERS && r->addr != NULL &&
	    named_addr(r) == NULL) {
		free(name);
		name = NULL;
	}
	ep->name = name != NULL ? name : xstrdup("");
	if (r->addr != NULL) {
		ep->addr = r->addr->addr;
		r->a->family = ep->addr.family;
	} else
		r->a->family = alert_family(r->text);
	if (port == 0 && r->host != NULL)
		port = r->host->port;
	if (port == 0)
		port = alert_proto_port(r->proto);
	ep->port = (uint16_t)port;
	ep->tls = -1;
	strncpy(ep->proto, r->proto, sizeof ep->proto - 1);
}

static void
decide(struct read *r, const struct alert_rule *rule)
{
	struct alert *a = r->a;

	a->class = rule == NULL ? ALERT_NONE : rule->class;
	choose_addr(r);
	choose_host(r);
	choose_rcpt(r);
	choose_proto(r, rule);
	a->step = rule == NULL || rule->step == BY_PROTOCOL ?
	    step_of(r->proto) : rule->step;
	choose_subject(r);
	fill_endpoint(r);
	a->recognised = step_rows[a->step].built != 0 &&
	    (a->class != ALERT_NONE || (a->ep.port != 0 &&
	    a->ep.addr.family != 0)) && a->step != STEP_SUMMARY;
	if (a->subject == NULL)
		a->host = alert_short_host(r->text);
}

void
alert_parse(struct alert *a, const char *in, size_t n)
{
	char *text = alert_plain(in, n), *part = alert_sub_line(text);
	struct items items;
	struct read r = { .a = a, .text = text, .items = &items };
	const struct alert_rule *rule = NULL;
	size_t at;

	memset(a, 0, sizeof *a);
	a->source = alert_source(text);
	if (part != NULL && (rule = alert_rule(part, &at)) != NULL)
		r.at = (size_t)(strstr(text, part) - text) + at;
	else
		rule = alert_rule(text, &r.at);
	r.ruled = rule != NULL;
	find_line(&r);
	alert_items(&items, text);
	decide(&r, rule);
	a->when = alert_when(text);
	alert_items_free(&items);
	free(part);
	free(text);
}

void
alert_free(struct alert *a)
{
	free(a->subject);
	free(a->host);
	free(a->recipient);
	free(a->when);
	endpoint_clear(&a->ep);
	memset(a, 0, sizeof *a);
}

json_t *
alert_json(const struct alert *a)
{
	json_t *o = json_object();

	json_put_str(o, "source", a->source);
	if (a->class != ALERT_NONE)
		json_put_str(o, "class", alert_class_word(a->class));
	json_put_str(o, "step", step_rows[a->step].id);
	json_put_flag(o, "recognised", a->recognised);
	json_put(o, "endpoint", endpoint_json(&a->ep));
	if (a->family != 0)
		json_put_int(o, "family", a->family);
	if (a->recipient != NULL)
		json_put_str(o, "recipient", a->recipient);
	if (a->when != NULL)
		json_put_str(o, "when", a->when);
	return o;
}
