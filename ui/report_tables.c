/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables of a report: the matrix (every address of every name, IPv4
 * beside IPv6 where the width allows), the delegation as parent and zone
 * have it, and what was not asked.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"

#define COLUMNS	8	/* services of one name */
#define CELL	9
#define PAIR_COLUMN 8	/* of a sign in the delegation table */

/* The cells of one name: its services and its addresses. */
struct block {
	const char	*name;
	char		*service[COLUMNS];
	size_t		 nservices;
	const char	**addr[2];	/* v4, v6 */
	size_t		 naddrs[2];
};

static char *
service_of(const json_t *ep)
{
	const char *tls = json_str(ep, "tls");

	return xasprintf("%s%s", json_str(ep, "proto"),
	    strcmp(tls, "starttls") == 0 ? "+" : "");
}

static const char *
cell_name(const json_t *cell)
{
	return json_str(json_object_get(cell, "endpoint"), "name");
}

static void
block_add(struct block *b, const json_t *cell)
{
	const json_t *ep = json_object_get(cell, "endpoint");
	const char *addr = json_str(ep, "addr");
	size_t f = strchr(addr, ':') != NULL, i;
	char *service = service_of(ep);

	for (i = 0; i < b->nservices; i++)
		if (strcmp(b->service[i], service) == 0)
			break;
	if (i == b->nservices && i < COLUMNS)
		b->service[b->nservices++] = service;
	else
		free(service);
	for (i = 0; i < b->naddrs[f]; i++)
		if (strcmp(b->addr[f][i], addr) == 0)
			return;
	b->addr[f] = xreallocarray(b->addr[f], b->naddrs[f] + 1,
	    sizeof(*b->addr[f]));
	b->addr[f][b->naddrs[f]++] = addr;
}

static void
block_free(struct block *b)
{
	size_t i;

	for (i = 0; i < b->nservices; i++)
		free(b->service[i]);
	free(b->addr[0]);
	free(b->addr[1]);
}

static const json_t *
find_cell(const json_t *matrix, const struct block *b, const char *addr,
    size_t column)
{
	json_t *cell;
	char *service;
	bool same;
	size_t i;

	json_array_foreach(matrix, i, cell) {
		const json_t *ep = json_object_get(cell, "endpoint");

		if (strcmp(cell_name(cell), b->name) != 0 ||
		    strcmp(json_str(ep, "addr"), addr) != 0)
			continue;
		service = service_of(ep);
		same = strcmp(service, b->service[column]) == 0;
		free(service);
		if (same)
			return cell;
	}
	return NULL;
}

static void
put_addr(struct out *o, const char *addr, int width)
{
	struct buf b;

	buf_init(&b, 0);
	if (*addr == '\0')
		buf_adds(&b, S("report.no-address"));
	strings_safe(&b, addr, strlen(addr));
	out_pad(o, buf_str(&b), width);
	buf_free(&b);
}

static void
put_cell(struct out *o, const json_t *cell, bool last)
{
	int verdict = verdict_parse(json_str(cell, "verdict"));
	char time[24] = "";
	double s = json_num(cell, "s", -1);

	if (cell != NULL && s >= 0)
		snprintf(time, sizeof(time), " %.*f", s < 10 ? 3 : 1, s);
	out_color(o, signs_color(verdict), cell == NULL ? " " :
	    signs_verdict(verdict));
	if (last)
		out_put(o, time);
	else
		out_pad(o, time, CELL - text_width(cell == NULL ? " " :
		    signs_verdict(verdict), o->ambiguous));
}

static void
put_half(struct out *o, const json_t *matrix, const struct block *b,
    const char *addr, int width, bool last)
{
	size_t i;

	put_addr(o, addr, width);
	for (i = 0; i < b->nservices; i++)
		put_cell(o, find_cell(matrix, b, addr, i),
		    last && i + 1 == b->nservices);
}

static int
widest(const struct block *b, size_t f)
{
	int width = 0, w;
	size_t i;

	for (i = 0; i < b->naddrs[f]; i++)
		if ((w = text_width(b->addr[f][i], 1)) > width)
			width = w;
	return width + 2;
}

