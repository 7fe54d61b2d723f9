/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole diagnoses of web servers: connections that fail on one address, one
 * family or everywhere, now and then or always; what HTTP says or fails to
 * say; redirects; and what the matrix and the summary make of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "tests/unit/diag_kit.h"

/* Only www offers web, at one address of each family; one mail host. */
#define SMALL \
	"! @ A\n! www A\n! web \n! MX 20\n" \
	"record {d} www A {web1.4}\n" \
	"record {d} www AAAA {web1.6}\n"
#define WEB	"web {www} {web1.4} {web1.6} "

/* Only the apex has addresses. */
#define APEX \
	"! @ A\n! www A\n! web \n! MX 20\n" \
	"record {d} @ A {web1.4}\n" \
	"record {d} @ AAAA {web1.6}\n"

#define BOTH_PORTS(level, id, addr, flags) \
	"> " level " " id " {www} " addr " https" flags "\n" \
	"> " level " " id " {www} " addr " http" flags "\n"
#define BOTH_NAMES(level, id, addr, proto, flags) \
	"> " level " " id " {www} " addr " " proto flags "\n" \
	"> " level " " id " {d} " addr " " proto flags "\n"
#define PARTIAL(proto) BOTH_NAMES("error", "connect-partial", "-", proto, "")
#define ALL_FOUR(level, id, flags) \
	BOTH_PORTS(level, id, "{web1.4}", flags) \
	BOTH_PORTS(level, id, "{web1.6}", flags)

