/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration that a domain hands to mail programs ("autoconfig",
 * config-v1.1.xml): which servers it names. libxml2 reads it as a stream: no
 * tree, no document type, no entities but XML's own, no network. Bytes beyond
 * ASCII become "?" first: nothing that is taken has any, and so no peer
 * chooses a decoder.
 */
#include "talk/autoconfig.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"

#define BODY_MAX	(64u * 1024)	/* real ones have some 4 KiB */
#define SERVERS_MAX	16
#define VALUE_MAX	256

#define EMAILDOMAIN	"%EMAILDOMAIN%"

/* clientConfig, emailProvider, a server, one of its values. */
enum { ROOT = 1, PROVIDER, SERVER, VALUE };

struct reading {
	xmlParserCtxtPtr ctxt;
	const char	*domain;
	int		 depth, path;	/* elements open; those we follow */
	bool		 refused;
	const char	*type, *tls;	/* of the server that is read */
	char		*host;
	long		 port;
	char		 value;		/* h host, p port, s socketType */
	struct buf	 text;
	json_t		*servers;
};

static bool
is(const xmlChar *s, const char *word)
{
	return strcmp((const char *)s, word) == 0;
}

static char *
substituted(const char *text, const char *domain)
{
	struct buf b;
	const char *at;

	buf_init(&b, VALUE_MAX);
	while ((at = strstr(text, EMAILDOMAIN)) != NULL) {
		buf_add(&b, text, (size_t)(at - text));
		buf_adds(&b, domain);
		text = at + strlen(EMAILDOMAIN);
	}
	buf_adds(&b, text);
	if (b.over)
		buf_drop(&b, b.len);
	return buf_steal(&b);
}

/* Letters, digits, hyphens in two labels or more, and no IPv4 address. */
static bool
is_host(const char *s)
{
	size_t label = 0, labels = 1, digits = 0;

	if (strlen(s) > 253)
		return false;
	for (; *s != '\0'; s++) {
		bool digit = *s >= '0' && *s <= '9';

		if (*s == '.') {
			if (label == 0 || s[-1] == '-')
				return false;
			label = digits = 0;
			labels++;
			continue;
		}
		if (!digit && !(*s >= 'a' && *s <= 'z') &&
		    (*s != '-' || label == 0))
			return false;
		digits += digit;
		if (++label > 63)
			return false;
	}
	return labels > 1 && label > digits && s[-1] != '-';
}

static char *
host_of(const char *text, const char *domain)
{
	char *host = substituted(text, domain);
	size_t n = strlen(host);

	text_lower(host);
	if (n > 0 && host[n - 1] == '.')
		host[n - 1] = '\0';
	if (is_host(host))
		return host;
	free(host);
	return NULL;
}

static const char *
tls_of(const char *text)
{
	static const char *const words[][2] = { { "plain", "none" },
		{ "STARTTLS", "starttls" }, { "SSL", "implicit" } };

	for (size_t i = 0; i < 3; i++)
		if (strcmp(words[i][0], text) == 0)
			return words[i][1];
	return NULL;
}

/* The value of an attribute (five pointers each) is one of ours, or NULL. */
static const char *
type_of(const xmlChar *element, const xmlChar **attrs, int n)
{
	static const char *const types[][2] = { { "incomingServer", "imap" },
		{ "incomingServer", "pop3" }, { "outgoingServer", "smtp" } };

	for (int i = 0; i < n; i++, attrs += 5) {
		size_t len = (size_t)(attrs[4] - attrs[3]);

		for (size_t k = 0; k < 3 && is(attrs[0], "type"); k++)
			if (is(element, types[k][0]) &&
			    strlen(types[k][1]) == len &&
			    memcmp(types[k][1], attrs[3], len) == 0)
				return types[k][1];
	}
	return NULL;
}

static void
forget_server(struct reading *r)
{
	free(r->host);
	r->host = NULL;
	r->port = 0;
	r->tls = NULL;
}

/* Does this element go on along the path we follow? */
static bool
follows(struct reading *r, const xmlChar *name, const xmlChar **attrs, int n)
{
	switch (r->depth) {
	case ROOT:
		return is(name, "clientConfig");
	case PROVIDER:
		return is(name, "emailProvider");
	case SERVER:
		forget_server(r);
		r->type = type_of(name, attrs, n);
		return r->type != NULL;
	case VALUE:
		buf_drop(&r->text, r->text.len);
		r->text.over = false;
		r->value = is(name, "hostname") ? 'h' : is(name, "port") ?
		    'p' : 's';
		return r->value != 's' || is(name, "socketType");
	default:
		return false;
	}
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nns, const xmlChar **ns, int nattrs, int ndefault,
    const xmlChar **attrs)
{
	struct reading *r = ctx;

	(void)prefix;
	(void)uri;
	(void)nns;
	(void)ns;
	(void)ndefault;
	r->depth++;
	if (r->path == r->depth - 1 && follows(r, name, attrs, nattrs))
		r->path = r->depth;
}

