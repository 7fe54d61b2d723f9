/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every key in every place of the guide is pressed, and the effect that its
 * row names is looked for. No two rows clash anywhere; help and explain name
 * every key; keys can be bound anew. Then random keys and sizes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/unit/screen_kit.h"
#include "ui/strings.h"

static const char faults[] =
    "fault net {ns1.6} silent\n"
    "fault net {web2.6} silent\n";

static struct kit_run run;
static bool here;
static char home[] = "/tmp/tadoru-keys-XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	if (!(here = screen_here()))
		return 0;
	if (mkdtemp(home) == NULL)
		return -1;
	setenv("XDG_STATE_HOME", home, 1);
	kit_stay = true;
	kit_start(&run, faults, 7);
	engine_start(run.engine);
	while (!engine_ended(run.engine))
		loop_run(run.loop);
	return 0;
}

static int
tear_down(void **state)
{
	char *command = xasprintf("rm -rf %s", home);

	(void)state;
	if (here) {
		buf_free(&run.events);
		kit_free(&run);
		if (system(command) != 0)
			print_message("%s is left\n", home);
	}
	free(command);
	return 0;
}

static void
open_on(struct screen *k, struct kit_run *r)
{
	screen_open(k, r->loop, r->engine, engine_session(r->engine), 30, 100,
	    "en", 1, true, true);
	screen_draw(k);
}

/* The way to each place, beginning with the one of the lowest bit. */
static const char *const ways[W_PLACES] = { "g Down Down Right Down Down",
	"n Tab", "n Tab Tab", "m", "d Down", "c Down", "f Down",
	"n t", "n x", "n H", "?" };

/* What can be seen of a guide. */
struct snap {
	enum view_id	 view;
	enum pane_id	 focus;
	size_t		 cursor, unfolded;
	int		 cell, left, family;
	bool		 zoom, wrap, times, follow, mouse, manual, line, quit;
	bool		 leave, find, english;
	char		 message[200];
};

static void
look(struct snap *s, struct tui *t)
{
	const struct page *g = &tui_pane(t)->page;

	memset(s, 0, sizeof *s);
	s->view = t->view;
	s->focus = t->focus;
	s->cursor = g->cursor;
	s->unfolded = t->nunfolded;
	s->cell = g->cell;
	s->left = g->left;
	s->family = t->family;
	s->zoom = t->zoom;
	s->wrap = t->wrap;
	s->times = t->times;
	s->follow = t->follow;
	s->mouse = t->mouse;
	s->manual = t->manual;
	s->line = t->line != NULL;
	s->quit = t->quit;
	s->leave = t->leave;
	s->find = t->find != NULL;
	s->english = strcmp(strings_lang(), "en") == 0;
	snprintf(s->message, sizeof s->message, "%s", t->message == NULL ? "" :
	    t->message);
}

static bool
says(const struct snap *s, const char *key)
{
	return strcmp(s->message, strings_get(key)) == 0;
}

static bool
to_view(const struct snap *a, const struct snap *b, enum view_id v)
{
	return a->view == v ? b->view != v : b->view == v;
}

