/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * :cert and :trace, what the last handshake of the connection showed, be it
 * the script's or one asked for by hand.
 */
#include <string.h>

#include "base/json.h"
#include "ui/hand_inside.h"
#include "ui/signs.h"
#include "ui/strings.h"

/* The last handshake, the script's or by hand. */
static const json_t *
last_tls(const struct hand *h)
{
	const struct sprobe *p = h->key == NULL ? NULL : session_probe(
	    hand_session(h), h->key);

	for (size_t i = p == NULL ? 0 : p->nfacts; i-- > 0;) {
		const struct sfact *f = &p->facts[i];

		if (strcmp(f->key, "tls") == 0)
			return f->value;
		if (strcmp(f->key, "by-hand") == 0 &&
		    strcmp(json_str(f->value, "key"), "tls") == 0)
			return json_object_get(f->value, "value");
	}
	return NULL;
}

/* A text of strings filled with the members of a fact. */
static void
filled(struct hand *h, const char *key, const json_t *args,
    const json_t *more)
{
	struct buf b;

	buf_init(&b, 0);
	strings_fill(&b, strings_get(key), args, more);
	hand_text(h, HAND_SAY, buf_str(&b));
	buf_free(&b);
}

static void
certificate(struct hand *h, const json_t *c, size_t i)
{
	json_t *more = json_object();
	char from[32], to[32];

	json_put_int(more, "n", (int64_t)i);
	json_put_str(more, "from", signs_date(json_int(c, "not_before", 0),
	    from));
	json_put_str(more, "to", signs_date(json_int(c, "not_after", 0),
	    to));
	filled(h, "hand.cert.subject", c, more);
	filled(h, "hand.cert.names", c, more);
	filled(h, "hand.cert.dates", c, more);
	filled(h, "hand.cert.key", c, more);
	json_decref(more);
}

void
hand_cert(struct hand *h, const char *rest)
{
	const json_t *tls = last_tls(h), *c;
	size_t i;

	(void)rest;
	if (tls == NULL) {
		hand_bad(h, "hand.no-tls", NULL);
		return;
	}
	json_array_foreach(json_object_get(tls, "chain"), i, c)
		certificate(h, c, i);
	json_array_foreach(json_object_get(tls, "errors"), i, c)
		filled(h, "hand.cert.error", c, NULL);
	filled(h, "hand.cert.verdict", tls, NULL);
}

void
hand_trace(struct hand *h, const char *rest)
{
	const json_t *tls = last_tls(h);

	(void)rest;
	if (tls == NULL)
		hand_bad(h, "hand.no-tls", NULL);
	else {
		filled(h, "hand.trace", tls, NULL);
		if (*json_str(tls, "error") != '\0')
			filled(h, "hand.trace.error", tls, NULL);
	}
}
