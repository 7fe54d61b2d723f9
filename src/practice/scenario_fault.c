/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The word "fault" of a scenario: whom it is about, under which conditions,
 * and what happens then. Faults of DNS that concern a whole address become
 * faults of the network, so that no packet arrives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/practice.h"

enum argument { NOTHING, NUMBER, OPTIONAL_NUMBER, RCODE, ADDRESS, KIND, ICMP,
	TEXT, OPTIONAL_TEXT, LINE };

static const struct dns_word {
	const char	*word;
	enum dns_action	 action;
	enum argument	 argument;
	long		 number;
} dns_words[] = {
	{ "silent", DNS_SILENT, NOTHING, 0 },
	{ "refuse-port", DNS_REFUSE_PORT, NOTHING, 0 },
	{ "icmp", DNS_ICMP, ICMP, 0 },
	{ "delay", DNS_DELAY, NUMBER, 0 },
	{ "rcode", DNS_RCODE, RCODE, 0 },
	{ "nxdomain", DNS_RCODE, NOTHING, DNS_NXDOMAIN },
	{ "nodata", DNS_NODATA, NOTHING, 0 },
	{ "no-soa", DNS_NO_SOA, NOTHING, 0 },
	{ "empty", DNS_EMPTY, NOTHING, 0 },
	{ "no-aa", DNS_NO_AA, NOTHING, 0 },
	{ "ra", DNS_RA, NOTHING, 0 },
	{ "lame", DNS_LAME, NOTHING, 0 },
	{ "upward", DNS_UPWARD, NOTHING, 0 },
	{ "truncate", DNS_TRUNCATE, NOTHING, 0 },
	{ "wrong-source", DNS_WRONG_SOURCE, ADDRESS, 0 },
	{ "wrong-id", DNS_WRONG_ID, NOTHING, 0 },
	{ "wrong-question", DNS_WRONG_QUESTION, NOTHING, 0 },
	{ "no-question", DNS_NO_QUESTION, NOTHING, 0 },
	{ "broken", DNS_BROKEN, KIND, 0 },
	{ "huge", DNS_HUGE, NUMBER, 0 },
	{ "many-ns", DNS_MANY_NS, NUMBER, 0 },
	{ "close", DNS_CLOSE, NOTHING, 0 },
	{ "half", DNS_HALF, NOTHING, 0 },
	{ "drip", DNS_DRIP, NOTHING, 0 },
	{ "rate", DNS_RATE, NUMBER, 0 },
	{ "pick", DNS_PICK, NUMBER, 0 },
	{ "twice", DNS_TWICE, NOTHING, 0 }
};

static const char *const	kinds[] = { "short-rdata", "loop", "rdlength",
	"count", "garbage", "nothing", "cut", "other-type", "trailing",
	"label" };

static const char *const	rcodes[] = { "noerror", "formerr", "servfail",
	"nxdomain", "notimp", "refused", "yxdomain", "yxrrset", "nxrrset",
	"notauth", "notzone" };

static const struct talk_word {
	const char		*word;
	enum talk_action	 action;
	enum argument		 argument;
	bool			 http, smtp;
} talk_words[] = {
	{ "status", TALK_STATUS, NUMBER, true, false },
	{ "reply", TALK_REPLY, TEXT, true, true },
	{ "stall", TALK_STALL, OPTIONAL_NUMBER, true, true },
	{ "cut", TALK_CUT_BODY, NUMBER, true, false },
	{ "close", TALK_CLOSE, NOTHING, true, true },
	{ "reset", TALK_RESET, NOTHING, true, true },
	{ "garbled", TALK_GARBLED, NOTHING, true, true },
	{ "drip", TALK_DRIP, OPTIONAL_TEXT, true, true },
	{ "endless-headers", TALK_ENDLESS_HEADERS, NOTHING, true, false },
	{ "endless-body", TALK_ENDLESS_BODY, NOTHING, true, false },
	{ "endless-lines", TALK_ENDLESS_LINES, NOTHING, false, true },
	{ "long-line", TALK_LONG_LINE, NOTHING, true, true },
	{ "escape", TALK_ESCAPE, NOTHING, true, true },
	{ "nul", TALK_NUL, NOTHING, true, true },
	{ "bad-chunk", TALK_BAD_CHUNK, NOTHING, true, false },
	{ "plain", TALK_PLAIN, NOTHING, true, false },
	{ "inject", TALK_INJECT, NOTHING, false, true },
	{ "delay", TALK_WAIT, NUMBER, false, true },
	{ "bare-lf", TALK_BARE_LF, NOTHING, false, true }
};

