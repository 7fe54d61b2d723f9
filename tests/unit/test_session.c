/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events folded into a session: probes, lines, facts, findings come and go;
 * dialogues and the whole stay within their limits and count what fell out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "diag/session.h"
#include "tests/unit/memory_kit.h"

#define KEY "web/http/a.test/192.0.2.1/80"
#define PROBE ",'probe':'" KEY "'"
#define BEGAN "{'v':1,'seq':1,'ev':'probe'" PROBE ",'attempt':1,'state':" \
	"'began','command':'curl x','endpoint':{'name':'a.test','addr':" \
	"'192.0.2.1','port':80,'proto':'http','tls':'none'}}"

/* Fold one line with ' for "; what session_fold gave. */
static int
fold(struct session *s, const char *text)
{
	char *line = xstrdup(text);
	const char *why = "";
	struct event ev;
	int rc;

	for (char *p = line; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	if (record_parse(line, strlen(line), &ev, &why) == -1)
		fail_msg("%s: %s", why, line);
	rc = session_fold(s, &ev);
	event_clear(&ev);
	free(line);
	return rc;
}

static struct session *
begun(void)
{
	struct session *s = session_new();

	assert_int_equal(fold(s, BEGAN), 0);
	return s;
}

static void
test_empty(void **state)
{
	struct session *s = session_new();

	(void)state;
	assert_null(session_probe(s, ""));
	assert_null(session_probe(s, KEY));
	assert_int_equal(s->nprobes + s->nfindings, 0);
	session_free(s);
	session_free(NULL);
}

static void
test_probe(void **state)
{
	struct session *s = begun();
	struct sprobe *p = session_probe(s, KEY);

	(void)state;
	assert_non_null(p);
	assert_int_equal(p->step, STEP_WEB);
	assert_int_equal(p->state, PROBE_RUNNING);
	assert_string_equal(p->ep.name, "a.test");
	assert_int_equal(p->ep.tls, TALK_PLAIN);
	assert_string_equal(p->what, "");
	assert_string_equal(p->command, "curl x");
	assert_string_equal(p->outcome, "");
	assert_null(p->qname);
	assert_int_equal(fold(s, "{'v':1,'seq':7,'t':1.5,'ev':'probe'" PROBE
	    ",'attempt':3,'state':'attempt'}"), 0);
	assert_int_equal(p->attempts, 3);
	assert_int_equal(p->state, PROBE_RUNNING);
	assert_int_equal(fold(s, "{'v':1,'seq':9,'t':2.5,'ev':'probe'" PROBE
	    ",'attempt':1,'state':'ended','outcome':'refused'}"), 0);
	assert_int_equal(p->state, PROBE_ENDED);
	assert_string_equal(p->outcome, "refused");
	assert_int_equal(p->ended, 2500000);
	assert_int_equal(p->ended_seq, 9);
	assert_int_equal(p->attempts, 3);
	assert_int_equal(s->us, 2500000);
	assert_int_equal(s->seq, 9);
	session_free(s);
}

static void
test_keys(void **state)
{
	static const struct {
		const char *key, *what;
		enum step_id step;
	} rows[] = {
		{ "servers/dns/n/192.0.2.1/53/udp:a.test:SOA",
		    "udp:a.test:SOA", STEP_SERVERS },
		{ "web/http/a/192.0.2.1/80/get:/x/y?z", "get:/x/y?z",
		    STEP_WEB },
		{ "mail-in/smtp/m/2001:db8::1/25", "", STEP_MAIL_IN },
		{ "nonsense", "", STEP_HERE }, { "", "", STEP_HERE },
		{ "/////", "", STEP_HERE },
	};
	struct session *s = session_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *line = xasprintf("{'v':1,'ev':'probe','probe':'%s',"
		    "'state':'began'}", rows[i].key);
		struct sprobe *p;

		assert_int_equal(fold(s, line), 0);
		p = session_probe(s, rows[i].key);
		assert_non_null(p);
		assert_string_equal(p->what, rows[i].what);
		assert_int_equal(p->step, rows[i].step);
		free(line);
	}
	session_free(s);
}

