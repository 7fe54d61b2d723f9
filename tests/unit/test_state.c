/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs kept in a directory: modes, bounds, the last one, what is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "ui/run.h"
#include "ui/state.h"
#include "ui/strings.h"

static char base[] = "/tmp/tadoru-state-XXXXXX";
static char dir[64];

/* A session event of a name and a time, folded. */
static struct session *
session_of(const char *name, int64_t epoch, json_t *last)
{
	struct session *s = session_new();
	struct event ev;
	char date[32];

	memset(&ev, 0, sizeof ev);
	snprintf(date, sizeof date, "2026-11-%02dT%02d:%02d:%02dZ",
	    (int)(1 + epoch / 86400), (int)(epoch / 3600 % 24),
	    (int)(epoch / 60 % 60), (int)(epoch % 60));
	ev.kind = EV_SESSION;
	ev.seq = 1;
	ev.body = json_pack("{s:s,s:s,s:I,s:{s:s}}", "tadoru", "0", "date",
	    date, "epoch", (json_int_t)epoch, "subject", "name", name);
	if (last != NULL)
		json_object_set(ev.body, "last", last);
	assert_int_equal(session_fold(s, &ev), 0);
	json_decref(ev.body);
	return s;
}

static json_t *
end_of(const char *verdict, const char *id)
{
	if (id == NULL)
		return json_pack("{s:s,s:[],s:{s:i}}", "verdict", verdict,
		    "findings", "summary", "worst", -1);
	return json_pack("{s:s,s:[{s:s,s:s,s:{s:s}}],s:{s:i}}", "verdict",
	    verdict, "findings", "id", id, "verdict", verdict, "endpoint",
	    "name", "ns1.example.jp", "summary", "worst", 0);
}

static void
fold_end(struct session *s, json_t *end)
{
	struct event ev;

	memset(&ev, 0, sizeof ev);
	ev.kind = EV_END;
	ev.seq = 2;
	ev.body = end;
	session_fold(s, &ev);
	json_decref(end);
}

static void
put(struct state *st, const struct session *s, enum event_kind kind,
    json_t *body)
{
	struct event ev;
	char *line, *whole;

	memset(&ev, 0, sizeof ev);
	ev.kind = kind;
	ev.seq = kind == EV_SESSION ? 1 : 2;
	ev.body = body;
	line = record_line(&ev);
	whole = xasprintf("%s\n", line);
	state_line(st, s, &ev, whole, strlen(whole));
	free(whole);
	free(line);
}

/* Keep a run; end NULL: it was cut off. */
static void
keep(const char *name, int64_t epoch, json_t *end)
{
	struct session *s = session_of(name, epoch, NULL);
	struct state *st = state_open(dir);

	put(st, s, EV_SESSION, s->head);
	if (end != NULL)
		put(st, s, EV_END, end);
	json_decref(end);
	state_close(st);
	session_free(s);
}

static size_t
count(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	return n;
}

static void
empty(void)
{
	char *command = xasprintf("rm -rf %s/*", base);

	assert_int_equal(system(command), 0);
	free(command);
}

static void
test_last(void **state)
{
	json_t *last;
	struct stat st;

	(void)state;
	empty();
	assert_null(state_last(dir, "example.jp"));
	keep("example.jp", 100, end_of("error", "dns-timeout"));
	keep("example.jp", 200, end_of("warning", "dns-lame"));
	keep("other.jp", 300, end_of("ok", NULL));
	keep("example.jp", 400, NULL);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	last = state_last(dir, "example.jp");
	assert_non_null(last);
	assert_int_equal(json_int(last, "epoch", 0), 200);
	assert_string_equal(json_str(last, "verdict"), "warning");
	assert_string_equal(json_str(json_object_get(last, "worst"), "id"),
	    "dns-lame");
	json_decref(last);
	assert_null(state_last(dir, "ample.jp"));
	assert_null(state_last(dir, "www.example.jp"));
	last = state_last(dir, "other.jp");
	assert_null(json_object_get(last, "worst"));
	json_decref(last);
}

