/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any recording folded into a session: the model, the judge and the summary
 * make something of it, twice the same; clients live through it somehow.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "diag/clients.h"
#include "diag/judge.h"
#include "diag/record.h"
#include "diag/summary.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct session *
fold(const char *p, size_t n)
{
	struct session *s = session_new();

	while (n > 0) {
		const char *end = memchr(p, '\n', n), *why;
		size_t one = end == NULL ? n : (size_t)(end - p);
		struct event ev;

		if (record_parse(p, one, &ev, &why) == 0) {
			session_fold(s, &ev);
			event_clear(&ev);
		}
		one += end != NULL;
		p += one;
		n -= one;
	}
	return s;
}

static json_t *
made_of(const struct session *s, size_t *findings)
{
	struct model *m = model_build(s, s->us);
	struct judge j;
	json_t *end;

	judge_run(&j, m);
	*findings = j.n;
	for (size_t i = 0; i < j.n; i++) {
		json_t *o = finding_json(j.list[i]);

		json_decref(o);
	}
	judge_free(&j);
	end = summary_end(m);
	model_free(m);
	return end;
}

static void
live(const struct session *s)
{
	struct client_matrix m = { s, NULL, NULL, NULL, s->nprobes };
	struct endpoint *eps = xcalloc(m.n + 1, sizeof *eps);
	int *verdicts = xcalloc(m.n + 1, sizeof *verdicts);
	double *seconds = xcalloc(m.n + 1, sizeof *seconds);
	struct client_service *v;
	size_t services;

	m.eps = eps;
	m.verdicts = verdicts;
	m.seconds = seconds;
	for (size_t i = 0; i < m.n; i++) {
		eps[i] = s->probes[i]->ep;
		verdicts[i] = (int)(i % (VERDICT_ERROR + 1));
	}
	services = clients_of(&m, &v);
	for (size_t i = 0; i < services; i++)
		for (int k = 0; k < CLIENT_KINDS; k++)
			if (v[i].life[k].waits < 0 || (v[i].life[k].works &&
			    clients_verdict(&v[i].life[k]) == VERDICT_ERROR))
				abort();
	clients_free(v, services);
	free(eps);
	free(verdicts);
	free(seconds);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct session *s;
	size_t found, again;
	json_t *a, *b;

	if (n > 256 * 1024)
		return 0;
	s = fold((const char *)data, n);
	a = made_of(s, &found);
	b = made_of(s, &again);
	if (found != again || json_equal(a, b) != 1)
		abort();
	json_decref(a);
	json_decref(b);
	live(s);
	session_free(s);
	return 0;
}
