/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connecting by hand: an address is taken as it is; of a name the addresses
 * are looked up and shown, and one is spoken to, never another in its place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

void
hand_close_now(struct hand *h)
{
	if (h->key != NULL && h->running)
		engine_close(h->engine, h->key);
	/* A password asked for this connection is for no other. */
	if (h->ask == HAND_ASK_LOGIN || h->ask == HAND_ASK_PASSWORD)
		h->ask = HAND_ASK_NONE;
	free(h->key);
	h->key = NULL;
	hand_forget_begun(h);
	h->answering = false;
	h->running = h->taken = false;
	if (h->hooks.probe != NULL)
		h->hooks.probe(h->hooks.ctx, NULL);
}

static void
take_url(struct hand *h, const struct hand_url *u)
{
	struct hand_url copy = *u;

	copy.host = xstrdup(u->host);
	copy.path = u->path == NULL ? NULL : xstrdup(u->path);
	hand_url_free(&h->url);
	h->url = copy;
	h->again_tls = copy.start_tls;
	h->hello_said = false;
}

static void
connect_to(struct hand *h)
{
	struct hand_target t = { h->url.proto, h->url.host, h->url.addr,
		h->url.port, h->url.tls };
	const char *key = engine_open(h->engine, &t);

	if (key == NULL) {
		h->failed = true;
		hand_bad(h, "hand.cannot-open", NULL);
		return;
	}
	h->key = xstrdup(key);
	h->running = true;
	h->said = loop_now(h->loop);
	hand_unheard(h);
	h->busy = true;
	if (h->hooks.probe != NULL)
		h->hooks.probe(h->hooks.ctx, h->key);
	hand_kick(h);
}

static void
look_up(struct hand *h, const char *name, enum hand_for wants)
{
	const char *key = engine_look_up(h->engine, name);

	if (key == NULL) {
		h->failed = true;
		hand_bad(h, "hand.cannot-open", NULL);
		return;
	}
	free(h->lookup);
	h->lookup = xstrdup(key);
	h->wants = wants;
	h->busy = true;
	hand_kick(h);
}

void
hand_connect(struct hand *h, const struct hand_url *u)
{
	if (h->key != NULL)
		hand_close_now(h);
	take_url(h, u);
	if (strcmp(u->proto, "dns") == 0) {
		if (u->addr.family == 0 && *u->host != '\0')
			look_up(h, u->host, HAND_FOR_OPEN);
		else
			hand_say(h, "hand.dns-ready", NULL);
	} else if (u->addr.family == 0)
		look_up(h, u->host, HAND_FOR_OPEN);
	else
		connect_to(h);
}

/* The last URL once more, at the address that was spoken to. */
static void
open_again(struct hand *h)
{
	struct hand_url u = h->url;

	if (h->url.proto[0] == '\0') {
		hand_bad(h, "hand.nothing-opened", NULL);
		return;
	}
	u.start_tls = h->again_tls;
	hand_connect(h, &u);
}

static void
open_url(struct hand *h, const char *rest)
{
	char *url = xstrndup(rest, strcspn(rest, " "));
	const char *addr = rest + strlen(url) + strspn(rest + strlen(url),
	    " "), *why;
	struct hand_url u;
	char *key;

	if (hand_url_parse(&u, url, &why) != 0) {
		key = xasprintf("hand.url.%s", why);
		hand_bad(h, key, "url", url, NULL);
		free(key);
	} else {
		if (*addr != '\0' && addr_parse(&u.addr, addr) != 0)
			hand_bad(h, "hand.no-addr", "text", addr, NULL);
		else
			hand_connect(h, &u);
		hand_url_free(&u);
	}
	free(url);
}

void
hand_open_typed(struct hand *h, const char *rest)
{
	if (*rest == '\0')
		open_again(h);
	else
		open_url(h, rest);
}

/* The address to take: IPv6 first unless one family was asked for. */
static int
choose(const struct hand *h, const json_t *list, struct addr *out)
{
	size_t i;
	json_t *v;

	for (int family = 6; family >= 4; family -= 2) {
		if (h->family != 0 && h->family != family)
			continue;
		json_array_foreach((json_t *)list, i, v)
			if (addr_parse(out, json_string_value(v)) == 0 &&
			    out->family == family)
				return 0;
	}
	return -1;
}

static void
tell_addresses(struct hand *h, const char *name, const json_t *list,
    const struct addr *a)
{
	char text[ADDR_STRLEN];
	json_t *args = json_object();
	struct buf b;

	json_put_str(args, "name", name);
	json_put_str(args, "addr", addr_print(a, text));
	json_object_set(args, "addrs", (json_t *)list);
	buf_init(&b, 0);
	strings_fill(&b, S("hand.addresses"), args, NULL);
	json_decref(args);
	hand_text(h, HAND_SAY, buf_str(&b));
	buf_free(&b);
}

void
hand_looked_up(struct hand *h)
{
	const struct sprobe *p = session_probe(hand_session(h), h->lookup);
	const struct sfact *f = probe_fact(p, "ares", 0);
	const json_t *list = f == NULL ? NULL : json_object_get(f->value,
	    "addrs");
	enum hand_for wants = h->wants;
	char *name = xstrdup(p->ep.name);
	struct addr a;

	free(h->lookup);
	h->lookup = NULL;
	h->wants = HAND_FOR_NOTHING;
	if (wants == HAND_FOR_NOTHING)
		;
	else if (list == NULL || choose(h, list, &a) != 0) {
		h->failed = true;
		hand_bad(h, "hand.no-address", "name", name, "word",
		    f == NULL ? "" : json_str(f->value, "word"), NULL);
		hand_trace_free(h);
	} else if (wants == HAND_FOR_OPEN) {
		tell_addresses(h, name, list, &a);
		h->url.addr = a;
		if (strcmp(h->url.proto, "dns") != 0)
			connect_to(h);
	} else {
		if (wants == HAND_FOR_DIG)
			tell_addresses(h, name, list, &a);
		hand_dig_at(h, &a);
	}
	free(name);
}
