/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many columns a character takes. curses and readline ask wcwidth(), and
 * the one of the C library knows neither this terminal's width of ambiguous
 * characters nor our tables: so the program brings its own, which the
 * libraries find first. Where that does not work (width_set finds out), the
 * guide draws ASCII signs.
 */
#include <curses.h>
#include <stdint.h>
#include <wchar.h>

#include "base/text.h"
#include "ui/tui_term.h"

static int ambiguous = 1;

static size_t
encode(uint32_t c, char out[5])
{
	size_t n = 0;

	if (c < 0x80) {
		out[n++] = (char)c;
	} else if (c < 0x800) {
		out[n++] = (char)(0xc0 | c >> 6);
		out[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		out[n++] = (char)(0xe0 | c >> 12);
		out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		out[n++] = (char)(0xf0 | (c >> 18 & 7));
		out[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (c & 0x3f));
	}
	out[n] = '\0';
	return n;
}

int
wcwidth(wchar_t wc)
{
	uint32_t c = (uint32_t)wc;
	char s[5];

	if (c == 0)
		return 0;
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return -1;
	if (c < 0x7f)
		return 1;
	encode(c, s);
	return text_width(s, ambiguous);
}

bool
width_set(int columns)
{
	static const wchar_t probe[] = { 0x25b2, 0 };
	WINDOW *pad;
	int x;

	ambiguous = columns == 2 ? 2 : 1;
	if ((pad = newpad(1, 8)) == NULL)
		return false;
	mvwaddwstr(pad, 0, 0, probe);
	x = getcurx(pad);
	delwin(pad);
	return x == ambiguous;
}
