/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a reply means, in one line: from the table of codes (code.450.4.7.1,
 * code.450, ecode.7.1, http.404, code.pop3.auth, code.imap.alert).
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/hand_inside.h"
#include "ui/strings.h"

static const char *
text_of(const char *prefix, const char *word)
{
	char *key = xasprintf("%s.%s", prefix, word);
	const char *text;

	text_lower(key);
	for (char *p = key; *p != '\0'; p++)
		if (*p == '/')		/* SYS/TEMP */
			*p = '-';
	text = strings_try(key);
	free(key);
	return text;
}

static bool
digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return n > 0;
}

/* "4.7.1" at the start of s: into out of 16 bytes, else "". */
static void
enhanced(const char *s, size_t n, char *out)
{
	size_t len = 0, dots = 0;

	out[0] = '\0';
	while (len < n && len < 11 && (s[len] == '.' ||
	    (s[len] >= '0' && s[len] <= '9'))) {
		dots += s[len] == '.';
		len++;
	}
	if (dots != 2 || len < 5 || (len < n && s[len] != ' ') ||
	    s[1] != '.' || s[len - 1] == '.')
		return;
	memcpy(out, s, len);
	out[len] = '\0';
}

/* "SMTP: done" without the protocol, which is plain here. */
static const char *
bare(const char *text)
{
	const char *colon = text == NULL ? NULL : strstr(text, ": ");

	return colon != NULL && colon - text <= 5 ? colon + 2 : text;
}

static char *
smtp_code(const char *code, const char *e)
{
	char class[2] = { code[0], '\0' };
	const char *text, *more;
	char *both;

	if (*e != '\0') {
		both = xasprintf("%s.%s", code, e);
		text = text_of("code", both);
		free(both);
		if (text != NULL)
			return xasprintf("%s %s  %s", code, e, bare(text));
	}
	text = text_of("code", code);
	if (text == NULL)
		text = text_of("cclass", class);
	/* Those texts are of faults; "250 2.1.0" is none. */
	more = *e != '4' && *e != '5' ? NULL : text_of("ecode", e + 2);
	if (text == NULL)
		return NULL;
	if (more == NULL)
		return xasprintf("%s%s%s  %s", code, *e == '\0' ? "" : " ", e,
		    bare(text));
	return xasprintf("%s %s  %s; %s", code, e, more, bare(text));
}

static char *
smtp(const char *line, size_t n)
{
	char code[4], e[16];

	if (n < 3 || !digits(line, 3) || (n > 3 && line[3] != ' '))
		return NULL;
	memcpy(code, line, 3);
	code[3] = '\0';
	enhanced(line + (n > 4 ? 4 : n), n > 4 ? n - 4 : 0, e);
	return smtp_code(code, e);
}

static char *
http(const char *line, size_t n)
{
	const char *at = n < 8 || memcmp(line, "HTTP/", 5) != 0 ? NULL :
	    memchr(line, ' ', n);
	char code[4], class[2];
	const char *text;

	if (at == NULL || n - (size_t)(at - line) < 4 || !digits(at + 1, 3))
		return NULL;
	memcpy(code, at + 1, 3);
	code[3] = class[1] = '\0';
	class[0] = code[0];
	text = text_of("http", code);
	if (text == NULL)
		text = text_of("cclass", class);
	return text == NULL ? NULL : xasprintf("%s  %s", code, bare(text));
}

/* The word in brackets: "[AUTHENTICATIONFAILED]", "[CAPABILITY ...]". */
static bool
bracket(const char *line, size_t n, char *out, size_t size)
{
	const char *open = memchr(line, '[', n);
	size_t len = 0;

	if (open == NULL)
		return false;
	for (open++; len + 1 < size && open + len < line + n &&
	    strchr("] ", open[len]) == NULL; len++)
		out[len] = open[len];
	out[len] = '\0';
	return len > 0;
}

static char *
mailbox(const char *proto, const char *status, const char *line, size_t n)
{
	char word[40], *prefix = xasprintf("code.%s", proto);
	const char *text = NULL;
	char *out = NULL;

	if (bracket(line, n, word, sizeof(word)))
		text = text_of(prefix, word);
	if (text != NULL)
		out = xasprintf("%s [%s]  %s", status, word, text);
	else if ((text = text_of(prefix, status)) != NULL)
		out = xasprintf("%s  %s", status, text);
	free(prefix);
	return out;
}

static char *
pop3(const char *line, size_t n)
{
	if (n >= 4 && memcmp(line, "-ERR", 4) == 0)
		return mailbox("pop3", "-ERR", line, n);
	return NULL;
}

static char *
imap(const char *line, size_t n)
{
	static const char *const words[] = { "OK", "NO", "BAD", "BYE",
		"PREAUTH" };
	const char *at = n == 0 ? NULL : memchr(line, ' ', n);
	size_t left;

	if (at == NULL)
		return NULL;
	left = n - (size_t)(++at - line);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);

		if (left >= len && text_ncasecmp(at, words[i], len) == 0 &&
		    (left == len || at[len] == ' '))
			return i == 0 && memchr(at, '[', left) == NULL ?
			    NULL : mailbox("imap", words[i], at, left);
	}
	return NULL;
}

char *
hand_explain(enum track_proto proto, const char *line, size_t n)
{
	char *text = NULL, *safe;

	if (n == 0)
		return NULL;
	switch (proto) {
	case TRACK_SMTP:
		text = smtp(line, n);
		break;
	case TRACK_HTTP:
		text = http(line, n);
		break;
	case TRACK_POP3:
		text = pop3(line, n);
		break;
	case TRACK_IMAP:
		text = imap(line, n);
		break;
	case TRACK_LINES:
		break;
	}
	if (text == NULL)
		return NULL;
	safe = text_utf8_valid(text, strlen(text)) ? xstrdup(text) :
	    text_escaped(text, strlen(text));
	free(text);
	return safe;
}

char *
hand_explain_code(const char *s)
{
	char e[16];
	size_t n = strcspn(s, " ");
	const char *rest = s + n + strspn(s + n, " ");
	const char *text;
	char *word = xstrndup(s, n), *out = NULL;

	enhanced(rest, strlen(rest), e);
	if (n == 3 && digits(s, 3) && (*e != '\0' ||
	    text_of("code", word) != NULL))
		out = smtp_code(word, e);
	else if (n == 3 && digits(s, 3) &&
	    (text = text_of("http", word)) != NULL)
		out = xasprintf("%s  %s", word, text);
	else if (n == 3 && digits(s, 3))
		out = smtp_code(word, "");
	else if ((text = text_of("rcode", word)) != NULL ||
	    (text = text_of("code.imap", word)) != NULL ||
	    (text = text_of("code.pop3", word)) != NULL)
		out = xasprintf("%s  %s", word, text);
	free(word);
	return out;
}
