/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of keys: names of keys, what each does where, and other bindings
 * that the operator wants. Keys never clash: binding one takes it away from
 * the rows it had at the same places, and says so.
 */
#include "ui/keys.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "ui/options.h"
#include "ui/strings.h"
#include "ui/tui_act.h"

const struct key_row key_rows[] = {
#define KEY(name, keys, where, hint, act) { name, keys, where, hint, act },
#include "ui/keys.def"
#undef KEY
};
const size_t key_row_count = sizeof(key_rows) / sizeof(key_rows[0]);

static const struct {
	const char	*name;
	int		 key;
} names[] = {
	{ "Up", KEY_SPECIAL | KEY_UP }, { "Down", KEY_SPECIAL | KEY_DOWN },
	{ "Left", KEY_SPECIAL | KEY_LEFT },
	{ "Right", KEY_SPECIAL | KEY_RIGHT },
	{ "PgUp", KEY_SPECIAL | KEY_PPAGE },
	{ "PgDn", KEY_SPECIAL | KEY_NPAGE },
	{ "Home", KEY_SPECIAL | KEY_HOME }, { "End", KEY_SPECIAL | KEY_END },
	{ "BackTab", KEY_SPECIAL | KEY_BTAB },
	{ "Del", KEY_SPECIAL | KEY_DC }, { "Ins", KEY_SPECIAL | KEY_IC },
	{ "Enter", '\r' }, { "Tab", '\t' }, { "Esc", 27 }, { "Space", ' ' },
	{ "Backspace", KEY_SPECIAL | KEY_BACKSPACE },
};

int
keys_parse(const char *s, size_t n)
{
	size_t i;
	long f;
	char number[4] = "";

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == n &&
		    text_ncasecmp(names[i].name, s, n) == 0)
			return names[i].key;
	if (n == 6 && text_ncasecmp(s, "Ctrl-", 5) == 0 && s[5] > ' ' &&
	    s[5] < 127)
		return s[5] & 0x1f;
	if (n >= 2 && n <= 3 && (*s == 'F' || *s == 'f')) {
		memcpy(number, s + 1, n - 1);
		if (text_number(number, 1, 12, &f) == 0)
			return KEY_SPECIAL | KEY_F((int)f);
	}
	return n == 1 && *s > ' ' && *s < 127 ? *s : -1;
}

const char *
keys_name(int key, char out[16])
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].key == key) {
			strcpy(out, names[i].name);
			return out;
		}
	if (key >= 0 && key < 32)
		snprintf(out, 16, "Ctrl-%c", key + 64);
	else if (key >= (KEY_SPECIAL | KEY_F(1)) &&
	    key <= (KEY_SPECIAL | KEY_F(12)))
		snprintf(out, 16, "F%d", (key & ~KEY_SPECIAL) - KEY_F0);
	else
		snprintf(out, 16, "%c", key > 32 && key < 127 ? key : '?');
	return out;
}

static void
add(struct keys *k, int key, size_t row)
{
	k->list = xreallocarray(k->list, k->n + 1, sizeof(*k->list));
	k->list[k->n].key = key;
	k->list[k->n++].row = row;
}

void
keys_init(struct keys *k)
{
	const char *at;
	size_t i, n;

	memset(k, 0, sizeof(*k));
	for (i = 0; i < key_row_count; i++)
		for (at = key_rows[i].keys; *at != '\0'; at += n) {
			at += strspn(at, " ");
			n = strcspn(at, " ");
			if (n > 0)
				add(k, keys_parse(at, n), i);
		}
}

void
keys_free(struct keys *k)
{
	free(k->list);
	memset(k, 0, sizeof(*k));
}

const struct key_row *
keys_function(const char *name)
{
	size_t i;

	for (i = 0; i < key_row_count; i++)
		if (strcmp(key_rows[i].name, name) == 0)
			return &key_rows[i];
	return NULL;
}

const struct key_row *
keys_row(const struct keys *k, int key, unsigned where)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (k->list[i].key == key &&
		    (key_rows[k->list[i].row].where & where) != 0)
			return &key_rows[k->list[i].row];
	return NULL;
}

