/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the end event says, also before there is one: the same function of
 * the session makes it. The screen takes signs, matrix and delegation from
 * here, so that they cannot differ from those of the report.
 */
#include "ui/tui_now.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/model.h"
#include "diag/summary.h"

static void
clear(struct now *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		endpoint_clear(&w->eps[i]);
	free(w->eps);
	free(w->verdicts);
	free(w->seconds);
	json_decref(w->end);
	memset(w, 0, sizeof(*w));
}

void
now_free(struct now *w)
{
	clear(w);
}

static json_t *
interim(const struct session *s, int64_t us)
{
	struct model *m;
	json_t *end;

	if (s->head == NULL)
		return json_object();
	m = model_build(s, us);
	end = summary_end(m);
	model_free(m);
	return end;
}

static void
take_matrix(struct now *w)
{
	const json_t *matrix = json_object_get(w->end, "matrix");
	json_t *cell;
	size_t i;

	w->n = json_array_size(matrix);
	w->eps = xcalloc(w->n + 1, sizeof(*w->eps));
	w->verdicts = xcalloc(w->n + 1, sizeof(*w->verdicts));
	w->seconds = xcalloc(w->n + 1, sizeof(*w->seconds));
	json_array_foreach(matrix, i, cell) {
		endpoint_parse(&w->eps[i], json_object_get(cell, "endpoint"));
		w->verdicts[i] = verdict_parse(json_str(cell, "verdict"));
		w->seconds[i] = json_num(cell, "s", 0);
	}
}

void
now_refresh(struct now *w, const struct session *s, int64_t us, int64_t pause)
{
	json_t *end;

	if (w->end != NULL && w->seq == s->seq)
		return;
	if (w->end != NULL && s->end == NULL && us - w->us < pause)
		return;
	end = s->end != NULL ? json_incref(s->end) : interim(s, us);
	clear(w);
	w->end = end;
	w->seq = s->seq;
	w->us = us;
	take_matrix(w);
}

int
now_verdict(const struct now *w, const struct endpoint *ep, double *seconds)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (endpoint_cmp(&w->eps[i], ep) == 0) {
			if (seconds != NULL)
				*seconds = w->seconds[i];
			return w->verdicts[i];
		}
	return -1;
}
