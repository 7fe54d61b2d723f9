/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What both worlds share: root hints, prefixes that count as global, opening
 * a socket from the chosen source.
 */
#include "base/world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

#define HINT_WORDS	5
#define HINTS_MAX	256

static const struct {
	const char	*name, *v4, *v6;
} roots[] = {
	{"a.root-servers.net", "198.41.0.4", "2001:503:ba3e::2:30"},
	{"b.root-servers.net", "170.247.170.2", "2801:1b8:10::b"},
	{"c.root-servers.net", "192.33.4.12", "2001:500:2::c"},
	{"d.root-servers.net", "199.7.91.13", "2001:500:2d::d"},
	{"e.root-servers.net", "192.203.230.10", "2001:500:a8::e"},
	{"f.root-servers.net", "192.5.5.241", "2001:500:2f::f"},
	{"g.root-servers.net", "192.112.36.4", "2001:500:12::d0d"},
	{"h.root-servers.net", "198.97.190.53", "2001:500:1::53"},
	{"i.root-servers.net", "192.36.148.17", "2001:7fe::53"},
	{"j.root-servers.net", "192.58.128.30", "2001:503:c27::2:30"},
	{"k.root-servers.net", "193.0.14.129", "2001:7fd::1"},
	{"l.root-servers.net", "199.7.83.42", "2001:500:9f::42"},
	{"m.root-servers.net", "202.12.27.33", "2001:dc3::35"},
};

/* Hints as they are read: addresses, and names that are NS of the root. */
struct reading {
	struct root_hint *hints;
	size_t		  nhints;
	char		**names;
	size_t		  nnames;
	char		 *owner;	/* of the line before, NULL = none */
};

const struct addr_class *
world_classify(const struct world *w, const struct addr *a)
{
	size_t i;

	for (i = 0; i < w->nglobal; i++) {
		if (prefix_match(&w->global[i], a))
			return &addr_global;
	}
	return addr_classify(a);
}

int
world_open(struct world *w, int family, bool tcp)
{
	struct sockname from = {family == 4 ? w->source4 : w->source6, 0};
	int handle = w->ops->open(w, family, tcp), err;

	if (handle < 0 || from.addr.family == 0 ||
	    w->ops->bind(w, handle, &from) == 0)
		return handle;
	err = errno;
	w->ops->close(w, handle);
	errno = err;
	return -1;
}

void
world_no_family(struct world *w, const struct addr *to, struct net_error *e)
{
	struct addr source;

	if (e->icmp_type < 0 &&
	    (e->err == ENETUNREACH || e->err == EADDRNOTAVAIL) &&
	    w->ops->source(w, to, &source) != 0)
		e->cause = NET_NO_FAMILY;
}

static void
hints_free(struct root_hint *hints, size_t n)
{
	while (n > 0)
		free(hints[--n].name);
	free(hints);
}

static void
hint_add(struct root_hint **hints, size_t *n, const char *name,
    const struct addr *a)
{
	*hints = xreallocarray(*hints, *n + 1, sizeof **hints);
	(*hints)[*n].name = xstrdup(name);
	(*hints)[(*n)++].addr = *a;
}

void
world_hints_builtin(struct world *w)
{
	struct addr a;
	size_t i;

	hints_free(w->hints, w->nhints);
	w->hints = NULL;
	w->nhints = 0;
	for (i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		if (addr_parse(&a, roots[i].v4) == 0)
			hint_add(&w->hints, &w->nhints, roots[i].name, &a);
		if (addr_parse(&a, roots[i].v6) == 0)
			hint_add(&w->hints, &w->nhints, roots[i].name, &a);
	}
}

/* A name in lower case without its final dot ("" is the root), or NULL. */
static char *
hint_name(const char *word)
{
	size_t n = strlen(word), i, label = 0;
	char *name;

	if (strcmp(word, ".") == 0 || strcmp(word, "@") == 0)
		return xstrdup("");
	if (n > 0 && word[n - 1] == '.')
		n--;
	if (n == 0 || n > 253)
		return NULL;
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)word[i];

		if (c <= ' ' || c >= 0x7f || strchr("\\\"()$;@", c) != NULL)
			return NULL;
		label = c == '.' ? 0 : label + 1;
		if (label > 63 || (c == '.' && (i == 0 || word[i - 1] == '.')))
			return NULL;
	}
	name = xstrndup(word, n);
	text_lower(name);
	return name;
}

static bool
is_class_or_ttl(const char *word)
{
	if (text_casecmp(word, "IN") == 0)
		return true;
	return *word >= '0' && *word <= '9' &&
	    word[strspn(word, "0123456789smhdwSMHDW")] == '\0';
}

