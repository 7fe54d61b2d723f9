/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What it means: the findings about what is selected, worst first, each as a
 * sentence, who feels it, what to do and who does it, the command that shows
 * the same by hand. Also how runs asked for with R came out.
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
add(struct tui *t, struct pane *p, const char *first, const char *text)
{
	page_text(&p->page, NULL, first, "  ", text, p->w, true, t->amb);
}

static void
labelled(struct tui *t, struct pane *p, const json_t *finding,
    const char *label, const char *text)
{
	struct buf b;

	if (text == NULL || *text == '\0')
		return;
	buf_init(&b, 0);
	buf_printf(&b, ST_BOLD "%s:" ST_NORMAL " ", label);
	report_fill(&b, t->s, finding, text);
	add(t, p, "", buf_str(&b));
	buf_free(&b);
}

static void
command(struct tui *t, struct pane *p, const json_t *finding)
{
	const char *c = json_str(json_object_get(finding, "evidence"),
	    "command");
	struct buf b;

	if (*c == '\0')
		return;
	buf_init(&b, 0);
	buf_adds(&b, "$ ");
	strings_safe(&b, c, strlen(c));
	add(t, p, "", buf_str(&b));
	buf_free(&b);
}

static void
one(struct tui *t, struct pane *p, const json_t *finding)
{
	const char *id = json_str(finding, "id");
	const struct help_topic *topic = strings_topic(id);
	int v = verdict_parse(json_str(finding, "verdict"));
	struct buf b;
	char *label;

	buf_init(&b, 0);
	draw_sign(&b, t, v);
	buf_printf(&b, " %s", draw_style(v));
	strings_safe(&b, id, strlen(id));
	buf_adds(&b, ST_NORMAL);
	report_flags(&b, finding);
	if (strcmp(json_str(finding, "side"), "domain") != 0)
		buf_printf(&b, " (%s)", S("tui.your-side"));
	buf_adds(&b, "  ");
	report_sentence(&b, t->s, finding);
	add(t, p, "", buf_str(&b));
	buf_free(&b);
	if (topic != NULL) {
		labelled(t, p, finding, S("report.feels"), topic->feels);
		label = *topic->who == '\0' ? xstrdup(S("report.do")) :
		    xasprintf("%s (%s)", S("report.do"), topic->who);
		labelled(t, p, finding, label, topic->action);
		free(label);
	}
	command(t, p, finding);
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* "7 of 10: 6 ok, 1 failed; 21 ms .. 23 ms .. 1.0 s" */
static void
runs(struct tui *t, struct pane *p, const char *id)
{
	const struct tui_runs *r = &t->runs;
	int64_t *took = xcalloc(r->n + 1, sizeof(*took));
	const struct sprobe **list;
	size_t n = select_probes(t, id, &list), i, ok = 0;
	struct buf b;

	for (i = 0; i < n; i++)
		if (strcmp(list[i]->key, r->key) == 0)
			break;
	buf_init(&b, 0);
	if (i < n) {
		for (i = 0; i < r->n; i++)
			if (r->took[i] >= 0)
				took[ok++] = r->took[i];
		qsort(took, ok, sizeof(*took), by_time);
		buf_printf(&b, ST_BOLD "%s" ST_NORMAL " %zu/%d  ok %zu  %s %zu",
		    S("tui.runs"), r->n, r->wanted, ok, S("tui.failed"),
		    r->n - ok);
		for (i = 0; ok > 0 && i < 3; i++) {
			buf_adds(&b, i == 0 ? "  min " : i == 1 ? "  med " :
			    "  max ");
			signs_seconds(&b, (double)took[i * (ok - 1) / 2] / 1e6);
		}
		add(t, p, "", buf_str(&b));
		buf_drop(&b, b.len);
		for (i = 0; i < r->n; i++) {
			buf_addc(&b, ' ');
			if (r->took[i] < 0)
				draw_sign(&b, t, VERDICT_ERROR);
			else
				signs_seconds(&b, (double)r->took[i] / 1e6);
		}
		if (r->n > 0)
			add(t, p, "", buf_str(&b));
	}
	buf_free(&b);
	free(list);
	free(took);
}

/* Nothing was found: what the step is for. */
static void
nothing(struct tui *t, struct pane *p, const char *id)
{
	int step = select_step(t, id);
	const struct help_topic *topic;
	char *key;

	if (step < 0 || (topic = strings_topic(step_rows[step].id)) == NULL)
		return;
	if (t->s->steps[step] == STEP_NOT_ASKED) {
		key = xasprintf("why.%s", step_rows[step].built ? "option" :
		    "not-built");
		add(t, p, ST_DIM, S("probe-state.skipped"));
		add(t, p, "", strings_get(key));
		free(key);
	} else if (t->s->steps[step] == STEP_ENDED)
		add(t, p, "", S("tui.nothing-found"));
	add(t, p, "", topic->sentence);
}

void
view_meaning(struct tui *t, struct pane *p)
{
	const json_t *all = json_object_get(t->now.end, "findings");
	const json_t *facts = json_object_get(t->now.end, "facts");
	const char *id = select_id(t);
	size_t i, n = 0;
	json_t *f;

	free(p->title);
	p->title = xstrdup(S("tui.meaning"));
	if (t->runs.key != NULL)
		runs(t, p, id);
	json_array_foreach(all, i, f)
		if (select_concerns(t, id, f)) {
			if (n++ > 0)
				page_add(&p->page, NULL, "");
			one(t, p, f);
		}
	if (strncmp(id, "find:", 5) != 0)
		json_array_foreach(facts, i, f)
			if (select_concerns(t, id, f)) {
				n++;
				one(t, p, f);
			}
	if (n == 0)
		nothing(t, p, id);
}
