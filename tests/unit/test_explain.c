/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tadoru explain, the strings, and the files that operators give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "ui/given.h"
#include "ui/run.h"
#include "ui/strings.h"

static int
explain(const char *a, const char *b, char **text)
{
	struct options o = { .command = CMD_EXPLAIN };
	struct out out = { .ambiguous = 1 };
	size_t size;
	int rc;

	*text = NULL;
	o.operand[0] = a;
	o.operand[1] = b;
	o.noperands = (a != NULL) + (b != NULL);
	out.file = open_memstream(text, &size);
	keys_init(&o.keys);
	rc = explain_run(&o, &out);
	keys_free(&o.keys);
	fclose(out.file);
	return rc;
}

static const struct {
	const char	*a, *b, *want;
	int		 status;
} cases[] = {
	{ NULL, NULL, "glue-missing", 0 },
	{ "zone", NULL, "zone: ", 0 },
	{ "mailbox", NULL, "Submission on 587", 0 },
	{ "path", NULL, "not built yet", 0 },
	{ "glue-missing", NULL, "error/domain", 0 },
	{ "450", NULL, "greylisting", 0 },
	{ "450", "4.7.1", "4.7.1  policy", 0 },
	{ "450 4.7.1", NULL, "4.7.1  policy", 0 },
	{ "5.1.1", NULL, "no such mailbox; for good", 0 },
	{ "4.9.9", NULL, "for now", 0 },
	{ "2.1.0", NULL, "2.1.0  success", 0 },
	{ "235", "2.7.0", "2.7.0  success", 0 },
	{ "503", NULL, "overload", 0 },
	{ "599", NULL, "in the 500s", 0 },
	{ "SERVFAIL", NULL, "SERVFAIL  DNS: ", 0 },
	{ "codes", NULL, "450 4.7.1", 0 },
	{ "keys", NULL, "Ctrl-N", 0 },
	{ "glue-mising", NULL, "", 64 },
	{ "nonsense", NULL, "", 64 },
	{ "450", "nonsense", "", 64 },
	{ "", NULL, "", 64 },
};

static void
test_explain(void **state)
{
	char *text;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = explain(cases[i].a, cases[i].b, &text);
		if (rc != cases[i].status ||
		    strstr(text, cases[i].want) == NULL)
			fail_msg("%s: %d %s", cases[i].a, rc, text);
		free(text);
	}
}

/* Every finding and step has its topic, in every language. */
static void
test_topics(void **state)
{
	static const char *const langs[] = { "en", "ja" };
	char *text;
	size_t l, i;

	(void)state;
	for (l = 0; l < 2; l++) {
		assert_int_equal(strings_choose(langs[l]), 0);
		for (i = 0; i < F_COUNT; i++) {
			if (strings_topic(finding_rows[i].id) == NULL)
				fail_msg("no topic %s", finding_rows[i].id);
			assert_string_equal(
			    strings_topic(finding_rows[i].id)->lang, langs[l]);
			assert_int_equal(explain(finding_rows[i].id, NULL,
			    &text), 0);
			assert_null(strchr(text, '\x1b'));
			free(text);
		}
		for (i = 0; i < STEP_COUNT; i++)
			assert_string_equal(
			    strings_topic(step_rows[i].id)->lang, langs[l]);
	}
	strings_choose("en");
}

static const char *
lang_of(const char *all, const char *messages, const char *lang,
    const char *language)
{
	const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG",
		"LANGUAGE" };
	const char *const values[] = { all, messages, lang, language };
	size_t i;

	for (i = 0; i < 4; i++)
		if (values[i] == NULL)
			unsetenv(names[i]);
		else
			setenv(names[i], values[i], 1);
	strings_choose(NULL);
	return strings_lang();
}