/* Did the function do what its row says, in this place? */
static bool
effect(const char *f, unsigned where, const struct snap *a,
    const struct snap *b)
{
	bool list = where != W_HEX;

#define IS(name) (strcmp(f, name) == 0)
	if (IS("open"))
		return where == W_LIVE ? b->view == VIEW_HEX :
		    where == W_STEPS ? b->unfolded != a->unfolded :
		    b->view == VIEW_MAIN || says(b, "tui.nothing-to-open");
	if (IS("next-problem") || IS("prev-problem"))
		return b->view == VIEW_MAIN && strchr(b->message, '/') != NULL;
	if (IS("pause") || IS("step"))
		return says(b, "tui.over");
	if (IS("faster") || IS("slower"))
		return says(b, "tui.only-replay");
	if (IS("by-hand") || IS("edit"))
		return true;	/* test_screen_hand looks at these */
	if (IS("again"))
		return strstr(b->message, "run again") != NULL ||
		    says(b, "tui.cannot-again");
	if (IS("again-times") || IS("search") || IS("command") || IS("save"))
		return b->line;
	if (IS("skip"))
		return says(b, "tui.nothing-runs");
	if (IS("follow"))
		return b->follow && b->view == VIEW_MAIN;
	if (IS("matrix"))
		return to_view(a, b, VIEW_MATRIX);
	if (IS("map"))
		return to_view(a, b, VIEW_MAP);
	if (IS("clients"))
		return to_view(a, b, VIEW_CLIENTS);
	if (IS("findings"))
		return to_view(a, b, VIEW_FINDINGS);
	if (IS("tls"))
		return to_view(a, b, VIEW_TLS);
	if (IS("hex"))
		return to_view(a, b, VIEW_HEX);
	if (IS("sides"))
		return to_view(a, b, VIEW_SIDES);
	if (IS("help"))
		return to_view(a, b, VIEW_HELP);
	if (IS("manual"))
		return b->view == VIEW_HELP && b->manual;
	if (IS("back"))
		return where & W_MAIN ? b->quit && !b->leave :
		    b->view == VIEW_MAIN;
	if (IS("escape"))
		return b->view == VIEW_MAIN && !b->find;
	if (IS("quit"))
		return b->quit && b->leave;
	if (IS("cancel"))
		return b->quit;
	if (IS("up") || IS("page-up"))
		return b->cursor < a->cursor || a->cursor == 0 ||
		    where == W_MATRIX;	/* its first field */
	if (IS("down") || IS("page-down"))
		return b->cursor > a->cursor || !list || b->cursor ==
		    a->cursor;
	if (IS("first"))
		return b->cursor <= (where == W_MATRIX ? 2 : 0);
	if (IS("last"))
		return b->cursor >= a->cursor;
	if (IS("left"))
		return where == W_STEPS ? b->unfolded < a->unfolded ||
		    b->cursor < a->cursor : b->left == 0;
	if (IS("right"))
		return where == W_STEPS ? b->unfolded > a->unfolded :
		    where == W_MATRIX ? b->cell == a->cell + 1 :
		    b->left > a->left;
	if (IS("pane-next") || IS("pane-back"))
		return b->focus != a->focus;
	if (IS("zoom"))
		return b->zoom != a->zoom;
	if (IS("search-next") || IS("search-prev"))
		return says(b, "tui.search-first");
	if (IS("family"))
		return b->family != a->family;
	if (IS("wrap"))
		return b->wrap != a->wrap;
	if (IS("times"))
		return b->times != a->times;
	if (IS("language"))
		return b->english != a->english;
	if (IS("copy-line") || IS("copy-all") || IS("ticket"))
		return strstr(b->message, "clipboard.txt") != NULL ||
		    says(b, "tui.nothing-to-copy");
	if (IS("mouse"))
		return b->mouse != a->mouse;
	if (IS("redraw") || IS("suspend"))
		return b->view == a->view && b->cursor == a->cursor;
#undef IS
	fail_msg("%s has no test", f);
	return false;
}

static void
press_all(size_t place)
{
	struct snap a, b;
	struct screen k;
	char name[16], *keys, what[64];
	size_t i, n;
	char *at;

	for (i = 0; i < key_row_count; i++) {
		const struct key_row *r = &key_rows[i];

		if ((r->where & 1u << place) == 0)
			continue;
		open_on(&k, &run);
		keys = keys_of(&k.keys, r);
		for (at = keys; *at != '\0'; at += n + (at[n] == ' ')) {
			n = strcspn(at, " ");
			snprintf(name, sizeof name, "%.*s", (int)n, at);
			screen_close(&k);
			open_on(&k, &run);
			screen_keys(&k, ways[place]);
			look(&a, k.tui);
			assert_int_equal(tui_where(k.tui), 1u << place);
			screen_keys(&k, name);
			look(&b, k.tui);
			snprintf(what, sizeof what, "%s in %s", name,
			    keys_place(1u << place));
			if (!effect(r->name, 1u << place, &a, &b))
				fail_msg("%s: not %s; message: %s", what,
				    r->name, b.message);
			if (!b.quit)
				screen_check(&k, what);
		}
		free(keys);
		screen_close(&k);
		/* What was run again ends first. */
		while (engine_busy(run.engine) || !engine_ended(run.engine))
			loop_run(run.loop);
	}
}

