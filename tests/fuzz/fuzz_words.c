/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers of single words and names, each line given to all of them: what
 * is taken is a word that is written the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/world.h"
#include "base/xalloc.h"
#include "diag/findings.h"
#include "dns/message.h"
#include "practice/zone.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
same(const char *a, const char *b)
{
	if (strcmp(a, b) != 0)
		abort();
}

static void
words(const char *s)
{
	enum net_cause cause;
	char word[16];
	int n;

	if ((n = verdict_parse(s)) != -1)
		same(verdict_word((enum verdict)n), s);
	if ((n = side_parse(s)) != -1)
		same(side_word((enum side)n), s);
	if ((n = step_parse(s)) != -1)
		same(step_rows[n].id, s);
	if ((n = finding_parse(s)) != -1)
		same(finding_rows[n].id, s);
	if (net_cause_parse(s, &cause) == 0)
		same(net_cause_word(cause), s);
	if ((n = net_errno_parse(s)) > 0 &&
	    net_errno_parse(net_errno_word(n)) != n)
		abort();
	if ((n = message_type_parse(s)) != -1 && (n > 65535 ||
	    message_type_parse(message_type_word((uint16_t)n, word)) != n))
		abort();
}

static void
names(const char *s)
{
	unsigned char wire[NAME_MAX_WIRE], *out;
	struct message_query q = { .name = s, .type = DNS_A };
	char *name = message_name(s), *again;
	size_t len;

	if (name_parse(wire, s) == 0 && name_len(wire) > NAME_MAX_WIRE)
		abort();
	if (name == NULL)
		return;
	again = message_name(name);
	if (again == NULL)
		abort();
	same(again, name);
	if (message_query(&q, &out, &len) == 0)
		free(out);
	free(again);
	free(name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xmalloc(n + 1), *save = NULL;

	memcpy(text, data, n);
	text[n] = '\0';
	words("");
	names("");
	for (char *p = strtok_r(text, "\n", &save); p != NULL;
	    p = strtok_r(NULL, "\n", &save)) {
		words(p);
		names(p);
	}
	free(text);
	return 0;
}
