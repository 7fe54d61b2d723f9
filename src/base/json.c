/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts are JSON objects: short words to read and write their members, and
 * the form that a network error has in them.
 */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/world.h"
#include "base/xalloc.h"

const char *
json_str(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v) ? json_string_value(v) : "";
}

int64_t
json_int(const json_t *object, const char *key, int64_t def)
{
	const json_t *v = json_object_get(object, key);

	return json_is_integer(v) ? (int64_t)json_integer_value(v) : def;
}

double
json_num(const json_t *object, const char *key, double def)
{
	const json_t *v = json_object_get(object, key);

	return json_is_number(v) ? json_number_value(v) : def;
}

bool
json_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void
json_put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

void
json_put_str(json_t *object, const char *key, const char *s)
{
	json_put_bytes(object, key, s, strlen(s));
}

void
json_put_bytes(json_t *object, const char *key, const void *data, size_t n)
{
	json_put(object, key, json_text(data, n));
}

void
json_put_int(json_t *object, const char *key, int64_t n)
{
	json_put(object, key, json_integer((json_int_t)n));
}

void
json_put_num(json_t *object, const char *key, double n)
{
	json_put(object, key, isfinite(n) ? json_real(n) : json_null());
}

void
json_put_flag(json_t *object, const char *key, bool flag)
{
	json_put(object, key, json_boolean(flag));
}

json_t *
json_text(const void *data, size_t n)
{
	json_t *v;
	char *s;

	if (n == 0)
		return json_string("");
	if (text_utf8_valid(data, n) && memchr(data, '\0', n) == NULL)
		return json_stringn(data, n);
	s = text_escaped(data, n);
	v = json_string(s);
	free(s);
	return v;
}

/* What jansson and the C library take for each kind, measured. */
#define WEIGHT		48	/* any value */
#define WEIGHT_TABLE	256	/* an object, and its first table of members */
#define WEIGHT_MEMBER	96
#define WEIGHT_LIST	96
#define WEIGHT_ITEM	16

size_t
json_weight(const json_t *v)
{
	size_t n = WEIGHT, i;
	const char *key;
	json_t *item;

	if (v == NULL)
		return 0;
	if (json_is_string(v))
		return n + json_string_length(v);
	if (json_is_array(v)) {
		n += WEIGHT_LIST;
		json_array_foreach(v, i, item)
			n += WEIGHT_ITEM + json_weight(item);
	} else if (json_is_object(v)) {
		n += WEIGHT_TABLE;
		json_object_foreach((json_t *)(uintptr_t)v, key, item)
			n += WEIGHT_MEMBER + strlen(key) + json_weight(item);
	}
	return n;
}

json_t *
json_net_error(const struct net_error *e)
{
	json_t *o = json_object();
	char text[ADDR_STRLEN];

	json_put_str(o, "cause", net_cause_word(e->cause));
	if (e->err != 0)
		json_put_str(o, "errno", net_errno_word(e->err));
	if (e->icmp_type >= 0)
		json_put(o, "icmp",
		    json_pack("[i,i]", e->icmp_type, e->icmp_code));
	if (e->sender.family != 0)
		json_put_str(o, "sender", addr_print(&e->sender, text));
	return o;
}

void
json_net_error_parse(const json_t *o, struct net_error *e)
{
	const json_t *icmp = json_object_get(o, "icmp");

	net_error_init(e, NET_OK);
	net_cause_parse(json_str(o, "cause"), &e->cause);
	e->err = net_errno_parse(json_str(o, "errno"));
	if (json_array_size(icmp) == 2) {
		e->icmp_type = (int)json_integer_value(
		    json_array_get(icmp, 0));
		e->icmp_code = (int)json_integer_value(
		    json_array_get(icmp, 1));
	}
	if (addr_parse(&e->sender, json_str(o, "sender")) != 0)
		e->sender.family = 0;
}
