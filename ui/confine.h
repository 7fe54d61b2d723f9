/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sandbox, as far as the user interface knows what it will need. */
#ifndef UI_CONFINE_H
#define UI_CONFINE_H

#include "ui/options.h"

/* From here on only what a run with these options needs can be opened, and no
   program started: the system's own files, those given, what -o and --record
   name, the state directory, and (interactive) the current directory. What a
   system cannot do is left; a failure is said in one line on stderr. */
void	 confine(const struct options *);
/* strerror, but of EACCES where files are confined: then it has a reason that
   ls does not show. Static. */
const char *confine_why(int error);

#endif
