/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dialogues with TLS against the practice services: good and old handshakes,
 * failing ones, and what STARTTLS may bring.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/tls.h"
#define TALK_PLAIN ACTION_PLAIN
#include "practice/service_peer.h"
#undef TALK_PLAIN
#include "talk_kit.h"

#define CLOCK 1795000000

struct row {
	const char *name;
	enum talk_tls tls;
	bool smtp;
	enum site_kind box;	/* instead: POP3, IMAP */
	int plain_https;	/* instead: 1 plain, 2 silent, 3 close */
	enum cert_kind cert;
	struct talk_fault fault;
	const char *want[20];
	const char *never[5];
	int min_ms, max_ms;
	const char *cancel_on;
};

static const struct row rows[] = {
	{ .name = "https", .tls = TALK_IMPLICIT, .want = {
	    "1 === connected", "1 === tls{\"cipher\":\"TLS_",
	    "\"name\":\"www.example.jp\",\"not_after\":1",
	    "\"version\":\"TLSv1.3\"}", "1 fact tls {", "\"ok\":true",
	    "1 ~> GET / HTTP/1.1\n1 ~> Host: www.example.jp\n", "1 <~ HTTP/1.1 200",
	    "fact http", "\"complete\":true", "1 ended", "2 begins",
	    "done ok" }, .never = { "-> GET", "3 begins", "lax\":true" } },
	{ .name = "https, old", .tls = TALK_IMPLICIT, .cert = CERT_OLD_TLS,
	  .want = { "1 === tls-failed", "1 fact tls", "\"old\":true",
	    "1 ended", "2 begins", "2 === connected", "2 === tls{",
	    "2 fact tls", "\"lax\":true", "\"ok\":true", "2 ended",
	    "done garbled" }, .never = { "GET", "3 begins" } },
	{ .name = "https, no handshake", .tls = TALK_IMPLICIT,
	  .cert = CERT_FAIL, .want = { "1 === tls-failed{\"error\":\"",
	    "1 fact tls", "\"ok\":false", "1 ended", "2 begins",
	    "2 fact tls", "\"lax\":true,\"ok\":false", "done garbled" },
	  .never = { "GET" } },
	{ .name = "https, plain there", .tls = TALK_IMPLICIT,
	  .plain_https = 1, .want = { "1 fact tls", "\"not_tls\":true",
	    "done garbled" }, .never = { "GET" } },
	{ .name = "https, silent", .tls = TALK_IMPLICIT, .plain_https = 2,
	  .want = { "1 === timeout{\"s\":8.0}", "1 fact tls",
	    "\"cause\":\"stalled\"", "\"ok\":false", "2 begins",
	    "done stalled" }, .never = { "lax\":true" }, .max_ms = 8200 },
	{ .name = "https, closes", .tls = TALK_IMPLICIT, .plain_https = 3,
	  .want = { "1 fact tls", "\"cause\":\"closed\"", "2 begins",
	    "done closed" }, .never = { "lax\":true" } },
	{ .name = "https, expired", .tls = TALK_IMPLICIT,
	  .cert = CERT_EXPIRED, .want = { "1 fact tls",
	    "certificate has expired", "~> GET", "done ok" } },
	{ .name = "starttls", .smtp = true, .tls = TALK_STARTTLS, .want = {
	    "-> EHLO", "\"tls\":false}", "-> STARTTLS", "<- 220",
	    "\"verb\":\"STARTTLS\"}", "1 === tls{", "1 fact tls",
	    "1 ~> EHLO", "fact caps", "\"tls\":true}", "~> MAIL",
	    "~> RCPT", "~> QUIT", "done ok" },
	  .never = { "injected", "-> MAIL", "2 begins" } },
	{ .name = "no starttls wanted", .smtp = true, .tls = TALK_PLAIN,
	  .want = { "-> EHLO", "STARTTLS", "-> MAIL", "-> QUIT", "done ok" },
	  .never = { "-> STARTTLS" } },
	{ .name = "454", .smtp = true, .tls = TALK_STARTTLS,
	  .fault = { .verb = (char []){ "starttls" }, .action = TALK_REPLY,
	    .text = (char []){ "454 4.7.0 TLS not available" } },
	  .want = { "-> STARTTLS", "\"code\":454", "-> QUIT", "done ok" },
	  .never = { "MAIL", "~>" } },
	{ .name = "injected", .smtp = true, .tls = TALK_STARTTLS,
	  .fault = { .verb = (char []){ "starttls" }, .action = TALK_INJECT,
	    .text = (char []){ "250 evil" } },
	  .want = { "-> STARTTLS", "1 === injected{\"bytes\":",
	    "1 fact injected {\"bytes\":", "1 === tls{", "~> EHLO",
	    "~> QUIT", "done ok" }, .never = { "evil" } },
	{ .name = "starttls, old", .smtp = true, .tls = TALK_STARTTLS,
	  .cert = CERT_OLD_TLS, .want = { "1 -> STARTTLS", "1 fact tls",
	    "\"old\":true", "1 ended", "2 begins", "2 -> STARTTLS",
	    "2 === tls{", "2 fact tls", "\"lax\":true", "2 ~> QUIT",
	    "2 ended", "done garbled" },
	  .never = { "MAIL", "2 fact reply", "2 fact caps", "~> EHLO" },
	  .min_ms = 1000, .max_ms = 2500 },
	{ .name = "stls, old", .box = SITE_POP, .tls = TALK_STARTTLS,
	  .cert = CERT_OLD_TLS, .want = { "1 -> STLS", "1 fact tls",
	    "\"old\":true", "1 ended", "2 begins", "2 <- +OK", "2 -> STLS",
	    "2 === tls{", "2 fact tls", "\"lax\":true", "2 ended",
	    "done garbled" }, .never = { "2 fact reply", "2 fact caps" },
	  .min_ms = 1000, .max_ms = 2500 },
	{ .name = "imap, old", .box = SITE_IMAP, .tls = TALK_STARTTLS,
	  .cert = CERT_OLD_TLS, .want = { "1 -> a2 STARTTLS", "1 fact tls",
	    "\"old\":true", "1 ended", "2 begins", "2 <- * OK",
	    "STARTTLS", "2 === tls{", "2 fact tls", "\"lax\":true",
	    "2 ended", "done garbled" },
	  .never = { "2 fact reply", "2 fact caps" },
	  .min_ms = 1000, .max_ms = 2500 },
	{ .name = "starttls, no handshake", .smtp = true,
	  .tls = TALK_STARTTLS, .cert = CERT_FAIL, .want = {
	    "1 -> STARTTLS", "1 fact tls", "\"ok\":false", "1 ended",
	    "2 begins", "2 fact tls", "2 ended", "done garbled" },
	  .never = { "QUIT", "3 begins" }, .max_ms = 2500 },
	{ .name = "cancelled in the handshake", .smtp = true,
	  .tls = TALK_STARTTLS, .cancel_on = "<- 220 2.0.0",
	  .want = { "STARTTLS", "done interrupted" },
	  .never = { "QUIT", "MAIL" } },
};

