/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice Internet is text, one declaration a line; the table below holds
 * every word. Blanks part words, "..." keeps them together (\n \r \t \e \"
 * \\ \xHH inside), # begins a comment. What a line refers to by name must be
 * declared above it. WHO is a declared name, NAME/v4, NAME/v6, an address, or
 * all. Attempts count from 1 (first connection, first matching question).
 *
 *   clock TIME                     UTC, 2026-11-24T00:00:00Z (the default)
 *   rtt MS [ADDR...]               round trip (default 40), or more to some
 *   vantage [v4] [v6]              what the client host has
 *   source ADDR...                 more addresses of the client host
 *   closed v4|v6 NET-ACTION        every packet of a family meets this here
 *   block port N [v4|v6]           our network drops this port
 *   intercept                      a resolver answers all of port 53
 *   global PREFIX...|none          count as global; default documentation
 *   root NAME ADDR...              a root server and hint
 *   tld LABEL NS ADDR... [; ...]   zone, delegation and servers at once
 *   zone NAME [{]                  a zone; with { master-file lines up to }
 *   record ZONE LINE               one master-file line
 *   remove ZONE NAME [TYPE]        take records out again
 *   delegate ZONE NS [GLUE...] [; NS [GLUE...]]...
 *   server NAME ADDR... [zones ZONE...] [minimal]
 *   server-record WHO ZONE LINE    its own data for that name and type
 *   server-remove WHO ZONE NAME [TYPE]
 *   serial WHO ZONE N
 *   expired WHO ZONE               it could not refresh it: SERVFAIL
 *   transfer WHO ZONE [PREFIX...]  gives it to these, or to everybody
 *   sign ZONE [expired | not-yet | soon DAYS | ds-mismatch]
 *       DNSSEC; DS in the parent (sign that, and ".", for a whole chain)
 *   resolver ADDR... [only v4|v6] [validating] [dns64] [hidden]
 *   cache WHO LINE                 in its cache, TTL left
 *   cache WHO none NAME TYPE nxdomain|nodata|servfail TTL
 *   ptr ADDR NAME
 *   host ADDR...                   exists, refuses what nobody listens on
 *   web NAME ADDR... [http|https] [status N] [redirect URL] [to-https]
 *       [body TEXT] [long BYTES] [cert CERT] [sni-only]
 *   smtp NAME ADDR... [port N] [tls] [banner TEXT] [delay SECONDS]
 *       [no-starttls] [rcpt TEXT] [mail TEXT] [ext TEXT]
 *       [greylist SECONDS] [deliver SECONDS|never] [cert CERT]
 *   submission NAME ADDR... [as smtp; port 587, with tls 465] [auth LIST]
 *       [auth-early] [echo]
 *   pop NAME ADDR... [port N] [tls] [banner TEXT] [delay SECONDS]
 *       [no-starttls] [auth LIST] [auth-early] [echo] [cap TEXT]
 *       [cert CERT]            port 110, with tls 995
 *   imap NAME ADDR... [as pop] [no-uidplus]       port 143, with tls 993
 *     LIST: "PLAIN LOGIN CRAM-MD5", the default of submission "PLAIN LOGIN";
 *     auth-early: before TLS too; echo: says again what was typed
 *   account ADDRESS PASSWORD [login NAME]   mail for it is kept
 *     CERT: ok | expired | not-yet | self-signed | untrusted | incomplete |
 *       name OTHER | soon DAYS | old-tls | fail
 *   fault dns WHO [udp|tcp] [name N] [type T[,T]...] [attempt A[-B]]
 *       [time A[-B]] [size N] [edns|no-edns] [same-port] DNS-ACTION
 *     silent | refuse-port | icmp T/C [SENDER] | delay MS | rcode WORD |
 *     nxdomain | nodata | no-soa | empty | no-aa | ra | lame | upward |
 *     truncate | wrong-source ADDR | wrong-id | wrong-question |
 *     no-question | broken KIND | huge BYTES | many-ns N | close | half |
 *     drip | rate N | pick N | twice
 *     KIND: short-rdata loop rdlength count garbage nothing cut other-type
 *       trailing label
 *     same-port: from the second question of one client port on;
 *     size: only replies longer than that; empty: NODATA without AA and SOA;
 *     drip: over TCP one byte a second; rate: more than N equal questions a
 *     second are dropped; pick: N of the records, others each time; many-ns:
 *     in NS answers and referrals
 *   fault tcp|udp|net WHO [port P] [attempt A[-B]] [time A[-B]]
 *       [idle SECONDS] NET-ACTION
 *     NET-ACTION: silent | refused | icmp T/C [SENDER] | delay MS |
 *       reset-after BYTES | stall-after BYTES | lost-over BYTES
 *       lost-over: larger TCP segments of the server never arrive, unless
 *       the client asked for smaller ones (MSS)
 *   fault http WHO [port P] [attempt A[-B]] [time A[-B]] HTTP-ACTION
 *     status N | reply TEXT | stall [BYTES] | cut BYTES | close | reset |
 *     garbled | drip [TEXT] | endless-headers | endless-body | long-line |
 *     escape | nul | bad-chunk | plain
 *   fault smtp WHO [port P] [attempt A[-B]] [time A[-B]] [at VERB]
 *       SMTP-ACTION
 *     reply TEXT | delay MS | stall | close | reset | garbled |
 *     drip [TEXT] | endless-lines | long-line | escape | nul | inject |
 *     bare-lf
 *   fault pop|imap WHO ...   as smtp; VERB: banner capa capa-tls stls user
 *       pass auth stat top dele quit; capability capability-tls starttls
 *       login authenticate select search fetch store expunge logout
 *     VERB: banner ehlo ehlo-tls helo starttls mail rcpt data message rset
 *       noop quit
 *
 * A zone without SOA gets one (serial 2026112401); one without NS at its apex
 * those of its delegation, and their addresses where it has none for a name
 * in it. A server without zones serves the zones that name it. A sound
 * domain, whole:
 *
 *   root a.root.example 192.0.2.1 2001:db8:1::1
 *   root b.root.example 192.0.2.2 2001:db8:1::2
 *   tld jp a.dns.jp 192.0.2.11 2001:db8:2::1 ; b.dns.jp 192.0.2.12 2001:db8:2::2
 *   delegate example.jp ns1.example.jp 192.0.2.53 2001:db8:3::53 ; ns2.example.jp 203.0.113.53 2001:db8:4::53
 *   zone example.jp {
 *   @ A 192.0.2.80
 *   @ A 192.0.2.81
 *   @ AAAA 2001:db8:3::80
 *   @ AAAA 2001:db8:3::81
 *   @ MX 10 mx1
 *   @ MX 20 mx2
 *   www A 192.0.2.80
 *   www A 192.0.2.81
 *   www AAAA 2001:db8:3::80
 *   www AAAA 2001:db8:3::81
 *   mx1 A 192.0.2.25
 *   mx1 AAAA 2001:db8:3::25
 *   mx2 A 203.0.113.25
 *   mx2 AAAA 2001:db8:4::25
 *   }
 *   server ns1.example.jp 192.0.2.53 2001:db8:3::53
 *   server ns2.example.jp 203.0.113.53 2001:db8:4::53
 *   web www.example.jp 192.0.2.80 192.0.2.81 2001:db8:3::80 2001:db8:3::81
 *   web example.jp 192.0.2.80 192.0.2.81 2001:db8:3::80 2001:db8:3::81
 *   smtp mx1.example.jp 192.0.2.25 2001:db8:3::25
 *   smtp mx2.example.jp 203.0.113.25 2001:db8:4::25
 *   resolver 192.0.2.200
 *   ptr 192.0.2.25 mx1.example.jp
 *   ptr 2001:db8:3::25 mx1.example.jp
 *   ptr 203.0.113.25 mx2.example.jp
 *   ptr 2001:db8:4::25 mx2.example.jp
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/practice.h"

static const struct {
	const char	*word;
	scenario_word	*run;
	const char	*usage;
} table[] = {
	{ "clock", word_clock, "clock YYYY-MM-DDThh:mm:ssZ" },
	{ "rtt", word_rtt, "rtt MS [ADDR...]" },
	{ "vantage", word_vantage, "vantage [v4] [v6]" },
	{ "source", word_source, "source ADDR..." },
	{ "closed", word_closed, "closed v4|v6 NET-ACTION" },
	{ "block", word_block, "block port N [v4|v6]" },
	{ "intercept", word_intercept, "intercept" },
	{ "global", word_global, "global PREFIX...|none" },
	{ "root", word_root, "root NAME ADDR..." },
	{ "tld", word_tld, "tld LABEL NS ADDR... [; NS ADDR...]..." },
	{ "zone", word_zone, "zone NAME [{]" },
	{ "record", word_record, "record ZONE LINE" },
	{ "remove", word_remove, "remove ZONE NAME [TYPE]" },
	{ "delegate", word_delegate,
	    "delegate ZONE NS [GLUE...] [; NS [GLUE...]]..." },
	{ "server", word_server,
	    "server NAME ADDR... [zones ZONE...] [minimal]" },
	{ "server-record", word_server_record, "server-record WHO ZONE LINE" },
	{ "server-remove", word_server_remove,
	    "server-remove WHO ZONE NAME [TYPE]" },
	{ "serial", word_serial, "serial WHO ZONE N" },
	{ "expired", word_expired, "expired WHO ZONE" },
	{ "transfer", word_transfer, "transfer WHO ZONE [PREFIX...]" },
	{ "sign", word_sign,
	    "sign ZONE [expired|not-yet|soon DAYS|ds-mismatch]" },
	{ "resolver", word_resolver,
	    "resolver ADDR... [only v4|v6] [validating] [dns64] [hidden]" },
	{ "cache", word_cache, "cache WHO LINE | "
	    "cache WHO none NAME TYPE nxdomain|nodata|servfail TTL" },
	{ "ptr", word_ptr, "ptr ADDR NAME" },
	{ "host", word_host, "host ADDR..." },
	{ "web", word_web, "web NAME ADDR... [http|https] [status N] "
	    "[redirect URL] [to-https] [body TEXT] [long BYTES] "
	    "[cert CERT] [sni-only]" },
	{ "smtp", word_smtp, "smtp NAME ADDR... [port N] [tls] [banner TEXT] "
	    "[delay SECONDS] [no-starttls] [rcpt TEXT] [mail TEXT] "
	    "[ext TEXT] [greylist SECONDS] [cert CERT]" },
	{ "submission", word_submission, "submission NAME ADDR... [tls] "
	    "[as smtp] [auth LIST] [auth-early] [echo] [deliver N|never]" },
	{ "pop", word_pop, "pop NAME ADDR... [port N] [tls] [banner TEXT] "
	    "[delay SECONDS] [no-starttls] [auth LIST] [auth-early] [echo] "
	    "[cap TEXT] [cert CERT]" },
	{ "imap", word_imap, "imap NAME ADDR... [as pop] [no-uidplus]" },
	{ "account", word_account, "account ADDRESS PASSWORD [login NAME]" },
	{ "fault", word_fault, "fault dns|tcp|udp|net|http|smtp|pop|imap WHO "
	    "[CONDITION]... ACTION" },
};

struct scenario *
scenario_new(uint64_t seed)
{
	struct scenario	*s = xcalloc(1, sizeof *s);

	s->seed = seed;
	s->clock = INT64_C(1795478400);
	s->rtt = 40 * NSEC_PER_MSEC;
	s->v4 = s->v6 = true;
	return (s);
}

static int
unknown(struct words *w)
{
	struct buf	b;
	size_t		i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (text_near(w->w[0], table[i].word)) {
			w->usage = table[i].usage;
			return (words_expected(w, table[i].word));
		}
	buf_init(&b, 0);
	for (i = 0; i < sizeof table / sizeof *table; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : "|", table[i].word);
	words_expected(w, buf_str(&b));
	buf_free(&b);
	return (-1);
}

static int
run(struct words *w)
{
	size_t	i;
	int	rc;

	if (w->n == 0)
		return (0);
	w->at = 1;
	for (i = 0; i < sizeof table / sizeof *table; i++) {
		if (strcmp(table[i].word, w->w[0]) != 0)
			continue;
		w->usage = table[i].usage;
		rc = table[i].run(w);
		return (rc == 0 ? words_end(w) : rc);
	}
	return (unknown(w));
}

/* A line inside zone NAME { ... }. */
static int
block_line(struct words *w, const char *text)
{
	struct zone_rr	rr;
	size_t		skip = strspn(text, " \t\r");

	if (text[skip] == '}') {
		w->s->block = NULL;
		return (0);
	}
	if (text[skip] == '\0' || text[skip] == '#' || text[skip] == ';')
		return (0);
	if (zone_rr_parse(&rr, text, 3600, w->s->block->name,
	    w->s->owner) == -1) {
		refusal_place(w->why, NULL, w->line);
		refusal_expected(w->why, text + skip, NULL, REFUSAL_WORDS,
		    "LINE|}");
		return (-1);
	}
	zone_add(w->s->block, &rr);
	return (0);
}

static int
one_line(struct scenario *s, const char *text, unsigned line,
    struct refusal *why)
{
	struct words	w = { .s = s, .line = line, .why = why };
	size_t		i;
	int		rc;

	if (s->block != NULL)
		rc = block_line(&w, text);
	else if ((rc = words_split(&w, text)) == 0)
		rc = run(&w);
	for (i = 0; i < w.n; i++)
		free(w.w[i]);
	free(w.w);
	return (rc);
}

static int
all_lines(struct scenario *s, const char *text, struct refusal *why)
{
	unsigned	 line = 1;
	size_t		 n;
	char		*copy;
	int		 rc = 0;

	for (; *text != '\0' && rc == 0; line++) {
		n = strcspn(text, "\n");
		copy = xstrndup(text, n);
		rc = one_line(s, copy, line, why);
		free(copy);
		text += n + (text[n] == '\n');
	}
	if (rc == 0 && s->block != NULL) {
		refusal_place(why, NULL, line);
		refusal_expected(why, NULL, NULL, REFUSAL_WORDS, "}");
		why->file_end = true;
		rc = -1;
	}
	if (rc == -1)
		s->block = NULL;
	return (rc);
}

int
scenario_add(struct scenario *s, const char *text, struct refusal *why)
{
	struct refusal	unsaid;
	int		rc;

	if (why != NULL) {
		memset(why, 0, sizeof *why);
		return (all_lines(s, text, why));
	}
	memset(&unsaid, 0, sizeof unsaid);
	rc = all_lines(s, text, &unsaid);
	refusal_free(&unsaid);
	return (rc);
}
