/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Endpoints and findings as values: compared, copied, to JSON and back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/session.h"

static const char *const modes[] = { "none", "starttls", "implicit" };

int
endpoint_cmp(const struct endpoint *a, const struct endpoint *b)
{
	int c = strcmp(a->name, b->name);

	if (c == 0)
		c = addr_cmp(&a->addr, &b->addr);
	if (c == 0)
		c = (a->port > b->port) - (a->port < b->port);
	if (c == 0)
		c = strcmp(a->proto, b->proto);
	if (c == 0)
		c = (a->tls > b->tls) - (a->tls < b->tls);
	return c;
}

void
endpoint_copy(struct endpoint *to, const struct endpoint *from)
{
	*to = *from;
	to->name = xstrdup(from->name);
}

void
endpoint_clear(struct endpoint *e)
{
	free(e->name);
	memset(e, 0, sizeof *e);
}

json_t *
endpoint_json(const struct endpoint *e)
{
	json_t *o = json_object();
	char text[ADDR_STRLEN];

	if (e->name[0] != '\0')
		json_put_str(o, "name", e->name);
	if (e->addr.family != 0)
		json_put_str(o, "addr", addr_print(&e->addr, text));
	if (e->port != 0)
		json_put_int(o, "port", e->port);
	if (e->proto[0] != '\0')
		json_put_str(o, "proto", e->proto);
	if (e->tls >= 0)
		json_put_str(o, "tls", modes[e->tls]);
	return o;
}

void
endpoint_parse(struct endpoint *e, const json_t *o)
{
	const char *tls = json_str(o, "tls");

	memset(e, 0, sizeof *e);
	e->name = xstrdup(json_str(o, "name"));
	if (addr_parse(&e->addr, json_str(o, "addr")) == -1)
		memset(&e->addr, 0, sizeof e->addr);
	e->port = (uint16_t)json_int(o, "port", 0);
	strncpy(e->proto, json_str(o, "proto"), sizeof e->proto - 1);
	e->tls = -1;
	for (int i = 0; i < 3; i++)
		if (strcmp(tls, modes[i]) == 0)
			e->tls = i;
}

static const struct { unsigned flag; const char *word; } flags[] = {
	{ FLAG_MASKED, "masked" }, { FLAG_PARTIAL, "partial" },
	{ FLAG_INTERMITTENT, "intermittent" },
};

#define FLAGS (sizeof flags / sizeof flags[0])

json_t *
finding_json(const struct finding *f)
{
	json_t *o = json_object(), *list = json_array(), *ev = json_object();
	json_t *seqs = json_array();

	for (size_t i = 0; i < FLAGS; i++)
		if ((f->flags & flags[i].flag) != 0)
			json_array_append_new(list, json_string(flags[i].word));
	for (size_t i = 0; i < f->nevidence; i++)
		json_array_append_new(seqs,
		    json_integer((json_int_t)f->evidence[i]));
	json_put_str(o, "id", finding_rows[f->id].id);
	json_put_str(o, "verdict", verdict_word(f->level));
	json_put(o, "flags", list);
	json_put_str(o, "side", side_word(f->side));
	json_put(o, "endpoint", endpoint_json(&f->ep));
	json_put(o, "args", json_deep_copy(f->args));
	json_put(ev, "seq", seqs);
	json_put_str(ev, "command", f->command);
	json_put(o, "evidence", ev);
	return o;
}

struct finding *
finding_parse_json(const json_t *o)
{
	int id = finding_parse(json_str(o, "id"));
	int level = verdict_parse(json_str(o, "verdict"));
	int side = side_parse(json_str(o, "side"));
	const json_t *ev = json_object_get(o, "evidence"), *item;
	const json_t *args = json_object_get(o, "args");
	struct finding *f;
	size_t i;

	if (id == -1 || level == -1 || side == -1)
		return NULL;
	f = xcalloc(1, sizeof *f);
	f->id = (enum finding_id)id;
	f->level = (enum verdict)level;
	f->side = (enum side)side;
	endpoint_parse(&f->ep, json_object_get(o, "endpoint"));
	f->args = json_is_object(args) ? json_deep_copy(args) : json_object();
	f->command = xstrdup(json_str(ev, "command"));
	json_array_foreach(json_object_get(ev, "seq"), i, item)
		if (f->nevidence < 4)
			f->evidence[f->nevidence++] =
			    (uint64_t)json_integer_value(item);
	json_array_foreach(json_object_get(o, "flags"), i, item)
		for (size_t k = 0; k < FLAGS; k++)
			if (json_is_string(item) && strcmp(flags[k].word,
			    json_string_value(item)) == 0)
				f->flags |= flags[k].flag;
	return f;
}

void
finding_free(struct finding *f)
{
	if (f == NULL)
		return;
	endpoint_clear(&f->ep);
	json_decref(f->args);
	free(f->command);
	free(f);
}

bool
finding_same(const struct finding *a, const struct finding *b)
{
	return a->id == b->id && endpoint_cmp(&a->ep, &b->ep) == 0 &&
	    strcmp(json_str(a->args, "qname"), json_str(b->args, "qname")) == 0;
}
