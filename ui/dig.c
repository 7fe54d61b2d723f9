/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS message in the order of dig, compact: status and flags and question
 * in one line, then the records section by section. What cannot be read is
 * said where it breaks off.
 */
#include <string.h>

#include "dns/message.h"
#include "ui/lines.h"
#include "ui/strings.h"

#define RECORDS_SHOWN	24
#define DATA_SHOWN	300

static const char *const sections[] = { "ANSWER", "AUTHORITY",
	"ADDITIONAL" };

static void
flags(struct buf *b, const struct dns_msg *m)
{
	const struct { bool on; const char *word; } all[] = {
		{ m->qr, "qr" }, { m->aa, "aa" }, { m->tc, "tc" },
		{ m->rd, "rd" }, { m->ra, "ra" }, { m->ad, "ad" },
		{ m->cd, "cd" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].on)
			buf_printf(b, " %s", all[i].word);
}

static void
question(struct buf *b, const struct dns_msg *m)
{
	char type[16];

	if (m->qname == NULL)
		return;
	buf_adds(b, "  ");
	strings_safe(b, m->qname, strlen(m->qname));
	buf_printf(b, " %s", message_type_word(m->qtype, type));
	if (m->edns)
		buf_printf(b, "  EDNS %u", m->udp_size);
}

static void
record(struct buf *b, const struct dns_rr *rr)
{
	const char *data = rr->text == NULL ? "" : rr->text;
	size_t n = strlen(data);
	char type[16];

	strings_safe(b, rr->owner, strlen(rr->owner));
	buf_printf(b, " %u %s ", (unsigned)rr->ttl,
	    message_type_word(rr->type, type));
	strings_safe(b, data, n > DATA_SHOWN ? DATA_SHOWN : n);
	if (n > DATA_SHOWN)
		buf_printf(b, " [+%zu]", n - DATA_SHOWN);
	buf_addc(b, '\n');
}

static void
records(struct buf *b, const struct dns_msg *m)
{
	enum dns_section now = DNS_ANSWER;
	size_t i, shown = 0;

	for (i = 0; i < m->nrrs; i++) {
		if (m->rrs[i].type == DNS_OPT)
			continue;
		if (m->rrs[i].section != now) {
			now = m->rrs[i].section;
			buf_printf(b, ";; %s\n", sections[now]);
		}
		if (shown++ < RECORDS_SHOWN)
			record(b, &m->rrs[i]);
	}
	shown += m->nmore;
	if (shown > RECORDS_SHOWN)
		buf_printf(b, ";; [+%zu]\n", shown - RECORDS_SHOWN);
}

void
dig_render(struct buf *b, const void *wire, size_t len, bool sent)
{
	struct dns_msg m;
	char rcode[16];

	if (message_parse(&m, wire, len) != 0) {
		buf_printf(b, ";; [%zu]\n", len);
		return;
	}
	if (sent)
		buf_adds(b, ";; QUERY");
	else
		buf_printf(b, ";; %s", message_rcode_word(m.rcode, rcode));
	flags(b, &m);
	question(b, &m);
	buf_printf(b, "  SIZE %zu\n", len);
	if (!sent)
		records(b, &m);
	if (m.broken != NULL)
		buf_printf(b, ";; BROKEN %s @%zu\n", m.broken, m.broken_at);
	else if (m.trailing > 0)
		buf_printf(b, ";; TRAILING %zu\n", m.trailing);
	message_free(&m);
}
