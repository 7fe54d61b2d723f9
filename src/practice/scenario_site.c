/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a scenario about web and mail servers. A site declared again
 * for the same name and address replaces the former there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/practice.h"

static const struct {
	const char	*word;
	enum cert_kind	 kind;
} certs[] = {
	{ "ok", CERT_OK }, { "expired", CERT_EXPIRED },
	{ "not-yet", CERT_NOT_YET }, { "self-signed", CERT_SELF_SIGNED },
	{ "untrusted", CERT_UNTRUSTED }, { "incomplete", CERT_INCOMPLETE },
	{ "name", CERT_NAME }, { "soon", CERT_SOON },
	{ "old-tls", CERT_OLD_TLS }, { "fail", CERT_FAIL }
};

static int
read_cert(struct words *w, struct site *s)
{
	const char	*word = words_next(w);
	size_t		 i;

	for (i = 0; i < sizeof certs / sizeof *certs; i++)
		if (word != NULL && strcmp(certs[i].word, word) == 0) {
			s->cert = certs[i].kind;
			if (s->cert == CERT_NAME)
				return (words_text(w, &s->cert_name));
			if (s->cert == CERT_SOON)
				return (words_number(w, 0, 89, &s->cert_days));
			return (0);
		}
	return (words_expected(w, "ok|expired|not-yet|self-signed|untrusted|"
	    "incomplete|name|soon|old-tls|fail"));
}

static void
drop_addr(struct site *s, const struct addr *a)
{
	size_t	i, kept = 0;

	for (i = 0; i < s->naddrs; i++)
		if (!addr_equal(&s->addrs[i], a))
			s->addrs[kept++] = s->addrs[i];
	s->naddrs = kept;
}

static void
replace(struct site *sites, size_t n, const struct site *new, bool by_name)
{
	size_t	i, k;

	for (i = 0; i < n; i++) {
		if (by_name ? text_casecmp(sites[i].name, new->name) != 0 :
		    sites[i].port != new->port)
			continue;
		for (k = 0; k < new->naddrs; k++)
			drop_addr(&sites[i], &new->addrs[k]);
	}
}

static struct site *
new_site(struct words *w, struct site **list, size_t *n)
{
	unsigned char	 name[NAME_MAX_WIRE];
	struct addrs	 addrs = { NULL, 0 };
	struct site	*s;

	*list = xreallocarray(*list, *n + 1, sizeof **list);
	s = &(*list)[(*n)++];
	memset(s, 0, sizeof *s);
	s->status = 200;
	s->name = xstrdup("");
	if (words_name(w, name) == -1)
		return (NULL);
	free(s->name);
	s->name = xstrdup(w->w[w->at - 1]);
	if (s->name[0] != '\0' && s->name[1] != '\0' &&
	    s->name[strlen(s->name) - 1] == '.')
		s->name[strlen(s->name) - 1] = '\0';
	if (words_addrs(w, &addrs, 1) == -1) {
		free(addrs.list);
		return (NULL);
	}
	s->addrs = addrs.list;
	s->naddrs = addrs.n;
	return (s);
}

static int
web_option(struct words *w, struct site *s)
{
	long	n;
	int	rc = 0;

	if (words_is(w, "http"))
		s->http = true;
	else if (words_is(w, "https"))
		s->https = true;
	else if (words_is(w, "status")) {
		if ((rc = words_number(w, 100, 999, &n)) == 0)
			s->status = (int)n;
	} else if (words_is(w, "redirect"))
		rc = words_text(w, &s->redirect);
	else if (words_is(w, "to-https"))
		s->to_https = true;
	else if (words_is(w, "body"))
		rc = words_text(w, &s->body);
	else if (words_is(w, "long"))
		rc = words_number(w, 1, 10000000, &s->least);
	else if (words_is(w, "cert"))
		rc = read_cert(w, s);
	else if (words_is(w, "sni-only"))
		s->sni_only = true;
	else {
		words_next(w);
		rc = words_expected(w, "http|https|status|redirect|to-https|"
		    "body|long|cert|sni-only");
	}
	return (rc);
}

int
word_web(struct words *w)
{
	struct services	*all = &w->s->services;
	struct site	*s = new_site(w, &all->webs, &all->nwebs);

	if (s == NULL)
		return (-1);
	while (words_more(w))
		if (web_option(w, s) == -1)
			return (-1);
	if (!s->http && !s->https)
		s->http = s->https = true;
	replace(all->webs, all->nwebs - 1, s, true);
	return (0);
}

static int
seconds(struct words *w, int64_t *out)
{
	long	n;

	if (words_number(w, 0, 86400, &n) == -1)
		return (-1);
	*out = n * NSEC_PER_SEC;
	return (0);
}