static void
every_key_everywhere(void **state)
{
	size_t place;

	(void)state;
	if (!here)
		skip();
	for (place = 0; place < W_PLACES; place++)
		press_all(place);
}

static void
no_clashes(void **state)
{
	struct keys k;
	size_t i, j;
	char name[16];

	(void)state;
	keys_init(&k);
	for (i = 0; i < k.n; i++) {
		if (k.list[i].key < 0)
			fail_msg("%s: a key that is none",
			    key_rows[k.list[i].row].name);
		for (j = 0; j < i; j++)
			if (k.list[i].key == k.list[j].key &&
			    (key_rows[k.list[i].row].where &
			    key_rows[k.list[j].row].where) != 0)
				fail_msg("%s is both %s and %s",
				    keys_name(k.list[i].key, name),
				    key_rows[k.list[i].row].name,
				    key_rows[k.list[j].row].name);
	}
	keys_free(&k);
}

static void
every_key_has_help(void **state)
{
	static const char *const langs[] = { "en", "ja" };
	struct keys k;
	struct out o = { .ambiguous = 1 };
	char *text = NULL, *key;
	size_t size, i, l;

	(void)state;
	keys_init(&k);
	for (l = 0; l < 2; l++) {
		strings_choose(langs[l]);
		o.file = open_memstream(&text, &size);
		keys_print(&k, &o);
		fclose(o.file);
		for (i = 0; i < key_row_count; i++) {
			key = xasprintf("key.%s", key_rows[i].name);
			if (strings_try(key) == NULL)
				fail_msg("no string %s", key);
			free(key);
			if (strstr(text, key_rows[i].name) == NULL)
				fail_msg("%s is not printed",
				    key_rows[i].name);
			key = xasprintf("hint.%s", key_rows[i].name);
			if (key_rows[i].hint && strings_try(key) == NULL)
				fail_msg("no string %s", key);
			free(key);
		}
		free(text);
	}
	strings_choose("en");
	keys_free(&k);
}

static void
bound_anew(void **state)
{
	struct keys k;
	char *said;

	(void)state;
	keys_init(&k);
	assert_int_equal(keys_bind(&k, "z=findings", &said), 0);
	assert_null(said);
	assert_string_equal(keys_row(&k, 'z', W_STEPS)->name, "findings");
	assert_string_equal(keys_row(&k, 'f', W_STEPS)->name, "findings");
	assert_int_equal(keys_bind(&k, "m=map", &said), 0);
	assert_non_null(strstr(said, "matrix"));
	free(said);
	assert_string_equal(keys_row(&k, 'm', W_HEX)->name, "map");
	assert_int_equal(keys_bind(&k, "==open", &said), 0);
	assert_null(said);
	assert_int_equal(keys_bind(&k, "Ctrl-A=quit", &said), 0);
	assert_int_equal(keys_bind(&k, "m=mpa", &said), -1);
	assert_non_null(strstr(said, "map"));
	free(said);
	assert_int_equal(keys_bind(&k, "Hyper-m=map", &said), -1);
	assert_non_null(strstr(said, "Hyper-m"));
	free(said);
	assert_int_equal(keys_bind(&k, "", &said), -1);
	free(said);
	assert_int_equal(keys_bind(&k, "m", &said), -1);
	free(said);
	keys_free(&k);
}

/* The engine in the midst of its work. */
static void
stop_here(void *ctx)
{
	loop_stop(ctx);
}

