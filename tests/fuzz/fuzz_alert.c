/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alert_parse: any bytes; what it takes for a subject is one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diag/alert.h"
#include "diag/subject.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_text(const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct subject s;
	struct alert a;
	const char *why;
	char *hint;
	json_t *o;

	alert_parse(&a, (const char *)data, size);
	if (a.subject != NULL) {
		if (subject_parse(&s, a.subject, &why, &hint) != 0)
			abort();
		subject_free(&s);
	}
	check_text(a.when);
	check_text(a.host);
	check_text(a.ep.name);
	if (a.step >= STEP_COUNT || (a.ep.addr.family != 0 &&
	    a.family != a.ep.addr.family))
		abort();
	o = alert_json(&a);
	json_decref(o);
	alert_free(&a);
	return 0;
}
