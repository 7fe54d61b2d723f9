/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hostile peers, whole diagnoses in the memory world. Each ends within its
 * bounds of time, questions, and memory; what was cut off is unknown and
 * never ok; no byte of theirs reaches an output unescaped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "tests/unit/diag_kit.h"
#include "tests/unit/memory_kit.h"
#include "ui/report.h"
#include "ui/sink.h"
#include "ui/strings.h"

#define MEGABYTE (1024 * 1024)

static size_t start, peak;

/* What the recording of this test keeps is not the product's. */
static void
watch(struct kit_run *r, const struct session *s, const struct event *ev)
{
	size_t now = test_allocated() - r->events.cap;

	(void)s;
	(void)ev;
	if (now > peak)
		peak = now;
}

static void
before(struct kit_run *r)
{
	start = peak = test_allocated();
	r->watch = watch;
}

/* A rune no output may hold: controls, bidirectional overrides. */
static bool
forbidden(uint32_t c)
{
	return (c < 0x20 && c != '\n') || (c >= 0x7f && c <= 0x9f) ||
	    c == 0x200e || c == 0x200f || c == 0x61c ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    c == 0xfeff || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff;
}

/* Length of the UTF-8 sequence at p, 0 when it is none. */
static size_t
rune(const unsigned char *p, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *p < 0x80 ? 1 : *p >= 0xf0 && *p < 0xf8 ? 4 :
	    *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xc2 && *p < 0xe0 ? 2 : 0;

	if (n == 0)
		return 0;
	*out = n == 1 ? *p : (uint32_t)*p & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*out = *out << 6 | (p[i] & 0x3f);
	}
	return *out >= least[n] ? n : 0;
}

static void
look_at_text(const char *text, size_t len, const char *what, struct buf *out)
{
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c = 0;

		n = rune((const unsigned char *)text + i, &c);
		if (n == 0 || forbidden(c)) {
			buf_printf(out, "  unescaped byte %02x in %s\n",
			    (unsigned char)text[i], what);
			return;
		}
	}
}

/* Everything the programs write of this run, in one language. */
static void
rendered(const struct kit_run *r, const char *lang, struct buf *out)
{
	struct session *s = session_new();
	struct out plain, json, report;
	char *text[3];
	size_t len[3];

	assert_int_equal(strings_choose(lang), 0);
	memset(&plain, 0, sizeof plain);
	plain.ambiguous = 1;
	json = report = plain;
	plain.file = open_memstream(&text[0], &len[0]);
	json.file = open_memstream(&text[1], &len[1]);
	report.file = open_memstream(&text[2], &len[2]);
	for (const char *p = r->log; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		struct event ev;
		const char *why;

		if (record_parse(p, n, &ev, &why) == -1)
			break;
		session_fold(s, &ev);
		plain_sink(&plain, s, &ev);
		json_sink(&json, s, &ev);
		event_clear(&ev);
		p += n + 1;
	}
	report_write(&report, s);
	fclose(plain.file);
	fclose(json.file);
	fclose(report.file);
	look_at_text(text[0], len[0], "plain", out);
	look_at_text(text[1], len[1], "json", out);
	look_at_text(text[2], len[2], "report", out);
	if (len[0] < 1000 || len[2] < 300)
		buf_printf(out, "  outputs are short: %zu %zu\n", len[0],
		    len[2]);
	for (int i = 0; i < 3; i++)
		free(text[i]);
	session_free(s);
}

static void
after(const struct kit_run *r, const struct kit_case *c, struct buf *out)
{
	const struct session *s = engine_session(r->engine);
	const json_t *sum = json_object_get(s->end, "summary");
	int64_t asked = json_int(sum, "questions", -1);
	double seconds = (double)r->took / 1e9, most = 10;
	const char *bound = strstr(c->text, "#within ");

	if (bound != NULL)
		most = strtod(bound + 8, NULL);
	if (seconds > most)
		buf_printf(out, "  took %.3f s, more than %.0f\n", seconds,
		    most);
	if (asked < 0 || asked > LIMIT_QUESTIONS)
		buf_printf(out, "  %lld questions\n", (long long)asked);
	if (peak - start > 50 * MEGABYTE)
		buf_printf(out, "  %zu KiB of memory\n",
		    (peak - start) / 1024);
	if (r->stats.open_max > LIMIT_SOCKETS)
		buf_printf(out, "  %u sockets\n", r->stats.open_max);
	rendered(r, "en", out);
	rendered(r, "ja", out);
	print_message("%s: %.3f s, %lld questions, %zu KiB\n", c->name,
	    seconds, (long long)asked, (peak - start) / 1024);
}

