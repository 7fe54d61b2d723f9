/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The practice files that tadoru carries: every complete scenario gives
 * exactly the findings it expects and none worse than notice once mended; the
 * quiet ones stay quiet; texts are there in both languages; what is listed as
 * not yet found is not found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/world_pace.h"
#include "base/xalloc.h"
#include "practice/world_memory.h"
#include "ui/practice.h"
#include "ui/report.h"
#include "ui/strings.h"

static const char *const langs[] = { "en", "ja" };

/* The 24 of the field guide, in its order. */
static const struct {
	const char	*name;
	bool		 may;		/* be not yet found */
} domains[] = {
	{ "trailing-dot", true }, { "serial", true }, { "cache-wait", true },
	{ "wrong-server", false }, { "cname-mx", false },
	{ "aaaa-refused", false }, { "aaaa-blackhole", false },
	{ "one-of-three", false }, { "wrong-page", true },
	{ "glue-dead", false }, { "glue-stale", false },
	{ "aaaa-silence", false }, { "aaaa-error", false },
	{ "mx-v6-dead", false }, { "mailbox-tls", false },
	{ "gmail-ptr", true }, { "ula-leak", false },
	{ "xfer-expired", true }, { "tcp53-edns", true }, { "pmtud", true },
	{ "dnssec-expired", true }, { "new-glibc", true },
	{ "customer-lan", true }, { "v6only-office", true }
};

/* Set-ups of the quiet list, and vantages that show less than there is. */
static const char *const quiet[] = { "sound", "quiet-cdn",
	"quiet-foreign-ns", "quiet-large-mail", "quiet-v4-only",
	"quiet-rotating", "quiet-wildcard", "quiet-rate-limit",
	"quiet-https-only", "quiet-greylist", "quiet-self-signed-mx",
	"quiet-vanity-mail", "quiet-two-providers", "vantage-port25",
	"vantage-closed-v6", "vantage-intercepted" };

static struct exercise **all;
static size_t nall;

static const struct exercise *
named(const char *name)
{
	size_t i;

	for (i = 0; i < nall; i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	fail_msg("no practice file %s", name);
	return NULL;
}

static void
test_all_are_there(void **state)
{
	const struct exercise *e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof domains / sizeof *domains; i++) {
		e = named(domains[i].name);
		assert_int_equal(e->kind, EXERCISE_SCENARIO);
		if (e->not_yet && !domains[i].may)
			fail_msg("%s must be found", e->name);
	}
	for (i = 0; i < sizeof quiet / sizeof *quiet; i++) {
		e = named(quiet[i]);
		assert_int_equal(e->kind, EXERCISE_QUIET);
		assert_false(e->not_yet);
	}
	for (i = 0; i < practice_file_count; i++) {
		struct exercise *x = practice_load(practice_files[i].name);

		assert_non_null(x);
		assert_string_equal(x->name, practice_files[i].name);
		assert_true(x->kind == EXERCISE_BASE || x->level > 0);
		exercise_free(x);
	}
}

/* What is compiled in is what stands in the files, byte for byte. */
static void
test_compiled_in(void **state)
{
	const char *src = getenv("SRCDIR");
	char *name, *text, kept[32768];
	size_t i, n;
	FILE *f;

	(void)state;
	assert_null(practice_text("no such file"));
	for (i = 0; i < practice_file_count; i++) {
		name = xasprintf("%s/help/practice/%s", src == NULL ? "." :
		    src, practice_files[i].name);
		if ((f = fopen(name, "r")) == NULL)
			fail_msg("%s: cannot be read", name);
		n = fread(kept, 1, sizeof kept - 1, f);
		kept[n] = '\0';
		fclose(f);
		text = practice_text(practice_files[i].name);
		assert_string_equal(text, kept);
		free(text);
		free(name);
	}
}

static size_t
count(const struct exercise *e, const char *lang, enum exercise_part part)
{
	size_t n = 0;

	while (exercise_say(e, lang, part, n) != NULL)
		n++;
	return n;
}

static void
test_both_languages(void **state)
{
	size_t i, l, hints, wrongs;

	(void)state;
	for (i = 0; i < nall; i++) {
		hints = count(all[i], "en", EXERCISE_HINT);
		wrongs = count(all[i], "en", EXERCISE_WRONG);
		for (l = 0; l < 2; l++) {
			bool scenario = all[i]->kind == EXERCISE_SCENARIO;

			if (count(all[i], langs[l], EXERCISE_TICKET) != 1 ||
			    count(all[i], langs[l], EXERCISE_FAULT) != 1 ||
			    count(all[i], langs[l], EXERCISE_FIX) != scenario ||
			    count(all[i], langs[l], EXERCISE_RIGHT) !=
			    scenario || count(all[i], langs[l],
			    EXERCISE_HINT) != hints || count(all[i], langs[l],
			    EXERCISE_WRONG) != wrongs)
				fail_msg("%s: texts in %s", all[i]->name,
				    langs[l]);
			if (scenario && (hints < 2 || wrongs < 2 ||
			    all[i]->prove == NULL))
				fail_msg("%s: too little to learn from",
				    all[i]->name);
		}
	}
}