static void
on_text(void *ctx, const xmlChar *text, int n)
{
	struct reading *r = ctx;

	if (r->path == VALUE && r->depth == VALUE && n > 0)
		buf_add(&r->text, text, (size_t)n);
}

/* The first good value counts, as in the programs that read it. */
static void
take_value(struct reading *r)
{
	static const char space[] = " \t\r\n";
	const char *s = buf_str(&r->text);
	size_t n;
	char *text;

	s += strspn(s, space);
	n = strlen(s);
	while (n > 0 && strchr(space, s[n - 1]) != NULL)
		n--;
	text = r->text.over ? xstrdup("") : xstrndup(s, n);
	if (r->value == 'h' && r->host == NULL)
		r->host = host_of(text, r->domain);
	else if (r->value == 'p' && r->port == 0 &&
	    text_number(text, 1, 65535, &r->port) == -1)
		r->port = 0;
	else if (r->value == 's' && r->tls == NULL)
		r->tls = tls_of(text);
	free(text);
}

static void
take_server(struct reading *r)
{
	json_t *o;

	if (r->host == NULL || r->port == 0 || r->tls == NULL ||
	    json_array_size(r->servers) >= SERVERS_MAX)
		return;
	o = json_object();
	json_put_str(o, "type", r->type);
	json_put_str(o, "host", r->host);
	json_put_int(o, "port", r->port);
	json_put_str(o, "tls", r->tls);
	json_array_append_new(r->servers, o);
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct reading *r = ctx;

	(void)name;
	(void)prefix;
	(void)uri;
	if (r->path == r->depth) {
		if (r->path == VALUE)
			take_value(r);
		else if (r->path == SERVER)
			take_server(r);
		r->path--;
	}
	r->depth--;
}

/* No configuration has a document type; what one could do is not wanted. */
static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
	struct reading *r = ctx;

	(void)name;
	(void)external;
	(void)system;
	r->refused = true;
	xmlStopParser(r->ctxt);
}

/* A copy that is ASCII; NULL if it cannot be a configuration. */
static char *
ascii(const unsigned char *body, size_t n)
{
	char *out;

	if (n >= 3 && memcmp(body, "\xef\xbb\xbf", 3) == 0) {
		body += 3;
		n -= 3;
	}
	if (n == 0 || n > BODY_MAX || memchr(body, '\0', n) != NULL)
		return NULL;
	out = xmalloc(n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = body[i] < 0x80 ? (char)body[i] : '?';
	out[n] = '\0';
	return out;
}

static bool
parsed(struct reading *r, const char *text)
{
	xmlSAXHandler sax;
	int rc;

	memset(&sax, 0, sizeof sax);
	sax.initialized = XML_SAX2_MAGIC;
	sax.internalSubset = on_doctype;
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.characters = sax.cdataBlock = sax.ignorableWhitespace = on_text;
	r->ctxt = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
	if (r->ctxt == NULL)
		return false;
	xmlCtxtUseOptions(r->ctxt, XML_PARSE_NONET | XML_PARSE_NOERROR |
	    XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
	rc = xmlParseChunk(r->ctxt, text, (int)strlen(text), 1);
	xmlFreeParserCtxt(r->ctxt);
	return rc == 0 && !r->refused;
}

json_t *
autoconfig_servers(const void *body, size_t n, const char *domain)
{
	char *text = n == 0 ? NULL : ascii(body, n);
	struct reading r;
	bool good;

	if (text == NULL)
		return NULL;
	memset(&r, 0, sizeof r);
	r.domain = domain;
	r.servers = json_array();
	buf_init(&r.text, VALUE_MAX);
	good = parsed(&r, text);
	forget_server(&r);
	buf_free(&r.text);
	free(text);
	if (good && json_array_size(r.servers) > 0)
		return r.servers;
	json_decref(r.servers);
	return NULL;
}

bool
autoconfig_path(const char *path)
{
	static const char *const paths[] = { AUTOCONFIG_PATH,
		AUTOCONFIG_WELL_KNOWN };
	size_t n = strcspn(path, "?");

	for (size_t i = 0; i < 2; i++)
		if (strlen(paths[i]) == n && strncmp(path, paths[i], n) == 0)
			return true;
	return false;
}
