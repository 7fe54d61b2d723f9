/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frame of practice POP3 and IMAP servers: lines, TLS, faults.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "practice/box_peer.h"

static const struct box_server *
server_of(const struct box_session *s)
{
	return (s->site->kind == SITE_POP ? &pop_server : &imap_server);
}

static const struct talk_fault *
fault_of(const struct box_session *s, const char *verb)
{
	const struct services	*all = s->bind->all;
	int			 kind = s->site->kind == SITE_IMAP;

	return (service_fault(all->box_faults[kind], all->nbox_faults[kind],
	    s->link, verb));
}

static void *
on_accept(void *ctx, struct link *l)
{
	struct box_session	*s = xcalloc(1, sizeof *s);

	s->bind = ctx;
	s->site = s->bind->sites[0];
	s->link = l;
	s->tls = link_is_tls(l);
	buf_init(&s->in, 65536);
	server_of(s)->greet(s);
	return (s);
}

static void
on_closed(void *session)
{
	struct box_session	*s = session;

	buf_free(&s->in);
	mail_login_free(&s->login);
	free(s->name);
	free(s);
}

void
box_close(struct box_session *s)
{
	link_close(s->link, 0);
	s->over = true;
}

void
box_say(struct box_session *s, const char *verb, const char *reply)
{
	const struct talk_fault	*f = fault_of(s, verb);
	int64_t			 delay;
	struct buf		 b;

	delay = strcmp(verb, "banner") == 0 ? s->site->delay : 0;
	if (f != NULL && f->action == TALK_WAIT)
		delay += f->number * NSEC_PER_MSEC;
	if (s->over || (f != NULL && service_misbehave(f, s->link)))
		return;
	if (f != NULL && f->action == TALK_REPLY)
		reply = f->text;
	buf_init(&b, 0);
	if (f != NULL && f->action == TALK_REPLY && s->tag[0] != '\0' &&
	    strncmp(reply, "* ", 2) != 0 && strcmp(verb, "banner") != 0)
		buf_printf(&b, "%s ", s->tag);
	buf_printf(&b, "%s%s", reply, f != NULL && f->action == TALK_BARE_LF ?
	    "\n" : "\r\n");
	link_send(s->link, b.data, b.len, delay);
	buf_free(&b);
	if (strncmp(reply, "* BYE", 5) == 0 && strcmp(verb, "logout") != 0)
		box_close(s);
}

void
box_say_free(struct box_session *s, const char *verb, char *reply)
{
	box_say(s, verb, reply);
	free(reply);
}

void
box_starttls(struct box_session *s, const char *verb, const char *ready,
    const char *refused)
{
	const struct talk_fault	*f = fault_of(s, verb);

	if (s->site->no_starttls || s->tls) {
		box_say(s, verb, refused);
		return;
	}
	box_say(s, verb, ready);
	if (f != NULL && f->action == TALK_INJECT)
		link_puts(s->link, "* injected\r\n", 0);
	else if (f != NULL && f->action != TALK_WAIT &&
	    f->action != TALK_BARE_LF)
		return;
	s->tls = true;
	s->in.len = 0;
	link_starttls(s->link);
}

char *
box_echo(const struct box_session *s, const char *typed)
{
	char	*out, *plain = NULL;
	size_t	 n = 0, i;

	if (!s->site->echo)
		return (xstrdup(""));
	plain = (char *)text_unbase64(typed, &n);
	for (i = 0; plain != NULL && i < n; i++)
		if (plain[i] == '\0')
			plain[i] = ' ';
	out = plain == NULL ? xasprintf(" (%s)", typed) :
	    xasprintf(" (%s = %.*s)", typed, (int)n, plain);
	free(plain);
	return (out);
}

bool
box_may_login(const struct box_session *s)
{
	return (s->tls || s->site->auth_early || s->site->no_starttls);
}

int64_t
box_now(const struct box_session *s)
{
	struct world	*w = mem_conn_world(link_conn(s->link));

	return (w->ops->now(w));
}

static void
on_data(void *session, struct link *l, const void *data, size_t len)
{
	struct box_session	*s = session;
	char			*end, *text;
	size_t			 n;

	(void)l;
	buf_add(&s->in, data, len);
	while (!s->over && s->in.len > 0 &&
	    (end = memchr(s->in.data, '\n', s->in.len)) != NULL) {
		n = (size_t)(end - (char *)s->in.data);
		text = xstrndup((char *)s->in.data, n > 0 &&
		    end[-1] == '\r' ? n - 1 : n);
		buf_drop(&s->in, n + 1);
		server_of(s)->line(s, text);
		free(text);
	}
}

static void
serve(struct services *all, struct site *s, const struct addr *a)
{
	struct service_bind	*b = service_bind(all, a, s->port, s);

	b->link.ctx = b;
	b->link.accept = on_accept;
	b->link.data = on_data;
	b->link.closed = on_closed;
	b->link.context = service_context;
	b->link.tls = s->implicit;
}

void
box_peer_listen(struct services *all, struct world *w)
{
	size_t	i, k, first = all->nbinds;

	for (i = 0; i < all->nboxes; i++)
		for (k = 0; k < all->boxes[i].naddrs; k++)
			serve(all, &all->boxes[i], &all->boxes[i].addrs[k]);
	for (i = first; i < all->nbinds; i++)
		link_peer_listen(w, &all->binds[i]->at, &all->binds[i]->link);
}
