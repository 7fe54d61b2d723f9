/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The services of a domain, each over both families: the worst of its cells,
 * and whether IPv6 is only half done.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/judge.h"
#include "diag/summary_parts.h"

static bool
cell_is(const struct cell *c, const char *service)
{
	if (strcmp(service, "dns") == 0)
		return strcmp(c->ep.proto, "dns") == 0;
	if (strcmp(service, "web") == 0)
		return strncmp(c->ep.proto, "http", 4) == 0;
	if (strcmp(service, "mailbox") == 0)
		return model_mail_service(&c->ep) != NULL;
	return strcmp(c->ep.proto, "smtp") == 0;
}

enum verdict
summary_service(const struct cells *c, const char *service, int family)
{
	enum verdict worst = VERDICT_NOT_OFFERED;

	for (size_t i = 0; i < c->n; i++)
		if (cell_is(&c->list[i], service) &&
		    FAMILY(&c->list[i].ep.addr) == family &&
		    c->list[i].verdict > worst)
			worst = c->list[i].verdict;
	return worst;
}

static const char *const services[] = { "dns", "web", "mail-in", "mailbox" };

#define SERVICES (sizeof services / sizeof services[0])

static bool
worse(enum verdict v6, enum verdict v4)
{
	return (v6 == VERDICT_WARNING || v6 == VERDICT_ERROR) && v6 > v4;
}

void
judge_summary(struct judge *j)
{
	struct model *m = j->m;
	struct cells c;
	char *list = xstrdup(""), *more;

	if (m->zone == NULL) {
		free(list);
		return;
	}
	summary_cells(m, &c, j->list, j->n);
	for (size_t i = 0; i < SERVICES; i++) {
		if (!worse(summary_service(&c, services[i], 1),
		    summary_service(&c, services[i], 0)))
			continue;
		more = xasprintf("%s%s%s", list, *list == '\0' ? "" : ", ",
		    services[i]);
		free(list);
		list = more;
	}
	if (*list != '\0')
		judge_arg(judge_name(j, F_HALF_DONE_V6, m->zone, NULL),
		    "services", list);
	free(list);
	summary_cells_free(&c);
}

json_t *
summary_services(const struct model *m, const struct cells *c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < SERVICES; i++) {
		json_t *o = json_object();
		bool left = m->skip[STEP_MAILBOX] &&
		    strcmp(services[i], "mailbox") == 0;

		json_put_str(o, "service", services[i]);
		for (int f = 0; f < 2; f++)
			json_put_str(o, f == 0 ? "v4" : "v6",
			    verdict_word(left ? VERDICT_NOT_ASKED :
			    summary_service(c, services[i], f)));
		json_array_append_new(a, o);
	}
	return a;
}
