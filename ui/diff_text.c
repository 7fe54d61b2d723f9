/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changed between two sessions, as text: the two runs, findings,
 * endpoints, delegation, each line with new, gone or changed in front.
 */
#include "ui/diff.h"

#include <string.h>

#include "base/json.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"

static void
put_verdict(struct buf *b, const char *word)
{
	buf_printf(b, "%s ", signs_verdict(verdict_parse(word)));
	signs_word(b, "verdict-word", word);
}

static void
put_change(struct buf *b, const json_t *one, const json_t *now)
{
	const json_t *was = json_object_get(one, "was");
	const char *old = json_str(was, "verdict");
	const char *new = json_str(now, "verdict");

	if (was != NULL && now != NULL && strcmp(old, new) != 0)
		buf_printf(b, "%s > ", signs_verdict(verdict_parse(old)));
	buf_printf(b, "%s ", signs_verdict(verdict_parse(now != NULL ? new :
	    old)));
}

static void
write_findings(struct out *out, const struct diff_side sides[2],
    const json_t *list)
{
	json_t *one;
	struct buf b;
	size_t i;

	if (json_array_size(list) > 0)
		report_heading(out, S("report.findings"));
	json_array_foreach(list, i, one) {
		const json_t *now = json_object_get(one, "finding");
		const json_t *f = now != NULL ? now : json_object_get(one,
		    "was");
		const char *id = json_str(f, "id");

		buf_init(&b, 0);
		signs_word(&b, "finding-state", json_str(one, "state"));
		buf_adds(&b, ": ");
		put_change(&b, one, now);
		strings_safe(&b, id, strlen(id));
		report_flags(&b, f);
		buf_adds(&b, "  ");
		report_sentence(&b, sides[now != NULL].s, f);
		out_wrap(out, "  ", "    ", buf_str(&b));
		buf_free(&b);
	}
}

static void
write_cells(struct out *out, const json_t *list)
{
	json_t *one;
	struct buf b;
	size_t i;

	if (json_array_size(list) > 0)
		report_heading(out, S("diff.endpoints"));
	json_array_foreach(list, i, one) {
		const json_t *now = json_object_get(one, "cell");
		const json_t *c = now != NULL ? now : json_object_get(one,
		    "was");
		const json_t *ep = json_object_get(c, "endpoint");
		const char *proto = json_str(ep, "proto");

		buf_init(&b, 0);
		signs_word(&b, "finding-state", json_str(one, "state"));
		buf_adds(&b, ": ");
		put_change(&b, one, now);
		strings_safe(&b, proto, strlen(proto));
		buf_addc(&b, ' ');
		signs_endpoint(&b, ep);
		out_wrap(out, "  ", "    ", buf_str(&b));
		buf_free(&b);
	}
}

static void
write_pairs(struct out *out, const char *where, const json_t *list)
{
	json_t *one;
	struct buf b;
	size_t i;

	json_array_foreach(list, i, one) {
		const json_t *now = json_object_get(one, "pair");
		const json_t *p = now != NULL ? now : json_object_get(one,
		    "was");
		const char *ns = json_str(p, "ns"), *addr = json_str(p,
		    "addr");

		buf_init(&b, 0);
		signs_word(&b, "finding-state", json_str(one, "state"));
		buf_adds(&b, ": ");
		signs_word(&b, "diff.place", where);
		buf_addc(&b, ' ');
		strings_safe(&b, ns, strlen(ns));
		buf_addc(&b, ' ');
		if (*addr == '\0')
			buf_adds(&b, S("diff.no-address"));
		else
			strings_safe(&b, addr, strlen(addr));
		out_wrap(out, "  ", "    ", buf_str(&b));
		buf_free(&b);
	}
}

static void
write_side(struct out *out, const char *key, const json_t *side)
{
	const char *name = json_str(side, "name"), *date = json_str(side,
	    "date");
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, "%s ", strings_get(key));
	strings_safe(&b, name, strlen(name));
	buf_addc(&b, ' ');
	strings_safe(&b, date, strlen(date));
	buf_adds(&b, "  ");
	put_verdict(&b, json_str(side, "verdict"));
	out_wrap(out, "", "  ", buf_str(&b));
	buf_free(&b);
}

void
diff_text(struct out *out, const struct diff_side sides[2], const json_t *d)
{
	const json_t *pairs = json_object_get(d, "delegation");
	size_t i, n = 0;

	write_side(out, "diff.old", json_object_get(d, "old"));
	write_side(out, "diff.new", json_object_get(d, "new"));
	if (strcmp(diff_name(&sides[0]), diff_name(&sides[1])) != 0)
		out_printf(out, "%s\n", S("diff.other-domain"));
	if (json_flag(d, "same"))
		out_printf(out, "%s\n", S("diff.same"));
	write_findings(out, sides, json_object_get(d, "findings"));
	write_cells(out, json_object_get(d, "matrix"));
	for (i = 0; i < DIFF_PLACES; i++)
		n += json_array_size(json_object_get(pairs, diff_places[i]));
	if (n > 0)
		report_heading(out, S("diff.delegation"));
	for (i = 0; i < DIFF_PLACES; i++)
		write_pairs(out, diff_places[i], json_object_get(pairs,
		    diff_places[i]));
}