/* The index of the next word in a list; -1 and what was expected. */
static long
index_of(struct words *w, const char *const *list, size_t n)
{
	const char	*s = words_next(w);
	struct buf	 b;
	size_t		 i;

	for (i = 0; i < n; i++)
		if (s != NULL && text_casecmp(list[i], s) == 0)
			return ((long)i);
	buf_init(&b, 0);
	for (i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : "|", list[i]);
	words_expected(w, buf_str(&b));
	buf_free(&b);
	return (-1);
}

static int
too_many_types(struct words *w)
{
	char	most[24];

	snprintf(most, sizeof most, "%d TYPE", DNS_FAULT_TYPES);
	return (words_refuse(w, REFUSAL_AT_MOST, most));
}

static int
dns_types(struct words *w, struct dns_fault *f)
{
	const char	*s = words_next(w);
	char		*one;
	size_t		 n;
	int		 type;

	if (s == NULL)
		return (words_expected(w, "TYPE"));
	for (;; s += n + 1) {
		n = strcspn(s, ",");
		one = xstrndup(s, n);
		type = message_type_parse(one);
		free(one);
		if (type < 0)
			return (words_expected(w, "TYPE[,TYPE]..."));
		if (f->ntypes == DNS_FAULT_TYPES)
			return (too_many_types(w));
		f->types[f->ntypes++] = (uint16_t)type;
		if (s[n] == '\0')
			return (0);
	}
}

/* 1: one was eaten, 0: none is left, -1: wrong. */
static int
dns_condition(struct words *w, struct dns_fault *f)
{
	unsigned char	name[NAME_MAX_WIRE];
	long		n;

	if (words_is(w, "udp"))
		f->tcp = false;
	else if (words_is(w, "tcp"))
		f->udp = false;
	else if (words_is(w, "edns"))
		f->edns = 1;
	else if (words_is(w, "no-edns"))
		f->edns = 0;
	else if (words_is(w, "same-port"))
		f->same_port = true;
	else if (words_is(w, "type"))
		return (dns_types(w, f) == 0 ? 1 : -1);
	else if (words_is(w, "attempt"))
		return (words_attempt(w, &f->first, &f->last) == 0 ? 1 : -1);
	else if (words_is(w, "time"))
		return (words_span(w, &f->span) == 0 ? 1 : -1);
	else if (words_is(w, "name")) {
		if (words_name(w, name) == -1)
			return (-1);
		free(f->name);
		f->name = name_dup(name);
	} else if (words_is(w, "size")) {
		if (words_number(w, 1, 65535, &n) == -1)
			return (-1);
		f->size = (size_t)n;
	} else
		return (0);
	return (1);
}

static int
dns_argument(struct words *w, struct dns_fault *f, const struct dns_word *d)
{
	struct mem_fault	icmp = { .kind = MEM_ICMP };

	f->action = d->action;
	f->number = d->number;
	switch (d->argument) {
	case NUMBER:
		return (words_number(w, 1, 600000, &f->number));
	case RCODE:
		f->number = index_of(w, rcodes, sizeof rcodes / sizeof *rcodes);
		return (f->number == -1 ? -1 : 0);
	case KIND:
		f->number = index_of(w, kinds, sizeof kinds / sizeof *kinds);
		return (f->number == -1 ? -1 : 0);
	case ADDRESS:
		return (words_addr(w, &f->addr));
	case ICMP:
		w->at--;
		if (words_net_action(w, &icmp) == -1)
			return (-1);
		f->icmp_type = icmp.icmp_type;
		f->icmp_code = icmp.icmp_code;
		f->addr = icmp.sender;
		return (0);
	default:
		return (0);
	}
}

