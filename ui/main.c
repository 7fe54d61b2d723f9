/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru: read the command line, run the command, close what was written.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/sandbox.h"
#include "config.h"
#include "ui/confine.h"
#include "ui/settings.h"
#include "ui/run.h"
#include "ui/strings.h"

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
	case CMD_ALERT:
		return alert_run(o, out);
	case CMD_REPL:
		return repl_run(o, out);
	case CMD_REPLAY:
		confine(o);
		return replay_run(o, out);
	case CMD_PRACTICE:
		return practice_run(o, out);
	case CMD_DIFF:
		confine(o);
		return diff_run(o, out);
	case CMD_EXPLAIN:
		return explain_run(o, out);
	default:
		return STATUS_USAGE;
	}
}

int
main(int argc, char **argv)
{
	struct options o;
	struct out out;
	char *config = settings_file();
	int status = STATUS_USAGE;

	signal(SIGPIPE, SIG_IGN);
	strings_choose(NULL);
	if (options_parse_with(&o, argc, argv, config) == 0) {
		if (o.command != CMD_PRACTICE && sandbox_no_core() != 0)
			out_say("say.confine", "why", strerror(errno), NULL);
		out_stdout(&out, !o.no_color, o.ambiguous);
		status = dispatch(&o, &out);
		if (out_close(&out) != 0)
			status = STATUS_UNKNOWN;
	}
	options_free(&o);
	free(config);
	return status;
}