/* The words of a finding, without the port that its service has anyway. */
static char *
plain_words(const char *text)
{
	static const char *const usual[] = { " dns:53", " http:80",
		" https:443", " smtp:25" };
	char *copy = xstrdup(text), *at;
	size_t i;

	for (i = 0; i < sizeof usual / sizeof *usual; i++)
		if ((at = strstr(copy, usual[i])) != NULL) {
			char *colon = strchr(at, ':');
			size_t n = strspn(colon + 1, "0123456789") + 1;

			memmove(colon, colon + n, strlen(colon + n) + 1);
		}
	return copy;
}

/* Every finding worse than notice is written out whole in the file, so that
   no flag and no level can change unseen. */
static void
exactly(const struct exercise *e, const struct practice_expects *x,
    const struct session *s)
{
	char *words, *want;
	size_t i, k;
	bool found;

	for (i = 0; i < s->nfindings; i++) {
		if (s->findings[i]->level <= VERDICT_NOTICE)
			continue;
		words = practice_words(s->findings[i]);
		want = plain_words(words);
		free(words);
		for (k = 0, found = false; k < x->n && !found; k++) {
			words = plain_words(x->list[k].text);
			found = strcmp(words, want) == 0;
			free(words);
		}
		if (!found)
			fail_msg("%s: found, not expected so: %s", e->name,
			    want);
		free(want);
	}
	for (k = 0; k < x->n; k++)
		if (x->list[k].matched == 0 || (x->list[k].matched > 1 &&
		    x->list[k].level > VERDICT_NOTICE))
			fail_msg("%s: %zu times: %s", e->name,
			    x->list[k].matched, x->list[k].text);
}

static void
complete(const struct exercise *e)
{
	struct refusal why;
	struct practice_expects x;
	const struct finding **beside;
	struct practice_run r;
	size_t n;

	assert_int_equal(practice_expects(&x, e, &why), 0);
	assert_int_equal(practice_build(&r, e, false), 0);
	practice_diagnose(&r, NULL, NULL);
	(void)practice_compare(&x, practice_session(&r), &beside, &n);
	exactly(e, &x, practice_session(&r));
	free(beside);
	practice_run_free(&r);
	practice_expects_free(&x);
}

static bool
has_finding(const struct session *s, const char *id)
{
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		if (strcmp(finding_rows[s->findings[i]->id].id, id) == 0)
			return true;
	return false;
}

/* Of those that no step finds, not all that is expected comes. */
static void
not_yet(const struct exercise *e)
{
	struct refusal why;
	struct practice_expects x;
	struct practice_run r;
	size_t k, found = 0;

	assert_int_equal(practice_expects(&x, e, &why), 0);
	assert_int_equal(practice_build(&r, e, false), 0);
	practice_diagnose(&r, NULL, NULL);
	for (k = 0; k < x.n; k++)
		found += has_finding(practice_session(&r), x.list[k].id);
	if (found == x.n)
		fail_msg("%s is found: take its not-yet out", e->name);
	practice_run_free(&r);
	practice_expects_free(&x);
}

static void
one_scenario(void **state)
{
	const struct exercise *e = *state;

	if (!e->not_yet) {
		complete(e);
		return;
	}
	not_yet(e);
	print_message("SKIP not-yet-found: the practice scenario %s\n",
	    e->name);
	skip();
}

static void
one_mended(void **state)
{
	const struct exercise *e = *state;
	struct refusal why;
	struct practice_expects x;
	struct practice_run r;
	size_t k;

	assert_true(e->repair.n > 0);
	assert_int_equal(practice_expects(&x, e, &why), 0);
	assert_int_equal(practice_build(&r, e, true), 0);
	practice_diagnose(&r, NULL, NULL);
	if (report_status(practice_session(&r)) != 0)
		fail_msg("%s: mended, and not ok", e->name);
	for (k = 0; k < x.n; k++)
		if (has_finding(practice_session(&r), x.list[k].id))
			fail_msg("%s: mended, and still %s", e->name,
			    x.list[k].id);
	practice_run_free(&r);
	practice_expects_free(&x);
}

static void
test_without_repair_nothing_changes(void **state)
{
	struct practice_run r;

	(void)state;
	assert_int_equal(practice_build(&r, named("aaaa-refused"), false), 0);
	practice_diagnose(&r, NULL, NULL);
	assert_int_equal(report_status(practice_session(&r)), 2);
	practice_run_free(&r);
}

