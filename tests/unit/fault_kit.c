/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fault_kit.h. */
#include "tests/unit/fault_kit.h"

#include <stddef.h>
#include <sys/resource.h>

#define STACK	(8u << 20)

static int deeper(const volatile char *);
/* No compiler may see that this never ends, and make a loop of it. */
static int (*volatile again)(const volatile char *) = deeper;

static int
deeper(const volatile char *above)
{
	volatile char room[4096];

	room[0] = *above;
	return again(room) + room[0];
}

void
fault_stack(void *ctx)
{
	struct rlimit limit;
	char first = 1;

	(void)ctx;
	if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur > STACK) {
		limit.rlim_cur = STACK;
		setrlimit(RLIMIT_STACK, &limit);
	}
	again(&first);
}
