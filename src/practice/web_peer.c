/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice web server: virtual hosts by Host and SNI, one page each, a
 * redirect or a status, and what can be wrong with a response.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "practice/service_peer.h"

struct web_session {
	struct service_bind	*bind;
	struct buf		 in;
	bool			 over;
};

static void *
on_accept(void *ctx, struct link *l)
{
	struct web_session	*s = xcalloc(1, sizeof *s);

	(void)l;
	s->bind = ctx;
	buf_init(&s->in, 65536);
	return (s);
}

static void
on_closed(void *session)
{
	struct web_session	*s = session;

	buf_free(&s->in);
	free(s);
}

/* The value of a header, as a new string, or NULL. */
static char *
header(const char *request, const char *name)
{
	size_t		 n = strlen(name);
	const char	*p;

	for (p = strchr(request, '\n'); p != NULL; p = strchr(p, '\n')) {
		p++;
		if (text_ncasecmp(p, name, n) != 0 || p[n] != ':')
			continue;
		p += n + 1;
		p += strspn(p, " \t");
		return (xstrndup(p, strcspn(p, "\r\n")));
	}
	return (NULL);
}

static char *
host_of(const char *request)
{
	char	*host = header(request, "host"), *colon;

	if (host != NULL && host[0] != '[' &&
	    (colon = strchr(host, ':')) != NULL)
		*colon = '\0';
	return (host);
}

static const struct site *
site_of(const struct service_bind *b, const char *host)
{
	size_t	i;

	for (i = 0; i < b->nsites && host != NULL; i++)
		if (text_casecmp(b->sites[i]->name, host) == 0)
			return (b->sites[i]);
	return (b->sites[0]);
}

static const char *
reason(int status)
{
	static const struct { int status; const char *text; } all[] = {
		{ 200, "OK" }, { 301, "Moved Permanently" },
		{ 302, "Found" }, { 400, "Bad Request" },
		{ 403, "Forbidden" }, { 404, "Not Found" },
		{ 500, "Internal Server Error" }, { 502, "Bad Gateway" },
		{ 503, "Service Unavailable" } };
	size_t	i;

	for (i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].status == status)
			return (all[i].text);
	return ("Status");
}

static char *
page(const struct site *s)
{
	struct buf	b;

	buf_init(&b, 0);
	if (s->body != NULL)
		buf_adds(&b, s->body);
	else
		buf_printf(&b, "<!doctype html>\n<html><head><title>%s</title>"
		    "</head><body><p>%s</p></body></html>\n", s->name,
		    s->name);
	while (b.len < (size_t)s->least)
		buf_adds(&b, "<!-- and so on -->\n");
	return (buf_steal(&b));
}

static void
put_head(struct buf *b, int status, size_t length)
{
	buf_printf(b, "HTTP/1.1 %d %s\r\nServer: practice\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n", status,
	    reason(status));
	buf_printf(b, "Content-Length: %zu\r\nConnection: close\r\n", length);
}

static void
respond(const struct service_bind *b, struct link *l, const char *request,
    int status)
{
	char			*host = host_of(request), *body;
	const struct site	*s = site_of(b, host);
	struct buf		 out;

	buf_init(&out, 0);
	body = page(s);
	if (host == NULL)
		status = 400;
	else if (status == 0)
		status = s->redirect != NULL ||
		    (s->to_https && !link_is_tls(l)) ? 301 : s->status;
	put_head(&out, status, strlen(body));
	if (status == 301 && s->redirect != NULL)
		buf_printf(&out, "Location: %s\r\n", s->redirect);
	else if (status == 301)
		buf_printf(&out, "Location: https://%s/\r\n", host);
	buf_adds(&out, "\r\n");
	if (strncmp(request, "HEAD ", 5) != 0)
		buf_adds(&out, body);
	link_send(l, out.data, out.len, 0);
	link_close(l, 0);
	buf_free(&out);
	free(body);
	free(host);
}

static size_t
pull_headers(void *arg, uint64_t offset, char *out, size_t size)
{
	static const char	line[] = "X-More: and more and more\r\n";
	size_t			i;

	(void)arg;
	for (i = 0; i < size; i++)
		out[i] = line[(offset + i) % (sizeof line - 1)];
	return (size);
}

static size_t
pull_body(void *arg, uint64_t offset, char *out, size_t size)
{
	(void)arg;
	(void)offset;
	memset(out, 'b', size);
	return (size);
}

static void
cut_body(struct link *l, const struct talk_fault *f, bool close)
{
	struct buf	b;
	long		i;

	buf_init(&b, 0);
	put_head(&b, 200, (size_t)f->number + 1000);
	buf_adds(&b, "\r\n");
	for (i = 0; i < f->number; i++)
		buf_addc(&b, 'c');
	link_send(l, b.data, b.len, 0);
	if (close)
		link_close(l, 0);
	buf_free(&b);
}

