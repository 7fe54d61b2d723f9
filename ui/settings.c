/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * $XDG_CONFIG_HOME/tadoru/config: one long option a line, with or without its
 * dashes, "#" begins a comment. What the command line gives counts more; what
 * means nothing to the command is left out without a word.
 */
#include "ui/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "ui/given.h"
#include "ui/options_set.h"
#include "ui/out.h"
#include "ui/strings.h"

char *
settings_file(void)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (base != NULL && *base == '/')
		return xasprintf("%s/tadoru/config", base);
	if (home == NULL || *home != '/')
		return NULL;
	return xasprintf("%s/.config/tadoru/config", home);
}

static int
find_option(const char *name)
{
	int id;

	for (id = 0; id < OPT_COUNT; id++)
		if (strcmp(option_rows[id].name, name) == 0)
			return id;
	return -1;
}

static int
unknown(const char *name)
{
	const char *words[OPT_COUNT], *near;
	size_t i;

	for (i = 0; i < OPT_COUNT; i++)
		words[i] = option_rows[i].name;
	near = options_nearest(name, words, OPT_COUNT);
	if (near != NULL)
		out_say("err.config-near", "option", name, "near", near, NULL);
	else
		out_say("err.config-option", "option", name, NULL);
	return -1;
}

static bool
repeatable(enum option_id id)
{
	return id == OPT_HOST || id == OPT_RESOLVER ||
	    id == OPT_GLOBAL_PREFIX || id == OPT_BIND || id == OPT_SOURCE ||
	    id == OPT_SENDER || id == OPT_AS_IF;
}

/* Did the command line say so itself, or the opposite? */
static bool
overruled(const bool *given, enum option_id id)
{
	static const enum option_id pairs[][2] = {
		{ OPT_IPV4, OPT_IPV6 }, { OPT_PLAIN, OPT_JSON },
		{ OPT_PLAIN, OPT_FORMAT }, { OPT_JSON, OPT_FORMAT },
		{ OPT_RECORD, OPT_NO_RECORD },
		{ OPT_READ_ONLY, OPT_RCPT_TO }, { OPT_ONLY, OPT_SKIP },
	};
	size_t i;

	if (given[id] && !repeatable(id))
		return true;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if ((pairs[i][0] == id && given[pairs[i][1]]) ||
		    (pairs[i][1] == id && given[pairs[i][0]]))
			return true;
	return false;
}

static int
take(struct options *o, const bool *given, const char *name,
    const char *value)
{
	int id = find_option(name);

	if (id < 0 || id == OPT_HELP || id == OPT_VERSION)
		return unknown(name);
	if (option_rows[id].arg[0] == '\0' && value != NULL) {
		out_say("err.option-no-value", "option", name, NULL);
		return -1;
	}
	if (option_rows[id].arg[0] != '\0' && value == NULL) {
		out_say("err.option-value", "option", name, "value",
		    option_rows[id].arg, NULL);
		return -1;
	}
	if (!options_applies(o->command, (enum option_id)id) ||
	    overruled(given, (enum option_id)id))
		return 0;
	return options_set(o, (enum option_id)id, value);
}

/* "name", "name value", "name = value", in place. */
static int
one_line(struct options *o, const bool *given, char *line)
{
	char *value, *end;

	line += strspn(line, " \t\r");
	if (*line == '\0' || *line == '#')
		return 0;
	for (end = line + strlen(line); strchr(" \t\r", end[-1]) != NULL;)
		*--end = '\0';
	if (strncmp(line, "--", 2) == 0)
		line += 2;
	value = line + strcspn(line, " \t=");
	if (*value == '\0')
		return take(o, given, line, NULL);
	end = value;
	value += strspn(value, " \t");
	if (*value == '=')
		value += 1 + strspn(value + 1, " \t");
	*end = '\0';
	return take(o, given, line, value);
}

int
settings_apply(struct options *o, const char *file)
{
	bool given[OPT_COUNT];
	char *line, *next;
	size_t number = 0;
	int rc = 0;

	if (file == NULL || access(file, F_OK) != 0)
		return 0;
	if ((o->config = given_read(file)) == NULL)
		return -1;
	memcpy(given, o->given, sizeof(given));
	for (line = o->config; line != NULL && rc == 0; line = next) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		out_place(file, ++number);
		rc = one_line(o, given, line);
	}
	out_place(NULL, 0);
	return rc;
}
