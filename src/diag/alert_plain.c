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

char *
alert_recoded(const char *in, size_t n, const char *charset)
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

static char *
to_utf8(const char *in, size_t n)
{
	static const char *const guesses[] = { "euc-jp", "shift_jis" };
	char *out;

	if (text_casefind(in, n, "\x1b$B") != NULL &&
	    (out = alert_recoded(in, n, "iso-2022-jp")) != NULL)
		return out;
	for (size_t i = 0; i < 2 && !text_utf8_valid(in, n); i++)
		if ((out = alert_recoded(in, n, guesses[i])) != NULL)
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

	text = alert_mail(raw);
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
