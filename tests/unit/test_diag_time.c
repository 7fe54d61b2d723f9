/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a diagnosis takes and how it behaves meanwhile, in virtual time:
 * the sound domain against the chain of exchanges it needs, silent servers,
 * politeness, determinism, being cancelled, a host that was asleep.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/xalloc.h"
#include "diag/questions.h"
#include "dns/message.h"
#include "practice/memory.h"
#include "talk/script.h"
#include "tests/unit/diag_kit.h"

#define RTT_MS 40

static const char *
verdict(const struct kit_run *r)
{
	return json_str(engine_session(r->engine)->end, "verdict");
}

/* The chain: one row an exchange, each of one round trip. */
struct chain {
	int	n;
};

static void
link_add(struct chain *c, const char *what)
{
	print_message("  %2d  %s\n", ++c->n, what);
}

static void
question(struct chain *c, enum question_class class, uint16_t type,
    const char *what)
{
	char *text, word[16];

	for (size_t i = 0; i < question_count; i++)
		if (question_rows[i].class == class &&
		    question_rows[i].type == type &&
		    strcmp(question_rows[i].transport, "rd") != 0) {
			text = xasprintf("%s %s, %s to %s", what,
			    message_type_word(type, word),
			    question_rows[i].transport, question_rows[i].to);
			link_add(c, text);
			free(text);
			return;
		}
	fail_msg("no such question: %s", what);
}

/* From the root to the addresses of a name found in the zone. */
static void
dns_chain(struct chain *c, bool mail)
{
	static const char *const levels[] = { "root: zone",
		"top-level domain: zone" };

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		question(c, Q_CUT, DNS_NS, levels[i]);
	question(c, Q_GATE, DNS_SOA, "zone's server: zone");
	if (mail)
		question(c, Q_APEX, DNS_MX, "zone's server: zone");
	question(c, Q_NAME, DNS_A, "zone's server: name");
}

static void
hear(struct track *k, const char *line)
{
	size_t n = strlen(line);

	assert_true(track_received(k, line, n, n, 2));
}

/* The SMTP dialogue as its script says it, every reply the good one. */
static void
mail_chain(struct chain *c)
{
	struct track *track = track_new(TRACK_SMTP);
	struct script_run run;
	struct talk_params params;
	const struct script_row *row;

	memset(&run, 0, sizeof run);
	memset(&params, 0, sizeof params);
	params.tls = TALK_STARTTLS;
	params.helo = "[192.0.2.1]";
	link_add(c, "connect");
	link_add(c, "banner");
	hear(track, "220 mx");
	for (int i = 0; i < 20 && !track_gone(track); i++) {
		if (track_tls_due(track)) {
			link_add(c, "TLS handshake");
			track_tls(track);
			continue;
		}
		row = script_next(&smtp_script, &run, track, &params);
		if (row == NULL)
			break;
		link_add(c, row->text);
		track_sent(track, row->text, strlen(row->text));
		if (strncmp(row->text, "EHLO", 4) == 0)
			hear(track, "250-mx");
		hear(track, strcmp(row->text, "STARTTLS") == 0 ? "220 go" :
		    strcmp(row->text, "QUIT") == 0 ? "221 bye" :
		    "250 STARTTLS");
	}
	track_free(track);
}

/* Two names at one address and port: one connection at a time. */
static void
web_chain(struct chain *c)
{
	static const char *const names[] = { "www", "apex" };

	for (int i = 0; i < 2; i++) {
		static const char *const parts[] = { "connect",
			"TLS handshake", "GET" };

		for (int k = 0; k < 3; k++) {
			char *text = xasprintf("%s: %s", names[i], parts[k]);

			link_add(c, text);
			free(text);
		}
	}
}

