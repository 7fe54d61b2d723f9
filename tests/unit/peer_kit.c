/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talking to practice peers by hand, for the tests of src/practice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "peer_kit.h"

const char	peer_sound[] =
	"root a.root.example 192.0.2.1 2001:db8:1::1\n"
	"root b.root.example 192.0.2.2 2001:db8:1::2\n"
	"tld jp a.dns.jp 192.0.2.11 2001:db8:2::1 ;"
	" b.dns.jp 192.0.2.12 2001:db8:2::2\n"
	"delegate example.jp ns1.example.jp 192.0.2.53 2001:db8:3::53 ;"
	" ns2.example.jp 203.0.113.53 2001:db8:4::53\n"
	"zone example.jp {\n"
	"@ A 192.0.2.80\n"
	"@ A 192.0.2.81\n"
	"@ AAAA 2001:db8:3::80\n"
	"@ AAAA 2001:db8:3::81\n"
	"@ MX 10 mx1\n"
	"@ MX 20 mx2\n"
	"www A 192.0.2.80\n"
	"www A 192.0.2.81\n"
	"www AAAA 2001:db8:3::80\n"
	"www AAAA 2001:db8:3::81\n"
	"mx1 A 192.0.2.25\n"
	"mx1 AAAA 2001:db8:3::25\n"
	"mx2 A 203.0.113.25\n"
	"mx2 AAAA 2001:db8:4::25\n"
	"}\n"
	"server ns1.example.jp 192.0.2.53 2001:db8:3::53\n"
	"server ns2.example.jp 203.0.113.53 2001:db8:4::53\n"
	"web www.example.jp 192.0.2.80 192.0.2.81 2001:db8:3::80"
	" 2001:db8:3::81\n"
	"web example.jp 192.0.2.80 192.0.2.81 2001:db8:3::80"
	" 2001:db8:3::81\n"
	"smtp mx1.example.jp 192.0.2.25 2001:db8:3::25\n"
	"smtp mx2.example.jp 203.0.113.25 2001:db8:4::25\n"
	"resolver 192.0.2.200\n"
	"ptr 192.0.2.25 mx1.example.jp\n"
	"ptr 2001:db8:3::25 mx1.example.jp\n"
	"ptr 203.0.113.25 mx2.example.jp\n"
	"ptr 2001:db8:4::25 mx2.example.jp\n";

char *
peer_refusal(const struct refusal *r)
{
	char	*found = r->found != NULL ? text_quoted(r->found) :
		    xstrdup(r->file_end ? "EOF" : "$"), *text;
	bool	 key = r->key != REFUSAL_WORDS;

	text = xasprintf("%u: %s: %s%s%s%s%s%s%s%s", r->line, found,
	    key ? "<" : "", key ? refusal_key(r->key) : "",
	    key && r->words != NULL ? " " : "",
	    r->words != NULL ? r->words : "", key ? ">" : "",
	    r->usage != NULL ? " (" : "", r->usage != NULL ? r->usage : "",
	    r->usage != NULL ? ")" : "");
	free(found);
	return (text);
}

struct scenario *
peer_scenario(const char *one, const char *two)
{
	struct scenario	*s = scenario_new(1);
	struct refusal	 why;

	if (scenario_add(s, one, &why) == -1 || (two != NULL &&
	    scenario_add(s, two, &why) == -1))
		fail_msg("%s", peer_refusal(&why));
	return (s);
}

struct world *
peer_world(struct scenario *s)
{
	return (scenario_world(s));
}

static struct sockname
endpoint(const char *text, unsigned port)
{
	struct sockname	s = { .port = (uint16_t)port };

	assert_int_equal(addr_parse(&s.addr, text), 0);
	return (s);
}

static unsigned
wait_for(struct world *w, int handle, unsigned want, int64_t until)
{
	struct world_poll	p = { handle, want, 0 };

	(void)w->ops->wait(w, &p, 1, until);
	return (p.got);
}

static void
ask_udp(struct world *w, const struct sockname *to, const void *wire,
    size_t len, struct peer_answer *a)
{
	int	h = w->ops->open(w, to->addr.family, false);
	ssize_t	n;

	assert_int_equal(w->ops->send(w, h, wire, len, to), (ssize_t)len);
	wait_for(w, h, WORLD_IN, w->ops->now(w) + 5 * NSEC_PER_SEC);
	if (w->ops->error(w, h, &a->error, NULL) == 0 &&
	    (n = w->ops->recv(w, h, a->wire, sizeof a->wire, &a->from)) > 0)
		a->len = (size_t)n;
	w->ops->close(w, h);
}

