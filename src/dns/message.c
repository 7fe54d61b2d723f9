/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS messages: built and read with ldns, record by record, so that a message
 * that breaks off still shows every record before the break. Names are kept in
 * one form (lower case, no final dot) so that they compare with strcmp.
 */
#include "dns/message.h"

#include <ctype.h>
#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/xalloc.h"

#define HEADER	12
#define NSID	3

static const struct {
	uint16_t	 type;
	const char	*word;
} types[] = {
	{ 1, "A" }, { 2, "NS" }, { 5, "CNAME" }, { 6, "SOA" }, { 12, "PTR" },
	{ 15, "MX" }, { 16, "TXT" }, { 28, "AAAA" }, { 33, "SRV" },
	{ 39, "DNAME" }, { 41, "OPT" }, { 43, "DS" }, { 46, "RRSIG" },
	{ 47, "NSEC" }, { 48, "DNSKEY" }, { 50, "NSEC3" }, { 52, "TLSA" },
	{ 64, "SVCB" }, { 65, "HTTPS" }, { 252, "AXFR" }, { 255, "ANY" },
	{ 257, "CAA" },
};

static const char *const rcodes[] = { "NOERROR", "FORMERR", "SERVFAIL",
	"NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
	"NOTAUTH", "NOTZONE" };

const char *
message_type_word(uint16_t type, char out[16])
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (types[i].type == type)
			return types[i].word;
	snprintf(out, 16, "TYPE%u", type);
	return out;
}

int
message_type_parse(const char *word)
{
	long n;

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (text_casecmp(types[i].word, word) == 0)
			return types[i].type;
	if (text_ncasecmp(word, "TYPE", 4) == 0 &&
	    text_number(word + 4, 0, 65535, &n) == 0)
		return (int)n;
	return -1;
}

const char *
message_rcode_word(int rcode, char out[16])
{
	if (rcode >= 0 && (size_t)rcode < sizeof rcodes / sizeof rcodes[0])
		return rcodes[rcode];
	if (rcode == 16)
		return "BADVERS";
	snprintf(out, 16, "RCODE%d", rcode);
	return out;
}

/* Lower case, no final dot, "." for the root; takes over what ldns prints,
   which always ends in a dot that parts labels. */
static char *
normal(char *s)
{
	size_t n = strlen(s);

	text_lower(s);
	if (n > 1 && s[n - 1] == '.')
		s[n - 1] = '\0';
	return s;
}

bool
message_name_within(const char *name, const char *zone)
{
	size_t n = strlen(name), z = strlen(zone), escapes = 0;

	if (strcmp(zone, ".") == 0)
		return true;
	if (n < z || strcmp(name + n - z, zone) != 0)
		return false;
	if (n == z)
		return true;
	while (escapes + 1 < n - z && name[n - z - 2 - escapes] == '\\')
		escapes++;
	return name[n - z - 1] == '.' && escapes % 2 == 0;
}

const char *
message_name_parent(const char *name)
{
	if (strcmp(name, ".") == 0)
		return NULL;
	for (const char *p = name; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '.')
			return p + 1;
	}
	return ".";
}

unsigned
message_name_labels(const char *name)
{
	unsigned n = 0;

	for (const char *p = name; strcmp(p, ".") != 0;
	    p = message_name_parent(p))
		n++;
	return n;
}

/* Presentation form of one RDATA field into a buffer that is used again and
   again: ldns would allocate a large one for every field. NULL on failure. */
static const char *
rdf_text(const ldns_rdf *rdf)
{
	static ldns_buffer *b;

	if (b == NULL && (b = ldns_buffer_new(1024)) == NULL)
		return NULL;
	ldns_buffer_clear(b);
	if (ldns_rdf2buffer_str(b, rdf) != LDNS_STATUS_OK ||
	    !ldns_buffer_reserve(b, 1))
		return NULL;
	ldns_buffer_write_u8(b, 0);
	return (const char *)ldns_buffer_begin(b);
}

static char *
rdf_name(const ldns_rdf *rdf)
{
	const char *s;

	if (rdf == NULL || ldns_rdf_get_type(rdf) != LDNS_RDF_TYPE_DNAME ||
	    (s = rdf_text(rdf)) == NULL)
		return NULL;
	return normal(xstrdup(s));
}

char *
message_name(const char *name)
{
	ldns_rdf *rdf;
	char *copy;

	if (*name == '\0' || (rdf = ldns_dname_new_frm_str(name)) == NULL)
		return NULL;
	copy = rdf_name(rdf);
	ldns_rdf_deep_free(rdf);
	return copy;
}

