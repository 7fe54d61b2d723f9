/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys while a secret is typed into readline. */
#ifndef UI_SECRET_KEYS_H
#define UI_SECRET_KEYS_H

#include <stdbool.h>

/* From now on readline keeps nothing that is taken away from the line; false:
   its own keys again. Call it when readline is initialized. */
void	 secret_keys(bool on);
/* Throw away and wipe what is typed, with what undoes it. */
void	 secret_keys_wipe(void);

#endif
