/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers to the challenges of SMTP, POP3 and IMAP logins.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/auth.h"

static const struct {
	const char		*word;
	enum auth_method	 method;
} words[] = {
	{ "PLAIN", AUTH_PLAIN }, { "LOGIN", AUTH_LOGIN },
	{ "CRAM-MD5", AUTH_CRAM },
};
#define NWORDS (sizeof(words) / sizeof(words[0]))

unsigned
auth_method(const char *s, size_t n)
{
	for (size_t i = 0; i < NWORDS; i++)
		if (n == strlen(words[i].word) &&
		    text_ncasecmp(s, words[i].word, n) == 0)
			return words[i].method;
	return 0;
}

const char *
auth_word(enum auth_method m)
{
	for (size_t i = 0; i < NWORDS; i++)
		if (words[i].method == m)
			return words[i].word;
	return "USER";
}

enum auth_method
auth_choose(unsigned offered)
{
	static const enum auth_method order[] = { AUTH_PLAIN, AUTH_LOGIN,
	    AUTH_CRAM, AUTH_USER };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if ((offered & order[i]) != 0)
			return order[i];
	return 0;
}

void
auth_free(char *s)
{
	if (s == NULL)
		return;
	OPENSSL_cleanse(s, strlen(s));
	free(s);
}

static char *
plain(const char *login, const char *password)
{
	size_t l = strlen(login), p = strlen(password), n = l + p + 2;
	char *blob = xcalloc(1, n + 1), *out;

	memcpy(blob + 1, login, l);
	memcpy(blob + 2 + l, password, p);
	out = text_base64(blob, n);
	OPENSSL_cleanse(blob, n);
	free(blob);
	return out;
}

static char *
cram(const char *login, const char *password, const char *challenge)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char mac[EVP_MAX_MD_SIZE], *text;
	char digest[2 * EVP_MAX_MD_SIZE + 1], *both, *out;
	unsigned int n = 0;
	size_t len;

	if ((text = text_unbase64(challenge, &len)) == NULL)
		return NULL;
	if (HMAC(EVP_md5(), password, (int)strlen(password), text, len, mac,
	    &n) == NULL)
		n = 0;
	free(text);
	for (unsigned int i = 0; i < n; i++) {
		digest[2 * i] = hex[mac[i] >> 4];
		digest[2 * i + 1] = hex[mac[i] & 15];
	}
	digest[2 * n] = '\0';
	if (n == 0)
		return NULL;
	both = xasprintf("%s %s", login, digest);
	out = text_base64(both, strlen(both));
	auth_free(both);
	return out;
}

char *
auth_answer(enum auth_method m, const char *login, const char *password,
    const char *challenge, int nth)
{
	if (m == AUTH_PLAIN && nth == 0)
		return plain(login, password);
	if (m == AUTH_CRAM && nth == 0)
		return cram(login, password, challenge);
	if (m == AUTH_LOGIN && nth == 0)
		return text_base64(login, strlen(login));
	if (m == AUTH_LOGIN && nth == 1)
		return text_base64(password, strlen(password));
	return NULL;
}

char *
auth_quoted(const char *s)
{
	struct buf b;

	buf_init(&b, 0);
	buf_addc(&b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_addc(&b, '\\');
		buf_addc(&b, *s);
	}
	buf_addc(&b, '"');
	return buf_steal(&b);
}