static int
dns_action(struct words *w, struct dns_fault *f)
{
	static const char	*names[sizeof dns_words / sizeof *dns_words];
	size_t			 i;
	long			 found;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		names[i] = dns_words[i].word;
	found = index_of(w, names, sizeof names / sizeof *names);
	if (found == -1)
		return (-1);
	return (dns_argument(w, f, &dns_words[found]));
}

static void
add_dns(struct scenario *s, const struct dns_fault *f)
{
	s->faults.list = xreallocarray(s->faults.list, s->faults.n + 1,
	    sizeof *s->faults.list);
	s->faults.list[s->faults.n++] = *f;
}

/* Does it concern the whole port, whatever is asked? Then make it so. */
static bool
whole_port(struct scenario *s, const struct dns_fault *f)
{
	struct mem_fault	m = { .port = 53 };
	size_t			i;

	if (f->name != NULL || f->ntypes > 0 || f->size != 0 ||
	    f->edns != -1 || f->same_port || (f->action != DNS_SILENT &&
	    f->action != DNS_REFUSE_PORT && f->action != DNS_ICMP))
		return (false);
	m.kind = f->action == DNS_SILENT ? MEM_SILENT :
	    f->action == DNS_ICMP ? MEM_ICMP : MEM_REFUSED;
	m.proto = f->udp && f->tcp ? 0 : f->udp ? 17 : 6;
	m.first = f->first;
	m.last = f->last;
	m.span = f->span;
	m.icmp_type = f->icmp_type;
	m.icmp_code = f->icmp_code;
	m.sender = f->addr;
	for (i = 0; i < f->nwho; i++) {
		m.to.addr = f->who[i];
		m.to.len = m.to.addr.family == 4 ? 32 : 128;
		scenario_net_fault(s, &m);
	}
	return (true);
}

/* Port unreachable is another ICMP code in each family. */
static void
add_refused(struct scenario *s, struct dns_fault *f)
{
	struct dns_fault	one;
	size_t			i;

	for (i = 0; i < f->nwho; i++) {
		one = *f;
		one.who = xmalloc(sizeof *one.who);
		one.who[0] = f->who[i];
		one.nwho = 1;
		one.name = f->name != NULL ? name_dup(f->name) : NULL;
		one.icmp_type = f->who[i].family == 4 ? 3 : 1;
		one.icmp_code = f->who[i].family == 4 ? 3 : 4;
		add_dns(s, &one);
	}
}

static int
fault_dns(struct words *w)
{
	struct dns_fault	f = { .udp = true, .tcp = true, .edns = -1 };
	struct addrs		who = { NULL, 0 };
	int			rc;

	rc = words_who(w, WHO_DNS, &who);
	f.who = who.list;
	f.nwho = who.n;
	if (rc == 0)
		while ((rc = dns_condition(w, &f)) == 1)
			continue;
	if (rc == 0)
		rc = dns_action(w, &f);
	if (rc == 0 && words_end(w) == -1)
		rc = -1;
	if (rc == 0 && !whole_port(w->s, &f)) {
		if (f.action != DNS_REFUSE_PORT) {
			add_dns(w->s, &f);
			return (0);
		}
		add_refused(w->s, &f);
	}
	free(f.who);
	free(f.name);
	return (rc);
}

static int
net_conditions(struct words *w, struct mem_fault *f)
{
	long	n;

	for (;;) {
		if (words_is(w, "port")) {
			if (words_number(w, 1, 65535, &n) == -1)
				return (-1);
			f->port = (uint16_t)n;
		} else if (words_is(w, "attempt")) {
			if (words_attempt(w, &f->first, &f->last) == -1)
				return (-1);
		} else if (words_is(w, "time")) {
			if (words_span(w, &f->span) == -1)
				return (-1);
		} else if (words_is(w, "idle")) {
			if (words_number(w, 1, 86400, &n) == -1)
				return (-1);
			f->idle = n * NSEC_PER_SEC;
		} else
			return (0);
	}
}

static int
fault_net(struct words *w, int proto)
{
	struct addrs		who = { NULL, 0 };
	struct mem_fault	f = { .proto = proto };
	size_t			i;
	int			rc;

	rc = words_who(w, WHO_ANY, &who);
	if (rc == 0)
		rc = net_conditions(w, &f);
	if (rc == 0)
		rc = words_net_action(w, &f);
	for (i = 0; i < who.n && rc == 0; i++) {
		f.to.addr = who.list[i];
		f.to.len = f.to.addr.family == 4 ? 32 : 128;
		scenario_net_fault(w->s, &f);
	}
	free(who.list);
	return (rc);
}