static void
steers_the_engine(void **state)
{
	struct kit_run r;
	struct screen k;

	(void)state;
	if (!here)
		skip();
	kit_start(&r, faults, 7);
	engine_start(r.engine);
	loop_timer(r.loop, 900 * NSEC_PER_MSEC, stop_here, r.loop);
	loop_run(r.loop);
	assert_false(engine_ended(r.engine));
	open_on(&k, &r);
	assert_true(k.tui->follow);
	screen_keys(&k, "Space");
	assert_true(engine_paused(r.engine));
	assert_true(screen_shows(&k, "paused"));
	screen_keys(&k, "Space");
	assert_false(engine_paused(r.engine));
	screen_keys(&k, "q");
	assert_false(k.tui->quit);
	assert_true(screen_shows(&k, "still running"));
	screen_keys(&k, "q");
	assert_true(k.tui->quit);
	k.tui->quit = false;
	screen_keys(&k, "g Down Down X");
	screen_keys(&k, "s");
	screen_check(&k, "steering");
	screen_keys(&k, "Ctrl-C");
	while (!engine_ended(r.engine))
		loop_run(r.loop);
	screen_draw(&k);
	screen_keys(&k, "Ctrl-C");
	assert_true(k.tui->quit);
	screen_close(&k);
	buf_free(&r.events);
	kit_free(&r);
}

static void
steps_say_beforehand(void **state)
{
	struct kit_run r;
	struct screen k;
	int i;

	(void)state;
	if (!here)
		skip();
	kit_start(&r, "", 7);
	screen_open(&k, r.loop, r.engine, engine_session(r.engine), 40, 120,
	    "en", 1, true, true);
	engine_sink(r.engine, tui_event, k.tui);
	engine_stepping(r.engine, true);
	engine_start(r.engine);
	loop_timer(r.loop, NSEC_PER_SEC, stop_here, r.loop);
	loop_run(r.loop);
	screen_draw(&k);
	assert_int_equal(r.stats.datagrams, 0);
	assert_true(screen_shows(&k, "Nothing is sent until"));
	assert_true(screen_shows(&k, "$ dig"));
	for (i = 0; i < 40 && !engine_ended(r.engine); i++) {
		screen_keys(&k, i % 2 == 0 ? "s" : "Enter");
		loop_timer(r.loop, 20 * NSEC_PER_SEC, stop_here, r.loop);
		loop_run(r.loop);
		screen_draw(&k);
		screen_check(&k, "step by step");
	}
	assert_true(engine_ended(r.engine));
	screen_close(&k);
	buf_free(&r.events);
	kit_free(&r);
}

static void
runs_show_a_distribution(void **state)
{
	struct screen k;

	(void)state;
	if (!here)
		skip();
	open_on(&k, &run);
	engine_sink(run.engine, tui_event, k.tui);
	screen_keys(&k, "g Down Down Right Down R");
	assert_non_null(k.tui->line);
	screen_keys(&k, "Backspace Backspace");
	screen_type(&k, "3\r");
	while (engine_busy(run.engine) || !engine_ended(run.engine))
		loop_run(run.loop);
	screen_draw(&k);
	assert_true(screen_shows(&k, "runs 3/3"));
	screen_close(&k);
	/* The sink is gone with the guide: no more events after this. */
}

static void
lines_are_edited(void **state)
{
	struct screen k;

	(void)state;
	if (!here)
		skip();
	open_on(&k, &run);
	screen_keys(&k, ":");
	screen_type(&k, "lang jx");
	screen_keys(&k, "Backspace");
	screen_type(&k, "a\r");
	assert_string_equal(strings_lang(), "ja");
	screen_keys(&k, "L");
	assert_string_equal(strings_lang(), "en");
	screen_keys(&k, "/");
	screen_type(&k, "mail in\r");
	assert_string_equal(k.tui->find, "mail in");
	assert_string_equal(page_id(&k.tui->pane[PANE_STEPS].page),
	    "step:mail-in");
	screen_check(&k, "searching");
	screen_keys(&k, ":");
	screen_type(&k, "goto zone\r");
	assert_string_equal(page_id(&k.tui->pane[PANE_STEPS].page),
	    "step:zone");
	screen_keys(&k, ": Up");
	assert_true(screen_shows(&k, ":goto zone"));
	screen_keys(&k, "Esc");
	assert_null(k.tui->line);
	screen_keys(&k, ":");
	screen_type(&k, "mat\t\r");
	assert_int_equal(k.tui->view, VIEW_MATRIX);
	screen_keys(&k, ":");
	screen_type(&k, "nonsense\r");
	assert_true(screen_shows(&k, "no command nonsense"));
	screen_close(&k);
}

