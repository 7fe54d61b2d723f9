/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How verdicts, endpoints and dates look in one line of text, the same in
 * plain output and in the report.
 */
#include "ui/signs.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "ui/strings.h"

static const struct {
	const char	*sign, *ascii;
	enum out_color	 color;
} signs[] = {
	[VERDICT_NONE] = { " ", " ", OUT_PLAIN },
	[VERDICT_FACT] = { " ", " ", OUT_PLAIN },
	[VERDICT_NOT_OFFERED] = { "\xe2\x80\x93", "-", OUT_DIM },
	[VERDICT_NOT_ASKED] = { "\xe2\x80\x93", "-", OUT_DIM },
	[VERDICT_OK] = { "\xe2\x9c\x94", "+", OUT_GREEN },
	[VERDICT_NOTICE] = { "\xc2\xb7", ".", OUT_CYAN },
	[VERDICT_UNKNOWN] = { "?", "?", OUT_CYAN },
	[VERDICT_WARNING] = { "\xe2\x96\xb2", "!", OUT_YELLOW },
	[VERDICT_ERROR] = { "\xe2\x9c\x98", "X", OUT_RED },
};

static size_t
row(int verdict)
{
	if (verdict < 0 || (size_t)verdict >= sizeof(signs) / sizeof(*signs))
		return VERDICT_NONE;
	return (size_t)verdict;
}

const char *
signs_verdict(int verdict)
{
	return strings_utf8() ? signs[row(verdict)].sign :
	    signs[row(verdict)].ascii;
}

enum out_color
signs_color(int verdict)
{
	return signs[row(verdict)].color;
}

const char *
signs_dot(void)
{
	return strings_utf8() ? " \xc2\xb7 " : " | ";
}

void
signs_endpoint(struct buf *b, const json_t *ep)
{
	static const char *const members[] = { "name", "addr" };
	const char *text;
	size_t i;

	for (i = 0; i < 2; i++) {
		text = json_str(ep, members[i]);
		if (*text == '\0')
			continue;
		if (b->len > 0)
			buf_addc(b, ' ');
		strings_safe(b, text, strlen(text));
	}
	if (json_int(ep, "port", 0) > 0)
		buf_printf(b, " %s %lld", S("word.port"),
		    (long long)json_int(ep, "port", 0));
}

const char *
signs_date(int64_t epoch, char out[32])
{
	time_t t = (time_t)epoch;
	struct tm tm;

	out[0] = '\0';
	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, 32, "%Y-%m-%d", &tm) == 0)
		strcpy(out, "?");
	return out;
}

void
signs_word(struct buf *b, const char *prefix, const char *word)
{
	char *key = xasprintf("%s.%s", prefix, word);
	const char *text = strings_try(key);

	if (text != NULL)
		buf_adds(b, text);
	else
		strings_safe(b, word, strlen(word));
	free(key);
}

int
signs_status(const char *verdict)
{
	switch (verdict_parse(verdict)) {
	case VERDICT_OK:
	case VERDICT_NOTICE:
		return 0;
	case VERDICT_WARNING:
		return 1;
	case VERDICT_ERROR:
		return 2;
	default:
		return 3;
	}
}

void
signs_seconds(struct buf *b, double s)
{
	if (s < 0)
		return;
	if (s < 1)
		buf_printf(b, "%.0f ms", s * 1000);
	else if (s < 10)
		buf_printf(b, "%.1f s", s);
	else
		buf_printf(b, "%.0f s", s);
}