static int
talk_conditions(struct words *w, struct talk_fault *f, bool smtp)
{
	long	n;

	for (;;) {
		if (words_is(w, "port")) {
			if (words_number(w, 1, 65535, &n) == -1)
				return (-1);
			f->port = (uint16_t)n;
		} else if (words_is(w, "attempt")) {
			if (words_attempt(w, &f->first, &f->last) == -1)
				return (-1);
		} else if (words_is(w, "time")) {
			if (words_span(w, &f->span) == -1)
				return (-1);
		} else if (smtp && words_is(w, "at")) {
			if (words_text(w, &f->verb) == -1)
				return (-1);
		} else
			return (0);
	}
}

static int
talk_argument(struct words *w, struct talk_fault *f, enum argument argument)
{
	if (argument == NUMBER || (argument == OPTIONAL_NUMBER &&
	    words_more(w)))
		return (words_number(w, 0, 600000, &f->number));
	if (argument == TEXT || (argument == OPTIONAL_TEXT && words_more(w)))
		return (words_text(w, &f->text));
	return (0);
}

static int
talk_action(struct words *w, struct talk_fault *f, bool smtp)
{
	const char	*names[sizeof talk_words / sizeof *talk_words];
	size_t		 at[sizeof talk_words / sizeof *talk_words], i, n = 0;
	long		 found;

	for (i = 0; i < sizeof at / sizeof *at; i++)
		if (smtp ? talk_words[i].smtp : talk_words[i].http) {
			names[n] = talk_words[i].word;
			at[n++] = i;
		}
	if ((found = index_of(w, names, n)) == -1)
		return (-1);
	f->action = talk_words[at[found]].action;
	return (talk_argument(w, f, talk_words[at[found]].argument));
}

enum fault_kind { FAULT_HTTP, FAULT_SMTP, FAULT_POP, FAULT_IMAP };

static int
fault_talk(struct words *w, enum fault_kind kind)
{
	static const unsigned	 whom[] = { WHO_WEB, WHO_MAIL, WHO_BOX,
		WHO_BOX };
	bool			 smtp = kind != FAULT_HTTP;
	struct services		*all = &w->s->services;
	struct talk_fault	 f = { .port = 0 }, **list;
	struct addrs		 who = { NULL, 0 };
	size_t			*n;

	list = kind == FAULT_HTTP ? &all->http_faults :
	    kind == FAULT_SMTP ? &all->smtp_faults :
	    &all->box_faults[kind == FAULT_IMAP];
	n = kind == FAULT_HTTP ? &all->nhttp_faults :
	    kind == FAULT_SMTP ? &all->nsmtp_faults :
	    &all->nbox_faults[kind == FAULT_IMAP];
	if (words_who(w, whom[kind], &who) == -1 ||
	    talk_conditions(w, &f, smtp) == -1 ||
	    talk_action(w, &f, smtp) == -1) {
		free(who.list);
		free(f.verb);
		free(f.text);
		return (-1);
	}
	f.who = who.list;
	f.nwho = who.n;
	*list = xreallocarray(*list, *n + 1, sizeof **list);
	(*list)[(*n)++] = f;
	return (0);
}

int
word_fault(struct words *w)
{
	if (words_is(w, "dns"))
		return (fault_dns(w));
	if (words_is(w, "tcp"))
		return (fault_net(w, 6));
	if (words_is(w, "udp"))
		return (fault_net(w, 17));
	if (words_is(w, "net"))
		return (fault_net(w, 0));
	if (words_is(w, "http"))
		return (fault_talk(w, FAULT_HTTP));
	if (words_is(w, "smtp"))
		return (fault_talk(w, FAULT_SMTP));
	if (words_is(w, "pop"))
		return (fault_talk(w, FAULT_POP));
	if (words_is(w, "imap"))
		return (fault_talk(w, FAULT_IMAP));
	words_next(w);
	return (words_expected(w, "dns|tcp|udp|net|http|smtp|pop|imap"));
}