static const struct kit_case connects[] = {
	{ "one v4 address refuses https",
	    "fault tcp {web1.4} port 443 refused\n"
	    BOTH_NAMES("error", "connect-refused", "{web1.4}", "https",
		" masked partial")
	    PARTIAL("https")
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "one v6 address drops https",
	    "fault tcp {web2.6} port 443 silent\n"
	    BOTH_NAMES("error", "connect-timeout", "{web2.6}", "https",
		" masked partial")
	    PARTIAL("https")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "one v6 address unreachable",
	    "fault tcp {web1.6} port 80 icmp 1/3 {x1.6}\n"
	    BOTH_NAMES("error", "connect-unreachable", "{web1.6}", "http",
		" masked partial")
	    PARTIAL("http")
	    "= error\n" },
	{ "one v4 address unreachable",
	    "fault tcp {web2.4} port 80 icmp 3/1 {x1.4}\n"
	    BOTH_NAMES("error", "connect-unreachable", "{web2.4}", "http",
		" masked partial")
	    PARTIAL("http")
	    "= error\n" },
	{ "one v6 address prohibited",
	    "fault tcp {web1.6} port 443 icmp 1/1 {x1.6}\n"
	    BOTH_NAMES("error", "connect-prohibited", "{web1.6}", "https",
		" masked partial")
	    PARTIAL("https")
	    "= error\n" },
	{ "one v4 address prohibited",
	    "fault tcp {web1.4} port 443 icmp 3/13 {x1.4}\n"
	    BOTH_NAMES("error", "connect-prohibited", "{web1.4}", "https",
		" masked partial")
	    PARTIAL("https")
	    "= error\n" },
	{ "port unreachable is refused",
	    SMALL WEB "\n"
	    "fault tcp {web1.6} port 443 icmp 1/4\n"
	    "> error connect-refused {www} {web1.6} https masked\n"
	    "~ connect-partial\n"
	    "= error\n" },
	{ "all of v6 refused",
	    "fault tcp {web1.6} refused\n"
	    "fault tcp {web2.6} refused\n"
	    BOTH_NAMES("error", "connect-refused", "{web1.6}", "https",
		" masked")
	    BOTH_NAMES("error", "connect-refused", "{web2.6}", "https",
		" masked")
	    BOTH_NAMES("error", "connect-refused", "{web1.6}", "http",
		" masked")
	    BOTH_NAMES("error", "connect-refused", "{web2.6}", "http",
		" masked")
	    "> fact half-done-v6 {d} - -\n"
	    "~ connect-partial\n"
	    "= error\n" },
	{ "all of v4 silent",
	    SMALL WEB "\n"
	    "fault tcp {web1.4} silent\n"
	    BOTH_PORTS("error", "connect-timeout", "{web1.4}", " masked")
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "www dead on both families",
	    SMALL
	    "host {web1.4} {web1.6}\n"
	    "> error connect-refused {www} {web1.4} https\n"
	    "> error connect-refused {www} {web1.6} https\n"
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "www silent on both families",
	    SMALL WEB "\n"
	    "fault tcp {web1.4} silent\n"
	    "fault tcp {web1.6} silent\n"
	    "> error connect-timeout {www} {web1.4} https\n"
	    "> error connect-timeout {www} {web1.6} https\n"
	    "= error\n" },
	{ "refused on v4, silent on v6",
	    SMALL WEB "\n"
	    "fault tcp {web1.4} refused\n"
	    "fault tcp {web1.6} silent\n"
	    "> error connect-refused {www} {web1.4} https\n"
	    "> error connect-timeout {www} {web1.6} https\n"
	    "= error\n" },
	{ "apex without web", APEX
	    "host {web1.4} {web1.6}\n"
	    "~ connect-refused\n"
	    "= ok\n" },
	{ "apex silent to web", APEX
	    "web {d} {web1.4} {web1.6}\n"
	    "fault tcp {web1.4} silent\n"
	    "fault tcp {web1.6} silent\n"
	    "~ connect-timeout\n"
	    "= ok\n" },
	{ "https only",
	    "fault tcp {web1.4} port 80 refused\n"
	    "fault tcp {web2.4} port 80 refused\n"
	    "fault tcp {web1.6} port 80 silent\n"
	    "fault tcp {web2.6} port 80 silent\n"
	    "~ connect-refused\n"
	    "~ connect-timeout\n"
	    "= ok\n" },
	{ "http only",
	    SMALL WEB "http\n"
	    "host {web1.4} {web1.6}\n"
	    "~ connect-refused\n"
	    "= ok\n" },
	{ "http only, redirecting to https",
	    SMALL WEB "http to-https\n"
	    "host {web1.4} {web1.6}\n"
	    "> error connect-refused {www} {web1.4} https\n"
	    "> error connect-refused {www} {web1.6} https\n"
	    "= error\n" },
	{ "host asked for is dead",
	    "record {d} {n1} A {x1.4}\n"
	    "record {d} {n1} AAAA {x1.6}\n"
	    "host {x1.4} {x1.6}\n"
	    "@ host {n1}.{d}\n"
	    "> error connect-refused {n1}.{d} {x1.4} https\n"
	    "> error connect-refused {n1}.{d} {x1.6} https\n"
	    "= error\n" },
	{ "host as subject is dead",
	    "record {d} {n1} A {x1.4}\n"
	    "host {x1.4}\n"
	    "@ subject {n1}.{d}\n"
	    "> error connect-refused {n1}.{d} {x1.4} https\n"
	    "= error\n" },
	{ "url of an apex without web", APEX
	    "host {web1.4} {web1.6}\n"
	    "@ subject https://{d}/\n"
	    "> error connect-refused {d} {web1.4} https\n"
	    "> error connect-refused {d} {web1.6} https\n"
	    "= error\n" },
	{ "url with a closed port",
	    SMALL WEB "\n"
	    "@ subject https://{www}:8443/\n"
	    "> error connect-refused {www} {web1.4} https:8443\n"
	    "> error connect-refused {www} {web1.6} https:8443\n"
	    "= error\n" },
	{ "url with a port, all of it dead",
	    SMALL
	    "host {web1.4} {web1.6}\n"
	    "@ subject http://{www}:8080/{n1}\n"
	    "> error connect-refused {www} {web1.4} http:8080\n"
	    "> error connect-refused {www} {web1.6} http:8080\n"
	    "= error\n" },
};

