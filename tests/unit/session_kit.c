/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * See session_kit.h. The sound domain is d.test: two name servers, two web
 * addresses of each family, one mail host, no configured resolver.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "diag/record.h"
#include "tests/unit/session_kit.h"
#include "tests/unit/wire_kit.h"

#define SOA	"au d.test. 60 IN SOA ns1.d.test. h.d.test. 7 2 3 4 5"
#define TLD	"qr|au test. 60 IN NS t1.test.|au test. 60 IN NS t2.test." \
	"|ad t1.test. 60 IN A 198.51.100.11|ad t2.test. 60 IN A " \
	"198.51.100.12|ad t1.test. 60 IN AAAA 2001:db8:0:2::1|" \
	"ad t2.test. 60 IN AAAA 2001:db8:0:2::2"
#define CUT	"qr|au d.test. 60 IN NS ns1.d.test.|" \
	"au d.test. 60 IN NS ns2.d.test.|ad ns1.d.test. 60 IN A 192.0.2.1|" \
	"ad ns2.d.test. 60 IN A 192.0.2.2|ad ns1.d.test. 60 IN AAAA " \
	"2001:db8:1::1|ad ns2.d.test. 60 IN AAAA 2001:db8:1::2"
#define CHAIN(names) "'chain':[{'names':[" names "],'subject':'d','issuer':" \
	"'CA','not_before':1790000000,'not_after':1799000000,'self':false," \
	"'aia':true}]"
#define TLS	"tls {'ok':true,'version':'TLSv1.3','name_ok':true,'errors':" \
	"[]," CHAIN("'d.test','www.d.test'") "}"
#define SMTP	"connect {'ok':true,'ms':40,'local':'192.0.2.200'}; reply {" \
	"'verb':'banner','code':220,'ms':50,'text':'mx','all':'mx'}; " \
	"reply {'verb':'EHLO','code':250,'text':'mx','all':'mx'}; " \
	"caps {'tls':false,'list':['STARTTLS']}; reply {'verb':'STARTTLS'," \
	"'code':220,'text':'go','all':'go'}; tls {'ok':true,'version':" \
	"'TLSv1.3','name_ok':true,'errors':[]," CHAIN("'mx.d.test'") "}; " \
	"reply {'verb':'EHLO','tls':true,'code':250,'text':'mx','all':'mx'}" \
	"; caps {'tls':true,'list':[]}; reply {'verb':'QUIT','tls':true," \
	"'code':221,'text':'x','all':'x'}"

static const char ground[] =
    "*/*.root/*/udp:.:NS => qr aa|an . 60 IN NS a.root.|an . 60 IN NS "
    "b.root.\n"
    "*/*.root/* => " TLD "\n"
    "*/t?.test/* => " CUT "\n"
    "*:d.test:SOA => qr aa|an d.test. 60 IN SOA ns1.d.test. h.d.test. 7 2 3 "
    "4 5\n"
    "*:d.test:NS => qr aa|an d.test. 60 IN NS ns1.d.test.|an d.test. 60 IN "
    "NS ns2.d.test.\n"
    "*:d.test:MX => qr aa|an d.test. 60 IN MX 10 mx.d.test.\n"
    "*:d.test:A => qr aa|an d.test. 60 IN A 192.0.2.11|an d.test. 60 IN A "
    "192.0.2.12\n"
    "*:www.d.test:A => qr aa|an www.d.test. 60 IN A 192.0.2.11|"
    "an www.d.test. 60 IN A 192.0.2.12\n"
    "*:d.test:AAAA => qr aa|an d.test. 60 IN AAAA 2001:db8:1::11|an d.test. "
    "60 IN AAAA 2001:db8:1::12\n"
    "*:www.d.test:AAAA => qr aa|an www.d.test. 60 IN AAAA 2001:db8:1::11|"
    "an www.d.test. 60 IN AAAA 2001:db8:1::12\n"
    "*:mx.d.test:A => qr aa|an mx.d.test. 60 IN A 192.0.2.21\n"
    "*:mx.d.test:AAAA => qr aa|an mx.d.test. 60 IN AAAA 2001:db8:1::21\n"
    "*:ns1.d.test:A => qr aa|an ns1.d.test. 60 IN A 192.0.2.1\n"
    "*:ns1.d.test:AAAA => qr aa|an ns1.d.test. 60 IN AAAA 2001:db8:1::1\n"
    "*:ns2.d.test:A => qr aa|an ns2.d.test. 60 IN A 192.0.2.2\n"
    "*:ns2.d.test:AAAA => qr aa|an ns2.d.test. 60 IN AAAA 2001:db8:1::2\n"
    "*.d.test:* => qr aa NXDOMAIN|" SOA "\n"
    "*rd:a.root:A => qr REFUSED\n"
    "*arpa:PTR => qr ra NXDOMAIN\n"
    "resolver/dns/*/ares => ok; ares {'word':'ok','addrs':[],'ms':1}\n"
    "web/http/* => ok; connect {'ok':true,'ms':40}; http {'status':200,"
    "'complete':true}\n"
    "web/https/* => ok; connect {'ok':true,'ms':40}; " TLS "; http {"
    "'status':200,'complete':true}\n"
    "mail-in/* => ok; " SMTP "\n";