static void
ask_tcp(struct world *w, const char *to, const unsigned char *wire,
    size_t len, struct peer_answer *a)
{
	int		h = peer_open(w, to, 53);
	unsigned char	size[2] = { (unsigned char)(len >> 8),
			    (unsigned char)len };
	struct buf	b;

	if (h == -1)
		return;
	buf_init(&b, 0);
	w->ops->send(w, h, size, 2, NULL);
	w->ops->send(w, h, wire, len, NULL);
	peer_read(w, h, &b, 1000);
	if (b.len > 2) {
		a->len = b.len - 2;
		memcpy(a->wire, b.data + 2, a->len);
	}
	buf_free(&b);
	w->ops->close(w, h);
}

struct peer_answer *
peer_ask(struct world *w, const char *addr, const char *name,
    const char *type, unsigned flags)
{
	struct peer_answer	*a = xcalloc(1, sizeof *a);
	struct message_query	 q = { .name = name, .id = 0x1234 };
	struct sockname		 to = endpoint(addr, 53);
	unsigned char		*wire = NULL;
	size_t			 len = 0;
	int64_t			 start = w->ops->now(w);

	q.type = (uint16_t)message_type_parse(type);
	q.rd = (flags & PEER_RD) != 0;
	q.dnssec = (flags & PEER_DO) != 0;
	q.cd = (flags & PEER_CD) != 0;
	q.edns = (flags & PEER_NO_EDNS) != 0 ? 0 : 1232;
	assert_int_equal(message_query(&q, &wire, &len), 0);
	net_error_init(&a->error, NET_OK);
	if ((flags & PEER_TCP) != 0)
		ask_tcp(w, addr, wire, len, a);
	else
		ask_udp(w, &to, wire, len, a);
	free(wire);
	a->ms = (w->ops->now(w) - start) / NSEC_PER_MSEC;
	a->parsed = message_parse(&a->msg, a->wire, a->len);
	return (a);
}

void
peer_answer_free(struct peer_answer *a)
{
	message_free(&a->msg);
	free(a);
}

static int
compare(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

char *
peer_section(const struct peer_answer *a, enum dns_section section)
{
	char		*lines[600], word[16];
	size_t		 i, n = 0;
	struct buf	 b;

	for (i = 0; i < a->msg.nrrs && n < 600; i++) {
		const struct dns_rr	*rr = &a->msg.rrs[i];

		if (rr->section == section && rr->type != DNS_OPT)
			lines[n++] = xasprintf("%s %s %s", rr->owner,
			    message_type_word(rr->type, word), rr->text);
	}
	qsort(lines, n, sizeof *lines, compare);
	buf_init(&b, 0);
	buf_adds(&b, "");
	for (i = 0; i < n; i++) {
		buf_printf(&b, "%s%s", i == 0 ? "" : "\n", lines[i]);
		free(lines[i]);
	}
	return (buf_steal(&b));
}

int
peer_open(struct world *w, const char *addr, unsigned port)
{
	struct sockname	to = endpoint(addr, port);
	int		h = w->ops->open(w, to.addr.family, true);
	unsigned	got;

	assert_int_equal(w->ops->connect(w, h, &to), 0);
	got = wait_for(w, h, WORLD_OUT, w->ops->now(w) + 5 * NSEC_PER_SEC);
	if (got == WORLD_OUT)
		return (h);
	w->ops->close(w, h);
	return (-1);
}

void
peer_say(struct world *w, int handle, const char *text)
{
	w->ops->send(w, handle, text, strlen(text), NULL);
}

int
peer_read(struct world *w, int handle, struct buf *out, int64_t ms)
{
	int64_t	until = w->ops->now(w) + ms * NSEC_PER_MSEC;
	char	piece[4096];
	ssize_t	n;

	for (;;) {
		if (wait_for(w, handle, WORLD_IN, until) == 0)
			return (0);
		n = w->ops->recv(w, handle, piece, sizeof piece, NULL);
		if (n <= 0)
			return (n == 0 ? 1 : -1);
		buf_add(out, piece, (size_t)n);
	}
}