static char *
rdata_text(const ldns_rr *rr)
{
	struct buf b;

	buf_init(&b, 8192);
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const char *s = rdf_text(ldns_rr_rdf(rr, i));

		if (i > 0)
			buf_addc(&b, ' ');
		if (s != NULL)
			text_escape(&b, s, strlen(s));
	}
	return buf_steal(&b);
}

static void
rr_fill(struct dns_rr *out, const ldns_rr *rr)
{
	const ldns_rdf *first = ldns_rr_rd_count(rr) > 0 ?
	    ldns_rr_rdf(rr, 0) : NULL;

	out->owner = rdf_name(ldns_rr_owner(rr));
	if (out->owner == NULL)
		out->owner = xstrdup(".");
	out->type = (uint16_t)ldns_rr_get_type(rr);
	out->klass = (uint16_t)ldns_rr_get_class(rr);
	out->ttl = ldns_rr_ttl(rr);
	out->text = rdata_text(rr);
	switch (out->type) {
	case DNS_NS: case DNS_CNAME: case DNS_PTR:
		out->target = rdf_name(first);
		break;
	case DNS_MX:
		if (ldns_rr_rd_count(rr) == 2) {
			out->pref = ldns_rdf2native_int16(first);
			out->target = rdf_name(ldns_rr_rdf(rr, 1));
		}
		break;
	case DNS_SRV:
		if (ldns_rr_rd_count(rr) == 4) {
			out->pref = ldns_rdf2native_int16(first);
			out->port = ldns_rdf2native_int16(ldns_rr_rdf(rr, 2));
			out->target = rdf_name(ldns_rr_rdf(rr, 3));
		}
		break;
	case DNS_SOA:
		if (ldns_rr_rd_count(rr) == 7)
			out->serial = ldns_rdf2native_int32(ldns_rr_rdf(rr, 2));
		break;
	case DNS_A: case DNS_AAAA:
		if (first != NULL && addr_from_bytes(&out->addr,
		    ldns_rdf_data(first), ldns_rdf_size(first)) == -1)
			memset(&out->addr, 0, sizeof out->addr);
		break;
	default:
		break;
	}
}

static unsigned
get16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* The OPT pseudo-record: payload size, extended rcode (RFC 6891 6.1.3). */
static void
take_opt(struct dns_msg *m, const ldns_rr *rr)
{
	m->edns = true;
	m->udp_size = (uint16_t)ldns_rr_get_class(rr);
	m->rcode |= (int)(ldns_rr_ttl(rr) >> 24) << 4;
}

/* Past the RDATA by its own length; the record at pos was read already. */
static size_t
record_end(const unsigned char *wire, size_t pos)
{
	while (wire[pos] != 0 && wire[pos] < 0xc0)
		pos += 1u + wire[pos];
	pos += wire[pos] == 0 ? 1 : 2;
	return pos + 10 + get16(wire + pos + 8);
}

/* ldns takes a record with too much RDATA, or with none where the type has a
   form. */
static bool
whole_record(const ldns_rr *rr, const unsigned char *wire, size_t at,
    size_t end)
{
	switch ((int)ldns_rr_get_type(rr)) {
	case DNS_A: case DNS_NS: case DNS_CNAME: case DNS_SOA: case DNS_PTR:
	case DNS_MX: case DNS_AAAA: case DNS_SRV:
		if (ldns_rr_rd_count(rr) < ldns_rr_descriptor_minimum(
		    ldns_rr_descript((uint16_t)ldns_rr_get_type(rr))))
			return false;
		break;
	default:
		break;
	}
	return record_end(wire, at) == end;
}

/* A name may take a hundred times its bytes when it is written out: of
   thousands of records the first have to do. */
static void
keep_record(struct dns_msg *m, const ldns_rr *rr, enum dns_section s,
    unsigned number)
{
	bool opt = ldns_rr_get_type(rr) == LDNS_RR_TYPE_OPT;
	bool first = opt && !m->edns;

	if (opt)
		take_opt(m, rr);
	if (!first && number >= LIMIT_RECORDS) {
		m->nmore++;
		m->more[s]++;
		return;
	}
	m->rrs = xreallocarray(m->rrs, m->nrrs + 1, sizeof *m->rrs);
	memset(&m->rrs[m->nrrs], 0, sizeof *m->rrs);
	m->rrs[m->nrrs].section = s;
	rr_fill(&m->rrs[m->nrrs++], rr);
}

