/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recordings read back: the same events come out, a torn last line is left
 * out, anything else that is wrong is named with file and line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "ui/report.h"
#include "ui/run.h"
#include "ui/sink.h"
#include "ui/strings.h"

static char dir[] = "/tmp/tadoru-test-XXXXXX";
static char file[64];

static char *
slurp(const char *name)
{
	char part[4096];
	struct buf b;
	size_t n;
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	buf_init(&b, 0);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	return buf_steal(&b);
}

static void
put(const char *text, size_t n)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	fwrite(text, 1, n, f);
	fclose(f);
}

static char *
recording(void)
{
	const char *src = getenv("SRCDIR");
	char *path = xasprintf("%s/tests/recordings/half-done.jsonl",
	    src == NULL ? "." : src), *text = slurp(path);

	free(path);
	return text;
}

/* Feed file: its status; stderr into said, JSON of the events into json. */
static int
feed(char said[512], char **json, int *events)
{
	struct session *s = session_new();
	struct out out = { .ambiguous = 1 };
	int kept = dup(STDERR_FILENO), rc;
	FILE *f = tmpfile();
	size_t size, n;

	out.file = open_memstream(json, &size);
	fflush(stderr);
	dup2(fileno(f), STDERR_FILENO);
	rc = replay_feed(file, json_sink, &out, s);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	fclose(out.file);
	rewind(f);
	n = fread(said, 1, 511, f);
	said[n] = '\0';
	fclose(f);
	*events = (int)s->seq;
	if (rc == 0)
		rc = report_status(s);
	session_free(s);
	return rc;
}

static void
test_same(void **state)
{
	char *text = recording(), *json, said[512];
	int events;

	(void)state;
	put(text, strlen(text));
	assert_int_equal(feed(said, &json, &events), 2);
	assert_string_equal(json, text);
	assert_string_equal(said, "");
	free(json);
	free(text);
}

/* Cut anywhere in the last line, or after any line. */
static void
test_torn(void **state)
{
	char *text = recording(), *json, said[512], *last;
	size_t n = strlen(text), cut;
	int events;

	(void)state;
	for (last = text + n - 1; last[-1] != '\n'; last--)
		;
	for (cut = (size_t)(last - text); cut < n - 1; cut += 7) {
		put(text, cut);
		assert_int_equal(feed(said, &json, &events), 3);
		assert_int_equal(events, 32);
		assert_int_equal(strlen(json), (size_t)(last - text));
		free(json);
	}
	put(text, n - 1);	/* only the line feed is missing */
	assert_int_equal(feed(said, &json, &events), 2);
	free(json);
	free(text);
}

#define HEAD "{\"v\":1,\"seq\":1,\"t\":0.0,\"from\":\"here\"," \
	"\"ev\":\"session\",\"tadoru\":\"0\"}\n"

static const struct {
	const char	*text, *said;
} bad[] = {
	{ "", ":1: no recording" },
	{ "\n", ":1: not an event" },
	{ "hello\n", ":1: not an event" },
	{ "{}\n", ":1: " },
	{ "[1]\n", ":1: " },
	{ "{\"v\":2,\"seq\":1,\"t\":0.0,\"ev\":\"session\"}\n",
	    ":1: recorded by a newer tadoru" },
	{ HEAD "{\"v\":1,\"seq\":2,\"t\":0.0,\"ev\":\"zzz\"}\n",
	    ":2: unknown kind" },
	{ HEAD HEAD, ":2: a second session" },
	{ HEAD "{\"v\":1,\"seq\":1,\"t\":0.0,\"ev\":\"step\","
	    "\"step\":\"web\",\"state\":\"began\"}\n", ":2: seq" },
	{ HEAD "{\"v\":1,\"seq\":2,\"t\":0.0,\"ev\":\"line\",\"probe\":"
	    "\"a/b\",\"dir\":\"sent\",\"text\":\"\"}\n", ":2: the event" },
	{ HEAD "torn\n" HEAD, ":2: not an event" },
	{ "{\"v\":1,\"seq\":1,\"t\":0.0,\"ev\":\"step\",\"step\":\"web\","
	    "\"state\":\"began\"}\n", ":1: no recording" },
};

static void
test_bad(void **state)
{
	char *json, said[512];
	int events;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(bad[i].text, strlen(bad[i].text));
		if (feed(said, &json, &events) != -1)
			fail_msg("taken: %s", bad[i].text);
		if (strstr(said, bad[i].said) == NULL ||
		    strstr(said, file) == NULL)
			fail_msg("%s: %s", bad[i].text, said);
		free(json);
	}
	unlink(file);
	assert_int_equal(feed(said, &json, &events), -1);
	assert_non_null(strstr(said, "cannot be read"));
	free(json);
}

/* stdout of a replay with each option, from the recording alone. */
static void
test_run(void **state)
{
	char *text = recording(), *report = NULL, *again = NULL, *o_name;
	struct options o = { .command = CMD_REPLAY, .ambiguous = 1 };
	struct out out = { .ambiguous = 1 };
	size_t size;

	(void)state;
	put(text, strlen(text));
	o_name = xasprintf("%s/report", dir);
	o.operand[0] = file;
	o.output = o_name;
	out.file = open_memstream(&report, &size);
	assert_int_equal(replay_run(&o, &out), 2);
	fclose(out.file);
	again = slurp(o_name);
	assert_string_equal(report, again);
	unlink(o_name);
	free(o_name);
	free(report);
	free(again);
	free(text);
}

static int
teardown(void **state)
{
	(void)state;
	unlink(file);
	rmdir(dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_run),
	};

	strings_choose("en");
	strings_set_utf8(false);
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/r.jsonl", dir);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
