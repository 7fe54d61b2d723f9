/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line by table: what is taken, and what is refused how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "ui/options.h"
#include "ui/out.h"
#include "ui/strings.h"

/* Parse a line parted by spaces; what went to stderr into said. */
static int
parse(struct options *o, const char *line, char *copy, char said[512])
{
	static char *argv[32];	/* options point into it */
	char *word, *save = NULL;
	int argc = 0, kept = dup(STDERR_FILENO), rc;
	FILE *f = tmpfile();
	size_t n;

	strcpy(copy, line);
	argv[argc++] = copy;
	for (word = strtok_r(copy, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stderr);
	dup2(fileno(f), STDERR_FILENO);
	rc = options_parse(o, argc, argv);
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
	char copy[512], said[512];
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "example.jp", copy, said), 0);
	assert_int_equal(o.command, CMD_SUBJECT);
	assert_int_equal(o.stdout_format, FORMAT_PLAIN);
	assert_int_equal(o.engine.tries, 3);
	options_free(&o);
	assert_int_equal(parse(&o, "check -4oOUT --tri=5 --timeout 8 "
	    "example.jp --host www.example.jp --host Mail.example.jp. "
	    "--json --format text", copy, said), 0);
	assert_string_equal(said, "");
	assert_int_equal(o.command, CMD_CHECK);
	assert_string_equal(o.operand[0], "example.jp");
	assert_true(o.engine.no_v6 && !o.engine.no_v4);
	assert_string_equal(o.output, "OUT");
	assert_int_equal(o.engine.tries, 5);
	assert_true(o.engine.scale > 1.99 && o.engine.scale < 2.01);
	assert_int_equal(o.engine.nhosts, 2);
	assert_string_equal(o.engine.hosts[1], "mail.example.jp");
	assert_int_equal(o.stdout_format, FORMAT_JSON);
	assert_int_equal(o.file_format, FORMAT_TEXT);
	options_free(&o);
	assert_int_equal(parse(&o, "check --format json -- -x.example.jp",
	    copy, said), 0);
	assert_string_equal(o.operand[0], "-x.example.jp");
	assert_int_equal(o.stdout_format, FORMAT_JSON);
	options_free(&o);
}

static void
test_values(void **state)
{
	char copy[512], said[512];
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "check x.jp --only web,mail-in "
	    "--resolver 192.0.2.1 --resolver 2001:db8::1 --source 192.0.2.9 "
	    "--source 2001:db8::9 --global-prefix 2001:db8::/32 --helo "
	    "[192.0.2.9] --mail-from a@X.jp --rcpt-to b@x.jp --ambiguous 2",
	    copy, said), 0);
	assert_false(o.engine.skip[STEP_WEB]);
	assert_false(o.engine.skip[STEP_MAIL_IN]);
	assert_false(o.engine.skip[STEP_SUMMARY]);
	assert_true(o.engine.skip[STEP_ZONE]);
	assert_int_equal(o.nresolvers, 2);
	assert_int_equal(o.source4.family, 4);
	assert_int_equal(o.source6.family, 6);
	assert_int_equal(o.nglobal, 1);
	assert_string_equal(o.engine.helo, "[192.0.2.9]");
	assert_string_equal(o.engine.mail_from, "a@x.jp");
	assert_string_equal(o.engine.rcpt, "b@x.jp");
	assert_int_equal(o.ambiguous, 2);
	options_free(&o);
	assert_int_equal(parse(&o, "--skip resolver x.jp", copy, said), 0);
	assert_true(o.engine.skip[STEP_RESOLVER]);
	assert_false(o.engine.skip[STEP_WEB]);
	options_free(&o);
	assert_int_equal(parse(&o, "replay FILE --plain --no-color", copy,
	    said), 0);
	assert_int_equal(o.command, CMD_REPLAY);
	options_free(&o);
	assert_int_equal(parse(&o, "practice sound --shell -- dig -4 x",
	    copy, said), 0);
	assert_true(o.shell);
	assert_int_equal(o.noperands, 1);
	assert_string_equal(o.shell_command[0], "dig");
	assert_string_equal(o.shell_command[1], "-4");
	assert_null(o.shell_command[3]);
	options_free(&o);
	assert_int_equal(parse(&o, "practice --shell sound --", copy, said),
	    0);
	assert_true(o.shell && o.shell_command == NULL);
	options_free(&o);
	assert_int_equal(parse(&o, "--help --version", copy, said), 0);
	assert_true(o.help && o.version);
	options_free(&o);
}

