/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What claims to be a configuration: whatever is taken has the form that the
   rest relies on. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "talk/autoconfig.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
among(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 ||
	    strcmp(word, c) == 0;
}

static void
server(const json_t *o)
{
	const char *host = json_str(o, "host");
	int64_t port = json_int(o, "port", 0);

	if (!among(json_str(o, "type"), "imap", "pop3", "smtp") ||
	    !among(json_str(o, "tls"), "none", "starttls", "implicit") ||
	    port < 1 || port > 65535 || strchr(host, '.') == NULL ||
	    strlen(host) > 253 || strspn(host,
	    "abcdefghijklmnopqrstuvwxyz0123456789-.") != strlen(host))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	json_t *list = autoconfig_servers(data, n, "a.example"), *o;
	size_t i;

	if (list != NULL && (json_array_size(list) < 1 ||
	    json_array_size(list) > 16))
		abort();
	json_array_foreach(list, i, o)
		server(o);
	json_decref(list);
	return 0;
}