static const char head[] =
    "{'v':1,'seq':1,'t':0,'ev':'session','tadoru':'0','epoch':1795000000,"
    "'date':'2026-11-18T00:26:40Z','subject':{'input':'d.test','name':"
    "'d.test','unicode':'d.test','kind':'domain'},'options':{'v4':true,"
    "'v6':true,'tries':3,'scale':1,'skip':['mailbox','mail-out','path'],"
    "'hosts':[],'helo':'me.test',"
    "'resolvers':[],'global':['192.0.2.0/24','198.51.100.0/24',"
    "'203.0.113.0/24','2001:db8::/32']},'vantage':{'v4':'192.0.2.200','v6':"
    "'2001:db8:9::9'},'label':'xq','hints':[{'ns':'a.root','addr':"
    "'198.51.100.1'},{'ns':'a.root','addr':'2001:db8:0:1::1'},{'ns':'b.root',"
    "'addr':'198.51.100.2'},{'ns':'b.root','addr':'2001:db8:0:1::2'}]}";

struct kit {
	const char	*name, *text;
	struct session	*s;
	uint64_t	 seq;
	int64_t		 us;
};

static json_t *
json_of(const struct kit *k, const char *text, size_t n)
{
	char *copy = xstrndup(text, n);
	json_error_t e;
	json_t *o;

	for (char *p = copy; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	o = json_loads(copy, JSON_DECODE_ANY, &e);
	if (o == NULL)
		fail_msg("%s: %s in %s", k->name, e.text, copy);
	free(copy);
	return o;
}

/* An event of this kind as one line of JSON, read and folded like any. */
static void
emit(struct kit *k, const char *kind, const char *probe, json_t *body)
{
	struct event ev;
	const char *why = "";
	char *line;

	json_put_int(body, "v", 1);
	json_put_int(body, "seq", (int64_t)++k->seq);
	json_put_num(body, "t", (double)k->us / 1e6);
	json_put_str(body, "ev", kind);
	if (probe != NULL) {
		json_put_str(body, "probe", probe);
		json_put_int(body, "attempt", 1);
	}
	line = json_dumps(body, JSON_COMPACT);
	if (record_parse(line, strlen(line), &ev, &why) == -1)
		fail_msg("%s: %s: %s", k->name, why, line);
	if (session_fold(k->s, &ev) == -1)
		fail_msg("%s: does not fit: %s", k->name, line);
	event_clear(&ev);
	json_decref(body);
	free(line);
}

static void
head_line(const struct kit *k, json_t *o, const char *p, size_t n)
{
	size_t path = strcspn(p, " ");
	char *name = xstrndup(p, path), *member = name, *dot;

	while ((dot = strchr(member, '.')) != NULL) {
		*dot = '\0';
		o = json_object_get(o, member);
		member = dot + 1;
	}
	if (!json_is_object(o))
		fail_msg("%s: head %s", k->name, name);
	json_put(o, member, json_of(k, p + path + 1, n - path - 1));
	free(name);
}

static void
emit_head(struct kit *k)
{
	json_t *o = json_of(k, head, strlen(head));

	for (const char *p = k->text; *p != '\0';) {
		size_t n = strcspn(p, "\n");

		if (strncmp(p, "head ", 5) == 0)
			head_line(k, o, p + 5, n - 5);
		p += n + (p[n] == '\n');
	}
	emit(k, "session", NULL, o);
}

/* The result for a key among lines; NULL if no line matches. */
static const char *
find(const char *text, const char *key, size_t *len, bool *more)
{
	for (const char *p = text; *p != '\0';) {
		size_t n = strcspn(p, "\n"), k = 0;
		char *pattern;
		bool hit;

		while (k + 4 <= n && strncmp(p + k, " => ", 4) != 0 &&
		    strncmp(p + k, " +> ", 4) != 0)
			k++;
		pattern = xstrndup(p, k);
		hit = k + 4 <= n && fnmatch(pattern, key, 0) == 0;
		free(pattern);
		if (hit) {
			*len = n - k - 4;
			*more = p[k + 1] == '+';
			return p + k + 4;
		}
		p += n + (p[n] == '\n');
	}
	return NULL;
}

static void
emit_fact(struct kit *k, const char *key, const char *fact, json_t *value)
{
	json_t *o = json_object();

	json_put_str(o, "key", fact);
	json_put(o, "value", value);
	emit(k, "fact", key, o);
}

/* "KEY JSON; KEY JSON" */
static void
emit_facts(struct kit *k, const char *key, const char *p, size_t n)
{
	while (n > 0) {
		const char *end = p;
		size_t word, one;
		char *fact;

		while (end < p + n && strncmp(end, "; ", 2) != 0)
			end++;
		one = (size_t)(end - p);
		word = strcspn(p, " ");
		fact = xstrndup(p, word);
		emit_fact(k, key, fact, json_of(k, p + word + 1, one - word -
		    1));
		free(fact);
		n -= one;
		p = end;
		if (n >= 2) {
			p += 2;
			n -= 2;
		}
	}
}

static void
emit_end(struct kit *k, const char *key, const char *outcome, size_t n)
{
	json_t *o = json_object();

	json_put_str(o, "state", "ended");
	json_put_bytes(o, "outcome", outcome, n);
	emit(k, "probe", key, o);
}

static void
emit_message(struct kit *k, const struct want *w, const char *p, size_t n)
{
	size_t words = strcspn(p, "|"), len;
	char word[16], *text;
	unsigned char *wire;
	json_t *o = json_object();
	bool broken = strncmp(p, "qr broken", 9) == 0;
	int sent = strncmp(p, "qr sent=", 8) == 0 ? atoi(p + 8) : 0;

	if (broken || sent > 0) {
		n -= 3 + strcspn(p + 3, " |");
		p += 3 + strcspn(p + 3, " |");
		words = strcspn(p, "|");
	}
	if (words > n)
		words = n;
	text = xasprintf("qr %.*s ?%s,%s%.*s", (int)words, p, w->qname,
	    message_type_word(w->qtype, word), (int)(n - words), p + words);
	wire = wire_build(text, &len);
	len -= broken ? 3 : 0;
	free(text);
	text = text_base64(wire, len);
	json_put_str(o, "dir", "received");
	json_put_flag(o, "dns", true);
	json_put_str(o, "b64", text);
	emit(k, "line", w->key, o);
	free(text);
	free(wire);
	o = json_object();
	json_put_int(o, "sent", sent > 0 ? sent : 1);
	json_put_int(o, "answered", sent > 0 ? sent : 1);
	json_put_num(o, "ms", 40);
	emit_fact(k, w->key, "exchange", o);
	emit_end(k, w->key, "ok", 2);
}

static void
emit_began(struct kit *k, const struct want *w)
{
	json_t *o = json_object(), *q;
	char word[16];

	json_put_str(o, "state", "began");
	json_put(o, "endpoint", endpoint_json(&w->ep));
	json_put_str(o, "command", "shown");
	if (w->kind == WANT_DNS) {
		q = json_object();
		json_put_str(q, "qname", w->qname);
		json_put_str(q, "qtype", message_type_word(w->qtype, word));
		json_put_str(q, "transport", w->transport);
		json_put(o, "question", q);
	}
	emit(k, "probe", w->key, o);
}

static void
answer(struct kit *k, const struct want *w)
{
	size_t n, word, rest;
	bool more = false, none;
	const char *p = find(k->text, w->key, &n, &more);

	if (p == NULL)
		p = find(ground, w->key, &n, &none);
	if (p == NULL)
		fail_msg("%s: nothing answers %s", k->name, w->key);
	emit_began(k, w);
	if (strncmp(p, "running", 7) == 0)
		return;
	if (strncmp(p, "qr", 2) == 0) {
		emit_message(k, w, p, n);
		return;
	}
	word = strcspn(p, "; ");
	word = word > n ? n : word;
	rest = word + strspn(p + word, "; ");
	rest = rest > n ? n : rest;
	if (w->kind == WANT_DNS) {
		emit_fact(k, w->key, "exchange", rest < n ? json_of(k, p +
		    rest, n - rest) : json_of(k, "{'sent':3}", 10));
	} else {
		emit_facts(k, w->key, p + rest, n - rest);
		if (more) {
			size_t gn, skip;
			const char *g = find(ground, w->key, &gn, &none);

			skip = strcspn(g, ";") + 2;
			emit_facts(k, w->key, g + skip, gn - skip);
		}
	}
	emit_end(k, w->key, p, word);
}

static void
emit_findings(struct kit *k)
{
	struct model *m = model_build(k->s, k->us);
	struct judge j;

	judge_run(&j, m);
	for (size_t i = 0; i < j.n; i++) {
		json_t *o = finding_json(j.list[i]);

		json_put_str(o, "state", "new");
		emit(k, "finding", NULL, o);
	}
	judge_free(&j);
	model_free(m);
}

struct session *
session_of(const char *name, const char *text)
{
	struct kit k = { name, text, session_new(), 0, 0 };
	bool more = true;

	emit_head(&k);
	for (int turn = 0; more; turn++) {
		struct model *m = model_build(k.s, k.us);
		struct judge j;

		if (turn > 100)
			fail_msg("%s: no end", name);
		judge_run(&j, m);	/* some wants are the judge's */
		judge_free(&j);
		more = m->nwants > 0;
		k.us += 40000;
		for (size_t i = 0; i < m->nwants; i++) {
			if (m->wants[i].not_before > k.us)
				k.us = m->wants[i].not_before;
			answer(&k, &m->wants[i]);
		}
		model_free(m);
	}
	emit_findings(&k);
	for (int i = 0; i < STEP_COUNT; i++)
		if (k.s->steps[i] != STEP_NOT_ASKED)
			k.s->steps[i] = STEP_ENDED;
	return k.s;
}

char *
session_signature(const struct finding *f)
{
	struct buf b;
	char text[ADDR_STRLEN];

	buf_init(&b, 0);
	buf_printf(&b, "%s %s %s %s", verdict_word(f->level),
	    finding_rows[f->id].id, f->ep.name[0] == '\0' ? "-" : f->ep.name,
	    f->ep.addr.family == 0 ? "-" : addr_print(&f->ep.addr, text));
	if (f->ep.proto[0] != '\0')
		buf_printf(&b, " %s", f->ep.proto);
	buf_adds(&b, (f->flags & FLAG_MASKED) != 0 ? " masked" : "");
	buf_adds(&b, (f->flags & FLAG_PARTIAL) != 0 ? " partial" : "");
	buf_adds(&b, (f->flags & FLAG_INTERMITTENT) != 0 ? " intermittent" :
	    "");
	if (f->side != finding_rows[f->id].side)
		buf_printf(&b, " side=%s", side_word(f->side));
	if (*json_str(f->args, "qname") != '\0')
		buf_printf(&b, " qname=%s", json_str(f->args, "qname"));
	return buf_steal(&b);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Signatures, sorted; facts only where the row expects one. */
static char *
found(const struct session *s, const char *expected)
{
	char **list = xcalloc(s->nfindings + 1, sizeof *list);
	struct buf b;
	size_t n = 0;

	buf_init(&b, 0);
	for (size_t i = 0; i < s->nfindings; i++) {
		char *sig = session_signature(s->findings[i]);

		if (s->findings[i]->level == VERDICT_FACT &&
		    strstr(expected, sig) == NULL)
			free(sig);
		else
			list[n++] = sig;
	}
	qsort(list, n, sizeof *list, by_text);
	for (size_t i = 0; i < n; i++) {
		buf_printf(&b, "%s\n", list[i]);
		free(list[i]);
	}
	free(list);
	return buf_steal(&b);
}

/* Each finding is whole: the arguments of its row, a known level. */
static void
whole(const char *name, const struct finding *f)
{
	const char *p = finding_rows[f->id].args;

	while (*p != '\0') {
		size_t n = strcspn(p, " ");
		char *arg = xstrndup(p, n);

		if (json_object_get(f->args, arg) == NULL)
			fail_msg("%s: %s lacks {%s}", name,
			    finding_rows[f->id].id, arg);
		free(arg);
		p += n + (p[n] == ' ');
	}
}

void
session_rows(const struct session_row *rows, size_t n)
{
	const char *only = getenv("TADORU_CASE");
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		struct session *s;
		char *out;

		if (only != NULL && strstr(rows[i].name, only) == NULL)
			continue;
		s = session_of(rows[i].name, rows[i].text);
		out = found(s, rows[i].expected);
		if (strcmp(out, rows[i].expected) != 0) {
			print_error("%s: expected\n%sfound\n%s",
			    rows[i].name, rows[i].expected, out);
			wrong++;
		}
		for (size_t k = 0; k < s->nfindings; k++)
			whole(rows[i].name, s->findings[k]);
		free(out);
		session_free(s);
	}
	assert_int_equal(wrong, 0);
}