static const struct kit_case repeats[] = {
	{ "one of seven lost",
	    SMALL WEB "\n"
	    "fault tcp {web1.6} port 443 attempt 1 silent\n"
	    "> notice connect-intermittent {www} {web1.6} https intermittent\n"
	    "~ first-connection-lost\n"
	    "= notice\n" },
	{ "one of seven refused",
	    SMALL WEB "\n"
	    "fault tcp {web1.4} port 80 attempt 2 refused\n"
	    "> notice connect-intermittent {www} {web1.4} http intermittent\n"
	    "= notice\n" },
	{ "two of seven lost",
	    SMALL WEB "\n"
	    "fault tcp {web1.4} port 443 attempt 1-2 silent\n"
	    "> error connect-intermittent {www} {web1.4} https intermittent\n"
	    "~ first-connection-lost\n"
	    "~ connect-timeout\n"
	    "= error\n" },
	{ "two of seven refused",
	    SMALL WEB "\n"
	    "fault tcp {web1.6} port 80 attempt 2-3 refused\n"
	    "> error connect-intermittent {www} {web1.6} http intermittent\n"
	    "~ connect-refused\n"
	    "= error\n" },
	{ "one lost, another in the second round",
	    SMALL WEB "\n"
	    "fault tcp {web1.6} port 443 attempt 2 silent\n"
	    "fault tcp {web1.6} port 443 attempt 6 silent\n"
	    "> error connect-intermittent {www} {web1.6} https intermittent\n"
	    "= error\n" },
	{ "the first lost, and again after a pause",
	    SMALL WEB "\n"
	    "fault tcp {web1.6} port 443 idle 2 silent\n"
	    "> error first-connection-lost {www} {web1.6} https intermittent\n"
	    "~ connect-intermittent\n"
	    "= error\n" },
	{ "the first lost on v4, and again",
	    SMALL WEB "\n"
	    "fault tcp {web1.4} port 80 attempt 1 silent\n"
	    "fault tcp {web1.4} port 80 attempt 4 silent\n"
	    "> error first-connection-lost {www} {web1.4} http intermittent\n"
	    "= error\n" },
	{ "all three tries lost",
	    SMALL WEB "\n"
	    "fault tcp {web1.6} port 443 attempt 1-3 silent\n"
	    "> error connect-timeout {www} {web1.6} https masked\n"
	    "~ connect-intermittent\n"
	    "= error\n" },
};

static const struct kit_case statuses[] = {
	{ "500 everywhere",
	    SMALL WEB "status 500\n"
	    ALL_FOUR("error", "http-status", "")
	    "= error\n" },
	{ "503 on one address",
	    "fault http {web1.6} status 503\n"
	    BOTH_NAMES("error", "http-status", "{web1.6}", "https",
		" masked partial")
	    BOTH_NAMES("error", "http-status", "{web1.6}", "http",
		" masked partial")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "502 on v6 only",
	    SMALL WEB "\n"
	    "fault http {web1.6} port 443 status 502\n"
	    "> error http-status {www} {web1.6} https masked\n"
	    "= error\n" },
	{ "404 everywhere",
	    SMALL WEB "status 404\n"
	    ALL_FOUR("notice", "http-status", "")
	    "= notice\n" },
	{ "403 to robots",
	    "fault http all status 403\n"
	    BOTH_NAMES("notice", "http-status", "{web1.4}", "https", "")
	    BOTH_NAMES("notice", "http-status", "{web2.6}", "http", "")
	    "= notice\n" },
	{ "404 on v6 only",
	    SMALL WEB "\n"
	    "fault http {web1.6} status 404\n"
	    BOTH_PORTS("error", "http-status", "{web1.6}", " masked")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "404 on one address",
	    "fault http {web2.4} port 80 status 404\n"
	    BOTH_NAMES("error", "http-status", "{web2.4}", "http",
		" masked partial")
	    "~ half-done-v6\n"
	    "= error\n" },
	{ "path of a url not found",
	    SMALL WEB "\n"
	    "@ subject http://{www}/{n1}/\n"
	    "fault http {web1.6} port 80 attempt 2-9 status 404\n"
	    "fault http {web1.6} port 80 attempt 1 status 404\n"
	    "> error http-status {www} {web1.6} http masked\n"
	    "= error\n" },
};