/* Many probes: each is found again. */
static void
test_many(void **state)
{
	struct session *s = session_new();
	char key[40];

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char *line = xasprintf("{'v':1,'ev':'probe','probe':"
		    "'web/http/n%d//','state':'began'}", i);

		fold(s, line);
		free(line);
	}
	assert_int_equal(s->nprobes, 3000);
	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof key, "web/http/n%d//", i);
		assert_ptr_equal(session_probe(s, key), s->probes[i]);
	}
	assert_null(session_probe(s, "web/http/n3000//"));
	session_free(s);
}

/* What belongs to no probe does not fit. */
static void
test_stray(void **state)
{
	struct session *s = session_new();

	(void)state;
	assert_int_equal(fold(s, "{'v':1,'ev':'line'" PROBE ",'dir':'sent',"
	    "'text':'x'}"), -1);
	assert_int_equal(fold(s, "{'v':1,'ev':'line','dir':'sent','text':'x'}"),
	    -1);
	assert_int_equal(fold(s, "{'v':1,'ev':'fact'" PROBE ",'key':'x'}"), -1);
	assert_int_equal(fold(s, "{'v':1,'ev':'fact','key':'x'}"), -1);
	assert_int_equal(fold(s, "{'v':1,'ev':'probe','state':'began'}"), -1);
	assert_int_equal(fold(s, "{'v':1,'ev':'step','step':'garden',"
	    "'state':'began'}"), -1);
	assert_int_equal(s->nprobes, 0);
	session_free(s);
}

static void
test_steps(void **state)
{
	struct session *s = session_new();

	(void)state;
	assert_int_equal(s->steps[STEP_WEB], STEP_WAITING);
	fold(s, "{'v':1,'ev':'step','step':'web','state':'began'}");
	assert_int_equal(s->steps[STEP_WEB], STEP_RUNNING);
	fold(s, "{'v':1,'ev':'step','step':'web','state':'ended'}");
	assert_int_equal(s->steps[STEP_WEB], STEP_ENDED);
	fold(s, "{'v':1,'ev':'step','step':'path','state':'not-asked'}");
	assert_int_equal(s->steps[STEP_PATH], STEP_NOT_ASKED);
	fold(s, "{'v':1,'ev':'step','step':'path','state':'resting'}");
	assert_int_equal(s->steps[STEP_PATH], STEP_NOT_ASKED);
	session_free(s);
}

static void
test_lines(void **state)
{
	struct session *s = begun();
	struct sprobe *p = session_probe(s, KEY);

	(void)state;
	fold(s, "{'v':1,'seq':2,'t':1,'ev':'line'" PROBE ",'attempt':2,"
	    "'dir':'received','tls':true,'text':'abc','full':9}");
	fold(s, "{'v':1,'seq':3,'ev':'line'" PROBE ",'dir':'info','key':"
	    "'closed','args':{}}");
	assert_int_equal(p->nlines, 2);
	assert_string_equal((char *)p->lines[0].data, "abc");
	assert_int_equal(p->lines[0].len, 3);
	assert_int_equal(p->lines[0].full, 9);
	assert_int_equal(p->lines[0].attempt, 2);
	assert_int_equal(p->lines[0].us, 1000000);
	assert_true(p->lines[0].tls);
	assert_null(p->lines[1].data);
	assert_string_equal(json_str(p->lines[1].body, "key"), "closed");
	session_free(s);
}

