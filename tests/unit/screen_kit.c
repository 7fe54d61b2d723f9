/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See screen_kit.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#ifdef HAVE_VTERM
#include <vterm.h>
#endif

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "tests/unit/screen_kit.h"
#include "ui/strings.h"

/* What ambiguous characters become on their way to a terminal that gives
   them two columns: signs that are wide everywhere. */
static const struct {
	unsigned	 is, as;
} wide[] = {
	{ 0xb7, 0x3410 }, { 0x2013, 0x3411 }, { 0x2026, 0x3412 },
	{ 0x2192, 0x3413 }, { 0x25b2, 0x3414 }, { 0x25b6, 0x3415 },
	{ 0x2018, 0x3416 }, { 0x2019, 0x3417 }, { 0x201c, 0x3418 },
	{ 0x201d, 0x3419 }, { 0x2190, 0x341a }, { 0x2014, 0x341b },
};

/* readline forgets a few bytes when a line is left in the middle of a key
   sequence or a numeric argument. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libreadline\n";
}

#ifndef HAVE_VTERM
bool
screen_here(void)
{
	printf("SKIP vterm: libvterm was not found by configure\n");
	return false;
}
void screen_open(struct screen *k, struct loop *l, struct engine *e,
    const struct session *s, int r, int c, const char *g, int a, bool u,
    bool o)
{
	(void)k; (void)l; (void)e; (void)s; (void)r; (void)c; (void)g;
	(void)a; (void)u; (void)o; (void)wide;
}
void screen_close(struct screen *k) { (void)k; }
void screen_draw(struct screen *k) { (void)k; }
void screen_keys(struct screen *k, const char *n) { (void)k; (void)n; }
void screen_type(struct screen *k, const char *n) { (void)k; (void)n; }
void screen_size(struct screen *k, int r, int c) { (void)k; (void)r; (void)c; }
char *screen_text(struct screen *k) { (void)k; return xstrdup(""); }
char *screen_row(struct screen *k, int r) { (void)k; (void)r; return xstrdup(""); }
bool screen_shows(struct screen *k, const char *t) { (void)k; (void)t; return true; }
void screen_check(struct screen *k, const char *w) { (void)k; (void)w; }
void screen_golden(struct screen *k, const char *n) { (void)k; (void)n; }
void screen_terminal(struct screen *k, int r, int c) { (void)k; (void)r; (void)c; }
void screen_feed(struct screen *k, const char *s, size_t n) { (void)k; (void)s; (void)n; }
void screen_terminal_end(struct screen *k) { (void)k; }
void screen_cursor(struct screen *k, int *r, int *c) { (void)k; *r = *c = 0; }
#else

bool
screen_here(void)
{
	return true;
}

static void
put_utf8(struct buf *b, unsigned c)
{
	if (c < 0x80)
		buf_addc(b, (char)c);
	else if (c < 0x800)
		buf_printf(b, "%c%c", (int)(0xc0 | c >> 6),
		    (int)(0x80 | (c & 0x3f)));
	else if (c < 0x10000)
		buf_printf(b, "%c%c%c", (int)(0xe0 | c >> 12),
		    (int)(0x80 | (c >> 6 & 0x3f)), (int)(0x80 | (c & 0x3f)));
	else
		buf_printf(b, "%c%c%c%c", (int)(0xf0 | c >> 18),
		    (int)(0x80 | (c >> 12 & 0x3f)),
		    (int)(0x80 | (c >> 6 & 0x3f)), (int)(0x80 | (c & 0x3f)));
}

static unsigned
map(unsigned c, bool back)
{
	size_t i;

	for (i = 0; i < sizeof wide / sizeof wide[0]; i++) {
		if (!back && wide[i].is == c)
			return wide[i].as;
		if (back && wide[i].as == c)
			return wide[i].is;
	}
	return c;
}

/* Bytes on their way to the terminal, ambiguous characters made wide. */
static char *
widened(const char *s, size_t n, size_t *len)
{
	struct buf b;
	size_t i, used;

	buf_init(&b, 0);
	for (i = 0; i < n; i += used) {
		unsigned char u = (unsigned char)s[i];
		unsigned c = u;

		used = u < 0xc0 ? 1 : u < 0xe0 ? 2 : u < 0xf0 ? 3 : 4;
		if (used > 1 && i + used <= n) {
			size_t k;

			c = u & (0xffu >> (used + 1));
			for (k = 1; k < used; k++)
				c = c << 6 | ((unsigned char)s[i + k] & 0x3f);
			put_utf8(&b, map(c, false));
		} else
			buf_addc(&b, s[i]);
	}
	*len = b.len;
	return buf_steal(&b);
}

