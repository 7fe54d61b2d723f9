/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a line of SMTP, POP3 or IMAP begins with.
 */
#include <string.h>

#include "base/text.h"
#include "talk/verb.h"

size_t
verb_len(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len] != ' ')
		len++;
	return len;
}

size_t
verb_skip(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && (s[len] == ' ' || s[len] == '\t'))
		len++;
	return len;
}

bool
verb_is(const char *s, size_t n, const char *word)
{
	size_t len = verb_len(s, n);

	return len == strlen(word) && text_ncasecmp(s, word, len) == 0;
}

const struct verb *
verb_find(const struct verb *v, size_t rows, const char *s, size_t n)
{
	for (size_t i = 1; i < rows; i++)
		if (verb_is(s, n, v[i].word))
			return &v[i];
	return NULL;
}

const char *
verb_word(const struct verb *v, size_t rows, int id)
{
	for (size_t i = 0; i < rows; i++)
		if (v[i].id == id)
			return v[i].word;
	return "";
}
