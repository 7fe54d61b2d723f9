/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What holds in every view: the hardware cursor stands on the focused row,
 * the smallest window and back keeps the place, signs are the session's; and
 * what clients live through follows from the findings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/unit/screen_kit.h"
#include "ui/signs.h"
#include "ui/strings.h"

static const char faults[] =
    "fault net {ns1.6} silent\n"
    "fault net {web2.6} silent\n"
    "fault net {mx1.6} refused\n";

static struct kit_run run;
static bool here;

static int
set_up(void **state)
{
	(void)state;
	if ((here = screen_here()))
		kit_run(&run, faults, 7);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (here)
		kit_free(&run);
	return 0;
}

static void
open_on(struct screen *k, int rows, int cols)
{
	screen_open(k, run.loop, run.engine, engine_session(run.engine), rows,
	    cols, "en", 1, true, true);
	screen_draw(k);
}

static const char *const ways[] = { "g Down Down Right Down Down", "n Tab",
	"n Tab Tab", "m", "m Right", "d Down", "c Down", "f Down", "n t",
	"n x", "n H", "?", "F1", "n Tab +" };
#define WAYS (sizeof ways / sizeof ways[0])

/* The row of the pane, and on the screen the text of that row. */
static void
assert_on_row(struct screen *k, const char *what)
{
	struct pane *p = tui_pane(k->tui);
	int y, x;

	screen_cursor(k, &y, &x);
	if (y != p->y + (int)(p->page.cursor - p->page.top))
		fail_msg("%s: the cursor is in row %d, row %zu of %zu has "
		    "the focus", what, y, p->page.cursor, p->page.top);
	if (x < p->x || x >= p->x + p->w)
		fail_msg("%s: the cursor is in column %d", what, x);
	if (p->page.n > 0 && (p->page.cursor < p->page.top ||
	    p->page.cursor >= p->page.top + (size_t)p->h))
		fail_msg("%s: the row is out of sight", what);
}

static void
cursor_on_the_row(void **state)
{
	static const char *const moves[] = { "Down", "Down", "PgDn", "PgDn",
		"Up", "G", "g", "Down" };
	struct screen k;
	size_t i, j;

	(void)state;
	if (!here)
		skip();
	for (i = 0; i < WAYS; i++) {
		open_on(&k, 24, 80);
		screen_keys(&k, ways[i]);
		assert_on_row(&k, ways[i]);
		for (j = 0; j < sizeof moves / sizeof moves[0]; j++) {
			screen_keys(&k, moves[j]);
			assert_on_row(&k, ways[i]);
		}
		screen_close(&k);
	}
}

static void
small_and_back(void **state)
{
	struct screen k;
	struct pane *p;
	char *before;
	enum view_id view;
	size_t i;

	(void)state;
	if (!here)
		skip();
	for (i = 0; i < WAYS; i++) {
		open_on(&k, 30, 100);
		screen_keys(&k, ways[i]);
		screen_keys(&k, "Down Down");
		p = tui_pane(k.tui);
		view = k.tui->view;
		before = xstrdup(page_id(&p->page));
		screen_size(&k, 5, 20);
		screen_check(&k, "20x5");
		assert_true(screen_shows(&k, "too small"));
		screen_size(&k, 15, 60);
		screen_check(&k, ways[i]);
		screen_size(&k, 30, 100);
		screen_check(&k, ways[i]);
		assert_int_equal(k.tui->view, view);
		assert_string_equal(page_id(&p->page), before);
		assert_on_row(&k, ways[i]);
		free(before);
		screen_close(&k);
	}
}

/* A row that has all these texts in this order. */
static bool
row_with(struct screen *k, const char *a, const char *b, const char *c)
{
	bool yes = false;
	char *row, *at;
	int i;

	for (i = 0; i < k->rows && !yes; i++) {
		row = screen_row(k, i);
		at = strstr(row, a);
		at = at == NULL ? NULL : strstr(at + strlen(a), b);
		yes = at != NULL && strstr(at + strlen(b), c) != NULL;
		free(row);
	}
	return yes;
}

