/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What web and mail servers of the practice Internet share: which site is
 * meant, its certificate, and the misbehaviour that no protocol has a word
 * for: silence, garbage, endless and hostile bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/service_peer.h"

static void
site_free(struct site *s)
{
	free(s->name);
	free(s->addrs);
	free(s->cert_name);
	free(s->redirect);
	free(s->body);
	free(s->banner);
	free(s->rcpt);
	free(s->mail);
	free(s->extensions);
	free(s->auth);
}

static void
faults_free(struct talk_fault *f, size_t n)
{
	size_t	i;

	for (i = 0; i < n; i++) {
		free(f[i].who);
		free(f[i].verb);
		free(f[i].text);
	}
	free(f);
}

void
services_reset(struct services *s)
{
	size_t	i;

	for (i = 0; i < s->nbinds; i++) {
		free(s->binds[i]->sites);
		free(s->binds[i]);
	}
	free(s->binds);
	s->binds = NULL;
	s->nbinds = 0;
	for (i = 0; i < s->nmails; i++)
		s->mails[i].greylist_until = 0;
	mail_store_reset(&s->store);
}

void
services_free(struct services *s)
{
	size_t	i;

	services_reset(s);
	for (i = 0; i < s->nwebs; i++)
		site_free(&s->webs[i]);
	for (i = 0; i < s->nmails; i++)
		site_free(&s->mails[i]);
	for (i = 0; i < s->nboxes; i++)
		site_free(&s->boxes[i]);
	free(s->webs);
	free(s->mails);
	free(s->boxes);
	mail_store_free(&s->store);
	faults_free(s->http_faults, s->nhttp_faults);
	faults_free(s->smtp_faults, s->nsmtp_faults);
	for (i = 0; i < 2; i++)
		faults_free(s->box_faults[i], s->nbox_faults[i]);
}

struct service_bind *
service_bind(struct services *all, const struct addr *a, uint16_t port,
    struct site *site)
{
	struct service_bind	*b = NULL;
	size_t			 i;

	for (i = 0; i < all->nbinds && b == NULL; i++)
		if (all->binds[i]->at.port == port &&
		    addr_equal(&all->binds[i]->at.addr, a))
			b = all->binds[i];
	if (b == NULL) {
		b = xcalloc(1, sizeof *b);
		b->all = all;
		b->at.addr = *a;
		b->at.port = port;
		all->binds = xreallocarray(all->binds, all->nbinds + 1,
		    sizeof *all->binds);
		all->binds[all->nbinds++] = b;
	}
	b->sites = xreallocarray(b->sites, b->nsites + 1, sizeof *b->sites);
	b->sites[b->nsites++] = site;
	return (b);
}

static bool
meant(const struct talk_fault *f, struct link *l, const char *verb)
{
	const struct sockname	*to = link_to(l);
	unsigned		 n = link_number(l);
	size_t			 i;
	struct world		*w = mem_conn_world(link_conn(l));
	bool			 who = f->who == NULL;

	for (i = 0; i < f->nwho && !who; i++)
		who = addr_equal(&f->who[i], &to->addr);
	if (!who || (f->port != 0 && f->port != to->port) ||
	    (f->first != 0 && (n < f->first || n > f->last)) ||
	    !memory_within(&f->span, w->ops->now(w)))
		return (false);
	return (f->verb == NULL || (verb != NULL &&
	    text_casecmp(f->verb, verb) == 0));
}

const struct talk_fault *
service_fault(const struct talk_fault *f, size_t n, struct link *l,
    const char *verb)
{
	size_t	i;

	for (i = 0; i < n; i++)
		if (meant(&f[i], l, verb))
			return (&f[i]);
	return (NULL);
}

SSL_CTX *
service_context(void *ctx, struct link *l, const char *sni)
{
	struct service_bind	*b = ctx;
	struct site		*s = b->sites[0];
	struct cert_want	 want = { .clock = b->all->clock };
	size_t			 i;
	bool			 found = false;

	(void)l;
	for (i = 0; i < b->nsites && sni != NULL && !found; i++)
		if (text_casecmp(b->sites[i]->name, sni) == 0) {
			s = b->sites[i];
			found = true;
		}
	if (!found && s->sni_only)
		return (NULL);
	want.kind = s->cert;
	want.name = s->cert_name != NULL ? s->cert_name : s->name;
	want.days = s->cert_days;
	return (cert_peer_context(&want));
}

static size_t
pull_repeat(void *arg, uint64_t offset, char *out, size_t size)
{
	const char	*line = arg;
	size_t		 n = strlen(line), i;

	for (i = 0; i < size; i++)
		out[i] = line[(offset + i) % n];
	return (size);
}

static size_t
pull_long_line(void *arg, uint64_t offset, char *out, size_t size)
{
	const uint64_t	end = 10 * 1024 * 1024;

	(void)arg;
	if (offset >= end)
		return (0);
	memset(out, 'A', size);
	if (offset == 0)
		memcpy(out, "220 ", 4);
	return (size);
}

static size_t
pull_drip(void *arg, uint64_t offset, char *out, size_t size)
{
	const char	*text = arg;

	(void)size;
	if (offset >= strlen(text))
		*out = 'x';
	else
		*out = text[offset];
	return (1);
}

static void
repeat(struct link *l, const char *line)
{
	link_stream(l, pull_repeat, (void *)(uintptr_t)line, 0, false);
}

bool
service_misbehave(const struct talk_fault *f, struct link *l)
{
	static const char	 hostile[] =
	    "\033[2J\033]0;owned\007\033[31m\xc2\x9b" "5n"
	    "\xe2\x80\xae\xff\xfe\x7f";

	switch (f->action) {
	case TALK_STALL:
		return (true);
	case TALK_CLOSE:
		link_close(l, 0);
		return (true);
	case TALK_RESET:
		link_reset(l, 0);
		return (true);
	case TALK_GARBLED:
		link_puts(l, "\x16\x03 no such protocol\r\n", 0);
		return (true);
	case TALK_DRIP:
		link_stream(l, pull_drip, (void *)(uintptr_t)(f->text != NULL ?
		    f->text : ""), NSEC_PER_SEC, false);
		return (true);
	case TALK_LONG_LINE:
		link_stream(l, pull_long_line, NULL, 0, true);
		return (true);
	case TALK_ESCAPE:
		link_puts(l, "220 ", 0);
		link_puts(l, hostile, 0);
		link_puts(l, "\r\n", 0);
		return (true);
	case TALK_NUL:
		link_send(l, "220 a\0b\0\r\n", 10, 0);
		return (true);
	case TALK_ENDLESS_LINES:
		repeat(l, "250-MORE AND MORE\r\n");
		return (true);
	default:
		return (false);
	}
}