static const struct {
	const char	*line, *said;
} bad[] = {
	{ "check x.jp --shell", "--shell" },
	{ "", "no subject" },
	{ "check", "tadoru check SUBJECT" },
	{ "check a.jp b.jp", "b.jp" },
	{ "a.jp b.jp", "one SUBJECT" },
	{ "chekc a.jp", "did you mean tadoru check?" },
	{ "replya", "did you mean tadoru replay?" },
	{ "diff one", "OLD NEW" },
	{ "--jsn a.jp", "did you mean --json?" },
	{ "--zzzzzzz a.jp", "unknown option --zzzzzzz" },
	{ "--", "no subject" },
	{ "--ip a.jp", "unknown option --ip" },
	{ "-q a.jp", "unknown option -q" },
	{ "--json=1 a.jp", "takes no value" },
	{ "a.jp --hints", "--hints FILE" },
	{ "a.jp -o", "--output FILE" },
	{ "-46 a.jp", "contradict" },
	{ "--plain --json a.jp", "contradict" },
	{ "--record x --no-record a.jp", "contradict" },
	{ "--read-only --rcpt-to a@b.jp a.jp", "contradict" },
	{ "-6 --source 192.0.2.1 a.jp", "contradict" },
	{ "-4 --source 2001:db8::1 a.jp", "contradict" },
	{ "--only web --skip web a.jp", "contradict" },
	{ "--plain --format json a.jp", "contradict" },
	{ "--json --format text a.jp", "contradict" },
	{ "--tries 0 a.jp", "1 to 10" },
	{ "--tries 1x a.jp", "1 to 10" },
	{ "--timeout 0 a.jp", "0.1 to 60" },
	{ "--timeout 1e1 a.jp", "0.1 to 60" },
	{ "--timeout inf a.jp", "0.1 to 60" },
	{ "--only wob a.jp", "did you mean web?" },
	{ "--skip , a.jp", "the steps are here" },
	{ "--host 192.0.2.1 a.jp", "a host name" },
	{ "--host a@b.jp a.jp", "a host name" },
	{ "--helo a<b a.jp", "a host name or an address literal" },
	{ "--mail-from x a.jp", "a mail address" },
	{ "--rcpt-to a@b@ a.jp", "a mail address" },
	{ "--resolver x a.jp", "an IP address" },
	{ "--source x a.jp", "an IP address" },
	{ "--global-prefix 2001:db8:: a.jp", "a prefix" },
	{ "--ambiguous 3 a.jp", "1, 2 or auto" },
	{ "--lang xx a.jp", "en or ja" },
	{ "--symptom x a.jp", "slow, send, receive" },
	{ "--format pdf a.jp", "text, json" },
	{ "--format html a.jp", "html is not built yet" },
	{ "--output= a.jp", "a file name" },
	{ "--as-if ns1 a.jp", "another question" },
	{ "--anonymous a.jp", "another question" },
	{ "explain web --json", "means nothing" },
	{ "replay x --tries 3", "means nothing" },
};

static void
test_bad(void **state)
{
	char copy[512], said[512];
	struct options o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (parse(&o, bad[i].line, copy, said) != -1)
			fail_msg("%s is taken", bad[i].line);
		if (strstr(said, bad[i].said) == NULL)
			fail_msg("%s: %s", bad[i].line, said);
		if (strchr(said, '\n') != said + strlen(said) - 1 ||
		    strncmp(said, "tadoru: ", 8) != 0)
			fail_msg("%s: not one line: %s", bad[i].line, said);
		options_free(&o);
	}
}

/* One line with an escape is shown, not sent. */
static void
test_hostile(void **state)
{
	char copy[512], said[512];
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--tries \x1b[2J\xff a.jp", copy, said),
	    -1);
	assert_null(strchr(said, '\x1b'));
	assert_non_null(strstr(said, "\\x1b[2J"));
	options_free(&o);
	assert_int_equal(parse(&o, "--x\x1b[2J a.jp", copy, said), -1);
	assert_null(strchr(said, '\x1b'));
	options_free(&o);
}

static void
test_not_built(void **state)
{
	static const char *const lines[] = {
		"--sender 192.0.2.1 a.jp", "--reference-mx b.jp a.jp",
		"--only path a.jp" };
	char copy[512], said[512];
	struct options o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(parse(&o, lines[i], copy, said), 0);
		assert_non_null(strstr(said, "not built yet"));
		options_free(&o);
	}
}

static void
test_help(void **state)
{
	struct out out = { .ambiguous = 1 };
	char *text = NULL, *want;
	size_t size = 0, i;

	(void)state;
	out.file = open_memstream(&text, &size);
	options_help(&out);
	fclose(out.file);
	for (i = 0; i < OPT_COUNT; i++) {
		want = xasprintf("--%s", option_rows[i].name);
		assert_non_null(strstr(text, want));
		assert_ptr_not_equal(strings_get(option_rows[i].key),
		    option_rows[i].key);
		free(want);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_not_built),
		cmocka_unit_test(test_help),
	};

	strings_choose("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
