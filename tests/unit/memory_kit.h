/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory is in use, for tests that bound it. */
#ifndef UNIT_MEMORY_KIT_H
#define UNIT_MEMORY_KIT_H

#include <stddef.h>

/* Bytes allocated now. Sanitized programs tell; others ask the C library. */
size_t	test_allocated(void);

#endif
