/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a scenario about name servers and their zones: root, TLDs,
 * delegations, records, and a server's own version of them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "practice/practice.h"

struct zone *
scenario_zone(struct scenario *s, const unsigned char *name, bool make)
{
	size_t	i;

	for (i = 0; i < s->nzones; i++)
		if (name_equal(s->zones[i]->name, name))
			return (s->zones[i]);
	if (!make)
		return (NULL);
	s->zones = xreallocarray(s->zones, s->nzones + 1, sizeof *s->zones);
	return (s->zones[s->nzones++] = zone_new(name));
}

struct server *
scenario_server(struct scenario *s, const char *name)
{
	unsigned char	 wire[NAME_MAX_WIRE];
	struct server	*v;
	size_t		 i;

	if (name_parse(wire, name) == -1)
		return (NULL);
	for (i = 0; i < s->nservers; i++)
		if (name_equal(s->servers[i]->name, wire))
			return (s->servers[i]);
	v = xcalloc(1, sizeof *v);
	v->text = xstrdup(name);
	v->name = name_dup(wire);
	s->servers = xreallocarray(s->servers, s->nservers + 1,
	    sizeof *s->servers);
	return (s->servers[s->nservers++] = v);
}

static struct server *
want_server(struct words *w)
{
	const char	*s = words_next(w);
	struct server	*v = s != NULL ? scenario_server(w->s, s) : NULL;

	if (v == NULL)
		words_expected(w, "NAME");
	return (v);
}

static void
serve_zone(struct server *v, const unsigned char *zone)
{
	size_t	i;

	for (i = 0; i < v->nzones; i++)
		if (name_equal(v->zones[i], zone))
			return;
	v->zones = xreallocarray(v->zones, v->nzones + 1, sizeof *v->zones);
	v->zones[v->nzones++] = name_dup(zone);
}

int
word_root(struct words *w)
{
	static const unsigned char	 root[1] = { 0 };
	struct server			*v = want_server(w);

	if (v == NULL || words_addrs(w, &v->addrs, 1) == -1)
		return (-1);
	v->root = true;
	serve_zone(v, root);
	scenario_zone(w->s, root, true);
	return (0);
}

static void
delegation_clear(struct delegation *d)
{
	size_t	i;

	for (i = 0; i < d->n; i++) {
		free(d->ns[i].name);
		free(d->ns[i].glue.list);
	}
	free(d->ns);
	d->ns = NULL;
	d->n = 0;
}

static struct delegation *
delegation_new(struct scenario *s, const unsigned char *zone)
{
	struct delegation	*d;
	size_t			 i;

	for (i = 0; i < s->ndelegations; i++)
		if (name_equal(s->delegations[i].zone, zone)) {
			delegation_clear(&s->delegations[i]);
			return (&s->delegations[i]);
		}
	s->delegations = xreallocarray(s->delegations, s->ndelegations + 1,
	    sizeof *s->delegations);
	d = &s->delegations[s->ndelegations++];
	memset(d, 0, sizeof *d);
	d->zone = name_dup(zone);
	return (d);
}

/* NS [ADDR...] [; ...]; each also as a server if serve. */
static int
read_ns(struct words *w, struct delegation *d, bool serve)
{
	unsigned char	 name[NAME_MAX_WIRE];
	struct server	*v = NULL;
	struct ns	*ns;
	size_t		 i;

	do {
		if (words_name(w, name) == -1)
			return (-1);
		if (serve)
			v = scenario_server(w->s, w->w[w->at - 1]);
		d->ns = xreallocarray(d->ns, d->n + 1, sizeof *d->ns);
		ns = &d->ns[d->n++];
		memset(ns, 0, sizeof *ns);
		ns->name = name_dup(name);
		if (words_addrs(w, &ns->glue, serve ? 1 : 0) == -1)
			return (-1);
		for (i = 0; i < ns->glue.n && v != NULL; i++)
			addrs_add(&v->addrs, &ns->glue.list[i]);
		if (v != NULL)
			serve_zone(v, d->zone);
	} while (words_is(w, ";"));
	if (words_more(w)) {
		words_next(w);
		return (words_expected(w, serve ? "ADDR|;" : "GLUE|;"));
	}
	return (0);
}

/* The name of a zone that can have a delegation. */
static int
delegated(struct words *w, unsigned char zone[NAME_MAX_WIRE])
{
	if (words_name(w, zone) == -1)
		return (-1);
	return (*zone != 0 ? 0 : words_refuse(w, REFUSAL_BELOW_ROOT, NULL));
}

int
word_tld(struct words *w)
{
	unsigned char	zone[NAME_MAX_WIRE];

	if (delegated(w, zone) == -1)
		return (-1);
	scenario_zone(w->s, zone, true);
	return (read_ns(w, delegation_new(w->s, zone), true));
}

int
word_delegate(struct words *w)
{
	unsigned char	zone[NAME_MAX_WIRE];

	if (delegated(w, zone) == -1)
		return (-1);
	return (read_ns(w, delegation_new(w->s, zone), false));
}

