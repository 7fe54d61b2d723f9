/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The word "expect" of practice files: which findings a diagnosis must make.
 * Nothing of it reaches the engine; it is compared with the findings when all
 * is over.
 */
#include "ui/practice_expect.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/options.h"

static const char *const services[] = { "dns", "http", "https", "smtp",
	"submission", "smtps", "pop3", "pop3s", "imap", "imaps" };

static const struct {
	const char	*word;
	unsigned	 flag;
} flags[] = { { "masked", FLAG_MASKED }, { "partial", FLAG_PARTIAL },
	{ "intermittent", FLAG_INTERMITTENT } };

static bool
service(struct practice_expect *x, const char *word)
{
	size_t i, n = strcspn(word, ":");
	long port = 0;

	for (i = 0; i < sizeof services / sizeof *services; i++)
		if (strlen(services[i]) == n &&
		    strncmp(services[i], word, n) == 0)
			break;
	if (i == sizeof services / sizeof *services || (word[n] == ':' &&
	    text_number(word + n + 1, 1, 65535, &port) == -1))
		return false;
	strcpy(x->ep.proto, services[i]);
	x->ep.port = (uint16_t)port;
	return true;
}

static bool
flag(struct practice_expect *x, const char *word)
{
	size_t i;

	for (i = 0; i < sizeof flags / sizeof *flags; i++)
		if (strcmp(flags[i].word, word) == 0) {
			x->flags |= flags[i].flag;
			return true;
		}
	return false;
}

/* One word after the id: what it is shows by its shape. */
static bool
take(struct practice_expect *x, const char *word)
{
	int level = verdict_parse(word);

	if (level == VERDICT_FACT || level == VERDICT_NOTICE ||
	    level >= VERDICT_UNKNOWN)
		x->level = level;
	else if (strncmp(word, "side=", 5) == 0)
		return (x->side = side_parse(word + 5)) != -1;
	else if (strncmp(word, "qname=", 6) == 0 && x->qname == NULL)
		x->qname = xstrdup(word + 6);
	else if (addr_parse(&x->ep.addr, word) == 0)
		return true;
	else if (!service(x, word) && !flag(x, word)) {
		if (strchr(word, '.') == NULL || x->name != NULL)
			return false;
		x->name = xstrdup(word);
		text_lower(x->name);
	}
	return true;
}

static int
refuse(struct refusal *why, const struct exercise_line *l, const char *word,
    enum refusal_key key, const char *words)
{
	refusal_place(why, l->at.file, l->at.line);
	refusal_expected(why, word, NULL, key, words);
	return -1;
}

/* An id that is none. */
static int
refuse_id(struct refusal *why, const struct exercise_line *l,
    const char *word)
{
	const char *all[F_COUNT], *near;
	size_t i;

	for (i = 0; i < F_COUNT; i++)
		all[i] = finding_rows[i].id;
	near = options_nearest(word, all, F_COUNT);
	return refuse(why, l, word, near != NULL ? REFUSAL_FINDING_NEAR :
	    REFUSAL_FINDING, near);
}

static int
read_one(struct practice_expect *x, const struct exercise_line *l,
    bool not_yet, struct refusal *why)
{
	const char *at = l->text;
	size_t n;
	char *word;
	int rc = 0;

	x->text = l->text;
	x->level = x->side = -1;
	for (; rc == 0 && *at != '\0'; at += n + strspn(at + n, " \t")) {
		n = strcspn(at, " \t");
		word = xstrndup(at, n);
		if (x->id == NULL) {
			x->id = xstrdup(word);
			if (!not_yet && finding_parse(word) == -1)
				rc = refuse_id(why, l, word);
		} else if (!take(x, word))
			rc = refuse(why, l, word, REFUSAL_WORDS, "LEVEL|NAME|"
			    "ADDR|SERVICE[:PORT]|masked|partial|intermittent|"
			    "side=SIDE|qname=NAME");
		free(word);
	}
	return rc;
}

int
practice_expects(struct practice_expects *all, const struct exercise *e,
    struct refusal *why)
{
	size_t i;

	memset(why, 0, sizeof *why);
	all->n = 0;
	all->list = xcalloc(e->expects.n + 1, sizeof *all->list);
	for (i = 0; i < e->expects.n; i++, all->n++)
		if (read_one(&all->list[i], &e->expects.list[i], e->not_yet,
		    why) == -1) {
			all->n++;
			practice_expects_free(all);
			return -1;
		}
	return 0;
}

void
practice_expects_free(struct practice_expects *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		free(all->list[i].id);
		free(all->list[i].name);
		free(all->list[i].qname);
	}
	free(all->list);
	memset(all, 0, sizeof *all);
}

static bool
matches(const struct practice_expect *x, const struct finding *f)
{
	if (strcmp(finding_rows[f->id].id, x->id) != 0 ||
	    (x->level != -1 && x->level != (int)f->level) ||
	    (x->side != -1 && x->side != (int)f->side) ||
	    (f->flags & x->flags) != x->flags)
		return false;
	if (x->name != NULL && (f->ep.name == NULL ||
	    strcmp(x->name, f->ep.name) != 0))
		return false;
	if (x->qname != NULL &&
	    strcmp(x->qname, json_str(f->args, "qname")) != 0)
		return false;
	return (x->ep.addr.family == 0 ||
	    addr_equal(&x->ep.addr, &f->ep.addr)) &&
	    (x->ep.proto[0] == '\0' ||
	    strcmp(x->ep.proto, f->ep.proto) == 0) &&
	    (x->ep.port == 0 || x->ep.port == f->ep.port);
}

bool
practice_compare(struct practice_expects *all, const struct session *s,
    const struct finding ***beside, size_t *n)
{
	bool good = true, known;
	size_t i, k;

	*beside = xcalloc(s->nfindings + 1, sizeof **beside);
	*n = 0;
	for (k = 0; k < all->n; k++)
		all->list[k].matched = 0;
	for (i = 0; i < s->nfindings; i++) {
		known = s->findings[i]->level <= VERDICT_NOTICE;
		for (k = 0; k < all->n; k++)
			if (matches(&all->list[k], s->findings[i])) {
				all->list[k].matched++;
				known = true;
			}
		if (!known)
			(*beside)[(*n)++] = s->findings[i];
	}
	for (k = 0; k < all->n; k++)
		good = good && all->list[k].matched > 0;
	return good && *n == 0;
}

char *
practice_words(const struct finding *f)
{
	char addr[ADDR_STRLEN];
	const char *qname = json_str(f->args, "qname");
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	buf_printf(&b, "%s %s", finding_rows[f->id].id,
	    verdict_word(f->level));
	if (f->ep.name != NULL && f->ep.name[0] != '\0') {
		buf_addc(&b, ' ');
		text_escape(&b, f->ep.name, strlen(f->ep.name));
	}
	if (f->ep.addr.family != 0)
		buf_printf(&b, " %s", addr_print(&f->ep.addr, addr));
	if (f->ep.proto[0] != '\0')
		buf_printf(&b, " %s", f->ep.proto);
	if (f->ep.proto[0] != '\0' && f->ep.port != 0)
		buf_printf(&b, ":%u", (unsigned)f->ep.port);
	for (i = 0; i < sizeof flags / sizeof *flags; i++)
		if ((f->flags & flags[i].flag) != 0)
			buf_printf(&b, " %s", flags[i].word);
	if (f->side != finding_rows[f->id].side)
		buf_printf(&b, " side=%s", side_word(f->side));
	if (*qname != '\0') {
		buf_adds(&b, " qname=");
		text_escape(&b, qname, strlen(qname));
	}
	return buf_steal(&b);
}