static void
sound_domain(void **state)
{
	struct chain mail = { 0 }, web = { 0 };
	struct kit_run r;
	int64_t most;
	int longest;

	(void)state;
	print_message("chain of mail:\n");
	dns_chain(&mail, true);
	mail_chain(&mail);
	print_message("chain of web:\n");
	dns_chain(&web, false);
	web_chain(&web);
	assert_in_range(mail.n, 11, 14);
	longest = mail.n > web.n ? mail.n : web.n;
	most = (int64_t)longest * RTT_MS * 3 / 2;
	kit_run(&r, "", 0);
	print_message("%d exchanges: %d ms, at most %lld ms; took %lld ms\n",
	    longest, longest * RTT_MS, (long long)most,
	    (long long)(r.took / NSEC_PER_MSEC));
	assert_string_equal(verdict(&r), "ok");
	assert_true(r.took <= most * NSEC_PER_MSEC);
	kit_free(&r);
}

/* When the last probe of the steps here to zone ended, in seconds. */
static double
dns_part(const struct kit_run *r)
{
	const struct session *s = engine_session(r->engine);
	int64_t last = 0;

	for (size_t i = 0; i < s->nprobes; i++)
		if (s->probes[i]->step <= STEP_ZONE &&
		    s->probes[i]->state != PROBE_SKIPPED &&
		    s->probes[i]->ended > last)
			last = s->probes[i]->ended;
	return (double)last / 1e6;
}

/* The sound domain and n more server addresses that nobody answers at, four
   a name, every other one IPv4. */
static char *
silent_addresses(int n)
{
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "! delegate {d}\ndelegate {d} {ns1} {ns1.4} {ns1.6} ; "
	    "{ns2} {ns2.4} {ns2.6}");
	for (int i = 0; i < n; i++) {
		if (i % 4 == 0)
			buf_printf(&b, " ; s%d.{d}", i / 4);
		if (i % 2 == 0)
			buf_printf(&b, " 2001:db8:f000::%x", i + 1);
		else
			buf_printf(&b, " 198.51.100.%d", i + 100);
	}
	buf_adds(&b, "\n");
	return buf_steal(&b);
}

static void
within(const char *text, const char *what, double dns, double whole)
{
	struct kit_run r;
	double seconds;

	kit_run(&r, text, 0);
	seconds = (double)r.took / 1e9;
	print_message("%s: DNS %.3f s, whole %.3f s, %s\n", what,
	    dns_part(&r), seconds, verdict(&r));
	if (dns_part(&r) > dns || seconds > whole)
		fail_msg("seed %llu: %s: more than %.0f s, %.0f s",
		    (unsigned long long)kit_seed(), what, dns, whole);
	assert_string_equal(verdict(&r), "error");
	assert_true(r.stats.open_max <= LIMIT_SOCKETS);
	assert_true(r.stats.per_second_max <= 4);
	assert_true(r.stats.same_open_max <= 1);
	kit_free(&r);
}

static void
silent_servers(void **state)
{
	static const int counts[] = { 1, 3, 6, 100 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char *text = silent_addresses(counts[i]);
		char *what = xasprintf("%d silent addresses", counts[i]);

		within(text, what, 6, 20);
		free(what);
		free(text);
	}
}

static void
silent_parents(void **state)
{
	(void)state;
	within("fault dns {tld1.4} silent\nfault dns {tld1.6} silent\n"
	    "fault dns {root1.4} silent\nfault dns {ns1.4} silent\n"
	    "fault dns {ns2.6} silent\n", "silent at every level", 6, 20);
	within("fault dns {ns1.4} silent\nfault dns {ns1.6} silent\n"
	    "fault dns {ns2.4} silent\nfault dns {ns2.6} silent\n",
	    "every server silent", 6, 20);
}

#define SILENT_V6 \
    "fault net {ns1.6} silent\nfault net {ns2.6} silent\n" \
    "fault net {web1.6} silent\nfault net {web2.6} silent\n" \
    "fault net {mx1.6} silent\nfault net {mx2.6} silent\n"

