/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many connections a diagnosis makes: one to what is only guessed and to
 * each page of somebody else's, --tries to what is offered, and those also
 * where a guess turned out to be right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/unit/diag_kit.h"

/* Connections of a probe, over all its runs, in the events. */
static unsigned
connects(const struct kit_run *r, const char *key)
{
	char *line = xasprintf("\"probe\":\"%s\"", key);
	unsigned n = 0;

	for (const char *at = r->log; *at != '\0';) {
		size_t len = strcspn(at, "\n");
		char *event = xstrndup(at, len);

		n += strstr(event, line) != NULL &&
		    strstr(event, "\"key\":\"connect\"") != NULL;
		free(event);
		at += len + (at[len] == '\n');
	}
	free(line);
	return n;
}

static unsigned
step_connects(const struct kit_run *r, const struct session *s,
    enum step_id step, unsigned *most, unsigned *probes)
{
	unsigned n = 0;

	*most = *probes = 0;
	for (size_t i = 0; i < s->nprobes; i++) {
		const struct sprobe *p = s->probes[i];
		unsigned c = p->step == step && p->qname == NULL &&
		    p->ep.port != 0 ? connects(r, p->key) : 0;

		*probes += c > 0;
		if (c > *most)
			*most = c;
		n += c;
	}
	return n;
}

/* A sound domain whose mail hosts offer nothing to users: each guess costs
   one connection, and the whole stays within its bounds. */
static void
sound_test(void **state)
{
	struct kit_run r;
	const struct session *s;
	unsigned most, n, probes;

	(void)state;
	kit_run(&r, "", 0);
	s = engine_session(r.engine);
	assert_string_equal(json_str(s->end, "verdict"), "ok");
	n = step_connects(&r, s, STEP_MAILBOX, &most, &probes);
	assert_int_equal(most, 1);
	/* Two mail hosts, two addresses each, six services. */
	assert_int_equal(n, 24);
	assert_int_equal(probes, 24);
	n = step_connects(&r, s, STEP_WEB, &most, &probes);
	assert_int_equal(most, 3);
	/* Two names, four addresses each, two services, three tries. */
	assert_int_equal(n, 48);
	n = step_connects(&r, s, STEP_MAIL_IN, &most, &probes);
	assert_int_equal(n, 4);
	assert_true(r.stats.connects <= 24 + 48 + 4 + 60);
	assert_true(r.took <= 10 * NSEC_PER_SEC);
	kit_free(&r);
}

/* Guessed names that are silent on every port cost one time-out each. */
static void
silent_test(void **state)
{
	struct kit_run r;
	const struct session *s;
	unsigned most, n, probes;

	(void)state;
	kit_run(&r, "record {d} mail A {x1.4}\nrecord {d} imap AAAA {x1.6}\n"
	    "fault tcp {x1.4} silent\nfault tcp {x1.6} silent\n", 0);
	s = engine_session(r.engine);
	assert_string_equal(json_str(s->end, "verdict"), "ok");
	n = step_connects(&r, s, STEP_MAILBOX, &most, &probes);
	assert_int_equal(most, 1);
	assert_int_equal(n, 24 + 6 + 2);
	assert_true(r.took <= 20 * NSEC_PER_SEC);
	kit_free(&r);
}

/* A guess that works is offered: its other addresses get all tries, and what
   they lack is found as ever. */
static void
right_test(void **state)
{
	static const char text[] =
	    "record {d} mail A {x1.4}\nrecord {d} mail AAAA {x1.6}\n"
	    "imap mail.{d} {x1.4} {x1.6} tls\n"
	    "fault tcp {x1.6} port 993 refused\n";
	struct kit_run r;
	const struct session *s;
	char *good, *bad, *other;

	(void)state;
	kit_run(&r, text, 0);
	s = engine_session(r.engine);
	good = xasprintf("mailbox/imaps/mail.%s/%s/993", kit_var(&r, "d"),
	    kit_var(&r, "x1.4"));
	bad = xasprintf("mailbox/imaps/mail.%s/%s/993", kit_var(&r, "d"),
	    kit_var(&r, "x1.6"));
	other = xasprintf("mailbox/pop3/mail.%s/%s/110", kit_var(&r, "d"),
	    kit_var(&r, "x1.6"));
	assert_int_equal(connects(&r, good), 1);
	assert_int_equal(connects(&r, bad), 1 + 3);
	assert_int_equal(connects(&r, other), 1);
	assert_string_equal(json_str(s->end, "verdict"), "error");
	free(good);
	free(bad);
	free(other);
	kit_free(&r);
}

