/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The diagnosis as text that scrolls: steps, commands, every line of every
 * dialogue with the short name of its probe and the time since the session
 * began, findings as they appear, change and go.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "ui/lines.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/sink.h"
#include "ui/strings.h"

static void
put_time(struct buf *b, int64_t us)
{
	buf_printf(b, "%4lld.%03lld ", (long long)(us / 1000000),
	    (long long)(us / 1000 % 1000));
}

/* "web https 2001:db8::80 www.example.jp", "servers dns 192.0.2.53 tcp:..." */
static void
put_short(struct buf *b, const struct sprobe *p)
{
	char addr[ADDR_STRLEN];

	buf_adds(b, step_rows[p->step].id);
	if (p->ep.proto[0] != '\0') {
		buf_addc(b, ' ');
		strings_safe(b, p->ep.proto, strlen(p->ep.proto));
	}
	if (p->ep.addr.family != 0)
		buf_printf(b, " %s", addr_print(&p->ep.addr, addr));
	if (strcmp(p->what, "ticket") == 0) {
		buf_addc(b, ' ');
		strings_safe(b, p->ep.name, strlen(p->ep.name));
		buf_printf(b, " (%s)", S("alert.from"));
	} else if (p->what[0] != '\0' || p->ep.name[0] != '\0') {
		const char *last = p->what[0] != '\0' ? p->what : p->ep.name;

		buf_addc(b, ' ');
		strings_safe(b, last, strlen(last));
	}
	buf_adds(b, ": ");
}

static void
prefix(struct buf *b, const struct session *s, const struct event *ev)
{
	const struct sprobe *p;

	put_time(b, ev->us);
	if (ev->probe != NULL && (p = session_probe(s, ev->probe)) != NULL)
		put_short(b, p);
}

static void
session_event(struct buf *b, const struct session *s)
{
	const json_t *subject = json_object_get(s->head, "subject");
	const char *input = json_str(subject, "input");

	buf_printf(b, "tadoru ");
	strings_safe(b, json_str(s->head, "tadoru"),
	    strlen(json_str(s->head, "tadoru")));
	buf_addc(b, ' ');
	strings_safe(b, input, strlen(input));
	buf_addc(b, ' ');
	strings_safe(b, json_str(s->head, "date"),
	    strlen(json_str(s->head, "date")));
	buf_addc(b, '\n');
	if (json_object_get(s->head, "alert") != NULL) {
		buf_printf(b, "## %s: ", S("alert.row"));
		report_ticket(b, s);
		buf_addc(b, '\n');
	}
}

static void
step_event(struct buf *b, const struct event *ev)
{
	const char *id = json_str(ev->body, "step");
	const char *state = json_str(ev->body, "state");
	const char *verdict = json_str(ev->body, "verdict");
	const char *why = json_str(ev->body, "why");
	const struct help_topic *t = strings_topic(id);

	put_time(b, ev->us);
	buf_printf(b, "## %d ", step_parse(id) + 1);
	strings_safe(b, id, strlen(id));
	if (t != NULL)
		buf_printf(b, " (%s)", t->title);
	buf_adds(b, ": ");
	signs_word(b, "step-state", state);
	if (*verdict != '\0' && verdict_parse(verdict) > VERDICT_FACT) {
		buf_printf(b, " %s ", signs_verdict(verdict_parse(verdict)));
		signs_word(b, "verdict-word", verdict);
	}
	if (*why != '\0') {
		buf_adds(b, ": ");
		signs_word(b, "why", why);
	}
	buf_addc(b, '\n');
}

static void
probe_event(struct buf *b, const struct session *s, const struct event *ev)
{
	const char *state = json_str(ev->body, "state");
	const char *command = json_str(ev->body, "command");
	const char *outcome = json_str(ev->body, "outcome");

	if (*outcome != '\0') {
		prefix(b, s, ev);
		signs_word(b, "probe-state", state);
		buf_adds(b, ": ");
		signs_word(b, "outcome", outcome);
		buf_addc(b, '\n');
	} else if (*command != '\0') {
		prefix(b, s, ev);
		buf_adds(b, "$ ");
		strings_safe(b, command, strlen(command));
		buf_addc(b, '\n');
	}
}

static void
line_event(struct buf *b, const struct session *s, const struct event *ev)
{
	struct line_show l = { ev->dir, ev->tls, ev->dns, ev->data, ev->len,
		ev->full, ev->body };
	struct buf pre;

	buf_init(&pre, 0);
	prefix(&pre, s, ev);
	lines_render(b, buf_str(&pre), &l);
	buf_free(&pre);
}

static void
finding_event(struct buf *b, const struct session *s, const struct event *ev)
{
	const char *verdict = json_str(ev->body, "verdict");
	const char *id = json_str(ev->body, "id");

	put_time(b, ev->us);
	buf_printf(b, "## %s ", signs_verdict(verdict_parse(verdict)));
	signs_word(b, "finding-state", json_str(ev->body, "state"));
	buf_addc(b, ' ');
	strings_safe(b, id, strlen(id));
	report_flags(b, ev->body);
	buf_adds(b, ": ");
	report_sentence(b, s, ev->body);
	buf_addc(b, '\n');
}

void
plain_sink(void *ctx, const struct session *s, const struct event *ev)
{
	struct out *o = ctx;
	struct buf b;

	buf_init(&b, 0);
	switch (ev->kind) {
	case EV_SESSION:
		session_event(&b, s);
		break;
	case EV_STEP:
		step_event(&b, ev);
		break;
	case EV_PROBE:
		probe_event(&b, s, ev);
		break;
	case EV_LINE:
		line_event(&b, s, ev);
		break;
	case EV_FINDING:
		finding_event(&b, s, ev);
		break;
	default:
		break;
	}
	if (b.len > 0) {
		out_put(o, buf_str(&b));
		out_flush(o);
	}
	buf_free(&b);
}
