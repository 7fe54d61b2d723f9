/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Practice on a terminal: the ticket, the guide on the broken domain with
 * time as it really goes, and after it a dialogue with numbers to answer:
 * hints, the cause from a list, the answer, the fix and the re-test.
 */
#include "ui/practice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/world_pace.h"
#include "base/xalloc.h"
#include "practice/world_memory.h"
#include "ui/guide.h"
#include "ui/report.h"
#include "ui/signs.h"
#include "ui/strings.h"

#define CAUSES	12

struct talk {
	const struct options	*opts;
	struct out		*out;
	const struct exercise	*e;
	size_t			 hints;		/* shown */
	bool			 answered, mended;
};

bool
practice_ask(struct out *out, const char *prompt, char *line, size_t size)
{
	size_t n, skip;

	out_printf(out, "%s ", prompt);
	out_flush(out);
	if (fgets(line, (int)size, stdin) == NULL) {
		out_put(out, "\n");
		return false;
	}
	n = strlen(line);
	while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL)
		line[--n] = '\0';
	skip = strspn(line, " \t");
	memmove(line, line + skip, n - skip + 1);
	return true;
}

/* What the command line says of the diagnosis counts more than the file. */
static void
bend(struct engine_opts *to, const struct options *o)
{
	const struct engine_opts *from = &o->engine;
	size_t i;

	if (o->given[OPT_IPV4] || o->given[OPT_IPV6]) {
		to->no_v4 = from->no_v4;
		to->no_v6 = from->no_v6;
	}
	if (o->given[OPT_ONLY] || o->given[OPT_SKIP])
		memcpy(to->skip, from->skip, sizeof to->skip);
	if (o->given[OPT_TRIES])
		to->tries = from->tries;
	if (o->given[OPT_TIMEOUT])
		to->scale = from->scale;
	if (o->given[OPT_SYMPTOM])
		to->symptom = from->symptom;
	for (i = 0; i < from->nhosts && to->nhosts < ENGINE_HOSTS; i++)
		to->hosts[to->nhosts++] = from->hosts[i];
}

/* The guide, or lines that scroll where there can be none. */
static void
diagnose(struct talk *t, bool mended)
{
	struct options own = *t->opts;
	const char *type = getenv("TERM");
	bool screen = type != NULL && *type != '\0' &&
	    strcmp(type, "dumb") != 0;
	struct practice_run r;
	struct sinks *sinks;
	char *said = xstrdup(S("practice.on"));

	if (practice_build(&r, t->e, mended) == 0) {
		world_pace(r.world, memory_first_handle());
		bend(&r.opts.engine, t->opts);
		own.engine = r.opts.engine;
		own.bind_said = said;
		own.ticket = practice_say(t->e, EXERCISE_TICKET, 0);
		if ((!screen || guide_check(&own, t->out, r.world,
		    &r.subject) < 0) &&
		    (sinks = sinks_open(&own, t->out)) != NULL) {
			practice_diagnose(&r, sinks_event, sinks);
			(void)sinks_close(sinks, practice_session(&r));
		}
	}
	practice_run_free(&r);
	free(said);
}

static void
hint(struct talk *t)
{
	const char *text = practice_say(t->e, EXERCISE_HINT, t->hints);

	if (text == NULL) {
		out_wrap(t->out, "  ", "  ", S("practice.no-hint"));
		return;
	}
	out_wrap(t->out, "  ", "  ", text);
	t->hints++;
}

struct choice {
	const char	*text;
	bool		 right;
};

/* The causes in an order that shows nothing, the same each time. */
static size_t
choices(const struct exercise *e, struct choice list[CAUSES])
{
	struct choice swap;
	unsigned long mix = 5381;
	const char *c, *text;
	size_t i, n = 0, k;
	int part;

	for (part = EXERCISE_RIGHT; part <= EXERCISE_WRONG; part++)
		for (i = 0; n < CAUSES && (text = practice_say(e,
		    (enum exercise_part)part, i)) != NULL; i++) {
			/* another language's when ours has no more */
			if (i > 0 && exercise_say(e, strings_lang(),
			    (enum exercise_part)part, i) == NULL)
				break;
			list[n].text = text;
			list[n++].right = part == EXERCISE_RIGHT;
		}
	for (c = e->name; *c != '\0'; c++)
		mix = mix * 33 + (unsigned char)*c;
	for (i = n; i > 1; i--) {
		mix = mix * 1103515245u + 12345u;
		k = (mix >> 16) % i;
		swap = list[i - 1];
		list[i - 1] = list[k];
		list[k] = swap;
	}
	return n;
}