/* A lesson names scenarios that exist, the same in each language. */
static void
one_lesson(const char *id)
{
	const char *bodies[2];
	size_t l, n;

	for (l = 0; l < 2; l++) {
		strings_choose(langs[l]);
		bodies[l] = strings_topic(id)->body;
		assert_string_equal(strings_topic(id)->lang, langs[l]);
	}
	strings_choose("en");
	while ((bodies[0] = strstr(bodies[0], "\n@ ")) != NULL) {
		char *name;

		bodies[0] += 3;
		n = strcspn(bodies[0], "\n");
		name = xstrndup(bodies[0], n);
		(void)named(name);
		bodies[1] = strstr(bodies[1], "\n@ ");
		assert_non_null(bodies[1]);
		bodies[1] += 3;
		assert_memory_equal(bodies[1], bodies[0], n + 1);
		free(name);
	}
	assert_null(strstr(bodies[1], "\n@ "));
}

static void
test_lesson(void **state)
{
	(void)state;
	one_lesson("lesson-beginner");
	one_lesson("lesson-beginner-2");
}

static void
test_progress(void **state)
{
	char dir[] = "/tmp/tadoru-practice-XXXXXX", *file;
	size_t n = 9;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_STATE_HOME", dir, 1);
	practice_forget();
	assert_false(practice_done("serial", &n));
	practice_set_done("serial", 2);
	practice_set_done("serial", 0);
	assert_true(practice_done("serial", &n));
	assert_int_equal(n, 2);
	assert_false(practice_done("seri", &n));
	assert_false(practice_done("ial", &n));
	practice_set_done("pmtud", 0);
	practice_forget();
	assert_true(practice_done("serial", &n));
	assert_int_equal(n, 2);
	assert_true(practice_done("pmtud", &n));
	assert_int_equal(n, 0);
	file = xasprintf("%s/tadoru/practice", dir);
	/* a name alone, as it was written once; numbers that are none */
	assert_non_null(f = fopen(file, "w"));
	fputs("serial\n3 1\npmtud 2x\nglue-dead 99999999999999999999\n", f);
	fclose(f);
	practice_forget();
	assert_true(practice_done("serial", &n));
	assert_int_equal(n, 0);
	assert_true(practice_done("pmtud", &n));
	assert_int_equal(n, 0);
	assert_true(practice_done("glue-dead", &n));
	assert_int_equal(n, 0);
	assert_int_equal(unlink(file), 0);
	*strrchr(file, '/') = '\0';
	assert_int_equal(rmdir(file), 0);
	assert_int_equal(rmdir(dir), 0);
	free(file);
	practice_forget();
}

static int64_t
real_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Virtual time goes as the clock does, and a descriptor wakes it. */
static void
test_pace(void **state)
{
	struct world_poll p = { 0, WORLD_IN, 0 };
	struct practice_run r;
	int64_t real = real_ms(), virtual;
	int ends[2];

	(void)state;
	assert_int_equal(practice_build(&r, named("sound"), false), 0);
	world_pace(r.world, memory_first_handle());
	virtual = r.world->ops->now(r.world);
	assert_int_equal(pipe(ends), 0);
	p.handle = ends[0];
	assert_int_equal(r.world->ops->wait(r.world, &p, 1, virtual +
	    80 * NSEC_PER_MSEC), 0);
	assert_true(real_ms() - real >= 79);
	assert_true(r.world->ops->now(r.world) - virtual >=
	    80 * NSEC_PER_MSEC);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(r.world->ops->wait(r.world, &p, 1, WORLD_NEVER), 1);
	assert_int_equal(p.got, WORLD_IN);
	close(ends[0]);
	close(ends[1]);
	practice_run_free(&r);
}

/* Two tests a scenario, one a quiet set-up, each by its name. */
static size_t
scenario_tests(struct CMUnitTest *tests)
{
	size_t i, n = 0;

	for (i = 0; i < nall; i++) {
		tests[n].name = all[i]->name;
		tests[n].test_func = one_scenario;
		tests[n++].initial_state = all[i];
		if (all[i]->kind != EXERCISE_SCENARIO)
			continue;
		tests[n].name = xasprintf("%s, mended", all[i]->name);
		tests[n].test_func = one_mended;
		tests[n++].initial_state = all[i];
	}
	return n;
}

int
main(void)
{
	static const struct CMUnitTest own[] = {
		cmocka_unit_test(test_all_are_there),
		cmocka_unit_test(test_compiled_in),
		cmocka_unit_test(test_both_languages),
		cmocka_unit_test(test_without_repair_nothing_changes),
		cmocka_unit_test(test_lesson),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_pace),
	};
	struct CMUnitTest *tests;
	size_t i, n;
	int failed;

	strings_choose("en");
	all = practice_all(&nall);
	tests = xcalloc(2 * nall, sizeof *tests);
	n = scenario_tests(tests);
	failed = cmocka_run_group_tests(own, NULL, NULL);
	failed += _cmocka_run_group_tests("scenarios", tests, n, NULL, NULL);
	for (i = 0; i < n; i++)
		if (tests[i].test_func == one_mended)
			free((void *)(uintptr_t)tests[i].name);
	free(tests);
	practice_all_free(all, nall);
	practice_forget();
	return failed;
}
