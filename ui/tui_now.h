/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of a session as it stands: the end event, or what it would
   say now. */
#ifndef UI_TUI_NOW_H
#define UI_TUI_NOW_H

#include "diag/session.h"

struct now {
	json_t		*end;		/* never NULL after now_refresh */
	struct endpoint	*eps;		/* of the matrix */
	int		*verdicts;
	double		*seconds;	/* 0: none */
	size_t		 n;
	uint64_t	 seq;		/* of the session when it was made */
	int64_t		 us;
};

/* Make it anew when the session has moved on and it is older than pause
   microseconds. */
void	 now_refresh(struct now *, const struct session *, int64_t us,
	     int64_t pause);
void	 now_free(struct now *);
/* Verdict of an endpoint in the matrix, -1 if it is not there. */
int	 now_verdict(const struct now *, const struct endpoint *,
	     double *seconds);

#endif
