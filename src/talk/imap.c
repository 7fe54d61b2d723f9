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
#include "talk/verb.h"

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

enum imap_status
imap_status_of(const char *s, size_t n)
{
	for (int i = IMAP_OK; i <= IMAP_PREAUTH; i++)
		if (verb_is(s, n, words[i]))
			return (enum imap_status)i;
	return IMAP_NONE;
}

const char *
imap_caps_code(const char *s, size_t n, size_t *len)
{
	static const char begin[] = "[CAPABILITY ";
	const size_t from = sizeof(begin) - 1;
	const char *end = n > from ? memchr(s, ']', n) : NULL;

	if (end == NULL || text_ncasecmp(s, begin, from) != 0)
		return NULL;
	*len = (size_t)(end - s) - from;
	return s + from;
}

/* "[CODE args] text" behind the status word. */
static void
take_text(struct imap_reply *r, const char *s, size_t n)
{
	const char *end = n > 1 && s[0] == '[' ? memchr(s, ']', n) : NULL;
	const char *caps;
	size_t len, code;

	if (end != NULL) {
		len = (size_t)(end - s);
		code = verb_len(s + 1, len - 1);
		if (code > 0 && code < sizeof(r->code)) {
			char *word = text_escaped(s + 1, code);

			strncpy(r->code, word, sizeof(r->code) - 1);
			free(word);
		}
		caps = imap_caps_code(s, n, &code);
		if (caps != NULL)
			r->caps = xstrndup(caps, code);
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
	size_t at = verb_len(s, n);

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

void
imap_flow_begins(struct imap_flow *f, const char *s, size_t n)
{
	f->open = announces(s, n, &f->left);
}

/* A line that lies in a literal, wholly or in part. */
static enum imap_line
in_literal(struct imap_flow *f, const char *s, size_t n, size_t full,
    size_t eol)
{
	if (full + eol <= f->left) {
		f->left -= full + eol;
		return IMAP_LITERAL;
	}
	f->open = full == n && full >= f->left &&
	    announces(s + f->left, n - f->left, &f->left);
	if (!f->open)
		f->left = 0;
	return IMAP_REST;
}

enum imap_line
imap_flow_line(struct imap_flow *f, const char *s, size_t n, size_t full,
    size_t eol)
{
	if (f->left > 0)
		return in_literal(f, s, n, full, eol);
	if (!f->open)
		return IMAP_UNTAGGED;
	imap_flow_begins(f, s, n);
	return IMAP_REST;
}

static int
untagged(struct imap_reply *r, const char *s, size_t n)
{
	enum imap_status status = imap_status_of(s, n);
	size_t at = verb_len(s, n);

	if (r->tag[0] == '\0')
		return status == IMAP_NONE || status == IMAP_NO ||
		    status == IMAP_BAD ? bad(r, "not-imap") :
		    ends(r, status, s, n);
	if (status == IMAP_BYE && !r->bye) {
		r->bye = true;
		r->bye_text = text_escaped(s + at + (at < n),
		    n - at - (at < n));
	}
	imap_flow_begins(&r->flow, s, n);
	return 0;
}

static int
first_word(struct imap_reply *r, const char *s, size_t n)
{
	size_t len = verb_len(s, n);
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
	status = imap_status_of(s + len + 1, n - len - 1);
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
	r->kind = imap_flow_line(&r->flow, s, n, full, eol);
	if (r->kind != IMAP_UNTAGGED)
		return 0;
	if (n >= 2 && (s[0] == 0x15 || s[0] == 0x16) && s[1] == 3)
		return bad(r, "tls-on-plain-port");
	return first_word(r, s, n);
}