/* Let the terminal take in what curses wrote. */
static void
take(struct screen *k)
{
	long end;
	char *w;
	size_t n;

	fflush(k->out);
	end = (long)lseek(fileno(k->out), 0, SEEK_END);
	free(k->bytes);
	k->nbytes = (size_t)end - k->total;
	k->bytes = xmalloc(k->nbytes + 1);
	if (pread(fileno(k->out), k->bytes, k->nbytes, (off_t)k->total) !=
	    (ssize_t)k->nbytes)
		fail_msg("the terminal's file cannot be read");
	k->bytes[k->nbytes] = '\0';
	k->total = (size_t)end;
	if (k->amb == 2) {
		w = widened(k->bytes, k->nbytes, &n);
		vterm_input_write(k->vt, w, n);
		free(w);
	} else
		vterm_input_write(k->vt, k->bytes, k->nbytes);
}

void
screen_open(struct screen *k, struct loop *loop, struct engine *e,
    const struct session *s, int rows, int cols, const char *lang,
    int ambiguous, bool utf8, bool color)
{
	struct tui_opts o;
	VTermScreen *screen;

	memset(k, 0, sizeof *k);
	memset(&o, 0, sizeof o);
	k->rows = rows;
	k->cols = cols;
	k->amb = ambiguous;
	k->utf8 = utf8;
	k->loop = loop;
	k->in = fopen("/dev/null", "r");
	k->out = tmpfile();
	assert_non_null(k->out);
	setenv("INPUTRC", "/dev/null", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	strings_set_utf8(utf8);
	assert_int_equal(strings_choose(lang), 0);
	keys_init(&k->keys);
	o.color = color;
	o.ambiguous = ambiguous;
	o.keys = &k->keys;
	k->tui = tui_new(&o, loop, e, s);
	/* One that neither inserts nor deletes characters nor repeats them:
	   libvterm 0.1 does these wrong at the right edge. */
	if (term_open_at(&k->tui->term, "vt100", k->in, k->out, rows,
	    cols, color) != 0)
		fail_msg("no terminal description of vt100");
	assert_true(width_set(ambiguous));
	k->tui->rows = rows;
	k->tui->cols = cols;
	k->vt = vterm_new(rows, cols);
	vterm_set_utf8(k->vt, 1);
	screen = vterm_obtain_screen(k->vt);
	vterm_screen_enable_altscreen(screen, 1);
	vterm_screen_reset(screen, 1);
}

void
screen_close(struct screen *k)
{
	tui_free(k->tui);
	keys_free(&k->keys);
	vterm_free(k->vt);
	fclose(k->in);
	fclose(k->out);
	free(k->bytes);
	strings_set_utf8(true);
	width_set(1);
	strings_choose("en");
}

void
screen_terminal(struct screen *k, int rows, int cols)
{
	VTermScreen *screen;

	memset(k, 0, sizeof *k);
	k->rows = rows;
	k->cols = cols;
	k->amb = 1;
	k->vt = vterm_new(rows, cols);
	vterm_set_utf8(k->vt, 1);
	screen = vterm_obtain_screen(k->vt);
	vterm_screen_enable_altscreen(screen, 1);
	vterm_screen_reset(screen, 1);
}

void
screen_feed(struct screen *k, const char *bytes, size_t n)
{
	if (k->vt != NULL)
		vterm_input_write(k->vt, bytes, n);
}

void
screen_terminal_end(struct screen *k)
{
	if (k->vt != NULL)
		vterm_free(k->vt);
	k->vt = NULL;
}

void
screen_cursor(struct screen *k, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(k->vt), &pos);
	*row = pos.row;
	*col = pos.col;
}

void
screen_draw(struct screen *k)
{
	tui_draw(k->tui);
	take(k);
}

void
screen_keys(struct screen *k, const char *names)
{
	size_t n;
	int key;

	for (; *names != '\0'; names += n) {
		names += strspn(names, " ");
		if ((n = strcspn(names, " ")) == 0)
			break;
		key = keys_parse(names, n);
		if (key < 0)
			fail_msg("no key %.*s", (int)n, names);
		tui_key(k->tui, key);
		screen_draw(k);
	}
}

void
screen_type(struct screen *k, const char *text)
{
	for (; *text != '\0'; text++)
		tui_key(k->tui, (unsigned char)*text);
	screen_draw(k);
}

void
screen_size(struct screen *k, int rows, int cols)
{
	k->rows = rows;
	k->cols = cols;
	vterm_set_size(k->vt, rows, cols);
	tui_resized(k->tui, rows, cols);
	screen_draw(k);
}