static const struct kit_case redirects[] = {
	{ "http to https",
	    "! web \n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} to-https\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} to-https\n"
	    "~ http-redirect-loop\n"
	    "= ok\n" },
	{ "www to apex over https",
	    "! web {www}\n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} "
	    "redirect https://{d}/\n"
	    "~ http-redirect-loop\n"
	    "= ok\n" },
	{ "relative Location",
	    SMALL WEB "\n"
	    "fault http all attempt 1 reply "
	    "\"HTTP/1.1 302 Found\\r\\nLocation: {n1}/x?y\\r\\n"
	    "Content-Length: 0\\r\\n\\r\\n\"\n"
	    "~ http-redirect-loop\n"
	    "~ http-garbled\n"
	    "= ok\n" },
	{ "to another zone, and a fault there",
	    SMALL WEB "redirect http://{n1}.{other}/{n2}\n"
	    "delegate {other} {n3}.{other} {x1.4} {x1.6}\n"
	    "zone {other}\n"
	    "record {other} {n1} A {x2.4}\n"
	    "record {other} {n1} AAAA {x2.6}\n"
	    "server {n3}.{other} {x1.4} {x1.6}\n"
	    "web {n1}.{other} {x2.4} {x2.6}\n"
	    "fault tcp {x2.6} port 80 refused\n"
	    "> error connect-refused {n1}.{other} {x2.6} http masked\n"
	    "= error\n" },
	{ "to another zone, and on",
	    SMALL WEB "redirect http://{n1}.{other}/\n"
	    "delegate {other} {n3}.{other} {x1.4} {x1.6}\n"
	    "zone {other}\n"
	    "record {other} {n1} A {x2.4}\n"
	    "record {other} {n1} AAAA {x2.6}\n"
	    "server {n3}.{other} {x1.4} {x1.6}\n"
	    "web {n1}.{other} {x2.4} {x2.6} to-https cert expired\n"
	    "> error cert-expired {n1}.{other} {x2.4} https\n"
	    "> error cert-expired {n1}.{other} {x2.6} https\n"
	    "= error\n" },
	{ "redirect on v6 only, to a missing page",
	    SMALL WEB "\n"
	    "fault http {web1.6} port 80 attempt 1-3 reply "
	    "\"HTTP/1.1 302 Found\\r\\nLocation: /{n1}\\r\\n"
	    "Content-Length: 0\\r\\n\\r\\n\"\n"
	    "fault http {web1.6} port 80 attempt 4-9 status 404\n"
	    "> error http-status {www} {web1.6} http masked\n"
	    "= error\n" },
	{ "to another name of the zone, and a fault there",
	    SMALL WEB "redirect https://{n1}.{d}/{n2}\n"
	    "record {d} {n1} A {x1.4}\n"
	    "record {d} {n1} AAAA {x1.6}\n"
	    "web {n1}.{d} {x1.4} {x1.6}\n"
	    "fault tcp {x1.6} port 443 silent\n"
	    "> error connect-timeout {n1}.{d} {x1.6} https masked\n"
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "redirected page is broken",
	    SMALL WEB "to-https\n"
	    "fault http {web1.4} port 443 status 500\n"
	    "fault http {web1.6} port 443 status 500\n"
	    "> error http-status {www} {web1.4} https\n"
	    "> error http-status {www} {web1.6} https\n"
	    "= error\n" },
	{ "loop to itself",
	    SMALL WEB "redirect https://{www}/\n"
	    ALL_FOUR("error", "http-redirect-loop", "")
	    "= error\n" },
	{ "loop to itself on v6 only",
	    SMALL "web {www} {web1.4}\n"
	    "web {www} {web1.6} redirect /\n"
	    BOTH_PORTS("error", "http-redirect-loop", "{web1.6}", " masked")
	    "> fact half-done-v6 {d} - -\n"
	    "= error\n" },
	{ "loop of two names",
	    "! web \n! A {web2.4}\n! AAAA {web2.6}\n"
	    "web {www} {web1.4} {web1.6} redirect http://{d}/\n"
	    "web {d} {web1.4} {web1.6} redirect https://{www}/\n"
	    ALL_FOUR("error", "http-redirect-loop", "")
	    "> error http-redirect-loop {d} {web1.4} https\n"
	    "> error http-redirect-loop {d} {web1.6} https\n"
	    "> error http-redirect-loop {d} {web1.4} http\n"
	    "> error http-redirect-loop {d} {web1.6} http\n"
	    "= error\n" },
	{ "loop over ever new paths",
	    SMALL WEB "redirect {n1}/\n"
	    ALL_FOUR("error", "http-redirect-loop", "")
	    "= error\n" },
	{ "loops over new paths, every address",
	    "! web \n"
	    "web {www} {web1.4} {web2.4} {web1.6} {web2.6} redirect {n1}/\n"
	    "web {d} {web1.4} {web2.4} {web1.6} {web2.6} redirect {n2}/\n"
	    BOTH_NAMES("error", "http-redirect-loop", "{web1.4}", "https", "")
	    BOTH_NAMES("error", "http-redirect-loop", "{web2.4}", "https", "")
	    BOTH_NAMES("error", "http-redirect-loop", "{web1.6}", "https", "")
	    BOTH_NAMES("error", "http-redirect-loop", "{web2.6}", "https", "")
	    BOTH_NAMES("error", "http-redirect-loop", "{web1.4}", "http", "")
	    BOTH_NAMES("error", "http-redirect-loop", "{web2.4}", "http", "")
	    BOTH_NAMES("error", "http-redirect-loop", "{web1.6}", "http", "")
	    BOTH_NAMES("error", "http-redirect-loop", "{web2.6}", "http", "")
	    "= error\n" },
	{ "to an address",
	    SMALL "web {www} {web1.4} redirect http://{x1.4}/\n"
	    "web {www} {web1.6} redirect https://[{x1.6}]:8443/\n" },
	{ "to nonsense",
	    SMALL "web {www} {web1.4} redirect http://%%%/\n"
	    "web {www} {web1.6} redirect \"ftp://[::\"\n" },
	{ "to a name that does not exist",
	    SMALL WEB "redirect https://{n9}.{d}/\n" },
};

