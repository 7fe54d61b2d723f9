/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A world of virtual time that goes as the clock on the wall. */
#ifndef BASE_WORLD_PACE_H
#define BASE_WORLD_PACE_H

#include "base/world.h"

/* From now on the virtual time of w goes as the clock does, and what waits on
   it waits on descriptors of this process too: every handle below virtual is
   one. Undone when w is freed; one world at a time. */
void	 world_pace(struct world *, int virtual);

#endif
