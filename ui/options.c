/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line by GNU habits: long options with "=" or a word after,
 * unambiguous beginnings of them, bundled letters, operands anywhere, "--"
 * ends the options. What each option does with its value is in
 * options_set.c; a mistake gets one line on stderr, with a suggestion.
 */
#include "ui/options.h"

#include <string.h>

#include "base/text.h"
#include "ui/settings.h"
#include "ui/options_set.h"
#include "ui/out.h"
#include "ui/strings.h"

const struct option_row option_rows[OPT_COUNT] = {
#define OPTION(name, long_, letter, arg, built, key) \
	{ long_, letter, arg, built, key },
#include "ui/options.def"
#undef OPTION
};

const struct command_row command_rows[CMD_COUNT] = {
	[CMD_SUBJECT] = { "", "SUBJECT", 1, 1, true, "cmd.subject" },
	[CMD_CHECK] = { "check", "SUBJECT", 1, 1, true, "cmd.check" },
	[CMD_REPL] = { "repl", "[URL]", 0, 1, true, "cmd.repl" },
	[CMD_ALERT] = { "alert", "[TEXT|FILE|-]", 0, 1, true, "cmd.alert" },
	[CMD_PRACTICE] = { "practice", "[NAME|FILE|all]", 0, 1, true,
	    "cmd.practice" },
	[CMD_REPLAY] = { "replay", "FILE", 1, 1, true, "cmd.replay" },
	[CMD_DIFF] = { "diff", "OLD NEW", 2, 2, true, "cmd.diff" },
	[CMD_EXPLAIN] = { "explain", "[TOPIC]", 0, 2, true, "cmd.explain" },
};

const char *
options_nearest(const char *s, const char *const *words, size_t n)
{
	const char *best = NULL;
	int limit = strlen(s) < 5 ? 1 : 2, least = limit + 1, d;
	size_t i;

	for (i = 0; i < n; i++)
		if ((d = text_distance(s, words[i], limit)) < least) {
			least = d;
			best = words[i];
		}
	return best;
}

static int
unknown_long(const char *name, size_t n)
{
	const char *words[OPT_COUNT], *near;
	char bare[60], shown[64];
	size_t i;

	for (i = 0; i < OPT_COUNT; i++)
		words[i] = option_rows[i].name;
	if (n > sizeof(bare) - 4)
		n = sizeof(bare) - 4;
	memcpy(bare, name, n);
	bare[n] = '\0';
	near = options_nearest(bare, words, OPT_COUNT);
	snprintf(shown, sizeof(shown), "--%s", bare);
	if (near != NULL)
		out_say("err.option-near", "option", shown, "near", near,
		    NULL);
	else
		out_say("err.option", "option", shown, NULL);
	return -1;
}

static int
find_long(const char *name, size_t n)
{
	int i, found = -1, many = 0;

	for (i = 0; i < OPT_COUNT; i++) {
		if (strncmp(option_rows[i].name, name, n) != 0)
			continue;
		if (option_rows[i].name[n] == '\0')
			return i;
		found = i;
		many++;
	}
	if (many == 1 && n > 0)
		return found;
	return unknown_long(name, n);
}

static int
find_letter(char letter)
{
	char shown[3] = { '-', letter, '\0' };
	int i;

	for (i = 0; i < OPT_COUNT; i++)
		if (option_rows[i].letter != '\0' &&
		    option_rows[i].letter == letter)
			return i;
	out_say("err.option", "option", shown, NULL);
	return -1;
}

static int
missing(int id)
{
	out_say("err.option-value", "option", option_rows[id].name, "value",
	    option_rows[id].arg, NULL);
	return -1;
}

/* "--name", "--name=value", "--name value". */
static int
take_long(struct options *o, char **argv, int *i)
{
	const char *name = argv[*i] + 2, *value = NULL;
	size_t n = strcspn(name, "=");
	int id = find_long(name, n);

	if (id < 0)
		return -1;
	if (option_rows[id].arg[0] == '\0') {
		if (name[n] == '=') {
			out_say("err.option-no-value", "option",
			    option_rows[id].name, NULL);
			return -1;
		}
	} else if (name[n] == '=')
		value = name + n + 1;
	else if ((value = argv[*i + 1]) != NULL)
		(*i)++;
	if (option_rows[id].arg[0] != '\0' && value == NULL)
		return missing(id);
	return options_set(o, (enum option_id)id, value);
}

/* "-46", "-oFILE", "-o FILE". */
static int
take_letters(struct options *o, char **argv, int *i)
{
	const char *at, *value;
	int id;

	for (at = argv[*i] + 1; *at != '\0'; at++) {
		if ((id = find_letter(*at)) < 0)
			return -1;
		if (option_rows[id].arg[0] == '\0') {
			if (options_set(o, (enum option_id)id, NULL) != 0)
				return -1;
			continue;
		}
		if (at[1] != '\0')
			value = at + 1;
		else if ((value = argv[*i + 1]) != NULL)
			(*i)++;
		else
			return missing(id);
		return options_set(o, (enum option_id)id, value);
	}
	return 0;
}

