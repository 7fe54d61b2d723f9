/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions of a diagnosis to its operator: asked only when somebody can
 * answer and nothing said it before; no answer is no; consent to DATA is one
 * word; what greylisting sent away comes back once; the password is in no
 * event. In the memory world, where the mail server's mails are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "diag/ask.h"
#include "tests/unit/diag_kit.h"
#include "ui/strings.h"

#define SECRET	"hunter-drei-3"
#define ACCOUNT \
	"record {d} mail A {x1.4}\n" \
	"record {d} mail AAAA {x1.6}\n" \
	"submission mail.{d} {x1.4} {x1.6}\n" \
	"imap mail.{d} {x1.4} {x1.6} tls auth PLAIN\n" \
	"account taro@{d} " SECRET "\n" \
	"@ mailbox taro@{d}\n" \
	"@ password " SECRET "\n"
#define ALL	((1u << ASK_COUNT) - 1)

static struct buf heard;

static void
keep(void *ctx, const struct session *s, const struct event *ev)
{
	json_t *o = event_to_json(ev);
	char *text = json_dumps(o, JSON_COMPACT);

	(void)s;
	if (ev->kind == EV_ASK && strcmp(json_str(ev->body, "ask"), "wait") ==
	    0)
		loop_stop(((struct kit_run *)ctx)->loop);
	buf_printf(&heard, "%s\n", text);
	free(text);
	json_decref(o);
}

static void
begin(struct kit_run *r, const char *text, unsigned asks)
{
	kit_start(r, text, 7);
	engine_free(r->engine);
	r->opts.asks = asks;
	r->engine = engine_new(r->loop, &r->subject, &r->opts);
	buf_init(&heard, 0);
	engine_sink(r->engine, keep, r);
	engine_start(r->engine);
}

static void
end(struct kit_run *r)
{
	if (strstr(buf_str(&heard), SECRET) != NULL)
		fail_msg("the password is in an event");
	buf_free(&heard);
	buf_free(&r->events);
	kit_free(r);
}

static void
to_end(struct kit_run *r)
{
	while (!engine_ended(r->engine))
		loop_run(r->loop);
}

/* How often a text stands in the events. */
static int
times(const char *text)
{
	const char *at = buf_str(&heard);
	int n = 0;

	while ((at = strstr(at, text)) != NULL) {
		n++;
		at += strlen(text);
	}
	return n;
}

static enum ask_state
state_of(const struct kit_run *r, enum ask_id id)
{
	return engine_session(r->engine)->asks[id];
}

static void
asked_when_somebody_answers(void **state)
{
	struct kit_run r;

	(void)state;
	begin(&r, ACCOUNT, 0);
	assert_int_equal(times("\"ev\":\"ask\""), 0);
	assert_int_equal(engine_answer(r.engine, ASK_SYMPTOM, "web"), -1);
	end(&r);
	begin(&r, ACCOUNT, ALL);
	assert_int_equal(times("\"ev\":\"ask\""), 2);
	assert_int_equal(state_of(&r, ASK_SYMPTOM), ASK_OPEN);
	assert_int_equal(state_of(&r, ASK_SEND_MAIL), ASK_OPEN);
	end(&r);
	begin(&r, ACCOUNT "@ send-mail\n", ALL);
	assert_int_equal(state_of(&r, ASK_SEND_MAIL), ASK_NOT);
	end(&r);
	begin(&r, ACCOUNT "@ read-only\n", ALL);
	assert_int_equal(state_of(&r, ASK_SEND_MAIL), ASK_NOT);
	end(&r);
	begin(&r, "", ALL);
	assert_int_equal(state_of(&r, ASK_SEND_MAIL), ASK_NOT);
	end(&r);
}

static void
symptom_is_one_word(void **state)
{
	struct kit_run r;

	(void)state;
	begin(&r, "", ALL);
	assert_int_equal(engine_answer(r.engine, ASK_SYMPTOM, "wbe"), -1);
	assert_int_equal(state_of(&r, ASK_SYMPTOM), ASK_OPEN);
	assert_int_equal(engine_answer(r.engine, ASK_SYMPTOM, "web"), 0);
	assert_string_equal(engine_session(r.engine)->symptom, "web");
	assert_int_equal(engine_answer(r.engine, ASK_SYMPTOM, "dns"), -1);
	to_end(&r);
	end(&r);
	begin(&r, "", ALL);
	assert_int_equal(engine_answer(r.engine, ASK_SYMPTOM, ""), 0);
	assert_int_equal(state_of(&r, ASK_SYMPTOM), ASK_DONE);
	assert_string_equal(engine_session(r.engine)->symptom, "");
	to_end(&r);
	end(&r);
}

/* What the server heard: the number of DATA commands. */
static int
sent(void)
{
	return times("\"text\":\"DATA\"") + times("\"text\":\"DATA\\r\\n\"");
}

static void
no_answer_is_no(void **state)
{
	static const char *const answers[] = { NULL, "", "y", "yes", "Send",
		"send ", "s", "no" };
	struct kit_run r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		begin(&r, ACCOUNT, ALL);
		if (answers[i] != NULL)
			assert_int_equal(engine_answer(r.engine,
			    ASK_SEND_MAIL, answers[i]), 0);
		to_end(&r);
		assert_false(engine_session(r.engine)->consent);
		if (sent() != 0)
			fail_msg("mail was sent on \"%s\"", answers[i] ==
			    NULL ? "(nothing)" : answers[i]);
		/* Logged in it was: that is what the account is for. */
		assert_true(times("\"login\"") > 0);
		end(&r);
	}
}