/* From name to name, each of them once: too many hops, and an end. */
static void
test_many_names(void **state)
{
	struct kit_case c = { "loop over ever new names", NULL };
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	buf_adds(&b, SMALL WEB "redirect http://a0.{d}/\n");
	for (int i = 0; i < 60; i++)
		buf_printf(&b, "record {d} a%d A {web1.4}\n"
		    "record {d} a%d AAAA {web1.6}\n"
		    "web a%d.{d} {web1.4} {web1.6} redirect http://a%d.{d}/\n",
		    i, i, i, i + 1);
	buf_adds(&b, ALL_FOUR("error", "http-redirect-loop", "") "= error\n");
	c.text = buf_str(&b);
	kit_check(&c);
	buf_free(&b);
}

static const struct kit_case pages[] = {
	{ "garbled on v6",
	    SMALL WEB "\n"
	    "fault http {web1.6} port 80 garbled\n"
	    "> error http-garbled {www} {web1.6} http masked\n"
	    "= error\n" },
	{ "tls alert on port 80",
	    SMALL WEB "\n"
	    "fault http {web1.4} port 80 reply \"\\x15\\x03\\x01\\x01\"\n"
	    "> error http-garbled {www} {web1.4} http masked\n"
	    "= error\n" },
	{ "garbled everywhere",
	    SMALL WEB "\n"
	    "fault http all garbled\n"
	    ALL_FOUR("error", "http-garbled", "")
	    "= error\n" },
	{ "bad chunk",
	    SMALL WEB "\n"
	    "fault http {web1.6} port 443 bad-chunk\n"
	    "> error http-garbled {www} {web1.6} https masked\n"
	    "= error\n" },
	{ "closed before the status",
	    SMALL WEB "\n"
	    "fault http {web1.6} port 80 close\n"
	    "> error http-garbled {www} {web1.6} http masked\n"
	    "= error\n" },
	{ "closed in the headers",
	    SMALL WEB "\n"
	    "fault http {web1.6} port 80 reply "
	    "\"HTTP/1.1 200 OK\\r\\nServer: x\\r\\n\"\n"
	    "> error http-garbled {www} {web1.6} http masked\n"
	    "= error\n" },
	{ "closed in the body",
	    SMALL WEB "\n"
	    "fault http {web1.4} port 443 cut 100\n"
	    "> error http-garbled {www} {web1.4} https masked\n"
	    "= error\n" },
	{ "reset at once",
	    SMALL WEB "\n"
	    "fault http {web1.4} port 443 reset\n"
	    "> error http-garbled {www} {web1.4} https masked\n"
	    "= error\n" },
	{ "stalled before the status",
	    SMALL WEB "\n"
	    "fault http {web1.6} port 443 stall\n"
	    "> error http-stalled {www} {web1.6} https masked\n"
	    "~ http-garbled\n"
	    "= error\n" },
	{ "stalled in the headers",
	    SMALL WEB "\n"
	    "fault tcp {web1.6} port 80 stall-after 30\n"
	    "> error http-stalled {www} {web1.6} http masked\n"
	    "~ http-garbled\n"
	    "= error\n" },
	{ "stalled in the body",
	    SMALL WEB "\n"
	    "fault http {web1.4} port 80 stall 400\n"
	    "> error http-stalled {www} {web1.4} http masked\n"
	    "~ http-garbled\n"
	    "= error\n" },
	{ "stalled everywhere",
	    SMALL WEB "\n"
	    "fault http all stall 10\n"
	    ALL_FOUR("error", "http-stalled", "")
	    "= error\n" },
	{ "one address of two stalls",
	    "fault http {web2.6} stall\n"
	    BOTH_NAMES("error", "http-stalled", "{web2.6}", "https",
		" masked partial")
	    BOTH_NAMES("error", "http-stalled", "{web2.6}", "http",
		" masked partial")
	    "= error\n" },
};

