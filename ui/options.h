/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line, read by the table options.def. */
#ifndef UI_OPTIONS_H
#define UI_OPTIONS_H

#include <stdbool.h>

#include "diag/engine.h"
#include "ui/keys.h"

enum option_id {
#define OPTION(name, long_, short_, arg, built, key) OPT_##name,
#include "ui/options.def"
#undef OPTION
	OPT_COUNT
};

struct option_row {
	const char	*name;		/* long, without dashes */
	char		 letter;	/* 0: none */
	const char	*arg;		/* "" takes none */
	bool		 built;
	const char	*key;		/* of its line of help */
};

extern const struct option_row option_rows[OPT_COUNT];

enum command { CMD_SUBJECT, CMD_CHECK, CMD_REPL, CMD_ALERT, CMD_PRACTICE,
	CMD_REPLAY, CMD_DIFF, CMD_EXPLAIN, CMD_COUNT };

struct command_row {
	const char	*name;		/* "" for the bare SUBJECT */
	const char	*operands;	/* as shown by --help */
	int		 min, max;	/* number of operands */
	bool		 built;
	const char	*key;
};

extern const struct command_row command_rows[CMD_COUNT];

enum format { FORMAT_TEXT, FORMAT_PLAIN, FORMAT_JSON, FORMAT_NONE };

struct options {
	enum command	 command;
	bool		 help, version;
	const char	*operand[2];
	int		 noperands;
	enum format	 stdout_format;
	enum format	 file_format;
	const char	*output, *record;
	bool		 no_color;
	int		 ambiguous;
	bool		 ambiguous_auto;	/* the guide measures it */
	bool		 stepping;	/* -s */
	struct keys	 keys;		/* of the guide, with --bind */
	char		*bind_said;	/* what --bind took away, or NULL */
	const char	*hints, *anchor, *ca, *plan;
	const char	*lesson;	/* of practice, or NULL */
	bool		 shell;		/* of practice */
	const char	*ticket;	/* of practice, for the guide, or NULL */
	char		*const *shell_command;	/* after "--"; NULL: none */
	struct addr	 resolvers[WORLD_RESOLVERS];
	size_t		 nresolvers;
	struct prefix	 global[WORLD_PREFIXES];
	size_t		 nglobal;
	struct addr	 source4, source6;
	const char	*password_file;
	bool		 no_prompt;	/* somebody else reads the terminal */
	struct world	*world;		/* to work in; NULL: the kernel's */
	struct engine_opts engine;
	/* private */
	bool		 only_given, wanted[STEP_COUNT], skipped[STEP_COUNT];
	bool		 given[OPT_COUNT];
	bool		 json, plain;
	const char	*format;
	char		*hosts[ENGINE_HOSTS];
	char		*mail[3];	/* addresses with A-labels */
	char		*mail_host;
	char		*config;	/* text of the configuration file */
};

/* Read argv: 0, or -1 after one line on stderr (status 64). Strings of
   argv are borrowed. Options not built yet are said and left out. */
int	 options_parse(struct options *, int argc, char **argv);
/* The same with the options of a configuration file (NULL: none). */
int	 options_parse_with(struct options *, int argc, char **argv,
	     const char *config);
void	 options_free(struct options *);
/* --help on stdout. */
struct out;
void	 options_help(struct out *);
/* The nearest of n words to s by edit distance, or NULL. */
const char *options_nearest(const char *s, const char *const *words,
	    size_t n);

#endif
