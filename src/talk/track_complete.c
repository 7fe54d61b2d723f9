/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may be typed now, of the words of a protocol and what its server offers.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "talk/track_ops.h"

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What a server offers is typed only where it could be by hand. */
static bool
typeable(const char *s)
{
	while (*s >= ' ' && *s < 0x7f)
		s++;
	return *s == '\0';
}

/* Keep what begins alike, sorted, each once, ended by NULL. */
static char **
choose(struct track_list *l, const char *line, size_t n)
{
	size_t kept = 0;

	if (l->n > 0)
		qsort(l->list, l->n, sizeof(*l->list), by_text);
	for (size_t i = 0; i < l->n; i++) {
		char *w = l->list[i];

		if (strlen(w) < n || text_ncasecmp(w, line, n) != 0 ||
		    !typeable(w) ||
		    (kept > 0 && strcmp(l->list[kept - 1], w) == 0))
			free(w);
		else
			l->list[kept++] = w;
	}
	l->n = kept;
	if (kept == 0) {
		free(l->list);
		return NULL;
	}
	l->list = xreallocarray(l->list, kept + 1, sizeof(*l->list));
	l->list[kept] = NULL;
	return l->list;
}

/* The words behind the first skip bytes of the line. */
static char **
matching(const struct track *k, const char *line, size_t n, size_t skip)
{
	struct track_list l = { NULL, 0 };

	k->ops->words(k, &l);
	return choose(&l, line + skip, n - skip);
}

char **
track_complete(const struct track *k, const char *line, size_t n)
{
	size_t skip = 0;
	char **found, tag[16], *whole;

	if (k->ops->words == NULL || track_answers(k))
		return NULL;
	found = matching(k, line, n, 0);
	if (!k->ops->tagged)
		return found;
	if (found == NULL && verb_len(line, n) < n) {
		skip = verb_len(line, n) + 1;	/* behind the tag */
		found = matching(k, line, n, skip);
	}
	for (size_t i = 0; found != NULL && found[i] != NULL; i++) {
		whole = skip > 0 ? xasprintf("%.*s%s", (int)skip, line,
		    found[i]) : xasprintf("%s %s", track_tag(k, tag),
		    found[i]);
		free(found[i]);
		found[i] = whole;
	}
	return found;
}
