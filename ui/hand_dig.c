/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer in dig's order and form, so that eyes used to dig find their
 * way: header, question, answer, authority, additional, then the figures.
 */
#include <string.h>

#include "ui/hand_inside.h"
#include "ui/strings.h"

static const char *const sections[] = { "ANSWER", "AUTHORITY",
	"ADDITIONAL" };

static void
add(struct buf *b, const char *s)
{
	strings_safe(b, s, strlen(s));
}

static void
add_name(struct buf *b, const char *name)
{
	add(b, name);
	if (strcmp(name, ".") != 0)
		buf_addc(b, '.');
}

static void
header(struct buf *b, const struct dns_msg *m)
{
	static const char *const opcodes[] = { "QUERY", "IQUERY", "STATUS",
		"RESERVED3", "NOTIFY", "UPDATE" };
	const struct { bool on; const char *word; } flags[] = {
		{ m->qr, "qr" }, { m->aa, "aa" }, { m->tc, "tc" },
		{ m->rd, "rd" }, { m->ra, "ra" }, { m->ad, "ad" },
		{ m->cd, "cd" },
	};
	char rcode[16];

	buf_printf(b, ";; Got answer:\n;; ->>HEADER<<- opcode: %s, "
	    "status: %s, id: %u\n;; flags:", m->opcode < 6 ?
	    opcodes[m->opcode] : "?", message_rcode_word(m->rcode, rcode),
	    m->id);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].on)
			buf_printf(b, " %s", flags[i].word);
	buf_printf(b, "; QUERY: %d, ANSWER: %zu, AUTHORITY: %zu, "
	    "ADDITIONAL: %zu\n", m->qname != NULL,
	    message_count(m, DNS_ANSWER), message_count(m, DNS_AUTHORITY),
	    message_count(m, DNS_ADDITIONAL));
	if (m->rd && !m->ra && m->qr)
		buf_adds(b, ";; WARNING: recursion requested but not "
		    "available\n");
	buf_addc(b, '\n');
	if (m->edns)
		buf_printf(b, ";; OPT PSEUDOSECTION:\n; EDNS: version: 0, "
		    "flags:; udp: %u\n", m->udp_size);
}

static void
question(struct buf *b, const struct dns_msg *m)
{
	char type[16];

	if (m->qname == NULL)
		return;
	buf_adds(b, ";; QUESTION SECTION:\n;");
	add_name(b, m->qname);
	buf_printf(b, "\t\tIN\t%s\n\n", message_type_word(m->qtype, type));
}

static void
record(struct buf *b, const struct dns_rr *rr)
{
	char type[16];
	size_t from = b->len;

	add_name(b, rr->owner);
	buf_adds(b, b->len - from < 16 ? "\t\t" : "\t");
	buf_printf(b, "%u\tIN\t%s\t", rr->ttl,
	    message_type_word(rr->type, type));
	add(b, rr->text == NULL ? "" : rr->text);
	buf_addc(b, '\n');
}

static void
section(struct buf *b, const struct dns_msg *m, enum dns_section s,
    bool titled)
{
	bool any = false;

	for (size_t i = 0; i < m->nrrs; i++) {
		if (m->rrs[i].section != s || m->rrs[i].type == DNS_OPT)
			continue;
		if (!any && titled)
			buf_printf(b, ";; %s SECTION:\n", sections[s]);
		any = true;
		record(b, &m->rrs[i]);
	}
	if (message_cut(m, s))
		buf_printf(b, ";; [+%zu]\n", m->more[s]);
	if (any && titled)
		buf_addc(b, '\n');
}

static void
brief(struct buf *b, const struct dns_msg *m)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		if (m->rrs[i].section != DNS_ANSWER ||
		    m->rrs[i].text == NULL)
			continue;
		add(b, m->rrs[i].text);
		buf_addc(b, '\n');
	}
}

static void
figures(struct buf *b, const struct dns_msg *m, const struct paste_dig *d,
    const struct sockname *to, double ms)
{
	char text[ADDR_STRLEN];

	addr_print(&to->addr, text);
	buf_printf(b, ";; Query time: %.0f msec\n;; SERVER: %s#%u(%s) (%s)\n"
	    ";; MSG SIZE  rcvd: %zu\n", ms, text, to->port, text,
	    d->tcp ? "TCP" : "UDP", m->size);
}

void
hand_dig_render(struct buf *b, const struct paste_dig *d,
    const struct sockname *to, const void *wire, size_t len, double ms)
{
	bool titled = (d->show & DIG_COMMENTS) != 0;
	struct dns_msg m;

	if (message_parse(&m, wire, len) != 0) {
		buf_printf(b, ";; [%zu]\n", len);
		return;
	}
	m.size = len;
	if (d->brief)
		brief(b, &m);
	else {
		if (titled)
			header(b, &m);
		if ((d->show & DIG_QUESTION) != 0)
			question(b, &m);
		for (int s = DNS_ANSWER; s <= DNS_ADDITIONAL; s++)
			if ((d->show & DIG_ANSWER << s) != 0)
				section(b, &m, (enum dns_section)s, titled);
		if ((d->show & DIG_STATS) != 0)
			figures(b, &m, d, to, ms);
	}
	if (m.broken != NULL)
		buf_printf(b, ";; BROKEN %s @%zu\n", m.broken, m.broken_at);
	message_free(&m);
}