static void
test_facts(void **state)
{
	struct session *s = begun();
	struct sprobe *p = session_probe(s, KEY);

	(void)state;
	fold(s, "{'v':1,'seq':2,'ev':'fact'" PROBE ",'attempt':1,'key':'k',"
	    "'value':{'n':1}}");
	fold(s, "{'v':1,'seq':3,'ev':'fact'" PROBE ",'attempt':2,'key':'k',"
	    "'value':{'n':2}}");
	assert_null(probe_fact(p, "other", 0));
	assert_int_equal(probe_fact(p, "k", 0)->seq, 2);
	assert_int_equal(json_int(probe_fact(p, "k", 2)->value, "n", 0), 2);
	assert_null(probe_fact(p, "k", 3));
	/* Run again after an interruption: the facts begin anew, the lines
	   stay. */
	fold(s, "{'v':1,'seq':4,'ev':'line'" PROBE ",'dir':'sent','text':'a'}");
	fold(s, "{'v':1,'seq':5,'ev':'probe'" PROBE ",'attempt':2,'state':"
	    "'began'}");
	assert_int_equal(p->nfacts, 0);
	assert_int_equal(p->nlines, 1);
	assert_int_equal(p->attempts, 2);
	assert_int_equal(s->nprobes, 1);
	session_free(s);
}

/* {0,1: id; qr aa; 1 question . NS} */
#define REPLY "AAGEAAABAAAAAAAAAAACAAE="

static void
test_replies(void **state)
{
	static const char ask[] = "{'v':1,'ev':'probe','probe':'d','state':"
	    "'began','question':{'qname':'.','qtype':'NS','transport':'udp'}}";
	struct session *s = begun();
	struct sprobe *p;

	(void)state;
	fold(s, ask);
	p = session_probe(s, "d");
	assert_string_equal(p->qname, ".");
	assert_int_equal(p->qtype, DNS_NS);
	assert_string_equal(p->transport, "udp");
	/* Sent is no reply; neither is half a header. */
	fold(s, "{'v':1,'seq':5,'ev':'line','probe':'d','dir':'sent','dns':"
	    "true,'b64':'" REPLY "'}");
	fold(s, "{'v':1,'seq':6,'ev':'line','probe':'d','dir':'received',"
	    "'dns':true,'b64':'AAGE'}");
	assert_null(p->reply);
	fold(s, "{'v':1,'seq':7,'t':3,'ev':'line','probe':'d','dir':"
	    "'received','dns':true,'b64':'" REPLY "'}");
	assert_non_null(p->reply);
	assert_true(p->reply->aa);
	assert_string_equal(p->reply->qname, ".");
	assert_int_equal(p->reply_seq, 7);
	assert_int_equal(p->reply_us, 3000000);
	/* The last one counts. */
	fold(s, "{'v':1,'seq':8,'ev':'line','probe':'d','dir':'received',"
	    "'dns':true,'b64':'AAGAAAAAAAAAAAAA'}");
	assert_false(p->reply->aa);
	assert_int_equal(p->reply_seq, 8);
	/* A probe that asked nothing has no reply, whatever is in its lines. */
	fold(s, "{'v':1,'ev':'line'" PROBE ",'dir':'received','dns':true,"
	    "'b64':'" REPLY "'}");
	assert_null(session_probe(s, KEY)->reply);
	session_free(s);
}

/* One run of a mail probe from t on: its reply comes a second later; word is
   what becomes of the finding greylisted then. */
static void
mail_run(struct session *s, int t, int code, const char *word)
{
#define MX	"'mail-in/smtp/mx.test/192.0.2.5/25'"
#define MX_EP	"'endpoint':{'name':'mx.test','addr':'192.0.2.5','port':25," \
	"'proto':'smtp','tls':'starttls'}"
	static int seq = 1000;
	char *text = xasprintf("{'v':1,'seq':%d,'t':%d,'ev':'probe','probe':"
	    MX ",'state':'began'," MX_EP "}", seq++, t);

	fold(s, text);
	free(text);
	text = xasprintf("{'v':1,'seq':%d,'t':%d,'ev':'line','probe':" MX
	    ",'dir':'received','text':'%d x'}", seq++, t + 1, code);
	fold(s, text);
	free(text);
	text = xasprintf("{'v':1,'seq':%d,'t':%d,'ev':'fact','probe':" MX
	    ",'key':'reply','value':{'verb':'RCPT','code':%d}}", seq++, t + 1,
	    code);
	fold(s, text);
	free(text);
	text = xasprintf("{'v':1,'seq':%d,'t':%d,'ev':'probe','probe':" MX
	    ",'state':'ended','outcome':'ok'}", seq++, t + 2);
	fold(s, text);
	free(text);
	text = xasprintf("{'v':1,'seq':%d,'t':%d,'ev':'finding','state':'%s',"
	    "'id':'greylisted','verdict':'notice','side':'domain'," MX_EP
	    ",'args':{}}", seq++, t + 2, word);
	if (*word != '\0')
		fold(s, text);
	free(text);
}

