/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signs, colours and short texts of verdicts, endpoints, dates. */
#ifndef UI_SIGNS_H
#define UI_SIGNS_H

#include <jansson.h>

#include "base/buf.h"
#include "diag/session.h"
#include "ui/out.h"

/* The sign of a verdict; ASCII where text must be. */
const char	*signs_verdict(int verdict);
enum out_color	 signs_color(int verdict);
/* The dot between parts of a line. */
const char	*signs_dot(void);
/* "ns1.example.jp 2001:db8::53 port 53", escaped, of an endpoint object. */
void		 signs_endpoint(struct buf *, const json_t *endpoint);
/* "2026-11-24" from seconds since 1970; out has room for 32 bytes. */
const char	*signs_date(int64_t epoch, char out[32]);
/* A word by its text "PREFIX.WORD", else the word itself, escaped. */
void		 signs_word(struct buf *, const char *prefix,
		    const char *word);
/* Exit status of check for a verdict word of end. */
int		 signs_status(const char *verdict);
/* "40 ms", "1.2 s", "12 s"; nothing for a negative. */
void	 signs_seconds(struct buf *, double s);

#endif