static void
block_head(struct out *o, const struct block *b, int width)
{
	struct buf name;
	size_t i;

	buf_init(&name, 0);
	buf_adds(&name, "  ");
	strings_safe(&name, b->name, strlen(b->name));
	if (text_width(buf_str(&name), o->ambiguous) > width + 2) {
		out_printf(o, "%s\n", buf_str(&name));
		out_printf(o, "%*s", width + 4, "");
	} else
		out_pad(o, buf_str(&name), width + 4);
	buf_free(&name);
	for (i = 0; i < b->nservices; i++) {
		buf_init(&name, 0);
		strings_safe(&name, b->service[i], strlen(b->service[i]));
		if (i + 1 == b->nservices)
			out_put(o, buf_str(&name));
		else
			out_pad(o, buf_str(&name), CELL);
		buf_free(&name);
	}
	out_put(o, "\n");
}

/* The left column: addresses, and the name above them if it is short. */
static int
left_width(const struct block *b, int w6)
{
	int width = b->naddrs[0] > 0 ? widest(b, 0) : w6;
	int name = text_width(b->name, 1);

	return name > width && name <= 28 ? name : width;
}

/* v4 left, v6 right, or one below the other. */
static void
block_rows(struct out *o, const json_t *matrix, const struct block *b)
{
	int w6 = widest(b, 1), w4 = left_width(b, w6);
	int cells = (int)b->nservices * CELL;
	bool beside = b->naddrs[0] > 0 && b->naddrs[1] > 0 &&
	    4 + w4 + cells + 2 + w6 + cells <= OUT_WIDTH;
	size_t rows = b->naddrs[0] > b->naddrs[1] ? b->naddrs[0] :
	    b->naddrs[1], i, f;

	if (beside) {
		block_head(o, b, w4);
		for (i = 0; i < rows; i++) {
			out_put(o, "    ");
			if (i < b->naddrs[0])
				put_half(o, matrix, b, b->addr[0][i], w4,
				    i >= b->naddrs[1]);
			else
				out_printf(o, "%*s", w4 + cells, "");
			if (i < b->naddrs[1]) {
				out_put(o, "  ");
				put_half(o, matrix, b, b->addr[1][i], w6,
				    true);
			}
			out_put(o, "\n");
		}
		return;
	}
	block_head(o, b, w4 > w6 ? w4 : w6);
	for (f = 0; f < 2; f++)
		for (i = 0; i < b->naddrs[f]; i++) {
			out_put(o, "    ");
			put_half(o, matrix, b, b->addr[f][i],
			    w4 > w6 ? w4 : w6, true);
			out_put(o, "\n");
		}
}

/* Was this name the name of an earlier cell? */
static bool
seen(const json_t *matrix, size_t before, const char *name)
{
	size_t i;

	for (i = 0; i < before; i++)
		if (strcmp(cell_name(json_array_get(matrix, i)), name) == 0)
			return true;
	return false;
}

void
report_matrix(struct out *o, const json_t *matrix)
{
	json_t *cell, *other;
	struct block b;
	size_t i, j;

	if (json_array_size(matrix) == 0)
		return;
	report_heading(o, S("report.matrix"));
	json_array_foreach(matrix, i, cell) {
		if (seen(matrix, i, cell_name(cell)))
			continue;
		memset(&b, 0, sizeof(b));
		b.name = cell_name(cell);
		json_array_foreach(matrix, j, other)
			if (strcmp(cell_name(other), b.name) == 0)
				block_add(&b, other);
		block_rows(o, matrix, &b);
		block_free(&b);
	}
}

static bool
same_pair(const json_t *a, const json_t *b)
{
	return strcmp(json_str(a, "ns"), json_str(b, "ns")) == 0 &&
	    strcmp(json_str(a, "addr"), json_str(b, "addr")) == 0;
}

static bool
has_pair(const json_t *list, const json_t *pair)
{
	json_t *p;
	size_t i;

	json_array_foreach(list, i, p)
		if (same_pair(p, pair))
			return true;
	return false;
}