static void
params(struct talk_params *p, struct run *r, const struct row *row)
{
	memset(p, 0, sizeof(*p));
	p->loop = r->loop;
	p->timeouts = &r->timeouts;
	addr_parse(&p->to.addr, "192.0.2.80");
	p->to.port = row->box == SITE_POP ? 110 : row->box == SITE_IMAP ?
	    143 : row->smtp ? 25 : 443;
	p->name = "www.example.jp";
	p->tls = row->tls;
	p->tries = row->smtp || row->box ? 1 : 2;
	p->agent = "tadoru-test";
	p->helo = "probe.example.net";
	p->mail_from = "a@example.net";
	p->rcpt = "b@example.jp";
}

static void
serve(struct services *s, struct site *site, struct addr *addr,
    const struct row *row, struct world *w)
{
	static char name[] = "www.example.jp";

	memset(s, 0, sizeof(*s));
	memset(site, 0, sizeof(*site));
	site->name = name;
	site->addrs = addr;
	site->naddrs = 1;
	site->cert = row->cert;
	site->https = site->http = true;
	site->status = 200;
	s->clock = CLOCK;
	if (row->box) {
		site->kind = row->box;
		site->port = row->box == SITE_POP ? 110 : 143;
		s->boxes = site;
		s->nboxes = 1;
		box_peer_listen(s, w);
	} else if (row->smtp) {
		s->mails = site;
		s->nmails = 1;
		s->smtp_faults = (struct talk_fault *)(uintptr_t)&row->fault;
		s->nsmtp_faults = row->fault.verb != NULL;
		smtp_peer_listen(s, w);
	} else {
		s->webs = site;
		s->nwebs = 1;
		web_peer_listen(s, w);
	}
}

