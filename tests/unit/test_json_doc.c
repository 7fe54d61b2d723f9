/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every member that a diagnosis writes is documented in tadoru-json(5).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tests/unit/diag_kit.h"

static const char busy_domain[] =
    "fault dns {ns1.6} silent\n"
    "fault tcp {web1.6} refused\n"
    "fault smtp {mx1.4} at starttls inject\n"
    "fault http {web2.4} port 80 stall 10\n"
    "smtp {mx2} {mx2.4} greylist 300\n"
    "@ subject user@{d}\n";

/* The page with \- as -. */
static char *
page(void)
{
	const char *dir = getenv("SRCDIR");
	char *path = malloc(4096), line[4096];
	struct buf b;
	FILE *f;

	assert_non_null(path);
	snprintf(path, 4096, "%s/help/man/tadoru-json.5.in",
	    dir == NULL ? "." : dir);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("cannot read %s", path);
	free(path);
	buf_init(&b, 0);
	while (fgets(line, sizeof line, f) != NULL)
		for (char *p = line; *p != '\0'; p++)
			if (p[0] != '\\' || p[1] != '-')
				buf_addc(&b, *p);
	assert_int_equal(fclose(f), 0);
	return buf_steal(&b);
}

static bool
documented(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; (p = strstr(p, word)) != NULL; p++) {
		bool marked = (p >= text + 3 && strncmp(p - 3, "\\fB", 3) == 0)
		    || (p >= text + 3 && strncmp(p - 3, ".B ", 3) == 0) ||
		    (p >= text + 4 && strncmp(p - 4, ".BR ", 4) == 0) ||
		    (p >= text + 1 && (p[-1] == ' ' || p[-1] == '"'));

		if (marked && !isalnum((unsigned char)p[n]) && p[n] != '_')
			return true;
	}
	return false;
}

static void
walk(const json_t *v, const char *text, const char *where)
{
	const char *key;
	json_t *member;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)v, key, member) {
		if (!documented(text, key))
			fail_msg("%s: member \"%s\" is not in tadoru-json(5)",
			    where, key);
		/* Names of arguments are in the table of findings. */
		if (strcmp(key, "args") != 0 && strcmp(key, "steps") != 0 &&
		    strcmp(key, "counts") != 0)
			walk(member, text, where);
	}
	json_array_foreach(v, i, member)
		walk(member, text, where);
}

static void
every_member(void **state)
{
	char *text = page();
	struct kit_run r;
	size_t events = 0;

	(void)state;
	kit_run(&r, busy_domain, 0);
	for (const char *p = r.log; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		json_t *o = json_loadb(p, n, 0, NULL);
		char *where = malloc(n + 1);

		assert_non_null(o);
		assert_non_null(where);
		memcpy(where, p, n);
		where[n > 200 ? 200 : n] = '\0';
		walk(o, text, where);
		free(where);
		json_decref(o);
		events++;
		p += n + (p[n] == '\n');
	}
	assert_true(events > 100);
	kit_free(&r);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