static int
find_command(const char *word)
{
	int i;

	for (i = CMD_CHECK; i < CMD_COUNT; i++)
		if (strcmp(word, command_rows[i].name) == 0)
			return i;
	return CMD_SUBJECT;
}

static const char *
near_command(const char *word)
{
	const char *words[CMD_COUNT];
	size_t i, n = 0;

	for (i = CMD_CHECK; i < CMD_COUNT; i++)
		words[n++] = command_rows[i].name;
	return options_nearest(word, words, n);
}

static int
too_many(const struct options *o, const char *word)
{
	const char *near = NULL;

	if (o->command == CMD_SUBJECT)
		near = near_command(o->operand[0]);
	if (near != NULL)
		out_say("err.command-near", "word", o->operand[0], "near",
		    near, NULL);
	else if (o->command == CMD_SUBJECT)
		out_say("err.operand-subject", "word", word, NULL);
	else
		out_say("err.operand", "word", word, "command",
		    command_rows[o->command].name, "operands",
		    command_rows[o->command].operands, NULL);
	return -1;
}

static int
take_operand(struct options *o, const char *word, bool *first)
{
	if (*first) {
		*first = false;
		o->command = (enum command)find_command(word);
		if (o->command != CMD_SUBJECT)
			return 0;
	}
	if (o->noperands >= command_rows[o->command].max)
		return too_many(o, word);
	o->operand[o->noperands++] = word;
	return 0;
}

static int
check_operands(struct options *o)
{
	const struct command_row *c = &command_rows[o->command];
	const char *near;

	if (o->noperands < c->min) {
		if (o->command == CMD_SUBJECT)
			out_say("err.no-subject", NULL);
		else
			out_say("err.no-operand", "command", c->name,
			    "operands", c->operands, NULL);
		return -1;
	}
	if (o->command == CMD_SUBJECT &&
	    strpbrk(o->operand[0], ".@:/") == NULL &&
	    (near = near_command(o->operand[0])) != NULL) {
		out_say("err.command-near", "word", o->operand[0], "near",
		    near, NULL);
		return -1;
	}
	return 0;
}

int
options_parse(struct options *o, int argc, char **argv)
{
	return options_parse_with(o, argc, argv, NULL);
}

int
options_parse_with(struct options *o, int argc, char **argv,
    const char *config)
{
	bool first = true, over = false;
	int i, rc = 0;

	options_init(o);
	for (i = 1; i < argc && rc == 0; i++) {
		if (!over && strcmp(argv[i], "--") == 0) {
			over = true;
			if (o->shell && argv[i + 1] != NULL) {
				o->shell_command = &argv[i + 1];
				break;
			}
		} else if (!over && strncmp(argv[i], "--", 2) == 0)
			rc = take_long(o, argv, &i);
		else if (!over && argv[i][0] == '-' && argv[i][1] != '\0')
			rc = take_letters(o, argv, &i);
		else
			rc = take_operand(o, argv[i], &first);
	}
	if (rc != 0 || o->help || o->version)
		return rc;
	if (check_operands(o) != 0 || settings_apply(o, config) != 0)
		return -1;
	return options_finish(o);
}

void
options_help(struct out *out)
{
	const struct option_row *r;
	char left[96];
	size_t i;

	out_printf(out, "%s\n", S("help.usage"));
	for (i = 0; i < CMD_COUNT; i++) {
		snprintf(left, sizeof(left), "  tadoru %s%s%s",
		    command_rows[i].name, i == 0 ? "" : " ",
		    command_rows[i].operands);
		out_pad(out, left, 31);
		out_printf(out, " %s%s\n", strings_get(command_rows[i].key),
		    command_rows[i].built ? "" : S("help.not-built"));
	}
	out_printf(out, "\n%s\n", S("help.options"));
	for (i = 0; i < OPT_COUNT; i++) {
		r = &option_rows[i];
		snprintf(left, sizeof(left), "  %c%c%s--%s%s%s",
		    r->letter != '\0' ? '-' : ' ',
		    r->letter != '\0' ? r->letter : ' ',
		    r->letter != '\0' ? ", " : "  ", r->name,
		    r->arg[0] != '\0' ? " " : "", r->arg);
		out_pad(out, left, 31);
		if (text_width(left, 1) > 30)
			out_printf(out, "\n%31s", "");
		out_printf(out, " %s%s\n", strings_get(r->key),
		    r->built ? "" : S("help.not-built"));
	}
	out_printf(out, "\n%s\n", S("help.status"));
}
