/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru: read the command line, run the command, close what was written.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "config.h"
#include "ui/run.h"
#include "ui/strings.h"

/* $XDG_CONFIG_HOME/tadoru/config is not built yet: say so if there is one. */
static void
say_config(void)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *name;

	if (base != NULL && *base != '\0')
		name = xasprintf("%s/tadoru/config", base);
	else
		name = xasprintf("%s/.config/tadoru/config",
		    home == NULL ? "" : home);
	if (access(name, R_OK) == 0)
		out_say("say.config-not-built", "file", name, NULL);
	free(name);
}

static int
dispatch(const struct options *o, struct out *out)
{
	if (o->help) {
		options_help(out);
		return 0;
	}
	if (o->version) {
		out_printf(out, "tadoru %s\n", TADORU_VERSION);
		return 0;
	}
	switch (o->command) {
	case CMD_SUBJECT:
	case CMD_CHECK:
		return run_check(o, out);
	case CMD_REPLAY:
		return replay_run(o, out);
	case CMD_EXPLAIN:
		return explain_run(o, out);
	default:
		out_say("err.command-not-built", "command",
		    command_rows[o->command].name, NULL);
		return STATUS_UNKNOWN;
	}
}

int
main(int argc, char **argv)
{
	struct options o;
	struct out out;
	int status = STATUS_USAGE;

	signal(SIGPIPE, SIG_IGN);
	strings_choose(NULL);
	if (options_parse(&o, argc, argv) == 0) {
		out_stdout(&out, !o.no_color, o.ambiguous);
		say_config();
		status = dispatch(&o, &out);
		if (out_close(&out) != 0)
			status = STATUS_UNKNOWN;
	}
	options_free(&o);
	return status;
}
