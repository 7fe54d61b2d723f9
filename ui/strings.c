/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything tadoru says in a human language passes here: the language is
 * chosen by option or by the text of the environment alone (no locale need
 * be installed), keys are looked up in the compiled help, and {name} holes
 * are filled with values that came from peers, escaped.
 */
#include "ui/strings.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

static const char *chosen = "en";
static int utf8 = -1;

static const char *
known_lang(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < help_string_count; i++)
		if (strlen(help_strings[i].lang) == n &&
		    text_ncasecmp(help_strings[i].lang, text, n) == 0)
			return help_strings[i].lang;
	return NULL;
}

static const char *
first_set(const char *const *names)
{
	const char *value;

	for (; *names != NULL; names++)
		if ((value = getenv(*names)) != NULL && *value != '\0')
			return value;
	return NULL;
}

/* The first language of a list like "ja:en_GB" that we speak. */
static const char *
from_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG",
		"LANGUAGE", NULL };
	const char *text = first_set(names), *found;
	size_t n;

	while (text != NULL && *text != '\0') {
		n = strcspn(text, "_.@:-");
		if ((found = known_lang(text, n)) != NULL)
			return found;
		text += strcspn(text, ":");
		text += *text == ':';
	}
	return "en";
}

int
strings_choose(const char *lang)
{
	const char *found;

	found = lang == NULL ? from_environment() :
	    known_lang(lang, strlen(lang));
	if (found == NULL)
		return -1;
	chosen = found;
	return 0;
}

const char *
strings_lang(void)
{
	return chosen;
}

bool
strings_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG",
		NULL };
	const char *text;

	if (utf8 < 0) {
		text = first_set(names);
		utf8 = text != NULL &&
		    (text_casefind(text, strlen(text), "utf-8") != NULL ||
		    text_casefind(text, strlen(text), "utf8") != NULL);
	}
	return utf8 != 0;
}

void
strings_set_utf8(bool on)
{
	utf8 = on;
}

static int
row_cmp(const void *key, const void *row)
{
	const struct help_string *a = key, *b = row;
	int d = strcmp(a->lang, b->lang);

	return d != 0 ? d : strcmp(a->key, b->key);
}

static const struct help_string **sorted;

static int
sort_cmp(const void *a, const void *b)
{
	return row_cmp(*(const struct help_string *const *)a,
	    *(const struct help_string *const *)b);
}

static int
find_cmp(const void *key, const void *row)
{
	return row_cmp(key, *(const struct help_string *const *)row);
}

static void
forget(void)
{
	free(sorted);
	sorted = NULL;
}

static const char *
find(const char *lang, const char *key)
{
	struct help_string want = { lang, key, NULL };
	const struct help_string **row;
	size_t i;

	if (sorted == NULL) {
		sorted = xcalloc(help_string_count + 1, sizeof(*sorted));
		for (i = 0; i < help_string_count; i++)
			sorted[i] = &help_strings[i];
		qsort(sorted, help_string_count, sizeof(*sorted), sort_cmp);
		atexit(forget);
	}
	row = bsearch(&want, sorted, help_string_count, sizeof(*sorted),
	    find_cmp);
	return row == NULL ? NULL : (*row)->text;
}

const char *
strings_try(const char *key)
{
	const char *text = find(chosen, key);

	return text != NULL ? text : find("en", key);
}

const char *
strings_get(const char *key)
{
	const char *text = strings_try(key);

	return text != NULL ? text : key;
}

static const struct help_topic *
find_topic(const char *lang, const char *id)
{
	size_t i;

	for (i = 0; i < help_topic_count; i++)
		if (strcmp(help_topics[i].lang, lang) == 0 &&
		    strcmp(help_topics[i].id, id) == 0)
			return &help_topics[i];
	return NULL;
}

const struct help_topic *
strings_topic(const char *id)
{
	const struct help_topic *t = find_topic(chosen, id);

	return t != NULL ? t : find_topic("en", id);
}

void
strings_safe(struct buf *b, const char *s, size_t n)
{
	const char *back;
	size_t part;

	while (n > 0) {
		back = memchr(s, '\\', n);
		part = back == NULL ? n : (size_t)(back - s);
		text_escape(b, s, part);
		if (back != NULL) {
			buf_addc(b, '\\');
			part++;
		}
		s += part;
		n -= part;
	}
}

static void
add_value(struct buf *b, const char *name, const json_t *v)
{
	const char *word, *text;
	char *key;
	size_t i;

	if (json_is_string(v)) {
		word = json_string_value(v);
		key = xasprintf("arg.%s.%s", name, word);
		text_lower(key);
		text = strings_try(key);
		free(key);
		if (text != NULL)
			buf_adds(b, text);
		else
			strings_safe(b, word, json_string_length(v));
	} else if (json_is_integer(v))
		buf_printf(b, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		buf_printf(b, "%.3g", json_real_value(v));
	else if (json_is_boolean(v))
		buf_adds(b, json_is_true(v) ? S("word.yes") : S("word.no"));
	else if (json_is_array(v))
		for (i = 0; i < json_array_size(v); i++) {
			if (i > 0)
				buf_adds(b, ", ");
			add_value(b, name, json_array_get(v, i));
		}
	else
		buf_addc(b, '-');
}

void
strings_fill(struct buf *b, const char *text, const json_t *args,
    const json_t *more)
{
	const char *open, *close;
	const json_t *v;
	char *name;

	while ((open = strchr(text, '{')) != NULL &&
	    (close = strchr(open, '}')) != NULL) {
		buf_add(b, text, (size_t)(open - text));
		name = xstrndup(open + 1, (size_t)(close - open - 1));
		if ((v = json_object_get(args, name)) == NULL)
			v = json_object_get(more, name);
		add_value(b, name, v);
		free(name);
		text = close + 1;
	}
	buf_adds(b, text);
}

char *
strings_make(const char *key, ...)
{
	const char *name, *value;
	json_t *args = json_object();
	struct buf b;
	va_list ap;

	va_start(ap, key);
	while ((name = va_arg(ap, const char *)) != NULL) {
		value = va_arg(ap, const char *);
		json_object_set_new(args, name,
		    json_string(value == NULL ? "" : value));
	}
	va_end(ap);
	buf_init(&b, 0);
	strings_fill(&b, strings_get(key), args, NULL);
	json_decref(args);
	return buf_steal(&b);
}