static void
test_language(void **state)
{
	(void)state;
	assert_string_equal(lang_of(NULL, NULL, NULL, NULL), "en");
	assert_string_equal(lang_of(NULL, NULL, "ja_JP.UTF-8", NULL), "ja");
	assert_string_equal(lang_of(NULL, NULL, "ja", NULL), "ja");
	assert_string_equal(lang_of("C", NULL, "ja_JP.UTF-8", NULL), "en");
	assert_string_equal(lang_of("", "ja_JP", "C", NULL), "ja");
	assert_string_equal(lang_of(NULL, NULL, NULL, "fr:ja:en"), "ja");
	assert_string_equal(lang_of(NULL, NULL, "fr_FR.UTF-8", NULL), "en");
	assert_int_equal(strings_choose("xx"), -1);
	assert_int_equal(strings_choose("JA"), 0);
	strings_choose("en");
}

static void
test_fill(void **state)
{
	json_t *args = json_pack("{s:s,s:i,s:[s,s],s:s,s:b}", "a",
	    "x\x1b[1m\\x", "n", 3, "l", "p", "q", "why", "not-http", "t", 1);
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	strings_fill(&b, "{a} {n} {l} {why} {t} {gone} {", args, NULL);
	assert_string_equal(buf_str(&b),
	    "x\\x1b[1m\\x 3 p, q no HTTP yes - {");
	buf_free(&b);
	json_decref(args);
}

static const struct {
	int		(*parse)(const char *, size_t *, const char **);
	const char	*text;
	size_t		 line;		/* 0: good */
} files[] = {
	{ plan_parse, "", 0 },
	{ plan_parse, "# plan\n\ndns v4 v6\n", 0 },
	{ plan_parse, "www.example.jp web v4 v6 192.0.2.80 2001:db8::80 "
	    "text \"Welcome to us\"\n@ mx mx1.example.jp\n"
	    "mail.example.jp imaps v4  # no v6", 0 },
	{ plan_parse, "dns\n", 1 },
	{ plan_parse, "dns v4\ndns v5\n", 2 },
	{ plan_parse, "dns v4\n\nwww.example.jp\n", 3 },
	{ plan_parse, "www.example.jp wob v4\n", 1 },
	{ plan_parse, "www..jp web v4\n", 1 },
	{ plan_parse, "www.example.jp web\n", 1 },
	{ plan_parse, "www.example.jp web v4 text Welcome\n", 1 },
	{ plan_parse, "www.example.jp web v4 text \"Welcome\n", 1 },
	{ plan_parse, "www.example.jp web 192.0.2.256\n", 1 },
	{ plan_parse, "@ mx\n", 1 },
	{ plan_parse, "@ mx 192.0.2.1\n", 1 },
	{ given_anchor_parse, "; root\n. IN DS 20326 8 2 E06D44B80B8F1D39A95C"
	    "0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n", 0 },
	{ given_anchor_parse, "", 1 },
	{ given_anchor_parse, "; nothing\n\n", 2 },
	{ given_anchor_parse, ". IN DS 1 8 2 00\n. IN A 192.0.2.1\n", 2 },
	{ given_anchor_parse, "; x\nhello\n", 2 },
	{ given_ca_parse, "", 1 },
	{ given_ca_parse, "hello\n", 1 },
	{ given_ca_parse, "x\ny\n-----BEGIN CERTIFICATE-----\nAAAA\n"
	    "-----END CERTIFICATE-----\n", 3 },
	{ given_ca_parse, "x\n-----BEGIN CERTIFICATE-----\nAAAA\n", 2 },
};

static void
test_files(void **state)
{
	const char *expected;
	size_t i, line;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		expected = NULL;
		rc = files[i].parse(files[i].text, &line, &expected);
		if ((rc == 0) != (files[i].line == 0) ||
		    (rc != 0 && line != files[i].line))
			fail_msg("%s: %d, line %zu", files[i].text, rc, line);
		if (rc != 0)
			assert_non_null(strings_try(expected));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_topics),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_files),
	};

	strings_choose("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