/* One try lost, at an address of a service that is there: the tries tell. */
static const struct kit_case cases[] = {
	{ "a guess lost once, then there",
	    "record {d} mail A {x1.4}\nrecord {d} mail AAAA {x1.6}\n"
	    "imap mail.{d} {x1.4} {x1.6} tls\n"
	    "fault tcp {x1.6} port 993 attempt 1 refused\n"
	    "= ok\n+ ok mail.{d} {x1.6} imaps:993\n" },
	{ "a guess that never comes",
	    "record {d} mail A {x1.4}\nrecord {d} mail AAAA {x1.6}\n"
	    "imap mail.{d} {x1.4} {x1.6} tls\n"
	    "fault tcp {x1.6} port 993 silent\n"
	    "> error connect-timeout mail.{d} {x1.6} imaps:993 masked\n"
	    "> fact half-done-v6 {d} - -\n= error\n" },
};

/* A redirect to a page of another host: one fetch an address. */
static void
elsewhere_test(void **state)
{
	static const char text[] =
	    "delegate {other} {n2}.{other} {x3.4}\nzone {other}\n"
	    "server {n2}.{other} {x3.4}\n"
	    "record {other} {n1} A {x1.4}\nrecord {other} {n1} A {x2.4}\n"
	    "web {n1}.{other} {x1.4} {x2.4}\n"
	    "! web {www}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} redirect "
	    "https://{n1}.{other}/there\n";
	struct kit_run r;
	const struct session *s;
	unsigned pages = 0;

	(void)state;
	kit_run(&r, text, 0);
	s = engine_session(r.engine);
	for (size_t i = 0; i < s->nprobes; i++) {
		const struct sprobe *p = s->probes[i];

		if (p->step != STEP_WEB || strncmp(p->what, "get:", 4) != 0)
			continue;
		assert_int_equal(connects(&r, p->key), 1);
		pages++;
	}
	assert_int_equal(pages, 2);
	kit_free(&r);
}

static const struct world_ops *inner;
static struct addr forbidden;
static unsigned refusals;

/* This host's own packet filter does not let us go there. */
static int
filtered_connect(struct world *w, int handle, const struct sockname *to)
{
	if (!addr_equal(&to->addr, &forbidden) || refusals >= 100)
		return inner->connect(w, handle, to);
	refusals++;
	errno = EPERM;
	return -1;
}

/* What fails for a reason of our own is not tried over and over. */
static void
ours_test(void **state)
{
	static const char text[] =
	    "record {d} mail A {x1.4}\nrecord {d} mail AAAA {x1.6}\n"
	    "imap mail.{d} {x1.4} {x1.6} tls\n";
	struct world_ops ops;
	struct kit_run r;

	(void)state;
	kit_start(&r, text, 0);
	inner = r.world->ops;
	ops = *inner;
	ops.connect = filtered_connect;
	r.world->ops = &ops;
	refusals = 0;
	assert_int_equal(addr_parse(&forbidden, kit_var(&r, "x1.6")), 0);
	kit_finish(&r);
	assert_in_range(refusals, 1, 30);
	r.world->ops = inner;
	kit_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_test),
		cmocka_unit_test(sound_test),
		cmocka_unit_test(silent_test),
		cmocka_unit_test(right_test),
		cmocka_unit_test(elsewhere_test),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	return failed + kit_group("tries", cases, sizeof(cases) /
	    sizeof(cases[0]));
}