/* What servers with logins have in common: true if it was such a word. */
static bool
login_option(struct words *w, struct site *s, int *rc)
{
	if (words_is(w, "auth-early"))
		s->auth_early = true;
	else if (words_is(w, "echo"))
		s->echo = true;
	else if (words_is(w, "auth")) {
		free(s->auth);
		s->auth = NULL;
		*rc = words_text(w, &s->auth);
	} else
		return (false);
	return (true);
}

/* The same of all servers that greet, with or without TLS. */
static bool
greeter_option(struct words *w, struct site *s, int *rc)
{
	long	n;

	if (words_is(w, "port")) {
		if ((*rc = words_number(w, 1, 65535, &n)) == 0)
			s->port = (uint16_t)n;
	} else if (words_is(w, "tls"))
		s->implicit = true;
	else if (words_is(w, "banner"))
		*rc = words_text(w, &s->banner);
	else if (words_is(w, "delay"))
		*rc = seconds(w, &s->delay);
	else if (words_is(w, "no-starttls"))
		s->no_starttls = true;
	else if (words_is(w, "cert"))
		*rc = read_cert(w, s);
	else
		return (login_option(w, s, rc));
	return (true);
}

static int
mail_option(struct words *w, struct site *s)
{
	int	rc = 0;

	if (words_is(w, "rcpt"))
		rc = words_text(w, &s->rcpt);
	else if (words_is(w, "mail"))
		rc = words_text(w, &s->mail);
	else if (words_is(w, "ext"))
		rc = words_text(w, &s->extensions);
	else if (words_is(w, "greylist"))
		rc = seconds(w, &s->greylist);
	else if (words_is(w, "deliver")) {
		if (words_is(w, "never"))
			s->lost = true;
		else
			rc = seconds(w, &s->deliver);
	} else if (!greeter_option(w, s, &rc)) {
		words_next(w);
		rc = words_expected(w, "port|tls|banner|delay|no-starttls|"
		    "rcpt|mail|ext|greylist|deliver|auth|auth-early|echo|"
		    "cert");
	}
	return (rc);
}

int
word_smtp(struct words *w)
{
	struct services	*all = &w->s->services;
	struct site	*s = new_site(w, &all->mails, &all->nmails);

	if (s == NULL)
		return (-1);
	s->deliver = NSEC_PER_SEC;
	while (words_more(w))
		if (mail_option(w, s) == -1)
			return (-1);
	replace(all->mails, all->nmails - 1, s, false);
	return (0);
}

int
word_submission(struct words *w)
{
	struct services	*all = &w->s->services;
	struct site	*s = new_site(w, &all->mails, &all->nmails);

	if (s == NULL)
		return (-1);
	s->kind = SITE_SUBMISSION;
	s->deliver = NSEC_PER_SEC;
	s->auth = xstrdup("PLAIN LOGIN");
	while (words_more(w))
		if (mail_option(w, s) == -1)
			return (-1);
	if (s->port == 0)
		s->port = s->implicit ? 465 : 587;
	replace(all->mails, all->nmails - 1, s, false);
	return (0);
}

static int
box_option(struct words *w, struct site *s)
{
	int	rc = 0;

	if (words_is(w, "no-uidplus"))
		s->no_uidplus = true;
	else if (words_is(w, "cap"))
		rc = words_text(w, &s->extensions);
	else if (!greeter_option(w, s, &rc)) {
		words_next(w);
		rc = words_expected(w, "port|tls|banner|delay|no-starttls|"
		    "no-uidplus|cap|auth|auth-early|echo|cert");
	}
	return (rc);
}

static int
box_site(struct words *w, enum site_kind kind, uint16_t plain, uint16_t tls)
{
	struct services	*all = &w->s->services;
	struct site	*s = new_site(w, &all->boxes, &all->nboxes);

	if (s == NULL)
		return (-1);
	s->kind = kind;
	while (words_more(w))
		if (box_option(w, s) == -1)
			return (-1);
	if (s->port == 0)
		s->port = s->implicit ? tls : plain;
	replace(all->boxes, all->nboxes - 1, s, false);
	return (0);
}

int
word_pop(struct words *w)
{
	return (box_site(w, SITE_POP, 110, 995));
}

int
word_imap(struct words *w)
{
	return (box_site(w, SITE_IMAP, 143, 993));
}

int
word_account(struct words *w)
{
	char	*address = NULL, *password = NULL, *login = NULL;

	if (words_text(w, &address) == -1 || words_text(w, &password) == -1 ||
	    (words_is(w, "login") && words_text(w, &login) == -1)) {
		free(address);
		free(password);
		return (-1);
	}
	mail_store_add(&w->s->services.store, address, login != NULL ? login :
	    xstrdup(address), password);
	return (0);
}
