/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The delegation map: root, TLD, domain; then each name server with its
 * addresses as the parent gives them (NS and glue) and as the zone does, what
 * answered there, and what that server itself says the name servers are.
 * What differs is marked.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"

static bool
has(const json_t *list, const char *ns, const char *addr)
{
	json_t *p;
	size_t i;

	json_array_foreach(list, i, p)
		if (strcmp(json_str(p, "ns"), ns) == 0 &&
		    (addr == NULL || strcmp(json_str(p, "addr"), addr) == 0))
			return true;
	return false;
}

/* "jp (a.dns.example, b.dns.example)" */
static void
names_of(struct buf *b, const json_t *list)
{
	const char *last = "", *ns;
	json_t *p;
	size_t i, n = 0;

	json_array_foreach(list, i, p) {
		ns = json_str(p, "ns");
		if (strcmp(ns, last) == 0)
			continue;
		buf_adds(b, n++ == 0 ? "  " : ", ");
		strings_safe(b, ns, strlen(ns));
		last = ns;
	}
}

static void
root_names(struct buf *b, const struct tui *t)
{
	json_t *h, *list = json_object_get(t->s->head, "hints");
	size_t i, n = 0;

	json_array_foreach(list, i, h) {
		const char *ns = json_str(h, "ns");

		if (i > 0 && strcmp(ns, json_str(json_array_get(list, i - 1),
		    "ns")) == 0)
			continue;
		if (n++ < 3) {
			buf_adds(b, n == 1 ? "  " : ", ");
			strings_safe(b, ns, strlen(ns));
		}
	}
	if (n > 3)
		buf_printf(b, " +%zu", n - 3);
}

static void
trail(struct tui *t, struct pane *p, const json_t *d, const char *zone)
{
	const char *dot = strchr(zone, '.'), *arm = strings_utf8() &&
	    t->amb == 1 ? "\342\224\224 " : "\\ ";
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, ST_BOLD "." ST_NORMAL ST_DIM);
	root_names(&b, t);
	page_text(&p->page, "step:here", "", "    ", buf_str(&b), p->w, true,
	    t->amb);
	buf_drop(&b, b.len);
	buf_printf(&b, "%s" ST_BOLD, arm);
	if (dot != NULL)
		strings_safe(&b, dot + 1, strlen(dot + 1));
	buf_adds(&b, ST_NORMAL ST_DIM);
	names_of(&b, json_object_get(d, "parent"));
	page_text(&p->page, "step:delegation", "  ", "      ", buf_str(&b),
	    p->w, true, t->amb);
	buf_drop(&b, b.len);
	buf_printf(&b, "    %s" ST_BOLD, arm);
	strings_safe(&b, zone, strlen(zone));
	page_add(&p->page, "step:servers", buf_str(&b));
	page_add(&p->page, NULL, "");
	buf_free(&b);
}

static int
verdict_at(const struct tui *t, const char *ns, const char *addr,
    const struct endpoint **ep, double *s)
{
	struct addr a;
	size_t i;

	*ep = NULL;
	if (addr_parse(&a, addr) != 0)
		return VERDICT_NOT_OFFERED;
	for (i = 0; i < t->now.n; i++)
		if (strcmp(t->now.eps[i].proto, "dns") == 0 &&
		    strcmp(t->now.eps[i].name, ns) == 0 &&
		    addr_equal(&t->now.eps[i].addr, &a)) {
			*ep = &t->now.eps[i];
			*s = t->now.seconds[i];
			return t->now.verdicts[i];
		}
	return VERDICT_NONE;
}

/* The reply of a server to a question about the zone, or NULL. */
static const struct dns_msg *
asked(const struct tui *t, const struct endpoint *ep, const char *name,
    int type)
{
	size_t i;

	for (i = 0; i < t->s->nprobes; i++) {
		const struct sprobe *p = t->s->probes[i];

		if (p->qtype == type && p->reply != NULL &&
		    p->qname != NULL && text_casecmp(p->qname, name) == 0 &&
		    addr_equal(&p->ep.addr, &ep->addr) &&
		    p->step != STEP_RESOLVER)
			return p->reply;
	}
	return NULL;
}

/* Does this server's NS set equal that of the parent? */
static void
says(struct buf *b, const struct tui *t, const struct endpoint *ep,
    const char *zone, const json_t *given)
{
	const struct dns_msg *m = asked(t, ep, zone, DNS_NS);
	size_t i, n = 0;
	bool same = true;

	if (m == NULL)
		return;
	buf_adds(b, "  NS");
	for (i = 0; i < m->nrrs; i++) {
		const struct dns_rr *rr = &m->rrs[i];
		char *name;
		size_t len;

		if (rr->section != DNS_ANSWER || rr->type != DNS_NS ||
		    rr->text == NULL)
			continue;
		len = strlen(rr->text);
		name = xstrndup(rr->text, len > 0 &&
		    rr->text[len - 1] == '.' ? len - 1 : len);
		text_lower(name);
		n++;
		if (!has(given, name, NULL)) {
			same = false;
			buf_addc(b, ' ');
			buf_adds(b, ST_YELLOW);
			strings_safe(b, name, strlen(name));
			buf_adds(b, ST_NORMAL);
		}
		free(name);
	}
	if (message_cut(m, DNS_ANSWER))
		buf_printf(b, " %zu [+%zu]", n, m->more[DNS_ANSWER]);
	else if (same)
		buf_printf(b, " %zu %s", n, S("tui.same"));
}