/* When it was greylisted first is kept while it is, and one run longer. */
static void
test_greylisted(void **state)
{
	static const struct {
		int		 t, code;
		const char	*word;
		int64_t		 away;	/* s */
	} runs[] = { { 10, 450, "new", 0 }, { 100, 450, "changed", 11 },
		{ 200, 250, "gone", 11 }, { 300, 250, "", 0 },
		{ 400, 451, "new", 0 }, { 500, 250, "gone", 401 } };
	struct session *s = session_new();

	(void)state;
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		const struct sprobe *p;

		mail_run(s, runs[i].t, runs[i].code, runs[i].word);
		p = s->probes[0];
		assert_int_equal(p->away, runs[i].away * 1000000);
		assert_int_equal(probe_told_us(p, p->facts[0].value),
		    (runs[i].t + 1) * INT64_C(1000000));
		assert_int_equal(probe_told_us(p, NULL),
		    (runs[i].t + 2) * INT64_C(1000000));
	}
	session_free(s);
}

static void
flood_of(struct session *s, const struct event *like, size_t lines)
{
	struct event ev = *like;

	for (size_t i = 0; i < lines; i++) {
		ev.seq++;
		assert_int_equal(session_fold(s, &ev), 0);
	}
}

static void
flood(struct session *s, size_t lines, size_t len, char fill)
{
	char *data = xmalloc(len + 1);
	struct event ev = { .kind = EV_LINE, .probe = KEY, .attempt = 1,
	    .dir = TALK_RECEIVED, .data = data, .len = len, .full = len };

	memset(data, fill, len);
	flood_of(s, &ev, lines);
	free(data);
}

/* What a line takes beside its text: 1 KiB is far more. */
#define ABOUT	1024
#define LEAST	(LIMIT_DIALOGUE / 8 * 7)

/* The first and the last half of a dialogue stay; the gap is counted. */
static void
test_dialogue(void **state)
{
	struct session *s = begun();
	struct sprobe *p = session_probe(s, KEY);
	size_t cost = 0, half = 0;

	(void)state;
	flood(s, 1000, 1023, 'a');
	assert_true(p->bytes <= LIMIT_DIALOGUE);
	assert_true(p->bytes > LEAST - 1024 - ABOUT);
	assert_int_equal(p->nlines + p->dropped, 1000);
	assert_int_equal(s->bytes, p->bytes);
	assert_int_equal(p->lines[0].seq, 1);
	assert_int_equal(p->lines[p->nlines - 1].seq, 1000);
	for (size_t i = 1; i < p->nlines; i++)
		assert_int_equal(p->lines[i].seq, p->lines[i - 1].seq + 1 +
		    (i == p->head ? p->dropped : 0));
	for (size_t i = 0; i < p->nlines; i++) {
		cost += p->lines[i].cost;
		half += i < p->head ? p->lines[i].cost : 0;
	}
	assert_int_equal(cost, p->bytes);
	assert_true(half <= LIMIT_DIALOGUE / 2 && half > LIMIT_DIALOGUE / 2 -
	    1024 - ABOUT);
	assert_false(s->dropped);
	session_free(s);
}