int
word_zone(struct words *w)
{
	unsigned char	 name[NAME_MAX_WIRE];
	struct zone	*z;

	if (words_name(w, name) == -1)
		return (-1);
	z = scenario_zone(w->s, name, true);
	if (words_is(w, "{")) {
		w->s->block = z;
		memcpy(w->s->owner, name, sizeof name);
	}
	return (0);
}

struct zone *
words_zone(struct words *w)
{
	unsigned char	 name[NAME_MAX_WIRE];
	struct zone	*z;

	if (words_name(w, name) == -1)
		return (NULL);
	if ((z = scenario_zone(w->s, name, false)) == NULL)
		words_refuse(w, REFUSAL_ZONE_ABOVE, NULL);
	return (z);
}

int
words_record(struct words *w, const unsigned char *origin, struct zone_rr *rr)
{
	char	*line = words_rest(w);
	int	 rc = zone_rr_parse(rr, line, 3600, origin, NULL);

	if (rc == -1) {
		refusal_place(w->why, NULL, w->line);
		refusal_expected(w->why, *line != '\0' ? line : NULL,
		    w->usage, REFUSAL_WORDS, "LINE");
	}
	free(line);
	return (rc);
}

int
word_record(struct words *w)
{
	struct zone	*z = words_zone(w);
	struct zone_rr	 rr;

	if (z == NULL || words_record(w, z->name, &rr) == -1)
		return (-1);
	zone_add(z, &rr);
	return (0);
}

static int
want_owner(struct words *w, const struct zone *z, struct zone_rr *rr)
{
	const char	*s = words_next(w);
	char		*line;
	int		 type = 0, rc;

	if (s == NULL)
		return (words_expected(w, "NAME"));
	line = xasprintf("%s TXT x", s);
	rc = zone_rr_parse(rr, line, 0, z->name, NULL);
	free(line);
	if (rc == -1)
		return (words_expected(w, "NAME"));
	if ((s = words_next(w)) != NULL && (type = message_type_parse(s)) < 0) {
		zone_rr_free(rr);
		return (words_expected(w, "TYPE"));
	}
	rr->type = (uint16_t)type;
	return (0);
}

int
word_remove(struct words *w)
{
	struct zone	*z = words_zone(w);
	struct zone_rr	 rr;

	if (z == NULL || want_owner(w, z, &rr) == -1)
		return (-1);
	zone_remove(z, rr.owner, rr.type);
	zone_rr_free(&rr);
	return (0);
}

int
word_server(struct words *w)
{
	struct server	*v = want_server(w);
	struct zone	*z;

	if (v == NULL || words_addrs(w, &v->addrs, 1) == -1)
		return (-1);
	v->minimal = words_is(w, "minimal") || v->minimal;
	if (!words_is(w, "zones"))
		return (0);
	do {
		if ((z = words_zone(w)) == NULL)
			return (-1);
		serve_zone(v, z->name);
		if (words_is(w, "minimal")) {
			v->minimal = true;
			break;
		}
	} while (words_more(w));
	return (0);
}

static int
own(struct words *w, enum own_kind kind)
{
	struct addrs	 who = { NULL, 0 };
	struct own	*o, one = { .kind = kind };
	struct zone	*z;
	long		 serial = 0;
	int		 rc = -1;

	if (words_who(w, WHO_DNS, &who) == 0 && (z = words_zone(w)) != NULL) {
		one.zone = name_dup(z->name);
		if (kind == OWN_RECORD)
			rc = words_record(w, z->name, &one.rr);
		else if (kind == OWN_REMOVE)
			rc = want_owner(w, z, &one.rr);
		else if (kind == OWN_EXPIRED)
			rc = 0;
		else
			rc = words_number(w, 0, 4294967295L, &serial);
	}
	if (rc == -1) {
		free(who.list);
		free(one.zone);
		return (-1);
	}
	one.serial = (uint32_t)serial;
	one.who = who;
	w->s->owns = xreallocarray(w->s->owns, w->s->nowns + 1,
	    sizeof *w->s->owns);
	o = &w->s->owns[w->s->nowns++];
	*o = one;
	return (0);
}

int
word_server_record(struct words *w)
{
	return (own(w, OWN_RECORD));
}

int
word_server_remove(struct words *w)
{
	return (own(w, OWN_REMOVE));
}

int
word_serial(struct words *w)
{
	return (own(w, OWN_SERIAL));
}

int
word_expired(struct words *w)
{
	return (own(w, OWN_EXPIRED));
}

int
word_ptr(struct words *w)
{
	unsigned char	 owner[NAME_MAX_WIRE], zone[NAME_MAX_WIRE],
			 target[NAME_MAX_WIRE];
	char		 text[128];
	struct addr	 a;

	if (words_addr(w, &a) == -1 || words_name(w, target) == -1)
		return (-1);
	addr_reverse(&a, text, sizeof text);
	if (name_parse(owner, text) == -1 || name_parse(zone,
	    a.family == 4 ? "in-addr.arpa" : "ip6.arpa") == -1)
		return (words_expected(w, "ADDR"));
	zone_add_name(scenario_zone(w->s, zone, true), owner, DNS_PTR, 3600,
	    target);
	return (0);
}
