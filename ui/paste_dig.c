/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of dig, nslookup and host: in any order, a type before or after
 * the name, options by their beginnings as dig takes them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "dns/message.h"
#include "ui/paste_words.h"

#define TYPE_ANY 255

void
dig_begin(struct dig_state *s, struct paste *p)
{
	memset(s, 0, sizeof(*s));
	s->p = p;
	s->d = &p->dig;
	p->kind = PASTE_DIG;
	s->d->type = DNS_A;
	s->d->rd = true;
	s->d->ad = true;
	s->d->edns = 1232;
	s->d->port = 53;
	s->d->show = DIG_ALL;
}

static int
type_of(const char *word)
{
	if (text_casecmp(word, "any") == 0 || strcmp(word, "*") == 0)
		return TYPE_ANY;
	return message_type_parse(word);
}

static bool
is_transfer(const char *word)
{
	return text_casecmp(word, "axfr") == 0 ||
	    text_ncasecmp(word, "ixfr", 4) == 0;
}

int
dig_set_type(struct dig_state *s, const char *word)
{
	int type = type_of(word);

	if (is_transfer(word))
		return paste_bad(s->p, "transfer", word);
	if (type < 0)
		return paste_bad(s->p, "type", word);
	s->d->type = (uint16_t)type;
	s->typed = true;
	return 0;
}

int
dig_set_name(struct dig_state *s, const char *word)
{
	if (s->d->name != NULL)
		return paste_bad(s->p, "names", word);
	s->d->name = xstrdup(*word == '\0' ? "." : word);	/* dig '' */
	return 0;
}

static int
set_class(struct dig_state *s, const char *word)
{
	s->classed = true;
	return text_casecmp(word, "in") == 0 ? 0 :
	    paste_bad(s->p, "class", word);
}

static bool
is_class(const char *word)
{
	return text_casecmp(word, "in") == 0 ||
	    text_casecmp(word, "ch") == 0 || text_casecmp(word, "hs") == 0 ||
	    text_casecmp(word, "chaos") == 0;
}

int
dig_set_reverse(struct dig_state *s, const char *word)
{
	char name[80];
	struct addr a;

	if (addr_parse(&a, word) != 0)
		return paste_bad(s->p, "address", word);
	addr_reverse(&a, name, sizeof(name));
	s->d->type = DNS_PTR;
	s->typed = true;
	return dig_set_name(s, name);
}

/* A word alone: a type, a class or the name, as dig decides. */
static int
bare(struct dig_state *s, const char *word)
{
	if (!s->typed && (type_of(word) >= 0 || is_transfer(word)))
		return dig_set_type(s, word);
	if (!s->classed && is_class(word))
		return set_class(s, word);
	return dig_set_name(s, word);
}

enum plus { P_TCP, P_IGNORE, P_RD, P_CD, P_AD, P_DNSSEC, P_NSID, P_SHORT, P_TRACE,
	P_EDNS, P_BUFSIZE, P_TIME, P_TRIES, P_RETRY, P_ALL, P_COMMENTS,
	P_QUESTION, P_ANSWER, P_AUTHORITY, P_ADDITIONAL, P_STATS, P_CMD,
	P_NOTHING };

static const struct { const char *word; enum plus what; } pluses[] = {
	{ "aaflag", P_NOTHING }, { "ad", P_AD },
	{ "additional", P_ADDITIONAL }, { "adflag", P_AD },
	{ "all", P_ALL }, { "answer", P_ANSWER },
	{ "authority", P_AUTHORITY }, { "badcookie", P_NOTHING },
	{ "bufsize", P_BUFSIZE }, { "cd", P_CD }, { "cdflag", P_CD }, { "class", P_NOTHING },
	{ "cmd", P_CMD }, { "comments", P_COMMENTS },
	{ "cookie", P_NOTHING }, { "crypto", P_NOTHING },
	{ "dnssec", P_DNSSEC }, { "do", P_DNSSEC },
	{ "edns", P_EDNS }, { "identify", P_NOTHING },
	{ "idnin", P_NOTHING }, { "idnout", P_NOTHING },
	{ "ignore", P_IGNORE }, { "multiline", P_NOTHING },
	{ "nsid", P_NSID }, { "onesoa", P_NOTHING },
	{ "question", P_QUESTION }, { "rdflag", P_RD },
	{ "recurse", P_RD }, { "retry", P_RETRY },
	{ "rrcomments", P_NOTHING }, { "search", P_NOTHING },
	{ "short", P_SHORT }, { "split", P_NOTHING },
	{ "stats", P_STATS }, { "tcp", P_TCP }, { "timeout", P_TIME },
	{ "trace", P_TRACE }, { "tries", P_TRIES },
	{ "ttlid", P_NOTHING }, { "ttlunits", P_NOTHING }, { "vc", P_TCP },
};
#define PLUSES (sizeof(pluses) / sizeof(pluses[0]))

/* By any beginning that is enough: "+norec", "+dnss". */
static int
find_plus(const char *word, size_t n)
{
	int found = -1;

	for (size_t i = 0; i < PLUSES; i++) {
		if (text_ncasecmp(pluses[i].word, word, n) != 0 ||
		    strlen(pluses[i].word) < n)
			continue;
		if (strlen(pluses[i].word) == n)
			return (int)pluses[i].what;
		if (found >= 0 && found != (int)pluses[i].what)
			return -1;
		found = (int)pluses[i].what;
	}
	return found;
}

