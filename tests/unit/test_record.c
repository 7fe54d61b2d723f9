/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recordings: an event of every kind goes out and comes back the same byte for
 * byte; torn, newer and senseless lines are told apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/record.h"

#define HEAD(seq, ev) "{'v':1,'seq':" seq ",'t':0.25,'from':'here'," \
	"'ev':'" ev "'"
#define PROBE ",'probe':'web/http/a.test/192.0.2.1/80','attempt':2"

/* As they are written: recording them again changes nothing. */
static const char *const lines[] = {
	HEAD("1", "session") ",'tadoru':'0.1','subject':{'name':'a.test'}}",
	HEAD("2", "step") ",'step':'web','state':'began'}",
	HEAD("3", "probe") PROBE ",'state':'began','endpoint':{'name':'a.test'"
	    "},'command':'curl'}",
	HEAD("4", "probe") PROBE ",'state':'ended','outcome':'ok'}",
	HEAD("5", "line") PROBE ",'dir':'sent','text':'GET / HTTP/1.1'}",
	HEAD("6", "line") PROBE ",'dir':'received','tls':true,'text':''}",
	HEAD("7", "line") PROBE ",'dir':'received','dns':true,'b64':'AAEC'}",
	HEAD("8", "line") PROBE ",'dir':'unexpected','b64':'G1szMW0A'}",
	HEAD("9", "line") PROBE ",'dir':'received','text':'cut','full':99999}",
	HEAD("10", "line") PROBE ",'dir':'info','key':'connected','args':{'ms'"
	    ":1.5}}",
	HEAD("11", "line") PROBE ",'dir':'ours','key':'local','args':{}}",
	HEAD("12", "line") PROBE ",'dir':'hand','text':'EHLO x'}",
	HEAD("13", "line") PROBE ",'dir':'received','text':'\\u65E5\\u672C'}",
	HEAD("14", "line") PROBE ",'dir':'info'}",
	HEAD("15", "fact") PROBE ",'key':'http','value':{'status':200,'ms':"
	    "0.125}}",
	HEAD("16", "finding") ",'state':'new','id':'no-aaaa','verdict':'notice"
	    "'}",
	HEAD("17", "ask") ",'what':'data'}",
	HEAD("18", "answer") ",'what':'data','yes':false}",
	HEAD("19", "end") ",'verdict':'ok','counts':{'error':0}}",
	"{'v':1,'seq':20,'t':123456.789,'from':'here','ev':'step'}",
};

static char *
quoted(const char *s)
{
	char *copy = xstrdup(s);

	for (char *p = copy; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	return copy;
}

static void
test_round(void **state)
{
	bool kinds[EV_COUNT] = { false };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		char *line = quoted(lines[i]), *again;
		const char *why = NULL;
		struct event ev;

		if (record_parse(line, strlen(line), &ev, &why) == -1)
			fail_msg("%s: %s", why, line);
		kinds[ev.kind] = true;
		assert_int_equal(ev.seq, i + 1);
		again = record_line(&ev);
		assert_string_equal(again, line);
		event_clear(&ev);
		free(again);
		free(line);
	}
	for (int i = 0; i < EV_COUNT; i++)
		assert_true(kinds[i]);
}

/* Torn at any byte it is no event; nothing of it is taken. */
static void
test_torn(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		char *line = quoted(lines[i]);

		for (size_t n = 0; n < strlen(line); n++) {
			char *cut = xmalloc(n + 1);
			const char *why = NULL;
			struct event ev;

			memcpy(cut, line, n);
			cut = xrealloc(cut, n > 0 ? n : 1);
			assert_int_equal(record_parse(cut, n, &ev, &why), -1);
			assert_string_equal(why, "json");
			free(cut);
		}
		free(line);
	}
}