static void
mark(struct buf *b, const struct tui *t, bool there, int width)
{
	int w = draw_sign_width(t);

	draw_sign(b, t, there ? VERDICT_OK : VERDICT_NOT_OFFERED);
	buf_printf(b, "%*s", width - w, "");
}

static void
server(struct tui *t, struct pane *p, const json_t *d, const json_t *pair,
    const char *zone)
{
	const json_t *given = json_object_get(d, "delegation");
	const json_t *own = json_object_get(d, "zone");
	const char *ns = json_str(pair, "ns"), *addr = json_str(pair, "addr");
	const struct endpoint *ep;
	bool parent = has(given, ns, addr), child = has(own, ns, addr);
	double s = 0;
	int v = verdict_at(t, ns, addr, &ep, &s);
	struct buf b;
	char *id;

	buf_init(&b, 0);
	buf_adds(&b, parent != child ? ST_YELLOW " ! " ST_NORMAL : "   ");
	mark(&b, t, parent, 8);
	mark(&b, t, child, 8);
	draw_pad(&b, t, *addr == '\0' ? S("report.no-address") : addr,
	    p->w < 90 ? 26 : 34);
	buf_addc(&b, ' ');
	draw_sign(&b, t, v);
	buf_addc(&b, ' ');
	if (s > 0)
		signs_seconds(&b, s);
	id = ep == NULL ? xasprintf("row:%s/%s", ns, addr) :
	    select_of_endpoint(t, ep, STEP_SERVERS);
	if (ep != NULL)
		says(&b, t, ep, zone, given);
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
	free(id);
}

static void
ns_head(struct pane *p, const json_t *d, const char *ns)
{
	bool parent = has(json_object_get(d, "delegation"), ns, NULL);
	bool child = has(json_object_get(d, "zone"), ns, NULL);
	struct buf b;
	char *id = xasprintf("ns:%s", ns);

	buf_init(&b, 0);
	buf_adds(&b, parent != child ? ST_YELLOW "!" ST_NORMAL " " ST_BOLD :
	    "  " ST_BOLD);
	strings_safe(&b, ns, strlen(ns));
	if (parent != child)
		buf_printf(&b, ST_YELLOW "  %s", parent ?
		    S("tui.only-parent") : S("tui.only-zone"));
	page_add(&p->page, id, buf_str(&b));
	buf_free(&b);
	free(id);
}

/* All pairs of both sides, those of a name together. */
static json_t *
merged(const json_t *d)
{
	const json_t *lists[2] = { json_object_get(d, "delegation"),
		json_object_get(d, "zone") };
	json_t *out = json_array(), *p;
	size_t i, k;

	for (k = 0; k < 2; k++)
		json_array_foreach(lists[k], i, p)
			if (!has(out, json_str(p, "ns"), json_str(p, "addr")))
				json_array_append(out, p);
	return out;
}

void
view_map(struct tui *t, struct pane *p)
{
	const json_t *d = json_object_get(t->now.end, "delegation");
	const char *zone = json_str(json_object_get(t->now.end, "summary"),
	    "zone");
	json_t *all = merged(d), *pair, *other;
	struct buf b;
	size_t i, k;

	p->title = xstrdup(S("tui.map"));
	if (*zone == '\0')
		zone = json_str(json_object_get(t->s->head, "subject"),
		    "name");
	trail(t, p, d, zone);
	buf_init(&b, 0);
	buf_adds(&b, ST_DIM "   ");
	draw_pad(&b, t, S("report.in-parent"), 8);
	draw_pad(&b, t, S("report.in-zone"), 8);
	draw_pad(&b, t, S("report.address"), p->w < 90 ? 27 : 35);
	buf_adds(&b, S("tui.answers"));
	page_add(&p->page, NULL, buf_str(&b));
	buf_free(&b);
	json_array_foreach(all, i, pair) {
		const char *ns = json_str(pair, "ns");

		for (k = 0; k < i; k++)
			if (strcmp(json_str(json_array_get(all, k), "ns"),
			    ns) == 0)
				break;
		if (k < i)
			continue;
		ns_head(p, d, ns);
		json_array_foreach(all, k, other)
			if (strcmp(json_str(other, "ns"), ns) == 0)
				server(t, p, d, other, zone);
	}
	if (json_array_size(all) == 0)
		page_add(&p->page, NULL, S("tui.nothing-yet"));
	json_decref(all);
}