static void
pair_row(struct out *o, const json_t *pair, bool parent, bool zone, int width)
{
	const char *ns = json_str(pair, "ns"), *addr = json_str(pair, "addr");
	const int sign[2] = { parent ? VERDICT_OK : VERDICT_NOT_ASKED,
		zone ? VERDICT_OK : VERDICT_NOT_ASKED };
	struct buf first, text;
	int pad, i;

	buf_init(&first, 0);
	buf_init(&text, 0);
	buf_adds(&first, parent && zone ? "    " : "  ! ");
	for (i = 0; i < 2; i++)
		buf_printf(&first, "%s%*s", signs_verdict(sign[i]),
		    PAIR_COLUMN - text_width(signs_verdict(sign[i]),
		    o->ambiguous), "");
	strings_safe(&text, ns, strlen(ns));
	pad = width - text_width(buf_str(&text), o->ambiguous);
	if (4 + 2 * PAIR_COLUMN + width + 1 + text_width(addr, 1) > OUT_WIDTH)
		pad = 0;
	buf_printf(&text, "%*s ", pad > 0 ? pad : 0, "");
	if (*addr == '\0')
		buf_adds(&text, S("report.no-address"));
	strings_safe(&text, addr, strlen(addr));
	if (pad > 0)
		out_printf(o, "%s%s\n", buf_str(&first), buf_str(&text));
	else
		out_wrap(o, buf_str(&first), "                      ",
		    buf_str(&text));
	buf_free(&first);
	buf_free(&text);
}

static int
ns_width(const json_t *list, int width)
{
	json_t *p;
	size_t i;
	int w;

	json_array_foreach(list, i, p) {
		w = (int)strlen(json_str(p, "ns"));
		if (w > width)
			width = w;
	}
	return width > 36 ? 36 : width;
}

static void
parent_row(struct out *o, const json_t *parent)
{
	const char *last = "", *ns, *addr;
	struct buf b;
	json_t *p;
	size_t i;

	buf_init(&b, 0);
	buf_printf(&b, "%s:", S("report.parent"));
	json_array_foreach(parent, i, p) {
		ns = json_str(p, "ns");
		addr = json_str(p, "addr");
		if (strcmp(ns, last) != 0) {
			buf_adds(&b, i == 0 ? " " : "; ");
			strings_safe(&b, ns, strlen(ns));
			last = ns;
		}
		if (*addr != '\0') {
			buf_addc(&b, ' ');
			strings_safe(&b, addr, strlen(addr));
		}
	}
	if (json_array_size(parent) > 0)
		out_wrap(o, "  ", "    ", buf_str(&b));
	buf_free(&b);
}

void
report_delegation(struct out *o, const json_t *delegation)
{
	const json_t *given = json_object_get(delegation, "delegation");
	const json_t *zone = json_object_get(delegation, "zone");
	const json_t *parent = json_object_get(delegation, "parent");
	json_t *p;
	size_t i;
	int width;

	if (json_array_size(given) + json_array_size(zone) +
	    json_array_size(parent) == 0)
		return;
	report_heading(o, S("report.delegation"));
	parent_row(o, parent);
	width = ns_width(zone, ns_width(given, 12));
	out_put(o, "    ");
	out_pad(o, S("report.in-parent"), PAIR_COLUMN);
	out_pad(o, S("report.in-zone"), PAIR_COLUMN);
	out_pad(o, S("report.ns"), width);
	out_printf(o, " %s\n", S("report.address"));
	json_array_foreach(given, i, p)
		pair_row(o, p, true, has_pair(zone, p), width);
	json_array_foreach(zone, i, p)
		if (!has_pair(given, p))
			pair_row(o, p, false, true, width);
}

static void
not_asked_row(struct out *o, const json_t *item)
{
	const char *why = json_str(item, "why");
	struct buf b;

	buf_init(&b, 0);
	signs_word(&b, "what", json_str(item, "what"));
	if (*why != '\0') {
		buf_adds(&b, ": ");
		signs_word(&b, "why", why);
	}
	out_wrap(o, "  - ", "    ", buf_str(&b));
	buf_free(&b);
}

void
report_not_asked(struct out *o, const json_t *summary)
{
	const json_t *items = json_object_get(summary, "not_asked");
	const json_t *limits = json_object_get(summary, "limits");
	json_t *item;
	struct buf b;
	size_t i;

	if (json_array_size(items) + json_array_size(limits) == 0)
		return;
	report_heading(o, S("report.not-asked"));
	json_array_foreach(items, i, item)
		not_asked_row(o, item);
	json_array_foreach(limits, i, item) {
		if (!json_is_string(item))
			continue;
		buf_init(&b, 0);
		signs_word(&b, "limit", json_string_value(item));
		out_wrap(o, "  - ", "    ", buf_str(&b));
		buf_free(&b);
	}
}
