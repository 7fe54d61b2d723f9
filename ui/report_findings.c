/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The findings of a report, worst first: what it is, who feels it, who does
 * what, the command that shows it by hand, and the lines that prove it. Then
 * what is of our own side, then facts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/lines.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"

#define EVIDENCE_LINES	12	/* shown of one finding */
#define EVIDENCE_BYTES	400	/* shown of one line */
#define EVIDENCE_INDENT	10	/* with the marker */
#define EVIDENCE_TAIL	4	/* of the probe, when a fact is the evidence */

/* {name} {addr} {port} {domain} of a finding. */
static json_t *
common_args(const struct session *s, const json_t *finding)
{
	json_t *ep = json_object_get(finding, "endpoint"), *o;
	const char *domain = json_str(json_object_get(s->end, "summary"),
	    "zone");

	if (*domain == '\0')
		domain = json_str(json_object_get(s->head, "subject"),
		    "name");
	o = json_is_object(ep) ? json_copy(ep) : json_object();
	json_put_str(o, "domain", domain);
	if (*json_str(o, "name") == '\0')
		json_put_str(o, "name", domain);
	return o;
}

void
report_fill(struct buf *b, const struct session *s, const json_t *finding,
    const char *text)
{
	json_t *more = common_args(s, finding);

	strings_fill(b, text, json_object_get(finding, "args"), more);
	json_decref(more);
}

void
report_sentence(struct buf *b, const struct session *s,
    const json_t *finding)
{
	const char *id = json_str(finding, "id");
	const struct help_topic *t = strings_topic(id);

	if (t != NULL)
		report_fill(b, s, finding, t->sentence);
	else
		strings_safe(b, id, strlen(id));
}

void
report_flags(struct buf *b, const json_t *finding)
{
	json_t *flag;
	size_t i;

	json_array_foreach(json_object_get(finding, "flags"), i, flag) {
		buf_adds(b, i == 0 ? " (" : ", ");
		signs_word(b, "flag", json_is_string(flag) ?
		    json_string_value(flag) : "");
	}
	if (i > 0)
		buf_addc(b, ')');
}

struct evidence {
	struct buf	 b;
	uint64_t	 shown[EVIDENCE_LINES];
	size_t		 n;
};

static void
evidence_line(struct evidence *e, const struct sline *l)
{
	struct line_show show = { l->dir, l->tls, l->dns, l->data, l->len,
		l->full, l->body };
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->shown[i] == l->seq)
			return;
	if (e->n == EVIDENCE_LINES)
		return;
	if (!show.dns && show.len > EVIDENCE_BYTES)
		show.len = EVIDENCE_BYTES;
	e->shown[e->n++] = l->seq;
	lines_render(&e->b, "      ", &show);
}

/* The last lines of a probe up to seq. */
static void
evidence_tail(struct evidence *e, const struct sprobe *p, uint64_t seq)
{
	size_t end = p->nlines, begin, i;

	while (end > 0 && p->lines[end - 1].seq > seq)
		end--;
	begin = end > EVIDENCE_TAIL ? end - EVIDENCE_TAIL : 0;
	for (i = begin; i < end; i++)
		evidence_line(e, &p->lines[i]);
}

static void
evidence_seq(struct evidence *e, const struct session *s, uint64_t seq)
{
	const struct sprobe *p;
	size_t i, j;

	for (i = 0; i < s->nprobes; i++) {
		p = s->probes[i];
		for (j = 0; j < p->nlines; j++)
			if (p->lines[j].seq == seq) {
				evidence_line(e, &p->lines[j]);
				return;
			}
		for (j = 0; j < p->nfacts; j++)
			if (p->facts[j].seq == seq) {
				evidence_tail(e, p, seq);
				return;
			}
		if (p->seq == seq || p->ended_seq == seq) {
			evidence_tail(e, p, UINT64_MAX);
			return;
		}
	}
}

/* Lines of evidence, the long ones broken. */
static void
put_lines(struct out *o, const char *text)
{
	char first[EVIDENCE_INDENT + 1], *line;
	size_t n;

	for (; *text != '\0'; text += n + 1) {
		n = strcspn(text, "\n");
		line = xstrndup(text, n);
		if (n > EVIDENCE_INDENT &&
		    text_width(line, o->ambiguous) > OUT_WIDTH) {
			memcpy(first, line, EVIDENCE_INDENT);
			first[EVIDENCE_INDENT] = '\0';
			out_wrap(o, first, "            ",
			    line + EVIDENCE_INDENT);
		} else
			out_printf(o, "%s\n", line);
		free(line);
	}
}

static void
evidence(struct out *o, const struct session *s, const json_t *finding)
{
	struct evidence e = { .n = 0 };
	json_t *seq;
	size_t i;

	buf_init(&e.b, 0);
	json_array_foreach(json_object_get(json_object_get(finding,
	    "evidence"), "seq"), i, seq)
		evidence_seq(&e, s, (uint64_t)json_integer_value(seq));
	if (e.b.len > 0) {
		out_printf(o, "    %s\n", S("report.evidence"));
		put_lines(o, buf_str(&e.b));
	}
	buf_free(&e.b);
}