static void
test_bounds(void **state)
{
	json_t *last;
	char *path;
	FILE *f;

	(void)state;
	empty();
	keep("old.jp", 1, end_of("ok", NULL));
	path = xasprintf("%s/notes", dir);
	assert_non_null(f = fopen(path, "w"));
	fclose(f);
	for (int i = 0; i < STATE_FILES; i++)
		keep("example.jp", 1000 + i, end_of("ok", NULL));
	assert_int_equal(count(), STATE_FILES + 1);
	assert_int_equal(access(path, F_OK), 0);
	free(path);
	assert_null(state_last(dir, "old.jp"));
	last = state_last(dir, "example.jp");
	assert_int_equal(json_int(last, "epoch", 0), 1000 + STATE_FILES - 1);
	json_decref(last);
	/* one large file: the older ones go, it stays */
	empty();
	keep("old.jp", 1, end_of("ok", NULL));
	keep("big.jp", 2, end_of("ok", NULL));
	path = xasprintf("%s/20261101T000002Z-big.jp.1.jsonl", dir);
	assert_int_equal(truncate(path, STATE_BYTES), 0);
	keep("new.jp", 3, end_of("ok", NULL));
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(count(), 1);
	free(path);
}

/* One event of a run that talks too much. */
static void
tell(struct state *st, const struct session *s, struct event *ev)
{
	char *line, *whole;

	ev->seq++;
	line = record_line(ev);
	whole = xasprintf("%s\n", line);
	state_line(st, s, ev, whole, strlen(whole));
	free(whole);
	free(line);
}

static json_t *limited;		/* the last remark about a limit */

static void
take_remark(void *ctx, const struct session *s, const struct event *ev)
{
	(void)ctx;
	(void)s;
	if (strcmp(json_str(ev->body, "key"), "limit") == 0) {
		json_decref(limited);
		limited = json_incref(ev->body);
	}
}

static void
tell_state(struct state *st, const struct session *s, struct event *ev,
    const char *probe, const char *state)
{
	ev->kind = EV_PROBE;
	ev->probe = probe;
	ev->body = json_pack("{s:s}", "state", state);
	tell(st, s, ev);
	json_decref(ev->body);
	ev->body = NULL;
}

#define PROBE	"web/http/a.test/192.0.2.1/80"
#define OTHER	"web/http/b.test/192.0.2.2/80"
#define BIG	(1u << 20)

/* Lines and facts of a megabyte each, another probe, the end. */
static void
talk_too_much(struct state *st, const struct session *s, int lines, int facts)
{
	static char data[BIG];
	struct event ev = { .seq = 1, .attempt = 1, .dir = TALK_RECEIVED,
	    .data = data };

	memset(data, 'x', BIG - 1);
	put(st, s, EV_SESSION, s->head);
	tell_state(st, s, &ev, PROBE, "began");
	ev.kind = EV_LINE;
	for (ev.len = ev.full = BIG; lines > 0; lines--)
		tell(st, s, &ev);
	ev.kind = EV_FACT;
	ev.body = json_pack("{s:s, s:s}", "key", "k", "value", data);
	for (; facts > 0; facts--)
		tell(st, s, &ev);
	json_decref(ev.body);
	tell_state(st, s, &ev, OTHER, "began");
	tell_state(st, s, &ev, OTHER, "ended");
	ev = (struct event){ .kind = EV_END, .seq = ev.seq,
	    .body = end_of("warning", "dns-lame") };
	tell(st, s, &ev);
	json_decref(ev.body);
}

/* The file, read again: what the last remark of a limit says. */
static char *
read_again(const char *path, struct session *back)
{
	struct stat file;
	char *word;

	assert_int_equal(stat(path, &file), 0);
	assert_true(file.st_size <= STATE_ONE + STATE_REST + 4096);
	assert_true(file.st_size > STATE_ONE - 2 * (long long)BIG);
	assert_int_equal(replay_feed(path, take_remark, NULL, back), 0);
	word = xstrdup(json_str(json_object_get(limited, "args"), "what"));
	json_decref(limited);
	limited = NULL;
	return word;
}

/* Past its limit a run is still there, and how it ended; a remark says that
   something is missing; what is there fits together. */
static void
test_too_much(void **state)
{
	char *path = xasprintf("%s/20261101T000001Z-big.jp.1.jsonl", dir);

	(void)state;
	for (int facts = 2; facts <= 10; facts += 8) {
		struct session *s = session_of("big.jp", 1, NULL);
		struct session *back = session_new();
		struct state *st;
		json_t *last;
		char *word;

		empty();
		st = state_open(dir);
		talk_too_much(st, s, 66, facts);
		state_close(st);
		word = read_again(path, back);
		assert_string_equal(word, "recording");
		assert_string_equal(json_str(back->end, "verdict"),
		    "warning");
		assert_int_equal(session_probe(back, OTHER) != NULL,
		    facts == 2);
		last = state_last(dir, "big.jp");
		assert_string_equal(json_str(last, "verdict"), "warning");
		json_decref(last);
		free(word);
		session_free(back);
		session_free(s);
	}
	free(path);
}

