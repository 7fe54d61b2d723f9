/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * See wire_kit.h. Built with ldns from master-file text, names compressed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "dns/message.h"
#include "tests/unit/wire_kit.h"

static void
question(ldns_pkt *pkt, char *text)
{
	char *type = strchr(text, ',');
	ldns_rr *rr = ldns_rr_new();

	if (type == NULL)
		fail_msg("question %s", text);
	*type++ = '\0';
	ldns_rr_set_question(rr, true);
	ldns_rr_set_owner(rr, ldns_dname_new_frm_str(text));
	ldns_rr_set_type(rr, (ldns_rr_type)message_type_parse(type));
	ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
	ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, rr);
}

static int
rcode_of(const char *word)
{
	char room[16];

	for (int i = 0; i < 16; i++)
		if (strcmp(message_rcode_word(i, room), word) == 0)
			return i;
	fail_msg("header word %s", word);
	return 0;
}

static void
header_word(ldns_pkt *pkt, char *word)
{
	static const struct {
		const char *word;
		void (*set)(ldns_pkt *, bool);
	} bits[] = { { "qr", ldns_pkt_set_qr }, { "aa", ldns_pkt_set_aa },
		{ "tc", ldns_pkt_set_tc }, { "rd", ldns_pkt_set_rd },
		{ "ra", ldns_pkt_set_ra }, { "ad", ldns_pkt_set_ad },
		{ "cd", ldns_pkt_set_cd } };

	for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
		if (strcmp(bits[i].word, word) == 0) {
			bits[i].set(pkt, true);
			return;
		}
	if (*word == '?')
		question(pkt, word + 1);
	else if (strcmp(word, "edns") == 0)
		ldns_pkt_set_edns_udp_size(pkt, 1232);
	else if (strncmp(word, "id=", 3) == 0)
		ldns_pkt_set_id(pkt, (uint16_t)atoi(word + 3));
	else
		ldns_pkt_set_rcode(pkt, (uint8_t)rcode_of(word));
}

static void
record(ldns_pkt *pkt, const char *text)
{
	ldns_pkt_section section = strncmp(text, "an ", 3) == 0 ?
	    LDNS_SECTION_ANSWER : strncmp(text, "au ", 3) == 0 ?
	    LDNS_SECTION_AUTHORITY : LDNS_SECTION_ADDITIONAL;
	ldns_rr *rr = NULL;

	if (ldns_rr_new_frm_str(&rr, text + 3, 300, NULL, NULL) !=
	    LDNS_STATUS_OK)
		fail_msg("record %s", text);
	ldns_pkt_push_rr(pkt, section, rr);
}

unsigned char *
wire_reply(const char *text, uint16_t id, size_t *len)
{
	unsigned char *wire = wire_build(text, len);

	wire[0] = (unsigned char)(id >> 8);
	wire[1] = (unsigned char)id;
	return wire;
}

unsigned char *
wire_build(const char *text, size_t *len)
{
	ldns_pkt *pkt = ldns_pkt_new();
	char *copy = xstrdup(text), *save = NULL, *word, *part, *next;
	uint8_t *out = NULL;
	unsigned char *wire;

	next = strchr(copy, '|');
	if (next != NULL)
		*next++ = '\0';
	for (word = strtok_r(copy, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save))
		header_word(pkt, word);
	while ((part = next) != NULL) {
		next = strchr(part, '|');
		if (next != NULL)
			*next++ = '\0';
		record(pkt, part);
	}
	if (ldns_pkt2wire(&out, pkt, len) != LDNS_STATUS_OK)
		fail_msg("message %s", text);
	wire = xmalloc(*len);
	memcpy(wire, out, *len);
	LDNS_FREE(out);
	ldns_pkt_free(pkt);
	free(copy);
	return wire;
}
