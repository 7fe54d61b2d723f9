/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration file: what it sets, what counts more, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/out.h"
#include "ui/settings.h"
#include "ui/strings.h"

static char file[] = "/tmp/tadoru-settings-XXXXXX";

static int
parse(struct options *o, const char *text, const char *line, char *copy,
    char said[512])
{
	char *argv[16], *word, *save = NULL;
	int argc = 1, kept = dup(STDERR_FILENO), rc;
	FILE *f = fopen(file, "w");
	size_t n;

	fputs(text, f);
	fclose(f);
	strcpy(copy, line);
	argv[0] = copy;
	for (word = strtok_r(copy, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	f = tmpfile();
	fflush(stderr);
	dup2(fileno(f), STDERR_FILENO);
	rc = options_parse_with(o, argc, argv, file);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(f);
	n = fread(said, 1, 511, f);
	said[n] = '\0';
	fclose(f);
	return rc;
}

static void
test_good(void **state)
{
	char copy[256], said[512];
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "# mine\n\n  tries 5\n--resolver=192.0.2.1"
	    "\r\nresolver = 2001:db8::1\nno-color\nhelo\tclient.example.jp\n"
	    "ipv4", "check a.jp --resolver 192.0.2.9", copy, said), 0);
	assert_string_equal(said, "");
	assert_int_equal(o.engine.tries, 5);
	assert_int_equal(o.nresolvers, 3);
	assert_true(o.no_color && o.engine.no_v6);
	assert_string_equal(o.engine.helo, "client.example.jp");
	options_free(&o);
	/* the command line counts more */
	assert_int_equal(parse(&o, "tries 5\nipv4\nrecord x\nplain\n",
	    "check a.jp --tries 2 -6 --no-record --json", copy, said), 0);
	assert_int_equal(o.engine.tries, 2);
	assert_true(o.engine.no_v4 && !o.engine.no_v6);
	assert_null(o.record);
	assert_int_equal(o.stdout_format, FORMAT_JSON);
	options_free(&o);
	/* what means nothing to the command is left out */
	assert_int_equal(parse(&o, "tries 5\nlang en\n", "explain web", copy,
	    said), 0);
	assert_string_equal(said, "");
	options_free(&o);
	unlink(file);
	assert_int_equal(options_parse_with(&o, 2, (char *[]){ copy,
	    (char[]){ "a.jp" }, NULL }, file), 0);
	options_free(&o);
}

static const struct {
	const char	*text, *said;
} bad[] = {
	{ "tries none\n", ":1: --tries: \"none\" will not do" },
	{ "\n\ntrise 3\n", ":3: unknown option trise; did you mean tries?" },
	{ "zzzzzzzz\n", ":1: unknown option zzzzzzzz" },
	{ "plain yes\n", ":1: --plain takes no value" },
	{ "tries\n", ":1: --tries needs a value" },
	{ "help\n", ":1: unknown option help" },
	{ "only web\nskip web\n", "contradict" },
	{ "symptom fast\n", ":1: --symptom: \"fast\" will not do" },
	{ "x\x1b[2J\n", ":1: unknown option x\\x1b[2J" },
};

static void
test_bad(void **state)
{
	char copy[256], said[512];
	struct options o;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (parse(&o, bad[i].text, "check a.jp", copy, said) != -1)
			fail_msg("taken: %s", bad[i].text);
		if (strstr(said, bad[i].said) == NULL ||
		    (bad[i].said[0] == ':' && strstr(said, file) == NULL))
			fail_msg("%s: %s", bad[i].text, said);
		if (strchr(said, '\n') != said + strlen(said) - 1)
			fail_msg("%s: not one line: %s", bad[i].text, said);
		options_free(&o);
	}
}

static void
test_name(void **state)
{
	char *name;

	(void)state;
	setenv("XDG_CONFIG_HOME", "/x", 1);
	assert_string_equal(name = settings_file(), "/x/tadoru/config");
	free(name);
	setenv("XDG_CONFIG_HOME", "", 1);
	setenv("HOME", "/h", 1);
	assert_string_equal(name = settings_file(),
	    "/h/.config/tadoru/config");
	free(name);
	unsetenv("HOME");
	assert_null(settings_file());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_name),
	};
	int fd = mkstemp(file), failed;

	if (fd < 0)
		return 1;
	close(fd);
	strings_choose("en");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return failed;
}
