/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

/* No core dump from now on, and (where the system has it) no debugger of
   another process of this user: memory holds passwords. 0, or -1 and errno.
   Not for a program that will write to its own /proc (user namespaces). */
int	 sandbox_no_core(void);
/* Give up what is not needed any more: new privileges, and (as far as this
   system can) running programs and every file but those beneath the three
   lists, each ended by NULL: readable only; readable and writable; and where
   files may be made and written, but none be read. Paths
   that do not exist are left out. 1 = files are confined, 0 = they are not,
   -1 = a call failed with errno. Not undone by anything. */
int	 sandbox_enter(const char *const *readable,
	     const char *const *writable, const char *const *makeable);

#endif