/* Take the key away from rows that mean something at these places: the name
   of one of them, or NULL. */
static const char *
take(struct keys *k, int key, const struct key_row *to)
{
	const char *lost = NULL;
	size_t i, kept = 0;

	for (i = 0; i < k->n; i++) {
		const struct key_row *r = &key_rows[k->list[i].row];

		if (k->list[i].key == key && (r->where & to->where) != 0) {
			if (r != to)
				lost = r->name;
			continue;
		}
		k->list[kept++] = k->list[i];
	}
	k->n = kept;
	return lost;
}

static int
bad_function(const char *name, char **said)
{
	const char **all = xcalloc(key_row_count, sizeof(*all)), *near;
	size_t i;

	for (i = 0; i < key_row_count; i++)
		all[i] = key_rows[i].name;
	near = options_nearest(name, all, key_row_count);
	*said = near == NULL ? strings_make("bind.function", "name", name,
	    NULL) : strings_make("bind.function-near", "name", name, "near",
	    near, NULL);
	free(all);
	return -1;
}

int
keys_bind(struct keys *k, const char *text, char **said)
{
	/* "==open" binds the key "=". */
	const char *is = *text == '\0' ? NULL : strchr(text + 1, '=');
	const struct key_row *row;
	const char *lost;
	char *name;
	int key;

	*said = NULL;
	if (is == NULL || (key = keys_parse(text, (size_t)(is - text))) < 0) {
		name = xstrndup(text, is == NULL ? strlen(text) :
		    (size_t)(is - text));
		*said = strings_make("bind.key", "name", name, NULL);
		free(name);
		return -1;
	}
	if ((row = keys_function(is + 1)) == NULL)
		return bad_function(is + 1, said);
	lost = take(k, key, row);
	add(k, key, (size_t)(row - key_rows));
	if (lost != NULL) {
		name = xstrndup(text, (size_t)(is - text));
		*said = strings_make("bind.lost", "key", name, "was", lost,
		    "is", row->name, NULL);
		free(name);
	}
	return 0;
}

char *
keys_of(const struct keys *k, const struct key_row *row)
{
	struct buf b;
	char name[16];
	size_t i;

	buf_init(&b, 0);
	for (i = 0; i < k->n; i++)
		if (&key_rows[k->list[i].row] == row)
			buf_printf(&b, "%s%s", b.len == 0 ? "" : " ",
			    keys_name(k->list[i].key, name));
	return buf_steal(&b);
}

const char *
keys_place(unsigned where)
{
	static const char *const places[W_PLACES] = { "steps", "dialogue",
		"meaning", "matrix", "map", "clients", "findings", "tls",
		"hex", "sides", "help" };
	size_t i;

	for (i = 0; i < W_PLACES; i++)
		if (where == 1u << i)
			return places[i];
	return "";
}

static void
print_places(struct buf *b, unsigned where)
{
	char *key;
	size_t i;

	if (where == W_ALL)
		return;
	buf_adds(b, " (");
	if ((where & W_MAIN) == W_MAIN && (where & ~W_MAIN) == 0)
		buf_adds(b, S("place.main"));
	else
		for (i = 0; i < W_PLACES; i++) {
			if ((where & 1u << i) == 0)
				continue;
			key = xasprintf("place.%s", keys_place(1u << i));
			buf_printf(b, "%s%s", b->data[b->len - 1] == '(' ?
			    "" : ", ", strings_get(key));
			free(key);
		}
	buf_addc(b, ')');
}

void
keys_print(const struct keys *k, struct out *o)
{
	char *all, *help, *left;
	struct buf b;
	size_t i;

	for (i = 0; i < key_row_count; i++) {
		all = keys_of(k, &key_rows[i]);
		help = xasprintf("key.%s", key_rows[i].name);
		left = xasprintf("  %-12s %-13s ", all, key_rows[i].name);
		buf_init(&b, 0);
		buf_adds(&b, strings_get(help));
		print_places(&b, key_rows[i].where);
		out_wrap(o, left, "                             ",
		    buf_str(&b));
		buf_free(&b);
		free(left);
		free(help);
		free(all);
	}
}
