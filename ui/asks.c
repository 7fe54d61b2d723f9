/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guide's questions and choices as numbered prompts that scroll. Where
 * the terminal ends (Ctrl-D) nothing more is asked; what is not answered is
 * left, which is no.
 */
#include "ui/asks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/confine.h"
#include "ui/guide.h"
#include "ui/report.h"
#include "ui/run.h"
#include "ui/strings.h"

static const char *const symptoms[] = { "slow", "send", "receive", "read",
	"web", "dns" };

bool
asks_wanted(const struct options *o)
{
	return (o->command == CMD_SUBJECT || o->command == CMD_ALERT) &&
	    o->stdout_format == FORMAT_PLAIN && isatty(STDIN_FILENO) &&
	    isatty(STDOUT_FILENO);
}

const char *
asks_value(enum ask_id id, char *in)
{
	size_t n;

	in += strspn(in, " \t");
	n = strlen(in);
	while (n > 0 && strchr(" \t\r\n", in[n - 1]) != NULL)
		in[--n] = '\0';
	if (id == ASK_SYMPTOM && n == 1 && in[0] >= '1' && in[0] <= '6')
		return symptoms[in[0] - '1'];
	return in;
}

char *
asks_text(const struct session *s, enum ask_id id, const char *how)
{
	const json_t *options = json_object_get(s->head, "options");
	char *key = xasprintf("ask.%s.%s", ask_word(id), how), *text;

	text = strings_make(key, "mailbox", json_str(options, "mailbox"),
	    "word", ASK_CONSENT, NULL);
	free(key);
	return text;
}

/* One line typed: NULL at the end of the terminal. */
static char *
typed(struct out *out, const char *prompt, char line[ASKS_TYPED])
{
	int c;

	out_put(out, prompt);
	out_put(out, " ");
	out_flush(out);
	if (fgets(line, ASKS_TYPED, stdin) == NULL) {
		clearerr(stdin);
		out_put(out, "\n");
		return NULL;
	}
	if (strchr(line, '\n') == NULL)
		while ((c = getchar()) != '\n' && c != EOF)
			continue;
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static bool
ask_one(struct engine *e, struct out *out, enum ask_id id)
{
	char *prompt = asks_text(engine_session(e), id, "prompt");
	char line[ASKS_TYPED];
	bool more = true;

	while (more && engine_session(e)->asks[id] == ASK_OPEN) {
		if (typed(out, prompt, line) == NULL) {
			engine_answer(e, id, "");
			more = false;
		} else if (engine_answer(e, id, asks_value(id, line)) != 0)
			out_printf(out, "%s\n", S("ask.what"));
	}
	free(prompt);
	return more;
}

void
asks_all(struct engine *e, struct out *out)
{
	int id;

	for (id = 0; id < ASK_COUNT; id++)
		if (engine_session(e)->asks[id] == ASK_OPEN &&
		    !ask_one(e, out, (enum ask_id)id))
			return;
}

static const json_t *
worst(const struct session *s)
{
	int64_t i = json_int(json_object_get(s->end, "summary"), "worst", -1);

	return i < 0 ? NULL : json_array_get(json_object_get(s->end,
	    "findings"), (size_t)i);
}

/* Typed, or what stands in brackets after a bare Enter; NULL: nothing. */
static const char *
or_usual(struct out *out, const char *key, const char *usual,
    char line[ASKS_TYPED])
{
	char *prompt = xasprintf("%s%s%s%s", strings_get(key), *usual == '\0' ?
	    "" : " [", usual, *usual == '\0' ? "" : "]");
	char *got = typed(out, prompt, line);

	free(prompt);
	if (got == NULL)
		return NULL;
	return *got != '\0' ? got : *usual != '\0' ? usual : NULL;
}

static void
explain(const struct session *s, const struct options *o, struct out *out)
{
	struct options own = *o;
	char line[ASKS_TYPED];

	own.command = CMD_EXPLAIN;
	own.operand[0] = or_usual(out, "next.explain-what",
	    json_str(worst(s), "id"), line);
	own.noperands = 1;
	if (own.operand[0] != NULL)
		explain_run(&own, out);
}

/* "smtp://[2001:db8::25]:25" of what is worst, "" if it is no service. */
static char *
url_of(const json_t *finding)
{
	const json_t *ep = json_object_get(finding, "endpoint");
	const char *addr = json_str(ep, "addr"), *proto = json_str(ep,
	    "proto");
	bool v6 = strchr(addr, ':') != NULL;

	if (*addr == '\0' || *proto == '\0')
		return xstrdup("");
	return xasprintf("%s://%s%s%s:%d", proto, v6 ? "[" : "", addr,
	    v6 ? "]" : "", (int)json_int(ep, "port", 0));
}

static void
by_hand(const struct session *s, const struct options *o, struct out *out)
{
	struct options own = *o;
	char line[ASKS_TYPED], *usual = url_of(worst(s));

	own.command = CMD_REPL;
	own.plain = false;
	own.operand[0] = or_usual(out, "next.hand-what", usual, line);
	own.noperands = 1;
	if (own.operand[0] != NULL)
		repl_run(&own, out);
	free(usual);
}

static void
save(const struct session *s, struct out *out)
{
	const char *subject = json_str(json_object_get(s->head, "subject"),
	    "name"), *name;
	char line[ASKS_TYPED], *usual = xasprintf("%s-%.10s.txt", subject,
	    json_str(s->head, "date"));
	struct out file;

	name = or_usual(out, "next.save-what", usual, line);
	if (name == NULL) {
		free(usual);
		return;
	}
	if (access(name, F_OK) == 0)
		errno = EEXIST;
	else if (out_file(&file, name, out->ambiguous) == 0) {
		report_write(&file, s);
		if (out_close(&file) == 0)
			out_say("tui.saved", "file", name, NULL);
		free(usual);
		return;
	}
	out_say("err.create", "file", name, "why", confine_why(errno), NULL);
	free(usual);
}

bool
asks_next(const struct session *s, const struct options *o, struct out *out)
{
	char line[ASKS_TYPED];

	for (;;) {
		out_printf(out, "\n%s\n", S("next.choices"));
		if (typed(out, S("next.prompt"), line) == NULL)
			return false;
		switch (line[0]) {
		case '1':
			report_findings(out, s, s->end);
			break;
		case '2':
			explain(s, o, out);
			break;
		case '3':
			by_hand(s, o, out);
			break;
		case '4':
			return true;
		case '5':
			save(s, out);
			break;
		case '6':
		case 'q':
		case '\0':
			return false;
		default:
			out_printf(out, "%s\n", S("next.what"));
		}
	}
}
