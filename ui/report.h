/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as text, 80 columns, made of a session alone. */
#ifndef UI_REPORT_H
#define UI_REPORT_H

#include "base/buf.h"
#include "diag/session.h"
#include "ui/out.h"

/* Write the whole report. A session without an end (cut off) is reported as
   far as it goes, verdict unknown. */
void	 report_write(struct out *, const struct session *);
/* Its first lines alone: the answer, whom to call, the verdict. */
void	 report_summary(struct out *, const struct session *);
/* The exit status of a session: of its verdict, 3 without an end. */
int	 report_status(const struct session *);

/* Parts that plain output uses too, of a finding object. */
void	 report_sentence(struct buf *, const struct session *,
	     const json_t *finding);
void	 report_ticket(struct buf *, const struct session *);
void	 report_flags(struct buf *, const json_t *finding);
/* Text of a help topic with what {name}s it has of the finding. */
void	 report_fill(struct buf *, const struct session *,
	     const json_t *finding, const char *text);

/* The parts of report.c. */
void	 report_findings(struct out *, const struct session *,
	     const json_t *end);
void	 report_matrix(struct out *, const json_t *matrix);
void	 report_delegation(struct out *, const json_t *delegation);
void	 report_clients(struct out *, const json_t *summary);
void	 report_not_asked(struct out *, const json_t *summary);
void	 report_heading(struct out *, const char *text);

#endif