/* Refused connections are tried again: that takes time, too. */
static void
refused_tcp(void **state)
{
	(void)state;
	within("fault dns {ns1} tcp refuse-port\n"
	    "fault dns {ns2} tcp close\n", "TCP 53 refused", 6, 20);
	within("fault tcp {ns1.4} port 53 attempt 1 refused\n"
	    "fault tcp {ns1.4} port 53 attempt 2-99 silent\n"
	    "fault tcp {ns2.6} port 53 attempt 1 refused\n"
	    "fault tcp {ns2.6} port 53 attempt 2-99 stall-after 20\n",
	    "TCP 53 refused, then silent", 6, 20);
}

static void
silent_v6(void **state)
{
	(void)state;
	within(SILENT_V6, "every IPv6 address silent", 6, 20);
	within(SILENT_V6 "fault tcp {web1.4} silent\n"
	    "fault dns {ns1.4} name {www} type AAAA silent\n",
	    "every IPv6 address and some more silent", 6, 20);
}

/* Nobody is asked more than is decent, whatever happens. */
static void
polite(void **state)
{
	static const char *const texts[] = { "", SILENT_V6,
		"fault tcp {web1.4} attempt 1 silent\n",
		"fault tcp {web1.4} attempt 2 silent\n",
		"fault smtp {mx1.4} at banner stall\n",
		"fault http {web1.4} stall\nfault http {web1.6} stall\n",
		"fault dns {ns1.4} attempt 1 silent\n",
		"fault dns {ns1.4} name {www} type AAAA rcode servfail\n",
		"! web {d}\nweb {d} {web1.4} {web2.4} {web1.6} {web2.6} "
		    "redirect https://{www}/\n",
		"! web {www}\nweb {www} {web1.4} {web2.4} {web1.6} {web2.6} "
		    "cert self-signed\n" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct kit_run r;

		kit_run(&r, texts[i], 0);
		print_message("%u sockets, %u connections to one, %u equal "
		    "questions a second\n", r.stats.open_max,
		    r.stats.same_open_max, r.stats.per_second_max);
		if (r.stats.same_open_max > 1 || r.stats.per_second_max > 4 ||
		    r.stats.open_max > LIMIT_SOCKETS)
			fail_msg("seed %llu: not polite:\n%s",
			    (unsigned long long)kit_seed(), texts[i]);
		kit_free(&r);
	}
}

static void
same_again(void **state)
{
	static const char *const texts[] = { "", SILENT_V6,
		"fault tcp {web1.4} attempt 1 silent\n" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct kit_run a, b;

		kit_run(&a, texts[i], 0);
		kit_run(&b, texts[i], 0);
		assert_true(a.log_len > 1000);
		assert_string_equal(a.log, b.log);
		kit_free(&a);
		kit_free(&b);
	}
}

static void
show_findings(const struct kit_run *r)
{
	const struct session *s = engine_session(r->engine);

	for (size_t i = 0; i < s->nfindings; i++)
		if (s->findings[i]->level > VERDICT_NOTICE)
			print_error("  %s %s\n",
			    finding_rows[s->findings[i]->id].id,
			    s->findings[i]->ep.name);
}

static void
stop(void *ctx)
{
	loop_stop(ctx);
}

static void
cancel(void *ctx)
{
	struct kit_run *r = ctx;

	engine_cancel(r->engine);
}

/* Cancelled after ms, a second time gap ms later (-1: only once). */
static void
cancelled(const char *text, int ms, int gap)
{
	struct kit_run r;
	int64_t rest;

	kit_start(&r, text, 0);
	loop_timer(r.loop, ms * NSEC_PER_MSEC, cancel, &r);
	if (gap >= 0)
		loop_timer(r.loop, (ms + gap) * NSEC_PER_MSEC, cancel, &r);
	kit_finish(&r);
	rest = r.took / NSEC_PER_MSEC - ms;
	print_message("cancelled at %d ms: ended %lld ms later, %s\n", ms,
	    (long long)rest, verdict(&r));
	assert_true(rest <= (gap >= 0 ? gap : 1000));
	show_findings(&r);
	assert_string_equal(verdict(&r), "unknown");
	kit_free(&r);
}

