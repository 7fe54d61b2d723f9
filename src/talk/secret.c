/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A secret typed by hand comes in any form: what of it must not be shown
 * when the server repeats it is found out here.
 */
#include "talk/secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/auth.h"

#define SHORTEST	3

static void
keep(struct secrets *s, const char *text, size_t n)
{
	char *copy;

	if (n < SHORTEST || memchr(text, '\0', n) != NULL)
		return;
	copy = xstrndup(text, n);
	secrets_forms(s, copy);
	while (n > SHORTEST && copy[n - 1] == '=')
		copy[--n] = '\0';
	secrets_add(s, copy);
	auth_free(copy);
}

/* The last part of what was base64: behind the last NUL (AUTH PLAIN), else
   behind the first colon (HTTP Basic), else behind the blank (CRAM-MD5). */
static void
keep_decoded(struct secrets *s, const char *word, size_t n)
{
	size_t len = 0, from = 0;
	char *text = n < 4 || n % 4 == 1 ? NULL : secrets_decode(word, n,
	    &len), *at;

	if (text == NULL)
		return;
	keep(s, text, len);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			from = i + 1;
	if (from == 0 && ((at = memchr(text, ':', len)) != NULL ||
	    (at = memchr(text, ' ', len)) != NULL))
		from = (size_t)(at - text) + 1;
	keep(s, text + from, len - from);
	memset(text, 0, len);
	free(text);
}

/* A quoted string of IMAP as it reads, and as it was typed. */
static void
keep_quoted(struct secrets *s, const char *q, size_t n)
{
	char *plain = xmalloc(n + 1);
	size_t len = 0;

	keep(s, q, n);
	for (size_t i = 0; i < n; i++) {
		if (q[i] == '\\' && i + 1 < n)
			i++;
		plain[len++] = q[i];
	}
	plain[len] = '\0';
	keep(s, plain, len);
	auth_free(plain);
}

static void
keep_last_word(struct secrets *s, const char *t, size_t n)
{
	size_t at = n;

	if (n > 2 && t[n - 1] == '"') {
		for (at = n - 1; at > 0 && (t[at - 1] != '"' ||
		    (at > 1 && t[at - 2] == '\\')); at--)
			;
		keep_quoted(s, t + at, n - 1 - at);
		return;
	}
	while (at > 0 && t[at - 1] != ' ' && t[at - 1] != '\t')
		at--;
	keep(s, t + at, n - at);
	keep_decoded(s, t + at, n - at);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void
secret_learn(struct secrets *s, const void *data, size_t n)
{
	const char *t = data;

	while (n > 0 && blank(t[n - 1]))
		n--;
	for (; n > 0 && blank(*t); n--)
		t++;
	if (n == 0 || (n == 1 && *t == '*'))
		return;
	keep(s, t, n);
	keep_last_word(s, t, n);
	if (s->run != NULL)
		secret_learn(s->run, t, n);
}
