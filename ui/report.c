/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report: the answer in one line, whom to call, what was asked from
 * where, the verdict in a sentence, then the findings and the tables. It is
 * made from the end event and the lines of the session alone, so that a
 * replay writes the same bytes.
 */
#include "ui/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "ui/signs.h"
#include "ui/state.h"
#include "ui/strings.h"

void
report_heading(struct out *o, const char *text)
{
	out_put(o, "\n");
	out_color(o, OUT_BOLD, text);
	out_put(o, "\n");
}

/* What an end event would say of a session that has none. */
static json_t *
interim_end(const struct session *s)
{
	json_t *end = json_object(), *findings = json_array();
	json_t *facts = json_array(), *limits = json_array();
	json_t *summary = json_object();
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		json_array_append_new(s->findings[i]->level == VERDICT_FACT ?
		    facts : findings, finding_json(s->findings[i]));
	json_array_append_new(limits, json_string("cut-off"));
	json_put(summary, "limits", limits);
	json_put_int(summary, "worst", -1);
	json_put_str(end, "verdict", "unknown");
	json_put(end, "findings", findings);
	json_put(end, "facts", facts);
	json_put(end, "summary", summary);
	return end;
}

int
report_status(const struct session *s)
{
	return s->end == NULL ? 3 :
	    signs_status(json_str(s->end, "verdict"));
}

static void
one_service(struct buf *b, const json_t *service)
{
	static const char *const families[] = { "v4", "v6" };
	const char *word;
	int v4 = verdict_parse(json_str(service, "v4")), v6;
	size_t i;

	if (b->len > 0)
		buf_adds(b, signs_dot());
	signs_word(b, "service", json_str(service, "service"));
	v6 = verdict_parse(json_str(service, "v6"));
	if (v4 == v6 && (v4 == VERDICT_NOT_ASKED ||
	    v4 == VERDICT_NOT_OFFERED)) {
		buf_printf(b, " %s", signs_verdict(v4));
		return;
	}
	for (i = 0; i < 2; i++) {
		word = json_str(service, families[i]);
		if (*word != '\0')
			buf_printf(b, " %s %s", families[i],
			    signs_verdict(verdict_parse(word)));
	}
}

static void
worst_words(struct buf *b, const json_t *end)
{
	const json_t *summary = json_object_get(end, "summary"), *f;
	int64_t worst = json_int(summary, "worst", -1);
	const struct help_topic *t;
	const char *id;
	struct buf ep;

	f = worst < 0 ? NULL : json_array_get(json_object_get(end,
	    "findings"), (size_t)worst);
	if (f == NULL)
		return;
	id = json_str(f, "id");
	t = strings_topic(id);
	buf_init(&ep, 0);
	signs_endpoint(&ep, json_object_get(f, "endpoint"));
	buf_printf(b, "%s: %s ", S("report.worst"),
	    signs_verdict(verdict_parse(json_str(f, "verdict"))));
	if (t != NULL)
		buf_adds(b, t->title);
	else
		strings_safe(b, id, strlen(id));
	if (ep.len > 0)
		buf_printf(b, ": %s", buf_str(&ep));
	buf_free(&ep);
}

static void
last_words(struct buf *b, const struct session *s)
{
	struct buf last;

	buf_init(&last, 0);
	state_said(&last, s);
	if (last.len > 0 && b->len > 0)
		buf_adds(b, signs_dot());
	buf_add(b, buf_str(&last), last.len);
	buf_free(&last);
}

/* What was pasted, in short: "postfix, timeout: smtp mx.example.jp ...". */
void
report_ticket(struct buf *b, const struct session *s)
{
	const json_t *alert = json_object_get(s->head, "alert");
	const char *class = json_str(alert, "class");
	const char *source = json_str(alert, "source");
	const char *when = json_str(alert, "when");
	struct buf ep;

	if (alert == NULL)
		return;
	strings_safe(b, source, strlen(source));
	if (*class != '\0') {
		buf_adds(b, ", ");
		signs_word(b, "alert-class", class);
	}
	if (*when != '\0') {
		buf_adds(b, ", ");
		strings_safe(b, when, strlen(when));
	}
	buf_init(&ep, 0);
	signs_endpoint(&ep, json_object_get(alert, "endpoint"));
	if (ep.len > 0)
		buf_printf(b, ": %s", buf_str(&ep));
	buf_free(&ep);
	for (size_t i = 0; i < s->nprobes; i++)
		if (model_ticket(s->probes[i])) {
			buf_printf(b, ": %s: ", S("alert.not-held"));
			signs_word(b, "outcome", s->probes[i]->outcome);
		}
}

