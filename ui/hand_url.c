/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * repl URLs: the protocol, a host or an address, perhaps a port. The words,
 * their ports and how they speak TLS are one table.
 */
#include "ui/hand_url.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "diag/subject.h"
#include "talk/talk.h"

static const struct row {
	const char	*word;
	uint16_t	 port;
	int		 tls;
} rows[] = {
	{ "dns", 53, TALK_PLAIN },
	{ "http", 80, TALK_PLAIN },
	{ "https", 443, TALK_IMPLICIT },
	{ "smtp", 25, TALK_STARTTLS },
	{ "smtps", 465, TALK_IMPLICIT },
	{ "submission", 587, TALK_STARTTLS },
	{ "submissions", 465, TALK_IMPLICIT },
	{ "pop3", 110, TALK_STARTTLS },
	{ "pop3s", 995, TALK_IMPLICIT },
	{ "imap", 143, TALK_STARTTLS },
	{ "imaps", 993, TALK_IMPLICIT },
	{ "tcp", 0, TALK_PLAIN },
	{ "tls", 0, TALK_IMPLICIT },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *
row_of(const char *word, size_t n)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strlen(rows[i].word) == n &&
		    text_ncasecmp(rows[i].word, word, n) == 0)
			return &rows[i];
	return NULL;
}

uint16_t
hand_port(const char *s)
{
	static const struct { const char *word; uint16_t port; } more[] = {
		{ "domain", 53 }, { "www", 80 }, { "pop-3", 110 },
		{ "imap2", 143 }, { "ssmtp", 465 }, { "urd", 465 },
	};
	const struct row *r;
	long n;

	if (text_number(s, 1, 65535, &n) == 0)
		return (uint16_t)n;
	if ((r = row_of(s, strlen(s))) != NULL)
		return r->port;
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (text_casecmp(more[i].word, s) == 0)
			return more[i].port;
	return 0;
}

static bool
plain_host(const char *s)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

	return *s != '\0' && strlen(s) < 254 && strspn(s, good) == strlen(s) &&
	    *s != '-' && *s != '.';
}

char *
hand_host(const char *s)
{
	char *host = xstrdup(s), *hint = NULL;
	const char *why;
	struct subject subject;
	size_t n;

	text_lower(host);
	n = strlen(host);
	if (n > 1 && host[n - 1] == '.')
		host[n - 1] = '\0';
	if (plain_host(host))
		return host;
	free(host);
	if (strpbrk(s, "/@: ") != NULL ||
	    subject_parse(&subject, s, &why, &hint) != 0) {
		free(hint);
		return NULL;
	}
	host = xstrdup(subject.name);
	subject_free(&subject);
	return host;
}

static int
take_host(struct hand_url *u, const char *host, const char **why)
{
	*why = "host";
	if (addr_parse(&u->addr, host) == 0) {
		u->host = xstrdup("");
		return 0;
	}
	memset(&u->addr, 0, sizeof(u->addr));
	u->host = hand_host(host);
	return u->host == NULL ? -1 : 0;
}

int
hand_url_make(struct hand_url *u, const char *host, uint16_t port,
    bool implicit, const char **why)
{
	memset(u, 0, sizeof(*u));
	strcpy(u->proto, implicit ? "tls" : "tcp");
	u->tls = implicit ? TALK_IMPLICIT : TALK_PLAIN;
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].port == port && port != 53 &&
		    (rows[i].tls == TALK_IMPLICIT) == implicit) {
			strcpy(u->proto, rows[i].word);
			u->tls = rows[i].tls;
			break;
		}
	u->port = port;
	return take_host(u, host, why);
}

/* "host", "host:port", "[addr]", "[addr]:port", "addr": host in place, *port
   its text or NULL. */
static int
split(char *s, char **host, char **port)
{
	char *end, *colon;

	*port = NULL;
	*host = s;
	if (*s == '[') {
		*host = s + 1;
		if ((end = strchr(s, ']')) == NULL)
			return -1;
		*end++ = '\0';
		if (*end == ':')
			*port = end + 1;
		else if (*end != '\0')
			return -1;
		return 0;
	}
	colon = strrchr(s, ':');
	if (colon != NULL && strchr(s, ':') == colon) {
		*colon = '\0';
		*port = colon + 1;
	}
	return 0;
}

static int
authority(struct hand_url *u, char *s, const struct row *r,
    const char **why)
{
	char *host, *port;

	*why = "host";
	if (split(s, &host, &port) != 0)
		return -1;
	u->port = r->port;
	*why = "port";
	if (port != NULL && (u->port = hand_port(port)) == 0)
		return -1;
	if (u->port == 0)
		return -1;
	*why = "host";
	if (*host == '\0' && strcmp(r->word, "dns") == 0) {
		u->host = xstrdup("");
		return 0;
	}
	return take_host(u, host, why);
}

int
hand_url_parse(struct hand_url *u, const char *text, const char **why)
{
	const struct row *r;
	const char *colon = strchr(text, ':'), *rest;
	char *copy;
	size_t n;
	int rc;

	memset(u, 0, sizeof(*u));
	*why = "scheme";
	if (colon == NULL ||
	    (r = row_of(text, (size_t)(colon - text))) == NULL)
		return -1;
	rest = colon + 1;
	rest += strncmp(rest, "//", 2) == 0 ? 2 : 0;
	n = strcspn(rest, "/?#");
	copy = xstrndup(rest, n);
	strcpy(u->proto, r->word);
	u->tls = r->tls;
	if (rest[n] != '\0')
		u->path = xstrdup(rest + n);
	rc = authority(u, copy, r, why);
	free(copy);
	if (rc != 0)
		hand_url_free(u);
	return rc;
}

void
hand_url_free(struct hand_url *u)
{
	free(u->host);
	free(u->path);
	memset(u, 0, sizeof(*u));
}