static void
headline(struct out *o, const json_t *finding)
{
	int level = verdict_parse(json_str(finding, "verdict"));
	const char *id = json_str(finding, "id");
	struct buf b, ep;

	buf_init(&b, 0);
	buf_init(&ep, 0);
	strings_safe(&b, id, strlen(id));
	report_flags(&b, finding);
	signs_endpoint(&ep, json_object_get(finding, "endpoint"));
	if (ep.len > 0)
		buf_printf(&b, "  %s", buf_str(&ep));
	out_color(o, signs_color(level), signs_verdict(level));
	out_wrap(o, " ", "  ", buf_str(&b));
	buf_free(&b);
	buf_free(&ep);
}

static void
paragraph(struct out *o, const struct session *s, const json_t *finding,
    const char *label, const char *text)
{
	struct buf b;

	if (text == NULL || *text == '\0')
		return;
	buf_init(&b, 0);
	if (*label != '\0')
		buf_printf(&b, "%s: ", label);
	report_fill(&b, s, finding, text);
	out_wrap(o, "    ", "    ", buf_str(&b));
	buf_free(&b);
}

/* Bytes of s up to the last blank outside quotes that lets it fit into
   columns; all of s if there is none. */
static size_t
command_part(const char *s, int columns)
{
	size_t at, fits = 0;
	char quote = '\0';

	for (at = 0; s[at] != '\0'; at++) {
		if (quote != '\0')
			quote = s[at] == quote ? '\0' : quote;
		else if (s[at] == '\'' || s[at] == '"')
			quote = s[at];
		else if (s[at] == ' ' && ((int)at <= columns || fits == 0))
			fits = at;
	}
	return (int)at <= columns || fits == 0 ? at : fits;
}

/* The command, broken with backslashes so that it can be pasted. */
static void
command(struct out *o, const json_t *finding)
{
	const char *c = json_str(json_object_get(finding, "evidence"),
	    "command"), *at, *first = "    $ ";
	struct buf b;
	size_t n;

	if (*c == '\0')
		return;
	buf_init(&b, 0);
	strings_safe(&b, c, strlen(c));
	for (at = buf_str(&b); *at != '\0'; at += n) {
		at += strspn(at, " ");
		n = command_part(at, OUT_WIDTH - 8);
		out_printf(o, "%s%.*s%s\n", first, (int)n, at,
		    at[n] == '\0' ? "" : " \\");
		first = "      ";
	}
	buf_free(&b);
}

static void
one_finding(struct out *o, const struct session *s, const json_t *finding)
{
	const struct help_topic *t = strings_topic(json_str(finding, "id"));
	char *label;

	headline(o, finding);
	if (t != NULL) {
		paragraph(o, s, finding, "", t->sentence);
		paragraph(o, s, finding, S("report.feels"), t->feels);
		label = *t->who == '\0' ? xstrdup(S("report.do")) :
		    xasprintf("%s (%s)", S("report.do"), t->who);
		paragraph(o, s, finding, label, t->action);
		free(label);
	}
	command(o, finding);
	evidence(o, s, finding);
}

static int
rank(const json_t *finding)
{
	static const enum verdict order[] = { VERDICT_ERROR, VERDICT_WARNING,
		VERDICT_UNKNOWN, VERDICT_NOTICE };
	int level = verdict_parse(json_str(finding, "verdict")), i;

	for (i = 0; i < 4; i++)
		if ((int)order[i] == level)
			return i;
	return 4;
}

/* All findings of one kind of side, worst first: how many. */
static size_t
list(struct out *o, const struct session *s, const json_t *all, bool ours,
    const char *heading)
{
	size_t i, n = 0;
	json_t *f;
	int level;

	for (level = 0; level < 5; level++)
		json_array_foreach(all, i, f) {
			if (rank(f) != level || ours ==
			    (strcmp(json_str(f, "side"), "domain") == 0))
				continue;
			if (n++ == 0)
				report_heading(o, heading);
			one_finding(o, s, f);
		}
	return n;
}

static void
facts(struct out *o, const struct session *s, const json_t *all)
{
	struct buf b;
	size_t i;
	json_t *f;

	if (json_array_size(all) > 0)
		report_heading(o, S("report.facts"));
	json_array_foreach(all, i, f) {
		buf_init(&b, 0);
		report_sentence(&b, s, f);
		out_wrap(o, "  - ", "    ", buf_str(&b));
		buf_free(&b);
	}
}

void
report_findings(struct out *o, const struct session *s, const json_t *end)
{
	const json_t *all = json_object_get(end, "findings");

	if (list(o, s, all, false, S("report.findings")) == 0) {
		report_heading(o, S("report.findings"));
		out_wrap(o, "  ", "  ", S("report.none"));
	}
	list(o, s, all, true, S("report.your-side"));
	facts(o, s, json_object_get(end, "facts"));
}