/* A directory of others, a link, no room: said once, nothing fails. */
static void
test_refused(void **state)
{
	char *away = xasprintf("%s/away", base);

	(void)state;
	empty();
	assert_int_equal(mkdir(dir, 0777), 0);
	assert_int_equal(chmod(dir, 0777), 0);
	keep("example.jp", 1, end_of("ok", NULL));
	assert_int_equal(count(), 0);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(mkdir(away, 0700), 0);
	assert_int_equal(symlink(away, dir), 0);
	keep("example.jp", 1, end_of("ok", NULL));
	assert_int_equal(count(), 0);
	unlink(dir);
	rmdir(away);
	free(away);
	keep("../../evil", 1, end_of("ok", NULL));
	keep(".hidden", 1, end_of("ok", NULL));
	assert_int_equal(count(), 0);
}

static void
test_broken(void **state)
{
	static const char *const texts[] = { "", "hello\n", "{}\n",
		"{\"v\":9,\"seq\":1,\"t\":0,\"ev\":\"session\"}\n" };
	char *path;
	FILE *f;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		empty();
		keep("example.jp", 1, NULL);
		path = xasprintf("%s/20261101T000002Z-example.jp.1.jsonl",
		    dir);
		assert_non_null(f = fopen(path, "w"));
		fputs(texts[i], f);
		fclose(f);
		assert_null(state_last(dir, "example.jp"));
		free(path);
	}
	empty();
	assert_int_equal(mkdir(dir, 0700), 0);
	path = xasprintf("%s/20261101T000002Z-example.jp.1.jsonl", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(state_last(dir, "example.jp"));
	free(path);
}

static const struct {
	int64_t		 age;
	const char	*then, *then_id, *now, *now_id, *said;
} said[] = {
	{ 3 * 86400 + 5, "ok", NULL, "ok", NULL, "last run 3 d ago: same" },
	{ 7200, "error", "dns-timeout", "error", "dns-timeout",
	    "last run 2 h ago: same" },
	{ 60, "error", "dns-timeout", "ok", NULL, "last run 1 min ago: X " },
	{ 59, "error", "dns-timeout", "error", "dns-lame",
	    "last run 59 s ago: X " },
	{ 5, "ok", NULL, "error", "dns-lame", "last run 5 s ago: + ok" },
	{ -5, "ok", NULL, "ok", NULL, "last run 0 s ago: same" },
};

static void
test_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		struct session *s;
		struct buf b;
		json_t *last;

		empty();
		keep("example.jp", 1000, end_of(said[i].then,
		    said[i].then_id));
		last = state_last(dir, "example.jp");
		s = session_of("example.jp", 1000 + said[i].age, last);
		fold_end(s, end_of(said[i].now, said[i].now_id));
		buf_init(&b, 0);
		state_said(&b, s);
		if (strncmp(buf_str(&b), said[i].said,
		    strlen(said[i].said)) != 0)
			fail_msg("%s: %s", said[i].said, buf_str(&b));
		buf_free(&b);
		json_decref(last);
		session_free(s);
	}
}

static void
test_dir(void **state)
{
	char *d;

	(void)state;
	setenv("XDG_STATE_HOME", "/x", 1);
	assert_string_equal(d = state_dir(), "/x/tadoru");
	free(d);
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", "/h", 1);
	assert_string_equal(d = state_dir(), "/h/.local/state/tadoru");
	free(d);
	unsetenv("HOME");
	unsetenv("XDG_STATE_HOME");
	assert_null(state_dir());
	assert_null(state_last(NULL, "example.jp"));
	state_close(state_open(NULL));
}

static int
teardown(void **state)
{
	(void)state;
	empty();
	return rmdir(base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_dir),
	};

	if (mkdtemp(base) == NULL)
		return 1;
	snprintf(dir, sizeof dir, "%s/tadoru", base);
	strings_choose("en");
	strings_set_utf8(false);
	return cmocka_run_group_tests(tests, NULL, teardown);
}
