/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the words of one declaration: numbers, names, addresses, declared
 * servers. Each reader says what it expected when it finds something else.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/practice.h"

void
addrs_add(struct addrs *a, const struct addr *one)
{
	size_t	i;

	for (i = 0; i < a->n; i++)
		if (addr_equal(&a->list[i], one))
			return;
	a->list = xreallocarray(a->list, a->n + 1, sizeof *a->list);
	a->list[a->n++] = *one;
}

int
words_refuse(struct words *w, enum refusal_key key, const char *words)
{
	size_t	at = w->at > 0 ? w->at - 1 : 0;

	refusal_place(w->why, NULL, w->line);
	refusal_expected(w->why, at < w->n ? w->w[at] : NULL, w->usage, key,
	    words);
	return (-1);
}

int
words_expected(struct words *w, const char *words)
{
	return (words_refuse(w, REFUSAL_WORDS, words));
}

bool
words_more(const struct words *w)
{
	return (w->at < w->n);
}

const char *
words_next(struct words *w)
{
	if (w->at < w->n)
		return (w->w[w->at++]);
	w->at = w->n + 1;
	return (NULL);
}

bool
words_is(struct words *w, const char *word)
{
	if (w->at >= w->n || strcmp(w->w[w->at], word) != 0)
		return (false);
	w->at++;
	return (true);
}

int
words_end(struct words *w)
{
	if (w->at >= w->n)
		return (0);
	w->at++;
	return (words_refuse(w, REFUSAL_NOTHING_MORE, NULL));
}

int
words_text(struct words *w, char **out)
{
	const char	*s = words_next(w);

	if (s == NULL)
		return (words_expected(w, "TEXT"));
	free(*out);
	*out = xstrdup(s);
	return (0);
}

int
words_number(struct words *w, long min, long max, long *out)
{
	const char	*s = words_next(w);
	char		*what;

	if (s != NULL && text_number(s, min, max, out) == 0)
		return (0);
	what = xasprintf("%ld..%ld", min, max);
	words_expected(w, what);
	free(what);
	return (-1);
}

int
words_addr(struct words *w, struct addr *a)
{
	const char	*s = words_next(w);

	if (s != NULL && addr_parse(a, s) == 0)
		return (0);
	return (words_expected(w, "ADDR"));
}

int
words_addrs(struct words *w, struct addrs *out, size_t min)
{
	struct addr	a;
	size_t		n = 0;

	for (; words_more(w) && addr_parse(&a, w->w[w->at]) == 0; n++) {
		addrs_add(out, &a);
		w->at++;
	}
	if (n >= min)
		return (0);
	return (words_addr(w, &a));
}

int
words_name(struct words *w, unsigned char out[NAME_MAX_WIRE])
{
	const char	*s = words_next(w);

	if (s != NULL && name_parse(out, s) == 0)
		return (0);
	return (words_expected(w, "NAME"));
}

struct who {
	const char	*name;		/* NULL: all */
	size_t		 len;
	int		 family;	/* 0 both */
	struct addrs	*out;
};

static void
collect(const struct who *who, const char *name, const struct addr *list,
    size_t n)
{
	size_t	i;

	if (who->name != NULL && (strlen(name) != who->len ||
	    text_ncasecmp(name, who->name, who->len) != 0))
		return;
	for (i = 0; i < n; i++)
		if (who->family == 0 || who->family == list[i].family)
			addrs_add(who->out, &list[i]);
}

static void
collect_sites(const struct who *who, const struct site *sites, size_t n)
{
	size_t	i;

	for (i = 0; i < n; i++)
		collect(who, sites[i].name, sites[i].addrs, sites[i].naddrs);
}

static void
collect_all(struct scenario *s, unsigned kinds, const struct who *who)
{
	size_t	i;

	for (i = 0; i < s->nservers && (kinds & WHO_DNS) != 0; i++)
		collect(who, s->servers[i]->text, s->servers[i]->addrs.list,
		    s->servers[i]->addrs.n);
	if ((kinds & WHO_WEB) != 0)
		collect_sites(who, s->services.webs, s->services.nwebs);
	if ((kinds & WHO_MAIL) != 0)
		collect_sites(who, s->services.mails, s->services.nmails);
	if ((kinds & WHO_BOX) != 0)
		collect_sites(who, s->services.boxes, s->services.nboxes);
}