/* One huge line, and lines of nothing, are bounded too. */
static void
test_dialogue_odd(void **state)
{
	struct session *s = begun();
	struct sprobe *p = session_probe(s, KEY);
	struct event info = { .kind = EV_LINE, .probe = KEY, .attempt = 1,
	    .dir = TALK_INFO };

	(void)state;
	flood(s, 1, LIMIT_DIALOGUE * 2, 'x');
	flood(s, 3, 10, 'y');
	assert_true(p->bytes <= LIMIT_DIALOGUE);
	assert_int_equal(p->nlines + p->dropped, 4);
	assert_int_equal(p->head, 0);
	session_free(s);
	s = begun();
	p = session_probe(s, KEY);
	flood(s, 1, LIMIT_DIALOGUE - 1000, 'x');
	flood_of(s, &info, 3000);
	assert_true(p->bytes <= LIMIT_DIALOGUE);
	assert_int_equal(p->nlines + p->dropped, 3001);
	session_free(s);
}

/* A flood of small lines: what they take is bounded, not what they say; and
   lines are moved once in many. */
static void
test_flood(void **state)
{
	json_t *body = json_pack("{s:s, s:{s:s, s:i}}", "key", "dns-stray",
	    "args", "addr", "2001:db8::1:2:3:4", "port", 53);
	const struct event events[] = {
		{ .kind = EV_LINE, .probe = KEY, .attempt = 1, .data = "",
		    .dir = TALK_RECEIVED },
		{ .kind = EV_LINE, .probe = KEY, .attempt = 1, .body = body,
		    .dir = TALK_INFO },
	};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t before = test_allocated(), moves = 0, took;
		struct session *s = begun();
		struct sprobe *p = session_probe(s, KEY);

		for (size_t i = 0, last; i < 60000; i++) {
			last = p->dropped;
			flood_of(s, &events[k], 1);
			moves += p->dropped != last;
		}
		took = test_allocated() - before;
		assert_int_equal(p->nlines + p->dropped, 60000);
		if (took > LIMIT_DIALOGUE * 3 / 2 || took < LIMIT_DIALOGUE / 3)
			fail_msg("%zu bytes, counted %zu", took, p->bytes);
		assert_true(p->nlines < 3000);
		assert_true(moves > 0 && moves < 60000 / 20);
		session_free(s);
	}
	json_decref(body);
}

/* A session takes no more lines past its limit, but still events. */
static void
test_session_limit(void **state)
{
	size_t before = test_allocated(), len = 40 * 1024, after = 0;
	struct session *s = session_new();
	char *data = xcalloc(1, len);
	struct event ev = { .kind = EV_LINE, .attempt = 1,
	    .dir = TALK_RECEIVED, .data = data, .len = len, .full = len };

	(void)state;
	for (int i = 0; i < 200; i++) {
		char *key = xasprintf("web/http/n%d//", i);
		char *line = xasprintf("{'v':1,'ev':'probe','probe':'%s',"
		    "'state':'began'}", key);

		fold(s, line);
		ev.probe = key;
		flood_of(s, &ev, 6);
		free(line);
		free(key);
	}
	assert_int_equal(s->nprobes, 200);
	assert_true(s->bytes <= LIMIT_SESSION - LIMIT_FACTS);
	assert_true(s->bytes > LIMIT_SESSION - LIMIT_FACTS - len - ABOUT);
	assert_true(test_allocated() - before < LIMIT_SESSION * 5 / 4);
	assert_true(s->dropped);
	for (size_t i = 0; i < s->nprobes; i++) {
		const struct sprobe *p = s->probes[i];

		assert_int_equal(p->nlines + p->dropped, 6);
		if (p->dropped > 0)	/* the gap is at the end */
			assert_int_equal(p->head, p->nlines);
		after += p->dropped;
	}
	assert_true(after > 0);
	/* Lines leave room for facts: by these it is judged. */
	assert_int_equal(fold(s, "{'v':1,'ev':'fact','probe':'web/http/n199//"
	    "','key':'k','value':{}}"), 0);
	assert_non_null(probe_fact(s->probes[199], "k", 0));
	assert_int_equal(s->lost, 0);
	free(data);
	session_free(s);
}

