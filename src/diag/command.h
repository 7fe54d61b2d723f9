/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DIAG_COMMAND_H
#define DIAG_COMMAND_H

#include "diag/model.h"

/* The command that shows the same by hand: dig, curl, openssl s_client.
   Remote names are quoted for a shell. Caller frees. */
char	*command_for(const struct want *);

#endif