static void
findings_have_their_signs(void **state)
{
	const struct session *s;
	struct screen k;
	json_t *f;
	size_t i;

	(void)state;
	if (!here)
		skip();
	s = engine_session(run.engine);
	open_on(&k, 90, 160);
	screen_keys(&k, "f");
	assert_true(json_array_size(json_object_get(s->end, "findings")) > 4);
	json_array_foreach(json_object_get(s->end, "findings"), i, f) {
		const json_t *ep = json_object_get(f, "endpoint");
		const char *addr = json_str(ep, "addr");

		if (!row_with(&k, signs_verdict(verdict_parse(json_str(f,
		    "verdict"))), json_str(f, "id"), *addr != '\0' ? addr :
		    json_str(ep, "name")))
			fail_msg("%s of %s is not on the screen",
			    json_str(f, "id"), addr);
	}
	screen_close(&k);
}

static void
matrix_has_its_signs(void **state)
{
	const struct session *s;
	struct screen k;
	json_t *cell;
	size_t i;

	(void)state;
	if (!here)
		skip();
	s = engine_session(run.engine);
	open_on(&k, 90, 160);
	screen_keys(&k, "m");
	json_array_foreach(json_object_get(s->end, "matrix"), i, cell)
		if (!row_with(&k, json_str(json_object_get(cell, "endpoint"),
		    "addr"), signs_verdict(verdict_parse(json_str(cell,
		    "verdict"))), ""))
			fail_msg("%s has another sign", json_str(
			    json_object_get(cell, "endpoint"), "addr"));
	screen_close(&k);
}

/* One address of IPv6 is dead, all of IPv4 works. */
static void
clients_have_theirs(void **state)
{
	struct screen k;

	(void)state;
	if (!here)
		skip();
	open_on(&k, 90, 160);
	screen_keys(&k, "c");
	assert_true(row_with(&k, "✔", "IPv4 only", "ms"));
	assert_true(row_with(&k, "✔", "Happy Eyeballs", "by chance"));
	assert_true(row_with(&k, "▲", "without (old", "127 s (by chance)"));
	assert_true(row_with(&k, "▲", "NAT64", "by chance"));
	assert_false(row_with(&k, "✘", "IPv4 only", ""));
	screen_close(&k);
}

/* Whole diagnoses, and what the view then says: sign, client and words of a
   row, or of a finding below; no: such a row is not there. */
static const struct {
	const char	*text;
	struct { const char *sign, *client, *words; } rows[4], no;
} lived[] = {
	{ "", { { "✔", "IPv4 only", "ms" }, { "✔", "NAT64", "ms" },
	    { "✔", "sending mail", "ms" }, { "✔", "without (old", "ms" } },
	    { "▲", "", "" } },
	{ "! record {d} www AAAA\nrecord {d} www AAAA fd00:1:2::80\n",
	    { { "✔", "IPv4 only", "ms" }, { "▲", "without (old",
	    "127 s (some fail)" }, { "✘", "NAT64", "fails" },
	    { "✘", "address-special", "fd00:1:2::80" } },
	    { "✘", "Happy Eyeballs", "" } },
	{ "! record {d} www\nrecord {d} www A 127.0.0.1\n",
	    { { "✘", "IPv4 only", "fails" }, { "✘", "sending mail",
	    "fails" } }, { "✘", "https {www}", "" } },
	{ "! web {www}\nweb {www} {web1.4} {web2.4}\n"
	    "web {www} {web1.6} {web2.6} cert self-signed\n",
	    { { "✔", "IPv4 only", "ms" }, { "✘", "Happy Eyeballs",
	    "fails" }, { "✘", "NAT64", "fails" },
	    { "✘", "cert-self-signed", "" } }, { "✘", "IPv4 only", "" } },
	{ "smtp {mx1} {mx1.6} rcpt \"550 5.1.1 No such user\"\n"
	    "@ rcpt {n1}@{d}\n", { { "✘", "sending mail", "fails" },
	    { "✘", "rcpt-rejected", "" } }, { "✘", "IPv4 only", "" } },
	{ "smtp {mx1} {mx1.4} {mx1.6} delay 12 greylist 300\n"
	    "@ rcpt {n1}@{d}\n", { { "·", "sending mail",
	    "12 s (first mail late)" } }, { "▲", "sending mail", "" } },
	{ "smtp {mx1} {mx1.4} {mx1.6} greylist 300\n"
	    "@ rcpt {n1}@{d}\n@ wait 310\n", { { "·", "sending mail",
	    "310 s (first mail late)" } }, { "▲", "sending mail", "" } },
	{ "fault dns {ns1.6} tcp refuse-port\n"
	    "fault dns {ns2.6} tcp refuse-port\n",
	    { { "▲", "IPv6-only resolver", "some fail" },
	    { "✔", "Happy Eyeballs", "by chance" },
	    { "✘", "dns-tcp-closed", "" } }, { "▲", "IPv4 only", "" } },
	{ "record {d} mail A {x1.4}\nrecord {d} mail AAAA {x1.6}\n"
	    "imap mail.{d} {x1.4} {x1.6} tls auth PLAIN\n"
	    "fault tcp {x1.6} port 993 silent\n",
	    { { "✘", "NAT64", "fails" }, { "✘", "connect-timeout",
	    "port 993" } }, { "✘", "IPv4 only", "" } },
	{ "@ subject {n1}.{tld}\n", { { "✘", "IPv4 only", "fails" },
	    { "✘", "sending mail", "fails" }, { "✘", "domain-missing",
	    "" } }, { "✔", "IPv4 only", "" } },
};

