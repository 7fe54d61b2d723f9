/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a diagnosis: verdict, matrix, delegation object, who must act:
 * derived from the session alone.
 */
#ifndef DIAG_SUMMARY_H
#define DIAG_SUMMARY_H

#include "diag/model.h"

/* Body of the `end' event; a new reference. */
json_t	*summary_end(struct model *);
/* The provider a name belongs to ("Route 53"), or NULL (providers.c). */
const char *provider_of(const char *service, const char *name);

/* A step's verdict as far as its findings and cells do not say (worse). */
enum verdict	 summary_step(const struct model *, enum step_id);
/* The step that fills the cell of an endpoint. */
enum step_id	 summary_step_of(const struct endpoint *);

#endif