static void
consent_sends(void **state)
{
	struct kit_run r;

	(void)state;
	begin(&r, ACCOUNT, ALL);
	assert_int_equal(engine_answer(r.engine, ASK_SEND_MAIL, "send"), 0);
	assert_int_equal(times("\"value\":\"yes\""), 1);
	to_end(&r);
	assert_true(sent() > 0);
	assert_true(times("\"key\":\"found\"") > 0);
	assert_true(times("\"id\":\"delivered\"") > 0);
	end(&r);
}

/* Long after everything ended, while the guide is still open. */
static void
late_consent(void **state)
{
	struct kit_run r;

	(void)state;
	kit_stay = true;
	begin(&r, ACCOUNT, ALL);
	to_end(&r);
	assert_int_equal(sent(), 0);
	assert_int_equal(engine_answer(r.engine, ASK_SEND_MAIL, "send"), 0);
	assert_false(engine_ended(r.engine));
	to_end(&r);
	assert_true(sent() > 0);
	assert_true(times("\"ev\":\"end\"") == 2);
	assert_true(times("\"id\":\"delivered\"") > 0);
	end(&r);
	kit_stay = false;
}

#define GREY	"smtp {mx1}.{d} {mx1.4} greylist 300\n@ rcpt taro@{d}\n"

static int
greylisted(const struct kit_run *r)
{
	const struct session *s = engine_session(r->engine);
	size_t i;
	int n = 0;

	for (i = 0; i < s->nfindings; i++)
		n += s->findings[i]->id == F_GREYLISTED;
	return n;
}

/* Seconds between first and last try, as the finding says; -1: no such. */
static int64_t
seconds_of(const struct kit_run *r, enum finding_id id)
{
	const struct session *s = engine_session(r->engine);
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		if (s->findings[i]->id == id)
			return json_int(s->findings[i]->args, "seconds", -1);
	return -1;
}

/* Without a second try the sentence says how to make one; with one, when it
   was: in both languages. */
static void
second_try_is_said(const struct kit_run *r, int64_t tried)
{
	static const char *const langs[] = { "en", "ja" };
	const struct session *s = engine_session(r->engine);
	size_t i = 0;

	while (i < s->nfindings && s->findings[i]->id != F_GREYLISTED)
		i++;
	if (i == s->nfindings)
		return;
	for (size_t l = 0; l < 2; l++) {
		char *when = xasprintf("+%lld s", (long long)tried);
		struct buf b;

		buf_init(&b, 0);
		strings_choose(langs[l]);
		strings_fill(&b, strings_topic("greylisted")->sentence,
		    s->findings[i]->args, NULL);
		assert_int_equal(strstr(buf_str(&b), "--wait") != NULL,
		    tried == 0);
		assert_int_equal(strstr(buf_str(&b), when) != NULL,
		    tried != 0);
		buf_free(&b);
		free(when);
	}
	strings_choose("en");
}

static void
greylisting_is_waited_for(void **state)
{
	static const struct {
		const char	*answer;
		bool		 option;
		int		 left;
		int64_t		 least, most;	/* s */
		int64_t		 tried, passed;	/* s, as it is said */
	} rows[] = {
		{ NULL, false, 1, 0, 100, 0, -1 },
		{ "", false, 1, 0, 100, 0, -1 },
		{ "400", false, 0, 400, 460, -1, 400 },
		/* too early, and once only */
		{ "60", false, 1, 60, 120, 60, -1 },
		{ NULL, true, 0, 400, 460, -1, 400 },
	};
	struct kit_run r;
	size_t i;

	(void)state;
	kit_stay = true;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin(&r, rows[i].option ? GREY "@ wait 400\n" : GREY, ALL);
		while (!engine_ended(r.engine) &&
		    state_of(&r, ASK_WAIT) != ASK_OPEN)
			loop_run(r.loop);
		assert_int_equal(state_of(&r, ASK_WAIT), rows[i].option ?
		    ASK_NOT : ASK_OPEN);
		if (rows[i].answer != NULL) {
			assert_int_equal(engine_answer(r.engine, ASK_WAIT,
			    "soon"), -1);
			assert_int_equal(engine_answer(r.engine, ASK_WAIT,
			    rows[i].answer), 0);
		}
		to_end(&r);
		assert_int_equal(greylisted(&r) > 0, rows[i].left);
		assert_int_equal(seconds_of(&r, F_GREYLISTED), rows[i].tried);
		second_try_is_said(&r, rows[i].tried);
		assert_int_equal(seconds_of(&r, F_GREYLIST_PASSED),
		    rows[i].passed);
		assert_in_range(engine_session(r.engine)->us / 1000000,
		    rows[i].least, rows[i].most);
		end(&r);
	}
	kit_stay = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked_when_somebody_answers),
		cmocka_unit_test(symptom_is_one_word),
		cmocka_unit_test(no_answer_is_no),
		cmocka_unit_test(consent_sends),
		cmocka_unit_test(late_consent),
		cmocka_unit_test(greylisting_is_waited_for),
	};

	return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
