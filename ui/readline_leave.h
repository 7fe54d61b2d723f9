/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readline, when what was begun at its keys is thrown away. */
#ifndef UI_READLINE_LEAVE_H
#define UI_READLINE_LEAVE_H

/* End a search, a numeric argument, half a key sequence, and forget the line's
   changes; the line itself stays. Call it outside of readline's reader, with
   a handler installed. */
void	 readline_leave(void);

#endif