/* The verdict of a cell of the matrix; "" if it has none. */
static const char *
cell(const struct kit_run *r, const char *name, const char *addr,
    const char *proto)
{
	const json_t *end = engine_session(r->engine)->end, *item;
	size_t i;

	json_array_foreach(json_object_get(end, "matrix"), i, item) {
		const json_t *ep = json_object_get(item, "endpoint");

		if (strcmp(json_str(ep, "name"), kit_var(r, name)) == 0 &&
		    strcmp(json_str(ep, "addr"), kit_var(r, addr)) == 0 &&
		    strcmp(json_str(ep, "proto"), proto) == 0)
			return json_str(item, "verdict");
	}
	return "";
}

static const char *
service(const struct kit_run *r, const char *name, const char *family)
{
	const json_t *summary = json_object_get(
	    engine_session(r->engine)->end, "summary"), *item;
	size_t i;

	json_array_foreach(json_object_get(summary, "services"), i, item)
		if (strcmp(json_str(item, "service"), name) == 0)
			return json_str(item, family);
	return "";
}

static const char *
argument(const struct kit_run *r, const char *id, const char *key)
{
	const struct session *s = engine_session(r->engine);

	for (size_t i = 0; i < s->nfindings; i++)
		if (strcmp(finding_rows[s->findings[i]->id].id, id) == 0)
			return json_str(s->findings[i]->args, key);
	return "";
}