static size_t
split(char *line, char *words[HINT_WORDS + 1])
{
	size_t n = 0;
	char *save = NULL, *word;

	line[strcspn(line, ";")] = '\0';
	for (word = strtok_r(line, " \t\r", &save);
	    word != NULL && n <= HINT_WORDS;
	    word = strtok_r(NULL, " \t\r", &save))
		words[n++] = word;
	return n;
}

/* Type and data of a record whose owner is known: NULL, or what was
   expected. */
static const char *
read_record(struct reading *r, const char *type, const char *data)
{
	struct addr a;
	char *name;

	if (text_casecmp(type, "NS") == 0) {
		if (r->owner[0] != '\0')
			return ". NS";
		if ((name = hint_name(data)) == NULL || name[0] == '\0') {
			free(name);
			return "NS NAME";
		}
		r->names = xreallocarray(r->names, r->nnames + 1,
		    sizeof *r->names);
		r->names[r->nnames++] = name;
		return NULL;
	}
	if (text_casecmp(type, "A") == 0) {
		if (addr_parse(&a, data) != 0 || a.family != 4)
			return "A IPv4";
	} else if (text_casecmp(type, "AAAA") == 0) {
		if (addr_parse(&a, data) != 0 || a.family != 6)
			return "AAAA IPv6";
	} else
		return "NS | A | AAAA";
	hint_add(&r->hints, &r->nhints, r->owner, &a);
	return NULL;
}

static const char *
read_line(struct reading *r, char *line)
{
	char *words[HINT_WORDS + 1], *name;
	bool same = *line == ' ' || *line == '\t';
	size_t n = split(line, words), i = 0, skipped;

	if (n == 0)
		return NULL;
	if (words[0][0] == '$')
		return text_casecmp(words[0], "$TTL") == 0 && n == 2 ?
		    NULL : "$TTL N | NAME";
	if (!same) {
		if ((name = hint_name(words[i++])) == NULL)
			return "NAME";
		free(r->owner);
		r->owner = name;
	} else if (r->owner == NULL)
		return "NAME";
	for (skipped = 0; skipped < 2 && i < n && is_class_or_ttl(words[i]);
	    skipped++)
		i++;
	if (n - i != 2 || r->nhints + r->nnames >= HINTS_MAX)
		return "NAME [TTL] [IN] NS | A | AAAA DATA";
	return read_record(r, words[i], words[i + 1]);
}

static bool
is_root_ns(const struct reading *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->nnames; i++) {
		if (strcmp(r->names[i], name) == 0)
			return true;
	}
	return false;
}

/* Keep addresses of root servers only. */
static void
keep_roots(struct reading *r)
{
	size_t i, kept = 0;

	for (i = 0; i < r->nhints; i++) {
		if (is_root_ns(r, r->hints[i].name))
			r->hints[kept++] = r->hints[i];
		else
			free(r->hints[i].name);
	}
	r->nhints = kept;
}

static const char *
read_lines(struct reading *r, char *text, unsigned *number)
{
	const char *expected = NULL;
	char *line = text, *end;

	for (*number = 1; expected == NULL && line != NULL; line = end) {
		if ((end = strchr(line, '\n')) != NULL)
			*end++ = '\0';
		expected = read_line(r, line);
		if (expected == NULL && end != NULL)
			++*number;
	}
	if (expected != NULL)
		return expected;
	*number = 0;
	keep_roots(r);
	return r->nnames == 0 ? ". NS" : r->nhints == 0 ? "A | AAAA" : NULL;
}

int
world_hints_parse(struct world *w, const char *text, char **cause)
{
	struct reading r = {NULL, 0, NULL, 0, NULL};
	char *copy = xstrdup(text);
	const char *expected;
	unsigned number;

	expected = read_lines(&r, copy, &number);
	if (expected == NULL) {
		hints_free(w->hints, w->nhints);
		w->hints = r.hints;
		w->nhints = r.nhints;
	} else {
		hints_free(r.hints, r.nhints);
		if (cause != NULL)
			*cause = xasprintf("%u: %s", number, expected);
	}
	while (r.nnames > 0)
		free(r.names[--r.nnames]);
	free(r.names);
	free(r.owner);
	free(copy);
	return expected == NULL ? 0 : -1;
}

void
world_free(struct world *w)
{
	if (w == NULL)
		return;
	hints_free(w->hints, w->nhints);
	free(w->ca_pem);
	free(w->trust_anchor);
	free(w->hostname);
	w->hints = NULL;
	w->ca_pem = w->trust_anchor = w->hostname = NULL;
	w->ops->free(w);
}