/* An HTTP server that speaks plain text on the port of https. */
static void *
plain_accept(void *ctx, struct mem_conn *c)
{
	(void)c;
	return ctx;
}

static void
plain_data(void *ctx, struct mem_conn *c, const void *data, size_t n)
{
	static const char bad[] = "HTTP/1.1 400 Bad Request\r\n\r\n";

	const struct row *row = ctx;

	(void)data;
	(void)n;
	if (row->plain_https == 2)
		return;
	if (row->plain_https == 1)
		mem_conn_send(c, bad, sizeof(bad) - 1, 0);
	mem_conn_close(c, 0);
}

static void
plain_closed(void *ctx, struct mem_conn *c)
{
	(void)ctx;
	(void)c;
}

static int
check(const struct row *row)
{
	struct mem_peer plain = { (void *)(uintptr_t)row, NULL, plain_accept, plain_data,
	    plain_closed };
	struct talk_params p;
	struct talk_hooks hooks;
	struct services s;
	struct site site;
	struct run r;
	int64_t begun, took;
	int wrong;

	memset(&r, 0, sizeof(r));
	memset(&s, 0, sizeof(s));
	buf_init(&r.log, 0);
	r.world = memory_new(1, CLOCK);
	r.world->ca_pem = cert_peer_root();
	memory_rtt(r.world, 40 * MS);
	r.loop = loop_new(r.world);
	timeouts_init(&r.timeouts, 1.0);
	params(&p, &r, row);
	if (row->plain_https)
		memory_listen(r.world, &p.to, true, &plain);
	else
		serve(&s, &site, &p.to.addr, row, r.world);
	r.cancel_on = row->cancel_on;
	r.cancels = 1;
	hooks = kit_hooks(&r);
	begun = loop_now(r.loop);
	r.talk = row->box == SITE_POP ? pop3_start(&p, &hooks) :
	    row->box == SITE_IMAP ? imap_start(&p, &hooks) :
	    row->smtp ? smtp_start(&p, &hooks) : http_start(&p, &hooks);
	loop_run(r.loop);
	took = (loop_now(r.loop) - begun) / MS;
	wrong = look(row->name, row->want, row->never, buf_str(&r.log));
	if (took < row->min_ms ||
	    took > (row->max_ms == 0 ? 1500 : row->max_ms)) {
		print_error("%s: took %ld ms\n", row->name, (long)took);
		wrong++;
	}
	if (wrong > 0)
		print_error("%s\n", buf_str(&r.log));
	assert_true(r.done);
	buf_free(&r.log);
	loop_free(r.loop);
	tls_cleanup();
	world_free(r.world);
	services_reset(&s);
	return wrong;
}

static void
handshakes(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		wrong += check(&rows[i]);
	cert_peer_cleanup();
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handshakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