static void
test_cells_sound(void **state)
{
	struct kit_run r;

	(void)state;
	kit_run(&r, "", 0);
	assert_string_equal(cell(&r, "www", "web1.4", "https"), "ok");
	assert_string_equal(cell(&r, "d", "web2.6", "http"), "ok");
	assert_string_equal(cell(&r, "ns1", "ns1.6", "dns"), "ok");
	assert_string_equal(cell(&r, "mx2", "mx2.4", "smtp"), "ok");
	assert_string_equal(service(&r, "dns", "v6"), "ok");
	assert_string_equal(service(&r, "web", "v4"), "ok");
	assert_string_equal(service(&r, "web", "v6"), "ok");
	assert_string_equal(service(&r, "mail-in", "v6"), "ok");
	assert_string_equal(service(&r, "mailbox", "v4"), "not-offered");
	kit_free(&r);
}

static void
test_cells_v6_dead(void **state)
{
	struct kit_run r;
	const json_t *summary;

	(void)state;
	kit_run(&r, SMALL WEB "\nfault tcp {web1.6} port 443 silent\n"
	    "fault http {web1.4} port 80 status 404\n"
	    "fault http {web1.6} port 80 status 404\n", 0);
	assert_string_equal(cell(&r, "www", "web1.4", "https"), "ok");
	assert_string_equal(cell(&r, "www", "web1.6", "https"), "error");
	assert_string_equal(cell(&r, "www", "web1.4", "http"), "notice");
	assert_string_equal(service(&r, "web", "v4"), "notice");
	assert_string_equal(service(&r, "web", "v6"), "error");
	assert_string_equal(service(&r, "mail-in", "v6"), "ok");
	assert_string_equal(argument(&r, "half-done-v6", "services"), "web");
	summary = json_object_get(engine_session(r.engine)->end, "summary");
	assert_true(json_flag(summary, "half_done"));
	assert_string_equal(json_string_value(json_array_get(json_object_get(
	    summary, "who"), 0)), "server");
	kit_free(&r);
}

static void
test_cells_not_offered(void **state)
{
	struct kit_run r;

	(void)state;
	kit_run(&r, APEX "host {web1.4} {web1.6}\n", 0);
	assert_string_equal(cell(&r, "d", "web1.4", "https"), "not-offered");
	assert_string_equal(cell(&r, "d", "web1.6", "http"), "not-offered");
	assert_string_equal(service(&r, "web", "v4"), "not-offered");
	assert_string_equal(service(&r, "web", "v6"), "not-offered");
	assert_string_equal(service(&r, "mail-in", "v4"), "ok");
	kit_free(&r);
}

/* Partial counts, the sequence of tries and the sender of an ICMP error. */
static void
test_arguments(void **state)
{
	struct kit_run r;

	(void)state;
	kit_run(&r, "fault tcp {web1.6} port 443 icmp 1/1 {x1.6}\n", 0);
	assert_string_equal(argument(&r, "connect-prohibited", "sender"),
	    kit_var(&r, "x1.6"));
	assert_string_equal(argument(&r, "connect-partial", "addrs"),
	    kit_var(&r, "web1.6"));
	kit_free(&r);
	kit_run(&r, SMALL WEB "\nfault tcp {web1.6} port 443 idle 2 silent\n",
	    0);
	assert_string_equal(argument(&r, "first-connection-lost", "sequence"),
	    "xooxooo");
	kit_free(&r);
	kit_run(&r, SMALL WEB "\nfault http {web1.6} port 80 stall 400\n", 0);
	assert_string_equal(argument(&r, "http-garbled", "why"), "");
	kit_free(&r);
}

#define GROUP(list) kit_group(#list, list, sizeof list / sizeof list[0])

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_cells_sound),
		cmocka_unit_test(test_cells_v6_dead),
		cmocka_unit_test(test_cells_not_offered),
		cmocka_unit_test(test_arguments),
	};
	int failed = GROUP(connects) + GROUP(repeats) + GROUP(statuses) +
	    GROUP(redirects) + GROUP(pages);

	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
