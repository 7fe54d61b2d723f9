/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts and mail in memory, and logins against them (RFC 4616, RFC 2195).
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/mail_store.h"
#include "talk/auth.h"

static void
mails_free(struct account *a)
{
	size_t	i;

	for (i = 0; i < a->nmails; i++) {
		free(a->mails[i]->header);
		free(a->mails[i]);
	}
	free(a->mails);
	a->mails = NULL;
	a->nmails = 0;
}

void
mail_store_reset(struct mail_store *s)
{
	size_t	i;

	for (i = 0; i < s->n; i++)
		mails_free(&s->list[i]);
}

void
mail_store_free(struct mail_store *s)
{
	size_t	i;

	for (i = 0; i < s->n; i++) {
		mails_free(&s->list[i]);
		free(s->list[i].address);
		free(s->list[i].login);
		free(s->list[i].password);
	}
	free(s->list);
	s->list = NULL;
	s->n = 0;
}

void
mail_store_add(struct mail_store *s, char *address, char *login,
    char *password)
{
	struct account	*a;

	s->list = xreallocarray(s->list, s->n + 1, sizeof *s->list);
	a = &s->list[s->n++];
	memset(a, 0, sizeof *a);
	a->address = address;
	a->login = login;
	a->password = password;
}

void
mail_store_deliver(struct mail_store *s, const char *address,
    const char *header, int64_t when)
{
	struct account	*a = NULL;
	struct mail	*m;
	size_t		 i;

	for (i = 0; i < s->n && a == NULL; i++)
		if (text_casecmp(s->list[i].address, address) == 0)
			a = &s->list[i];
	if (a == NULL)
		return;
	m = xcalloc(1, sizeof *m);
	m->header = xstrdup(header);
	m->when = when;
	m->uid = (unsigned)a->nmails + 1;
	a->mails = xreallocarray(a->mails, a->nmails + 1, sizeof *a->mails);
	a->mails[a->nmails++] = m;
}

struct account *
mail_store_login(struct mail_store *s, const char *login,
    const char *password)
{
	size_t	i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->list[i].login, login) == 0 &&
		    strcmp(s->list[i].password, password) == 0)
			return (&s->list[i]);
	return (NULL);
}

struct mail *
mail_store_at(const struct account *a, size_t nth, int64_t now)
{
	size_t	i;

	for (i = 0; i < a->nmails; i++)
		if (!a->mails[i]->gone && a->mails[i]->when <= now &&
		    nth-- == 0)
			return (a->mails[i]);
	return (NULL);
}

size_t
mail_store_count(const struct account *a, int64_t now)
{
	size_t	n = 0;

	while (mail_store_at(a, n, now) != NULL)
		n++;
	return (n);
}

void
mail_login_free(struct mail_login *l)
{
	free(l->challenge);
	free(l->name);
	memset(l, 0, sizeof *l);
}

static void
challenge(struct mail_login *l, const char *text)
{
	free(l->challenge);
	l->challenge = text_base64(text, strlen(text));
}

bool
mail_login_begin(struct mail_login *l, const char *method, size_t n)
{
	mail_login_free(l);
	l->method = auth_method(method, n);
	challenge(l, l->method == AUTH_LOGIN ? "Username:" :
	    l->method == AUTH_CRAM ? "<1896.697170952@practice.example>" : "");
	return (l->method != 0);
}

static bool
fits(const struct mail_login *l, const struct account *a, const char *answer)
{
	int	 nth = l->method == AUTH_LOGIN ? 1 : 0;
	char	*want = auth_answer((enum auth_method)l->method, a->login,
	    a->password, l->challenge, nth), *name;
	bool	 ok = want != NULL && strcmp(want, answer) == 0;

	free(want);
	if (l->method == AUTH_LOGIN) {
		name = text_base64(a->login, strlen(a->login));
		ok = ok && l->name != NULL && strcmp(name, l->name) == 0;
		free(name);
	}
	return (ok);
}

int
mail_login_answer(struct mail_login *l, struct mail_store *s,
    const char *answer, struct account **who)
{
	size_t	i;

	*who = NULL;
	if (l->method == AUTH_LOGIN && l->step++ == 0 &&
	    strcmp(answer, "*") != 0) {
		l->name = xstrdup(answer);
		challenge(l, "Password:");
		return (0);
	}
	for (i = 0; i < s->n && *who == NULL; i++)
		if (fits(l, &s->list[i], answer))
			*who = &s->list[i];
	return (1);
}