static void
test_refused(void **state)
{
	static const struct {
		const char *line, *why;
	} rows[] = {
		{ "", "json" }, { "x", "json" }, { "{'v':1}{'v':1}", "json" },
		{ "{'v':1,'v':1,'ev':'step'}", "json" },
		{ "{'v':1,'ev':'step','s':'\\u0000'}", "json" },
		{ "[]", "member" }, { "7", "json" }, { "{}", "member" },
		{ "{'v':0,'ev':'step'}", "member" },
		{ "{'v':'1','ev':'step'}", "member" },
		{ "{'v':2,'ev':'step'}", "version" },
		{ "{'v':2,'ev':'hologram'}", "version" },
		{ "{'v':1}", "kind" }, { "{'v':1,'ev':'hologram'}", "kind" },
		{ "{'v':1,'ev':7}", "kind" },
		{ "{'v':1,'ev':'line'}", "member" },
		{ "{'v':1,'ev':'line','dir':'upwards'}", "member" },
		{ "{'v':1,'ev':'line','dir':'sent','text':7}", "member" },
		{ "{'v':1,'ev':'line','dir':'sent','b64':'A'}", "member" },
		{ "{'v':1,'ev':'line','dir':'sent','b64':'$$$$'}", "member" },
		{ "{'v':1,'ev':'step','t':-1}", "member" },
		{ "{'v':1,'ev':'step','t':1e300}", "member" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *line = quoted(rows[i].line);
		const char *why = "";
		struct event ev;

		assert_int_equal(record_parse(line, strlen(line), &ev, &why),
		    -1);
		if (strcmp(why, rows[i].why) != 0)
			fail_msg("%s: %s", line, why);
		free(line);
	}
}

/* Every byte there is survives, and none leaves as it is that a terminal
   would act on. */
static void
test_bytes(void **state)
{
	unsigned char data[512];
	struct event ev = { .kind = EV_LINE, .seq = 1, .probe = "p",
	    .attempt = 1, .dir = TALK_RECEIVED, .data = data };

	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (unsigned char)i;
	for (size_t from = 0; from < 256; from++)
		for (size_t n = 0; n < 8; n++) {
			struct event back;
			const char *why;
			char *line;

			ev.data = data + from;
			ev.len = ev.full = n;
			line = record_line(&ev);
			for (const char *p = line; *p != '\0'; p++)
				assert_true(*p >= 0x20 && *p < 0x7f);
			assert_int_equal(record_parse(line, strlen(line),
			    &back, &why), 0);
			assert_int_equal(back.len, n);
			assert_memory_equal(back.data, data + from, n);
			event_clear(&back);
			free(line);
		}
}

/* Times to the microsecond. */
static void
test_times(void **state)
{
	static const int64_t us[] = { 0, 1, 999999, 1000000, 1234567,
		90000000, 86400000001, 999999999999 };

	(void)state;
	for (size_t i = 0; i < sizeof us / sizeof us[0]; i++) {
		struct event ev = { .kind = EV_STEP, .seq = UINT64_C(1) << 40,
		    .us = us[i] }, back;
		const char *why;
		char *line;

		ev.body = json_object();
		line = record_line(&ev);
		assert_int_equal(record_parse(line, strlen(line), &back, &why),
		    0);
		assert_int_equal(back.us, us[i]);
		assert_int_equal(back.seq, ev.seq);
		event_clear(&back);
		json_decref(ev.body);
		free(line);
	}
}

static void
test_word(void **state)
{
	(void)state;
	assert_string_equal(event_word(EV_SESSION), "session");
	assert_string_equal(event_word(EV_END), "end");
}

/* DEL, too, leaves escaped, in facts and in keys. */
static void
test_del(void **state)
{
	static const char line[] = "{\"v\":1,\"seq\":1,\"t\":0.5,\"from\":"
	    "\"here\",\"ev\":\"fact\",\"key\":\"k\\u007f\",\"value\":"
	    "\"a\\u007fb\"}";
	struct event ev;
	const char *why;
	char *again;

	(void)state;
	assert_int_equal(record_parse(line, sizeof line - 1, &ev, &why), 0);
	assert_string_equal(json_str(ev.body, "value"), "a\177b");
	again = record_line(&ev);
	assert_string_equal(again, line);
	event_clear(&ev);
	free(again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_del),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