static void
cancel_once(void **state)
{
	static const int times[] = { 0, 20, 60, 130, 210, 290, 370, 450 };

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		cancelled("", times[i], -1);
	cancelled("fault smtp {mx1.4} at banner stall\n", 5000, -1);
	cancelled("fault smtp {mx1.4} at quit stall\n", 500, -1);
	cancelled("fault smtp {mx1.4} at ehlo stall\n", 700, -1);
	cancelled("fault http {web1.4} stall\n", 900, -1);
}

static void
cancel_twice(void **state)
{
	(void)state;
	cancelled("", 100, 0);
	cancelled("", 330, 10);
	cancelled("fault smtp {mx1.4} at banner stall\n", 5000, 100);
	cancelled("fault smtp {mx1.4} at ehlo stall\n", 700, 1);
}

/* Everything once: UDP silent and answered, DNS over TCP, ICMP, dialogues
   with and without TLS, and little of each. */
#define ONE_OF_EACH \
	"fault dns {ns1.4} silent\nfault dns {ns2.6} refuse-port\n" \
	"fault tcp {web1.4} refused\n" \
	"! AAAA {web\n! A {web2.4}\n! MX 20\n! ptr\n! {root2}\n" \
	"@ tries 1\n@ skip addresses\n@ skip mailbox\n@ skip resolver\n"

/* In the at-th event a cancel, and so many events later (0: in the same) a
   second one. */
struct stopper {
	size_t	 seen, at, more;
	int64_t	 stopped;		/* of the loop's clock; 0: not yet */
};

static void
stop_inside(struct kit_run *r, const struct session *s, const struct event *ev)
{
	struct stopper *x = r->watcher;
	size_t n = ++x->seen;

	(void)s;
	(void)ev;
	if (n == x->at || n == x->at + x->more)
		x->stopped = loop_now(r->loop);
	if (n == x->at)
		engine_cancel(r->engine);
	if (n == x->at + x->more)
		engine_cancel(r->engine);
}

static size_t
stopped_inside(size_t at, size_t more)
{
	struct stopper x = { 0, at, more, 0 };
	struct kit_run r;
	int64_t rest;

	kit_start(&r, ONE_OF_EACH, 0);
	r.watch = stop_inside;
	r.watcher = &x;
	kit_finish(&r);
	rest = x.stopped == 0 ? 0 : r.began + r.took - x.stopped;
	if (rest > (x.seen < at + more ? NSEC_PER_SEC : 0) || engine_session(r.engine)->end == NULL)
		fail_msg("seed %llu: stopped in event %zu and %zu later: "
		    "ended after %lld ms", (unsigned long long)kit_seed(), at,
		    more, (long long)(rest / NSEC_PER_MSEC));
	kit_free(&r);
	return x.seen;
}

/* Whoever reads an event may stop the engine, twice if he likes: what emits
   the event is still there afterwards. */
static void
cancel_inside(void **state)
{
	size_t n = stopped_inside(0, 0);

	(void)state;
	print_message("%zu events\n", n);
	assert_true(n > 200);
	for (size_t at = 1; at <= n; at++)
		stopped_inside(at, at % 4 == 3 ? n : at % 4);
}

/* Probes begun since the diagnosis ended. */
static int
begun(const struct kit_run *r)
{
	int n = 0;

	for (const char *p = buf_str(&r->events);
	    (p = strstr(p, "\"began\",\"endpoint\"")) != NULL; p++)
		n++;
	return n;
}

