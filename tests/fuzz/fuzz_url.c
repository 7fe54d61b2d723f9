/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A base and a reference, parted by a line feed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "talk/http.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What was accepted is printable, and parsing it again changes nothing. */
static void
check(const struct http_url *u)
{
	const char *v6 = strchr(u->host, ':');
	struct http_url again;
	char *s;

	for (const char *p = u->path; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			abort();
	if (u->path[0] != '/' || u->port > 65535)
		abort();
	s = u->port == 0 ?
	    xasprintf("%s://%s%s%s%s", u->scheme, v6 ? "[" : "", u->host,
	    v6 ? "]" : "", u->path) :
	    xasprintf("%s://%s%s%s:%u%s", u->scheme, v6 ? "[" : "", u->host,
	    v6 ? "]" : "", u->port, u->path);
	if (strlen(s) <= 8192) {
		if (http_url_parse(&again, s, NULL) != 0 ||
		    strcmp(again.host, u->host) != 0 ||
		    strcmp(again.path, u->path) != 0 || again.port != u->port)
			abort();
		http_url_free(&again);
	}
	free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xmalloc(n + 1), *ref;
	struct http_url base, u;

	memcpy(text, data, n);
	text[n] = '\0';
	ref = strchr(text, '\n');
	if (ref != NULL)
		*ref++ = '\0';
	if (http_url_parse(&base, text, NULL) == 0) {
		check(&base);
		if (ref != NULL && http_url_parse(&u, ref, &base) == 0) {
			check(&u);
			http_url_free(&u);
		}
		http_url_free(&base);
	}
	free(text);
	return 0;
}
