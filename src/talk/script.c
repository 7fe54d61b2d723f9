/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk over the rows of a script: chosen by where the session stands, so
 * that the same table goes on after anybody else has spoken.
 */
#include "talk/script.h"

const struct script_row *
script_next(const struct script *x, unsigned *spoken, unsigned state,
    bool stop, const void *ctx)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct script_row *r = &x->rows[i];

		if (((*spoken & 1u << i) != 0 && !r->again) ||
		    (stop && !r->last) || (r->need & state) == 0 ||
		    !x->holds(ctx, r->cond))
			continue;
		*spoken |= 1u << i;
		return r;
	}
	return NULL;
}
