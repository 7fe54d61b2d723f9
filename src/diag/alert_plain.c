/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever was pasted as plain UTF-8 lines, so that one set of rules serves
 * all: JSON of monitoring systems becomes "key: value" lines, encoded headers
 * and bodies of mails are decoded, Japanese encodings converted, full-width
 * letters and defanged dots made plain.
 */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/alert_parts.h"

#define DEPTH 8
#define WORD_MAX 400

/* Convert; NULL if a byte does not fit that character set. */
static char *
recoded(const char *in, size_t n, const char *charset)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	size_t room = n * 4 + 8, left = room;
	char *out, *to, *from = (char *)(uintptr_t)in;

	if (cd == (iconv_t)-1)
		return NULL;
	out = to = xmalloc(room + 1);
	if (iconv(cd, &from, &n, &to, &left) == (size_t)-1) {
		free(out);
		out = NULL;
	} else
		*to = '\0';
	iconv_close(cd);
	return out;
}

/* Bytes of a character set that mail may name; the bytes themselves if it is
   another or they do not fit. */
static char *
from_charset(const char *in, size_t n, const char *charset)
{
	static const char *const known[] = { "iso-2022-jp", "shift_jis",
		"euc-jp", "iso-8859-1", "windows-1252" };
	char *out;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (text_casecmp(known[i], charset) == 0 &&
		    (out = recoded(in, n, known[i])) != NULL)
			return out;
	return xstrndup(in, n);
}

static char *
to_utf8(const char *in, size_t n)
{
	static const char *const guesses[] = { "euc-jp", "shift_jis" };
	char *out;

	if (text_casefind(in, n, "\x1b$B") != NULL &&
	    (out = recoded(in, n, "iso-2022-jp")) != NULL)
		return out;
	for (size_t i = 0; i < 2 && !text_utf8_valid(in, n); i++)
		if ((out = recoded(in, n, guesses[i])) != NULL)
			return out;
	return xstrndup(in, n);
}

static bool
left_out(const char *key)
{
	static const char *const keys[] = { "generatorURL", "externalURL",
		"silenceURL", "dashboardURL", "panelURL", "imageURL",
		"runbook_url", "fingerprint", "groupKey", "receiver",
		"check_source", "scheduling_source", "groupLabels",
		"commonLabels", "commonAnnotations" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void
scalar(struct buf *b, const json_t *v)
{
	if (json_is_string(v))
		buf_add(b, json_string_value(v), json_string_length(v));
	else if (json_is_integer(v))
		buf_printf(b, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		buf_printf(b, "%g", json_real_value(v));
}

/* The first alert that fires, else the first. */
static const json_t *
one_alert(const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_str(item, "status"), "firing") == 0)
			return item;
	return json_array_get(list, 0);
}

static void
flatten(struct buf *b, const char *key, const json_t *v, int depth)
{
	const char *name;
	json_t *item;
	size_t i;

	if (depth > DEPTH || b->over)
		return;
	if (json_is_array(v) && strcmp(key, "alerts") == 0)
		v = one_alert(v);
	if (json_is_object(v)) {
		if (*key != '\0')
			buf_printf(b, "%s\n", key);
		json_object_foreach((json_t *)(uintptr_t)v, name, item)
			if (!left_out(name))
				flatten(b, name, item, depth + 1);
	} else if (json_is_array(v) && json_is_object(json_array_get(v, 0))) {
		json_array_foreach(v, i, item)
			flatten(b, key, item, depth + 1);
	} else if (v != NULL) {
		buf_printf(b, "%s: ", key);
		if (!json_is_array(v))
			scalar(b, v);
		json_array_foreach(v, i, item) {
			buf_adds(b, i == 0 ? "" : " ");
			scalar(b, item);
		}
		buf_addc(b, '\n');
	}
}

/* JSON as lines, or NULL if it is none. */
static char *
from_json(const char *in)
{
	const char *at = in + strspn(in, " \t\r\n");
	struct buf b;
	json_t *v;

	if (*at != '{' && *at != '[')
		return NULL;
	v = json_loads(at, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL);
	if (!json_is_object(v) && !json_is_object(json_array_get(v, 0))) {
		json_decref(v);
		return NULL;
	}
	buf_init(&b, ALERT_MAX);
	flatten(&b, "", v, 0);
	json_decref(v);
	return buf_steal(&b);
}

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)((at - digits) & 15);
}

