/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that the operator gives are read and checked before anything is
 * sent: whatever is wrong is named with file, line and what was expected.
 */
#include "ui/given.h"

#include <errno.h>
#include <ldns/ldns.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "ui/out.h"
#include "ui/strings.h"

#define FILE_MAX_BYTES	(4u * 1024 * 1024)

static char *
unreadable(const char *name, const char *why, FILE *f, struct buf *b)
{
	out_say("err.read", "file", name, "why", why, NULL);
	if (f != NULL)
		fclose(f);
	buf_free(b);
	return NULL;
}

char *
given_read(const char *name)
{
	char part[8192];
	struct buf b;
	size_t n;
	FILE *f;

	buf_init(&b, FILE_MAX_BYTES);
	if ((f = fopen(name, "r")) == NULL)
		return unreadable(name, strerror(errno), NULL, &b);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		if (buf_add(&b, part, n) != 0)
			return unreadable(name, S("err.too-big"), f, &b);
	if (ferror(f))
		return unreadable(name, strerror(errno), f, &b);
	if (b.len > 0 && memchr(b.data, '\0', b.len) != NULL)
		return unreadable(name, S("err.not-text"), f, &b);
	fclose(f);
	return buf_steal(&b);
}

static void
say_expected(const char *file, size_t line, const char *expected)
{
	char *text = strings_make("err.expected", "expected", expected, NULL);

	out_say_at(file, line, text);
	free(text);
}

static size_t
count_lines(const char *text)
{
	size_t n = 1;

	for (; *text != '\0'; text++)
		if (*text == '\n' && text[1] != '\0')
			n++;
	return n;
}

static int
load_hints(struct world *w, const char *name)
{
	char *text = given_read(name), *cause = NULL, *rest;
	size_t line;

	if (text == NULL)
		return -1;
	if (world_hints_parse(w, text, &cause) == 0) {
		free(text);
		return 0;
	}
	line = strtoul(cause, &rest, 10);
	rest += strspn(rest, ": ");
	say_expected(name, line > 0 ? line : count_lines(text), rest);
	free(cause);
	free(text);
	return -1;
}

/* One line of a trust anchor file: 0 blank, 1 a record, -1 senseless. */
static int
anchor_line(const char *line, size_t n)
{
	char *copy = xstrndup(line, n);
	ldns_rr *rr = NULL;
	ldns_rr_type type;
	int rc = -1;

	if (copy[0] == ';' || copy[0] == '#' ||
	    copy[strspn(copy, " \t\r")] == '\0') {
		free(copy);
		return 0;
	}
	if (ldns_rr_new_frm_str(&rr, copy, 0, NULL, NULL) ==
	    LDNS_STATUS_OK) {
		type = ldns_rr_get_type(rr);
		if (type == LDNS_RR_TYPE_DS || type == LDNS_RR_TYPE_DNSKEY)
			rc = 1;
		ldns_rr_free(rr);
	}
	free(copy);
	return rc;
}

int
given_anchor_parse(const char *text, size_t *line, const char **expected)
{
	size_t n, records = 0;
	int rc;

	for (*line = 1;; ++*line, text += n + 1) {
		n = strcspn(text, "\n");
		if ((rc = anchor_line(text, n)) < 0) {
			*expected = "expect.anchor-line";
			return -1;
		}
		records += (size_t)rc;
		if (text[n] == '\0' || text[n + 1] == '\0')
			break;
	}
	if (records > 0)
		return 0;
	*expected = "expect.anchor";
	return -1;
}

static bool
good_certificate(const char *pem, size_t n)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)n);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	X509_free(cert);
	ERR_clear_error();
	return cert != NULL;
}

int
given_ca_parse(const char *text, size_t *line, const char **expected)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	static const char end[] = "-----END CERTIFICATE-----";
	const char *at = text, *last, *counted = text;
	size_t found = 0;

	*line = 1;
	for (; (at = strstr(at, begin)) != NULL; at = last, found++) {
		for (; counted < at; counted++)
			*line += *counted == '\n';
		last = strstr(at, end);
		if (last == NULL || !good_certificate(at,
		    (size_t)(last - at) + sizeof(end) - 1)) {
			*expected = "expect.ca-block";
			return -1;
		}
	}
	if (found > 0)
		return 0;
	*line = 1;
	*expected = "expect.ca";
	return -1;
}

/* Read and check; the text is given away through keep unless it is NULL. */
static int
load(const char *name, int (*parse)(const char *, size_t *, const char **),
    char **keep)
{
	const char *expected;
	char *text;
	size_t line;
	int rc;

	if ((text = given_read(name)) == NULL)
		return -1;
	if ((rc = parse(text, &line, &expected)) != 0)
		say_expected(name, line, strings_get(expected));
	if (rc == 0 && keep != NULL) {
		free(*keep);
		*keep = text;
	} else
		free(text);
	return rc;
}

/* --resolver goes before those of the system. */
static void
add_resolvers(const struct options *o, struct world *w)
{
	struct addr all[WORLD_RESOLVERS];
	size_t n = o->nresolvers, i, j;

	memcpy(all, o->resolvers, n * sizeof(*all));
	for (i = 0; i < w->nresolvers && n < WORLD_RESOLVERS; i++) {
		for (j = 0; j < n; j++)
			if (addr_equal(&all[j], &w->resolvers[i]))
				break;
		if (j == n)
			all[n++] = w->resolvers[i];
	}
	memcpy(w->resolvers, all, n * sizeof(*all));
	w->nresolvers = n;
}

int
given_load(const struct options *o, struct world *w)
{
	if (o->hints != NULL && load_hints(w, o->hints) != 0)
		return -1;
	if (o->anchor != NULL &&
	    load(o->anchor, given_anchor_parse, &w->trust_anchor) != 0)
		return -1;
	if (o->ca != NULL && load(o->ca, given_ca_parse, &w->ca_pem) != 0)
		return -1;
	if (o->plan != NULL && load(o->plan, plan_parse, NULL) != 0)
		return -1;
	if (o->anchor != NULL)
		out_say("say.anchor-not-built", NULL);
	if (o->plan != NULL)
		out_say("say.plan-not-built", NULL);
	if (o->nresolvers > 0)
		add_resolvers(o, w);
	if (o->nglobal > 0)
		memcpy(w->global, o->global, o->nglobal * sizeof(*w->global));
	if (o->nglobal > 0)
		w->nglobal = o->nglobal;
	if (o->source4.family != 0)
		w->source4 = o->source4;
	if (o->source6.family != 0)
		w->source6 = o->source6;
	return 0;
}
