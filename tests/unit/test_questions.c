/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables of questions, steps and findings: no row twice, every word known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "diag/findings.h"
#include "diag/questions.h"
#include "dns/message.h"

static bool
one_of(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static void
test_questions(void **state)
{
	static const char *const transports[] = { "udp", "tcp", "edns",
		"again", "rd" };
	static const char *const whom[] = { "root", "parent", "walk", "each",
		"one", "resolver" };
	bool seen[Q_FOREIGN + 1] = { false };

	(void)state;
	for (size_t i = 0; i < question_count; i++) {
		const struct question_row *q = &question_rows[i];

		assert_true(one_of(transports, 5, q->transport));
		assert_true(one_of(whom, 6, q->to));
		assert_true(q->type != 0);
		seen[q->class] = true;
		/* Recursion is asked of resolvers, and of others only to see
		   whether they grant it. */
		assert_int_equal(strcmp(q->to, "resolver") == 0 ||
		    q->class == Q_FOREIGN, strcmp(q->transport, "rd") == 0);
		for (size_t k = 0; k < i; k++)
			assert_false(question_rows[k].class == q->class &&
			    question_rows[k].type == q->type &&
			    strcmp(question_rows[k].transport, q->transport)
			    == 0);
	}
	for (size_t i = 0; i <= Q_FOREIGN; i++)
		assert_true(seen[i]);
}

/* A, AAAA and A again of every name at every server (RFC 4074). */
static void
test_aaaa(void **state)
{
	unsigned found = 0;

	(void)state;
	for (size_t i = 0; i < question_count; i++) {
		const struct question_row *q = &question_rows[i];

		if (q->class != Q_NAME)
			continue;
		assert_string_equal(q->to, "each");
		found |= q->type == DNS_AAAA ? 2u :
		    strcmp(q->transport, "again") == 0 ? 4u : 1u;
	}
	assert_int_equal(found, 7);
}

static void
test_findings(void **state)
{
	static const char *const who[] = { "registrar", "dnshost", "server",
		"network", "mail", "web", "client", "here" };

	(void)state;
	for (int i = 0; i < F_COUNT; i++) {
		const struct finding_row *f = &finding_rows[i];

		assert_int_equal(finding_parse(f->id), i);
		assert_true(f->step < STEP_COUNT);
		assert_true(step_rows[f->step].built);
		assert_true(one_of(who, 8, f->who));
		assert_true(f->level == VERDICT_FACT ||
		    f->level >= VERDICT_NOTICE);
		/* Findings of our own vantage are never the domain's. */
		if (f->step == STEP_HERE)
			assert_int_equal(f->side, SIDE_HERE);
		assert_int_equal(strspn(f->id, "abcdefghijklmnopqrstuvwxyz"
		    "0123456789-"), strlen(f->id));
	}
}

static void
test_words(void **state)
{
	static const char *const verdicts[] = { "none", "fact", "not-offered",
		"not-asked", "ok", "notice", "unknown", "warning", "error" };
	static const char *const none[] = { "", "OK", "worse", "error ",
		"domain,here", "dns timeout" };

	(void)state;
	for (int i = VERDICT_NONE; i <= VERDICT_ERROR; i++) {
		assert_string_equal(verdict_word((enum verdict)i),
		    verdicts[i]);
		assert_int_equal(verdict_parse(verdicts[i]), i);
	}
	for (int i = SIDE_DOMAIN; i <= SIDE_RESOLVER; i++)
		assert_int_equal(side_parse(side_word((enum side)i)), i);
	for (int i = 0; i < STEP_COUNT; i++)
		assert_int_equal(step_parse(step_rows[i].id), i);
	assert_int_equal(STEP_COUNT, 12);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		assert_int_equal(verdict_parse(none[i]), -1);
		assert_int_equal(side_parse(none[i]), -1);
		assert_int_equal(step_parse(none[i]), -1);
		assert_int_equal(finding_parse(none[i]), -1);
	}
	/* Worse is larger: the verdict of the whole is a maximum. */
	assert_true(VERDICT_OK < VERDICT_NOTICE &&
	    VERDICT_NOTICE < VERDICT_UNKNOWN &&
	    VERDICT_UNKNOWN < VERDICT_WARNING &&
	    VERDICT_WARNING < VERDICT_ERROR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_aaaa),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