/* Quoted-printable (RFC 2045 6.7), or Q of RFC 2047 with underscores. */
static void
unquote(struct buf *b, const char *s, size_t n, bool header)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '=' && i + 2 < n && hex(s[i + 1]) >= 0 &&
		    hex(s[i + 2]) >= 0) {
			buf_addc(b, (char)(hex(s[i + 1]) << 4 |
			    hex(s[i + 2])));
			i += 2;
		} else if (s[i] == '=' && i + 1 < n && s[i + 1] == '\n')
			i++;
		else
			buf_addc(b, header && s[i] == '_' ? ' ' : s[i]);
	}
}

static void
add_charset(struct buf *b, const void *data, size_t n, const char *charset)
{
	char *text = from_charset(data, n, charset);

	buf_adds(b, text);
	free(text);
}

/* The end "?=" of an encoded word, which is short. */
static const char *
word_end(const char *s)
{
	for (size_t i = 0; i < WORD_MAX && s[i] != '\0' && s[i] != '\n'; i++)
		if (s[i] == '?' && s[i + 1] == '=')
			return s + i;
	return NULL;
}

/* "=?charset?B?...?=" at s: its length and the text added, or 0. */
static size_t
encoded_word(struct buf *b, const char *s)
{
	const char *charset = s + 2, *how, *body, *end;
	unsigned char *raw;
	struct buf part;
	char *name;
	size_t n;

	how = charset + strspn(charset, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	if (how[0] != '?' || how[1] == '\0' || how[2] != '?')
		return 0;
	body = how + 3;
	if ((end = word_end(body)) == NULL)
		return 0;
	name = xstrndup(charset, (size_t)(how - charset));
	buf_init(&part, ALERT_MAX);
	if (how[1] == 'Q' || how[1] == 'q')
		unquote(&part, body, (size_t)(end - body), true);
	else {
		char *copy = xstrndup(body, (size_t)(end - body));

		raw = text_unbase64(copy, &n);
		if (raw != NULL)
			buf_add(&part, raw, n);
		free(raw);
		free(copy);
	}
	add_charset(b, buf_str(&part), part.len, name);
	buf_free(&part);
	free(name);
	return (size_t)(end - s) + 2;
}

struct mail {
	struct buf	 out, body;	/* body: base64 gathered */
	char		 charset[32];
	bool		 base64, quoted, header;
};

static void
body_ends(struct mail *m)
{
	unsigned char *raw;
	struct buf text;
	size_t n;

	buf_init(&text, ALERT_MAX);
	if (m->base64 && m->body.len > 0 &&
	    (raw = text_unbase64(buf_str(&m->body), &n)) != NULL) {
		buf_add(&text, raw, n);
		free(raw);
	} else if (m->quoted)
		unquote(&text, buf_str(&m->body), m->body.len, false);
	else
		buf_add(&text, buf_str(&m->body), m->body.len);
	add_charset(&m->out, buf_str(&text), text.len, m->charset);
	buf_addc(&m->out, '\n');
	buf_free(&text);
	buf_drop(&m->body, m->body.len);
	m->base64 = m->quoted = false;
	m->charset[0] = '\0';
}

static void
mime_header(struct mail *m, const char *s, size_t n)
{
	const char *at = text_casefind(s, n, "charset=");
	size_t k;

	if (text_ncasecmp(s, "Content-Transfer-Encoding:", 26) == 0) {
		m->base64 = text_casefind(s, n, "base64") != NULL;
		m->quoted = text_casefind(s, n, "quoted-printable") != NULL;
	}
	if (at == NULL)
		return;
	at += at[8] == '"' ? 9 : 8;
	k = strcspn(at, "\"; \t\r\n");
	if (k >= sizeof m->charset)
		return;
	memcpy(m->charset, at, k);
	m->charset[k] = '\0';
}

static void
header_line(struct mail *m, const char *s, size_t n)
{
	size_t took;

	mime_header(m, s, n);
	for (size_t i = 0; i < n; i += took) {
		took = strncmp(s + i, "=?", 2) == 0 ?
		    encoded_word(&m->out, s + i) : 0;
		if (took == 0) {
			buf_addc(&m->out, s[i]);
			took = 1;
		}
	}
	buf_addc(&m->out, '\n');
}

static void
mail_line(struct mail *m, const char *s, size_t n)
{
	bool boundary = n > 2 && strncmp(s, "--", 2) == 0;

	if (boundary && !m->header) {
		body_ends(m);
		m->header = true;
	} else if (m->header && n == 0)
		m->header = false;
	else if (m->header)
		header_line(m, s, n);
	else {
		buf_add(&m->body, s, n);
		if (!m->base64)
			buf_addc(&m->body, '\n');
	}
}

/* A mail with headers as text, or NULL if it does not begin like one. */
static char *
from_mail(const char *in)
{
	struct mail m = { .header = true };
	size_t n = strcspn(in, ": \n"), head;

	if (in[n] != ':' || n == 0 || (in[n + 1] != ' ' && in[n + 1] != '\t'))
		return NULL;
	head = strlen(in) < 8192 ? strlen(in) : 8192;
	if (text_casefind(in, head, "\nFrom:") == NULL &&
	    text_casefind(in, head, "\nSubject:") == NULL &&
	    text_casefind(in, head, "\nContent-T") == NULL)
		return NULL;
	buf_init(&m.out, ALERT_MAX);
	buf_init(&m.body, ALERT_MAX);
	for (; *in != '\0'; in += n + (in[n] != '\0')) {
		n = strcspn(in, "\n");
		mail_line(&m, in, n);
	}
	body_ends(&m);
	buf_free(&m.body);
	return buf_steal(&m.out);
}

/* Characters of paste as ASCII: length of what is replaced, or 0. */
static size_t
simple(const char *s, char *out)
{
	const unsigned char *u = (const unsigned char *)s;

	if (strncmp(s, "[.]", 3) == 0 || strncmp(s, "(.)", 3) == 0) {
		*out = '.';
		return 3;
	}
	if (u[0] == 0xef && u[1] == 0xbc && u[2] >= 0x81 && u[2] <= 0xbf) {
		*out = (char)(u[2] - 0x81 + '!');
		return 3;
	}
	if (u[0] == 0xef && u[1] == 0xbd && u[2] >= 0x80 && u[2] <= 0x9e) {
		*out = (char)(u[2] - 0x80 + '`');
		return 3;
	}
	if (u[0] == 0xe3 && u[1] == 0x80 && u[2] >= 0x80 && u[2] <= 0x91 &&
	    (u[2] < 0x85 || u[2] > 0x87)) {
		*out = u[2] == 0x82 ? '\n' : ' ';
		return 3;
	}
	if (u[0] == 0xe2 && u[1] == 0x80 && u[2] >= 0x98 && u[2] <= 0x9f) {
		*out = '"';
		return 3;
	}
	if (u[0] == 0xc2 && u[1] == 0xa0) {
		*out = ' ';
		return 2;
	}
	return 0;
}

/* In place; a NUL or control byte becomes a space. */
static void
simplify(char *s)
{
	char *to = s;
	size_t n;

	for (; *s != '\0'; s += n) {
		n = simple(s, to);
		if (n == 0) {
			*to = *s == '\n' || (unsigned char)*s >= ' ' ? *s : ' ';
			n = 1;
		}
		to++;
	}
	*to = '\0';
}

static char *
without_nul(const char *in, size_t n)
{
	char *copy = xmalloc(n + 1);
	size_t to = 0;

	for (size_t i = 0; i < n; i++)
		if (in[i] != '\r')
			copy[to++] = (char)(in[i] == '\0' ? ' ' : in[i]);
	copy[to] = '\0';
	return copy;
}

char *
alert_plain(const char *in, size_t n)
{
	char *raw = without_nul(in, n > ALERT_MAX ? ALERT_MAX : n), *text;
	char *decoded;

	text = from_mail(raw);
	if (text == NULL) {
		text = to_utf8(raw, strlen(raw));
		decoded = from_json(text);
		if (decoded != NULL) {
			free(text);
			text = decoded;
		}
	}
	free(raw);
	simplify(text);
	return text;
}
