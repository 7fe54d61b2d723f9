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

#endif
