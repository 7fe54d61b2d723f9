/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POP3 replies (RFC 1939 3) with their response codes (RFC 2449 8, RFC 3206).
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "talk/pop3.h"
#include "talk/verb.h"

#define CONTENT_LINES	(10 * LIMIT_REPLY_LINES)

void
pop3_reply_init(struct pop3_reply *r)
{
	memset(r, 0, sizeof(*r));
}

void
pop3_reply_free(struct pop3_reply *r)
{
	free(r->text);
	memset(r, 0, sizeof(*r));
}

static int
bad(struct pop3_reply *r, const char *why)
{
	r->bad = why;
	return -1;
}

static bool
code_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '/' || c == '_';
}

/* "[IN-USE] text": the code into r, the length of what to leave out. */
static size_t
take_code(struct pop3_reply *r, const char *s, size_t n)
{
	size_t i = 1;

	if (n < 3 || s[0] != '[')
		return 0;
	while (i < n && code_char(s[i]))
		i++;
	if (i == 1 || i >= n || s[i] != ']' || i > sizeof(r->code))
		return 0;
	memcpy(r->code, s + 1, i - 1);
	r->code[i - 1] = '\0';
	return i + 1 + (i + 1 < n && s[i + 1] == ' ');
}

enum pop3_status
pop3_status(const char *s, size_t n)
{
	if (verb_is(s, n, "+OK"))
		return POP3_OK;
	if (verb_is(s, n, "+"))
		return POP3_MORE;
	return verb_is(s, n, "-ERR") ? POP3_ERR : POP3_BAD;
}

static int
first_line(struct pop3_reply *r, const char *s, size_t n, bool multi)
{
	enum pop3_status status = pop3_status(s, n);
	size_t at;

	if (n >= 2 && (s[0] == 0x15 || s[0] == 0x16) && s[1] == 3)
		return bad(r, "tls-on-plain-port");
	if (status == POP3_BAD)
		return bad(r, "not-pop3");
	r->ok = status == POP3_OK;
	r->more = status == POP3_MORE;
	at = r->ok ? 3 : r->more ? 1 : 4;
	at += at < n;
	if (!r->more)
		at += take_code(r, s + at, n - at);
	r->text = text_escaped(s + at, n - at);
	return r->ok && multi ? 0 : 1;
}

int
pop3_reply_parse(struct pop3_reply *r, const void *line, size_t n, bool multi)
{
	const char *s = line;

	r->bytes += n + 2;
	if (r->lines >= CONTENT_LINES || r->bytes > LIMIT_REPLY_BYTES) {
		r->limited = true;
		return bad(r, r->bytes > LIMIT_REPLY_BYTES ?
		    "reply-too-long" : "too-many-lines");
	}
	if (r->lines++ == 0)
		return first_line(r, s, n, multi);
	return n == 1 && s[0] == '.' ? 1 : 0;
}
