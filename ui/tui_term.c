/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal in our hands, and what gives it back: also after a fatal
 * signal, for which the bytes are prepared beforehand.
 */
#include "ui/tui_term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "ui/keys.h"
#include "ui/restore.h"
#include "ui/strings.h"

static char restore[256];
static size_t restore_len;
static struct termios saved;
static bool have_saved;
static struct terminal *taken;

static void
prepare(const char *cap)
{
	const char *s = tigetstr(cap);
	size_t n;

	if (s == NULL || s == (const char *)-1)
		return;
	n = strlen(s);
	if (restore_len + n < sizeof(restore)) {
		memcpy(restore + restore_len, s, n);
		restore_len += n;
	}
}

static void
prepare_all(int out)
{
	static const char off[] = "\033[?2004l\033[?1000l";

	restore_len = 0;
	if (isatty(out)) {
		memcpy(restore, off, sizeof(off) - 1);
		restore_len = sizeof(off) - 1;
	}
	prepare("sgr0");
	prepare("rmkx");
	prepare("rmcup");
	prepare("cnorm");
	restore_begin(out, restore, restore_len, have_saved ? &saved : NULL);
}

/* LC_CTYPE only, and UTF-8 wherever the text of the environment says so. */
bool
term_locale(void)
{
	static const char *const more[] = { "", "C.UTF-8", "en_US.UTF-8",
		"ja_JP.UTF-8", "C.utf8" };
	size_t i;

	if (!strings_utf8()) {
		setlocale(LC_CTYPE, "C");
		return false;
	}
	for (i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (setlocale(LC_CTYPE, more[i]) != NULL &&
		    strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
			return true;
	setlocale(LC_CTYPE, "C");
	strings_set_utf8(false);
	return false;
}

static void
colors(bool color)
{
	static const short of[] = { COLOR_GREEN, COLOR_CYAN, COLOR_YELLOW,
		COLOR_RED };
	short i;

	if (!color || !has_colors())
		return;
	start_color();
	use_default_colors();
	for (i = 0; i < 4; i++)
		init_pair((short)(i + 1), of[i], -1);
}

static void
modes(struct terminal *t)
{
	raw();
	noecho();
	nonl();
	t->input = newpad(1, 1);
	keypad(t->input, TRUE);
	nodelay(t->input, TRUE);
	set_escdelay(25);
	typeahead(-1);		/* a key does not break off a picture */
	leaveok(stdscr, FALSE);
	define_key("\033[200~", KEY_MAX - 1);
	define_key("\033[201~", KEY_MAX - 2);
}

static void
at_exit(void)
{
	if (taken != NULL)
		term_close(taken);
}

int
term_open_at(struct terminal *t, const char *type, FILE *in, FILE *out, int rows,
    int cols, bool color)
{
	static bool once;

	t->utf8 = term_locale();
	t->fin = in;
	t->fout = out;
	t->in = fileno(in);
	t->out = fileno(out);
	have_saved = tcgetattr(t->in, &saved) == 0;
	use_env(rows == 0);
	if ((t->screen = newterm(type, out, in)) == NULL)
		return -1;
	if (rows > 0)
		resizeterm(rows, cols);
	prepare_all(t->out);
	modes(t);
	colors(color);
	taken = t;
	if (!once)
		atexit(at_exit);
	once = true;
	if (isatty(t->out))
		term_write(t, "\033[?2004h", 8);
	return 0;
}

int
term_open(struct terminal *t, bool color)
{
	const char *type = getenv("TERM");
	int tty = -1;

	memset(t, 0, sizeof(*t));
	if (!isatty(STDOUT_FILENO) || type == NULL || *type == '\0' ||
	    strcmp(type, "dumb") == 0)
		return -1;
	t->fin = stdin;
	if (!isatty(STDIN_FILENO)) {
		if ((tty = open("/dev/tty", O_RDWR | O_CLOEXEC)) < 0 ||
		    (t->fin = fdopen(tty, "r")) == NULL)
			return -1;
		t->own_in = true;
	}
	if (term_open_at(t, NULL, t->fin, stdout, 0, 0, color) == 0)
		return 0;
	if (t->own_in)
		fclose(t->fin);
	return -1;
}

void
term_close(struct terminal *t)
{
	if (t->screen == NULL)
		return;
	if (isatty(t->out))
		term_write(t, "\033[?2004l", 8);
	term_mouse(t, false);
	if (!isendwin())
		endwin();
	if (have_saved)
		tcsetattr(t->in, TCSADRAIN, &saved);
	delwin(t->input);
	delscreen(t->screen);
	restore_end();
	t->screen = NULL;
	taken = NULL;
	if (t->own_in)
		fclose(t->fin);
	t->own_in = false;
}

void
term_leave(struct terminal *t)
{
	if (isatty(t->out))
		term_write(t, "\033[?2004l", 8);
	endwin();
	if (have_saved)
		tcsetattr(t->in, TCSADRAIN, &saved);
}

void
term_enter(struct terminal *t)
{
	reset_prog_mode();
	clearok(curscr, TRUE);
	refresh();
	if (isatty(t->out))
		term_write(t, "\033[?2004h", 8);
}

void
term_write(struct terminal *t, const char *s, size_t n)
{
	ssize_t done;

	fflush(t->fout);
	while (n > 0) {
		if ((done = write(t->out, s, n)) < 0 && errno != EINTR)
			return;
		if (done > 0) {
			s += done;
			n -= (size_t)done;
		}
	}
}

void
term_mouse(struct terminal *t, bool on)
{
	(void)t;
	mousemask(on ? ALL_MOUSE_EVENTS : 0, NULL);
	mouseinterval(0);
}

/* The column of a cursor report "ESC [ row ; column R", or 0. */
static int
report(const char *s)
{
	const char *semi = strchr(s, ';');

	return semi == NULL || strchr(semi, 'R') == NULL ? 0 : atoi(semi + 1);
}

/* Four ambiguous signs, then: where is the cursor? */
int
term_measure(struct terminal *t)
{
	static const char ask[] = "\r\342\226\262\302\267\342\200\223"
		"\342\200\246\033[6n";
	struct termios mode, was;
	char answer[64] = "";
	size_t n = 0;
	ssize_t got;
	int column;

	if (!t->utf8 || tcgetattr(t->in, &was) != 0)
		return 0;
	mode = was;
	mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	mode.c_cc[VMIN] = 0;
	mode.c_cc[VTIME] = 1;
	tcsetattr(t->in, TCSANOW, &mode);
	term_write(t, ask, sizeof(ask) - 1);
	while (n < sizeof(answer) - 1 && strchr(answer, 'R') == NULL &&
	    (got = read(t->in, answer + n, 1)) > 0)
		answer[++n] = '\0';
	tcsetattr(t->in, TCSANOW, &was);
	term_write(t, "\r\033[K", 4);
	column = report(answer);
	return column == 5 ? 1 : column == 9 ? 2 : 0;
}

int
term_size(const struct terminal *t, int *rows, int *cols)
{
	struct winsize w;

	if (ioctl(t->out, TIOCGWINSZ, &w) != 0 || w.ws_row == 0 ||
	    w.ws_col == 0)
		return -1;
	*rows = w.ws_row;
	*cols = w.ws_col;
	return 0;
}

int
term_read(struct terminal *t)
{
	wint_t c;

	switch (wget_wch(t->input, &c)) {
	case OK:
		return c == '\n' ? '\r' : (int)c;
	case KEY_CODE_YES:
		return c == KEY_ENTER ? '\r' : (int)(KEY_SPECIAL | c);
	default:
		return -1;
	}
}
