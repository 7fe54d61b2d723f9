/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS message: whatever the bytes, what is read is whole, printable and
 * within the message.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diag/model.h"
#include "dns/message.h"
#include "dns/walk.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
printable(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			abort();
}

/* A name in our form survives being read again. */
static void
check_name(const char *name)
{
	char *again = message_name(name);
	const char *p = name;
	int labels = 0;

	printable(name);
	if (again == NULL || strcmp(again, name) != 0)
		abort();
	free(again);
	for (; p != NULL; p = message_name_parent(p)) {
		if (!message_name_within(name, p) || labels++ > 128)
			abort();
	}
	(void)model_operator(name);
}

static void
check(const struct dns_msg *m)
{
	struct addr *list = NULL;
	size_t n = 0;

	if (m->qname != NULL)
		check_name(m->qname);
	if (m->broken != NULL ? m->broken_at > m->size || m->trailing != 0 :
	    m->trailing > m->size)
		abort();
	for (size_t i = 0; i < m->nrrs; i++) {
		check_name(m->rrs[i].owner);
		if (m->rrs[i].target != NULL)
			check_name(m->rrs[i].target);
		printable(m->rrs[i].text);
		(void)walk_alias(m, m->rrs[i].owner);
		(void)model_chain(m, m->rrs[i].owner, &list, &n);
		(void)model_ptr_target(m, m->rrs[i].owner);
	}
	free(list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct dns_msg m;

	if (n > 65535)
		return 0;
	if (message_parse(&m, data, n) == 0)
		check(&m);
	else if (n >= 12)
		abort();
	message_free(&m);
	return 0;
}
