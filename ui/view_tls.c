/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS of what is selected: the handshake, the chain as it was sent and what
 * verifying it gave, names and dates.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"

static void
add(struct tui *t, struct pane *p, const char *label, const char *text)
{
	struct buf b, first;

	if (*text == '\0')
		return;
	buf_init(&b, 0);
	buf_init(&first, 0);
	draw_pad(&first, t, label, 16);
	strings_safe(&b, text, strlen(text));
	page_text(&p->page, NULL, buf_str(&first), "                ",
	    buf_str(&b), p->w, true, t->amb);
	buf_free(&b);
	buf_free(&first);
}

static void
names(struct tui *t, struct pane *p, const json_t *cert)
{
	struct buf b;
	json_t *n;
	size_t i;

	buf_init(&b, 0);
	json_array_foreach(json_object_get(cert, "names"), i, n)
		if (json_is_string(n))
			buf_printf(&b, "%s%s", i == 0 ? "" : ", ",
			    json_string_value(n));
	add(t, p, S("tls.names"), buf_str(&b));
	buf_free(&b);
}

static void
certificate(struct tui *t, struct pane *p, const json_t *cert, size_t depth)
{
	char from[32], to[32];
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, ST_BOLD "%zu  ", depth);
	strings_safe(&b, json_str(cert, "subject"),
	    strlen(json_str(cert, "subject")));
	page_add(&p->page, NULL, buf_str(&b));
	buf_free(&b);
	add(t, p, S("tls.issuer"), json_str(cert, "issuer"));
	names(t, p, cert);
	buf_init(&b, 0);
	buf_printf(&b, "%s .. %s", signs_date(json_int(cert, "not_before", 0),
	    from), signs_date(json_int(cert, "not_after", 0), to));
	add(t, p, S("tls.dates"), buf_str(&b));
	buf_free(&b);
	add(t, p, S("tls.key"), json_str(cert, "key"));
}

static void
errors(struct tui *t, struct pane *p, const json_t *tls)
{
	struct buf b;
	json_t *e;
	size_t i;

	json_array_foreach(json_object_get(tls, "errors"), i, e) {
		buf_init(&b, 0);
		draw_sign(&b, t, VERDICT_ERROR);
		buf_printf(&b, " %lld  ", (long long)json_int(e, "depth", 0));
		strings_safe(&b, json_str(e, "error"),
		    strlen(json_str(e, "error")));
		page_add(&p->page, NULL, buf_str(&b));
		buf_free(&b);
	}
}

static void
yes_no(struct tui *t, struct pane *p, const char *label, bool yes)
{
	struct buf b;

	buf_init(&b, 0);
	draw_pad(&b, t, label, 16);
	draw_sign(&b, t, yes ? VERDICT_OK : VERDICT_ERROR);
	buf_printf(&b, " %s", yes ? S("word.yes") : S("word.no"));
	page_add(&p->page, NULL, buf_str(&b));
	buf_free(&b);
}

static void
handshake(struct tui *t, struct pane *p, const struct sprobe *probe,
    const json_t *tls)
{
	json_t *cert;
	struct buf b;
	char *id = select_of_probe(probe);
	size_t i;

	buf_init(&b, 0);
	signs_endpoint(&b, NULL);
	buf_printf(&b, ST_BOLD "%s ", probe->ep.proto);
	strings_safe(&b, probe->ep.name, strlen(probe->ep.name));
	if (probe->ep.addr.family != 0) {
		char addr[ADDR_STRLEN];

		buf_printf(&b, "  %s", addr_print(&probe->ep.addr, addr));
	}
	if (json_flag(tls, "lax"))
		buf_printf(&b, "  (%s)", S("tls.lax"));
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
	free(id);
	yes_no(t, p, S("tls.ok"), json_flag(tls, "ok"));
	add(t, p, S("tls.version"), json_str(tls, "version"));
	add(t, p, S("tls.cipher"), json_str(tls, "cipher"));
	add(t, p, S("tls.group"), json_str(tls, "group"));
	add(t, p, "ALPN", json_str(tls, "alpn"));
	add(t, p, S("tls.error"), json_str(tls, "error"));
	if (json_object_get(tls, "name_ok") != NULL)
		yes_no(t, p, S("tls.name-ok"), json_flag(tls, "name_ok"));
	if (json_object_get(tls, "verified") != NULL)
		yes_no(t, p, S("tls.verified"), json_flag(tls, "verified"));
	errors(t, p, tls);
	if (json_array_size(json_object_get(tls, "chain")) > 0)
		page_add(&p->page, NULL, S("tls.chain"));
	json_array_foreach(json_object_get(tls, "chain"), i, cert)
		certificate(t, p, cert, i);
	page_add(&p->page, NULL, "");
}

static size_t
all_of(struct tui *t, struct pane *p, const struct sprobe *probe)
{
	size_t i, n = 0;

	for (i = 0; i < probe->nfacts; i++)
		if (strcmp(probe->facts[i].key, "tls") == 0) {
			handshake(t, p, probe, probe->facts[i].value);
			n++;
		}
	return n;
}

void
view_tls(struct tui *t, struct pane *p)
{
	const struct sprobe **list;
	size_t n = select_probes(t, select_id(t), &list), i, shown = 0;

	p->title = xstrdup(S("tui.tls"));
	for (i = 0; i < n; i++)
		shown += all_of(t, p, list[i]);
	/* Spoken by hand, say: what its endpoint has shown elsewhere. */
	for (i = 0; shown == 0 && n == 1 && i < t->s->nprobes; i++)
		if (endpoint_cmp(&t->s->probes[i]->ep, &list[0]->ep) == 0)
			all_of(t, p, t->s->probes[i]);
	free(list);
	/* Nothing selected speaks TLS: all that do. */
	for (i = 0; shown == 0 && n == 0 && i < t->s->nprobes; i++)
		all_of(t, p, t->s->probes[i]);
	if (p->page.n == 0)
		page_add(&p->page, NULL, S("tui.no-tls"));
}