static int
number(struct dig_state *s, const char *option, const char *value, long max,
    long *out)
{
	if (value == NULL || text_number(value, 0, max, out) != 0)
		return paste_bad(s->p, "number", option);
	return 0;
}

static void
section(struct paste_dig *d, unsigned bit, bool on)
{
	d->show = on ? d->show | bit : d->show & ~bit;
}

static int
numbered(struct dig_state *s, const char *option, enum plus what,
    const char *value)
{
	long n = 0;

	if (number(s, option, value, what == P_BUFSIZE ? 65535 : 60, &n) != 0)
		return -1;
	if (what == P_BUFSIZE)
		s->d->edns = n < 512 ? 512 : (unsigned)n;
	else if (what == P_TIME)
		s->d->wait = n < 1 ? 1 : n;
	else
		s->d->tries = (int)(what == P_RETRY ? n + 1 : n < 1 ? 1 : n);
	if (s->d->tries > 5)
		s->d->tries = 5;
	return 0;
}

static void
flag(struct paste_dig *d, enum plus what, bool on)
{
	switch (what) {
	case P_TCP:
		d->tcp = on;
		break;
	case P_IGNORE:
		d->ignore = on;
		break;
	case P_RD:
		d->rd = on;
		break;
	case P_CD:
		d->cd = on;
		break;
	case P_AD:
		d->ad = on;
		break;
	case P_DNSSEC:
		d->dnssec = on;
		break;
	case P_NSID:
		d->nsid = on;
		break;
	case P_SHORT:
		d->brief = on;
		break;
	case P_TRACE:
		d->trace = on;
		break;
	case P_EDNS:
		d->edns = on ? 1232 : 0;
		break;
	case P_ALL:
		d->show = on ? DIG_ALL : 0;
		break;
	default:
		if (what >= P_COMMENTS && what <= P_CMD)
			section(d, 1u << (what - P_COMMENTS), on);
		break;
	}
}

static int
plus(struct dig_state *s, const char *option)
{
	const char *word = option + 1, *value = strchr(word, '=');
	size_t n = value == NULL ? strlen(word) : (size_t)(value - word);
	bool on = true;
	int what = find_plus(word, n);

	if (value != NULL)
		value++;
	if (what < 0 && n > 2 && text_ncasecmp(word, "no", 2) == 0) {
		on = false;
		what = find_plus(word + 2, n - 2);
	}
	if (what < 0)
		return paste_bad(s->p, "option", option);
	if (what == P_BUFSIZE || what == P_TIME || what == P_TRIES ||
	    what == P_RETRY)
		return numbered(s, option, (enum plus)what, value);
	flag(s->d, (enum plus)what, on);
	return 0;
}

/* "-tAAAA" and "-t AAAA" alike. */
const char *
dig_dash_value(struct dig_state *s, struct paste_words *w, size_t *i)
{
	const char *own = w->list[*i] + 2;

	return *own != '\0' ? own : paste_value(s->p, w, i);
}

static int
dash(struct dig_state *s, struct paste_words *w, size_t *i)
{
	const char *word = w->list[*i], *v;

	if (strcmp(word, "-4") == 0 || strcmp(word, "-6") == 0) {
		s->d->only_v4 = word[1] == '4';
		s->d->only_v6 = word[1] == '6';
		return 0;
	}
	if (strchr("ruvhim", word[1]) != NULL && word[2] == '\0')
		return 0;
	if (word[1] == '\0' || strchr("txqcpbyk", word[1]) == NULL)
		return paste_bad(s->p, "option", word);
	if ((v = dig_dash_value(s, w, i)) == NULL)
		return -1;
	switch (word[1]) {
	case 't':
		return dig_set_type(s, v);
	case 'x':
		return dig_set_reverse(s, v);
	case 'q':
		return dig_set_name(s, v);
	case 'c':
		return set_class(s, v);
	case 'p':
		s->d->port = hand_port(v);
		return s->d->port != 0 ? 0 : paste_bad(s->p, "port", v);
	default:
		return paste_bad(s->p, "option", word);
	}
}

int
dig_server(struct dig_state *s, const char *word)
{
	size_t n = strlen(word);

	if (n > 2 && word[0] == '[' && word[n - 1] == ']') {
		word++;
		n -= 2;
	}
	if (n == 0)
		return paste_bad(s->p, "server", word);
	free(s->d->server);
	s->d->server = xstrndup(word, n);
	return 0;
}

static void
finish(struct dig_state *s)
{
	if (s->d->name != NULL || s->p->kind == PASTE_BAD)
		return;
	s->d->name = xstrdup(".");
	if (!s->typed)
		s->d->type = DNS_NS;
}

void
paste_dig(struct paste *p, struct paste_words *w)
{
	struct dig_state s;
	int rc = 0;

	dig_begin(&s, p);
	for (size_t i = 1; i < w->n && rc == 0; i++) {
		const char *word = w->list[i];

		if (*word == '@')
			rc = word[1] == '\0' && i + 1 < w->n ?
			    dig_server(&s, w->list[++i]) : dig_server(&s, word + 1);
		else if (*word == '+')
			rc = plus(&s, word);
		else if (*word == '-')
			rc = dash(&s, w, &i);
		else
			rc = bare(&s, word);
	}
	finish(&s);
}