/* The first line: a sign per service and family, and the worst finding. */
static void
answer_line(struct out *o, const struct session *s, const json_t *end)
{
	const json_t *services = json_object_get(json_object_get(end,
	    "summary"), "services");
	struct buf b, worst;
	json_t *service;
	size_t i;

	buf_init(&b, 0);
	buf_init(&worst, 0);
	json_array_foreach(services, i, service)
		one_service(&b, service);
	worst_words(&worst, end);
	last_words(&worst, s);
	if (b.len == 0)
		buf_adds(&b, S("report.no-services"));
	if (worst.len > 0)
		buf_printf(&b, "  %s", buf_str(&worst));
	if (text_width(buf_str(&b), o->ambiguous) > OUT_WIDTH &&
	    worst.len > 0) {
		b.len -= worst.len + 2;
		buf_add(&b, "", 0);
		b.data[b.len] = '\0';
		out_wrap(o, "", "  ", buf_str(&b));
		out_wrap(o, "  ", "  ", buf_str(&worst));
	} else
		out_wrap(o, "", "  ", buf_str(&b));
	buf_free(&b);
	buf_free(&worst);
}

static void
contact_line(struct out *o, const json_t *end)
{
	const char *provider;
	struct buf b;
	json_t *c;
	size_t i;

	buf_init(&b, 0);
	json_array_foreach(json_object_get(end, "contacts"), i, c) {
		provider = json_str(c, "provider");
		if (b.len > 0)
			buf_adds(&b, signs_dot());
		signs_word(&b, "service", json_str(c, "service"));
		buf_addc(&b, ' ');
		strings_safe(&b, provider, strlen(provider));
	}
	out_wrap(o, "", "  ", b.len > 0 ? buf_str(&b) :
	    S("report.no-contacts"));
	buf_free(&b);
}

static void
row(struct out *o, const char *label, const char *text)
{
	int columns = 12 - text_width(label, o->ambiguous);
	struct buf first;

	buf_init(&first, 0);
	buf_printf(&first, "  %s%*s ", label, columns > 0 ? columns : 0, "");
	out_wrap(o, buf_str(&first), "               ", text);
	buf_free(&first);
}

static void
words_row(struct out *o, const char *label, const char *prefix,
    const json_t *list)
{
	struct buf b;
	json_t *item;
	size_t i;

	buf_init(&b, 0);
	json_array_foreach(list, i, item) {
		if (b.len > 0)
			buf_adds(&b, ", ");
		if (json_is_string(item))
			signs_word(&b, prefix, json_string_value(item));
	}
	if (b.len > 0)
		row(o, label, buf_str(&b));
	buf_free(&b);
}

static void
repairs_row(struct out *o, const json_t *subject)
{
	const char *at = json_str(subject, "repairs");
	json_t *list = json_array();
	size_t n;

	for (; *at != '\0'; at += n) {
		at += strspn(at, " ");
		n = strcspn(at, " ");
		if (n > 0)
			json_array_append_new(list, json_stringn(at, n));
	}
	words_row(o, S("report.repaired"), "repair", list);
	json_decref(list);
}

static void
subject_rows(struct out *o, const json_t *head, const json_t *end)
{
	const json_t *subject = json_object_get(head, "subject");
	const char *name = json_str(subject, "name"), *zone;
	const char *unicode = json_str(subject, "unicode");
	const char *input = json_str(subject, "input");
	struct buf b;

	buf_init(&b, 0);
	strings_safe(&b, input, strlen(input));
	row(o, S("report.subject"), buf_str(&b));
	if (strcmp(name, input) != 0 || strcmp(unicode, name) != 0) {
		buf_drop(&b, b.len);
		strings_safe(&b, name, strlen(name));
		if (strcmp(unicode, name) != 0) {
			buf_adds(&b, " = ");
			strings_safe(&b, unicode, strlen(unicode));
		}
		row(o, S("report.name"), buf_str(&b));
	}
	repairs_row(o, subject);
	zone = json_str(json_object_get(end, "summary"), "zone");
	buf_drop(&b, b.len);
	strings_safe(&b, zone, strlen(zone));
	if (*zone != '\0')
		row(o, S("report.zone"), buf_str(&b));
	buf_free(&b);
}

static void
family_row(struct out *o, const json_t *options)
{
	bool v4 = json_object_get(options, "v4") == NULL ||
	    json_flag(options, "v4");
	bool v6 = json_object_get(options, "v6") == NULL ||
	    json_flag(options, "v6");

	row(o, S("report.families"), v4 && v6 ? S("report.both") :
	    v4 ? S("report.only-v4") : S("report.only-v6"));
}