static int
read_records(struct dns_msg *m, const unsigned char *wire, size_t len,
    size_t *pos)
{
	static const ldns_pkt_section sections[] = { LDNS_SECTION_ANSWER,
		LDNS_SECTION_AUTHORITY, LDNS_SECTION_ADDITIONAL };

	for (int s = 0; s < 3; s++) {
		unsigned count = get16(wire + 6 + 2 * s);

		for (unsigned i = 0; i < count; i++) {
			ldns_rr *rr = NULL;
			size_t at = *pos;

			if (ldns_wire2rr(&rr, wire, len, pos, sections[s]) !=
			    LDNS_STATUS_OK ||
			    !whole_record(rr, wire, at, *pos)) {
				ldns_rr_free(rr);
				*pos = at;
				m->broken = at >= len ? "cut-off" : "record";
				m->broken_at = at;
				return -1;
			}
			keep_record(m, rr, (enum dns_section)s, i);
			ldns_rr_free(rr);
		}
	}
	return 0;
}

static int
read_question(struct dns_msg *m, const unsigned char *wire, size_t len,
    size_t *pos)
{
	unsigned count = get16(wire + 4);

	for (unsigned i = 0; i < count; i++) {
		ldns_rr *rr = NULL;

		if (ldns_wire2rr(&rr, wire, len, pos, LDNS_SECTION_QUESTION) !=
		    LDNS_STATUS_OK) {
			m->broken = "question";
			m->broken_at = *pos;
			return -1;
		}
		if (m->qname == NULL) {
			m->qname = rdf_name(ldns_rr_owner(rr));
			m->qtype = (uint16_t)ldns_rr_get_type(rr);
			m->qclass = (uint16_t)ldns_rr_get_class(rr);
		}
		ldns_rr_free(rr);
	}
	return 0;
}

int
message_parse(struct dns_msg *m, const void *data, size_t len)
{
	const unsigned char *wire = data;
	size_t pos = HEADER;

	memset(m, 0, sizeof *m);
	m->size = len;
	if (len < HEADER)
		return -1;
	m->id = (uint16_t)get16(wire);
	m->flags = (uint16_t)get16(wire + 2);
	m->qr = (m->flags & 0x8000) != 0;
	m->opcode = (m->flags >> 11) & 15u;
	m->aa = (m->flags & 0x0400) != 0;
	m->tc = (m->flags & 0x0200) != 0;
	m->rd = (m->flags & 0x0100) != 0;
	m->ra = (m->flags & 0x0080) != 0;
	m->ad = (m->flags & 0x0020) != 0;
	m->cd = (m->flags & 0x0010) != 0;
	m->rcode = m->flags & 15;
	if (read_question(m, wire, len, &pos) == 0 &&
	    read_records(m, wire, len, &pos) == 0)
		m->trailing = len - pos;
	return 0;
}

bool
message_cut(const struct dns_msg *m, enum dns_section s)
{
	return m->more[s] > 0;
}

size_t
message_count(const struct dns_msg *m, enum dns_section s)
{
	size_t n = m->more[s];

	for (size_t i = 0; i < m->nrrs; i++)
		n += m->rrs[i].section == s;
	return n;
}

void
message_free(struct dns_msg *m)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		free(m->rrs[i].owner);
		free(m->rrs[i].target);
		free(m->rrs[i].text);
	}
	free(m->rrs);
	free(m->qname);
	memset(m, 0, sizeof *m);
}

static void
set_edns(ldns_pkt *pkt, const struct message_query *q)
{
	unsigned char nsid[4] = { 0, NSID, 0, 0 };

	if (q->edns == 0)
		return;
	ldns_pkt_set_edns_udp_size(pkt, (uint16_t)q->edns);
	ldns_pkt_set_edns_do(pkt, q->dnssec);
	if (q->nsid)
		ldns_pkt_set_edns_data(pkt, ldns_rdf_new_frm_data(
		    LDNS_RDF_TYPE_NONE, sizeof nsid, nsid));
}

int
message_query(const struct message_query *q, unsigned char **wire, size_t *len)
{
	ldns_rdf *name = ldns_dname_new_frm_str(q->name);
	ldns_pkt *pkt;
	uint8_t *out = NULL;
	int rc = -1;

	if (name == NULL)
		return -1;
	pkt = ldns_pkt_query_new(name, (ldns_rr_type)q->type, LDNS_RR_CLASS_IN,
	    q->rd ? LDNS_RD : 0);
	if (pkt == NULL) {
		ldns_rdf_deep_free(name);
		return -1;
	}
	ldns_pkt_set_id(pkt, q->id);
	ldns_pkt_set_cd(pkt, q->cd);
	ldns_pkt_set_ad(pkt, q->ad);
	set_edns(pkt, q);
	if (ldns_pkt2wire(&out, pkt, len) == LDNS_STATUS_OK) {
		*wire = xmalloc(*len);
		memcpy(*wire, out, *len);
		rc = 0;
	}
	LDNS_FREE(out);
	ldns_pkt_free(pkt);
	return rc;
}