static void
name_cause(struct talk *t)
{
	struct choice list[CAUSES];
	size_t i, n = choices(t->e, list);
	char line[64];
	long picked;

	if (n == 0) {
		out_wrap(t->out, "  ", "  ", S("practice.no-causes"));
		return;
	}
	for (i = 0; i < n; i++) {
		char *first = xasprintf("  %zu  ", i + 1);

		out_wrap(t->out, first, "     ", list[i].text);
		free(first);
	}
	if (!practice_ask(t->out, S("practice.which"), line, sizeof line) ||
	    text_number(line, 1, (long)n, &picked) == -1)
		return;
	out_wrap(t->out, "  ", "  ", list[picked - 1].right ?
	    S("practice.right") : S("practice.wrong"));
	if (!list[picked - 1].right)
		return;
	if (!t->answered)
		practice_set_done(t->e->name, t->hints);
	t->answered = true;
	practice_answer(t->out, t->e);
}

static void
mend(struct talk *t)
{
	if (t->e->repair.n == 0) {
		out_wrap(t->out, "  ", "  ", S("practice.no-fix"));
		return;
	}
	t->mended = true;
	(void)practice_retest(t->out, t->e);
}

/* What there is to choose; no hint and no fix where nothing is wrong. */
static void
menu(struct out *out, const struct exercise *e)
{
	bool quiet = e->kind == EXERCISE_QUIET;

	out_put(out, "\n");
	if (practice_say(e, EXERCISE_HINT, 0) != NULL)
		out_printf(out, "1 %s\n", S("practice.menu.hint"));
	if (practice_say(e, EXERCISE_RIGHT, 0) != NULL)
		out_printf(out, "2 %s\n", S("practice.menu.cause"));
	out_printf(out, "3 %s\n", S("practice.menu.guide"));
	out_printf(out, "4 %s\n", S(quiet ? "practice.menu.remark" :
	    "practice.menu.answer"));
	if (e->repair.n > 0)
		out_printf(out, "5 %s\n", S("practice.menu.fix"));
	out_printf(out, "q %s\n", S("practice.menu.leave"));
}

/* One answer: false to leave. */
static bool
choose(struct talk *t, const char *line)
{
	switch (line[0] == '\0' || line[1] == '\0' ? line[0] : '?') {
	case '1':
		hint(t);
		break;
	case '2':
		name_cause(t);
		break;
	case '3':
		diagnose(t, t->mended);
		break;
	case '4':
		t->answered = true;
		practice_answer(t->out, t->e);
		break;
	case '5':
		mend(t);
		break;
	case 'q':
		return false;
	default:
		break;
	}
	return true;
}

int
practice_talk(const struct options *o, struct out *out,
    const struct exercise *e)
{
	struct talk t = { .opts = o, .out = out, .e = e };
	char line[64];

	practice_title(out, e);
	practice_part(out, e, S("practice.ticket"), EXERCISE_TICKET);
	out_put(out, "\n");
	if (!practice_ask(out, S("practice.begin"), line, sizeof line) ||
	    strcmp(line, "q") == 0)
		return 0;
	diagnose(&t, false);
	do {
		menu(out, e);
		if (!practice_ask(out, ">", line, sizeof line))
			break;
	} while (choose(&t, line));
	return 0;
}

static struct exercise *
pick(struct exercise **all, size_t n, const char *line)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(all[i]->name, line) == 0)
			return all[i];
	return NULL;
}

int
practice_choose(const struct options *o, struct out *out)
{
	struct exercise **all, *e;
	char line[64];
	size_t n;

	all = practice_all(&n);
	out_wrap(out, "", "", S("practice.intro"));
	for (;;) {
		practice_list(out, all, n);
		out_put(out, "\n");
		if (!practice_ask(out, S("practice.choose"), line, sizeof line) ||
		    line[0] == '\0' || strcmp(line, "q") == 0)
			break;
		if ((e = pick(all, n, line)) == NULL)
			out_say("practice.unknown", "name", line, NULL);
		else
			(void)practice_talk(o, out, e);
	}
	practice_all_free(all, n);
	practice_forget();
	return 0;
}
