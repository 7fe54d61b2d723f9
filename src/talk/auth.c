/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers to the challenges of SMTP, POP3 and IMAP logins, and the search for
 * secrets in what a server sends back.
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

void
secrets_free(struct secrets *s)
{
	for (size_t i = 0; i < s->n; i++)
		auth_free(s->list[i]);
	free(s->list);
	memset(s, 0, sizeof(*s));
}

void
secrets_add(struct secrets *s, const char *secret)
{
	if (secret == NULL || *secret == '\0')
		return;
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->list[i], secret) == 0)
			return;
	s->list = xreallocarray(s->list, s->n + 1, sizeof(*s->list));
	s->list[s->n++] = xstrdup(secret);
}

static void
add_base64(struct secrets *s, const char *text)
{
	char *code = text_base64(text, strlen(text));
	size_t n = strlen(code);

	secrets_add(s, code);
	while (n > 0 && code[n - 1] == '=')	/* also without padding */
		code[--n] = '\0';
	secrets_add(s, code);
	auth_free(code);
}

void
secrets_account(struct secrets *s, const char *login, const char *password)
{
	char *form;

	if (password == NULL || *password == '\0')
		return;
	form = auth_quoted(password);
	secrets_add(s, form);
	form[strlen(form) - 1] = '\0';
	secrets_add(s, form + 1);
	auth_free(form);
	secrets_add(s, password);
	add_base64(s, password);
	form = plain(login == NULL ? "" : login, password);
	secrets_add(s, form);
	auth_free(form);
}

/* The length of the longest secret at p, 0 if none is there; at the end of
   what was cut off the beginning of one is enough. */
static size_t
secret_at(const struct secrets *s, const char *p, size_t left, bool cut)
{
	size_t best = 0;

	for (size_t i = 0; i < s->n; i++) {
		size_t n = strlen(s->list[i]);

		if (n <= left && n > best &&
		    text_ncasecmp(p, s->list[i], n) == 0)
			best = n;
		else if (cut && n > left && left > best &&
		    text_ncasecmp(p, s->list[i], left) == 0)
			best = left;
	}
	return best;
}

char *
secrets_scrub(const struct secrets *s, const void *data, size_t n, bool cut,
    size_t *out)
{
	const char *p = data;
	bool hit = false;
	struct buf b;

	if (s->n == 0 || n == 0)
		return NULL;
	buf_init(&b, 0);
	for (size_t i = 0; i < n;) {
		size_t len = secret_at(s, p + i, n - i, cut);

		if (len == 0) {
			buf_addc(&b, p[i++]);
			continue;
		}
		buf_adds(&b, "********");
		hit = true;
		i += len;
	}
	if (!hit) {
		buf_free(&b);
		return NULL;
	}
	*out = b.len;
	return buf_steal(&b);
}
