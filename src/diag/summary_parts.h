/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the summary: only summary*.c include this. */
#ifndef DIAG_SUMMARY_PARTS_H
#define DIAG_SUMMARY_PARTS_H

#include "diag/summary.h"

struct cell {
	struct endpoint		 ep;
	enum verdict		 verdict;
	const struct sprobe	*probe;
};

/* The matrix, sorted by endpoint. */
struct cells {
	struct cell		*list;
	size_t			 n;
	struct finding *const	*findings;	/* that hold now */
	size_t			 nfindings;
};

/* Build the matrix of these findings, which must outlive it. */
void	 summary_cells(const struct model *, struct cells *,
	    struct finding *const *, size_t n);
void	 summary_cells_free(struct cells *);
bool	 summary_has(const struct cells *, enum finding_id);

/* The worst cell of a service ("dns" "web" "mail-in" "mailbox"); family 0 is
   IPv4, 1 IPv6. */
enum verdict summary_service(const struct cells *, const char *service,
	    int family);
/* Findings, worst first; the caller frees the list alone. */
struct finding **summary_sorted(const struct session *);
/* Probes of DNS, or connections to services, that were made. */
int64_t	 summary_probes(const struct session *, bool dns);

/* Nobody who answers for the zone was found: what depends on it is not tested,
   whatever a resolver may know. */
bool	 summary_unserved(const struct model *);
/* Was some step left before it was through? */
bool	 summary_unfinished(const struct model *);

/* How long it took to connect, or to answer; 0: not known. */
double	 summary_seconds(const struct cell *);

/* Members of the end event and of its summary; new references. */
json_t	*summary_matrix(const struct cells *);
json_t	*summary_services(const struct model *, const struct cells *);
json_t	*summary_delegation(struct model *);
json_t	*summary_who(const struct session *);
json_t	*summary_clients(const struct model *, const struct cells *);
json_t	*summary_contacts(const struct model *);
json_t	*summary_not_asked(const struct model *);
json_t	*summary_limits(const struct model *);
json_t	*summary_steps(const struct model *, const struct cells *);

#endif
