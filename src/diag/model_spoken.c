/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server said in a dialogue; and mailbox services as they were spoken
 * to: the probes of each, found by name, port and protocol without a look at
 * all others. Made once for a model.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"

static char *
key_of(const struct endpoint *ep)
{
	return xasprintf("%s %u %s", ep->proto, ep->port, ep->name);
}

const json_t *
model_said(const struct sprobe *p, const char *verb, int tls)
{
	for (size_t i = 0; i < p->nfacts; i++) {
		const json_t *v = p->facts[i].value;

		if (strcmp(p->facts[i].key, "reply") == 0 &&
		    strcmp(json_str(v, "verb"), verb) == 0 &&
		    (tls == -1 || json_flag(v, "tls") == (tls == 1)))
			return v;
	}
	return NULL;
}

bool
model_speaks(const struct sprobe *p)
{
	return model_said(p, "banner", -1) != NULL;
}

void
model_spoken(struct model *m)
{
	m->spoken = json_object();
	for (size_t i = 0; i < m->s->nprobes; i++) {
		const struct sprobe *p = m->s->probes[i];
		json_t *o;
		char *key;

		if (p->step != STEP_MAILBOX || p->what[0] != '\0')
			continue;
		key = key_of(&p->ep);
		o = json_object_get(m->spoken, key);
		if (o == NULL) {
			o = json_object();
			json_put(o, "probes", json_array());
			json_put(m->spoken, key, o);
		}
		json_array_append_new(json_object_get(o, "probes"),
		    json_integer((json_int_t)i));
		if (model_speaks(p))
			json_put_flag(o, "speaks", true);
		free(key);
	}
}

static const json_t *
service_of(const struct model *m, const struct endpoint *ep)
{
	char *key = key_of(ep);
	const json_t *o = json_object_get(m->spoken, key);

	free(key);
	return o;
}

bool
model_service_speaks(const struct model *m, const struct endpoint *ep)
{
	return json_flag(service_of(m, ep), "speaks");
}

const struct sprobe *
model_service_probe(const struct model *m, const struct endpoint *ep,
    size_t i)
{
	const json_t *n = json_array_get(json_object_get(service_of(m, ep),
	    "probes"), i);

	return n == NULL ? NULL : m->s->probes[json_integer_value(n)];
}