/* Down to nothing and back: the place is kept. */
static void
survives_sizes(void **state)
{
	struct screen k;
	char *before;

	(void)state;
	if (!here)
		skip();
	open_on(&k, &run);
	screen_keys(&k, "n Down");
	before = xstrdup(page_id(&k.tui->pane[PANE_STEPS].page));
	screen_size(&k, 5, 20);
	assert_true(screen_shows(&k, "too small"));
	screen_check(&k, "20x5");
	screen_size(&k, 15, 60);
	screen_check(&k, "60x15");
	screen_size(&k, 1, 1);
	screen_size(&k, 30, 100);
	screen_check(&k, "100x30");
	assert_string_equal(page_id(&k.tui->pane[PANE_STEPS].page), before);
	free(before);
	screen_close(&k);
}

static unsigned
draw(unsigned *x)
{
	*x = *x * 1664525u + 1013904223u;
	return *x >> 8;
}

static int
random_key(unsigned *x)
{
	static const int specials[] = { KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT,
		KEY_PPAGE, KEY_NPAGE, KEY_HOME, KEY_END, KEY_BTAB, KEY_F(1),
		KEY_BACKSPACE, KEY_DC, KEY_F(5), KEY_RESIZE };
	unsigned what = draw(x) % 10;

	if (what < 3)
		return KEY_SPECIAL | specials[draw(x) %
		    (sizeof specials / sizeof specials[0])];
	if (what == 3)
		return (int)(draw(x) % 32);
	if (what == 4)
		return 0x3042 + (int)(draw(x) % 80);
	return 32 + (int)(draw(x) % 95);
}

static void
random_keys(void **state)
{
	struct kit_run r;
	struct screen k;
	unsigned x = (unsigned)kit_seed();
	int i, n = getenv("TADORU_LONG") != NULL ? 10000 : 3000, key;
	char cwd[512];

	(void)state;
	if (!here)
		skip();
	assert_non_null(getcwd(cwd, sizeof cwd));
	assert_int_equal(chdir(home), 0);	/* :save writes files */
	kit_start(&r, faults, 7);
	open_on(&k, &r);
	engine_sink(r.engine, tui_event, k.tui);
	engine_start(r.engine);
	for (i = 0; i < n; i++) {
		key = random_key(&x);
		if (key == 26)
			continue;
		tui_key(k.tui, key);
		k.tui->quit = k.tui->leave = false;
		if (draw(&x) % 50 == 0)
			screen_size(&k, 1 + (int)(draw(&x) % 60),
			    1 + (int)(draw(&x) % 160));
		if (draw(&x) % 10 == 0 && (!engine_ended(r.engine) ||
		    engine_busy(r.engine))) {
			loop_timer(r.loop, 20 * NSEC_PER_MSEC, stop_here,
			    r.loop);
			loop_run(r.loop);
		}
		if (draw(&x) % 4 == 0)
			screen_draw(&k);
		if (draw(&x) % 40 == 0) {
			screen_draw(&k);
			if (k.tui->rows >= TUI_ROWS &&
			    k.tui->cols >= TUI_COLS)
				screen_check(&k, "random keys");
		}
	}
	screen_close(&k);
	buf_free(&r.events);
	kit_free(&r);
	assert_int_equal(chdir(cwd), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_clashes),
		cmocka_unit_test(every_key_has_help),
		cmocka_unit_test(bound_anew),
		cmocka_unit_test(every_key_everywhere),
		cmocka_unit_test(steers_the_engine),
		cmocka_unit_test(steps_say_beforehand),
		cmocka_unit_test(lines_are_edited),
		cmocka_unit_test(survives_sizes),
		cmocka_unit_test(random_keys),
		cmocka_unit_test(runs_show_a_distribution),
	};

	return cmocka_run_group_tests_name("keys of the guide", tests, set_up,
	    tear_down);
}
