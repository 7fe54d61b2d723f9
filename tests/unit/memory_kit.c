/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See memory_kit.h. */
#include "tests/unit/memory_kit.h"

#include <malloc.h>

size_t	__sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

size_t
test_allocated(void)
{
	if (__sanitizer_get_current_allocated_bytes != NULL)
		return __sanitizer_get_current_allocated_bytes();
	return mallinfo2().uordblks + mallinfo2().hblkhd;
}