/* Source addresses of this host, as the session event has them. */
static void
vantage_row(struct out *o, const json_t *head)
{
	static const char *const families[] = { "v4", "v6" };
	const json_t *vantage = json_object_get(head, "vantage");
	const char *addr;
	struct buf b;
	size_t i;

	if (vantage == NULL)
		return;
	buf_init(&b, 0);
	for (i = 0; i < 2; i++) {
		addr = json_str(vantage, families[i]);
		buf_printf(&b, "%s%s ", i == 0 ? "" : ", ", families[i]);
		if (*addr == '\0')
			buf_adds(&b, S("report.no-address"));
		strings_safe(&b, addr, strlen(addr));
	}
	row(o, S("report.from"), buf_str(&b));
	buf_free(&b);
}

static void
ticket_row(struct out *o, const struct session *s)
{
	struct buf b;

	buf_init(&b, 0);
	report_ticket(&b, s);
	if (b.len > 0)
		row(o, S("alert.row"), buf_str(&b));
	buf_free(&b);
}

static void
head_rows(struct out *o, const struct session *s, const json_t *end)
{
	const json_t *head = s->head;
	const json_t *options = json_object_get(head, "options");
	const char *date = json_str(head, "date"), *mail;
	struct buf b;

	report_heading(o, S("report.title"));
	subject_rows(o, head, end);
	buf_init(&b, 0);
	strings_safe(&b, date, strlen(date));
	row(o, S("report.date"), buf_str(&b));
	vantage_row(o, head);
	family_row(o, options);
	ticket_row(o, s);
	words_row(o, S("report.resolvers"), "resolver",
	    json_object_get(options, "resolvers"));
	words_row(o, S("report.global"), "prefix",
	    json_object_get(options, "global"));
	words_row(o, S("report.skipped"), "step-name",
	    json_object_get(options, "skip"));
	mail = json_str(options, "helo");
	if (*mail != '\0') {
		buf_drop(&b, b.len);
		strings_safe(&b, mail, strlen(mail));
		row(o, S("report.helo"), buf_str(&b));
	}
	buf_free(&b);
}

/* Step 12 in a sentence or three. */
static void
verdict_sentence(struct out *o, const json_t *head, const json_t *end)
{
	const json_t *summary = json_object_get(end, "summary");
	const char *verdict = json_str(end, "verdict"), *text;
	json_t *who = json_object_get(summary, "who"), *item, *args;
	char *key = xasprintf("verdict.%s", verdict);
	struct buf b;
	size_t i;

	report_heading(o, S("report.verdict"));
	args = json_pack("{s:s}", "domain", json_str(json_object_get(head,
	    "subject"), "name"));
	buf_init(&b, 0);
	buf_printf(&b, "%s ", signs_verdict(verdict_parse(verdict)));
	text = strings_try(key);
	strings_fill(&b, text != NULL ? text : S("verdict.unknown"), args,
	    NULL);
	if (json_flag(summary, "half_done"))
		buf_printf(&b, " %s", S("report.half-done"));
	if (json_array_size(who) > 0)
		buf_printf(&b, " %s", S("report.who-first"));
	json_array_foreach(who, i, item) {
		buf_adds(&b, i == 0 ? " " : ", ");
		if (json_is_string(item))
			signs_word(&b, "who", json_string_value(item));
	}
	out_wrap(o, "  ", "  ", buf_str(&b));
	buf_free(&b);
	json_decref(args);
	free(key);
}

static void
counts(struct out *o, const json_t *head, const json_t *end)
{
	const json_t *summary = json_object_get(end, "summary");
	const char *version = json_str(head, "tadoru");
	json_t *args = json_object();
	struct buf b;

	json_put_int(args, "questions", json_int(summary, "questions", 0));
	json_put_int(args, "connections",
	    json_int(summary, "connections", 0));
	json_put_str(args, "version", version);
	buf_init(&b, 0);
	strings_fill(&b, S("report.counts"), args, NULL);
	out_put(o, "\n");
	out_wrap(o, "", "", buf_str(&b));
	buf_drop(&b, b.len);
	strings_fill(&b, S("report.footer"), args, NULL);
	out_wrap(o, "", "", buf_str(&b));
	buf_free(&b);
	json_decref(args);
}

void
report_summary(struct out *o, const struct session *s)
{
	json_t *end = s->end != NULL ? json_incref(s->end) : interim_end(s);

	answer_line(o, s, end);
	contact_line(o, end);
	verdict_sentence(o, s->head, end);
	json_decref(end);
}

void
report_write(struct out *o, const struct session *s)
{
	json_t *end = s->end != NULL ? json_incref(s->end) : interim_end(s);

	answer_line(o, s, end);
	contact_line(o, end);
	head_rows(o, s, end);
	verdict_sentence(o, s->head, end);
	report_findings(o, s, end);
	report_matrix(o, json_object_get(end, "matrix"));
	report_delegation(o, json_object_get(end, "delegation"));
	report_clients(o, json_object_get(end, "summary"));
	report_not_asked(o, json_object_get(end, "summary"));
	counts(o, s->head, end);
	json_decref(end);
}
