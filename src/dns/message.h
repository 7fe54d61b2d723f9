/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum dns_section { DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL };

enum { DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12,
	DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28, DNS_SRV = 33, DNS_OPT = 41,
	DNS_DS = 43 };
enum { DNS_NOERROR = 0, DNS_FORMERR = 1, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3,
	DNS_NOTIMP = 4, DNS_REFUSED = 5 };

/* A record; names are lower case, without final dot, "." for the root,
   special bytes escaped as \DDD (RFC 1035 5.1). */
struct dns_rr {
	enum dns_section section;
	char		*owner;
	uint16_t	 type, klass;
	uint32_t	 ttl;
	char		*target;	/* NS CNAME PTR MX SRV: the name, or
					   NULL */
	unsigned	 pref;		/* MX; SRV: priority */
	uint16_t	 port;		/* SRV */
	uint32_t	 serial;	/* SOA */
	struct addr	 addr;		/* A, AAAA; family 0 if malformed */
	char		*text;		/* RDATA in presentation form */
};

/* A message as far as it could be read. */
struct dns_msg {
	uint16_t	 id, flags;	/* flags: the 16 bits after the id */
	int		 rcode;		/* extended by OPT (RFC 6891 6.1.3) */
	unsigned	 opcode;
	bool		 qr, aa, tc, rd, ra, ad, cd;
	char		*qname;		/* NULL: no question */
	uint16_t	 qtype, qclass;
	struct dns_rr	*rrs;
	size_t		 nrrs;
	size_t		 nmore;		/* records read, but not kept */
	size_t		 more[3];	/* the same, by section */
	bool		 edns;
	uint16_t	 udp_size;
	size_t		 size;		/* of the wire */
	size_t		 trailing;	/* bytes after the last record */
	const char	*broken;	/* word, NULL = whole */
	size_t		 broken_at;	/* offset of the first unreadable record */
};

/* Read a message: 0, or -1 if not even the header is there. A message that
   breaks off later has its records up to there and broken set; of a section
   LIMIT_RECORDS are kept. */
int	 message_parse(struct dns_msg *, const void *wire, size_t len);
void	 message_free(struct dns_msg *);
/* Were records of this section not kept? What is not among the others may be
   among these. */
bool	 message_cut(const struct dns_msg *, enum dns_section);
/* Records of a section as the message has them, kept or not. */
size_t	 message_count(const struct dns_msg *, enum dns_section);

struct message_query {
	const char	*name;		/* presentation form */
	uint16_t	 type;
	uint16_t	 id;
	bool		 rd, cd, dnssec, nsid, ad;
	unsigned	 edns;		/* UDP payload size; 0 = no OPT */
};

/* Build a query; wire is malloc'd. 0, or -1 if the name is impossible. */
int	 message_query(const struct message_query *, unsigned char **wire,
	     size_t *len);

/* Type and rcode words: "AAAA", "TYPE65281"; "NXDOMAIN", "RCODE11". */
const char *message_type_word(uint16_t, char out[16]);
int	 message_type_parse(const char *);	/* -1 unknown */
const char *message_rcode_word(int, char out[16]);

/* Names in the form of struct dns_rr. */
char	*message_name(const char *);	/* normalised copy; NULL impossible */
bool	 message_name_within(const char *name, const char *zone);
/* "b.c" of "a.b.c"; "." of "c"; NULL of ".". Points into the argument. */
const char *message_name_parent(const char *);
unsigned message_name_labels(const char *);

#endif
