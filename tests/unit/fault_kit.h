/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults that a test's child, or a program of a test, really commits. */
#ifndef FAULT_KIT_H
#define FAULT_KIT_H

/* Call itself until the stack (of 8 MiB or less) is full; for a timer. */
void	 fault_stack(void *);

#endif