static void
hostile_page(struct link *l)
{
	link_puts(l, "HTTP/1.1 200 \033[31mOK\033[0m\r\nServer: \033]0;x\007"
	    "\xc2\x9b\r\nLocation: \xe2\x80\xae\r\nContent-Type: text/html\r\n"
	    "Connection: close\r\n\r\n<title>\033[2J\xff\x7f</title>", 0);
	link_close(l, 0);
}

static void
nul_page(struct link *l)
{
	static const char	nul[] = "HTTP/1.1 200 O\0K\r\nX-N\0ul: a\0b\r\n"
				    "Connection: close\r\n\r\na\0b\r\n";

	link_send(l, nul, sizeof nul - 1, 0);
	link_close(l, 0);
}

static bool
misbehave(const struct talk_fault *f, struct link *l)
{
	switch (f->action) {
	case TALK_ENDLESS_HEADERS:
		link_puts(l, "HTTP/1.1 200 OK\r\n", 0);
		link_stream(l, pull_headers, NULL, 0, false);
		return (true);
	case TALK_ENDLESS_BODY:
		link_puts(l, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
		    0);
		link_stream(l, pull_body, NULL, 0, false);
		return (true);
	case TALK_STALL:
		if (f->number > 0)
			cut_body(l, f, false);
		return (true);
	case TALK_CUT_BODY:
		cut_body(l, f, true);
		return (true);
	case TALK_BAD_CHUNK:
		link_puts(l, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
		    "\r\n\r\n5\r\nhello\r\nzz\r\nbad\r\n", 0);
		link_close(l, 0);
		return (true);
	case TALK_LONG_LINE:
		link_puts(l, "HTTP/1.1 200 OK\r\nX-Long: ", 0);
		return (service_misbehave(f, l));
	case TALK_ESCAPE:
		hostile_page(l);
		return (true);
	case TALK_NUL:
		nul_page(l);
		return (true);
	default:
		return (service_misbehave(f, l));
	}
}

static void
request(struct web_session *s, struct link *l)
{
	const struct services	*all = s->bind->all;
	const struct talk_fault	*f = service_fault(all->http_faults,
	    all->nhttp_faults, l, NULL);

	s->over = true;
	if (f != NULL && misbehave(f, l))
		return;
	if (f != NULL && f->action == TALK_REPLY) {
		link_puts(l, f->text, 0);
		link_close(l, 0);
		return;
	}
	respond(s->bind, l, buf_str(&s->in), f != NULL &&
	    f->action == TALK_STATUS ? (int)f->number : 0);
}

static void
on_data(void *session, struct link *l, const void *data, size_t len)
{
	struct web_session	*s = session;

	buf_add(&s->in, data, len);
	if (s->over || (strstr(buf_str(&s->in), "\r\n\r\n") == NULL &&
	    strstr(buf_str(&s->in), "\n\n") == NULL && !s->in.over))
		return;
	request(s, l);
}

static void
serve(struct services *all, struct site *s, const struct addr *a,
    uint16_t port, bool tls)
{
	struct service_bind	*b = service_bind(all, a, port, s);

	b->link.ctx = b;
	b->link.accept = on_accept;
	b->link.data = on_data;
	b->link.closed = on_closed;
	b->link.context = service_context;
	b->link.tls = tls;
}

static bool
plain_on_tls(const struct services *all, const struct service_bind *b)
{
	const struct talk_fault	*f;
	size_t			 i, k;

	for (i = 0; i < all->nhttp_faults; i++) {
		f = &all->http_faults[i];
		if (f->action != TALK_PLAIN)
			continue;
		for (k = 0; k < f->nwho; k++)
			if (addr_equal(&f->who[k], &b->at.addr))
				return (true);
	}
	return (false);
}

void
web_peer_listen(struct services *all, struct world *w)
{
	size_t	i, k, first = all->nbinds;

	for (i = 0; i < all->nwebs; i++)
		for (k = 0; k < all->webs[i].naddrs; k++) {
			if (all->webs[i].http)
				serve(all, &all->webs[i],
				    &all->webs[i].addrs[k], 80, false);
			if (all->webs[i].https)
				serve(all, &all->webs[i],
				    &all->webs[i].addrs[k], 443, true);
		}
	for (i = first; i < all->nbinds; i++) {
		if (plain_on_tls(all, all->binds[i]))
			all->binds[i]->link.tls = false;
		link_peer_listen(w, &all->binds[i]->at, &all->binds[i]->link);
	}
}
