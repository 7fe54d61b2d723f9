/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tickets of the practice scenarios, read as tadoru alert reads them: an
 * alert or a log line that one quotes is recognised in either language, and no
 * ticket leads to another domain than the scenario's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "diag/alert.h"
#include "ui/practice_files.h"

static const char *const langs[] = { "en", "ja" };

/* Those that quote one; domain: it says which; addr, "" for none. */
static const struct {
	const char		*name;
	enum alert_class	 class;
	enum step_id		 step;
	bool			 domain;
	const char		*addr;
} quoting[] = {
	{ "aaaa-refused", ALERT_REFUSED, STEP_WEB, true, "2001:db8:41::80" },
	{ "glue-dead", ALERT_LAME, STEP_SERVERS, true, "" },
	{ "mx-v6-dead", ALERT_TIMEOUT, STEP_MAIL_IN, true,
	    "2001:db8:53::25" },
	{ "xfer-expired", ALERT_TRANSFER, STEP_SERVERS, true, "" },
	{ "gmail-ptr", ALERT_POLICY, STEP_MAIL_OUT, false,
	    "2001:db8:59::25" },
};
#define QUOTING	(sizeof quoting / sizeof *quoting)

/* What makes a text one that quotes: words of programs, not of people. */
static bool
quotes(const char *text)
{
	static const char *const marks[] = { "PROBLEM: ", "connect to address",
		"Connection refused", "named[", "status=", "\n 550-",
		"SERVFAIL" };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strstr(text, marks[i]) != NULL)
			return true;
	return false;
}

static bool
below(const char *subject, const char *domain)
{
	size_t n = strlen(subject), d = strlen(domain);

	return n >= d && strcmp(subject + n - d, domain) == 0 &&
	    (n == d || strchr(".@", subject[n - d - 1]) != NULL);
}

static void
read_alert(const struct exercise *e, const char *lang, size_t row)
{
	const char *text = exercise_say(e, lang, EXERCISE_TICKET, 0);
	char addr[ADDR_STRLEN] = "";
	struct alert a;

	alert_parse(&a, text, strlen(text));
	if (a.ep.addr.family != 0)
		addr_print(&a.ep.addr, addr);
	if (a.class != quoting[row].class || a.step != quoting[row].step ||
	    a.recognised != (step_rows[a.step].built && quoting[row].domain) ||
	    (a.subject != NULL) != quoting[row].domain ||
	    strcmp(addr, quoting[row].addr) != 0)
		fail_msg("%s %s: %s, step %s, %s %s in\n%s", e->name, lang,
		    alert_class_word(a.class), step_rows[a.step].id,
		    a.subject == NULL ? "nothing" : a.subject, addr, text);
	alert_free(&a);
}

static void
same_domain(const struct exercise *e, const char *lang)
{
	const char *text = exercise_say(e, lang, EXERCISE_TICKET, 0);
	struct alert a;

	alert_parse(&a, text, strlen(text));
	if (a.subject != NULL && !below(a.subject, e->domain))
		fail_msg("%s %s: %s, not %s", e->name, lang, a.subject,
		    e->domain);
	alert_free(&a);
}

static void
test_tickets(void **state)
{
	size_t n, row, seen = 0;
	struct exercise **all = practice_all(&n);

	(void)state;
	for (size_t i = 0; i < 2 * n; i++) {
		const struct exercise *e = all[i / 2];
		const char *lang = langs[i % 2];

		for (row = 0; row < QUOTING && strcmp(quoting[row].name,
		    e->name) != 0; row++)
			continue;
		same_domain(e, lang);
		if (quotes(exercise_say(e, lang, EXERCISE_TICKET, 0)) !=
		    (row < QUOTING))
			fail_msg("%s %s: quotes an alert, or no longer",
			    e->name, lang);
		if (row < QUOTING) {
			read_alert(e, lang, row);
			seen++;
		}
	}
	assert_int_equal(seen, 2 * QUOTING);
	practice_all_free(all, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tickets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