/* A sound domain to its end, and the engine stays. */
static void
finished(struct kit_run *r)
{
	kit_stay = true;
	kit_start(r, "", 0);
	kit_finish(r);
}

/* That run once more, so often, and stopped 100 ms later. */
static void
rerun_and_stop(struct kit_run *r, const struct sprobe *p, int times)
{
	assert_int_equal(engine_rerun(r->engine, p->key, times), 0);
	loop_timer(r->loop, 100 * NSEC_PER_MSEC, cancel, r);
	loop_run(r->loop);
	assert_true(engine_ended(r->engine));
}

/* What is to run again ten times stops when told to; what is asked for right
   behind that runs to its end. */
static void
reruns_stop(void **state)
{
	const struct session *s;
	const struct sprobe *p = NULL;
	struct kit_run r;
	int before;

	(void)state;
	finished(&r);
	s = engine_session(r.engine);
	for (size_t i = 0; i < s->nprobes && p == NULL; i++)
		if (s->probes[i]->step == STEP_SERVERS)
			p = s->probes[i];
	rerun_and_stop(&r, p, 10);
	before = begun(&r);
	print_message("%d of 10 runs begun\n", before);
	assert_in_range(before, 2, 4);
	assert_int_equal(engine_rerun(r.engine, p->key, 1), 0);
	loop_run(r.loop);
	assert_true(engine_ended(r.engine));
	assert_int_equal(begun(&r), before + 1);
	assert_string_equal(p->outcome, "ok");
	kit_free(&r);
	kit_stay = false;
}

/* What is stopped in a rerun says goodbye, however often something was
   stopped before. */
static void
reruns_say_quit(void **state)
{
	const struct session *s;
	const struct sprobe *p = NULL;
	struct kit_run r;

	(void)state;
	finished(&r);
	s = engine_session(r.engine);
	for (size_t i = 0; i < s->nprobes && p == NULL; i++)
		if (strcmp(s->probes[i]->ep.proto, "smtp") == 0)
			p = s->probes[i];
	for (int i = 0; i < 2; i++) {
		buf_drop(&r.events, r.events.len);
		rerun_and_stop(&r, p, 1);
		assert_string_equal(p->outcome, "interrupted");
		assert_non_null(strstr(buf_str(&r.events), "\"QUIT\""));
	}
	kit_free(&r);
	kit_stay = false;
}

/* Step by step, and stopped after so many: what was not asked is unknown,
   however well the rest went. */
static void
stopped_between_steps(void **state)
{
	struct kit_run r;
	const json_t *end;

	(void)state;
	for (int steps = 0; steps <= 6; steps++) {
		kit_start(&r, "", 0);
		engine_stepping(r.engine, true);
		engine_start(r.engine);
		for (int i = 0; i < steps; i++) {
			loop_timer(r.loop, 60 * NSEC_PER_SEC, stop, r.loop);
			loop_run(r.loop);
			assert_true(engine_step(r.engine));
		}
		loop_timer(r.loop, 60 * NSEC_PER_SEC, cancel, &r);
		while (!engine_ended(r.engine))
			loop_run(r.loop);
		end = engine_session(r.engine)->end;
		assert_string_equal(verdict(&r), "unknown");
		assert_string_equal(json_str(json_object_get(end, "steps"),
		    "summary"), "unknown");
		assert_string_equal(json_string_value(json_array_get(
		    json_object_get(json_object_get(end, "summary"),
		    "limits"), 0)), "interrupted");
		kit_free(&r);
	}
}

/* The host sleeps for a minute: nothing runs, then it is later. */
static void
sleep_minute(void *ctx)
{
	memory_of(ctx)->now += 60 * NSEC_PER_SEC;
}