/* ESC, BEL, NUL, C1, invalid UTF-8, a bidirectional override; in a name, and
   in a quoted word. */
#define NAME "\\027[31m\\007\\000\\155\\255\\226\\128\\174"
#define QUOTED "\\e[2J\\e]0;x\\x07\\x9b\\xff\\xe2\\x80\\xae\\x7f"

#define EACH_SERVER(rest) \
    "fault dns {ns1.4} " rest "\nfault dns {ns1.6} " rest "\n" \
    "fault dns {ns2.4} " rest "\nfault dns {ns2.6} " rest "\n"
#define EACH_PARENT(rest) \
    "fault dns {tld1.4} " rest "\nfault dns {tld1.6} " rest "\n" \
    "fault dns {tld2.4} " rest "\nfault dns {tld2.6} " rest "\n"
#define EACH_WEB(rest) \
    "fault http {web1.4} " rest "\nfault http {web1.6} " rest "\n" \
    "fault http {web2.4} " rest "\nfault http {web2.6} " rest "\n"
#define BOTH_NAMES(id, rest) \
    "> error " id " {www} {web1.4} http" rest "\n" \
    "> error " id " {d} {web1.4} http" rest "\n" \
    "> error " id " {www} {web1.4} https" rest "\n" \
    "> error " id " {d} {web1.4} https" rest "\n"
#define ALL_WEB(verdict) \
    "+ " verdict " all http v4\n+ " verdict " all http v6\n" \
    "+ " verdict " all https v4\n+ " verdict " all https v6\n"
#define ALL_MX1(verdict) \
    "+ " verdict " {mx1} {mx1.4} smtp\n+ ok {mx1} {mx1.6} smtp\n"