char *
screen_row(struct screen *k, int row)
{
	VTermScreen *s = vterm_obtain_screen(k->vt);
	VTermScreenCell cell;
	VTermPos at = { row, 0 };
	struct buf b;
	int i;

	buf_init(&b, 0);
	for (; at.col < k->cols; at.col += cell.width > 0 ? cell.width : 1) {
		memset(&cell, 0, sizeof cell);
		vterm_screen_get_cell(s, at, &cell);
		if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
			buf_addc(&b, ' ');
		else
			for (i = 0; i < VTERM_MAX_CHARS_PER_CELL &&
			    cell.chars[i] != 0; i++)
				put_utf8(&b, k->amb == 2 ?
				    map(cell.chars[i], true) : cell.chars[i]);
	}
	while (b.len > 0 && b.data[b.len - 1] == ' ')
		b.data[--b.len] = '\0';
	return buf_steal(&b);
}

char *
screen_text(struct screen *k)
{
	struct buf b;
	char *row;
	int i;

	buf_init(&b, 0);
	for (i = 0; i < k->rows; i++) {
		row = screen_row(k, i);
		buf_printf(&b, "%s\n", row);
		free(row);
	}
	return buf_steal(&b);
}

bool
screen_shows(struct screen *k, const char *text)
{
	char *all = screen_text(k);
	bool yes = strstr(all, text) != NULL;

	free(all);
	return yes;
}

/* The row as curses has it. */
static char *
believed(struct screen *k, int row)
{
	wchar_t w[512];
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	memset(w, 0, sizeof w);
	if (mvwinnwstr(curscr, row, 0, w, 500) > 0)
		for (i = 0; w[i] != 0; i++)
			put_utf8(&b, (unsigned)w[i]);
	while (b.len > 0 && b.data[b.len - 1] == ' ')
		b.data[--b.len] = '\0';
	(void)k;
	return buf_steal(&b);
}

void
screen_check(struct screen *k, const char *what)
{
	VTermState *state = vterm_obtain_state(k->vt);
	VTermPos pos;
	char *is, *should;
	size_t j;
	int i;

	for (i = 0; i < k->rows; i++) {
		is = screen_row(k, i);
		should = believed(k, i);
		if (strcmp(is, should) != 0)
			fail_msg("%s: row %d: the terminal shows\n%s\nbut it "
			    "was meant\n%s\nafter the bytes %s", what, i, is,
			    should, text_escaped(k->bytes, k->nbytes));
		if (text_width(is, k->amb) > k->cols)
			fail_msg("%s: row %d is wider than the screen: %s",
			    what, i, is);
		for (j = 0; is[j] != '\0'; j++)
			if ((unsigned char)is[j] < 32 || is[j] == 127)
				fail_msg("%s: a control character in row %d",
				    what, i);
		free(is);
		free(should);
	}
	for (j = 0; j < k->nbytes; j++)
		if ((unsigned char)k->bytes[j] < 32 &&
		    strchr("\033\r\n\b\t\016\017", k->bytes[j]) == NULL)
			fail_msg("%s: byte %02x was written", what,
			    (unsigned)k->bytes[j]);
	vterm_state_get_cursorpos(state, &pos);
	if (pos.row != k->tui->cursor_y || (pos.col != k->tui->cursor_x &&
	    pos.col != k->cols - 1))
		fail_msg("%s: the cursor is at %d,%d, not %d,%d", what,
		    pos.row, pos.col, k->tui->cursor_y, k->tui->cursor_x);
}

static char *
golden_name(const char *name)
{
	const char *src = getenv("SRCDIR");

	return xasprintf("%s/tests/screen/golden/%s", src == NULL ? "." :
	    src, name);
}

static char *
read_all(FILE *f)
{
	struct buf b;
	char part[4096];
	size_t n;

	buf_init(&b, 0);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_add(&b, part, n);
	return buf_steal(&b);
}

void
screen_golden(struct screen *k, const char *name)
{
	const char *mode = getenv("TADORU_GOLDEN");
	char *file = golden_name(name), *is = screen_text(k), *should;
	FILE *f;

	screen_check(k, name);
	if (mode != NULL && strcmp(mode, "write") == 0) {
		if ((f = fopen(file, "w")) == NULL || fputs(is, f) < 0 ||
		    fclose(f) != 0)
			fail_msg("%s cannot be written", file);
	} else {
		if ((f = fopen(file, "r")) == NULL)
			fail_msg("%s: no such golden screen; it would be\n%s",
			    file, is);
		should = read_all(f);
		fclose(f);
		if (strcmp(is, should) != 0)
			fail_msg("%s differs (TADORU_GOLDEN=write makes it "
			    "anew). It was\n%s\nand is\n%s", file, should,
			    is);
		free(should);
	}
	free(is);
	free(file);
}
#endif
