/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IMAP responses (RFC 9051 7, RFC 5530): untagged ones, literals that run
 * over many lines, and the tagged one that ends them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/imap.h"

#define REPLY_LINES	(10 * LIMIT_REPLY_LINES)

static const char *const words[] = { "", "OK", "NO", "BAD", "BYE", "PREAUTH",
	"+" };

const char *
imap_status_word(enum imap_status s)
{
	return words[s];
}

void
imap_reply_init(struct imap_reply *r, const char *tag)
{
	memset(r, 0, sizeof(*r));
	if (tag != NULL)
		strncpy(r->tag, tag, sizeof(r->tag) - 1);
}

void
imap_reply_free(struct imap_reply *r)
{
	free(r->text);
	free(r->caps);
	free(r->bye_text);
	memset(r, 0, sizeof(*r));
}

static int
bad(struct imap_reply *r, const char *why)
{
	r->bad = why;
	return -1;
}

static size_t
word_len(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len] != ' ')
		len++;
	return len;
}

static enum imap_status
status_of(const char *s, size_t n)
{
	size_t len = word_len(s, n);

	for (int i = IMAP_OK; i <= IMAP_PREAUTH; i++)
		if (len == strlen(words[i]) &&
		    text_ncasecmp(s, words[i], len) == 0)
			return (enum imap_status)i;
	return IMAP_NONE;
}

/* "[CODE args] text" behind the status word. */
static void
take_text(struct imap_reply *r, const char *s, size_t n)
{
	const char *end = n > 1 && s[0] == '[' ? memchr(s, ']', n) : NULL;
	size_t len, code;

	if (end != NULL) {
		len = (size_t)(end - s);
		code = word_len(s + 1, len - 1);
		if (code > 0 && code < sizeof(r->code)) {
			char *word = text_escaped(s + 1, code);

			strncpy(r->code, word, sizeof(r->code) - 1);
			free(word);
		}
		if (code == 10 && text_ncasecmp(s + 1, "CAPABILITY", 10) == 0 &&
		    code + 2 <= len)
			r->caps = xstrndup(s + code + 2, len - code - 2);
		s += len + 1;
		n -= len + 1;
		if (n > 0 && *s == ' ') {
			s++;
			n--;
		}
	}
	free(r->text);
	r->text = text_escaped(s, n);
}

static int
ends(struct imap_reply *r, enum imap_status status, const char *s, size_t n)
{
	size_t at = word_len(s, n);

	r->status = status;
	take_text(r, s + at + (at < n), n - at - (at < n));
	return 1;
}

/* {123} at the end of a line: that many bytes follow, then the rest of it. */
static bool
announces(const char *s, size_t n, size_t *bytes)
{
	size_t i, digits = 0, value = 0, scale = 1;

	*bytes = 0;
	if (n < 3 || s[n - 1] != '}')
		return false;
	for (i = n - 1; i-- > 0 && s[i] >= '0' && s[i] <= '9';) {
		if (++digits > 9)
			return false;
		value += scale * (size_t)(s[i] - '0');
		scale *= 10;
	}
	if (digits == 0 || i >= n || s[i] != '{')
		return false;
	*bytes = value;
	return true;
}

static int
untagged(struct imap_reply *r, const char *s, size_t n)
{
	enum imap_status status = status_of(s, n);
	size_t at = word_len(s, n);

	if (r->tag[0] == '\0')
		return status == IMAP_NONE || status == IMAP_NO ||
		    status == IMAP_BAD ? bad(r, "not-imap") :
		    ends(r, status, s, n);
	if (status == IMAP_BYE && !r->bye) {
		r->bye = true;
		r->bye_text = text_escaped(s + at + (at < n),
		    n - at - (at < n));
	}
	r->open = announces(s, n, &r->literal);
	return 0;
}

/* A line that lies in a literal, wholly or in part. */
static int
in_literal(struct imap_reply *r, const char *s, size_t n, size_t full,
    size_t eol)
{
	if (full + eol <= r->literal) {
		r->literal -= full + eol;
		return 0;
	}
	r->kind = IMAP_REST;
	r->open = full == n && full >= r->literal &&
	    announces(s + r->literal, n - r->literal, &r->literal);
	if (!r->open)
		r->literal = 0;
	return 0;
}

static int
first_word(struct imap_reply *r, const char *s, size_t n)
{
	size_t len = word_len(s, n);
	enum imap_status status;

	if (len == 1 && s[0] == '*' && n > 2)
		return untagged(r, s + 2, n - 2);
	if (len == 1 && s[0] == '+') {
		r->status = IMAP_MORE;
		r->text = text_escaped(s + 1 + (n > 1), n - 1 - (n > 1));
		return r->tag[0] == '\0' ? bad(r, "not-imap") : 1;
	}
	if (r->tag[0] == '\0' || len == n)
		return bad(r, "not-imap");
	status = status_of(s + len + 1, n - len - 1);
	if (status != IMAP_OK && status != IMAP_NO && status != IMAP_BAD)
		return bad(r, "not-imap");
	if (len != strlen(r->tag) || memcmp(s, r->tag, len) != 0)
		return bad(r, "wrong-tag");
	return ends(r, status, s + len + 1, n - len - 1);
}

int
imap_reply_parse(struct imap_reply *r, const void *line, size_t n, size_t full,
    size_t eol)
{
	const char *s = line;

	r->bytes += full + eol;
	if (r->lines++ >= REPLY_LINES || r->bytes > LIMIT_REPLY_BYTES) {
		r->limited = true;
		return bad(r, r->bytes > LIMIT_REPLY_BYTES ?
		    "reply-too-long" : "too-many-lines");
	}
	if (r->literal > 0) {
		r->kind = IMAP_LITERAL;
		return in_literal(r, s, n, full, eol);
	}
	if (r->open) {
		r->kind = IMAP_REST;
		r->open = announces(s, n, &r->literal);
		return 0;
	}
	r->kind = IMAP_UNTAGGED;
	if (n >= 2 && (s[0] == 0x15 || s[0] == 0x16) && s[1] == 3)
		return bad(r, "tls-on-plain-port");
	return first_word(r, s, n);
}
