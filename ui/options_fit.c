/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the options given fit together: contradictions, options that do
 * not apply to the command, options not built yet. Those without which the
 * run would answer another question than was asked stop it; the others are
 * said and left out.
 */
#include "ui/options_set.h"

#include <string.h>

#include "ui/out.h"

static int
contradiction(enum option_id a, enum option_id b)
{
	out_say("err.both", "one", option_rows[a].name, "other",
	    option_rows[b].name, NULL);
	return -1;
}

static int
needs(enum option_id a, enum option_id b)
{
	out_say("err.needs", "one", option_rows[a].name, "other",
	    option_rows[b].name, NULL);
	return -1;
}

static int
check_pairs(const struct options *o)
{
	static const enum option_id wanting[] = { OPT_SEND_MAIL, OPT_LOGIN,
		OPT_PASSWORD_FILE };

	if (o->engine.no_v4 && o->engine.no_v6)
		return contradiction(OPT_IPV4, OPT_IPV6);
	if (o->json && o->plain)
		return contradiction(OPT_PLAIN, OPT_JSON);
	if (o->record != NULL && o->given[OPT_NO_RECORD])
		return contradiction(OPT_RECORD, OPT_NO_RECORD);
	if (o->engine.read_only && o->engine.rcpt != NULL)
		return contradiction(OPT_READ_ONLY, OPT_RCPT_TO);
	if (o->engine.read_only && o->engine.send_mail)
		return contradiction(OPT_READ_ONLY, OPT_SEND_MAIL);
	if (o->engine.mailbox == NULL)
		for (size_t i = 0; i < sizeof(wanting) / sizeof(wanting[0]);
		    i++)
			if (o->given[wanting[i]])
				return needs(wanting[i], OPT_MAILBOX);
	if (o->engine.no_v4 && o->source4.family != 0)
		return contradiction(OPT_IPV6, OPT_SOURCE);
	if (o->engine.no_v6 && o->source6.family != 0)
		return contradiction(OPT_IPV4, OPT_SOURCE);
	return 0;
}

static int
check_format(struct options *o)
{
	enum format wanted = FORMAT_TEXT;

	if (o->format != NULL && strcmp(o->format, "json") == 0)
		wanted = FORMAT_JSON;
	else if (o->format != NULL && strcmp(o->format, "text") != 0) {
		out_say("err.format-not-built", "format", o->format, NULL);
		return -1;
	}
	if (o->format != NULL && o->output == NULL &&
	    (o->plain || (o->json && wanted != FORMAT_JSON)))
		return contradiction(OPT_FORMAT,
		    o->plain ? OPT_PLAIN : OPT_JSON);
	o->file_format = wanted;
	o->stdout_format = o->json ? FORMAT_JSON :
	    o->plain || o->command == CMD_SUBJECT ||
	    o->command == CMD_ALERT ? FORMAT_PLAIN :
	    FORMAT_TEXT;
	if (o->format != NULL && o->output == NULL && !o->plain)
		o->stdout_format = wanted;
	return 0;
}

bool
options_applies(enum command c, enum option_id id)
{
	switch (id) {
	case OPT_LANG:
	case OPT_NO_COLOR:
	case OPT_AMBIGUOUS:
	case OPT_BIND:
		return true;
	case OPT_PLAIN:
	case OPT_JSON:
		return c != CMD_EXPLAIN;
	case OPT_OUTPUT:
	case OPT_FORMAT:
	case OPT_STEP:
		return c != CMD_EXPLAIN && c != CMD_DIFF;
	case OPT_LESSON:
	case OPT_SHELL:
		return c == CMD_PRACTICE;
	case OPT_RECORD:
	case OPT_NO_RECORD:
		return c != CMD_EXPLAIN && c != CMD_REPLAY && c != CMD_DIFF;
	default:
		return c != CMD_EXPLAIN && c != CMD_REPLAY &&
		    c != CMD_DIFF && c != CMD_PRACTICE;
	}
}

bool
options_bends(enum option_id id)
{
	return id == OPT_IPV4 || id == OPT_IPV6 || id == OPT_ONLY ||
	    id == OPT_SKIP || id == OPT_HOST || id == OPT_TIMEOUT ||
	    id == OPT_TRIES || id == OPT_SYMPTOM;
}

/* Options without which the run would answer another question. */
static bool
needed(enum option_id id)
{
	return id == OPT_AS_IF || id == OPT_ANONYMOUS;
}

static int
check_given(const struct options *o)
{
	enum option_id id;

	for (id = 0; id < OPT_COUNT; id++) {
		if (!o->given[id])
			continue;
		if (!options_applies(o->command, id) &&
		    (o->command != CMD_PRACTICE || !options_bends(id))) {
			out_say("err.option-command", "option",
			    option_rows[id].name, "command",
			    command_rows[o->command].name, NULL);
			return -1;
		}
		if (option_rows[id].built)
			continue;
		out_say(needed(id) ? "err.not-built-needed" :
		    "say.option-not-built", "option", option_rows[id].name,
		    NULL);
		if (needed(id))
			return -1;
	}
	return 0;
}

static int
check_steps(struct options *o)
{
	size_t i;

	for (i = 0; i < STEP_COUNT; i++) {
		o->engine.skip[i] = o->skipped[i] ||
		    (o->only_given && !o->wanted[i] && i != STEP_SUMMARY);
		if (o->wanted[i] && o->skipped[i])
			return contradiction(OPT_ONLY, OPT_SKIP);
		if (o->wanted[i] && !step_rows[i].built)
			out_say("say.step-not-built", "step",
			    step_rows[i].id, NULL);
	}
	return 0;
}

int
options_finish(struct options *o)
{
	if (!command_rows[o->command].built)
		return 0;
	if (check_given(o) != 0 || check_pairs(o) != 0 ||
	    check_format(o) != 0)
		return -1;
	return check_steps(o);
}
