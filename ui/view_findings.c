/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All findings, worst first, then what is of our own side, then facts. Enter
 * leads to the dialogue that proves one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"
#include "ui/tui.h"

static void
row(struct tui *t, struct pane *p, const json_t *f, size_t i)
{
	int v = verdict_parse(json_str(f, "verdict"));
	char *id = xasprintf("find:%zu:%s", i, json_str(f, "id"));
	struct buf b, ep;

	buf_init(&b, 0);
	buf_init(&ep, 0);
	draw_sign(&b, t, v);
	buf_printf(&b, " %s", draw_style(v));
	strings_safe(&b, json_str(f, "id"), strlen(json_str(f, "id")));
	buf_adds(&b, ST_NORMAL);
	report_flags(&b, f);
	signs_endpoint(&ep, json_object_get(f, "endpoint"));
	buf_printf(&b, "  %s", buf_str(&ep));
	page_add(&p->page, id, buf_str(&b));
	buf_drop(&b, b.len);
	report_sentence(&b, t->s, f);
	page_text(&p->page, id, ST_DIM "    ", ST_DIM "    ", buf_str(&b),
	    p->w, t->wrap, t->amb);
	buf_free(&b);
	buf_free(&ep);
	free(id);
}

static void
list(struct tui *t, struct pane *p, const json_t *all, bool ours,
    const char *head)
{
	bool first = true;
	json_t *f;
	size_t i;

	json_array_foreach(all, i, f) {
		if (ours == (strcmp(json_str(f, "side"), "domain") == 0))
			continue;
		if (first && *head != '\0') {
			char *title = xasprintf(ST_BOLD "%s", head);

			page_add(&p->page, NULL, "");
			page_add(&p->page, NULL, title);
			free(title);
		}
		first = false;
		row(t, p, f, i);
	}
}

void
view_findings(struct tui *t, struct pane *p)
{
	const json_t *all = json_object_get(t->now.end, "findings");
	const json_t *facts = json_object_get(t->now.end, "facts");
	json_t *f;
	struct buf b;
	size_t i;

	p->title = xstrdup(S("report.findings"));
	if (json_array_size(all) == 0)
		page_add(&p->page, NULL, tui_over(t) ? S("report.none") :
		    S("tui.nothing-yet"));
	list(t, p, all, false, "");
	list(t, p, all, true, S("report.your-side"));
	if (json_array_size(facts) > 0) {
		page_add(&p->page, NULL, "");
		page_add(&p->page, NULL, S("report.facts"));
	}
	json_array_foreach(facts, i, f) {
		char *id = select_of_finding(t, f);

		buf_init(&b, 0);
		report_sentence(&b, t->s, f);
		page_text(&p->page, id, "  - ", "    ", buf_str(&b), p->w,
		    t->wrap, t->amb);
		buf_free(&b);
		free(id);
	}
}