static const struct kit_case cases[] = {
	{ "web: escape sequences",
	    EACH_WEB("escape") ALL_WEB("ok") "= ok\n" },
	{ "web: escape sequences in a redirect",
	    EACH_WEB("reply \"HTTP/1.1 301 " QUOTED "\\r\\nLocation: "
	    "https://" QUOTED "/" QUOTED "\\r\\n\\r\\n" QUOTED "\"")
	    "* http-garbled\n" },
	{ "web: NUL", "fault http {web1.4} nul\n"
	    BOTH_NAMES("http-garbled", " masked partial") "= error\n" },
	{ "web: a line of 10 MB",
	    "fault http {web1.4} long-line\n"
	    "+ unknown {www} {web1.4} http\n+ unknown {d} {web1.4} https\n"
	    "+ ok {www} {web1.6} http\n= unknown\n" },
	{ "web: a line of 10 MB everywhere",
	    EACH_WEB("long-line") ALL_WEB("unknown") "= unknown\n" },
	{ "web: endless headers",
	    "fault http {web1.4} endless-headers\n"
	    "+ unknown {www} {web1.4} http\n+ unknown {www} {web1.4} https\n"
	    "+ ok {www} {web1.6} https\n= unknown\n" },
	{ "web: endless headers everywhere",
	    EACH_WEB("endless-headers") ALL_WEB("unknown") "= unknown\n" },
	{ "web: endless body everywhere",
	    EACH_WEB("endless-body") ALL_WEB("unknown") "= unknown\n" },
	{ "web: continuation lines",
	    "fault http {web1.4} port 80 reply \"HTTP/1.1 200 OK\\r\\nX: y"
	    "\\r\\n folded\\r\\n more\\r\\nContent-Length: 1\\r\\n\\r\\nx\"\n"
	    "+ ok {www} {web1.4} http\n= ok\n" },
	{ "web: one byte a second",
	    "#within 90\n"
	    "fault http {web1.4} port 80 drip \"HTTP/1.1 200 OK\\r\\n\"\n"
	    "> error http-stalled {www} {web1.4} http masked partial\n"
	    "> error http-stalled {d} {web1.4} http masked partial\n"
	    "+ error {www} {web1.4} http\n= error\n" },
	{ "web: one byte a second everywhere",
	    "#within 90\n"
	    EACH_WEB("drip \"HTTP/1.1 200 OK\\r\\n\"") ALL_WEB("error")
	    "* http-stalled\n= error\n" },
	{ "web: bytes that are no protocol",
	    EACH_WEB("drip") ALL_WEB("error") "* http-garbled\n= error\n" },
	{ "web: redirect storm to itself",
	    "! web {www}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} redirect "
	    "\"more/\"\n"
	    "* http-redirect-loop\n"
	    "> error http-redirect-loop {www} {web2.6} https\n= error\n" },
	{ "web: two names that redirect to each other",
	    "! web {www}\n! web {d}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} redirect "
	    "http://{d}/\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} redirect "
	    "http://{www}/\n"
	    "* http-redirect-loop\n"
	    "> error http-redirect-loop {d} {web1.4} http\n= error\n" },
	{ "web: redirects from name to name",
	    "! web {www}\n"
	    "record {d} * A {web1.4}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} redirect "
	    "http://{n1}.{d}/\n"
	    "web {n1}.{d} {web1.4} redirect http://{n2}.{d}/\n"
	    "web {n2}.{d} {web1.4} redirect http://{n3}.{d}/\n"
	    "web {n3}.{d} {web1.4} redirect http://{n4}.{d}/\n"
	    "web {n4}.{d} {web1.4} redirect http://{n5}.{d}/\n"
	    "web {n5}.{d} {web1.4} redirect http://{n6}.{d}/\n"
	    "web {n6}.{d} {web1.4} redirect http://{n7}.{d}/\n" },
	{ "mail: escape sequences in every reply",
	    "fault smtp {mx1.4} escape\nfault smtp {mx1.6} escape\n" },
	{ "mail: escape sequences in the banner",
	    "smtp {mx1} {mx1.4} {mx1.6} banner \"220 " QUOTED "\"\n"
	    "! smtp {mx1}\n+ ok all smtp v4\n+ ok all smtp v6\n= ok\n" },
	{ "mail: escape sequences instead of a banner",
	    "smtp {mx1} {mx1.4} {mx1.6} banner \"" QUOTED "\"\n"
	    "! smtp {mx1}\n"
	    "> error smtp-garbled {mx1} {mx1.4} smtp\n"
	    "> error smtp-garbled {mx1} {mx1.6} smtp\n= error\n" },
	{ "mail: escape sequences in a refusal",
	    "! smtp {mx1}\n@ rcpt {n1}@{d}\n"
	    "smtp {mx1} {mx1.4} {mx1.6} rcpt \"550 " QUOTED "\"\n"
	    "> error rcpt-rejected {mx1} {mx1.4} smtp\n"
	    "> error rcpt-rejected {mx1} {mx1.6} smtp\n= error\n" },
	{ "mail: NUL", "fault smtp {mx1.4} at banner nul\n" },
	{ "mail: a line of 10 MB",
	    "fault smtp {mx1.4} at banner long-line\n"
	    ALL_MX1("unknown") "= unknown\n" },
	{ "mail: a line of 10 MB at EHLO",
	    "fault smtp {mx1.4} at ehlo long-line\n"
	    ALL_MX1("unknown") "= unknown\n" },
	{ "mail: endless continuation lines in the banner",
	    "fault smtp {mx1.4} at banner endless-lines\n"
	    ALL_MX1("unknown") "= unknown\n" },
	{ "mail: endless continuation lines at EHLO",
	    "fault smtp {mx1.4} at ehlo endless-lines\n"
	    ALL_MX1("unknown") "= unknown\n" },
	{ "mail: endless continuation lines at every verb",
	    "fault smtp {mx1.4} endless-lines\n"
	    "fault smtp {mx1.6} endless-lines\n"
	    "fault smtp {mx2.4} at ehlo-tls endless-lines\n"
	    "fault smtp {mx2.6} at starttls endless-lines\n"
	    "+ unknown all smtp v4\n+ unknown all smtp v6\n= unknown\n" },
	{ "mail: a banner of one byte a second",
	    "#within 90\n"
	    "fault smtp {mx1.4} at banner drip \"220 slow\\r\\n\"\n"
	    "> notice banner-slow {mx1} {mx1.4} smtp masked\n= notice\n" },
	{ "mail: one byte a second, no end",
	    "#within 90\n"
	    "fault smtp {mx1.4} drip\nfault smtp {mx1.6} drip \"220-\"\n"
	    "fault smtp {mx2.4} at ehlo drip \"250-\"\n"
	    "fault smtp {mx2.6} at ehlo-tls drip \"250-\"\n"
	    "* smtp-garbled\n* banner-slow\n"
	    "+ error all smtp v4\n+ error all smtp v6\n= error\n" },
	{ "mail: EHLO answered one byte a second",
	    "#within 90\n"
	    "fault smtp {mx1.4} at ehlo drip \"250 x\\r\\n\"\n"
	    "> warning starttls-differs {mx1} - smtp\n= warning\n" },
	{ "mail: garbage after STARTTLS",
	    "fault smtp {mx1.4} at starttls garbled\n"
	    "> error smtp-garbled {mx1} {mx1.4} smtp masked\n= error\n" },
	{ "dns: escape sequences in names and texts",
	    "record {d} @ TXT " NAME "\n"
	    "record {d} @ MX 30 " NAME ".{d}.\n"
	    "record {d} " NAME " A {mx1.4}\n"
	    "! record {d} www\n"
	    "record {d} www CNAME " NAME "w.{d}.\n"
	    "record {d} " NAME "w A {web1.4}\n"
	    "server-record {ns1.4} {d} @ NS " NAME "n.{other}.\n"
	    "> warning ns-set-differs {d} - -\n* ns-unresolvable\n"
	    "= error\n" },
	{ "dns: reverse names with escape sequences",
	    "ptr {web1.4} " NAME ".{other}\n= ok\n" },
	{ "dns: compression loop",
	    "fault dns {ns1.4} broken loop\n"
	    "> error dns-broken-message {ns1} {ns1.4} dns masked qname={d}\n"
	    "= error\n" },
	{ "dns: compression loop at every server",
	    EACH_SERVER("broken loop")
	    "* dns-broken-message\n* resolver-servfail\n"
	    "* v4only-walk-fails\n* v6only-walk-fails\n= error\n" },
	{ "dns: compression loop at the parent",
	    EACH_PARENT("broken loop")
	    "> error resolver-servfail - {res.4} dns qname={d}\n"
	    "> error resolver-servfail - {res.4} dns qname={www}\n"
	    "= unknown\n" },
	{ "dns: garbage", "fault dns {ns1.4} broken garbage\n"
	    "> error dns-broken-message {ns1} {ns1.4} dns masked qname={d}\n"
	    "= error\n" },
	{ "dns: replies of 64 KiB",
	    "fault dns {ns1.4} huge 65000\nfault dns {ns1.6} huge 65000\n"
	    "> error dns-lame {ns1} {ns1.4} dns masked\n"
	    "> error dns-lame {ns1} {ns1.6} dns masked\n= error\n" },
	{ "dns: replies of 64 KiB everywhere",
	    EACH_SERVER("huge 65000") "* v4only-walk-fails\n"
	    "* v6only-walk-fails\n* dns-lame\n= error\n" },
	{ "dns: 500 NS from the parent",
	    EACH_PARENT("many-ns 500")
	    "> warning ns-set-differs {d} - -\n* ns-unresolvable\n"
	    "= error\n" },
	{ "dns: 500 NS from the zone",
	    EACH_SERVER("many-ns 500")
	    "> warning ns-set-differs {d} - -\n* ns-unresolvable\n"
	    "= error\n" },
	{ "dns: one byte a second over TCP",
	    "#within 90\nfault dns {ns1.4} tcp drip\n"
	    "> error dns-tcp-timeout {ns1} {ns1.4} dns masked\n= error\n" },
	{ "dns: one byte a second after a truncated answer",
	    "#within 90\nfault dns {ns1.4} udp truncate\n"
	    "fault dns {ns1.4} tcp drip\n"
	    "> error dns-tcp-timeout {ns1} {ns1.4} dns masked\n= error\n" },
	{ "dns: alias loop",
	    "! record {d} www\n"
	    "record {d} www CNAME {n1}.{d}.\nrecord {d} {n1} CNAME www\n"
	    "* resolver-servfail\n= unknown\n" },
	{ "dns: alias loop across two zones",
	    "delegate {other} {n1}.{other} {x1.4} {x1.6}\n"
	    "zone {other}\nserver {n1}.{other} {x1.4} {x1.6}\n"
	    "! record {d} www\n"
	    "record {d} www CNAME {n3}.{other}.\n"
	    "record {other} {n3} CNAME {www}.\n"
	    "* resolver-servfail\n= unknown\n" },
	{ "dns: a name that is its own alias",
	    "! record {d} www\nrecord {d} www CNAME www\n"
	    "* resolver-servfail\n= unknown\n" },
	{ "dns: long chain of aliases",
	    "! record {d} www\nrecord {d} www CNAME {n1}\n"
	    "record {d} {n1} CNAME {n2}\nrecord {d} {n2} CNAME {n3}\n"
	    "record {d} {n3} CNAME {n4}\nrecord {d} {n4} CNAME {n5}\n"
	    "record {d} {n5} CNAME {n6}\nrecord {d} {n6} CNAME {n7}\n"
	    "record {d} {n7} CNAME {n8}\nrecord {d} {n8} CNAME {n9}\n"
	    "record {d} {n9} A {web1.4}\n* resolver-servfail\n" },
	{ "dns: name servers that are found only through each other",
	    "! delegate {d}\n! server {ns1}\n! server {ns2}\n"
	    "delegate {d} {n1}.{other} ; {n2}.{other}\n"
	    "delegate {other} {n1}.{d} ; {n2}.{d}\n"
	    "zone {other}\n"
	    "> error ns-unresolvable {n1}.{other} - -\n"
	    "> error ns-unresolvable {n2}.{other} - -\n"
	    "* resolver-servfail\n= error\n" },
	{ "dns: other broken messages",
	    "fault dns {ns1.4} broken label\nfault dns {ns1.6} broken count\n"
	    "fault dns {ns2.4} broken cut\nfault dns {ns2.6} wrong-id\n"
	    "* dns-broken-message\n* resolver-servfail\n* dns-timeout\n"
	    "* v4only-walk-fails\n* v6only-walk-fails\n= error\n" },
	{ "dns: 1000 mail hosts", NULL },
	{ "dns: 500 name servers with addresses that are silent", NULL },
};

#define NCASES (sizeof cases / sizeof cases[0])

static char *
many_mail_hosts(void)
{
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "= error\n* mx-no-address\n");
	for (int i = 1; i <= 1000; i++)
		buf_printf(&b, "record {d} @ MX 10 h%d.{d}.\n", i);
	return buf_steal(&b);
}

static char *
many_servers(void)
{
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "= error\n* dns-timeout\n* ns-set-differs\n"
	    "* glue-differs\n* glue-missing-v6\n! delegate {d}\n"
	    "delegate {d} {ns1} {ns1.4} {ns1.6}");
	for (int i = 1; i <= 500; i++)
		buf_printf(&b, " ; s%d.{d} 2001:db8:f000::%x", i, i);
	return buf_steal(&b);
}

int
main(void)
{
	struct kit_case all[NCASES];
	char *mx = many_mail_hosts(), *ns = many_servers();
	int failed;

	memcpy(all, cases, sizeof all);
	all[NCASES - 2].text = mx;
	all[NCASES - 1].text = ns;
	kit_before = before;
	kit_after = after;
	failed = kit_group("hostile", all, NCASES);
	free(mx);
	free(ns);
	return failed;
}
