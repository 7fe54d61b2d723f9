/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What options.c needs of options_set.c (values) and options_fit.c. */
#ifndef UI_OPTIONS_SET_H
#define UI_OPTIONS_SET_H

#include "ui/options.h"

void	 options_init(struct options *);
/* Take one option; value NULL if it has none: 0, or -1 and one line said. */
int	 options_set(struct options *, enum option_id, const char *value);
/* Does the option mean anything to this command? */
bool	 options_applies(enum command, enum option_id);
/* Does it bend a diagnosis, not its world or what is done? The guide of
   practice takes such from the command line, and from there only. */
bool	 options_bends(enum option_id);
/* After the last: contradictions, what does not apply, what is not built
   yet. 0, or -1 and one line said. */
int	 options_finish(struct options *);

#endif
