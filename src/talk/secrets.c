/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search for secrets in what a server sends back: as they are, quoted, in
 * base64 of both alphabets (RFC 4648 4, 5), alone or with a name (RFC 4616),
 * in hexadecimal digits.
 */
#include "talk/secrets.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "talk/auth.h"

#define SHORTEST_CODE	6	/* base64 worth to be looked into */

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
	if (s->n == SECRETS_MAX) {
		auth_free(s->list[0]);
		memmove(s->list, s->list + 1, --s->n * sizeof(*s->list));
	}
	s->list = xreallocarray(s->list, s->n + 1, sizeof(*s->list));
	s->list[s->n++] = xstrdup(secret);
}

/* Each of the bytes that is from becomes to. */
static void
exchange(char *s, char from, char to)
{
	for (; (s = strchr(s, from)) != NULL; s++)
		*s = to;
}

/* A code, also without its padding; and in the other alphabet. */
static void
add_code(struct secrets *s, char *code)
{
	for (int alphabet = 0; alphabet < 2; alphabet++) {
		size_t n = strlen(code);

		secrets_add(s, code);
		if (n > 0 && code[n - 1] == '=') {
			char *bare = xstrndup(code, strcspn(code, "="));

			secrets_add(s, bare);
			auth_free(bare);
		}
		exchange(code, '+', '-');
		exchange(code, '/', '_');
	}
	auth_free(code);
}

static void
add_hex(struct secrets *s, const char *secret)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = xmalloc(2 * strlen(secret) + 1), *to = hex;

	for (const char *p = secret; *p != '\0'; p++) {
		*to++ = digits[(unsigned char)*p >> 4];
		*to++ = digits[*p & 15];
	}
	*to = '\0';
	secrets_add(s, hex);	/* case is ignored when it is looked for */
	auth_free(hex);
}

void
secrets_forms(struct secrets *s, const char *secret)
{
	char *form = auth_quoted(secret);

	form[strlen(form) - 1] = '\0';
	secrets_add(s, form + 1);
	auth_free(form);
	secrets_add(s, secret);
	add_code(s, text_base64(secret, strlen(secret)));
	add_hex(s, secret);
}

void
secrets_account(struct secrets *s, const char *login, const char *password)
{
	char *form;

	if (password == NULL || *password == '\0')
		return;
	form = auth_quoted(password);
	secrets_add(s, form);
	auth_free(form);
	secrets_forms(s, password);
	add_code(s, auth_answer(AUTH_PLAIN, login == NULL ? "" : login,
	    password, "", 0));
}

/* The length of the longest secret at p, 0 if none is there; at the end of
   what was cut off the beginning of one is enough. */
static size_t
longest(const struct secrets *s, const char *p, size_t left, bool cut,
    size_t least)
{
	size_t best = 0;

	for (size_t i = 0; i < s->n; i++) {
		size_t n = strlen(s->list[i]);

		if (n < least)
			continue;
		if (n <= left && n > best &&
		    text_ncasecmp(p, s->list[i], n) == 0)
			best = n;
		else if (cut && n > left && left > best &&
		    text_ncasecmp(p, s->list[i], left) == 0)
			best = left;
	}
	return best;
}

static size_t
secret_at(const struct secrets *s, const char *p, size_t left, bool cut)
{
	size_t own = longest(s, p, left, cut, 0);
	size_t run = s->run == NULL ? 0 : longest(s->run, p, left, cut,
	    s->least);

	return own > run ? own : run;
}

/* Of base64; url: of the alphabet for URLs. */
static bool
code_char(char c, bool url)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == (url ? '-' : '+') ||
	    c == (url ? '_' : '/');
}

char *
secrets_decode(const char *code, size_t n, size_t *len)
{
	char *padded = xasprintf("%.*s%s", (int)n, code, n % 4 == 2 ? "==" :
	    n % 4 == 3 ? "=" : ""), *text;

	if (n % 4 == 1)
		padded[n - 1] = '\0';
	exchange(padded, '-', '+');
	exchange(padded, '_', '/');
	text = (char *)text_unbase64(padded, len);
	auth_free(padded);
	return text;
}

/* Does what n bytes of base64 mean hold a secret? */
static bool
means(const struct secrets *s, const char *code, size_t n, bool cut)
{
	size_t len = 0;
	char *text = secrets_decode(code, n, &len);
	bool found = false;

	for (size_t i = 0; text != NULL && i < len && !found; i++)
		found = secret_at(s, text + i, len - i, cut) > 0;
	if (text != NULL)
		OPENSSL_cleanse(text, len);
	free(text);
	return found;
}

/* The length of base64 at p that hides a secret, with its padding, or 0. It
   may begin at any of its letters: what stands before is no part of it. */
static size_t
code_at(const struct secrets *s, const char *p, size_t left, bool cut,
    bool url)
{
	size_t n = 0;
	bool found = false, other = !url;

	for (; n < left && code_char(p[n], url); n++)
		other = other || p[n] == '-' || p[n] == '_';
	if (!other)
		return 0;	/* the same in both, and looked at */
	for (size_t i = 0; i < 4 && n >= SHORTEST_CODE + i && !found; i++)
		found = means(s, p + i, n - i, cut && n == left);
	if (!found)
		return 0;
	while (n < left && p[n] == '=')
		n++;
	return n;
}

/* How much is to be hidden at byte i. */
static size_t
hides(const struct secrets *s, const char *p, size_t i, size_t n, bool cut)
{
	size_t len = secret_at(s, p + i, n - i, cut);

	for (int url = 0; url < 2; url++) {
		size_t code = i > 0 && code_char(p[i - 1], url) ? 0 :
		    code_at(s, p + i, n - i, cut, url);

		if (code > len)
			len = code;
	}
	return len;
}

char *
secrets_scrub(const struct secrets *s, const void *data, size_t n, bool cut,
    size_t *out)
{
	const char *p = data;
	bool hit = false;
	struct buf b;

	if ((s->n == 0 && (s->run == NULL || s->run->n == 0)) || n == 0)
		return NULL;
	buf_init(&b, 0);
	for (size_t i = 0; i < n;) {
		size_t len = hides(s, p, i, n, cut);

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