static void
asleep(void **state)
{
	static const int times[] = { 1, 19, 21, 45, 90, 130, 170, 210, 250,
		290, 330, 370, 410, 450, 490 };

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct kit_run r;
		const struct session *s;

		kit_start(&r, "", 0);
		memory_after(r.world, times[i] * NSEC_PER_MSEC, sleep_minute,
		    r.world);
		kit_finish(&r);
		s = engine_session(r.engine);
		for (size_t k = 0; k < s->nfindings; k++)
			if (s->findings[k]->level > VERDICT_NOTICE)
				fail_msg("seed %llu: asleep at %d ms: %s",
				    (unsigned long long)kit_seed(), times[i],
				    finding_rows[s->findings[k]->id].id);
		if (strcmp(verdict(&r), "ok") != 0)
			fail_msg("seed %llu: asleep at %d ms: %s",
			    (unsigned long long)kit_seed(), times[i],
			    verdict(&r));
		kit_free(&r);
	}
}

#define ROUND_TRIP \
	"record {d} mail A {x1.4}\n" \
	"submission mail.{d} {x1.4} tls\n" \
	"imap mail.{d} {x1.4} tls auth PLAIN\n" \
	"account taro@{d} hunter-zwei-9\n" \
	"@ mailbox taro@{d}\n@ password hunter-zwei-9\n@ send-mail\n"

/* Asleep when a line that begins so just went out; marked mails are counted. */
struct sending {
	const char	*fatal;		/* NULL: never */
	unsigned	 slept, mails;
};

static bool
begins(const struct event *ev, const char *text)
{
	return ev->kind == EV_LINE && ev->dir == TALK_SENT && !ev->dns &&
	    ev->data != NULL && ev->len >= strlen(text) &&
	    strncmp(ev->probe, "mailbox/", 8) == 0 &&
	    memcmp(ev->data, text, strlen(text)) == 0;
}

static void
on_sent(struct kit_run *r, const struct session *s, const struct event *ev)
{
	struct sending *x = r->watcher;

	(void)s;
	x->mails += begins(ev, "X-Tadoru-Token:");
	if (x->fatal == NULL || x->slept > 0 || !begins(ev, x->fatal) ||
	    strstr(ev->probe, "/send") == NULL)
		return;
	x->slept++;
	memory_after(r->world, 10 * NSEC_PER_MSEC, sleep_minute, r->world);
}

static void
send_mails(struct sending *x, const char *fatal)
{
	struct kit_run r;

	memset(x, 0, sizeof *x);
	x->fatal = fatal;
	kit_start(&r, ROUND_TRIP, 0);
	r.watch = on_sent;
	r.watcher = x;
	kit_finish(&r);
	kit_free(&r);
}

/* A mail that may have been taken is not sent again after a sleep. */
static void
asleep_sending(void **state)
{
	static const char *const lines[] = { "EHLO", "MAIL", "DATA",
		"X-Tadoru-Token", "." };
	struct sending x, usual;

	(void)state;
	send_mails(&usual, NULL);
	assert_true(usual.mails >= 2);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		send_mails(&x, lines[i]);
		assert_int_equal(x.slept, 1);
		if (x.mails > usual.mails)
			fail_msg("asleep behind %s: %u mails, not %u",
			    lines[i], x.mails, usual.mails);
		if (i < 2)
			assert_int_equal(x.mails, usual.mails);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_domain),
		cmocka_unit_test(silent_servers),
		cmocka_unit_test(silent_parents),
		cmocka_unit_test(refused_tcp),
		cmocka_unit_test(silent_v6),
		cmocka_unit_test(polite),
		cmocka_unit_test(same_again),
		cmocka_unit_test(cancel_once),
		cmocka_unit_test(cancel_twice),
		cmocka_unit_test(cancel_inside),
		cmocka_unit_test(reruns_stop),
		cmocka_unit_test(reruns_say_quit),
		cmocka_unit_test(stopped_between_steps),
		cmocka_unit_test(asleep),
		cmocka_unit_test(asleep_sending),
	};

	print_message("seed %llu\n", (unsigned long long)kit_seed());
	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