int
words_who(struct words *w, unsigned kinds, struct addrs *out)
{
	const char	*s = words_next(w), *slash;
	struct who	 who = { .out = out };
	struct addr	 a;

	if (s == NULL)
		return (words_expected(w, "WHO"));
	if (addr_parse(&a, s) == 0) {
		addrs_add(out, &a);
		return (0);
	}
	who.name = s;
	who.len = strlen(s);
	if ((slash = strchr(s, '/')) != NULL) {
		who.len = (size_t)(slash - s);
		if (strcmp(slash, "/v4") != 0 && strcmp(slash, "/v6") != 0)
			return (words_expected(w, "NAME/v4|NAME/v6"));
		who.family = slash[2] - '0';
	}
	if (who.len == 3 && strncmp(s, "all", 3) == 0)
		who.name = NULL;
	collect_all(w->s, kinds, &who);
	return (out->n > 0 ? 0 :
	    words_refuse(w, REFUSAL_WHO_ABOVE, NULL));
}

char *
words_rest(struct words *w)
{
	struct buf	b;
	const char	*s;

	buf_init(&b, 0);
	buf_adds(&b, "");
	while ((s = words_next(w)) != NULL)
		buf_printf(&b, "%s%s", b.len > 0 ? " " : "", s);
	return (buf_steal(&b));
}

int
words_attempt(struct words *w, unsigned *first, unsigned *last)
{
	const char	*s = words_next(w), *dash;
	char		*a;
	long		 from, to;
	int		 rc;

	if (s == NULL)
		return (words_expected(w, "A[-B]"));
	dash = strchr(s, '-');
	a = xstrndup(s, dash != NULL ? (size_t)(dash - s) : strlen(s));
	rc = text_number(a, 1, 1000000, &from);
	free(a);
	to = from;
	if (rc == -1 || (dash != NULL &&
	    text_number(dash + 1, from, 1000000, &to) == -1))
		return (words_expected(w, "A[-B]"));
	*first = (unsigned)from;
	*last = (unsigned)to;
	return (0);
}

int
words_span(struct words *w, struct mem_span *span)
{
	const char	*s = words_next(w), *dash;
	char		*a;
	long		 from, to = 0;
	int		 rc;

	if (s == NULL)
		return (words_expected(w, "A[-B]"));
	dash = strchr(s, '-');
	a = xstrndup(s, dash != NULL ? (size_t)(dash - s) : strlen(s));
	rc = text_number(a, 0, 86400, &from);
	free(a);
	if (rc == -1 || (dash != NULL &&
	    text_number(dash + 1, from + 1, 86400, &to) == -1))
		return (words_expected(w, "A[-B]"));
	span->begin = from * NSEC_PER_SEC;
	span->end = to * NSEC_PER_SEC;
	return (0);
}

static int
icmp_action(struct words *w, struct mem_fault *f)
{
	const char	*s = words_next(w), *slash;
	char		*type;
	long		 t, c;
	int		 rc = -1;

	f->kind = MEM_ICMP;
	if (s == NULL)
		return (words_expected(w, "TYPE/CODE"));
	if ((slash = strchr(s, '/')) != NULL) {
		type = xstrndup(s, (size_t)(slash - s));
		rc = text_number(type, 0, 255, &t);
		free(type);
		if (rc == 0)
			rc = text_number(slash + 1, 0, 255, &c);
	}
	if (rc == -1)
		return (words_expected(w, "TYPE/CODE"));
	f->icmp_type = (int)t;
	f->icmp_code = (int)c;
	if (words_more(w))
		return (words_addr(w, &f->sender));
	return (0);
}

int
words_net_action(struct words *w, struct mem_fault *f)
{
	const char	*s = words_next(w);
	long		 n = 0;
	int		 rc = 0;

	if (s == NULL)
		return (words_expected(w, "NET-ACTION"));
	if (strcmp(s, "silent") == 0)
		f->kind = MEM_SILENT;
	else if (strcmp(s, "refused") == 0)
		f->kind = MEM_REFUSED;
	else if (strcmp(s, "icmp") == 0)
		return (icmp_action(w, f));
	else if (strcmp(s, "delay") == 0) {
		f->kind = MEM_DELAY;
		rc = words_number(w, 0, 600000, &n);
		f->delay = n * NSEC_PER_MSEC;
	} else if (strcmp(s, "reset-after") == 0 ||
	    strcmp(s, "stall-after") == 0) {
		f->kind = s[0] == 'r' ? MEM_RESET : MEM_STALL;
		rc = words_number(w, 0, 100000000, &n);
		f->after = (size_t)n;
	} else if (strcmp(s, "lost-over") == 0) {
		f->kind = MEM_LOST_OVER;
		rc = words_number(w, 1, 65535, &n);
		f->after = (size_t)n;
	} else
		return (words_expected(w, "silent|refused|icmp|delay|"
		    "reset-after|stall-after|lost-over"));
	return (rc);
}