/* Facts count like lines; what does not fit is counted, and a run that begins
   anew gives back what its facts took. */
static void
test_fact_limit(void **state)
{
	size_t before = test_allocated(), n = 0;
	struct session *s = begun();
	struct sprobe *p = session_probe(s, KEY);
	char *text = xcalloc(1, 2001);
	json_t *body;
	struct event ev = { .kind = EV_FACT, .probe = KEY, .attempt = 1 };

	(void)state;
	memset(text, 'x', 2000);
	body = json_pack("{s:s, s:{s:s, s:[i]}}", "key", "k", "value", "text",
	    text, "list", 1);
	ev.body = body;
	for (; n < 2 * LIMIT_SESSION / 2000 && s->lost == 0; n++)
		flood_of(s, &ev, 1);
	assert_int_equal(s->lost, 1);
	assert_int_equal(p->nfacts, n - 1);
	assert_true(s->dropped);
	assert_true(s->bytes <= LIMIT_SESSION);
	assert_true(s->bytes > LIMIT_SESSION - 2000 - ABOUT);
	assert_true(test_allocated() - before < LIMIT_SESSION * 5 / 4);
	assert_true(test_allocated() - before > LIMIT_SESSION / 2);
	flood(s, 1, 10, 'a');
	assert_int_equal(p->nlines, 0);
	fold(s, "{'v':1,'seq':5,'ev':'probe'" PROBE ",'attempt':2,'state':"
	    "'began'}");
	assert_int_equal(s->bytes, 0);
	flood_of(s, &ev, 1);
	assert_int_equal(p->nfacts, 1);
	json_decref(body);
	free(text);
	session_free(s);
}

#define FINDING_(state, name, verdict) "{'v':1,'ev':'finding','state':'" \
	state "','id':'no-aaaa','verdict':'" verdict "','side':'domain'," \
	"'flags':[],'endpoint':{'name':'" name "'},'args':{},'evidence':{" \
	"'seq':[],'command':''}}"

static void
test_findings(void **state)
{
	struct session *s = session_new();

	(void)state;
	fold(s, FINDING_("new", "a", "notice"));
	fold(s, FINDING_("new", "b", "notice"));
	assert_int_equal(s->nfindings, 2);
	fold(s, FINDING_("changed", "a", "warning"));
	assert_int_equal(s->nfindings, 2);
	assert_int_equal(s->findings[0]->level, VERDICT_WARNING);
	/* New once more is a change; gone of what never was is nothing. */
	fold(s, FINDING_("new", "a", "error"));
	fold(s, FINDING_("gone", "c", "notice"));
	assert_int_equal(s->nfindings, 2);
	fold(s, FINDING_("gone", "a", "error"));
	assert_int_equal(s->nfindings, 1);
	assert_string_equal(s->findings[0]->ep.name, "b");
	/* An id of a later version is no finding of ours, and no fault. */
	assert_int_equal(fold(s, "{'v':1,'ev':'finding','state':'new','id':"
	    "'of-2040','verdict':'error','side':'domain'}"), 0);
	assert_int_equal(s->nfindings, 1);
	session_free(s);
}

static void
test_head_end(void **state)
{
	struct session *s = session_new();

	(void)state;
	fold(s, "{'v':1,'ev':'session','subject':{'name':'a.test'}}");
	assert_string_equal(json_str(json_object_get(s->head, "subject"),
	    "name"), "a.test");
	assert_null(s->end);
	fold(s, "{'v':1,'ev':'ask','what':'x'}");
	fold(s, "{'v':1,'ev':'answer','what':'x'}");
	fold(s, "{'v':1,'ev':'end','verdict':'ok'}");
	fold(s, "{'v':1,'ev':'end','verdict':'error'}");
	assert_string_equal(json_str(s->end, "verdict"), "error");
	session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_stray),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_greylisted),
		cmocka_unit_test(test_dialogue),
		cmocka_unit_test(test_dialogue_odd),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_session_limit),
		cmocka_unit_test(test_fact_limit),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_head_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
