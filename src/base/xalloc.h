/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include <stddef.h>

/* Allocation that never returns NULL: on failure calls the hook, then exits
   with status 3. The caller owns and free()s what is returned. */
void *xmalloc(size_t);
void *xcalloc(size_t, size_t);
void *xrealloc(void *, size_t);
/* Grow an array to hold n of size each; checks for overflow. */
void *xreallocarray(void *, size_t n, size_t size);
char *xstrdup(const char *);
char *xstrndup(const char *, size_t);
char *xasprintf(const char *, ...) __attribute__((format(printf, 1, 2)));
/* A library has no memory: as if malloc had failed here. */
_Noreturn void xalloc_give_up(void);
/* Called once before exiting for want of memory (restores the terminal). */
void xalloc_hook(void (*)(void));

#endif
