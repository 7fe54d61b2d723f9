/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tadoru diff on recordings of the memory world: the same world is the same,
 * each kind of change is named, backwards it is the reverse; what cannot be
 * read is status 3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/unit/diag_kit.h"
#include "ui/run.h"
#include "ui/strings.h"

static char dir[] = "/tmp/tadoru-diff-XXXXXX";
static char *sound, *again, *silent, *fewer, *cut, *broken;

static char *
put(const char *name, const char *text, size_t n)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	return path;
}

static char *
recorded(const char *name, const char *world)
{
	struct kit_run r;
	char *path;

	kit_run(&r, world, 7);
	path = put(name, r.log, r.log_len);
	kit_free(&r);
	return path;
}

static int
set_up(void **state)
{
	struct kit_run r;
	char *end;

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	sound = recorded("sound", "");
	again = recorded("again", "");
	silent = recorded("silent", "fault net {ns1.6} silent\n");
	fewer = recorded("fewer", "! delegate {d}\n"
	    "delegate {d} {ns1} {ns1.4} {ns1.6}\n");
	kit_run(&r, "", 7);
	/* Without its end: as far as it goes. */
	end = strstr(r.log, "\"ev\":\"end\"");
	while (end[-1] != '\n')
		end--;
	cut = put("cut", r.log, (size_t)(end - r.log));
	broken = put("broken", r.log, 40);
	kit_free(&r);
	return 0;
}

static int
tear_down(void **state)
{
	char *files[] = { sound, again, silent, fewer, cut, broken };
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		unlink(files[i]);
		free(files[i]);
	}
	return rmdir(dir);
}

/* Its status; *text is what it printed. */
static int
diff(const char *a, const char *b, bool json, char **text)
{
	struct options o;
	struct out out = { .ambiguous = 1 };
	size_t size;
	int status;

	memset(&o, 0, sizeof o);
	o.command = CMD_DIFF;
	o.operand[0] = a;
	o.operand[1] = b;
	o.noperands = 2;
	o.stdout_format = json ? FORMAT_JSON : FORMAT_TEXT;
	out.file = open_memstream(text, &size);
	status = diff_run(&o, &out);
	fclose(out.file);
	return status;
}

static json_t *
diff_json(const char *a, const char *b, int status)
{
	char *text;
	json_t *o;

	assert_int_equal(diff(a, b, true, &text), status);
	o = json_loads(text, 0, NULL);
	assert_non_null(o);
	assert_int_equal(json_int(o, "v", 0), 1);
	assert_int_equal(json_flag(o, "same"), status == 0);
	free(text);
	return o;
}

static size_t
count(const json_t *list, const char *state, const char *key,
    const char *member, const char *value)
{
	json_t *one;
	size_t i, n = 0;

	json_array_foreach(list, i, one) {
		const json_t *what = json_object_get(one, key);

		n += strcmp(json_str(one, "state"), state) == 0 &&
		    what != NULL && (value == NULL ||
		    strcmp(json_str(what, member), value) == 0);
	}
	return n;
}

static void
same_is_same(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(diff(sound, again, false, &text), 0);
	assert_non_null(strstr(text, "Nothing changed."));
	free(text);
	json_decref(diff_json(sound, sound, 0));
	/* What was cut off says as much before its end. */
	json_decref(diff_json(sound, cut, 0));
}

static void
findings_and_cells(void **state)
{
	json_t *o = diff_json(sound, silent, 1), *list;
	char *text;

	(void)state;
	list = json_object_get(o, "findings");
	assert_int_equal(count(list, "new", "finding", "id", "dns-timeout"),
	    1);
	assert_int_equal(count(list, "gone", "was", "id", NULL), 0);
	list = json_object_get(o, "matrix");
	assert_int_equal(count(list, "changed", "cell", "verdict", "error"),
	    1);
	assert_int_equal(count(list, "changed", "was", "verdict", "ok"), 1);
	assert_string_equal(json_str(json_object_get(o, "old"), "verdict"),
	    "ok");
	assert_string_equal(json_str(json_object_get(o, "new"), "verdict"),
	    "error");
	json_decref(o);
	o = diff_json(silent, sound, 1);
	list = json_object_get(o, "findings");
	assert_int_equal(count(list, "gone", "was", "id", "dns-timeout"), 1);
	assert_int_equal(count(list, "new", "finding", "id", NULL), 0);
	json_decref(o);
	assert_int_equal(diff(sound, silent, false, &text), 1);
	assert_non_null(strstr(text, "new: "));
	assert_non_null(strstr(text, "dns-timeout"));
	assert_non_null(strstr(text, "Endpoints"));
	assert_null(strstr(text, "Nothing changed."));
	free(text);
	strings_choose("ja");
	assert_int_equal(diff(sound, silent, false, &text), 1);
	assert_non_null(strstr(text, "\346\226\260\350\246\217: "));
	free(text);
	strings_choose("en");
}

static void
delegation(void **state)
{
	json_t *o = diff_json(sound, fewer, 1), *places;
	char *text;

	(void)state;
	places = json_object_get(o, "delegation");
	assert_int_equal(count(json_object_get(places, "delegation"), "gone",
	    "was", "ns", NULL), 2);
	assert_int_equal(json_array_size(json_object_get(places, "parent")),
	    0);
	json_decref(o);
	assert_int_equal(diff(sound, fewer, false, &text), 1);
	assert_non_null(strstr(text, "gone: delegation "));
	free(text);
}

static void
unreadable(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(diff(sound, broken, false, &text), 3);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(diff("/nonexistent", sound, true, &text), 3);
	assert_string_equal(text, "");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_is_same),
		cmocka_unit_test(findings_and_cells),
		cmocka_unit_test(delegation),
		cmocka_unit_test(unreadable),
	};

	return cmocka_run_group_tests_name("diff", tests, set_up, tear_down);
}