static void
clients_and_more(void **state)
{
	(void)state;
	if (!here)
		skip();
	for (size_t i = 0; i < sizeof lived / sizeof lived[0]; i++) {
		struct kit_run r;
		struct screen k;

		kit_run(&r, lived[i].text, 7);
		screen_open(&k, r.loop, r.engine, engine_session(r.engine),
		    90, 120, "en", 1, true, true);
		screen_draw(&k);
		screen_keys(&k, "c");
		for (size_t j = 0; j < 4 && lived[i].rows[j].sign != NULL;
		    j++)
			if (!row_with(&k, lived[i].rows[j].sign,
			    lived[i].rows[j].client, lived[i].rows[j].words))
				fail_msg("case %zu: no row %zu in\n%s", i, j,
				    screen_text(&k));
		if (row_with(&k, lived[i].no.sign, lived[i].no.client,
		    lived[i].no.words))
			fail_msg("case %zu: a row that should not be in\n%s",
			    i, screen_text(&k));
		screen_close(&k);
		kit_free(&r);
	}
}

/* Servers that keep silent on AAAA of www: said under the bars. */
static void
clients_and_aaaa(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	if (!here)
		skip();
	kit_run(&r, "fault dns {ns1.4} type AAAA name {www} silent\n"
	    "fault dns {ns1.6} type AAAA name {www} silent\n"
	    "fault dns {ns2.4} type AAAA name {www} silent\n"
	    "fault dns {ns2.6} type AAAA name {www} silent\n"
	    "! record {d} www AAAA\n", 7);
	screen_open(&k, r.loop, r.engine, engine_session(r.engine), 60, 120,
	    "en", 1, true, true);
	screen_draw(&k);
	screen_keys(&k, "c");
	assert_true(row_with(&k, "✘", "aaaa-timeout", ""));
	assert_true(row_with(&k, "▲", "without (old", "5."));
	screen_keys(&k, "/");
	screen_type(&k, "aaaa-timeout\r");
	screen_keys(&k, "Enter");
	assert_int_equal(k.tui->view, VIEW_MAIN);
	assert_true(screen_shows(&k, "AAAA"));
	screen_close(&k);
	kit_free(&r);
}

/* Addresses are cut in the middle only, and whole in the title. */
static void
addresses_can_be_read(void **state)
{
	const struct sprobe *p;
	char text[ADDR_STRLEN], *id;
	struct screen k;
	size_t i;

	(void)state;
	if (!here)
		skip();
	open_on(&k, 24, 80);
	for (i = 0; i < engine_session(run.engine)->nprobes; i++) {
		p = engine_session(run.engine)->probes[i];
		if (p->ep.addr.family != 6 || i % 7 != 0)
			continue;
		id = select_of_probe(p);
		select_go(k.tui, id);
		screen_draw(&k);
		addr_print(&p->ep.addr, text);
		if (!row_with(&k, "┬ ", text, ""))
			fail_msg("%s is not in the title", text);
		/* The end of it stands in the tree. */
		if (!row_with(&k, "│", strrchr(text, ':'), ""))
			fail_msg("%s is not in the tree", text);
		free(id);
	}
	screen_close(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursor_on_the_row),
		cmocka_unit_test(small_and_back),
		cmocka_unit_test(findings_have_their_signs),
		cmocka_unit_test(matrix_has_its_signs),
		cmocka_unit_test(clients_have_theirs),
		cmocka_unit_test(clients_and_aaaa),
		cmocka_unit_test(clients_and_more),
		cmocka_unit_test(addresses_can_be_read),
	};

	return cmocka_run_group_tests_name("views", tests, set_up, tear_down);
}
