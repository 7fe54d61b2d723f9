/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration file: long options, one a line. */
#ifndef UI_SETTINGS_H
#define UI_SETTINGS_H

#include "ui/options.h"

/* $XDG_CONFIG_HOME/tadoru/config, else ~/.config/tadoru/config; the caller
   frees. NULL: there is no home. */
char	*settings_file(void);
/* Take the lines of a file as options that the command line did not give; a
   file that is not there is empty. 0, or -1 after one line on stderr (file,
   line, what is wrong). */
int	 settings_apply(struct options *, const char *file);

#endif
