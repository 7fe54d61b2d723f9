/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The password of --mailbox: never on the command line, never shown. */
#ifndef UI_ACCOUNT_H
#define UI_ACCOUNT_H

#include "ui/options.h"

/* Fetch the password from --password-file, TADORU_PASSWORD (which is taken
   out of the environment) or a prompt on the terminal: 0, with or without
   one, or -1 after one line on stderr. account_free wipes it. */
int	 account_load(const struct options *, char **password);
void	 account_free(char *password);

#endif
